//! The close of an epoch: pay what it earned, ask the consensus, open the next.

mod opening;
mod payment;
mod pools;

pub(crate) use pools::{Closed, Pools};

use crate::{
	types::{MarketError, Score, Share},
	weights::WeightInfo,
	Config, Error, Event, Markets, Pallet, Scores,
};
use dtao_primitives::{traits::SubnetRegistry, Alpha, MarketParams, NetUid, Tao};
use frame_support::{storage::with_storage_layer, traits::Get, weights::WeightMeter, BoundedVec};
use sp_runtime::DispatchError;

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
}

fn arithmetic<T: Config>(error: dtao_math::MathError) -> Error<T> {
	MarketError::from(error).into()
}
