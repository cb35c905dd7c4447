//! The market's storage, from version 0 to version 1: what comes out is what a chain of version 1
//! has, to the atom, however many rows a block migrates.

use super::{next_block, support::*};
use crate::{AccountId, Dtao, Runtime, Subnets, System};
use dtao_primitives::{traits::SubnetRegistry, Alpha, NetUid};
use frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	pallet_prelude::StorageVersion,
	weights::{Weight, WeightMeter},
};
use pallet_dtao::{
	migrations::v1::v0,
	types::{HotkeyPool, RootPool, StakePool},
	HotkeyPools, MarketPages, Markets, OpenPositions, PoolPages, Positions, Redemptions,
	Redirecting, RootPages, RootPools,
};
use pallet_subnets::GenesisSubnet;
use sp_io::TestExternalities;

type ToV1 = pallet_dtao::migrations::v1::ToV1<Runtime>;

const GONE: NetUid = NetUid(1);
const STAYS: NetUid = NetUid(2);

fn owner() -> AccountId {
	coldkey(1)
}

/// Two subnets in the middle of an epoch, with stake of three coldkeys there and on root, and
/// destinations.
fn scene() -> TestExternalities {
	let subnet = |cut| GenesisSubnet {
		owner: owner(),
		hotkey: cut,
		lock: tao(1_000),
		tempo: Some(60),
		started: true,
		neurons: vec![hotkey(2), hotkey(3)],
	};
	let subnets = vec![subnet(hotkey(1)), subnet(hotkey(4))];
	let mut chain = Chain { subnets, ..Default::default() }
		.owned(hotkey(2), coldkey(2))
		.owned(hotkey(3), coldkey(3))
		.owned(hotkey(1), owner())
		.owned(hotkey(4), owner());
	for n in 1..=3 {
		chain = chain.funded(coldkey(n), tao(10_000));
		for netuid in [GONE, STAYS, NetUid::ROOT] {
			chain = chain.staked(coldkey(n), hotkey(2), netuid, tao(20));
		}
	}
	let mut state = chain.build();
	state.execute_with(|| {
		for (netuid, to) in [(GONE, 2), (STAYS, 3)] {
			let call =
				pallet_dtao::Call::set_reward_destination { netuid, hotkey: Some(hotkey(to)) };
			send(&coldkey(3), call).expect("it is owned");
		}
		blocks(210);
	});
	state
}

/// Dissolve [`GONE`] as version 1 does.
fn dissolve_as_version_1() {
	dissolve(GONE).expect("it is root");
}

/// Put what pools owe their hotkeys' owners into positions, where version 0 had it at once.
fn pay_owed() {
	let put = |netuid, id, stake: &mut StakePool| {
		let owed = stake.take_owed();
		if owed > 0 {
			let owner = Subnets::hotkey(id).expect("it is owned").owner;
			Positions::<Runtime>::mutate(owner, (netuid, id), |held| *held += owed);
		}
		owed > 0
	};
	let mut paid = 0;
	for ((netuid, id), mut pool) in HotkeyPools::<Runtime>::iter().collect::<Vec<_>>() {
		paid += u32::from(put(netuid, id, &mut pool.stake));
		HotkeyPools::<Runtime>::insert((netuid, id), pool);
	}
	for (id, mut pool) in RootPools::<Runtime>::iter().collect::<Vec<_>>() {
		paid += u32::from(put(NetUid::ROOT, id, &mut pool.stake));
		RootPools::<Runtime>::insert(id, pool);
	}
	assert!(paid > 0, "epochs have closed");
}

/// Store pools as version 0 did: each under a key of its own.
fn store_pools_as_version_0() {
	let old = |stake: StakePool| {
		let StakePool { amount, shares, stake_blocks, since, .. } = stake;
		v0::StakePool { amount, shares, stake_blocks, since }
	};
	for (place, pool) in HotkeyPools::<Runtime>::iter() {
		let HotkeyPool { stake, epoch, weight, credited, take } = pool;
		let pool = v0::HotkeyPool { stake: old(stake), epoch, weight, credited, take };
		v0::HotkeyPools::<Runtime>::insert(place, pool);
	}
	for (hotkey, RootPool { stake, drip }) in RootPools::<Runtime>::iter() {
		v0::RootPools::<Runtime>::insert(hotkey, v0::RootPool { stake: old(stake), drip });
	}
	PoolPages::<Runtime>::drain().for_each(drop);
	RootPages::<Runtime>::drain().for_each(drop);
}

/// Dissolve [`GONE`] as version 0 did: the owner's bucket waits. And store all as that did.
fn dissolve_as_version_0() {
	let mut owed = Alpha::ZERO;
	Markets::<Runtime>::mutate_extant(GONE, |market| {
		owed = core::mem::take(&mut market.buckets.owner);
	});
	assert!(owed > Alpha::ZERO);
	dissolve_as_version_1();
	pay_owed();
	store_pools_as_version_0();
	let row = Redemptions::<Runtime>::get(GONE).expect("it is dissolved");
	let mut market = row.market;
	market.buckets.owner = owed;
	let old = v0::Redemption {
		market,
		fund: row.fund,
		outstanding: row.outstanding,
		root: row.root,
		fund_left: row.fund_left,
		paid: row.paid,
		recycled: row.recycled,
		owner: Some((owner(), id_of(&hotkey(1)))),
		tempo: row.tempo,
		settled: row.settled,
		skipped: row.skipped,
	};
	v0::Redemptions::<Runtime>::insert(GONE, old);
	for (netuid, market) in Markets::<Runtime>::iter() {
		v0::Markets::<Runtime>::insert(netuid, market);
	}
	MarketPages::<Runtime>::drain().for_each(drop);
	OpenPositions::<Runtime>::drain().for_each(drop);
	Redirecting::<Runtime>::drain().for_each(drop);
	StorageVersion::new(0).put::<Dtao>();
}

/// What a step asks for at least: room for one row.
fn one_row() -> Weight {
	match ToV1::step(None, &mut WeightMeter::with_limit(Weight::zero())) {
		Err(SteppedMigrationError::InsufficientWeight { required }) => required,
		other => panic!("nothing can be done for nothing: {other:?}"),
	}
}

/// Migrate with `room` for each step. Returns how many steps it took.
fn migrate(room: Weight) -> u32 {
	let (mut cursor, mut steps) = (None, 0);
	loop {
		let mut meter = WeightMeter::with_limit(room);
		cursor = ToV1::transactional_step(cursor, &mut meter).expect("each step succeeds");
		steps += 1;
		if cursor.is_none() {
			return steps;
		}
	}
}

#[test]
fn a_market_that_migrated_is_one_that_began_with_version_1() {
	let as_it_should_be = scene().execute_with(|| {
		dissolve_as_version_1();
		pay_owed();
		System::reset_events();
		check_invariants();
		root()
	});
	let migrated = |room: fn() -> Weight| {
		scene().execute_with(|| {
			dissolve_as_version_0();
			let noted = ToV1::pre_upgrade().expect("it can run");
			let steps = migrate(room());
			ToV1::post_upgrade(noted).expect("nothing is lost");
			System::reset_events();
			check_invariants();
			(root(), steps)
		})
	};
	let (by_row, steps) = migrated(one_row);
	assert_eq!(by_row, as_it_should_be);
	assert!(steps > 12, "one row a step: {steps}");
	assert_eq!(migrated(crate::configs::MigrationWeight::get), (as_it_should_be, 1));
}

/// Everybody is paid after it, and nothing is left of the subnet that was dissolved before.
#[test]
fn a_subnet_dissolved_before_the_upgrade_is_paid_out_after_it() {
	scene().execute_with(|| {
		dissolve_as_version_0();
		migrate(one_row());
		let before = free(&owner());
		for _ in 0..20 {
			next_block();
			idle(Weight::MAX);
			check_invariants();
		}
		assert!(free(&owner()) > before);
		assert!(!Redemptions::<Runtime>::contains_key(GONE));
		let left: Vec<_> = pallet_dtao::RewardDestinations::<Runtime>::iter().collect();
		assert_eq!(left, [(coldkey(3), STAYS, id_of(&hotkey(3)))]);
	});
}

/// A chain that begins with version 1 has nothing to migrate.
#[test]
fn a_market_of_version_1_is_left_alone() {
	scene().execute_with(|| {
		let before = root();
		assert_eq!(migrate(one_row()), 1);
		assert_eq!(root(), before);
	});
}
