//! Subnets that go because another comes.

use super::{balance, record_of, root, seats, signed, ANY};
use crate::{
	mock::{
		tao, wait, Asked, FakeMarket, MarketIsOpen, RuntimeEvent, Subnets, System, Test, TestExt,
		ALICE, BOB, HOTKEY, MAX_SUBNETS, NETUID, OTHER_HOTKEY,
	},
	Cleaning, Error, Event, Identities, LastLock, Lock, NeuronCosts, WeightInfo,
};
use dtao_primitives::{NetUid, SubnetIdentity, Tao, Uid};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

/// Blocks in which a subnet is not pruned.
const IMMUNITY: u32 = 40;

/// All the subnets there may be, of Alice, with a neuron each, started in block 0, and prices of
/// 3, 2 and 1 percent of a TAO.
fn full() -> TestExt {
	let subnet = || crate::GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(1),
		tempo: None,
		started: true,
		neurons: vec![HOTKEY],
	};
	let ext = TestExt::new().endow(ALICE, tao(10)).endow(BOB, tao(1_000));
	(0..MAX_SUBNETS).fold(ext, |ext, _| ext.subnet_with(subnet()))
}

fn price() {
	for (netuid, percent) in (1..).map(NetUid).zip([3, 2, 1]) {
		FakeMarket::set_price(netuid, percent);
	}
}

/// Bob registers a subnet.
fn register() -> DispatchResultWithPostInfo {
	Subnets::register_subnet(signed(BOB), OTHER_HOTKEY, ANY)
}

/// Hazard E26: what is pruned is chosen by the slow average of the price, and never a young subnet.
#[test]
fn the_subnet_with_the_lowest_price_makes_room() {
	full().execute_with(|| {
		price();
		let pruned = NetUid(3);
		let identity = SubnetIdentity {
			name: b"soon gone".to_vec().try_into().unwrap(),
			..Default::default()
		};
		assert_ok!(Subnets::set_subnet_identity(signed(ALICE), pruned, identity));
		assert_ok!(Subnets::register_neuron(signed(BOB), pruned, 30, ANY));
		wait(IMMUNITY);
		let before = balance(BOB);

		assert_ok!(register());

		assert_eq!(Subnets::netuids(), [NETUID, NetUid(2), NetUid(4)]);
		assert_eq!(balance(BOB), super::less(before, tao(10)));
		let created = Asked::Created { netuid: NetUid(4), payer: BOB, lock: tao(10) };
		let asked = FakeMarket::asked();
		assert!(asked.ends_with(&[Asked::Dissolved { netuid: pruned }, created]));
		let dissolved = Event::SubnetDissolved { netuid: pruned, pruned: true };
		System::assert_has_event(RuntimeEvent::Subnets(dissolved));
		// Nothing of it is left but its seats, for the clean-up.
		assert_eq!(Identities::<Test>::get(pruned), None);
		assert_eq!(NeuronCosts::<Test>::get(pruned), None);
		assert_eq!(Cleaning::<Test>::iter_keys().collect::<Vec<_>>(), [pruned]);
		assert_eq!(seats(pruned).len(), 2);
		assert_eq!(record_of(HOTKEY).cuts, 2);
		assert_eq!(LastLock::<Test>::get(), Some(Lock { paid: tao(10), at: 1 + IMMUNITY }));
	});
}

#[test]
fn all_immune_subnets_make_no_room() {
	full().execute_with(|| {
		price();
		wait(IMMUNITY - 2);
		assert_noop!(register(), Error::<Test>::TooManySubnets);
		wait(1);
		assert_ok!(register());
	});
}

#[test]
fn an_immune_subnet_stays_whatever_its_price() {
	full().execute_with(|| {
		price();
		wait(IMMUNITY);
		assert_ok!(register());
		// Subnet 4 did not start: its price is 0.
		wait(IMMUNITY - 1);
		assert_ok!(register());
		assert_eq!(Subnets::netuids(), [NETUID, NetUid(4), NetUid(5)]);
		wait(IMMUNITY);
		assert_ok!(register());
		assert_eq!(Subnets::netuids(), [NETUID, NetUid(5), NetUid(6)]);
	});
}

#[test]
fn a_subnet_that_did_not_start_has_no_price() {
	full().execute_with(|| {
		price();
		wait(IMMUNITY);
		assert_ok!(register());
		// The market says the opening price of a pool that does not trade.
		FakeMarket::set_price(NetUid(4), 100);
		wait(IMMUNITY);
		assert_ok!(register());
		assert_eq!(Subnets::netuids(), [NETUID, NetUid(2), NetUid(5)]);
	});
}

#[test]
fn at_the_same_price_the_oldest_goes_then_the_lowest_netuid() {
	full().execute_with(|| {
		wait(IMMUNITY);
		assert_ok!(register());
		wait(IMMUNITY);
		assert_eq!(Subnets::netuids(), [NetUid(2), NetUid(3), NetUid(4)]);
		// Started, with the same price as those older.
		assert_ok!(Subnets::start_call(signed(BOB), NetUid(4)));
		for netuid in 2..5 {
			FakeMarket::set_price(NetUid(netuid), 1);
		}
		assert_ok!(register());
		assert_eq!(Subnets::netuids(), [NetUid(3), NetUid(4), NetUid(5)]);
	});
}

#[test]
fn there_is_no_pruning_where_there_is_room() {
	full().execute_with(|| {
		price();
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		wait(IMMUNITY);
		let weight = register().expect("it registers").actual_weight;
		assert_eq!(Subnets::netuids(), [NetUid(2), NetUid(3), NetUid(4)]);
		assert_eq!(weight, Some(<() as WeightInfo>::register_subnet()));
		// The next prunes, and weighs all that the call may.
		wait(10);
		assert_eq!(register().expect("it registers").actual_weight, None);
	});
}

#[test]
fn what_is_refused_prunes_nothing() {
	full().execute_with(|| {
		price();
		wait(IMMUNITY);
		let bound = super::less(tao(10), Tao(1));
		assert_noop!(
			Subnets::register_subnet(signed(BOB), OTHER_HOTKEY, bound),
			Error::<Test>::CostAboveMaximum
		);
		assert_noop!(
			Subnets::register_subnet(signed(BOB), HOTKEY, ANY),
			Error::<Test>::NotHotkeyOwner
		);
		assert_noop!(
			Subnets::register_subnet(signed(ALICE), HOTKEY, ANY),
			sp_runtime::TokenError::FundsUnavailable
		);
		MarketIsOpen::set(false);
		assert_noop!(register(), FakeMarket::CLOSED);
	});
}

#[test]
fn pruning_does_not_make_the_next_subnet_cheaper_or_sooner() {
	full().execute_with(|| {
		price();
		wait(IMMUNITY);
		assert_ok!(register());
		assert_eq!(Subnets::registration_cost(), Some(tao(20)));
		wait(9);
		assert_noop!(register(), Error::<Test>::RegistrationTooSoon);
	});
}

#[test]
fn a_netuid_is_not_given_again() {
	full().execute_with(|| {
		price();
		wait(IMMUNITY);
		assert_ok!(register());
		assert_eq!(Subnets::subnet(NetUid(3)), None);
		assert!(!Subnets::exists(NetUid(3)));
		assert_noop!(
			Subnets::register_neuron(signed(BOB), NetUid(3), OTHER_HOTKEY, ANY),
			Error::<Test>::UnknownSubnet
		);
		assert_eq!(super::seats(NetUid(4)), []);
		assert_ok!(Subnets::register_neuron(signed(BOB), NetUid(4), OTHER_HOTKEY, ANY));
		let uid = crate::Uids::<Test>::get(NetUid(4), super::id_of(OTHER_HOTKEY));
		assert_eq!(uid, Some(Uid(0)));
	});
}
