//! Registering and starting subnets.

use super::{balance, first_hyperparams, id_of, issuance, less, set_params, signed, ANY};
use crate::{
	mock::{
		tao, wait, Asked, FakeMarket, RuntimeEvent, Subnets, System, Test, TestExt, ALICE, BOB,
		HOTKEY, NETUID, OTHER_HOTKEY, POT,
	},
	Error, Event, LastLock, Lock, Subnet,
};
use dtao_primitives::{
	constants::{DEFAULT_TEMPO, EXISTENTIAL_DEPOSIT},
	NetUid, Tao,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, TokenError};

#[test]
fn registering_a_subnet_pays_the_lock_to_the_market() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_eq!(Subnets::registration_cost(), Some(tao(10)));

		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));

		assert_eq!(
			FakeMarket::asked(),
			[Asked::Created { netuid: NETUID, payer: ALICE, lock: tao(10) }]
		);
		assert_eq!((balance(ALICE), balance(POT)), (tao(90), tao(10)));
		assert_eq!(issuance(), tao(100));
		let record = Subnet::new(ALICE, id_of(HOTKEY), first_hyperparams(), 1);
		assert_eq!(Subnets::subnet(NETUID), Some(record));
		assert_eq!(first_hyperparams().tempo, DEFAULT_TEMPO);
		assert_eq!(LastLock::<Test>::get(), Some(Lock { paid: tao(10), at: 1 }));
		System::assert_last_event(RuntimeEvent::Subnets(Event::SubnetRegistered {
			netuid: NETUID,
			owner: ALICE,
			hotkey: HOTKEY,
			lock: tao(10),
		}));
	});
}

#[test]
fn the_owners_hotkey_gets_no_seat() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		assert_eq!(super::seats(NETUID), []);
	});
}

#[test]
fn the_lock_doubles_and_falls_back() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		// (blocks since the last registration) => cost, with 100 blocks to fall back by 10 TAO.
		let costs = [(0, tao(20)), (1, Tao(19_900_000_000)), (50, tao(15)), (100, tao(10))];
		for (blocks, cost) in costs {
			System::set_block_number(1 + blocks);
			assert_eq!(Subnets::registration_cost(), Some(cost), "after {blocks} blocks");
		}
		for blocks in [101, 200, u32::MAX - 1] {
			System::set_block_number(1 + blocks);
			assert_eq!(Subnets::registration_cost(), Some(tao(10)), "after {blocks} blocks");
		}
	});
}

#[test]
fn the_second_subnet_pays_the_risen_cost() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		wait(50);

		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));

		assert_eq!(balance(POT), tao(25));
		assert_eq!(Subnets::netuids(), [NETUID, NetUid(2)]);
		assert_eq!(LastLock::<Test>::get(), Some(Lock { paid: tao(15), at: 51 }));
		System::assert_last_event(RuntimeEvent::Subnets(Event::SubnetRegistered {
			netuid: NetUid(2),
			owner: ALICE,
			hotkey: HOTKEY,
			lock: tao(15),
		}));
	});
}

#[test]
fn registering_a_subnet_within_the_interval_is_too_soon() {
	TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		wait(9);
		assert_noop!(
			Subnets::register_subnet(signed(BOB), OTHER_HOTKEY, ANY),
			Error::<Test>::RegistrationTooSoon
		);
		wait(1);
		assert_ok!(Subnets::register_subnet(signed(BOB), OTHER_HOTKEY, ANY));
	});
}

#[test]
fn a_lock_above_the_callers_bound_changes_nothing() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		for bound in [Tao::ZERO, less(tao(10), Tao(1))] {
			assert_noop!(
				Subnets::register_subnet(signed(ALICE), HOTKEY, bound),
				Error::<Test>::CostAboveMaximum
			);
		}
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, tao(10)));
	});
}

#[test]
fn a_subnet_needs_a_hotkey_that_nobody_else_owns() {
	TestExt::new().endow(BOB, tao(100)).hotkey(ALICE, HOTKEY, None).execute_with(|| {
		assert_noop!(
			Subnets::register_subnet(signed(BOB), HOTKEY, ANY),
			Error::<Test>::NotHotkeyOwner
		);
	});
}

#[test]
fn a_subnet_whose_lock_cannot_be_paid_changes_nothing() {
	let poor = less(tao(10), Tao(1));
	TestExt::new().endow(ALICE, poor).execute_with(|| {
		assert_noop!(
			Subnets::register_subnet(signed(ALICE), HOTKEY, ANY),
			DispatchError::Token(TokenError::FundsUnavailable)
		);
	});
}

#[test]
fn a_lock_that_would_kill_the_payers_account_changes_nothing() {
	let short = Tao(tao(10).get() + EXISTENTIAL_DEPOSIT - 1);
	TestExt::new().endow(ALICE, short).endow(BOB, Tao(short.get() + 1)).execute_with(|| {
		assert_noop!(
			Subnets::register_subnet(signed(ALICE), HOTKEY, ANY),
			DispatchError::Token(TokenError::FundsUnavailable)
		);
		assert_ok!(Subnets::register_subnet(signed(BOB), HOTKEY, ANY));
		assert_eq!(balance(BOB), Tao(EXISTENTIAL_DEPOSIT));
	});
}

#[test]
fn a_lock_beyond_all_tao_is_refused_by_the_currency() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		set_params(|params| params.min_lock = Tao(u64::MAX));
		assert_eq!(Subnets::registration_cost(), Some(Tao(u64::MAX)));
		assert_noop!(
			Subnets::register_subnet(signed(ALICE), HOTKEY, ANY),
			DispatchError::Token(TokenError::FundsUnavailable)
		);
	});
}

#[test]
fn a_lock_without_interval_has_no_cost() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		set_params(|params| params.lock_interval = 0);
		assert_eq!(Subnets::registration_cost(), None);
		assert_noop!(
			Subnets::register_subnet(signed(ALICE), HOTKEY, ANY),
			Error::<Test>::InvalidParams
		);
	});
}

#[test]
fn a_netuid_is_never_given_beyond_the_last() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		crate::NextNetUid::<Test>::put(NetUid(u16::MAX));
		assert_noop!(
			Subnets::register_subnet(signed(ALICE), HOTKEY, ANY),
			Error::<Test>::IdsExhausted
		);
	});
}

#[test]
fn nobody_registers_or_starts_unsigned() {
	TestExt::new().endow(ALICE, tao(100)).subnet(ALICE, HOTKEY).execute_with(|| {
		let none = crate::mock::RuntimeOrigin::none;
		assert_noop!(Subnets::register_subnet(none(), HOTKEY, ANY), DispatchError::BadOrigin);
		assert_noop!(Subnets::start_call(none(), NETUID), DispatchError::BadOrigin);
	});
}

#[test]
fn the_owner_starts_a_subnet_after_the_delay() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		wait(4);
		assert_noop!(Subnets::start_call(signed(ALICE), NETUID), Error::<Test>::StartTooSoon);
		wait(1);

		assert_ok!(Subnets::start_call(signed(ALICE), NETUID));

		assert_eq!(FakeMarket::asked().last(), Some(&Asked::Started { netuid: NETUID }));
		assert_eq!(Subnets::subnet(NETUID).and_then(|subnet| subnet.started_at), Some(6));
		System::assert_last_event(RuntimeEvent::Subnets(Event::SubnetStarted { netuid: NETUID }));
	});
}

#[test]
fn a_subnet_starts_once() {
	TestExt::new().endow(ALICE, tao(100)).subnet(ALICE, HOTKEY).execute_with(|| {
		wait(5);
		assert_ok!(Subnets::start_call(signed(ALICE), NETUID));
		assert_noop!(Subnets::start_call(signed(ALICE), NETUID), Error::<Test>::AlreadyStarted);
	});
}

#[test]
fn nobody_but_the_owner_starts_a_subnet() {
	TestExt::new().endow(ALICE, tao(100)).subnet(ALICE, HOTKEY).execute_with(|| {
		wait(5);
		for stranger in [BOB, HOTKEY] {
			assert_noop!(
				Subnets::start_call(signed(stranger), NETUID),
				Error::<Test>::NotSubnetOwner
			);
		}
	});
}

#[test]
fn what_is_no_subnet_does_not_start() {
	TestExt::new().execute_with(|| {
		for netuid in [NetUid::ROOT, NETUID, NetUid(u16::MAX)] {
			assert_noop!(Subnets::start_call(signed(ALICE), netuid), Error::<Test>::UnknownSubnet);
		}
	});
}
