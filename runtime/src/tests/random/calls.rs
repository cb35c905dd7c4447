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
		let registry = match self.rng.gen_range(0..1_180) {
			0..=84 => return self.add_stake(),
			85..=154 => return self.remove_stake(),
			155..=214 => return self.add_stake_limit(),
			215..=279 => return self.remove_stake_limit(),
			280..=359 => return self.move_stake(),
			360..=404 => return self.transfer_stake(),
			405..=442 => return self.remove_all_stake(),
			443..=472 => return self.recycle_alpha(),
			473..=502 => return self.burn_alpha(),
			503..=522 => return self.redeem(),
			523..=548 => return self.set_reward_destination(),
			549..=590 => self.register_subnet(),
			591..=634 => Some(self.start_call()),
			635..=674 => Some(self.register_neuron()),
			675..=704 => Some(self.set_take()),
			705..=744 => self.dissolve_subnet(),
			745..=770 => self.cancel_dissolve(),
			771..=792 => Some(self.rebind_hotkey()),
			793..=820 => self.set_subnet_params(),
			821..=840 => self.set_subnet_identity(),
			841..=862 => Some(self.swap_hotkey()),
			863..=908 => Some(self.announce_coldkey_swap()),
			909..=930 => Some(self.cancel_coldkey_swap()),
			931..=959 => Some(self.swap_coldkey()),
			960..=999 => self.set_weights(),
			1_000..=1_072 => self.commit_weights(),
			_ => self.reveal_weights(),
		};
		registry.unwrap_or_else(|| self.add_stake())
	}
}
