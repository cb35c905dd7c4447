//! Version 0, of the first release, to version 1:
//!
//! - the records of subnets, which had a key each, lie in pages ([`Markets`]);
//! - so do the pools of hotkeys, on subnets and on root ([`HotkeyPools`], [`RootPools`]);
//! - each hotkey counts the positions that are open on it ([`OpenPositions`]);
//! - the last cut of the owner of a dissolved subnet, which waited in a bucket for the seats to be
//!   paid, is a position, and the row in [`Redemptions`] has no owner any more;
//! - reward destinations have an index by subnet ([`Redirecting`]).
//!
//! It takes as many blocks as it needs, and as many rows in each as the weight allows. Meanwhile
//! the hooks stand still ([`Config::Halted`]), and no transaction enters a block.

use crate::{
	ledger::RewardDeposit, types::Redemption, Config, HotkeyPools, MarketPages, Markets,
	OpenPositions, Pallet, PoolPages, Positions, Redemptions, Redirecting, RewardDestinations,
	RewardSource, RootPages, RootPools,
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
	crate::{
		types::{HotkeyPool, Market, RootPool},
		Holders,
	},
	alloc::{collections::BTreeMap, vec::Vec},
	codec::{Decode, Encode},
};

/// The rows as version 0 has them.
#[allow(missing_docs, reason = "`storage_alias` makes a type without documentation")]
pub mod v0 {
	use super::{Config, HotkeyId, NetUid, Pallet};
	use crate::types::{self, Drip, Market};
	use codec::{Decode, Encode};
	use dtao_primitives::{Alpha, Tao};
	use frame_support::{pallet_prelude::OptionQuery, storage::Key, storage_alias, Twox64Concat};
	use sp_runtime::PerU16;

	/// A pool of stake.
	#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
	pub struct StakePool {
		/// What is staked.
		pub amount: u64,
		/// The sum of its positions' shares.
		pub shares: u128,
		/// Σ `amount` × blocks up to block `since`.
		pub stake_blocks: u128,
		/// The block up to which `stake_blocks` counts.
		pub since: u32,
	}

	impl From<StakePool> for types::StakePool {
		/// It owes nothing: rewards went into positions at once.
		fn from(old: StakePool) -> Self {
			let StakePool { amount, shares, stake_blocks, since } = old;
			Self { amount, shares, stake_blocks, since, ..Default::default() }
		}
	}

	/// A hotkey's stake on a subnet.
	#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
	pub struct HotkeyPool {
		/// The stake.
		pub stake: StakePool,
		/// The epoch of the next two.
		pub epoch: u32,
		/// Its part of the validators' bucket.
		pub weight: u32,
		/// What it was already credited of it.
		pub credited: u64,
		/// The hotkey's take when the epoch opened.
		pub take: PerU16,
	}

	impl From<HotkeyPool> for types::HotkeyPool {
		fn from(old: HotkeyPool) -> Self {
			let HotkeyPool { stake, epoch, weight, credited, take } = old;
			Self { stake: stake.into(), epoch, weight, credited, take }
		}
	}

	/// A hotkey's stake on root.
	#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
	pub struct RootPool {
		/// The stake.
		pub stake: StakePool,
		/// The dividends on their way.
		pub drip: Drip,
	}

	impl From<RootPool> for types::RootPool {
		fn from(old: RootPool) -> Self {
			Self { stake: old.stake.into(), drip: old.drip }
		}
	}

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

	/// The stakes of hotkeys on subnets.
	#[storage_alias]
	pub type HotkeyPools<T: Config> = StorageNMap<
		Pallet<T>,
		(Key<Twox64Concat, NetUid>, Key<Twox64Concat, HotkeyId>),
		HotkeyPool,
		OptionQuery,
	>;

	/// The stakes of hotkeys on root.
	#[storage_alias]
	pub type RootPools<T: Config> =
		StorageMap<Pallet<T>, Twox64Concat, HotkeyId, RootPool, OptionQuery>;

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

	/// What was done last, of which of the six. They follow each other as they stand here.
	#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen)]
	pub enum Cursor<AccountId> {
		/// The records up to this one lie in pages.
		#[codec(index = 0)]
		Markets(Option<NetUid>),
		/// The hotkeys' pools up to this one lie in pages.
		#[codec(index = 1)]
		HotkeyPools(Option<(NetUid, HotkeyId)>),
		/// The root pools up to this one lie in pages.
		#[codec(index = 2)]
		RootPools(Option<HotkeyId>),
		/// The positions up to this one are counted.
		#[codec(index = 3)]
		Positions(Option<(AccountId, (NetUid, HotkeyId))>),
		/// The dissolved subnets up to this one are written anew.
		#[codec(index = 4)]
		Redemptions(Option<NetUid>),
		/// The destinations up to this one are indexed.
		#[codec(index = 5)]
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
				None => Cursor::HotkeyPools(None),
				last => Cursor::Markets(last),
			}),
			Cursor::HotkeyPools(last) => Some(match Self::move_next_pool(last)? {
				None => Cursor::RootPools(None),
				last => Cursor::HotkeyPools(last),
			}),
			Cursor::RootPools(last) => Some(match Self::move_next_root_pool(last)? {
				None => Cursor::Positions(None),
				last => Cursor::RootPools(last),
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

	/// Move the hotkey's pool after `last`, if there is one, to its page. Returns whose it was.
	fn move_next_pool(
		last: Option<(NetUid, HotkeyId)>,
	) -> Result<Option<(NetUid, HotkeyId)>, SteppedMigrationError> {
		let mut left = match last {
			Some(place) => {
				v0::HotkeyPools::<T>::iter_keys_from(v0::HotkeyPools::<T>::hashed_key_for(place))
			},
			None => v0::HotkeyPools::<T>::iter_keys(),
		};
		let Some(place) = left.next() else { return Ok(None) };
		let pool = v0::HotkeyPools::<T>::get(place).ok_or(SteppedMigrationError::Failed)?;
		HotkeyPools::<T>::insert(place, pool.into());
		v0::HotkeyPools::<T>::remove(place);
		Ok(Some(place))
	}

	/// Move the root pool after `last`, if there is one, to its page. Returns whose it was.
	fn move_next_root_pool(
		last: Option<HotkeyId>,
	) -> Result<Option<HotkeyId>, SteppedMigrationError> {
		let mut left = match last {
			Some(hotkey) => {
				v0::RootPools::<T>::iter_keys_from(v0::RootPools::<T>::hashed_key_for(hotkey))
			},
			None => v0::RootPools::<T>::iter_keys(),
		};
		let Some(hotkey) = left.next() else { return Ok(None) };
		let pool = v0::RootPools::<T>::get(hotkey).ok_or(SteppedMigrationError::Failed)?;
		RootPools::<T>::insert(hotkey, pool.into());
		v0::RootPools::<T>::remove(hotkey);
		Ok(Some(hotkey))
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

/// All hotkeys' pools on subnets, in whichever layout.
#[cfg(feature = "try-runtime")]
fn pools<T: Config>() -> BTreeMap<(NetUid, HotkeyId), HotkeyPool> {
	let old = v0::HotkeyPools::<T>::iter().map(|(place, pool)| (place, pool.into()));
	old.chain(HotkeyPools::<T>::iter()).collect()
}

/// All hotkeys' pools on root, in whichever layout.
#[cfg(feature = "try-runtime")]
fn root_pools<T: Config>() -> BTreeMap<HotkeyId, RootPool> {
	let old = v0::RootPools::<T>::iter().map(|(hotkey, pool)| (hotkey, pool.into()));
	old.chain(RootPools::<T>::iter()).collect()
}

/// What is noted before an upgrade.
#[cfg(feature = "try-runtime")]
type Noted = (
	BTreeMap<NetUid, Market>,
	BTreeMap<(NetUid, HotkeyId), HotkeyPool>,
	BTreeMap<HotkeyId, RootPool>,
	u64,
	u64,
);

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
			v0::HotkeyPools::<T>::final_prefix().to_vec(),
			PoolPages::<T>::final_prefix().to_vec(),
			v0::RootPools::<T>::final_prefix().to_vec(),
			RootPages::<T>::final_prefix().to_vec(),
			OpenPositions::<T>::final_prefix().to_vec(),
			v0::Redemptions::<T>::final_prefix().to_vec(),
			Redirecting::<T>::final_prefix().to_vec(),
		])
	}

	/// Note the records and the pools, and how many positions and dissolved subnets there are.
	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
		let positions = count(Holders::<T>::iter_keys());
		let dissolved = count(Redemptions::<T>::iter_keys());
		let noted: Noted = (records::<T>(), pools::<T>(), root_pools::<T>(), positions, dissolved);
		Ok(noted.encode())
	}

	/// The records and pools are as they were, to the atom, but for the owner's cut of a dissolved
	/// subnet; no position and no dissolved subnet is lost; and every invariant holds.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use frame_support::ensure;
		let (markets, mut pools_before, roots_before, positions, dissolved) =
			Noted::decode(&mut &before[..])
				.map_err(|_| "what was noted before the upgrade is gone")?;
		ensure!(v0::Markets::<T>::iter_keys().next().is_none(), "a record is not in a page");
		ensure!(v0::HotkeyPools::<T>::iter_keys().next().is_none(), "a pool is not in a page");
		ensure!(v0::RootPools::<T>::iter_keys().next().is_none(), "a pool is not in a page");
		ensure!(records::<T>() == markets, "a record is not what it was");
		let mut pools_after = pools::<T>();
		for pools in [&mut pools_before, &mut pools_after] {
			pools.retain(|(netuid, _), _| markets.contains_key(netuid));
		}
		ensure!(pools_after == pools_before, "a pool is not what it was");
		ensure!(root_pools::<T>() == roots_before, "a pool of root is not what it was");
		// An owner's cut may have opened one for each dissolved subnet.
		let most = positions.saturating_add(dissolved);
		let now = count(Holders::<T>::iter_keys());
		ensure!((positions..=most).contains(&now), "positions were lost");
		ensure!(count(Redemptions::<T>::iter_values()) == dissolved, "a fund was lost");
		ensure!(Pallet::<T>::on_chain_storage_version() == 1, "the version is not 1");
		Pallet::<T>::do_try_state()
	}
}
