//! Since when seats have their holders: what was said before counts for nothing.

use super::{entry::Entry, rows::Row, table::Table, Seat};

/// The block at which each seat was taken, by uid; the last there is where there is no seat.
#[derive(Debug)]
pub(super) struct Since(Table<u32>);

impl Since {
	/// Of an epoch's seats.
	pub(super) fn of(seats: &[Seat]) -> Self {
		Self(Table::of(seats.iter().map(|seat| seat.registered_at), u32::MAX))
	}

	/// What a row says, if the seat's holder said so: an entry that is about a seat without a
	/// holder, or with a later one, has a value of zero.
	pub(super) fn entries<'a, const SIZE: usize>(
		&'a self,
		row: &Row<'a, SIZE>,
	) -> impl ExactSizeIterator<Item = Entry> + 'a {
		let at = row.at;
		row.packed().map(move |entry| entry.only_if(self.0.at(entry.seat()) < at))
	}
}
