//! What a hotkey takes: less at once, more after a delay.

use super::{assert_last_event, id_of, record_of, set_params, signed};
use crate::{
	mock::{wait, RuntimeOrigin, Subnets, System, Test, TestExt, ALICE, BOB, HOTKEY, OTHER_HOTKEY},
	Error, Event, OwnedHotkey, TakeRaise, MAX_TAKE,
};
use dtao_primitives::traits::SubnetRegistry;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, PerU16};

/// Blocks from the announcement of a raise to its effect.
const DELAY: u32 = 30;

const fn percent(n: u16) -> PerU16 {
	PerU16::from_percent(n)
}

/// Alice owns `HOTKEY`, which takes 10 %, and nothing else is there.
fn one_hotkey() -> TestExt {
	TestExt::new().hotkey(ALICE, HOTKEY, Some(percent(10)))
}

/// What `HOTKEY` takes in this block, as the market is told.
fn take() -> PerU16 {
	Subnets::hotkey(id_of(HOTKEY)).expect("somebody owns the hotkey").take
}

#[test]
fn less_is_taken_at_once() {
	one_hotkey().execute_with(|| {
		for less in [percent(10), percent(3), PerU16::zero()] {
			assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, less));
			assert_eq!(record_of(HOTKEY), OwnedHotkey::new(HOTKEY, ALICE, less));
			assert_eq!(take(), less);
			assert_last_event(Event::TakeSet { hotkey: HOTKEY, take: less });
		}
	});
}

/// Hazard E30: stakers can leave before a higher take holds.
#[test]
fn more_is_taken_after_the_delay() {
	one_hotkey().execute_with(|| {
		assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, percent(12)));

		let from = 1 + DELAY;
		let raise = Some(TakeRaise { take: percent(12), from });
		let before = OwnedHotkey::new(HOTKEY, ALICE, percent(10));
		assert_eq!(record_of(HOTKEY), OwnedHotkey { raise, raised_at: Some(1), ..before });
		let event = Event::TakeRaiseAnnounced { hotkey: HOTKEY, take: percent(12), from };
		assert_last_event(event);
		wait(DELAY - 1);
		assert_eq!(take(), percent(10));
		wait(1);
		assert_eq!(take(), percent(12));
	});
}

/// Hazard E30: a raise does not follow a raise.
#[test]
fn a_raise_is_announced_once_in_the_delay() {
	one_hotkey().execute_with(|| {
		let set_take = |take| Subnets::set_take(signed(ALICE), HOTKEY, percent(take));
		assert_ok!(set_take(12));
		wait(DELAY - 1);
		assert_noop!(set_take(11), Error::<Test>::TakeRaisedTooSoon);
		assert_noop!(set_take(13), Error::<Test>::TakeRaisedTooSoon);
		wait(1);
		assert_ok!(set_take(13));
		assert_eq!(take(), percent(12));
		wait(DELAY);
		assert_eq!(take(), percent(13));
	});
}

#[test]
fn less_withdraws_a_raise_and_does_not_let_another_come_sooner() {
	one_hotkey().execute_with(|| {
		let set_take = |take| Subnets::set_take(signed(ALICE), HOTKEY, percent(take));
		assert_ok!(set_take(12));
		wait(5);
		assert_ok!(set_take(10));
		assert_noop!(set_take(11), Error::<Test>::TakeRaisedTooSoon);
		wait(DELAY - 5);
		assert_eq!(take(), percent(10));
		assert_ok!(set_take(11));
	});
}

#[test]
fn what_is_less_is_measured_by_the_raise_in_effect() {
	one_hotkey().execute_with(|| {
		assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, percent(15)));
		wait(DELAY);
		assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, percent(12)));
		assert_eq!(take(), percent(12));
		assert_eq!(record_of(HOTKEY).raise, None);
	});
}

#[test]
fn without_delay_more_is_taken_at_once() {
	one_hotkey().execute_with(|| {
		set_params(|params| params.take_delay = 0);
		for more in [percent(11), percent(12)] {
			assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, more));
			assert_eq!(take(), more);
		}
	});
}

#[test]
fn a_raise_beyond_the_last_block_never_comes() {
	one_hotkey().execute_with(|| {
		set_params(|params| params.take_delay = u32::MAX);
		assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, percent(11)));
		System::set_block_number(u32::MAX - 1);
		assert_eq!(take(), percent(10));
	});
}

/// Hazard E30: 18 % is the most, whoever asks.
#[test]
fn a_take_above_the_most_changes_nothing() {
	one_hotkey().execute_with(|| {
		let above = PerU16::from_parts(MAX_TAKE.deconstruct() + 1);
		for take in [above, PerU16::one()] {
			assert_noop!(
				Subnets::set_take(signed(ALICE), HOTKEY, take),
				Error::<Test>::TakeTooHigh
			);
		}
	});
}

#[test]
fn governance_may_lower_the_most() {
	one_hotkey().execute_with(|| {
		set_params(|params| params.max_take = PerU16::from_percent(10));
		assert_noop!(
			Subnets::set_take(signed(ALICE), HOTKEY, PerU16::from_percent(11)),
			Error::<Test>::TakeTooHigh
		);
		assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, PerU16::from_percent(10)));
	});
}

#[test]
fn nobody_but_the_owner_sets_the_take() {
	one_hotkey().execute_with(|| {
		for stranger in [BOB, HOTKEY] {
			assert_noop!(
				Subnets::set_take(signed(stranger), HOTKEY, PerU16::zero()),
				Error::<Test>::NotHotkeyOwner
			);
		}
		assert_noop!(
			Subnets::set_take(RuntimeOrigin::none(), HOTKEY, PerU16::zero()),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn an_unknown_hotkey_has_no_take() {
	one_hotkey().execute_with(|| {
		assert_noop!(
			Subnets::set_take(signed(ALICE), OTHER_HOTKEY, PerU16::zero()),
			Error::<Test>::UnknownHotkey
		);
	});
}
