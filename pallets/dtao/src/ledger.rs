//! Who holds what: positions, and the settlement of a hotkey's rewards before anyone touches them.

use crate::{
	types::{sound, Book, HotkeyPool, Market, StakePool},
	Config, Error, Event, Holders, HotkeyPools, Markets, OpenPositions, Pallet, Positions,
	RewardSource, Root, RootPools,
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
					RootPools::<T>::remove(hotkey);
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
			HotkeyPools::<T>::remove((netuid, hotkey));
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
		let held = Positions::<T>::get(coldkey, (netuid, hotkey));
		let after = sound(held.checked_add(shares)).map_err(Error::<T>::from)?;
		Positions::<T>::insert(coldkey, (netuid, hotkey), after);
		if held == 0 {
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

	/// The pool of `hotkey` in `netuid` with all that it has earned up to now, for its caller to
	/// change and store. Before every touch, so that a touch moves no reward of the past.
	pub(crate) fn settled_pool(
		netuid: NetUid,
		hotkey: HotkeyId,
		market: &mut Market,
		now: u32,
	) -> Result<HotkeyPool, DispatchError> {
		let mut pool = HotkeyPools::<T>::get((netuid, hotkey));
		pool.stake.count_to(now).map_err(Error::<T>::from)?;
		if pool.epoch != market.epoch.index || pool.weight == 0 {
			return Ok(pool);
		}
		let due = pool.claim(market).map_err(Error::<T>::from)?;
		if !due.is_zero() {
			Self::reward_stakers(netuid, hotkey, &mut pool, due)?;
		}
		Ok(pool)
	}

	/// Share `due` between the stakers of `hotkey` and its owner, who takes a part: floored, so
	/// that what cannot be divided is the stakers'. The take is that of the epoch's opening, or
	/// today's if that is less: a raise does not reach back.
	fn reward_stakers(
		netuid: NetUid,
		id: HotkeyId,
		pool: &mut HotkeyPool,
		due: Alpha,
	) -> DispatchResult {
		let hotkey = Self::hotkey_of(id)?;
		let stake = &mut pool.stake;
		let take = match stake.shares {
			0 => due,
			_ => Alpha(hotkey.take.min(pool.take).mul_floor(due.get())),
		};
		let to_stakers = sound(due.checked_sub(take)).map_err(Error::<T>::from)?;
		stake.reward(to_stakers.get()).map_err(Error::<T>::from)?;
		Self::deposit_event(Event::RewardSettled {
			hotkey: hotkey.account.clone(),
			netuid,
			alpha: due,
			take,
		});
		Self::deposit_take(netuid, id, stake, hotkey, take)
	}

	fn deposit_take(
		netuid: NetUid,
		id: HotkeyId,
		stake: &mut StakePool,
		hotkey: Hotkey<T::AccountId>,
		take: Alpha,
	) -> DispatchResult {
		if take.is_zero() {
			return Ok(());
		}
		let shares = stake.deposit(take.get()).map_err(Error::<T>::from)?;
		Self::credit_shares(&hotkey.owner, netuid, id, shares)?;
		Self::deposit_event(Event::RewardDeposited {
			coldkey: hotkey.owner,
			hotkey: hotkey.account,
			netuid,
			alpha: take,
			source: RewardSource::Take,
		});
		Ok(())
	}

	/// Deposit a reward out of a bucket as stake. It settles the hotkey's own rewards first, and
	/// nothing else: there is no chain and no cycle.
	pub(crate) fn deposit_reward(
		netuid: NetUid,
		market: &mut Market,
		reward: RewardDeposit<'_, T::AccountId>,
		now: u32,
	) -> DispatchResult {
		let RewardDeposit { coldkey, hotkey: id, alpha, source } = reward;
		if alpha.is_zero() {
			return Ok(());
		}
		let mut pool = Self::settled_pool(netuid, id, market, now)?;
		let shares = pool.stake.deposit(alpha.get()).map_err(Error::<T>::from)?;
		HotkeyPools::<T>::insert((netuid, id), pool);
		Self::credit_shares(coldkey, netuid, id, shares)?;
		Self::deposit_event(Event::RewardDeposited {
			coldkey: coldkey.clone(),
			hotkey: Self::hotkey_of(id)?.account,
			netuid,
			alpha,
			source,
		});
		Ok(())
	}
}
