//! What the tests measure the integers against: exact rationals, and amounts of every size.

#![allow(dead_code, reason = "each test file takes what it needs")]

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

/// An integer as an exact rational.
pub(crate) fn q(value: impl Into<BigInt>) -> BigRational {
	BigRational::from_integer(value.into())
}

/// Whether `result` is `exact` rounded down: below it by less than one.
pub(crate) fn is_floor(result: impl Into<BigInt>, exact: &BigRational) -> bool {
	let result = q(result);
	result <= *exact && *exact < result + q(1)
}

/// Amounts of every bit length, each as likely as the next.
pub(crate) fn amount() -> impl Strategy<Value = u64> {
	(0..u64::BITS, any::<u64>()).prop_map(|(shift, bits)| bits >> shift)
}
