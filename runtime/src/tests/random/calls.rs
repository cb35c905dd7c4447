//! Which call comes next.

use super::world::World;
use crate::{AccountId, RuntimeCall, RuntimeOrigin};
use frame_support::traits::GetCallMetadata;
use rand::Rng;

/// A call, and who sends it.
pub(crate) struct Attempt {
	pub(crate) origin: RuntimeOrigin,
	/// Its signer; none for governance.
	pub(crate) who: Option<AccountId>,
	pub(crate) call: RuntimeCall,
}

impl Attempt {
	/// The call's name.
	pub(crate) fn name(&self) -> &'static str {
		self.call.get_call_metadata().function_name
	}
}

pub(super) fn signed(who: AccountId, call: impl Into<RuntimeCall>) -> Attempt {
	Attempt { origin: RuntimeOrigin::signed(who.clone()), who: Some(who), call: call.into() }
}

impl World {
	/// A random call. Where there is nothing that it could be about, a stake.
	pub(crate) fn attempt(&mut self) -> Attempt {
		// While there is something to redeem, every third call does: it is not there for long.
		if !self.claims.is_empty() && self.chance(1, 3) {
			return self.redeem();
		}
		let registry = match self.rng.gen_range(0..1_000) {
			0..=139 => return self.add_stake(),
			140..=219 => return self.remove_stake(),
			220..=279 => return self.add_stake_limit(),
			280..=344 => return self.remove_stake_limit(),
			345..=424 => return self.move_stake(),
			425..=469 => return self.transfer_stake(),
			470..=507 => return self.remove_all_stake(),
			508..=539 => return self.recycle_alpha(),
			540..=573 => return self.burn_alpha(),
			574..=593 => return self.redeem(),
			594..=619 => return self.set_reward_destination(),
			620..=655 => self.register_subnet(),
			656..=691 => Some(self.start_call()),
			692..=731 => Some(self.register_neuron()),
			732..=761 => Some(self.set_take()),
			762..=801 => self.dissolve_subnet(),
			802..=826 => self.cancel_dissolve(),
			827..=848 => Some(self.rebind_hotkey()),
			849..=876 => self.set_subnet_params(),
			877..=896 => self.set_subnet_identity(),
			897..=920 => Some(self.swap_hotkey()),
			921..=958 => Some(self.announce_coldkey_swap()),
			959..=972 => Some(self.cancel_coldkey_swap()),
			_ => Some(self.swap_coldkey()),
		};
		registry.unwrap_or_else(|| self.add_stake())
	}
}
