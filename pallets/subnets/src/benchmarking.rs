//! What each call and hook weighs at its worst: beside as many other subnets as there may be, all
//! of them known to the market.

use crate::{
	Call, Cleaning, ColdkeySwap, ColdkeySwaps, Config, Event, FormerHotkeys, HotkeyIds, Hotkeys,
	Identities, LastLock, Lock, NeuronCost, NeuronCosts, NextNetUid, OwnedHotkeys, Pallet, Seats,
	Subnets, TakeRaise, Uids, MAX_CLEANED_SEATS, MAX_SWAP_ITEMS,
};
use dtao_primitives::{
	constants::MIN_TEMPO,
	traits::{ConsensusHelper, MarketHelper, RegistryHelper},
	HotkeyId, Hyperparams, NetUid, SubnetIdentity, SubnetsParams, Tao, Uid,
};
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

/// Another coldkey.
fn other<T: Config>() -> T::AccountId {
	account("other", 0, 0)
}

/// Dissolve what genesis has registered.
fn dissolve_all<T: Config>() -> Result<(), BenchmarkError> {
	for netuid in Pallet::<T>::netuids() {
		Pallet::<T>::do_dissolve_at_once(netuid)?;
	}
	Ok(())
}

/// Register subnets of `owner` until there are `count`.
fn fill_subnets_of<T: Config>(owner: &T::AccountId, count: u32) -> Result<(), BenchmarkError> {
	enrich::<T>(owner, count);
	let params = T::Params::get();
	while Subnets::<T>::count() < count {
		let (owner, hotkey) = (owner.clone(), account("owner's hotkey", 0, 0));
		Pallet::<T>::create_subnet(owner, hotkey, params.min_lock, params.tempo, &params)?;
	}
	Ok(())
}

/// Register subnets until one more fits.
fn fill_subnets<T: Config>() -> Result<(), BenchmarkError> {
	fill_subnets_of::<T>(&account("owner", 0, 0), T::MaxSubnets::get() - 1)
}

/// Register the last subnet by call.
fn last_subnet<T: Config>(owner: T::AccountId) -> Result<NetUid, BenchmarkError> {
	fill_subnets::<T>()?;
	LastLock::<T>::kill();
	let netuid = NextNetUid::<T>::get();
	Pallet::<T>::do_register_subnet(owner, hotkey::<T>(0), Tao(u64::MAX))?;
	Ok(netuid)
}

/// Start `netuid`, so that there is more of it to dissolve.
fn start<T: Config>(netuid: NetUid) -> Result<(), BenchmarkError> {
	let subnet = Subnets::<T>::get(netuid).ok_or("the subnet exists")?;
	Pallet::<T>::start(netuid, subnet)?;
	Ok(())
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

/// Have everything of `netuid` that a dissolution removes.
fn furnish<T: Config>(netuid: NetUid, owner: &T::AccountId) -> Result<(), BenchmarkError> {
	start::<T>(netuid)?;
	fill_seats::<T>(netuid, owner, T::MaxSeats::get())?;
	T::MarketHelper::fill_seats(netuid);
	T::ConsensusHelper::fill_seats(netuid);
	let cost = T::Params::get().neuron_cost;
	NeuronCosts::<T>::insert(netuid, NeuronCost { cost, at: Pallet::<T>::now() });
	Identities::<T>::insert(netuid, longest_identity());
	Ok(())
}

/// All that a subnet can say of itself.
fn longest_identity() -> SubnetIdentity {
	let text = |length: usize| alloc::vec![b'x'; length];
	SubnetIdentity {
		name: text(64).try_into().expect("it fits"),
		symbol: text(16).try_into().expect("it fits"),
		description: text(512).try_into().expect("it fits"),
		url: text(128).try_into().expect("it fits"),
		contact: text(128).try_into().expect("it fits"),
	}
}

/// A hotkey of `owner`'s whose raised take is in effect, and not yet stored as its take.
fn raised_hotkey<T: Config>(owner: &T::AccountId) -> (HotkeyId, T::AccountId) {
	let hotkey = hotkey::<T>(0);
	let id = Pallet::<T>::own_hotkey(owner, &hotkey);
	let now = Pallet::<T>::now();
	Hotkeys::<T>::mutate(id, |record| {
		let record = record.as_mut().expect("it is owned");
		record.take = PerU16::zero();
		record.raise = Some(TakeRaise { take: PerU16::from_percent(1), from: now });
		record.raised_at = Some(now);
	});
	wait::<T>(T::Params::get().take_delay);
	(id, hotkey)
}

/// Let a swap of `from` for [`other`] be due.
fn announce_swap<T: Config>(from: &T::AccountId) {
	let swap = ColdkeySwap { to: other::<T>(), at: Pallet::<T>::now() };
	ColdkeySwaps::<T>::insert(from, swap);
}

fn wait<T: Config>(blocks: u32) {
	T::BlockNumberProvider::set_block_number(Pallet::<T>::now().saturating_add(blocks));
}

fn assert_last_event<T: Config>(event: Event<T>) {
	let event: <T as frame_system::Config>::RuntimeEvent = event.into();
	frame_system::Pallet::<T>::assert_last_event(event);
}

fn assert_has_event<T: Config>(event: Event<T>) {
	let event: <T as frame_system::Config>::RuntimeEvent = event.into();
	frame_system::Pallet::<T>::assert_has_event(event);
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
		_(RawOrigin::Signed(caller.clone()), hotkey.clone(), lock);

		assert_eq!(Subnets::<T>::count(), T::MaxSubnets::get());
		assert_last_event(Event::<T>::SubnetRegistered { netuid, owner: caller, hotkey, lock });
		Ok(())
	}

	/// One of `n` subnets, the last that is looked at included, all of them started and past their
	/// immunity; the one that goes has all that can be removed.
	#[benchmark]
	fn prune(n: Linear<1, { T::MaxSubnets::get() }>) -> Result<(), BenchmarkError> {
		dissolve_all::<T>()?;
		let owner = account("owner", 0, 0);
		let netuid = NextNetUid::<T>::get();
		fill_subnets_of::<T>(&owner, n)?;
		furnish::<T>(netuid, &owner)?;
		for other in Pallet::<T>::netuids().into_iter().filter(|other| *other != netuid) {
			start::<T>(other)?;
		}
		let params = SubnetsParams { subnet_immunity: 0, ..T::Params::get() };
		let now = Pallet::<T>::now();

		#[block]
		{
			Pallet::<T>::prune(&params, now)?;
		}

		assert_eq!(Subnets::<T>::count(), n - 1);
		assert_last_event(Event::<T>::SubnetDissolved { netuid, pruned: true });
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

	/// A subnet of which all `n` seats are held, none of them immune, for a hotkey that has to be
	/// bound, at a cost that has begun to fall: one is replaced, which is dearer than a free seat.
	#[benchmark]
	fn register_neuron(n: Linear<1, { T::MaxSeats::get() }>) -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		start::<T>(netuid)?;
		fill_seats::<T>(netuid, &caller, n)?;
		T::MarketHelper::fill_seats(netuid);
		T::ConsensusHelper::fill_seats(netuid);
		Subnets::<T>::mutate(netuid, |subnet| {
			let hyperparams = &mut subnet.as_mut().expect("it exists").hyperparams;
			hyperparams.max_seats = n as u16;
			hyperparams.neuron_immunity = 0;
		});
		let params = T::Params::get();
		let last = NeuronCost { cost: params.neuron_cost, at: Pallet::<T>::now() };
		NeuronCosts::<T>::insert(netuid, last);
		wait::<T>(params.neuron_half_life / 2);
		let cost = Pallet::<T>::neuron_cost(netuid).ok_or("the parameters are in bounds")?;
		let hotkey = hotkey::<T>(n + 1);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), netuid, hotkey.clone(), cost);

		let id = HotkeyIds::<T>::get(&hotkey).ok_or("the hotkey is bound")?;
		let uid: Uid = Uids::<T>::get(netuid, id).ok_or("the hotkey is seated")?;
		assert_eq!(Pallet::<T>::seats_held(netuid), n);
		let old = self::hotkey::<T>(u32::from(uid.0) + 1);
		assert_has_event(Event::<T>::NeuronReplaced { netuid, uid, old, new: hotkey.clone() });
		let coldkey = caller;
		assert_last_event(Event::<T>::NeuronRegistered { netuid, uid, hotkey, coldkey, cost });
		Ok(())
	}

	/// A raise, on one that is in effect.
	#[benchmark]
	fn set_take() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		let (id, hotkey) = raised_hotkey::<T>(&caller);
		let take = T::Params::get().max_take;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), hotkey.clone(), take);

		let record = Hotkeys::<T>::get(id).ok_or("it is owned")?;
		assert_eq!(record.take, PerU16::from_percent(1));
		let from = Pallet::<T>::now() + T::Params::get().take_delay;
		assert_eq!(record.raise, Some(TakeRaise { take, from }));
		assert_last_event(Event::<T>::TakeRaiseAnnounced { hotkey, take, from });
		Ok(())
	}

	/// By its owner, as announced: a started subnet that has all that can be removed.
	#[benchmark]
	fn dissolve_subnet() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		furnish::<T>(netuid, &caller)?;
		Pallet::<T>::do_dissolve_subnet(&caller, netuid)?;
		wait::<T>(T::Params::get().dissolve_delay);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), netuid);

		assert_eq!(Subnets::<T>::count(), T::MaxSubnets::get() - 1);
		assert!(Identities::<T>::get(netuid).is_none() && NeuronCosts::<T>::get(netuid).is_none());
		assert!(Cleaning::<T>::contains_key(netuid));
		assert_last_event(Event::<T>::SubnetDissolved { netuid, pruned: false });
		Ok(())
	}

	/// Every announcement weighs the same.
	#[benchmark]
	fn cancel_dissolve() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		Pallet::<T>::do_dissolve_subnet(&caller, netuid)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), netuid);

		assert_last_event(Event::<T>::SubnetDissolutionCancelled { netuid });
		Ok(())
	}

	/// A hotkey without stake: the market has looked for what drips, too.
	#[benchmark]
	fn rebind_hotkey() -> Result<(), BenchmarkError> {
		let (from, hotkey, to) = (other::<T>(), hotkey::<T>(0), whitelisted_caller());
		let id = Pallet::<T>::own_hotkey(&from, &hotkey);

		#[extrinsic_call]
		_(RawOrigin::Signed(hotkey.clone()), to);

		let to: T::AccountId = whitelisted_caller();
		assert!(OwnedHotkeys::<T>::contains_key(&to, id));
		assert_last_event(Event::<T>::HotkeyRebound { hotkey, from, to });
		Ok(())
	}

	/// By the owner of a started subnet with all seats held, outside of its freeze.
	#[benchmark]
	fn set_subnet_params() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		furnish::<T>(netuid, &caller)?;
		let max_seats = Pallet::<T>::most_seats();
		let params = Hyperparams { max_seats, ..Hyperparams::new(MIN_TEMPO, 1) };

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), netuid, params);

		assert!(Seats::<T>::get(netuid).is_full());
		assert_eq!(Pallet::<T>::subnet(netuid).map(|subnet| subnet.hyperparams), Some(params));
		assert_last_event(Event::<T>::SubnetParamsSet { netuid, params });
		Ok(())
	}

	/// All that can be said.
	#[benchmark]
	fn set_subnet_identity() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let netuid = last_subnet::<T>(caller.clone())?;
		let identity = longest_identity();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), netuid, identity.clone());

		assert_eq!(Identities::<T>::get(netuid), Some(identity));
		assert_last_event(Event::<T>::SubnetIdentitySet { netuid });
		Ok(())
	}

	/// For an account that a hotkey of the caller's had before.
	#[benchmark]
	fn swap_hotkey() -> Result<(), BenchmarkError> {
		let caller = rich_caller::<T>();
		let (id, from) = raised_hotkey::<T>(&caller);
		let to = hotkey::<T>(1);
		FormerHotkeys::<T>::insert(&to, id);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), from.clone(), to.clone());

		assert_eq!(HotkeyIds::<T>::get(&to), Some(id));
		assert_eq!(FormerHotkeys::<T>::get(&from), Some(id));
		let cost = T::Params::get().min_neuron_cost;
		assert_last_event(Event::<T>::HotkeySwapped { from, to, cost });
		Ok(())
	}

	/// Every announcement weighs the same.
	#[benchmark]
	fn announce_coldkey_swap() -> Result<(), BenchmarkError> {
		let (from, to): (T::AccountId, _) = (whitelisted_caller(), other::<T>());

		#[extrinsic_call]
		_(RawOrigin::Signed(from.clone()), to.clone());

		let at = Pallet::<T>::now().saturating_add(T::Params::get().coldkey_swap_delay);
		assert_last_event(Event::<T>::ColdkeySwapAnnounced { from, to, at });
		Ok(())
	}

	/// Every announcement weighs the same.
	#[benchmark]
	fn cancel_coldkey_swap() -> Result<(), BenchmarkError> {
		let (from, to): (T::AccountId, _) = (whitelisted_caller(), other::<T>());
		announce_swap::<T>(&from);

		#[extrinsic_call]
		_(RawOrigin::Signed(from.clone()));

		assert_last_event(Event::<T>::ColdkeySwapCancelled { from, to });
		Ok(())
	}

	/// A step that completes a swap: `h` hotkeys, `p` positions and `s` subnets, all of them the
	/// coldkey's. The limit is above both, so that each is measured beside the other's most.
	#[benchmark]
	fn swap_coldkey(
		h: Linear<1, MAX_SWAP_ITEMS>,
		p: Linear<0, MAX_SWAP_ITEMS>,
		s: Linear<0, { T::MaxSubnets::get() }>,
	) -> Result<(), BenchmarkError> {
		dissolve_all::<T>()?;
		let (from, to): (T::AccountId, _) = (account("from", 0, 0), other::<T>());
		// One of the hotkeys is that of all subnets.
		Pallet::<T>::own_hotkey(&from, &account("owner's hotkey", 0, 0));
		for n in 1..h {
			Pallet::<T>::own_hotkey(&from, &hotkey::<T>(n));
		}
		fill_subnets_of::<T>(&from, s)?;
		T::MarketHelper::open_positions(&from, p);
		announce_swap::<T>(&from);

		#[block]
		{
			// Positions of the market may come with hotkeys of its own, under another coldkey.
			Pallet::<T>::do_swap_coldkey(from.clone(), h + p + 1)?;
		}

		assert_eq!(OwnedHotkeys::<T>::iter_key_prefix(&to).count() as u32, h);
		assert!(Subnets::<T>::iter_values().all(|subnet| subnet.owner == to));
		assert_eq!(Subnets::<T>::count(), s);
		assert!(!ColdkeySwaps::<T>::contains_key(&from));
		Ok(())
	}

	/// `n` of all the seats of a dissolved subnet, of each of which the consensus keeps all it may.
	#[benchmark]
	fn clean_up(
		n: Linear<0, { MAX_CLEANED_SEATS.min(T::MaxSeats::get()) }>,
	) -> Result<(), BenchmarkError> {
		let owner = rich_caller::<T>();
		let netuid = last_subnet::<T>(owner.clone())?;
		fill_seats::<T>(netuid, &owner, T::MaxSeats::get())?;
		T::ConsensusHelper::fill_seats(netuid);
		Pallet::<T>::do_dissolve_at_once(netuid)?;

		#[block]
		{
			Pallet::<T>::clean_up(netuid, n);
		}

		assert_eq!(Pallet::<T>::seats_held(netuid), T::MaxSeats::get() - n);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
