//! Neurons that come where every seat is held.

use super::{
	assert_last_event, first_hyperparams, id_of, record_of, root, seats, set_params, signed, ANY,
};
use crate::{
	mock::{
		tao, wait, Asked, FakeMarket, MarketIsOpen, RuntimeEvent, Subnets, System, Test, TestExt,
		ALICE, BOB, HOTKEY, MAX_SEATS, NETUID, OTHER_HOTKEY,
	},
	Error, Event, Uids, WeightInfo,
};
use dtao_primitives::{Hyperparams, Uid};
use frame_support::{assert_noop, assert_ok};

/// Blocks in which a neuron is not replaced.
const IMMUNITY: u32 = 25;
/// The hotkeys of Bob that hold the seats, by uid.
const SEATED: [u64; 4] = [20, 21, 22, 23];

/// A subnet of Alice's, with all its seats held by Bob's hotkeys since block 0.
fn full_subnet() -> TestExt {
	let neurons = SEATED.to_vec();
	let subnet = crate::GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(1),
		tempo: None,
		started: true,
		neurons,
	};
	let ext = TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100));
	SEATED.into_iter().fold(ext, |ext, hotkey| ext.hotkey(BOB, hotkey, None)).subnet_with(subnet)
}

/// Register `hotkey` of Bob's.
fn register(hotkey: u64) -> frame_support::dispatch::DispatchResultWithPostInfo {
	Subnets::register_neuron(signed(BOB), NETUID, hotkey, ANY)
}

/// The hotkeys that hold the seats, by uid.
fn seated() -> Vec<u64> {
	let account = |(id, _)| crate::Hotkeys::<Test>::get(id).expect("it is known").account;
	seats(NETUID).into_iter().map(account).collect()
}

#[test]
fn the_neuron_that_earns_the_least_is_replaced() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY);
		FakeMarket::set_scores(NETUID, &[9, 8, 7, 8]);

		assert_ok!(register(OTHER_HOTKEY));

		assert_eq!(seated(), [20, 21, OTHER_HOTKEY, 23]);
		assert_eq!(seats(NETUID).get(2), Some(&(id_of(OTHER_HOTKEY), 1 + IMMUNITY)));
		let (uid, hotkey) = (Uid(2), id_of(OTHER_HOTKEY));
		assert_eq!(Uids::<Test>::get(NETUID, hotkey), Some(uid));
		assert_eq!(Uids::<Test>::get(NETUID, id_of(22)), None);
		assert_eq!((record_of(22).seats, record_of(OTHER_HOTKEY).seats), (0, 1));
		let replaced = Asked::Replaced { netuid: NETUID, uid, hotkey };
		assert_eq!(FakeMarket::asked().last(), Some(&replaced));
	});
}

#[test]
fn a_replacement_says_who_left_and_who_came() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY);
		assert_ok!(register(OTHER_HOTKEY));
		let (netuid, uid) = (NETUID, Uid(0));
		System::assert_has_event(RuntimeEvent::Subnets(Event::NeuronReplaced {
			netuid,
			uid,
			old: 20,
			new: OTHER_HOTKEY,
		}));
		assert_last_event(Event::NeuronRegistered {
			netuid,
			uid,
			hotkey: OTHER_HOTKEY,
			coldkey: BOB,
			cost: crate::mock::Params::get().neuron_cost,
		});
	});
}

#[test]
fn at_the_same_score_the_first_seated_goes_then_the_lowest_uid() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY);
		// None earns anything: the market says nothing of them.
		assert_ok!(register(30));
		wait(1);
		assert_ok!(register(31));
		assert_eq!(seated(), [30, 31, 22, 23]);
		wait(IMMUNITY);
		// Uid 1 was seated later than uids 2 and 3.
		FakeMarket::set_scores(NETUID, &[6, 5, 5, 5]);
		assert_ok!(register(32));
		assert_eq!(seated(), [30, 31, 32, 23]);
	});
}

/// Hazard E31: who has just registered is not evicted; who has been there for longer is, by what it
/// earns and not by what the owner likes.
#[test]
fn an_immune_neuron_stays_whatever_it_earns() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY - 2);
		assert_noop!(register(OTHER_HOTKEY), Error::<Test>::SubnetFull);
		wait(1);
		assert_ok!(register(OTHER_HOTKEY));
		FakeMarket::set_scores(NETUID, &[0, 3, 2, 1]);
		assert_ok!(register(30));
		assert_eq!(seated(), [OTHER_HOTKEY, 21, 22, 30]);
		wait(IMMUNITY - 1);
		assert_ok!(register(31));
		assert_ok!(register(32));
		assert_noop!(register(33), Error::<Test>::SubnetFull);
		assert_eq!(seated(), [OTHER_HOTKEY, 32, 31, 30]);
		wait(1);
		assert_ok!(register(33));
		assert_eq!(seated(), [33, 32, 31, 30]);
	});
}

#[test]
fn a_replaced_hotkey_registers_again() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY);
		assert_ok!(register(OTHER_HOTKEY));
		assert_ok!(register(20));
		assert_eq!(seated(), [OTHER_HOTKEY, 20, 22, 23]);
		assert_noop!(register(20), Error::<Test>::AlreadyRegistered);
	});
}

#[test]
fn the_owner_says_how_many_seats_there_are_and_for_how_long_they_are_safe() {
	TestExt::new().endow(ALICE, tao(9)).endow(BOB, tao(9)).subnet(ALICE, HOTKEY).execute_with(
		|| {
			let params = Hyperparams { max_seats: 2, neuron_immunity: 0, ..first_hyperparams() };
			assert_ok!(Subnets::set_subnet_params(signed(ALICE), NETUID, params));
			for hotkey in 30..33 {
				assert_ok!(register(hotkey));
			}
			assert_eq!(seated(), [32, 31]);
		},
	);
}

#[test]
fn a_seat_more_is_free_when_there_may_be_more() {
	full_subnet().execute_with(|| {
		assert_noop!(
			Subnets::set_subnet_params(
				root(),
				NETUID,
				Hyperparams { max_seats: 3, ..first_hyperparams() }
			),
			Error::<Test>::MaxSeatsBelowHeld
		);
		assert_noop!(register(OTHER_HOTKEY), Error::<Test>::SubnetFull);
	});
}

#[test]
fn a_replacement_that_is_refused_changes_nothing() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY);
		MarketIsOpen::set(false);
		assert_noop!(register(OTHER_HOTKEY), FakeMarket::CLOSED);
		MarketIsOpen::set(true);
		let poor = tao(100);
		set_params(|params| params.min_neuron_cost = poor);
		set_params(|params| (params.neuron_cost, params.max_neuron_cost) = (poor, poor));
		assert_noop!(register(OTHER_HOTKEY), sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn the_market_may_say_too_much_or_too_little_of_scores() {
	full_subnet().execute_with(|| {
		wait(IMMUNITY);
		FakeMarket::set_scores(NETUID, &[5, 4]);
		assert_ok!(register(30));
		assert_eq!(seated(), [20, 21, 30, 23]);
		FakeMarket::set_scores(NETUID, &[5, 4, 9, 9, 0, 0]);
		assert_ok!(register(31));
		assert_eq!(seated(), [20, 31, 30, 23]);
	});
}

#[test]
fn a_registration_weighs_what_the_seats_held_do() {
	TestExt::new().endow(ALICE, tao(9)).endow(BOB, tao(9)).subnet(ALICE, HOTKEY).execute_with(
		|| {
			for (held, hotkey) in (1..=MAX_SEATS).zip(30..) {
				let weight = register(hotkey).expect("it registers").actual_weight;
				assert_eq!(weight, Some(<() as WeightInfo>::register_neuron(held)));
			}
		},
	);
}
