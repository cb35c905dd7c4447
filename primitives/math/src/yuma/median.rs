//! The weight that a majority of the stake gives, or exceeds.

use super::{entry::Entry, validators::Validators};
use alloc::vec::Vec;
use core::cmp::Reverse;

/// How many entries are put into order at once.
const FEW: usize = 8;

/// How often entries are sorted out before those that are left are put into order, however many.
const ROUNDS: u32 = 2;

/// Into how many ranges of the same width values are sorted out.
const RANGES: usize = 1 << RANGE_BITS;
const RANGE_BITS: u32 = 4;
const LAST: usize = RANGES - 1;

/// How many entries, spread over a column, tell where the others may lie.
const SAMPLES: usize = 8;

/// Finds the medians of columns, one after the other.
pub(super) struct Median<'a> {
	validators: &'a Validators,
	/// The stake that makes one.
	majority: u128,
	/// Those entries of a column that may be it.
	left: Vec<Entry>,
	/// The stake of those that are greater.
	above: u128,
}

/// Where values lie: in ranges of one width, the first and the last of which have no other end.
#[derive(Clone, Copy)]
struct Ranges {
	least: u64,
	shift: u32,
}

impl<'a> Median<'a> {
	/// Of columns of these validators' weights.
	///
	/// - `majority`: the least stake that makes one.
	pub(super) fn new(validators: &'a Validators, majority: u128) -> Self {
		let left = Vec::with_capacity(validators.permits.len());
		Self { validators, majority, left, above: 0 }
	}

	/// The value at which the stake of those who give so much or more reaches the majority, or
	/// zero where it does not.
	pub(super) fn of(&mut self, column: &[Entry]) -> u64 {
		self.left.clear();
		self.left.extend_from_slice(column);
		self.above = 0;
		for _ in 0..ROUNDS {
			if self.left.len() > FEW {
				if let Some(value) = self.narrow() {
					return value;
				}
			}
		}
		// By the value only: so equal ones are in order already.
		self.left.sort_unstable_by_key(|entry| Reverse(entry.value()));
		let (mut above, majority) = (self.above, self.majority);
		let reaches = self.left.iter().find(|entry| {
			above = above.saturating_add(self.stake(**entry));
			above >= majority
		});
		reaches.map_or(0, |entry| entry.value())
	}

	/// Keep the range that the median lies in, and no other. Returns the median if there is but one
	/// value in it, such as where most are equal.
	fn narrow(&mut self) -> Option<u64> {
		let ranges = Ranges::of(&self.left);
		let mut stakes = [0_u128; RANGES];
		for entry in &self.left {
			if let Some(sum) = stakes.get_mut(ranges.range(*entry)) {
				// 256 words.
				*sum = sum.wrapping_add(self.stake(*entry));
			}
		}
		let found = stakes.iter().enumerate().rev().find(|(_, stake)| {
			let reached = self.above.wrapping_add(**stake);
			let found = reached >= self.majority;
			if !found {
				self.above = reached;
			}
			found
		});
		let (start, end) = found.map_or((0, 0), |(range, _)| ranges.bounds(range));
		if end.saturating_sub(start) == 1 {
			return Some(start);
		}
		self.left.retain(|entry| start <= entry.value() && entry.value() < end);
		None
	}

	/// The stake of who says so.
	fn stake(&self, entry: Entry) -> u128 {
		self.validators.stakes.at(entry.seat()).into()
	}
}

impl Ranges {
	/// Of the values of entries, by a few of them.
	fn of(entries: &[Entry]) -> Self {
		let few = entries.iter().step_by(entries.len().div_ceil(SAMPLES).max(1));
		let (least, most) = few.fold((u64::MAX, 0), |(least, most), entry| {
			(least.min(entry.value()), most.max(entry.value()))
		});
		let bits = u64::BITS.saturating_sub(most.saturating_sub(least).leading_zeros());
		let shift = bits.saturating_sub(RANGE_BITS);
		// A range below the least that was seen is for those that are less.
		Self { least: least.saturating_sub(1_u64.wrapping_shl(shift)), shift }
	}

	/// Where a range starts and ends.
	fn bounds(self, range: usize) -> (u64, u64) {
		let bound = |range: usize| {
			let above = u64::try_from(range).unwrap_or(u64::MAX).wrapping_shl(self.shift);
			self.least.saturating_add(above)
		};
		let start = if range == 0 { 0 } else { bound(range) };
		let end = if range == LAST { u64::MAX } else { bound(range.saturating_add(1)) };
		(start, end)
	}

	/// Which one an entry's value lies in: below [`RANGES`].
	fn range(self, entry: Entry) -> usize {
		let above = entry.value().saturating_sub(self.least).wrapping_shr(self.shift);
		usize::try_from(above).unwrap_or(usize::MAX).min(LAST)
	}
}
