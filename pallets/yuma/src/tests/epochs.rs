//! Epochs: what is read and written, what is kept and dropped, when, and what it weighs.

use super::{close_with, hotkey, neuron, plain, rows, set};
use crate::{
	mock::{alpha, asked, wait, Asked, FakeMarket, FakeRegistry, Test, TestExt, Yuma, NETUID},
	weights::WeightInfo,
	Bonds, Error, Neurons, Weights,
};
use dtao_math::yuma::ONE;
use dtao_primitives::{
	traits::{Consensus, ConsensusOutcome, SubnetRegistry},
	BondsVersion, LiquidAlpha, NetUid, Uid,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::PerU16;

/// Two validators with 300 and 100 ALPHA, and two miners, whose weights count.
fn with_weights(test: impl FnOnce()) {
	TestExt::seats(4).execute_with(|| {
		let _ = close();
		wait(1);
		assert_ok!(set(0, &[(2, 3), (3, 1)]));
		assert_ok!(set(1, &[(2, 1), (3, 1)]));
		test();
	});
}

fn close() -> ConsensusOutcome {
	let stakes = [alpha(300), alpha(100), 0, 0];
	FakeMarket::close_epoch(NETUID, &stakes).expect("the epoch is decided")
}

/// A part of 65 535, floored.
fn part(percent: u32) -> PerU16 {
	PerU16::from_parts(u16::try_from(u32::from(u16::MAX) * percent / 100).unwrap())
}

fn sum(parts: &[u32]) -> u64 {
	parts.iter().map(|part| u64::from(*part)).sum()
}

#[test]
fn an_epoch_pays_miners_by_the_clipped_weights_and_validators_by_their_bonds() {
	with_weights(|| {
		let outcome = close();
		assert_eq!(outcome.permits, [true, true, false, false]);
		assert_eq!((outcome.incentives[0], outcome.incentives[1]), (0, 0));
		assert_eq!((sum(&outcome.incentives), sum(&outcome.dividends)), (0xffff_ffff, 0xffff_ffff));
		// 300 of 400 stand behind 3/4 and 1/4; who has 100 is clipped at 1/4 of the second.
		let miners = [u64::from(outcome.incentives[2]), u64::from(outcome.incentives[3])];
		let (clipped, given) = (300 * 75 + 100 * 50, 300 * 25 + 100 * 25);
		assert_eq!(miners[0], 0xffff_ffff * clipped / (clipped + given));
		assert!(outcome.dividends[0] > outcome.dividends[1] * 3);
	});
}

#[test]
fn a_neuron_keeps_what_the_epoch_made_of_it() {
	with_weights(|| {
		wait(9);
		let _ = close();
		let (validator, miner) = (neuron(1), neuron(3));
		assert_eq!((validator.permit, validator.stake), (true, alpha(100)));
		assert_eq!((validator.last_update, validator.set_at), (2, Some(2)));
		// Half of it went to the one, of which all stands, and half to the other, of which half does.
		assert!(part(74) < validator.validator_trust && validator.validator_trust <= part(75));
		assert_eq!((validator.consensus, validator.trust), (PerU16::zero(), PerU16::zero()));
		assert_eq!((miner.permit, miner.stake), (false, 0));
		assert!(part(24) < miner.consensus && miner.consensus <= part(25));
		// 300·¼ + 100·¼ of 300·¼ + 100·½.
		assert!(part(79) < miner.trust && miner.trust <= part(80));
	});
}

#[test]
fn bonds_grow_from_one_epoch_to_the_next() {
	with_weights(|| {
		let bond = |uid: usize| {
			let rows = plain(Yuma::bonds(NETUID));
			rows[uid].2[0].1
		};
		let _ = close();
		let first = bond(0);
		assert!(first < ONE / 10 && first > ONE / 14, "a tenth of the way to three quarters");
		let _ = close();
		let second = bond(0);
		assert!(second > first && second < 2 * first);
		assert_eq!(plain(Yuma::bonds(NETUID))[0].1, 2, "the block of the epoch");
	});
}

#[test]
fn an_epoch_asks_each_question_once() {
	with_weights(|| {
		asked();
		assert_ok!(Yuma::decide(NETUID, &[alpha(1); 4]));
		assert_eq!(asked(), [Asked::Params(NETUID), Asked::Seats(NETUID), Asked::Owner(NETUID)]);
	});
}

#[test]
fn who_loses_its_permit_loses_its_row_and_its_bonds() {
	with_weights(|| {
		let _ = close();
		assert_eq!(Yuma::bonds(NETUID).len(), 2);
		assert_ok!(set(2, &[(2, 1)]));
		FakeRegistry::set_params(NETUID, |params| params.max_validators = 1);
		let outcome = close();
		assert_eq!(outcome.permits, [true, false, false, false]);
		assert_eq!(rows().iter().map(|row| row.0).collect::<Vec<_>>(), [0]);
		assert_eq!(Yuma::bonds(NETUID).iter().map(|row| row.uid.0).collect::<Vec<_>>(), [0]);
	});
}

#[test]
fn who_is_not_heard_of_has_no_say_and_keeps_permit_and_row() {
	with_weights(|| {
		FakeRegistry::set_params(NETUID, |params| params.activity_cutoff = 200);
		wait(100);
		assert_ok!(set(0, &[(2, 1)]));
		wait(101);
		// Heard of 201 and 101 blocks ago.
		let outcome = close();
		assert_eq!(outcome.permits, [true, true, false, false]);
		assert_eq!(outcome.dividends, [u32::MAX, 0, 0, 0]);
		assert_eq!(outcome.incentives, [0, 0, u32::MAX, 0]);
		assert_eq!(rows().len(), 2);
		assert_ok!(set(1, &[(2, 1)]));
		assert!(close().dividends[1] > 0);
	});
}

#[test]
fn the_owners_seat_has_a_permit_without_stake_and_may_weigh_itself() {
	TestExt::seats(3).execute_with(|| {
		FakeRegistry::set_owner(NETUID, hotkey(2));
		let stakes = [alpha(2), 0, 1];
		let outcome = FakeMarket::close_epoch(NETUID, &stakes).unwrap();
		// One atom is less than the threshold, which the owner's seat does not need.
		assert_eq!(outcome.permits, [true, false, true]);
		wait(1);
		assert_ok!(set(2, &[(2, 1)]));
		assert_ok!(set(0, &[(0, 1), (2, 1)]));
		let outcome = FakeMarket::close_epoch(NETUID, &stakes).unwrap();
		// The other's own weight does not count, the owner's does.
		assert_eq!(outcome.incentives, [0, 0, u32::MAX]);
		// Once the owner has no seat, nobody is exempt.
		FakeRegistry::set_owner(NETUID, hotkey(9));
		let outcome = FakeMarket::close_epoch(NETUID, &stakes).unwrap();
		assert_eq!(outcome.permits, [true, false, false]);
	});
}

#[test]
fn before_anybody_weighs_dividends_are_by_stake_and_no_miner_earns() {
	TestExt::seats(3).execute_with(|| {
		let stakes = [alpha(3), alpha(1), 0];
		let outcome = FakeMarket::close_epoch(NETUID, &stakes).unwrap();
		assert_eq!(outcome.incentives, [0, 0, 0]);
		assert_eq!(outcome.dividends, [3_221_225_471, 1_073_741_824, 0]);
	});
}

#[test]
fn without_stake_or_without_seats_nobody_earns() {
	TestExt::seats(2).execute_with(|| {
		let outcome = FakeMarket::close_epoch(NETUID, &[0, 0]).unwrap();
		assert_eq!((outcome.incentives, outcome.dividends), (vec![0, 0], vec![0, 0]));
		FakeRegistry::create(NetUid(2), hotkey(0), &[]);
		let nothing =
			ConsensusOutcome { weight: <() as WeightInfo>::decide_seats(0), ..Default::default() };
		assert_eq!(Yuma::decide(NetUid(2), &[]), Ok(nothing));
	});
}

#[test]
fn seats_that_do_not_agree_are_not_decided_upon() {
	with_weights(|| {
		assert_noop!(Yuma::decide(NETUID, &[1; 3]), Error::<Test>::InvalidSeat);
		assert_noop!(Yuma::decide(NETUID, &[1; 5]), Error::<Test>::InvalidSeat);
		let neurons = Neurons::<Test>::get(NETUID);
		Neurons::<Test>::mutate(NETUID, |neurons| neurons.pop());
		assert_noop!(Yuma::decide(NETUID, &[1; 4]), Error::<Test>::InvalidSeat);
		Neurons::<Test>::insert(NETUID, neurons);
	});
}

#[test]
fn what_cannot_be_read_is_not_decided_upon_and_nothing_is_changed() {
	with_weights(|| {
		let _ = close();
		let (weights, bonds) = (Weights::<Test>::get(NETUID), Bonds::<Test>::get(NETUID));
		Weights::<Test>::mutate(NETUID, |bytes| bytes.pop());
		assert_noop!(Yuma::decide(NETUID, &[1; 4]), Error::<Test>::InvalidState);
		assert_noop!(set(2, &[(2, 1)]), Error::<Test>::InvalidState);
		Weights::<Test>::insert(NETUID, weights);
		Bonds::<Test>::mutate(NETUID, |bytes| bytes.pop());
		assert_noop!(Yuma::decide(NETUID, &[1; 4]), Error::<Test>::InvalidState);
		Bonds::<Test>::insert(NETUID, bonds);
		FakeRegistry::set_params(NETUID, |params| params.kappa = PerU16::zero());
		assert_noop!(Yuma::decide(NETUID, &[1; 4]), Error::<Test>::InvalidState);
	});
}

#[test]
fn the_parameters_reach_the_formulas() {
	/// What two epochs make of an unequal pair of validators.
	fn dividends(change: impl FnOnce(&mut dtao_primitives::ConsensusParams)) -> Vec<u32> {
		let mut out = Vec::new();
		with_weights(|| {
			FakeRegistry::set_params(NETUID, change);
			let _ = close();
			wait(100);
			assert_ok!(set(0, &[(2, 1), (3, 3)]));
			out = close().dividends;
		});
		out
	}
	let plain = dividends(|_| {});
	let liquid = LiquidAlpha::default();
	let changed = [
		("kappa", dividends(|params| params.kappa = PerU16::from_percent(80))),
		("bonds_version", dividends(|params| params.bonds_version = BondsVersion::Yuma1)),
		("bonds_moving_average", dividends(|params| params.bonds_moving_average = PerU16::zero())),
		("bonds_penalty", dividends(|params| params.bonds_penalty = PerU16::zero())),
		("liquid_alpha", dividends(|params| params.liquid_alpha = Some(liquid))),
		("stake_threshold", dividends(|params| params.stake_threshold = alpha(200))),
		("max_validators", dividends(|params| params.max_validators = 1)),
	];
	for (field, dividends) in &changed {
		assert_ne!(*dividends, plain, "{field} changes nothing");
	}
}

#[test]
fn an_epoch_weighs_what_its_seats_and_its_most_entries_do() {
	with_weights(|| {
		let of = |entries| {
			let entries = <() as WeightInfo>::decide_entries(entries)
				.saturating_sub(<() as WeightInfo>::decide_entries(0));
			<() as WeightInfo>::decide_seats(4).saturating_add(entries)
		};
		assert_eq!(close().weight, of(4));
		// Four bonds before it, and weights of three.
		wait(100);
		assert_ok!(set(1, &[(3, 1)]));
		assert_eq!(close().weight, of(4));
		assert!(close().weight.all_lte(Yuma::most_weight()));
		let seats = 256;
		let most = <() as WeightInfo>::decide_seats(seats)
			.saturating_add(<() as WeightInfo>::decide_entries(64 * seats + 192))
			.saturating_sub(<() as WeightInfo>::decide_entries(0));
		assert_eq!(Yuma::most_weight(), most);
	});
}

#[test]
fn epochs_of_two_subnets_do_not_meet() {
	with_weights(|| {
		FakeRegistry::create(NetUid(2), hotkey(0), &[hotkey(0), hotkey(1)]);
		let before = (Weights::<Test>::get(NETUID), Neurons::<Test>::get(NETUID));
		assert_ok!(FakeMarket::close_epoch(NetUid(2), &[alpha(5), alpha(5)]));
		assert_eq!((Weights::<Test>::get(NETUID), Neurons::<Test>::get(NETUID)), before);
		assert_eq!(FakeRegistry::seats(NetUid(2)).len(), 2);
	});
}

#[test]
fn a_subnets_last_seat_counts_as_its_first_does() {
	TestExt::seats(256).execute_with(|| {
		let mut stakes = vec![0; 256];
		stakes[255] = alpha(1);
		let outcome = FakeMarket::close_epoch(NETUID, &stakes).unwrap();
		assert_eq!(outcome.dividends[255], u32::MAX);
		wait(1);
		assert_ok!(set(255, &[(254, 1)]));
		let outcome = FakeMarket::close_epoch(NETUID, &stakes).unwrap();
		assert_eq!(outcome.incentives[254], u32::MAX);
		assert_eq!(rows(), [(255, 2, vec![(254, 1)])]);
		assert_eq!(Uid(255).0, 255);
		let _ = close_with(3, 256);
		assert_eq!(rows(), []);
	});
}
