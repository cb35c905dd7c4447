//! What the consensus is told of seats, and what it may ask.

use super::{first_hyperparams, id_of, root, signed, ANY};
use crate::{
	mock::{
		tao, wait, ConsensusAccepts, FakeConsensus, FakeMarket, Subnets, Test, TestExt, Told,
		ALICE, BOB, HOTKEY, NETUID, OTHER_HOTKEY,
	},
	GenesisSubnet,
};
use dtao_primitives::{
	constants::DEFAULT_TEMPO,
	traits::{SeatInfo, SubnetRegistry},
	ConsensusParams, Hyperparams, NetUid, Uid,
};
use frame_support::{assert_noop, assert_ok};

/// Blocks in which a neuron is not replaced.
const IMMUNITY: u32 = 25;

/// A subnet of Alice's, whose two seats Bob's hotkeys hold since block 0.
fn two_seats() -> TestExt {
	let subnet = GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(1),
		tempo: None,
		started: true,
		neurons: vec![20, 21],
	};
	TestExt::new()
		.endow(ALICE, tao(100))
		.endow(BOB, tao(100))
		.hotkey(BOB, 20, None)
		.hotkey(BOB, 21, None)
		.subnet_with(subnet)
}

/// No more seats than two.
fn fill() {
	let full = Hyperparams { max_seats: 2, ..first_hyperparams() };
	assert_ok!(Subnets::set_subnet_params(root(), NETUID, full));
}

/// What it was told since it had been told `before` things.
fn told_since(before: usize) -> Vec<Told> {
	FakeConsensus::told().split_off(before)
}

/// The market is asked first: what it was asked includes this seat.
#[test]
fn the_consensus_is_told_of_each_seat_after_the_market() {
	two_seats().execute_with(|| {
		// A lock, and a seat each; the start comes after them.
		let netuid = NETUID;
		let expected = [(0, 2), (1, 3)];
		let expected = expected.map(|(uid, asked)| Told::Seated { netuid, uid: Uid(uid), asked });
		assert_eq!(FakeConsensus::told(), expected);

		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		let asked = FakeMarket::asked().len() as u32;
		assert_eq!(told_since(2), [Told::Seated { netuid, uid: Uid(2), asked }]);
	});
}

#[test]
fn the_consensus_is_told_of_a_replacement_after_the_market() {
	two_seats().execute_with(|| {
		fill();
		wait(IMMUNITY);
		FakeMarket::set_scores(NETUID, &[2, 1]);
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		let asked = FakeMarket::asked().len() as u32;
		assert_eq!(told_since(2), [Told::Replaced { netuid: NETUID, uid: Uid(1), asked }]);
	});
}

#[test]
fn whom_the_consensus_refuses_is_not_seated() {
	two_seats().execute_with(|| {
		let register = || Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY);
		ConsensusAccepts::set(false);
		assert_noop!(register(), FakeConsensus::REFUSES);
		fill();
		wait(IMMUNITY);
		assert_noop!(register(), FakeConsensus::REFUSES);
	});
}

/// A dissolution is told at once, each of its seats when it is cleaned up.
#[test]
fn the_consensus_is_told_of_a_dissolution_and_then_of_each_seat() {
	two_seats().execute_with(|| {
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		let (netuid, asked) = (NETUID, FakeMarket::asked().len() as u32);
		assert_eq!(told_since(2), [Told::Dissolved { netuid, asked }]);
		assert_eq!(Subnets::clean_up(NETUID, 1), 1);
		assert_eq!(told_since(3), [Told::Removed { netuid, uid: Uid(1) }]);
		assert_eq!(Subnets::clean_up(NETUID, 9), 1);
		assert_eq!(told_since(4), [Told::Removed { netuid, uid: Uid(0) }]);
	});
}

#[test]
fn the_consensus_asks_who_is_seated_where_and_since_when() {
	two_seats().execute_with(|| {
		wait(3);
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));
		let seat = |hotkey, registered_at| SeatInfo { hotkey: id_of(hotkey), registered_at };
		let seats = <Subnets as SubnetRegistry<u64>>::seats(NETUID);
		assert_eq!(seats, [seat(20, 0), seat(21, 0), seat(OTHER_HOTKEY, 4)]);
		assert_eq!(<Subnets as SubnetRegistry<u64>>::seats_held(NETUID), 3);
		let uid = |netuid, hotkey| <Subnets as SubnetRegistry<u64>>::uid(netuid, id_of(hotkey));
		assert_eq!(uid(NETUID, 21), Some(Uid(1)));
		assert_eq!(uid(NETUID, HOTKEY), None, "the owner's holds no seat");
		assert_eq!(uid(NetUid(2), 21), None);

		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		assert_eq!(uid(NETUID, 21), None, "a seat of what is gone is nobody's");
	});
}

#[test]
fn the_consensus_counts_by_what_the_subnet_is_set_to() {
	two_seats().execute_with(|| {
		let of = <Subnets as SubnetRegistry<u64>>::consensus_params;
		let first = ConsensusParams::new(crate::mock::Params::get().tempo);
		assert_eq!(of(NETUID), first);
		let consensus = ConsensusParams { version_key: 7, commit_reveal: false, ..first };
		let params = Hyperparams { consensus, ..first_hyperparams() };
		assert_ok!(Subnets::set_subnet_params(signed(ALICE), NETUID, params));
		assert_eq!(of(NETUID), consensus);
		assert_eq!(of(NetUid(2)), ConsensusParams::new(DEFAULT_TEMPO));
		assert_eq!(crate::Subnets::<Test>::get(NETUID).unwrap().hyperparams, params);
	});
}
