//! The pools that a close works on, and what it weighs by what it touched of them.

use crate::{
	open_pools::{OpenPools, Touched},
	pools::{OfRoot, OpenPages},
	weights::WeightInfo,
	Config,
};
use dtao_primitives::NetUid;
use frame_support::{traits::Get, weights::Weight};

/// The pools that a close works on.
pub(crate) struct Pools<T: Config> {
	/// Those of the subnet.
	pub(super) alpha: OpenPools<T>,
	/// Those of root.
	pub(super) root: OpenPages<OfRoot<T>>,
	/// How many positions on root were written.
	pub(super) root_positions: usize,
}

impl<T: Config> Pools<T> {
	/// None yet of those of `netuid` and of root.
	pub(crate) fn of(netuid: NetUid) -> Self {
		let root = OpenPages::of(OfRoot::default());
		Self { alpha: OpenPools::of(netuid), root, root_positions: 0 }
	}

	/// What a close of so many `seats` has touched.
	pub(super) fn touched(&self, seats: usize) -> Closed {
		let mut touched = self.alpha.touched();
		let (read, written) = self.root.touched();
		for (sum, more) in [
			(&mut touched.pages_read, read),
			(&mut touched.pages_written, written),
			(&mut touched.positions, self.root_positions),
		] {
			// Counts of a few for each seat.
			*sum = sum.saturating_add(more);
		}
		Closed { seats, touched }
	}

	/// Store all that was changed.
	pub(super) fn store(self) {
		self.alpha.store();
		self.root.store();
	}
}

/// An epoch that was closed, and what that touched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed {
	seats: usize,
	touched: Touched,
}

impl Closed {
	/// What it weighed but for the consensus: what it may at most, less what was not read and written
	/// of what the benchmark has for each seat: two pages of pools and one of root's, each hotkey, and
	/// three positions, each with its row of the index.
	pub(super) fn weight<T: Config>(&self) -> Weight {
		let Touched { pages_read, pages_written, hotkeys, positions } = self.touched;
		let spared = |each: usize, touched: usize| {
			// Where more was touched than counted for the seats, as by the owner's cut, nothing is spared.
			let spared = self.seats.saturating_mul(each).saturating_sub(touched);
			u64::try_from(spared).unwrap_or_default()
		};
		let positions = spared(3, positions);
		let reads = [spared(3, pages_read), spared(1, hotkeys), positions];
		let writes = [spared(3, pages_written), positions, positions];
		let sum = |all: [u64; 3]| all.into_iter().fold(0, u64::saturating_add);
		let spared = T::DbWeight::get().reads_writes(sum(reads), sum(writes));
		let seats = u32::try_from(self.seats).unwrap_or(u32::MAX);
		T::WeightInfo::close_epoch(seats).saturating_sub(spared)
	}
}
