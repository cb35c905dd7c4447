//! What the node and clients may ask the runtime: each answer is one line, the pallets know.

#![allow(
	missing_docs,
	reason = "`impl_runtime_apis!` makes undocumented items of documented traits"
)]

use crate::{
	genesis_config_presets, AccountId, Aura, Balance, Block, Dtao, Executive, Grandpa, Hash,
	Header, Historical, InherentDataExt, Nonce, Runtime, RuntimeCall, RuntimeGenesisConfig,
	SessionKeys, Subnets, System, TransactionPayment, VERSION,
};
use alloc::vec::Vec;
use codec::Encode;
use dtao_primitives::{
	views::{
		AuditLine, ClaimView, EmissionBreakdown, HotkeyView, MetagraphView, MoveQuote,
		PositionView, RootView, StakeQuote, SubnetView, SupplyView,
	},
	Amount, Fill, NetUid, Tao,
};
use frame_support::{
	genesis_builder_helper::{build_state, get_preset},
	storage::{with_transaction, TransactionOutcome},
	traits::KeyOwnerProofSystem,
	view_functions::{ViewFunctionDispatchError, ViewFunctionId},
	weights::Weight,
};
use pallet_aura::Authorities;
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_consensus_aura::{sr25519::AuthorityId as AuraId, SlotDuration};
use sp_consensus_grandpa::{
	AuthorityId as GrandpaId, AuthorityList, EquivocationProof, OpaqueKeyOwnershipProof, SetId,
};
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_genesis_builder::PresetId;
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
	traits::{Block as BlockT, Header as _, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
	ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode, FixedU128,
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

/// What `f` finds in the next block, before any transaction of it: that is where a call that is
/// quoted now will run. All that the block's start writes is undone.
fn in_next_block<R>(f: impl FnOnce() -> Result<R, DispatchError>) -> Result<R, DispatchError> {
	let mut result = Err(DispatchError::Other("not run"));
	let undone = with_transaction(|| {
		let next = System::block_number().saturating_add(1);
		let (parent, unknown) = (System::parent_hash(), Hash::default());
		let header = Header::new(next, unknown, unknown, parent, Default::default());
		Executive::initialize_block(&header);
		result = f();
		TransactionOutcome::Rollback(Ok::<(), DispatchError>(()))
	});
	undone.and(result)
}

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block);
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(data: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: InherentData,
		) -> CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> SlotDuration {
			SlotDuration::from_millis(Aura::slot_duration())
		}

		fn authorities() -> Vec<AuraId> {
			Authorities::<Runtime>::get().into_inner()
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation: EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
			key_owner: OpaqueKeyOwnershipProof,
		) -> Option<()> {
			Grandpa::submit_unsigned_equivocation_report(equivocation, key_owner.decode()?)
		}

		fn generate_key_ownership_proof(
			_: SetId,
			key: GrandpaId,
		) -> Option<OpaqueKeyOwnershipProof> {
			let proof = Historical::prove((sp_consensus_grandpa::KEY_TYPE, key))?;
			Some(OpaqueKeyOwnershipProof::new(proof.encode()))
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(
			owner: Vec<u8>,
			seed: Option<Vec<u8>>,
		) -> OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
		for Runtime
	{
		fn query_info(
			uxt: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_info(uxt, len)
		}

		fn query_fee_details(uxt: <Block as BlockT>::Extrinsic, len: u32) -> FeeDetails<Balance> {
			TransactionPayment::query_fee_details(uxt, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
		Block,
		Balance,
		RuntimeCall,
	> for Runtime {
		fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_call_info(call, len)
		}

		fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
			TransactionPayment::query_call_fee_details(call, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_dtao_runtime_api::DtaoApi<Block, AccountId> for Runtime {
		fn subnets() -> Vec<SubnetView<AccountId>> {
			Dtao::subnets()
		}

		fn subnet(netuid: NetUid) -> Option<SubnetView<AccountId>> {
			Dtao::subnet(netuid)
		}

		fn positions(coldkey: AccountId) -> Vec<PositionView<AccountId>> {
			Dtao::positions(&coldkey)
		}

		fn quote_add_stake(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			tao: Tao,
		) -> Result<StakeQuote, DispatchError> {
			in_next_block(|| Dtao::quote_add_stake(&coldkey, netuid, &hotkey, tao))
		}

		fn quote_remove_stake(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			amount: Amount,
		) -> Result<StakeQuote, DispatchError> {
			in_next_block(|| Dtao::quote_remove_stake(&coldkey, netuid, &hotkey, amount))
		}

		fn quote_add_stake_limit(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			tao: Tao,
			limit_price: FixedU128,
			fill: Fill,
		) -> Result<StakeQuote, DispatchError> {
			in_next_block(|| {
				Dtao::quote_add_stake_limit(&coldkey, netuid, &hotkey, tao, limit_price, fill)
			})
		}

		fn quote_remove_stake_limit(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			amount: Amount,
			limit_price: FixedU128,
			fill: Fill,
		) -> Result<StakeQuote, DispatchError> {
			in_next_block(|| {
				Dtao::quote_remove_stake_limit(&coldkey, netuid, &hotkey, amount, limit_price, fill)
			})
		}

		fn quote_move_stake(
			coldkey: AccountId,
			from_netuid: NetUid,
			from_hotkey: AccountId,
			to_netuid: NetUid,
			to_hotkey: AccountId,
			amount: Amount,
		) -> Result<MoveQuote, DispatchError> {
			in_next_block(|| {
				Dtao::quote_move_stake(
					&coldkey,
					from_netuid,
					&from_hotkey,
					to_netuid,
					&to_hotkey,
					amount,
				)
			})
		}

		fn emission_breakdown(netuid: NetUid) -> Option<EmissionBreakdown> {
			Dtao::emission_breakdown(netuid)
		}

		fn metagraph(netuid: NetUid) -> Option<MetagraphView<AccountId>> {
			Dtao::metagraph(netuid)
		}

		fn root() -> RootView<AccountId> {
			Dtao::root()
		}

		fn hotkey(hotkey: AccountId) -> Option<HotkeyView<AccountId>> {
			Dtao::hotkey(&hotkey)
		}

		fn claimable(coldkey: AccountId) -> Vec<ClaimView<AccountId>> {
			Dtao::claimable(&coldkey)
		}

		fn registration_cost() -> Option<Tao> {
			Subnets::registration_cost()
		}

		fn neuron_cost(netuid: NetUid) -> Option<Tao> {
			Subnets::neuron_cost(netuid)
		}

		fn supply() -> SupplyView {
			Dtao::supply()
		}

		fn audit() -> Vec<AuditLine> {
			Dtao::audit()
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
		}

		fn preset_names() -> Vec<PresetId> {
			genesis_config_presets::preset_names()
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(
			extra: bool,
		) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
			use crate::*;
			use frame_benchmarking::{baseline::Pallet as BaselineBench, BenchmarkList};
			use frame_support::traits::StorageInfoTrait;
			use frame_system_benchmarking::{
				extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench,
			};

			let mut list = Vec::<BenchmarkList>::new();
			list_benchmarks!(list, extra);
			(list, AllPalletsWithSystem::storage_info())
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			use crate::*;
			use frame_benchmarking::{baseline::Pallet as BaselineBench, BenchmarkBatch};
			use frame_support::traits::WhitelistedStorageKeys;
			use frame_system_benchmarking::{
				extensions::Pallet as SystemExtensionsBench, Pallet as SystemBench,
			};

			let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
			let mut batches = Vec::<BenchmarkBatch>::new();
			let params = (&config, &whitelist);
			add_benchmarks!(params, batches);
			Ok(batches)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(
			checks: frame_try_runtime::UpgradeCheckSelect,
		) -> (Weight, Weight) {
			let weight = crate::migrations::checked::upgrade(checks).expect("migrations and checks pass");
			(weight, crate::configs::Weights::get().max_block)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			let select = crate::migrations::checked::checkable(select);
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("the block executes and the state holds")
		}
	}
}
