//! What is earned is whose it was when it was earned, or whose that has become: through
//! dissolutions, swaps of keys, and hotkeys that choose another owner.

use super::{next_block, support::*};
use crate::{AccountId, Balances, Dtao, Runtime, Subnets, System};
use dtao_primitives::{NetUid, SubnetsParams, Tao};
use frame_support::{
	assert_noop, assert_ok,
	traits::{fungible::Inspect, Hooks},
	weights::Weight,
};
use pallet_subnets::{Call, Error, GenesisSubnet};
use sp_io::TestExternalities;
use sp_runtime::DispatchResult;

const SUBNET: NetUid = NetUid(1);
/// Blocks from a hotkey's announcement that it chooses another owner.
const NOTICE: u32 = 20;

/// Owns the subnet and the hotkey of its cut.
fn owner() -> AccountId {
	coldkey(1)
}

/// Owns the validator and the miner.
fn worker() -> AccountId {
	coldkey(2)
}

fn heir() -> AccountId {
	coldkey(9)
}

/// A subnet in the middle of an epoch that has paid nobody yet.
fn scene() -> TestExternalities {
	let registry =
		SubnetsParams { coldkey_swap_delay: 1, take_delay: NOTICE, ..Default::default() };
	let subnet = GenesisSubnet {
		owner: owner(),
		hotkey: hotkey(3),
		lock: tao(1_000),
		tempo: Some(60),
		started: true,
		neurons: vec![hotkey(1), hotkey(2)],
	};
	let mut state = Chain { registry, subnets: vec![subnet], ..Default::default() }
		.funded(owner(), tao(10_000))
		.funded(worker(), tao(10_000))
		.owned(hotkey(1), worker())
		.owned(hotkey(2), worker())
		.owned(hotkey(3), owner())
		.staked(worker(), hotkey(1), SUBNET, tao(50))
		.build();
	state.execute_with(|| blocks(90));
	state
}

fn swap(from: &AccountId) {
	assert_ok!(send(from, Call::announce_coldkey_swap { new_coldkey: heir() }));
	next_block();
	assert_ok!(send(&worker(), Call::swap_coldkey { coldkey: from.clone() }));
}

/// Let idle blocks work until nothing is left of the dissolved subnet.
fn wind_up() {
	for _ in 0..100 {
		idle(Weight::from_parts(5_000_000_000, u64::MAX));
		check_invariants();
	}
	assert!(!pallet_dtao::Redemptions::<Runtime>::contains_key(SUBNET));
	assert!(!pallet_subnets::Cleaning::<Runtime>::contains_key(SUBNET));
}

/// Hazard E33: the cut of a dissolved subnet goes to the owner's new coldkey, whenever the old one was
/// exchanged.
#[test]
fn the_last_cut_goes_to_whom_the_owner_became() {
	let paid_to_heir = |swaps_first: bool| {
		scene().execute_with(|| {
			let owed = market(SUBNET).buckets.owner;
			assert!(owed.get() > 0);
			if swaps_first {
				swap(&owner());
			}
			assert_ok!(dissolve(SUBNET));
			if !swaps_first {
				swap(&owner());
			}
			let before = Balances::total_balance(&owner());
			wind_up();
			assert_eq!(Balances::total_balance(&owner()), before);
			free(&heir())
		})
	};
	assert!(paid_to_heir(false) > 0);
	assert!(paid_to_heir(true) > 0);
}

fn rebind(hotkey: &AccountId, coldkey: AccountId) -> DispatchResult {
	send(hotkey, Call::rebind_hotkey { coldkey })
}

/// What the seats of a dissolved subnet have earned is paid before a hotkey can choose another owner.
#[test]
fn a_dissolved_seat_is_paid_to_the_owner_of_its_time() {
	scene().execute_with(|| {
		assert_ok!(dissolve(SUBNET));
		// Whatever weight the registry has: the market comes first.
		Subnets::on_idle(System::block_number(), Weight::MAX);
		assert_noop!(rebind(&hotkey(2), heir()), Error::<Runtime>::HotkeySeated);
		let before = free(&worker());
		wind_up();
		assert!(free(&worker()) > before);
		assert_ok!(rebind(&hotkey(2), heir()));
		assert_eq!(Balances::total_balance(&heir()), 0, "nothing of it");
		check_invariants();
	});
}

/// A hotkey that was bound without being asked leaves, however small a stake its owner puts on it, and
/// the stake stays whose it is.
#[test]
fn a_small_stake_does_not_keep_a_hotkey() {
	scene().execute_with(|| {
		let bound = hotkey(3);
		// Another subnet would name it; this one is gone with all its claims.
		assert_ok!(dissolve(SUBNET));
		wind_up();
		let least = market_params().min_stake;
		assert_ok!(add(&owner(), NetUid::ROOT, &bound, least, 0));
		assert_ok!(rebind(&bound, heir()));
		blocks(NOTICE - 1);
		assert_ok!(add(&owner(), NetUid::ROOT, &bound, least, 0));
		assert_noop!(rebind(&bound, heir()), Error::<Runtime>::HotkeyStaked);
		blocks(1);
		assert_ok!(rebind(&bound, heir()));
		let twice = Tao(2 * least.get());
		assert_eq!(Dtao::hotkey(&bound).map(|view| view.coldkey), Some(heir()));
		assert_eq!(stake_of(&owner(), NetUid::ROOT, &bound), twice.get());
		check_invariants();
	});
}
