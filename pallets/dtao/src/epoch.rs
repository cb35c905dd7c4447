//! The close of an epoch: pay what it earned, ask the consensus, open the next.

use crate::{
	ledger::RewardDeposit,
	open_pools::{OpenPools, Touched},
	pools::{OfRoot, OpenPages},
	root::RootDividend,
	types::{sound, Epoch, Market, MarketError, RootTotals, Score, Share},
	weights::WeightInfo,
	Config, Error, Event, HotkeyPools, Markets, Pallet, RewardSource, Root, Scores,
};
use alloc::vec::Vec;
use dtao_math::{apportion::apportion, participants, reward};
use dtao_primitives::{
	traits::{Consensus, ConsensusOutcome, SubnetRegistry},
	Alpha, HotkeyId, MarketParams, NetUid, Tao, Uid,
};
use frame_support::{
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
	BoundedVec,
};
use sp_runtime::{traits::BlockNumberProvider, DispatchError, DispatchResult};

/// The block of an epoch's close, and what its steps share.
pub(crate) struct Close<'a> {
	pub(crate) netuid: NetUid,
	pub(crate) share: &'a Share,
	pub(crate) params: &'a MarketParams,
	pub(crate) now: u32,
	pub(crate) tempo: u32,
}

/// What an epoch paid, for its event.
#[derive(Default)]
struct Paid {
	owner: Alpha,
	miners: Alpha,
	root: Tao,
	recycled: Alpha,
	root_recycled: Tao,
}

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

/// The pools that a close works on.
pub(crate) struct Pools<T: Config> {
	alpha: OpenPools<T>,
	root: OpenPages<OfRoot<T>>,
	/// How many positions on root were written.
	root_positions: usize,
}

impl<T: Config> Pools<T> {
	/// None yet of those of `netuid` and of root.
	pub(crate) fn of(netuid: NetUid) -> Self {
		let root = OpenPages::of(OfRoot::default());
		Self { alpha: OpenPools::of(netuid), root, root_positions: 0 }
	}

	fn touched(&self, seats: usize) -> Closed {
		let mut touched = self.alpha.touched();
		let (read, written) = self.root.touched();
		for (sum, more) in [
			(&mut touched.pages_read, read),
			(&mut touched.pages_written, written),
			(&mut touched.positions, self.root_positions),
		] {
			*sum = sum.saturating_add(more);
		}
		Closed { seats, touched }
	}

	fn store(self) {
		self.alpha.store();
		self.root.store();
	}
}

/// An epoch that was closed, and what that touched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed {
	seats: usize,
	touched: Touched,
}

impl Closed {
	/// What it weighed but for the consensus: what it may at most, less what was not read and written
	/// of what the benchmark has for each seat: two pages of pools and one of root's, each hotkey, and
	/// three positions, each with its row of the index.
	fn weight<T: Config>(&self) -> Weight {
		let Touched { pages_read, pages_written, hotkeys, positions } = self.touched;
		let spared = |each: usize, touched: usize| {
			let spared = self.seats.saturating_mul(each).saturating_sub(touched);
			u64::try_from(spared).unwrap_or_default()
		};
		let positions = spared(3, positions);
		let reads = [spared(3, pages_read), spared(1, hotkeys), positions];
		let writes = [spared(3, pages_written), positions, positions];
		let sum = |all: [u64; 3]| all.into_iter().fold(0, u64::saturating_add);
		let spared = T::DbWeight::get().reads_writes(sum(reads), sum(writes));
		let seats = u32::try_from(self.seats).unwrap_or(u32::MAX);
		T::WeightInfo::close_epoch(seats).saturating_sub(spared)
	}
}

type ScoresOf<T> = BoundedVec<Score, <T as Config>::MaxSeats>;

impl<T: Config> Pallet<T> {
	/// Close the epoch of `netuid`; if that fails, change nothing and try again one tempo later.
	/// What it weighed is on `meter`, also if it failed.
	pub(crate) fn close_epoch_or_defer(
		netuid: NetUid,
		share: &Share,
		params: &MarketParams,
		now: u32,
		meter: &mut WeightMeter,
	) {
		let tempo = T::Registry::tempo(netuid);
		let close = Close { netuid, share, params, now, tempo };
		match with_storage_layer(|| Self::close_epoch(&close, meter)) {
			Ok(closed) => meter.consume(closed.weight::<T>()),
			Err(error) => {
				Markets::<T>::mutate_extant(netuid, |market| {
					market.epoch.closes_at = now.saturating_add(tempo);
				});
				Self::deposit_event(Event::EpochFailed { netuid, error });
				meter.consume(T::WeightInfo::close_epoch(T::MaxSeats::get()));
			},
		}
	}

	/// Everything that happens when an epoch closes, in order:
	///
	/// 1. credit every seat with its part of the validators' bucket;
	/// 2. deposit the miners' and the owner's buckets as stake;
	/// 3. assign root's TAO to its hotkeys, to be released over the next tempo;
	/// 4. recycle what nobody had a part of;
	/// 5. let the consensus decide the parts of the next epoch, from the time-weighted stakes.
	pub(crate) fn close_epoch(
		close: &Close<'_>,
		meter: &mut WeightMeter,
	) -> Result<Closed, DispatchError> {
		let netuid = close.netuid;
		let mut market = Markets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		let scores = Scores::<T>::get(netuid);
		let mut pools = Pools::of(netuid);
		let mut paid = Paid::default();

		Self::settle_seats(close, &mut market, &mut pools.alpha, &scores)?;
		Self::pay_miners(close, &mut market, &mut pools.alpha, &scores, &mut paid)?;
		paid.owner = Self::pay_owner(netuid, &mut market, &mut pools.alpha, close.now)?;
		Self::pay_root(close, &mut market, &mut pools, &scores, &mut paid)?;
		let validators = market.buckets.settled;
		let epoch = market.epoch.index;
		let carried = Self::recycle_unearned(&mut market, &mut paid)?;

		let closed = Self::open_epoch(close, market, scores, pools, meter)?;
		let Paid { owner, miners, root, recycled, root_recycled } = paid;
		Self::deposit_event(Event::EpochClosed {
			netuid,
			epoch,
			owner,
			miners,
			validators,
			recycled,
			carried,
			root,
			root_recycled,
		});
		Ok(closed)
	}

	/// Credit every seat that has a part of the validators' bucket with what it has earned up to now.
	/// The others have nothing to settle: a seat's part is its pool's weight.
	fn settle_seats(
		close: &Close<'_>,
		market: &mut Market,
		pools: &mut OpenPools<T>,
		scores: &ScoresOf<T>,
	) -> DispatchResult {
		for score in scores.iter().filter(|score| score.dividend > 0) {
			pools.open(score.hotkey)?.settle(market, close.now)?;
		}
		Ok(())
	}

	/// Deposit each miner's part of the bucket as stake of its owner.
	fn pay_miners(
		close: &Close<'_>,
		market: &mut Market,
		pools: &mut OpenPools<T>,
		scores: &ScoresOf<T>,
		paid: &mut Paid,
	) -> DispatchResult {
		let redirected = Self::is_redirected(close.netuid);
		let mut on_own_hotkeys = BoundedVec::with_bounded_capacity(scores.len());
		for score in scores {
			let alpha =
				Self::pay_miner(close.netuid, market, pools, score, redirected, close.now)?;
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
		pools.store();
		Self::pay_owed(NetUid::ROOT, score.hotkey)
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
	fn pay_root(
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
			pools.root_positions = pools.root_positions.saturating_add(1);
		}
		let paid = sound(market.root_paid.checked_add(part));
		market.root_paid = paid.map_err(Error::<T>::from)?;
		Ok(())
	}

	/// Give the seat `uid` of `netuid` to `hotkey`. Who held it is paid what it earned up to now,
	/// and has no part of the epoch any more; the rest of its stream opens the next one's buckets.
	pub(crate) fn replace_seat(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult {
		let mut market = Markets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		let now = T::BlockNumberProvider::current_block_number();
		let mut scores = Scores::<T>::get(netuid);
		let seat = scores.get_mut(usize::from(uid.0)).ok_or(Error::<T>::InvalidSeat)?;
		let leaving = core::mem::replace(seat, Self::new_score(netuid, hotkey, now)?);
		Scores::<T>::insert(netuid, scores);

		let tempo = T::Registry::tempo(netuid);
		Self::pay_leaving_seat(netuid, &mut market, &leaving, now, tempo)?;
		let left = HotkeyPools::<T>::get((netuid, leaving.hotkey));
		Self::store_pool(netuid, &market, leaving.hotkey, left);

		Markets::<T>::insert(netuid, &market);
		Ok(())
	}

	/// Recycle each bucket that nobody had a part of; what was only too little to divide opens the
	/// next epoch's. Returns the ALPHA so carried, root's bucket left out.
	fn recycle_unearned(market: &mut Market, paid: &mut Paid) -> Result<Alpha, DispatchError> {
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

fn arithmetic<T: Config>(error: dtao_math::MathError) -> Error<T> {
	MarketError::from(error).into()
}
