//! Calls about a subnet: registered, started, dissolved, set.

use crate::{
	types::{waited, waited_if_ever},
	Config, Error, Event, Identities, LastLock, Lock, Pallet, Subnet, Subnets,
};
use dtao_primitives::{
	constants::{MAX_NEURON_IMMUNITY, MAX_TEMPO, MIN_TEMPO},
	traits::MarketInspect,
	ConsensusParams, Hyperparams, NetUid, ParamsError, SubnetIdentity, SubnetsParams, Tao,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// What [`Pallet::register_subnet`] says. Returns whether another subnet had to go.
	pub(crate) fn do_register_subnet(
		owner: T::AccountId,
		hotkey: T::AccountId,
		max_lock: Tao,
	) -> Result<bool, DispatchError> {
		let params = T::Params::get();
		let now = Self::now();
		Self::ensure_registration_open(&params, now)?;

		let lock = Self::lock_cost(&params, now)?;
		ensure!(lock <= max_lock, Error::<T>::CostAboveMaximum);

		let has_pruned = Self::prune_if_full(&params, now)?;
		let netuid =
			Self::create_subnet(owner.clone(), hotkey.clone(), lock, params.tempo, &params)?;

		LastLock::<T>::put(Lock { paid: lock, at: now });

		Self::deposit_event(Event::SubnetRegistered { netuid, owner, hotkey, lock });
		Ok(has_pruned)
	}

	/// What [`Pallet::start_call`] says.
	pub(crate) fn do_start_call(coldkey: &T::AccountId, netuid: NetUid) -> DispatchResult {
		let subnet = Self::subnet_of(coldkey, netuid)?;
		ensure!(subnet.started_at.is_none(), Error::<T>::AlreadyStarted);
		let delay = T::Params::get().start_delay;
		ensure!(waited(delay, subnet.registered_at, Self::now()), Error::<T>::StartTooSoon);

		Self::start(netuid, subnet)?;

		Self::deposit_event(Event::SubnetStarted { netuid });
		Ok(())
	}

	/// What [`Pallet::dissolve_subnet`] says of governance.
	pub(crate) fn do_dissolve_at_once(netuid: NetUid) -> DispatchResult {
		let subnet = Subnets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		Self::dissolve(netuid, &subnet, false)
	}

	/// What [`Pallet::dissolve_subnet`] says of the owner: announce it, or do what was announced.
	pub(crate) fn do_dissolve_subnet(coldkey: &T::AccountId, netuid: NetUid) -> DispatchResult {
		let subnet = Self::subnet_of(coldkey, netuid)?;
		let delay = T::Params::get().dissolve_delay;
		let now = Self::now();
		let announced = subnet.dissolve_from.filter(|from| now < from.saturating_add(delay));
		match announced {
			Some(from) => {
				ensure!(now >= from, Error::<T>::DissolveTooSoon);
				Self::dissolve(netuid, &subnet, false)
			},
			None => {
				let from = now.saturating_add(delay);
				Subnets::<T>::insert(netuid, Subnet { dissolve_from: Some(from), ..subnet });
				Self::deposit_event(Event::SubnetDissolutionAnnounced { netuid, from });
				Ok(())
			},
		}
	}

	/// What [`Pallet::cancel_dissolve`] says.
	pub(crate) fn do_cancel_dissolve(coldkey: &T::AccountId, netuid: NetUid) -> DispatchResult {
		let subnet = Self::subnet_of(coldkey, netuid)?;
		ensure!(subnet.dissolve_from.is_some(), Error::<T>::NothingAnnounced);

		Subnets::<T>::insert(netuid, Subnet { dissolve_from: None, ..subnet });

		Self::deposit_event(Event::SubnetDissolutionCancelled { netuid });
		Ok(())
	}

	/// What [`Pallet::set_subnet_params`] says of governance, whom no delay binds.
	pub(crate) fn do_force_subnet_params(
		netuid: NetUid,
		hyperparams: Hyperparams,
	) -> DispatchResult {
		let subnet = Subnets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		Self::store_hyperparams(netuid, subnet, hyperparams)?;
		Ok(())
	}

	/// What [`Pallet::set_subnet_params`] says of the owner.
	pub(crate) fn do_set_subnet_params(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hyperparams: Hyperparams,
	) -> DispatchResult {
		let subnet = Self::subnet_of(coldkey, netuid)?;
		let params = T::Params::get();
		let now = Self::now();
		let last = subnet.hyperparams_set_at;
		let may_set = waited_if_ever(params.hyperparams_interval, last, now);
		ensure!(may_set, Error::<T>::HyperparamsTooSoon);
		let closes_soon =
			|closes_at: u32| closes_at.saturating_sub(now) <= params.hyperparams_freeze;
		let is_frozen = T::Market::epoch_closes_at(netuid).is_some_and(closes_soon);
		ensure!(!is_frozen, Error::<T>::HyperparamsFrozen);
		let held = &subnet.hyperparams.consensus;
		ensure!(held.governed_alike(&hyperparams.consensus), Error::<T>::GovernanceOnly);

		let subnet = Subnet { hyperparams_set_at: Some(now), ..subnet };
		Self::store_hyperparams(netuid, subnet, hyperparams)?;
		Ok(())
	}

	/// What [`Pallet::set_subnet_identity`] says.
	pub(crate) fn do_set_subnet_identity(
		coldkey: &T::AccountId,
		netuid: NetUid,
		identity: SubnetIdentity,
	) -> DispatchResult {
		Self::subnet_of(coldkey, netuid)?;
		ensure!(identity.is_text(), Error::<T>::IdentityNotText);

		if identity == SubnetIdentity::default() {
			Identities::<T>::remove(netuid);
		} else {
			Identities::<T>::insert(netuid, identity);
		}

		Self::deposit_event(Event::SubnetIdentitySet { netuid });
		Ok(())
	}

	/// What is cold of `netuid`, if `coldkey` owns it.
	///
	/// # Errors
	///
	/// [`Error::UnknownSubnet`], [`Error::NotSubnetOwner`].
	fn subnet_of(coldkey: &T::AccountId, netuid: NetUid) -> Result<Subnet<T::AccountId>, Error<T>> {
		let subnet = Subnets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
		ensure!(subnet.owner == *coldkey, Error::<T>::NotSubnetOwner);
		Ok(subnet)
	}

	/// Whether enough blocks have passed since the last registration of a subnet.
	///
	/// # Errors
	///
	/// [`Error::RegistrationTooSoon`] if not.
	fn ensure_registration_open(params: &SubnetsParams, now: u32) -> Result<(), Error<T>> {
		let last = LastLock::<T>::get().map(|last| last.at);
		let is_open = waited_if_ever(params.registration_interval, last, now);
		ensure!(is_open, Error::<T>::RegistrationTooSoon);
		Ok(())
	}

	/// Give `netuid`, whose record is `subnet`, its `hyperparams`.
	///
	/// # Errors
	///
	/// When one of them is out of bounds, or there would be fewer seats than are held.
	fn store_hyperparams(
		netuid: NetUid,
		subnet: Subnet<T::AccountId>,
		hyperparams: Hyperparams,
	) -> Result<(), Error<T>> {
		Self::ensure_in_bounds(&hyperparams)?;
		let is_enough = u32::from(hyperparams.max_seats) >= Self::seats_held(netuid);
		ensure!(is_enough, Error::<T>::MaxSeatsBelowHeld);

		Subnets::<T>::insert(netuid, Subnet { hyperparams, ..subnet });

		Self::deposit_event(Event::SubnetParamsSet { netuid, params: hyperparams });
		Ok(())
	}

	/// Whether every one of `hyperparams` is within its own bounds.
	///
	/// # Errors
	///
	/// [`Error::TempoOutOfBounds`], [`Error::MaxSeatsOutOfBounds`],
	/// [`Error::NeuronImmunityOutOfBounds`], and those of [`Self::ensure_consensus_in_bounds`].
	pub(crate) fn ensure_in_bounds(hyperparams: &Hyperparams) -> Result<(), Error<T>> {
		let Hyperparams { tempo, neuron_immunity, max_seats, consensus, .. } = hyperparams;
		ensure!((MIN_TEMPO..=MAX_TEMPO).contains(tempo), Error::<T>::TempoOutOfBounds);
		let is_bounded = (1..=Self::most_seats()).contains(max_seats);
		ensure!(is_bounded, Error::<T>::MaxSeatsOutOfBounds);
		let is_brief = *neuron_immunity <= MAX_NEURON_IMMUNITY;
		ensure!(is_brief, Error::<T>::NeuronImmunityOutOfBounds);
		Self::ensure_consensus_in_bounds(consensus, *tempo)
	}

	/// Whether every one of `params` is within its own bounds, for epochs of `tempo` blocks.
	///
	/// # Errors
	///
	/// The one of the first field that is not.
	fn ensure_consensus_in_bounds(params: &ConsensusParams, tempo: u32) -> Result<(), Error<T>> {
		params.validate(tempo).map_err(|ParamsError::OutOfBounds(field)| match field {
			"kappa" => Error::<T>::KappaOutOfBounds,
			"max_validators" => Error::<T>::MaxValidatorsOutOfBounds,
			"stake_threshold" => Error::<T>::StakeThresholdOutOfBounds,
			"bonds_moving_average" => Error::<T>::BondsMovingAverageOutOfBounds,
			"liquid_alpha" => Error::<T>::LiquidAlphaOutOfBounds,
			"weights_rate_limit" => Error::<T>::WeightsRateLimitOutOfBounds,
			"reveal_period" => Error::<T>::RevealPeriodOutOfBounds,
			"activity_cutoff" => Error::<T>::ActivityCutoffOutOfBounds,
			"min_allowed_weights" => Error::<T>::MinAllowedWeightsOutOfBounds,
			"max_weight_limit" => Error::<T>::MaxWeightLimitOutOfBounds,
			// There is no other; a test names each.
			_ => Error::<T>::InvalidParams,
		})
	}
}
