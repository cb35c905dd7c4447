//! Executes real blocks of a runtime's WASM over a real database, and says what they take.
//!
//! Each chain exists three times. An author makes its blocks. A second client imports them as a
//! node that syncs does: it executes them in WASM, computes the root and stores both. A third
//! stores what each block wrote under the same keys, computes the same root, and does nothing else:
//! the floor, below which no runtime with this state can get.

mod accounts;
mod author;
mod chain;
mod declared;
mod emission;
mod epochs;
mod folder;
mod kind;
mod network;
mod scale;
mod session;
mod spread;
mod storage;
mod transactions;

use crate::{
	accounts::Accounts,
	chain::{Error, Executor},
	session::Bench,
};
use clap::Parser;
use dtao_bench_native::Capped;
use dtao_meter::report::Run;
use std::{fmt::Write, fs, path::PathBuf};

/// Measure blocks of a runtime.
#[derive(Parser)]
struct Arguments {
	/// The runtime's WASM, compressed or not.
	#[arg(long)]
	runtime: PathBuf,
	/// Write `NAME.md` and `NAME.svg`, beside printing the first.
	#[arg(long, value_name = "NAME")]
	out: Option<PathBuf>,
	/// What is to be said of the runtime, if it is not the one that is built.
	#[arg(long, default_value = "the runtime as it is built")]
	about: String,
	/// The numbers of subnets.
	#[arg(long, value_delimiter = ',', default_value = "1,16,64,128")]
	subnets: Vec<u16>,
	/// On how many subnets transactions are measured.
	#[arg(long, default_value_t = 64)]
	calls_at: u16,
	/// Leave pools as they open, at 1 TAO per ALPHA, and measure no epochs: for runtimes that keep
	/// records elsewhere.
	#[arg(long)]
	as_opened: bool,
	/// Measure a state with so many positions beside one without, and nothing else. With `--storage`,
	/// `--declared` or `--network`: over a state with so many.
	#[arg(long)]
	positions: Option<u32>,
	/// Measure reads and writes of the database.
	#[arg(long, conflicts_with_all = ["declared", "network"])]
	storage: bool,
	/// Measure what is declared beside what it takes, at random sizes. Fails if something takes
	/// longer than it declares.
	#[arg(long, conflicts_with = "network")]
	declared: bool,
	/// What random sizes and keys are drawn from.
	#[arg(long, default_value_t = 1)]
	seed: u64,
	/// Make a chain on the most of the subnets, for nodes to sync, in this folder.
	#[arg(long, value_name = "FOLDER")]
	network: Option<PathBuf>,
	/// Blocks of each kind.
	#[arg(long, default_value_t = 40)]
	blocks: u32,
	/// A few blocks of each kind only, to see that all of it runs.
	#[arg(long)]
	quick: bool,
}

/// Who signs transactions.
const ACCOUNTS: u32 = 2_000;

/// The positions of a large state, if it is not said.
const LARGE: u32 = 1_000_000;

fn main() -> Result<(), Error> {
	let mut arguments = Arguments::parse();
	if arguments.quick {
		arguments.blocks = 2;
		arguments.subnets = vec![1, 16];
	}
	let wasm = fs::read(&arguments.runtime)?;
	let folder = std::env::temp_dir().join(format!("dtao-bench-{}", std::process::id()));
	let mut bench = Bench {
		wasm: &wasm,
		executor: Executor::builder().build(),
		folder: &folder,
		begun: 0,
		accounts: Accounts::new(ACCOUNTS),
	};
	let measured = run(&arguments, &mut bench);
	if folder.exists() {
		fs::remove_dir_all(&folder)?;
	}
	let Report { text, chart, wrong } = measured?;
	println!("{text}");
	if let Some(name) = arguments.out {
		fs::write(name.with_extension("md"), text)?;
		if let Some(chart) = chart {
			fs::write(name.with_extension("svg"), chart)?;
		}
	}
	wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
}

/// What a mode says.
struct Report {
	text: String,
	chart: Option<String>,
	/// What has to be put right.
	wrong: Option<String>,
}

impl Report {
	fn of(text: String) -> Self {
		Self { text, chart: None, wrong: None }
	}
}

/// Do what was asked for.
fn run(arguments: &Arguments, bench: &mut Bench<'_>) -> Result<Report, Error> {
	let &Arguments { blocks, seed, positions, .. } = arguments;
	if arguments.storage {
		let positions = positions.unwrap_or(LARGE);
		return storage::measure(bench, positions, seed)?.report().map(Report::of);
	}
	if arguments.declared {
		let declared = declared::measure(bench, seed, positions.unwrap_or(0), blocks)?;
		let short = declared.short.join(", ");
		let wrong = (!short.is_empty()).then(|| format!("longer than declared: {short}"));
		return Ok(Report { wrong, ..Report::of(declared.report) });
	}
	let subnets = arguments.subnets.iter().copied().max().unwrap_or(1);
	if let Some(folder) = &arguments.network {
		let plan = network::Plan { subnets, positions: positions.unwrap_or(LARGE), blocks };
		return network::prepare(bench, &plan, folder).map(Report::of);
	}
	if let Some(positions) = positions {
		return scale::measure(bench, positions, blocks).map(Report::of);
	}
	let (text, chart) = measure(arguments, bench)?;
	Ok(Report { chart: Some(chart), ..Report::of(text) })
}

fn measure(arguments: &Arguments, bench: &mut Bench<'_>) -> Result<(String, String), Error> {
	let run = Run::here(".".as_ref());
	let blocks = arguments.blocks;
	let mut out = format!("# Blocks, in WASM over a database\n\n{run}\n\n");
	writeln!(
		out,
		"Of {}: {} bytes of WASM. Blocks are imported by the node's client into ParityDB: executed, \
		 the root computed and compared, stored, finalised. Medians over {blocks} blocks of each \
		 kind, in microseconds: CPU time of the thread that imports, unless it says *clock*. The \
		 *floor* stores the same bytes under the same keys, computes the same root, and does nothing \
		 else; it is measured block by block beside the execution.\n",
		arguments.about,
		bench.wasm.len(),
	)?;
	let capped = if arguments.as_opened { Capped::AsOpened } else { Capped::Half };
	let emission = emission::measure(bench, &arguments.subnets, capped, blocks)?;
	emission.write(&mut out)?;
	let calls_at = arguments.calls_at.min(arguments.subnets.iter().copied().max().unwrap_or(1));
	transactions::measure(bench, calls_at, capped, blocks, &mut out)?;
	// An epoch's close is seen by the record under the subnet's own key.
	if !arguments.as_opened {
		let seats: &[u16] = if arguments.quick { &[8] } else { &[8, 64, 256] };
		epochs::measure(bench, seats, emission.yardstick(), &mut out)?;
	}
	Ok((out, emission.chart(&run).svg()))
}
