//! What each call and each step of a block costs, at its worst.

use crate::{
	epoch::Close,
	types::{
		pool_page_of, Buckets, Drip, Exit, HotkeyPool, Market, Place, Pool, RootPool, Score, Share,
		StakePool, PAGE, POOL_PAGE,
	},
	*,
};
use alloc::vec::Vec;
use dtao_primitives::{
	constants::UNIT,
	traits::{MarketHelper, OnSubnet, RegistryHelper, SubnetRegistry},
	Alpha, Amount, Fill, HotkeyId, NetUid, Tao, Uid,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::{FixedU128, PerU16};

/// A subnet that no genesis has.
const NETUID: NetUid = NetUid(1_000);
const NOW: u32 = 1_000;

/// An account with 10 000 TAO.
fn funded<T: Config>(name: &'static str, n: u32) -> T::AccountId {
	let who = account(name, n, 0);
	T::Currency::set_balance(&who, 10_000 * UNIT);
	who
}

/// A hotkey that takes 18 % for an owner who is nobody else.
fn hotkey<T: Config>(n: u32) -> (T::AccountId, HotkeyId) {
	let hotkey: T::AccountId = account("hotkey", n, 0);
	let id = T::Helper::own_hotkey(&account("owner", n, 0), &hotkey);
	(hotkey, id)
}

/// The hotkey on which the owner of [`hotkey`] `n` wants incentives staked.
fn destination<T: Config>(n: u32) -> (T::AccountId, HotkeyId) {
	let hotkey: T::AccountId = account("destination", n, 0);
	let id = T::Helper::own_hotkey(&account("owner", n, 0), &hotkey);
	(hotkey, id)
}

/// A started subnet with 1 000 TAO in its pool.
fn subnet<T: Config>(netuid: NetUid, owner_hotkey: HotkeyId) {
	let owner = funded::<T>("subnet", u32::from(netuid.0));
	T::Helper::create_subnet(netuid, &owner, owner_hotkey);
	Pallet::<T>::on_created(netuid, &owner, Tao(1_000 * UNIT)).unwrap();
	Pallet::<T>::on_started(netuid).unwrap();
}

/// Fill the page of a hotkey's pool on a subnet with those of others.
fn crowd<T: Config>(netuid: NetUid, id: HotkeyId) {
	let first = pool_page_of(id) * POOL_PAGE;
	for other in first..first + POOL_PAGE {
		HotkeyPools::<T>::mutate((netuid, HotkeyId(other)), |_| ());
	}
}

/// The same on root.
fn crowd_root<T: Config>(id: HotkeyId) {
	let first = pool_page_of(id) * POOL_PAGE;
	for other in first..first + POOL_PAGE {
		RootPools::<T>::mutate(HotkeyId(other), |_| ());
	}
}

/// Stake on `hotkey` that has a reward to settle: half of a full validators' bucket.
fn stake_with_reward<T: Config>(netuid: NetUid, hotkey: &T::AccountId, id: HotkeyId) {
	let staker = funded::<T>("staker", id.0);
	Pallet::<T>::do_add_stake(&staker, netuid, hotkey, Tao(10 * UNIT), 0).unwrap();
	Markets::<T>::mutate_extant(netuid, |market| {
		market.buckets.validators = Alpha(100 * UNIT);
		market.outstanding = Alpha(market.outstanding.0 + 100 * UNIT);
	});
	let epoch = Markets::<T>::get(netuid).unwrap().epoch.index;
	crowd::<T>(netuid, id);
	HotkeyPools::<T>::mutate((netuid, id), |pool| {
		pool.epoch = epoch;
		pool.weight = u32::MAX / 2;
		pool.take = PerU16::one();
	});
}

/// Stake on root with dividends on their way.
fn stake_with_drip<T: Config>(hotkey: &T::AccountId, id: HotkeyId) {
	let staker = funded::<T>("staker", id.0);
	Pallet::<T>::do_add_stake(&staker, NetUid::ROOT, hotkey, Tao(10 * UNIT), 0).unwrap();
	drip::<T>(id);
}

/// 10 TAO that drip from block 0 on, backed by the pot.
fn drip<T: Config>(id: HotkeyId) {
	let left = Tao(10 * UNIT);
	crowd_root::<T>(id);
	RootPools::<T>::mutate(id, |pool| {
		pool.drip = Drip { left, last: 0, until: 2 * NOW };
	});
	Root::<T>::mutate(|root| root.dripping = Tao(root.dripping.0 + left.0));
	T::Currency::mint_into(&Pallet::<T>::pot(), left.0).unwrap();
}

/// A started subnet, a hotkey with a reward to settle there, and 10 TAO that `caller` has staked on
/// it. `n` tells it from others.
fn position<T: Config>(caller: &T::AccountId, n: u16) -> (NetUid, T::AccountId, HotkeyId) {
	let netuid = NetUid(NETUID.0 + n);
	let (hotkey, id) = hotkey::<T>(n.into());
	subnet::<T>(netuid, id);
	Pallet::<T>::do_add_stake(caller, netuid, &hotkey, Tao(10 * UNIT), 0).unwrap();
	stake_with_reward::<T>(netuid, &hotkey, id);
	(netuid, hotkey, id)
}

/// Check that the reward of [`position`] was settled, and that the take opened a position.
fn assert_settled<T: Config>(netuid: NetUid, n: u32, id: HotkeyId) {
	assert!(HotkeyPools::<T>::get((netuid, id)).credited > 0);
	assert!(Positions::<T>::get(account::<T::AccountId>("owner", n, 0), (netuid, id)) > 0);
}

/// The block that every benchmark is at, with a pot that exists.
fn start<T: Config>() {
	frame_system::Pallet::<T>::set_block_number(NOW.into());
	if T::Currency::total_balance(&Pallet::<T>::pot()) == 0 {
		Pallet::<T>::endow_pot().unwrap();
	}
}

/// A subnet's record at its worst: the chain buys, root sells, and no epoch is due.
fn busy_market<T: Config>(netuid: NetUid) {
	let pool = Pool { tao: Tao(1_000 * UNIT), alpha: Alpha(1_000_000 * UNIT) };
	let buckets = Buckets { root: Alpha(1_000 * UNIT), ..Default::default() };
	let mut market = Market {
		pool,
		buckets,
		outstanding: buckets.root,
		root_stake: Tao(1_000 * UNIT),
		started_at: Some(1),
		..Default::default()
	};
	market.epoch.closes_at = u32::MAX;
	Markets::<T>::insert(netuid, &market);
	Emitting::<T>::mutate(|subnets| subnets.try_push(netuid)).unwrap();
	T::Currency::mint_into(&Pallet::<T>::pot(), pool.tao.0).unwrap();
}

/// The netuids of a subnet on each of `pages` pages and of `further` ones on them, evenly, in order.
fn spread(further: u32, pages: u32) -> Vec<NetUid> {
	let on = |page: u32| 1 + further / pages + u32::from(page < further % pages);
	// Root has the first number of the first page.
	let netuids = |page| (1..=on(page)).map(move |n| NetUid(page as u16 * PAGE + n as u16));
	(0..pages).flat_map(netuids).collect()
}

/// A seat at its worst: rewards of every kind to pay, to an owner who has no position yet, and who
/// has named another hotkey for the incentive.
fn busy_seat<T: Config>(n: u32, seats: u32) -> Score {
	let (_, id) = hotkey::<T>(n);
	let (_, destination) = destination::<T>(n);
	let owner: T::AccountId = account("owner", n, 0);
	Pallet::<T>::name_destination(&owner, NETUID, destination);
	crowd::<T>(NETUID, destination);
	T::Helper::take_seat(NETUID, id);
	Pallet::<T>::on_seated(NETUID, Uid(n as u16), id).unwrap();
	busy_score::<T>(NETUID, id, seats)
}

/// What a seat of `hotkey`, one of so many, has earned of every bucket, on top of stake here and on
/// root.
fn busy_score<T: Config>(netuid: NetUid, hotkey: HotkeyId, seats: u32) -> Score {
	let stake =
		StakePool { amount: 10 * UNIT, shares: u128::from(UNIT) << 64, ..Default::default() };
	let part = u32::MAX / seats;
	let epoch = Markets::<T>::get(netuid).unwrap().epoch.index;
	let pool = HotkeyPool { stake, epoch, weight: part, credited: 0, take: PerU16::one() };
	crowd::<T>(netuid, hotkey);
	HotkeyPools::<T>::insert((netuid, hotkey), pool);
	RootPools::<T>::insert(hotkey, RootPool { stake, ..Default::default() });
	drip::<T>(hotkey);
	Root::<T>::mutate(|root| root.staked = Tao(root.staked.0 + stake.amount));
	Score { hotkey, incentive: part, dividend: part, root: part, ..Default::default() }
}

/// The worst that the registry's benchmarks can meet.
impl<T: Config> MarketHelper<T::AccountId> for Pallet<T> {
	/// Positions on root, each on a hotkey of its own.
	fn open_positions(coldkey: &T::AccountId, count: u32) {
		if T::Currency::total_balance(&Self::pot()) == 0 {
			Self::endow_pot().unwrap();
		}
		for n in 0..count {
			let (hotkey, _) = hotkey::<T>(1_000_000 + n);
			T::Currency::mint_into(coldkey, UNIT).unwrap();
			Self::do_add_stake(coldkey, NetUid::ROOT, &hotkey, Tao(UNIT), 0).unwrap();
		}
	}

	/// Every seat is owed something by every bucket, and its owner has named another hotkey for the
	/// incentive. So is the hotkey of the owner's cut, before which that is settled.
	fn fill_seats(netuid: NetUid) {
		let mut scores = Scores::<T>::get(netuid);
		let seats = scores.len() as u32 + 1;
		for score in &mut scores {
			let owner = Self::hotkey_of(score.hotkey).unwrap().owner;
			let (_, destination) = destination::<T>(score.hotkey.0);
			Self::name_destination(&owner, netuid, destination);
			crowd::<T>(netuid, destination);
			*score = busy_score::<T>(netuid, score.hotkey, seats);
		}
		Scores::<T>::insert(netuid, scores);
		let owner = T::Registry::owner(netuid).unwrap();
		busy_score::<T>(netuid, owner.hotkey, seats);
		full_buckets::<T>(netuid);
	}
}

/// Something to pay out of every bucket of `netuid`.
fn full_buckets<T: Config>(netuid: NetUid) {
	let bucket = Alpha(100 * UNIT);
	Markets::<T>::mutate_extant(netuid, |market| {
		market.buckets =
			Buckets { validators: bucket, miners: bucket, owner: bucket, ..Default::default() };
		market.outstanding = Alpha(3 * bucket.0);
		market.root_tao = Tao(bucket.0);
		market.root_stake = Tao(UNIT);
		market.epoch.validators_scored = true;
		market.epoch.miners_scored = true;
	});
	T::Currency::mint_into(&Pallet::<T>::pot(), bucket.0).unwrap();
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn add_stake() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		subnet::<T>(NETUID, id);
		stake_with_reward::<T>(NETUID, &hotkey, id);
		let caller = funded::<T>("caller", 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), NETUID, hotkey, Tao(10 * UNIT), 1);

		assert!(Positions::<T>::get(caller, (NETUID, id)) > 0);
		// The reward was settled, and the take opened a position.
		assert!(Positions::<T>::get(account::<T::AccountId>("owner", 0, 0), (NETUID, id)) > 0);
	}

	#[benchmark]
	fn add_stake_root() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		stake_with_drip::<T>(&hotkey, id);
		let caller = funded::<T>("caller", 0);

		#[extrinsic_call]
		add_stake(RawOrigin::Signed(caller.clone()), NetUid::ROOT, hotkey, Tao(10 * UNIT), 1);

		assert!(Positions::<T>::get(caller, (NetUid::ROOT, id)) > 0);
		assert_eq!(RootPools::<T>::get(id).drip.last, NOW);
	}

	#[benchmark]
	fn remove_stake() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		subnet::<T>(NETUID, id);
		let caller = funded::<T>("caller", 0);
		Pallet::<T>::do_add_stake(&caller, NETUID, &hotkey, Tao(10 * UNIT), 0).unwrap();
		stake_with_reward::<T>(NETUID, &hotkey, id);
		// All but a few atoms: what is left is too little, and the sale is priced twice.
		let worth = Pallet::<T>::positions(&caller).first().unwrap().alpha;
		let amount = Amount::Exact(worth - 1_000);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), NETUID, hotkey, amount, Tao(1));

		assert_eq!(Positions::<T>::get(caller, (NETUID, id)), 0);
		assert!(Positions::<T>::get(account::<T::AccountId>("owner", 0, 0), (NETUID, id)) > 0);
	}

	#[benchmark]
	fn remove_stake_root() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		let caller = funded::<T>("caller", 0);
		Pallet::<T>::do_add_stake(&caller, NetUid::ROOT, &hotkey, Tao(10 * UNIT), 0).unwrap();
		stake_with_drip::<T>(&hotkey, id);

		#[extrinsic_call]
		remove_stake(RawOrigin::Signed(caller.clone()), NetUid::ROOT, hotkey, Amount::All, Tao(1));

		assert_eq!(Positions::<T>::get(caller, (NetUid::ROOT, id)), 0);
		assert_eq!(RootPools::<T>::get(id).drip.last, NOW);
	}

	/// The limit is within reach of the closed form, and not met by all that is asked.
	#[benchmark]
	fn add_stake_limit() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		subnet::<T>(NETUID, id);
		stake_with_reward::<T>(NETUID, &hotkey, id);
		let caller = funded::<T>("caller", 0);
		let limit = FixedU128::from_rational(11, 10);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller.clone()),
			NETUID,
			hotkey,
			Tao(9_000 * UNIT),
			limit,
			Fill::Partial,
		);

		assert!(Positions::<T>::get(caller, (NETUID, id)) > 0);
		assert_settled::<T>(NETUID, 0, id);
	}

	#[benchmark]
	fn remove_stake_limit() {
		start::<T>();
		let caller = funded::<T>("caller", 0);
		let (netuid, hotkey, id) = position::<T>(&caller, 0);
		// Just below the price that the stake of 10 and 10 TAO has left, so that a part is sold.
		let limit = FixedU128::from_rational(103, 100);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), netuid, hotkey, Amount::All, limit, Fill::Partial);

		assert!(Positions::<T>::get(caller, (netuid, id)) > 0, "a part was sold");
		assert_settled::<T>(netuid, 0, id);
	}

	#[benchmark]
	fn move_stake() {
		start::<T>();
		let caller = funded::<T>("caller", 0);
		let (netuid, hotkey_from, id) = position::<T>(&caller, 0);
		let (to_hotkey, to_id) = hotkey::<T>(1);
		let to_netuid = NetUid(NETUID.0 + 1);
		subnet::<T>(to_netuid, to_id);
		stake_with_reward::<T>(to_netuid, &to_hotkey, to_id);
		let from = Place { netuid, hotkey: hotkey_from };
		let to = Place { netuid: to_netuid, hotkey: to_hotkey };

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), from, to, Amount::All, 1);

		assert_eq!(Positions::<T>::get(&caller, (netuid, id)), 0);
		assert!(Positions::<T>::get(&caller, (to_netuid, to_id)) > 0);
		assert_settled::<T>(netuid, 0, id);
		assert_settled::<T>(to_netuid, 1, to_id);
	}

	#[benchmark]
	fn transfer_stake() {
		start::<T>();
		let caller = funded::<T>("caller", 0);
		let (netuid, hotkey, id) = position::<T>(&caller, 0);
		let heir: T::AccountId = account("heir", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), heir.clone(), netuid, hotkey, Amount::All);

		assert_eq!(Positions::<T>::get(caller, (netuid, id)), 0);
		assert!(Positions::<T>::get(heir, (netuid, id)) > 0);
		assert_settled::<T>(netuid, 0, id);
	}

	#[benchmark]
	fn remove_all_stake(n: Linear<1, MAX_EXITS>) {
		start::<T>();
		let caller = funded::<T>("caller", 0);
		let places: Vec<_> = (0..n as u16).map(|n| position::<T>(&caller, n)).collect();
		let exits: Vec<_> = places
			.iter()
			.map(|(netuid, hotkey, _)| Exit {
				netuid: *netuid,
				hotkey: hotkey.clone(),
				min_received: Tao(1),
			})
			.collect();

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), BoundedVec::truncate_from(exits));

		for (n, (netuid, _, id)) in places.into_iter().enumerate() {
			assert_eq!(Positions::<T>::get(&caller, (netuid, id)), 0);
			assert_settled::<T>(netuid, n as u32, id);
		}
	}

	#[benchmark]
	fn recycle_alpha() {
		start::<T>();
		let caller = funded::<T>("caller", 0);
		let (netuid, hotkey, id) = position::<T>(&caller, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), netuid, hotkey, Amount::All);

		assert_eq!(Positions::<T>::get(caller, (netuid, id)), 0);
		assert_settled::<T>(netuid, 0, id);
	}

	#[benchmark]
	fn burn_alpha() {
		start::<T>();
		let caller = funded::<T>("caller", 0);
		let (netuid, hotkey, id) = position::<T>(&caller, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), netuid, hotkey, Amount::All);

		assert_eq!(Positions::<T>::get(caller, (netuid, id)), 0);
		assert_settled::<T>(netuid, 0, id);
		assert!(Markets::<T>::get(netuid).unwrap().burnt > Alpha::ZERO);
	}

	#[benchmark]
	fn set_reward_destination() {
		let (hotkey, id) = hotkey::<T>(0);
		subnet::<T>(NETUID, id);
		let caller = funded::<T>("caller", 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), NETUID, Some(hotkey));

		assert_eq!(RewardDestinations::<T>::get(caller, NETUID), Some(id));
	}

	/// The block step over a subnet on each of `p` pages and `n` further ones on them, all of which
	/// buy for the chain and sell for root. As many subnets as there may be lie on a few pages, or on
	/// as many: each figure is measured beside the most of the other that leaves room for both.
	#[benchmark]
	fn block_step(
		n: Linear<0, { T::MaxSubnets::get() / 64 * 30 }>,
		p: Linear<{ T::MaxSubnets::get() / 64 }, { T::MaxSubnets::get() / 2 }>,
	) {
		start::<T>();
		Emitting::<T>::kill();
		let netuids = spread(n, p);
		netuids.iter().copied().for_each(busy_market::<T>);
		let issuance = T::Currency::total_issuance();

		#[block]
		{
			Pallet::<T>::do_block_step(NOW);
		}

		assert!(T::Currency::total_issuance() > issuance);
		assert_eq!(
			(netuids.len() as u32, MarketPages::<T>::iter_keys().count() as u32),
			(n + p, p)
		);
		for netuid in netuids {
			let market = Markets::<T>::get(netuid).unwrap();
			assert!(!market.root_tao.is_zero(), "root sold");
			assert!(market.pool.alpha < Alpha(1_000_000 * UNIT + 1_000 * UNIT), "the chain bought");
			assert!(market.price_ema > 0);
		}
	}

	/// The close of an epoch of `s` seats, each of which is owed something by every bucket.
	#[benchmark]
	fn close_epoch(s: Linear<0, { T::MaxSeats::get() }>) {
		start::<T>();
		let (_, owner_hotkey) = hotkey::<T>(u32::MAX);
		subnet::<T>(NETUID, owner_hotkey);
		let scores: Vec<Score> = (0..s).map(|n| busy_seat::<T>(n, s)).collect();
		Scores::<T>::insert(NETUID, BoundedVec::truncate_from(scores.clone()));
		full_buckets::<T>(NETUID);
		let params = T::Params::get();
		let share = Share { tao: Tao(UNIT), numerator: 1, denominator: 1 };
		let close = Close { netuid: NETUID, share: &share, params: &params, now: NOW, tempo: 360 };
		let mut meter = WeightMeter::new();

		#[block]
		{
			Pallet::<T>::close_epoch(&close, &mut meter).unwrap();
		}

		let epoch = Markets::<T>::get(NETUID).unwrap().epoch.index;
		for (n, score) in scores.into_iter().enumerate() {
			let owner: T::AccountId = account("owner", n as u32, 0);
			let pool = HotkeyPools::<T>::get((NETUID, score.hotkey));
			// Who has no part of the epoch that opens keeps what the last one left.
			let opened = if Scores::<T>::get(NETUID)[n].dividend > 0 { epoch } else { epoch - 1 };
			assert_eq!(pool.epoch, opened);
			let destination = RewardDestinations::<T>::get(&owner, NETUID).unwrap();
			assert!(Positions::<T>::get(&owner, (NETUID, score.hotkey)) > 0, "take");
			assert!(Positions::<T>::get(&owner, (NETUID, destination)) > 0, "incentive");
			assert!(Positions::<T>::get(&owner, (NetUid::ROOT, score.hotkey)) > 0, "root's take");
		}
	}

	/// A seat that is owed something by every bucket changes hands, on a subnet of `s` seats.
	#[benchmark]
	fn replace_seat(s: Linear<1, { T::MaxSeats::get() }>) {
		start::<T>();
		let (_, owner_hotkey) = hotkey::<T>(u32::MAX);
		subnet::<T>(NETUID, owner_hotkey);
		let scores: Vec<Score> = (0..s).map(|n| busy_seat::<T>(n, s)).collect();
		let leaving = scores[0];
		Scores::<T>::insert(NETUID, BoundedVec::truncate_from(scores));
		full_buckets::<T>(NETUID);
		let (_, newcomer) = hotkey::<T>(u32::MAX - 1);

		#[block]
		{
			Pallet::<T>::on_replaced(NETUID, Uid(0), newcomer).unwrap();
		}

		let owner: T::AccountId = account("owner", 0, 0);
		let destination = RewardDestinations::<T>::get(&owner, NETUID).unwrap();
		assert!(Positions::<T>::get(&owner, (NETUID, leaving.hotkey)) > 0, "take");
		assert!(Positions::<T>::get(&owner, (NETUID, destination)) > 0, "incentive");
		assert!(Positions::<T>::get(&owner, (NetUid::ROOT, leaving.hotkey)) > 0, "root's take");
		assert_eq!(Scores::<T>::get(NETUID)[0].hotkey, newcomer);
	}

	/// A position whose hotkey has a reward to settle, and whose payment is too little for its
	/// account: it is staked on root, where something drips.
	#[benchmark]
	fn redeem() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		subnet::<T>(NETUID, id);
		stake_with_reward::<T>(NETUID, &hotkey, id);
		drip::<T>(id);
		let caller: T::AccountId = account("caller", 0, 0);
		let coldkey: T::AccountId = account("coldkey", 0, 0);
		let shares = u128::from(UNIT) << 64;
		HotkeyPools::<T>::mutate((NETUID, id), |pool| {
			pool.stake.amount += UNIT;
			pool.stake.shares += shares;
		});
		Markets::<T>::mutate_extant(NETUID, |market| market.outstanding.0 += UNIT);
		Pallet::<T>::credit_shares(&coldkey, NETUID, id, shares).unwrap();
		Pallet::<T>::on_dissolved(NETUID).unwrap();
		let ed = Pallet::<T>::existential_deposit().0;
		Redemptions::<T>::mutate_extant(NETUID, |redemption| {
			redemption.settled = true;
			// An ALPHA is paid a hundredth of the existential deposit.
			redemption.fund_left = Tao(redemption.outstanding.0 / UNIT * ed / 100);
		});

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), NETUID, coldkey.clone(), hotkey);

		assert_eq!(Positions::<T>::get(&coldkey, (NETUID, id)), 0);
		assert!(Positions::<T>::get(&coldkey, (NetUid::ROOT, id)) > 0, "paid as root stake");
		assert!(Positions::<T>::get(account::<T::AccountId>("owner", 0, 0), (NETUID, id)) > 0);
		assert_eq!(RootPools::<T>::get(id).drip.last, NOW);
	}

	/// The last of all seats that a subnet may have, owed something by every bucket.
	#[benchmark]
	fn redeem_seat() {
		start::<T>();
		let (_, owner_hotkey) = hotkey::<T>(u32::MAX);
		subnet::<T>(NETUID, owner_hotkey);
		let seats = T::MaxSeats::get();
		let scores: Vec<Score> = (0..seats).map(|n| busy_seat::<T>(n, seats)).collect();
		let last = *scores.last().unwrap();
		Scores::<T>::insert(NETUID, BoundedVec::truncate_from(scores));
		full_buckets::<T>(NETUID);
		Markets::<T>::mutate_extant(NETUID, |market| {
			market.buckets.root = Alpha(UNIT);
			market.outstanding.0 += UNIT;
		});
		Pallet::<T>::on_dissolved(NETUID).unwrap();

		#[block]
		{
			Pallet::<T>::redeem_seat(NETUID).unwrap();
		}

		let owner: T::AccountId = account("owner", seats - 1, 0);
		let destination = RewardDestinations::<T>::get(&owner, NETUID).unwrap();
		assert_eq!(Scores::<T>::get(NETUID).len() as u32, seats - 1);
		assert!(Positions::<T>::get(&owner, (NETUID, last.hotkey)) > 0, "take");
		assert!(Positions::<T>::get(&owner, (NETUID, destination)) > 0, "incentive");
		assert!(Positions::<T>::get(&owner, (NetUid::ROOT, last.hotkey)) > 0, "root's take");
	}

	/// Something is left to recycle in every bucket.
	#[benchmark]
	fn close_buckets() {
		start::<T>();
		let (_, owner_hotkey) = hotkey::<T>(0);
		subnet::<T>(NETUID, owner_hotkey);
		full_buckets::<T>(NETUID);
		Pallet::<T>::on_dissolved(NETUID).unwrap();
		let issuance = T::Currency::total_issuance();

		#[block]
		{
			Pallet::<T>::close_buckets(NETUID).unwrap();
		}

		assert!(Redemptions::<T>::get(NETUID).unwrap().settled);
		assert!(T::Currency::total_issuance() < issuance);
	}

	/// The last pool of a dissolved subnet, with dust in it; and with it what is left of the subnet.
	#[benchmark]
	fn drop_pool() {
		start::<T>();
		let (_, id) = hotkey::<T>(0);
		subnet::<T>(NETUID, id);
		HotkeyPools::<T>::mutate((NETUID, id), |pool| pool.stake.amount = UNIT);
		Markets::<T>::mutate_extant(NETUID, |market| market.outstanding = Alpha(UNIT));
		Pallet::<T>::on_dissolved(NETUID).unwrap();
		Pallet::<T>::close_buckets(NETUID).unwrap();
		Redemptions::<T>::mutate_extant(NETUID, |redemption| redemption.fund_left.0 += 1);
		T::Currency::mint_into(&Pallet::<T>::pot(), 1).unwrap();
		let issuance = T::Currency::total_issuance();

		#[block]
		{
			Pallet::<T>::drop_pool(NETUID, id).unwrap();
			Pallet::<T>::close_redemption(NETUID).unwrap();
		}

		assert!(!Redemptions::<T>::contains_key(NETUID));
		assert!(!HotkeyPools::<T>::contains_key((NETUID, id)));
		assert!(T::Currency::total_issuance() < issuance);
	}

	/// As many dissolved subnets as one block works on, each with holders and nothing else to pay.
	#[benchmark]
	fn find_redemptions() {
		start::<T>();
		let (hotkey, id) = hotkey::<T>(0);
		let most = cleanup::MAX_AT_ONCE as u16;
		for n in 0..most {
			let netuid = NetUid(NETUID.0 + n);
			subnet::<T>(netuid, id);
			let staker = funded::<T>("staker", n.into());
			Pallet::<T>::do_add_stake(&staker, netuid, &hotkey, Tao(10 * UNIT), 0).unwrap();
			Pallet::<T>::on_dissolved(netuid).unwrap();
			Pallet::<T>::close_buckets(netuid).unwrap();
		}
		let limit = T::WeightInfo::find_redemptions();

		#[block]
		{
			Pallet::<T>::do_idle(limit);
		}

		assert_eq!(Redemptions::<T>::iter_keys().count(), usize::from(most));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::TestExt::new().build(), crate::mock::Test);
}
