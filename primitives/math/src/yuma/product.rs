//! Products that fit their type by the number of their bits, and the quotients of the epoch.
//!
//! An epoch makes millions of these, so none of them checks what its arguments' bounds prove.

use super::ONE;
use sp_arithmetic::PerU16;

/// A rate's parts of one.
const PARTS: u64 = 65_535;

/// The lower half of a word.
#[cfg(any(target_arch = "wasm32", test))]
const HALF: u64 = (1 << 32) - 1;

/// `rate · value`, in 1/65 535 of the value's unit.
///
/// - `value`: at most [`ONE`]: 16 and 48 bits make at most 64.
#[inline]
pub(super) fn times(rate: PerU16, value: u64) -> u64 {
	u64::from(rate.deconstruct()).wrapping_mul(value)
}

/// `⌊rate · value⌋`, for a `value` of at most [`ONE`].
#[inline]
pub(super) fn part(rate: PerU16, value: u64) -> u64 {
	times(rate, value) / PARTS
}

/// `⌊rate · to + (1 − rate) · from⌋`, with one division, for values of at most [`ONE`].
#[inline]
pub(super) fn between(from: u64, to: u64, rate: PerU16) -> u64 {
	// The two rates sum to one, so the two products sum to no more than one would make.
	let left = PerU16::from_parts(u16::MAX.saturating_sub(rate.deconstruct()));
	times(rate, to).wrapping_add(times(left, from)) / PARTS
}

/// A value as a part of [`ONE`], in 1/65 535, rounded down.
pub(super) fn shown(value: u64) -> u16 {
	let parts = times(PerU16::from_parts(u16::MAX), value) / ONE;
	u16::try_from(parts).unwrap_or(u16::MAX)
}

/// `a · b`. Two words always make a double word.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
pub(super) fn wide(a: u64, b: u64) -> u128 {
	u128::from(a).wrapping_mul(u128::from(b))
}

/// `a · b`. Two words always make a double word.
#[cfg(target_arch = "wasm32")]
#[inline]
pub(super) fn wide(a: u64, b: u64) -> u128 {
	by_halves(a, b)
}

/// `a · b` of four products of 32 bits, which is how WASM has to: it has no product of 128 bits, and
/// what the compiler calls in its place takes a few times as long.
#[cfg(any(target_arch = "wasm32", test))]
#[inline]
fn by_halves(a: u64, b: u64) -> u128 {
	let ([a1, a0], [b1, b0]) = ([a >> 32, a & HALF], [b >> 32, b & HALF]);
	// None of these sums reaches 2⁶⁴: (2³² − 1)² + 2 · (2³² − 1) is just below.
	let low = a0.wrapping_mul(b0);
	let middle = a1.wrapping_mul(b0).wrapping_add(low >> 32);
	let other = a0.wrapping_mul(b1).wrapping_add(middle & HALF);
	let high = a1.wrapping_mul(b1).wrapping_add(middle >> 32).wrapping_add(other >> 32);
	u128::from(high) << 64 | u128::from(other << 32 | low & HALF)
}

/// A double word of which only the lower word is in use.
#[inline]
pub(super) fn low(value: u128) -> u64 {
	debug_assert!(value <= u64::MAX.into(), "{value} is more than a word");
	u64::try_from(value).unwrap_or(u64::MAX)
}

/// The upper and the lower word of a double word.
#[inline]
pub(super) fn halves(value: u128) -> (u64, u64) {
	// Each fits, and the compiler knows it: the default is never taken.
	let half = |half: u128| u64::try_from(half).unwrap_or_default();
	(half(value >> 64), half(value & u128::from(u64::MAX)))
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	/// Numbers whose halves carry.
	fn number() -> impl Strategy<Value = u64> {
		let edges = [0, 1, HALF, HALF + 1, HALF << 32, u64::MAX - 1, u64::MAX];
		prop_oneof![proptest::sample::select(edges.to_vec()), any::<u64>()]
	}

	proptest! {
		#![proptest_config(ProptestConfig::with_cases(50_000))]

		/// WASM's product is the native one.
		#[test]
		fn a_product_by_halves_is_the_same(a in number(), b in number()) {
			prop_assert_eq!(by_halves(a, b), u128::from(a).wrapping_mul(b.into()));
		}
	}
}
