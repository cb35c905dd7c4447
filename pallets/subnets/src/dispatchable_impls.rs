//! What the calls do, in call order: read, check, price, settle, store, emit.

use crate::{
	Config, Error, Event, HotkeyIds, Hotkeys, LastLock, Lock, NeuronCost, NeuronCosts, Pallet,
	Subnets, Uids,
};
use dtao_primitives::{NetUid, SubnetsParams, Tao, Uid};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult, PerU16};

impl<T: Config> Pallet<T> {
	/// What [`Pallet::register_subnet`] says. Returns the subnet's number.
	pub(crate) fn do_register_subnet(
		owner: T::AccountId,
		hotkey: T::AccountId,
	) -> Result<NetUid, DispatchError> {
		let params = T::Params::get();
		let now = Self::now();
		Self::ensure_registration_open(&params, now)?;

		let lock = Self::lock_cost(&params, now)?;

		let netuid =
			Self::create_subnet(owner.clone(), hotkey.clone(), lock, params.tempo, &params)?;

		LastLock::<T>::put(Lock { paid: lock, at: now });

		Self::deposit_event(Event::SubnetRegistered { netuid, owner, hotkey, lock });
		Ok(netuid)
	}

	/// What [`Pallet::start_call`] says.
	pub(crate) fn do_start_call(coldkey: &T::AccountId, netuid: NetUid) -> DispatchResult {
		let subnet = Subnets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		ensure!(subnet.owner == *coldkey, Error::<T>::NotSubnetOwner);
		ensure!(subnet.started_at.is_none(), Error::<T>::AlreadyStarted);
		let waited = Self::now().saturating_sub(subnet.registered_at);
		ensure!(waited >= T::Params::get().start_delay, Error::<T>::StartTooSoon);

		Self::start(netuid, subnet)?;

		Self::deposit_event(Event::SubnetStarted { netuid });
		Ok(())
	}

	/// What [`Pallet::register_neuron`] says. Returns the neuron's uid.
	pub(crate) fn do_register_neuron(
		coldkey: T::AccountId,
		netuid: NetUid,
		hotkey: T::AccountId,
		max_cost: Tao,
	) -> Result<Uid, DispatchError> {
		ensure!(!netuid.is_root(), Error::<T>::RootHasNoSeats);
		ensure!(Subnets::<T>::contains_key(netuid), Error::<T>::UnknownSubnet);
		let known = Self::hotkey_of(&coldkey, &hotkey)?;
		let is_seated = known.is_some_and(|id| Uids::<T>::contains_key(netuid, id));
		ensure!(!is_seated, Error::<T>::AlreadyRegistered);
		Self::next_uid(netuid)?;

		let params = T::Params::get();
		let now = Self::now();
		let cost = Self::neuron_cost_at(netuid, &params, now)?;
		ensure!(cost <= max_cost, Error::<T>::CostAboveMaximum);
		let cost_after = Self::neuron_cost_after(cost, &params)?;

		Self::recycle(&coldkey, cost)?;

		let id = match known {
			Some(id) => id,
			None => Self::bind_hotkey(coldkey.clone(), hotkey.clone(), params.default_take)?,
		};
		let uid = Self::seat(netuid, id)?;
		NeuronCosts::<T>::insert(netuid, NeuronCost { cost: cost_after, at: now });

		Self::deposit_event(Event::NeuronRegistered { netuid, uid, hotkey, coldkey, cost });
		Ok(uid)
	}

	/// What [`Pallet::set_take`] says.
	pub(crate) fn do_set_take(
		coldkey: &T::AccountId,
		hotkey: T::AccountId,
		take: PerU16,
	) -> DispatchResult {
		let id = HotkeyIds::<T>::get(&hotkey).ok_or(Error::<T>::UnknownHotkey)?;
		let mut record = Hotkeys::<T>::get(id).ok_or(Error::<T>::UnknownHotkey)?;
		ensure!(record.owner == *coldkey, Error::<T>::NotHotkeyOwner);
		ensure!(take <= T::Params::get().max_take, Error::<T>::TakeTooHigh);

		record.take = take;
		Hotkeys::<T>::insert(id, record);

		Self::deposit_event(Event::TakeSet { hotkey, take });
		Ok(())
	}

	/// Whether enough blocks have passed since the last registration of a subnet.
	///
	/// # Errors
	///
	/// [`Error::RegistrationTooSoon`] if not.
	fn ensure_registration_open(params: &SubnetsParams, now: u32) -> Result<(), Error<T>> {
		let is_open = |last: Lock| now.saturating_sub(last.at) >= params.registration_interval;
		ensure!(LastLock::<T>::get().is_none_or(is_open), Error::<T>::RegistrationTooSoon);
		Ok(())
	}
}
