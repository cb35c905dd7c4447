//! The list of validators, and when the session's set follows it.

use crate::{Config, Error, Event, Pallet, SessionBlocks, Validators, WeightInfo};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	ensure,
	traits::{EstimateNextSessionRotation, Get},
	weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use pallet_session::{historical, NextKeys, PeriodicSessions, QueuedKeys, ShouldEndSession};
use sp_runtime::{
	traits::{Convert, UniqueSaturatedInto},
	DispatchResult, Permill,
};
use sp_staking::SessionIndex;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_add_validator(who: T::AccountId) -> DispatchResult {
		let mut validators = Validators::<T>::get();
		ensure!(!validators.contains(&who), Error::<T>::AlreadyValidator);
		ensure!(NextKeys::<T>::contains_key(&who), Error::<T>::NoKeys);
		validators.try_push(who.clone()).map_err(|_| Error::<T>::TooManyValidators)?;
		Validators::<T>::put(validators);
		Self::deposit_event(Event::ValidatorAdded { who });
		Ok(())
	}

	pub(crate) fn do_remove_validator(who: &T::AccountId) -> DispatchResult {
		let mut validators = Validators::<T>::get();
		let before = validators.len();
		validators.retain(|other| other != who);
		ensure!(validators.len() < before, Error::<T>::UnknownValidator);
		ensure!(validators.iter().any(NextKeys::<T>::contains_key), Error::<T>::LastValidator);
		Validators::<T>::put(validators);
		Self::deposit_event(Event::ValidatorRemoved { who: who.clone() });
		Ok(())
	}

	/// End the session if `now` is a multiple of its length and somebody can make the blocks of the
	/// next. Returns what was measured for either.
	pub(crate) fn end_session_if_due(now: BlockNumberFor<T>) -> Weight {
		let now: u32 = now.unique_saturated_into();
		if now.checked_rem(SessionBlocks::<T>::get()) != Some(0) {
			return <T as Config>::WeightInfo::session_goes_on();
		}
		let ready = Self::ready().len();
		let current = pallet_session::Validators::<T>::decode_len().unwrap_or_default();
		if ready == 0 {
			Self::deposit_event(Event::SessionProlonged);
		} else {
			pallet_session::Pallet::<T>::rotate_session();
		}
		<T as Config>::WeightInfo::session_ends(ready.max(current).unique_saturated_into())
	}

	/// The validators that have keys, with them, in order.
	fn ready() -> Vec<(T::AccountId, T::Keys)> {
		let with_keys = |who| NextKeys::<T>::get(&who).map(|keys| (who, keys));
		Validators::<T>::get().into_iter().filter_map(with_keys).collect()
	}

	/// The validators of the session that is planned now; none if they and their keys are those of
	/// the session that begins now. Then neither Aura nor GRANDPA has anything to change.
	fn planned() -> Option<Vec<T::AccountId>> {
		let ready = Self::ready();
		if ready.is_empty() || ready == QueuedKeys::<T>::get() {
			return None;
		}
		Some(ready.into_iter().map(|(who, _)| who).collect())
	}

	/// Forget sessions in which no offence can be proved any more.
	fn forget_before(start: SessionIndex) {
		let oldest = start.saturating_sub(T::HistoryDepth::get());
		if oldest > 0 {
			historical::Pallet::<T>::prune_up_to(oldest);
		}
	}
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
	fn new_session(_: SessionIndex) -> Option<Vec<T::AccountId>> {
		Self::planned()
	}

	fn start_session(index: SessionIndex) {
		Self::forget_before(index);
	}

	fn end_session(_: SessionIndex) {}
}

impl<T: Config> historical::SessionManager<T::AccountId, ()> for Pallet<T> {
	fn new_session(_: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		Self::planned().map(|all| all.into_iter().map(|who| (who, ())).collect())
	}

	fn start_session(index: SessionIndex) {
		Self::forget_before(index);
	}

	fn end_session(_: SessionIndex) {}
}

/// For `pallet_session`: never. [`Pallet`] ends sessions itself, in its own hook, since that of
/// `pallet_session` counts the whole block as used.
pub struct EndedByValidators<T>(PhantomData<T>);

impl<T: Config> ShouldEndSession<BlockNumberFor<T>> for EndedByValidators<T> {
	fn should_end_session(_: BlockNumberFor<T>) -> bool {
		false
	}
}

/// The length of a session, as `pallet_session` wants it.
struct Period<T>(PhantomData<T>);

impl<T: Config> Get<BlockNumberFor<T>> for Period<T> {
	fn get() -> BlockNumberFor<T> {
		SessionBlocks::<T>::get().into()
	}
}

/// Sessions begin with the chain.
struct Offset<T>(PhantomData<T>);

impl<T: Config> Get<BlockNumberFor<T>> for Offset<T> {
	fn get() -> BlockNumberFor<T> {
		Default::default()
	}
}

impl<T: Config> EstimateNextSessionRotation<BlockNumberFor<T>> for EndedByValidators<T> {
	fn average_session_length() -> BlockNumberFor<T> {
		Period::<T>::get()
	}

	fn estimate_current_session_progress(now: BlockNumberFor<T>) -> (Option<Permill>, Weight) {
		PeriodicSessions::<Period<T>, Offset<T>>::estimate_current_session_progress(now)
	}

	fn estimate_next_session_rotation(
		now: BlockNumberFor<T>,
	) -> (Option<BlockNumberFor<T>>, Weight) {
		PeriodicSessions::<Period<T>, Offset<T>>::estimate_next_session_rotation(now)
	}
}

/// For `pallet_session::historical`: of a validator nothing is to be remembered but its account.
pub struct Unidentified;

impl<A> Convert<A, Option<()>> for Unidentified {
	fn convert(_: A) -> Option<()> {
		Some(())
	}
}
