//! What each call and an epoch weigh.

mod measured;

pub use measured::SubstrateWeight;

use frame_support::weights::Weight;

/// The weight of each call and of an epoch.
pub trait WeightInfo {
	/// [`crate::Pallet::set_weights`] with `n` weights.
	fn set_weights(n: u32) -> Weight;
	/// [`crate::Pallet::commit_weights`].
	fn commit_weights() -> Weight;
	/// [`crate::Pallet::reveal_weights`] with `n` weights.
	fn reveal_weights(n: u32) -> Weight;
	/// Deciding an epoch of `n` seats without weights or bonds.
	fn decide_seats(n: u32) -> Weight;
	/// Deciding an epoch of as many seats as there may be with `e` weights, and as many bonds before
	/// and after it.
	fn decide_entries(e: u32) -> Weight;
}

/// Everything weighs one unit, and one more for each item. For mocks only.
impl WeightInfo for () {
	fn set_weights(n: u32) -> Weight {
		units(1).saturating_add(units(n))
	}
	fn commit_weights() -> Weight {
		units(1)
	}
	fn reveal_weights(n: u32) -> Weight {
		units(1).saturating_add(units(n))
	}
	fn decide_seats(n: u32) -> Weight {
		units(1).saturating_add(units(n))
	}
	fn decide_entries(e: u32) -> Weight {
		units(1).saturating_add(units(e))
	}
}

fn units(n: u32) -> Weight {
	Weight::from_parts(n.into(), n.into())
}
