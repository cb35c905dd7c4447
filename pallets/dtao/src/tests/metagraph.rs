//! What clients read of a subnet's seats.

use super::*;
use dtao_primitives::{
	traits::{ConsensusOutcome, OnSubnet, SeatConsensus},
	views::SeatView,
	Uid,
};

const W: u32 = u32::MAX;

/// What the consensus knows of the validator.
const VALIDATES: SeatConsensus = SeatConsensus {
	permit: true,
	active: true,
	last_update: 7,
	stake: 11,
	trust: PerU16::from_parts(1),
	validator_trust: PerU16::from_parts(2),
	consensus: PerU16::from_parts(3),
};

/// Two seats: one validates for all, one mines for all. Alice has staked on the first.
fn decided() -> TestExt {
	TestExt::new().subnet(1_000).seats(2)
}

fn decide() {
	Judge::decree(ConsensusOutcome {
		permits: vec![true, false],
		dividends: vec![W, 0],
		incentives: vec![0, W],
		..Default::default()
	});
	stake(ALICE, NETUID, HOTKEY, tao(100));
	stake(BOB, NetUid::ROOT, HOTKEY, tao(3));
	run_to_block(market(NETUID).epoch.closes_at);
}

fn seats() -> Vec<SeatView<AccountId>> {
	Dtao::metagraph(NETUID).expect("the subnet exists").seats
}

#[test]
fn a_seat_shows_who_it_is_what_the_consensus_knows_and_its_parts() {
	decided().execute_with(|| {
		decide();
		Judge::know(vec![VALIDATES]);
		let of = market(NETUID).epoch;
		let graph = Dtao::metagraph(NETUID).expect("the subnet exists");
		assert_eq!((graph.netuid, graph.epoch), (NETUID, 2));
		assert_eq!((graph.opened_at, graph.closes_at), (of.opened_at, of.closes_at));
		let alpha = |hotkey| Alpha(HotkeyPools::<Test>::get((NETUID, id(hotkey))).stake.amount);
		let validator = SeatView {
			uid: Uid(0),
			hotkey: HOTKEY,
			coldkey: VALIDATOR,
			alpha: alpha(HOTKEY),
			root: tao(3),
			take: PerU16::zero(),
			stake: Alpha(11),
			active: true,
			permit: true,
			last_update: 7,
			trust: PerU16::from_parts(1),
			validator_trust: PerU16::from_parts(2),
			consensus: PerU16::from_parts(3),
			incentive: 0,
			dividend: W,
			root_dividend: W,
			emission: Alpha::ZERO,
		};
		// Of the second, the consensus says nothing.
		let miner = SeatView {
			uid: Uid(1),
			hotkey: HOTKEY_2,
			coldkey: VALIDATOR + 1,
			alpha: Alpha::ZERO,
			root: Tao::ZERO,
			stake: Alpha::ZERO,
			active: false,
			permit: false,
			last_update: 0,
			trust: PerU16::zero(),
			validator_trust: PerU16::zero(),
			consensus: PerU16::zero(),
			incentive: W,
			dividend: 0,
			root_dividend: 0,
			..validator.clone()
		};
		assert_eq!(graph.seats, [validator, miner]);
	});
}

/// What a seat is said to have earned is what it is paid: the miner when the epoch closes, the
/// validator's stakers in every block.
#[test]
fn the_emission_of_a_seat_is_what_it_has_earned_since_the_epoch_opened() {
	decided().execute_with(|| {
		decide();
		let held = stake_of(ALICE, HOTKEY, NETUID);
		for blocks in 1..TEMPO {
			run_blocks(1);
			let buckets = market(NETUID).buckets;
			let earned: Vec<_> = seats().iter().map(|seat| seat.emission).collect();
			assert_eq!(earned, [buckets.validators, buckets.miners], "{blocks} blocks");
		}
		let before = seats();
		assert!(before.iter().all(|seat| seat.emission > Alpha::ZERO));
		run_blocks(1);
		// A block more than what was shown, and all of it has gone over: a new epoch is open.
		let paid = stake_of(VALIDATOR + 1, HOTKEY_2, NETUID);
		assert!(paid > before[1].emission.get());
		assert!(paid <= before[1].emission.get() / u64::from(TEMPO - 1) * u64::from(TEMPO) + 60);
		assert!(stake_of(ALICE, HOTKEY, NETUID) - held > before[0].emission.get());
		assert!(seats().iter().all(|seat| seat.emission < Alpha(3)));
	});
}

#[test]
fn a_seat_that_changes_hands_has_earned_nothing() {
	decided().execute_with(|| {
		decide();
		run_blocks(10);
		assert!(seats()[1].emission > Alpha::ZERO);
		let newcomer = Registry::own(BOB, 500, PerU16::zero());
		assert_ok!(Dtao::on_replaced(NETUID, Uid(1), newcomer));
		let seat = seats().remove(1);
		assert_eq!((seat.hotkey, seat.coldkey), (500, BOB));
		assert_eq!((seat.incentive, seat.emission), (0, Alpha::ZERO));
	});
}
