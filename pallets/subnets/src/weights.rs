//! What each call weighs.

use frame_support::weights::Weight;

/// The weight of each call.
pub trait WeightInfo {
	/// [`crate::Pallet::register_subnet`].
	fn register_subnet() -> Weight;
	/// [`crate::Pallet::start_call`].
	fn start_call() -> Weight;
	/// [`crate::Pallet::register_neuron`].
	fn register_neuron() -> Weight;
	/// [`crate::Pallet::set_take`].
	fn set_take() -> Weight;
}

/// Nothing weighs anything. For mocks only.
impl WeightInfo for () {
	fn register_subnet() -> Weight {
		Weight::from_parts(0, 0)
	}
	fn start_call() -> Weight {
		Weight::from_parts(0, 0)
	}
	fn register_neuron() -> Weight {
		Weight::from_parts(0, 0)
	}
	fn set_take() -> Weight {
		Weight::from_parts(0, 0)
	}
}
