//! Multiply, then divide, with no bit lost in between.
//!
//! The only module that knows how wide a product is. Every other formula of the crate states its
//! direction here and nowhere rounds twice.

use crate::{double::Double, MathError};
use primitive_types::U256;
use sp_arithmetic::{PerThing, Perbill};

/// Which way a quotient that is not an integer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
	/// To the integer below: `⌊ ⌋`.
	Down,
	/// To the integer above: `⌈ ⌉`.
	Up,
}

/// The quotient of a product, over 256 bits.
///
/// ```text
/// ⌊ a · b / c ⌋   or   ⌈ a · b / c ⌉
/// ```
///
/// - `a`, `b`, `c`: any integers, in any unit; `c` is not zero.
/// - `rounding`: who gains is up to the caller, and documented there.
///
/// A product of two `u128` always fits 256 bits, so only the quotient can overflow.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `c` is zero.
/// - [`MathError::Overflow`] if the quotient exceeds [`u128::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::{wide::mul_div, Rounding};
/// assert_eq!(mul_div(7, 3, 2, Rounding::Down), Ok(10));
/// assert_eq!(mul_div(7, 3, 2, Rounding::Up), Ok(11));
/// assert_eq!(mul_div(u128::MAX, u128::MAX, u128::MAX, Rounding::Up), Ok(u128::MAX));
/// ```
///
/// Source: `docs/math.md` § 2.
pub fn mul_div(a: u128, b: u128, c: u128, rounding: Rounding) -> Result<u128, MathError> {
	if c == 0 {
		return Err(MathError::InvalidParameter);
	}
	let (quotient, left) = Double::product(a, b).divide(c).ok_or(MathError::Overflow)?;
	match rounding {
		Rounding::Up if left > 0 => quotient.checked_add(1).ok_or(MathError::Overflow),
		_ => Ok(quotient),
	}
}

/// The quotient of a product of two amounts, over 128 bits.
///
/// ```text
/// ⌊ a · b / c ⌋   or   ⌈ a · b / c ⌉
/// ```
///
/// - `a`, `b`, `c`: any integers, in any unit; `c` is not zero.
/// - `rounding`: who gains is up to the caller, and documented there.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `c` is zero.
/// - [`MathError::Overflow`] if the quotient exceeds [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::{wide::mul_div_u64, Rounding};
/// assert_eq!(mul_div_u64(u64::MAX, 3, 4, Rounding::Down), Ok(u64::MAX / 4 * 3 + 2));
/// ```
///
/// Source: `docs/math.md` § 2.
pub fn mul_div_u64(a: u64, b: u64, c: u64, rounding: Rounding) -> Result<u64, MathError> {
	let quotient = mul_div(a.into(), b.into(), c.into(), rounding)?;
	u64::try_from(quotient).map_err(|_| MathError::Overflow)
}

/// A rate's part of an amount.
///
/// ```text
/// ⌊ rate · amount ⌋   or   ⌈ rate · amount ⌉
/// ```
///
/// - `rate`: a part of one, in billionths.
/// - `amount`: what it is a part of, in base units.
///
/// The result is at most `amount`, whichever way it is rounded.
///
/// # Errors
///
/// None: a part is never larger than its whole. The `Result` is that of [`mul_div_u64`].
///
/// # Example
///
/// ```
/// # use dtao_math::{wide::mul_rate, Rounding};
/// # use sp_arithmetic::Perbill;
/// let swap_fee = Perbill::from_parts(500_000); // 0.05 %
/// assert_eq!(mul_rate(swap_fee, 1_001, Rounding::Down), Ok(0));
/// assert_eq!(mul_rate(swap_fee, 1_001, Rounding::Up), Ok(1));
/// ```
///
/// Source: `docs/math.md` § 2.
pub fn mul_rate(rate: Perbill, amount: u64, rounding: Rounding) -> Result<u64, MathError> {
	mul_div_u64(amount, rate.deconstruct().into(), Perbill::ACCURACY.into(), rounding)
}

/// `a / b` in the given direction, on 256 bits.
pub(crate) fn div_u256(a: U256, b: U256, rounding: Rounding) -> Result<U256, MathError> {
	let quotient = a.checked_div(b).ok_or(MathError::InvalidParameter)?;
	let remainder = a.checked_rem(b).ok_or(MathError::InvalidParameter)?;
	match rounding {
		Rounding::Up if !remainder.is_zero() => {
			quotient.checked_add(U256::one()).ok_or(MathError::Overflow)
		},
		_ => Ok(quotient),
	}
}
