//! Coldkeys that are exchanged for another.

use super::{assert_last_event, id_of, owner_of, root, set_params, signed, subnet_of, ANY};
use crate::{
	mock::{
		tao, wait, Asked, FakeMarket, MarketIsOpen, RuntimeOrigin, Subnets, System, Test, TestExt,
		ALICE, BOB, CHARLIE, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	ColdkeySwap, ColdkeySwaps, Error, Event, OwnedHotkeys, WeightInfo, MAX_SWAP_ITEMS,
};
use dtao_primitives::{HotkeyId, NetUid};
use frame_support::{assert_noop, assert_ok, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult, PerU16};

/// Blocks from the announcement to its effect.
const DELAY: u32 = 20;

/// Alice has a subnet, on `HOTKEY`; Bob one, on `OTHER_HOTKEY`.
fn two_subnets() -> TestExt {
	let ext = TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100));
	ext.subnet(ALICE, HOTKEY).subnet(BOB, OTHER_HOTKEY)
}

/// Alice announces to go to `to`.
fn announce(to: u64) -> DispatchResult {
	Subnets::announce_coldkey_swap(signed(ALICE), to)
}

/// Charlie cranks. Returns the weight.
fn swap() -> Result<Weight, DispatchError> {
	let done = Subnets::swap_coldkey(signed(CHARLIE), ALICE).map_err(|failed| failed.error)?;
	Ok(done.actual_weight.expect("it is known what was done"))
}

/// The hotkeys of `coldkey`.
fn hotkeys(coldkey: u64) -> Vec<HotkeyId> {
	let mut ids: Vec<_> = OwnedHotkeys::<Test>::iter_key_prefix(coldkey).collect();
	ids.sort_unstable();
	ids
}

/// Expect what the last step said.
fn assert_swapped(to: u64, moved: u32, complete: bool) {
	assert_last_event(Event::ColdkeySwapped { from: ALICE, to, moved, complete });
}

/// Hazard E33: everything moves, in an order that leaves nothing behind.
#[test]
fn a_swap_moves_positions_then_hotkeys_then_subnets() {
	two_subnets().execute_with(|| {
		FakeMarket::set_positions(ALICE, 3);
		let id = id_of(HOTKEY);
		assert_ok!(announce(CHARLIE));
		wait(DELAY);

		let weight = swap();

		assert_eq!((FakeMarket::positions(ALICE), FakeMarket::positions(CHARLIE)), (0, 3));
		assert_eq!((hotkeys(ALICE), hotkeys(CHARLIE)), (vec![], vec![id]));
		assert_eq!(owner_of(HOTKEY), CHARLIE);
		assert_eq!((subnet_of(NETUID).owner, subnet_of(NetUid(2)).owner), (CHARLIE, BOB));
		assert_eq!(ColdkeySwaps::<Test>::get(ALICE), None);
		assert_swapped(CHARLIE, 4, true);
		assert_eq!(weight, Ok(<() as WeightInfo>::swap_coldkey(1, 3, 2)));
		assert_noop!(
			Subnets::swap_coldkey(signed(CHARLIE), ALICE),
			Error::<Test>::NothingAnnounced
		);
	});
}

#[test]
fn an_announcement_changes_nothing_else() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(CHARLIE));
		let swap = ColdkeySwap { to: CHARLIE, at: 1 + DELAY };
		assert_eq!(ColdkeySwaps::<Test>::get(ALICE), Some(swap));
		let event = Event::ColdkeySwapAnnounced { from: ALICE, to: CHARLIE, at: 1 + DELAY };
		assert_last_event(event);
		assert_ok!(Subnets::set_take(signed(ALICE), HOTKEY, PerU16::zero()));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, 30, ANY));
		wait(5);
		assert_ok!(Subnets::start_call(signed(ALICE), NETUID));
		assert_ok!(Subnets::swap_hotkey(signed(ALICE), HOTKEY, 31));
	});
}

#[test]
fn a_swap_waits_for_the_delay() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(CHARLIE));
		wait(DELAY - 1);
		assert_noop!(
			Subnets::swap_coldkey(signed(ALICE), ALICE),
			Error::<Test>::ColdkeySwapTooSoon
		);
		wait(1);
		assert_ok!(Subnets::swap_coldkey(signed(ALICE), ALICE));
	});
}

#[test]
fn a_swap_that_was_withdrawn_does_not_happen() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		assert_ok!(Subnets::cancel_coldkey_swap(signed(ALICE)));
		assert_last_event(Event::ColdkeySwapCancelled { from: ALICE, to: CHARLIE });
		assert_noop!(
			Subnets::swap_coldkey(signed(CHARLIE), ALICE),
			Error::<Test>::NothingAnnounced
		);
		// Another waits anew.
		assert_ok!(announce(BOB));
		assert_eq!(ColdkeySwaps::<Test>::get(ALICE).map(|swap| swap.at), Some(1 + 2 * DELAY));
	});
}

#[test]
fn a_second_announcement_does_not_replace_the_first() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(CHARLIE));
		for to in [BOB, CHARLIE] {
			assert_noop!(announce(to), Error::<Test>::ColdkeySwapPending);
		}
	});
}

#[test]
fn a_coldkey_is_not_exchanged_for_itself() {
	two_subnets().execute_with(|| {
		assert_noop!(announce(ALICE), Error::<Test>::SameColdkey);
	});
}

#[test]
fn only_the_coldkey_announces_and_withdraws() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(CHARLIE));
		for stranger in [BOB, CHARLIE, HOTKEY] {
			assert_noop!(
				Subnets::cancel_coldkey_swap(signed(stranger)),
				Error::<Test>::NothingAnnounced
			);
		}
		for origin in [root, RuntimeOrigin::none] {
			let bad = DispatchError::BadOrigin;
			assert_noop!(Subnets::announce_coldkey_swap(origin(), BOB), bad);
			assert_noop!(Subnets::cancel_coldkey_swap(origin()), bad);
			assert_noop!(Subnets::swap_coldkey(origin(), ALICE), bad);
		}
	});
}

#[test]
fn many_positions_take_many_calls() {
	two_subnets().execute_with(|| {
		let extra = 5;
		FakeMarket::set_positions(ALICE, MAX_SWAP_ITEMS + extra);
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		assert_eq!(swap(), Ok(<() as WeightInfo>::swap_coldkey(0, MAX_SWAP_ITEMS, 0)));
		assert_swapped(CHARLIE, MAX_SWAP_ITEMS, false);
		assert_eq!((owner_of(HOTKEY), subnet_of(NETUID).owner), (ALICE, ALICE));
		assert_ok!(swap());
		assert_swapped(CHARLIE, extra + 1, true);
		assert_eq!(FakeMarket::positions(CHARLIE), MAX_SWAP_ITEMS + extra);
	});
}

#[test]
fn positions_that_fill_a_call_leave_the_rest_to_the_next() {
	two_subnets().execute_with(|| {
		FakeMarket::set_positions(ALICE, MAX_SWAP_ITEMS);
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		assert_ok!(swap());
		assert_swapped(CHARLIE, MAX_SWAP_ITEMS, false);
		assert_ok!(swap());
		assert_swapped(CHARLIE, 1, true);
	});
}

#[test]
fn many_hotkeys_take_many_calls() {
	let ext = (100..100 + 2 * u64::from(MAX_SWAP_ITEMS))
		.fold(two_subnets(), |ext, hotkey| ext.hotkey(ALICE, hotkey, None));
	ext.execute_with(|| {
		FakeMarket::set_positions(ALICE, 4);
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		assert_eq!(swap(), Ok(<() as WeightInfo>::swap_coldkey(MAX_SWAP_ITEMS - 4, 4, 0)));
		assert_swapped(CHARLIE, MAX_SWAP_ITEMS, false);
		assert_eq!(Subnets::do_try_state(), Ok(()));
		assert_eq!(subnet_of(NETUID).owner, ALICE);
		assert_ok!(swap());
		assert_swapped(CHARLIE, MAX_SWAP_ITEMS, false);
		assert_ok!(swap());
		assert_swapped(CHARLIE, 5, true);
		assert_eq!((hotkeys(ALICE).len(), hotkeys(CHARLIE).len()), (0, 129));
		assert_eq!(subnet_of(NETUID).owner, CHARLIE);
	});
}

#[test]
fn what_came_between_two_calls_is_moved_too() {
	two_subnets().execute_with(|| {
		FakeMarket::set_positions(ALICE, MAX_SWAP_ITEMS);
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		assert_ok!(swap());
		// An epoch pays, and a hotkey chooses the coldkey.
		FakeMarket::set_positions(ALICE, 2);
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, 30, ANY));
		assert_ok!(swap());
		assert_swapped(CHARLIE, 4, true);
		assert_eq!((FakeMarket::positions(ALICE), hotkeys(ALICE).len()), (0, 0));
	});
}

#[test]
fn a_swap_withdrawn_half_way_leaves_what_was_moved() {
	two_subnets().execute_with(|| {
		FakeMarket::set_positions(ALICE, MAX_SWAP_ITEMS + 1);
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		assert_ok!(swap());
		assert_ok!(Subnets::cancel_coldkey_swap(signed(ALICE)));
		assert_eq!(FakeMarket::positions(ALICE), 1);
		assert_eq!(FakeMarket::positions(CHARLIE), MAX_SWAP_ITEMS);
		assert_eq!(owner_of(HOTKEY), ALICE);
	});
}

#[test]
fn the_new_coldkey_keeps_what_it_had() {
	two_subnets().execute_with(|| {
		FakeMarket::set_positions(ALICE, 3);
		FakeMarket::set_positions(BOB, 2);
		assert_ok!(announce(BOB));
		wait(DELAY);
		assert_ok!(swap());
		assert_eq!(FakeMarket::positions(BOB), 5);
		assert_eq!(hotkeys(BOB), [id_of(HOTKEY), id_of(OTHER_HOTKEY)]);
		assert_eq!((subnet_of(NETUID).owner, subnet_of(NetUid(2)).owner), (BOB, BOB));
	});
}

#[test]
fn the_new_coldkey_may_be_a_hotkey_of_anyone() {
	for to in [HOTKEY, OTHER_HOTKEY] {
		two_subnets().execute_with(|| {
			assert_ok!(announce(to));
			wait(DELAY);
			assert_ok!(swap());
			assert_swapped(to, 1, true);
			assert_eq!((owner_of(HOTKEY), subnet_of(NETUID).owner), (to, to));
			assert_eq!(owner_of(OTHER_HOTKEY), BOB);
			assert_ok!(Subnets::set_take(signed(to), HOTKEY, PerU16::zero()));
		});
	}
}

#[test]
fn two_coldkeys_may_change_places() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(BOB));
		assert_ok!(Subnets::announce_coldkey_swap(signed(BOB), ALICE));
		wait(DELAY);
		assert_ok!(swap());
		assert_eq!((owner_of(HOTKEY), owner_of(OTHER_HOTKEY)), (BOB, BOB));
		assert_ok!(Subnets::swap_coldkey(signed(CHARLIE), BOB));
		assert_eq!((owner_of(HOTKEY), owner_of(OTHER_HOTKEY)), (ALICE, ALICE));
	});
}

#[test]
fn the_new_owner_inherits_an_announced_dissolution_and_the_old_one_loses_it() {
	two_subnets().execute_with(|| {
		set_params(|params| params.coldkey_swap_delay = 5);
		assert_ok!(Subnets::dissolve_subnet(signed(ALICE), NETUID));
		assert_ok!(announce(CHARLIE));
		wait(15);
		assert_ok!(swap());
		let dissolve = |who| Subnets::dissolve_subnet(signed(who), NETUID);
		assert_noop!(dissolve(ALICE), Error::<Test>::NotSubnetOwner);
		assert_noop!(
			Subnets::cancel_dissolve(signed(ALICE), NETUID),
			Error::<Test>::NotSubnetOwner
		);
		assert_ok!(Subnets::cancel_dissolve(signed(CHARLIE), NETUID));
		assert_ok!(dissolve(CHARLIE));
		assert_eq!(subnet_of(NETUID).dissolve_from, Some(31));
	});
}

#[test]
fn who_owns_nothing_may_swap() {
	two_subnets().execute_with(|| {
		assert_ok!(Subnets::announce_coldkey_swap(signed(CHARLIE), BOB));
		wait(DELAY);
		assert_ok!(Subnets::swap_coldkey(signed(BOB), CHARLIE));
		let event = Event::ColdkeySwapped { from: CHARLIE, to: BOB, moved: 0, complete: true };
		assert_last_event(event);
	});
}

#[test]
fn what_the_market_refuses_moves_nothing() {
	two_subnets().execute_with(|| {
		assert_ok!(announce(CHARLIE));
		wait(DELAY);
		MarketIsOpen::set(false);
		assert_noop!(Subnets::swap_coldkey(signed(CHARLIE), ALICE), FakeMarket::CLOSED);
	});
}

#[test]
fn a_swap_beyond_the_last_block_never_comes() {
	two_subnets().execute_with(|| {
		set_params(|params| params.coldkey_swap_delay = u32::MAX);
		assert_ok!(announce(CHARLIE));
		System::set_block_number(u32::MAX - 1);
		assert_noop!(
			Subnets::swap_coldkey(signed(CHARLIE), ALICE),
			Error::<Test>::ColdkeySwapTooSoon
		);
		assert!(!FakeMarket::asked()
			.iter()
			.any(|asked| { matches!(asked, Asked::ColdkeySwapped { .. }) }));
	});
}

#[test]
fn the_weight_asked_for_covers_any_step() {
	let asked = Subnets::swap_weight(MAX_SWAP_ITEMS);
	for hotkeys in 0..=MAX_SWAP_ITEMS {
		let subnets = crate::mock::MAX_SUBNETS;
		let step = <() as WeightInfo>::swap_coldkey(hotkeys, MAX_SWAP_ITEMS - hotkeys, subnets);
		assert!(step.all_lte(asked));
	}
}
