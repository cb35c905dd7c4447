//! The market and the registry over balances, and nothing else: what the two pallets do by
//! themselves is what the model says, whatever a runtime adds to them.

mod mock;

/// Hazard N30: the documents, the model that was written from them, and the pallets say the same.
#[test]
fn the_pallets_agree_with_the_model_to_the_atom() {
	dtao_replay::agrees::<mock::Pallets>();
}
