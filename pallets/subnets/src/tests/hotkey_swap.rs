//! Hotkeys that become another account.

use super::{assert_last_event, id_of, record_of, root, seats, signed, subnet_of, ANY};
use crate::{
	mock::{
		tao, wait, Balances, FakeMarket, Params, Subnets, Test, TestExt, ALICE, BOB, CHARLIE,
		HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Error, Event, FormerHotkeys, HotkeyIds, OwnedHotkey, OwnedHotkeys, Uids,
};
use dtao_primitives::{constants::EXISTENTIAL_DEPOSIT, Uid};
use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};
use sp_runtime::{DispatchError, DispatchResult, TokenError};

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
		let cost = Params::get().min_neuron_cost;
		assert_last_event(Event::HotkeySwapped { from: HOTKEY, to: NEW, cost });
	});
}

/// Hazard E32: a swap leaves a row for ever, and pays for it as a registration does at least.
#[test]
fn a_swap_recycles_the_least_cost_of_a_registration() {
	one_neuron().execute_with(|| {
		let cost = Params::get().min_neuron_cost.get();
		let (free, issuance) = (Balances::free_balance(ALICE), Balances::total_issuance());
		assert_ok!(swap(HOTKEY, NEW));
		assert_eq!(Balances::free_balance(ALICE), free - cost);
		assert_eq!(Balances::total_issuance(), issuance - cost);
	});
}

#[test]
fn who_cannot_pay_for_a_swap_is_refused() {
	one_neuron().hotkey(CHARLIE, 30, None).execute_with(|| {
		let call = || Subnets::swap_hotkey(signed(CHARLIE), 30, NEW);
		assert_noop!(call(), TokenError::FundsUnavailable);
		// Enough, but not to stay alive.
		let cost = Params::get().min_neuron_cost.get();
		let missing = EXISTENTIAL_DEPOSIT + cost - 1;
		assert_ok!(Balances::mint_into(&CHARLIE, missing));
		assert_noop!(call(), TokenError::FundsUnavailable);
		assert_ok!(Balances::mint_into(&CHARLIE, 1));
		assert_ok!(call());
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
		assert_noop!(swap(NEW, 41), Error::<Test>::HotkeySwapTooSoon);
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

/// Who goes on staking by the old name must not come to serve somebody else.
#[test]
fn the_account_that_was_left_is_no_hotkey_and_nobody_elses() {
	one_neuron().execute_with(|| {
		let id = id_of(HOTKEY);
		assert_ok!(swap(HOTKEY, NEW));
		assert_eq!(FormerHotkeys::<Test>::get(HOTKEY), Some(id));
		assert_noop!(swap(HOTKEY, 41), Error::<Test>::UnknownHotkey);
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, HOTKEY, ANY),
			Error::<Test>::FormerHotkey
		);
		assert_noop!(
			Subnets::register_subnet(signed(BOB), HOTKEY, ANY),
			Error::<Test>::FormerHotkey
		);
		assert_noop!(
			Subnets::swap_hotkey(signed(BOB), OTHER_HOTKEY, HOTKEY),
			Error::<Test>::FormerHotkey
		);
		assert_noop!(Subnets::rebind_hotkey(signed(HOTKEY), BOB), Error::<Test>::UnknownHotkey);
	});
}

#[test]
fn the_account_that_was_left_may_be_bound_anew_by_its_owner() {
	one_neuron().execute_with(|| {
		let old = id_of(HOTKEY);
		assert_ok!(swap(HOTKEY, NEW));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, HOTKEY, ANY));
		assert_ne!(id_of(HOTKEY), old);
		assert_eq!(record_of(HOTKEY).owner, ALICE);
		assert_eq!(FormerHotkeys::<Test>::iter().count(), 0);
		assert_noop!(
			Subnets::register_neuron(signed(ALICE), NETUID, NEW, ANY),
			Error::<Test>::AlreadyRegistered
		);
	});
}

#[test]
fn a_hotkey_may_go_back_to_an_account_that_it_had() {
	one_neuron().execute_with(|| {
		let id = id_of(HOTKEY);
		assert_ok!(swap(HOTKEY, NEW));
		wait(INTERVAL);
		assert_ok!(swap(NEW, HOTKEY));
		assert_eq!(id_of(HOTKEY), id);
		let former: Vec<_> = FormerHotkeys::<Test>::iter().collect();
		assert_eq!(former, [(NEW, id)]);
	});
}

/// It is whose the hotkey is now, and not whose it was when its account was left.
#[test]
fn a_former_account_goes_with_its_hotkey() {
	one_neuron().execute_with(|| {
		assert_ok!(swap(HOTKEY, NEW));
		assert_ok!(Subnets::announce_coldkey_swap(signed(ALICE), BOB));
		wait(20);
		assert_ok!(Subnets::swap_coldkey(signed(CHARLIE), ALICE));
		assert_noop!(
			Subnets::register_neuron(signed(ALICE), NETUID, HOTKEY, ANY),
			Error::<Test>::FormerHotkey
		);
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, HOTKEY, ANY));
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
