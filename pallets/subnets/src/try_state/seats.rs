//! Invariants of seats, those that are being cleaned up included.

use crate::{Cleaning, Config, Hotkeys, NextNetUid, Pallet, Seat, Seats, Subnets, Uids};
use alloc::collections::BTreeMap;
use dtao_primitives::{HotkeyId, NetUid, Uid};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Invariant 5: seats and uids agree both ways, and with what hotkeys and subnets say.
	pub(super) fn try_state_seats() -> Result<(), TryRuntimeError> {
		let mut counts = BTreeMap::<HotkeyId, u32>::new();
		let mut seated = 0usize;
		for (netuid, seats) in Seats::<T>::iter() {
			let most = match Subnets::<T>::get(netuid) {
				Some(subnet) => usize::from(subnet.hyperparams.max_seats),
				None if Cleaning::<T>::contains_key(netuid) => usize::MAX,
				None => return Err("invariant 5: an unknown subnet has seats".into()),
			};
			ensure!(seats.len() <= most, "invariant 5: a subnet has more seats than it is set to");
			for (uid, seat) in (0u16..).map(Uid).zip(&seats) {
				Self::try_state_seat(netuid, uid, seat)?;
				let count = counts.entry(seat.hotkey).or_default();
				*count = count.saturating_add(1);
			}
			seated = seated.saturating_add(seats.len());
		}
		ensure!(
			Uids::<T>::iter_keys().count() == seated,
			"invariant 5: the index has uids without seat"
		);
		ensure!(
			Hotkeys::<T>::iter()
				.all(|(id, record)| record.seats == counts.get(&id).copied().unwrap_or(0)),
			"invariant 5: a hotkey counts its seats wrong"
		);
		Ok(())
	}

	fn try_state_seat(netuid: NetUid, uid: Uid, seat: &Seat) -> Result<(), TryRuntimeError> {
		ensure!(
			Hotkeys::<T>::contains_key(seat.hotkey),
			"invariant 5: an unknown hotkey is seated"
		);
		ensure!(
			Uids::<T>::get(netuid, seat.hotkey) == Some(uid),
			"invariant 5: a seat is not where the index says"
		);
		ensure!(seat.registered_at <= Self::now(), "invariant 5: a seat is taken ahead of time");
		Ok(())
	}

	/// Invariant 8: what is cleaned up is what a dissolved subnet left.
	pub(super) fn try_state_cleaning() -> Result<(), TryRuntimeError> {
		let numbers = NetUid(1)..NextNetUid::<T>::get();
		Cleaning::<T>::iter_keys().try_for_each(|netuid| {
			ensure!(numbers.contains(&netuid), "invariant 8: what was not given out is cleaned up");
			ensure!(
				!Subnets::<T>::contains_key(netuid),
				"invariant 8: a subnet that exists is cleaned up"
			);
			ensure!(Seats::<T>::contains_key(netuid), "invariant 8: there is nothing to clean up");
			Ok(())
		})
	}
}
