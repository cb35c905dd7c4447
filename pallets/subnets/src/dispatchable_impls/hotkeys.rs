//! Calls about a hotkey: what it takes, who owns it, which account it is.

use crate::{
	types::{waited_if_ever, Rebinding},
	Config, Error, Event, FormerHotkeys, HotkeyIds, Hotkeys, OwnedHotkey, OwnedHotkeys, Pallet,
	Rebindings,
};
use dtao_primitives::{traits::MarketInspect, HotkeyId};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchResult, PerU16};

impl<T: Config> Pallet<T> {
	/// What [`Pallet::set_take`] says.
	pub(crate) fn do_set_take(
		coldkey: &T::AccountId,
		hotkey: T::AccountId,
		take: PerU16,
	) -> DispatchResult {
		let (id, mut record) = Self::owned_hotkey(coldkey, &hotkey)?;
		let params = T::Params::get();
		ensure!(take <= params.max_take, Error::<T>::TakeTooHigh);
		let now = Self::now();

		let event = if take <= record.take_at(now) {
			record.set_take(take);
			Event::TakeSet { hotkey, take }
		} else {
			let may_raise = waited_if_ever(params.take_delay, record.raised_at, now);
			ensure!(may_raise, Error::<T>::TakeRaisedTooSoon);
			let from = record.announce_raise(take, params.take_delay, now);
			Event::TakeRaiseAnnounced { hotkey, take, from }
		};
		Hotkeys::<T>::insert(id, record);

		Self::deposit_event(event);
		Ok(())
	}

	/// What [`Pallet::rebind_hotkey`] says.
	pub(crate) fn do_rebind_hotkey(hotkey: T::AccountId, coldkey: T::AccountId) -> DispatchResult {
		let (id, mut record) = Self::known_hotkey(&hotkey)?;
		ensure!(record.seats == 0, Error::<T>::HotkeySeated);
		ensure!(record.cuts == 0, Error::<T>::HotkeyNamed);
		let params = T::Params::get();
		if T::Market::has_stake(id) {
			let now = Self::now();
			let announced = Rebindings::<T>::get(id)
				.filter(|announced| announced.is_for(&coldkey, params.take_delay, now));
			let Some(Rebinding { from, .. }) = announced else {
				let from = now.saturating_add(params.take_delay);
				Rebindings::<T>::insert(id, Rebinding { to: coldkey.clone(), from });
				Self::deposit_event(Event::HotkeyRebindAnnounced { hotkey, to: coldkey, from });
				return Ok(());
			};
			ensure!(now >= from, Error::<T>::HotkeyStaked);
		}

		let from = core::mem::replace(&mut record.owner, coldkey.clone());
		let take = params.default_take;
		record.set_take(take);
		record.raised_at = None;
		Hotkeys::<T>::insert(id, record);
		Rebindings::<T>::remove(id);
		OwnedHotkeys::<T>::remove(&from, id);
		OwnedHotkeys::<T>::insert(&coldkey, id, ());

		Self::deposit_event(Event::TakeSet { hotkey: hotkey.clone(), take });
		Self::deposit_event(Event::HotkeyRebound { hotkey, from, to: coldkey });
		Ok(())
	}

	/// What [`Pallet::swap_hotkey`] says.
	pub(crate) fn do_swap_hotkey(
		coldkey: &T::AccountId,
		hotkey: T::AccountId,
		new_hotkey: T::AccountId,
	) -> DispatchResult {
		let (id, mut record) = Self::owned_hotkey(coldkey, &hotkey)?;
		ensure!(!HotkeyIds::<T>::contains_key(&new_hotkey), Error::<T>::HotkeyTaken);
		Self::ensure_bindable(coldkey, &new_hotkey)?;
		let now = Self::now();
		let params = T::Params::get();
		let may_swap = waited_if_ever(params.hotkey_swap_interval, record.swapped_at, now);
		ensure!(may_swap, Error::<T>::HotkeySwapTooSoon);

		let cost = params.min_neuron_cost;
		Self::recycle(coldkey, cost)?;

		record.account = new_hotkey.clone();
		record.swapped_at = Some(now);
		Hotkeys::<T>::insert(id, record);
		// It was the account that chose.
		Rebindings::<T>::remove(id);
		HotkeyIds::<T>::remove(&hotkey);
		HotkeyIds::<T>::insert(&new_hotkey, id);
		FormerHotkeys::<T>::insert(&hotkey, id);
		FormerHotkeys::<T>::take(&new_hotkey);

		Self::deposit_event(Event::HotkeySwapped { from: hotkey, to: new_hotkey, cost });
		Ok(())
	}

	/// The number and the record of `hotkey`.
	///
	/// # Errors
	///
	/// [`Error::UnknownHotkey`].
	fn known_hotkey(
		hotkey: &T::AccountId,
	) -> Result<(HotkeyId, OwnedHotkey<T::AccountId>), Error<T>> {
		let id = HotkeyIds::<T>::get(hotkey).ok_or(Error::<T>::UnknownHotkey)?;
		let record = Hotkeys::<T>::get(id).ok_or(Error::<T>::UnknownHotkey)?;
		Ok((id, record))
	}

	/// The number and the record of `hotkey`, if `coldkey` owns it.
	///
	/// # Errors
	///
	/// [`Error::UnknownHotkey`], [`Error::NotHotkeyOwner`].
	fn owned_hotkey(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
	) -> Result<(HotkeyId, OwnedHotkey<T::AccountId>), Error<T>> {
		let (id, record) = Self::known_hotkey(hotkey)?;
		ensure!(record.owner == *coldkey, Error::<T>::NotHotkeyOwner);
		Ok((id, record))
	}
}
