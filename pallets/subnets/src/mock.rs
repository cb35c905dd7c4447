//! The runtime under test: real balances, a market that takes the lock and notes what it was asked.

// FRAME asks that what a runtime is made of be public, in a module that is not.
#![allow(unreachable_pub)]

use crate as pallet_subnets;
use crate::{GenesisHotkey, GenesisSubnet};
use codec::{Decode, Encode};
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, UNIT},
	traits::{MarketInspect, OnSeat, OnSubnet},
	Alpha, HotkeyId, NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::{
	derive_impl, ensure,
	pallet_prelude::{OptionQuery, ValueQuery},
	parameter_types, storage_alias,
	traits::{
		fungible::Balanced,
		tokens::{Fortitude, Precision, Preservation},
		ConstU32, ConstU64,
	},
	Twox64Concat,
};
use frame_system::EnsureRoot;
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, FixedU128, PerU16, TokenError};

/// Coldkeys.
pub(crate) const ALICE: u64 = 1;
pub(crate) const BOB: u64 = 2;
pub(crate) const CHARLIE: u64 = 3;
/// Hotkeys.
pub(crate) const HOTKEY: u64 = 11;
pub(crate) const OTHER_HOTKEY: u64 = 12;
/// Where the market keeps what it takes.
pub(crate) const POT: u64 = 99;
/// The first subnet.
pub(crate) const NETUID: NetUid = NetUid(1);

/// The most subnets and seats: few, so that a test reaches them.
pub(crate) const MAX_SUBNETS: u32 = 3;
pub(crate) const MAX_SEATS: u32 = 4;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeTask,
		RuntimeHoldReason,
		RuntimeFreezeReason
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Subnets = pallet_subnets;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlockU32<Self>;
	type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type ExistentialDeposit = ConstU64<EXISTENTIAL_DEPOSIT>;
}

parameter_types! {
	/// What governance would set. A test changes it with `Params::set`.
	pub static Params: SubnetsParams = SubnetsParams {
		min_lock: tao(10),
		lock_interval: 100,
		registration_interval: 10,
		start_delay: 5,
		neuron_half_life: 20,
		take_delay: 30,
		subnet_immunity: 40,
		dissolve_delay: 15,
		neuron_immunity: 25,
		hyperparams_interval: 12,
		hyperparams_freeze: 3,
		hotkey_swap_interval: 8,
		coldkey_swap_delay: 20,
		..Default::default()
	};
}

parameter_types! {
	/// Whether hooks stand still.
	pub static IsHalted: bool = false;
	/// Whether the market does what it is asked.
	pub static MarketIsOpen: bool = true;
	/// Whether the consensus accepts who is seated.
	pub static ConsensusAccepts: bool = true;
}

impl pallet_subnets::Config for Test {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type Market = FakeMarket;
	type Consensus = FakeConsensus;
	type AdminOrigin = EnsureRoot<u64>;
	type Params = Params;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type Halted = IsHalted;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type MarketHelper = FakeMarket;
	#[cfg(feature = "runtime-benchmarks")]
	type ConsensusHelper = ();
}

/// What the market was asked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Asked {
	/// To make a pool of `lock`, paid by `payer`.
	Created { netuid: NetUid, payer: u64, lock: Tao },
	/// To open it.
	Started { netuid: NetUid },
	/// To seat a hotkey there.
	Seated { netuid: NetUid, uid: Uid, hotkey: HotkeyId },
	/// To seat a hotkey where another sits.
	Replaced { netuid: NetUid, uid: Uid, hotkey: HotkeyId },
	/// To close it.
	Dissolved { netuid: NetUid },
	/// To move that many positions.
	ColdkeySwapped { from: u64, to: u64, moved: u32 },
}

// In storage, so that what a refused call asked is forgotten with it.
#[storage_alias]
type Questions = StorageValue<FakeMarket, Vec<Asked>, ValueQuery>;
/// How many positions a coldkey has.
#[storage_alias]
type Positions = StorageMap<FakeMarket, Twox64Concat, u64, u32, ValueQuery>;
/// What each seat of a subnet earns.
#[storage_alias]
type Scores = StorageMap<FakeMarket, Twox64Concat, NetUid, Vec<u64>, ValueQuery>;
/// The smoothed price of a subnet.
#[storage_alias]
type Prices = StorageMap<FakeMarket, Twox64Concat, NetUid, FixedU128, OptionQuery>;
/// When the epoch of a subnet closes.
#[storage_alias]
type Closes = StorageMap<FakeMarket, Twox64Concat, NetUid, u32, OptionQuery>;
/// What is staked on a hotkey.
#[storage_alias]
type Stakes = StorageMap<FakeMarket, Twox64Concat, HotkeyId, u64, ValueQuery>;
/// Dissolved subnets whose seats are not paid yet.
#[storage_alias]
type Owing = StorageMap<FakeMarket, Twox64Concat, NetUid, (), OptionQuery>;

/// A market that takes the lock into a pot, notes what it was asked, and answers what it was told.
pub struct FakeMarket;

impl FakeMarket {
	/// What it answers when it is closed.
	pub(crate) const CLOSED: DispatchError = DispatchError::Other("the market is closed");

	/// All that it was asked, in order.
	pub(crate) fn asked() -> Vec<Asked> {
		Questions::get()
	}

	/// Let `coldkey` have `count` positions.
	pub(crate) fn set_positions(coldkey: u64, count: u32) {
		Positions::insert(coldkey, count);
	}

	/// How many positions `coldkey` has.
	pub(crate) fn positions(coldkey: u64) -> u32 {
		Positions::get(coldkey)
	}

	/// Let the seats of `netuid` earn `scores`.
	pub(crate) fn set_scores(netuid: NetUid, scores: &[u64]) {
		Scores::insert(netuid, scores.to_vec());
	}

	/// Let the smoothed price of `netuid` be `percent` of a TAO.
	pub(crate) fn set_price(netuid: NetUid, percent: u32) {
		Prices::insert(netuid, FixedU128::from_rational(percent.into(), 100));
	}

	/// Let the epoch of `netuid` close in block `at`.
	pub(crate) fn set_close(netuid: NetUid, at: u32) {
		Closes::insert(netuid, at);
	}

	/// Let `amount` be staked on `hotkey`.
	pub(crate) fn set_stake(hotkey: HotkeyId, amount: u64) {
		Stakes::insert(hotkey, amount);
	}

	/// Owe the seats of `netuid` what they have earned, or have paid it.
	pub(crate) fn set_owing(netuid: NetUid, owes: bool) {
		Owing::set(netuid, owes.then_some(()));
	}
}

impl OnSubnet<u64> for FakeMarket {
	fn on_created(netuid: NetUid, payer: &u64, lock: Tao) -> DispatchResult {
		ensure!(MarketIsOpen::get(), Self::CLOSED);
		let (exact, keep) = (Precision::Exact, Preservation::Preserve);
		let paid = <Balances as Balanced<u64>>::withdraw(
			payer,
			lock.get(),
			exact,
			keep,
			Fortitude::Polite,
		)?;
		Balances::resolve(&POT, paid).map_err(|_| TokenError::CannotCreate)?;
		Questions::append(Asked::Created { netuid, payer: *payer, lock });
		Ok(())
	}

	fn on_started(netuid: NetUid) -> DispatchResult {
		ensure!(MarketIsOpen::get(), Self::CLOSED);
		Questions::append(Asked::Started { netuid });
		Ok(())
	}

	fn on_seated(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult {
		ensure!(MarketIsOpen::get(), Self::CLOSED);
		Questions::append(Asked::Seated { netuid, uid, hotkey });
		Ok(())
	}

	fn on_replaced(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult {
		ensure!(MarketIsOpen::get(), Self::CLOSED);
		Questions::append(Asked::Replaced { netuid, uid, hotkey });
		Ok(())
	}

	fn on_dissolved(netuid: NetUid) -> DispatchResult {
		ensure!(MarketIsOpen::get(), Self::CLOSED);
		assert!(Subnets::subnet(netuid).is_some(), "the registry still knows the subnet");
		Questions::append(Asked::Dissolved { netuid });
		Ok(())
	}

	fn on_coldkey_swapped(from: &u64, to: &u64, limit: u32) -> Result<u32, DispatchError> {
		ensure!(MarketIsOpen::get(), Self::CLOSED);
		let (from, to) = (*from, *to);
		let moved = Positions::get(from).min(limit);
		Positions::mutate(from, |held| *held -= moved);
		Positions::mutate(to, |held| *held += moved);
		Questions::append(Asked::ColdkeySwapped { from, to, moved });
		Ok(moved)
	}
}

impl MarketInspect for FakeMarket {
	fn stake(_: NetUid, hotkey: HotkeyId) -> u64 {
		Stakes::get(hotkey)
	}

	fn price_ema(netuid: NetUid) -> Option<FixedU128> {
		Prices::get(netuid)
	}

	fn issuance(_: NetUid) -> Option<Alpha> {
		None
	}

	fn scores(netuid: NetUid) -> Vec<u64> {
		Scores::get(netuid)
	}

	fn has_stake(hotkey: HotkeyId) -> bool {
		Stakes::get(hotkey) > 0
	}

	fn owes_seats(netuid: NetUid) -> bool {
		Owing::contains_key(netuid)
	}

	fn epoch_closes_at(netuid: NetUid) -> Option<u32> {
		Closes::get(netuid)
	}

	fn epoch(_: NetUid) -> Option<u32> {
		None
	}
}

/// What the consensus was told.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Told {
	/// A new seat was taken. So many things had the market been asked by then.
	Seated { netuid: NetUid, uid: Uid, asked: u32 },
	/// A seat was taken over. As above.
	Replaced { netuid: NetUid, uid: Uid, asked: u32 },
	/// The subnet is dissolved. As above.
	Dissolved { netuid: NetUid, asked: u32 },
	/// A seat is cleaned up.
	Removed { netuid: NetUid, uid: Uid },
}

#[storage_alias]
type Reports = StorageValue<FakeConsensus, Vec<Told>, ValueQuery>;

/// A consensus that notes what it was told.
pub struct FakeConsensus;

impl FakeConsensus {
	/// What it answers when it accepts nobody.
	pub(crate) const REFUSES: DispatchError = DispatchError::Other("the consensus refuses");

	/// All that it was told, in order.
	pub(crate) fn told() -> Vec<Told> {
		Reports::get()
	}
}

impl OnSeat for FakeConsensus {
	fn on_seated(netuid: NetUid, uid: Uid) -> DispatchResult {
		ensure!(ConsensusAccepts::get(), Self::REFUSES);
		Reports::append(Told::Seated { netuid, uid, asked: FakeMarket::asked().len() as u32 });
		Ok(())
	}

	fn on_seat_replaced(netuid: NetUid, uid: Uid) -> DispatchResult {
		ensure!(ConsensusAccepts::get(), Self::REFUSES);
		Reports::append(Told::Replaced { netuid, uid, asked: FakeMarket::asked().len() as u32 });
		Ok(())
	}

	fn on_subnet_dissolved(netuid: NetUid) {
		Reports::append(Told::Dissolved { netuid, asked: FakeMarket::asked().len() as u32 });
	}

	fn on_seat_removed(netuid: NetUid, uid: Uid) {
		Reports::append(Told::Removed { netuid, uid });
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl dtao_primitives::traits::MarketHelper<u64> for FakeMarket {
	fn open_positions(coldkey: &u64, count: u32) {
		Self::set_positions(*coldkey, count);
	}

	fn fill_seats(_: NetUid) {}
}

/// `n` whole TAO.
pub(crate) const fn tao(n: u64) -> Tao {
	Tao(n * UNIT)
}

/// Builds the chain that a test begins with: nothing but what is asked for.
#[derive(Default)]
pub(crate) struct TestExt {
	balances: Vec<(u64, u64)>,
	hotkeys: Vec<GenesisHotkey<u64>>,
	subnets: Vec<GenesisSubnet<u64>>,
}

impl TestExt {
	/// Nothing exists.
	pub(crate) fn new() -> Self {
		Self::default()
	}

	/// `who` has `amount`.
	pub(crate) fn endow(mut self, who: u64, amount: Tao) -> Self {
		self.balances.push((who, amount.get()));
		self
	}

	/// `coldkey` owns `hotkey`.
	pub(crate) fn hotkey(mut self, coldkey: u64, hotkey: u64, take: Option<PerU16>) -> Self {
		self.hotkeys.push(GenesisHotkey { hotkey, coldkey, take });
		self
	}

	/// `owner` has registered a subnet at block 0.
	pub(crate) fn subnet(self, owner: u64, hotkey: u64) -> Self {
		self.subnet_with(GenesisSubnet {
			owner,
			hotkey,
			lock: tao(1),
			tempo: None,
			started: false,
			neurons: Vec::new(),
		})
	}

	/// A subnet as told.
	pub(crate) fn subnet_with(mut self, subnet: GenesisSubnet<u64>) -> Self {
		self.subnets.push(subnet);
		self
	}

	/// The chain in block 1.
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig {
				balances: self.balances,
				..Default::default()
			},
			subnets: pallet_subnets::GenesisConfig { hotkeys: self.hotkeys, subnets: self.subnets },
			..Default::default()
		};
		let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
		ext.execute_with(|| System::set_block_number(1));
		ext
	}

	/// Run `test`, then check every invariant: no test can forget to.
	pub(crate) fn execute_with<R>(self, test: impl FnOnce() -> R) -> R {
		self.build().execute_with(|| {
			let result = test();
			Subnets::do_try_state().expect("every invariant holds after every test");
			result
		})
	}
}

/// Let `blocks` pass, with every invariant checked.
pub(crate) fn wait(blocks: u32) {
	Subnets::do_try_state().expect("every invariant holds before a block");
	System::set_block_number(System::block_number() + blocks);
}

/// The chain that benchmarks run on as tests.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	TestExt::new().build()
}
