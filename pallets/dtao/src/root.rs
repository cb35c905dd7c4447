//! Root: TAO staked as TAO, and the dividends that drip into it.

use crate::{
	types::{sound, RootPool, RootTotals},
	Config, Error, Event, Pallet, RewardSource, RootPools,
};
use dtao_primitives::{traits::Hotkey, Alpha, HotkeyId, NetUid, Tao};
use sp_runtime::{DispatchError, DispatchResult, PerU16};

/// A dividend of root: what, to whom, for what.
pub(crate) struct RootDividend {
	/// The subnet that earned it.
	pub(crate) netuid: NetUid,
	/// Whose stakers on root it is for.
	pub(crate) hotkey: HotkeyId,
	/// How much.
	pub(crate) tao: Tao,
	/// The hotkey's take when the epoch opened: a raise since does not reach back.
	pub(crate) most_take: PerU16,
	/// Over how many blocks it is released.
	pub(crate) blocks: u32,
}

impl<T: Config> Pallet<T> {
	/// The root pool of hotkey `id`, whose account is `hotkey`, with all that has dripped into it up
	/// to now, and nothing owed, for its caller to change and store, with `totals`. Before every touch.
	pub(crate) fn settled_root_pool(
		id: HotkeyId,
		hotkey: &T::AccountId,
		totals: &mut RootTotals,
		now: u32,
	) -> Result<RootPool, DispatchError> {
		let mut pool = RootPools::<T>::get(id);
		Self::settle_root_pool(id, hotkey, &mut pool, totals, now)?;
		Self::pay_owed_of_root(id, &mut pool)?;
		Ok(pool)
	}

	/// Let drip into `pool` what is due.
	///
	/// What drips into a pool that nobody has shares of is the hotkey's owner's.
	fn settle_root_pool(
		id: HotkeyId,
		hotkey: &T::AccountId,
		pool: &mut RootPool,
		totals: &mut RootTotals,
		now: u32,
	) -> DispatchResult {
		pool.stake.count_to(now).map_err(Error::<T>::from)?;
		let released = pool.drip.release(now).map_err(Error::<T>::from)?;
		if released.is_zero() {
			return Ok(());
		}
		totals.released(released).map_err(Error::<T>::from)?;
		Self::deposit_event(Event::RootDripReleased { hotkey: hotkey.clone(), tao: released });
		if pool.stake.shares > 0 {
			return Ok(pool.stake.reward(released.get()).map_err(Error::<T>::from)?);
		}
		let owned = Self::hotkey_of(id)?;
		let shares = pool.stake.deposit(released.get()).map_err(Error::<T>::from)?;
		Self::credit_shares(&owned.owner, NetUid::ROOT, id, shares)?;
		Self::say_staked_on_root(&owned, released, RewardSource::Drip);
		Ok(())
	}

	/// Put what `pool` owes the owner of hotkey `id` into its position.
	pub(crate) fn pay_owed_of_root(id: HotkeyId, pool: &mut RootPool) -> DispatchResult {
		match pool.stake.take_owed() {
			0 => Ok(()),
			owed => Self::credit_shares(&Self::hotkey_of(id)?.owner, NetUid::ROOT, id, owed),
		}
	}

	/// Stake the take `tao` on root for the owner of `hotkey`, whose number is `id`. If it has a
	/// position, the shares are owed to it. Returns whether its position was written.
	fn deposit_root_take(
		id: HotkeyId,
		hotkey: &Hotkey<T::AccountId>,
		pool: &mut RootPool,
		tao: Tao,
	) -> Result<bool, DispatchError> {
		let stake = &mut pool.stake;
		let opens = !stake.owner_holds;
		if opens {
			let shares = stake.deposit(tao.get()).map_err(Error::<T>::from)?;
			stake.owner_holds = true;
			Self::credit_shares(&hotkey.owner, NetUid::ROOT, id, shares)?;
		} else {
			stake.deposit_owed(tao.get()).map_err(Error::<T>::from)?;
		}
		Self::say_staked_on_root(hotkey, tao, RewardSource::Take);
		Ok(opens)
	}

	fn say_staked_on_root(hotkey: &Hotkey<T::AccountId>, tao: Tao, source: RewardSource) {
		Self::deposit_event(Event::RewardDeposited {
			coldkey: hotkey.owner.clone(),
			hotkey: hotkey.account.clone(),
			netuid: NetUid::ROOT,
			alpha: Alpha(tao.get()),
			source,
		});
	}

	/// Assign root's `dividend` of `hotkey`, which has a seat, to its `pool`: its take at once as stake
	/// of its owner, the rest spread over the blocks to come. The take is floored: what cannot be
	/// divided is the stakers'. Returns whether the owner's position was written.
	pub(crate) fn assign_root_dividend(
		dividend: RootDividend,
		hotkey: &Hotkey<T::AccountId>,
		pool: &mut RootPool,
		totals: &mut RootTotals,
		now: u32,
	) -> Result<bool, DispatchError> {
		let RootDividend { netuid, hotkey: id, tao, most_take, blocks } = dividend;
		Self::settle_root_pool(id, &hotkey.account, pool, totals, now)?;
		let take = Tao(hotkey.take.min(most_take).mul_floor(tao.get()));
		let rest = sound(tao.checked_sub(take)).map_err(Error::<T>::from)?;
		pool.drip.refill(rest, now, blocks).map_err(Error::<T>::from)?;
		totals.assigned(take, rest).map_err(Error::<T>::from)?;
		Self::deposit_event(Event::RootDividendAssigned {
			hotkey: hotkey.account.clone(),
			netuid,
			tao,
			take,
		});
		match take.is_zero() {
			true => Ok(false),
			false => Self::deposit_root_take(id, hotkey, pool, take),
		}
	}
}
