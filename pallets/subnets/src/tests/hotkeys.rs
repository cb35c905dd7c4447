//! Who owns a hotkey, and what it takes.

use super::{id_of, set_params, signed};
use crate::{
	mock::{
		tao, wait, RuntimeEvent, RuntimeOrigin, Subnets, System, Test, TestExt, ALICE, BOB,
		CHARLIE, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Error, Event, Hotkeys, OwnedHotkey, MAX_TAKE,
};
use dtao_primitives::{HotkeyId, Tao};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, PerU16};

const ANY: Tao = Tao(u64::MAX);

/// Alice owns `HOTKEY`, and nothing else is there.
fn one_hotkey() -> TestExt {
	TestExt::new().hotkey(ALICE, HOTKEY, None)
}

#[test]
fn a_hotkey_is_owned_by_the_first_that_registers_with_it() {
	let rich = |ext: TestExt, who| ext.endow(who, tao(100));
	[ALICE, BOB, CHARLIE].into_iter().fold(TestExt::new(), rich).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY));
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));

		let owned = |account, owner| OwnedHotkey { account, owner, take: MAX_TAKE };
		assert_eq!(Hotkeys::<Test>::get(id_of(HOTKEY)), Some(owned(HOTKEY, ALICE)));
		assert_eq!(Hotkeys::<Test>::get(id_of(OTHER_HOTKEY)), Some(owned(OTHER_HOTKEY, BOB)));
		wait(10);
		for hotkey in [HOTKEY, OTHER_HOTKEY] {
			assert_noop!(
				Subnets::register_subnet(signed(CHARLIE), hotkey),
				Error::<Test>::NotHotkeyOwner
			);
			assert_noop!(
				Subnets::register_neuron(signed(CHARLIE), NETUID, hotkey, ANY),
				Error::<Test>::NotHotkeyOwner
			);
		}
	});
}

#[test]
fn a_hotkey_keeps_its_number_and_take_when_it_registers_again() {
	let take = PerU16::from_percent(5);
	TestExt::new().endow(ALICE, tao(100)).hotkey(ALICE, HOTKEY, Some(take)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, HOTKEY, ANY));
		let record = OwnedHotkey { account: HOTKEY, owner: ALICE, take };
		assert_eq!(Hotkeys::<Test>::iter().collect::<Vec<_>>(), [(HotkeyId(0), record)]);
	});
}

#[test]
fn a_coldkey_may_be_its_own_hotkey() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), ALICE));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, ALICE, ANY));
	});
}

#[test]
fn the_owner_sets_the_take_down_and_up() {
	one_hotkey().execute_with(|| {
		for take in [PerU16::zero(), PerU16::from_percent(9), MAX_TAKE] {
			assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, take));
			let record = OwnedHotkey { account: HOTKEY, owner: ALICE, take };
			assert_eq!(Hotkeys::<Test>::get(id_of(HOTKEY)), Some(record));
			System::assert_last_event(RuntimeEvent::Subnets(Event::TakeSet {
				hotkey: HOTKEY,
				take,
			}));
		}
	});
}

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
