//! What each call weighs at its worst: beside as many other subnets as there may be, all of them
//! known to the market.

use crate::{
	Call, Config, Event, Hotkeys, LastLock, Lock, NeuronCost, NeuronCosts, NextNetUid, Pallet,
	Seats, Subnets,
};
use dtao_primitives::{traits::RegistryHelper, NetUid, Tao, Uid};
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Balanced, Inspect},
	Get,
};
use frame_system::RawOrigin;
use sp_runtime::{traits::BlockNumberProvider, PerU16};

/// Give `who` TAO enough for `locks` subnets at the least lock, and a neuron.
fn enrich<T: Config>(who: &T::AccountId, locks: u32) {
	let params = T::Params::get();
	let locks = params.min_lock.0 * u64::from(locks);
	let amount = locks + params.neuron_cost.0 + T::Currency::minimum_balance();
	let credit = T::Currency::issue(amount);
	assert!(T::Currency::resolve(who, credit).is_ok(), "the account takes the TAO");
}

/// The account that signs. It can pay for anything once.
fn rich_caller<T: Config>() -> T::AccountId {
	let caller: T::AccountId = whitelisted_caller();
	enrich::<T>(&caller, 2);
	caller
}

/// A hotkey that nobody owns.
fn hotkey<T: Config>(n: u32) -> T::AccountId {
	account("hotkey", n, 0)
}

/// Register subnets until one more fits.
fn fill_subnets<T: Config>() -> Result<(), BenchmarkError> {
	let owner: T::AccountId = account("owner", 0, 0);
	enrich::<T>(&owner, T::MaxSubnets::get());
	let params = T::Params::get();
	while Subnets::<T>::count() < T::MaxSubnets::get() - 1 {
		let (owner, hotkey) = (owner.clone(), account("owner's hotkey", 0, 0));
		Pallet::<T>::create_subnet(owner, hotkey, params.min_lock, params.tempo, &params)?;
	}
	Ok(())
}

/// Register the last subnet by call.
fn last_subnet<T: Config>(owner: T::AccountId) -> Result<NetUid, BenchmarkError> {
	fill_subnets::<T>()?;
	LastLock::<T>::kill();
	Ok(Pallet::<T>::do_register_subnet(owner, hotkey::<T>(0))?)
}

/// Seat `count` hotkeys of `owner`.
fn fill_seats<T: Config>(
	netuid: NetUid,
	owner: &T::AccountId,
	count: u32,
) -> Result<(), BenchmarkError> {
	for n in 1..=count {
		let seated = Pallet::<T>::own_hotkey(owner, &hotkey::<T>(n));
		Pallet::<T>::seat(netuid, seated)?;
	}
	Ok(())
}

fn wait<T: Config>(blocks: u32) {
	T::BlockNumberProvider::set_block_number(Pallet::<T>::now() + blocks);
}

fn assert_last_event<T: Config>(event: Event<T>) {
	let event: <T as frame_system::Config>::RuntimeEvent = event.into();
	frame_system::Pallet::<T>::assert_last_event(event);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The last subnet there is room for, on a hotkey that has to be bound, at a cost that has
	/// begun to fall.
	#[benchmark]
	fn register_subnet() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		fill_subnets::<T>()?;
		let params = T::Params::get();
		LastLock::<T>::put(Lock { paid: params.min_lock, at: Pallet::<T>::now() });
		wait::<T>(params.registration_interval.max(1));
		let lock = Pallet::<T>::registration_cost().ok_or("the parameters are in bounds")?;
		let netuid = NextNetUid::<T>::get();
		let hotkey = hotkey::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), hotkey.clone());

		assert_eq!(Subnets::<T>::count(), T::MaxSubnets::get());
		assert_last_event(Event::<T>::SubnetRegistered { netuid, owner: caller, hotkey, lock });
		Ok(())
	}

	/// The last subnet, with every seat taken: the market counts the stake of each anew.
	#[benchmark]
	fn start_call() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		fill_seats::<T>(netuid, &caller, T::MaxSeats::get())?;
		wait::<T>(T::Params::get().start_delay);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), netuid);

		assert_eq!(Subnets::<T>::count(), T::MaxSubnets::get());
		assert!(Seats::<T>::get(netuid).is_full());
		let started_at = Pallet::<T>::subnet(netuid).and_then(|subnet| subnet.started_at);
		assert_eq!(started_at, Some(Pallet::<T>::now()));
		assert_last_event(Event::<T>::SubnetStarted { netuid });
		Ok(())
	}

	/// The last free seat, for a hotkey that has to be bound, at a cost that has begun to fall.
	#[benchmark]
	fn register_neuron() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		let taken = T::MaxSeats::get() - 1;
		fill_seats::<T>(netuid, &caller, taken)?;
		let params = T::Params::get();
		let last = NeuronCost { cost: params.neuron_cost, at: Pallet::<T>::now() };
		NeuronCosts::<T>::insert(netuid, last);
		wait::<T>(params.neuron_half_life / 2);
		let cost = Pallet::<T>::neuron_cost(netuid).ok_or("the parameters are in bounds")?;
		let hotkey = hotkey::<T>(taken + 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), netuid, hotkey.clone(), Tao(u64::MAX));

		let seats = Seats::<T>::get(netuid);
		assert!(seats.is_full());
		let uid = Uid(seats.len() as u16 - 1);
		let coldkey = caller;
		assert_last_event(Event::<T>::NeuronRegistered { netuid, uid, hotkey, coldkey, cost });
		Ok(())
	}

	/// Every take weighs the same.
	#[benchmark]
	fn set_take() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		let hotkey = hotkey::<T>(0);
		let id = Pallet::<T>::own_hotkey(&caller, &hotkey);
		let take = PerU16::from_percent(1);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), hotkey.clone(), take);

		assert_eq!(Hotkeys::<T>::get(id).map(|record| record.take), Some(take));
		assert_last_event(Event::<T>::TakeSet { hotkey, take });
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
