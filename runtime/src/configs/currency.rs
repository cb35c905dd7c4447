//! TAO, what a transaction costs in it, and who receives that.

use crate::{
	AccountId, Authorship, Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason,
	RuntimeHoldReason, System,
};
use dtao_primitives::constants::{EXISTENTIAL_DEPOSIT, UNIT};
use frame_support::{
	parameter_types,
	traits::{
		fungible::{Balanced, Credit},
		ConstU32, ConstU64, ConstU8, Imbalance, OnUnbalanced, VariantCountOf,
	},
	weights::{
		constants::ExtrinsicBaseWeight, WeightToFeeCoefficient, WeightToFeeCoefficients,
		WeightToFeePolynomial,
	},
};
use pallet_transaction_payment::{Multiplier, TargetedFeeAdjustment};
use sp_runtime::{traits::Bounded, FixedPointNumber, Perbill, Perquintill};

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
	type Balance = Balance;
	// Dust leaves the issuance, and an event says so: there is no second count that could differ.
	type DustRemoval = ();
	type ExistentialDeposit = ConstU64<EXISTENTIAL_DEPOSIT>;
	type AccountStore = System;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type DoneSlashHandler = ();
}

/// What the weight of the emptiest transaction costs, in rao: 0.000 02 TAO.
///
/// A transfer weighs about three times as much. To fill every block of a second for an hour costs
/// about 250 TAO at this price, and the price rises while blocks stay full.
pub const WEIGHT_FEE_PER_BASE_EXTRINSIC: Balance = UNIT / 50_000;

/// What a byte of a transaction costs, in rao: a transfer of 150 bytes pays 0.000 015 TAO.
pub const LENGTH_FEE_PER_BYTE: Balance = 100;

/// The fee of a weight: its time over that of the emptiest transaction, times what that costs.
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
	type Balance = Balance;

	fn polynomial() -> WeightToFeeCoefficients<Balance> {
		let base = ExtrinsicBaseWeight::get().ref_time();
		[WeightToFeeCoefficient {
			degree: 1,
			negative: false,
			coeff_integer: WEIGHT_FEE_PER_BASE_EXTRINSIC / base,
			coeff_frac: Perbill::from_rational(WEIGHT_FEE_PER_BASE_EXTRINSIC % base, base),
		}]
		.into_iter()
		.collect()
	}
}

parameter_types! {
	/// A quarter of what users may fill: above it fees rise, below it they fall.
	pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
	/// How fast: full blocks double the fee in about fifteen thousand blocks.
	pub AdjustmentSpeed: Multiplier = Multiplier::saturating_from_rational(6, 100_000);
	/// Never below what the weight itself costs.
	pub LeastMultiplier: Multiplier = Multiplier::from_u32(1);
	pub MostMultiplier: Multiplier = Bounded::max_value();
}

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnChargeTransaction = super::exit_fee::FeeOrProceeds;
	type WeightToFee = WeightToFee;
	type LengthToFee =
		frame_support::weights::ConstantMultiplier<Balance, ConstU64<LENGTH_FEE_PER_BYTE>>;
	type FeeMultiplierUpdate = TargetedFeeAdjustment<
		Self,
		TargetFullness,
		AdjustmentSpeed,
		LeastMultiplier,
		MostMultiplier,
	>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}

/// Gives fees and tips to the author of the block.
///
/// Without an author, or when they are less than what an account must hold and the author has
/// none, they leave the issuance.
pub struct ToAuthor;

impl OnUnbalanced<Credit<AccountId, Balances>> for ToAuthor {
	fn on_nonzero_unbalanced(fees: Credit<AccountId, Balances>) {
		if let Some(author) = Authorship::author() {
			if let Err(refused) = Balances::resolve(&author, fees) {
				log::debug!(
					target: "runtime::fees",
					"{} rao are recycled: {author:?} can't hold them",
					refused.peek(),
				);
			}
		}
	}
}
