//! `yuma`: what weights make of a subnet's seats.

mod yuma_subnet;

use dtao_math::{
	yuma::{BondRows, Outcome, Params, Rate, MAX_SEATS, ONE, WHOLE},
	MathError,
};
use sp_arithmetic::PerU16;
use yuma_subnet::{bond, Subnet, ALPHA, LIQUID, RULES, RULES_OF_YUMA_1};

/// 65 535, of what an outcome shows.
const ALL: u16 = u16::MAX;

/// A fifth, of a rate.
const FIFTH: Rate = Rate::Fixed(PerU16::from_parts(13_107));

/// Three validators, with a half, a quarter and a quarter of the stake, and three miners. Weights
/// in fifths:
///
/// ```text
///              3  4  5        clipped to 2 2 1
/// 0 (stake 2)  2  2  1          2  2  1
/// 1 (stake 1)  1  3  1          1  2  1
/// 2 (stake 1)  4  1  ·          2  1  ·
/// ranks                         7  7  3    of 17
/// ```
fn three_and_three() -> Subnet {
	Subnet::new([2 * ALPHA, ALPHA, ALPHA, 0, 0, 0])
		.row(0, &[(3, 2), (4, 2), (5, 1)])
		.row(1, &[(3, 1), (4, 3), (5, 1)])
		.row(2, &[(3, 4), (4, 1)])
		.rules(Params { rate: FIFTH, ..RULES })
}

/// 4/17 of the whole are 4 times this; 17 divides 2³² − 1.
const SEVENTEENTH: u32 = WHOLE / 17;

#[test]
fn three_validators_and_three_miners_match_the_hand_worked_epoch() {
	let subnet = three_and_three();
	let Outcome {
		permits, incentives, dividends, consensus, trust, validator_trust, bonds, ..
	} = subnet.epoch();
	assert_eq!(permits, [true, true, true, false, false, false]);
	assert_eq!(consensus, [0, 0, 0, ALL / 5 * 2, ALL / 5 * 2, ALL / 5]);
	assert_eq!(incentives, [0, 0, 0, 7, 7, 3].map(|part| part * SEVENTEENTH));
	// 7/9 of the first miner's weight by stake is within the consensus, 7/8 and all of the others'.
	assert_eq!(trust, [0, 0, 0, 50_971, 57_343, ALL]);
	assert_eq!(validator_trust, [ALL, ALL / 5 * 4, ALL / 5 * 3, 0, 0, 0]);

	// Each bond is a fifth of the clipped weight, rounded down.
	let clipped = [(0, 3, 2), (0, 4, 2), (0, 5, 1), (1, 3, 1), (1, 4, 2), (1, 5, 1), (2, 3, 2)];
	for (validator, miner, fifths) in clipped {
		assert_eq!(bond(&bonds, validator, miner), ONE / 5 * fifths / 5, "{validator} {miner}");
	}
	assert_eq!(bond(&bonds, 2, 5), 0);
	assert_eq!(BondRows::decode(&bonds).unwrap().row(0).unwrap().at, subnet.now);

	// Of the bonds in the miners (2 1 2, 2 2 1 and 1 1 · fifths) the validators have
	//   7·2/5 + 7·2/5 + 3·1/2 = 7.1,  7·1/5 + 7·2/5 + 3·1/2 = 5.7,  7·2/5 + 7·1/5 = 4.2
	// and by stake (2, 1, 1) 142, 57 and 42 of 241.
	let part = |of: u64| u32::try_from(u64::from(WHOLE) * of / 241).unwrap();
	assert_eq!(dividends[..2], [part(142), part(57)]);
	assert_eq!(dividends[2], WHOLE - part(142) - part(57));
	assert_eq!(dividends[3..], [0; 3]);
}

#[test]
fn the_same_epoch_of_yuma_1_matches_the_hand_worked_one() {
	let subnet = three_and_three().rules(Params { rate: FIFTH, ..RULES_OF_YUMA_1 });
	let outcome = subnet.epoch();
	assert_eq!(outcome.incentives, three_and_three().epoch().incentives);

	// By stake the columns are 4 1 2, 4 2 1 and 2 1 ·; a bond is a fifth of its part.
	for (validator, miner, parts, of) in
		[(0, 3, 4, 7), (1, 3, 1, 7), (2, 3, 2, 7), (0, 4, 4, 7), (2, 4, 1, 7), (0, 5, 2, 3)]
	{
		let exact = ONE / of * parts / 5;
		let off = exact.abs_diff(bond(&outcome.bonds, validator, miner));
		assert!(off <= 2, "{validator} {miner}");
	}
	// 7·4/7 + 7·4/7 + 3·2/3 = 10 of 17, and so on: 10, 4, 3.
	for (dividend, part) in outcome.dividends.iter().zip([10, 4, 3, 0, 0, 0]) {
		assert!(dividend.abs_diff(part * SEVENTEENTH) <= 1, "{:?}", outcome.dividends);
	}
}

/// κ = 1/5, of five stakes: one of them alone is a majority, and by one part more it is not.
#[test]
fn a_majority_that_is_met_exactly_is_met() {
	let subnet = |kappa| {
		Subnet::new([ALPHA, 4 * ALPHA, 0, 0])
			.row(0, &[(2, 2), (3, 1)])
			.row(1, &[(2, 1), (3, 2)])
			.rules(Params { kappa: PerU16::from_parts(kappa), ..RULES })
	};
	assert_eq!(subnet(13_107).epoch().consensus, [0, 0, ALL / 3 * 2, ALL / 3 * 2]);
	assert_eq!(subnet(13_108).epoch().consensus, [0, 0, ALL / 3, ALL / 3 * 2]);
	// All of the stake is a majority of any size.
	assert_eq!(subnet(ALL).epoch().consensus, [0, 0, ALL / 3, ALL / 3]);
	assert_eq!(subnet(1).epoch().consensus, [0, 0, ALL / 3 * 2, ALL / 3 * 2]);

	// Of three atoms just less than a half is a majority: two of them are, one is not.
	let atoms = Subnet::new([1, 2, 0, 0]).row(0, &[(2, 1)]).row(1, &[(3, 1)]);
	assert_eq!(atoms.epoch().consensus, [0, 0, 0, ALL]);
}

#[test]
fn permits_go_to_the_greatest_stakes_and_the_lower_uid() {
	let permits = |max_validators, owner: Option<u16>| {
		let mut subnet = Subnet::new([5, 9, 5, 0, 7, 5].map(|stake| stake * ALPHA));
		subnet.owner = owner;
		subnet.params.max_validators = max_validators;
		let permits = subnet.epoch().permits;
		(0..6).filter(|uid| permits[*uid]).collect::<Vec<_>>()
	};
	assert_eq!(permits(0, None), []);
	assert_eq!(permits(1, None), [1]);
	assert_eq!(permits(2, None), [1, 4]);
	assert_eq!(permits(3, None), [0, 1, 4], "of three with five each, the lowest");
	assert_eq!(permits(4, None), [0, 1, 2, 4]);
	assert_eq!(permits(64, None), [0, 1, 2, 4, 5], "none without stake");
	assert_eq!(permits(2, Some(3)), [1, 3], "but for the owner, who is one of them");
	assert_eq!(permits(0, Some(3)), [3]);
	assert_eq!(permits(2, Some(1)), [1, 4], "and is not counted twice");
	assert_eq!(permits(2, Some(6)), [1, 4], "an owner without a seat has none");
}

#[test]
fn stake_below_the_threshold_counts_for_nothing() {
	let subnet = Subnet::new([10, 9, 1, 0])
		.row(0, &[(3, 1)])
		.row(1, &[(3, 1)])
		.row(2, &[(3, 1)])
		.owner(2)
		.rules(Params { stake_threshold: 10, ..RULES });
	let outcome = subnet.epoch();
	assert_eq!(outcome.permits, [true, false, true, false]);
	assert_eq!(outcome.dividends[1], 0);
	assert!(outcome.dividends[2] > 0, "the owner is exempt");
}

/// A seat is not paid for what an earlier holder said, nor for what was said of that one.
#[test]
fn a_seat_that_was_taken_since_starts_anew() {
	let mut subnet = three_and_three();
	drop(subnet.advance());
	let said = |subnet: &Subnet, uid: usize| {
		let outcome = subnet.epoch();
		(outcome.validator_trust[uid], outcome.consensus[uid])
	};
	// At the block itself is since.
	for (block, counts) in [(0, true), (1, false), (2, false)] {
		subnet.seats[1].registered_at = block;
		assert_eq!(said(&subnet, 1).0 > 0, counts, "row of a seat taken at {block}");
		subnet.seats[1].registered_at = 0;
		subnet.seats[4].registered_at = block;
		assert_eq!(said(&subnet, 4).1 > 0, counts, "weights on a seat taken at {block}");
		subnet.seats[4].registered_at = 0;
	}

	// The bonds are those of block 10.
	subnet.weights.clear();
	for (block, counts) in [(9, true), (10, false), (369, false)] {
		subnet.seats[1].registered_at = block;
		assert_eq!(bond(&subnet.epoch().bonds, 1, 3) > 0, counts, "row, taken at {block}");
		subnet.seats[1].registered_at = 0;
		subnet.seats[4].registered_at = block;
		assert_eq!(bond(&subnet.epoch().bonds, 0, 4) > 0, counts, "column, taken at {block}");
		assert!(bond(&subnet.epoch().bonds, 0, 3) > 0, "the others' stay");
		subnet.seats[4].registered_at = 0;
	}
}

#[test]
fn weights_on_oneself_count_for_the_owner_only() {
	let subnet = Subnet::new([ALPHA, ALPHA]).row(0, &[(0, 1)]).row(1, &[(1, 1)]);
	let outcome = subnet.epoch();
	assert_eq!(outcome.incentives, [0, 0]);
	assert!(outcome.bonds.is_empty());

	let outcome = subnet.owner(1).epoch();
	assert_eq!(outcome.incentives, [0, WHOLE]);
	assert_eq!(outcome.dividends, [0, WHOLE]);
}

#[test]
fn what_is_said_of_no_seat_counts_for_nothing() {
	let subnet = Subnet::new([ALPHA, 0]).row(0, &[(1, 1), (2, 9), (255, 9)]).row(3, &[(0, 1)]);
	let outcome = subnet.epoch();
	assert_eq!(outcome.consensus, [0, ALL], "all of what counts");
	assert_eq!(outcome.incentives, [0, WHOLE]);
	assert_eq!(BondRows::decode(&outcome.bonds).unwrap().iter().count(), 1);
}

/// A validator without a voice earns nothing; one that may still validate keeps its bonds for when
/// it speaks again, as they fade.
#[test]
fn an_idle_validators_bonds_fade_and_one_without_a_permit_loses_them() {
	let mut subnet = three_and_three();
	drop(subnet.advance());
	let before = bond(&subnet.bonds, 1, 4);

	subnet.seats[1].active = false;
	let idle = subnet.epoch();
	assert!(idle.permits[1]);
	assert_eq!((idle.dividends[1], idle.validator_trust[1]), (0, 0));
	assert_eq!(bond(&idle.bonds, 1, 4), before * 4 / 5);

	subnet.seats[1].active = true;
	subnet.seats[1].stake = 0;
	let gone = subnet.epoch();
	assert!(!gone.permits[1]);
	assert_eq!(bond(&gone.bonds, 1, 4), 0);
}

#[test]
fn the_penalty_is_on_what_is_above_the_consensus() {
	// Seat 1 gives miner 3 all; the majority gives it a third.
	let bond_at = |penalty| {
		let params = Params { bonds_penalty: PerU16::from_parts(penalty), ..RULES };
		let params = Params { rate: Rate::Fixed(PerU16::from_parts(ALL)), ..params };
		let subnet = Subnet::new([2 * ALPHA, ALPHA, 0, 0])
			.row(0, &[(2, 2), (3, 1)])
			.row(1, &[(3, 1)])
			.rules(params);
		bond(&subnet.epoch().bonds, 1, 3)
	};
	assert_eq!(bond_at(0), ONE);
	assert_eq!(bond_at(13_107), ONE - ONE / 3 * 2 / 5);
	assert_eq!(bond_at(ALL), ONE / 3);
}

/// Who gives a miner more than the consensus, or much less than its bond, is followed faster.
#[test]
fn liquid_alpha_is_faster_for_who_departs() {
	let params = Params { rate: LIQUID, bonds_penalty: PerU16::from_parts(0), ..RULES };
	let mut subnet =
		Subnet::new([2 * ALPHA, ALPHA, 0, 0]).row(0, &[(2, 1)]).row(1, &[(3, 1)]).rules(params);
	// With the consensus, at a distance of 0: 45 875 + ⌊13 107 · 0.006 693⌋ parts. All above it:
	// 45 875 + ⌊13 107 · 0.993 307⌋.
	let (with, against) = (45_875 + 87, 45_875 + 13_019);
	drop(subnet.advance());
	assert_eq!(bond(&subnet.bonds, 0, 2), with * ONE / 65_535);
	assert_eq!(bond(&subnet.bonds, 1, 3), against * ONE / 65_535);

	// It gives up the miner, at the distance of its bond: 0.899, hence ⌊13 107 · 0.981 776⌋.
	subnet = subnet.row(1, &[(2, 1)]);
	let before = bond(&subnet.bonds, 1, 3);
	let after = bond(&subnet.epoch().bonds, 1, 3);
	let left = 65_535 - (45_875 + 12_868);
	assert_eq!(after, before / 65_535 * left + before % 65_535 * left / 65_535);

	// A weight that is its bond is not below it: what counts is the distance to the consensus.
	subnet = subnet.row(1, &[(3, 1)]).rules(Params { rate: LIQUID, ..RULES });
	subnet.bonds = BondRows::default().put(1, 9, [(3, ONE)]).unwrap();
	assert_eq!(bond(&subnet.epoch().bonds, 1, 3), ONE / 65_535 * (65_535 - against));
}

#[test]
fn degenerate_subnets_have_outcomes() {
	let nobody = Subnet::new([]).epoch();
	assert_eq!(nobody, Outcome::default());

	let without_stake = Subnet::new([0, 0]).row(0, &[(1, 1)]).epoch();
	assert_eq!(without_stake.permits, [false, false]);
	assert_eq!((without_stake.incentives, without_stake.dividends), (vec![0, 0], vec![0, 0]));

	let alone = Subnet::new([ALPHA]).row(0, &[(0, ALL)]).epoch();
	assert_eq!((alone.incentives, alone.dividends), (vec![0], vec![WHOLE]));

	let mut idle = Subnet::new([ALPHA, ALPHA]).row(0, &[(1, 1)]);
	for seat in &mut idle.seats {
		seat.active = false;
	}
	let idle = idle.epoch();
	assert_eq!(idle.permits, [true, true]);
	assert_eq!((idle.incentives, idle.dividends), (vec![0, 0], vec![0, 0]));

	let all_on_one = Subnet::new([ALPHA, 0, 0]).row(0, &[(2, 1)]).epoch();
	assert_eq!(all_on_one.incentives, [0, 0, WHOLE]);
	assert_eq!(all_on_one.dividends, [WHOLE, 0, 0]);
}

/// Nobody has weighed anything: the validators earn by stake.
#[test]
fn without_weights_dividends_are_by_stake() {
	for params in [RULES, RULES_OF_YUMA_1] {
		let outcome = Subnet::new([2 * ALPHA, 3 * ALPHA, 0]).rules(params).epoch();
		assert_eq!(outcome.incentives, [0, 0, 0]);
		assert_eq!(outcome.dividends, [WHOLE / 5 * 2, WHOLE / 5 * 3, 0]);
	}
}

/// Where no two of them agree there is no consensus, hence no incentive, but bonds, if the penalty
/// leaves any.
#[test]
fn without_a_consensus_nobody_mines() {
	let subnet = Subnet::new([ALPHA, ALPHA, ALPHA, 0, 0, 0])
		.row(0, &[(3, 1)])
		.row(1, &[(4, 1)])
		.row(2, &[(5, 1)]);
	let outcome = subnet.epoch();
	assert_eq!(outcome.incentives, [0; 6]);
	assert!(outcome.dividends.iter().all(|part| *part == 0 || part.abs_diff(WHOLE / 3) <= 1));
	assert!(outcome.bonds.is_empty());
	let lenient = Params { bonds_penalty: PerU16::from_parts(0), ..RULES };
	assert_eq!(bond(&subnet.rules(lenient).epoch().bonds, 0, 3), ONE / 65_535 * 6_553);
}

/// 256 seats, all of which validate, with the greatest stakes and dense rows of any weights.
#[test]
fn the_largest_subnets_have_outcomes() {
	let largest = [u64::MAX; MAX_SEATS];
	for params in [RULES, RULES_OF_YUMA_1, Params { rate: LIQUID, ..RULES_OF_YUMA_1 }] {
		for weight in
			[|_, _| ALL, |i: u16, j: u16| 1 + i.wrapping_mul(40_503).wrapping_add(j) % ALL]
		{
			let mut subnet = Subnet::new(largest).owner(0);
			subnet.params = Params { max_validators: 256, ..params };
			for (i, j) in (0..256).flat_map(|i| (0..256).map(move |j| (i, j))) {
				subnet.weigh(i, j, weight(i, j));
			}
			drop(subnet.advance());
			let outcome = subnet.advance();
			assert!(outcome.permits.iter().all(|permit| *permit));
			assert!(outcome.incentives.iter().all(|part| *part > 0));
			assert!(outcome.dividends.iter().all(|part| *part > 0));
		}
	}
}

#[test]
fn what_is_out_of_range_is_refused() {
	let refused = |subnet: Subnet| subnet.try_epoch() == Err(MathError::InvalidParameter);
	assert!(refused(Subnet::new([ALPHA; MAX_SEATS + 1])));
	assert!(!refused(Subnet::new([ALPHA; MAX_SEATS])));
	let kappa = |parts| Params { kappa: PerU16::from_parts(parts), ..RULES };
	assert!(refused(Subnet::new([ALPHA]).rules(kappa(0))));
	assert!(!refused(Subnet::new([ALPHA]).rules(kappa(1))));
	let rate = |low, high| Rate::Liquid {
		low: PerU16::from_parts(low),
		high: PerU16::from_parts(high),
		steepness: 10,
	};
	assert!(refused(Subnet::new([ALPHA]).rules(Params { rate: rate(2, 1), ..RULES })));
	assert!(!refused(Subnet::new([ALPHA]).rules(Params { rate: rate(1, 1), ..RULES })));
}
