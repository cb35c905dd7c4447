//! α, the part of the way that a bond goes to its target in one epoch.

use super::logistic::{logistic, ONE_Q30};
use sp_arithmetic::PerU16;

/// What liquid alpha looks at, in parts of [`ONE`](super::ONE).
#[derive(Clone, Copy)]
pub(super) struct Distance {
	/// What a validator gives a miner.
	pub(super) weight: u64,
	/// What the validators agree on.
	pub(super) consensus: u64,
	/// The bond that there was.
	pub(super) bond: u64,
}

/// The rate of liquid alpha: from `low` to `high`, the higher the further.
pub(super) fn liquid(low: PerU16, high: PerU16, steepness: u8, distance: Distance) -> PerU16 {
	let Distance { weight, consensus, bond } = distance;
	let distance = match weight >= bond {
		true => weight.saturating_sub(consensus),
		false => bond.wrapping_sub(weight),
	};
	let range = u64::from(high.deconstruct().saturating_sub(low.deconstruct()));
	// 16 bits by 31.
	let above = range.wrapping_mul(logistic(distance, steepness)) / ONE_Q30;
	let above = u16::try_from(above).unwrap_or(u16::MAX);
	PerU16::from_parts(low.deconstruct().saturating_add(above))
}
