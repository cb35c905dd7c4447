//! Identifiers: small integers that cannot be mistaken for one another.

use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

macro_rules! id {
	($(#[$doc:meta])* $name:ident, $inner:ty) => {
		$(#[$doc])*
		#[derive(
			Clone,
			Copy,
			Debug,
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
		pub struct $name(pub $inner);

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				fmt::Display::fmt(&self.0, f)
			}
		}
	};
}

id!(
	/// A subnet. 0 is root.
	NetUid,
	u16
);
id!(
	/// A seat in a subnet: a neuron's number, from 0.
	Uid,
	u16
);
id!(
	/// The stable number of a hotkey, given at its first registration.
	///
	/// Stake pools are keyed by it and not by the account, so that exchanging a hotkey's account
	/// moves no position.
	HotkeyId,
	u32
);

impl NetUid {
	/// Root: TAO staked as TAO.
	pub const ROOT: Self = Self(0);

	/// Whether this is root.
	pub const fn is_root(self) -> bool {
		self.0 == 0
	}
}
