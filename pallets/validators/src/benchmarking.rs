//! What each call and hook weighs at its worst.

use crate::{Call, Config, Event, Pallet, SessionBlocks, Validators};
use alloc::vec::Vec;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use pallet_session::{
	historical::{HistoricalSessions, StoredRange},
	CurrentIndex, NextKeys, QueuedChanged, QueuedKeys, SessionInterface,
};
use sp_runtime::traits::{BlakeTwo256, Hash, TrailingZeroInput};

/// Validator number `n` of a set.
fn validator<T: Config>(set: u32, n: u32) -> T::AccountId {
	account("validator", n, set)
}

/// Let `who` have keys that nobody else has.
fn set_keys<T: Config>(who: &T::AccountId) -> Result<(), BenchmarkError> {
	// Enough for each of them to differ: no two validators may share one.
	let seed: Vec<_> =
		(0..8_u32).flat_map(|part| BlakeTwo256::hash_of(&(who, part)).as_ref().to_vec()).collect();
	let keys = T::Keys::decode(&mut TrailingZeroInput::new(&seed))
		.map_err(|_| BenchmarkError::Stop("any bytes are keys"))?;
	<pallet_session::Pallet<T> as SessionInterface>::set_keys(who, keys)?;
	Ok(())
}

/// The list becomes `count` accounts with keys.
fn list<T: Config>(set: u32, count: u32) -> Result<Vec<T::AccountId>, BenchmarkError> {
	let validators: Vec<_> = (0..count).map(|n| validator::<T>(set, n)).collect();
	validators.iter().try_for_each(set_keys::<T>)?;
	Validators::<T>::put(
		frame_support::BoundedVec::try_from(validators.clone())
			.map_err(|_| BenchmarkError::Stop("no more than there may be"))?,
	);
	Ok(validators)
}

/// Each with its keys.
fn with_keys<T: Config>(all: &[T::AccountId]) -> Vec<(T::AccountId, T::Keys)> {
	let keys = |who: &T::AccountId| NextKeys::<T>::get(who).map(|keys| (who.clone(), keys));
	all.iter().filter_map(keys).collect()
}

/// As many sessions of `n` validators are past as are remembered.
fn remember_sessions<T: Config>(n: u32) {
	let next = T::HistoryDepth::get() + 1;
	CurrentIndex::<T>::put(T::HistoryDepth::get());
	StoredRange::<T>::put((0, next));
	for session in 0..next {
		HistoricalSessions::<T>::insert(session, (T::Hash::default(), n));
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn add_validator() -> Result<(), BenchmarkError> {
		list::<T>(0, T::MaxValidators::get() - 1)?;
		let who = validator::<T>(1, 0);
		set_keys::<T>(&who)?;

		#[extrinsic_call]
		_(RawOrigin::Root, who.clone());

		frame_system::Pallet::<T>::assert_last_event(
			<<T as frame_system::Config>::RuntimeEvent as From<_>>::from(
				Event::<T>::ValidatorAdded { who },
			),
		);
		Ok(())
	}

	#[benchmark]
	fn remove_validator(n: Linear<2, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
		let validators = list::<T>(0, n)?;
		// The first goes. Of the others only the last is ready, and it is asked last.
		for who in &validators[1..validators.len() - 1] {
			<pallet_session::Pallet<T> as SessionInterface>::purge_keys(who)?;
		}
		let who = validators[0].clone();

		#[extrinsic_call]
		_(RawOrigin::Root, who.clone());

		frame_system::Pallet::<T>::assert_last_event(
			<<T as frame_system::Config>::RuntimeEvent as From<_>>::from(
				Event::<T>::ValidatorRemoved { who },
			),
		);
		Ok(())
	}

	#[benchmark]
	fn session_goes_on() {
		let index = CurrentIndex::<T>::get();

		#[block]
		{
			Pallet::<T>::end_session_if_due((SessionBlocks::<T>::get() + 1).into());
		}

		assert_eq!(CurrentIndex::<T>::get(), index);
	}

	#[benchmark]
	fn session_ends(n: Linear<1, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
		// The session that ends, the one that begins and the one that is planned have nobody in
		// common, and as many as may be are remembered.
		pallet_session::Validators::<T>::put(list::<T>(0, n)?);
		let beginning = list::<T>(1, n)?;
		QueuedKeys::<T>::put(with_keys::<T>(&beginning));
		QueuedChanged::<T>::put(true);
		let planned = list::<T>(2, n)?;
		remember_sessions::<T>(n);

		#[block]
		{
			Pallet::<T>::end_session_if_due(SessionBlocks::<T>::get().into());
		}

		assert_eq!(CurrentIndex::<T>::get(), T::HistoryDepth::get() + 1);
		assert_eq!(pallet_session::Validators::<T>::get(), beginning);
		assert_eq!(QueuedKeys::<T>::get(), with_keys::<T>(&planned));
		assert!(HistoricalSessions::<T>::get(0).is_none(), "the oldest is forgotten");
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_chain(&[1]), crate::mock::Test);
}
