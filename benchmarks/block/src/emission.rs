//! The emission of a block, by the number of subnets.

use crate::{
	chain::Error,
	kind::Kind,
	session::{summary, Bench, Sample, Session},
};
use dtao_bench_native::{Capped, Scene};
use dtao_meter::{
	chart::{Chart, Line},
	counting::Counts,
	report::{short, Run, Table},
	statistics::{median, Fit},
};
use std::fmt::Write;

/// Transfers in a block of the yardstick's.
const TRANSFERS: u32 = 100;

/// Blocks before any is measured.
const WARM_UP: u32 = 3;

/// At how many subnets at most a transfer is measured that is the yardstick: above, what it adds to
/// a block is lost in what a block takes anyway.
const YARDSTICK_BELOW: u16 = 128;

/// A chain, and what its blocks take and touch.
struct Point {
	subnets: u16,
	/// Blocks without transactions, one a round.
	empty: Vec<Sample>,
	/// A transfer, in each round.
	transfers: Vec<f64>,
	counts: Counts,
}

/// The emission by the number of subnets.
pub(crate) struct Emission {
	/// The chain without subnets.
	none: Point,
	/// Those with.
	points: Vec<Point>,
	/// T: a transfer, in microseconds.
	yardstick: f64,
	capped: Capped,
}

/// Measure blocks over each number of `subnets`, and over none: the chains take turns, so that a
/// machine that is busy for a while is so for all of them.
pub(crate) fn measure(
	bench: &mut Bench<'_>,
	subnets: &[u16],
	capped: Capped,
	blocks: u32,
) -> Result<Emission, Error> {
	let mut chains = Vec::new();
	for &subnets in [0].iter().chain(subnets) {
		eprintln!("a chain of {subnets} subnets");
		let accounts = bench.accounts.funded();
		let scene = Scene { subnets, capped, accounts, ..Default::default() };
		let (session, samples) = (Session::new(bench, &scene)?, Vec::new());
		chains.push((subnets, session, samples));
	}
	for round in 0..WARM_UP + blocks {
		eprintln!("emission, round {round} of {}", WARM_UP + blocks);
		for (_, session, samples) in &mut chains {
			let empty = session.block(Kind::Empty, 0)?;
			let full = session.block(Kind::Transfer, TRANSFERS)?;
			if round >= WARM_UP {
				samples.push((empty, full));
			}
		}
	}
	let mut points = Vec::new();
	for (subnets, mut session, samples) in chains {
		let counts = session.count(Kind::Empty, 0)?.counts();
		let transfers = samples.iter().map(|(empty, full)| {
			(full.executed.cpu_micros() - empty.executed.cpu_micros()) / f64::from(TRANSFERS)
		});
		let transfers = transfers.collect();
		let empty = samples.into_iter().map(|(empty, _)| empty).collect();
		points.push(Point { subnets, empty, transfers, counts });
	}
	let near = points.iter().filter(|point| point.subnets <= YARDSTICK_BELOW);
	let yardstick = median(near.flat_map(|point| point.transfers.iter().copied()));
	let none = points.remove(0);
	Ok(Emission { none, points, yardstick, capped })
}

/// A block's emission: what it takes over a block without subnets of the same round.
struct Step {
	executed: f64,
	clock: f64,
	floor: f64,
}

impl Emission {
	/// The chains with subnets, each with its step.
	fn steps(&self) -> impl Iterator<Item = (&Point, Step)> {
		self.points.iter().map(|point| (point, self.step(point)))
	}

	fn step(&self, point: &Point) -> Step {
		let over = |of: &dyn Fn(&Sample) -> f64| {
			let pairs = point.empty.iter().zip(&self.none.empty);
			median(pairs.map(|(with, without)| of(with) - of(without)))
		};
		Step {
			executed: over(&|sample| sample.executed.cpu_micros()),
			clock: over(&|sample| sample.executed.wall_micros()),
			floor: over(&Sample::written_micros),
		}
	}

	/// T: a transfer, in microseconds of CPU time.
	pub(crate) fn yardstick(&self) -> f64 {
		self.yardstick
	}

	/// Write the tables.
	pub(crate) fn write(&self, out: &mut String) -> Result<(), Error> {
		let prices = match self.capped {
			Capped::AsOpened => "Pools are as they opened, at 1 TAO per ALPHA",
			_ => "Half of the subnets are given twice the TAO that fits, so that the chain buys",
		};
		let mut times =
			Table::new(["subnets", "block", "step", "clock", "in T", "floor", "of the floor"]);
		for (point, step) in self.steps() {
			times.row([
				point.subnets.to_string(),
				short(summary(&point.empty, Kind::Empty).executed),
				short(step.executed),
				short(step.clock),
				short(step.executed / self.yardstick),
				short(step.floor),
				short(step.executed / step.floor),
			]);
		}
		let line: Vec<_> =
			self.steps().map(|(point, step)| (f64::from(point.subnets), step.executed)).collect();
		let none = summary(&self.none.empty, Kind::Empty);
		let fit = Fit::through(&line);
		writeln!(
			out,
			"## A block's emission\n\n{prices}; root sells on all of them. *Step* is a block over one \
			 without subnets of the same round, which takes {}, {} of it its floor. T, a `transfer_keep_alive`, is {}: \
			 the median over the chains with {YARDSTICK_BELOW} subnets or less.\n\n{times}\n\
			 A line through the steps: {} + {} for each subnet, R² = {:.5}.\n",
			short(none.executed),
			short(none.written),
			short(self.yardstick),
			short(fit.intercept),
			short(fit.slope),
			fit.r_squared,
		)?;
		self.write_counts(out)
	}

	fn write_counts(&self, out: &mut String) -> Result<(), Error> {
		let mut table = Table::new([
			"subnets",
			"keys read",
			"keys written",
			"reads",
			"writes",
			"keys changed",
			"bytes changed",
			"T there",
		]);
		for point in [&self.none].into_iter().chain(&self.points) {
			let empty = summary(&point.empty, Kind::Empty);
			let Counts { keys_read, keys_written, reads, writes } = point.counts;
			table.row([
				point.subnets.to_string(),
				keys_read.to_string(),
				keys_written.to_string(),
				reads.to_string(),
				writes.to_string(),
				empty.keys.to_string(),
				empty.bytes.to_string(),
				short(median(point.transfers.iter().copied())),
			]);
		}
		writeln!(
			out,
			"What a block without transactions touches, at the level of host calls, all of the SDK's \
			 included; and what it changes in the end.\n\n{table}"
		)?;
		Ok(())
	}

	/// The steps and their floors, drawn.
	pub(crate) fn chart(&self, run: &Run) -> Chart {
		let line = |name: &str, of: &dyn Fn(&Step) -> f64| Line {
			name: name.into(),
			points: self
				.steps()
				.map(|(point, step)| (f64::from(point.subnets), of(&step) / 1_000.0))
				.collect(),
		};
		Chart {
			title: "A block's emission, in WASM with root and commit".into(),
			subtitle: format!("{}, commit {}, {}", run.date, run.commit, run.machine),
			across: "subnets".into(),
			up: "ms".into(),
			lines: vec![
				line("executed", &|step| step.executed),
				line("floor", &|step| step.floor),
				Line {
					name: format!("T = {} µs", short(self.yardstick)),
					points: self
						.steps()
						.map(|(point, _)| (f64::from(point.subnets), self.yardstick / 1_000.0))
						.collect(),
				},
			],
		}
	}
}
