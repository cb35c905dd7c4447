//! What a runtime must not be composed to.

use crate::{Config, Pallet};
use dtao_primitives::constants::{MAX_EPOCHS_PER_BLOCK, MAX_SEATS, MIN_TEMPO};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Check the constants and the first parameters that a runtime chose.
	///
	/// # Panics
	///
	/// If they do not fit. Not runtime execution: a test of the runtime calls it.
	pub(crate) fn check_config() {
		let epochs = MAX_EPOCHS_PER_BLOCK.saturating_mul(MIN_TEMPO);
		assert!(T::MaxSubnets::get() > 0, "one subnet can be registered");
		assert!(T::MaxSubnets::get() <= epochs, "every subnet's epoch fits the shortest");
		assert!(T::MaxSeats::get() > 0, "one neuron can be registered");
		assert!(T::MaxSeats::get() <= MAX_SEATS, "a subnet may have all the seats there are");
		assert_eq!(T::Params::get().validate(), Ok(()), "the first parameters are in bounds");
	}
}
