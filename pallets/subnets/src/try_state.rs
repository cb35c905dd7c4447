//! The invariants, numbered.

use crate::{
	Config, HotkeyIds, Hotkeys, LastLock, NeuronCosts, NextHotkeyId, NextNetUid, Pallet, Seats,
	Subnet, Subnets, Uids, MAX_TAKE,
};
use dtao_primitives::{
	constants::{MAX_TEMPO, MIN_TEMPO},
	NetUid, Uid,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// What must hold of this pallet's state before and after every call and every block.
	///
	/// 1. **Hotkeys.** Accounts and numbers are inverse maps, and every number was given out.
	/// 2. **Takes.** No hotkey takes more than [`MAX_TAKE`].
	/// 3. **Subnets.** At most [`Config::MaxSubnets`] exist, and are counted right; root is none of
	///    them; every netuid was given out, its owner's hotkey exists, its tempo is in bounds.
	/// 4. **Starts.** A subnet is registered before it starts, and neither lies ahead.
	/// 5. **Seats.** A subnet that has seats exists, each of its seats' hotkeys exists, and the
	///    index of uids says of every seat where it is, and nothing else.
	/// 6. **Costs.** What the next registration costs follows from one of a subnet that exists, and
	///    that does not lie ahead.
	///
	/// # Errors
	///
	/// The first that does not hold.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_hotkeys()?;
		Self::try_state_takes()?;
		Self::try_state_subnets()?;
		Self::try_state_starts()?;
		Self::try_state_seats()?;
		Self::try_state_costs()
	}

	/// Invariant 1: accounts and numbers of hotkeys are inverse maps.
	fn try_state_hotkeys() -> Result<(), TryRuntimeError> {
		let next = NextHotkeyId::<T>::get();
		Hotkeys::<T>::iter().try_for_each(|(id, record)| {
			ensure!(id < next, "invariant 1: a hotkey has a number that was not given out");
			ensure!(
				HotkeyIds::<T>::get(&record.account) == Some(id),
				"invariant 1: a hotkey's account leads to another number"
			);
			Ok::<_, TryRuntimeError>(())
		})?;
		HotkeyIds::<T>::iter().try_for_each(|(account, id)| {
			ensure!(
				Hotkeys::<T>::get(id).is_some_and(|record| record.account == account),
				"invariant 1: a hotkey's number leads to another account"
			);
			Ok(())
		})
	}

	/// Invariant 2: no take exceeds the most.
	fn try_state_takes() -> Result<(), TryRuntimeError> {
		let is_bounded = Hotkeys::<T>::iter_values().all(|record| record.take <= MAX_TAKE);
		ensure!(is_bounded, "invariant 2: a hotkey takes more than the most");
		Ok(())
	}

	/// Invariant 3: subnets are counted, numbered, owned and in bounds.
	fn try_state_subnets() -> Result<(), TryRuntimeError> {
		let count = Subnets::<T>::count();
		ensure!(count <= T::MaxSubnets::get(), "invariant 3: there are too many subnets");
		ensure!(
			u32::try_from(Subnets::<T>::iter_keys().count()) == Ok(count),
			"invariant 3: subnets are counted wrong"
		);
		let numbers = NetUid(1)..NextNetUid::<T>::get();
		Subnets::<T>::iter().try_for_each(|(netuid, subnet)| {
			ensure!(
				numbers.contains(&netuid),
				"invariant 3: a subnet has a number that was not given out"
			);
			ensure!(
				Hotkeys::<T>::contains_key(subnet.hotkey),
				"invariant 3: a subnet's hotkey is unknown"
			);
			ensure!(
				(MIN_TEMPO..=MAX_TEMPO).contains(&subnet.tempo),
				"invariant 3: a tempo is out of bounds"
			);
			Ok(())
		})
	}

	/// Invariant 4: registered, then started, and neither lies ahead.
	fn try_state_starts() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		let is_in_order = |subnet: Subnet<T::AccountId>| {
			let last = subnet.started_at.unwrap_or(now);
			subnet.registered_at <= last && last <= now
		};
		ensure!(
			Subnets::<T>::iter_values().all(is_in_order),
			"invariant 4: a subnet is registered after its start, or ahead of time"
		);
		Ok(())
	}

	/// Invariant 5: seats and uids agree both ways.
	fn try_state_seats() -> Result<(), TryRuntimeError> {
		let mut seated = 0usize;
		for (netuid, seats) in Seats::<T>::iter() {
			ensure!(Subnets::<T>::contains_key(netuid), "invariant 5: an unknown subnet has seats");
			for (uid, seat) in (0u16..).map(Uid).zip(&seats) {
				ensure!(
					Hotkeys::<T>::contains_key(seat.hotkey),
					"invariant 5: an unknown hotkey is seated"
				);
				ensure!(
					Uids::<T>::get(netuid, seat.hotkey) == Some(uid),
					"invariant 5: a seat is not where the index says"
				);
			}
			seated = seated.saturating_add(seats.len());
		}
		ensure!(
			Uids::<T>::iter().count() == seated,
			"invariant 5: the index has uids without seat"
		);
		Ok(())
	}

	/// Invariant 6: costs follow from registrations that were.
	fn try_state_costs() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		ensure!(
			LastLock::<T>::get().is_none_or(|last| last.at <= now),
			"invariant 6: the last subnet is registered ahead of time"
		);
		NeuronCosts::<T>::iter().try_for_each(|(netuid, last)| {
			ensure!(
				Subnets::<T>::contains_key(netuid),
				"invariant 6: an unknown subnet has a neuron cost"
			);
			ensure!(last.at <= now, "invariant 6: a neuron is registered ahead of time");
			Ok(())
		})
	}
}
