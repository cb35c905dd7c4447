//! What stops the chain where going on would do harm, and what still works then.
//!
//! Safe mode stops everything but what repairs the chain. A pause stops single calls. Governance
//! sets both; a migration that fails enters safe mode by itself.

use crate::{
	AccountId, Balances, Migrations, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason,
	SafeMode, TxPause,
};
use dtao_primitives::consensus_params::DEFAULT_ACTIVITY_CUTOFF;
use frame_support::{
	migrations::{FailedMigrationHandler, FailedMigrationHandling, MultiStepMigrator},
	parameter_types,
	traits::{ConstU32, Contains, Get, InsideBoth},
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};
use pallet_tx_pause::RuntimeCallNameOf;

/// For how long governance enters or extends safe mode at once, in blocks: half a day at twelve
/// seconds. Nobody can set weights meanwhile, and blocks go on: a longer stop would make every
/// validator inactive.
const SAFE_MODE_BLOCKS: u32 = 3_600;
const _: () = assert!(SAFE_MODE_BLOCKS < DEFAULT_ACTIVITY_CUTOFF);

parameter_types! {
	/// Nobody enters safe mode for a deposit: who could stop all exits for a price would do it.
	pub const NotForSale: Option<crate::Balance> = None;
	/// So there are no deposits to release.
	pub const NothingToRelease: Option<u32> = None;
}

/// Which calls an account may make: not in safe mode, unless they repair; and not those that are
/// paused. Root may make all.
pub(super) type CallFilter = InsideBoth<SafeMode, TxPause>;

impl pallet_safe_mode::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WhitelistedCalls = Repairs;
	type EnterDuration = ConstU32<SAFE_MODE_BLOCKS>;
	type ExtendDuration = ConstU32<SAFE_MODE_BLOCKS>;
	type EnterDepositAmount = NotForSale;
	type ExtendDepositAmount = NotForSale;
	type ForceEnterOrigin = EnsureRootWithSuccess<AccountId, ConstU32<SAFE_MODE_BLOCKS>>;
	type ForceExtendOrigin = EnsureRootWithSuccess<AccountId, ConstU32<SAFE_MODE_BLOCKS>>;
	type ForceExitOrigin = EnsureRoot<AccountId>;
	type ForceDepositOrigin = EnsureRoot<AccountId>;
	type Notify = ();
	type ReleaseDelay = NothingToRelease;
	type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
}

impl pallet_tx_pause::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PauseOrigin = EnsureRoot<AccountId>;
	type UnpauseOrigin = EnsureRoot<AccountId>;
	type WhitelistedCalls = Unpausable;
	type MaxNameLen = ConstU32<256>;
	type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
}

/// What still works in safe mode: blocks, consensus and governance.
///
/// The match names every pallet, so that a new one has to be decided upon. What a batch or a proxy
/// holds is asked for each.
pub struct Repairs;

impl Contains<RuntimeCall> for Repairs {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::System(_)
			| RuntimeCall::Timestamp(_)
			| RuntimeCall::Grandpa(_)
			| RuntimeCall::Sudo(_)
			| RuntimeCall::Utility(_)
			| RuntimeCall::Proxy(_)
			| RuntimeCall::Parameters(_)
			| RuntimeCall::InitialParameters(_)
			| RuntimeCall::Migrations(_)
			| RuntimeCall::Validators(_)
			| RuntimeCall::Session(_)
			| RuntimeCall::SafeMode(_)
			| RuntimeCall::TxPause(_) => true,
			RuntimeCall::Balances(_)
			| RuntimeCall::Subnets(_)
			| RuntimeCall::Yuma(_)
			| RuntimeCall::Dtao(_) => false,
		}
	}
}

/// What cannot be paused: without these there are no blocks, or nobody could end the pause.
pub struct Unpausable;

impl Contains<RuntimeCallNameOf<Runtime>> for Unpausable {
	fn contains((pallet, _): &RuntimeCallNameOf<Runtime>) -> bool {
		const PALLETS: [&[u8]; 6] =
			[b"System", b"Timestamp", b"Grandpa", b"Sudo", b"Migrations", b"SafeMode"];
		PALLETS.contains(&pallet.as_slice())
	}
}

/// What a failed migration leads to: safe mode, until governance ends it.
///
/// The state is half migrated: users must not touch it, and governance has to, with a new runtime
/// or a corrected cursor. The SDK's own handler enters safe mode and leaves the migration stuck,
/// and then no transaction enters a block, not even governance's. This one drops the migration.
pub struct EnterSafeMode;

impl FailedMigrationHandler for EnterSafeMode {
	fn failed(_: Option<u32>) -> FailedMigrationHandling {
		let until_governance_ends_it = u32::MAX;
		let entered = if SafeMode::is_entered() {
			<SafeMode as frame_support::traits::SafeMode>::extend(until_governance_ends_it)
		} else {
			<SafeMode as frame_support::traits::SafeMode>::enter(until_governance_ends_it)
		};
		match entered {
			Ok(()) => FailedMigrationHandling::ForceUnstuck,
			Err(_) => FailedMigrationHandling::KeepStuck,
		}
	}
}

/// Whether the market stands still: while a migration moves what it reads, and in safe mode, when
/// nobody could act on what it does.
pub struct Halted;

impl Get<bool> for Halted {
	fn get() -> bool {
		<Migrations as MultiStepMigrator>::ongoing() || SafeMode::is_entered()
	}
}
