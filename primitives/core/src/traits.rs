//! How the pallets meet: each trait is implemented by one pallet and called by another, wired in
//! the runtime. No pallet depends on another.

use crate::{constants::DEFAULT_TEMPO, Alpha, ConsensusParams, HotkeyId, NetUid, Tao, Text, Uid};
use alloc::vec::Vec;
use sp_arithmetic::{FixedU128, PerU16};
use sp_runtime::{DispatchError, DispatchResult};
use sp_weights::Weight;

/// A hotkey that somebody owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotkey<AccountId> {
	/// The account it signs with.
	pub account: AccountId,
	/// The coldkey that owns it.
	pub owner: AccountId,
	/// Its part of its nominators' rewards, as it is in this block.
	pub take: PerU16,
}

/// Whom a subnet's owner cut goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubnetOwner<AccountId> {
	/// The coldkey that owns the subnet.
	pub coldkey: AccountId,
	/// The hotkey on which its cut is staked.
	pub hotkey: HotkeyId,
}

/// A seat of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatInfo {
	/// The hotkey that holds it.
	pub hotkey: HotkeyId,
	/// The block since which it does.
	pub registered_at: u32,
}

/// Who exists. Implemented by `pallet-subnets`, asked by `pallet-dtao` and by the consensus.
pub trait SubnetRegistry<AccountId> {
	/// The number of `hotkey`, if somebody owns it.
	fn hotkey_id(hotkey: &AccountId) -> Option<HotkeyId>;

	/// The hotkey with number `id`.
	fn hotkey(id: HotkeyId) -> Option<Hotkey<AccountId>>;

	/// Whom the owner cut of `netuid` goes to.
	fn owner(netuid: NetUid) -> Option<SubnetOwner<AccountId>>;

	/// The length of an epoch of `netuid`, in blocks. At least
	/// [`MIN_TEMPO`](crate::constants::MIN_TEMPO).
	fn tempo(netuid: NetUid) -> u32;

	/// The seats of `netuid`, by uid.
	fn seats(_netuid: NetUid) -> Vec<SeatInfo> {
		Vec::new()
	}

	/// The seat of `netuid` that `hotkey` holds, if any.
	fn uid(_netuid: NetUid, _hotkey: HotkeyId) -> Option<Uid> {
		None
	}

	/// How many seats of `netuid` are held.
	fn seats_held(netuid: NetUid) -> u16 {
		u16::try_from(Self::seats(netuid).len()).unwrap_or(u16::MAX)
	}

	/// What the consensus of `netuid` counts by. Those of a new subnet if there is no such subnet.
	fn consensus_params(_netuid: NetUid) -> ConsensusParams {
		ConsensusParams::new(DEFAULT_TEMPO)
	}

	/// The name that `netuid` gives itself; empty if it gives none.
	fn name(netuid: NetUid) -> Text<64>;

	/// Whether `hotkey` holds a seat of `netuid`; of any subnet, for root. One of a dissolved subnet
	/// counts until it is cleaned up.
	fn is_seated(netuid: NetUid, hotkey: HotkeyId) -> bool;
}

/// What happens to a subnet. Implemented by `pallet-dtao`, called by `pallet-subnets`.
///
/// Called inside a dispatchable, so that an error undoes everything.
pub trait OnSubnet<AccountId> {
	/// `netuid` was registered by `payer`, whose `lock` (rao) becomes the TAO of its pool.
	///
	/// # Errors
	///
	/// When `payer` cannot pay, or the market is full.
	fn on_created(netuid: NetUid, payer: &AccountId, lock: Tao) -> DispatchResult;

	/// `netuid` starts: staking opens, and it emits from the next block on.
	///
	/// # Errors
	///
	/// When the market has no such pool, or it has started already.
	fn on_started(netuid: NetUid) -> DispatchResult;

	/// `hotkey` took the seat `uid` of `netuid`: a new one, numbered on from the last.
	///
	/// # Errors
	///
	/// When `uid` does not follow the last seat, or there are too many.
	fn on_seated(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult;

	/// `hotkey` took over the seat `uid` of `netuid`. Who held it is paid what it earned up to now.
	///
	/// # Errors
	///
	/// When there is no such seat.
	fn on_replaced(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult;

	/// `netuid` is dissolved: its trade closes, and its positions are redeemed from now on. Called
	/// while the registry still knows the subnet. Takes the same time for any number of holders.
	///
	/// # Errors
	///
	/// When there is no such market.
	fn on_dissolved(netuid: NetUid) -> DispatchResult;

	/// Move what `from` holds to `to`: at most `limit` of its positions. Returns how many were
	/// moved; when fewer than `limit`, `from` holds none any more.
	///
	/// # Errors
	///
	/// When a position does not fit `to`'s: nothing a sound state leads to.
	fn on_coldkey_swapped(
		from: &AccountId,
		to: &AccountId,
		limit: u32,
	) -> Result<u32, DispatchError>;
}

/// What the market knows of stake and price. Implemented by `pallet-dtao`, asked by the registry
/// and by the consensus.
pub trait MarketInspect {
	/// ALPHA staked on `hotkey` in `netuid` (TAO on root), in base units, rewards that are not yet
	/// settled left out.
	fn stake(netuid: NetUid, hotkey: HotkeyId) -> u64;

	/// The smoothed price of `netuid`, TAO per ALPHA, at most 1.
	fn price_ema(netuid: NetUid) -> Option<FixedU128>;

	/// ALPHA of `netuid` that exists: pool, stake and burnt.
	fn issuance(netuid: NetUid) -> Option<Alpha>;

	/// What each seat of `netuid` earns in the epoch that is open, by uid: its parts of the miners',
	/// the validators' and root's buckets, added up. Without unit; comparable within a subnet.
	fn scores(netuid: NetUid) -> Vec<u64>;

	/// Whether anybody has stake on `hotkey`, or some is on its way there, on any subnet or root.
	fn has_stake(hotkey: HotkeyId) -> bool;

	/// Whether seats of `netuid`, which is dissolved, have earned what they are still to be paid.
	fn owes_seats(netuid: NetUid) -> bool;

	/// The block in which the open epoch of `netuid` closes. None before its start.
	fn epoch_closes_at(netuid: NetUid) -> Option<u32>;

	/// Which epoch of `netuid` is open, counted from 1. None before its start.
	fn epoch(netuid: NetUid) -> Option<u32>;
}

/// There is no market. For tests.
impl MarketInspect for () {
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

	fn owes_seats(_: NetUid) -> bool {
		false
	}

	fn epoch_closes_at(_: NetUid) -> Option<u32> {
		None
	}

	fn epoch(_: NetUid) -> Option<u32> {
		None
	}
}

/// What happens to the seats of a subnet. Implemented by `pallet-yuma`, called by `pallet-subnets`.
///
/// Called where an error undoes everything, but for the last.
pub trait OnSeat {
	/// The seat `uid` of `netuid` was taken: a new one, numbered on from the last.
	///
	/// # Errors
	///
	/// When `uid` does not follow the last seat, or there are too many.
	fn on_seated(netuid: NetUid, uid: Uid) -> DispatchResult;

	/// The seat `uid` of `netuid` has another holder, who begins with nothing of the last one's.
	///
	/// # Errors
	///
	/// When there is no such seat.
	fn on_seat_replaced(netuid: NetUid, uid: Uid) -> DispatchResult;

	/// `netuid` is dissolved. Takes the same time for any number of seats.
	fn on_subnet_dissolved(netuid: NetUid);

	/// The seat `uid` of the dissolved `netuid` is cleaned up. Called on idle.
	fn on_seat_removed(netuid: NetUid, uid: Uid);
}

/// Nobody listens. For tests.
impl OnSeat for () {
	fn on_seated(_: NetUid, _: Uid) -> DispatchResult {
		Ok(())
	}

	fn on_seat_replaced(_: NetUid, _: Uid) -> DispatchResult {
		Ok(())
	}

	fn on_subnet_dissolved(_: NetUid) {}

	fn on_seat_removed(_: NetUid, _: Uid) {}
}

/// What an epoch's consensus decides, by uid. The vectors have one entry a seat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsensusOutcome {
	/// Which seats may validate.
	pub permits: Vec<bool>,
	/// Parts of the miners' bucket. Sums to `u32::MAX`, or every entry is 0.
	pub incentives: Vec<u32>,
	/// Parts of the validators' and root's buckets. Sums to `u32::MAX`, or every entry is 0.
	pub dividends: Vec<u32>,
	/// What deciding weighed, beyond what its caller counts.
	pub weight: Weight,
}

/// What the consensus knows of a seat since the last epoch, for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatConsensus {
	/// Whether it may validate.
	pub permit: bool,
	/// Whether its weights are recent enough to count.
	pub active: bool,
	/// The block of its last weights, of their commitment where they were revealed; of its
	/// registration if there were none.
	pub last_update: u32,
	/// Its stake in the last epoch, root stake included, in atoms.
	pub stake: u64,
	/// As a miner: the part of the weight it was given that the consensus let stand.
	pub trust: PerU16,
	/// As a validator: the part of its weight that the consensus let stand.
	pub validator_trust: PerU16,
	/// As a miner: the weight that a majority of stake agrees on.
	pub consensus: PerU16,
}

/// The consensus of a subnet: stake in, parts out. Called by `pallet-dtao` when an epoch closes.
pub trait Consensus {
	/// Decide what each seat of `netuid` earns in the epoch that follows.
	///
	/// - `stakes`: the time-weighted stake of each seat, root stake included, in atoms, by uid.
	///
	/// # Errors
	///
	/// When the state does not let it decide. The epoch is then closed later.
	fn decide(netuid: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError>;

	/// What deciding weighs at most, beyond what its caller counts: what is charged where it fails.
	fn most_weight() -> Weight {
		Weight::zero()
	}

	/// What it knows of each seat of `netuid`, by uid; nothing if it keeps nothing.
	fn seats(_netuid: NetUid) -> Vec<SeatConsensus> {
		Vec::new()
	}
}

/// Nobody decides anything: no permit, no part. For tests.
impl Consensus for () {
	fn decide(_: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError> {
		Ok(ConsensusOutcome {
			permits: alloc::vec![false; stakes.len()],
			incentives: alloc::vec![0; stakes.len()],
			dividends: alloc::vec![0; stakes.len()],
			weight: Weight::zero(),
		})
	}
}

/// Nobody listens. For tests.
impl<AccountId> OnSubnet<AccountId> for () {
	fn on_created(_: NetUid, _: &AccountId, _: Tao) -> DispatchResult {
		Ok(())
	}

	fn on_started(_: NetUid) -> DispatchResult {
		Ok(())
	}

	fn on_seated(_: NetUid, _: Uid, _: HotkeyId) -> DispatchResult {
		Ok(())
	}

	fn on_replaced(_: NetUid, _: Uid, _: HotkeyId) -> DispatchResult {
		Ok(())
	}

	fn on_dissolved(_: NetUid) -> DispatchResult {
		Ok(())
	}

	fn on_coldkey_swapped(_: &AccountId, _: &AccountId, _: u32) -> Result<u32, DispatchError> {
		Ok(0)
	}
}

/// Sets up the other pallet's side of a benchmark or a genesis.
#[cfg(feature = "runtime-benchmarks")]
pub trait RegistryHelper<AccountId> {
	/// Make `hotkey` owned by `coldkey`, with the greatest take, and return its number: one that is
	/// at least 64 from every other, so that nothing lies together that need not.
	fn own_hotkey(coldkey: &AccountId, hotkey: &AccountId) -> HotkeyId;

	/// Register a subnet owned by `coldkey`, without payment, and without telling the market.
	fn create_subnet(netuid: NetUid, coldkey: &AccountId, hotkey: HotkeyId);

	/// Seat `hotkey` in `netuid`.
	fn take_seat(netuid: NetUid, hotkey: HotkeyId);
}

/// Sets up the market's side of the registry's benchmarks. Implemented by `pallet-dtao`.
#[cfg(feature = "runtime-benchmarks")]
pub trait MarketHelper<AccountId> {
	/// Give `coldkey` `count` positions, the dearest to move that there are.
	fn open_positions(coldkey: &AccountId, count: u32);

	/// Make the seats of the started `netuid` as dear to leave as they can be: each has stake, and
	/// has earned what is not yet paid.
	fn fill_seats(netuid: NetUid);
}

/// Sets up the consensus's side of benchmarks. Implemented by `pallet-yuma`.
#[cfg(feature = "runtime-benchmarks")]
pub trait ConsensusHelper {
	/// Let the consensus keep as much of the seats of `netuid` as it may: all that a dissolution and
	/// a clean-up have to remove, and that a replacement has to change.
	fn fill_seats(netuid: NetUid);
}

/// There is no consensus. For tests.
#[cfg(feature = "runtime-benchmarks")]
impl ConsensusHelper for () {
	fn fill_seats(_: NetUid) {}
}

/// There is no market. For tests.
#[cfg(feature = "runtime-benchmarks")]
impl<AccountId> MarketHelper<AccountId> for () {
	fn open_positions(_: &AccountId, _: u32) {}

	fn fill_seats(_: NetUid) {}
}
