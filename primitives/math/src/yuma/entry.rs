//! One value and the uid that it is about, in one word.

use super::ONE;
use alloc::vec::Vec;

/// Bits of a uid, below the value.
const UID_BITS: u32 = 16;

/// One value of at most 48 bits, above, and the uid that it is about, below.
///
/// Ordered by value, then by uid. Its little-endian bytes are those of a packed row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u64);

impl Entry {
	/// - `value`: at most 48 bits; what is above them is lost.
	pub(super) fn new(uid: u16, value: u64) -> Self {
		Self(value << UID_BITS | u64::from(uid))
	}

	/// The value.
	pub(super) fn value(self) -> u64 {
		self.0 >> UID_BITS
	}

	/// The same entry with `⌊value · ONE / sum⌋` for its value.
	///
	/// - `sum`: of a row, the value included; the value has 16 bits.
	pub(super) fn normalised(self, sum: u64) -> Self {
		let value = self.value().wrapping_mul(ONE).checked_div(sum).unwrap_or_default();
		Self::new(self.uid(), value)
	}

	/// The uid.
	pub(super) fn uid(self) -> u16 {
		let [low, high, ..] = self.0.to_le_bytes();
		u16::from_le_bytes([low, high])
	}

	/// The uid, as a place in a slice.
	pub(super) fn place(self) -> usize {
		self.uid().into()
	}

	/// The entry of `SIZE` packed bytes, 8 at most.
	pub(super) fn read<const SIZE: usize>(bytes: &[u8; SIZE]) -> Self {
		let mut word = [0; 8];
		if let Some(used) = word.first_chunk_mut() {
			*used = *bytes;
		}
		Self(u64::from_le_bytes(word))
	}

	/// Append the entry in `SIZE` packed bytes, 8 at most.
	pub(super) fn write<const SIZE: usize>(self, out: &mut Vec<u8>) {
		let word = self.0.to_le_bytes();
		if let Some(used) = word.first_chunk::<SIZE>() {
			out.extend_from_slice(used);
		}
	}
}
