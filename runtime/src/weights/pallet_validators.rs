//! The weights of `pallet_validators`, counted from above until `make weights` measures them: what
//! the end of a session does for a validator is less than what `session.set_keys` does.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use pallet_session::{weights::SubstrateWeight, WeightInfo as _};

/// The counted weights of `pallet_validators`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_validators::WeightInfo for WeightInfo<T> {
	fn add_validator() -> Weight {
		SubstrateWeight::<T>::set_keys()
	}

	fn remove_validator(n: u32) -> Weight {
		SubstrateWeight::<T>::set_keys().saturating_add(T::DbWeight::get().reads(n.into()))
	}

	fn session_goes_on() -> Weight {
		T::DbWeight::get().reads(1)
	}

	fn session_ends(n: u32) -> Weight {
		SubstrateWeight::<T>::set_keys().saturating_mul(u64::from(n).saturating_add(4))
	}
}
