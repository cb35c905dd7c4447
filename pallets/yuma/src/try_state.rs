//! The invariants, numbered.

use crate::{Bonds, Config, Neuron, Neurons, OpenCommits, Pallet, Weights};
use dtao_math::yuma::{BondRows, Row, WeightRows};
use dtao_primitives::{constants::MAX_VALIDATORS, traits::SubnetRegistry, NetUid};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// What must hold of this pallet's state before and after every call and every block.
	///
	/// 1. **Neurons.** Each subnet that has any exists, and has one for each of its seats. No more
	///    than [`MAX_VALIDATORS`] have a permit. None was heard of before its holder took the seat,
	///    and nothing lies ahead, but what genesis has set as of the first block.
	/// 2. **Weights.** They are packed soundly, of seats about seats of a subnet that exists. A row
	///    is as old as its seat was heard of last. Without a permit a seat weighs nobody but itself.
	/// 3. **Bonds.** They are packed soundly, of seats in seats of a subnet that exists, of no more
	///    than [`MAX_VALIDATORS`], all of one epoch that does not lie ahead.
	/// 4. **Commitments.** They are of seats that the registry knows, none is empty, and they are in
	///    order. None is older than its seat's holder, younger than the last one that its seat has
	///    made, or twice there.
	///
	/// # Errors
	///
	/// The first that does not hold.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_neurons()?;
		Self::try_state_weights()?;
		Self::try_state_bonds()?;
		Self::try_state_commits()
	}

	fn try_state_neurons() -> Result<(), TryRuntimeError> {
		for (netuid, neurons) in Neurons::<T>::iter() {
			ensure!(
				T::Registry::owner(netuid).is_some(),
				"invariant 1: an unknown subnet has neurons"
			);
			let seats = T::Registry::seats(netuid);
			ensure!(
				seats.len() == neurons.len(),
				"invariant 1: a subnet has not as many neurons as seats"
			);
			ensure!(
				neurons.iter().filter(|neuron| neuron.permit).count() <= most_validators(),
				"invariant 1: more seats have a permit than may validate"
			);
			for (seat, neuron) in seats.iter().zip(&neurons) {
				Self::try_state_neuron(seat.registered_at, neuron)?;
			}
		}
		Ok(())
	}

	fn try_state_neuron(registered_at: u32, neuron: &Neuron) -> Result<(), TryRuntimeError> {
		let set_at = neuron.set_at.unwrap_or(registered_at);
		ensure!(
			registered_at <= neuron.last_update.min(set_at),
			"invariant 1: a seat was heard of before it was taken"
		);
		ensure!(
			neuron.last_update <= Self::now().max(1) && set_at <= Self::now(),
			"invariant 1: a seat was heard of ahead of time"
		);
		Ok(())
	}

	fn try_state_weights() -> Result<(), TryRuntimeError> {
		for (netuid, bytes) in Weights::<T>::iter() {
			let neurons = Neurons::<T>::get(netuid);
			let rows = WeightRows::decode(&bytes)
				.map_err(|_| "invariant 2: weights are packed unsoundly")?;
			for row in rows.iter() {
				try_state_entries(&row, neurons.len(), "invariant 2: what is no seat is weighed")?;
				let neuron = neurons.get(usize::from(row.uid));
				let neuron = neuron.ok_or("invariant 2: what is no seat weighs others")?;
				ensure!(
					row.at == neuron.last_update,
					"invariant 2: weights are not as old as their seat says"
				);
				ensure!(
					neuron.permit || row.entries().all(|(uid, _)| uid == row.uid),
					"invariant 2: a seat without permit weighs others"
				);
			}
		}
		Ok(())
	}

	fn try_state_bonds() -> Result<(), TryRuntimeError> {
		for (netuid, bytes) in Bonds::<T>::iter() {
			let seats = Neurons::<T>::get(netuid).len();
			let rows =
				BondRows::decode(&bytes).map_err(|_| "invariant 3: bonds are packed unsoundly")?;
			let mut at = None;
			for row in rows.iter() {
				try_state_entries(&row, seats, "invariant 3: somebody has a bond in no seat")?;
				ensure!(usize::from(row.uid) < seats, "invariant 3: what is no seat has bonds");
				ensure!(
					*at.get_or_insert(row.at) == row.at && row.at <= Self::now(),
					"invariant 3: bonds are not those of the last epoch"
				);
			}
			ensure!(
				rows.iter().count() <= most_validators(),
				"invariant 3: more seats have bonds than may validate"
			);
		}
		Ok(())
	}

	fn try_state_commits() -> Result<(), TryRuntimeError> {
		for (netuid, uid, commits) in OpenCommits::<T>::iter() {
			let seats = T::Registry::seats(netuid);
			let seat = seats.get(usize::from(uid.0));
			let seat = seat.ok_or("invariant 4: what is no seat has committed")?;
			let last = Self::last_commit_of(netuid, uid.0);
			ensure!(!commits.is_empty(), "invariant 4: a list of commitments is empty");
			ensure!(
				commits.iter().is_sorted_by_key(|commit| commit.at),
				"invariant 4: commitments are not in order"
			);
			ensure!(
				commits.iter().all(|commit| (seat.registered_at..=last).contains(&commit.at)),
				"invariant 4: a commitment is not its seat's"
			);
			ensure!(
				commits.iter().enumerate().all(|(place, commit)| {
					commits.iter().position(|other| other.hash == commit.hash) == Some(place)
				}),
				"invariant 4: a commitment is there twice"
			);
		}
		Ok(())
	}

	/// The last block in which a seat may have committed. Of a dissolved subnet nothing is known.
	fn last_commit_of(netuid: NetUid, uid: u16) -> u32 {
		match Neurons::<T>::get(netuid).get(usize::from(uid)) {
			Some(neuron) => neuron.set_at.unwrap_or(0),
			None => Self::now(),
		}
	}
}

/// Whether all that a row is about are seats.
fn try_state_entries<const SIZE: usize>(
	row: &Row<'_, SIZE>,
	seats: usize,
	message: &'static str,
) -> Result<(), TryRuntimeError> {
	ensure!(row.entries().all(|(uid, _)| usize::from(uid) < seats), message);
	Ok(())
}

fn most_validators() -> usize {
	usize::try_from(MAX_VALIDATORS).unwrap_or(usize::MAX)
}
