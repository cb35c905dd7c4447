//! `wide`: a product and its quotient, at every width.

mod exact;

use dtao_math::{
	wide::{mul_div, mul_div_u64, mul_rate},
	MathError,
	Rounding::{Down, Up},
};
use exact::{amount, is_floor, q};
use num_bigint::BigInt;
use proptest::prelude::*;
use sp_arithmetic::Perbill;

#[test]
fn quotients_match_hand_worked_ones() {
	let max = u128::MAX;
	// (a, b, c) => (down, up)
	let quotients = [
		((0, 7, 3), (0, 0)),
		((7, 3, 2), (10, 11)),
		((6, 3, 2), (9, 9)),
		((1, 1, max), (0, 1)),
		((max, 1, 1), (max, max)),
		((max, max, max), (max, max)), // 256 bits wide, exact.
		((1 << 127, 6, 4), ((1 << 127) + (1 << 126), (1 << 127) + (1 << 126))), // 129 bits.
		((max, 2, 3), (max / 3 * 2, max / 3 * 2)), // 2¹²⁸ − 1 is a multiple of 3.
		((max, 2, 5), (max / 5 * 2, max / 5 * 2)), // … and of 5.
		((max, 2, 7), (max / 7 * 2, max / 7 * 2 + 1)), // 2¹²⁸ − 1 = 7k + 3: 6/7 are left.
	];
	for ((a, b, c), (down, up)) in quotients {
		assert_eq!(mul_div(a, b, c, Down), Ok(down), "⌊{a} · {b} / {c}⌋");
		assert_eq!(mul_div(a, b, c, Up), Ok(up), "⌈{a} · {b} / {c}⌉");
	}
}

#[test]
fn dividing_by_zero_is_refused_at_every_width() {
	for a in [0, 1, u128::MAX] {
		assert_eq!(mul_div(a, u128::MAX, 0, Down), Err(MathError::InvalidParameter));
	}
	assert_eq!(mul_div_u64(1, 1, 0, Up), Err(MathError::InvalidParameter));
}

#[test]
fn a_quotient_that_does_not_fit_is_refused() {
	assert_eq!(mul_div(u128::MAX, u128::MAX, u128::MAX - 1, Down), Err(MathError::Overflow));
	assert_eq!(mul_div(u128::MAX, 3, 2, Up), Err(MathError::Overflow));
	assert_eq!(mul_div_u64(u64::MAX, 2, 1, Down), Err(MathError::Overflow));
	assert_eq!(mul_div_u64(u64::MAX, u64::MAX, u64::MAX - 1, Down), Err(MathError::Overflow));
	assert_eq!(mul_div_u64(u64::MAX, u64::MAX, u64::MAX, Up), Ok(u64::MAX));
}

/// Integers of every bit length up to 128.
fn wide() -> impl Strategy<Value = u128> {
	(0..u128::BITS, any::<u128>()).prop_map(|(shift, bits)| bits >> shift)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// At every width the quotient is the exact one, rounded as asked, or refused if too large.
	#[test]
	fn mul_div_is_the_exact_quotient(a in wide(), b in wide(), c in wide()) {
		prop_assume!(c > 0);
		let product = BigInt::from(a) * BigInt::from(b);
		let down = &product / BigInt::from(c);
		let up = (&product + BigInt::from(c) - BigInt::from(1)) / BigInt::from(c);
		prop_assert_eq!(mul_div(a, b, c, Down).ok(), u128::try_from(down).ok());
		prop_assert_eq!(mul_div(a, b, c, Up).ok(), u128::try_from(up).ok());
	}

	#[test]
	fn mul_div_u64_is_the_exact_quotient(a in amount(), b in amount(), c in amount()) {
		prop_assume!(c > 0);
		let product = u128::from(a) * u128::from(b);
		prop_assert_eq!(
			mul_div_u64(a, b, c, Down).ok(),
			u64::try_from(product / u128::from(c)).ok()
		);
		prop_assert_eq!(
			mul_div_u64(a, b, c, Up).ok(),
			u64::try_from(product.div_ceil(u128::from(c))).ok()
		);
	}

	/// A rate's part is exact, rounded as asked, and never more than the whole.
	#[test]
	fn mul_rate_is_a_part_of_its_whole(parts in 0..=1_000_000_000_u32, whole in amount()) {
		let rate = Perbill::from_parts(parts);
		let exact = q(parts) * q(whole) / q(1_000_000_000);
		let down = mul_rate(rate, whole, Down).unwrap();
		let up = mul_rate(rate, whole, Up).unwrap();
		prop_assert!(is_floor(down, &exact));
		prop_assert_eq!(q(up), exact.ceil());
		prop_assert!(up <= whole);
	}
}
