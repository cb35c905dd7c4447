//! Numbers of 256 bits, as far as a product of two `u128` and its quotient need them.
//!
//! A few times as fast as numbers of 256 bits in general, which in WASM are most of what a block's
//! formulas cost: four products of 64 bits and two divisions, in place of sixteen and a loop.

/// A number of 256 bits: `high · 2¹²⁸ + low`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Double {
	high: u128,
	low: u128,
}

impl Double {
	/// `a · b`, which always fits.
	pub(crate) fn product(a: u128, b: u128) -> Self {
		let ([a1, a0], [b1, b0]) = (halves(a), halves(b));
		let low = times(a0, b0);
		if a1 == 0 && b1 == 0 {
			return Self { high: 0, low };
		}
		// None of these sums reaches 2¹²⁸: (2⁶⁴ − 1)² + 2 · (2⁶⁴ − 1) is just below.
		let middle = times(a1, b0).wrapping_add(low >> 64);
		let [carried, middle] = halves(middle);
		let middle = times(a0, b1).wrapping_add(middle.into());
		let high = times(a1, b1).wrapping_add(carried.into()).wrapping_add(middle >> 64);
		Self { high, low: (middle << 64) | u128::from(halves(low)[1]) }
	}

	/// The quotient by `divisor`, rounded down, and what is left. None if it takes more than 128
	/// bits, as it does by 0.
	pub(crate) fn divide(self, divisor: u128) -> Option<(u128, u128)> {
		let Self { high, low } = self;
		if high >= divisor {
			return None;
		}
		if high == 0 {
			let quotient = low.checked_div(divisor)?;
			return Some((quotient, low.wrapping_sub(quotient.wrapping_mul(divisor))));
		}
		// The divisor's highest bit becomes bit 127; as `high` is below it, nothing is lost.
		let shift = divisor.leading_zeros();
		let divisor = divisor.unbounded_shl(shift);
		let above = low.unbounded_shr(128_u32.wrapping_sub(shift));
		let high = high.unbounded_shl(shift) | above;
		let [next, last] = halves(low.unbounded_shl(shift));

		let (first, left) = digit(high, next, divisor)?;
		let (second, left) = digit(left, last, divisor)?;
		Some(((first << 64) | second, left.unbounded_shr(shift)))
	}
}

/// The digit to the base 2⁶⁴ that dividing `high · 2⁶⁴ + next` gives, and what is left. `divisor` is
/// at least 2¹²⁷, and above `high`: so there is one digit.
///
/// Source: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D. A guess by the divisor's
/// leading half is the digit, or one or two more.
fn digit(high: u128, next: u64, divisor: u128) -> Option<(u128, u128)> {
	let [d1, d0] = halves(divisor).map(u128::from);
	let mut digit = high.checked_div(d1)?;
	let mut left = high.wrapping_sub(digit.wrapping_mul(d1));
	for _ in 0..2 {
		let too_much = digit >> 64 > 0 || digit.wrapping_mul(d0) > (left << 64) | u128::from(next);
		// Once `left` takes more than 64 bits, the guess is right: `digit · d0` takes at most 128.
		if !too_much || left >> 64 > 0 {
			break;
		}
		digit = digit.wrapping_sub(1);
		left = left.wrapping_add(d1);
	}
	// What is left is below the divisor, so that its low 128 bits are all of it.
	let dividend = (high << 64) | u128::from(next);
	Some((digit, dividend.wrapping_sub(digit.wrapping_mul(divisor))))
}

/// The high and the low 64 bits.
fn halves(number: u128) -> [u64; 2] {
	// Each fits, and the compiler knows it: the default is never taken.
	[number >> 64, number & u128::from(u64::MAX)]
		.map(|half| u64::try_from(half).unwrap_or_default())
}

/// A product of 128 bits.
fn times(a: u64, b: u64) -> u128 {
	u128::from(a).wrapping_mul(b.into())
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]
mod tests {
	use super::*;
	use num_bigint::BigUint;
	use proptest::prelude::*;

	/// Halves in which carries and wrong guesses are likely.
	fn half() -> impl Strategy<Value = u64> {
		let edges = [0, 1, 2, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, u64::MAX - 1, u64::MAX];
		prop_oneof![proptest::sample::select(edges.to_vec()), any::<u64>()]
	}

	fn number() -> impl Strategy<Value = u128> {
		(half(), half()).prop_map(|(high, low)| u128::from(high) << 64 | u128::from(low))
	}

	fn big(number: Double) -> BigUint {
		(BigUint::from(number.high) << 128) + BigUint::from(number.low)
	}

	proptest! {
		#![proptest_config(ProptestConfig::with_cases(50_000))]

		#[test]
		fn a_product_is_exact(a in number(), b in number()) {
			prop_assert_eq!(big(Double::product(a, b)), BigUint::from(a) * BigUint::from(b));
		}

		#[test]
		fn a_quotient_is_exact(high in number(), low in number(), divisor in number()) {
			let number = Double { high, low };
			match number.divide(divisor) {
				Some((quotient, left)) => {
					prop_assert!(left < divisor);
					let back = BigUint::from(quotient) * BigUint::from(divisor) + BigUint::from(left);
					prop_assert_eq!(back, big(number));
				},
				None => prop_assert!(high >= divisor),
			}
		}
	}

	/// Dividends for which the guess is right, one too much, two too much, and does not fit.
	#[test]
	fn a_guess_is_corrected() {
		let guess = |high, divisor: u128| high / (divisor >> 64);
		// (high, next, divisor) => (guess, digit)
		let cases = [
			((1, 0, 1 << 127), (0, 0)),
			((1 << 126, 5, 1 << 127), (1 << 63, 1 << 63)),
			((1 << 126, 0, (1 << 127) + 1), (1 << 63, (1 << 63) - 1)),
			(
				((1 << 127) - 1, 0, (1 << 127) | u128::from(u64::MAX)),
				((1 << 64) - 1, (1 << 64) - 2),
			),
			(
				((1 << 127) | u128::from(u64::MAX - 1), 0, (1 << 127) | u128::from(u64::MAX)),
				((1 << 64) + 1, (1 << 64) - 1),
			),
			((1 << 127, 0, (1 << 127) + 1), (1 << 64, (1 << 64) - 1)),
		];
		for ((high, next, divisor), (guessed, expected)) in cases {
			assert_eq!(guess(high, divisor), guessed, "{high} by {divisor}");
			let (digit, left) = digit(high, next, divisor).unwrap();
			let dividend = (BigUint::from(high) << 64) + BigUint::from(next);
			assert_eq!(digit, expected, "{high} by {divisor}");
			assert_eq!(
				BigUint::from(digit) * BigUint::from(divisor) + BigUint::from(left),
				dividend
			);
		}
	}
}
