//! The least runtime that has both pallets.

// FRAME asks that what a runtime is made of be public, in a module that is not.
#![allow(unreachable_pub)]

use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, MAX_EPOCHS_PER_BLOCK, MAX_SEATS, MAX_SUBNETS},
	MarketParams, ParamsError, StakeProportional, SubnetsParams,
};
use dtao_replay::{Chain, Consensus, Genesis};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, OnInitialize},
	PalletId,
};
use frame_system::EnsureRoot;
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
	type AdminOrigin = EnsureRoot<AccountId32>;
	type Params = RegistryParameters;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type MarketHelper = Dtao;
}

impl pallet_dtao::Config for Pallets {
	type Currency = Balances;
	type BlockNumberProvider = System;
	type Registry = Subnets;
	type Consensus = StakeProportional;
	type Params = MarketParameters;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type MaxEpochsPerBlock = ConstU32<MAX_EPOCHS_PER_BLOCK>;
	type PotId = PotId;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = Subnets;
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
		consensus == Consensus::Stake
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
		}
	}
}
