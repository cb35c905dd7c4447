//! The services that make up a node, and how they are wired.

use crate::{
	rpc,
	sealing::{Sealer, Sealing},
};
use dtao_runtime::{apis::RuntimeApi, opaque::Block, Hash};
use futures::channel::mpsc;
use sc_basic_authorship::ProposerFactory;
use sc_consensus::DefaultImportQueue;
use sc_consensus_aura::{ImportQueueParams, SlotDuration, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
	warp_proof, FinalityProofProvider, GrandpaParams, GrandpaPruningFilter, SharedVoterState,
	VotingRulesBuilder,
};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_executor::WasmExecutor;
use sc_network::{config::FullNetworkConfiguration, NetworkBackend};
use sc_service::{
	BuildNetworkParams, ChainType, Configuration, Error, KeystoreContainer, PruningMode,
	SpawnTasksParams, TFullBackend, TFullClient, TaskManager, WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::{
	inherents::InherentDataProvider as SlotProvider, sr25519::AuthorityPair as AuraPair,
};
use sp_timestamp::InherentDataProvider as TimestampProvider;
use std::{sync::Arc, time::Duration};

/// The chain's database.
pub(crate) type Backend = TFullBackend<Block>;
/// The chain, and the runtime that runs it.
pub(crate) type Client =
	TFullClient<Block, RuntimeApi, WasmExecutor<sp_io::SubstrateHostFunctions>>;
/// Transactions that wait.
pub(crate) type Pool = TransactionPoolHandle<Block, Client>;
/// Prefers the longest chain.
pub(crate) type SelectChain = sc_consensus::LongestChain<Backend, Block>;
/// Makes proposals of blocks.
pub(crate) type Proposers = ProposerFactory<Pool, Client>;

type FinalityImport = sc_consensus_grandpa::GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type FinalityLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;

/// The least period, in blocks, in which a proof of finality is kept and sent to peers.
const JUSTIFICATION_PERIOD: u32 = 512;

/// How long a vote needs to reach the other authorities.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// Orders to seal that may wait.
const WAITING_ORDERS: usize = 1_000;

/// What every command needs that opens the database.
pub(crate) struct Parts {
	/// The chain, and the runtime that runs it.
	pub(crate) client: Arc<Client>,
	/// Its database.
	pub(crate) backend: Arc<Backend>,
	/// Checks and imports blocks.
	pub(crate) import_queue: DefaultImportQueue<Block>,
	keystore: KeystoreContainer,
	select_chain: SelectChain,
	pool: Arc<Pool>,
	finality_import: FinalityImport,
	finality_link: FinalityLink,
	telemetry: Option<Telemetry>,
}

/// Open the database.
pub(crate) fn parts(
	config: &Configuration,
	sealing: Option<Sealing>,
) -> Result<(Parts, TaskManager), Error> {
	let worker = config
		.telemetry_endpoints
		.clone()
		.filter(|endpoints| !endpoints.is_empty())
		.map(|endpoints| {
			let worker = TelemetryWorker::new(16)?;
			let telemetry = worker.handle().new_telemetry(endpoints);
			Ok::<_, sc_telemetry::Error>((worker, telemetry))
		})
		.transpose()?;

	let (client, backend, keystore, tasks) = sc_service::new_full_parts::<Block, RuntimeApi, _>(
		config,
		worker.as_ref().map(|(_, telemetry)| telemetry.handle()),
		sc_service::new_wasm_executor(&config.executor),
		// Pruned nodes keep the blocks that prove a change of authorities, for peers that warp.
		vec![Arc::new(GrandpaPruningFilter)],
	)?;
	let client = Arc::new(client);

	let telemetry = worker.map(|(worker, telemetry)| {
		tasks.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});

	let select_chain = SelectChain::new(backend.clone());
	let pool = sc_transaction_pool::Builder::new(
		tasks.spawn_essential_handle(),
		client.clone(),
		config.role.is_authority().into(),
	)
	.with_options(config.transaction_pool.clone())
	.with_prometheus(config.prometheus_registry())
	.build();

	let (finality_import, finality_link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		&client,
		select_chain.clone(),
		telemetry.as_ref().map(Telemetry::handle),
	)?;

	let import_queue = match sealing {
		None => aura_import_queue(config, &client, &finality_import, &tasks, &telemetry)?,
		Some(_) => sc_consensus_manual_seal::import_queue(
			Box::new(client.clone()),
			&tasks.spawn_essential_handle(),
			config.prometheus_registry(),
		),
	};

	let parts = Parts {
		client,
		backend,
		import_queue,
		keystore,
		select_chain,
		pool: Arc::new(pool),
		finality_import,
		finality_link,
		telemetry,
	};
	Ok((parts, tasks))
}

/// Checks that each block's author had its turn.
fn aura_import_queue(
	config: &Configuration,
	client: &Arc<Client>,
	finality_import: &FinalityImport,
	tasks: &TaskManager,
	telemetry: &Option<Telemetry>,
) -> Result<DefaultImportQueue<Block>, Error> {
	let slot_duration = sc_consensus_aura::slot_duration(&**client)?;
	let queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
		block_import: finality_import.clone(),
		justification_import: Some(Box::new(finality_import.clone())),
		client: client.clone(),
		create_inherent_data_providers: move |_, ()| async move { Ok(slot_now(slot_duration)) },
		spawner: &tasks.spawn_essential_handle(),
		registry: config.prometheus_registry(),
		check_for_equivocation: Default::default(),
		telemetry: telemetry.as_ref().map(Telemetry::handle),
		compatibility_mode: Default::default(),
	})?;
	Ok(queue)
}

/// The slot that it is by this machine's clock, and the time.
///
/// The runtime's block time is written once, so that its slots never change.
fn slot_now(slot_duration: SlotDuration) -> (SlotProvider, TimestampProvider) {
	let timestamp = TimestampProvider::from_system_time();
	(SlotProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration), timestamp)
}

/// Start a node.
pub(crate) fn start<N: NetworkBackend<Block, Hash>>(
	mut config: Configuration,
	sealing: Option<Sealing>,
) -> Result<TaskManager, Error> {
	let development = config.chain_spec.chain_type() == ChainType::Development;
	if development {
		// A chain that starts anew each time can keep every state, and answer `archive_v1`.
		config.state_pruning.get_or_insert(PruningMode::ArchiveAll);
	}
	let (parts, mut tasks) = parts(&config, sealing)?;
	let Parts {
		client,
		backend,
		import_queue,
		keystore,
		select_chain,
		pool,
		finality_import,
		finality_link,
		mut telemetry,
	} = parts;
	let keystore = keystore.keystore();
	let voters = finality_link.shared_authority_set().clone();

	let metrics = N::register_notification_metrics(config.prometheus_registry());
	let mut net_config = FullNetworkConfiguration::<Block, Hash, N>::new(
		&config.network,
		config.prometheus_registry().cloned(),
	);
	let votes = sc_consensus_grandpa::protocol_standard_name(
		&client.info().genesis_hash,
		&config.chain_spec,
	);
	let (votes_config, votes_service) = sc_consensus_grandpa::grandpa_peers_set_config::<Block, N>(
		votes.clone(),
		metrics.clone(),
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(votes_config);
	let warp = warp_proof::NetworkProvider::new(backend.clone(), voters.clone(), Vec::new());
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
		sc_service::build_network(BuildNetworkParams {
			config: &config,
			net_config,
			client: client.clone(),
			transaction_pool: pool.clone(),
			spawn_handle: tasks.spawn_handle(),
			spawn_essential_handle: tasks.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp))),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;

	let voter = SharedVoterState::empty();
	let (sealer, orders) = mpsc::channel(WAITING_ORDERS);
	let sources = rpc::Sources {
		client: client.clone(),
		pool: pool.clone(),
		finality: rpc::Finality {
			voter: voter.clone(),
			voters: voters.clone(),
			justifications: finality_link.justification_stream(),
			proofs: FinalityProofProvider::new_for_service(backend.clone(), Some(voters)),
		},
		sealer: sealing.map(|_| sealer),
	};

	// What is needed of the configuration when the tasks below have used it up.
	let role = config.role;
	let name = config.network.node_name.clone();
	let registry = config.prometheus_registry().cloned();
	let force_authoring = config.force_authoring;
	let finalises = !config.disable_grandpa;

	sc_service::spawn_tasks(SpawnTasksParams {
		config,
		client: client.clone(),
		backend,
		task_manager: &mut tasks,
		keystore: keystore.clone(),
		transaction_pool: pool.clone(),
		rpc_builder: Box::new(move |executor| Ok(rpc::create(&sources, executor)?)),
		network: network.clone(),
		system_rpc_tx,
		tx_handler_controller,
		sync_service: sync_service.clone(),
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;

	let telemetry = telemetry.as_ref().map(Telemetry::handle);
	let proposers = ProposerFactory::new(
		tasks.spawn_handle(),
		client.clone(),
		pool.clone(),
		registry.as_ref(),
		telemetry.clone(),
	);
	let slot_duration = sc_consensus_aura::slot_duration(&*client)?;

	if let Some(sealing) = sealing {
		let sealer =
			Sealer { sealing, client, pool, proposers, select_chain, slot_duration, orders };
		tasks.spawn_essential_handle().spawn_blocking(
			"sealing",
			Some("block-authoring"),
			sealer.run(),
		);
		return Ok(tasks);
	}

	if role.is_authority() {
		let authoring = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(
			StartAuraParams {
				slot_duration,
				client: client.clone(),
				select_chain,
				block_import: finality_import,
				proposer_factory: proposers,
				create_inherent_data_providers: move |_, ()| async move { Ok(slot_now(slot_duration)) },
				force_authoring,
				// A lone authority whose votes are switched off would wait for them for ever.
				backoff_authoring_blocks: (!development)
					.then(BackoffAuthoringOnFinalizedHeadLagging::default),
				keystore: keystore.clone(),
				sync_oracle: sync_service.clone(),
				justification_sync_link: sync_service.clone(),
				block_proposal_slot_portion: SlotProportion::new(2.0 / 3.0),
				max_block_proposal_slot_portion: None,
				telemetry: telemetry.clone(),
				compatibility_mode: Default::default(),
			},
		)?;
		tasks.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), authoring);
	}

	if finalises {
		let voting = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
			config: sc_consensus_grandpa::Config {
				gossip_duration: GOSSIP_DURATION,
				justification_generation_period: JUSTIFICATION_PERIOD,
				observer_enabled: false,
				local_role: role,
				name: Some(name),
				// Without keys the voter only listens.
				keystore: role.is_authority().then_some(keystore),
				telemetry: telemetry.clone(),
				protocol_name: votes,
			},
			link: finality_link,
			network,
			sync: sync_service,
			notification_service: votes_service,
			voting_rule: if development {
				// Nobody else could build on another block.
				VotingRulesBuilder::new().build()
			} else {
				VotingRulesBuilder::default().build()
			},
			prometheus_registry: registry,
			shared_voter_state: voter,
			telemetry,
			offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(pool),
		})?;
		tasks.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voting);
	}

	Ok(tasks)
}
