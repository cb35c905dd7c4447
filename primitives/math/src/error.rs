//! Why a formula has no result.

/// Why a formula has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
	/// The result, or a reserve after the trade, does not fit its type.
	Overflow,
	/// The pool has nothing on one of its sides, so it has no price.
	EmptyPool,
	/// More was asked of a reserve than it can give.
	InsufficientReserve,
	/// A trade of nothing.
	ZeroAmount,
	/// A whole was to be split by weights that are all zero.
	ZeroWeight,
	/// An argument lies outside the range that its function documents.
	InvalidParameter,
}

impl core::fmt::Display for MathError {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		f.write_str(match self {
			Self::Overflow => "the result does not fit its type",
			Self::EmptyPool => "the pool is empty on one side",
			Self::InsufficientReserve => "more was asked of a reserve than it can give",
			Self::ZeroAmount => "the amount is zero",
			Self::ZeroWeight => "every weight is zero",
			Self::InvalidParameter => "an argument is out of range",
		})
	}
}

impl core::error::Error for MathError {}
