//! Blocks: how heavy, how long, and how far back a transaction may refer. And their migrations.

use crate::{
	block_time::{self, MinimumPeriod},
	configs::brakes::{CallFilter, EnterSafeMode},
	migrations, AccountId, Aura, Block, Hash, Migrations, Nonce, PalletInfo, Runtime, RuntimeCall,
	RuntimeEvent, RuntimeOrigin, RuntimeTask, VERSION,
};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	weights::{
		constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
		Weight,
	},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;
use sp_version::RuntimeVersion;

/// The prefix of addresses: Substrate's own, so that a key has one address everywhere.
pub const SS58_PREFIX: u16 = 42;

/// The most that a block may compute, in picoseconds of the reference machine: half a second.
///
/// An author has two thirds of a slot to make a block, and the others have to import it in the
/// rest. In the shortest slot, a second, that is 667 and 333 ms.
pub const BLOCK_WEIGHT_REF_TIME: u64 = WEIGHT_REF_TIME_PER_SECOND / 2;

/// The longest block, in bytes.
const BLOCK_BYTES: u32 = 5 * 1024 * 1024;

/// What of a block is for users' transactions; the rest is left to operational ones.
const NORMAL_RATIO: Perbill = Perbill::from_percent(75);

parameter_types! {
	pub const BlockHashCount: u32 = 2_400;
	pub const Version: RuntimeVersion = VERSION;
	pub const SS58Prefix: u16 = SS58_PREFIX;
	/// How heavy a block and each class of its transactions may be.
	pub Weights: BlockWeights = BlockWeights::with_sensible_defaults(
		Weight::from_parts(BLOCK_WEIGHT_REF_TIME, u64::MAX),
		NORMAL_RATIO,
	);
	pub Length: BlockLength = BlockLength::builder()
		.max_length(BLOCK_BYTES)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_RATIO * BLOCK_BYTES;
		})
		.build();
	/// Half of a block: the other half is left for what every block has to do.
	pub MigrationWeight: Weight = Perbill::from_percent(50) * Weights::get().max_block;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type Block = Block;
	type AccountId = AccountId;
	type AccountData = pallet_balances::AccountData<crate::Balance>;
	type Nonce = Nonce;
	type Hash = Hash;
	type Version = Version;
	type SS58Prefix = SS58Prefix;
	// A mortal transaction may live for as many blocks: eight hours at twelve seconds, and still
	// forty minutes at one.
	type BlockHashCount = BlockHashCount;
	type BlockWeights = Weights;
	type BlockLength = Length;
	type DbWeight = ParityDbWeight;
	type BaseCallFilter = CallFilter;
	type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
	type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
	type SingleBlockMigrations = migrations::SingleBlock;
	type MultiBlockMigrator = Migrations;
}

impl block_time::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
	/// Milliseconds since 1970.
	type Moment = u64;
	type OnTimestampSet = Aura;
	type MinimumPeriod = MinimumPeriod<Runtime>;
	type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_migrations::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	#[cfg(not(feature = "runtime-benchmarks"))]
	type Migrations = migrations::MultiBlock;
	#[cfg(all(test, feature = "try-runtime", feature = "runtime-benchmarks"))]
	type Migrations = migrations::Tested;
	#[cfg(all(not(all(test, feature = "try-runtime")), feature = "runtime-benchmarks"))]
	type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
	type CursorMaxLen = frame_support::traits::ConstU32<65_536>;
	type IdentifierMaxLen = frame_support::traits::ConstU32<256>;
	type MigrationStatusHandler = ();
	type FailedMigrationHandler = EnterSafeMode;
	type MaxServiceWeight = MigrationWeight;
	type WeightInfo = pallet_migrations::weights::SubstrateWeight<Runtime>;
}
