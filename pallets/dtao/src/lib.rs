#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(any(test, feature = "runtime-benchmarks")),
	deny(
		clippy::arithmetic_side_effects,
		clippy::as_conversions,
		clippy::expect_used,
		clippy::float_arithmetic,
		clippy::indexing_slicing,
		clippy::panic,
		clippy::unwrap_used
	)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod block_step;
mod claims;
mod cleanup;
mod config_check;
mod epoch;
mod errors;
mod fees;
mod genesis;
mod inspect;
mod ledger;
pub mod migrations;
#[cfg(test)]
mod mock;
mod open_pools;
mod pages;
mod pools;
mod redemption;
mod root;
mod seats;
mod settlement;
mod staking;
#[cfg(test)]
mod tests;
mod trait_impls;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod types;
mod views;
mod wallet;
pub mod weights;

pub use genesis::GenesisStake;
pub use pages::Markets;
pub use pallet::*;
pub use pools::{HotkeyPools, RootPools};
pub use types::{Dividend, RewardSource, MAX_EXITS};
pub use weights::WeightInfo;

#[allow(
	clippy::as_conversions,
	clippy::expect_used,
	reason = "what FRAME's macros generate; nothing else here converts or expects"
)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::types::{
		Exit, HotkeyPool, Page, Place, PoolPage, Redemption, RootPool, RootTotals, Score,
	};
	use alloc::vec::Vec;
	use dtao_primitives::{
		traits::{Consensus, SubnetRegistry},
		Alpha, Amount, Fill, HotkeyId, MarketParams, NetUid, Tao,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{Balanced, Mutate},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::{traits::BlockNumberProvider, FixedU128};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The market of Dynamic TAO.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the market needs of its runtime.
	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// TAO: the chain's native currency. Its total issuance is the only count of TAO.
		type Currency: Balanced<Self::AccountId, Balance = u64>
			+ Mutate<Self::AccountId, Balance = u64>;

		/// The block number: `frame_system` in production.
		type BlockNumberProvider: BlockNumberProvider<BlockNumber = u32>;

		/// Who owns hotkeys and subnets.
		type Registry: SubnetRegistry<Self::AccountId>;

		/// What an epoch's close asks for the parts of each seat.
		type Consensus: Consensus;

		/// What governance sets. Must satisfy [`MarketParams::validate`].
		type Params: Get<MarketParams>;

		/// The most subnets that emit. At most `MaxEpochsPerBlock` × the shortest tempo, so that
		/// every epoch gets its turn.
		#[pallet::constant]
		type MaxSubnets: Get<u32>;

		/// The most seats of a subnet.
		#[pallet::constant]
		type MaxSeats: Get<u32>;

		/// The most epochs that close in one block; those beyond wait for the next.
		#[pallet::constant]
		type MaxEpochsPerBlock: Get<u32>;

		/// Derives the pot: the one account that holds all TAO of the market.
		#[pallet::constant]
		type PotId: Get<PalletId>;

		/// Whether hooks stand still: while a migration moves what they read, and in safe mode. In
		/// production the runtime asks both. While it says so, blocks are only counted.
		type Halted: Get<bool>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// Sets up the registry's side of a benchmark.
		#[cfg(feature = "runtime-benchmarks")]
		type Helper: dtao_primitives::traits::RegistryHelper<Self::AccountId>;
	}

	/// Every subnet's market: all that a block reads or writes of it, in one record. The records of
	/// 32 netuids in a row lie on one page, whose number is theirs divided by 32. Read and written
	/// through [`Markets`].
	///
	/// - Written by trades, by the block step and by the close of an epoch.
	/// - A record is created with its subnet, and goes with it; a page goes with its last record.
	///
	/// At most [`Config::MaxSubnets`] records. Invariants 1, 2, 3, 5, 9 and 12 govern them.
	// Twox64Concat: netuids are assigned in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type MarketPages<T: Config> = StorageMap<_, Twox64Concat, u16, Page, ValueQuery>;

	/// The subnets that emit, in ascending order.
	///
	/// - Grows when a subnet starts. Invariant 8 governs it.
	#[pallet::storage]
	pub type Emitting<T: Config> = StorageValue<_, BoundedVec<NetUid, T::MaxSubnets>, ValueQuery>;

	/// Hotkeys' stakes on a subnet: those of 16 hotkeys in a row lie on one page, whose number is
	/// theirs divided by 16. One prefix lists a subnet. Read and written through [`HotkeyPools`].
	///
	/// - Written when a stake is touched, and when an epoch closes.
	/// - A pool is removed when nothing is left in it, unless its hotkey holds a seat; and after a
	///   dissolution. A page goes with its last pool.
	///
	/// Invariants 3, 4 and 12 govern it.
	// Twox64Concat: netuids and hotkeys' numbers are assigned in sequence.
	#[pallet::storage]
	pub type PoolPages<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		NetUid,
		Twox64Concat,
		u32,
		PoolPage<HotkeyPool>,
		ValueQuery,
	>;

	/// Hotkeys' stakes on root, and what drips into them. As [`PoolPages`], read and written through
	/// [`RootPools`]; invariants 4, 6 and 12.
	#[pallet::storage]
	pub type RootPages<T: Config> =
		StorageMap<_, Twox64Concat, u32, PoolPage<RootPool>, ValueQuery>;

	/// The totals of root. Invariants 1 and 6 govern them.
	#[pallet::storage]
	pub type Root<T: Config> = StorageValue<_, RootTotals, ValueQuery>;

	/// The shares that a coldkey holds of a hotkey's pool. One prefix lists a wallet. Beside them the
	/// owner of the hotkey has those that its pool owes it.
	///
	/// - Absent for none. Each has its row in [`Holders`]. Invariants 4 and 7 govern it.
	// Blake2_128Concat: a coldkey is chosen by its owner.
	#[pallet::storage]
	pub type Positions<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		(NetUid, HotkeyId),
		u128,
		ValueQuery,
	>;

	/// Who holds shares of a hotkey's pool. One prefix lists the holders of a subnet, or of a pool.
	///
	/// - Written only when a position opens or closes. Invariant 7 governs it.
	#[pallet::storage]
	pub type Holders<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Twox64Concat, NetUid>,
			NMapKey<Twox64Concat, HotkeyId>,
			NMapKey<Blake2_128Concat, T::AccountId>,
		),
		(),
		OptionQuery,
	>;

	/// How many positions are open on a hotkey, on root and in all subnets, dissolved ones included.
	///
	/// - Absent for none. Written with [`Holders`], whose rows it counts. Invariant 7 governs it.
	// Twox64Concat: a number is given in sequence.
	#[pallet::storage]
	pub type OpenPositions<T: Config> = StorageMap<_, Twox64Concat, HotkeyId, u32, ValueQuery>;

	/// On whom the incentives that a coldkey's miners earn in a subnet are staked; on each miner's
	/// own hotkey where there is no row.
	///
	/// - Written by [`Pallet::set_reward_destination`], and when a coldkey changes hands.
	/// - Removed on idle once the subnet is dissolved and its miners are paid.
	///
	/// One row a coldkey and subnet. Each has its row in [`Redirecting`]. Invariant 7 governs it.
	// Blake2_128Concat: a coldkey is chosen by its owner.
	#[pallet::storage]
	pub type RewardDestinations<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		NetUid,
		HotkeyId,
		OptionQuery,
	>;

	/// The coldkeys that have a row in [`RewardDestinations`], by subnet: one prefix lists a subnet.
	///
	/// - Written with it. Invariants 7 and 10 govern it.
	#[pallet::storage]
	pub type Redirecting<T: Config> =
		StorageDoubleMap<_, Twox64Concat, NetUid, Blake2_128Concat, T::AccountId, (), OptionQuery>;

	/// The seats of each subnet, by uid: their parts of the open epoch, and where their stake is
	/// counted from.
	///
	/// - Written when a seat is taken and when an epoch closes; a stake never touches it.
	#[pallet::storage]
	pub type Scores<T: Config> =
		StorageMap<_, Twox64Concat, NetUid, BoundedVec<Score, T::MaxSeats>, ValueQuery>;

	/// What dissolved subnets still owe, and the funds that pay it.
	///
	/// - Created when a subnet is dissolved, removed when nothing is left to pay. Written by every
	///   payment.
	///
	/// One row a subnet that was dissolved and is not paid out. Invariants 1, 3, 9, 10 and 11 govern
	/// it.
	// Twox64Concat: netuids are assigned in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Redemptions<T: Config> =
		StorageMap<_, Twox64Concat, NetUid, Redemption<T::AccountId>, OptionQuery>;

	/// The subnets that were ever dissolved, so that they can be told from those that never were:
	/// netuids are not used again.
	///
	/// - Only grows, by nothing but its key for each registration paid. Invariant 10 governs it.
	// Twox64Concat: netuids are assigned in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Dissolved<T: Config> = StorageMap<_, Twox64Concat, NetUid, (), OptionQuery>;

	/// How many blocks in all the market has stood still.
	///
	/// Only grows, by the block step, while [`Config::Halted`].
	#[pallet::storage]
	pub type HaltedBlocks<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// What the pot has advanced for the fee of the transaction that runs, to whom, in rao. None
	/// between transactions.
	#[pallet::storage]
	pub type FeeAdvance<T: Config> = StorageValue<_, (T::AccountId, Tao), OptionQuery>;

	/// What happened. Indices are append-only.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// TAO was staked: paid into a subnet's pool, and the ALPHA it bought credited as stake. On
		/// root nothing is bought, and `alpha` is the same number as `tao`.
		#[codec(index = 0)]
		StakeAdded {
			/// Who paid.
			coldkey: T::AccountId,
			/// On whom it is staked.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// TAO paid, fee included, in rao.
			tao: Tao,
			/// The part of `tao` that stays in the pool as fee, in rao.
			fee: Tao,
			/// ALPHA credited, in atoms.
			alpha: Alpha,
			/// TAO per ALPHA after the trade.
			price_after: FixedU128,
		},
		/// Stake was removed: its ALPHA sold to the subnet's pool, and the TAO paid out. On root
		/// nothing is sold, and `alpha` is the same number as `tao`.
		#[codec(index = 1)]
		StakeRemoved {
			/// Whose stake it was, and who was paid.
			coldkey: T::AccountId,
			/// On whom it was staked.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// ALPHA sold, fee included, in atoms.
			alpha: Alpha,
			/// The part of `alpha` that stays in the pool as fee, in atoms.
			fee: Alpha,
			/// TAO paid out, in rao.
			tao: Tao,
			/// TAO per ALPHA after the trade.
			price_after: FixedU128,
			/// Whether nothing is left: all was asked for, or the rest would have been too little.
			all: bool,
		},
		/// What one block gave to all subnets together. Of `minted`, `chain_bought` bought ALPHA
		/// from the pools.
		#[codec(index = 2)]
		EmissionDistributed {
			/// TAO minted, all of which entered the pools, in rao.
			minted: Tao,
			/// The part of `minted` that bought ALPHA, in rao.
			chain_bought: Tao,
			/// ALPHA so bought, and recycled, of all subnets, in atoms.
			alpha_recycled: Alpha,
			/// ALPHA minted into the pools of all subnets, in atoms.
			alpha_to_pools: Alpha,
			/// ALPHA minted for the participants of all subnets, in atoms.
			alpha_to_participants: Alpha,
			/// ALPHA sold for root, of all subnets, in atoms.
			root_sold: Alpha,
			/// TAO that root's sales brought, in rao.
			root_tao: Tao,
		},
		/// A subnet's part of a block failed. Nothing of the subnet changed, and nothing was minted
		/// for it.
		#[codec(index = 3)]
		EmissionStepFailed {
			/// The subnet.
			netuid: NetUid,
			/// Why.
			error: DispatchError,
		},
		/// A block's emission failed as a whole. Nothing changed, and nothing was minted.
		#[codec(index = 4)]
		BlockStepFailed {
			/// Why.
			error: DispatchError,
		},
		/// An epoch closed. `owner`, `miners`, `validators`, `recycled` and `carried` sum to the
		/// ALPHA that its buckets of these three had received; `root` and `root_recycled` to root's
		/// TAO, but for less than a rao a seat.
		#[codec(index = 5)]
		EpochClosed {
			/// The subnet.
			netuid: NetUid,
			/// Which of its epochs, counted from 1.
			epoch: u32,
			/// ALPHA to the owner, in atoms.
			owner: Alpha,
			/// ALPHA to miners, in atoms.
			miners: Alpha,
			/// ALPHA to validators and their stakers, in the course of the epoch, in atoms.
			validators: Alpha,
			/// ALPHA that nobody had a part of, recycled, in atoms.
			recycled: Alpha,
			/// ALPHA too little to divide, which opens the next epoch's buckets, in atoms.
			carried: Alpha,
			/// TAO to root's stakers and their hotkeys, in rao.
			root: Tao,
			/// TAO that nobody had a part of, recycled, in rao.
			root_recycled: Tao,
		},
		/// The close of an epoch failed. Nothing changed but its time: it is tried again one tempo
		/// later, with all that accrued.
		#[codec(index = 6)]
		EpochFailed {
			/// The subnet.
			netuid: NetUid,
			/// Why.
			error: DispatchError,
		},
		/// A hotkey's stake was credited with its part of the validators' bucket, since somebody
		/// touched it or it left its seat. When an epoch closes, `DividendsSettled` says so of all.
		#[codec(index = 7)]
		RewardSettled {
			/// The hotkey.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// All of the reward, in atoms.
			alpha: Alpha,
			/// The part of it deposited for the hotkey's owner, in atoms.
			take: Alpha,
		},
		/// A reward was deposited as stake.
		#[codec(index = 8)]
		RewardDeposited {
			/// Whose stake it is.
			coldkey: T::AccountId,
			/// On whom it is staked.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// How much, in atoms (rao on root).
			alpha: Alpha,
			/// What for.
			source: RewardSource,
		},
		/// Dividends of root were assigned to a hotkey: `take` as stake of its owner, the rest to
		/// be released over the tempo that follows.
		#[codec(index = 9)]
		RootDividendAssigned {
			/// The hotkey.
			hotkey: T::AccountId,
			/// The subnet that earned them.
			netuid: NetUid,
			/// All of the dividend, in rao.
			tao: Tao,
			/// The part of it that is the owner's, in rao.
			take: Tao,
		},
		/// Stake was moved: to another hotkey, to another subnet, or both. Within a subnet nothing
		/// is traded, and `received` is the same number as `amount`.
		#[codec(index = 10)]
		StakeMoved {
			/// Whose stake it is.
			coldkey: T::AccountId,
			/// On whom it was staked.
			from_hotkey: T::AccountId,
			/// The subnet it left.
			from_netuid: NetUid,
			/// On whom it is staked now.
			to_hotkey: T::AccountId,
			/// The subnet it entered.
			to_netuid: NetUid,
			/// What left, fee included, in atoms of the subnet left (rao on root).
			amount: u64,
			/// The part of `amount` that stays in a pool as fee.
			fee: u64,
			/// TAO that went from pool to pool, in rao; 0 within a subnet.
			tao: Tao,
			/// What arrived, in atoms of the subnet entered (rao on root).
			received: u64,
			/// TAO per ALPHA of the subnet left, after the move.
			from_price_after: FixedU128,
			/// TAO per ALPHA of the subnet entered, after the move.
			to_price_after: FixedU128,
		},
		/// Stake changed hands. Nothing was traded.
		#[codec(index = 11)]
		StakeTransferred {
			/// Whose stake it was.
			from: T::AccountId,
			/// Whose stake it is.
			to: T::AccountId,
			/// On whom it is staked.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// How much, in atoms (rao on root).
			alpha: Alpha,
			/// TAO per ALPHA, which a transfer leaves as it was.
			price_after: FixedU128,
		},
		/// Staked ALPHA was recycled: it no longer exists, and the halving clock goes back.
		#[codec(index = 12)]
		AlphaRecycled {
			/// Whose stake it was.
			coldkey: T::AccountId,
			/// On whom it was staked.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// How much, in atoms.
			alpha: Alpha,
			/// TAO per ALPHA, which this leaves as it was.
			price_after: FixedU128,
		},
		/// Staked ALPHA was burnt: it no longer exists, and the halving clock still counts it.
		#[codec(index = 13)]
		AlphaBurnt {
			/// Whose stake it was.
			coldkey: T::AccountId,
			/// On whom it was staked.
			hotkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// How much, in atoms.
			alpha: Alpha,
			/// TAO per ALPHA, which this leaves as it was.
			price_after: FixedU128,
		},
		/// The incentives that a coldkey's miners earn in a subnet are staked on this hotkey from
		/// now on; on each miner's own if it is none.
		#[codec(index = 14)]
		RewardDestinationSet {
			/// Whose miners.
			coldkey: T::AccountId,
			/// The subnet.
			netuid: NetUid,
			/// On whom.
			hotkey: Option<T::AccountId>,
		},
		/// A subnet's market closed. `fund` is what its ALPHA will be paid; the rest of its pool was
		/// recycled.
		#[codec(index = 15)]
		MarketDissolved {
			/// The subnet.
			netuid: NetUid,
			/// TAO that redeems all its outstanding ALPHA, in rao.
			fund: Tao,
			/// TAO recycled, in rao.
			recycled: Tao,
			/// The ALPHA that shares the fund, in atoms.
			outstanding: Alpha,
		},
		/// A position in a dissolved subnet was paid out.
		#[codec(index = 16)]
		Redeemed {
			/// The subnet.
			netuid: NetUid,
			/// Whose position it was, and who was paid.
			coldkey: T::AccountId,
			/// On whom it was staked.
			hotkey: T::AccountId,
			/// What it held, in atoms.
			alpha: Alpha,
			/// What was paid, in rao.
			tao: Tao,
			/// Whether it was paid as root stake, since the account could not hold it.
			as_root_stake: bool,
		},
		/// Nothing is left to redeem of a dissolved subnet.
		#[codec(index = 17)]
		RedemptionClosed {
			/// The subnet.
			netuid: NetUid,
			/// TAO of the fund that nobody had a claim to, recycled, in rao; with that which waited
			/// for root.
			recycled: Tao,
		},
		/// An account without enough free TAO was advanced its transaction's fee, and what it needs
		/// to exist. The next proceeds of its stake repay it, within the same transaction.
		#[codec(index = 18)]
		FeeAdvanced {
			/// Who.
			who: T::AccountId,
			/// How much, in rao.
			tao: Tao,
		},
		/// A step of paying out a dissolved subnet failed. It changed nothing, and is passed over.
		#[codec(index = 19)]
		RedemptionStepFailed {
			/// The subnet.
			netuid: NetUid,
			/// Why.
			error: DispatchError,
		},
		/// What was due of a hotkey's dividends of root joined its stake there. If nobody has any,
		/// `RewardDeposited` says whose it is.
		#[codec(index = 20)]
		RootDripReleased {
			/// The hotkey.
			hotkey: T::AccountId,
			/// How much, in rao.
			tao: Tao,
		},
		/// What the miners of a subnet earned in the epoch that closes was staked for their owners,
		/// on their own hotkeys. `RewardDeposited` says so of those whose owners have named another.
		#[codec(index = 25)]
		IncentivesPaid {
			/// The subnet.
			netuid: NetUid,
			/// ALPHA for each seat, by uid, in atoms.
			alpha: BoundedVec<Alpha, T::MaxSeats>,
		},
		/// The stakes of a subnet's validators were credited with what was left of their parts of the
		/// bucket of the epoch that closes, and their owners' takes were staked for them.
		#[codec(index = 26)]
		DividendsSettled {
			/// The subnet.
			netuid: NetUid,
			/// What each seat was credited with, by uid.
			dividends: BoundedVec<Dividend, T::MaxSeats>,
		},
		/// The market stood still in this block: nothing was minted, nothing accrued, and no epoch
		/// closed. It is not made up for.
		#[codec(index = 24)]
		BlockHalted {
			/// How many blocks it has stood still, ever.
			blocks: u32,
		},
	}

	/// What was found, and the way out. Indices are append-only.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no subnet of this number. `DtaoApi.subnets` lists those there are.
		#[codec(index = 0)]
		UnknownSubnet,
		/// The subnet does not trade yet. Its owner starts it with `Subnets.start_call`.
		#[codec(index = 1)]
		NotStarted,
		/// Nobody owns this hotkey. Stake on one that is registered.
		#[codec(index = 2)]
		UnknownHotkey,
		/// The amount is zero. Name one, or `All`.
		#[codec(index = 3)]
		ZeroAmount,
		/// Less than the least stake. Pay more.
		#[codec(index = 4)]
		AmountTooSmall,
		/// The account does not have this much TAO that is free. Pay less.
		#[codec(index = 5)]
		InsufficientBalance,
		/// The account would be left with less than the existential deposit. Keep that much.
		#[codec(index = 6)]
		BelowExistentialDeposit,
		/// More than one trade may be. `max_buy` and `max_sell` of `DtaoApi.subnet` say how much
		/// passes: trade less, or in parts.
		#[codec(index = 7)]
		TradeTooLarge,
		/// The pool would be left with less than its least reserve. Trade less.
		#[codec(index = 8)]
		ReserveTooLow,
		/// The trade would pay nothing. Trade more.
		#[codec(index = 9)]
		NothingReceived,
		/// The trade would pay less than `min_received`. Ask for a quote, and trade less or accept
		/// less.
		#[codec(index = 10)]
		SlippageExceeded,
		/// The position is worth less than this. Take `All`, or less.
		#[codec(index = 11)]
		InsufficientStake,
		/// There is no such position.
		#[codec(index = 12)]
		NoPosition,
		/// The subnet has been started already.
		#[codec(index = 13)]
		AlreadyStarted,
		/// A subnet of this number has a market already.
		#[codec(index = 14)]
		MarketExists,
		/// As many subnets as there may be.
		#[codec(index = 15)]
		TooManySubnets,
		/// The seat does not follow the last, or there are too many.
		#[codec(index = 16)]
		InvalidSeat,
		/// A result does not fit its type: nothing a sound state leads to.
		#[codec(index = 17)]
		Arithmetic,
		/// The price would pass the limit before all is traded. Trade less, accept another limit, or
		/// choose `Partial`.
		#[codec(index = 18)]
		LimitNotMet,
		/// At this limit nothing can be traded now. Accept another limit, or wait.
		#[codec(index = 19)]
		NothingFilled,
		/// What is left of the position would be worth less than the least stake. Take less, or
		/// `All`.
		#[codec(index = 20)]
		RemainderTooSmall,
		/// The stake is there already. Name another hotkey, subnet or coldkey.
		#[codec(index = 21)]
		SamePlace,
		/// Root's stake is TAO: there is no ALPHA to recycle or burn.
		#[codec(index = 22)]
		RootHasNoAlpha,
		/// The subnet was dissolved and does not trade. `Dtao.redeem` pays its positions.
		#[codec(index = 23)]
		SubnetDissolved,
		/// The subnet was not dissolved: unstake with `Dtao.remove_stake`.
		#[codec(index = 24)]
		NotDissolved,
		/// The list names nothing, or one position twice.
		#[codec(index = 25)]
		InvalidList,
	}

	/// The market's genesis.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Stakes, made in this order through [`Pallet::add_stake`]'s own code.
		pub stakes: Vec<GenesisStake<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			genesis::build(self);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::do_block_step(T::BlockNumberProvider::current_block_number())
		}

		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			if T::Halted::get() {
				return T::DbWeight::get().reads(2);
			}
			Self::do_idle(remaining)
		}

		fn integrity_test() {
			Self::check_config();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Stake `tao` of TAO on `hotkey` in subnet `netuid`.
		///
		/// The TAO buys ALPHA from the subnet's pool, and the ALPHA is credited to the caller's
		/// stake. On root (`netuid` 0) it is staked as TAO, 1:1, without a fee.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that pays.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet, 0 for root.
		/// - `hotkey`: On whom to stake. Somebody must own it.
		/// - `tao`: TAO to pay, in rao, fee included. At least `min_stake`.
		/// - `min_received`: The least to accept, in atoms, net of the fee. 0 accepts any price.
		///
		/// ## Errors
		///
		/// [`Error::UnknownSubnet`], [`Error::SubnetDissolved`], [`Error::NotStarted`],
		/// [`Error::UnknownHotkey`],
		/// [`Error::ZeroAmount`], [`Error::AmountTooSmall`], [`Error::InsufficientBalance`],
		/// [`Error::BelowExistentialDeposit`], [`Error::TradeTooLarge`], [`Error::ReserveTooLow`],
		/// [`Error::NothingReceived`], [`Error::SlippageExceeded`].
		///
		/// ## Events
		///
		/// [`Event::StakeAdded`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::add_stake().max(T::WeightInfo::add_stake_root()))]
		pub fn add_stake(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			#[pallet::compact] tao: Tao,
			#[pallet::compact] min_received: u64,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_add_stake(&coldkey, netuid, &hotkey, tao, min_received)?;
			Ok(())
		}

		/// Remove stake on `hotkey` in subnet `netuid`.
		///
		/// The ALPHA is sold to the subnet's pool, and the TAO paid to the caller. On root it is
		/// paid 1:1, without a fee. If what is left would be worth less than `min_stake` at the
		/// price after the trade, all is removed, and the event says so.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet, 0 for root.
		/// - `hotkey`: On whom it is staked.
		/// - `amount`: `All`, or `Exact` atoms (rao on root).
		/// - `min_received`: The least TAO to accept, in rao, net of the fee. 0 accepts any price.
		///
		/// ## Errors
		///
		/// [`Error::UnknownSubnet`], [`Error::SubnetDissolved`], [`Error::UnknownHotkey`],
		/// [`Error::ZeroAmount`],
		/// [`Error::NoPosition`], [`Error::InsufficientStake`], [`Error::TradeTooLarge`],
		/// [`Error::ReserveTooLow`], [`Error::NothingReceived`], [`Error::SlippageExceeded`],
		/// [`Error::BelowExistentialDeposit`] when the payment cannot open the caller's account.
		///
		/// ## Events
		///
		/// [`Event::StakeRemoved`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::remove_stake().max(T::WeightInfo::remove_stake_root()))]
		pub fn remove_stake(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			amount: Amount,
			#[pallet::compact] min_received: Tao,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_remove_stake(&coldkey, netuid, &hotkey, amount, min_received)?;
			Ok(())
		}

		/// Stake TAO on `hotkey` in subnet `netuid`, up to a price.
		///
		/// As [`Pallet::add_stake`], until the price is `limit_price`: that after the trade, the fee
		/// retained in the pool. What is not used stays with the caller. On root the price is 1.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that pays.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet, 0 for root.
		/// - `hotkey`: On whom to stake. Somebody must own it.
		/// - `tao`: The most TAO to pay, in rao, fee included. What is paid must be at least
		///   `min_stake`.
		/// - `limit_price`: The highest price to leave, TAO per ALPHA, with 18 decimals.
		/// - `fill`: `FillOrKill` for all or nothing, `Partial` for what the limit lets through.
		///
		/// ## Errors
		///
		/// Those of [`Pallet::add_stake`] but for [`Error::SlippageExceeded`];
		/// [`Error::LimitNotMet`] or [`Error::NothingFilled`], by `fill`.
		///
		/// ## Events
		///
		/// [`Event::StakeAdded`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::add_stake_limit())]
		pub fn add_stake_limit(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			#[pallet::compact] tao: Tao,
			limit_price: FixedU128,
			fill: Fill,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_add_stake_limit(&coldkey, netuid, &hotkey, tao, limit_price, fill)?;
			Ok(())
		}

		/// Remove stake on `hotkey` in subnet `netuid`, down to a price.
		///
		/// As [`Pallet::remove_stake`], until the price is `limit_price`: that after the trade, the
		/// fee retained in the pool. What is not sold stays staked, and must be nothing or worth
		/// `min_stake`. On root the price is 1.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet, 0 for root.
		/// - `hotkey`: On whom it is staked.
		/// - `amount`: The most to sell: `All`, or `Exact` atoms (rao on root).
		/// - `limit_price`: The lowest price to leave, TAO per ALPHA, with 18 decimals.
		/// - `fill`: `FillOrKill` for all or nothing, `Partial` for what the limit lets through.
		///
		/// ## Errors
		///
		/// Those of [`Pallet::remove_stake`] but for [`Error::SlippageExceeded`];
		/// [`Error::LimitNotMet`] or [`Error::NothingFilled`], by `fill`;
		/// [`Error::RemainderTooSmall`].
		///
		/// ## Events
		///
		/// [`Event::StakeRemoved`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::remove_stake_limit())]
		pub fn remove_stake_limit(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			amount: Amount,
			limit_price: FixedU128,
			fill: Fill,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_remove_stake_limit(&coldkey, netuid, &hotkey, amount, limit_price, fill)?;
			Ok(())
		}

		/// Move stake from one place to another: another hotkey, another subnet, or both.
		///
		/// Within a subnet nothing is traded and no fee is taken. Between subnets the ALPHA is sold
		/// in the one and the TAO buys ALPHA of the other, for one fee: the sale's, or the
		/// purchase's where root is left. What both hotkeys have earned is settled first, so that
		/// a move moves no reward of the past.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// - `from`: The position to take it from.
		/// - `to`: Where to put it. Another place than `from`.
		/// - `amount`: `All`, or `Exact` atoms of the subnet left (rao on root). What is left must be
		///   nothing, or worth `min_stake`; what arrives must be worth that too, unless nothing is
		///   left.
		/// - `min_received`: The least to accept, in atoms of the subnet entered (rao on root), net
		///   of the fee. 0 accepts any price.
		///
		/// ## Errors
		///
		/// [`Error::ZeroAmount`], [`Error::SamePlace`], [`Error::UnknownSubnet`],
		/// [`Error::SubnetDissolved`], [`Error::NotStarted`], [`Error::UnknownHotkey`],
		/// [`Error::NoPosition`],
		/// [`Error::InsufficientStake`], [`Error::TradeTooLarge`] and [`Error::ReserveTooLow`] of
		/// either trade, [`Error::NothingReceived`], [`Error::RemainderTooSmall`],
		/// [`Error::AmountTooSmall`], [`Error::SlippageExceeded`].
		///
		/// ## Events
		///
		/// [`Event::StakeMoved`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::move_stake())]
		pub fn move_stake(
			origin: OriginFor<T>,
			from: Place<T::AccountId>,
			to: Place<T::AccountId>,
			amount: Amount,
			#[pallet::compact] min_received: u64,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_move_stake(&coldkey, &from, &to, amount, min_received)?;
			Ok(())
		}

		/// Give stake to another coldkey, where it is. Nothing is traded, and no fee is taken.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// - `to_coldkey`: Whose it will be. The account need not exist: stake makes it.
		/// - `netuid`: The subnet, 0 for root.
		/// - `hotkey`: On whom it is staked.
		/// - `amount`: `All`, or `Exact` atoms (rao on root). What is left must be nothing, or worth
		///   `min_stake`; what arrives must be worth that too, unless nothing is left.
		///
		/// ## Errors
		///
		/// [`Error::ZeroAmount`], [`Error::SamePlace`], [`Error::UnknownSubnet`],
		/// [`Error::SubnetDissolved`], [`Error::NotStarted`], [`Error::UnknownHotkey`],
		/// [`Error::NoPosition`],
		/// [`Error::InsufficientStake`], [`Error::RemainderTooSmall`], [`Error::AmountTooSmall`].
		///
		/// ## Events
		///
		/// [`Event::StakeTransferred`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::transfer_stake())]
		pub fn transfer_stake(
			origin: OriginFor<T>,
			to_coldkey: T::AccountId,
			netuid: NetUid,
			hotkey: T::AccountId,
			amount: Amount,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_transfer_stake(&coldkey, &to_coldkey, netuid, &hotkey, amount)
		}

		/// Remove all stake from each position of a list, or from none of them.
		///
		/// As [`Pallet::remove_stake`] of `All`, one after the other in the list's order; what they
		/// bring is paid in one sum.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// - `positions`: At least one, none twice, each with the least TAO to accept for it.
		///
		/// ## Errors
		///
		/// [`Error::InvalidList`]; those of [`Pallet::remove_stake`].
		///
		/// ## Events
		///
		/// [`Event::StakeRemoved`], one a position.
		#[pallet::call_index(6)]
		#[pallet::weight(
			T::WeightInfo::remove_all_stake(u32::try_from(positions.len()).unwrap_or(MAX_EXITS))
		)]
		pub fn remove_all_stake(
			origin: OriginFor<T>,
			positions: BoundedVec<Exit<T::AccountId>, ConstU32<MAX_EXITS>>,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_remove_all_stake(&coldkey, &positions)?;
			Ok(())
		}

		/// Recycle staked ALPHA: it is gone, and its subnet will emit it again.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet. Not root, whose stake is TAO.
		/// - `hotkey`: On whom it is staked.
		/// - `amount`: `All`, or `Exact` atoms. What is left must be nothing, or worth `min_stake`.
		///
		/// ## Errors
		///
		/// [`Error::ZeroAmount`], [`Error::RootHasNoAlpha`], [`Error::UnknownSubnet`],
		/// [`Error::SubnetDissolved`], [`Error::NotStarted`], [`Error::UnknownHotkey`],
		/// [`Error::NoPosition`],
		/// [`Error::InsufficientStake`], [`Error::RemainderTooSmall`].
		///
		/// ## Events
		///
		/// [`Event::AlphaRecycled`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::recycle_alpha())]
		pub fn recycle_alpha(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			amount: Amount,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_recycle_alpha(&coldkey, netuid, &hotkey, amount)
		}

		/// Burn staked ALPHA: it is gone, and will not be emitted again.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey whose stake it is.
		///
		/// ## Parameters
		///
		/// As those of [`Pallet::recycle_alpha`].
		///
		/// ## Errors
		///
		/// Those of [`Pallet::recycle_alpha`].
		///
		/// ## Events
		///
		/// [`Event::AlphaBurnt`].
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::burn_alpha())]
		pub fn burn_alpha(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			amount: Amount,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_burn_alpha(&coldkey, netuid, &hotkey, amount)
		}

		/// Name the hotkey on which the incentives of the caller's miners in a subnet are staked
		/// from now on.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that owns the miners.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet. Root has no miners.
		/// - `hotkey`: On whom; somebody must own it. None for each miner's own hotkey.
		///
		/// ## Errors
		///
		/// [`Error::UnknownSubnet`], [`Error::SubnetDissolved`], [`Error::UnknownHotkey`].
		///
		/// ## Events
		///
		/// [`Event::RewardDestinationSet`].
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::set_reward_destination())]
		pub fn set_reward_destination(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: Option<T::AccountId>,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_set_reward_destination(&coldkey, netuid, hotkey)
		}

		/// Pay out a position in a dissolved subnet, for anyone.
		///
		/// What the hotkey has earned is settled first, as by any touch. The position is paid its
		/// part of the subnet's fund, all at once; a payment that cannot open the account becomes
		/// its stake on root, on the same hotkey. What the chain does on idle, whoever does not want
		/// to wait asks for with this.
		///
		/// A call that pays somebody costs no fee.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anyone.
		///
		/// ## Parameters
		///
		/// - `netuid`: The dissolved subnet.
		/// - `coldkey`: Whose position it is, and who is paid.
		/// - `hotkey`: On whom it is staked.
		///
		/// ## Errors
		///
		/// [`Error::UnknownSubnet`], [`Error::NotDissolved`], [`Error::UnknownHotkey`],
		/// [`Error::NoPosition`].
		///
		/// ## Events
		///
		/// [`Event::Redeemed`].
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::redeem())]
		pub fn redeem(
			origin: OriginFor<T>,
			netuid: NetUid,
			coldkey: T::AccountId,
			hotkey: T::AccountId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let tao = Self::do_redeem(netuid, &coldkey, &hotkey)?;
			let pays = if tao.is_zero() { Pays::Yes } else { Pays::No };
			Ok(pays.into())
		}
	}
}
