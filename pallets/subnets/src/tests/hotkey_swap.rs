//! Hotkeys that become another account.

use super::{assert_last_event, id_of, record_of, root, seats, signed, subnet_of, ANY};
use crate::{
	mock::{
		tao, wait, FakeMarket, Subnets, Test, TestExt, ALICE, BOB, CHARLIE, HOTKEY, NETUID,
		OTHER_HOTKEY,
	},
	Error, Event, HotkeyIds, OwnedHotkey, OwnedHotkeys, Uids,
};
use dtao_primitives::Uid;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

/// The fewest blocks between two swaps of one hotkey.
const INTERVAL: u32 = 8;
/// An account that is no hotkey.
const NEW: u64 = 40;

/// A subnet of Alice's, in which `HOTKEY` has the seat and the owner's cut.
fn one_neuron() -> TestExt {
	let subnet = crate::GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(1),
		tempo: None,
		started: true,
		neurons: vec![HOTKEY],
	};
	let ext = TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100));
	ext.subnet_with(subnet).hotkey(BOB, OTHER_HOTKEY, None)
}

/// Alice exchanges `from` for `to`.
fn swap(from: u64, to: u64) -> DispatchResult {
	Subnets::swap_hotkey(signed(ALICE), from, to)
}

/// Hazard E33: a number is the key of all that a hotkey has, and a swap leaves it.
#[test]
fn a_swapped_hotkey_keeps_its_number_and_all_that_hangs_on_it() {
	one_neuron().execute_with(|| {
		let (id, before) = (id_of(HOTKEY), record_of(HOTKEY));

		assert_ok!(swap(HOTKEY, NEW));

		assert_eq!(id_of(NEW), id);
		assert_eq!(HotkeyIds::<Test>::get(HOTKEY), None);
		let after = OwnedHotkey { account: NEW, swapped_at: Some(1), ..before };
		assert_eq!(record_of(NEW), after);
		assert_eq!(seats(NETUID), [(id, 0)]);
		assert_eq!(Uids::<Test>::get(NETUID, id), Some(Uid(0)));
		assert_eq!(subnet_of(NETUID).hotkey, id);
		assert!(OwnedHotkeys::<Test>::contains_key(ALICE, id));
		assert_last_event(Event::HotkeySwapped { from: HOTKEY, to: NEW });
	});
}

#[test]
fn a_hotkey_is_swapped_once_in_the_interval() {
	one_neuron().execute_with(|| {
		assert_ok!(swap(HOTKEY, NEW));
		wait(INTERVAL - 1);
		assert_noop!(swap(NEW, HOTKEY), Error::<Test>::HotkeySwapTooSoon);
		wait(1);
		assert_ok!(swap(NEW, HOTKEY));
	});
}

#[test]
fn a_rebound_hotkey_is_not_swapped_sooner() {
	one_neuron().hotkey(ALICE, 30, None).execute_with(|| {
		assert_ok!(swap(30, NEW));
		assert_ok!(Subnets::rebind_hotkey(signed(NEW), ALICE));
		assert_noop!(swap(NEW, 30), Error::<Test>::HotkeySwapTooSoon);
	});
}

#[test]
fn a_hotkey_does_not_become_another_hotkey_nor_itself() {
	one_neuron().execute_with(|| {
		for taken in [HOTKEY, OTHER_HOTKEY] {
			assert_noop!(swap(HOTKEY, taken), Error::<Test>::HotkeyTaken);
		}
	});
}

#[test]
fn a_hotkey_may_become_a_coldkey_s_account() {
	one_neuron().execute_with(|| {
		FakeMarket::set_positions(BOB, 3);
		assert_ok!(swap(HOTKEY, BOB));
		assert_eq!(record_of(BOB).owner, ALICE);
		assert_eq!(FakeMarket::positions(BOB), 3);
		assert_eq!(record_of(OTHER_HOTKEY).owner, BOB);
	});
}

#[test]
fn the_account_that_was_left_is_nobodys_and_may_be_bound_anew() {
	one_neuron().execute_with(|| {
		let old = id_of(HOTKEY);
		assert_ok!(swap(HOTKEY, NEW));
		assert_noop!(swap(HOTKEY, 41), Error::<Test>::UnknownHotkey);
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, HOTKEY, ANY));
		assert_ne!(id_of(HOTKEY), old);
		assert_eq!(record_of(HOTKEY).owner, BOB);
		assert_noop!(
			Subnets::register_neuron(signed(ALICE), NETUID, NEW, ANY),
			Error::<Test>::AlreadyRegistered
		);
	});
}

#[test]
fn nobody_but_the_owner_swaps_a_hotkey() {
	one_neuron().execute_with(|| {
		for stranger in [BOB, CHARLIE, HOTKEY] {
			assert_noop!(
				Subnets::swap_hotkey(signed(stranger), HOTKEY, NEW),
				Error::<Test>::NotHotkeyOwner
			);
		}
		assert_noop!(swap(NEW, 41), Error::<Test>::UnknownHotkey);
		assert_noop!(Subnets::swap_hotkey(root(), HOTKEY, NEW), DispatchError::BadOrigin);
	});
}
