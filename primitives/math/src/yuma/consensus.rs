//! What a majority gives each miner, and how much of the weight lies within it.

use super::{
	entry::Entry, matrix::Matrix, median::Median, product::wide, table::Table,
	validators::Validators,
};
use alloc::vec::Vec;
use sp_arithmetic::{PerThing, PerU16};

/// What validators agree on, by uid of the miner.
#[derive(Debug)]
pub(super) struct Consensus {
	/// c: the greatest weight that a majority gives or exceeds, in parts of [`ONE`](super::ONE).
	pub(super) values: Table<u64>,
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
		let count = validators.permits.len();
		let columns = weights.transposed(count);
		let mut median = Median::new(validators, majority);
		let mut found = Self {
			values: Table::filled(0),
			ranks: Vec::with_capacity(count),
			trust: Vec::with_capacity(count),
		};
		for (column, value) in columns.lines().zip(found.values.iter_mut()) {
			*value = median.of(column);
			let (rank, given) = rank(column, validators, *value);
			found.ranks.push(rank);
			found.trust.push(part_of(rank, given));
		}
		found
	}
}

/// The least stake that is at least κ of the whole: `⌈κ · stake⌉`.
fn majority(stake: u128, kappa: PerU16) -> u128 {
	// 16 and 72 bits.
	stake.saturating_mul(kappa.deconstruct().into()).div_ceil(PerU16::ACCURACY.into())
}

/// The weight of a column by stake: what of it lies within the consensus, and all of it.
fn rank(column: &[Entry], validators: &Validators, value: u64) -> (u128, u128) {
	column.iter().fold((0_u128, 0_u128), |(rank, given), entry| {
		let share = validators.shares.at(entry.seat());
		// The shares sum to at most 2⁶³, and a weight is below 2⁴⁸.
		(
			rank.wrapping_add(wide(share, entry.value().min(value))),
			given.wrapping_add(wide(share, entry.value())),
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
