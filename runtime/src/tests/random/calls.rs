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
		let registry = match self.rng.gen_range(0..1_150) {
			0..=124 => return self.add_stake(),
			125..=204 => return self.remove_stake(),
			205..=264 => return self.add_stake_limit(),
			265..=329 => return self.remove_stake_limit(),
			330..=409 => return self.move_stake(),
			410..=454 => return self.transfer_stake(),
			455..=492 => return self.remove_all_stake(),
			493..=522 => return self.recycle_alpha(),
			523..=552 => return self.burn_alpha(),
			553..=572 => return self.redeem(),
			573..=598 => return self.set_reward_destination(),
			599..=636 => self.register_subnet(),
			637..=674 => Some(self.start_call()),
			675..=714 => Some(self.register_neuron()),
			715..=744 => Some(self.set_take()),
			745..=784 => self.dissolve_subnet(),
			785..=810 => self.cancel_dissolve(),
			811..=832 => Some(self.rebind_hotkey()),
			833..=860 => self.set_subnet_params(),
			861..=880 => self.set_subnet_identity(),
			881..=902 => Some(self.swap_hotkey()),
			903..=948 => Some(self.announce_coldkey_swap()),
			949..=970 => Some(self.cancel_coldkey_swap()),
			971..=999 => Some(self.swap_coldkey()),
			1_000..=1_044 => self.set_weights(),
			1_045..=1_094 => self.commit_weights(),
			_ => self.reveal_weights(),
		};
		registry.unwrap_or_else(|| self.add_stake())
	}
}
