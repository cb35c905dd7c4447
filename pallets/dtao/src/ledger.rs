//! Who holds what: positions, and the settlement of a hotkey's rewards before anyone touches them.

use crate::{
	open_pools::OpenPools,
	types::{sound, Book, HotkeyPool, Market, MarketError},
	Config, Error, Holders, HotkeyPools, Markets, OpenPositions, Pallet, Positions, RewardSource,
	Root, RootPools,
};
use dtao_primitives::{
	traits::{Hotkey, SubnetRegistry},
	Alpha, HotkeyId, NetUid,
};
use sp_runtime::{traits::BlockNumberProvider, DispatchError, DispatchResult};

/// A deposit of a reward: what, to whom, for what.
pub(crate) struct RewardDeposit<'a, AccountId> {
	pub(crate) coldkey: &'a AccountId,
	pub(crate) hotkey: HotkeyId,
	pub(crate) alpha: Alpha,
	pub(crate) source: RewardSource,
}

impl<T: Config> Pallet<T> {
	/// The number of an owned hotkey.
	pub(crate) fn hotkey_id(hotkey: &T::AccountId) -> Result<HotkeyId, DispatchError> {
		T::Registry::hotkey_id(hotkey).ok_or_else(|| Error::<T>::UnknownHotkey.into())
	}

	/// The hotkey of a number.
	pub(crate) fn hotkey_of(id: HotkeyId) -> Result<Hotkey<T::AccountId>, DispatchError> {
		T::Registry::hotkey(id).ok_or_else(|| Error::<T>::UnknownHotkey.into())
	}

	/// The stake of `hotkey` on `netuid`, 0 for root, settled up to now, for its caller to change
	/// and store. With it the hotkey's number.
	pub(crate) fn open(
		netuid: NetUid,
		hotkey: &T::AccountId,
	) -> Result<(HotkeyId, Book), DispatchError> {
		let now = T::BlockNumberProvider::current_block_number();
		if netuid.is_root() {
			let id = Self::hotkey_id(hotkey)?;
			let mut totals = Root::<T>::get();
			let pool = Self::settled_root_pool(id, hotkey, &mut totals, now)?;
			return Ok((id, Book::Root { totals, pool }));
		}
		let mut market = Self::trading(netuid)?;
		let id = Self::hotkey_id(hotkey)?;
		let pool = Self::settled_pool(netuid, id, &mut market, now)?;
		Ok((id, Book::Subnet { market, pool }))
	}

	/// Store what a call has changed.
	pub(crate) fn store_book(netuid: NetUid, hotkey: HotkeyId, book: Book) {
		match book {
			Book::Subnet { market, pool } => {
				Markets::<T>::insert(netuid, &market);
				Self::store_pool(netuid, &market, hotkey, pool);
			},
			Book::Root { totals, pool } => {
				Root::<T>::put(totals);
				if pool.is_vacant() && !T::Registry::is_seated(NetUid::ROOT, hotkey) {
					RootPools::<T>::take(hotkey);
				} else {
					RootPools::<T>::insert(hotkey, pool);
				}
			},
		}
	}

	/// Store the stake of `hotkey` on `netuid`, or remove it if nothing is in it. A seat's is kept:
	/// its stake is counted from what the record held when the epoch opened.
	pub(crate) fn store_pool(netuid: NetUid, market: &Market, hotkey: HotkeyId, pool: HotkeyPool) {
		if pool.is_vacant(market.epoch.index) && !T::Registry::is_seated(netuid, hotkey) {
			HotkeyPools::<T>::take((netuid, hotkey));
		} else {
			HotkeyPools::<T>::insert((netuid, hotkey), pool);
		}
	}

	/// Add `shares` to a position; open it if there was none. An open position is a reference to
	/// its coldkey, so that who has stake has an account, with or without TAO; and is counted, so
	/// that a hotkey knows whether it has any.
	pub(crate) fn credit_shares(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: HotkeyId,
		shares: u128,
	) -> DispatchResult {
		let opens = Positions::<T>::try_mutate(coldkey, (netuid, hotkey), |held| {
			let opens = *held == 0;
			*held = sound(held.checked_add(shares))?;
			Ok(opens)
		});
		if opens.map_err(|error: MarketError| Error::<T>::from(error))? {
			Holders::<T>::insert((netuid, hotkey, coldkey), ());
			let open = OpenPositions::<T>::get(hotkey).checked_add(1);
			OpenPositions::<T>::insert(hotkey, sound(open).map_err(Error::<T>::from)?);
			frame_system::Pallet::<T>::inc_sufficients(coldkey);
		}
		Ok(())
	}

	/// Take `shares` off a position that holds `held`; close it if none is left.
	pub(crate) fn debit_shares(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: HotkeyId,
		held: u128,
		shares: u128,
	) -> DispatchResult {
		let left = held.checked_sub(shares).ok_or(Error::<T>::InsufficientStake)?;
		if left > 0 {
			Positions::<T>::insert(coldkey, (netuid, hotkey), left);
		} else {
			Positions::<T>::remove(coldkey, (netuid, hotkey));
			Holders::<T>::remove((netuid, hotkey, coldkey));
			match OpenPositions::<T>::get(hotkey).checked_sub(1) {
				Some(0) | None => OpenPositions::<T>::remove(hotkey),
				Some(open) => OpenPositions::<T>::insert(hotkey, open),
			}
			frame_system::Pallet::<T>::dec_sufficients(coldkey);
		}
		Ok(())
	}

	/// The pool of `hotkey` in `netuid` with all that it has earned up to now, and nothing owed, for
	/// its caller to change and store.
	pub(crate) fn settled_pool(
		netuid: NetUid,
		hotkey: HotkeyId,
		market: &mut Market,
		now: u32,
	) -> Result<HotkeyPool, DispatchError> {
		let mut pools = OpenPools::<T>::of(netuid);
		let mut open = pools.open(hotkey)?;
		open.settle(market, now)?;
		open.pay_owed()?;
		Ok(*open.pool)
	}

	/// All shares of `hotkey`'s pool on `netuid`, 0 for root, that are `coldkey`'s: those of its
	/// position, and those that the pool owes it.
	pub fn shares_of(coldkey: &T::AccountId, netuid: NetUid, hotkey: HotkeyId) -> u128 {
		let held = Positions::<T>::get(coldkey, (netuid, hotkey));
		let owed = match netuid.is_root() {
			true => RootPools::<T>::get(hotkey).stake.owed,
			false => HotkeyPools::<T>::get((netuid, hotkey)).stake.owed,
		};
		let is_owners =
			owed > 0 && T::Registry::hotkey(hotkey).is_some_and(|hotkey| hotkey.owner == *coldkey);
		// Their sum is part of the pool's shares.
		held.saturating_add(if is_owners { owed } else { 0 })
	}

	/// Deposit one reward, and store the pool it is staked in.
	pub(crate) fn deposit_reward(
		netuid: NetUid,
		market: &mut Market,
		reward: RewardDeposit<'_, T::AccountId>,
		now: u32,
	) -> DispatchResult {
		let mut pools = OpenPools::<T>::of(netuid);
		pools.deposit(market, reward, now)?;
		pools.store();
		Ok(())
	}
}
