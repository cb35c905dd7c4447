//! Calls that exchange a coldkey for another: announced, then done in steps by anyone.

use crate::{
	ColdkeySwap, ColdkeySwaps, Config, Error, Event, OwnedHotkeys, Pallet, Subnet, Subnets,
	WeightInfo,
};
use alloc::vec::Vec;
use dtao_primitives::{traits::OnSubnet, HotkeyId};
use frame_support::{ensure, traits::Get, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult};

/// What one step of a coldkey's swap moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
	/// Hotkeys.
	pub(crate) hotkeys: u32,
	/// Positions.
	pub(crate) positions: u32,
	/// Subnets that were looked at; 0 as long as it is not complete.
	pub(crate) subnets: u32,
}

impl<T: Config> Pallet<T> {
	/// What [`Pallet::announce_coldkey_swap`] says.
	pub(crate) fn do_announce_coldkey_swap(
		coldkey: T::AccountId,
		new_coldkey: T::AccountId,
	) -> DispatchResult {
		ensure!(coldkey != new_coldkey, Error::<T>::SameColdkey);
		let is_pending = ColdkeySwaps::<T>::contains_key(&coldkey);
		ensure!(!is_pending, Error::<T>::ColdkeySwapPending);

		let at = Self::now().saturating_add(T::Params::get().coldkey_swap_delay);
		ColdkeySwaps::<T>::insert(&coldkey, ColdkeySwap { to: new_coldkey.clone(), at });

		Self::deposit_event(Event::ColdkeySwapAnnounced { from: coldkey, to: new_coldkey, at });
		Ok(())
	}

	/// What [`Pallet::cancel_coldkey_swap`] says.
	pub(crate) fn do_cancel_coldkey_swap(coldkey: T::AccountId) -> DispatchResult {
		let swap = ColdkeySwaps::<T>::take(&coldkey).ok_or(Error::<T>::NothingAnnounced)?;
		Self::deposit_event(Event::ColdkeySwapCancelled { from: coldkey, to: swap.to });
		Ok(())
	}

	/// What [`Pallet::swap_coldkey`] says, with at most `limit` positions and hotkeys.
	///
	/// Hotkeys move when no position is left, and subnets when no hotkey is: so that what is
	/// complete is so in one call, and nothing came in between.
	pub(crate) fn do_swap_coldkey(
		coldkey: T::AccountId,
		limit: u32,
	) -> Result<Moved, DispatchError> {
		let announced = ColdkeySwaps::<T>::get(&coldkey).ok_or(Error::<T>::NothingAnnounced)?;
		let ColdkeySwap { to, at } = announced;
		ensure!(Self::now() >= at, Error::<T>::ColdkeySwapTooSoon);

		let positions = T::Market::on_coldkey_swapped(&coldkey, &to, limit)?;
		let left = limit.saturating_sub(positions);
		let hotkeys = Self::move_hotkeys(&coldkey, &to, left)?;
		let complete = hotkeys < left;
		let subnets = if complete { Self::finish_swap(&coldkey, &to) } else { 0 };

		let moved = positions.saturating_add(hotkeys);
		Self::deposit_event(Event::ColdkeySwapped { from: coldkey, to, moved, complete });
		Ok(Moved { hotkeys, positions, subnets })
	}

	/// The weight of a step of a swap that moves `limit` positions and hotkeys, whichever weigh
	/// more, and all subnets.
	pub(crate) fn swap_weight(limit: u32) -> Weight {
		let subnets = T::MaxSubnets::get();
		let hotkeys = T::WeightInfo::swap_coldkey(limit, 0, subnets);
		hotkeys.max(T::WeightInfo::swap_coldkey(0, limit, subnets))
	}

	/// Make `to` the owner of at most `limit` of the hotkeys of `from`. Returns of how many.
	///
	/// # Errors
	///
	/// [`Error::UnknownHotkey`], which invariant 1 excludes.
	fn move_hotkeys(from: &T::AccountId, to: &T::AccountId, limit: u32) -> Result<u32, Error<T>> {
		let most = usize::try_from(limit).unwrap_or(usize::MAX);
		let ids: Vec<HotkeyId> = OwnedHotkeys::<T>::iter_key_prefix(from).take(most).collect();
		for id in &ids {
			Self::update_hotkey(*id, |record| record.owner = to.clone())?;
			OwnedHotkeys::<T>::remove(from, id);
			OwnedHotkeys::<T>::insert(to, id, ());
		}
		// At most `limit` were collected.
		Ok(u32::try_from(ids.len()).unwrap_or(limit))
	}

	/// Make `to` the owner of the subnets of `from`, and forget the announcement. Returns how many
	/// subnets there are.
	fn finish_swap(from: &T::AccountId, to: &T::AccountId) -> u32 {
		let owned: Vec<_> =
			Subnets::<T>::iter().filter(|(_, subnet)| subnet.owner == *from).collect();
		for (netuid, subnet) in owned {
			Subnets::<T>::insert(netuid, Subnet { owner: to.clone(), ..subnet });
		}
		ColdkeySwaps::<T>::remove(from);
		Subnets::<T>::count()
	}
}
