//! Wallets that change hands, and hotkeys that nobody has staked on.

use super::*;
use crate::{Holders, RewardDestinations};
use dtao_primitives::traits::{MarketInspect, OnSubnet};
use frame_support::weights::Weight;

/// Whose Alice's becomes.
const HEIR: AccountId = 60;

fn places(who: AccountId) -> Vec<(NetUid, HotkeyId)> {
	let mut places: Vec<_> = Positions::<Test>::iter_key_prefix(who).collect();
	places.sort();
	places
}

/// Alice on two subnets and on root; so many places.
fn wallet() -> TestExt {
	TestExt::one_subnet().subnet(50).hotkeys(2)
}

fn fill_wallet() {
	for hotkey in [HOTKEY, HOTKEY_2] {
		for netuid in [NETUID, NetUid(2), NetUid::ROOT] {
			stake(ALICE, netuid, hotkey, tao(3));
		}
	}
}

fn swap(limit: u32) -> u32 {
	let moved = Dtao::on_coldkey_swapped(&ALICE, &HEIR, limit).expect("a sound state");
	check_invariants();
	moved
}

/// Hazard E33: nothing is lost or left, however many calls it takes.
#[test]
fn a_wallet_moves_whole_in_parts_of_any_size() {
	for limit in [1, 2, 4, 5, 6, 7, 64] {
		wallet().execute_with(|| {
			fill_wallet();
			let before = places(ALICE);
			let worth = |who| -> Vec<u64> {
				let account = |id| Registry::hotkey(id).unwrap().account;
				before.iter().map(|(netuid, id)| stake_of(who, account(*id), *netuid)).collect()
			};
			let held = worth(ALICE);
			let mut moved = 0;
			loop {
				let now = swap(limit);
				assert!(now <= limit);
				moved += now;
				if now < limit {
					break;
				}
			}
			assert_eq!(moved, 6);
			assert_eq!((places(ALICE), places(HEIR)), (vec![], before.clone()));
			assert_eq!(worth(HEIR), held);
			assert_eq!(swap(limit), 0);
		});
	}
}

/// No pool changes, and the shares add up exactly.
#[test]
fn shares_of_the_same_place_add_up() {
	wallet().endow(HEIR, tao(100)).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(3));
		stake(BOB, NETUID, HOTKEY, tao(7));
		run_blocks(TEMPO + 10);
		stake(HEIR, NETUID, HOTKEY, tao(2));
		let place = (NETUID, id(HOTKEY));
		let shares = |who| Positions::<Test>::get(who, place);
		let sum = shares(ALICE) + shares(HEIR);
		let worth = stake_of(ALICE, HOTKEY, NETUID) + stake_of(HEIR, HOTKEY, NETUID);
		let pool = HotkeyPools::<Test>::get(place);
		assert_eq!(swap(64), 1);
		assert_eq!((shares(ALICE), shares(HEIR)), (0, sum));
		assert_eq!(HotkeyPools::<Test>::get(place), pool);
		assert!((worth..=worth + 1).contains(&stake_of(HEIR, HOTKEY, NETUID)));
		assert_eq!(Holders::<Test>::iter_key_prefix(place).count(), 2);
	});
}

#[test]
fn a_wallet_that_moves_to_itself_stays() {
	wallet().execute_with(|| {
		fill_wallet();
		let before = places(ALICE);
		assert_eq!(Dtao::on_coldkey_swapped(&ALICE, &ALICE, 64), Ok(0));
		assert_eq!(places(ALICE), before);
	});
}

/// Hazard E33: what was named for its miners moves after the positions, and overrules nothing.
#[test]
fn destinations_move_unless_the_heir_has_named_its_own() {
	wallet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(3));
		assert_ok!(redirect(ALICE, NETUID, Some(HOTKEY_2)));
		assert_ok!(redirect(ALICE, NetUid(2), Some(HOTKEY_2)));
		assert_ok!(redirect(HEIR, NetUid(2), Some(HOTKEY)));
		assert_eq!((swap(2), swap(2)), (2, 1));
		assert_eq!(RewardDestinations::<Test>::iter_prefix(ALICE).count(), 0);
		assert_eq!(RewardDestinations::<Test>::get(HEIR, NETUID), Some(id(HOTKEY_2)));
		assert_eq!(RewardDestinations::<Test>::get(HEIR, NetUid(2)), Some(id(HOTKEY)));
	});
}

/// Also of subnets that were dissolved, which pay the heir.
#[test]
fn positions_of_dissolved_subnets_move() {
	wallet().execute_with(|| {
		fill_wallet();
		assert_ok!(Dtao::on_dissolved(NETUID));
		assert_eq!(swap(64), 6);
		let redeem = |coldkey| Call::redeem { netuid: NETUID, coldkey, hotkey: HOTKEY };
		assert_noop!(send(CAROL, redeem(ALICE)), Error::<Test>::NoPosition);
		assert_ok!(send(CAROL, redeem(HEIR)));
		assert!(free(HEIR) > Tao::ZERO);
	});
}

/// On a subnet, on root, on its way there, in what was dissolved; and not when all have left.
#[test]
fn a_hotkey_has_stake_while_anybody_has_a_share() {
	wallet().execute_with(|| {
		let staked = |hotkey| Dtao::has_stake(id(hotkey));
		assert!(!staked(HOTKEY) && !staked(HOTKEY_2));
		for netuid in [NetUid(2), NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(3));
			assert!(staked(HOTKEY) && !staked(HOTKEY_2));
			unstake_all(ALICE, netuid, HOTKEY);
			assert!(!staked(HOTKEY));
		}
		dividend(HOTKEY_2, tao(1));
		assert!(staked(HOTKEY_2), "it drips");
		stake(ALICE, NETUID, HOTKEY, tao(3));
		assert_ok!(Dtao::on_dissolved(NETUID));
		assert!(staked(HOTKEY));
		let redeem = Call::redeem { netuid: NETUID, coldkey: ALICE, hotkey: HOTKEY };
		assert_ok!(send(CAROL, redeem));
		assert!(!staked(HOTKEY));
	});
}

/// Until a dissolved subnet's seats are paid, a hotkey must not change its owner.
#[test]
fn a_dissolved_subnet_owes_its_seats_until_they_are_paid() {
	TestExt::one_subnet().seats(2).execute_with(|| {
		assert!(!Dtao::owes_seats(NETUID) && !Dtao::owes_seats(NetUid(9)));
		assert_ok!(Dtao::on_dissolved(NETUID));
		for _ in 0..3 {
			assert!(Dtao::owes_seats(NETUID));
			Dtao::on_idle(System::block_number(), Weight::from_parts(2, u64::MAX));
		}
		assert!(!Dtao::owes_seats(NETUID), "two seats, and the buckets");
		Dtao::on_idle(System::block_number(), Weight::MAX);
		assert!(!Dtao::owes_seats(NETUID));
	});
}
