//! Hotkeys that choose another owner.

use super::{assert_last_event, id_of, owner_of, record_of, root, seats, set_params, signed, ANY};
use crate::{
	mock::{
		tao, wait, FakeMarket, RuntimeEvent, RuntimeOrigin, Subnets, System, Test, TestExt, ALICE,
		BOB, CHARLIE, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Error, Event, OwnedHotkey, OwnedHotkeys, MAX_TAKE,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, PerU16};

/// Alice owns `HOTKEY`, which takes 3 %; her subnet is on `OTHER_HOTKEY`.
fn one_hotkey() -> TestExt {
	let ext = TestExt::new().endow(ALICE, tao(100)).subnet(ALICE, OTHER_HOTKEY);
	ext.hotkey(ALICE, HOTKEY, Some(PerU16::from_percent(3)))
}

#[test]
fn a_hotkey_that_nothing_depends_on_chooses_its_owner() {
	one_hotkey().execute_with(|| {
		let id = id_of(HOTKEY);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		assert_eq!(record_of(HOTKEY), OwnedHotkey::new(HOTKEY, BOB, MAX_TAKE));
		assert_eq!(id_of(HOTKEY), id);
		assert!(!OwnedHotkeys::<Test>::contains_key(ALICE, id));
		assert!(OwnedHotkeys::<Test>::contains_key(BOB, id));
		let take_set = Event::TakeSet { hotkey: HOTKEY, take: MAX_TAKE };
		System::assert_has_event(RuntimeEvent::Subnets(take_set));
		assert_last_event(Event::HotkeyRebound { hotkey: HOTKEY, from: ALICE, to: BOB });
		assert_noop!(
			Subnets::set_take(signed(ALICE), HOTKEY, PerU16::zero()),
			Error::<Test>::NotHotkeyOwner
		);
		assert_ok!(Subnets::set_take(signed(BOB), HOTKEY, PerU16::zero()));
	});
}

#[test]
fn a_hotkey_may_own_itself_or_stay() {
	one_hotkey().execute_with(|| {
		for owner in [ALICE, HOTKEY] {
			assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), owner));
			assert_eq!(owner_of(HOTKEY), owner);
		}
	});
}

#[test]
fn a_rebound_hotkey_begins_anew_with_its_take() {
	one_hotkey().execute_with(|| {
		let raise = || Subnets::set_take(signed(ALICE), HOTKEY, PerU16::from_percent(9));
		assert_ok!(raise());
		set_params(|params| params.default_take = PerU16::from_percent(5));
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), ALICE));
		let expected = OwnedHotkey::new(HOTKEY, ALICE, PerU16::from_percent(5));
		assert_eq!(record_of(HOTKEY), expected);
		wait(30);
		assert_eq!(record_of(HOTKEY).take_at(31), PerU16::from_percent(5));
		assert_ok!(raise());
	});
}

#[test]
fn a_hotkey_with_a_seat_keeps_its_owner() {
	one_hotkey().execute_with(|| {
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, HOTKEY, ANY));
		assert_noop!(Subnets::rebind_hotkey(signed(HOTKEY), BOB), Error::<Test>::HotkeySeated);
	});
}

#[test]
fn a_hotkey_with_stake_keeps_its_owner() {
	one_hotkey().execute_with(|| {
		FakeMarket::set_stake(id_of(HOTKEY), 1);
		assert_noop!(Subnets::rebind_hotkey(signed(HOTKEY), BOB), Error::<Test>::HotkeyStaked);
		FakeMarket::set_stake(id_of(HOTKEY), 0);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
	});
}

#[test]
fn a_hotkey_of_an_owners_cut_keeps_its_owner_until_the_subnet_is_gone() {
	one_hotkey().execute_with(|| {
		assert_noop!(Subnets::rebind_hotkey(signed(OTHER_HOTKEY), BOB), Error::<Test>::HotkeyNamed);
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		assert_ok!(Subnets::rebind_hotkey(signed(OTHER_HOTKEY), BOB));
	});
}

#[test]
fn a_replaced_hotkey_chooses_its_owner() {
	one_hotkey().endow(BOB, tao(9)).execute_with(|| {
		let few = dtao_primitives::Hyperparams {
			max_seats: 1,
			neuron_immunity: 0,
			..super::first_hyperparams()
		};
		assert_ok!(Subnets::set_subnet_params(signed(ALICE), NETUID, few));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, HOTKEY, ANY));
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, 30, ANY));
		assert_eq!(seats(NETUID), [(id_of(30), 1)]);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
	});
}

#[test]
fn nobody_but_a_hotkey_chooses_its_owner() {
	one_hotkey().execute_with(|| {
		for stranger in [ALICE, CHARLIE] {
			assert_noop!(
				Subnets::rebind_hotkey(signed(stranger), BOB),
				Error::<Test>::UnknownHotkey
			);
		}
		for origin in [root(), RuntimeOrigin::none()] {
			assert_noop!(Subnets::rebind_hotkey(origin, BOB), DispatchError::BadOrigin);
		}
	});
}
