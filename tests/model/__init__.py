"""A reference model of Dynamic TAO, written from the documents and not from the chain's code."""
