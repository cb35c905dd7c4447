//! `yuma`: the logistic curve against the exact one.

use dtao_math::yuma::{logistic, ONE, ONE_Q30};
use num_bigint::BigInt;
use proptest::prelude::*;

/// Bits after the point of the exact values: what each step rounds off is below 2⁻²⁵⁶.
const POINT: u32 = 256;

fn one() -> BigInt {
	BigInt::from(1) << POINT
}

/// `eˣ`, for `x` up to 128: the series at `x/128`, squared seven times.
fn exponential(x: &BigInt) -> BigInt {
	let x = x >> 7;
	let mut term = one();
	let mut sum = one();
	for k in 1..40 {
		term = ((term * &x) >> POINT) / k;
		sum += &term;
	}
	(0..7).fold(sum, |power, _| (&power * &power) >> POINT)
}

/// `1 / (1 + e^(−steepness · (distance/ONE − ½)))`.
fn sigmoid(distance: u64, steepness: u8) -> BigInt {
	let twice: BigInt = BigInt::from(distance) * 2 - ONE;
	let x: BigInt = ((twice.clone() * steepness) << POINT) / (BigInt::from(ONE) * 2);
	let power = exponential(&BigInt::from(x.magnitude().clone()));
	let above = one() - (one() << POINT) / (one() + power);
	match twice < BigInt::from(0) {
		true => one() - above,
		false => above,
	}
}

/// Whether the logistic is off by less than 2⁻²⁴.
fn is_near(distance: u64, steepness: u8) -> bool {
	let logistic = BigInt::from(logistic(distance, steepness)) << (POINT - 30);
	let error = logistic - sigmoid(distance, steepness);
	*error.magnitude() < *(one() >> 24_u32).magnitude()
}

#[test]
fn logistics_match_hand_worked_ones() {
	// (distance, steepness) => in Q30
	for ((distance, steepness), value) in [
		((0, 0), ONE_Q30 / 2), // 1/(1 + e⁰).
		((ONE, 0), ONE_Q30 / 2),
		((ONE / 2 + 1, 10), ONE_Q30 / 2),
		((0, 255), 0), // 1/(1 + e¹²⁷).
		((ONE, 255), ONE_Q30),
	] {
		assert_eq!(logistic(distance, steepness), value, "{distance} at {steepness}");
	}
}

/// 257 points at each steepness.
#[test]
fn the_logistic_is_near_the_exact_one_over_its_range() {
	for steepness in 0..=255 {
		for step in 0..=256_u64 {
			let distance = u64::try_from(u128::from(ONE) * u128::from(step) / 256).unwrap();
			assert!(is_near(distance, steepness), "{distance} at {steepness}");
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(8_192))]

	/// In exact rationals: off by less than 2⁻²⁴.
	#[test]
	fn the_logistic_is_near_the_exact_one(distance in 0..=ONE, steepness: u8) {
		prop_assert!(is_near(distance, steepness));
	}

	/// As far below one half as above it.
	#[test]
	fn the_logistic_is_symmetric(distance in 0..=ONE, steepness: u8) {
		let sum = logistic(distance, steepness) + logistic(ONE - distance, steepness);
		prop_assert_eq!(sum, ONE_Q30);
	}

	/// A greater distance never is less far, but for the last bit.
	#[test]
	fn the_logistic_rises(one in 0..=ONE, other in 0..=ONE, steepness: u8) {
		let (less, more) = (one.min(other), one.max(other));
		prop_assert!(logistic(less, steepness) <= logistic(more, steepness) + 1);
	}
}
