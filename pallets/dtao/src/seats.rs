//! Seats that change hands within an epoch.

use crate::{Config, Error, HotkeyPools, Markets, Pallet, Scores};
use dtao_primitives::{traits::SubnetRegistry, HotkeyId, NetUid, Uid};
use sp_runtime::{traits::BlockNumberProvider, DispatchResult};

impl<T: Config> Pallet<T> {
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
}
