//! Products that fit their type by the number of their bits, and the quotients of the epoch.
//!
//! An epoch makes millions of these, so none of them checks what its arguments' bounds prove.

use super::ONE;
use sp_arithmetic::PerU16;

/// A rate's parts of one.
const PARTS: u64 = 65_535;

/// `rate · value`, in 1/65 535 of the value's unit.
///
/// - `value`: at most [`ONE`]: 16 and 48 bits make at most 64.
pub(super) fn times(rate: PerU16, value: u64) -> u64 {
	debug_assert!(value <= ONE, "a product of {value} does not fit");
	u64::from(rate.deconstruct()).wrapping_mul(value)
}

/// `⌊rate · value⌋`, for a `value` of at most [`ONE`].
pub(super) fn part(rate: PerU16, value: u64) -> u64 {
	times(rate, value) / PARTS
}

/// `⌊rate · to + (1 − rate) · from⌋`, with one division, for values of at most [`ONE`].
pub(super) fn between(from: u64, to: u64, rate: PerU16) -> u64 {
	// The two rates sum to one, so the two products sum to no more than one would make.
	let left = PerU16::from_parts(u16::MAX.saturating_sub(rate.deconstruct()));
	times(rate, to).saturating_add(times(left, from)) / PARTS
}

/// A value as a part of [`ONE`], in 1/65 535, rounded down.
pub(super) fn shown(value: u64) -> u16 {
	let parts = times(PerU16::from_parts(u16::MAX), value) / ONE;
	u16::try_from(parts).unwrap_or(u16::MAX)
}

/// `a · b`. Two words always make a double word.
pub(super) fn wide(a: u64, b: u64) -> u128 {
	u128::from(a).wrapping_mul(u128::from(b))
}

/// A double word of which only the lower word is in use.
pub(super) fn low(value: u128) -> u64 {
	debug_assert!(value <= u64::MAX.into(), "{value} is more than a word");
	u64::try_from(value).unwrap_or(u64::MAX)
}
