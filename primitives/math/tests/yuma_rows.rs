//! `yuma`: packed rows.

use dtao_math::{
	yuma::{BondRows, Rows, WeightRows, MAX_SEATS, ONE},
	MathError,
};
use proptest::{
	collection::{btree_map, vec},
	prelude::*,
};
use std::collections::BTreeMap;

const REFUSED: MathError = MathError::InvalidParameter;

/// By seat: the block, and by uid the value.
type Content = BTreeMap<u16, (u32, BTreeMap<u16, u64>)>;

#[test]
fn a_packed_row_is_as_documented() {
	let bytes = WeightRows::default().put(258, 0, [(0, 1)]);
	assert_eq!(bytes, Err(REFUSED), "there is no seat 258");

	let weights = WeightRows::default().put(2, 0x0403_0201, [(5, 0x0605), (255, 65_535)]).unwrap();
	assert_eq!(weights, [2, 0, 2, 0, 1, 2, 3, 4, 5, 0, 5, 6, 255, 0, 255, 255]);

	let bonds = BondRows::default().put(2, 9, [(5, 0x0605_0403_0201)]).unwrap();
	assert_eq!(bonds, [2, 0, 1, 0, 9, 0, 0, 0, 5, 0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn malformed_rows_are_refused() {
	let row = |uid: u8, count: u8, entries: &[u8]| {
		[&[uid, 0, count, 0, 1, 0, 0, 0][..], entries].concat()
	};
	let sound = row(3, 2, &[1, 0, 7, 0, 2, 0, 7, 0]);
	assert!(WeightRows::decode(&sound).is_ok());
	assert!(WeightRows::decode(&[]).is_ok());
	for (what, bytes) in [
		("an empty row", row(3, 0, &[])),
		("a row without its header", vec![3, 0, 1]),
		("an entry too few", row(3, 2, &[1, 0, 7, 0])),
		("half an entry", row(3, 1, &[1, 0])),
		("an entry too many", row(3, 1, &[1, 0, 7, 0, 2, 0, 7, 0])),
		("a weight of zero", row(3, 1, &[1, 0, 0, 0])),
		("a uid twice", row(3, 2, &[1, 0, 7, 0, 1, 0, 7, 0])),
		("uids that descend", row(3, 2, &[2, 0, 7, 0, 1, 0, 7, 0])),
		("a uid of no seat", row(3, 1, &[0, 1, 7, 0])),
		("a row of no seat", [&[0, 1], &sound[2..]].concat()),
		("a row twice", [&sound[..], &sound].concat()),
		("rows that descend", [&sound[..], &row(2, 1, &[1, 0, 7, 0])].concat()),
	] {
		assert_eq!(WeightRows::decode(&bytes), Err(REFUSED), "{what}");
	}
}

#[test]
fn rows_that_cannot_be_packed_are_refused() {
	let (weights, bonds) = (WeightRows::default(), BondRows::default());
	assert_eq!(weights.put(0, 1, []), Err(REFUSED));
	assert_eq!(weights.put(0, 1, [(1, 0)]), Err(REFUSED));
	assert_eq!(weights.put(0, 1, [(1, 5), (1, 5)]), Err(REFUSED));
	assert_eq!(weights.put(0, 1, [(2, 5), (1, 5)]), Err(REFUSED));
	assert_eq!(weights.put(0, 1, [(256, 5)]), Err(REFUSED));
	assert_eq!(weights.put(256, 1, [(1, 5)]), Err(REFUSED));
	assert_eq!(weights.put(0, 1, [(1, 65_537)]), Err(REFUSED), "and not cut to 1");
	assert!(weights.put(0, 1, [(1, 65_535)]).is_ok());
	assert_eq!(bonds.put(0, 1, [(1, ONE + 2)]), Err(REFUSED));
	assert!(bonds.put(0, 1, [(1, ONE)]).is_ok());
	// More than a count can tell is refused, and not counted from zero again.
	assert_eq!(weights.put(0, 1, (0..=65_535).map(|uid| (uid, 1))), Err(REFUSED));
}

#[test]
fn the_largest_rows_take_the_most_bytes() {
	let mut bytes = Vec::new();
	for uid in 0..256 {
		let row = (0..256).map(|about| (about, ONE));
		bytes = BondRows::decode(&bytes).unwrap().put(uid, u32::MAX, row).unwrap();
	}
	assert_eq!(bytes.len(), BondRows::max_bytes(256, 256) as usize);
	assert_eq!(BondRows::decode(&bytes).unwrap().iter().count(), MAX_SEATS);
	assert_eq!(BondRows::max_bytes(u32::MAX, 1), u32::MAX);
}

/// Up to eight rows of up to eight values of up to `most`.
fn content(most: u64) -> impl Strategy<Value = Content> {
	let row = (any::<u32>(), btree_map(0..256_u16, 1..=most, 1..8));
	btree_map(0..256_u16, row, 0..8)
}

/// Pack rows, the last first.
fn packed<const SIZE: usize>(content: &Content) -> Vec<u8> {
	let mut bytes = Vec::new();
	for (uid, (at, row)) in content.iter().rev() {
		bytes = Rows::<SIZE>::decode(&bytes).unwrap().put(*uid, *at, row.clone()).unwrap();
	}
	bytes
}

/// The same of weights.
fn weights(content: &Content) -> Vec<u8> {
	packed::<4>(content)
}

/// What rows say.
fn read<const SIZE: usize>(rows: Rows<'_, SIZE>) -> Content {
	rows.iter().map(|row| (row.uid, (row.at, row.entries().collect()))).collect()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_024))]

	/// What was packed is what is read.
	#[test]
	fn rows_read_back(weighed in content(65_535), bonds in content(ONE)) {
		let bytes = weights(&weighed);
		let rows = WeightRows::decode(&bytes).unwrap();
		prop_assert_eq!(rows.bytes(), &bytes);
		prop_assert_eq!(read(rows), weighed);
		prop_assert_eq!(read(BondRows::decode(&packed::<8>(&bonds)).unwrap()), bonds);
	}

	/// A row that is put replaces the seat's row, and no other.
	#[test]
	fn a_row_is_replaced(content in content(65_535), uid in 0..256_u16, at: u32, value in 1..9_u64) {
		let bytes = weights(&content);
		let put = WeightRows::decode(&bytes).unwrap().put(uid, at, [(uid, value)]).unwrap();
		let mut expected = content;
		expected.insert(uid, (at, [(uid, value)].into()));
		prop_assert_eq!(read(WeightRows::decode(&put).unwrap()), expected);
	}

	/// Rows that are refused go, and no other.
	#[test]
	fn refused_rows_go(content in content(65_535), least in 0..256_u16) {
		let bytes = weights(&content);
		let kept = WeightRows::decode(&bytes).unwrap().retain(|uid| uid >= least);
		let mut expected = content;
		expected.retain(|uid, _| *uid >= least);
		prop_assert_eq!(read(WeightRows::decode(&kept).unwrap()), expected);
	}

	/// No bytes make it panic, and those that it takes are the one form of their content.
	#[test]
	fn any_bytes_are_refused_or_canonical(
		content in content(65_535), flips in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
		cut in any::<prop::sample::Index>(), noise in vec(any::<u8>(), 0..64),
	) {
		let mut bytes = weights(&content);
		for (at, flip) in flips.iter().filter(|_| !content.is_empty()) {
			let at = at.index(bytes.len());
			bytes[at] ^= flip;
		}
		for bytes in [&bytes[..], &bytes[..cut.index(bytes.len() + 1)], &noise] {
			if let Ok(rows) = WeightRows::decode(bytes) {
				prop_assert_eq!(weights(&read(rows)), bytes);
			}
			if let Ok(rows) = BondRows::decode(bytes) {
				prop_assert_eq!(packed::<8>(&read(rows)), bytes);
			}
		}
	}
}
