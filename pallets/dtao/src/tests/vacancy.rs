//! Rows of pools that nobody has anything in: they go, unless a seat is counted by them.

use super::*;
use dtao_primitives::{traits::OnSubnet, Uid};

/// The pools that have a row: of subnets, and of root.
fn rows() -> (usize, usize) {
	(HotkeyPools::<Test>::iter_keys().count(), RootPools::<Test>::iter_keys().count())
}

/// One subnet without seats, two hotkeys.
fn unseated() -> TestExt {
	TestExt::new().subnet(1_000).hotkeys(2)
}

#[test]
fn a_pool_that_everybody_left_leaves_no_row() {
	unseated().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(3));
			stake(BOB, netuid, HOTKEY, tao(3));
		}
		run_blocks(3);
		for netuid in [NETUID, NetUid::ROOT] {
			unstake_all(ALICE, netuid, HOTKEY);
			assert_eq!(rows(), if netuid == NETUID { (1, 1) } else { (0, 1) });
			unstake_all(BOB, netuid, HOTKEY);
		}
		assert_eq!(rows(), (0, 0));
	});
}

/// Moved, given away, destroyed: whatever takes the last of it.
#[test]
fn whatever_empties_a_pool_leaves_no_row() {
	unseated().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(3));
		assert_ok!(shift(ALICE, (NETUID, HOTKEY), (NETUID, HOTKEY_2), Amount::All, 0));
		assert_eq!(rows(), (1, 0));
		assert_ok!(shift(ALICE, (NETUID, HOTKEY_2), (NetUid::ROOT, HOTKEY), Amount::All, 0));
		assert_eq!(rows(), (0, 1));
		assert_ok!(shift(ALICE, (NetUid::ROOT, HOTKEY), (NETUID, HOTKEY), Amount::All, 0));
		assert_eq!(rows(), (1, 0));
		assert_ok!(recycle(ALICE, NETUID, HOTKEY, Amount::All));
		assert_eq!(rows(), (0, 0));
		stake(ALICE, NETUID, HOTKEY, tao(3));
		assert_ok!(exit(ALICE, &[(NETUID, HOTKEY, Tao::ZERO)]));
		assert_eq!(rows(), (0, 0));
	});
}

/// Dust is outstanding ALPHA, and a drip is somebody's TAO: they keep their row.
#[test]
fn a_pool_with_dust_or_with_a_drip_keeps_its_row() {
	unseated().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(3));
		HotkeyPools::<Test>::mutate((NETUID, id(HOTKEY)), |pool| pool.stake.amount += 1);
		edit(NETUID, |market| market.outstanding = Alpha(market.outstanding.get() + 1));
		unstake_all(ALICE, NETUID, HOTKEY);
		let pool = HotkeyPools::<Test>::get((NETUID, id(HOTKEY)));
		assert_eq!((rows(), pool.stake.amount), ((1, 0), 1));

		stake(ALICE, NetUid::ROOT, HOTKEY, tao(3));
		dividend(HOTKEY, tao(60));
		unstake_all(ALICE, NetUid::ROOT, HOTKEY);
		assert_eq!(rows(), (1, 1));
		run_blocks(TEMPO);
		// What dripped meanwhile is the owner's: it leaves with nothing behind.
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(3));
		unstake_all(ALICE, NetUid::ROOT, HOTKEY);
		unstake_all(VALIDATOR, NetUid::ROOT, HOTKEY);
		assert_eq!(rows(), (2, 0), "the dust, and the owner's cut");
	});
}

/// A seat's stake is the difference of two counts: without its row, the second would be less than the
/// first, and the epoch could not close.
#[test]
fn a_seats_stake_is_counted_on_when_everybody_left() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(100));
		}
		run_to_block(2 * TEMPO + 10);
		events();
		for netuid in [NETUID, NetUid::ROOT] {
			unstake_all(ALICE, netuid, HOTKEY);
		}
		assert_eq!(rows(), (2, 1), "the seat's, and the owner's cut");
		run_blocks(3 * TEMPO);
		let closed = closes();
		assert!(closed.len() >= 2 && closed.iter().all(|event| !failed(event)), "{closed:?}");
	});
}

fn failed(event: &Event<Test>) -> bool {
	matches!(event, Event::EpochFailed { .. })
}

/// Whose seat was taken over has a row no longer, and counts from nothing if it comes back.
#[test]
fn a_seat_that_was_left_leaves_no_row_and_may_be_taken_again() {
	TestExt::one_subnet().seats(1).hotkeys(2).execute_with(|| {
		let row = |hotkey| HotkeyPools::<Test>::contains_key((NETUID, id(hotkey)));
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_blocks(10);
		unstake_all(ALICE, NETUID, HOTKEY);
		assert!(row(HOTKEY));
		assert_ok!(Dtao::on_replaced(NETUID, Uid(0), id(HOTKEY_2)));
		assert!(!row(HOTKEY));
		run_blocks(10);
		assert_ok!(Dtao::on_replaced(NETUID, Uid(0), id(HOTKEY)));
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(TEMPO);
		assert!(!closes().iter().any(failed));
		let counted = Judge::asked(NETUID)[0];
		assert!(counted > 0 && counted < tao(100).get(), "of a part of the epoch: {counted}");
	});
}

/// What a pool was credited of an epoch's bucket is counted until the epoch closes.
#[test]
fn a_pool_that_earned_in_the_open_epoch_keeps_its_row() {
	TestExt::one_subnet().seats(1).hotkeys(2).take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(TEMPO + 20);
		unstake_all(ALICE, NETUID, HOTKEY);
		unstake_all(VALIDATOR, NETUID, HOTKEY);
		let credited = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).credited;
		assert!(credited > 0);
		// Who is replaced is settled once more, and is the owner's again.
		assert_ok!(Dtao::on_replaced(NETUID, Uid(0), id(HOTKEY_2)));
		assert!(HotkeyPools::<Test>::contains_key((NETUID, id(HOTKEY))));
		check_invariants();
	});
}
