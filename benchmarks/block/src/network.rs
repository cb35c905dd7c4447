//! A large chain for nodes to sync: its databases, as nodes have them, and its blocks.
//!
//! The genesis state is built once, natively, and its database copied: to the node that has all
//! blocks, to the one that is to sync them, and to a client that imports them here to be measured.

use crate::{
	author::Author,
	chain::{Chain, Error, STATES_KEPT},
	folder,
	kind::Kind,
	scale::most_memory,
	session::Bench,
};
use dtao_bench_native::{Capped, Scene};
use dtao_meter::{
	clock::Time,
	report::{short, Run},
	statistics::median,
};
use dtao_primitives::constants::MAX_VALIDATORS;
use dtao_runtime::opaque::Block;
use serde_json::json;
use sp_core::hexdisplay::HexDisplay;
use std::{
	fmt::Write,
	fs,
	path::{Path, PathBuf},
	time::Instant,
};

/// The chain's name in the file system.
const CHAIN: &str = "dtao_scale";

/// Transactions in a block.
const TRANSACTIONS: u32 = 20;

/// The states that the node with all blocks keeps: all, so that it finds the first's.
const ALL_STATES: u32 = 1_000_000;

/// What is made.
pub(crate) struct Plan {
	/// How many subnets, each with as many validators as there may be.
	pub(crate) subnets: u16,
	/// How many positions beside the validators'.
	pub(crate) positions: u32,
	/// How many blocks.
	pub(crate) blocks: u32,
}

/// Make the databases in `folder`, and say what the chain and its blocks take.
pub(crate) fn prepare(bench: &mut Bench<'_>, plan: &Plan, folder: &Path) -> Result<String, Error> {
	if folder.exists() {
		return Err(format!("{} is there already", folder.display()).into());
	}
	// What the subnets and their validators take, and a database with nothing in it. With one position,
	// since a state without any is built by the WASM, whose memory does not hold so many seats as JSON.
	let without = build(bench, &Plan { positions: 1, ..*plan }, &folder.join("without"))?;
	let least = folder::size(&without)?;
	fs::remove_dir_all(&without)?;
	let begun = Instant::now();
	let genesis = build(bench, plan, &database(folder, "author"))?;
	let (built, bytes) = (begun.elapsed().as_secs_f64(), folder::size(&genesis)?);
	let building = most_memory()?;
	folder::copy(&genesis, &database(folder, "syncing"))?;
	let importing = folder.join("importing");
	folder::copy(&genesis, &importing)?;
	fs::write(folder.join("spec.json"), specification(bench.wasm)?)?;
	eprintln!("making {} blocks", plan.blocks);
	let blocks = make(bench, plan, &genesis)?;
	eprintln!("importing them");
	let chain = Chain::reopen(&importing, STATES_KEPT, &bench.executor)?;
	let times: Vec<Time> =
		blocks.iter().map(|block| chain.execute(block)).collect::<Result<_, _>>()?;
	let after = folder::size(chain.folder())?;
	report(plan, &Made { built, least, bytes, after, building, times })
}

/// The database of the chain's first block, in `database`.
fn build(bench: &mut Bench<'_>, plan: &Plan, database: &Path) -> Result<PathBuf, Error> {
	let &Plan { subnets, positions, .. } = plan;
	eprintln!("building a state of {positions} positions on {subnets} subnets");
	let validators = MAX_VALIDATORS as u16;
	let scene = Scene {
		subnets,
		seats: validators,
		validators,
		positions,
		capped: Capped::Half,
		accounts: bench.accounts.funded(),
		networked: true,
		..Default::default()
	};
	let genesis = bench.genesis(&scene)?;
	Chain::new(database, genesis, &bench.executor)?.close()
}

/// Where a node with the base path `name` looks for the database.
fn database(folder: &Path, name: &str) -> PathBuf {
	folder.join(name).join("chains").join(CHAIN).join("paritydb/full")
}

/// What a node is told of the chain. It never builds the first block, which is in its database, and
/// so is not told of its state.
fn specification(wasm: &[u8]) -> Result<String, Error> {
	let code = format!("0x{}", HexDisplay::from(&wasm));
	Ok(serde_json::to_string(&json!({
		"name": "Scale",
		"id": CHAIN,
		"chainType": "Local",
		"bootNodes": [],
		"telemetryEndpoints": null,
		"protocolId": "dtao",
		"properties": null,
		"codeSubstitutes": {},
		"genesis": { "raw": { "top": { "0x3a636f6465": code }, "childrenDefault": {} } },
	}))?)
}

/// Make the blocks: of transfers, of stakes, and of their removals, in turns.
fn make(bench: &Bench<'_>, plan: &Plan, folder: &Path) -> Result<Vec<Block>, Error> {
	let chain = Chain::reopen(folder, ALL_STATES, &bench.executor)?;
	let author = Author::new(chain, bench.executor.clone(), plan.subnets)?;
	let mut accounts = bench.accounts.begin(author.genesis_hash());
	let mut blocks = Vec::new();
	let kinds = [Kind::Transfer, Kind::AddStake, Kind::RemoveStake].into_iter().cycle();
	let mut turn = accounts.turn();
	for (kind, _) in kinds.zip(0..plan.blocks) {
		// The same accounts add and remove.
		match kind {
			Kind::Transfer => turn = accounts.turn(),
			_ => accounts.rewind(turn),
		}
		blocks.push(author.make(&mut accounts, kind, TRANSACTIONS)?.block);
	}
	author.close()?;
	Ok(blocks)
}

/// What was made, and what it took.
struct Made {
	/// Seconds that the state took to build.
	built: f64,
	/// Bytes of the database of a state with one position.
	least: u64,
	/// Bytes of its own.
	bytes: u64,
	/// Bytes of it after all blocks.
	after: u64,
	/// The most memory so far when it was built, in KiB.
	building: u64,
	/// What each block took to import.
	times: Vec<Time>,
}

fn report(plan: &Plan, made: &Made) -> Result<String, Error> {
	let run = Run::here(".".as_ref());
	let Plan { subnets, positions, blocks } = plan;
	let Made { built, least, bytes, after, building, times } = made;
	let each = bytes.saturating_sub(*least) / u64::from((*positions).max(2) - 1);
	let micros = || times.iter().map(Time::cpu_micros);
	let clock: f64 = times.iter().map(Time::wall_micros).sum();
	let mut out = format!("# A large chain\n\n{run}\n\n");
	writeln!(
		out,
		"{subnets} subnets of {MAX_VALIDATORS} validators each, and {positions} positions of as many \
		 accounts. The state was built natively, through the code of `add_stake`, in {} s. Each of \
		 the {blocks} blocks has {TRANSACTIONS} transactions: `transfer_keep_alive`, `add_stake` or \
		 `remove_stake`, in turns. Half of the subnets are given twice the TAO that fits.\n\n\
		 - A block: {} µs of CPU time to import, in the median; {} µs at most.\n\
		 - All blocks, one after the other in one process: {} s by the clock.\n\
		 - The database: {} MiB before the blocks, and {} MiB after them. With one position it has {} MiB: \
		 {each} bytes for each other one, its account and its row of holders included.\n\
		 - Memory: {} MiB to build the state, {} MiB at most with the blocks, which the process holds \
		 too.\n",
		short(*built),
		short(median(micros())),
		short(micros().fold(0.0, f64::max)),
		short(clock / 1e6),
		bytes >> 20,
		after >> 20,
		least >> 20,
		building >> 10,
		most_memory()? >> 10,
	)?;
	Ok(out)
}
