//! The weights of this chain's pallets, measured.
