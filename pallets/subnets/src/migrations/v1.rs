//! Version 0, of the first release, to version 1: each row of [`Subnets`] is written anew with the
//! hyperparameters of today. What a subnet's owner had set stays; what is new has the value that a
//! subnet registered now begins with.
//!
//! It takes as many blocks as it needs. What reads rows has to wait meanwhile: those that were not
//! reached yet are read wrongly. `Config::Halted` says so to the hooks, and no transaction enters a
//! block.

use crate::{Config, Pallet, Subnet, Subnets};
use core::marker::PhantomData;
use dtao_primitives::{Hyperparams, NetUid};
use frame_support::{
	migrations::{MigrationId, SteppedMigration, SteppedMigrationError},
	pallet_prelude::StorageVersion,
	storage::StoragePrefixedMap,
	traits::{Get, GetStorageVersion},
	weights::{Weight, WeightMeter},
};

#[cfg(feature = "try-runtime")]
use alloc::vec::Vec;

/// The rows as version 0 has them.
#[allow(missing_docs, reason = "`storage_alias` makes a type without documentation")]
pub mod v0 {
	use super::{Config, NetUid, Pallet};
	use codec::{Decode, Encode};
	use dtao_primitives::HotkeyId;
	use frame_support::{pallet_prelude::OptionQuery, storage_alias, Twox64Concat};

	/// What a subnet's owner sets.
	#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
	pub struct Hyperparams {
		/// Blocks in an epoch.
		pub tempo: u32,
		/// Blocks in which a new neuron is not replaced.
		pub neuron_immunity: u32,
		/// The most seats.
		pub max_seats: u16,
		/// Whether neurons can register.
		pub registration_open: bool,
	}

	/// What no block changes of a subnet.
	#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
	pub struct Subnet<AccountId> {
		/// The coldkey that registered it.
		pub owner: AccountId,
		/// The hotkey on which the owner's cut is staked.
		pub hotkey: HotkeyId,
		/// The block of its registration.
		pub registered_at: u32,
		/// The block of its start.
		pub started_at: Option<u32>,
		/// What its owner sets.
		pub hyperparams: Hyperparams,
		/// The block in which its owner last set them.
		pub hyperparams_set_at: Option<u32>,
		/// The first block in which its owner may dissolve it.
		pub dissolve_from: Option<u32>,
	}

	/// The rows, by netuid.
	#[storage_alias]
	pub type Subnets<T: Config> = StorageMap<
		Pallet<T>,
		Twox64Concat,
		NetUid,
		Subnet<<T as frame_system::Config>::AccountId>,
		OptionQuery,
	>;
}

/// The most rows that one block migrates: a block that migrates is to be no heavier than others,
/// and [`Config::MaxSubnets`] is not many.
pub const MAX_ROWS: u32 = 8;

/// From version 0 to version 1, [`MAX_ROWS`] a block.
///
/// On a chain that begins with version 1 it finds nothing to do.
pub struct ToV1<T>(PhantomData<T>);

impl<T: Config> ToV1<T> {
	/// What a row costs: it is found, read and written.
	fn row_weight() -> Weight {
		T::DbWeight::get().reads_writes(2, 1)
	}

	/// Migrate the row after `last`, if there is one. Returns which it was.
	fn migrate_next(last: Option<NetUid>) -> Result<Option<NetUid>, SteppedMigrationError> {
		let mut left = match last {
			Some(netuid) => {
				v0::Subnets::<T>::iter_keys_from(v0::Subnets::<T>::hashed_key_for(netuid))
			},
			None => v0::Subnets::<T>::iter_keys(),
		};
		let Some(netuid) = left.next() else { return Ok(None) };
		// A row that cannot be read must not be lost: governance decides what becomes of it.
		let old = v0::Subnets::<T>::get(netuid).ok_or(SteppedMigrationError::Failed)?;
		Subnets::<T>::insert(netuid, upgraded(old));
		Ok(Some(netuid))
	}
}

/// The row as version 1 has it.
fn upgraded<AccountId>(old: v0::Subnet<AccountId>) -> Subnet<AccountId> {
	let mut hyperparams = Hyperparams::new(old.hyperparams.tempo, old.hyperparams.neuron_immunity);
	hyperparams.max_seats = old.hyperparams.max_seats;
	hyperparams.registration_open = old.hyperparams.registration_open;
	Subnet {
		owner: old.owner,
		hotkey: old.hotkey,
		registered_at: old.registered_at,
		started_at: old.started_at,
		hyperparams,
		hyperparams_set_at: old.hyperparams_set_at,
		dissolve_from: old.dissolve_from,
	}
}

impl<T: Config> SteppedMigration for ToV1<T> {
	/// The row that was migrated last.
	type Cursor = NetUid;
	type Identifier = MigrationId<14>;

	fn id() -> Self::Identifier {
		MigrationId { pallet_id: *b"pallet-subnets", version_from: 0, version_to: 1 }
	}

	/// One to see that nothing is left, beside those that all rows take.
	fn max_steps() -> Option<u32> {
		Some(T::MaxSubnets::get().div_ceil(MAX_ROWS).saturating_add(1))
	}

	fn step(
		mut cursor: Option<NetUid>,
		meter: &mut WeightMeter,
	) -> Result<Option<NetUid>, SteppedMigrationError> {
		let version = T::DbWeight::get().reads_writes(1, 1);
		let required = version.saturating_add(Self::row_weight());
		if !meter.can_consume(required) {
			return Err(SteppedMigrationError::InsufficientWeight { required });
		}
		meter.consume(version);
		if Pallet::<T>::on_chain_storage_version() != 0 {
			return Ok(None);
		}
		for _ in 0..MAX_ROWS {
			if meter.try_consume(Self::row_weight()).is_err() {
				break;
			}
			cursor = Self::migrate_next(cursor)?;
			if cursor.is_none() {
				StorageVersion::new(1).put::<Pallet<T>>();
				break;
			}
		}
		Ok(cursor)
	}

	fn migrating_prefixes() -> Option<impl IntoIterator<Item = alloc::vec::Vec<u8>>> {
		Some([v0::Subnets::<T>::final_prefix().to_vec()])
	}

	/// Note the rows: of either layout, as the chain may have had its upgrade.
	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
		use codec::Encode;
		let before: Vec<(NetUid, Subnet<T::AccountId>)> =
			match Pallet::<T>::on_chain_storage_version() == 0 {
				true => {
					v0::Subnets::<T>::iter().map(|(netuid, old)| (netuid, upgraded(old))).collect()
				},
				false => Subnets::<T>::iter().collect(),
			};
		Ok((before, Subnets::<T>::count()).encode())
	}

	/// No row is lost or new, each is what it should be, and the hyperparameters are in bounds.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use codec::Decode;
		use frame_support::ensure;
		let (before, count) =
			<(Vec<(NetUid, Subnet<T::AccountId>)>, u32)>::decode(&mut &before[..])
				.map_err(|_| "what was noted before the upgrade is gone")?;
		ensure!(Subnets::<T>::iter().collect::<Vec<_>>() == before, "a row is not what it was");
		ensure!(Subnets::<T>::count() == count, "the count of subnets changed");
		ensure!(
			before.iter().all(|(_, row)| row.hyperparams.validate().is_ok()),
			"hyperparameters are out of bounds"
		);
		ensure!(Pallet::<T>::on_chain_storage_version() == 1, "the version is not 1");
		Ok(())
	}
}
