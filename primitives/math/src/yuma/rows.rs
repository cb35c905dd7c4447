//! Packed rows: who says what of whom, as bytes that are checked and then read in place.
//!
//! A subnet's weights are one such value, and its bonds another. A row is what one seat says, with
//! the block at which it said so:
//!
//! ```text
//! row   = uid: u16 · count: u16 · at: u32 · entry · …     `count` entries; all little-endian
//! entry = uid: u16 · value                                the value: 16 bits of a weight, 48 of a bond
//! ```
//!
//! There is one form for one content: rows ascend by uid, so do the entries of a row, no value is
//! zero and no row is empty.

use super::{entry::Entry, MAX_SEATS};
use crate::MathError;
use alloc::vec::Vec;

/// Bytes of a row before its entries.
pub(super) const HEADER: usize = 8;

/// Weights, a row a validator. A value is 1 … 65 535, and only its part of the row counts.
pub type WeightRows<'a> = Rows<'a, 4>;

/// Bonds, a row a validator. A value is 1 … [`ONE`](super::ONE).
pub type BondRows<'a> = Rows<'a, 8>;

/// Packed rows with entries of `SIZE` bytes, 4 or 8, that have been checked.
///
/// Source: `docs/math.md` § 17.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows<'a, const SIZE: usize> {
	bytes: &'a [u8],
}

impl<'a, const SIZE: usize> Rows<'a, SIZE> {
	/// Bits of a value.
	const VALUE_BITS: u32 = match SIZE {
		4 => 16,
		_ => {
			assert!(SIZE == 8, "an entry has 4 or 8 bytes");
			48
		},
	};

	/// The most bytes of `rows` rows with `entries` entries each; at most [`u32::MAX`].
	///
	/// # Example
	///
	/// ```
	/// # use dtao_math::yuma::{BondRows, WeightRows};
	/// assert_eq!(WeightRows::max_bytes(64, 256), 64 * (8 + 4 * 256));
	/// assert_eq!(BondRows::max_bytes(64, 256), 64 * (8 + 8 * 256));
	/// ```
	pub const fn max_bytes(rows: u32, entries: u32) -> u32 {
		let size = 2_u32.saturating_add(Self::VALUE_BITS / u8::BITS);
		rows.saturating_mul(size.saturating_mul(entries).saturating_add(8))
	}

	/// Check packed rows, and read them in place.
	///
	/// - `bytes`: none, or rows in the form of the module.
	///
	/// # Errors
	///
	/// - [`MathError::InvalidParameter`] if the bytes have another form: rows or entries that do
	///   not ascend, a uid of [`MAX_SEATS`] or more, a value of zero, an empty row, or a row that
	///   is cut short.
	///
	/// # Example
	///
	/// ```
	/// # use dtao_math::{yuma::WeightRows, MathError};
	/// // Seat 3, one entry, block 9: all of its weight is on seat 5.
	/// let bytes = [3, 0, 1, 0, 9, 0, 0, 0, 5, 0, 255, 255];
	/// let rows = WeightRows::decode(&bytes).unwrap();
	/// assert!(rows.row(3).unwrap().entries().eq([(5, 65_535)]));
	/// assert_eq!(WeightRows::decode(&bytes[..11]), Err(MathError::InvalidParameter));
	/// ```
	///
	/// Source: `docs/math.md` § 17.
	pub fn decode(bytes: &'a [u8]) -> Result<Self, MathError> {
		let mut rows = RowsIter::<SIZE> { bytes };
		let mut least = 0;
		for row in rows.by_ref() {
			least = after(row.uid, least)?;
			row.check()?;
		}
		match rows.bytes.is_empty() {
			true => Ok(Self { bytes }),
			false => Err(MathError::InvalidParameter),
		}
	}

	/// Read rows that were packed in the form of the module, without a check.
	pub(super) fn packed(bytes: &'a [u8]) -> Self {
		Self { bytes }
	}

	/// The bytes that were checked.
	pub fn bytes(&self) -> &'a [u8] {
		self.bytes
	}

	/// The rows, by ascending uid.
	pub fn iter(&self) -> RowsIter<'a, SIZE> {
		RowsIter { bytes: self.bytes }
	}

	/// The row of a seat, if it has one.
	pub fn row(&self, uid: u16) -> Option<Row<'a, SIZE>> {
		self.iter().find(|row| row.uid == uid)
	}

	/// These rows, with the row of `uid` replaced or added.
	///
	/// - `uid`: the seat that says so; below [`MAX_SEATS`].
	/// - `at`: the block at which it does.
	/// - `entries`: at least one uid and its value, by ascending uid, none zero.
	///
	/// # Errors
	///
	/// - [`MathError::InvalidParameter`] if the row is not of the module's form, which includes a
	///   uid that is there twice and a value that is too great.
	///
	/// # Example
	///
	/// ```
	/// # use dtao_math::{yuma::WeightRows, MathError};
	/// let none = WeightRows::default();
	/// let bytes = none.put(3, 9, [(5, 65_535)]).unwrap();
	/// assert_eq!(bytes, [3, 0, 1, 0, 9, 0, 0, 0, 5, 0, 255, 255]);
	/// assert_eq!(none.put(3, 9, [(5, 1), (5, 1)]), Err(MathError::InvalidParameter));
	/// ```
	///
	/// Source: `docs/math.md` § 17.
	pub fn put(
		&self,
		uid: u16,
		at: u32,
		entries: impl IntoIterator<Item = (u16, u64)>,
	) -> Result<Vec<u8>, MathError> {
		let mut out = self.retain(|other| other < uid);
		let start = out.len();
		let mut count: u16 = 0;
		out.extend(header(uid, count, at));
		for (about, value) in entries {
			if value >> Self::VALUE_BITS > 0 {
				return Err(MathError::InvalidParameter);
			}
			count = count.checked_add(1).ok_or(MathError::InvalidParameter)?;
			out.extend_from_slice(&Entry::new(about, value).write::<SIZE>());
		}
		let row = out.get_mut(start..).ok_or(MathError::InvalidParameter)?;
		*row.first_chunk_mut().ok_or(MathError::InvalidParameter)? = header(uid, count, at);
		Rows::<SIZE>::decode(row)?;
		self.append(&mut out, |other| other > uid);
		Ok(out)
	}

	/// These rows, without those of the seats that `keep` refuses.
	///
	/// # Example
	///
	/// ```
	/// # use dtao_math::yuma::WeightRows;
	/// let bytes = WeightRows::default().put(3, 9, [(5, 65_535)]).unwrap();
	/// let rows = WeightRows::decode(&bytes).unwrap();
	/// assert_eq!(rows.retain(|uid| uid == 3), bytes);
	/// assert!(rows.retain(|uid| uid != 3).is_empty());
	/// ```
	///
	/// Source: `docs/math.md` § 17.
	pub fn retain(&self, keep: impl Fn(u16) -> bool) -> Vec<u8> {
		let mut out = Vec::with_capacity(self.bytes.len());
		self.append(&mut out, keep);
		out
	}

	/// Append the rows of the seats that `keep` admits.
	fn append(&self, out: &mut Vec<u8>, keep: impl Fn(u16) -> bool) {
		for row in self.iter().filter(|row| keep(row.uid)) {
			out.extend(header(row.uid, row.count, row.at));
			out.extend_from_slice(row.entries.as_flattened());
		}
	}
}

/// One seat's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a, const SIZE: usize> {
	/// The seat that says so.
	pub uid: u16,
	/// The block at which it did.
	pub at: u32,
	count: u16,
	entries: &'a [[u8; SIZE]],
}

impl<'a, const SIZE: usize> Row<'a, SIZE> {
	/// Uid and value, by ascending uid.
	pub fn entries(&self) -> impl ExactSizeIterator<Item = (u16, u64)> + 'a {
		self.packed().map(|entry| (entry.uid(), entry.value()))
	}

	/// The entries as words, by ascending uid.
	pub(super) fn packed(&self) -> impl ExactSizeIterator<Item = Entry> + 'a {
		self.entries.iter().map(Entry::read)
	}

	/// Refuse what is not of the module's form.
	fn check(&self) -> Result<(), MathError> {
		let (mut least, mut sound) = (0, self.count > 0);
		// All of them, whatever is found: without a way out, that is faster.
		for entry in self.packed() {
			let uid = usize::from(entry.uid());
			sound &= (uid >= least) & (entry.value() > 0);
			least = uid.wrapping_add(1);
		}
		match sound && least <= MAX_SEATS {
			true => Ok(()),
			false => Err(MathError::InvalidParameter),
		}
	}
}

/// Reads packed rows one by one. Ends at the first that is cut short.
#[derive(Clone, Debug)]
pub struct RowsIter<'a, const SIZE: usize> {
	bytes: &'a [u8],
}

impl<'a, const SIZE: usize> Iterator for RowsIter<'a, SIZE> {
	type Item = Row<'a, SIZE>;

	fn next(&mut self) -> Option<Self::Item> {
		let ([u0, u1, c0, c1, a0, a1, a2, a3], left) = self.bytes.split_first_chunk::<HEADER>()?;
		let count = u16::from_le_bytes([*c0, *c1]);
		let (entries, left) = left.split_at_checked(usize::from(count).saturating_mul(SIZE))?;
		self.bytes = left;
		Some(Row {
			uid: u16::from_le_bytes([*u0, *u1]),
			at: u32::from_le_bytes([*a0, *a1, *a2, *a3]),
			count,
			entries: entries.as_chunks().0,
		})
	}
}

/// A row's first bytes.
pub(super) fn header(uid: u16, count: u16, at: u32) -> [u8; HEADER] {
	let ([u0, u1], [c0, c1]) = (uid.to_le_bytes(), count.to_le_bytes());
	let [a0, a1, a2, a3] = at.to_le_bytes();
	[u0, u1, c0, c1, a0, a1, a2, a3]
}

/// The least uid that may follow `uid`, which must be at least `least` and a seat's.
fn after(uid: u16, least: u16) -> Result<u16, MathError> {
	match uid >= least && usize::from(uid) < MAX_SEATS {
		true => Ok(uid.saturating_add(1)),
		false => Err(MathError::InvalidParameter),
	}
}
