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
	/// to now, for its caller to change and store, with `totals`. Before every touch.
	///
	/// What drips into a pool that nobody has shares of is the hotkey's owner's.
	pub(crate) fn settled_root_pool(
		id: HotkeyId,
		hotkey: &T::AccountId,
		totals: &mut RootTotals,
		now: u32,
	) -> Result<RootPool, DispatchError> {
		let mut pool = RootPools::<T>::get(id);
		pool.stake.count_to(now).map_err(Error::<T>::from)?;
		let released = pool.drip.release(now).map_err(Error::<T>::from)?;
		if released.is_zero() {
			return Ok(pool);
		}
		totals.released(released).map_err(Error::<T>::from)?;
		Self::deposit_event(Event::RootDripReleased { hotkey: hotkey.clone(), tao: released });
		if pool.stake.shares > 0 {
			pool.stake.reward(released.get()).map_err(Error::<T>::from)?;
		} else {
			let owned = Self::hotkey_of(id)?;
			Self::deposit_root(id, &owned, &mut pool, released, RewardSource::Drip)?;
		}
		Ok(pool)
	}

	/// Stake `tao` on root for the owner of `hotkey`, whose number is `id`.
	fn deposit_root(
		id: HotkeyId,
		hotkey: &Hotkey<T::AccountId>,
		pool: &mut RootPool,
		tao: Tao,
		source: RewardSource,
	) -> DispatchResult {
		let shares = pool.stake.deposit(tao.get()).map_err(Error::<T>::from)?;
		Self::credit_shares(&hotkey.owner, NetUid::ROOT, id, shares)?;
		Self::deposit_event(Event::RewardDeposited {
			coldkey: hotkey.owner.clone(),
			hotkey: hotkey.account.clone(),
			netuid: NetUid::ROOT,
			alpha: Alpha(tao.get()),
			source,
		});
		Ok(())
	}

	/// Assign root's `dividend` of `hotkey`: its take at once as stake of its owner, the rest spread
	/// over the blocks to come. The take is floored: what cannot be divided is the stakers'.
	pub(crate) fn assign_root_dividend(
		dividend: RootDividend,
		hotkey: &Hotkey<T::AccountId>,
		totals: &mut RootTotals,
		now: u32,
	) -> DispatchResult {
		let RootDividend { netuid, hotkey: id, tao, most_take, blocks } = dividend;
		let mut pool = Self::settled_root_pool(id, &hotkey.account, totals, now)?;
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
		if !take.is_zero() {
			Self::deposit_root(id, hotkey, &mut pool, take, RewardSource::Take)?;
		}
		RootPools::<T>::insert(id, pool);
		Ok(())
	}
}
