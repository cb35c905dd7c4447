//! What other pallets may tell and ask the market.

use crate::{
	types::{Epoch, Market, Pool, Score},
	Config, Dissolved, Emitting, Error, HotkeyPools, Markets, Pallet, Redemptions, RootPools,
	Scores,
};
use alloc::vec::Vec;
use dtao_primitives::{
	traits::{MarketInspect, OnSubnet, SubnetRegistry},
	Alpha, HotkeyId, NetUid, Tao, Uid,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{traits::BlockNumberProvider, DispatchError, DispatchResult, FixedU128};

impl<T: Config> OnSubnet<T::AccountId> for Pallet<T> {
	fn on_created(netuid: NetUid, payer: &T::AccountId, lock: Tao) -> DispatchResult {
		let exists = netuid.is_root()
			|| Markets::<T>::contains_key(netuid)
			|| Dissolved::<T>::contains_key(netuid);
		ensure!(!exists, Error::<T>::MarketExists);
		ensure!(lock.get() >= T::Params::get().min_reserve, Error::<T>::ReserveTooLow);
		Self::ensure_can_pay(payer, lock)?;
		Self::collect(payer, lock)?;
		let market = Market { pool: Pool::at_par(lock), ..Default::default() };
		Markets::<T>::insert(netuid, &market);
		Ok(())
	}

	fn on_started(netuid: NetUid) -> DispatchResult {
		let mut market = Markets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		ensure!(market.started_at.is_none(), Error::<T>::AlreadyStarted);
		let now = T::BlockNumberProvider::current_block_number();
		market.started_at = Some(now);
		market.epoch = Epoch {
			index: 1,
			opened_at: now,
			closes_at: staggered(netuid, now, T::Registry::tempo(netuid)),
			..Default::default()
		};
		Markets::<T>::insert(netuid, &market);
		Self::count_seats_anew(netuid, now)?;
		Emitting::<T>::try_mutate(|subnets| {
			let place = subnets.partition_point(|started| *started < netuid);
			subnets.try_insert(place, netuid).map_err(|_| Error::<T>::TooManySubnets.into())
		})
	}

	fn on_seated(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult {
		ensure!(Markets::<T>::contains_key(netuid), Error::<T>::UnknownSubnet);
		let now = T::BlockNumberProvider::current_block_number();
		let score = Self::new_score(netuid, hotkey, now)?;
		Scores::<T>::try_mutate(netuid, |scores| {
			ensure!(scores.len() == usize::from(uid.0), Error::<T>::InvalidSeat);
			scores.try_push(score).map_err(|_| Error::<T>::InvalidSeat.into())
		})
	}

	fn on_replaced(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult {
		Self::replace_seat(netuid, uid, hotkey)
	}

	fn on_dissolved(netuid: NetUid) -> DispatchResult {
		Self::dissolve(netuid)
	}

	fn on_coldkey_swapped(
		from: &T::AccountId,
		to: &T::AccountId,
		limit: u32,
	) -> Result<u32, DispatchError> {
		Self::move_wallet(from, to, limit)
	}
}

impl<T: Config> Pallet<T> {
	/// A seat whose stake counts from `now`.
	pub(crate) fn new_score(netuid: NetUid, hotkey: HotkeyId, now: u32) -> Result<Score, Error<T>> {
		let alpha = HotkeyPools::<T>::get((netuid, hotkey)).stake;
		let root = RootPools::<T>::get(hotkey).stake;
		Ok(Score {
			hotkey,
			incentive: 0,
			dividend: 0,
			root: 0,
			alpha_blocks: alpha.stake_blocks_at(now)?,
			root_blocks: root.stake_blocks_at(now)?,
		})
	}

	/// Count the stake of the seats that were taken before the start from the start, as the epoch
	/// does: else the blocks before it would be counted as if they were the epoch's.
	fn count_seats_anew(netuid: NetUid, now: u32) -> DispatchResult {
		let mut scores = Scores::<T>::get(netuid);
		for score in &mut scores {
			*score = Self::new_score(netuid, score.hotkey, now)?;
		}
		Scores::<T>::insert(netuid, scores);
		Ok(())
	}
}

/// The first block after `now` in which the epochs of `netuid` close: those of other subnets close
/// in others.
fn staggered(netuid: NetUid, now: u32, tempo: u32) -> u32 {
	let phase = now.wrapping_add(u32::from(netuid.0)).checked_rem(tempo).unwrap_or(0);
	now.saturating_add(tempo.saturating_sub(phase))
}

impl<T: Config> MarketInspect for Pallet<T> {
	fn stake(netuid: NetUid, hotkey: HotkeyId) -> u64 {
		if netuid.is_root() {
			RootPools::<T>::get(hotkey).stake.amount
		} else {
			HotkeyPools::<T>::get((netuid, hotkey)).stake.amount
		}
	}

	fn price_ema(netuid: NetUid) -> Option<FixedU128> {
		Markets::<T>::get(netuid).map(|market| market.ema())
	}

	fn issuance(netuid: NetUid) -> Option<Alpha> {
		Markets::<T>::get(netuid).and_then(|market| market.issuance().ok())
	}

	fn scores(netuid: NetUid) -> Vec<u64> {
		Scores::<T>::get(netuid).iter().map(Score::total).collect()
	}

	fn has_stake(hotkey: HotkeyId) -> bool {
		Self::is_staked_on(hotkey)
	}

	fn owes_seats(netuid: NetUid) -> bool {
		Redemptions::<T>::get(netuid).is_some_and(|redemption| !redemption.settled)
	}

	fn epoch_closes_at(netuid: NetUid) -> Option<u32> {
		let market = Markets::<T>::get(netuid)?;
		market.started_at.map(|_| market.epoch.closes_at)
	}

	fn epoch(netuid: NetUid) -> Option<u32> {
		let market = Markets::<T>::get(netuid)?;
		market.started_at.map(|_| market.epoch.index)
	}
}
