//! The milliseconds between blocks: a parameter of genesis, not of the build.
//!
//! One runtime serves a test chain with a block a second and the main chain with one in twelve.
//! The value is written once, by genesis, and no call changes it: Aura derives its slots from it,
//! and a chain that changed its slots would have to skip or repeat some.

#![deny(missing_docs)]

pub use pallet::*;

/// The pallet that holds the block time.
#[frame_support::pallet]
pub mod pallet {
	use dtao_primitives::constants::DEFAULT_BLOCK_TIME_MILLIS;
	use frame_support::{pallet_prelude::*, traits::ConstU64};

	/// The shortest block time: below it, half a second of a block's work would not fit.
	pub const MIN_MILLIS: u64 = 1_000;

	/// The longest block time.
	pub const MAX_MILLIS: u64 = 60_000;

	/// Holds the block time.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// Nothing to configure.
	#[pallet::config]
	pub trait Config: frame_system::Config {}

	/// Milliseconds between blocks.
	///
	/// Written by genesis, never removed, and [`MIN_MILLIS`] to [`MAX_MILLIS`]. The default is
	/// what code sees that runs on empty storage: Aura's integrity test, and the metadata.
	#[pallet::storage]
	pub type Millis<T: Config> = StorageValue<_, u64, ValueQuery, DefaultMillis>;

	/// [`DEFAULT_BLOCK_TIME_MILLIS`].
	pub type DefaultMillis = ConstU64<DEFAULT_BLOCK_TIME_MILLIS>;

	/// The block time of a new chain.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Milliseconds between blocks, [`MIN_MILLIS`] to [`MAX_MILLIS`], even.
		pub millis: u64,
		/// Which runtime.
		#[serde(skip)]
		pub runtime: PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self { millis: DEFAULT_BLOCK_TIME_MILLIS, runtime: PhantomData }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			assert!(
				(MIN_MILLIS..=MAX_MILLIS).contains(&self.millis) && self.millis.is_multiple_of(2),
				"the block time is even and from {MIN_MILLIS} to {MAX_MILLIS} ms",
			);
			Millis::<T>::put(self.millis);
		}
	}
}

use core::marker::PhantomData;
use frame_support::traits::Get;

/// The length of a slot: one block time.
pub struct SlotDuration<T>(PhantomData<T>);

impl<T: Config> Get<u64> for SlotDuration<T> {
	fn get() -> u64 {
		Millis::<T>::get()
	}
}

/// The least time between two blocks: half a slot.
///
/// Aura already spaces blocks by whole slots; half of one leaves room for an author whose clock is
/// late.
pub struct MinimumPeriod<T>(PhantomData<T>);

impl<T: Config> Get<u64> for MinimumPeriod<T> {
	fn get() -> u64 {
		Millis::<T>::get() / 2
	}
}
