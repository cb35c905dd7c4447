//! Where miners' incentives are staked.

use crate::{Config, Event, Markets, Pallet, Redirecting, RewardDestinations};
use dtao_primitives::{HotkeyId, NetUid};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// What [`Pallet::set_reward_destination`] says.
	pub(crate) fn do_set_reward_destination(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: Option<T::AccountId>,
	) -> DispatchResult {
		ensure!(Markets::<T>::contains_key(netuid), Self::no_market(netuid));
		match &hotkey {
			Some(hotkey) => Self::name_destination(coldkey, netuid, Self::hotkey_id(hotkey)?),
			None => Self::forget_destination(coldkey, netuid),
		}
		Self::deposit_event(Event::RewardDestinationSet {
			coldkey: coldkey.clone(),
			netuid,
			hotkey,
		});
		Ok(())
	}

	/// Stake what the miners of `coldkey` earn in `netuid` on `hotkey` from now on.
	pub(crate) fn name_destination(coldkey: &T::AccountId, netuid: NetUid, hotkey: HotkeyId) {
		RewardDestinations::<T>::insert(coldkey, netuid, hotkey);
		Redirecting::<T>::insert(netuid, coldkey, ());
	}

	/// Stake it on each miner's own hotkey.
	pub(crate) fn forget_destination(coldkey: &T::AccountId, netuid: NetUid) {
		RewardDestinations::<T>::remove(coldkey, netuid);
		Redirecting::<T>::remove(netuid, coldkey);
	}

	/// Whether anybody has named another hotkey for the incentives of its miners in `netuid`.
	pub(crate) fn is_redirected(netuid: NetUid) -> bool {
		Redirecting::<T>::iter_key_prefix(netuid).next().is_some()
	}

	/// On whom the incentive that `miner`, a hotkey of `coldkey`, earns in `netuid` is staked.
	pub(crate) fn reward_destination(
		coldkey: &T::AccountId,
		netuid: NetUid,
		miner: HotkeyId,
	) -> HotkeyId {
		RewardDestinations::<T>::get(coldkey, netuid).unwrap_or(miner)
	}
}
