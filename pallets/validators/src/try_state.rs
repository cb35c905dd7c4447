//! What must always be true of the validators.

use crate::{Config, Pallet, SessionBlocks, Validators, MAX_SESSION_BLOCKS, MIN_SESSION_BLOCKS};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant.
	///
	/// # Errors
	///
	/// The first that does not hold, by its number.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_each_once()?;
		Self::try_state_somebody_makes_blocks()?;
		Self::try_state_sessions_have_a_length()
	}

	/// Invariant 1: nobody is on the list twice.
	fn try_state_each_once() -> Result<(), TryRuntimeError> {
		let validators = Validators::<T>::get();
		let distinct: BTreeSet<_> = validators.iter().collect();
		ensure!(distinct.len() == validators.len(), "1: a validator is listed twice");
		Ok(())
	}

	/// Invariant 2: where a session has validators, so has the list, and so has the next session.
	fn try_state_somebody_makes_blocks() -> Result<(), TryRuntimeError> {
		if pallet_session::Validators::<T>::get().is_empty() {
			return Ok(());
		}
		ensure!(!Validators::<T>::get().is_empty(), "2: the list of validators is empty");
		ensure!(
			!pallet_session::QueuedKeys::<T>::get().is_empty(),
			"2: nobody would make the next session's blocks"
		);
		Ok(())
	}

	/// Invariant 3: the length of a session is in its bounds.
	fn try_state_sessions_have_a_length() -> Result<(), TryRuntimeError> {
		ensure!(
			(MIN_SESSION_BLOCKS..=MAX_SESSION_BLOCKS).contains(&SessionBlocks::<T>::get()),
			"3: the length of a session is out of bounds"
		);
		Ok(())
	}
}
