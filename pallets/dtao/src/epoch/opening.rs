//! The next epoch opens: stakes are counted, the consensus decides, and each seat has its parts.

use super::{Close, Closed, Pools, ScoresOf};
use crate::{
	open_pools::OpenPools,
	types::{sound, Epoch, Market, MarketError, Score},
	Config, Error, Markets, Pallet, Scores,
};
use alloc::vec::Vec;
use dtao_math::{apportion::apportion, participants, reward};
use dtao_primitives::{
	traits::{Consensus, ConsensusOutcome},
	Tao,
};
use frame_support::weights::WeightMeter;
use sp_runtime::{DispatchError, DispatchResult};

/// A seat's time-weighted stake over the epoch.
#[derive(Clone, Copy)]
struct SeatStake {
	/// ALPHA, in atoms.
	alpha: u64,
	/// Root TAO, in rao.
	root: u64,
	/// Root TAO seen as ALPHA, in atoms.
	root_as_alpha: u64,
}

impl<T: Config> Pallet<T> {
	/// Let the consensus decide the parts of the epoch that opens now, and store everything. Returns
	/// what was touched. `meter` takes what the consensus weighed; if it fails, what it may have.
	pub(crate) fn open_epoch(
		close: &Close<'_>,
		mut market: Market,
		mut scores: ScoresOf<T>,
		mut pools: Pools<T>,
		meter: &mut WeightMeter,
	) -> Result<Closed, DispatchError> {
		let stakes = Self::count_stakes(close, &market, &mut pools, &mut scores)?;
		let weighed: Result<Vec<u64>, _> =
			stakes.iter().map(|s| sound(s.alpha.checked_add(s.root_as_alpha))).collect();
		let decided = T::Consensus::decide(close.netuid, &weighed.map_err(Error::<T>::from)?);
		// The layer around a close that fails undoes what it wrote, and not what it took.
		meter.consume(
			decided.as_ref().map_or_else(|_| T::Consensus::most_weight(), |outcome| outcome.weight),
		);
		let outcome = decided?;
		let parts = Parts::new(&outcome, &stakes).map_err(Error::<T>::from)?;

		market.epoch = Epoch {
			index: market.epoch.index.checked_add(1).ok_or(Error::<T>::Arithmetic)?,
			opened_at: close.now,
			closes_at: next_close(market.epoch.closes_at, close.now, close.tempo),
			validators_scored: parts.validators.iter().any(|part| *part > 0),
			miners_scored: outcome.incentives.iter().any(|part| *part > 0),
		};
		market.root_stake = parts.root_stake;
		market.root_factor = 0;
		for (uid, score) in scores.iter_mut().enumerate() {
			score.incentive = part(&outcome.incentives, uid);
			score.dividend = part(&parts.validators, uid);
			score.root = part(&parts.root, uid);
			Self::open_seat(&mut pools.alpha, score, market.epoch.index)?;
		}
		let closed = pools.touched(scores.len());
		pools.store();
		Markets::<T>::insert(close.netuid, &market);
		Scores::<T>::insert(close.netuid, scores);
		Ok(closed)
	}

	/// Let the pool of a seat begin the epoch `index`: with its part of the validators' bucket, and
	/// with the take of this moment if it has a part there or of root's. What an earlier epoch left in
	/// the pool of another counts for nothing, and is not touched.
	fn open_seat(pools: &mut OpenPools<T>, score: &Score, index: u32) -> DispatchResult {
		if score.dividend == 0 && score.root == 0 {
			return Ok(());
		}
		let mut seat = pools.open(score.hotkey)?;
		let take = seat.hotkey()?.take;
		let pool = seat.pool;
		(pool.epoch, pool.weight, pool.credited) = (index, score.dividend, 0);
		pool.take = take;
		Ok(())
	}

	/// Each seat's mean stake since the epoch opened; the count starts anew.
	fn count_stakes(
		close: &Close<'_>,
		market: &Market,
		pools: &mut Pools<T>,
		scores: &mut ScoresOf<T>,
	) -> Result<Vec<SeatStake>, DispatchError> {
		let blocks = close.now.saturating_sub(market.epoch.opened_at);
		let mut stakes = Vec::with_capacity(scores.len());
		for score in scores.iter_mut() {
			let pool = pools.alpha.get(score.hotkey).stake;
			let root_pool = pools.root.get(score.hotkey).stake;
			let alpha_blocks = pool.stake_blocks_at(close.now).map_err(Error::<T>::from)?;
			let root_blocks = root_pool.stake_blocks_at(close.now).map_err(Error::<T>::from)?;
			let alpha = mean(alpha_blocks, score.alpha_blocks, blocks, pool.amount);
			let root = mean(root_blocks, score.root_blocks, blocks, root_pool.amount);
			let alpha = alpha.map_err(Error::<T>::from)?;
			let root = root.map_err(Error::<T>::from)?;
			score.alpha_blocks = alpha_blocks;
			score.root_blocks = root_blocks;
			stakes.push(SeatStake {
				alpha,
				root,
				root_as_alpha: root_as_alpha(close, market, alpha, root, blocks)
					.map_err(Error::<T>::from)?,
			});
		}
		Ok(stakes)
	}
}

/// The parts of the validators' and root's buckets, by uid, each summing to `u32::MAX`.
struct Parts {
	validators: Vec<u32>,
	root: Vec<u32>,
	/// Root TAO of all seats with a permit.
	root_stake: Tao,
}

impl Parts {
	/// Split each seat's dividend by its stake: root's part ⌊d·f⌋, `f = root/(alpha + root)`, the
	/// validators' the rest; then each list apportioned to the whole, so that a bucket is paid out
	/// but for less than an atom a seat.
	fn new(outcome: &ConsensusOutcome, stakes: &[SeatStake]) -> Result<Self, MarketError> {
		let mut root = Vec::with_capacity(stakes.len());
		let mut validators = Vec::with_capacity(stakes.len());
		let mut root_stake = Tao::ZERO;
		for (uid, stake) in stakes.iter().enumerate() {
			let dividend = u64::from(part(&outcome.dividends, uid));
			let all = sound(stake.alpha.checked_add(stake.root_as_alpha))?;
			let to_root = match all {
				0 => 0,
				_ => dtao_math::wide::mul_div_u64(
					dividend,
					stake.root_as_alpha,
					all,
					dtao_math::Rounding::Down,
				)?,
			};
			root.push(u128::from(to_root));
			validators.push(u128::from(sound(dividend.checked_sub(to_root))?));
			if outcome.permits.get(uid).copied().unwrap_or(false) {
				root_stake = sound(root_stake.checked_add(Tao(stake.root)))?;
			}
		}
		let root = whole(&root)?;
		if root.iter().all(|part| *part == 0) {
			root_stake = Tao::ZERO;
		}
		Ok(Self { validators: whole(&validators)?, root, root_stake })
	}
}

/// `weights` apportioned to `u32::MAX`; all 0 when every weight is.
fn whole(weights: &[u128]) -> Result<Vec<u32>, MarketError> {
	let mut parts = alloc::vec![0u64; weights.len()];
	if weights.iter().any(|weight| *weight > 0) {
		apportion(u64::from(reward::WHOLE), weights, &mut parts)?;
	}
	parts.into_iter().map(|part| sound(u32::try_from(part).ok())).collect()
}

fn part(parts: &[u32], uid: usize) -> u32 {
	parts.get(uid).copied().unwrap_or(0)
}

/// The mean stake since `opened`; `current` in an epoch of no length.
fn mean(closed: u128, opened: u128, blocks: u32, current: u64) -> Result<u64, MarketError> {
	let gained = sound(closed.checked_sub(opened))?;
	match gained.checked_div(u128::from(blocks)) {
		Some(mean) => sound(u64::try_from(mean).ok()),
		None => Ok(current),
	}
}

/// Root TAO seen as ALPHA of this subnet at the epoch's mean price and share: a price moved for one
/// block counts for one block. However low the price, no more than leaves the sum with the seat's
/// own `alpha` within 64 bits.
fn root_as_alpha(
	close: &Close<'_>,
	market: &Market,
	alpha: u64,
	root: u64,
	blocks: u32,
) -> Result<u64, MarketError> {
	let weight = close.params.tao_weight;
	let seen = match blocks {
		0 => participants::root_as_alpha(
			weight,
			root,
			close.share.numerator,
			close.share.denominator,
			market.pool.tao.get(),
			market.pool.alpha.get(),
		)?,
		_ => participants::mean_root_as_alpha(weight, root, market.root_factor, blocks)?,
	};
	Ok(u64::try_from(seen).unwrap_or(u64::MAX).min(u64::MAX.saturating_sub(alpha)))
}

/// The close after `due`: a whole number of tempos on, so that the stagger stays, and after `now`.
fn next_close(due: u32, now: u32, tempo: u32) -> u32 {
	let next = due.saturating_add(tempo);
	if next > now {
		next
	} else {
		now.saturating_add(tempo)
	}
}
