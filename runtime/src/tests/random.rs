//! The real runtime under ten thousand blocks of random calls.

use super::{chain, next_block};
use crate::{
	AccountId, Balances, Dtao, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Subnets, System,
};
use dtao_primitives::{Amount, NetUid, Tao};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Dispatchable, DispatchError, PerU16};
use std::collections::BTreeMap;

/// How many blocks.
const BLOCKS: u32 = 10_000;
/// Where the random numbers begin.
const SEED: u64 = 0x0d7a_0002;
/// Calls in a block, at most.
const CALLS: u32 = 4;

/// How often each call was tried and accepted, and what refused it.
#[derive(Default)]
struct Table(BTreeMap<&'static str, Row>);

#[derive(Default)]
struct Row {
	tried: u32,
	accepted: u32,
	errors: BTreeMap<String, u32>,
}

impl Table {
	fn note(&mut self, name: &'static str, outcome: Result<(), DispatchError>) {
		let row = self.0.entry(name).or_default();
		row.tried += 1;
		match outcome {
			Ok(()) => row.accepted += 1,
			Err(error) => *row.errors.entry(<&str>::from(error).into()).or_default() += 1,
		}
	}

	fn print(&self) {
		println!("seed {SEED:#x}, {BLOCKS} blocks");
		for (name, row) in &self.0 {
			println!(
				"{name:20} tried {:6} accepted {:6} {:?}",
				row.tried, row.accepted, row.errors
			);
		}
	}

	fn accepted(&self, name: &str) -> u32 {
		self.0.get(name).map_or(0, |row| row.accepted)
	}

	fn sum(&self, of: impl Fn(&Row) -> u32) -> u32 {
		self.0.values().map(of).sum()
	}
}

/// Who calls, and which hotkeys there are.
struct World {
	rng: ChaCha8Rng,
	coldkeys: Vec<AccountId>,
	/// Each with the coldkey that registered it.
	hotkeys: Vec<(AccountId, AccountId)>,
	fresh: u32,
}

impl World {
	fn new() -> Self {
		use Sr25519Keyring::{Alice, Bob, Charlie, CharlieStash, Dave, Eve, Ferdie};
		let coldkeys = [Alice, Bob, Charlie, Dave, Ferdie].map(|key| key.to_account_id()).to_vec();
		let hotkeys = vec![
			(Eve.to_account_id(), Alice.to_account_id()),
			(CharlieStash.to_account_id(), Charlie.to_account_id()),
		];
		Self { rng: ChaCha8Rng::seed_from_u64(SEED), coldkeys, hotkeys, fresh: 0 }
	}

	fn one<T: Clone>(&mut self, of: &[T]) -> T {
		of[self.rng.gen_range(0..of.len())].clone()
	}

	fn coldkey(&mut self) -> AccountId {
		let coldkeys = self.coldkeys.clone();
		self.one(&coldkeys)
	}

	/// The first few hotkeys are the ones that are staked on.
	fn hotkey(&mut self) -> (AccountId, AccountId) {
		let known = self.hotkeys.len().min(3);
		let index = self.rng.gen_range(0..known);
		self.hotkeys[index].clone()
	}

	/// A hotkey that nobody owns.
	fn new_hotkey(&mut self) -> AccountId {
		self.fresh += 1;
		let mut bytes = [0xfe; 32];
		bytes[..4].copy_from_slice(&self.fresh.to_le_bytes());
		bytes.into()
	}

	/// Root, a subnet, or now and then one that does not exist.
	fn netuid(&mut self) -> NetUid {
		let last = Subnets::netuids().len() as u16 + u16::from(self.rng.gen_ratio(1, 50));
		NetUid(self.rng.gen_range(0..=last))
	}

	/// From one rao to 60 TAO, every order of magnitude alike.
	fn amount(&mut self) -> u64 {
		let most = 10u64.pow(self.rng.gen_range(6..=10)) * 6;
		self.rng.gen_range(1..=most)
	}

	/// A random call, and who signs it.
	fn call(&mut self) -> (&'static str, AccountId, RuntimeCall) {
		let who = self.coldkey();
		match self.rng.gen_range(0..1_000) {
			0..=469 => self.add_stake(who),
			470..=939 => self.remove_stake(),
			940..=959 => self.register_neuron(who),
			960..=994 => self.set_take(),
			995..=997 => self.register_subnet(who),
			_ => self.start_call(),
		}
	}

	fn add_stake(&mut self, who: AccountId) -> (&'static str, AccountId, RuntimeCall) {
		let netuid = self.netuid();
		let hotkey = self.hotkey().0;
		let tao = Tao(self.amount());
		let call = pallet_dtao::Call::add_stake { netuid, hotkey, tao, min_received: 0 };
		let name = if netuid.is_root() { "add_stake root" } else { "add_stake" };
		(name, who, call.into())
	}

	/// Mostly of somebody who has a position.
	fn remove_stake(&mut self) -> (&'static str, AccountId, RuntimeCall) {
		let mut who = self.coldkey();
		let (mut netuid, mut hotkey) = (self.netuid(), self.hotkey().0);
		let held: Vec<_> = pallet_dtao::Positions::<Runtime>::iter_keys().collect();
		if self.rng.gen_ratio(9, 10) && !held.is_empty() {
			let (coldkey, (place, id)) = self.one(&held);
			let account = pallet_subnets::Hotkeys::<Runtime>::get(id).expect("it is staked on");
			(who, netuid, hotkey) = (coldkey, place, account.account);
		}
		let amount = match self.rng.gen_ratio(1, 4) {
			true => Amount::All,
			false => Amount::Exact(self.amount()),
		};
		let min_received = Tao::ZERO;
		let call = pallet_dtao::Call::remove_stake { netuid, hotkey, amount, min_received };
		let name = if netuid.is_root() { "remove_stake root" } else { "remove_stake" };
		(name, who, call.into())
	}

	fn register_neuron(&mut self, who: AccountId) -> (&'static str, AccountId, RuntimeCall) {
		let netuid = self.netuid();
		let hotkey = self.new_hotkey();
		self.hotkeys.push((hotkey.clone(), who.clone()));
		let max_cost = Tao(u64::MAX);
		let call = pallet_subnets::Call::register_neuron { netuid, hotkey, max_cost };
		("register_neuron", who, call.into())
	}

	fn set_take(&mut self) -> (&'static str, AccountId, RuntimeCall) {
		let (hotkey, owner) = self.hotkey();
		let take = PerU16::from_percent(self.rng.gen_range(0..=24));
		("set_take", owner, pallet_subnets::Call::set_take { hotkey, take }.into())
	}

	fn register_subnet(&mut self, who: AccountId) -> (&'static str, AccountId, RuntimeCall) {
		let hotkey = self.new_hotkey();
		("register_subnet", who, pallet_subnets::Call::register_subnet { hotkey, max_lock: Tao(u64::MAX) }.into())
	}

	fn start_call(&mut self) -> (&'static str, AccountId, RuntimeCall) {
		let waits = |netuid: &NetUid| {
			Subnets::subnet(*netuid).is_some_and(|subnet| subnet.started_at.is_none())
		};
		let waiting = Subnets::netuids().into_iter().find(waits);
		let netuid = waiting.unwrap_or_else(|| self.netuid());
		let owner = Subnets::subnet(netuid).map(|subnet| subnet.owner);
		let who = owner.unwrap_or_else(|| self.coldkey());
		("start_call", who, pallet_subnets::Call::start_call { netuid }.into())
	}
}

/// TAO that the block's events say was minted, and recycled.
fn minted_and_recycled() -> (u64, u64) {
	let (mut minted, mut recycled) = (0, 0);
	for record in System::events() {
		match record.event {
			RuntimeEvent::Dtao(pallet_dtao::Event::EmissionDistributed { minted: tao, .. }) => {
				minted += tao.get();
			},
			RuntimeEvent::Dtao(pallet_dtao::Event::EpochClosed { root_recycled, .. }) => {
				recycled += root_recycled.get();
			},
			RuntimeEvent::Subnets(pallet_subnets::Event::NeuronRegistered { cost, .. }) => {
				recycled += cost.get();
			},
			_ => (),
		}
	}
	(minted, recycled)
}

fn check_block(issuance: &mut u64) {
	let (minted, recycled) = minted_and_recycled();
	*issuance = *issuance + minted - recycled;
	assert_eq!(Balances::total_issuance(), *issuance, "block {}", System::block_number());
	Dtao::do_try_state().expect("every invariant of the market holds");
	Subnets::do_try_state().expect("every invariant of the registry holds");
	System::reset_events();
}

/// Calls of both pallets, in any order, over the real runtime: no invariant breaks in any block, and
/// TAO's issuance is what was there, plus what was minted, less what was recycled, to the rao.
#[test]
fn ten_thousand_blocks_of_random_calls_break_nothing() {
	chain("development").execute_with(|| {
		let mut world = World::new();
		let mut table = Table::default();
		let mut issuance = Balances::total_issuance();
		for _ in 0..BLOCKS {
			next_block();
			for _ in 0..world.rng.gen_range(0..=CALLS) {
				let (name, who, call) = world.call();
				let outcome = call.dispatch(RuntimeOrigin::signed(who));
				table.note(name, outcome.map(|_| ()).map_err(|refused| refused.error));
			}
			check_block(&mut issuance);
		}
		table.print();

		let (tried, accepted) = (table.sum(|row| row.tried), table.sum(|row| row.accepted));
		assert!(3 * accepted >= tried, "{accepted} of {tried} accepted");
		for name in [
			"add_stake",
			"add_stake root",
			"remove_stake",
			"remove_stake root",
			"register_neuron",
			"set_take",
		] {
			assert!(table.accepted(name) >= 200, "{name}");
		}
		// There is room for no more than MaxSubnets of these.
		for name in ["register_subnet", "start_call"] {
			assert!(table.accepted(name) >= 10, "{name}");
		}
	});
}
