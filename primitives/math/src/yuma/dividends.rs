//! What bonds earn: their parts of what the miners do.

use super::{
	bonds::Bonds,
	product::{halves, low, wide},
	rows::{Row, Rows},
	scale::{parts, scale, sum},
	table::Table,
	validators::Validators,
	BondsVersion,
};
use crate::MathError;
use alloc::vec::Vec;

/// The validators' parts.
///
/// - `ranks`: the miners', scaled.
///
/// Where no bond earns anything, the validators earn by stake.
pub(super) fn dividends(
	bonds: &Bonds,
	ranks: &[u128],
	validators: &Validators,
	version: BondsVersion,
) -> Result<Vec<u32>, MathError> {
	let values = values(ranks, &bonds.sums);
	let shares = validators.shares.iter().map(|share| (*share).into());
	let mut weights = alloc::vec![0; validators.permits.len()];
	for row in Rows::packed(&bonds.rows).iter() {
		let earns = Some(usize::from(row.uid)).filter(|_| validators.speaks(row.uid));
		if let Some(weight) = earns.and_then(|uid| weights.get_mut(uid)) {
			let earned = earned(&row, &values);
			*weight = match version {
				BondsVersion::Yuma1 => earned.into(),
				BondsVersion::Yuma3 => wide(earned, validators.share(row.uid)),
			};
		}
	}
	if sum(&weights) == 0 {
		for (weight, share) in weights.iter_mut().zip(shares) {
			*weight = share;
		}
	}
	scale(&mut weights);
	parts(&weights)
}

/// What one unit of bond in each miner earns: `⌊rank · 2³² / bonds⌋`, or nothing without bonds.
fn values(ranks: &[u128], sums: &Table<u64>) -> Table<(u64, u64)> {
	let values = ranks.iter().zip(sums.iter()).map(|(rank, sum)| {
		// 92 bits and 32.
		halves((rank << 32).checked_div((*sum).into()).unwrap_or_default())
	});
	Table::of(values, (0, 0))
}

/// What a row of bonds earns, in 2⁻⁶⁰ of all that the miners do.
fn earned(row: &Row<'_, 8>, values: &Table<(u64, u64)>) -> u64 {
	// A bond is a part of its column's sum, so all that it earns has 124 bits at most.
	let (upper, lower) = row.packed().fold((0_u64, 0_u128), |(upper, lower), bond| {
		let (high, low) = values.at(bond.seat());
		(
			upper.wrapping_add(high.wrapping_mul(bond.value())),
			lower.wrapping_add(wide(low, bond.value())),
		)
	});
	upper.wrapping_add(low(lower >> 64))
}
