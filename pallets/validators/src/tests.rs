//! Validators come and go with sessions, and there is always one.

use crate::{mock::*, Error, Event, SessionBlocks, Validators as List, MAX_SESSION_BLOCKS};
use codec::Encode;
use frame_support::{
	assert_noop, assert_ok,
	traits::{EstimateNextSessionRotation, KeyOwnerProofSystem},
};
use pallet_session::historical;
use sp_runtime::{
	key_types::DUMMY, testing::UintAuthorityId, BuildStorage, DispatchError, Perbill,
};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

fn list() -> Vec<u64> {
	List::<Test>::get().into_inner()
}

/// `who` says which keys are its own, and proves it.
fn set_keys(who: u64) {
	let proof = keys(who).create_ownership_proof(&who.encode()).expect("the key signs");
	assert_ok!(Session::set_keys(RuntimeOrigin::signed(who), keys(who), proof.encode()));
}

fn happened(event: Event<Test>) -> bool {
	System::events().iter().any(|record| record.event == event.clone().into())
}

fn offence(who: u64) {
	let details = OffenceDetails { offender: (who, ()), reporters: vec![] };
	<Validators as OnOffenceHandler<_, _, _>>::on_offence(
		&[details],
		&[Perbill::from_percent(10)],
		Session::current_index(),
	);
}

#[test]
fn genesis_names_who_makes_blocks() {
	on_chain(&[1, 2], || {
		assert_eq!(list(), [1, 2]);
		assert_eq!(Session::validators(), [1, 2]);
		assert_eq!(Authorities::get(), [1, 2]);
	});
}

#[test]
fn a_validator_that_is_added_makes_blocks_from_the_session_after_next() {
	on_chain(&[1], || {
		set_keys(2);
		assert_ok!(Validators::add_validator(RuntimeOrigin::root(), 2));
		System::assert_last_event(Event::ValidatorAdded { who: 2 }.into());
		sessions(1);
		assert_eq!(Authorities::get(), [1]);
		sessions(1);
		assert_eq!(Authorities::get(), [1, 2]);
		assert_eq!(Changes::get(), 1);
	});
}

#[test]
fn a_validator_that_is_removed_makes_blocks_until_the_session_after_next() {
	on_chain(&[1, 2], || {
		assert_ok!(Validators::remove_validator(RuntimeOrigin::root(), 1));
		System::assert_last_event(Event::ValidatorRemoved { who: 1 }.into());
		sessions(1);
		assert_eq!(Authorities::get(), [1, 2]);
		sessions(1);
		assert_eq!(Authorities::get(), [2]);
	});
}

#[test]
fn consensus_is_not_told_of_sessions_that_change_nothing() {
	on_chain(&[1, 2], || {
		sessions(1);
		// Genesis plans its first session as a change, to the same validators.
		let at_first = Changes::get();
		sessions(3);
		assert_eq!(Changes::get(), at_first);
	});
}

#[test]
fn new_keys_of_a_validator_are_a_change() {
	on_chain(&[1, 2], || {
		sessions(2);
		let before = Changes::get();
		let proof = keys(7).create_ownership_proof(&1u64.encode()).expect("the key signs");
		assert_ok!(Session::set_keys(RuntimeOrigin::signed(1), keys(7), proof.encode()));
		sessions(2);
		assert_eq!(Changes::get(), before + 1);
		assert_eq!(Session::queued_keys(), [(1, keys(7)), (2, keys(2))]);
	});
}

#[test]
fn only_governance_changes_the_set() {
	on_chain(&[1, 2], || {
		set_keys(3);
		let one = RuntimeOrigin::signed(1);
		assert_noop!(Validators::add_validator(one.clone(), 3), DispatchError::BadOrigin);
		assert_noop!(Validators::remove_validator(one, 2), DispatchError::BadOrigin);
	});
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
	on_chain(&[1, 2, 3], || {
		let root = RuntimeOrigin::root;
		assert_noop!(Validators::add_validator(root(), 1), Error::<Test>::AlreadyValidator);
		assert_noop!(Validators::add_validator(root(), 4), Error::<Test>::NoKeys);
		assert_noop!(Validators::remove_validator(root(), 4), Error::<Test>::UnknownValidator);
		set_keys(4);
		set_keys(5);
		assert_ok!(Validators::add_validator(root(), 4));
		assert_noop!(Validators::add_validator(root(), 5), Error::<Test>::TooManyValidators);
	});
}

#[test]
fn the_last_validator_with_keys_stays() {
	on_chain(&[1, 2], || {
		let root = RuntimeOrigin::root;
		assert_ok!(Session::purge_keys(RuntimeOrigin::signed(2)));
		assert_noop!(Validators::remove_validator(root(), 1), Error::<Test>::LastValidator);
		assert_ok!(Validators::remove_validator(root(), 2));
		assert_noop!(Validators::remove_validator(root(), 1), Error::<Test>::LastValidator);
	});
}

#[test]
fn a_session_goes_on_while_nobody_could_make_the_next_ones_blocks() {
	on_chain(&[1, 2], || {
		sessions(2);
		let index = Session::current_index();
		assert_ok!(Session::purge_keys(RuntimeOrigin::signed(1)));
		assert_ok!(Session::purge_keys(RuntimeOrigin::signed(2)));
		sessions(1);
		assert!(happened(Event::SessionProlonged));
		assert_eq!(Session::current_index(), index);
		assert_eq!(Authorities::get(), [1, 2]);

		set_keys(2);
		sessions(2);
		assert_eq!(Session::current_index(), index + 2);
		assert_eq!(Authorities::get(), [2]);
	});
}

#[test]
fn a_validator_without_keys_is_left_out_until_it_has_some() {
	on_chain(&[1, 2], || {
		assert_ok!(Session::purge_keys(RuntimeOrigin::signed(1)));
		sessions(2);
		assert_eq!(Authorities::get(), [2]);
		assert_eq!(list(), [1, 2]);
		set_keys(1);
		sessions(2);
		assert_eq!(Authorities::get(), [1, 2]);
	});
}

#[test]
fn a_key_can_be_proved_to_be_a_validators_while_its_session_is_remembered() {
	on_chain(&[1, 2], || {
		sessions(1);
		let key = UintAuthorityId(2).encode();
		let proof = Historical::prove((DUMMY, key.clone())).expect("2 has the key");
		let owner = |proof| Historical::check_proof((DUMMY, key.clone()), proof);

		assert_ok!(Validators::remove_validator(RuntimeOrigin::root(), 2));
		sessions(u64::from(HISTORY_DEPTH));
		assert_eq!(owner(proof.clone()), Some((2, ())), "it was a validator then");
		sessions(1);
		assert_eq!(owner(proof), None, "that session is forgotten");
		let kept = historical::StoredRange::<Test>::get().expect("some are remembered");
		assert_eq!(kept.0, Session::current_index() - HISTORY_DEPTH);
	});
}

#[test]
fn an_offender_makes_no_blocks_until_the_set_changes() {
	on_chain(&[1, 2, 3, 4], || {
		sessions(2);
		offence(3);
		let severity = Perbill::from_percent(10);
		System::assert_last_event(Event::OffenceProved { who: 3, severity }.into());
		assert_eq!(Session::disabled_validators(), [2]);
		sessions(1);
		assert_eq!(Session::disabled_validators(), [2], "nothing changed");
		assert_ok!(Validators::remove_validator(RuntimeOrigin::root(), 3));
		sessions(2);
		assert!(Session::disabled_validators().is_empty());
		assert_eq!(Authorities::get(), [1, 2, 4]);
	});
}

#[test]
fn no_more_than_a_third_are_disabled() {
	on_chain(&[1, 2, 3, 4], || {
		offence(1);
		offence(2);
		assert_eq!(Session::disabled_validators(), [0]);
		offence(9);
		assert_eq!(Session::disabled_validators(), [0], "9 is no validator");
	});
}

#[test]
fn the_next_end_of_a_session_can_be_foreseen() {
	on_chain(&[1], || {
		type Ends = crate::EndedByValidators<Test>;
		assert_eq!(Ends::average_session_length(), SESSION);
		assert_eq!(Ends::estimate_next_session_rotation(SESSION + 1).0, Some(2 * SESSION));
		assert!(Ends::estimate_current_session_progress(SESSION + 4).0.is_some());
	});
}

#[test]
#[should_panic(expected = "a session has")]
fn genesis_refuses_a_session_out_of_bounds() {
	let session_blocks = MAX_SESSION_BLOCKS + 1;
	let genesis = crate::GenesisConfig::<Test> { session_blocks, ..Default::default() };
	genesis.build_storage().expect("it panics before");
}

#[test]
#[should_panic(expected = "each validator once")]
fn genesis_refuses_a_validator_that_it_names_twice() {
	let genesis = crate::GenesisConfig::<Test> { validators: vec![1, 1], ..Default::default() };
	genesis.build_storage().expect("it panics before");
}

/// What the invariants say of `damage`.
fn damaged(damage: impl FnOnce()) -> &'static str {
	new_chain(&[1, 2]).execute_with(|| {
		damage();
		match Validators::do_try_state() {
			Err(DispatchError::Other(what)) => what,
			other => panic!("{other:?}"),
		}
	})
}

#[test]
fn each_invariant_bites() {
	let twice = || List::<Test>::mutate(|all| all.try_push(1).expect("there is room"));
	assert!(damaged(twice).starts_with('1'));
	assert!(damaged(List::<Test>::kill).starts_with('2'));
	assert!(damaged(pallet_session::QueuedKeys::<Test>::kill).starts_with('2'));
	assert!(damaged(|| SessionBlocks::<Test>::put(0)).starts_with('3'));
}
