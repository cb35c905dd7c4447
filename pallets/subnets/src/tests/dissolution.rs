//! Subnets that are asked to go.

use super::{assert_last_event, record_of, root, set_params, signed, subnet_of, ANY};
use crate::{
	mock::{
		tao, wait, Asked, FakeMarket, MarketIsOpen, RuntimeOrigin, Subnets, System, Test, TestExt,
		ALICE, BOB, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Cleaning, Error, Event,
};
use dtao_primitives::NetUid;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

/// Blocks from the announcement to the dissolution, and from there until it lapses.
const DELAY: u32 = 15;

/// A subnet of Alice's.
fn one_subnet() -> TestExt {
	TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100)).subnet(ALICE, HOTKEY)
}

/// The owner announces, or does it.
fn dissolve() -> DispatchResult {
	Subnets::dissolve_subnet(signed(ALICE), NETUID)
}

/// Expect that the subnet is announced to go from `from` on.
fn assert_announced(from: u32) {
	assert_eq!(subnet_of(NETUID).dissolve_from, Some(from));
	assert_last_event(Event::SubnetDissolutionAnnounced { netuid: NETUID, from });
}

/// Expect that the subnet is gone.
fn assert_dissolved() {
	assert_eq!(Subnets::subnet(NETUID), None);
	assert_eq!(FakeMarket::asked().last(), Some(&Asked::Dissolved { netuid: NETUID }));
	assert_last_event(Event::SubnetDissolved { netuid: NETUID, pruned: false });
}

#[test]
fn governance_dissolves_at_once() {
	one_subnet().execute_with(|| {
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		assert_dissolved();
		assert_eq!(record_of(HOTKEY).cuts, 0);
		// Without seats there is nothing to clean up.
		assert_eq!(Cleaning::<Test>::iter_keys().count(), 0);
		assert_noop!(Subnets::dissolve_subnet(root(), NETUID), Error::<Test>::UnknownSubnet);
	});
}

#[test]
fn governance_dissolves_what_its_owner_announced() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		assert_dissolved();
	});
}

#[test]
fn an_owner_announces_and_then_dissolves() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		assert_announced(1 + DELAY);
		wait(DELAY - 1);
		assert_noop!(dissolve(), Error::<Test>::DissolveTooSoon);
		wait(1);
		assert_ok!(dissolve());
		assert_dissolved();
	});
}

#[test]
fn an_announcement_holds_for_as_long_as_it_waited() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		wait(2 * DELAY - 1);
		assert_ok!(dissolve());
		assert_dissolved();
	});
}

#[test]
fn an_announcement_lapses() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		wait(2 * DELAY);
		assert_ok!(dissolve());
		assert_announced(1 + 3 * DELAY);
		assert_noop!(dissolve(), Error::<Test>::DissolveTooSoon);
	});
}

#[test]
fn an_owner_withdraws_the_announcement() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		wait(DELAY);
		assert_ok!(Subnets::cancel_dissolve(signed(ALICE), NETUID));
		assert_last_event(Event::SubnetDissolutionCancelled { netuid: NETUID });
		assert_eq!(subnet_of(NETUID).dissolve_from, None);
		// It begins anew.
		assert_ok!(dissolve());
		assert_announced(1 + 2 * DELAY);
	});
}

#[test]
fn what_was_not_announced_is_not_withdrawn() {
	one_subnet().execute_with(|| {
		let cancel = |who| Subnets::cancel_dissolve(signed(who), NETUID);
		assert_noop!(cancel(ALICE), Error::<Test>::NothingAnnounced);
		assert_noop!(cancel(BOB), Error::<Test>::NotSubnetOwner);
		assert_noop!(
			Subnets::cancel_dissolve(signed(ALICE), NetUid(2)),
			Error::<Test>::UnknownSubnet
		);
		assert_noop!(Subnets::cancel_dissolve(root(), NETUID), DispatchError::BadOrigin);
	});
}

#[test]
fn nobody_else_dissolves() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		wait(DELAY);
		for stranger in [BOB, HOTKEY] {
			assert_noop!(
				Subnets::dissolve_subnet(signed(stranger), NETUID),
				Error::<Test>::NotSubnetOwner
			);
		}
		assert_noop!(
			Subnets::dissolve_subnet(RuntimeOrigin::none(), NETUID),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn what_is_no_subnet_is_not_dissolved() {
	one_subnet().execute_with(|| {
		for netuid in [NetUid::ROOT, NetUid(2), NetUid(u16::MAX)] {
			for origin in [root(), signed(ALICE)] {
				assert_noop!(
					Subnets::dissolve_subnet(origin, netuid),
					Error::<Test>::UnknownSubnet
				);
			}
		}
	});
}

#[test]
fn what_the_market_refuses_is_not_dissolved() {
	one_subnet().execute_with(|| {
		assert_ok!(dissolve());
		wait(DELAY);
		MarketIsOpen::set(false);
		assert_noop!(dissolve(), FakeMarket::CLOSED);
		assert_noop!(Subnets::dissolve_subnet(root(), NETUID), FakeMarket::CLOSED);
	});
}

#[test]
fn a_started_subnet_with_neurons_is_dissolved() {
	one_subnet().execute_with(|| {
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		wait(5);
		assert_ok!(Subnets::start_call(signed(ALICE), NETUID));
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		assert_dissolved();
		assert_eq!(Cleaning::<Test>::iter_keys().collect::<Vec<_>>(), [NETUID]);
		assert_eq!(Subnets::neuron_cost(NETUID), None);
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NETUID, 30, ANY),
			Error::<Test>::UnknownSubnet
		);
		assert_noop!(Subnets::start_call(signed(ALICE), NETUID), Error::<Test>::UnknownSubnet);
	});
}

#[test]
fn a_delay_beyond_the_last_block_never_comes() {
	one_subnet().execute_with(|| {
		set_params(|params| params.dissolve_delay = u32::MAX);
		assert_ok!(dissolve());
		System::set_block_number(u32::MAX - 1);
		assert_noop!(dissolve(), Error::<Test>::DissolveTooSoon);
	});
}
