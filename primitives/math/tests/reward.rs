//! `reward`: a seat's part of its bucket.

mod exact;

use dtao_math::{
	apportion::apportion,
	reward::{accrued, WHOLE},
};
use exact::{amount, is_floor, q};
use proptest::prelude::*;

#[test]
fn rewards_match_hand_worked_ones() {
	// (bucket, weight) => accrued
	let rewards = [
		((0, WHOLE), 0),
		((1_000, 0), 0),
		((1_000, WHOLE), 1_000),
		((1_000, WHOLE - 1), 999),
		((1_000, WHOLE / 3), 333), // W is a multiple of 3: 333.3.
		((999, WHOLE / 3), 333),
		((1_000, WHOLE / 2), 499), // W is odd: 499.99….
		((u64::MAX, WHOLE), u64::MAX),
		((u64::MAX, 1), (1 << 32) + 1), // (2⁶⁴ − 1)/(2³² − 1).
	];
	for ((bucket, weight), reward) in rewards {
		assert_eq!(accrued(bucket, weight), Ok(reward), "{weight} of {bucket}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// Hazard E15: what all seats are paid is never more than the bucket, and less than a unit a
	/// seat is left in it.
	#[test]
	fn the_rewards_are_within_the_bucket(
		bucket in amount(), scores in proptest::collection::vec(any::<u32>(), 1..64),
	) {
		prop_assume!(scores.iter().any(|score| *score > 0));
		let scores: Vec<u128> = scores.into_iter().map(u128::from).collect();
		let mut weights = vec![0; scores.len()];
		apportion(WHOLE.into(), &scores, &mut weights).unwrap();
		let paid: u128 = weights.iter()
			.map(|weight| u128::from(accrued(bucket, u32::try_from(*weight).unwrap()).unwrap()))
			.sum();
		prop_assert!(paid <= bucket.into());
		prop_assert!(u128::from(bucket) - paid < weights.len() as u128);
	}

	/// A reward grows with the bucket: what was credited before is never more than what is due now,
	/// so being settled often costs nothing and gains nothing.
	#[test]
	fn settling_often_is_settling_once(
		steps in proptest::collection::vec(amount().prop_map(|step| step >> 8), 1..100),
		weight in any::<u32>(),
	) {
		let (mut bucket, mut credited) = (0_u64, 0_u64);
		for step in steps {
			bucket += step;
			let due = accrued(bucket, weight).unwrap();
			prop_assert!(due >= credited);
			credited += due - credited;
		}
		prop_assert_eq!(credited, accrued(bucket, weight).unwrap());
	}

	/// In exact rationals: below by less than a unit.
	#[test]
	fn a_reward_is_the_exact_one_rounded_down(bucket in amount(), weight in any::<u32>()) {
		let exact = q(bucket) * q(weight) / q(WHOLE);
		prop_assert!(is_floor(accrued(bucket, weight).unwrap(), &exact));
	}
}
