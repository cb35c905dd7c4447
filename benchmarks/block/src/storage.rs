//! What a read and a write of the database take, over a state of many positions: what the SDK's
//! `benchmark storage` measures, on the client that the other modes measure blocks with.
//!
//! A block reads and writes many keys, and computes one root for all that it writes. So keys are
//! read and written by batches of a block's, at random over the whole state. A batch of writes is a
//! block that is imported with what it changes: the root, the database's commit, the pruning of the
//! state that is too old, and all else that a block without transactions takes. Its keys have been
//! read before, uncounted, since calls read what they write.

use crate::{
	chain::{Chain, Error, Writes, STATES_KEPT},
	folder,
	session::Bench,
	spread::Spread,
};
use dtao_bench_native::Scene;
use dtao_meter::{
	clock::{timed, Time},
	report::{short, Run, Table},
};
use dtao_primitives::constants::{MAX_SUBNETS, MAX_VALIDATORS};
use dtao_runtime::{
	opaque::{Block, Header},
	Hash, Runtime,
};
use frame_support::weights::constants::WEIGHT_REF_TIME_PER_NANOS;
use rand::{seq::SliceRandom, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sc_client_api::{Backend as _, TrieCacheContext};
use sp_runtime::{
	traits::{BlakeTwo256, Block as _, Header as _},
	Digest,
};
use sp_state_machine::{Backend as _, OverlayedChanges};
use sp_storage::StateVersion;
use std::fmt::Write;

/// How many keys a batch has: what a block with a hundred stakes writes.
const BATCH: usize = 1_000;

/// How many batches are read, and how many written, to be measured.
const BATCHES: usize = 200;

/// Batches that are written before: as many as there are states before one is pruned, and some.
const WARM_UP: usize = STATES_KEPT as usize + 20;

/// A key, and how long its value is.
type Entry = (Vec<u8>, usize);

/// What was measured, and over what.
pub(crate) struct Measured {
	positions: u32,
	seed: u64,
	/// A read, in nanoseconds.
	read: Spread,
	/// A write, in nanoseconds.
	write: Spread,
	/// How many keys the state has.
	keys: usize,
	/// Bytes of its database.
	bytes: u64,
}

impl Measured {
	/// Both beside what the runtime declares for them.
	pub(crate) fn report(&self) -> Result<String, Error> {
		let Self { positions, seed, read, write, keys, bytes } = self;
		let run = Run::here(".".as_ref());
		let declared = <Runtime as frame_system::Config>::DbWeight::get();
		let mut table = Table::new([
			"of a batch, each key",
			"least",
			"median",
			"mean",
			"95 %",
			"99 %",
			"most",
			"declared",
		]);
		for (what, spread, declared) in
			[("read", read, declared.read), ("written", write, declared.write)]
		{
			let Spread { least, mean, median, p95, p99, most } = *spread;
			let declared = declared as f64 / WEIGHT_REF_TIME_PER_NANOS as f64;
			let figures = [least, median, mean, p95, p99, most, declared];
			let [least, median, mean, p95, p99, most, declared] =
				figures.map(|nanos| short(nanos / 1e3));
			table.row([what.into(), least, median, mean, p95, p99, most, declared]);
		}
		let mut out = format!("# A read and a write of the database\n\n{run}\n\n");
		writeln!(
			out,
			"{positions} positions on {MAX_SUBNETS} subnets of {MAX_VALIDATORS} validators: {keys} \
			 keys, {} MiB of ParityDB. The trie's cache is the node's and cold at first, and the \
			 states of {STATES_KEPT} blocks are kept. {} batches of {BATCH} keys drawn from all of \
			 the state are read, each key for the first time; then {BATCHES} are written, each a block \
			 that is imported with its changes: the root, the commit, and the pruning of a state that is \
			 too old are in it. Seed {seed}. CPU time of the thread, in microseconds.\n\n\
			 {table}",
			bytes >> 20,
			(keys / BATCH).min(BATCHES),
		)?;
		Ok(out)
	}
}

/// Measure reads and writes over a state of `positions`. The same `seed` draws the same keys.
pub(crate) fn measure(bench: &mut Bench<'_>, positions: u32, seed: u64) -> Result<Measured, Error> {
	eprintln!("building a state of {positions} positions");
	let validators = MAX_VALIDATORS as u16;
	let scene = Scene {
		subnets: MAX_SUBNETS as u16,
		seats: validators,
		validators,
		positions,
		accounts: bench.accounts.funded(),
		..Default::default()
	};
	let genesis = bench.genesis(&scene)?;
	let entries = genesis.top.iter().map(|(key, value)| (key.clone(), value.len()));
	// The runtime and what else the client itself looks for stays as it is.
	let mut entries: Vec<Entry> = entries.filter(|(key, _)| !key.starts_with(b":")).collect();
	let made = bench.chain("storage", &genesis)?.close()?;
	drop(genesis);
	// As a node that has just started: nothing is in the cache.
	let chain = Chain::reopen(&made, STATES_KEPT, &bench.executor)?;
	let bytes = folder::size(chain.folder())?;
	let mut random = ChaCha8Rng::seed_from_u64(seed);
	entries.shuffle(&mut random);
	eprintln!("reading");
	let batches = entries.chunks_exact(BATCH).take(BATCHES);
	let reads: Vec<_> = batches.map(|batch| read(&chain, batch)).collect::<Result<_, _>>()?;
	eprintln!("writing");
	let mut writes = Vec::new();
	for round in 0..WARM_UP + BATCHES {
		let batch: Vec<_> = entries.choose_multiple(&mut random, BATCH).collect();
		let time = write(&chain, &batch, &mut random)?;
		if round >= WARM_UP {
			writes.push(time);
		}
	}
	Ok(Measured {
		positions,
		seed,
		read: Spread::of(reads.iter().map(each)),
		write: Spread::of(writes.iter().map(each)),
		keys: entries.len(),
		bytes,
	})
}

/// A key's part of a batch, in nanoseconds of CPU time.
fn each(time: &Time) -> f64 {
	time.cpu_micros() * 1e3 / BATCH as f64
}

fn read<'a>(chain: &Chain, batch: impl IntoIterator<Item = &'a Entry>) -> Result<Time, Error> {
	let state = chain.backend.state_at(chain.head().0, TrieCacheContext::Trusted)?;
	let (found, time) = timed(|| {
		let mut keys = batch.into_iter().map(|(key, _)| key);
		let found = keys.try_for_each(|key| match state.storage(key) {
			Ok(Some(_)) => Ok(()),
			_ => Err("a key of genesis is gone"),
		});
		// What was read goes to the cache now.
		drop(state);
		found
	});
	found?;
	Ok(time)
}

fn write(chain: &Chain, batch: &[&Entry], random: &mut ChaCha8Rng) -> Result<Time, Error> {
	read(chain, batch.iter().copied())?;
	let writes: Writes = batch
		.iter()
		.map(|(key, length)| {
			// Nothing cannot be written anew.
			let mut value = vec![0; (*length).max(1)];
			random.fill_bytes(&mut value);
			(key.clone(), Some(value))
		})
		.collect();
	let (result, time) = timed(|| import(chain, writes));
	result.map(|()| time)
}

/// Import a block that writes `writes`, and does nothing else.
fn import(chain: &Chain, writes: Writes) -> Result<(), Error> {
	let (parent, number) = chain.head();
	let state = chain.backend.state_at(parent, TrieCacheContext::Trusted)?;
	let mut overlay = OverlayedChanges::<BlakeTwo256>::default();
	for (key, value) in writes {
		overlay.set_storage(key, value);
	}
	let changes = overlay.drain_storage_changes(&state, StateVersion::V1)?;
	drop(state);
	let (root, none) = (changes.transaction_storage_root, Hash::default());
	let header = Header::new(number + 1, none, root, parent, Digest::default());
	chain.apply(Block::new(header, Vec::new()), changes)
}
