//! Random calls of the registry.

use super::{
	calls::{signed, Attempt},
	world::World,
};
use crate::{AccountId, RuntimeOrigin};
use dtao_primitives::{
	constants::{MAX_SEATS, MIN_TEMPO, UNIT},
	Hyperparams, NetUid, SubnetIdentity, Tao,
};
use pallet_subnets::{Call, Subnet};
use rand::Rng;
use sp_runtime::{BoundedVec, PerU16};

/// The fewest subnets that a dissolution leaves, as a rule.
const FEW: usize = 5;
/// From here on, hardly one more is registered.
const MANY: usize = 9;

type Known = (NetUid, Subnet<AccountId>);

impl World {
	/// One of the subnets that `wanted` says; any if there is none.
	fn subnet_that(&mut self, wanted: impl Fn(&Subnet<AccountId>) -> bool) -> Option<Known> {
		let fit: Vec<_> = self.subnets.iter().filter(|(_, one)| wanted(one)).cloned().collect();
		let all = self.subnets.clone();
		match self.chance(1, 40) {
			false => self.one(&fit).or_else(|| self.one(&all)),
			true => self.one(&all),
		}
	}

	/// Its owner; now and then somebody else.
	fn owner(&mut self, subnet: Option<&Known>) -> AccountId {
		match subnet {
			Some((_, subnet)) if !self.chance(1, 40) => subnet.owner.clone(),
			_ => self.coldkey(),
		}
	}

	/// None where there are subnets enough.
	pub(super) fn register_subnet(&mut self) -> Option<Attempt> {
		if self.subnets.len() >= MANY && !self.chance(1, 20) {
			return None;
		}
		let (hotkey, owner) = self.registrant();
		let max_lock = if self.chance(1, 30) { Tao(UNIT) } else { Tao(40 * UNIT) };
		Some(signed(owner, Call::register_subnet { hotkey, max_lock }))
	}

	pub(super) fn start_call(&mut self) -> Attempt {
		let subnet = self.subnet_that(|subnet| subnet.started_at.is_none());
		let netuid = subnet.as_ref().map_or(NetUid::ROOT, |(netuid, _)| *netuid);
		signed(self.owner(subnet.as_ref()), Call::start_call { netuid })
	}

	pub(super) fn register_neuron(&mut self) -> Attempt {
		let (hotkey, owner) = self.registrant();
		let netuid = self.netuid();
		let max_cost = if self.chance(1, 40) { Tao(1) } else { Tao(u64::MAX) };
		signed(owner, Call::register_neuron { netuid, hotkey, max_cost })
	}

	pub(super) fn set_take(&mut self) -> Attempt {
		let hotkey = self.any_hotkey();
		let take = PerU16::from_parts(self.rng.gen_range(0..=13_000));
		signed(hotkey.owner, Call::set_take { hotkey: hotkey.account, take })
	}

	/// Governance's at once; or the owner's, announced or done.
	pub(super) fn dissolve_subnet(&mut self) -> Option<Attempt> {
		let now = self.now;
		let may_go = self.subnets.len() > FEW;
		if may_go && self.chance(1, 4) {
			let (netuid, _) = self.subnet_that(|_| true)?;
			return Some(Attempt {
				origin: RuntimeOrigin::root(),
				who: None,
				call: Call::dissolve_subnet { netuid }.into(),
			});
		}
		let is_due = |subnet: &Subnet<AccountId>| subnet.dissolve_from.is_some_and(|at| at <= now);
		let subnet = match may_go && self.chance(1, 2) {
			true => self.subnet_that(is_due),
			false => self.subnet_that(|subnet| subnet.dissolve_from.is_none()),
		};
		let netuid = subnet.as_ref()?.0;
		Some(signed(self.owner(subnet.as_ref()), Call::dissolve_subnet { netuid }))
	}

	pub(super) fn cancel_dissolve(&mut self) -> Option<Attempt> {
		let subnet = self.subnet_that(|subnet| subnet.dissolve_from.is_some());
		let netuid = subnet.as_ref()?.0;
		Some(signed(self.owner(subnet.as_ref()), Call::cancel_dissolve { netuid }))
	}

	pub(super) fn rebind_hotkey(&mut self) -> Attempt {
		let hotkey = if self.chance(1, 20) { self.seated() } else { self.idle_hotkey() };
		// What was announced is for one coldkey.
		let id = pallet_subnets::HotkeyIds::<crate::Runtime>::get(&hotkey.account);
		let announced = id.and_then(pallet_subnets::Rebindings::<crate::Runtime>::get);
		let announced = announced.filter(|_| self.chance(3, 4)).map(|announced| announced.to);
		let coldkey = announced.unwrap_or_else(|| self.coldkey());
		signed(hotkey.account, Call::rebind_hotkey { coldkey })
	}

	pub(super) fn set_subnet_params(&mut self) -> Option<Attempt> {
		let subnet = self.subnet_that(|_| true);
		let netuid = subnet.as_ref()?.0;
		let held = pallet_subnets::Seats::<crate::Runtime>::decode_len(netuid).unwrap_or(0) as u16;
		let held_params = subnet.as_ref()?.1.hyperparams.consensus;
		let governs = self.chance(1, 3);
		let max_seats = match self.rng.gen_range(0..12) {
			0 => 0,
			1 => held.saturating_sub(1),
			2..=3 => MAX_SEATS as u16,
			_ => held.max(1) + self.rng.gen_range(0..3),
		};
		let params = Hyperparams {
			tempo: MIN_TEMPO - u32::from(self.chance(1, 30)) + self.rng.gen_range(0..30),
			neuron_immunity: self.rng.gen_range(0..40),
			max_seats,
			registration_open: !self.chance(1, 20),
			consensus: self.consensus_params(held_params, governs),
		};
		let call = Call::set_subnet_params { netuid, params };
		Some(match governs {
			true => Attempt { origin: RuntimeOrigin::root(), who: None, call: call.into() },
			false => signed(self.owner(subnet.as_ref()), call),
		})
	}

	pub(super) fn set_subnet_identity(&mut self) -> Option<Attempt> {
		let subnet = self.subnet_that(|_| true);
		let netuid = subnet.as_ref()?.0;
		let length = self.rng.gen_range(0..40);
		let byte = if self.chance(1, 30) { 0xff } else { b'a' };
		let name = BoundedVec::try_from(vec![byte; length]).expect("forty bytes fit");
		let identity = SubnetIdentity { name, ..Default::default() };
		let owner = self.owner(subnet.as_ref());
		Some(signed(owner, Call::set_subnet_identity { netuid, identity }))
	}

	pub(super) fn swap_hotkey(&mut self) -> Attempt {
		let hotkey = self.any_hotkey();
		let new_hotkey = match self.chance(1, 30) {
			true => self.any_hotkey().account,
			false => self.spare(&hotkey.owner),
		};
		signed(hotkey.owner, Call::swap_hotkey { hotkey: hotkey.account, new_hotkey })
	}

	pub(super) fn announce_coldkey_swap(&mut self) -> Attempt {
		let (who, new_coldkey) = (self.coldkey(), self.coldkey());
		signed(who, Call::announce_coldkey_swap { new_coldkey })
	}

	pub(super) fn cancel_coldkey_swap(&mut self) -> Attempt {
		let swaps = self.swaps.clone();
		let who = self.one(&swaps).map(|(who, _)| who);
		signed(who.unwrap_or_else(|| self.coldkey()), Call::cancel_coldkey_swap {})
	}

	/// Anyone may make an announced swap.
	pub(super) fn swap_coldkey(&mut self) -> Attempt {
		let now = self.now;
		let all = self.swaps.clone();
		let due: Vec<_> = all.iter().filter(|(_, swap)| swap.at <= now).cloned().collect();
		let swap = self.one(&due).or_else(|| self.one(&all));
		let coldkey = swap.map_or_else(|| self.coldkey(), |(who, _)| who);
		signed(self.coldkey(), Call::swap_coldkey { coldkey })
	}
}
