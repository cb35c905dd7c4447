//! Split a whole by weights so that the parts sum to it.
//!
//! The one function for every split of the project. It walks the parts and gives each its share
//! of what is **left**, so the last weighty part takes the remainder and nothing is lost or made.

use crate::{wide::mul_div, MathError, Rounding};

/// A split in progress: what is left of the whole, and of the weights.
///
/// For callers who read their weights from storage one by one; see [`apportion`](fn@apportion)
/// for a slice.
#[must_use = "a split gives nothing until its parts are taken"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apportion {
	whole_left: u64,
	weight_left: u128,
}

impl Apportion {
	/// Begin to split `whole`, in base units, by weights that sum to `total_weight`.
	///
	/// # Example
	///
	/// ```
	/// # use dtao_math::apportion::Apportion;
	/// let mut split = Apportion::new(10, 3);
	/// assert_eq!([split.next(1), split.next(1), split.next(1)], [Ok(3), Ok(3), Ok(4)]);
	/// ```
	///
	/// Source: `docs/math.md` § 6.
	pub fn new(whole: u64, total_weight: u128) -> Self {
		Self { whole_left: whole, weight_left: total_weight }
	}

	/// Take the part of the next weight.
	///
	/// ```text
	/// part = ⌊ whole_left · weight / weight_left ⌋,  then both are reduced
	/// ```
	///
	/// - `weight`: in the unit of the total; a weight of zero has no part.
	///
	/// Rounded down, which leaves the fraction to the parts that follow. Each part is at least
	/// `⌊whole · weight / total⌋`, and the whole is spent once the weights are.
	///
	/// # Errors
	///
	/// - [`MathError::InvalidParameter`] if `weight` exceeds what is left of the total. The split
	///   is then unchanged.
	///
	/// # Example
	///
	/// ```
	/// # use dtao_math::{apportion::Apportion, MathError};
	/// let mut split = Apportion::new(10, 3);
	/// assert_eq!(split.next(4), Err(MathError::InvalidParameter));
	/// assert_eq!(split.next(3), Ok(10));
	/// ```
	///
	/// Source: `docs/math.md` § 6.
	pub fn next(&mut self, weight: u128) -> Result<u64, MathError> {
		let weight_left =
			self.weight_left.checked_sub(weight).ok_or(MathError::InvalidParameter)?;
		if weight == 0 {
			return Ok(0);
		}
		let part = mul_div(self.whole_left.into(), weight, self.weight_left, Rounding::Down)?;
		let part = u64::try_from(part).map_err(|_| MathError::Overflow)?;
		self.whole_left = self.whole_left.checked_sub(part).ok_or(MathError::Overflow)?;
		self.weight_left = weight_left;
		Ok(part)
	}

	/// What no part has taken yet, in base units.
	pub fn whole_left(&self) -> u64 {
		self.whole_left
	}

	/// The weight that is still to come.
	pub fn weight_left(&self) -> u128 {
		self.weight_left
	}
}

/// Split `whole` by `weights` into `out`.
///
/// ```text
/// out[i] = ⌊ left · weights[i] / weight_left ⌋,  then both are reduced;  Σ out = whole
/// ```
///
/// - `whole`: what is split, in base units.
/// - `weights`: one a part, in any unit, with a sum of at least one and at most [`u128::MAX`].
/// - `out`: one a part, in base units; as long as `weights`, and overwritten.
///
/// Raising one weight never lowers its part. Rounded down, in favour of the parts that follow.
///
/// # Errors
///
/// On an error `out` holds nothing of use.
///
/// - [`MathError::InvalidParameter`] if `out` and `weights` differ in length.
/// - [`MathError::ZeroWeight`] if every weight is zero, or there is none.
/// - [`MathError::Overflow`] if the weights sum to more than [`u128::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::apportion::apportion;
/// let mut parts = [0; 3];
/// apportion(100, &[1, 0, 2], &mut parts).unwrap();
/// assert_eq!(parts, [33, 0, 67]);
/// ```
///
/// Source: `docs/math.md` § 6.
pub fn apportion(whole: u64, weights: &[u128], out: &mut [u64]) -> Result<(), MathError> {
	if weights.len() != out.len() {
		return Err(MathError::InvalidParameter);
	}
	let total = weights
		.iter()
		.try_fold(0_u128, |sum, weight| sum.checked_add(*weight))
		.ok_or(MathError::Overflow)?;
	if total == 0 {
		return Err(MathError::ZeroWeight);
	}

	let mut split = Apportion::new(whole, total);
	for (part, weight) in out.iter_mut().zip(weights) {
		*part = split.next(*weight)?;
	}
	Ok(())
}
