//! What the reference chain took, measured natively in the same way on a 2-core EPYC machine, and
//! how much faster this chain is to be.

use crate::state::Mode;

/// A figure of the reference: in the overlay, and with the root and the commit.
pub(crate) struct Figure {
	overlay_millis: f64,
	committed_millis: f64,
	/// How often that time this chain's is to fit into it.
	pub(crate) goal: f64,
}

impl Figure {
	/// What it took, in microseconds.
	pub(crate) fn micros(&self, mode: Mode) -> f64 {
		1_000.0
			* match mode {
				Mode::Overlay => self.overlay_millis,
				Mode::Committed => self.committed_millis,
			}
	}
}

const fn figure(overlay_millis: f64, committed_millis: f64, goal: f64) -> Figure {
	Figure { overlay_millis, committed_millis, goal }
}

/// Subnets of the reference's block steps.
pub(crate) const SUBNETS: u16 = 128;

/// A block step over [`SUBNETS`], half of them capped.
pub(crate) const HALF_CAPPED: Figure = figure(32.0, 61.0, 100.0);

/// The same, none of them capped.
pub(crate) const UNCAPPED: Figure = figure(5.5, 30.0, 30.0);

/// The close of an epoch of 256 seats with 64 validators.
pub(crate) const EPOCH: Figure = figure(14.5, 45.0, 20.0);

/// `add_stake`.
pub(crate) const ADD_STAKE: Figure = figure(1.3, 1.5, 15.0);

/// `remove_stake`.
pub(crate) const REMOVE_STAKE: Figure = figure(1.5, 2.35, 15.0);

/// Storage reads and writes of each subnet in a block.
pub(crate) const READS_AND_WRITES: (u32, u32) = (121, 29);
