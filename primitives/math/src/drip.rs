//! An amount released evenly over blocks.

use crate::{wide::mul_div_u64, MathError, Rounding};

/// What of `left` is released after `elapsed` blocks.
///
/// ```text
/// elapsed ≥ remaining_blocks:  left
/// otherwise:                   ⌊ left · elapsed / remaining_blocks ⌋
/// ```
///
/// - `left`: what is not yet released, in base units.
/// - `elapsed`: blocks since `left` was last settled.
/// - `remaining_blocks`: blocks in which all of `left` is to be released; zero for at once.
///
/// Rounded down; what waits is released with the last block, which takes the remainder. However
/// often it is settled on the way, the sum at any block is never ahead of the line.
///
/// # Errors
///
/// None: a part is never larger than its whole.
///
/// # Example
///
/// ```
/// # use dtao_math::drip::released;
/// assert_eq!(released(10, 1, 3), Ok(3));
/// assert_eq!(released(7, 1, 2), Ok(3));
/// assert_eq!(released(4, 1, 1), Ok(4));
/// ```
///
/// Source: `docs/math.md` § 13.
pub fn released(left: u64, elapsed: u32, remaining_blocks: u32) -> Result<u64, MathError> {
	if elapsed >= remaining_blocks {
		return Ok(left);
	}
	mul_div_u64(left, elapsed.into(), remaining_blocks.into(), Rounding::Down)
}
