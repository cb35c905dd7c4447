//! One chain three times: where its blocks are made, where they are executed, and where their
//! writes alone are made.

use crate::{
	accounts::Accounts,
	author::{Author, Made},
	chain::{Chain, Error, Executor, Writes},
	kind::Kind,
};
use dtao_bench_native::Scene;
use dtao_meter::{clock::Time, counting::Touched, statistics::median};
use dtao_runtime::opaque::Block;
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
}

/// One chain three times.
pub(crate) struct Session {
	accounts: Accounts,
	author: Author,
	executing: Chain,
	writing: Chain,
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
	/// The same writes and the same root, and nothing else.
	pub(crate) written: Time,
	/// How many keys it writes.
	pub(crate) keys: usize,
	/// How many bytes of keys and values.
	pub(crate) bytes: usize,
}

impl Session {
	/// The chain that begins with `scene`.
	pub(crate) fn new(bench: &mut Bench<'_>, scene: &Scene) -> Result<Self, Error> {
		bench.begun += 1;
		let genesis = bench.genesis(scene)?;
		let chain = bench.chain("author", &genesis)?;
		let author = Author::new(chain, bench.executor.clone(), scene.subnets)?;
		let executing = bench.chain("executing", &genesis)?;
		let writing = bench.chain("writing", &genesis)?;
		let accounts = bench.accounts.begin(author.genesis_hash());
		Ok(Self { accounts, author, executing, writing })
	}

	/// Make a block with `count` transactions of a `kind`, and measure it.
	pub(crate) fn block(&mut self, kind: Kind, count: u32) -> Result<Sample, Error> {
		let Made { block, writes, transactions } = self.make(kind, count)?;
		self.measure(kind, transactions, &block, &writes)
	}

	/// Make such a block, to be measured later.
	pub(crate) fn make(&mut self, kind: Kind, count: u32) -> Result<Made, Error> {
		self.author.make(&mut self.accounts, kind, count)
	}

	fn measure(
		&self,
		kind: Kind,
		transactions: u32,
		block: &Block,
		writes: &Writes,
	) -> Result<Sample, Error> {
		let executed = self.executing.execute(block)?;
		let written = self.writing.write(block, writes)?;
		let size = |(key, value): &(Vec<u8>, Option<Vec<u8>>)| {
			key.len() + value.as_ref().map_or(0, Vec::len)
		};
		let bytes = writes.iter().map(size).sum();
		Ok(Sample { kind, transactions, executed, written, keys: writes.len(), bytes })
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
		self.measure(kind, made.transactions, &made.block, &made.writes)?;
		Ok(touched)
	}
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
		written: of(&|sample| sample.written.cpu_micros()),
		keys: of(&|sample| sample.keys as f64),
		bytes: of(&|sample| sample.bytes as f64),
	}
}
