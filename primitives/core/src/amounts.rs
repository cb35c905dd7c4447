//! [`Tao`] and [`Alpha`]: two amounts of the same shape that do not add up.
//!
//! This compiles:
//!
//! ```
//! # use dtao_primitives::{Alpha, Tao};
//! assert_eq!(Tao(1).checked_add(Tao(2)), Some(Tao(3)));
//! assert_eq!(Alpha(3).checked_sub(Alpha(2)), Some(Alpha(1)));
//! assert!(Tao(1) < Tao(2));
//! ```
//!
//! With an ALPHA in place of a TAO, no line of it does:
//!
//! ```compile_fail,E0308
//! # use dtao_primitives::{Alpha, Tao};
//! let sum = Tao(1).checked_add(Alpha(2));
//! ```
//!
//! ```compile_fail,E0308
//! # use dtao_primitives::{Alpha, Tao};
//! let rest = Alpha(3).checked_sub(Tao(2));
//! ```
//!
//! ```compile_fail,E0308
//! # use dtao_primitives::{Alpha, Tao};
//! let less = Tao(1) < Alpha(2);
//! ```
//!
//! Nor is there an operator that would mix them:
//!
//! ```compile_fail,E0369
//! # use dtao_primitives::{Alpha, Tao};
//! let sum = Tao(1) + Alpha(2);
//! ```

use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How much `Exact(amount)` or `All` of a position a call takes. Resolved on chain, so that "all"
/// never asks for one atom too many (hazards N11).
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum Amount {
	/// The whole position: all its shares, paid at their floor.
	#[codec(index = 0)]
	All,
	/// Exactly this much, in base units of the subnet's token (rao on root).
	#[codec(index = 1)]
	Exact(#[codec(compact)] u64),
}

/// What a trade with a limit price does when the limit is reached before all is traded.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum Fill {
	/// Nothing is traded: the call is refused.
	#[codec(index = 0)]
	FillOrKill,
	/// What can be traded within the limit is; the rest stays where it was.
	#[codec(index = 1)]
	Partial,
}

macro_rules! amount {
	($(#[$doc:meta])* $name:ident, $unit:literal) => {
		$(#[$doc])*
		#[derive(
			Clone,
			Copy,
			Default,
			PartialEq,
			Eq,
			PartialOrd,
			Ord,
			Hash,
			Encode,
			Decode,
			DecodeWithMemTracking,
			CompactAs,
			MaxEncodedLen,
			TypeInfo,
			Serialize,
			Deserialize,
		)]
		#[serde(transparent)]
		pub struct $name(pub u64);

		impl $name {
			/// Nothing.
			pub const ZERO: Self = Self(0);

			#[doc = concat!("The amount in base units (", $unit, ").")]
			pub const fn get(self) -> u64 {
				self.0
			}

			/// Whether this is nothing.
			pub const fn is_zero(self) -> bool {
				self.0 == 0
			}

			/// `self + other`, or `None` past `u64::MAX`.
			pub const fn checked_add(self, other: Self) -> Option<Self> {
				match self.0.checked_add(other.0) {
					Some(sum) => Some(Self(sum)),
					None => None,
				}
			}

			/// `self − other`, or `None` below zero.
			pub const fn checked_sub(self, other: Self) -> Option<Self> {
				match self.0.checked_sub(other.0) {
					Some(rest) => Some(Self(rest)),
					None => None,
				}
			}
		}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, concat!("{} ", $unit), self.0)
			}
		}

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				fmt::Debug::fmt(self, f)
			}
		}
	};
}

amount!(
	/// An amount of TAO, in rao: 1 TAO = 10⁹ rao. At most 21·10¹⁵ rao exist.
	///
	/// Encodes as a plain `u64`. There are no operators: sums are [`Tao::checked_add`] and
	/// [`Tao::checked_sub`], and neither takes an [`Alpha`].
	Tao,
	"rao"
);
amount!(
	/// An amount of one subnet's token, in atoms: 1 ALPHA = 10⁹ atoms. At most 21·10¹⁵ per subnet.
	///
	/// Encodes as a plain `u64`. There are no operators: sums are [`Alpha::checked_add`] and
	/// [`Alpha::checked_sub`], and neither takes a [`Tao`].
	Alpha,
	"atoms"
);

#[cfg(test)]
mod tests {
	use super::*;
	use codec::{Compact, Encode};

	#[test]
	fn amounts_encode_as_plain_numbers() {
		assert_eq!(Tao(7).encode(), 7u64.encode());
		assert_eq!(Compact(Alpha(7)).encode(), Compact(7u64).encode());
	}

	#[test]
	fn sums_are_checked_at_both_ends() {
		assert_eq!(Tao(u64::MAX).checked_add(Tao(1)), None);
		assert_eq!(Alpha(0).checked_sub(Alpha(1)), None);
		assert_eq!(Tao(2).checked_add(Tao(3)), Some(Tao(5)));
		assert_eq!(Alpha(3).checked_sub(Alpha(2)), Some(Alpha(1)));
	}
}
