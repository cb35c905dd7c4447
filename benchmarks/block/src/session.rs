//! One chain three times: where its blocks are made, where they are executed, and where their
//! writes alone are made. A chain of many positions is large, and has no third.

use crate::{
	accounts::Accounts,
	author::{Author, Made},
	chain::{Chain, Error, Executor, STATES_KEPT},
	folder,
	kind::Kind,
};
use dtao_bench_native::Scene;
use dtao_meter::{clock::Time, counting::Touched, statistics::median};
use frame_support::weights::Weight;
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sp_runtime::BuildStorage;
use sp_storage::{well_known_keys::CODE, Storage};
use std::path::Path;

/// What all chains share.
pub(crate) struct Bench<'a> {
	/// The runtime's WASM.
	pub(crate) wasm: &'a [u8],
	/// Runs it; compiles it once.
	pub(crate) executor: Executor,
	/// Where databases are put.
	pub(crate) folder: &'a Path,
	/// How many sessions have begun.
	pub(crate) begun: u32,
	/// Who signs.
	pub(crate) accounts: Accounts,
}

impl Bench<'_> {
	/// The state that `scene` begins with: built by the WASM, through the code of its calls. With
	/// many positions by the same code natively, since as JSON they would not fit the WASM's memory.
	pub(crate) fn genesis(&self, scene: &Scene) -> Result<Storage, Error> {
		let mut storage = match scene.positions {
			0 => {
				let config = serde_json::to_value(scene.genesis())?;
				let runtime = GenesisConfigBuilderRuntimeCaller::<()>::new(self.wasm);
				runtime.get_storage_for_config(config)?
			},
			_ => scene.genesis().build_storage()?,
		};
		scene.set_prices(&mut storage);
		storage.top.insert(CODE.to_vec(), self.wasm.to_vec());
		Ok(storage)
	}

	/// An empty database's chain with that state.
	pub(crate) fn chain(&self, name: &str, genesis: &Storage) -> Result<Chain, Error> {
		let folder = self.folder.join(self.begun.to_string()).join(name);
		Chain::new(&folder, genesis.clone(), &self.executor)
	}

	/// The same chain twice: its state is built once, and its database copied.
	fn twice(&self, genesis: Storage) -> Result<(Chain, Chain), Error> {
		let one = self.chain("author", &genesis)?.close()?;
		drop(genesis);
		let other = one.with_file_name("executing");
		folder::copy(&one, &other)?;
		let open = |folder: &Path| Chain::reopen(folder, STATES_KEPT, &self.executor);
		Ok((open(&one)?, open(&other)?))
	}
}

/// One chain three times.
pub(crate) struct Session {
	accounts: Accounts,
	author: Author,
	executing: Chain,
	writing: Option<Chain>,
}

/// A block that was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
	/// What it holds.
	pub(crate) kind: Kind,
	/// How many of them.
	pub(crate) transactions: u32,
	/// The execution, and all that belongs to the import.
	pub(crate) executed: Time,
	/// The same writes and the same root, and nothing else; not measured over many positions.
	pub(crate) written: Option<Time>,
	/// What it weighs by the runtime's own count, in microseconds.
	pub(crate) declared: f64,
	/// How many keys it writes.
	pub(crate) keys: usize,
	/// How many bytes of keys and values.
	pub(crate) bytes: usize,
}

impl Sample {
	/// The CPU time of its writes, in microseconds; nothing if it was not measured.
	pub(crate) fn written_micros(&self) -> f64 {
		self.written.map_or(f64::NAN, |written| written.cpu_micros())
	}
}

impl Session {
	/// The chain that begins with `scene`.
	pub(crate) fn new(bench: &mut Bench<'_>, scene: &Scene) -> Result<Self, Error> {
		bench.begun += 1;
		let genesis = bench.genesis(scene)?;
		let (chain, executing, writing) = match scene.positions {
			0 => {
				let chain = |name| bench.chain(name, &genesis);
				(chain("author")?, chain("executing")?, Some(chain("writing")?))
			},
			_ => {
				let (chain, executing) = bench.twice(genesis)?;
				(chain, executing, None)
			},
		};
		let author = Author::new(chain, bench.executor.clone(), scene.subnets)?;
		let accounts = bench.accounts.begin(author.genesis_hash());
		Ok(Self { accounts, author, executing, writing })
	}

	/// Make a block with `count` transactions of a `kind`, and measure it.
	pub(crate) fn block(&mut self, kind: Kind, count: u32) -> Result<Sample, Error> {
		let made = self.make(kind, count)?;
		self.measure(kind, &made)
	}

	/// Make such a block, to be measured later.
	pub(crate) fn make(&mut self, kind: Kind, count: u32) -> Result<Made, Error> {
		self.author.make(&mut self.accounts, kind, count)
	}

	fn measure(&self, kind: Kind, made: &Made) -> Result<Sample, Error> {
		let Made { block, writes, transactions, declared } = made;
		let executed = self.executing.execute(block)?;
		let write = |chain: &Chain| chain.write(block, writes);
		let written = self.writing.as_ref().map(write).transpose()?;
		let size = |(key, value): &(Vec<u8>, Option<Vec<u8>>)| {
			key.len() + value.as_ref().map_or(0, Vec::len)
		};
		Ok(Sample {
			kind,
			transactions: *transactions,
			executed,
			written,
			declared: micros(*declared),
			keys: writes.len(),
			bytes: writes.iter().map(size).sum(),
		})
	}

	/// Begin with the same account again.
	pub(crate) fn rewind(&mut self, turn: usize) {
		self.accounts.rewind(turn);
	}

	/// The account whose turn it is.
	pub(crate) fn turn(&self) -> usize {
		self.accounts.turn()
	}

	/// Who signs.
	pub(crate) fn accounts(&self) -> &Accounts {
		&self.accounts
	}

	/// The folder of the database of the client that executes.
	pub(crate) fn database(&self) -> &Path {
		self.executing.folder()
	}

	/// Where blocks are made.
	pub(crate) fn author(&self) -> &Author {
		&self.author
	}

	/// What a block with `count` transactions of a `kind` touches. It is made, and not measured.
	pub(crate) fn count(&mut self, kind: Kind, count: u32) -> Result<Touched, Error> {
		let made = self.make(kind, count)?;
		let touched = self.author.count(&made.block)?;
		self.measure(kind, &made)?;
		Ok(touched)
	}
}

/// A weight's time, in microseconds.
pub(crate) fn micros(weight: Weight) -> f64 {
	weight.ref_time() as f64 / 1e6
}

/// What the samples of one kind come to, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Summary {
	/// Executed, CPU time.
	pub(crate) executed: f64,
	/// Written only, CPU time.
	pub(crate) written: f64,
	/// Keys written.
	pub(crate) keys: f64,
	/// Bytes written.
	pub(crate) bytes: f64,
}

/// The medians of the samples of `kind`.
pub(crate) fn summary(samples: &[Sample], kind: Kind) -> Summary {
	let of = |value: &dyn Fn(&Sample) -> f64| {
		median(samples.iter().filter(|sample| sample.kind == kind).map(value))
	};
	Summary {
		executed: of(&|sample| sample.executed.cpu_micros()),
		written: of(&Sample::written_micros),
		keys: of(&|sample| sample.keys as f64),
		bytes: of(&|sample| sample.bytes as f64),
	}
}
