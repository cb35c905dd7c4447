//! What bonds earn: their parts of what the miners do.

use super::{
	bonds::Bonds,
	entry::Entry,
	product::{low, wide},
	scale::{parts, scale, sum},
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
	let earned = bonds.rows.lines().zip(&validators.voices).map(|(row, voice)| {
		match (version, voice.speaks()) {
			(_, false) => 0,
			(BondsVersion::Yuma1, true) => earned(row, &values).into(),
			(BondsVersion::Yuma3, true) => wide(earned(row, &values), voice.share),
		}
	});
	let mut weights = Vec::with_capacity(validators.voices.len());
	weights.extend(earned);
	if sum(&weights) == 0 {
		for (weight, voice) in weights.iter_mut().zip(&validators.voices) {
			*weight = voice.share.into();
		}
	}
	scale(&mut weights);
	parts(&weights)
}

/// What one unit of bond in each miner earns: `⌊rank · 2³² / bonds⌋`, or nothing without bonds.
fn values(ranks: &[u128], sums: &[u64]) -> Vec<u128> {
	let values = ranks.iter().zip(sums).map(|(rank, sum)| {
		// 92 bits and 32.
		(rank << 32).checked_div((*sum).into()).unwrap_or_default()
	});
	values.collect()
}

/// What a row of bonds earns, in 2⁻⁶⁰ of all that the miners do.
fn earned(row: &[Entry], values: &[u128]) -> u64 {
	let earned = row.iter().fold(0_u128, |sum, bond| {
		let value = values.get(bond.place()).copied().unwrap_or_default();
		// A bond is a part of its column's sum, so all that it earns has 124 bits at most.
		sum.saturating_add(value.wrapping_mul(bond.value().into()))
	});
	low(earned >> 64)
}
