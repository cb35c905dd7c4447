//! The stake of hotkeys on a subnet while it is worked on: each pool is read once, changed in
//! memory and stored once, and who its hotkey is, is asked once.

use crate::{
	ledger::RewardDeposit,
	types::{sound, HotkeyPool, Market},
	Config, Error, Event, HotkeyPools, Pallet, RewardSource,
};
use alloc::collections::BTreeMap;
use dtao_primitives::{traits::Hotkey, Alpha, HotkeyId, NetUid};
use sp_runtime::{DispatchError, DispatchResult};

/// The stake of a hotkey on a subnet, for whoever opened it to change and to store.
pub(crate) struct OpenPool<T: Config> {
	netuid: NetUid,
	id: HotkeyId,
	hotkey: Option<Hotkey<T::AccountId>>,
	/// The pool, as it is to be stored.
	pub(crate) pool: HotkeyPool,
}

impl<T: Config> OpenPool<T> {
	/// Read the pool of `id` on `netuid`.
	pub(crate) fn read(netuid: NetUid, id: HotkeyId) -> Self {
		Self { netuid, id, hotkey: None, pool: HotkeyPools::<T>::get((netuid, id)) }
	}

	/// Whose pool it is.
	pub(crate) fn hotkey(&mut self) -> Result<&Hotkey<T::AccountId>, DispatchError> {
		match &mut self.hotkey {
			Some(hotkey) => Ok(hotkey),
			unknown => Ok(unknown.insert(Pallet::<T>::hotkey_of(self.id)?)),
		}
	}

	/// Credit the pool with all that it has earned up to now. Before every touch, so that a touch
	/// moves no reward of the past.
	pub(crate) fn settle(&mut self, market: &mut Market, now: u32) -> DispatchResult {
		let pool = &mut self.pool;
		pool.stake.count_to(now).map_err(Error::<T>::from)?;
		if pool.epoch != market.epoch.index || pool.weight == 0 {
			return Ok(());
		}
		let due = pool.claim(market).map_err(Error::<T>::from)?;
		match due.is_zero() {
			true => Ok(()),
			false => self.reward_stakers(due),
		}
	}

	/// Share `due` between the stakers of the hotkey and its owner, who takes a part: floored, so
	/// that what cannot be divided is the stakers'. The take is that of the epoch's opening, or
	/// today's if that is less: a raise does not reach back.
	fn reward_stakers(&mut self, due: Alpha) -> DispatchResult {
		let Hotkey { account, owner, take: of_today } = self.hotkey()?.clone();
		let HotkeyPool { stake, take: of_epoch, .. } = &mut self.pool;
		let take = match stake.shares {
			0 => due,
			_ => Alpha(of_today.min(*of_epoch).mul_floor(due.get())),
		};
		let to_stakers = sound(due.checked_sub(take)).map_err(Error::<T>::from)?;
		stake.reward(to_stakers.get()).map_err(Error::<T>::from)?;
		let netuid = self.netuid;
		Pallet::<T>::deposit_event(Event::RewardSettled {
			hotkey: account,
			netuid,
			alpha: due,
			take,
		});
		match take.is_zero() {
			true => Ok(()),
			false => self.deposit(&owner, take, RewardSource::Take),
		}
	}

	/// Stake `alpha` for `coldkey`.
	pub(crate) fn deposit(
		&mut self,
		coldkey: &T::AccountId,
		alpha: Alpha,
		source: RewardSource,
	) -> DispatchResult {
		let shares = self.pool.stake.deposit(alpha.get()).map_err(Error::<T>::from)?;
		Pallet::<T>::credit_shares(coldkey, self.netuid, self.id, shares)?;
		Pallet::<T>::deposit_event(Event::RewardDeposited {
			coldkey: coldkey.clone(),
			hotkey: self.hotkey()?.account.clone(),
			netuid: self.netuid,
			alpha,
			source,
		});
		Ok(())
	}
}

/// The pools of a subnet that are open. What is opened is stored, changed or not.
#[must_use = "what was changed is not stored yet"]
pub(crate) struct OpenPools<T: Config> {
	netuid: NetUid,
	pools: BTreeMap<HotkeyId, OpenPool<T>>,
}

impl<T: Config> OpenPools<T> {
	/// None of the pools of `netuid`.
	pub(crate) fn of(netuid: NetUid) -> Self {
		Self { netuid, pools: BTreeMap::new() }
	}

	/// The pool of `id`, read if it is not open yet.
	pub(crate) fn open(&mut self, id: HotkeyId) -> &mut OpenPool<T> {
		let netuid = self.netuid;
		self.pools.entry(id).or_insert_with(|| OpenPool::read(netuid, id))
	}

	/// Deposit a reward out of a bucket as stake. It settles the hotkey's own rewards first, and
	/// nothing else: there is no chain and no cycle.
	pub(crate) fn deposit(
		&mut self,
		market: &mut Market,
		reward: RewardDeposit<'_, T::AccountId>,
		now: u32,
	) -> DispatchResult {
		let RewardDeposit { coldkey, hotkey, alpha, source } = reward;
		if alpha.is_zero() {
			return Ok(());
		}
		let open = self.open(hotkey);
		open.settle(market, now)?;
		open.deposit(coldkey, alpha, source)
	}

	/// Close the pool of `id` without storing it, for its caller to do so.
	pub(crate) fn take(&mut self, id: HotkeyId) -> Option<HotkeyPool> {
		self.pools.remove(&id).map(|open| open.pool)
	}

	/// Store every pool that is open.
	pub(crate) fn store(self) {
		for (id, open) in self.pools {
			HotkeyPools::<T>::insert((self.netuid, id), open.pool);
		}
	}
}
