//! What a coldkey or a hotkey has, taken together: a wallet that changes hands, a hotkey that nobody
//! has staked on.

use crate::{Config, OpenPositions, Pallet, Positions, RewardDestinations, RootPools};
use alloc::vec::Vec;
use dtao_primitives::HotkeyId;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Move at most `limit` items of what `from` has to `to`. First its positions: their shares, so
	/// that the pools they divide stay as they are, and no reward is settled. What pools owe `from` as
	/// the owner of hotkeys follows these: it is owed to who owns the hotkey. Where `to` has the same
	/// place the shares add up, and are worth what both were, or an atom more.
	///
	/// Then the hotkeys on which its miners' incentives are staked, unless `to` has named its own.
	/// Returns how many positions and names were moved.
	pub(crate) fn move_wallet(
		from: &T::AccountId,
		to: &T::AccountId,
		limit: u32,
	) -> Result<u32, DispatchError> {
		if from == to {
			return Ok(0);
		}
		let most = usize::try_from(limit).unwrap_or(usize::MAX);
		let places: Vec<_> = Positions::<T>::iter_prefix(from).take(most).collect();
		let mut moved = 0u32;
		for ((netuid, hotkey), shares) in places {
			Self::credit_shares(to, netuid, hotkey, shares)?;
			Self::debit_shares(from, netuid, hotkey, shares, shares)?;
			moved = moved.saturating_add(1);
		}
		let left = most.saturating_sub(usize::try_from(moved).unwrap_or(most));
		let named: Vec<_> = RewardDestinations::<T>::iter_prefix(from).take(left).collect();
		for (netuid, hotkey) in named {
			Self::forget_destination(from, netuid);
			if !RewardDestinations::<T>::contains_key(to, netuid) {
				Self::name_destination(to, netuid, hotkey);
			}
			moved = moved.saturating_add(1);
		}
		Ok(moved)
	}

	/// Whether anybody has a share of what is staked on `hotkey`, or will have: of dividends that
	/// drip into its root pool. What an empty pool keeps is dust that nobody owns.
	pub(crate) fn is_staked_on(hotkey: HotkeyId) -> bool {
		OpenPositions::<T>::contains_key(hotkey) || !RootPools::<T>::get(hotkey).drip.left.is_zero()
	}
}
