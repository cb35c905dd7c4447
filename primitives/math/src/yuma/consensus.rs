//! What a majority gives each miner, and how much of the weight lies within it.

use super::{
	entry::Entry,
	matrix::Matrix,
	product::wide,
	validators::{Validators, Voice},
};
use alloc::vec::Vec;
use sp_arithmetic::{PerThing, PerU16};

/// What validators agree on, by uid of the miner.
#[derive(Debug)]
pub(super) struct Consensus {
	/// c: the greatest weight that a majority gives or exceeds, in parts of [`ONE`](super::ONE).
	pub(super) values: Vec<u64>,
	/// r: the clipped weight by stake, below 2¹¹¹.
	pub(super) ranks: Vec<u128>,
	/// The part of the weight by stake that was not clipped, in 1/65 535.
	pub(super) trust: Vec<u16>,
}

impl Consensus {
	/// Find it, column by column.
	///
	/// - `weights`: normalised rows of validators.
	pub(super) fn of(weights: &Matrix, validators: &Validators, kappa: PerU16) -> Self {
		let majority = majority(validators.stake, kappa);
		let mut columns = weights.transposed();
		let count = validators.permits.len();
		let mut found = Self {
			values: Vec::with_capacity(count),
			ranks: Vec::with_capacity(count),
			trust: Vec::with_capacity(count),
		};
		for column in columns.lines_mut() {
			column.sort_unstable_by(|one, other| other.cmp(one));
			let value = median(column, validators, majority);
			let (rank, given) = rank(column, validators, value);
			found.values.push(value);
			found.ranks.push(rank);
			found.trust.push(part_of(rank, given));
		}
		found
	}

	/// The consensus on a miner.
	pub(super) fn value(&self, uid: usize) -> u64 {
		self.values.get(uid).copied().unwrap_or_default()
	}

	/// The clipped weight of each row.
	pub(super) fn within<'a>(&'a self, weights: &'a Matrix) -> impl Iterator<Item = u64> + 'a {
		weights.lines().map(|row| {
			// A row sums to at most one.
			row.iter().fold(0_u64, |sum, entry| {
				sum.saturating_add(entry.value().min(self.value(entry.place())))
			})
		})
	}
}

/// The least stake that is at least κ of the whole: `⌈κ · stake⌉`.
fn majority(stake: u128, kappa: PerU16) -> u128 {
	// 16 and 72 bits.
	stake.saturating_mul(kappa.deconstruct().into()).div_ceil(PerU16::ACCURACY.into())
}

/// The value at which the stake of those who give so much or more reaches the majority.
///
/// - `column`: a miner's weights, the greatest first.
fn median(column: &[Entry], validators: &Validators, majority: u128) -> u64 {
	let mut stake = 0_u128;
	let reaches = column.iter().find(|entry| {
		stake = stake.saturating_add(validators.voice(entry.place()).stake.into());
		stake >= majority
	});
	reaches.map_or(0, |entry| entry.value())
}

/// The weight of a column by stake: what of it lies within the consensus, and all of it.
fn rank(column: &[Entry], validators: &Validators, value: u64) -> (u128, u128) {
	column.iter().fold((0_u128, 0_u128), |(rank, given), entry| {
		let Voice { share, .. } = validators.voice(entry.place());
		// The shares sum to at most 2⁶³, and a weight is below 2⁴⁸.
		(
			rank.saturating_add(wide(share, entry.value().min(value))),
			given.saturating_add(wide(share, entry.value())),
		)
	})
}

/// `⌊65 535 · part / whole⌋`, or nothing of nothing.
///
/// - `part`: below 2¹¹¹, and at most the whole.
fn part_of(part: u128, whole: u128) -> u16 {
	let parts = part.saturating_mul(PerU16::ACCURACY.into()).checked_div(whole);
	u16::try_from(parts.unwrap_or_default()).unwrap_or(u16::MAX)
}
