//! What each call and hook weighs.

mod measured;

pub use measured::SubstrateWeight;

use frame_support::weights::Weight;

/// The weight of each call and hook.
pub trait WeightInfo {
	/// [`crate::Pallet::add_validator`], beside as many others as there may be.
	fn add_validator() -> Weight;
	/// [`crate::Pallet::remove_validator`] of one of `n` of whom only the last is ready.
	fn remove_validator(n: u32) -> Weight;
	/// A block in which no session ends.
	fn session_goes_on() -> Weight;
	/// The end of a session of `n` validators, all of whom are replaced in the next and in the one
	/// that is planned; the oldest session is forgotten.
	fn session_ends(n: u32) -> Weight;
}

/// For tests: one unit each.
impl WeightInfo for () {
	fn add_validator() -> Weight {
		units(1)
	}
	fn remove_validator(n: u32) -> Weight {
		units(n)
	}
	fn session_goes_on() -> Weight {
		units(1)
	}
	fn session_ends(n: u32) -> Weight {
		units(n)
	}
}

fn units(n: u32) -> Weight {
	Weight::from_parts(n.into(), n.into())
}
