//! Seats that are taken, replaced, dissolved and cleaned up.

use super::{close_with, commit, hotkey, neuron, reveal, rows, set};
use crate::{
	mock::{wait, FakeMarket, FakeRegistry, System, Test, TestExt, Yuma, NETUID},
	Bonds, Error, Neuron, Neurons, OpenCommits, Weights,
};
use dtao_primitives::{traits::OnSeat, NetUid, Uid};
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_seat_begins_with_nothing_in_the_block_in_which_it_is_taken() {
	TestExt::seats(1).execute_with(|| {
		wait(6);
		assert_eq!(FakeRegistry::seat(NETUID, hotkey(1)), Uid(1));
		assert_eq!(neuron(1), Neuron { last_update: 7, ..Default::default() });
		assert_eq!(neuron(0), Neuron::default());
	});
}

#[test]
fn seats_are_numbered_on_from_the_last_and_no_more_than_there_may_be() {
	TestExt::seats(255).execute_with(|| {
		for uid in [254, 256] {
			assert_noop!(Yuma::on_seated(NETUID, Uid(uid)), Error::<Test>::InvalidSeat);
		}
		FakeRegistry::seat(NETUID, hotkey(255));
		assert_noop!(Yuma::on_seated(NETUID, Uid(256)), Error::<Test>::InvalidSeat);
	});
}

#[test]
fn whoever_takes_a_seat_over_inherits_nothing() {
	TestExt::seats(3).execute_with(|| {
		let _ = close_with(2, 3);
		assert_ok!(set(0, &[(2, 1)]));
		assert_ok!(set(1, &[(2, 1)]));
		FakeRegistry::set_params(NETUID, |params| params.commit_reveal = true);
		wait(100);
		assert_ok!(commit(1, &[(2, 1)]));
		assert!(neuron(1).permit && neuron(1).stake > 0);

		FakeRegistry::replace(NETUID, Uid(1), hotkey(9));
		assert_eq!(neuron(1), Neuron { last_update: 101, ..Default::default() });
		assert_eq!(rows(), [(0, 1, vec![(2, 1)])]);
		assert!(!OpenCommits::<Test>::contains_key(NETUID, Uid(1)));
		// The last holder has no seat, and so nothing to reveal for.
		FakeMarket::open(NETUID, 3);
		assert_noop!(reveal(1, &[(2, 1)]), Error::<Test>::NotRegistered);
	});
}

#[test]
fn a_seat_that_is_not_there_is_not_replaced() {
	TestExt::seats(1).execute_with(|| {
		assert_noop!(Yuma::on_seat_replaced(NETUID, Uid(1)), Error::<Test>::InvalidSeat);
		assert_noop!(Yuma::on_seat_replaced(NetUid(2), Uid(0)), Error::<Test>::InvalidSeat);
	});
}

#[test]
fn a_replaced_miner_is_not_paid_for_what_was_said_of_the_last_one() {
	TestExt::seats(3).execute_with(|| {
		let _ = close_with(1, 3);
		wait(1);
		assert_ok!(set(0, &[(1, 1), (2, 1)]));
		assert_eq!(close_with(1, 3).incentives, [0, 2_147_483_647, 2_147_483_648]);
		// In the block after, so that nothing but the new holder tells the two apart.
		wait(1);
		FakeRegistry::replace(NETUID, Uid(1), hotkey(9));
		assert_eq!(close_with(1, 3).incentives, [0, 0, u32::MAX]);
		// Nor where the row is of the same block as the seat.
		wait(100);
		FakeRegistry::replace(NETUID, Uid(2), hotkey(8));
		assert_ok!(set(0, &[(1, 1), (2, 1)]));
		assert_eq!(close_with(1, 3).incentives, [0, u32::MAX, 0]);
	});
}

#[test]
fn a_revealed_row_says_nothing_of_a_seat_that_was_taken_after_the_commitment() {
	TestExt::seats(3).with_commit_reveal().execute_with(|| {
		let _ = close_with(1, 3);
		wait(1);
		let row = [(1, 1), (2, 1)];
		assert_ok!(commit(0, &row));
		wait(1);
		FakeRegistry::replace(NETUID, Uid(2), hotkey(9));
		let _ = close_with(1, 3);
		assert_ok!(reveal(0, &row));
		assert_eq!(close_with(1, 3).incentives, [0, u32::MAX, 0]);
	});
}

#[test]
fn a_dissolved_subnet_leaves_only_commitments_and_those_go_seat_by_seat() {
	TestExt::seats(2).with_commit_reveal().execute_with(|| {
		let _ = close_with(1, 2);
		assert_ok!(commit(0, &[(1, 1)]));
		assert_ok!(commit(1, &[(1, 1)]));
		wait(1);
		FakeMarket::open(NETUID, 3);
		assert_ok!(reveal(0, &[(1, 1)]));
		let _ = close_with(1, 2);
		wait(100);
		assert_ok!(commit(0, &[(1, 1)]));
		assert!(Bonds::<Test>::contains_key(NETUID) && Weights::<Test>::contains_key(NETUID));

		FakeRegistry::dissolve(NETUID);
		assert!(!Neurons::<Test>::contains_key(NETUID));
		assert!(!Weights::<Test>::contains_key(NETUID) && !Bonds::<Test>::contains_key(NETUID));
		let left = || OpenCommits::<Test>::iter_prefix(NETUID).count();
		assert_eq!(left(), 2);
		for seats in [1, 0] {
			wait(1);
			FakeRegistry::clean(NETUID);
			assert_eq!(left(), seats);
		}
		assert_eq!(System::block_number(), 104);
	});
}

#[test]
fn seats_of_another_subnet_are_left_alone() {
	TestExt::seats(2).execute_with(|| {
		let _ = close_with(1, 2);
		assert_ok!(set(0, &[(1, 1)]));
		let before = (Neurons::<Test>::get(NETUID), Weights::<Test>::get(NETUID));
		FakeRegistry::create(NetUid(2), hotkey(0), &[hotkey(0), hotkey(1)]);
		FakeRegistry::replace(NetUid(2), Uid(0), hotkey(7));
		FakeRegistry::dissolve(NetUid(2));
		assert_eq!((Neurons::<Test>::get(NETUID), Weights::<Test>::get(NETUID)), before);
	});
}
