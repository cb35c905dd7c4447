//! The market, the registry and the consensus over balances, and nothing else: what the pallets do
//! by themselves is what the model says, whatever a runtime adds to them.

#![allow(missing_docs, reason = "the runtime's macro documents nothing that it makes here")]

use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, MAX_EPOCHS_PER_BLOCK, MAX_SEATS, MAX_SUBNETS},
	MarketParams, ParamsError, SubnetsParams,
};
use dtao_replay::{
	agrees,
	switch::{choose, Switch},
	yuma, Chain, Consensus, Differences, Genesis,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstBool, ConstU32, ConstU64, OnInitialize},
	PalletId,
};
use frame_system::EnsureRoot;
use serde_json::Value;
use sp_io::TestExternalities;
use sp_runtime::{
	traits::IdentityLookup, AccountId32, BuildStorage, DispatchError, DispatchResult,
};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeTask,
		RuntimeHoldReason,
		RuntimeFreezeReason
	)]
	pub struct Pallets;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Subnets = pallet_subnets;
	#[runtime::pallet_index(3)]
	pub type Yuma = pallet_yuma;
	#[runtime::pallet_index(4)]
	pub type Dtao = pallet_dtao;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Pallets {
	type Block = frame_system::mocking::MockBlockU32<Self>;
	type AccountId = AccountId32;
	type Lookup = IdentityLookup<AccountId32>;
	type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Pallets {
	type AccountStore = System;
	type ExistentialDeposit = ConstU64<EXISTENTIAL_DEPOSIT>;
}

parameter_types! {
	pub const PotId: PalletId = PalletId(*b"dtao/pot");
	pub static MarketParameters: MarketParams = MarketParams::default();
	pub static RegistryParameters: SubnetsParams = SubnetsParams::default();
}

impl pallet_subnets::Config for Pallets {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type Market = Dtao;
	type Halted = ConstBool<false>;
	type Consensus = Yuma;
	type AdminOrigin = EnsureRoot<AccountId32>;
	type Params = RegistryParameters;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type MarketHelper = Dtao;
	#[cfg(feature = "runtime-benchmarks")]
	type ConsensusHelper = Yuma;
}

impl pallet_dtao::Config for Pallets {
	type Currency = Balances;
	type BlockNumberProvider = System;
	type Registry = Subnets;
	type Consensus = Switch<Yuma>;
	type Halted = ConstBool<false>;
	type Params = MarketParameters;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type MaxEpochsPerBlock = ConstU32<MAX_EPOCHS_PER_BLOCK>;
	type PotId = PotId;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = Subnets;
}

impl pallet_yuma::Config for Pallets {
	type BlockNumberProvider = System;
	type Registry = Subnets;
	type Market = Dtao;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = NoBenchmarks;
}

/// Nothing is measured here.
#[cfg(feature = "runtime-benchmarks")]
pub struct NoBenchmarks;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_yuma::benchmarking::BenchmarkHelper<AccountId32> for NoBenchmarks {
	fn start_subnet(
		_: dtao_primitives::NetUid,
		_: u32,
		_: dtao_primitives::ConsensusParams,
	) -> Vec<AccountId32> {
		unreachable!("no benchmark runs over this chain")
	}
}

fn named(ParamsError::OutOfBounds(field): ParamsError) -> DispatchError {
	DispatchError::Other(field)
}

impl Chain for Pallets {
	type Runtime = Self;

	fn build(genesis: Genesis<Self>) -> TestExternalities {
		MarketParameters::set(genesis.market_params);
		RegistryParameters::set(genesis.registry_params);
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig {
				balances: genesis.balances,
				..Default::default()
			},
			subnets: genesis.registry,
			dtao: genesis.market,
			..Default::default()
		};
		genesis.build_storage().expect("genesis builds").into()
	}

	fn use_consensus(consensus: Consensus) -> bool {
		choose(consensus);
		true
	}

	fn next_block() {
		let block = System::block_number() + 1;
		System::set_block_number(block);
		AllPalletsWithSystem::on_initialize(block);
	}

	fn set_market(params: MarketParams) -> DispatchResult {
		params.validate().map_err(named)?;
		MarketParameters::set(params);
		Ok(())
	}

	fn set_registry(params: SubnetsParams) -> DispatchResult {
		params.validate().map_err(named)?;
		RegistryParameters::set(params);
		Ok(())
	}

	fn check_invariants() {
		#[cfg(feature = "try-runtime")]
		{
			Dtao::do_try_state().expect("every invariant of the market holds");
			Subnets::do_try_state().expect("every invariant of the registry holds");
			Yuma::do_try_state().expect("every invariant of the consensus holds");
		}
	}

	fn call(name: &str, who: &AccountId32, args: &Value) -> Option<DispatchResult> {
		yuma::call::<Self>(name, who, args)
	}

	fn compare(said: &Value, differences: &mut Differences) {
		yuma::compare::<Self>(said, differences);
	}
}

/// Hazard N30: the documents, the model that was written from them, and the pallets say the same.
#[test]
fn the_pallets_agree_with_the_model_to_the_atom() {
	agrees::<Pallets>();
}
