//! The invariants, numbered.

mod hotkeys;
mod seats;
mod subnets;

use crate::{Config, Pallet};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// What must hold of this pallet's state before and after every call and every block.
	///
	/// 1. **Hotkeys.** Accounts and numbers are inverse maps, and every number was given out. The
	///    index by owner has every hotkey under its owner, and nothing else. An account that a hotkey
	///    had before is no hotkey's.
	/// 2. **Takes.** No hotkey takes, or will take, more than [`MAX_TAKE`](crate::MAX_TAKE). A raise
	///    is one, and was announced; neither that nor the last exchange of an account lies ahead.
	/// 3. **Subnets.** At most [`Config::MaxSubnets`] exist, and are counted right; root is none of
	///    them; every netuid was given out, its owner's hotkey exists and counts it, its
	///    hyperparameters are in bounds.
	/// 4. **Starts.** A subnet is registered before it starts, and before its hyperparameters are
	///    set, and neither lies ahead.
	/// 5. **Seats.** A subnet that has seats exists, and has no more than it is set to, or is being
	///    cleaned up. Each of its seats' hotkeys exists, and counts its seats. The index of uids
	///    says of every seat where it is, and nothing else.
	/// 6. **Costs.** What the next registration costs follows from one that does not lie ahead, that
	///    of a neuron from one in a subnet that exists.
	/// 7. **Identities.** What says something of itself is a subnet that exists, and what it says
	///    is text, and not nothing.
	/// 8. **Cleaning.** What is cleaned up had been given out, exists no more, has seats, and nothing
	///    else.
	/// 9. **Swaps.** A coldkey is exchanged for another.
	///
	/// # Errors
	///
	/// The first that does not hold.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_hotkeys()?;
		Self::try_state_takes()?;
		Self::try_state_subnets()?;
		Self::try_state_starts()?;
		Self::try_state_seats()?;
		Self::try_state_costs()?;
		Self::try_state_identities()?;
		Self::try_state_cleaning()?;
		Self::try_state_swaps()
	}
}
