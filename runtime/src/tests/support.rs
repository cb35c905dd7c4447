//! What the tests here share: a chain of any shape, its blocks, its calls, and what it holds.

use super::next_block;
use crate::{
	parameters::{self, Checked, RuntimeParameters},
	AccountId, AllPalletsWithSystem, BalancesConfig, Dtao, DtaoConfig, InitialParametersConfig,
	Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, RuntimeOrigin, Subnets,
	SubnetsConfig, System, Yuma, YumaConfig,
};
use dtao_primitives::{
	constants::UNIT, Amount, HotkeyId, MarketParams, NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::{Get, OnIdle},
	weights::Weight,
};
use pallet_dtao::{
	types::{Market, Place},
	GenesisStake,
};
use pallet_subnets::{GenesisHotkey, GenesisSubnet};
use pallet_yuma::GenesisWeights;
use sp_io::TestExternalities;
use sp_runtime::{
	traits::Dispatchable, BuildStorage, DispatchError, DispatchResult, PerU16, StateVersion,
};

/// The coldkey with number `n`.
pub(super) fn coldkey(n: u8) -> AccountId {
	[n; 32].into()
}

/// The hotkey with number `n`.
pub(super) fn hotkey(n: u8) -> AccountId {
	let mut bytes = [0xf0; 32];
	bytes[0] = n;
	bytes.into()
}

/// `n` TAO, in rao.
pub(super) const fn tao(n: u64) -> Tao {
	Tao(n * UNIT)
}

/// A genesis to build a chain from. In each subnet everybody gives everybody else the same weight, so
/// that who has stake validates, and all others mine alike.
#[derive(Default)]
pub(super) struct Chain {
	pub(super) market: MarketParams,
	pub(super) registry: SubnetsParams,
	pub(super) balances: Vec<(AccountId, u64)>,
	pub(super) hotkeys: Vec<GenesisHotkey<AccountId>>,
	pub(super) subnets: Vec<GenesisSubnet<AccountId>>,
	pub(super) stakes: Vec<GenesisStake<AccountId>>,
}

impl Chain {
	/// `who` has `amount`.
	pub(super) fn funded(mut self, who: AccountId, amount: Tao) -> Self {
		self.balances.push((who, amount.get()));
		self
	}

	/// `who` owns `hotkey`, which takes nothing.
	pub(super) fn owned(mut self, hotkey: AccountId, who: AccountId) -> Self {
		let take = Some(PerU16::from_percent(0));
		self.hotkeys.push(GenesisHotkey { hotkey, coldkey: who, take });
		self
	}

	/// The next subnet trades, with `lock` in its pool and `neurons` on its seats, in epochs of
	/// `tempo` blocks; the owner's cut goes to the first neuron.
	pub(super) fn subnet(
		mut self,
		owner: AccountId,
		lock: Tao,
		tempo: u32,
		neurons: Vec<AccountId>,
	) -> Self {
		self.subnets.push(GenesisSubnet {
			owner,
			hotkey: neurons[0].clone(),
			lock,
			tempo: Some(tempo),
			started: true,
			neurons,
		});
		self
	}

	/// `who` has staked from the start.
	pub(super) fn staked(
		mut self,
		who: AccountId,
		hotkey: AccountId,
		netuid: NetUid,
		tao: Tao,
	) -> Self {
		self.stakes.push(GenesisStake { coldkey: who, hotkey, netuid, tao });
		self
	}

	fn weights(&self) -> Vec<GenesisWeights<AccountId>> {
		let rows = |(n, subnet): (u16, &GenesisSubnet<AccountId>)| {
			let seats = u16::try_from(subnet.neurons.len()).expect("at most 256 seats");
			let row = |(uid, hotkey): (u16, &AccountId)| GenesisWeights {
				netuid: NetUid(n),
				hotkey: hotkey.clone(),
				weights: (0..seats).filter(|of| *of != uid).map(|of| (Uid(of), u16::MAX)).collect(),
			};
			let rows: Vec<_> = (0..).zip(&subnet.neurons).map(row).collect();
			rows.into_iter().filter(|row| !row.weights.is_empty())
		};
		(1..).zip(&self.subnets).flat_map(rows).collect()
	}

	pub(super) fn build(self) -> TestExternalities {
		let weights = self.weights();
		let genesis = RuntimeGenesisConfig {
			balances: BalancesConfig { balances: self.balances, ..Default::default() },
			initial_parameters: InitialParametersConfig {
				market: Some(Checked::new(self.market).expect("the market's are in bounds")),
				subnets: Some(Checked::new(self.registry).expect("the registry's are in bounds")),
				..Default::default()
			},
			subnets: SubnetsConfig { hotkeys: self.hotkeys, subnets: self.subnets },
			yuma: YumaConfig { weights },
			dtao: DtaoConfig { stakes: self.stakes },
			..Default::default()
		};
		in_overlay(genesis.build_storage().expect("genesis builds").top)
	}
}

/// A state of `values` that lies in the overlay, above an empty trie: a walk over a map then asks the
/// trie for nothing, which is what takes most of the time otherwise.
fn in_overlay(values: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> TestExternalities {
	let mut state = TestExternalities::default();
	state.execute_with(|| {
		for (key, value) in values {
			sp_io::storage::set(&key, &value);
		}
	});
	state
}

/// The same state without the traces of what was removed. An overlay keeps those, and every walk
/// over a map passes them: a long run begins anew with this now and then.
pub(super) fn without_traces(mut state: TestExternalities) -> TestExternalities {
	let mut values = Vec::new();
	state.execute_with(|| {
		let mut last = Vec::new();
		while let Some(key) = sp_io::storage::next_key(&last) {
			let value = sp_io::storage::get(&key).expect("the key is there");
			values.push((key.clone(), value.to_vec()));
			last = key;
		}
	});
	in_overlay(values)
}

/// `n` blocks without calls.
pub(super) fn blocks(n: u32) {
	for _ in 0..n {
		next_block();
		System::reset_events();
	}
}

/// The end of a block, with `room` for what can wait.
pub(super) fn idle(room: Weight) {
	AllPalletsWithSystem::on_idle(System::block_number(), room);
}

pub(super) fn send(who: &AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
	send_as(RuntimeOrigin::signed(who.clone()), call)
}

pub(super) fn send_as(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> DispatchResult {
	let call: RuntimeCall = call.into();
	call.dispatch(origin).map(|_| ()).map_err(|refused| refused.error)
}

pub(super) fn market_params() -> MarketParams {
	<parameters::market::Params as Get<Checked<MarketParams>>>::get().into_inner()
}

/// The registry's parameters as they are.
pub(super) fn registry_params() -> SubnetsParams {
	<parameters::subnets::Params as Get<Checked<SubnetsParams>>>::get().into_inner()
}

/// Governance sets the market's parameters.
pub(super) fn set_market(params: MarketParams) -> DispatchResult {
	use parameters::market::{Parameters, Params};
	let params = Checked::new(params).expect("the test sets nothing out of bounds");
	let key_value = RuntimeParameters::Market(Parameters::Params(Params, Some(params)));
	send_as(RuntimeOrigin::root(), pallet_parameters::Call::set_parameter { key_value })
}

pub(super) fn add(
	who: &AccountId,
	netuid: NetUid,
	hotkey: &AccountId,
	tao: Tao,
	min_received: u64,
) -> DispatchResult {
	let hotkey = hotkey.clone();
	send(who, pallet_dtao::Call::add_stake { netuid, hotkey, tao, min_received })
}

pub(super) fn remove(
	who: &AccountId,
	netuid: NetUid,
	hotkey: &AccountId,
	amount: Amount,
	min_received: Tao,
) -> DispatchResult {
	let hotkey = hotkey.clone();
	send(who, pallet_dtao::Call::remove_stake { netuid, hotkey, amount, min_received })
}

pub(super) fn move_stake(
	who: &AccountId,
	from: (NetUid, &AccountId),
	to: (NetUid, &AccountId),
	amount: Amount,
) -> DispatchResult {
	let place = |(netuid, hotkey): (NetUid, &AccountId)| Place { netuid, hotkey: hotkey.clone() };
	let (from, to) = (place(from), place(to));
	send(who, pallet_dtao::Call::move_stake { from, to, amount, min_received: 0 })
}

/// Governance dissolves a subnet.
pub(super) fn dissolve(netuid: NetUid) -> DispatchResult {
	send_as(RuntimeOrigin::root(), pallet_subnets::Call::dissolve_subnet { netuid })
}

pub(super) fn redeem(who: &AccountId, netuid: NetUid, hotkey: &AccountId) -> DispatchResult {
	let (coldkey, hotkey) = (who.clone(), hotkey.clone());
	send(who, pallet_dtao::Call::redeem { netuid, coldkey, hotkey })
}

/// What an account has that is free, in rao.
pub(super) fn free(who: &AccountId) -> u64 {
	crate::Balances::free_balance(who)
}

/// What a position holds, rewards up to this block included, in atoms (rao on root).
pub(super) fn stake_of(who: &AccountId, netuid: NetUid, hotkey: &AccountId) -> u64 {
	Dtao::positions(who)
		.into_iter()
		.find(|position| position.netuid == netuid && position.hotkey == *hotkey)
		.map_or(0, |position| position.alpha)
}

pub(super) fn market(netuid: NetUid) -> Market {
	pallet_dtao::Markets::<Runtime>::get(netuid).expect("the subnet has a market")
}

pub(super) fn id_of(hotkey: &AccountId) -> HotkeyId {
	pallet_subnets::HotkeyIds::<Runtime>::get(hotkey).expect("somebody owns it")
}

/// The events of the market in this block, so far.
pub(super) fn market_events() -> Vec<pallet_dtao::Event<Runtime>> {
	let is_the_markets = |event| match event {
		RuntimeEvent::Dtao(event) => Some(event),
		_ => None,
	};
	System::events().into_iter().filter_map(|record| is_the_markets(record.event)).collect()
}

/// Every invariant of the three pallets holds.
pub(super) fn check_invariants() {
	Dtao::do_try_state().expect("every invariant of the market holds");
	Subnets::do_try_state().expect("every invariant of the registry holds");
	Yuma::do_try_state().expect("every invariant of the consensus holds");
}

/// The root of the whole state.
pub(super) fn root() -> Vec<u8> {
	sp_io::storage::root(StateVersion::V1)
}

/// Do something, and undo it.
pub(super) fn undone<R>(what: impl FnOnce() -> R) -> R {
	let mut result = None;
	with_transaction(|| {
		result = Some(what());
		TransactionOutcome::Rollback(Ok::<(), DispatchError>(()))
	})
	.expect("a layer can be opened");
	result.expect("it ran")
}
