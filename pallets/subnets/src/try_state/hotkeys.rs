//! Invariants of hotkeys and coldkeys.

use crate::{
	ColdkeySwaps, Config, FormerHotkeys, HotkeyIds, Hotkeys, NextHotkeyId, OwnedHotkey,
	OwnedHotkeys, Pallet, Rebindings, MAX_TAKE,
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Invariant 1: accounts and numbers of hotkeys are inverse maps, owners have an index, and former
	/// accounts are remembered.
	pub(super) fn try_state_hotkeys() -> Result<(), TryRuntimeError> {
		let next = NextHotkeyId::<T>::get();
		Hotkeys::<T>::iter().try_for_each(|(id, record)| {
			ensure!(id < next, "invariant 1: a hotkey has a number that was not given out");
			ensure!(
				HotkeyIds::<T>::get(&record.account) == Some(id),
				"invariant 1: a hotkey's account leads to another number"
			);
			ensure!(
				OwnedHotkeys::<T>::contains_key(&record.owner, id),
				"invariant 1: a hotkey is not under its owner"
			);
			Ok::<_, TryRuntimeError>(())
		})?;
		HotkeyIds::<T>::iter().try_for_each(|(account, id)| {
			ensure!(
				Hotkeys::<T>::get(id).is_some_and(|record| record.account == account),
				"invariant 1: a hotkey's number leads to another account"
			);
			Ok::<_, TryRuntimeError>(())
		})?;
		ensure!(
			OwnedHotkeys::<T>::iter_keys().count() == Hotkeys::<T>::iter_keys().count(),
			"invariant 1: a hotkey is under a coldkey that is not its owner"
		);
		FormerHotkeys::<T>::iter().try_for_each(|(account, id)| {
			ensure!(
				Hotkeys::<T>::contains_key(id),
				"invariant 1: a former account is of no hotkey"
			);
			ensure!(
				!HotkeyIds::<T>::contains_key(account),
				"invariant 1: a former account is a hotkey"
			);
			Ok::<_, TryRuntimeError>(())
		})?;
		ensure!(
			Rebindings::<T>::iter_keys().all(Hotkeys::<T>::contains_key),
			"invariant 1: what is no hotkey chooses an owner"
		);
		Ok(())
	}

	/// Invariant 2: no take exceeds the most, and raises are announced ones.
	pub(super) fn try_state_takes() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		Hotkeys::<T>::iter_values().try_for_each(|record| {
			let OwnedHotkey { take, raise, raised_at, swapped_at, .. } = record;
			let raised = raise.map_or(take, |raise| raise.take);
			ensure!(take.max(raised) <= MAX_TAKE, "invariant 2: a hotkey takes more than the most");
			ensure!(
				raise.is_none_or(|raise| raise.take > take),
				"invariant 2: a raise does not raise the take"
			);
			ensure!(
				raise.is_none_or(|raise| raised_at.is_some_and(|at| at <= raise.from)),
				"invariant 2: a raise was not announced"
			);
			ensure!(
				raised_at.max(swapped_at).is_none_or(|at| at <= now),
				"invariant 2: a hotkey was changed ahead of time"
			);
			Ok(())
		})
	}

	/// Invariant 9: no coldkey is exchanged for itself.
	pub(super) fn try_state_swaps() -> Result<(), TryRuntimeError> {
		ensure!(
			ColdkeySwaps::<T>::iter().all(|(coldkey, swap)| swap.to != coldkey),
			"invariant 9: a coldkey is exchanged for itself"
		);
		Ok(())
	}
}
