//! Invariants of subnets.

use crate::{
	Config, Hotkeys, Identities, LastLock, NeuronCosts, NextNetUid, Pallet, Subnet, Subnets,
};
use alloc::collections::BTreeMap;
use dtao_primitives::{HotkeyId, NetUid, SubnetIdentity};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Invariant 3: subnets are counted, numbered, owned and in bounds.
	pub(super) fn try_state_subnets() -> Result<(), TryRuntimeError> {
		let count = Subnets::<T>::count();
		ensure!(count <= T::MaxSubnets::get(), "invariant 3: there are too many subnets");
		ensure!(
			u32::try_from(Subnets::<T>::iter_keys().count()) == Ok(count),
			"invariant 3: subnets are counted wrong"
		);
		let numbers = NetUid(1)..NextNetUid::<T>::get();
		let mut cuts = BTreeMap::<HotkeyId, u32>::new();
		for (netuid, subnet) in Subnets::<T>::iter() {
			ensure!(
				numbers.contains(&netuid),
				"invariant 3: a subnet has a number that was not given out"
			);
			ensure!(
				Hotkeys::<T>::contains_key(subnet.hotkey),
				"invariant 3: a subnet's hotkey is unknown"
			);
			ensure!(
				Self::ensure_in_bounds(&subnet.hyperparams).is_ok(),
				"invariant 3: a hyperparameter is out of bounds"
			);
			let count = cuts.entry(subnet.hotkey).or_default();
			*count = count.saturating_add(1);
		}
		ensure!(
			Hotkeys::<T>::iter()
				.all(|(id, record)| record.cuts == cuts.get(&id).copied().unwrap_or(0)),
			"invariant 3: a hotkey counts its cuts wrong"
		);
		Ok(())
	}

	/// Invariant 4: registered, then started and set, and neither lies ahead.
	pub(super) fn try_state_starts() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		let is_in_order = |subnet: Subnet<T::AccountId>| {
			let dates = [Some(subnet.registered_at), subnet.started_at, subnet.hyperparams_set_at];
			dates.into_iter().flatten().all(|at| subnet.registered_at <= at && at <= now)
		};
		ensure!(
			Subnets::<T>::iter_values().all(is_in_order),
			"invariant 4: a subnet is registered after its start, or ahead of time"
		);
		Ok(())
	}

	/// Invariant 6: costs follow from registrations that were.
	pub(super) fn try_state_costs() -> Result<(), TryRuntimeError> {
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

	/// Invariant 7: subnets that exist say something of themselves.
	pub(super) fn try_state_identities() -> Result<(), TryRuntimeError> {
		Identities::<T>::iter().try_for_each(|(netuid, identity)| {
			ensure!(
				Subnets::<T>::contains_key(netuid),
				"invariant 7: an unknown subnet says something"
			);
			ensure!(
				identity.is_text() && identity != SubnetIdentity::default(),
				"invariant 7: a subnet says nothing that can be read"
			);
			Ok(())
		})
	}
}
