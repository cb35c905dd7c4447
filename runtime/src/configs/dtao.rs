//! Who exists, their market, and their consensus.

use crate::{
	configs::Halted,
	parameters::{self, Current},
	AccountId, Balances, Dtao, Runtime, Subnets, System, Yuma,
};
use dtao_primitives::constants::{MAX_EPOCHS_PER_BLOCK, MAX_SEATS, MAX_SUBNETS};
use frame_support::{parameter_types, traits::ConstU32, PalletId};
use frame_system::EnsureRoot;

parameter_types! {
	/// The pot: the one account that holds all TAO of the market.
	pub const PotId: PalletId = PalletId(*b"dtao/pot");
}

impl pallet_subnets::Config for Runtime {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type Market = Dtao;
	type Consensus = Yuma;
	type Params = Current<parameters::subnets::Params>;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Halted = Halted;
	type WeightInfo = crate::weights::pallet_subnets::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type MarketHelper = Dtao;
	#[cfg(feature = "runtime-benchmarks")]
	type ConsensusHelper = Yuma;
}

impl pallet_yuma::Config for Runtime {
	type BlockNumberProvider = System;
	type Registry = Subnets;
	type Market = Dtao;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type WeightInfo = crate::weights::pallet_yuma::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::SeatedSubnet;
}

impl pallet_dtao::Config for Runtime {
	type Currency = Balances;
	type BlockNumberProvider = System;
	type Registry = Subnets;
	#[cfg(not(all(test, feature = "try-runtime")))]
	type Consensus = Yuma;
	#[cfg(all(test, feature = "try-runtime"))]
	type Consensus = dtao_replay::switch::Switch<Yuma>;
	type Params = Current<parameters::market::Params>;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type MaxEpochsPerBlock = ConstU32<MAX_EPOCHS_PER_BLOCK>;
	type PotId = PotId;
	type Halted = Halted;
	type WeightInfo = crate::weights::pallet_dtao::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = Subnets;
}
