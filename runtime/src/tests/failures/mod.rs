//! Failure injection: whatever goes wrong on the way, all is as it was.
//!
//! A call's fallible steps read the state. So the state is broken, one stored value at a time and
//! one part of a value at a time, and each call is made on it. Whichever step then refuses, the
//! root of the state is what it was before. The same for the steps of a block, where one subnet that
//! fails must not touch the others.

mod calls;
mod dispatched;
mod expected;
mod hooks;
mod scene;

use core::ops::Range;
use sp_io::storage;

/// What is done to a stored value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
	/// It is not there.
	Gone,
	/// Eight of its bytes, from here on, are the largest.
	Full(usize),
	/// Eight of its bytes, from here on, are zero.
	Empty(usize),
}

impl Damage {
	/// Every damage to a value of `length` bytes.
	fn all(length: usize) -> Vec<Self> {
		core::iter::once(Self::Gone).chain(Self::from_each((0..length).step_by(4))).collect()
	}

	/// Every damage that stays within `part`, of eight bytes or more, of a value.
	fn within(part: Range<usize>) -> Vec<Self> {
		let last = part.end - 8;
		Self::from_each((part.start..last).step_by(4).chain([last])).collect()
	}

	fn from_each(places: impl Iterator<Item = usize>) -> impl Iterator<Item = Self> {
		places.flat_map(|at| [Self::Full(at), Self::Empty(at)])
	}

	/// Do it. Whether it changed anything.
	fn inflict(self, key: &[u8]) -> bool {
		let before = storage::get(key).expect("the key is there").to_vec();
		let mut value = before.clone();
		let (at, byte) = match self {
			Self::Gone => {
				storage::clear(key);
				return true;
			},
			Self::Full(at) => (at, 0xff),
			Self::Empty(at) => (at, 0),
		};
		for part in value.iter_mut().skip(at).take(8) {
			*part = byte;
		}
		let changed = value != before;
		storage::set(key, &value);
		changed
	}
}

/// Every key of a pallet.
fn keys_of(pallet: &str) -> Vec<Vec<u8>> {
	keys_under(&sp_io::hashing::twox_128(pallet.as_bytes()))
}

/// Every key that begins with `prefix`.
fn keys_under(prefix: &[u8]) -> Vec<Vec<u8>> {
	let mut keys = Vec::new();
	let mut last = prefix.to_vec();
	if storage::get(&last).is_some() {
		keys.push(last.clone());
	}
	while let Some(next) = storage::next_key(&last) {
		if !next.starts_with(prefix) {
			break;
		}
		keys.push(next.clone());
		last = next;
	}
	keys
}
