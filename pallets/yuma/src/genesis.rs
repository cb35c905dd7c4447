//! Who weighs whom from the first block on. Not runtime execution: what cannot be built is refused
//! loudly, since a chain must not start from a state that its calls could not have reached.

use crate::{types::Ballot, Config, Error, GenesisConfig, Neurons, Pallet};
use alloc::vec::Vec;
use dtao_primitives::{traits::SubnetRegistry, NetUid, Uid};
use frame_support::ensure;
use serde::{Deserialize, Serialize};
use sp_runtime::{DispatchError, DispatchResult};

/// The weights of one hotkey in one subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisWeights<AccountId> {
	/// The subnet, which genesis registers.
	pub netuid: NetUid,
	/// The hotkey, which genesis seats there. It has a permit until the first epoch decides.
	pub hotkey: AccountId,
	/// Whom it weighs, and what each gets.
	pub weights: Vec<(Uid, u16)>,
}

impl<T: Config> Pallet<T> {
	/// Set all weights in `config`. They count as of the first block, since what is set in the block
	/// of a registration says nothing of that seat.
	///
	/// # Panics
	///
	/// If anything in `config` is refused; the message says what and why.
	#[allow(clippy::panic, reason = "genesis is not runtime execution")]
	pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
		for weights in &config.weights {
			if let Err(error) = Self::build_weights(weights) {
				panic!("genesis of the consensus refused: {error:?} in {weights:?}");
			}
		}
	}

	fn build_weights(genesis: &GenesisWeights<T::AccountId>) -> DispatchResult {
		let GenesisWeights { netuid, hotkey, weights } = genesis;
		let id = T::Registry::hotkey_id(hotkey).ok_or(Error::<T>::NotRegistered)?;
		let uid = T::Registry::uid(*netuid, id).ok_or(Error::<T>::NotRegistered)?;
		let params = T::Registry::consensus_params(*netuid);
		let mut neurons = Neurons::<T>::get(netuid);
		let (uids, values): (Vec<Uid>, Vec<u16>) = weights.iter().copied().unzip();
		let ballot = Ballot::new(&uids, &values, neurons.len()).map_err(Error::<T>::from)?;
		ballot.check(&params, neurons.len()).map_err(Error::<T>::from)?;

		let at = Self::now().saturating_add(1);
		let neuron = neurons.get_mut(usize::from(uid.0)).ok_or(Error::<T>::InvalidSeat)?;
		ensure!(!neuron.permit, DispatchError::Other("the hotkey is listed twice"));
		neuron.permit = true;
		neuron.last_update = at;
		let permits = neurons.iter().filter(|neuron| neuron.permit).count();
		let most = usize::from(params.max_validators);
		ensure!(permits <= most, DispatchError::Other("more hotkeys weigh than may validate"));
		Self::store_row(*netuid, uid, &ballot, at)?;
		Neurons::<T>::insert(netuid, neurons);
		Ok(())
	}
}
