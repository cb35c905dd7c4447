//! Weights that are set at once.

use super::{
	assert_last_event, close_with, hotkey, lists, neuron, rows, set, signed,
	wait_for_the_rate_limit,
};
use crate::{
	mock::{wait, FakeRegistry, System, Test, TestExt, Yuma, COLDKEY, NETUID},
	Error, Event, Neuron,
};
use dtao_primitives::{traits::Consensus, NetUid, Uid};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::BadOrigin, PerU16};

/// Four seats, of which the first two have a permit.
fn with_permits(test: impl FnOnce()) {
	TestExt::seats(4).execute_with(|| {
		let _ = close_with(2, 4);
		test();
	});
}

#[test]
fn what_a_validator_sets_is_its_row() {
	with_permits(|| {
		wait(6);
		assert_ok!(set(1, &[(3, 30), (2, 10), (0, 0)]));

		assert_eq!(rows(), [(1, 7, vec![(2, 10), (3, 30)])]);
		assert_eq!(neuron(1).last_update, 7);
		assert_eq!(neuron(1).set_at, Some(7));
		assert_last_event(Event::WeightsSet { netuid: NETUID, uid: Uid(1), hotkey: hotkey(1) });
	});
}

#[test]
fn the_next_row_replaces_all_of_the_last_and_nobody_elses() {
	with_permits(|| {
		assert_ok!(set(0, &[(2, 1)]));
		assert_ok!(set(1, &[(2, 1), (3, 1)]));
		wait_for_the_rate_limit();
		assert_ok!(set(0, &[(3, 5)]));

		let now = System::block_number();
		assert_eq!(rows(), [(0, now, vec![(3, 5)]), (1, 1, vec![(2, 1), (3, 1)])]);
	});
}

#[test]
fn a_row_of_nothing_removes_the_row_where_the_subnet_allows_it() {
	with_permits(|| {
		assert_ok!(set(0, &[(2, 1)]));
		wait_for_the_rate_limit();
		assert_noop!(set(0, &[(2, 0)]), Error::<Test>::TooFewWeights);
		FakeRegistry::set_params(NETUID, |params| params.min_allowed_weights = 0);
		assert_ok!(set(0, &[(2, 0)]));
		assert_eq!(rows(), []);
		assert_eq!(neuron(0).last_update, 101);
	});
}

#[test]
fn without_a_permit_a_seat_weighs_itself_alone() {
	with_permits(|| {
		assert_noop!(set(2, &[(3, 1)]), Error::<Test>::NoPermit);
		assert_noop!(set(2, &[(2, 1), (3, 1)]), Error::<Test>::NoPermit);
		assert_ok!(set(2, &[(2, 1), (3, 0)]));
		assert_eq!(rows(), [(2, 1, vec![(2, 1)])]);
	});
}

#[test]
fn nobody_has_a_permit_before_the_first_epoch_closes_and_then_those_with_the_most_stake() {
	TestExt::seats(3).execute_with(|| {
		assert_noop!(set(0, &[(1, 1)]), Error::<Test>::NoPermit);
		let _ = close_with(1, 3);
		assert_ok!(set(0, &[(1, 1)]));
		assert_noop!(set(1, &[(2, 1)]), Error::<Test>::NoPermit);
	});
}

#[test]
fn a_seat_is_needed_in_a_subnet_that_exists() {
	with_permits(|| {
		let (uids, weights) = lists(&[(2, 1)]);
		let call =
			|origin, netuid| Yuma::set_weights(origin, netuid, uids.clone(), weights.clone(), 0);
		assert_noop!(call(signed(0), NetUid::ROOT), Error::<Test>::UnknownSubnet);
		assert_noop!(call(signed(0), NetUid(2)), Error::<Test>::UnknownSubnet);
		// No hotkey, and a hotkey without a seat.
		let coldkey = frame_system::RawOrigin::Signed(COLDKEY).into();
		assert_noop!(call(coldkey, NETUID), Error::<Test>::NotRegistered);
		assert_noop!(call(signed(4), NETUID), Error::<Test>::NotRegistered);
		assert_noop!(call(frame_system::RawOrigin::Root.into(), NETUID), BadOrigin);
		FakeRegistry::dissolve(NETUID);
		assert_noop!(call(signed(0), NETUID), Error::<Test>::UnknownSubnet);
	});
}

#[test]
fn a_list_of_weights_has_one_weight_for_each_of_its_seats() {
	with_permits(|| {
		let (uids, _) = lists(&[(2, 1), (3, 1)]);
		let (_, weights) = lists(&[(2, 1)]);
		assert_noop!(
			Yuma::set_weights(signed(0), NETUID, uids, weights, 0),
			Error::<Test>::LengthsDiffer
		);
		assert_noop!(set(0, &[(2, 1), (2, 1)]), Error::<Test>::DuplicateUid);
		assert_noop!(set(0, &[(4, 1)]), Error::<Test>::UnknownUid);
		assert_noop!(set(0, &[(3, 1), (4, 0)]), Error::<Test>::UnknownUid);
	});
}

#[test]
fn the_subnet_asks_for_enough_weights_and_for_none_too_great() {
	with_permits(|| {
		FakeRegistry::set_params(NETUID, |params| {
			params.min_allowed_weights = 2;
			params.max_weight_limit = PerU16::from_parts(49_151);
		});
		assert_noop!(set(0, &[(2, 1), (3, 0)]), Error::<Test>::TooFewWeights);
		assert_noop!(set(0, &[(2, 3), (3, 1)]), Error::<Test>::WeightAboveLimit);
		assert_ok!(set(0, &[(2, 2), (3, 1)]));
	});
}

#[test]
fn software_that_is_too_old_is_refused() {
	with_permits(|| {
		FakeRegistry::set_params(NETUID, |params| params.version_key = 7);
		let (uids, weights) = lists(&[(2, 1)]);
		let call =
			|version| Yuma::set_weights(signed(0), NETUID, uids.clone(), weights.clone(), version);
		assert_noop!(call(6), Error::<Test>::VersionKeyTooLow);
		assert_ok!(call(7));
		wait_for_the_rate_limit();
		assert_ok!(call(u64::MAX));
	});
}

/// Each refusal stands before all that the documentation lists after it.
#[test]
fn refusals_come_in_the_order_that_is_documented() {
	with_permits(|| {
		assert_ok!(set(2, &[(2, 1)]));
		FakeRegistry::set_params(NETUID, |params| {
			params.commit_reveal = true;
			params.version_key = 1;
			params.min_allowed_weights = 3;
			params.max_weight_limit = PerU16::from_percent(40);
		});
		let call = |row: &[(u16, u16)], one_more: bool, version| {
			let (uids, mut weights) = lists(row);
			if one_more {
				assert_ok!(weights.try_push(1));
			}
			Yuma::set_weights(signed(2), NETUID, uids, weights, version)
		};
		let flawed = &[(2, 5), (2, 1), (9, 1)];
		assert_noop!(call(flawed, true, 0), Error::<Test>::CommitRevealOn);
		FakeRegistry::set_params(NETUID, |params| params.commit_reveal = false);
		assert_noop!(call(flawed, true, 0), Error::<Test>::WeightsTooSoon);
		wait_for_the_rate_limit();
		assert_noop!(call(flawed, true, 0), Error::<Test>::VersionKeyTooLow);
		assert_noop!(call(flawed, true, 1), Error::<Test>::LengthsDiffer);
		assert_noop!(call(flawed, false, 1), Error::<Test>::DuplicateUid);
		assert_noop!(call(&[(2, 5), (9, 1)], false, 1), Error::<Test>::UnknownUid);
		assert_noop!(call(&[(2, 5), (3, 1)], false, 1), Error::<Test>::NoPermit);
		assert_noop!(call(&[(2, 5)], false, 1), Error::<Test>::TooFewWeights);
		FakeRegistry::set_params(NETUID, |params| params.min_allowed_weights = 1);
		assert_noop!(call(&[(2, 5)], false, 1), Error::<Test>::WeightAboveLimit);
	});
}

#[test]
fn a_full_subnet_of_dense_rows_fits_what_is_stored() {
	TestExt::seats(256).execute_with(|| {
		let _ = close_with(64, 256);
		let all: Vec<(u16, u16)> = (0..256).map(|uid| (uid, u16::MAX)).collect();
		for uid in 0..64 {
			assert_ok!(set(uid, &all));
		}
		for uid in 64..256 {
			assert_ok!(set(uid, &[(uid, 1)]));
		}
		assert_eq!(rows().len(), 256);
		let bytes = crate::Weights::<Test>::get(NETUID);
		assert!(bytes.is_full(), "the bound is what such a subnet takes: {}", bytes.len());
		let decided = close_with(64, 256);
		assert_eq!(decided.weight, Yuma::most_weight(), "and nothing weighs more");
	});
}

#[test]
fn a_hotkey_speaks_for_its_own_seat_only() {
	with_permits(|| {
		assert_ok!(set(1, &[(2, 1)]));
		let expected = Neuron { set_at: Some(1), last_update: 1, ..neuron(1) };
		assert_eq!(neuron(1), expected);
		assert_eq!((neuron(0).set_at, neuron(0).last_update), (None, 0));
	});
}
