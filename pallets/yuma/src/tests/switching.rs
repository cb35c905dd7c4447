//! Commit-reveal, switched on and off.

use super::{close_with, commit, neuron, reveal, rows, set};
use crate::{
	mock::{wait, FakeMarket, FakeRegistry, Test, TestExt, NETUID},
	Error, OpenCommits,
};
use dtao_primitives::Uid;
use frame_support::{assert_noop, assert_ok};

const ROW: &[(u16, u16)] = &[(1, 1)];

fn switch(on: bool) {
	FakeRegistry::set_params(NETUID, |params| params.commit_reveal = on);
}

#[test]
fn where_it_is_on_weights_are_not_set_at_once() {
	TestExt::seats(2).with_commit_reveal().execute_with(|| {
		let _ = close_with(1, 2);
		assert_noop!(set(0, ROW), Error::<Test>::CommitRevealOn);
		// Nor one's own.
		assert_noop!(set(0, &[(0, 1)]), Error::<Test>::CommitRevealOn);
		switch(false);
		assert_ok!(set(0, ROW));
	});
}

#[test]
fn where_it_is_off_weights_are_not_committed_to() {
	TestExt::seats(2).execute_with(|| {
		assert_noop!(commit(0, ROW), Error::<Test>::CommitRevealOff);
		switch(true);
		assert_ok!(commit(0, ROW));
	});
}

#[test]
fn what_was_committed_to_before_it_was_switched_off_is_revealed_in_its_epoch() {
	TestExt::seats(2).with_commit_reveal().execute_with(|| {
		let _ = close_with(1, 2);
		assert_ok!(commit(0, ROW));
		switch(false);
		assert_noop!(reveal(0, ROW), Error::<Test>::RevealTooEarly);
		FakeMarket::open(NETUID, 3);
		assert_ok!(reveal(0, ROW));
		assert_eq!(rows(), [(0, 1, vec![(1, 1)])]);
	});
}

#[test]
fn weights_that_are_set_at_once_drop_what_was_committed_to() {
	TestExt::seats(3).with_commit_reveal().execute_with(|| {
		let _ = close_with(1, 3);
		assert_ok!(commit(0, ROW));
		switch(false);
		wait(100);
		assert_ok!(set(0, &[(2, 1)]));
		assert!(!OpenCommits::<Test>::contains_key(NETUID, Uid(0)));
		FakeMarket::open(NETUID, 3);
		assert_noop!(reveal(0, ROW), Error::<Test>::UnknownCommit);
		assert_eq!(rows(), [(0, 101, vec![(2, 1)])]);
		assert_eq!(neuron(0).last_update, 101);
	});
}
