//! What a runtime must not be composed to.

use crate::{Config, Pallet};
use dtao_primitives::{constants::MIN_TEMPO, MarketParams};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Check the constants that a runtime chose.
	///
	/// # Panics
	///
	/// If they do not fit each other. Not runtime execution: a test of the runtime calls it.
	pub(crate) fn check_config() {
		assert!(
			T::MaxSubnets::get() <= T::MaxEpochsPerBlock::get().saturating_mul(MIN_TEMPO),
			"more epochs could fall due than close: raise MaxEpochsPerBlock",
		);
		assert_eq!(MarketParams::default().validate(), Ok(()));
	}
}
