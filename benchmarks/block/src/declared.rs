//! What blocks, calls and epochs of random sizes declare that they take, beside what they take.

use crate::{
	chain::Error,
	epochs::blocks_of_epochs,
	kind::Kind,
	session::{Bench, Sample, Session},
};
use dtao_bench_native::{Capped, Scene};
use dtao_meter::{
	report::{short, Run, Table},
	statistics::median,
};
use dtao_primitives::constants::{MAX_SEATS, MAX_SUBNETS, MAX_VALIDATORS};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write;

/// How many chains of random numbers of subnets there are, and how many of random numbers of seats.
const CHAINS: usize = 3;

/// Rounds before any block is measured.
const WARM_UP: u32 = 2;

/// The most transactions in a block.
const MOST: u32 = 200;

/// What the same accounts do one after the other: each finds what the last has left.
const ROUND: [Kind; 14] = [
	Kind::Transfer,
	Kind::AddStake,
	Kind::RemoveStake,
	Kind::AddStakeLimit,
	Kind::RemoveStakeLimit,
	Kind::AddStake,
	Kind::MoveStake,
	Kind::RemoveAllStake,
	Kind::AddStake,
	Kind::TransferStake,
	Kind::AddStake,
	Kind::RecycleAlpha,
	Kind::AddStake,
	Kind::BurnAlpha,
];

/// A row of the table: medians, in microseconds.
struct Row {
	chain: String,
	what: &'static str,
	declared: f64,
	measured: f64,
}

impl Row {
	fn ratio(&self) -> f64 {
		self.declared / self.measured
	}
}

/// The table, and what is wrong with it: where less is declared than measured.
pub(crate) struct Declared {
	/// The report.
	pub(crate) report: String,
	/// What takes longer than it declares.
	pub(crate) short: Vec<String>,
}

/// What things declare and take on chains of random sizes, each with `positions`, with `blocks` of
/// each kind. The same `seed` draws the same sizes.
pub(crate) fn measure(
	bench: &mut Bench<'_>,
	seed: u64,
	positions: u32,
	blocks: u32,
) -> Result<Declared, Error> {
	let mut random = ChaCha8Rng::seed_from_u64(seed);
	let mut rows = Vec::new();
	// A state of many positions takes minutes to build: there is one, and no epoch closes in it.
	let (chains, epochs) = if positions == 0 { (CHAINS, CHAINS) } else { (1, 0) };
	for _ in 0..chains {
		calls(bench, &mut random, positions, blocks, &mut rows)?;
	}
	for _ in 0..epochs {
		epoch(bench, &mut random, &mut rows)?;
	}
	let report = report(seed, positions, blocks, &rows)?;
	let short = rows.iter().filter(|row| row.measured > row.declared);
	let short = short.map(|row| format!("{} on {}", row.what, row.chain)).collect();
	Ok(Declared { report, short })
}

/// A block without transactions, and each call.
fn calls(
	bench: &mut Bench<'_>,
	random: &mut ChaCha8Rng,
	positions: u32,
	blocks: u32,
	rows: &mut Vec<Row>,
) -> Result<(), Error> {
	// A move is from one subnet to another.
	let subnets = random.gen_range(2..=MAX_SUBNETS as u16);
	let validators = random.gen_range(1..=MAX_VALIDATORS as u16);
	let chain = format!("{subnets} subnets of {validators} validators");
	eprintln!("calls on {chain}");
	let accounts = bench.accounts.funded();
	let (seats, capped) = (validators, Capped::Half);
	let scene =
		Scene { subnets, seats, validators, positions, capped, accounts, ..Default::default() };
	let mut session = Session::new(bench, &scene)?;
	let mut samples = Vec::new();
	for round in 0..WARM_UP + blocks {
		let (turn, count) = (session.turn(), random.gen_range(1..=MOST));
		let mut of_round = vec![session.block(Kind::Empty, 0)?];
		for kind in ROUND {
			session.rewind(turn);
			of_round.push(session.block(kind, count)?);
		}
		if round >= WARM_UP {
			samples.append(&mut of_round);
		}
	}
	rows.extend(rows_of(&chain, &samples));
	Ok(())
}

fn rows_of(chain: &str, samples: &[Sample]) -> Vec<Row> {
	let empty = of(samples, Kind::Empty);
	let block = Row {
		chain: chain.into(),
		what: "a block, empty",
		declared: median(empty.iter().map(|sample| sample.declared)),
		measured: median(empty.iter().map(|sample| sample.executed.cpu_micros())),
	};
	let mut kinds = ROUND.to_vec();
	kinds.sort_by_key(|kind| kind.name());
	kinds.dedup();
	let each = |kind: Kind, value: &dyn Fn(&Sample) -> f64, empty: f64| {
		let one = |sample: &Sample| (value(sample) - empty) / f64::from(sample.transactions);
		median(of(samples, kind).into_iter().map(one))
	};
	let row = |kind: Kind| Row {
		chain: chain.into(),
		what: kind.name(),
		declared: each(kind, &|sample| sample.declared, block.declared),
		measured: each(kind, &|sample| sample.executed.cpu_micros(), block.measured),
	};
	let calls: Vec<_> = kinds.into_iter().map(row).collect();
	[block].into_iter().chain(calls).collect()
}

fn of(samples: &[Sample], kind: Kind) -> Vec<&Sample> {
	samples.iter().filter(|sample| sample.kind == kind).collect()
}

/// The close of an epoch over a block without one.
fn epoch(bench: &mut Bench<'_>, random: &mut ChaCha8Rng, rows: &mut Vec<Row>) -> Result<(), Error> {
	let seats = random.gen_range(2..=MAX_SEATS as u16);
	let validators = random.gen_range(1..=seats.min(MAX_VALIDATORS as u16));
	let chain = format!("{seats} seats, {validators} of validators");
	eprintln!("epochs of {chain}");
	let (_, blocks) = blocks_of_epochs(bench, seats, validators)?;
	let over = |value: &dyn Fn(&Sample) -> f64| {
		median(blocks.with.iter().map(value)) - median(blocks.without.iter().map(value))
	};
	rows.push(Row {
		chain,
		what: "the close of an epoch",
		declared: over(&|sample| sample.declared),
		measured: over(&|sample| sample.executed.cpu_micros()),
	});
	Ok(())
}

fn report(seed: u64, positions: u32, blocks: u32, rows: &[Row]) -> Result<String, Error> {
	let run = Run::here(".".as_ref());
	let mut table = Table::new(["on", "what", "declared", "measured", "declared / measured"]);
	for row in rows {
		table.row([
			row.chain.clone(),
			row.what.into(),
			short(row.declared),
			short(row.measured),
			format!("{:.2}", row.ratio()),
		]);
	}
	let ratios = || rows.iter().map(Row::ratio);
	let (least, most) =
		(ratios().fold(f64::INFINITY, f64::min), ratios().fold(f64::NEG_INFINITY, f64::max));
	let mut out = format!("# What is declared, and what it takes\n\n{run}\n\n");
	writeln!(
		out,
		"Seed {seed}; {positions} positions beside the validators'. *Declared* is what the runtime \
		 counts (`System::BlockWeight`), *measured* the CPU time of the node's import into ParityDB, \
		 both in microseconds: of an empty block as a whole; of a call what each of 1 to {MOST} of \
		 them adds to that, its signature and fee included; of a close what it adds. Medians over \
		 {blocks} blocks or all closes of a tempo.\n\n{table}\n\
		 Declared over measured: {least:.2} to {most:.2}.\n"
	)?;
	Ok(out)
}
