//! Each invariant is shown to bite.

use super::{close_with, commit, set};
use crate::{
	mock::{wait, FakeRegistry, Test, TestExt, Yuma, NETUID},
	Bonds, Neurons, OpenCommits, Weights,
};
use dtao_math::yuma::{BondRows, WeightRows};
use dtao_primitives::{NetUid, Uid};
use frame_support::{assert_ok, BoundedVec};

/// Run `corrupt` on a sound state that has everything, and see what is found.
fn finds(message: &'static str, corrupt: impl FnOnce()) {
	TestExt::seats(4).build().execute_with(|| {
		let _ = close_with(2, 4);
		wait(1);
		assert_ok!(set(0, &[(2, 1), (3, 1)]));
		assert_ok!(set(2, &[(2, 1)]));
		let _ = close_with(2, 4);
		assert_ok!(set(3, &[(3, 1)]));
		FakeRegistry::set_params(NETUID, |params| {
			params.commit_reveal = true;
			params.weights_rate_limit = 1;
		});
		for weight in [1, 2] {
			wait(1);
			assert_ok!(commit(1, &[(2, weight), (3, 1)]));
		}
		assert_eq!(Yuma::do_try_state(), Ok(()), "the state is sound at first");
		corrupt();
		assert_eq!(Yuma::do_try_state(), Err(message.into()));
	});
}

fn change_neuron(uid: usize, change: impl FnOnce(&mut crate::Neuron)) {
	Neurons::<Test>::mutate(NETUID, |neurons| change(&mut neurons[uid]));
}

/// Replace the row of `uid`.
fn put_weights(uid: u16, at: u32, row: &[(u16, u64)]) {
	let bytes = Weights::<Test>::get(NETUID);
	let rows = WeightRows::decode(&bytes).unwrap();
	let changed = rows.put(uid, at, row.iter().copied()).unwrap();
	Weights::<Test>::insert(NETUID, BoundedVec::truncate_from(changed));
}

fn put_bonds(uid: u16, at: u32, row: &[(u16, u64)]) {
	let bytes = Bonds::<Test>::get(NETUID);
	let rows = BondRows::decode(&bytes).unwrap();
	let changed = rows.put(uid, at, row.iter().copied()).unwrap();
	Bonds::<Test>::insert(NETUID, BoundedVec::truncate_from(changed));
}

fn change_commits(change: impl FnOnce(&mut crate::Commits)) {
	OpenCommits::<Test>::mutate(NETUID, Uid(1), change);
}

#[test]
fn invariant_1_neurons_are_those_of_seats_and_bounded() {
	finds("invariant 1: an unknown subnet has neurons", || {
		Neurons::<Test>::insert(NetUid(2), Neurons::<Test>::get(NETUID));
	});
	finds("invariant 1: a subnet has not as many neurons as seats", || {
		Neurons::<Test>::mutate(NETUID, |neurons| neurons.pop());
	});
	finds("invariant 1: more seats have a permit than may validate", || {
		for uid in 4..65 {
			FakeRegistry::seat(NETUID, 1_000 + uid);
		}
		Neurons::<Test>::mutate(NETUID, |neurons| {
			neurons.iter_mut().for_each(|neuron| neuron.permit = true);
		});
	});
}

#[test]
fn invariant_1_nothing_is_heard_of_before_a_seat_is_taken_or_ahead_of_time() {
	finds("invariant 1: a seat was heard of ahead of time", || {
		change_neuron(0, |neuron| neuron.last_update = 5);
	});
	finds("invariant 1: a seat was heard of ahead of time", || {
		change_neuron(0, |neuron| neuron.set_at = Some(5));
	});
	finds("invariant 1: a seat was heard of before it was taken", || {
		FakeRegistry::replace(NETUID, Uid(1), 1_000);
		change_neuron(1, |neuron| neuron.last_update = 3);
	});
	finds("invariant 1: a seat was heard of before it was taken", || {
		FakeRegistry::replace(NETUID, Uid(1), 1_000);
		change_neuron(1, |neuron| neuron.set_at = Some(3));
	});
}

#[test]
fn invariant_2_weights_are_sound_and_of_seats() {
	finds("invariant 2: weights are packed unsoundly", || {
		Weights::<Test>::mutate(NETUID, |bytes| bytes.pop());
	});
	finds("invariant 2: what is no seat weighs others", || put_weights(4, 2, &[(2, 1)]));
	finds("invariant 2: what is no seat is weighed", || put_weights(0, 2, &[(4, 1)]));
	finds("invariant 2: what is no seat is weighed", || {
		Weights::<Test>::insert(NetUid(2), Weights::<Test>::get(NETUID));
	});
}

#[test]
fn invariant_2_weights_are_as_old_as_their_seat_says_and_of_who_may() {
	finds("invariant 2: weights are not as old as their seat says", || {
		put_weights(0, 1, &[(2, 1)]);
	});
	finds("invariant 2: a seat without permit weighs others", || {
		put_weights(3, 2, &[(2, 1), (3, 1)]);
	});
	finds("invariant 2: a seat without permit weighs others", || {
		change_neuron(0, |neuron| neuron.permit = false);
	});
}

#[test]
fn invariant_3_bonds_are_sound_of_seats_and_of_the_last_epoch() {
	finds("invariant 3: bonds are packed unsoundly", || {
		Bonds::<Test>::mutate(NETUID, |bytes| bytes.pop());
	});
	finds("invariant 3: what is no seat has bonds", || put_bonds(4, 2, &[(2, 1)]));
	finds("invariant 3: somebody has a bond in no seat", || put_bonds(0, 2, &[(4, 1)]));
	finds("invariant 3: bonds are not those of the last epoch", || put_bonds(1, 1, &[(2, 1)]));
	finds("invariant 3: bonds are not those of the last epoch", || put_bonds(0, 5, &[(2, 1)]));
	finds("invariant 3: more seats have bonds than may validate", || {
		for uid in 4..65 {
			FakeRegistry::seat(NETUID, 1_000 + uid);
		}
		(0..65).for_each(|uid| put_bonds(uid, 2, &[(2, 1)]));
	});
}

#[test]
fn invariant_4_commitments_are_their_seats() {
	finds("invariant 4: what is no seat has committed", || {
		let commits = OpenCommits::<Test>::get(NETUID, Uid(1));
		OpenCommits::<Test>::insert(NETUID, Uid(4), commits);
	});
	finds("invariant 4: a list of commitments is empty", || {
		change_commits(|commits| commits.clear())
	});
	finds("invariant 4: commitments are not in order", || {
		change_commits(|commits| commits[0].at = 5);
	});
	finds("invariant 4: a commitment is not its seat's", || {
		change_commits(|commits| commits[1].at = 5);
	});
	finds("invariant 4: a commitment is not its seat's", || {
		let commits = OpenCommits::<Test>::get(NETUID, Uid(1));
		FakeRegistry::replace(NETUID, Uid(1), 1_000);
		change_neuron(1, |neuron| neuron.set_at = Some(4));
		OpenCommits::<Test>::insert(NETUID, Uid(1), commits);
	});
	finds("invariant 4: a commitment is there twice", || {
		change_commits(|commits| commits[1].hash = commits[0].hash);
	});
}

/// What a dissolved subnet leaves is sound until the registry has cleaned its seats up.
#[test]
fn invariant_4_knows_the_commitments_of_a_dissolved_subnet() {
	finds("invariant 4: what is no seat has committed", || {
		FakeRegistry::dissolve(NETUID);
		assert_eq!(Yuma::do_try_state(), Ok(()));
		let commits = OpenCommits::<Test>::get(NETUID, Uid(1));
		for _ in 0..3 {
			FakeRegistry::clean(NETUID);
			assert_eq!(Yuma::do_try_state(), Ok(()));
		}
		OpenCommits::<Test>::insert(NETUID, Uid(1), commits);
	});
}
