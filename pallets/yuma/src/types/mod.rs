//! What the pallet stores. Nothing here knows `Config`.

mod ballot;
mod commit;
mod neuron;

pub(crate) use ballot::{Ballot, Flaw};
pub(crate) use commit::hash_of;
pub use commit::{Commit, Commits, MAX_OPEN_COMMITS, MAX_SALT};
pub use neuron::Neuron;

use alloc::vec::Vec;
use codec::{Decode, Encode};
use dtao_math::yuma::Rows;
use dtao_primitives::Uid;
use scale_info::TypeInfo;

/// What a seat says of others, or holds of them: a row of weights or bonds, for clients.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SeatRow {
	/// The seat.
	pub uid: Uid,
	/// The block of it: when weights were set or committed to, when an epoch left bonds.
	pub at: u32,
	/// Whom it is about, by uid, and how much: a weight counts as a part of its row's sum, a bond
	/// in parts of [`ONE`](dtao_math::yuma::ONE).
	pub entries: Vec<(Uid, u64)>,
}

/// Packed rows, unpacked.
pub(crate) fn unpack<const SIZE: usize>(rows: Rows<'_, SIZE>) -> Vec<SeatRow> {
	let seat_row = |row: dtao_math::yuma::Row<'_, SIZE>| SeatRow {
		uid: Uid(row.uid),
		at: row.at,
		entries: row.entries().map(|(uid, value)| (Uid(uid), value)).collect(),
	};
	rows.iter().map(seat_row).collect()
}

/// How many entries packed rows have.
pub(crate) fn count<const SIZE: usize>(rows: Rows<'_, SIZE>) -> u32 {
	let entries = rows.iter().map(|row| row.entries().len()).fold(0, usize::saturating_add);
	u32::try_from(entries).unwrap_or(u32::MAX)
}
