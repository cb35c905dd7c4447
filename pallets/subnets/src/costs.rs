//! What registering costs now. The formulas are [`dtao_math::cost`]'s; what they are fed is ours.

use crate::{Config, Error, LastLock, Lock, NeuronCost, NeuronCosts, Pallet};
use dtao_math::{cost, MathError};
use dtao_primitives::{NetUid, SubnetsParams, Tao};
use sp_runtime::Perbill;

impl<T> From<MathError> for Error<T> {
	fn from(_: MathError) -> Self {
		Self::InvalidParams
	}
}

impl<T: Config> Pallet<T> {
	/// What registering a subnet locks in block `now`. The least if none was registered before.
	///
	/// # Errors
	///
	/// [`Error::InvalidParams`] if `params` are out of their bounds.
	pub(crate) fn lock_cost(params: &SubnetsParams, now: u32) -> Result<Tao, Error<T>> {
		let Lock { paid, at } = LastLock::<T>::get().unwrap_or(Lock { paid: Tao::ZERO, at: now });
		let quiet = now.saturating_sub(at);
		let cost = cost::lock_cost(
			paid.get(),
			quiet.into(),
			params.lock_interval.into(),
			params.min_lock.get(),
		)?;
		Ok(Tao(cost))
	}

	/// What registering a neuron in `netuid` recycles in block `now`.
	///
	/// # Errors
	///
	/// [`Error::InvalidParams`] if `params` are out of their bounds.
	pub(crate) fn neuron_cost_at(
		netuid: NetUid,
		params: &SubnetsParams,
		now: u32,
	) -> Result<Tao, Error<T>> {
		let first = NeuronCost { cost: params.neuron_cost, at: now };
		let NeuronCost { cost, at } = NeuronCosts::<T>::get(netuid).unwrap_or(first);
		let quiet = now.saturating_sub(at);
		let (min, max) = (params.min_neuron_cost.get(), params.max_neuron_cost.get());
		let cost = cost::neuron_cost(cost.get(), quiet, params.neuron_half_life, min, max)?;
		Ok(Tao(cost))
	}

	/// What a neuron costs right after one was registered for `paid`.
	///
	/// # Errors
	///
	/// [`Error::InvalidParams`] if `params` are out of their bounds.
	pub(crate) fn neuron_cost_after(paid: Tao, params: &SubnetsParams) -> Result<Tao, Error<T>> {
		let one = u64::from(Perbill::one().deconstruct());
		let rise = u64::from(params.neuron_cost_rise.deconstruct());
		let factor = one.checked_add(rise).ok_or(Error::<T>::InvalidParams)?;
		let (min, max) = (params.min_neuron_cost.get(), params.max_neuron_cost.get());
		Ok(Tao(cost::neuron_cost_after(paid.get(), factor, one, min, max)?))
	}
}
