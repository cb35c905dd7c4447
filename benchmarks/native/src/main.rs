//! Measures the market's hook and calls over the real runtime, natively, in thread CPU time.
//!
//! It needs no client and no WASM, so that other chains' pallets can be measured in the same way: a
//! hook or a call in `TestExternalities`, in the overlay alone, and with the root and the commit.

mod calls;
mod hook;
mod only;
mod reference;
mod state;

use crate::{
	calls::Kind,
	only::Only,
	reference::Figure,
	state::{Mode, MODES},
};
use clap::Parser;
use dtao_bench_native::Capped;
use dtao_meter::report::{short, Run, Table};
use dtao_primitives::constants::{MAX_SEATS, MAX_SUBNETS, MAX_VALIDATORS};
use dtao_runtime::Runtime;
use std::{fmt::Write, fs, path::PathBuf};

/// Measure the market's hook and calls natively.
#[derive(Parser)]
struct Arguments {
	/// Write the report to this file, beside printing it.
	#[arg(long)]
	out: Option<PathBuf>,
	/// A few blocks of each only, to see that all of it runs.
	#[arg(long)]
	quick: bool,
	/// Do this alone, so that another program can count its instructions. Measures nothing.
	#[arg(long, requires = "times")]
	only: Option<Only>,
	/// How often to do it.
	#[arg(long)]
	times: Option<u16>,
}

/// How often each thing is measured.
struct Repeats {
	subnets: &'static [u16],
	blocks: u32,
	epochs: u32,
	calls: u16,
}

const FULL: Repeats =
	Repeats { subnets: &[1, 16, 64, 128, 256, 1_024], blocks: 200, epochs: 50, calls: 200 };
const QUICK: Repeats = Repeats { subnets: &[1, 16], blocks: 5, epochs: 2, calls: 5 };

/// On how many subnets calls are dispatched.
const CALLS_AT: u16 = 64;

const STATES: [(Capped, &str); 3] =
	[(Capped::None, "none capped"), (Capped::Half, "half capped"), (Capped::All, "all capped")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
	let arguments = Arguments::parse();
	if let (Some(only), Some(times)) = (arguments.only, arguments.times) {
		return Ok(only.run(times)?);
	}
	let repeats = if arguments.quick { QUICK } else { FULL };
	let report = report(&repeats)?;
	println!("{report}");
	if let Some(file) = arguments.out {
		fs::write(file, report)?;
	}
	Ok(())
}

fn report(repeats: &Repeats) -> Result<String, Box<dyn std::error::Error>> {
	let run = Run::here(".".as_ref());
	let Repeats { blocks, epochs, calls, .. } = repeats;
	let mut out = format!("# The market, natively\n\n{run}\n\n");
	writeln!(
		out,
		"The real runtime in `TestExternalities`, with room for {MAX_SUBNETS} subnets. Thread CPU time, in \
		 microseconds: medians over {blocks} blocks, {epochs} epochs, {calls} calls. Our own crates are \
		 compiled with overflow checks and debug assertions, as in every build here. *Overlay* is \
		 the code alone; *committed* finds the state in a trie, and computes the root and commits \
		 after it. In each block root sells on each subnet. Capped subnets are given twice what \
		 fits, so that the chain buys.\n"
	)?;
	let steps = block_steps(&mut out, repeats)?;
	counts(&mut out, repeats)?;
	let mut against = Table::new(["", "goal", "reference", "here", "ratio"]);
	for (name, figure, mode, micros) in steps {
		compare(&mut against, name, figure, mode, micros);
	}
	epoch(&mut out, &mut against, repeats)?;
	dispatched(&mut out, &mut against, repeats)?;
	writeln!(
		out,
		"## Beside the reference\n\nThe reference's figures are from a 2-core EPYC machine, these \
		 from the one above. In milliseconds; the ratio says how many times faster.\n\n{against}"
	)?;
	Ok(out)
}

type Compared = (&'static str, &'static Figure, Mode, f64);

fn block_steps(
	out: &mut String,
	repeats: &Repeats,
) -> Result<Vec<Compared>, Box<dyn std::error::Error>> {
	let mut compared = Vec::new();
	writeln!(out, "## A block's emission\n")?;
	for mode in MODES {
		let mut table = Table::new(["subnets", "none capped", "half capped", "all capped"]);
		for &subnets in fitting(repeats) {
			let mut cells = [f64::NAN; 3];
			for (cell, (capped, _)) in cells.iter_mut().zip(STATES) {
				*cell = hook::emission(subnets, capped, mode, repeats.blocks)?;
			}
			let [none, half, all] = cells;
			table.row([subnets.to_string(), short(none), short(half), short(all)]);
			if subnets == reference::SUBNETS {
				compared.push(("block, half capped", &reference::HALF_CAPPED, mode, half));
				compared.push(("block, none capped", &reference::UNCAPPED, mode, none));
			}
		}
		writeln!(out, "{mode:?}:\n\n{table}")?;
	}
	Ok(compared)
}

/// The numbers of subnets for which the runtime has room.
fn fitting(repeats: &Repeats) -> impl Iterator<Item = &u16> {
	repeats.subnets.iter().filter(|subnets| u32::from(**subnets) <= MAX_SUBNETS)
}

fn counts(out: &mut String, repeats: &Repeats) -> Result<(), Box<dyn std::error::Error>> {
	let mut table =
		Table::new(["subnets", "state", "keys read", "keys written", "reads", "writes"]);
	for &subnets in fitting(repeats) {
		for (capped, name) in STATES {
			let counts = hook::emission_touches(subnets, capped)?;
			table.row([
				subnets.to_string(),
				name.into(),
				counts.keys_read.to_string(),
				counts.keys_written.to_string(),
				counts.reads.to_string(),
				counts.writes.to_string(),
			]);
		}
	}
	let (reads, writes) = reference::READS_AND_WRITES;
	writeln!(
		out,
		"Host calls, without the SDK's bookkeeping of events. The reference makes {reads} reads and \
		 {writes} writes for each subnet.\n\n{table}"
	)?;
	Ok(())
}

fn epoch(
	out: &mut String,
	against: &mut Table,
	repeats: &Repeats,
) -> Result<(), Box<dyn std::error::Error>> {
	let consensus = std::any::type_name::<<Runtime as pallet_dtao::Config>::Consensus>();
	let (seats, validators) = (MAX_SEATS as u16, MAX_VALIDATORS as u16);
	let mut table = Table::new(["", "µs", "epochs"]);
	for mode in MODES {
		let close = hook::close(seats, validators, mode, repeats.epochs)?;
		table.row([format!("{mode:?}"), short(close.micros), close.epochs.to_string()]);
		compare(against, "epoch", &reference::EPOCH, mode, close.micros);
	}
	let counts = hook::close_touches(seats, validators)?;
	writeln!(
		out,
		"## The close of an epoch\n\nOf {seats} seats; {validators} have stake, and each of them \
		 weighs every other seat. The consensus is `{consensus}`. Over what a block without a close takes.\n\n{table}\nThe block with the close \
		 reads {} keys in {} calls, and writes {} in {}.\n",
		counts.keys_read, counts.reads, counts.keys_written, counts.writes,
	)?;
	Ok(())
}

fn dispatched(
	out: &mut String,
	against: &mut Table,
	repeats: &Repeats,
) -> Result<(), Box<dyn std::error::Error>> {
	let mut table = Table::new(["", "call", "µs", "of a transfer", "keys read", "keys written"]);
	for mode in MODES {
		let measured = calls::calls(CALLS_AT, mode, repeats.calls)?;
		let yardstick = measured.first().map_or(f64::NAN, |transfer| transfer.micros);
		for call in measured {
			table.row([
				format!("{mode:?}"),
				format!("{:?}", call.kind),
				short(call.micros),
				short(call.micros / yardstick),
				call.counts.keys_read.to_string(),
				call.counts.keys_written.to_string(),
			]);
			let figure = match call.kind {
				Kind::Transfer => continue,
				Kind::AddStake => ("add_stake", &reference::ADD_STAKE),
				Kind::RemoveStake => ("remove_stake", &reference::REMOVE_STAKE),
			};
			compare(against, figure.0, figure.1, mode, call.micros);
		}
	}
	writeln!(
		out,
		"## Calls\n\nDispatched on {CALLS_AT} subnets: no signature, no fee. Each stake opens a \
		 position, each removal closes it, and each settles a reward first.\n\n{table}"
	)?;
	Ok(())
}

fn compare(table: &mut Table, name: &str, figure: &Figure, mode: Mode, micros: f64) {
	let reference = figure.micros(mode);
	table.row([
		format!("{name}, {}", format!("{mode:?}").to_lowercase()),
		format!("{} ×", figure.goal),
		short(reference / 1_000.0),
		short(micros / 1_000.0),
		format!("{} ×", short(reference / micros)),
	]);
}
