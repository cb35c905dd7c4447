//! Who exists, and their market.

use crate::{
	configs::Halted,
	parameters::{self, Current},
	AccountId, Balances, Dtao, Runtime, Subnets, System,
};
use dtao_primitives::{
	constants::{MAX_EPOCHS_PER_BLOCK, MAX_SEATS, MAX_SUBNETS},
	StakeProportional,
};
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
	type Params = Current<parameters::subnets::Params>;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Halted = Halted;
	type WeightInfo = crate::weights::pallet_subnets::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type MarketHelper = Dtao;
}

impl pallet_dtao::Config for Runtime {
	type Currency = Balances;
	type BlockNumberProvider = System;
	type Registry = Subnets;
	// Until validators judge miners by weights.
	type Consensus = StakeProportional;
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
