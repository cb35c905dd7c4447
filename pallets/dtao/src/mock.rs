//! The runtime under test. Balances are real; the registry is a table that a test fills.

use crate::{self as pallet_dtao, types::Market, Markets, Positions, Scores};
use core::cell::RefCell;
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, MAX_EPOCHS_PER_BLOCK, MAX_SEATS, MAX_SUBNETS, UNIT},
	traits::{
		Consensus, ConsensusOutcome, Hotkey, OnSubnet, SeatConsensus, SubnetOwner, SubnetRegistry,
	},
	HotkeyId, MarketParams, NetUid, StakeProportional, Tao, Text, Uid,
};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, Hooks},
	weights::Weight,
	PalletId,
};
use sp_runtime::{BuildStorage, DispatchError, PerU16, Perbill};
use std::collections::BTreeMap;

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlockU32<Test>;

/// Coldkeys.
pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
pub(crate) const CAROL: AccountId = 3;
/// Owns every subnet.
pub(crate) const OWNER: AccountId = 9;
/// Owns [`HOTKEY`]; `100 + n` owns hotkey `200 + n`.
pub(crate) const VALIDATOR: AccountId = 100;
/// The first hotkey.
pub(crate) const HOTKEY: AccountId = 200;
/// The hotkey on which owners' cuts are staked. It has no seat.
pub(crate) const OWNER_HOTKEY: AccountId = 299;
/// The subnet of most tests.
pub(crate) const NETUID: NetUid = NetUid(1);
/// Blocks in an epoch.
pub(crate) const TEMPO: u32 = 60;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system::Pallet<Test>;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances::Pallet<Test>;
	#[runtime::pallet_index(2)]
	pub type Dtao = pallet_dtao::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = u64;
	type ExistentialDeposit = ConstU64<EXISTENTIAL_DEPOSIT>;
}

parameter_types! {
	pub const PotId: PalletId = PalletId(*b"dtao/pot");
	pub static Params: MarketParams = params_of_tests();
	/// Whether the market stands still.
	pub static IsHalted: bool = false;
}

/// The defaults, without a fee: amounts can be checked by hand.
fn params_of_tests() -> MarketParams {
	MarketParams { swap_fee: Perbill::zero(), ..Default::default() }
}

impl pallet_dtao::Config for Test {
	type Currency = Balances;
	type BlockNumberProvider = System;
	type Registry = Registry;
	type Consensus = Judge;
	type Params = Params;
	type MaxSubnets = ConstU32<MAX_SUBNETS>;
	type MaxSeats = ConstU32<MAX_SEATS>;
	type MaxEpochsPerBlock = ConstU32<MAX_EPOCHS_PER_BLOCK>;
	type PotId = PotId;
	type Halted = IsHalted;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type Helper = Registry;
}

/// What a test says that exists.
#[derive(Default)]
struct Known {
	hotkeys: BTreeMap<HotkeyId, Hotkey<AccountId>>,
	owners: BTreeMap<NetUid, SubnetOwner<AccountId>>,
	tempo: Option<u32>,
	verdict: Option<Result<ConsensusOutcome, DispatchError>>,
	seats: Vec<SeatConsensus>,
	asked: BTreeMap<NetUid, Vec<u64>>,
}

std::thread_local! {
	static KNOWN: RefCell<Known> = RefCell::default();
}

/// The registry under test: a table.
pub struct Registry;

impl Registry {
	pub(crate) fn clear() {
		KNOWN.with_borrow_mut(|known| *known = Known::default());
	}

	pub(crate) fn own(owner: AccountId, account: AccountId, take: PerU16) -> HotkeyId {
		KNOWN.with_borrow_mut(|known| {
			let id = HotkeyId(known.hotkeys.len() as u32);
			known.hotkeys.insert(id, Hotkey { account, owner, take });
			id
		})
	}

	pub(crate) fn own_subnet(netuid: NetUid, coldkey: AccountId, hotkey: HotkeyId) {
		KNOWN.with_borrow_mut(|known| {
			known.owners.insert(netuid, SubnetOwner { coldkey, hotkey });
		});
	}

	/// Forget a subnet, as the registry does when it is dissolved.
	pub(crate) fn disown_subnet(netuid: NetUid) {
		KNOWN.with_borrow_mut(|known| known.owners.remove(&netuid));
	}

	pub(crate) fn set_tempo(tempo: u32) {
		KNOWN.with_borrow_mut(|known| known.tempo = Some(tempo));
	}

	pub(crate) fn set_take(id: HotkeyId, take: PerU16) {
		KNOWN.with_borrow_mut(|known| known.hotkeys.get_mut(&id).unwrap().take = take);
	}

	/// Lose a hotkey: what a fault of the registry would look like.
	pub(crate) fn lose(id: HotkeyId) -> Hotkey<AccountId> {
		KNOWN.with_borrow_mut(|known| known.hotkeys.remove(&id).unwrap())
	}

	/// Find it again.
	pub(crate) fn find(id: HotkeyId, hotkey: Hotkey<AccountId>) {
		KNOWN.with_borrow_mut(|known| known.hotkeys.insert(id, hotkey));
	}
}

/// The consensus under test: [`StakeProportional`], unless a test gives the verdict. It remembers
/// what it was asked.
pub struct Judge;

impl Judge {
	/// Decide this from now on.
	pub(crate) fn decree(verdict: ConsensusOutcome) {
		KNOWN.with_borrow_mut(|known| known.verdict = Some(Ok(verdict)));
	}

	/// Fail from now on.
	pub(crate) fn fail(error: DispatchError) {
		KNOWN.with_borrow_mut(|known| known.verdict = Some(Err(error)));
	}

	/// Know this of seats from now on.
	pub(crate) fn know(seats: Vec<SeatConsensus>) {
		KNOWN.with_borrow_mut(|known| known.seats = seats);
	}

	/// What deciding weighs at most.
	pub(crate) const MOST_WEIGHT: Weight = Weight::from_parts(7_000_000, 7_000);

	/// The stakes that the last epoch of `netuid` was decided by.
	pub(crate) fn asked(netuid: NetUid) -> Vec<u64> {
		KNOWN.with_borrow(|known| known.asked.get(&netuid).cloned().unwrap_or_default())
	}
}

impl Consensus for Judge {
	fn decide(netuid: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError> {
		let verdict = KNOWN.with_borrow_mut(|known| {
			known.asked.insert(netuid, stakes.to_vec());
			known.verdict.clone()
		});
		verdict.unwrap_or_else(|| StakeProportional::decide(netuid, stakes))
	}

	fn most_weight() -> Weight {
		Self::MOST_WEIGHT
	}

	fn seats(_: NetUid) -> Vec<SeatConsensus> {
		KNOWN.with_borrow(|known| known.seats.clone())
	}
}

impl SubnetRegistry<AccountId> for Registry {
	fn hotkey_id(hotkey: &AccountId) -> Option<HotkeyId> {
		KNOWN.with_borrow(|known| {
			known.hotkeys.iter().find(|(_, known)| known.account == *hotkey).map(|(id, _)| *id)
		})
	}

	fn hotkey(id: HotkeyId) -> Option<Hotkey<AccountId>> {
		KNOWN.with_borrow(|known| known.hotkeys.get(&id).cloned())
	}

	fn owner(netuid: NetUid) -> Option<SubnetOwner<AccountId>> {
		KNOWN.with_borrow(|known| known.owners.get(&netuid).cloned())
	}

	fn tempo(_: NetUid) -> u32 {
		KNOWN.with_borrow(|known| known.tempo.unwrap_or(TEMPO))
	}

	fn name(_: NetUid) -> Text<64> {
		Text::try_from(b"a subnet".to_vec()).unwrap()
	}

	/// Who the market has been told of.
	fn is_seated(netuid: NetUid, hotkey: HotkeyId) -> bool {
		let mut seats = Scores::<Test>::iter();
		seats.any(|(of, seats)| {
			(of == netuid || netuid.is_root()) && seats.iter().any(|seat| seat.hotkey == hotkey)
		})
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl dtao_primitives::traits::RegistryHelper<AccountId> for Registry {
	fn own_hotkey(coldkey: &AccountId, hotkey: &AccountId) -> HotkeyId {
		// A benchmark is tested with several components, one after the other.
		let known = Self::hotkey_id(hotkey);
		known.unwrap_or_else(|| {
			let hotkey =
				Hotkey { account: *hotkey, owner: *coldkey, take: PerU16::from_percent(18) };
			KNOWN.with_borrow_mut(|known| {
				let id = HotkeyId(64 * known.hotkeys.len() as u32);
				known.hotkeys.insert(id, hotkey);
				id
			})
		})
	}

	fn create_subnet(netuid: NetUid, coldkey: &AccountId, hotkey: HotkeyId) {
		Self::own_subnet(netuid, *coldkey, hotkey);
	}

	fn take_seat(_: NetUid, _: HotkeyId) {}
}

/// Builds a chain for one test, and checks every invariant after it.
pub(crate) struct TestExt {
	/// TAO that seeds each subnet, by netuid from 1; `None` for one that is not started.
	subnets: Vec<(Tao, bool)>,
	/// Hotkeys 200, 201, …: how many, and whether they hold seats on every subnet.
	hotkeys: u64,
	seated: u64,
	take: PerU16,
	endowed: Vec<(AccountId, Tao)>,
}

impl TestExt {
	/// No subnet, one hotkey without a seat that takes nothing; [`ALICE`], [`BOB`] and [`CAROL`]
	/// have 10 000 TAO each.
	pub(crate) fn new() -> Self {
		let endowed = [ALICE, BOB, CAROL].map(|who| (who, tao(10_000))).to_vec();
		Self { subnets: vec![], hotkeys: 1, seated: 0, take: PerU16::zero(), endowed }
	}

	/// One started subnet, [`NETUID`], with 1 000 TAO and 1 000 ALPHA, and one hotkey with a seat.
	pub(crate) fn one_subnet() -> Self {
		Self::new().subnet(1_000).seats(1)
	}

	/// Add a started subnet with `seed` TAO in its pool.
	pub(crate) fn subnet(mut self, seed: u64) -> Self {
		self.subnets.push((tao(seed), true));
		self
	}

	/// Add a subnet that is registered and not started.
	pub(crate) fn registered_subnet(mut self, seed: u64) -> Self {
		self.subnets.push((tao(seed), false));
		self
	}

	/// Hotkeys 200…, `count` of them.
	pub(crate) fn hotkeys(mut self, count: u64) -> Self {
		self.hotkeys = count;
		self
	}

	/// Seat the first `count` hotkeys on every subnet.
	pub(crate) fn seats(mut self, count: u64) -> Self {
		self.hotkeys = self.hotkeys.max(count);
		self.seated = count;
		self
	}

	/// The take of every hotkey.
	pub(crate) fn take(mut self, percent: u16) -> Self {
		self.take = PerU16::from_percent(percent);
		self
	}

	pub(crate) fn endow(mut self, who: AccountId, amount: Tao) -> Self {
		self.endowed.push((who, amount));
		self
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		Registry::clear();
		Params::set(params_of_tests());
		IsHalted::set(false);
		let locks: u64 = self.subnets.iter().map(|(seed, _)| seed.get()).sum();
		let mut balances =
			self.endowed.iter().map(|(who, tao)| (*who, tao.get())).collect::<Vec<_>>();
		balances.push((OWNER, locks + UNIT));
		let genesis = RuntimeGenesisConfig {
			balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
			..Default::default()
		};
		let mut ext: sp_io::TestExternalities = genesis.build_storage().unwrap().into();
		ext.execute_with(|| self.set_up());
		ext
	}

	fn set_up(self) {
		System::set_block_number(1);
		for n in 0..self.hotkeys {
			Registry::own(VALIDATOR + n, HOTKEY + n, self.take);
		}
		let owners = Registry::own(OWNER, OWNER_HOTKEY, PerU16::zero());
		for (n, (seed, started)) in self.subnets.into_iter().enumerate() {
			let netuid = NetUid(n as u16 + 1);
			Registry::own_subnet(netuid, OWNER, owners);
			Dtao::on_created(netuid, &OWNER, seed).unwrap();
			for uid in 0..self.seated {
				Dtao::on_seated(netuid, Uid(uid as u16), HotkeyId(uid as u32)).unwrap();
			}
			if started {
				Dtao::on_started(netuid).unwrap();
			}
		}
		System::reset_events();
	}

	/// Run `test`, then check every invariant: no test can forget to.
	pub(crate) fn execute_with<R>(self, test: impl FnOnce() -> R) -> R {
		self.build().execute_with(|| {
			let result = test();
			check_invariants();
			result
		})
	}
}

/// Every invariant of the market, and of what it asks of accounts.
pub(crate) fn check_invariants() {
	Dtao::do_try_state().expect("every invariant holds");
	check_references();
}

/// Each open position is one reference to its coldkey, and there are no others of that kind.
pub(crate) fn check_references() {
	let mut positions = BTreeMap::new();
	for (coldkey, _, _) in Positions::<Test>::iter() {
		*positions.entry(coldkey).or_insert(0) += 1;
	}
	for (who, account) in frame_system::Account::<Test>::iter() {
		let open = positions.remove(&who).unwrap_or(0);
		assert_eq!(account.sufficients, open, "references to {who}");
	}
	assert!(positions.is_empty(), "{positions:?} have stake and no account");
}

/// Make one block after another up to `block`, and check every invariant after each.
pub(crate) fn run_to_block(block: u32) {
	while System::block_number() < block {
		System::set_block_number(System::block_number() + 1);
		Dtao::on_initialize(System::block_number());
		check_invariants();
	}
}

/// `blocks` more blocks.
pub(crate) fn run_blocks(blocks: u32) {
	run_to_block(System::block_number() + blocks);
}

/// So many whole TAO.
pub(crate) const fn tao(whole: u64) -> Tao {
	Tao(whole * UNIT)
}

/// The record of a subnet.
pub(crate) fn market(netuid: NetUid) -> Market {
	Markets::<Test>::get(netuid).expect("the subnet exists")
}
