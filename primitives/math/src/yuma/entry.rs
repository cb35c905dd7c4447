//! One value and the uid that it is about, in one word.

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

	/// The same entry with another value, of at most 48 bits.
	pub(super) fn with(self, value: u64) -> Self {
		Self::new(self.uid(), value)
	}

	/// The same entry, or one with a value of zero.
	pub(super) fn only_if(self, counts: bool) -> Self {
		match counts {
			true => self,
			false => self.with(0),
		}
	}

	/// The uid.
	pub(super) fn uid(self) -> u16 {
		let [low, high, ..] = self.0.to_le_bytes();
		u16::from_le_bytes([low, high])
	}

	/// The uid of an entry that was checked: it is below [`MAX_SEATS`](super::MAX_SEATS).
	pub(super) fn seat(self) -> u8 {
		let [low, ..] = self.0.to_le_bytes();
		low
	}

	/// The entry of `SIZE` packed bytes, 8 at most.
	pub(super) fn read<const SIZE: usize>(bytes: &[u8; SIZE]) -> Self {
		let mut word = [0; 8];
		if let Some(used) = word.first_chunk_mut() {
			*used = *bytes;
		}
		Self(u64::from_le_bytes(word))
	}

	/// The entry in `SIZE` packed bytes, 8 at most.
	pub(super) fn write<const SIZE: usize>(self) -> [u8; SIZE] {
		self.0.to_le_bytes().first_chunk().copied().unwrap_or([0; SIZE])
	}
}
