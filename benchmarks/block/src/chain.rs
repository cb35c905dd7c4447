//! A client over a database of its own, into which blocks are imported.

use crate::folder::{self, Folder};
use dtao_meter::clock::{timed, Time};
use dtao_runtime::{apis::RuntimeApi, opaque::Block, Hash};
use futures::executor::block_on;
use sc_chain_spec::GenesisBlockBuilder;
use sc_client_api::{execution_extensions::ExecutionExtensions, Backend as _, TrieCacheContext};
use sc_client_db::{BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sc_consensus::{
	BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction, StorageChanges,
};
use sc_executor::WasmExecutor;
use sc_service::{ClientConfig, TFullBackend, TFullClient};
use sp_blockchain::HeaderBackend;
use sp_consensus::BlockOrigin;
use sp_core::testing::TaskExecutor;
use sp_runtime::{
	traits::{BlakeTwo256, Block as _, Header},
	DigestItem,
};
use sp_state_machine::OverlayedChanges;
use sp_storage::{StateVersion, Storage};
use std::{
	path::{Path, PathBuf},
	sync::Arc,
};

/// Whatever can go wrong here.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// Runs the WASM. As the node's.
pub(crate) type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// What an executed block changes in the state.
pub(crate) type Changes = sp_state_machine::StorageChanges<BlakeTwo256>;

/// What is written, and what is removed.
pub(crate) type Writes = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The node's default: a gibibyte.
const TRIE_CACHE_BYTES: usize = 1 << 30;

/// The node's default: states of as many blocks are kept.
pub(crate) const STATES_KEPT: u32 = 256;

/// A chain in a database.
pub(crate) struct Chain {
	/// What reads and writes it.
	pub(crate) client: TFullClient<Block, RuntimeApi, Executor>,
	/// The database.
	pub(crate) backend: Arc<TFullBackend<Block>>,
	folder: Folder,
}

impl Chain {
	/// A chain in an empty database in `folder`, which goes when the chain does.
	pub(crate) fn new(folder: &Path, genesis: Storage, executor: &Executor) -> Result<Self, Error> {
		folder::clear(folder)?;
		Self::open(folder, genesis, STATES_KEPT, executor)
	}

	/// The chain that is in `folder`, which goes when the chain does. It keeps the states of its
	/// last `states` blocks from now on.
	pub(crate) fn reopen(folder: &Path, states: u32, executor: &Executor) -> Result<Self, Error> {
		Self::open(folder, Storage::default(), states, executor)
	}

	/// `genesis` is the state of the first block, if there is none yet.
	fn open(
		folder: &Path,
		genesis: Storage,
		states: u32,
		executor: &Executor,
	) -> Result<Self, Error> {
		let backend = database(folder, states)?;
		let builder = GenesisBlockBuilder::new_with_storage(
			genesis,
			true,
			backend.clone(),
			executor.clone(),
		)?;
		let client = sc_service::new_client(
			backend.clone(),
			executor.clone(),
			builder,
			None,
			None,
			ExecutionExtensions::new(None, Arc::new(executor.clone())),
			Box::new(TaskExecutor::new()),
			None,
			None,
			ClientConfig::default(),
		)?;
		Ok(Self { client, backend, folder: Folder::new(folder) })
	}

	/// Close the database, and leave it where it is.
	pub(crate) fn close(self) -> Result<PathBuf, Error> {
		let Self { client, backend, folder } = self;
		let open = Arc::downgrade(&backend);
		drop((client, backend));
		// A task of the client's holds it for a moment more.
		folder::wait_for(|| (open.strong_count() == 0).then_some(()))?;
		let path = folder.keep();
		// Only once it can be opened again has it been closed, and all been written.
		folder::wait_for(|| database(&path, STATES_KEPT).ok())?;
		Ok(path)
	}

	/// Where its database is.
	pub(crate) fn folder(&self) -> &Path {
		self.folder.path()
	}

	/// The last block's hash and number.
	pub(crate) fn head(&self) -> (Hash, u32) {
		let info = self.client.info();
		(info.best_hash, info.best_number)
	}

	/// The hash of the first block.
	pub(crate) fn genesis_hash(&self) -> Hash {
		self.client.info().genesis_hash
	}

	/// Execute `block`, compare the root, and store and finalise it, as a node that syncs does.
	pub(crate) fn execute(&self, block: &Block) -> Result<Time, Error> {
		let block = block.clone();
		let (result, time) = timed(|| self.import(block, StateAction::Execute));
		result.map(|()| time)
	}

	/// The floor: store the same values under the same keys, compute the root and compare it, and
	/// store and finalise the block. Nothing is read, decoded or executed.
	pub(crate) fn write(&self, block: &Block, writes: &Writes) -> Result<Time, Error> {
		let (block, writes) = (block.clone(), writes.clone());
		let (result, time) = timed(|| self.write_only(block, writes));
		result.map(|()| time)
	}

	fn write_only(&self, block: Block, writes: Writes) -> Result<(), Error> {
		let parent = *block.header().parent_hash();
		let state = self.backend.state_at(parent, TrieCacheContext::Trusted)?;
		let mut overlay = OverlayedChanges::<BlakeTwo256>::default();
		for (key, value) in writes {
			overlay.set_storage(key, value);
		}
		let changes = overlay.drain_storage_changes(&state, StateVersion::V1)?;
		drop(state);
		self.apply(block, changes)
	}

	/// Store and finalise `block` with what it is known to change.
	pub(crate) fn apply(&self, block: Block, changes: Changes) -> Result<(), Error> {
		if changes.transaction_storage_root != *block.header().state_root() {
			return Err("the writes lead to another root".into());
		}
		self.import(block, StateAction::ApplyChanges(StorageChanges::Changes(changes)))
	}

	fn import(&self, block: Block, action: StateAction<Block>) -> Result<(), Error> {
		let (mut header, body) = block.deconstruct();
		let seal = take_seal(&mut header);
		let mut params = BlockImportParams::new(BlockOrigin::NetworkInitialSync, header);
		params.post_digests.extend(seal);
		params.body = Some(body);
		params.state_action = action;
		params.finalized = true;
		params.fork_choice = Some(ForkChoiceStrategy::LongestChain);
		match block_on(self.client.import_block(params))? {
			ImportResult::Imported(_) => Ok(()),
			other => Err(format!("the block was not imported: {other:?}").into()),
		}
	}
}

/// The database in `folder`, made if there is none.
fn database(folder: &Path, states: u32) -> Result<Arc<TFullBackend<Block>>, Error> {
	Ok(sc_service::new_db_backend::<Block>(DatabaseSettings {
		trie_cache_maximum_size: Some(TRIE_CACHE_BYTES),
		state_pruning: Some(PruningMode::blocks_pruning(states)),
		source: DatabaseSource::ParityDb { path: folder.into() },
		blocks_pruning: BlocksPruning::KeepFinalized,
		pruning_filters: Vec::new(),
		metrics_registry: None,
	})?)
}

/// Take the author's signature off, which the runtime does not see.
pub(crate) fn take_seal(header: &mut impl Header) -> Option<DigestItem> {
	let digest = header.digest_mut();
	match digest.logs().last() {
		Some(DigestItem::Seal(..)) => digest.pop(),
		_ => None,
	}
}
