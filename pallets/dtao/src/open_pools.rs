//! The stake of hotkeys on a subnet while it is worked on: each page of pools is read once, changed
//! in memory and stored once, and who a hotkey is, is asked once.

use crate::{
	ledger::RewardDeposit,
	pools::{OfSubnet, OpenPages},
	types::{sound, Dividend, HotkeyPool, Market},
	Config, Error, Event, Pallet, RewardSource,
};
use alloc::collections::{btree_map::Entry, BTreeMap};
use dtao_primitives::{traits::Hotkey, Alpha, HotkeyId, NetUid};
use sp_runtime::{DispatchError, DispatchResult};

/// Who hotkeys are, each asked once.
type Hotkeys<T> = BTreeMap<HotkeyId, Hotkey<<T as frame_system::Config>::AccountId>>;

/// The stake of a hotkey on a subnet, for whoever opened it to change and to store.
pub(crate) struct OpenPool<'a, T: Config> {
	netuid: NetUid,
	id: HotkeyId,
	hotkeys: &'a mut Hotkeys<T>,
	/// How many positions were written.
	credited: &'a mut usize,
	/// The pool, as it is to be stored.
	pub(crate) pool: &'a mut HotkeyPool,
}

impl<T: Config> OpenPool<'_, T> {
	/// Whose pool it is.
	pub(crate) fn hotkey(&mut self) -> Result<&Hotkey<T::AccountId>, DispatchError> {
		match self.hotkeys.entry(self.id) {
			Entry::Occupied(known) => Ok(known.into_mut()),
			Entry::Vacant(unknown) => Ok(unknown.insert(Pallet::<T>::hotkey_of(self.id)?)),
		}
	}

	/// Credit the pool with all that it has earned up to now, and say so. Before every touch, so that
	/// a touch moves no reward of the past.
	pub(crate) fn settle(&mut self, market: &mut Market, now: u32) -> DispatchResult {
		let Dividend { alpha, take } = self.settle_silently(market, now)?;
		if alpha.is_zero() {
			return Ok(());
		}
		let Hotkey { account: hotkey, owner, .. } = self.hotkey()?.clone();
		let netuid = self.netuid;
		Pallet::<T>::deposit_event(Event::RewardSettled { hotkey, netuid, alpha, take });
		match take.is_zero() {
			true => Ok(()),
			false => self.say_deposited(owner, take, RewardSource::Take),
		}
	}

	/// As [`Self::settle`]; its caller has to say it in an event.
	pub(crate) fn settle_silently(
		&mut self,
		market: &mut Market,
		now: u32,
	) -> Result<Dividend, DispatchError> {
		let pool = &mut self.pool;
		pool.stake.count_to(now).map_err(Error::<T>::from)?;
		if pool.epoch != market.epoch.index || pool.weight == 0 {
			return Ok(Dividend::default());
		}
		let due = pool.claim(market).map_err(Error::<T>::from)?;
		match due.is_zero() {
			true => Ok(Dividend::default()),
			false => self.reward_stakers(due),
		}
	}

	/// Share `due` between the stakers of the hotkey and its owner, who takes a part: floored, so
	/// that what cannot be divided is the stakers'. The take is that of the epoch's opening, or
	/// today's if that is less: a raise does not reach back.
	fn reward_stakers(&mut self, due: Alpha) -> Result<Dividend, DispatchError> {
		let of_today = self.hotkey()?.take;
		let HotkeyPool { stake, take: of_epoch, .. } = &mut self.pool;
		let take = match stake.shares {
			0 => due,
			_ => Alpha(of_today.min(*of_epoch).mul_floor(due.get())),
		};
		let to_stakers = sound(due.checked_sub(take)).map_err(Error::<T>::from)?;
		stake.reward(to_stakers.get()).map_err(Error::<T>::from)?;
		if !take.is_zero() {
			self.deposit_for_owner(take)?;
		}
		Ok(Dividend { alpha: due, take })
	}

	/// Stake `alpha` for `coldkey`, and say so.
	pub(crate) fn deposit(
		&mut self,
		coldkey: &T::AccountId,
		alpha: Alpha,
		source: RewardSource,
	) -> DispatchResult {
		let shares = self.pool.stake.deposit(alpha.get()).map_err(Error::<T>::from)?;
		self.credit(coldkey, shares)?;
		self.say_deposited(coldkey.clone(), alpha, source)
	}

	/// Say that `alpha` was staked for `coldkey`.
	pub(crate) fn say_deposited(
		&mut self,
		coldkey: T::AccountId,
		alpha: Alpha,
		source: RewardSource,
	) -> DispatchResult {
		let (hotkey, netuid) = (self.hotkey()?.account.clone(), self.netuid);
		let deposited = Event::RewardDeposited { coldkey, hotkey, netuid, alpha, source };
		Pallet::<T>::deposit_event(deposited);
		Ok(())
	}

	/// Put what the pool owes its hotkey's owner into its position: before anybody else touches the
	/// pool, and before the hotkey leaves its seat.
	pub(crate) fn pay_owed(&mut self) -> DispatchResult {
		let owed = self.pool.stake.take_owed();
		if owed == 0 {
			return Ok(());
		}
		let owner = self.hotkey()?.owner.clone();
		self.credit(&owner, owed)
	}

	/// Stake `alpha` for the hotkey's owner. If it has a position, the shares are owed to it. Only
	/// while the hotkey has a seat here: see [`Self::pay_owed`].
	pub(crate) fn deposit_for_owner(&mut self, alpha: Alpha) -> DispatchResult {
		let stake = &mut self.pool.stake;
		if stake.owner_holds {
			return Ok(stake.deposit_owed(alpha.get()).map_err(Error::<T>::from)?);
		}
		let shares = stake.deposit(alpha.get()).map_err(Error::<T>::from)?;
		stake.owner_holds = true;
		let owner = self.hotkey()?.owner.clone();
		self.credit(&owner, shares)
	}

	fn credit(&mut self, coldkey: &T::AccountId, shares: u128) -> DispatchResult {
		// At most three a seat.
		*self.credited = self.credited.saturating_add(1);
		Pallet::<T>::credit_shares(coldkey, self.netuid, self.id, shares)
	}
}

/// The pools of a subnet that are open.
#[must_use = "what was changed is not stored yet"]
pub(crate) struct OpenPools<T: Config> {
	netuid: NetUid,
	pools: OpenPages<OfSubnet<T>>,
	hotkeys: Hotkeys<T>,
	credited: usize,
}

impl<T: Config> OpenPools<T> {
	/// None of the pools of `netuid`.
	pub(crate) fn of(netuid: NetUid) -> Self {
		let pools = OpenPages::of(OfSubnet::of(netuid));
		Self { netuid, pools, hotkeys: BTreeMap::new(), credited: 0 }
	}

	/// The pool of `id`, to be changed.
	pub(crate) fn open(&mut self, id: HotkeyId) -> Result<OpenPool<'_, T>, DispatchError> {
		let Self { netuid, pools, hotkeys, credited } = self;
		let pool = pools.entry(id).map_err(Error::<T>::from)?;
		Ok(OpenPool { netuid: *netuid, id, hotkeys, credited, pool })
	}

	/// The pool of `id` as it stands.
	pub(crate) fn get(&mut self, id: HotkeyId) -> HotkeyPool {
		self.pools.get(id)
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
		let mut open = self.open(hotkey)?;
		open.settle(market, now)?;
		open.deposit(coldkey, alpha, source)
	}

	/// What was touched up to now.
	pub(crate) fn touched(&self) -> Touched {
		let (pages_read, pages_written) = self.pools.touched();
		let (hotkeys, positions) = (self.hotkeys.len(), self.credited);
		Touched { pages_read, pages_written, hotkeys, positions }
	}

	/// Store every pool that was opened to be changed.
	pub(crate) fn store(self) {
		self.pools.store();
	}
}

/// What was read and written of pools, hotkeys and positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
	/// Pages of pools that were read.
	pub(crate) pages_read: usize,
	/// Pages of pools that are written.
	pub(crate) pages_written: usize,
	/// Hotkeys that were looked up.
	pub(crate) hotkeys: usize,
	/// Positions that were written.
	pub(crate) positions: usize,
}
