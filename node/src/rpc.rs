//! What clients may ask the node, beside what every node of the SDK answers.

use dtao_runtime::{opaque::Block, AccountId, Balance, Hash, Nonce};
use futures::channel::mpsc;
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_consensus_manual_seal::rpc::{EngineCommand, ManualSeal, ManualSealApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::{HeaderBackend, HeaderMetadata};
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{System, SystemApiServer};

/// What the answers are made from.
pub(crate) struct Sources<C, P, B> {
	/// The chain and its runtime.
	pub(crate) client: Arc<C>,
	/// Transactions that wait.
	pub(crate) pool: Arc<P>,
	/// What is final.
	pub(crate) finality: Finality<B>,
	/// Where to send orders to seal; none when blocks are made by slots.
	pub(crate) sealer: Option<mpsc::Sender<EngineCommand<Hash>>>,
}

/// What is known of finality.
pub(crate) struct Finality<B> {
	/// The round that is being voted on.
	pub(crate) voter: SharedVoterState,
	/// Who votes.
	pub(crate) voters: SharedAuthoritySet<Hash, dtao_runtime::BlockNumber>,
	/// New proofs.
	pub(crate) justifications: GrandpaJustificationStream<Block>,
	/// Old proofs.
	pub(crate) proofs: Arc<FinalityProofProvider<B, Block>>,
}

/// All methods of ours.
pub(crate) fn create<C, P, B>(
	Sources { client, pool, finality, sealer }: &Sources<C, P, B>,
	executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block>
		+ HeaderBackend<Block>
		+ HeaderMetadata<Block, Error = sp_blockchain::Error>
		+ Send
		+ Sync
		+ 'static,
	C::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>
		+ pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>
		+ sp_block_builder::BlockBuilder<Block>,
	P: TransactionPool + 'static,
	B: sc_client_api::Backend<Block> + 'static,
{
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(
		Grandpa::new(
			executor,
			finality.voters.clone(),
			finality.voter.clone(),
			finality.justifications.clone(),
			finality.proofs.clone(),
		)
		.into_rpc(),
	)?;
	if let Some(sealer) = sealer {
		module.merge(ManualSeal::new(sealer.clone()).into_rpc())?;
	}
	Ok(module)
}
