//! What each call and hook weighs.

mod measured;

pub use measured::SubstrateWeight;

use frame_support::weights::Weight;

/// The weight of each call and hook.
pub trait WeightInfo {
	/// [`crate::Pallet::register_subnet`] where a subnet is free.
	fn register_subnet() -> Weight;
	/// Choosing one of `n` subnets and dissolving it, which comes before
	/// [`crate::Pallet::register_subnet`] where none is free.
	fn prune(n: u32) -> Weight;
	/// [`crate::Pallet::start_call`].
	fn start_call() -> Weight;
	/// [`crate::Pallet::register_neuron`] where all of `n` seats are held.
	fn register_neuron(n: u32) -> Weight;
	/// [`crate::Pallet::set_take`].
	fn set_take() -> Weight;
	/// [`crate::Pallet::dissolve_subnet`].
	fn dissolve_subnet() -> Weight;
	/// [`crate::Pallet::cancel_dissolve`].
	fn cancel_dissolve() -> Weight;
	/// [`crate::Pallet::rebind_hotkey`].
	fn rebind_hotkey() -> Weight;
	/// [`crate::Pallet::set_subnet_params`].
	fn set_subnet_params() -> Weight;
	/// [`crate::Pallet::set_subnet_identity`].
	fn set_subnet_identity() -> Weight;
	/// [`crate::Pallet::swap_hotkey`].
	fn swap_hotkey() -> Weight;
	/// [`crate::Pallet::announce_coldkey_swap`].
	fn announce_coldkey_swap() -> Weight;
	/// [`crate::Pallet::cancel_coldkey_swap`].
	fn cancel_coldkey_swap() -> Weight;
	/// [`crate::Pallet::swap_coldkey`] of `h` hotkeys, `p` positions and `s` subnets.
	fn swap_coldkey(h: u32, p: u32, s: u32) -> Weight;
	/// Cleaning up `n` seats of a dissolved subnet on idle.
	fn clean_up(n: u32) -> Weight;
}

/// Everything weighs one unit, and one more for each item. For mocks only.
impl WeightInfo for () {
	fn register_subnet() -> Weight {
		units(1)
	}
	fn prune(n: u32) -> Weight {
		units(1).saturating_add(units(n))
	}
	fn start_call() -> Weight {
		units(1)
	}
	fn register_neuron(n: u32) -> Weight {
		units(1).saturating_add(units(n))
	}
	fn set_take() -> Weight {
		units(1)
	}
	fn dissolve_subnet() -> Weight {
		units(1)
	}
	fn cancel_dissolve() -> Weight {
		units(1)
	}
	fn rebind_hotkey() -> Weight {
		units(1)
	}
	fn set_subnet_params() -> Weight {
		units(1)
	}
	fn set_subnet_identity() -> Weight {
		units(1)
	}
	fn swap_hotkey() -> Weight {
		units(1)
	}
	fn announce_coldkey_swap() -> Weight {
		units(1)
	}
	fn cancel_coldkey_swap() -> Weight {
		units(1)
	}
	fn swap_coldkey(h: u32, p: u32, s: u32) -> Weight {
		units(1).saturating_add(units(h)).saturating_add(units(p)).saturating_add(units(s))
	}
	fn clean_up(n: u32) -> Weight {
		units(1).saturating_add(units(n))
	}
}

fn units(n: u32) -> Weight {
	Weight::from_parts(n.into(), n.into())
}
