//! What dissolved subnets still owe is paid on the weight that blocks leave idle: first the seats'
//! rewards, then every position, then nothing is left to keep.
//!
//! Each step is a storage layer: one that fails changes nothing, says so in an event, and is passed
//! over, so that nobody waits for it. Nothing that a sound state leads to fails. What is passed over:
//!
//! - a seat is not tried again: its part is recycled with what nobody had earned;
//! - a position is tried again after all others, and whoever asks for it with `redeem` can have it at
//!   any time.

use crate::{
	weights::WeightInfo, Config, Event, Holders, HotkeyPools, Pallet, Redemptions, Redirecting,
	Scores,
};
use alloc::vec::Vec;
use dtao_primitives::{HotkeyId, NetUid};
use frame_support::{
	storage::with_storage_layer,
	weights::{Weight, WeightMeter},
};
use sp_runtime::DispatchResult;

/// The most dissolved subnets that one block works on. More wait for one of these to be done.
pub(crate) const MAX_AT_ONCE: usize = 4;

impl<T: Config> Pallet<T> {
	/// As much of what dissolved subnets owe as `limit` allows. Returns the weight consumed.
	pub(crate) fn do_idle(limit: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(limit);
		if meter.try_consume(T::WeightInfo::find_redemptions()).is_ok() {
			let found: Vec<_> = Redemptions::<T>::iter_keys().take(MAX_AT_ONCE).collect();
			for netuid in found {
				Self::wind_up(netuid, &mut meter);
			}
		}
		meter.consumed()
	}

	fn wind_up(netuid: NetUid, meter: &mut WeightMeter) {
		let done = Self::settle_all(netuid, meter)
			&& Self::drop_destinations(netuid, meter)
			&& Self::redeem_all(netuid, meter)
			&& Self::drop_pools(netuid, meter);
		if done {
			Self::step(netuid, || Self::close_redemption(netuid));
		}
	}

	/// Pay the seats, from the last, and recycle what nobody had earned. Returns whether it is done.
	fn settle_all(netuid: NetUid, meter: &mut WeightMeter) -> bool {
		if Redemptions::<T>::get(netuid).is_none_or(|redemption| redemption.settled) {
			return true;
		}
		while Scores::<T>::decode_len(netuid).unwrap_or(0) > 0 {
			if meter.try_consume(T::WeightInfo::redeem_seat()).is_err() {
				return false;
			}
			if !Self::step(netuid, || Self::redeem_seat(netuid)) {
				Scores::<T>::mutate(netuid, |scores| scores.pop());
			}
		}
		if meter.try_consume(T::WeightInfo::close_buckets()).is_err() {
			return false;
		}
		Self::step(netuid, || Self::close_buckets(netuid))
	}

	/// Forget on whom incentives were to be staked: none is to come. Returns whether none is left.
	fn drop_destinations(netuid: NetUid, meter: &mut WeightMeter) -> bool {
		for coldkey in Redirecting::<T>::iter_key_prefix(netuid) {
			// Two rows go, which weighs less than a pool.
			if meter.try_consume(T::WeightInfo::drop_pool()).is_err() {
				return false;
			}
			Self::forget_destination(&coldkey, netuid);
		}
		true
	}

	/// Redeem the positions, in the order of the index. Returns whether none is left.
	fn redeem_all(netuid: NetUid, meter: &mut WeightMeter) -> bool {
		let skipped = Redemptions::<T>::get(netuid).and_then(|redemption| redemption.skipped);
		let mut failed = skipped.is_some();
		let places = match skipped {
			Some((id, coldkey)) => {
				let key = Holders::<T>::hashed_key_for((netuid, id, coldkey));
				Holders::<T>::iter_key_prefix_from((netuid,), key)
			},
			None => Holders::<T>::iter_key_prefix((netuid,)),
		};
		for (id, coldkey) in places {
			if meter.try_consume(T::WeightInfo::redeem()).is_err() {
				return false;
			}
			let redeem = || {
				let redemption = Self::redemption(netuid)?;
				Self::redeem_position(netuid, redemption, &coldkey, id).map(|_| ())
			};
			if !Self::step(netuid, redeem) {
				Self::skip_to(netuid, Some((id, coldkey)));
				failed = true;
			}
		}
		if failed {
			// Those that were passed over have their turn in the next block.
			Self::skip_to(netuid, None);
		}
		!failed
	}

	/// Remove the pools that nobody holds shares of any more. Returns whether none is left.
	fn drop_pools(netuid: NetUid, meter: &mut WeightMeter) -> bool {
		for id in HotkeyPools::<T>::hotkeys_of(netuid) {
			let consumed = meter.try_consume(T::WeightInfo::drop_pool());
			if consumed.is_err() || !Self::step(netuid, || Self::drop_pool(netuid, id)) {
				return false;
			}
		}
		meter.try_consume(T::WeightInfo::drop_pool()).is_ok()
	}

	fn skip_to(netuid: NetUid, place: Option<(HotkeyId, T::AccountId)>) {
		Redemptions::<T>::mutate_extant(netuid, |redemption| redemption.skipped = place);
	}

	/// Do one step, or none of it. Returns whether it was done.
	pub(crate) fn step(netuid: NetUid, step: impl FnOnce() -> DispatchResult) -> bool {
		match with_storage_layer(step) {
			Ok(()) => true,
			Err(error) => {
				Self::deposit_event(Event::RedemptionStepFailed { netuid, error });
				false
			},
		}
	}
}
