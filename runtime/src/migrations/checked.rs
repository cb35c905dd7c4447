//! An upgrade with checks, for `try-runtime`.
//!
//! `Executive` decodes the whole state and checks every invariant as soon as the upgrade's own block
//! has run. Where migrations of several blocks have only begun by then, rows that they have yet to
//! reach do not decode, and nothing can hold. So all that waits until they are complete.

use super::SingleBlock;
use crate::{AllPalletsWithSystem, Dtao, Executive, Runtime, Subnets, VERSION};
use frame_support::{
	pallet_prelude::StorageVersion,
	traits::{
		BeforeAllRuntimeMigrations, GetStorageVersion, OnRuntimeUpgrade, TryStateSelect,
		UpgradeCheckSelect,
	},
	weights::Weight,
};
use sp_runtime::TryRuntimeError;

/// Whether rows are left that a migration of several blocks has to bring over: the pallets that have
/// one are behind their code.
pub(crate) fn unfinished() -> bool {
	fn behind<P: GetStorageVersion<InCodeStorageVersion = StorageVersion>>() -> bool {
		P::on_chain_storage_version() < P::in_code_storage_version()
	}
	behind::<Subnets>() || behind::<Dtao>()
}

/// What the first block of an upgrade does. Each of its migrations is checked before and after, and
/// the whole state unless it is [`unfinished`].
///
/// # Errors
///
/// What a check found, of the first that did not hold.
pub(crate) fn upgrade(checks: UpgradeCheckSelect) -> Result<Weight, TryRuntimeError> {
	if !unfinished() {
		return Executive::try_runtime_upgrade(checks);
	}
	let new = AllPalletsWithSystem::before_all_runtime_migrations();
	let single = SingleBlock::try_on_runtime_upgrade(checks.pre_and_post())?;
	let pallets = AllPalletsWithSystem::on_runtime_upgrade();
	let version = frame_system::LastRuntimeUpgradeInfo::from(VERSION);
	frame_system::LastRuntimeUpgrade::<Runtime>::put(version);
	Ok(new.saturating_add(single).saturating_add(pallets))
}

/// Which invariants a block can be held to: none if it begins [`unfinished`].
pub(crate) fn checkable(wanted: TryStateSelect) -> TryStateSelect {
	match unfinished() {
		true => TryStateSelect::None,
		false => wanted,
	}
}
