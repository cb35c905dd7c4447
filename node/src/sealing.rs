//! Blocks without waiting for slots: when asked, for each transaction, or at an interval.
//!
//! The runtime can't tell: each block carries the Aura slot that follows its parent's, and a
//! timestamp that fits. So the chain's clock runs as fast as blocks are made.

use crate::service::{Client, Pool, Proposers, SelectChain};
use dtao_runtime::{opaque::Block, Hash};
use futures::{
	channel::{mpsc, oneshot},
	stream::{self, BoxStream},
	Future, Stream, StreamExt,
};
use futures_timer::Delay;
use sc_consensus_aura::{find_pre_digest, SlotDuration};
use sc_consensus_manual_seal::{
	consensus::aura::AuraConsensusDataProvider, run_manual_seal, CreatedBlock, EngineCommand,
	Error, ManualSealParams,
};
use sc_transaction_pool_api::TransactionPool;
use sp_consensus_aura::{sr25519::AuthoritySignature, Slot};
use sp_runtime::traits::{Header, Zero};
use sp_timestamp::{InherentDataProvider, Timestamp};
use std::{
	str::FromStr,
	sync::Arc,
	time::{Duration, Instant},
};

/// When to seal a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealing {
	/// When `engine_createBlock` says so.
	Manual,
	/// When a transaction arrives.
	Instant,
	/// Every so often.
	Interval(Duration),
}

impl FromStr for Sealing {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		match text {
			"manual" => Ok(Self::Manual),
			"instant" => Ok(Self::Instant),
			millis => match millis.parse() {
				Ok(0) => Err("an interval is at least 1 millisecond".into()),
				Ok(millis) => Ok(Self::Interval(Duration::from_millis(millis))),
				Err(_) => Err("expected `manual`, `instant` or a number of milliseconds".into()),
			},
		}
	}
}

/// What it takes to seal.
pub(crate) struct Sealer {
	/// When to.
	pub(crate) sealing: Sealing,
	/// The chain.
	pub(crate) client: Arc<Client>,
	/// Transactions to include.
	pub(crate) pool: Arc<Pool>,
	/// Makes proposals of blocks.
	pub(crate) proposers: Proposers,
	/// Finds the block to build on.
	pub(crate) select_chain: SelectChain,
	/// The length of a slot.
	pub(crate) slot_duration: SlotDuration,
	/// Orders that come by RPC. They are obeyed whatever else makes blocks.
	pub(crate) orders: mpsc::Receiver<EngineCommand<Hash>>,
}

impl Sealer {
	/// Seal until the node stops.
	pub(crate) fn run(self) -> impl Future<Output = ()> {
		let Self { sealing, client, pool, proposers, select_chain, slot_duration, orders } = self;
		let own = one_at_a_time(triggers(sealing, &pool), sealing != Sealing::Instant);
		let chain = client.clone();
		run_manual_seal(ManualSealParams {
			block_import: client.clone(),
			env: proposers,
			client,
			pool,
			commands_stream: Box::pin(stream::select(orders, own)),
			select_chain,
			consensus_data_provider: Some(Box::new(
				AuraConsensusDataProvider::new_with_slot_duration(slot_duration),
			)),
			create_inherent_data_providers: move |parent, ()| {
				let timestamp = timestamp_after(&chain, parent, slot_duration);
				async move { Ok(InherentDataProvider::new(timestamp?)) }
			},
		})
	}
}

/// When the node seals of its own accord.
fn triggers(sealing: Sealing, pool: &Pool) -> BoxStream<'static, ()> {
	match sealing {
		Sealing::Manual => stream::pending().boxed(),
		Sealing::Instant => pool.import_notification_stream().map(|_| ()).boxed(),
		Sealing::Interval(period) => stream::unfold(Instant::now(), move |due| async move {
			let now = Instant::now();
			Delay::new(due.saturating_duration_since(now)).await;
			// From when this block was due, so that the rate is what was asked for. A block that
			// takes longer than the period delays the next, and nothing is made up for.
			Some(((), due.max(now) + period))
		})
		.boxed(),
	}
}

/// An order for each trigger, the next one when the last has been carried out. Each finalises its
/// block.
fn one_at_a_time(
	triggers: BoxStream<'static, ()>,
	create_empty: bool,
) -> impl Stream<Item = EngineCommand<Hash>> {
	stream::unfold((triggers, None), move |(mut triggers, last)| async move {
		if let Some(last) = last {
			report(last).await;
		}
		triggers.next().await?;
		let (sender, outcome) = oneshot::channel();
		let order = EngineCommand::SealNewBlock {
			create_empty,
			finalize: true,
			parent_hash: None,
			sender: Some(sender),
		};
		Some((order, (triggers, Some(outcome))))
	})
}

/// Log why no block was sealed. That an earlier one took all transactions is no failure.
async fn report(outcome: oneshot::Receiver<Result<CreatedBlock<Hash>, Error>>) {
	match outcome.await {
		Ok(Ok(_) | Err(Error::EmptyTransactionPool)) | Err(oneshot::Canceled) => (),
		Ok(Err(error)) => log::error!("no block was sealed: {error}"),
	}
}

/// The start of the slot after that of `parent`; of the slot that it is now, after genesis.
fn timestamp_after(
	client: &Client,
	parent: Hash,
	slot_duration: SlotDuration,
) -> Result<Timestamp, Box<dyn std::error::Error + Send + Sync>> {
	let header = client.header(parent)?.ok_or("the parent is unknown")?;
	let slot = if header.number().is_zero() {
		Slot::from_timestamp(Timestamp::current(), slot_duration)
	} else {
		find_pre_digest::<Block, AuthoritySignature>(&header)? + 1
	};
	slot.timestamp(slot_duration).ok_or_else(|| "the clock ran over".into())
}
