//! Blocks over a state of many positions, beside the same blocks over one of few.

use crate::{
	chain::Error,
	folder,
	kind::Kind,
	session::{summary, Bench, Session},
};
use dtao_bench_native::{Capped, Scene};
use dtao_meter::report::{short, Run, Table};
use dtao_primitives::constants::{MAX_SUBNETS, MAX_VALIDATORS};
use std::{fmt::Write, fs, time::Instant};

/// Transactions in a block.
const TRANSACTIONS: u32 = 100;

/// Rounds before any block is measured.
const WARM_UP: u32 = 2;

/// What the blocks over a state came to, in microseconds.
struct Point {
	positions: u32,
	/// What building the state took, in seconds.
	built: f64,
	/// Bytes of the database, before the first block.
	bytes: u64,
	empty: f64,
	transfer: f64,
	add: f64,
	remove: f64,
}

/// What a state of `positions` and one of none come to, over as many subnets and validators as there
/// may be.
pub(crate) fn measure(bench: &mut Bench<'_>, positions: u32, blocks: u32) -> Result<String, Error> {
	let run = Run::here(".".as_ref());
	let points = [point(bench, 0, blocks)?, point(bench, positions, blocks)?];
	let mut table = Table::new([
		"positions",
		"empty block",
		"transfer",
		"`add_stake`",
		"in T",
		"`remove_stake`",
		"in T",
	]);
	for point in &points {
		table.row([
			point.positions.to_string(),
			short(point.empty),
			short(point.transfer),
			short(point.add),
			short(point.add / point.transfer),
			short(point.remove),
			short(point.remove / point.transfer),
		]);
	}
	let mut out = format!("# Blocks over many positions\n\n{run}\n\n");
	let [few, many] = &points;
	let each = many.bytes.saturating_sub(few.bytes) / u64::from(positions.max(1));
	writeln!(
		out,
		"{MAX_SUBNETS} subnets of {MAX_VALIDATORS} validators; each position is another account's. \
		 Blocks are imported by the node's client into ParityDB: CPU time of the importing thread, in \
		 microseconds, medians over {blocks} blocks of {TRANSACTIONS} transactions. T is a \
		 `transfer_keep_alive` in the same row.\n\n{table}\n\
		 The state of {positions} positions was built in {} s, through the code of `add_stake`. Its \
		 database has {} MiB, {each} bytes more for each position, its account and its row of holders \
		 included. The process had at most {} MiB of memory; it holds the chain twice.\n",
		short(many.built),
		many.bytes >> 20,
		most_memory()? >> 10,
	)?;
	Ok(out)
}

fn point(bench: &mut Bench<'_>, positions: u32, blocks: u32) -> Result<Point, Error> {
	eprintln!("building a state of {positions} positions");
	let validators = MAX_VALIDATORS as u16;
	let scene = Scene {
		subnets: MAX_SUBNETS as u16,
		seats: validators,
		validators,
		positions,
		capped: Capped::Half,
		accounts: bench.accounts.funded(),
		..Default::default()
	};
	let begun = Instant::now();
	let mut session = Session::new(bench, &scene)?;
	let built = begun.elapsed().as_secs_f64();
	let bytes = folder::size(session.database())?;
	eprintln!("blocks over it");
	let mut samples = Vec::new();
	for round in 0..WARM_UP + blocks {
		let mut of_round = vec![session.block(Kind::Empty, 0)?];
		let turn = session.turn();
		for kind in [Kind::Transfer, Kind::AddStake, Kind::RemoveStake] {
			// The same accounts add and remove.
			session.rewind(turn);
			of_round.push(session.block(kind, TRANSACTIONS)?);
		}
		if round >= WARM_UP {
			samples.append(&mut of_round);
		}
	}
	let block = |kind| summary(&samples, kind).executed;
	let each = |kind| (block(kind) - block(Kind::Empty)) / f64::from(TRANSACTIONS);
	Ok(Point {
		positions,
		built,
		bytes,
		empty: block(Kind::Empty),
		transfer: each(Kind::Transfer),
		add: each(Kind::AddStake),
		remove: each(Kind::RemoveStake),
	})
}

/// The most memory that this process has had, in KiB.
pub(crate) fn most_memory() -> Result<u64, Error> {
	let status = fs::read_to_string("/proc/self/status")?;
	let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
	let number = line.and_then(|line| line.split_whitespace().next());
	Ok(number.ok_or("the system says nothing of memory")?.parse()?)
}
