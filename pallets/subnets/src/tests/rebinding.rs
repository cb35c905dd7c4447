//! Hotkeys that choose another owner.

use super::{assert_last_event, id_of, owner_of, record_of, root, seats, set_params, signed, ANY};
use crate::{
	mock::{
		tao, wait, FakeMarket, RuntimeEvent, RuntimeOrigin, Subnets, System, Test, TestExt, ALICE,
		BOB, CHARLIE, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Error, Event, OwnedHotkey, OwnedHotkeys, Rebinding, Rebindings, MAX_TAKE,
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

/// Somebody has stake on `HOTKEY`.
fn staked_hotkey() -> sp_io::TestExternalities {
	let mut ext = one_hotkey().build();
	ext.execute_with(|| FakeMarket::set_stake(id_of(HOTKEY), 1));
	ext
}

/// How long a raise of the take, and so a rebinding, is announced before.
const DELAY: u32 = 30;

#[test]
fn stake_delays_the_choice_of_another_owner_and_cannot_stop_it() {
	staked_hotkey().execute_with(|| {
		let before = record_of(HOTKEY);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		let from = 1 + DELAY;
		assert_last_event(Event::HotkeyRebindAnnounced { hotkey: HOTKEY, to: BOB, from });
		assert_eq!(Rebindings::<Test>::get(id_of(HOTKEY)), Some(Rebinding { to: BOB, from }));
		assert_eq!(record_of(HOTKEY), before);
		// Nominators have as long as when a take is raised; more stake makes it no longer.
		FakeMarket::set_stake(id_of(HOTKEY), 2);
		wait(DELAY - 1);
		assert_noop!(Subnets::rebind_hotkey(signed(HOTKEY), BOB), Error::<Test>::HotkeyStaked);
		wait(1);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		assert_eq!(record_of(HOTKEY), OwnedHotkey::new(HOTKEY, BOB, MAX_TAKE));
		assert_eq!(Rebindings::<Test>::iter().count(), 0);
		Subnets::do_try_state().expect("every invariant holds");
	});
}

#[test]
fn a_hotkey_whose_stake_has_left_does_not_wait() {
	staked_hotkey().execute_with(|| {
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		FakeMarket::set_stake(id_of(HOTKEY), 0);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), CHARLIE));
		assert_eq!(record_of(HOTKEY), OwnedHotkey::new(HOTKEY, CHARLIE, MAX_TAKE));
		assert_eq!(Rebindings::<Test>::iter().count(), 0);
	});
}

#[test]
fn an_announced_choice_lapses_and_is_for_one_coldkey() {
	staked_hotkey().execute_with(|| {
		let rebind = |coldkey| Subnets::rebind_hotkey(signed(HOTKEY), coldkey);
		let announced = || Rebindings::<Test>::get(id_of(HOTKEY)).map(|to| (to.to, to.from));
		assert_ok!(rebind(BOB));
		wait(2 * DELAY);
		assert_ok!(rebind(BOB));
		assert_eq!(announced(), Some((BOB, 1 + 3 * DELAY)), "the first has lapsed");
		wait(DELAY);
		assert_ok!(rebind(CHARLIE));
		assert_eq!(announced(), Some((CHARLIE, 1 + 4 * DELAY)), "another choice waits anew");
		assert_eq!(owner_of(HOTKEY), ALICE);
	});
}

/// A stolen hotkey with the stake of others: its owner takes that to another account in time.
#[test]
fn a_swapped_hotkey_forgets_what_its_account_had_announced() {
	staked_hotkey().execute_with(|| {
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		assert_ok!(Subnets::swap_hotkey(signed(ALICE), HOTKEY, 40));
		wait(DELAY);
		assert_noop!(Subnets::rebind_hotkey(signed(HOTKEY), BOB), Error::<Test>::UnknownHotkey);
		assert_eq!(owner_of(40), ALICE);
		assert_eq!(Rebindings::<Test>::iter().count(), 0);
	});
}

/// Without a delay the second call does it, in the same block.
#[test]
fn without_a_delay_the_second_call_rebinds() {
	staked_hotkey().execute_with(|| {
		set_params(|params| params.take_delay = 0);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		assert_eq!(owner_of(HOTKEY), ALICE);
		assert_ok!(Subnets::rebind_hotkey(signed(HOTKEY), BOB));
		assert_eq!(owner_of(HOTKEY), BOB);
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
