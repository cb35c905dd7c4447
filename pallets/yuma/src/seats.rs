//! What happens to seats.

use crate::{Bonds, Config, Error, Neuron, Neurons, OpenCommits, Pallet, WeightBytes, Weights};
use dtao_math::yuma::WeightRows;
use dtao_primitives::{traits::OnSeat, NetUid, Uid};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> OnSeat for Pallet<T> {
	fn on_seated(netuid: NetUid, uid: Uid) -> DispatchResult {
		let neuron = Neuron::new(Self::now());
		Neurons::<T>::try_mutate(netuid, |neurons| {
			ensure!(neurons.len() == usize::from(uid.0), Error::<T>::InvalidSeat);
			neurons.try_push(neuron).map_err(|_| Error::<T>::InvalidSeat.into())
		})
	}

	/// What the last holder said is forgotten at once. Its bonds, and what others said of it, stay
	/// in storage and count for nothing: an epoch leaves out what is older than a seat's holder.
	fn on_seat_replaced(netuid: NetUid, uid: Uid) -> DispatchResult {
		let neuron = Neuron::new(Self::now());
		Neurons::<T>::try_mutate(netuid, |neurons| {
			let seat = neurons.get_mut(usize::from(uid.0)).ok_or(Error::<T>::InvalidSeat)?;
			*seat = neuron;
			Ok::<_, Error<T>>(())
		})?;
		OpenCommits::<T>::remove(netuid, uid);
		Self::remove_row(netuid, uid)?;
		Ok(())
	}

	fn on_subnet_dissolved(netuid: NetUid) {
		Neurons::<T>::remove(netuid);
		Weights::<T>::remove(netuid);
		Bonds::<T>::remove(netuid);
	}

	fn on_seat_removed(netuid: NetUid, uid: Uid) {
		OpenCommits::<T>::remove(netuid, uid);
	}
}

impl<T: Config> Pallet<T> {
	/// Forget what a seat says of others. Writes nothing where it says nothing.
	fn remove_row(netuid: NetUid, uid: Uid) -> Result<(), Error<T>> {
		let bytes = Weights::<T>::get(netuid);
		let rows = WeightRows::decode(&bytes).map_err(|_| Error::<T>::InvalidState)?;
		if rows.row(uid.0).is_none() {
			return Ok(());
		}
		let kept = WeightBytes::<T>::try_from(rows.retain(|other| other != uid.0));
		let kept = kept.map_err(|_| Error::<T>::InvalidState)?;
		Weights::<T>::insert(netuid, kept);
		Ok(())
	}
}
