//! The rate limit: settings and commitments count alike.

use super::{close_with, commit, neuron, set};
use crate::{
	mock::{wait, FakeMarket, FakeRegistry, System, Test, TestExt, NETUID},
	Error,
};
use frame_support::{assert_noop, assert_ok};

const ROW: &[(u16, u16)] = &[(1, 1)];

#[test]
fn weights_are_set_once_in_so_many_blocks() {
	TestExt::seats(2).execute_with(|| {
		let _ = close_with(1, 2);
		FakeRegistry::set_params(NETUID, |params| params.weights_rate_limit = 10);
		wait(4);
		assert_ok!(set(0, ROW));
		wait(9);
		assert_noop!(set(0, ROW), Error::<Test>::WeightsTooSoon);
		wait(1);
		assert_ok!(set(0, ROW));
		assert_eq!(neuron(0).set_at, Some(15));
	});
}

#[test]
fn the_first_weights_of_a_seat_do_not_wait() {
	TestExt::seats(2).execute_with(|| {
		let _ = close_with(1, 2);
		assert_eq!((System::block_number(), neuron(0).set_at), (1, None));
		assert_ok!(set(0, ROW));
	});
}

#[test]
fn a_refused_call_does_not_count_and_neither_does_another_seats() {
	TestExt::seats(3).execute_with(|| {
		let _ = close_with(2, 3);
		assert_noop!(set(0, &[(9, 1)]), Error::<Test>::UnknownUid);
		assert_ok!(set(1, &[(2, 1)]));
		assert_ok!(set(0, ROW));
	});
}

#[test]
fn where_there_is_no_limit_weights_may_be_set_again_in_the_same_block() {
	TestExt::seats(2).execute_with(|| {
		let _ = close_with(1, 2);
		FakeRegistry::set_params(NETUID, |params| params.weights_rate_limit = 0);
		assert_ok!(set(0, ROW));
		assert_ok!(set(0, ROW));
	});
}

#[test]
fn a_commitment_counts_whatever_becomes_of_it() {
	TestExt::seats(2).with_commit_reveal().execute_with(|| {
		assert_ok!(commit(0, ROW));
		wait(99);
		assert_noop!(commit(0, &[(1, 2)]), Error::<Test>::WeightsTooSoon);
		// Past its epoch, and not stored any more: its block is what counts.
		FakeMarket::open(NETUID, 9);
		assert_noop!(commit(0, &[(1, 2)]), Error::<Test>::WeightsTooSoon);
		FakeRegistry::set_params(NETUID, |params| params.commit_reveal = false);
		assert_noop!(set(0, &[(0, 1)]), Error::<Test>::WeightsTooSoon);
		wait(1);
		assert_ok!(set(0, &[(0, 1)]));
	});
}
