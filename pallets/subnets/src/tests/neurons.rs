//! Registering neurons.

use super::{balance, first_hyperparams, id_of, issuance, less, seats, set_params, signed, ANY};
use crate::{
	mock::{
		tao, wait, Asked, FakeMarket, RuntimeEvent, RuntimeOrigin, Subnets, System, Test, TestExt,
		ALICE, BOB, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Error, Event, NeuronCost, NeuronCosts, Uids,
};
use dtao_primitives::{
	constants::EXISTENTIAL_DEPOSIT, HotkeyId, Hyperparams, NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, TokenError};

/// What the first neuron costs: 0.1 TAO.
const FIRST: Tao = Tao(100_000_000);
/// What the second costs in the same block: 26 % more.
const SECOND: Tao = Tao(126_000_000);
/// A subnet of Alice's, and Bob with 100 TAO.
fn one_subnet() -> TestExt {
	TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100)).subnet(ALICE, HOTKEY)
}

/// Hazard E32: a seat costs TAO that nobody gets back.
#[test]
fn registering_a_neuron_recycles_its_cost() {
	one_subnet().execute_with(|| {
		let before = issuance();
		assert_eq!(Subnets::neuron_cost(NETUID), Some(FIRST));

		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, FIRST));

		assert_eq!(balance(BOB), less(tao(100), FIRST));
		assert_eq!(issuance(), less(before, FIRST));
		assert_eq!(seats(NETUID), [(id_of(OTHER_HOTKEY), 1)]);
		let hotkey = id_of(OTHER_HOTKEY);
		assert_eq!(Uids::<Test>::get(NETUID, hotkey), Some(Uid(0)));
		let seated = Asked::Seated { netuid: NETUID, uid: Uid(0), hotkey };
		assert_eq!(FakeMarket::asked().last(), Some(&seated));
		let after = NeuronCost { cost: SECOND, at: 1 };
		assert_eq!(NeuronCosts::<Test>::get(NETUID), Some(after));
		System::assert_last_event(RuntimeEvent::Subnets(Event::NeuronRegistered {
			netuid: NETUID,
			uid: Uid(0),
			hotkey: OTHER_HOTKEY,
			coldkey: BOB,
			cost: FIRST,
		}));
	});
}

#[test]
fn the_cost_rises_with_each_neuron() {
	one_subnet().execute_with(|| {
		let costs = [FIRST, SECOND, Tao(158_760_000), Tao(200_037_600)];
		for (uid, (hotkey, cost)) in (20..).zip(costs).enumerate() {
			assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, hotkey, cost));
			assert_eq!(seats(NETUID).get(uid), Some(&(id_of(hotkey), 1)), "uid {uid}");
		}
	});
}

#[test]
fn the_cost_halves_in_quiet_down_to_the_least() {
	one_subnet().execute_with(|| {
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		let least = SubnetsParams::default().min_neuron_cost;
		// (blocks of quiet) => cost, with a half-life of 20 blocks.
		let costs = [
			(0, SECOND),
			(10, Tao(94_500_000)),
			(20, Tao(63_000_000)),
			(40, Tao(31_500_000)),
			(140, Tao(984_375)),
			(160, least),
			(u32::MAX - 1, least),
		];
		for (blocks, cost) in costs {
			System::set_block_number(1 + blocks);
			assert_eq!(Subnets::neuron_cost(NETUID), Some(cost), "after {blocks} blocks");
		}
	});
}

#[test]
fn the_cost_stays_at_the_most() {
	one_subnet().execute_with(|| {
		set_params(|params| params.max_neuron_cost = FIRST);
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		assert_eq!(Subnets::neuron_cost(NETUID), Some(FIRST));
	});
}

#[test]
fn each_subnet_has_its_own_cost() {
	one_subnet().subnet(ALICE, HOTKEY).execute_with(|| {
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		assert_eq!(Subnets::neuron_cost(NETUID), Some(SECOND));
		assert_eq!(Subnets::neuron_cost(NetUid(2)), Some(FIRST));
	});
}

#[test]
fn one_hotkey_may_hold_seats_of_many_subnets() {
	one_subnet().subnet(ALICE, HOTKEY).execute_with(|| {
		for netuid in [NETUID, NetUid(2)] {
			assert_ok!(Subnets::register_neuron(signed(BOB), netuid, OTHER_HOTKEY, ANY));
			assert_eq!(seats(netuid), [(id_of(OTHER_HOTKEY), 1)]);
		}
	});
}

#[test]
fn neurons_register_after_the_start_too() {
	one_subnet().execute_with(|| {
		wait(5);
		assert_ok!(Subnets::start_call(signed(ALICE), NETUID));
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
	});
}

#[test]
fn a_cost_above_the_callers_bound_changes_nothing() {
	one_subnet().execute_with(|| {
		for bound in [Tao::ZERO, less(FIRST, Tao(1))] {
			assert_noop!(
				Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, bound),
				Error::<Test>::CostAboveMaximum
			);
		}
	});
}

#[test]
fn a_closed_subnet_seats_nobody() {
	one_subnet().execute_with(|| {
		let closed = Hyperparams { registration_open: false, ..first_hyperparams() };
		assert_ok!(Subnets::set_subnet_params(signed(ALICE), NETUID, closed));
		for who in [ALICE, BOB] {
			assert_noop!(
				Subnets::register_neuron(signed(who), NETUID, OTHER_HOTKEY, ANY),
				Error::<Test>::RegistrationClosed
			);
		}
	});
}

#[test]
fn root_has_no_seats() {
	one_subnet().execute_with(|| {
		assert_eq!(Subnets::neuron_cost(NetUid::ROOT), None);
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NetUid::ROOT, OTHER_HOTKEY, ANY),
			Error::<Test>::RootHasNoSeats
		);
	});
}

#[test]
fn an_unknown_subnet_has_no_seats() {
	one_subnet().execute_with(|| {
		for netuid in [NetUid(2), NetUid(u16::MAX)] {
			assert_eq!(Subnets::neuron_cost(netuid), None);
			assert_noop!(
				Subnets::register_neuron(signed(BOB), netuid, OTHER_HOTKEY, ANY),
				Error::<Test>::UnknownSubnet
			);
		}
	});
}

#[test]
fn a_hotkey_of_another_coldkey_is_not_seated() {
	one_subnet().execute_with(|| {
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, HOTKEY, ANY),
			Error::<Test>::NotHotkeyOwner
		);
	});
}

#[test]
fn a_hotkey_is_seated_once_in_a_subnet() {
	one_subnet().execute_with(|| {
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY),
			Error::<Test>::AlreadyRegistered
		);
	});
}

#[test]
fn a_cost_that_cannot_be_paid_changes_nothing() {
	let poor = less(FIRST, Tao(1));
	TestExt::new().endow(ALICE, tao(2)).endow(BOB, poor).subnet(ALICE, HOTKEY).execute_with(|| {
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY),
			DispatchError::Token(TokenError::FundsUnavailable)
		);
	});
}

#[test]
fn a_payer_keeps_its_existential_deposit() {
	let short = Tao(FIRST.get() + EXISTENTIAL_DEPOSIT - 1);
	TestExt::new()
		.endow(ALICE, tao(2))
		.endow(BOB, short)
		.endow(OTHER_HOTKEY, Tao(short.get() + 1))
		.subnet(ALICE, HOTKEY)
		.execute_with(|| {
			assert_noop!(
				Subnets::register_neuron(signed(BOB), NETUID, BOB, ANY),
				DispatchError::Token(TokenError::FundsUnavailable)
			);
			assert_ok!(Subnets::register_neuron(signed(OTHER_HOTKEY), NETUID, OTHER_HOTKEY, ANY));
			assert_eq!(balance(OTHER_HOTKEY), Tao(EXISTENTIAL_DEPOSIT));
		});
}

#[test]
fn a_cost_beyond_all_tao_is_refused_by_the_currency() {
	one_subnet().execute_with(|| {
		set_params(|params| {
			params.min_neuron_cost = ANY;
			params.neuron_cost = ANY;
			params.max_neuron_cost = ANY;
		});
		assert_eq!(Subnets::neuron_cost(NETUID), Some(ANY));
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY),
			DispatchError::Token(TokenError::FundsUnavailable)
		);
	});
}

#[test]
fn a_neuron_without_half_life_has_no_cost() {
	one_subnet().execute_with(|| {
		set_params(|params| params.neuron_half_life = 0);
		assert_eq!(Subnets::neuron_cost(NETUID), None);
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY),
			Error::<Test>::InvalidParams
		);
	});
}

#[test]
fn a_hotkeys_number_is_never_given_beyond_the_last() {
	one_subnet().execute_with(|| {
		crate::NextHotkeyId::<Test>::put(HotkeyId(u32::MAX));
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY),
			Error::<Test>::IdsExhausted
		);
	});
}

#[test]
fn nobody_registers_a_neuron_unsigned() {
	one_subnet().execute_with(|| {
		assert_noop!(
			Subnets::register_neuron(RuntimeOrigin::none(), NETUID, HOTKEY, ANY),
			DispatchError::BadOrigin
		);
	});
}
