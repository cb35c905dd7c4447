//! The first release has no pallet that keeps what the consensus knows of seats. An epoch needs to
//! know of each.

use crate::Runtime;
use alloc::vec::Vec;
use dtao_primitives::NetUid;
use frame_support::{traits::OnRuntimeUpgrade, weights::Weight, BoundedVec};
use pallet_subnets::{Seats, Subnets};
use pallet_yuma::{Neuron, Neurons};

/// Lets the consensus know the seats that there are, each as if it had been told of it when it was
/// taken: nobody has a permit, and nobody has set weights, before the next epoch.
///
/// There are no more than `MaxSubnets` subnets, a row each: that fits into a block. No version says
/// whether it has run: pallets that are new to a chain begin with the version of their code. It runs
/// where a subnet has seats and no neurons, and so not twice.
pub struct KnowSeats;

impl OnRuntimeUpgrade for KnowSeats {
	fn on_runtime_upgrade() -> Weight {
		let (mut looked, mut written) = (1_u64, 0_u64);
		// Keys alone: the rows are still to be migrated.
		for netuid in Subnets::<Runtime>::iter_keys() {
			looked = looked.saturating_add(1);
			if Neurons::<Runtime>::contains_key(netuid) {
				continue;
			}
			let neurons = neurons(netuid);
			if !neurons.is_empty() {
				Neurons::<Runtime>::insert(netuid, neurons);
				written = written.saturating_add(1);
			}
		}
		// The key, whether there are neurons, and the seats.
		<Runtime as frame_system::Config>::DbWeight::get()
			.reads_writes(looked.saturating_mul(3), written)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
		use codec::Encode;
		let known: Vec<_> = Neurons::<Runtime>::iter().collect();
		Ok(known.encode())
	}

	/// Each subnet has as many neurons as seats, and those that were known did not change.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use codec::Decode;
		use frame_support::ensure;
		type Row = (NetUid, BoundedVec<Neuron, <Runtime as pallet_yuma::Config>::MaxSeats>);
		let before = Vec::<Row>::decode(&mut &before[..])
			.map_err(|_| "what was noted before the upgrade is gone")?;
		for (netuid, neurons) in before {
			ensure!(Neurons::<Runtime>::get(netuid) == neurons, "a known neuron changed");
		}
		for netuid in Subnets::<Runtime>::iter_keys() {
			let seats = Seats::<Runtime>::decode_len(netuid).unwrap_or(0);
			let neurons = Neurons::<Runtime>::decode_len(netuid).unwrap_or(0);
			ensure!(seats == neurons, "a subnet has not as many neurons as seats");
		}
		Ok(())
	}
}

/// What the consensus would have been told of the seats of `netuid`.
fn neurons(netuid: NetUid) -> BoundedVec<Neuron, <Runtime as pallet_yuma::Config>::MaxSeats> {
	let seats = Seats::<Runtime>::get(netuid).into_iter();
	let neurons: Vec<_> = seats.map(|seat| Neuron::new(seat.registered_at)).collect();
	// Both pallets have the same bound.
	BoundedVec::truncate_from(neurons)
}
