//! `apportion`: the parts sum to the whole.

mod exact;

use dtao_math::{
	apportion::{apportion, Apportion},
	MathError,
};
use exact::{amount, q};
use proptest::prelude::*;

fn parts(whole: u64, weights: &[u128]) -> Vec<u64> {
	let mut out = vec![u64::MAX; weights.len()];
	apportion(whole, weights, &mut out).unwrap();
	out
}

#[test]
fn splits_match_hand_worked_ones() {
	// (whole, weights) => parts
	let splits: [(u64, &[u128], &[u64]); 8] = [
		(10, &[1], &[10]),
		(10, &[1, 1], &[5, 5]),
		(10, &[1, 1, 1], &[3, 3, 4]), // ⌊10/3⌋, ⌊7/2⌋, 4.
		(10, &[30, 70], &[3, 7]),
		(1, &[1, 1, 1], &[0, 0, 1]), // The last weighty part takes the remainder,
		(1, &[1, 1, 0], &[0, 1, 0]), // not the last part.
		(0, &[1, 2], &[0, 0]),
		(u64::MAX, &[u128::MAX / 2, u128::MAX / 2 + 1], &[u64::MAX / 2, u64::MAX / 2 + 1]),
	];
	for (whole, weights, expected) in splits {
		assert_eq!(parts(whole, weights), expected, "{whole} by {weights:?}");
	}
}

/// The rule of the default emission: 30 % of all pool TAO earns 30 % of the block, to the rao.
#[test]
fn thirty_per_cent_of_the_weight_is_thirty_per_cent_of_the_whole() {
	assert_eq!(parts(1_000_000_000, &[700_000, 300_000]), [700_000_000, 300_000_000]);
}

#[test]
fn weights_that_are_all_zero_are_refused() {
	let mut out = [0; 2];
	assert_eq!(apportion(10, &[0, 0], &mut out), Err(MathError::ZeroWeight));
	assert_eq!(apportion(10, &[], &mut []), Err(MathError::ZeroWeight));
}

#[test]
fn weights_and_parts_of_different_lengths_are_refused() {
	assert_eq!(apportion(10, &[1, 2], &mut [0; 3]), Err(MathError::InvalidParameter));
}

#[test]
fn weights_whose_sum_does_not_fit_are_refused() {
	assert_eq!(apportion(10, &[u128::MAX, 1], &mut [0; 2]), Err(MathError::Overflow));
}

/// Hazard E15: a weight that was not in the total cannot be paid, and costs the others nothing.
#[test]
fn a_weight_beyond_the_total_is_refused_and_changes_nothing() {
	let mut split = Apportion::new(10, 3);
	assert_eq!(split.next(2), Ok(6));
	let before = split;
	assert_eq!(split.next(2), Err(MathError::InvalidParameter));
	assert_eq!(split, before);
	assert_eq!((split.whole_left(), split.weight_left()), (4, 1));
	assert_eq!(split.next(1), Ok(4));
	assert_eq!(split.next(0), Ok(0));
	assert_eq!(split.next(1), Err(MathError::InvalidParameter));
}

/// Weights of every size, some of them zero, not all.
fn weights() -> impl Strategy<Value = Vec<u128>> {
	let weight = prop_oneof![
		1 => Just(0_u128),
		4 => (8..u128::BITS, any::<u128>()).prop_map(|(shift, bits)| bits >> shift),
		4 => 0..1_000_u128,
	];
	proptest::collection::vec(weight, 1..60)
		.prop_filter("some weight", |weights| weights.iter().any(|weight| *weight > 0))
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_048))]

	/// The parts sum to the whole, and what has no weight has no part.
	#[test]
	fn the_parts_sum_to_the_whole(whole in amount(), weights in weights()) {
		let parts = parts(whole, &weights);
		prop_assert_eq!(parts.iter().map(|part| u128::from(*part)).sum::<u128>(), whole.into());
		for (part, weight) in parts.iter().zip(&weights) {
			prop_assert!(*weight > 0 || *part == 0);
		}
	}

	/// Raising one weight never lowers its part.
	#[test]
	fn each_part_is_monotone_in_its_weight(
		whole in amount(),
		weights in weights(),
		which in any::<prop::sample::Index>(),
		(shift, bits) in (8..u128::BITS, any::<u128>()),
	) {
		let which = which.index(weights.len());
		let mut raised = weights.clone();
		raised[which] += bits >> shift;
		prop_assert!(parts(whole, &raised)[which] >= parts(whole, &weights)[which]);
	}

	/// A larger whole never lowers a part of the same weights, summed from the first.
	#[test]
	fn each_prefix_is_monotone_in_the_whole(whole in 0..u64::MAX, weights in weights()) {
		let (mut less, mut more) = (0_u128, 0_u128);
		for (a, b) in parts(whole, &weights).iter().zip(parts(whole + 1, &weights)) {
			less += u128::from(*a);
			more += u128::from(b);
			prop_assert!(less <= more);
		}
	}

	/// In exact rationals: no part is short by a unit or more, and none is over by more units than
	/// there are parts before it.
	#[test]
	fn each_part_is_near_the_exact_one(whole in amount(), weights in weights()) {
		let total: u128 = weights.iter().sum();
		for (before, (part, weight)) in parts(whole, &weights).iter().zip(&weights).enumerate() {
			let exact = q(whole) * q(*weight) / q(total);
			prop_assert!(q(*part) >= exact.floor());
			prop_assert!(q(*part) <= exact + q(before as u64));
		}
	}

	/// One by one is the same as all at once.
	#[test]
	fn the_walk_is_the_split(whole in amount(), weights in weights()) {
		let mut split = Apportion::new(whole, weights.iter().sum());
		let walked: Vec<u64> = weights.iter().map(|weight| split.next(*weight).unwrap()).collect();
		prop_assert_eq!(walked, parts(whole, &weights));
		prop_assert_eq!((split.whole_left(), split.weight_left()), (0, 0));
	}
}
