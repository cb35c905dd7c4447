//! `emission_curve`: halvings, exact at every boundary.

use dtao_math::emission_curve::{block_emission, halvings, BASE, CAP, SPENT};
use num_bigint::BigInt;
use proptest::prelude::*;

/// The definition, word for word and in exact integers: the largest `n` with
/// `issuance · 2ⁿ ≥ CAP · (2ⁿ − 1)`.
fn halvings_by_definition(issuance: u64) -> u32 {
	let holds = |n: u32| {
		let power = BigInt::from(1) << n;
		BigInt::from(issuance) * &power >= BigInt::from(CAP) * (power - 1)
	};
	(0..SPENT).take_while(|n| holds(*n)).last().unwrap()
}

/// The least issuance at which the emission has halved `n` times: `⌈CAP·(2ⁿ − 1)/2ⁿ⌉`.
fn boundary(n: u32) -> u64 {
	let power = 1_u128 << n;
	(u128::from(CAP) * (power - 1)).div_ceil(power).try_into().unwrap()
}

#[test]
fn emissions_match_hand_worked_ones() {
	// issuance => emission
	let emissions = [
		(0, 1_000_000_000),
		(10_499_999_999_999_999, 1_000_000_000),
		(10_500_000_000_000_000, 500_000_000),
		(15_749_999_999_999_999, 500_000_000),
		(15_750_000_000_000_000, 250_000_000),
		(18_375_000_000_000_000, 125_000_000),
		(19_687_500_000_000_000, 62_500_000),
		(20_343_750_000_000_000, 31_250_000),
		(20_671_875_000_000_000, 15_625_000),
		(20_835_937_500_000_000, 7_812_500),
		(20_917_968_750_000_000, 3_906_250),
		(20_958_984_375_000_000, 1_953_125),
		(20_979_492_187_500_000, 976_562), // 976 562.5, rounded down.
		(CAP - 1, 0),
		(CAP, 0),
		(CAP + 1, 0),
		(u64::MAX, 0),
	];
	for (issuance, emission) in emissions {
		assert_eq!(block_emission(issuance), emission, "at {issuance}");
	}
}

/// Hazards E11 and E13: one unit on each side of every boundary, against the definition.
#[test]
fn every_halving_is_exact_to_the_unit() {
	for n in 1..=54 {
		let at = boundary(n);
		for issuance in [at - 1, at, at + 1] {
			if issuance < CAP {
				assert_eq!(halvings(issuance), halvings_by_definition(issuance), "at {issuance}");
			}
		}
		assert_eq!(halvings(at - 1), n - 1, "one unit before halving {n}");
		assert_eq!(halvings(at), n, "at halving {n}");
		assert_eq!(block_emission(at - 1), (BASE >> (n - 1)).min(CAP - at + 1));
		assert_eq!(block_emission(at), (BASE >> n).min(CAP - at));
	}
	// There is no further boundary: the fifty-fifth would be at the cap itself.
	assert_eq!(boundary(54), CAP - 1);
	assert_eq!(boundary(55), CAP);
}

#[test]
fn at_the_cap_everything_is_spent() {
	for issuance in [CAP, CAP + 1, u64::MAX] {
		assert_eq!(halvings(issuance), SPENT);
	}
}

/// Each halving takes half of what is left, at half the pace: as many blocks as the one before.
#[test]
fn every_era_takes_as_many_blocks() {
	for n in 0..10 {
		let made = boundary(n + 1) - boundary(n);
		let blocks = made.div_ceil(BASE >> n);
		assert!((10_500_000..=10_500_011).contains(&blocks), "era {n}: {blocks}");
	}
}

/// From the start of each era, block by block, the emission changes in the block that reaches the
/// boundary and in no other.
#[test]
fn the_emission_changes_in_the_block_that_crosses() {
	for n in 1..30 {
		let mut issuance = boundary(n) - 3 * (BASE >> (n - 1));
		let emissions: Vec<u64> = (0..6)
			.map(|_| {
				let emission = block_emission(issuance);
				issuance += emission;
				emission
			})
			.collect();
		let (before, after) = (BASE >> (n - 1), BASE >> n);
		assert_eq!(emissions, [before, before, before, after, after, after], "halving {n}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// The closed form is the definition, anywhere and near the cap.
	#[test]
	fn halvings_are_those_of_the_definition(left in 1..=CAP, shift in 0..54_u32) {
		let issuance = CAP - (left >> shift).max(1);
		prop_assert_eq!(halvings(issuance), halvings_by_definition(issuance));
	}

	/// Hazard E17: no issuance makes more than the base, nor passes the cap.
	#[test]
	fn no_block_passes_the_cap(issuance in any::<u64>()) {
		let emission = block_emission(issuance);
		prop_assert!(emission <= BASE);
		prop_assert!(emission <= CAP.saturating_sub(issuance));
	}

	/// More issuance never makes more.
	#[test]
	fn the_emission_never_rises(issuance in 0..CAP, more in 0..CAP) {
		prop_assert!(block_emission(issuance.saturating_add(more)) <= block_emission(issuance));
	}
}
