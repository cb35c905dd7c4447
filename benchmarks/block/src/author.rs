//! Makes blocks, in a database of its own.

use crate::{
	accounts::Accounts,
	chain::{take_seal, Chain, Error, Executor, Writes},
	kind::Kind,
};
use codec::{Decode, Encode};
use dtao_bench_native::ensure_nothing_failed;
use dtao_meter::counting::{Counting, Touched};
use dtao_runtime::{block_time::Millis, opaque::Block, Hash, Runtime, RuntimeEvent};
use frame_support::{dispatch::PerDispatchClass, storage::storage_prefix, weights::Weight};
use frame_system::EventRecord;
use sc_block_builder::BlockBuilderBuilder;
use sc_client_api::{Backend as _, TrieCacheContext};
use sp_blockchain::ApplyExtrinsicFailed;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_core::traits::{CallContext, CodeExecutor};
use sp_inherents::InherentData;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	traits::{BlakeTwo256, Block as _, Header},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	Digest, DigestItem,
};
use sp_state_machine::{
	backend::{BackendRuntimeCode, TryPendingCode},
	Backend as _, Ext, OverlayedChanges,
};
use sp_timestamp::Timestamp;
use std::path::PathBuf;

/// The slot of the block before the first.
const FIRST_SLOT: u64 = 100_000_000;

/// A block, and what it writes.
pub(crate) struct Made {
	/// The block.
	pub(crate) block: Block,
	/// What it writes to the state.
	pub(crate) writes: Writes,
	/// How many transactions it holds, what every block holds left out.
	pub(crate) transactions: u32,
	/// What it weighs by the runtime's own count, at its end.
	pub(crate) declared: Weight,
}

/// Makes blocks.
pub(crate) struct Author {
	chain: Chain,
	executor: Executor,
	slot_millis: u64,
	subnets: u16,
}

impl Author {
	/// Makes blocks on `chain`, which has `subnets`.
	pub(crate) fn new(chain: Chain, executor: Executor, subnets: u16) -> Result<Self, Error> {
		let stored = stored(&chain, chain.head().0, &Millis::<Runtime>::hashed_key())?;
		let slot_millis = stored.ok_or("the chain has no block time")?;
		Ok(Self { chain, executor, slot_millis, subnets })
	}

	/// The hash of the first block.
	pub(crate) fn genesis_hash(&self) -> Hash {
		self.chain.genesis_hash()
	}

	/// What is stored under `key` in the last block's state.
	pub(crate) fn stored<V: Decode>(&self, key: &[u8]) -> Result<Option<V>, Error> {
		stored(&self.chain, self.chain.head().0, key)
	}

	/// Make a block with `count` transactions of a `kind`, each signed by the next of `accounts`.
	/// Stops early if the block is full.
	///
	/// # Errors
	///
	/// If a transaction is refused for another reason, or the client fails.
	pub(crate) fn make(
		&self,
		accounts: &mut Accounts,
		kind: Kind,
		count: u32,
	) -> Result<Made, Error> {
		let (parent, number) = self.chain.head();
		let slot = Slot::from(FIRST_SLOT + u64::from(number) + 1);
		let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
		let mut builder = BlockBuilderBuilder::new(&self.chain.client)
			.on_parent_block(parent)
			.with_parent_block_number(number)
			.with_inherent_digests(digest)
			.build()?;
		let mut data = InherentData::new();
		let now = Timestamp::new(u64::from(slot) * self.slot_millis);
		data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &now)?;
		for inherent in builder.create_inherents(data)? {
			builder.push(inherent)?;
		}
		let mut transactions = 0;
		while transactions < count {
			match builder.push(accounts.sign(kind.call(accounts, self.subnets))?) {
				Ok(()) => transactions += 1,
				Err(error) if is_full(&error) => break,
				Err(error) => return Err(format!("{kind:?}: {error}").into()),
			}
		}
		let (block, changes) = builder.build()?.into_inner();
		let block = sealed(block);
		let writes = changes.main_storage_changes.clone();
		self.chain.apply(block.clone(), changes)?;
		self.ensure_nothing_failed()?;
		let declared = self.stored(&frame_system::BlockWeight::<Runtime>::hashed_key())?;
		let declared: PerDispatchClass<Weight> = declared.ok_or("a block has a weight")?;
		Ok(Made { block, writes, transactions, declared: declared.total() })
	}

	fn ensure_nothing_failed(&self) -> Result<(), Error> {
		let events: Vec<EventRecord<RuntimeEvent, Hash>> =
			self.stored(&storage_prefix(b"System", b"Events"))?.unwrap_or_default();
		Ok(ensure_nothing_failed(events.iter().map(|record| &record.event))?)
	}

	/// Close the chain's database, and leave it where it is.
	pub(crate) fn close(self) -> Result<PathBuf, Error> {
		self.chain.close()
	}

	/// Execute `block` again, on its parent's state, and say what it touches.
	pub(crate) fn count(&self, block: &Block) -> Result<Touched, Error> {
		let (mut header, body) = block.clone().deconstruct();
		let parent = *header.parent_hash();
		take_seal(&mut header);
		let state = self.chain.backend.state_at(parent, TrieCacheContext::Untrusted)?;
		let code = BackendRuntimeCode::<_, BlakeTwo256>::new(&state, TryPendingCode::No);
		let code = code.runtime_code()?;
		let mut overlay = OverlayedChanges::<BlakeTwo256>::default();
		let mut externalities = Ext::new(&mut overlay, &state, None);
		let mut counting = Counting::new(&mut externalities);
		let context = CallContext::Onchain { import: true };
		let (result, _) = self.executor.call(
			&mut counting,
			&code,
			"Core_execute_block",
			&Block::new(header, body).encode(),
			context,
		);
		result?;
		Ok(counting.touched())
	}
}

fn stored<V: Decode>(chain: &Chain, at: Hash, key: &[u8]) -> Result<Option<V>, Error> {
	let state = chain.backend.state_at(at, TrieCacheContext::Untrusted)?;
	let bytes = state.storage(key)?;
	Ok(bytes.map(|bytes| V::decode(&mut &bytes[..])).transpose()?)
}

/// `block` with the signature of its author, which is always Alice.
fn sealed(block: Block) -> Block {
	let (mut header, body) = block.deconstruct();
	let signature = Sr25519Keyring::Alice.sign(header.hash().as_ref());
	header.digest_mut().push(DigestItem::Seal(AURA_ENGINE_ID, signature.encode()));
	Block::new(header, body)
}

fn is_full(error: &sp_blockchain::Error) -> bool {
	use TransactionValidityError::Invalid;
	matches!(
		error,
		sp_blockchain::Error::ApplyExtrinsicFailed(ApplyExtrinsicFailed::Validity(Invalid(
			InvalidTransaction::ExhaustsResources
		)))
	)
}
