//! Sparse matrices: compressed rows or columns, two allocations each.

use super::{entry::Entry, table::Table};
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

	/// Append a line. Returns it, to be changed.
	pub(super) fn append(&mut self, line: impl Iterator<Item = Entry>) -> &mut [Entry] {
		let start = self.entries.len();
		self.entries.extend(line);
		self.starts.push(self.entries.len());
		self.entries.get_mut(start..).unwrap_or_default()
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

	/// The same values by column, of so many columns: each entry of line `j` has its row for its
	/// uid. Ascending by row.
	pub(super) fn transposed(&self, columns: usize) -> Self {
		let mut next = Table::filled(0_usize);
		for entry in &self.entries {
			next.change(entry.seat(), |count| count.wrapping_add(1));
		}
		// From how many each column has to where it starts, which is where its next entry goes.
		let mut starts = Vec::with_capacity(columns.saturating_add(1));
		let mut end = 0_usize;
		for count in next.iter_mut() {
			let start = end;
			end = end.saturating_add(*count);
			*count = start;
		}
		starts.extend(next.iter().take(columns));
		starts.push(next.iter().copied().nth(columns).unwrap_or(end));

		let mut entries = alloc::vec![Entry::default(); self.entries.len()];
		for (row, line) in (0..).zip(self.lines()) {
			for entry in line {
				next.change(entry.seat(), |place| {
					if let Some(slot) = entries.get_mut(place) {
						*slot = Entry::new(row, entry.value());
					}
					place.wrapping_add(1)
				});
			}
		}
		Self { starts, entries }
	}
}

/// How many entries each line has.
fn lengths(starts: &[usize]) -> impl Iterator<Item = usize> + '_ {
	starts.iter().zip(starts.iter().skip(1)).map(|(from, to)| to.saturating_sub(*from))
}
