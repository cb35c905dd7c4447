//! What an epoch has earned is paid: to validators' stakers, to miners, to the owner, to root.

use super::{arithmetic, Close, Paid, Pools, ScoresOf};
use crate::{
	ledger::RewardDeposit,
	open_pools::OpenPools,
	root::RootDividend,
	types::{sound, Dividend, Market, RootTotals, Score},
	Config, Error, Event, Pallet, RewardSource, Root,
};
use dtao_math::reward;
use dtao_primitives::{traits::SubnetRegistry, Alpha, NetUid, Tao};
use frame_support::BoundedVec;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Credit every seat that has a part of the validators' bucket with what it has earned up to now.
	/// The others have nothing to settle: a seat's part is its pool's weight.
	pub(super) fn settle_seats(
		close: &Close<'_>,
		market: &mut Market,
		pools: &mut OpenPools<T>,
		scores: &ScoresOf<T>,
	) -> DispatchResult {
		let mut dividends = BoundedVec::with_bounded_capacity(scores.len());
		for score in scores {
			let dividend = match score.dividend {
				0 => Dividend::default(),
				_ => pools.open(score.hotkey)?.settle_silently(market, close.now)?,
			};
			// As many as there are seats.
			dividends.try_push(dividend).map_err(|_| Error::<T>::InvalidSeat)?;
		}
		if dividends.iter().any(|dividend| !dividend.alpha.is_zero()) {
			Self::deposit_event(Event::DividendsSettled { netuid: close.netuid, dividends });
		}
		Ok(())
	}

	/// Deposit each miner's part of the bucket as stake of its owner.
	pub(super) fn pay_miners(
		close: &Close<'_>,
		market: &mut Market,
		pools: &mut OpenPools<T>,
		scores: &ScoresOf<T>,
		paid: &mut Paid,
	) -> DispatchResult {
		let redirected = Self::is_redirected(close.netuid);
		let mut on_own_hotkeys = BoundedVec::with_bounded_capacity(scores.len());
		for score in scores {
			let alpha = Self::pay_miner(close.netuid, market, pools, score, redirected, close.now)?;
			// As many as there are seats.
			on_own_hotkeys.try_push(alpha).map_err(|_| Error::<T>::InvalidSeat)?;
		}
		if on_own_hotkeys.iter().any(|alpha| !alpha.is_zero()) {
			let (netuid, alpha) = (close.netuid, on_own_hotkeys);
			Self::deposit_event(Event::IncentivesPaid { netuid, alpha });
		}
		let buckets = &mut market.buckets;
		paid.miners = core::mem::take(&mut buckets.miners_settled);
		let left = sound(buckets.miners.checked_sub(paid.miners));
		buckets.miners = left.map_err(Error::<T>::from)?;
		Ok(())
	}

	/// Deposit a seat's part of the miners' bucket, as it stands, as stake of its owner, on the hotkey
	/// that the owner has named for it, if anybody in the subnet has: if it is `redirected`. Returns
	/// what was staked on its own, which its caller has to say in an event.
	fn pay_miner(
		netuid: NetUid,
		market: &mut Market,
		pools: &mut OpenPools<T>,
		score: &Score,
		redirected: bool,
		now: u32,
	) -> Result<Alpha, DispatchError> {
		let bucket = market.buckets.miners;
		let part = reward::accrued(bucket.get(), score.incentive).map_err(arithmetic::<T>)?;
		if part == 0 {
			return Ok(Alpha::ZERO);
		}
		let alpha = Alpha(part);
		let settled = sound(market.buckets.miners_settled.checked_add(alpha));
		market.buckets.miners_settled = settled.map_err(Error::<T>::from)?;

		let mut own = pools.open(score.hotkey)?;
		if redirected {
			let owner = own.hotkey()?.owner.clone();
			let hotkey = Self::reward_destination(&owner, netuid, score.hotkey);
			if hotkey != score.hotkey {
				let (coldkey, source) = (&owner, RewardSource::Incentive);
				let deposit = RewardDeposit { coldkey, hotkey, alpha, source };
				pools.deposit(market, deposit, now)?;
				return Ok(Alpha::ZERO);
			}
		}
		own.settle(market, now)?;
		own.deposit_for_owner(alpha)?;
		Ok(alpha)
	}

	/// Pay a seat that its hotkey leaves its part of every bucket, as it stands, with what its pools
	/// owe; and store them.
	pub(crate) fn pay_leaving_seat(
		netuid: NetUid,
		market: &mut Market,
		score: &Score,
		now: u32,
		tempo: u32,
	) -> DispatchResult {
		let mut pools = Pools::of(netuid);
		let mut left = pools.alpha.open(score.hotkey)?;
		left.settle(market, now)?;
		left.pool.weight = 0;
		let alpha = Self::pay_miner(netuid, market, &mut pools.alpha, score, true, now)?;
		let mut left = pools.alpha.open(score.hotkey)?;
		if !alpha.is_zero() {
			let owner = left.hotkey()?.owner.clone();
			left.say_deposited(owner, alpha, RewardSource::Incentive)?;
		}
		left.pay_owed()?;

		let mut totals = Root::<T>::get();
		Self::pay_root_seat(netuid, market, &mut pools, score, &mut totals, now, tempo)?;
		Root::<T>::put(totals);
		if pools.root.get(score.hotkey).stake.owner_holds {
			let root_pool = pools.root.entry(score.hotkey).map_err(Error::<T>::from)?;
			Self::pay_owed_of_root(score.hotkey, root_pool)?;
		}
		pools.store();
		Ok(())
	}

	/// Deposit the owner's bucket as stake on the hotkey named at registration. Returns how much
	/// that was.
	pub(crate) fn pay_owner(
		netuid: NetUid,
		market: &mut Market,
		pools: &mut OpenPools<T>,
		now: u32,
	) -> Result<Alpha, DispatchError> {
		let Some(owner) = T::Registry::owner(netuid) else {
			return Ok(Alpha::ZERO);
		};
		let alpha = core::mem::take(&mut market.buckets.owner);
		let deposit = RewardDeposit {
			coldkey: &owner.coldkey,
			hotkey: owner.hotkey,
			alpha,
			source: RewardSource::OwnerCut,
		};
		pools.deposit(market, deposit, now)?;
		Ok(alpha)
	}

	/// Assign the TAO of root's sales by root parts.
	pub(super) fn pay_root(
		close: &Close<'_>,
		market: &mut Market,
		pools: &mut Pools<T>,
		scores: &ScoresOf<T>,
		paid: &mut Paid,
	) -> DispatchResult {
		if market.root_tao.is_zero() {
			return Ok(());
		}
		let Close { netuid, now, tempo, .. } = *close;
		let mut totals = Root::<T>::get();
		for score in scores {
			Self::pay_root_seat(netuid, market, pools, score, &mut totals, now, tempo)?;
		}
		Root::<T>::put(totals);
		paid.root = market.root_paid;
		market.root_tao = market.root_waiting().map_err(Error::<T>::from)?;
		market.root_paid = Tao::ZERO;
		Ok(())
	}

	/// Assign a seat's part of the TAO of root's sales, as it stands, to its hotkey.
	fn pay_root_seat(
		netuid: NetUid,
		market: &mut Market,
		pools: &mut Pools<T>,
		score: &Score,
		totals: &mut RootTotals,
		now: u32,
		tempo: u32,
	) -> DispatchResult {
		let part = reward::accrued(market.root_tao.get(), score.root).map_err(arithmetic::<T>)?;
		let part = Tao(part);
		if part.is_zero() {
			return Ok(());
		}
		let mut seat = pools.alpha.open(score.hotkey)?;
		let dividend = RootDividend {
			netuid,
			hotkey: score.hotkey,
			tao: part,
			most_take: seat.pool.take,
			blocks: tempo,
		};
		let root_pool = pools.root.entry(score.hotkey).map_err(Error::<T>::from)?;
		if Self::assign_root_dividend(dividend, seat.hotkey()?, root_pool, totals, now)? {
			// At most one a seat.
			pools.root_positions = pools.root_positions.saturating_add(1);
		}
		let paid = sound(market.root_paid.checked_add(part));
		market.root_paid = paid.map_err(Error::<T>::from)?;
		Ok(())
	}

	/// Recycle each bucket that nobody had a part of; what was only too little to divide opens the
	/// next epoch's. Returns the ALPHA so carried, root's bucket left out.
	pub(super) fn recycle_unearned(
		market: &mut Market,
		paid: &mut Paid,
	) -> Result<Alpha, DispatchError> {
		let Market { epoch, buckets, root_tao, root_stake, .. } = market;
		let dust = sound(buckets.validators.checked_sub(buckets.settled));
		buckets.validators = dust.map_err(Error::<T>::from)?;
		buckets.settled = Alpha::ZERO;

		let mut recycled = Alpha::ZERO;
		for (bucket, earned) in [
			(&mut buckets.validators, epoch.validators_scored),
			(&mut buckets.miners, epoch.miners_scored),
		] {
			if !earned {
				recycled = sound(recycled.checked_add(*bucket)).map_err(Error::<T>::from)?;
				*bucket = Alpha::ZERO;
			}
		}
		paid.recycled = recycled;
		if root_stake.is_zero() {
			// What this epoch's sales brought. The ALPHA that is not sold yet was earned before, while
			// somebody had a part of it: it waits for root's next part, sold at root's rate.
			paid.root_recycled = core::mem::take(root_tao);
		}
		if !paid.root_recycled.is_zero() {
			Self::recycle_from_pot(paid.root_recycled)?;
		}
		let carried = sound(buckets.validators.checked_add(buckets.miners));
		market.outstanding =
			sound(market.outstanding.checked_sub(recycled)).map_err(Error::<T>::from)?;
		Ok(carried.map_err(Error::<T>::from)?)
	}
}
