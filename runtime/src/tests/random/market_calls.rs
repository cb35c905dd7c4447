//! Random calls of the market.

use super::{
	calls::{signed, Attempt},
	world::{Held, World},
};
use dtao_primitives::{Amount, Fill, NetUid, Tao};
use pallet_dtao::{
	types::{Exit, Place},
	Call,
};
use rand::Rng;
use sp_runtime::BoundedVec;

impl World {
	pub(super) fn add_stake(&mut self) -> Attempt {
		let (who, netuid, hotkey, tao) =
			(self.coldkey(), self.tradeable(), self.backed(), self.stake());
		let min_received = if self.chance(1, 30) { tao.get() * 3 } else { 0 };
		signed(who, Call::add_stake { netuid, hotkey, tao, min_received })
	}

	pub(super) fn remove_stake(&mut self) -> Attempt {
		let held = self.position();
		let amount = self.part(&held);
		let min_received = if self.chance(1, 30) { Tao(u64::MAX) } else { Tao::ZERO };
		let Held { coldkey, netuid, hotkey, .. } = held;
		signed(coldkey, Call::remove_stake { netuid, hotkey, amount, min_received })
	}

	fn fill(&mut self) -> Fill {
		if self.chance(1, 3) {
			Fill::FillOrKill
		} else {
			Fill::Partial
		}
	}

	pub(super) fn add_stake_limit(&mut self) -> Attempt {
		let (who, netuid, hotkey, tao) =
			(self.coldkey(), self.tradeable(), self.backed(), self.stake());
		let (limit_price, fill) = (self.limit(netuid), self.fill());
		signed(who, Call::add_stake_limit { netuid, hotkey, tao, limit_price, fill })
	}

	pub(super) fn remove_stake_limit(&mut self) -> Attempt {
		let held = self.position();
		let amount = self.part(&held);
		let Held { coldkey, netuid, hotkey, .. } = held;
		let (limit_price, fill) = (self.limit(netuid), self.fill());
		let call = Call::remove_stake_limit { netuid, hotkey, amount, limit_price, fill };
		signed(coldkey, call)
	}

	pub(super) fn move_stake(&mut self) -> Attempt {
		let held = self.position();
		let amount = self.part(&held);
		let Held { coldkey, netuid, hotkey, .. } = held;
		let to = match self.chance(1, 2) {
			true => Place { netuid, hotkey: self.backed() },
			false => Place { netuid: self.tradeable(), hotkey: self.backed() },
		};
		let from = Place { netuid, hotkey };
		signed(coldkey, Call::move_stake { from, to, amount, min_received: 0 })
	}

	pub(super) fn transfer_stake(&mut self) -> Attempt {
		let held = self.position();
		let amount = self.part(&held);
		let to_coldkey = self.coldkey();
		let Held { coldkey, netuid, hotkey, .. } = held;
		signed(coldkey, Call::transfer_stake { to_coldkey, netuid, hotkey, amount })
	}

	pub(super) fn remove_all_stake(&mut self) -> Attempt {
		let who = self.position().coldkey;
		let most = self.rng.gen_range(0..=4);
		let mut exits: Vec<_> = self
			.held
			.iter()
			.filter(|held| held.coldkey == who)
			.map(|held| Exit {
				netuid: held.netuid,
				hotkey: held.hotkey.clone(),
				min_received: Tao::ZERO,
			})
			.collect();
		while exits.len() > most {
			exits.swap_remove(self.rng.gen_range(0..exits.len()));
		}
		if self.chance(1, 40) {
			exits.extend(exits.clone());
		}
		let positions = BoundedVec::try_from(exits).expect("eight fit");
		signed(who, Call::remove_all_stake { positions })
	}

	fn little(&mut self) -> (Held, Amount) {
		let held = self.position();
		let amount = match self.chance(1, 8) {
			true => self.part(&held),
			false => Amount::Exact(self.rng.gen_range(1..1_000_000)),
		};
		(held, amount)
	}

	pub(super) fn recycle_alpha(&mut self) -> Attempt {
		let (Held { coldkey, netuid, hotkey, .. }, amount) = self.little();
		signed(coldkey, Call::recycle_alpha { netuid, hotkey, amount })
	}

	pub(super) fn burn_alpha(&mut self) -> Attempt {
		let (Held { coldkey, netuid, hotkey, .. }, amount) = self.little();
		signed(coldkey, Call::burn_alpha { netuid, hotkey, amount })
	}

	/// Anyone may redeem for anyone.
	pub(super) fn redeem(&mut self) -> Attempt {
		let claims = core::mem::take(&mut self.claims);
		let one = self.one(&claims);
		self.claims = claims;
		let known = one.filter(|_| !self.chance(1, 40));
		let Held { coldkey, netuid, hotkey, .. } = known.unwrap_or_else(|| self.position());
		signed(self.coldkey(), Call::redeem { netuid, coldkey, hotkey })
	}

	pub(super) fn set_reward_destination(&mut self) -> Attempt {
		let (who, hotkey) = (self.coldkey(), self.backed());
		let netuid = if self.chance(1, 40) { NetUid::ROOT } else { self.netuid() };
		let hotkey = (!self.chance(1, 3)).then_some(hotkey);
		signed(who, Call::set_reward_destination { netuid, hotkey })
	}
}
