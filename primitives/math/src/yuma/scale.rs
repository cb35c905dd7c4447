//! Bring numbers to a width, so that what follows fits whatever their size was.

use super::{
	product::{halves, low, wide},
	ONE, WHOLE,
};
use crate::{apportion::Apportion, MathError};
use alloc::vec::Vec;

/// Bits of a list of weights before it is apportioned: with 32 of the whole, the products fit.
const WEIGHT_BITS: u32 = 92;

/// Bits of a column before it is normalised.
const COLUMN_BITS: u32 = 64;

/// How to shift the parts of a sum, so that the sum has a given number of bits.
#[derive(Clone, Copy, Debug)]
enum Shift {
	Left(u32),
	Right(u32),
}

impl Shift {
	/// The shift that brings `sum` to `bits` bits.
	fn to(bits: u32, sum: u128) -> Self {
		let now = u128::BITS.saturating_sub(sum.leading_zeros());
		match now.checked_sub(bits) {
			Some(excess) => Self::Right(excess),
			None => Self::Left(bits.saturating_sub(now)),
		}
	}

	/// A part of the sum, shifted; rounded down where that is to the right.
	fn apply(self, part: u128) -> u128 {
		match self {
			Self::Left(by) => part.wrapping_shl(by),
			Self::Right(by) => part.wrapping_shr(by),
		}
	}
}

/// Brings the parts of one column to a sum of [`ONE`] at most.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Normal {
	/// By how much a part is shifted to the right, below 64, or else to the left.
	right: u32,
	left: u32,
	/// `⌊ONE · 2⁷⁸ / sum⌋` for the shifted sum of 64 bits, so that a part costs no division.
	inverse: u64,
}

impl Normal {
	/// For a column that sums to `sum`, below 2¹²⁷.
	pub(super) fn of(sum: u128) -> Self {
		let shift = Shift::to(COLUMN_BITS, sum);
		let inverse = (u128::from(ONE) << 78).checked_div(shift.apply(sum));
		let (right, left) = match shift {
			Shift::Right(by) => (by, 0),
			Shift::Left(by) => (0, by),
		};
		// 126 bits over 64, or nothing where the column is empty.
		Self { right, left, inverse: low(inverse.unwrap_or_default()) }
	}

	/// A part of the column in parts of [`ONE`], rounded down.
	pub(super) fn apply(self, part: u128) -> u64 {
		let (high, low) = halves(part);
		// Without a shift to the right the upper word is zero, wherever it goes.
		let carried = high.wrapping_shl(u64::BITS.wrapping_sub(self.right));
		self.scaled(carried | low.wrapping_shr(self.right))
	}

	/// The same of a part of a column whose sum is one word.
	pub(super) fn apply_word(self, part: u64) -> u64 {
		self.scaled(part)
	}

	/// `part`: but for a shift to the left.
	fn scaled(self, part: u64) -> u64 {
		let (high, _) = halves(wide(part.wrapping_shl(self.left), self.inverse));
		high >> 14
	}
}

/// Shift weights so that they sum to 92 bits, but for what that rounds down.
pub(super) fn scale(weights: &mut [u128]) {
	let shift = Shift::to(WEIGHT_BITS, sum(weights));
	for weight in weights {
		*weight = shift.apply(*weight);
	}
}

/// Apportion [`WHOLE`] by scaled weights. Nothing to anybody if all are zero.
pub(super) fn parts(weights: &[u128]) -> Result<Vec<u32>, MathError> {
	let mut split = Apportion::new(WHOLE.into(), sum(weights));
	let parts = weights.iter().map(|weight| {
		split.next(*weight).and_then(|part| u32::try_from(part).map_err(|_| MathError::Overflow))
	});
	let mut out = Vec::with_capacity(weights.len());
	for part in parts {
		out.push(part?);
	}
	Ok(out)
}

/// What weights sum to. Their callers' bounds keep it within 128 bits.
pub(super) fn sum(weights: &[u128]) -> u128 {
	weights.iter().fold(0, |sum, weight| sum.saturating_add(*weight))
}
