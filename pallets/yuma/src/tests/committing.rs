//! Commitments.

use super::{assert_last_event, commit, hash, hotkey, neuron, rows, signed, SALT};
use crate::{
	mock::{wait, FakeMarket, FakeRegistry, System, Test, TestExt, Yuma, COLDKEY, NETUID},
	Commit, Error, Event, OpenCommits, MAX_OPEN_COMMITS,
};
use dtao_primitives::{NetUid, Uid};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

const ROW: &[(u16, u16)] = &[(1, 1)];

/// A subnet without rate limit, where `test` runs in epoch 1.
fn without_limit(test: impl FnOnce()) {
	TestExt::seats(3).with_commit_reveal().execute_with(|| {
		FakeRegistry::set_params(NETUID, |params| params.weights_rate_limit = 0);
		test();
	});
}

/// Let the hotkey of uid 0 commit to the `n`-th hash.
fn commit_to(n: u8) -> sp_runtime::DispatchResult {
	Yuma::commit_weights(signed(0), NETUID, H256::repeat_byte(n))
}

/// The open commitments of uid 0.
fn commits() -> Vec<Commit> {
	OpenCommits::<Test>::get(NETUID, Uid(0)).into_inner()
}

#[test]
fn a_commitment_changes_nothing_but_what_is_to_be_revealed() {
	without_limit(|| {
		wait(4);
		FakeRegistry::set_params(NETUID, |params| params.reveal_period = 3);
		let hash = hash(0, ROW, SALT);
		assert_ok!(commit(0, ROW));

		assert_eq!(commits(), [Commit { hash, at: 5, epoch: 4 }]);
		assert_eq!((neuron(0).last_update, neuron(0).set_at), (0, Some(5)));
		assert_eq!(rows(), []);
		let (netuid, uid, hotkey, epoch) = (NETUID, Uid(0), hotkey(0), 4);
		assert_last_event(Event::WeightsCommitted { netuid, uid, hotkey, hash, epoch });
	});
}

#[test]
fn no_permit_is_needed_to_commit() {
	without_limit(|| {
		assert!(!neuron(2).permit);
		assert_ok!(commit(2, ROW));
	});
}

#[test]
fn a_seat_is_needed_in_a_subnet_that_exists() {
	without_limit(|| {
		let call = |origin, netuid| Yuma::commit_weights(origin, netuid, H256::zero());
		assert_noop!(call(signed(0), NetUid(2)), Error::<Test>::UnknownSubnet);
		assert_noop!(call(signed(0), NetUid::ROOT), Error::<Test>::UnknownSubnet);
		assert_noop!(call(signed(3), NETUID), Error::<Test>::NotRegistered);
		let coldkey = frame_system::RawOrigin::Signed(COLDKEY).into();
		assert_noop!(call(coldkey, NETUID), Error::<Test>::NotRegistered);
	});
}

#[test]
fn there_is_nothing_to_wait_for_before_the_start() {
	TestExt::seats(1).with_commit_reveal().not_started().execute_with(|| {
		assert_noop!(commit(0, ROW), Error::<Test>::NotStarted);
		FakeMarket::open(NETUID, 1);
		assert_ok!(commit(0, ROW));
	});
}

#[test]
fn ten_commitments_of_a_seat_are_open_and_no_more() {
	without_limit(|| {
		for n in 1..=10 {
			assert_ok!(commit_to(n));
		}
		assert_eq!(commits().len(), usize::try_from(MAX_OPEN_COMMITS).unwrap());
		assert_noop!(commit_to(11), Error::<Test>::TooManyCommits);
		// Another seat has its own.
		assert_ok!(commit(1, ROW));
	});
}

#[test]
fn what_is_past_its_epoch_is_not_open() {
	without_limit(|| {
		for n in 1..=9 {
			assert_ok!(commit_to(n));
		}
		FakeMarket::open(NETUID, 2);
		assert_ok!(commit_to(10));
		// In epoch 2 those of epoch 1 can still be revealed.
		assert_noop!(commit_to(11), Error::<Test>::TooManyCommits);
		FakeMarket::open(NETUID, 3);
		assert_ok!(commit_to(11));
		let hashes: Vec<H256> = commits().iter().map(|commit| commit.hash).collect();
		assert_eq!(hashes, [H256::repeat_byte(10), H256::repeat_byte(11)]);
	});
}

#[test]
fn what_is_open_is_not_committed_to_again() {
	without_limit(|| {
		assert_ok!(commit_to(1));
		assert_noop!(commit_to(1), Error::<Test>::AlreadyCommitted);
		FakeMarket::open(NETUID, 2);
		assert_noop!(commit_to(1), Error::<Test>::AlreadyCommitted);
		FakeMarket::open(NETUID, 3);
		wait(1);
		assert_ok!(commit_to(1));
		assert_eq!(commits(), [Commit { hash: H256::repeat_byte(1), at: 2, epoch: 4 }]);
		assert_eq!(System::block_number(), 2);
	});
}
