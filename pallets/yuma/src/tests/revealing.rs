//! Reveals: in one epoch, of exactly what was hashed, as of the block of the commitment.

use super::{
	assert_last_event, close_with, commit, hash, hotkey, lists, neuron, reveal, rows, signed, SALT,
};
use crate::{
	mock::{wait, FakeMarket, FakeRegistry, Test, TestExt, Yuma, NETUID},
	types::hash_of,
	Error, Event, OpenCommits,
};
use dtao_primitives::{NetUid, Uid};
use frame_support::{assert_noop, assert_ok, BoundedVec};

const ROW: &[(u16, u16)] = &[(2, 3), (1, 1)];

/// Three seats, the first with a permit, in epoch 2 and block 1; no rate limit.
fn in_epoch_2(test: impl FnOnce()) {
	TestExt::seats(3).with_commit_reveal().execute_with(|| {
		FakeRegistry::set_params(NETUID, |params| params.weights_rate_limit = 0);
		let _ = close_with(1, 3);
		test();
	});
}

fn open(epoch: u32) {
	FakeMarket::open(NETUID, epoch);
}

/// How many commitments of `uid` are stored.
fn stored(uid: u16) -> usize {
	OpenCommits::<Test>::get(NETUID, Uid(uid)).len()
}

#[test]
fn revealed_weights_count_as_of_the_block_of_their_commitment() {
	in_epoch_2(|| {
		wait(4);
		assert_ok!(commit(0, ROW));
		wait(10);
		open(3);
		assert_ok!(reveal(0, ROW));

		assert_eq!(rows(), [(0, 5, vec![(1, 1), (2, 3)])]);
		assert_eq!((neuron(0).last_update, neuron(0).set_at), (5, Some(5)));
		assert!(!OpenCommits::<Test>::contains_key(NETUID, Uid(0)));
		let (netuid, uid, hotkey, hash) = (NETUID, Uid(0), hotkey(0), hash(0, ROW, SALT));
		assert_last_event(Event::WeightsRevealed { netuid, uid, hotkey, hash });
	});
}

#[test]
fn nothing_is_revealed_before_its_epoch() {
	in_epoch_2(|| {
		FakeRegistry::set_params(NETUID, |params| params.reveal_period = 2);
		assert_ok!(commit(0, ROW));
		for epoch in [2, 3] {
			open(epoch);
			assert_noop!(reveal(0, ROW), Error::<Test>::RevealTooEarly);
		}
		open(4);
		assert_ok!(reveal(0, ROW));
	});
}

#[test]
fn nothing_is_revealed_after_its_epoch_and_the_last_weights_stay() {
	in_epoch_2(|| {
		assert_ok!(commit(0, ROW));
		open(3);
		assert_ok!(reveal(0, ROW));
		let before = rows();
		let other = &[(1, 9)];
		assert_ok!(commit(0, other));
		open(5);
		assert_noop!(reveal(0, other), Error::<Test>::RevealTooLate);
		assert_eq!(rows(), before);
	});
}

#[test]
fn the_epoch_of_a_reveal_is_fixed_by_the_commitment() {
	in_epoch_2(|| {
		assert_ok!(commit(0, ROW));
		FakeRegistry::set_params(NETUID, |params| params.reveal_period = 5);
		open(3);
		assert_ok!(reveal(0, ROW));
	});
}

#[test]
fn what_was_not_committed_to_is_not_revealed() {
	in_epoch_2(|| {
		assert_noop!(reveal(0, ROW), Error::<Test>::UnknownCommit);
		assert_ok!(commit(0, ROW));
		open(3);
		// Other weights, another order of the same, another seat's commitment.
		assert_noop!(reveal(0, &[(2, 3), (1, 2)]), Error::<Test>::UnknownCommit);
		assert_noop!(reveal(0, &[(1, 1), (2, 3)]), Error::<Test>::UnknownCommit);
		assert_noop!(reveal(1, ROW), Error::<Test>::UnknownCommit);
	});
}

#[test]
fn the_salt_and_the_version_have_to_be_those_of_the_commitment() {
	in_epoch_2(|| {
		assert_ok!(commit(0, ROW));
		open(3);
		let (uids, weights) = lists(ROW);
		let call = |salt: &[u8], version_key| {
			let salt = BoundedVec::truncate_from(salt.to_vec());
			let (uids, weights) = (uids.clone(), weights.clone());
			Yuma::reveal_weights(signed(0), NETUID, uids, weights, salt, version_key)
		};
		assert_noop!(call(b"another salt", 0), Error::<Test>::UnknownCommit);
		assert_noop!(call(&[], 0), Error::<Test>::UnknownCommit);
		assert_noop!(call(SALT, 1), Error::<Test>::UnknownCommit);
		assert_ok!(call(SALT, 0));
	});
}

#[test]
fn a_repeated_commitment_of_another_cannot_be_revealed() {
	in_epoch_2(|| {
		assert_ok!(Yuma::commit_weights(signed(1), NETUID, hash(0, ROW, SALT)));
		open(3);
		assert_noop!(reveal(1, ROW), Error::<Test>::UnknownCommit);
	});
}

#[test]
fn a_commitment_is_of_one_subnet() {
	in_epoch_2(|| {
		FakeRegistry::create(NetUid(2), hotkey(0), &[hotkey(0)]);
		FakeMarket::open(NetUid(2), 1);
		assert_ok!(Yuma::commit_weights(signed(0), NetUid(2), hash(0, &[(0, 1)], SALT)));
		FakeMarket::open(NetUid(2), 2);
		let (uids, weights) = lists(&[(0, 1)]);
		let salt = BoundedVec::truncate_from(SALT.to_vec());
		assert_noop!(
			Yuma::reveal_weights(signed(0), NetUid(2), uids, weights, salt, 0),
			Error::<Test>::UnknownCommit
		);
	});
}

#[test]
fn revealed_weights_are_checked_by_what_holds_now() {
	in_epoch_2(|| {
		let flawed: [&[(u16, u16)]; 3] = [&[(2, 3), (2, 3)], &[(3, 1)], &[(2, 0)]];
		for row in flawed {
			assert_ok!(commit(0, row));
		}
		assert_ok!(commit(1, ROW));
		assert_ok!(commit(0, ROW));
		open(3);
		assert_noop!(reveal(0, flawed[0]), Error::<Test>::DuplicateUid);
		assert_noop!(reveal(0, flawed[1]), Error::<Test>::UnknownUid);
		assert_noop!(reveal(0, flawed[2]), Error::<Test>::TooFewWeights);
		assert_noop!(reveal(1, ROW), Error::<Test>::NoPermit);
		FakeRegistry::set_params(NETUID, |params| params.version_key = 1);
		assert_noop!(reveal(0, ROW), Error::<Test>::VersionKeyTooLow);
		FakeRegistry::set_params(NETUID, |params| {
			params.version_key = 0;
			params.max_weight_limit = sp_runtime::PerU16::from_percent(74);
		});
		assert_noop!(reveal(0, ROW), Error::<Test>::WeightAboveLimit);
	});
}

#[test]
fn lists_of_different_lengths_are_refused_when_they_are_revealed() {
	in_epoch_2(|| {
		let (uids, _) = lists(ROW);
		let (_, weights) = lists(&[(1, 1)]);
		let hash = hash_of(&hotkey(0), NETUID, &uids, &weights, SALT, 0);
		assert_ok!(Yuma::commit_weights(signed(0), NETUID, hash));
		open(3);
		let salt = BoundedVec::truncate_from(SALT.to_vec());
		assert_noop!(
			Yuma::reveal_weights(signed(0), NETUID, uids, weights, salt, 0),
			Error::<Test>::LengthsDiffer
		);
	});
}

#[test]
fn a_permit_that_came_after_the_commitment_is_enough() {
	TestExt::seats(3).with_commit_reveal().execute_with(|| {
		assert_ok!(commit(0, ROW));
		let _ = close_with(1, 3);
		assert_ok!(reveal(0, ROW));
	});
}

#[test]
fn a_reveal_drops_the_commitments_before_it_and_keeps_those_after_it() {
	in_epoch_2(|| {
		let rows: [&[(u16, u16)]; 3] = [&[(1, 1)], &[(1, 1), (2, 1)], &[(2, 1)]];
		for row in rows {
			assert_ok!(commit(0, row));
			wait(1);
		}
		open(3);
		assert_ok!(reveal(0, rows[1]));
		assert_eq!(stored(0), 1);
		// So no row is ever replaced by an older one.
		assert_noop!(reveal(0, rows[0]), Error::<Test>::UnknownCommit);
		assert_noop!(reveal(0, rows[1]), Error::<Test>::UnknownCommit);
		assert_ok!(reveal(0, rows[2]));
		assert_eq!(super::rows(), [(0, 3, vec![(2, 1)])]);
	});
}

#[test]
fn a_reveal_needs_a_seat_in_a_subnet_that_has_epochs() {
	in_epoch_2(|| {
		assert_ok!(commit(0, ROW));
		assert_noop!(reveal(3, ROW), Error::<Test>::NotRegistered);
		FakeMarket::close(NETUID);
		assert_noop!(reveal(0, ROW), Error::<Test>::NotStarted);
		FakeRegistry::dissolve(NETUID);
		assert_noop!(reveal(0, ROW), Error::<Test>::UnknownSubnet);
	});
}

#[test]
fn revealing_is_no_setting_by_the_rate_limit() {
	TestExt::seats(3).with_commit_reveal().execute_with(|| {
		let _ = close_with(1, 3);
		assert_ok!(commit(0, ROW));
		wait(100);
		assert_ok!(commit(0, &[(1, 1)]));
		open(3);
		wait(1);
		// One block after a commitment, and another commitment a limit after that.
		assert_ok!(reveal(0, ROW));
		wait(99);
		assert_ok!(commit(0, &[(2, 1)]));
	});
}
