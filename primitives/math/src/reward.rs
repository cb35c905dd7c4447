//! What a seat has earned of a bucket so far.

use crate::{wide::mul_div_u64, MathError, Rounding};

/// What the weights of all seats sum to: `W = 2³² − 1`.
pub const WHOLE: u32 = u32::MAX;

/// A seat's part of all that its bucket received since the epoch began.
///
/// ```text
/// accrued = ⌊ bucket · weight / W ⌋
/// ```
///
/// - `bucket`: what the bucket received since the epoch began, in base units, paid out or not.
/// - `weight`: the seat's, in parts of [`WHOLE`].
///
/// It grows with the bucket alone, so what a seat is owed at any moment is this less what it was
/// credited before. As weights sum to at most [`WHOLE`], the seats together never get more than
/// the bucket; the fraction of each stays in it. A seat with all the weight gets all.
///
/// # Errors
///
/// None: a part is never larger than its whole.
///
/// # Example
///
/// ```
/// # use dtao_math::reward::{accrued, WHOLE};
/// assert_eq!(accrued(1_000, WHOLE), Ok(1_000));
/// assert_eq!(accrued(1_000, WHOLE / 2), Ok(499)); // W is odd
/// ```
///
/// Source: `docs/math.md` § 12.
pub fn accrued(bucket: u64, weight: u32) -> Result<u64, MathError> {
	mul_div_u64(bucket, weight.into(), WHOLE.into(), Rounding::Down)
}
