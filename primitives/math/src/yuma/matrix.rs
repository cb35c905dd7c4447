//! Sparse matrices: compressed rows or columns, two allocations each.

use super::{
	entry::Entry,
	rows::{header, Rows, HEADER},
	Seat,
};
use alloc::vec::Vec;

/// Lines, rows or columns, one a uid. The entries of line `i` are those from `starts[i]` up to
/// `starts[i + 1]`.
#[derive(Debug)]
pub(super) struct Matrix {
	starts: Vec<usize>,
	entries: Vec<Entry>,
}

impl Matrix {
	/// A matrix without lines, and with room for so many.
	pub(super) fn with_capacity(lines: usize, entries: usize) -> Self {
		let mut starts = Vec::with_capacity(lines.saturating_add(1));
		starts.push(0);
		Self { starts, entries: Vec::with_capacity(entries) }
	}

	/// What counts of packed rows, a line a seat.
	///
	/// - `rows`: a row counts if its seat's holder took the seat before it was set, an entry if
	///   that holds for the seat that it is about.
	/// - `keeps`: whether an entry of a row, the uids of both given, counts besides.
	pub(super) fn unpack<const SIZE: usize>(
		rows: &Rows<'_, SIZE>,
		seats: &[Seat],
		keeps: impl Fn(usize, usize) -> bool,
	) -> Self {
		let most = rows.bytes().len().checked_div(SIZE).unwrap_or_default();
		let mut matrix = Self::with_capacity(seats.len(), most);
		let mut rows = rows.iter().peekable();
		for (uid, seat) in seats.iter().enumerate() {
			let row = rows.next_if(|row| usize::from(row.uid) == uid);
			if let Some(row) = row.filter(|row| seat.registered_at < row.at) {
				let counts = |entry: &Entry| {
					let about = seats.get(entry.place());
					about.is_some_and(|about| about.registered_at < row.at)
						&& keeps(uid, entry.place())
				};
				matrix.entries.extend(row.packed().filter(counts));
			}
			matrix.end_line();
		}
		matrix
	}

	/// Append to the last line.
	pub(super) fn push(&mut self, entry: Entry) {
		self.entries.push(entry);
	}

	/// End the last line, and begin another.
	pub(super) fn end_line(&mut self) {
		self.starts.push(self.entries.len());
	}

	/// How many entries there are.
	pub(super) fn len(&self) -> usize {
		self.entries.len()
	}

	/// The lines, in order.
	pub(super) fn lines(&self) -> impl Iterator<Item = &[Entry]> {
		let mut left = self.entries.as_slice();
		lengths(&self.starts).map(move |length| {
			let (line, rest) = left.split_at_checked(length).unwrap_or_default();
			left = rest;
			line
		})
	}

	/// The lines, in order, to be changed.
	pub(super) fn lines_mut(&mut self) -> impl Iterator<Item = &mut [Entry]> {
		let mut left = self.entries.as_mut_slice();
		lengths(&self.starts).map(move |length| {
			let lines = core::mem::take(&mut left);
			let (line, rest) = lines.split_at_mut_checked(length).unwrap_or_default();
			left = rest;
			line
		})
	}

	/// The same values by column: each entry of line `j` has its row for its uid. Ascending by row.
	pub(super) fn transposed(&self) -> Self {
		// While it is filled, `starts[j + 1]` is where the next entry of line `j` goes. So it is
		// where that line ends once all are there, and the last place has served its turn.
		let mut starts = alloc::vec![0_usize; self.starts.len().saturating_add(1)];
		for entry in &self.entries {
			if let Some(count) = starts.get_mut(entry.place().saturating_add(2)) {
				*count = count.saturating_add(1);
			}
		}
		let mut end = 0_usize;
		for start in &mut starts {
			end = end.saturating_add(*start);
			*start = end;
		}

		let mut entries = alloc::vec![Entry::default(); self.entries.len()];
		for (row, line) in (0..).zip(self.lines()) {
			for entry in line {
				let Some(next) = starts.get_mut(entry.place().saturating_add(1)) else { continue };
				if let Some(slot) = entries.get_mut(*next) {
					*slot = Entry::new(row, entry.value());
				}
				*next = next.saturating_add(1);
			}
		}
		starts.pop();
		Self { starts, entries }
	}

	/// The lines that are not empty as packed rows, said at block `at`.
	pub(super) fn pack<const SIZE: usize>(&self, at: u32) -> Vec<u8> {
		let bytes = self.entries.len().saturating_mul(SIZE);
		let headers = self.starts.len().saturating_mul(HEADER);
		let mut out = Vec::with_capacity(bytes.saturating_add(headers));
		for (uid, line) in (0..).zip(self.lines()) {
			let count = u16::try_from(line.len()).unwrap_or(u16::MAX);
			if count > 0 {
				out.extend_from_slice(&header(uid, count, at));
			}
			for entry in line {
				entry.write::<SIZE>(&mut out);
			}
		}
		out
	}
}

/// How many entries each line has.
fn lengths(starts: &[usize]) -> impl Iterator<Item = usize> + '_ {
	starts.iter().zip(starts.iter().skip(1)).map(|(from, to)| to.saturating_sub(*from))
}
