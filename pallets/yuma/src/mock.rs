//! The runtime under test: a registry and a market that know what they are told, and note what they
//! are asked.

// FRAME asks that what a runtime is made of be public, in a module that is not.
#![allow(unreachable_pub)]

use crate as pallet_yuma;
use crate::GenesisWeights;
use codec::{Decode, Encode};
use dtao_primitives::{
	constants::{DEFAULT_TEMPO, UNIT},
	traits::{
		Consensus, ConsensusOutcome, Hotkey, MarketInspect, OnSeat, SeatInfo, SubnetOwner,
		SubnetRegistry,
	},
	Alpha, ConsensusParams, HotkeyId, NetUid, Uid,
};
use frame_support::{
	derive_impl,
	pallet_prelude::{OptionQuery, ValueQuery},
	parameter_types, storage_alias,
	traits::ConstU32,
	Twox64Concat,
};
use sp_runtime::{BuildStorage, DispatchError, FixedU128, PerU16};

/// The subnet that most tests are about, and the first of its hotkeys: uid n is `HOTKEY + n`.
pub(crate) const NETUID: NetUid = NetUid(1);
pub(crate) const HOTKEY: u64 = 100;
/// A coldkey: it owns every hotkey, and the subnet.
pub(crate) const COLDKEY: u64 = 1;

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
	pub type Yuma = pallet_yuma;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlockU32<Self>;
}

impl pallet_yuma::Config for Test {
	type BlockNumberProvider = System;
	type Registry = FakeRegistry;
	type Market = FakeMarket;
	type MaxSeats = ConstU32<{ dtao_primitives::constants::MAX_SEATS }>;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = FakeRegistry;
}

/// What the neighbours were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
	/// Who owns the subnet.
	Owner(NetUid),
	/// Which seats it has.
	Seats(NetUid),
	/// What its consensus counts by.
	Params(NetUid),
	/// Where a hotkey sits.
	Uid(NetUid, HotkeyId),
	/// Which epoch is open.
	Epoch(NetUid),
}

parameter_types! {
	/// What was asked. Not in storage, of which a refused call may change nothing.
	static Questions: Vec<Asked> = Vec::new();
}

/// All that was asked since the last time, in order.
pub(crate) fn asked() -> Vec<Asked> {
	Questions::take()
}

fn note(question: Asked) {
	Questions::mutate(|questions| questions.push(question));
}

/// A subnet, as the registry knows it.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct FakeSubnet {
	owner: HotkeyId,
	params: ConsensusParams,
}

#[storage_alias]
type Subnets = StorageMap<FakeRegistry, Twox64Concat, NetUid, FakeSubnet, OptionQuery>;
#[storage_alias]
type Seats = StorageMap<FakeRegistry, Twox64Concat, NetUid, Vec<(HotkeyId, u32)>, ValueQuery>;
/// Which epoch of a subnet is open.
#[storage_alias]
type Epochs = StorageMap<FakeMarket, Twox64Concat, NetUid, u32, OptionQuery>;

/// A registry of any accounts, that tells the pallet of seats as the real one does. The number of
/// a hotkey is its account.
pub struct FakeRegistry;

/// The number of a hotkey.
pub(crate) fn id_of(hotkey: u64) -> HotkeyId {
	HotkeyId(u32::try_from(hotkey).expect("a test's account is small"))
}

impl FakeRegistry {
	/// Register a subnet whose owner's cut goes to `owner`, with the seats of `hotkeys`.
	pub(crate) fn create(netuid: NetUid, owner: u64, hotkeys: &[u64]) {
		let params = ConsensusParams::new(DEFAULT_TEMPO);
		Subnets::insert(netuid, FakeSubnet { owner: id_of(owner), params });
		for hotkey in hotkeys {
			Self::seat(netuid, *hotkey);
		}
	}

	/// Seat a hotkey.
	pub(crate) fn seat(netuid: NetUid, hotkey: u64) -> Uid {
		let mut seats = Seats::get(netuid);
		let uid = Uid(u16::try_from(seats.len()).expect("a test has few seats"));
		seats.push((id_of(hotkey), System::block_number()));
		Seats::insert(netuid, seats);
		Yuma::on_seated(netuid, uid).expect("seats are numbered in order");
		uid
	}

	/// Seat a hotkey where another sits.
	pub(crate) fn replace(netuid: NetUid, uid: Uid, hotkey: u64) {
		let mut seats = Seats::get(netuid);
		seats[usize::from(uid.0)] = (id_of(hotkey), System::block_number());
		Seats::insert(netuid, seats);
		Yuma::on_seat_replaced(netuid, uid).expect("there is such a seat");
	}

	/// Dissolve a subnet. Its seats stay until they are cleaned up.
	pub(crate) fn dissolve(netuid: NetUid) {
		Subnets::remove(netuid);
		Yuma::on_subnet_dissolved(netuid);
	}

	/// Clean up the last seat of a dissolved subnet.
	pub(crate) fn clean(netuid: NetUid) {
		let mut seats = Seats::get(netuid);
		if seats.pop().is_some() {
			let uid = u16::try_from(seats.len()).expect("a test has few seats");
			Yuma::on_seat_removed(netuid, Uid(uid));
		}
		Seats::insert(netuid, seats);
	}

	/// Change what a subnet's consensus counts by.
	pub(crate) fn set_params(netuid: NetUid, change: impl FnOnce(&mut ConsensusParams)) {
		Subnets::mutate(netuid, |subnet| {
			change(&mut subnet.as_mut().expect("the subnet exists").params)
		});
	}

	/// Let the owner's cut go to another hotkey.
	pub(crate) fn set_owner(netuid: NetUid, owner: u64) {
		Subnets::mutate(netuid, |subnet| {
			subnet.as_mut().expect("the subnet exists").owner = id_of(owner)
		});
	}

	/// Let the seats have been taken in these blocks, by uid.
	pub(crate) fn set_registered_at(netuid: NetUid, blocks: &[u32]) {
		let hotkeys = (HOTKEY..).map(id_of);
		Seats::insert(netuid, hotkeys.zip(blocks.iter().copied()).collect::<Vec<_>>());
	}
}

impl SubnetRegistry<u64> for FakeRegistry {
	fn hotkey_id(hotkey: &u64) -> Option<HotkeyId> {
		(*hotkey >= HOTKEY).then(|| id_of(*hotkey))
	}

	fn hotkey(id: HotkeyId) -> Option<Hotkey<u64>> {
		let take = PerU16::zero();
		Some(Hotkey { account: id.0.into(), owner: COLDKEY, take })
	}

	fn owner(netuid: NetUid) -> Option<SubnetOwner<u64>> {
		note(Asked::Owner(netuid));
		let subnet = Subnets::get(netuid)?;
		Some(SubnetOwner { coldkey: COLDKEY, hotkey: subnet.owner })
	}

	fn tempo(_: NetUid) -> u32 {
		DEFAULT_TEMPO
	}

	fn seats(netuid: NetUid) -> Vec<SeatInfo> {
		note(Asked::Seats(netuid));
		let seat = |(hotkey, registered_at)| SeatInfo { hotkey, registered_at };
		Seats::get(netuid).into_iter().map(seat).collect()
	}

	fn uid(netuid: NetUid, hotkey: HotkeyId) -> Option<Uid> {
		note(Asked::Uid(netuid, hotkey));
		let place = Seats::get(netuid).iter().position(|(held, _)| *held == hotkey)?;
		u16::try_from(place).ok().map(Uid)
	}

	fn consensus_params(netuid: NetUid) -> ConsensusParams {
		note(Asked::Params(netuid));
		Subnets::get(netuid).map_or(ConsensusParams::new(DEFAULT_TEMPO), |subnet| subnet.params)
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for FakeRegistry {
	fn start_subnet(netuid: NetUid, hotkeys: u32, params: ConsensusParams) -> Vec<u64> {
		let hotkeys: Vec<u64> = (HOTKEY..).take(hotkeys as usize).collect();
		Self::create(netuid, HOTKEY, &hotkeys);
		Self::set_params(netuid, |now| *now = params);
		FakeMarket::open(netuid, 1);
		hotkeys
	}
}

/// A market that knows which epoch is open.
pub struct FakeMarket;

impl FakeMarket {
	/// Let an epoch be open.
	pub(crate) fn open(netuid: NetUid, epoch: u32) {
		Epochs::insert(netuid, epoch);
	}

	/// Let no epoch have been open yet.
	pub(crate) fn close(netuid: NetUid) {
		Epochs::remove(netuid);
	}

	/// Close the epoch with these stakes, as the market does: decide, then open the next.
	pub(crate) fn close_epoch(
		netuid: NetUid,
		stakes: &[u64],
	) -> Result<ConsensusOutcome, DispatchError> {
		let outcome = Yuma::decide(netuid, stakes)?;
		Epochs::mutate(netuid, |epoch| *epoch = epoch.map(|epoch| epoch + 1));
		Ok(outcome)
	}
}

impl MarketInspect for FakeMarket {
	fn stake(_: NetUid, _: HotkeyId) -> u64 {
		0
	}

	fn price_ema(_: NetUid) -> Option<FixedU128> {
		None
	}

	fn issuance(_: NetUid) -> Option<Alpha> {
		None
	}

	fn scores(_: NetUid) -> Vec<u64> {
		Vec::new()
	}

	fn has_stake(_: HotkeyId) -> bool {
		false
	}

	fn epoch_closes_at(_: NetUid) -> Option<u32> {
		None
	}

	fn epoch(netuid: NetUid) -> Option<u32> {
		note(Asked::Epoch(netuid));
		Epochs::get(netuid)
	}
}

/// `n` whole ALPHA, in atoms.
pub(crate) const fn alpha(n: u64) -> u64 {
	n * UNIT
}

/// Builds the chain that a test begins with: nothing but what is asked for.
pub(crate) struct TestExt {
	seats: u64,
	started: bool,
	commit_reveal: bool,
	weights: Vec<GenesisWeights<u64>>,
}

impl TestExt {
	/// [`NETUID`] with that many seats, started, its weights set at once. Uid 0 is the owner's.
	pub(crate) fn seats(seats: u64) -> Self {
		Self { seats, started: true, commit_reveal: false, weights: Vec::new() }
	}

	/// It has not started.
	pub(crate) fn not_started(self) -> Self {
		Self { started: false, ..self }
	}

	/// Its weights are committed to first.
	pub(crate) fn with_commit_reveal(self) -> Self {
		Self { commit_reveal: true, ..self }
	}

	/// Genesis has set the weights of `uid`.
	pub(crate) fn weights(mut self, uid: u64, weights: &[(u16, u16)]) -> Self {
		let weights = weights.iter().map(|(uid, weight)| (Uid(*uid), *weight)).collect();
		self.weights.push(GenesisWeights { netuid: NETUID, hotkey: HOTKEY + uid, weights });
		self
	}

	/// The chain in block 1, the seats taken in block 0.
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		let Self { seats, started, commit_reveal, weights } = self;
		let storage = RuntimeGenesisConfig::default().build_storage();
		let mut ext = sp_io::TestExternalities::new(storage.expect("there is nothing to refuse"));
		ext.execute_with(|| {
			let hotkeys: Vec<u64> = (HOTKEY..HOTKEY + seats).collect();
			FakeRegistry::create(NETUID, HOTKEY, &hotkeys);
			FakeRegistry::set_params(NETUID, |params| params.commit_reveal = commit_reveal);
			if started {
				FakeMarket::open(NETUID, 1);
			}
			Yuma::build_genesis(&pallet_yuma::GenesisConfig { weights });
			System::set_block_number(1);
			asked();
		});
		ext
	}

	/// Run `test`, then check every invariant: no test can forget to.
	pub(crate) fn execute_with<R>(self, test: impl FnOnce() -> R) -> R {
		self.build().execute_with(|| {
			let result = test();
			Yuma::do_try_state().expect("every invariant holds after every test");
			result
		})
	}
}

/// Let `blocks` pass, with every invariant checked.
pub(crate) fn wait(blocks: u32) {
	Yuma::do_try_state().expect("every invariant holds before a block");
	System::set_block_number(System::block_number() + blocks);
}

/// The chain that benchmarks run on as tests.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	let storage = RuntimeGenesisConfig::default().build_storage();
	let mut ext = sp_io::TestExternalities::new(storage.expect("there is nothing to refuse"));
	ext.execute_with(|| System::set_block_number(1));
	ext
}
