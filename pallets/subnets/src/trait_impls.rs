//! What other pallets may ask of this one.

use crate::{Config, HotkeyIds, Hotkeys, Identities, Pallet, Seats, Subnets, Uids};
use alloc::vec::Vec;
use dtao_primitives::{
	constants::DEFAULT_TEMPO,
	traits::{Hotkey, SeatInfo, SubnetOwner, SubnetRegistry},
	ConsensusParams, HotkeyId, NetUid, Text, Uid,
};

impl<T: Config> SubnetRegistry<T::AccountId> for Pallet<T> {
	fn hotkey_id(hotkey: &T::AccountId) -> Option<HotkeyId> {
		HotkeyIds::<T>::get(hotkey)
	}

	fn hotkey(id: HotkeyId) -> Option<Hotkey<T::AccountId>> {
		let record = Hotkeys::<T>::get(id)?;
		let take = record.take_at(Self::now());
		Some(Hotkey { account: record.account, owner: record.owner, take })
	}

	/// None of root: nobody owns it.
	fn owner(netuid: NetUid) -> Option<SubnetOwner<T::AccountId>> {
		let subnet = Subnets::<T>::get(netuid)?;
		Some(SubnetOwner { coldkey: subnet.owner, hotkey: subnet.hotkey })
	}

	/// [`DEFAULT_TEMPO`] for an unknown subnet and for root, which have no epochs.
	fn tempo(netuid: NetUid) -> u32 {
		Subnets::<T>::get(netuid).map_or(DEFAULT_TEMPO, |subnet| subnet.hyperparams.tempo)
	}

	/// Those of a dissolved subnet that are not yet cleaned up among them.
	fn seats(netuid: NetUid) -> Vec<SeatInfo> {
		let seats = Seats::<T>::get(netuid).into_iter();
		seats
			.map(|seat| SeatInfo { hotkey: seat.hotkey, registered_at: seat.registered_at })
			.collect()
	}

	/// None of a dissolved subnet's: who was seated there may do nothing with it any more.
	fn uid(netuid: NetUid, hotkey: HotkeyId) -> Option<Uid> {
		let uid = Uids::<T>::get(netuid, hotkey)?;
		Subnets::<T>::contains_key(netuid).then_some(uid)
	}

	fn seats_held(netuid: NetUid) -> u16 {
		// At most 256.
		u16::try_from(Self::seats_held(netuid)).unwrap_or(u16::MAX)
	}

	fn consensus_params(netuid: NetUid) -> ConsensusParams {
		Subnets::<T>::get(netuid).map_or_else(
			|| ConsensusParams::new(DEFAULT_TEMPO),
			|subnet| subnet.hyperparams.consensus,
		)
	}

	fn name(netuid: NetUid) -> Text<64> {
		Identities::<T>::get(netuid).unwrap_or_default().name
	}

	fn is_seated(netuid: NetUid, hotkey: HotkeyId) -> bool {
		if netuid.is_root() {
			return Hotkeys::<T>::get(hotkey).is_some_and(|record| record.seats > 0);
		}
		Uids::<T>::contains_key(netuid, hotkey)
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl<T: Config> dtao_primitives::traits::RegistryHelper<T::AccountId> for Pallet<T> {
	fn own_hotkey(coldkey: &T::AccountId, hotkey: &T::AccountId) -> HotkeyId {
		use frame_support::traits::Get;
		let take = T::Params::get().max_take;
		match HotkeyIds::<T>::get(hotkey) {
			Some(id) => id,
			None => {
				crate::NextHotkeyId::<T>::mutate(|next| next.0 = next.0.next_multiple_of(64));
				Self::bind_hotkey(coldkey.clone(), hotkey.clone(), take)
					.expect("a benchmark gives fewer numbers than there are")
			},
		}
	}

	fn create_subnet(netuid: NetUid, coldkey: &T::AccountId, hotkey: HotkeyId) {
		use frame_support::traits::Get;
		let hyperparams = Self::first_hyperparams(DEFAULT_TEMPO, &T::Params::get());
		Self::store_subnet(netuid, coldkey.clone(), hotkey, hyperparams)
			.expect("a benchmark names a hotkey that is owned");
		crate::NextNetUid::<T>::mutate(|next| *next = NetUid(netuid.0 + 1).max(*next));
	}

	fn take_seat(netuid: NetUid, hotkey: HotkeyId) {
		use dtao_primitives::traits::OnSeat;
		let uid = Self::place(netuid, hotkey).expect("a benchmark seats a hotkey once");
		T::Consensus::on_seated(netuid, uid).expect("the seat is the next");
	}
}
