//! What is done on idle.

use super::{id_of, record_of, root, seats, signed, ANY};
use crate::{
	mock::{tao, FakeMarket, Subnets, Test, TestExt, ALICE, BOB, HOTKEY, NETUID},
	Cleaning, Error, Seats, Uids, WeightInfo, MAX_CLEANED_SEATS,
};
use dtao_primitives::NetUid;
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};

/// The hotkeys of Bob that hold the seats, by uid.
const SEATED: [u64; 4] = [20, 21, 22, 23];

/// `count` subnets of Alice's, dissolved, with all their seats held by Bob's hotkeys.
fn dissolved(count: u16) -> TestExt {
	let subnet = || crate::GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(1),
		tempo: None,
		started: true,
		neurons: SEATED.to_vec(),
	};
	let ext = TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100));
	let ext = SEATED.into_iter().fold(ext, |ext, hotkey| ext.hotkey(BOB, hotkey, None));
	(0..count).fold(ext, |ext, _| ext.subnet_with(subnet()))
}

fn dissolve(count: u16) {
	for netuid in 1..=count {
		assert_ok!(Subnets::dissolve_subnet(root(), NetUid(netuid)));
	}
}

/// The weight of cleaning up `seats`.
fn weight(seats: u32) -> Weight {
	<() as WeightInfo>::clean_up(seats)
}

/// Let a block leave `room` over. Returns what it took.
fn idle(room: Weight) -> Weight {
	let taken = Subnets::on_idle(1, room);
	assert!(taken.all_lte(room), "{taken:?} of {room:?}");
	assert_eq!(Subnets::do_try_state(), Ok(()));
	taken
}

#[test]
fn seats_are_cleaned_up_from_the_last_as_far_as_the_weight_goes() {
	dissolved(1).execute_with(|| {
		dissolve(1);
		assert_eq!(idle(weight(3)), weight(3));
		assert_eq!(seats(NETUID), [(id_of(20), 0)]);
		assert_eq!(Uids::<Test>::iter_prefix(NETUID).count(), 1);
		let held = SEATED.map(|hotkey| record_of(hotkey).seats);
		assert_eq!(held, [1, 0, 0, 0]);
		assert_eq!(idle(weight(9)), weight(1));
		assert!(!Seats::<Test>::contains_key(NETUID));
		assert_eq!(Uids::<Test>::iter().count(), 0);
		assert_eq!(Cleaning::<Test>::iter().count(), 0);
		assert_eq!(record_of(20).seats, 0);
		assert_eq!(idle(weight(9)), Weight::zero());
	});
}

#[test]
fn without_weight_nothing_is_cleaned_up() {
	dissolved(1).execute_with(|| {
		dissolve(1);
		for room in [Weight::zero(), weight(0), Weight::from_parts(u64::MAX, 1)] {
			let before = seats(NETUID);
			idle(room);
			assert_eq!(seats(NETUID), before);
		}
		assert_eq!(idle(weight(1)), weight(1));
		assert_eq!(seats(NETUID).len(), 3);
	});
}

#[test]
fn one_subnet_is_cleaned_up_in_a_block() {
	dissolved(3).execute_with(|| {
		dissolve(3);
		for left in [2, 1, 0] {
			assert_eq!(idle(Weight::MAX), weight(4));
			assert_eq!(Cleaning::<Test>::iter().count(), left);
		}
		assert!(SEATED.iter().all(|hotkey| record_of(*hotkey).seats == 0));
	});
}

#[test]
fn no_more_than_so_many_seats_are_cleaned_up_in_a_block() {
	let rooms = [(Weight::zero(), 0), (weight(0), 0), (weight(1), 1), (weight(63), 63)];
	let more = [weight(64), weight(65), Weight::MAX].map(|room| (room, MAX_CLEANED_SEATS));
	for (room, seats) in rooms.into_iter().chain(more) {
		assert_eq!(Subnets::affordable_seats(room), seats, "{room:?}");
	}
	// Time without proof, and proof without time.
	for room in [Weight::from_parts(9, 3), Weight::from_parts(3, 9)] {
		assert_eq!(Subnets::affordable_seats(room), 2, "{room:?}");
	}
}

#[test]
fn seats_are_cleaned_up_in_steps() {
	dissolved(1).execute_with(|| {
		dissolve(1);
		assert_eq!(Subnets::clean_up(NETUID, 2), 2);
		assert_eq!(Subnets::clean_up(NETUID, 0), 0);
		assert_eq!(seats(NETUID).len(), 2);
		assert_eq!(Subnets::clean_up(NETUID, u32::MAX), 2);
		assert_eq!(Subnets::clean_up(NETUID, u32::MAX), 0);
	});
}

/// What a seat has earned is its hotkey's owner's, and that must not be another by then.
#[test]
fn seats_that_the_market_has_not_paid_yet_stay() {
	dissolved(3).execute_with(|| {
		dissolve(3);
		for netuid in 1..=3 {
			FakeMarket::set_owing(NetUid(netuid), true);
		}
		assert_eq!(idle(Weight::MAX), Weight::zero());
		assert_noop!(Subnets::rebind_hotkey(signed(20), ALICE), Error::<Test>::HotkeySeated);
		FakeMarket::set_owing(NetUid(2), false);
		assert_eq!(Subnets::cleanable(), Some(NetUid(2)));
		assert_eq!(idle(Weight::MAX), weight(4));
		assert_eq!((seats(NetUid(2)).len(), seats(NetUid(1)).len()), (0, 4));
		assert_eq!(idle(Weight::MAX), Weight::zero());
	});
}

#[test]
fn subnets_that_exist_are_left_alone() {
	dissolved(2).execute_with(|| {
		assert_ok!(Subnets::dissolve_subnet(root(), NetUid(2)));
		for _ in 0..3 {
			idle(Weight::MAX);
		}
		assert_eq!(seats(NETUID).len(), 4);
		assert_eq!(SEATED.map(|hotkey| record_of(hotkey).seats), [1; 4]);
	});
}

#[test]
fn a_hotkey_is_free_once_its_seats_are_cleaned_up() {
	dissolved(1).execute_with(|| {
		dissolve(1);
		assert_noop!(Subnets::rebind_hotkey(signed(20), ALICE), Error::<Test>::HotkeySeated);
		idle(Weight::MAX);
		assert_ok!(Subnets::rebind_hotkey(signed(20), ALICE));
	});
}

#[test]
fn hotkeys_register_elsewhere_while_their_seats_are_cleaned_up() {
	dissolved(1).subnet(ALICE, HOTKEY).execute_with(|| {
		dissolve(1);
		assert_ok!(Subnets::register_neuron(signed(BOB), NetUid(2), 20, ANY));
		assert_eq!(record_of(20).seats, 2);
		idle(Weight::MAX);
		assert_eq!(record_of(20).seats, 1);
	});
}
