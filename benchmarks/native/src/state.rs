//! A state that blocks are run on, with or without a database's work after each.

use dtao_bench_native::Scene;
use dtao_meter::{
	clock::{timed, Time},
	counting::{counted, Touched},
};
use dtao_runtime::{Dtao, System};
use frame_support::traits::OnInitialize;
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;
use sp_storage::StateVersion;

/// What is measured of what is done to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
	/// The code, which finds and leaves all in the overlay.
	Overlay,
	/// The code on a committed state, the root after it, and the commit.
	Committed,
}

/// Both, in the order of the tables.
pub(crate) const MODES: [Mode; 2] = [Mode::Overlay, Mode::Committed];

/// A chain's state, natively.
pub(crate) struct State {
	externalities: TestExternalities,
	mode: Mode,
}

impl State {
	/// The state that `scene` begins with.
	///
	/// # Errors
	///
	/// What genesis refuses.
	pub(crate) fn new(scene: &Scene, mode: Mode) -> Result<Self, String> {
		let mut storage = scene.genesis().build_storage()?;
		scene.set_prices(&mut storage);
		Ok(Self { externalities: storage.into(), mode })
	}

	/// Do `what` unmeasured.
	pub(crate) fn run<R>(&mut self, what: impl FnOnce() -> R) -> R {
		let result = self.externalities.execute_with(what);
		if self.mode == Mode::Committed {
			self.commit();
		}
		result
	}

	/// Do `what`, with the root and the commit if they are to be measured.
	pub(crate) fn measure<R>(&mut self, what: impl FnOnce() -> R) -> (R, Time) {
		let committed = self.mode == Mode::Committed;
		timed(|| {
			let result = self.externalities.execute_with(what);
			if committed {
				self.commit();
			}
			result
		})
	}

	/// Do `what`, and say what it touched.
	pub(crate) fn count<R>(&mut self, what: impl FnOnce() -> R) -> (R, Touched) {
		counted(&mut self.externalities.ext(), what)
	}

	fn commit(&mut self) {
		self.externalities.execute_with(|| sp_io::storage::root(StateVersion::V1));
		self.externalities.commit_all().expect("no layer is open");
	}

	/// Open the block with number `block`, unmeasured.
	pub(crate) fn open(&mut self, block: u32) {
		self.run(|| {
			System::reset_events();
			System::set_block_number(block);
		});
	}

	/// Open a block, and run the market's hook in it, unmeasured.
	pub(crate) fn step(&mut self, block: u32) {
		self.open(block);
		self.run(|| Dtao::on_initialize(block));
	}
}
