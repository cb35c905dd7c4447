//! The runtime under test: real balances, a market that takes the lock and notes what it was asked.

// FRAME asks that what a runtime is made of be public, in a module that is not.
#![allow(unreachable_pub)]

use crate as pallet_subnets;
use crate::{GenesisHotkey, GenesisSubnet};
use codec::{Decode, Encode};
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, UNIT},
	traits::OnSubnet,
	HotkeyId, NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::{
	derive_impl, ensure, parameter_types, storage_alias,
	traits::{
		fungible::Balanced,
		tokens::{Fortitude, Precision, Preservation},
		ConstU32, ConstU64,
	},
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, PerU16, TokenError};

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
		..Default::default()
	};
}

parameter_types! {
	/// Whether the market does what it is asked.
	pub static MarketIsOpen: bool = true;
}

impl pallet_subnets::Config for Test {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type Market = FakeMarket;
	type Params = Params;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type WeightInfo = ();
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
}

// In storage, so that what a refused call asked is forgotten with it.
#[storage_alias]
type Questions = StorageValue<FakeMarket, Vec<Asked>, frame_support::pallet_prelude::ValueQuery>;

/// A market that takes the lock into a pot, and notes what it was asked.
pub struct FakeMarket;

impl FakeMarket {
	/// What it answers when it is closed.
	pub(crate) const CLOSED: DispatchError = DispatchError::Other("the market is closed");

	/// All that it was asked, in order.
	pub(crate) fn asked() -> Vec<Asked> {
		Questions::get()
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
