//! What clients read of emission, seats and hotkeys: the runtime API's answers that concern no
//! wallet. Loops here are over subnets, seats or hotkeys, and run off chain only.

use crate::{
	types::{Buckets, Score},
	Config, Emitting, HotkeyPools, Markets, Pallet, Root, RootPools, Scores,
};
use alloc::vec::Vec;
use core::iter;
use dtao_math::reward;
use dtao_primitives::{
	traits::{Consensus, SeatConsensus, SubnetRegistry},
	views::{
		EmissionBreakdown, HotkeyStakeView, HotkeyView, MetagraphView, RootStakeView, RootView,
		RuleWeights, SeatView,
	},
	Alpha, HotkeyId, NetUid, Tao, Uid,
};
use frame_support::traits::Get;
use sp_runtime::{FixedPointNumber, FixedU128};

impl<T: Config> Pallet<T> {
	/// Where the emission of `netuid` goes; none if it is no subnet that trades.
	pub fn emission_breakdown(netuid: NetUid) -> Option<EmissionBreakdown> {
		let market = Markets::<T>::get(netuid)?;
		market.started_at?;
		let params = T::Params::get();
		let markets = Self::markets_of(&Emitting::<T>::get(), &params).ok()?;
		let share = markets.into_iter().find(|(of, _, _)| *of == netuid)?.2;
		let next = Self::next_emissions().into_iter().find(|(of, _, _)| *of == netuid);
		let buckets = market.buckets;
		Some(EmissionBreakdown {
			next_block: next.map(|(_, emission, _)| emission).unwrap_or_default(),
			share: FixedU128::checked_from_rational(share.numerator, share.denominator)?,
			weights: RuleWeights {
				tao: market.pool.tao,
				price_ema: market.price_ema,
				flow_ema: market.flow_ema,
			},
			owner: buckets.owner,
			miners: buckets.miners.checked_sub(buckets.miners_settled)?,
			validators: buckets.validators.checked_sub(buckets.settled)?,
			root_alpha: buckets.root,
			root_tao: market.root_waiting().ok()?,
			epoch: market.epoch.index,
			closes_at: market.epoch.closes_at,
		})
	}

	/// The seats of `netuid`; none if there is no such subnet.
	pub fn metagraph(netuid: NetUid) -> Option<MetagraphView<T::AccountId>> {
		let market = Markets::<T>::get(netuid)?;
		let epoch = market.epoch;
		let scores = Scores::<T>::get(netuid);
		// A consensus that keeps nothing says nothing.
		let known =
			T::Consensus::seats(netuid).into_iter().chain(iter::repeat_with(Default::default));
		let seats = scores.iter().zip(known).zip((0u16..).map(Uid)).filter_map(
			|((score, consensus), uid)| Self::seat(netuid, uid, score, &consensus, &market.buckets),
		);
		Some(MetagraphView {
			netuid,
			epoch: epoch.index,
			opened_at: epoch.opened_at,
			closes_at: epoch.closes_at,
			seats: seats.collect(),
		})
	}

	fn seat(
		netuid: NetUid,
		uid: Uid,
		score: &Score,
		consensus: &SeatConsensus,
		buckets: &Buckets,
	) -> Option<SeatView<T::AccountId>> {
		let hotkey = T::Registry::hotkey(score.hotkey)?;
		Some(SeatView {
			uid,
			hotkey: hotkey.account,
			coldkey: hotkey.owner,
			alpha: Alpha(HotkeyPools::<T>::get((netuid, score.hotkey)).stake.amount),
			root: Tao(RootPools::<T>::get(score.hotkey).stake.amount),
			take: hotkey.take,
			stake: Alpha(consensus.stake),
			active: consensus.active,
			permit: consensus.permit,
			last_update: consensus.last_update,
			trust: consensus.trust,
			validator_trust: consensus.validator_trust,
			consensus: consensus.consensus,
			incentive: score.incentive,
			dividend: score.dividend,
			root_dividend: score.root,
			emission: earned(score, buckets)?,
		})
	}

	/// Root, by hotkey, in the order of their numbers.
	pub fn root() -> RootView<T::AccountId> {
		let totals = Root::<T>::get();
		let mut pools: Vec<_> = RootPools::<T>::iter().collect();
		pools.sort_by_key(|(hotkey, _)| *hotkey);
		let hotkeys = pools.into_iter().filter_map(|(id, pool)| {
			Some(RootStakeView {
				hotkey: T::Registry::hotkey(id)?.account,
				staked: Tao(pool.stake.amount),
				dripping: pool.drip.left,
				until: pool.drip.until,
			})
		});
		RootView { staked: totals.staked, dripping: totals.dripping, hotkeys: hotkeys.collect() }
	}

	/// A hotkey and its stakes; none if nobody owns it.
	pub fn hotkey(hotkey: &T::AccountId) -> Option<HotkeyView<T::AccountId>> {
		let id = T::Registry::hotkey_id(hotkey)?;
		let known = T::Registry::hotkey(id)?;
		let mut netuids: Vec<_> = Markets::<T>::iter_keys().collect();
		netuids.push(NetUid::ROOT);
		netuids.sort();
		let stakes = netuids.into_iter().filter_map(|netuid| Self::hotkey_stake(netuid, id));
		Some(HotkeyView {
			hotkey: known.account,
			coldkey: known.owner,
			take: known.take,
			stakes: stakes.collect(),
		})
	}

	fn hotkey_stake(netuid: NetUid, id: HotkeyId) -> Option<HotkeyStakeView> {
		if netuid.is_root() {
			let stake = RootPools::<T>::get(id).stake;
			let (alpha, growth) = (stake.amount, stake.growth()?);
			let view =
				HotkeyStakeView { netuid, alpha, tao_value: Tao(alpha), dividend: 0, growth };
			return (alpha > 0).then_some(view);
		}
		let market = Markets::<T>::get(netuid)?;
		let pool = HotkeyPools::<T>::get((netuid, id));
		let alpha = pool.stake.amount;
		let scored = pool.epoch == market.epoch.index;
		let dividend = if scored { pool.weight } else { 0 };
		let tao_value = Tao(market.pool.spot_value(alpha).ok()?);
		let growth = pool.stake.growth()?;
		let view = HotkeyStakeView { netuid, alpha, tao_value, dividend, growth };
		(alpha > 0 || dividend > 0).then_some(view)
	}
}

/// ALPHA that a seat has earned in the open epoch up to this block, as a miner and as a validator.
fn earned(score: &Score, buckets: &Buckets) -> Option<Alpha> {
	let mined = reward::accrued(buckets.miners.get(), score.incentive).ok()?;
	let validated = reward::accrued(buckets.validators.get(), score.dividend).ok()?;
	Alpha(mined).checked_add(Alpha(validated))
}
