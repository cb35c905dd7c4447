//! Version 0, of the first release, to version 1:
//!
//! - the records of subnets, which had a key each, lie in pages ([`Markets`]);
//! - each hotkey counts the positions that are open on it ([`OpenPositions`]);
//! - the last cut of the owner of a dissolved subnet, which waited in a bucket for the seats to be
//!   paid, is a position, and the row in [`Redemptions`] has no owner any more;
//! - reward destinations have an index by subnet ([`Redirecting`]).
//!
//! It takes as many blocks as it needs, and as many rows in each as the weight allows. Meanwhile
//! the hooks stand still ([`Config::Halted`]), and no transaction enters a block.

use crate::{
	ledger::RewardDeposit, types::Redemption, Config, MarketPages, Markets, OpenPositions, Pallet,
	Positions, Redemptions, Redirecting, RewardDestinations, RewardSource,
};
use core::marker::PhantomData;
use dtao_primitives::{HotkeyId, NetUid};
use frame_support::{
	migrations::{MigrationId, SteppedMigration, SteppedMigrationError},
	pallet_prelude::StorageVersion,
	storage::StoragePrefixedMap,
	traits::{Get, GetStorageVersion},
	weights::{Weight, WeightMeter},
};
use sp_runtime::traits::BlockNumberProvider;

#[cfg(feature = "try-runtime")]
use {
	crate::{types::Market, Holders},
	alloc::{collections::BTreeMap, vec::Vec},
	codec::{Decode, Encode},
};

/// The rows as version 0 has them.
#[allow(missing_docs, reason = "`storage_alias` makes a type without documentation")]
pub mod v0 {
	use super::{Config, HotkeyId, NetUid, Pallet};
	use crate::types::Market;
	use codec::{Decode, Encode};
	use dtao_primitives::{Alpha, Tao};
	use frame_support::{pallet_prelude::OptionQuery, storage_alias, Twox64Concat};

	/// A dissolved subnet.
	#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
	pub struct Redemption<AccountId> {
		/// The market as it was, without reserves.
		pub market: Market,
		/// TAO of the fund at first.
		pub fund: Tao,
		/// ALPHA that shared it at first.
		pub outstanding: Alpha,
		/// All TAO that root's sales had brought.
		pub root: Tao,
		/// TAO of the fund that is left.
		pub fund_left: Tao,
		/// TAO paid out.
		pub paid: Tao,
		/// TAO recycled since.
		pub recycled: Tao,
		/// Whose the owner's bucket is, and on whom it is staked.
		pub owner: Option<(AccountId, HotkeyId)>,
		/// Over how many blocks root's dividends are released.
		pub tempo: u32,
		/// Whether all seats and the owner were paid.
		pub settled: bool,
		/// The last position that could not be redeemed on idle.
		pub skipped: Option<(HotkeyId, AccountId)>,
	}

	/// The records of the subnets that trade or may, by netuid.
	#[storage_alias]
	pub type Markets<T: Config> = StorageMap<Pallet<T>, Twox64Concat, NetUid, Market, OptionQuery>;

	/// The dissolved subnets, by netuid.
	#[storage_alias]
	pub type Redemptions<T: Config> = StorageMap<
		Pallet<T>,
		Twox64Concat,
		NetUid,
		Redemption<<T as frame_system::Config>::AccountId>,
		OptionQuery,
	>;
}

#[allow(clippy::as_conversions, reason = "what the codec's derive makes of an enum")]
mod cursor {
	use codec::{Decode, Encode, MaxEncodedLen};
	use dtao_primitives::{HotkeyId, NetUid};

	/// What was done last, of which of the four.
	#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen)]
	pub enum Cursor<AccountId> {
		/// The records up to this one lie in pages.
		#[codec(index = 0)]
		Markets(Option<NetUid>),
		/// The positions up to this one are counted.
		#[codec(index = 1)]
		Positions(Option<(AccountId, (NetUid, HotkeyId))>),
		/// The dissolved subnets up to this one are written anew.
		#[codec(index = 2)]
		Redemptions(Option<NetUid>),
		/// The destinations up to this one are indexed.
		#[codec(index = 3)]
		Destinations(Option<(AccountId, NetUid)>),
	}
}

pub use cursor::Cursor;

type CursorOf<T> = Cursor<<T as frame_system::Config>::AccountId>;

/// From version 0 to version 1.
///
/// On a chain that begins with version 1 it finds nothing to do.
pub struct ToV1<T>(PhantomData<T>);

impl<T: Config> ToV1<T> {
	/// What the dearest row costs: a dissolved subnet's, whose owner's cut opens a position.
	fn row_weight() -> Weight {
		T::DbWeight::get().reads_writes(10, 10)
	}

	/// Migrate the row after `cursor`, or begin with the next kind. None when all is done.
	fn next(cursor: CursorOf<T>) -> Result<Option<CursorOf<T>>, SteppedMigrationError> {
		Ok(match cursor {
			Cursor::Markets(last) => Some(match Self::move_next(last)? {
				None => Cursor::Positions(None),
				last => Cursor::Markets(last),
			}),
			Cursor::Positions(last) => Some(match Self::count_next(last)? {
				None => Cursor::Redemptions(None),
				last => Cursor::Positions(last),
			}),
			Cursor::Redemptions(last) => Some(match Self::rewrite_next(last)? {
				None => Cursor::Destinations(None),
				last => Cursor::Redemptions(last),
			}),
			Cursor::Destinations(last) => {
				Self::index_next(last).map(|last| Cursor::Destinations(Some(last)))
			},
		})
	}

	/// Move the record after `last`, if there is one, to its page. Returns which it was.
	fn move_next(last: Option<NetUid>) -> Result<Option<NetUid>, SteppedMigrationError> {
		let mut left = match last {
			Some(netuid) => {
				v0::Markets::<T>::iter_keys_from(v0::Markets::<T>::hashed_key_for(netuid))
			},
			None => v0::Markets::<T>::iter_keys(),
		};
		let Some(netuid) = left.next() else { return Ok(None) };
		// A record that cannot be read must not be lost: governance decides what becomes of it.
		let market = v0::Markets::<T>::get(netuid).ok_or(SteppedMigrationError::Failed)?;
		Markets::<T>::insert(netuid, &market);
		v0::Markets::<T>::remove(netuid);
		Ok(Some(netuid))
	}

	/// Count the position after `last`, if there is one. Returns which it was.
	#[allow(clippy::type_complexity, reason = "the key of a position")]
	fn count_next(
		last: Option<(T::AccountId, (NetUid, HotkeyId))>,
	) -> Result<Option<(T::AccountId, (NetUid, HotkeyId))>, SteppedMigrationError> {
		let mut left = match last {
			Some((coldkey, place)) => {
				Positions::<T>::iter_keys_from(Positions::<T>::hashed_key_for(coldkey, place))
			},
			None => Positions::<T>::iter_keys(),
		};
		let Some((coldkey, place)) = left.next() else { return Ok(None) };
		let (_, hotkey) = place;
		let open = OpenPositions::<T>::get(hotkey).checked_add(1);
		OpenPositions::<T>::insert(hotkey, open.ok_or(SteppedMigrationError::Failed)?);
		Ok(Some((coldkey, place)))
	}

	/// Write the dissolved subnet after `last` anew, if there is one. Returns which it was.
	fn rewrite_next(last: Option<NetUid>) -> Result<Option<NetUid>, SteppedMigrationError> {
		let mut left = match last {
			Some(netuid) => {
				v0::Redemptions::<T>::iter_keys_from(v0::Redemptions::<T>::hashed_key_for(netuid))
			},
			None => v0::Redemptions::<T>::iter_keys(),
		};
		let Some(netuid) = left.next() else { return Ok(None) };
		// A row that cannot be read must not be lost: governance decides what becomes of it.
		let mut old = v0::Redemptions::<T>::get(netuid).ok_or(SteppedMigrationError::Failed)?;
		Self::pay_owner(netuid, &mut old);
		Redemptions::<T>::insert(netuid, upgraded(old));
		Ok(Some(netuid))
	}

	/// Deposit the owner's bucket. What cannot be deposited stays in it, and is recycled with what
	/// nobody had earned.
	fn pay_owner(netuid: NetUid, old: &mut v0::Redemption<T::AccountId>) {
		let Some((coldkey, hotkey)) = old.owner.clone() else { return };
		let now = T::BlockNumberProvider::current_block_number();
		let mut market = old.market;
		let alpha = core::mem::take(&mut market.buckets.owner);
		let source = RewardSource::OwnerCut;
		let deposit = RewardDeposit { coldkey: &coldkey, hotkey, alpha, source };
		let deposit = || Pallet::<T>::deposit_reward(netuid, &mut market, deposit, now);
		if Pallet::<T>::step(netuid, deposit) {
			old.market = market;
		}
	}

	/// Index the destination after `last`, if there is one. Returns which it was.
	fn index_next(last: Option<(T::AccountId, NetUid)>) -> Option<(T::AccountId, NetUid)> {
		let mut left = match last {
			Some((coldkey, netuid)) => {
				let key = RewardDestinations::<T>::hashed_key_for(coldkey, netuid);
				RewardDestinations::<T>::iter_keys_from(key)
			},
			None => RewardDestinations::<T>::iter_keys(),
		};
		let (coldkey, netuid) = left.next()?;
		if Pallet::<T>::settling_market(netuid).is_ok() {
			Redirecting::<T>::insert(netuid, &coldkey, ());
		} else {
			// Of a subnet that is gone: version 0 left it.
			RewardDestinations::<T>::remove(&coldkey, netuid);
		}
		Some((coldkey, netuid))
	}
}

/// The row as version 1 has it.
fn upgraded<AccountId>(old: v0::Redemption<AccountId>) -> Redemption<AccountId> {
	Redemption {
		market: old.market,
		fund: old.fund,
		outstanding: old.outstanding,
		root: old.root,
		fund_left: old.fund_left,
		paid: old.paid,
		recycled: old.recycled,
		tempo: old.tempo,
		settled: old.settled,
		skipped: old.skipped,
	}
}

/// All records, in whichever layout, by netuid.
#[cfg(feature = "try-runtime")]
fn records<T: Config>() -> BTreeMap<NetUid, Market> {
	v0::Markets::<T>::iter().chain(Markets::<T>::iter()).collect()
}

#[cfg(feature = "try-runtime")]
fn count<R>(rows: impl Iterator<Item = R>) -> u64 {
	rows.fold(0, |count: u64, _| count.saturating_add(1))
}

impl<T: Config> SteppedMigration for ToV1<T> {
	type Cursor = CursorOf<T>;
	type Identifier = MigrationId<11>;

	fn id() -> Self::Identifier {
		MigrationId { pallet_id: *b"pallet-dtao", version_from: 0, version_to: 1 }
	}

	fn step(
		cursor: Option<Self::Cursor>,
		meter: &mut WeightMeter,
	) -> Result<Option<Self::Cursor>, SteppedMigrationError> {
		let version = T::DbWeight::get().reads_writes(1, 1);
		let required = version.saturating_add(Self::row_weight());
		if !meter.can_consume(required) {
			return Err(SteppedMigrationError::InsufficientWeight { required });
		}
		meter.consume(version);
		if Pallet::<T>::on_chain_storage_version() != 0 {
			return Ok(None);
		}
		let mut cursor = cursor.unwrap_or(Cursor::Markets(None));
		while meter.try_consume(Self::row_weight()).is_ok() {
			let Some(next) = Self::next(cursor)? else {
				StorageVersion::new(1).put::<Pallet<T>>();
				return Ok(None);
			};
			cursor = next;
		}
		Ok(Some(cursor))
	}

	fn migrating_prefixes() -> Option<impl IntoIterator<Item = alloc::vec::Vec<u8>>> {
		Some([
			v0::Markets::<T>::final_prefix().to_vec(),
			MarketPages::<T>::final_prefix().to_vec(),
			OpenPositions::<T>::final_prefix().to_vec(),
			v0::Redemptions::<T>::final_prefix().to_vec(),
			Redirecting::<T>::final_prefix().to_vec(),
		])
	}

	/// Note the records, and how many positions and dissolved subnets there are.
	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
		let positions = count(Holders::<T>::iter_keys());
		let dissolved = count(Redemptions::<T>::iter_keys());
		Ok((records::<T>(), positions, dissolved).encode())
	}

	/// The records are as they were, to the atom; no position and no dissolved subnet is lost; and
	/// every invariant holds.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use frame_support::ensure;
		type Noted = (BTreeMap<NetUid, Market>, u64, u64);
		let (markets, positions, dissolved) = Noted::decode(&mut &before[..])
			.map_err(|_| "what was noted before the upgrade is gone")?;
		ensure!(v0::Markets::<T>::iter_keys().next().is_none(), "a record is not in a page");
		ensure!(records::<T>() == markets, "a record is not what it was");
		// An owner's cut may have opened one for each dissolved subnet.
		let most = positions.saturating_add(dissolved);
		let now = count(Holders::<T>::iter_keys());
		ensure!((positions..=most).contains(&now), "positions were lost");
		ensure!(count(Redemptions::<T>::iter_values()) == dissolved, "a fund was lost");
		ensure!(Pallet::<T>::on_chain_storage_version() == 1, "the version is not 1");
		Pallet::<T>::do_try_state()
	}
}
