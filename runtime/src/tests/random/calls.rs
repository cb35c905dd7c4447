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

/// From so many positions in dissolved subnets on, every other call redeems one.
const MANY_CLAIMS: usize = 40;

impl World {
	/// A random call. Where there is nothing that it could be about, a stake.
	pub(crate) fn attempt(&mut self) -> Attempt {
		if self.claims.len() > MANY_CLAIMS && self.chance(1, 2) {
			return self.redeem();
		}
		let registry = match self.rng.gen_range(0..1_000) {
			0..=139 => return self.add_stake(),
			140..=219 => return self.remove_stake(),
			220..=279 => return self.add_stake_limit(),
			280..=339 => return self.remove_stake_limit(),
			340..=419 => return self.move_stake(),
			420..=459 => return self.transfer_stake(),
			460..=489 => return self.remove_all_stake(),
			490..=514 => return self.recycle_alpha(),
			515..=539 => return self.burn_alpha(),
			540..=609 => return self.redeem(),
			610..=634 => return self.set_reward_destination(),
			635..=669 => self.register_subnet(),
			670..=699 => Some(self.start_call()),
			700..=739 => Some(self.register_neuron()),
			740..=769 => Some(self.set_take()),
			770..=809 => self.dissolve_subnet(),
			810..=834 => self.cancel_dissolve(),
			835..=854 => Some(self.rebind_hotkey()),
			855..=879 => self.set_subnet_params(),
			880..=899 => self.set_subnet_identity(),
			900..=919 => Some(self.swap_hotkey()),
			920..=959 => Some(self.announce_coldkey_swap()),
			960..=974 => Some(self.cancel_coldkey_swap()),
			_ => Some(self.swap_coldkey()),
		};
		registry.unwrap_or_else(|| self.add_stake())
	}
}
