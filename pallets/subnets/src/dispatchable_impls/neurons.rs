//! The call that seats a hotkey.

use crate::{Config, Error, Event, NeuronCost, NeuronCosts, Pallet, Subnets, Uids};
use dtao_primitives::{NetUid, Tao, Uid};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// What [`Pallet::register_neuron`] says. Returns the neuron's uid.
	pub(crate) fn do_register_neuron(
		coldkey: T::AccountId,
		netuid: NetUid,
		hotkey: T::AccountId,
		max_cost: Tao,
	) -> Result<Uid, DispatchError> {
		ensure!(!netuid.is_root(), Error::<T>::RootHasNoSeats);
		let subnet = Subnets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		let hyperparams = subnet.hyperparams;
		ensure!(hyperparams.registration_open, Error::<T>::RegistrationClosed);
		let known = Self::hotkey_of(&coldkey, &hotkey)?;
		let is_seated = known.is_some_and(|id| Uids::<T>::contains_key(netuid, id));
		ensure!(!is_seated, Error::<T>::AlreadyRegistered);
		let now = Self::now();
		let place = Self::next_place(netuid, &hyperparams, now)?;

		let params = T::Params::get();
		let cost = Self::neuron_cost_at(netuid, &params, now)?;
		ensure!(cost <= max_cost, Error::<T>::CostAboveMaximum);
		let cost_after = Self::neuron_cost_after(cost, &params)?;

		Self::recycle(&coldkey, cost)?;

		let id = match known {
			Some(id) => id,
			None => Self::bind_hotkey(coldkey.clone(), hotkey.clone(), params.default_take)?,
		};
		let uid = Self::seat_at(netuid, place, id)?;
		NeuronCosts::<T>::insert(netuid, NeuronCost { cost: cost_after, at: now });

		Self::deposit_event(Event::NeuronRegistered { netuid, uid, hotkey, coldkey, cost });
		Ok(uid)
	}
}
