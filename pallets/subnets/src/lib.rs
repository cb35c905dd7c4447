#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(any(test, feature = "runtime-benchmarks")),
	deny(
		clippy::arithmetic_side_effects,
		clippy::as_conversions,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::panic,
		clippy::unwrap_used
	)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod config_check;
mod costs;
mod dispatchable_impls;
mod dissolution;
mod genesis;
mod inspect;
pub mod migrations;
#[cfg(test)]
mod mock;
mod records;
mod settlement;
#[cfg(test)]
mod tests;
mod trait_impls;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
pub mod weights;

pub use genesis::{GenesisHotkey, GenesisSubnet};
pub use pallet::*;
pub use types::{ColdkeySwap, Lock, NeuronCost, OwnedHotkey, Rebinding, Seat, Subnet, TakeRaise};
pub use weights::WeightInfo;

use sp_runtime::PerU16;

/// The most that any hotkey may ever take, whatever the parameters say: 18 %.
pub const MAX_TAKE: PerU16 = PerU16::from_percent(18);

/// The most positions and hotkeys, taken together, that one [`Pallet::swap_coldkey`] moves.
pub const MAX_SWAP_ITEMS: u32 = 64;

/// The most seats of dissolved subnets that are cleaned up in one block.
pub const MAX_CLEANED_SEATS: u32 = 64;

/// The surface: nothing here computes.
#[allow(clippy::as_conversions, clippy::expect_used, reason = "FRAME's macros expand to both")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtao_primitives::{
		traits::{MarketInspect, OnSeat, OnSubnet},
		HotkeyId, Hyperparams, NetUid, SubnetIdentity, SubnetsParams, Tao, Uid,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible::Balanced, EnsureOrigin},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::BlockNumberProvider;

	/// The layout of this pallet's storage. A change of it comes with a migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The registry.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime decides.
	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The clock that delays and costs count by. In production `frame_system`'s: the block
		/// being made. A clock that runs backwards breaks the invariants that name one.
		type BlockNumberProvider: BlockNumberProvider<BlockNumber = u32>;

		/// TAO: what neurons are registered with. In production `pallet_balances`. A credit of it
		/// that is dropped must lower the issuance.
		type Currency: Balanced<Self::AccountId, Balance = u64>;

		/// The market: told of every subnet that is created, started and dissolved, of every seat
		/// that is taken, and of every coldkey that is exchanged; asked what each seat earns, what
		/// ALPHA is worth and on whom is staked. In production `pallet_dtao`. It takes the lock
		/// from the payer, or answers with an error.
		type Market: OnSubnet<Self::AccountId> + MarketInspect;

		/// The consensus: told of every seat that is taken, taken over and cleaned up, after the
		/// market was, and of every subnet that is dissolved. In production `pallet_yuma`.
		type Consensus: OnSeat;

		/// Governance: it dissolves subnets and sets their parameters, at any time. In production
		/// root.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The parameters that governance sets. Values out of their bounds are refused where they
		/// are set ([`SubnetsParams::validate`]): where they are read, they make costs
		/// [`Error::InvalidParams`].
		type Params: Get<SubnetsParams>;

		/// The most subnets beside root. In production
		/// [`MAX_SUBNETS`](dtao_primitives::constants::MAX_SUBNETS). All of their epochs have to
		/// fit the shortest one.
		#[pallet::constant]
		type MaxSubnets: Get<u32>;

		/// The most seats of a subnet. In production
		/// [`MAX_SEATS`](dtao_primitives::constants::MAX_SEATS), the most there may be.
		#[pallet::constant]
		type MaxSeats: Get<u32>;

		/// Whether the hook stands still: while a migration moves what it reads, and in safe mode.
		type Halted: Get<bool>;

		/// The weight of each call, measured on this runtime.
		type WeightInfo: WeightInfo;

		/// Fills the market for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type MarketHelper: dtao_primitives::traits::MarketHelper<Self::AccountId>;

		/// Fills the consensus for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type ConsensusHelper: dtao_primitives::traits::ConsensusHelper;
	}

	/// Who owns a hotkey, and what it takes.
	///
	/// - Written by [`Pallet::register_subnet`] and [`Pallet::register_neuron`], for a hotkey that
	///   nobody owns yet, and by whatever changes its owner, its account, its take or its seats.
	/// - Never removed: stake is keyed by its number.
	///
	/// Each row is paid for with the cost of a registration. Invariants 1, 2 and 5 govern it.
	// Twox64Concat: a number is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Hotkeys<T: Config> =
		StorageMap<_, Twox64Concat, HotkeyId, OwnedHotkey<T::AccountId>, OptionQuery>;

	/// The number of a hotkey, by its account.
	///
	/// Written and bounded with [`Hotkeys`], whose inverse it is: invariant 1.
	// Blake2_128Concat: an account is chosen by a caller.
	#[pallet::storage]
	pub type HotkeyIds<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, HotkeyId, OptionQuery>;

	/// The accounts that hotkeys had before they were exchanged, and whose they were: nobody but the
	/// owner of that hotkey may bind one.
	///
	/// - Written by [`Pallet::swap_hotkey`], which a row is paid for with.
	/// - Removed when the account is a hotkey again.
	///
	/// Invariant 1 governs it.
	// Blake2_128Concat: an account is chosen by a caller.
	#[pallet::storage]
	pub type FormerHotkeys<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, HotkeyId, OptionQuery>;

	/// The hotkeys that a coldkey owns.
	///
	/// Written and bounded with [`Hotkeys`], whose index by owner it is: invariant 1.
	// Blake2_128Concat: an account is chosen by a caller. Twox64Concat: a number is not.
	#[pallet::storage]
	pub type OwnedHotkeys<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		HotkeyId,
		(),
		OptionQuery,
	>;

	/// The number that the next hotkey gets. None is given twice: invariant 1.
	#[pallet::storage]
	pub type NextHotkeyId<T: Config> = StorageValue<_, HotkeyId, ValueQuery>;

	/// Every subnet but root, which always exists and has no row.
	///
	/// - Written by [`Pallet::register_subnet`], by the calls of its owner, and when a coldkey is
	///   exchanged.
	/// - Removed when it is dissolved.
	///
	/// Bounded by [`Config::MaxSubnets`]. Invariants 3 and 4 govern it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Subnets<T: Config> =
		CountedStorageMap<_, Twox64Concat, NetUid, Subnet<T::AccountId>, OptionQuery>;

	/// The netuid of the first subnet beside root.
	#[pallet::type_value]
	pub fn FirstNetUid() -> NetUid {
		NetUid(1)
	}

	/// The netuid that the next subnet gets. None is given twice: invariant 3.
	#[pallet::storage]
	pub type NextNetUid<T: Config> = StorageValue<_, NetUid, ValueQuery, FirstNetUid>;

	/// The last registration of a subnet: when the next may be, and at what cost. None before the
	/// first call; subnets of genesis leave it so.
	///
	/// Written by [`Pallet::register_subnet`], and kept when the subnet is dissolved: else the next
	/// would cost less. Invariant 6 governs it.
	#[pallet::storage]
	pub type LastLock<T: Config> = StorageValue<_, Lock, OptionQuery>;

	/// The seats of a subnet, by uid.
	///
	/// - Written by [`Pallet::register_neuron`].
	/// - Shortened and removed on idle once the subnet is dissolved.
	///
	/// Bounded by rows of [`Config::MaxSeats`], one for each subnet that exists or is in
	/// [`Cleaning`]. Invariant 5 governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Seats<T: Config> =
		StorageMap<_, Twox64Concat, NetUid, BoundedVec<Seat, T::MaxSeats>, ValueQuery>;

	/// Which seat of a subnet a hotkey holds.
	///
	/// Written and bounded with [`Seats`], whose index it is: invariant 5.
	// Twox64Concat: both keys are numbers given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Uids<T: Config> =
		StorageDoubleMap<_, Twox64Concat, NetUid, Twox64Concat, HotkeyId, Uid, OptionQuery>;

	/// The last registration of a neuron in a subnet: at what cost the next is. None before the
	/// first call; neurons of genesis leave it so.
	///
	/// Written by [`Pallet::register_neuron`]; removed when the subnet is dissolved. Bounded by
	/// [`Config::MaxSubnets`]. Invariant 6 governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type NeuronCosts<T: Config> = StorageMap<_, Twox64Concat, NetUid, NeuronCost, OptionQuery>;

	/// What a subnet says of itself. None if it says nothing.
	///
	/// Written by [`Pallet::set_subnet_identity`]; removed when the subnet is dissolved. Bounded by
	/// [`Config::MaxSubnets`]. Invariant 7 governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Identities<T: Config> =
		StorageMap<_, Twox64Concat, NetUid, SubnetIdentity, OptionQuery>;

	/// Dissolved subnets whose [`Seats`] and [`Uids`] are not yet cleaned up.
	///
	/// Written when a subnet with seats is dissolved; removed on idle, with its last seat. At most
	/// [`Config::MaxSubnets`] rows, unless blocks leave nothing over for longer than it takes to
	/// register as many subnets. Invariant 8 governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Cleaning<T: Config> = StorageMap<_, Twox64Concat, NetUid, (), OptionQuery>;

	/// The announced exchange of a coldkey for another.
	///
	/// Written by [`Pallet::announce_coldkey_swap`]; removed by [`Pallet::cancel_coldkey_swap`] and
	/// when a swap is complete. One row at most for each account that pays a fee. Invariant 9
	/// governs it.
	// Blake2_128Concat: an account is chosen by a caller.
	#[pallet::storage]
	pub type ColdkeySwaps<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, ColdkeySwap<T::AccountId>, OptionQuery>;

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A subnet was registered. It has a pool, and neither trades nor emits yet.
		#[codec(index = 0)]
		SubnetRegistered {
			/// Its number.
			netuid: NetUid,
			/// The coldkey that paid, and owns it.
			owner: T::AccountId,
			/// The hotkey on which the owner's cut is staked.
			hotkey: T::AccountId,
			/// What was paid, in rao: the TAO of its pool.
			lock: Tao,
		},
		/// A subnet was started: staking is open, and it emits from the next block on.
		#[codec(index = 1)]
		SubnetStarted {
			/// Its number.
			netuid: NetUid,
		},
		/// A hotkey was seated in a subnet.
		#[codec(index = 2)]
		NeuronRegistered {
			/// The subnet.
			netuid: NetUid,
			/// The seat.
			uid: Uid,
			/// The hotkey that holds it.
			hotkey: T::AccountId,
			/// The coldkey that paid, and owns the hotkey.
			coldkey: T::AccountId,
			/// What was paid and recycled, in rao.
			cost: Tao,
		},
		/// A hotkey takes another part of its nominators' rewards from now on.
		#[codec(index = 3)]
		TakeSet {
			/// The hotkey.
			hotkey: T::AccountId,
			/// The part.
			take: PerU16,
		},
		/// A hotkey will take a greater part of its nominators' rewards.
		#[codec(index = 4)]
		TakeRaiseAnnounced {
			/// The hotkey.
			hotkey: T::AccountId,
			/// The part.
			take: PerU16,
			/// The first block in which it is taken.
			from: u32,
		},
		/// A seat changed hands. Who left was paid what it had earned.
		#[codec(index = 5)]
		NeuronReplaced {
			/// The subnet.
			netuid: NetUid,
			/// The seat.
			uid: Uid,
			/// The hotkey that left.
			old: T::AccountId,
			/// The hotkey that came.
			new: T::AccountId,
		},
		/// A subnet's owner will be able to dissolve it.
		#[codec(index = 6)]
		SubnetDissolutionAnnounced {
			/// The subnet.
			netuid: NetUid,
			/// The first block in which. As long again as from now to there, and it lapses.
			from: u32,
		},
		/// A subnet's owner withdrew the announcement to dissolve it.
		#[codec(index = 7)]
		SubnetDissolutionCancelled {
			/// The subnet.
			netuid: NetUid,
		},
		/// A subnet was dissolved: what is staked there is redeemed from now on.
		#[codec(index = 8)]
		SubnetDissolved {
			/// The subnet.
			netuid: NetUid,
			/// Whether it made room for another, rather than being asked to go.
			pruned: bool,
		},
		/// A subnet's hyperparameters were set.
		#[codec(index = 9)]
		SubnetParamsSet {
			/// The subnet.
			netuid: NetUid,
			/// All of them.
			params: Hyperparams,
		},
		/// A subnet says something else of itself, or nothing any more: [`Identities`].
		#[codec(index = 10)]
		SubnetIdentitySet {
			/// The subnet.
			netuid: NetUid,
		},
		/// A hotkey chose another owner.
		#[codec(index = 11)]
		HotkeyRebound {
			/// The hotkey.
			hotkey: T::AccountId,
			/// The coldkey that owned it.
			from: T::AccountId,
			/// The coldkey that owns it.
			to: T::AccountId,
		},
		/// A hotkey is another account: its stake, its seats and its number are as they were.
		#[codec(index = 12)]
		HotkeySwapped {
			/// The account that it was.
			from: T::AccountId,
			/// The account that it is.
			to: T::AccountId,
			/// What was paid and recycled, in rao.
			cost: Tao,
		},
		/// A coldkey will give all that it has staked and owns to another.
		#[codec(index = 13)]
		ColdkeySwapAnnounced {
			/// The coldkey.
			from: T::AccountId,
			/// The other.
			to: T::AccountId,
			/// The first block in which anyone may make it so.
			at: u32,
		},
		/// A coldkey withdrew its announcement. What was moved before stays moved.
		#[codec(index = 14)]
		ColdkeySwapCancelled {
			/// The coldkey.
			from: T::AccountId,
			/// The other.
			to: T::AccountId,
		},
		/// A coldkey gave what it has staked and owns to another, or a part of that.
		#[codec(index = 15)]
		ColdkeySwapped {
			/// The coldkey.
			from: T::AccountId,
			/// The other.
			to: T::AccountId,
			/// How many positions and hotkeys went over now.
			moved: u32,
			/// Whether nothing is left, and its subnets went over too. If not, call again.
			complete: bool,
		},
		/// A hotkey on which somebody has stake will be able to choose another owner.
		#[codec(index = 16)]
		HotkeyRebindAnnounced {
			/// The hotkey.
			hotkey: T::AccountId,
			/// The coldkey that will own it.
			to: T::AccountId,
			/// The first block in which. As long again as from now to there, and it lapses.
			from: u32,
		},
	}

	/// What a call found, and the way out.
	#[pallet::error]
	pub enum Error<T> {
		/// No subnet has this number, or it is root. [`Subnets`] has those that exist.
		#[codec(index = 0)]
		UnknownSubnet,
		/// Nobody owns this hotkey. Registering a subnet or a neuron with it makes it the
		/// caller's.
		#[codec(index = 1)]
		UnknownHotkey,
		/// Another coldkey owns this hotkey. Sign with that one, or choose another hotkey.
		#[codec(index = 2)]
		NotHotkeyOwner,
		/// Another coldkey owns this subnet. Sign with that one.
		#[codec(index = 3)]
		NotSubnetOwner,
		/// A subnet was registered a moment ago. Retry
		/// [`SubnetsParams::registration_interval`] blocks after it ([`LastLock`]).
		#[codec(index = 4)]
		RegistrationTooSoon,
		/// There are [`SubnetsParams::max_subnets`], and all of them are younger than
		/// [`SubnetsParams::subnet_immunity`]. Retry when one is not.
		#[codec(index = 5)]
		TooManySubnets,
		/// The subnet trades and emits already. There is nothing to do.
		#[codec(index = 6)]
		AlreadyStarted,
		/// The subnet was registered a moment ago. Retry [`SubnetsParams::start_delay`] blocks
		/// after that ([`Subnet::registered_at`]).
		#[codec(index = 7)]
		StartTooSoon,
		/// Root has no neurons. To back a hotkey there, stake on it.
		#[codec(index = 8)]
		RootHasNoSeats,
		/// The hotkey holds a seat of this subnet already. Register another, or elsewhere.
		#[codec(index = 9)]
		AlreadyRegistered,
		/// All seats are held, and all of them for less than [`Hyperparams::neuron_immunity`]
		/// blocks. Retry when one is not, or register in another subnet.
		#[codec(index = 10)]
		SubnetFull,
		/// The cost has risen above the caller's bound. Retry with what
		/// [`Pallet::registration_cost`] or [`Pallet::neuron_cost`] says, or wait until it has
		/// fallen.
		#[codec(index = 11)]
		CostAboveMaximum,
		/// The take exceeds [`SubnetsParams::max_take`]. Retry with that or less.
		#[codec(index = 12)]
		TakeTooHigh,
		/// Every number that a hotkey or a subnet could get is given.
		#[codec(index = 13)]
		IdsExhausted,
		/// The parameters are out of their bounds, so that nothing has a cost. Governance has to
		/// set them right.
		#[codec(index = 14)]
		InvalidParams,
		/// The subnet's owner lets nobody register. Register in another subnet.
		#[codec(index = 15)]
		RegistrationClosed,
		/// A raise of this take was announced a moment ago. Retry [`SubnetsParams::take_delay`]
		/// blocks after that ([`OwnedHotkey::raised_at`]).
		#[codec(index = 16)]
		TakeRaisedTooSoon,
		/// The dissolution was announced for later. Retry from [`Subnet::dissolve_from`] on.
		#[codec(index = 17)]
		DissolveTooSoon,
		/// Nothing was announced that could be withdrawn or done. Announce it first.
		#[codec(index = 18)]
		NothingAnnounced,
		/// The hotkey holds a seat. It keeps its owner until it was replaced everywhere, and the
		/// seats of dissolved subnets are cleaned up.
		#[codec(index = 19)]
		HotkeySeated,
		/// A subnet's owner's cut is staked on this hotkey. It keeps its owner as long as the
		/// subnet exists.
		#[codec(index = 20)]
		HotkeyNamed,
		/// Somebody has stake on this hotkey, so the choice of another owner was announced for later.
		/// Retry from [`Rebinding::from`] on.
		#[codec(index = 21)]
		RebindTooSoon,
		/// The account is a hotkey already. Choose one that nobody owns.
		#[codec(index = 22)]
		HotkeyTaken,
		/// The hotkey's account was exchanged a moment ago. Retry
		/// [`SubnetsParams::hotkey_swap_interval`] blocks after that
		/// ([`OwnedHotkey::swapped_at`]).
		#[codec(index = 23)]
		HotkeySwapTooSoon,
		/// The owner set the hyperparameters a moment ago. Retry
		/// [`SubnetsParams::hyperparams_interval`] blocks after that
		/// ([`Subnet::hyperparams_set_at`]).
		#[codec(index = 24)]
		HyperparamsTooSoon,
		/// The epoch closes within [`SubnetsParams::hyperparams_freeze`] blocks. Retry when it has.
		#[codec(index = 25)]
		HyperparamsFrozen,
		/// The tempo is not between [`MIN_TEMPO`](dtao_primitives::constants::MIN_TEMPO) and
		/// [`MAX_TEMPO`](dtao_primitives::constants::MAX_TEMPO) blocks.
		#[codec(index = 26)]
		TempoOutOfBounds,
		/// The most seats are none, or more than [`Config::MaxSeats`].
		#[codec(index = 27)]
		MaxSeatsOutOfBounds,
		/// More seats are held than there would be. Nobody is unseated by that: set at least as many.
		#[codec(index = 28)]
		MaxSeatsBelowHeld,
		/// A text is not UTF-8.
		#[codec(index = 29)]
		IdentityNotText,
		/// A coldkey cannot be exchanged for itself.
		#[codec(index = 30)]
		SameColdkey,
		/// The coldkey announced a swap already. [`Pallet::cancel_coldkey_swap`] withdraws it.
		#[codec(index = 31)]
		ColdkeySwapPending,
		/// The swap was announced for later. Retry from [`ColdkeySwap::at`] on.
		#[codec(index = 32)]
		ColdkeySwapTooSoon,
		/// The neurons' immunity is longer than
		/// [`MAX_NEURON_IMMUNITY`](dtao_primitives::constants::MAX_NEURON_IMMUNITY) blocks.
		#[codec(index = 33)]
		NeuronImmunityOutOfBounds,
		/// The account was that of another coldkey's hotkey, before it was exchanged. Choose one that
		/// was nobody's.
		#[codec(index = 34)]
		FormerHotkey,
		/// The majority, the most validators or the least stake of one would change, which only
		/// governance sets. Retry with those that the subnet has.
		#[codec(index = 35)]
		GovernanceOnly,
		/// The majority is nobody: [`kappa`](dtao_primitives::ConsensusParams::kappa).
		#[codec(index = 36)]
		KappaOutOfBounds,
		/// The most validators are none, or more than
		/// [`MAX_VALIDATORS`](dtao_primitives::constants::MAX_VALIDATORS).
		#[codec(index = 37)]
		MaxValidatorsOutOfBounds,
		/// The least stake of a validator is more than there may ever be.
		#[codec(index = 38)]
		StakeThresholdOutOfBounds,
		/// Bonds would hardly move:
		/// [`bonds_moving_average`](dtao_primitives::ConsensusParams::bonds_moving_average).
		#[codec(index = 39)]
		BondsMovingAverageOutOfBounds,
		/// The bounds of a liquid rate are the wrong way round or 0, or its steepness is out of its
		/// own: [`LiquidAlpha`](dtao_primitives::LiquidAlpha).
		#[codec(index = 40)]
		LiquidAlphaOutOfBounds,
		/// Too many blocks would have to lie between two settings of weights:
		/// [`weights_rate_limit`](dtao_primitives::ConsensusParams::weights_rate_limit).
		#[codec(index = 41)]
		WeightsRateLimitOutOfBounds,
		/// A commitment would be revealed in its own epoch, or too late:
		/// [`reveal_period`](dtao_primitives::ConsensusParams::reveal_period).
		#[codec(index = 42)]
		RevealPeriodOutOfBounds,
		/// Validators would stop counting before they can set weights again, or hardly ever. What the
		/// tempo, the rate limit and the reveal period need is the
		/// [`least_activity_cutoff`](dtao_primitives::ConsensusParams::least_activity_cutoff).
		#[codec(index = 43)]
		ActivityCutoffOutOfBounds,
		/// More weights would be needed than there may be seats:
		/// [`min_allowed_weights`](dtao_primitives::ConsensusParams::min_allowed_weights).
		#[codec(index = 44)]
		MinAllowedWeightsOutOfBounds,
		/// So little might be given to one miner that no row of weights fits:
		/// [`max_weight_limit`](dtao_primitives::ConsensusParams::max_weight_limit).
		#[codec(index = 45)]
		MaxWeightLimitOutOfBounds,
	}

	/// Who exists from the first block on.
	///
	/// Built after the currency's genesis and before the market's, which stakes on what is here:
	/// each subnet's lock is really paid from its owner's genesis balance, through
	/// [`Config::Market`]. Registrations of genesis move no cost: the first call pays the least.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Hotkeys that are owned.
		pub hotkeys: Vec<GenesisHotkey<T::AccountId>>,
		/// Subnets, in the order of their netuids, from 1.
		pub subnets: Vec<GenesisSubnet<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::build_genesis(self);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			Self::check_config();
		}

		/// Clean up after dissolved subnets with what the block left over.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			if T::Halted::get() {
				return T::DbWeight::get().reads(2);
			}
			let mut meter = WeightMeter::with_limit(remaining);
			Self::clean_up_on_idle(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	/// The calls. Their indices are for ever.
	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Register a subnet.
		///
		/// The caller pays [`Pallet::registration_cost`], which becomes the TAO of the subnet's
		/// pool and does not come back. The subnet neither trades nor emits until
		/// [`Pallet::start_call`]. The cost doubles with each registration and falls back linearly.
		///
		/// Where there are [`SubnetsParams::max_subnets`] already, one is dissolved for it: of those older
		/// than [`SubnetsParams::subnet_immunity`] the one with the lowest smoothed price, 0 if it
		/// did not start; the oldest at the same price.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that pays and will own the subnet.
		///
		/// ## Parameters
		///
		/// - `hotkey`: The account on which the owner's cut will be staked. The caller's, or
		///   nobody's: then it becomes the caller's. It gets no seat.
		/// - `max_lock`: The most to pay, in rao. [`u64::MAX`] accepts any cost.
		///
		/// ## Errors
		///
		/// - [`Error::RegistrationTooSoon`]: another subnet was registered a moment ago.
		/// - [`Error::CostAboveMaximum`]: the lock exceeds `max_lock`.
		/// - [`Error::TooManySubnets`]: there are [`SubnetsParams::max_subnets`], and all are immune.
		/// - [`Error::NotHotkeyOwner`], [`Error::FormerHotkey`]: another coldkey owns `hotkey`, or
		///   owned it.
		/// - [`Error::InvalidParams`], [`Error::IdsExhausted`]: see there.
		/// - Whatever [`Config::Market`] answers when the caller cannot pay.
		///
		/// ## Events
		///
		/// [`Event::SubnetDissolved`] if one had to go, then [`Event::SubnetRegistered`].
		#[pallet::call_index(0)]
		#[pallet::weight(
			T::WeightInfo::register_subnet()
				.saturating_add(T::WeightInfo::prune(T::MaxSubnets::get()))
		)]
		pub fn register_subnet(
			origin: OriginFor<T>,
			hotkey: T::AccountId,
			#[pallet::compact] max_lock: Tao,
		) -> DispatchResultWithPostInfo {
			let owner = ensure_signed(origin)?;
			let has_pruned = Self::do_register_subnet(owner, hotkey, max_lock)?;
			Ok((!has_pruned).then(T::WeightInfo::register_subnet).into())
		}

		/// Start a subnet: staking opens for everybody at once, and it emits from the next block on.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that owns the subnet.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownSubnet`]: there is none, or it is root.
		/// - [`Error::NotSubnetOwner`]: another coldkey owns it.
		/// - [`Error::AlreadyStarted`]: it trades and emits already.
		/// - [`Error::StartTooSoon`]: [`SubnetsParams::start_delay`] blocks have not passed.
		/// - Whatever [`Config::Market`] answers.
		///
		/// ## Events
		///
		/// [`Event::SubnetStarted`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::start_call())]
		pub fn start_call(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_start_call(&coldkey, netuid)
		}

		/// Register a neuron: seat a hotkey in a subnet, started or not.
		///
		/// The caller pays [`Pallet::neuron_cost`], which is recycled: TAO's issuance falls by it.
		/// The cost rises with each registration in the subnet and halves in quiet.
		///
		/// Where all of [`Hyperparams::max_seats`] are held, a hotkey is replaced: of those seated
		/// for at least [`Hyperparams::neuron_immunity`] blocks the one that earns the least in this
		/// epoch; the one seated first where they earn the same, then the lowest uid. It keeps its
		/// stake and what it has earned, and may register again.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that pays and owns the hotkey.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet, not root.
		/// - `hotkey`: The account to seat. The caller's, or nobody's: then it becomes the
		///   caller's, with the default take.
		/// - `max_cost`: The most to pay, in rao. [`u64::MAX`] accepts any cost.
		///
		/// ## Errors
		///
		/// - [`Error::RootHasNoSeats`], [`Error::UnknownSubnet`]: `netuid` cannot seat anybody.
		/// - [`Error::RegistrationClosed`]: the subnet's owner lets nobody in.
		/// - [`Error::NotHotkeyOwner`], [`Error::FormerHotkey`]: another coldkey owns `hotkey`, or
		///   owned it.
		/// - [`Error::AlreadyRegistered`]: `hotkey` holds a seat there.
		/// - [`Error::SubnetFull`]: every seat is held, and every one is immune.
		/// - [`Error::CostAboveMaximum`]: the cost exceeds `max_cost`.
		/// - [`Error::InvalidParams`], [`Error::IdsExhausted`]: see there.
		/// - Whatever [`Config::Currency`] answers when the caller cannot pay and keep its
		///   existential deposit.
		/// - Whatever [`Config::Market`] and [`Config::Consensus`] answer.
		///
		/// ## Events
		///
		/// [`Event::NeuronReplaced`] if one had to go, then [`Event::NeuronRegistered`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::register_neuron(T::MaxSeats::get()))]
		pub fn register_neuron(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			#[pallet::compact] max_cost: Tao,
		) -> DispatchResultWithPostInfo {
			let coldkey = ensure_signed(origin)?;
			Self::do_register_neuron(coldkey, netuid, hotkey, max_cost)?;
			Ok(Some(T::WeightInfo::register_neuron(Self::seats_held(netuid))).into())
		}

		/// Set what a hotkey takes of its nominators' rewards.
		///
		/// The same or less is taken from now on, and withdraws a raise that was announced. More is
		/// taken only [`SubnetsParams::take_delay`] blocks later, so that nominators can leave, and
		/// is announced at most once in as many blocks, withdrawn or not.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that owns the hotkey.
		///
		/// ## Parameters
		///
		/// - `hotkey`: The hotkey.
		/// - `take`: The part, at most [`SubnetsParams::max_take`].
		///
		/// ## Errors
		///
		/// - [`Error::UnknownHotkey`]: nobody owns `hotkey`.
		/// - [`Error::NotHotkeyOwner`]: another coldkey owns it.
		/// - [`Error::TakeTooHigh`]: `take` exceeds the most.
		/// - [`Error::TakeRaisedTooSoon`]: a raise was announced a moment ago.
		///
		/// ## Events
		///
		/// [`Event::TakeSet`], or [`Event::TakeRaiseAnnounced`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::set_take())]
		pub fn set_take(
			origin: OriginFor<T>,
			hotkey: T::AccountId,
			take: PerU16,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_set_take(&coldkey, hotkey, take)
		}

		/// Dissolve a subnet: its trade closes, and what is staked there is redeemed.
		///
		/// Governance dissolves at once. The owner's first call announces it, for
		/// [`SubnetsParams::dissolve_delay`] blocks later; a call within as many blocks from then on
		/// does it; one after that announces it anew.
		///
		/// ## Dispatch Origin
		///
		/// [`Config::AdminOrigin`], or signed by the coldkey that owns the subnet.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownSubnet`]: there is none, or it is root.
		/// - [`Error::NotSubnetOwner`]: another coldkey owns it.
		/// - [`Error::DissolveTooSoon`]: it was announced for later.
		/// - Whatever [`Config::Market`] answers.
		///
		/// ## Events
		///
		/// [`Event::SubnetDissolved`], or [`Event::SubnetDissolutionAnnounced`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::dissolve_subnet())]
		pub fn dissolve_subnet(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
			match T::AdminOrigin::try_origin(origin) {
				Ok(_) => Self::do_dissolve_at_once(netuid),
				Err(origin) => Self::do_dissolve_subnet(&ensure_signed(origin)?, netuid),
			}
		}

		/// Withdraw the announcement to dissolve a subnet, lapsed or not.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that owns the subnet.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownSubnet`]: there is none, or it is root.
		/// - [`Error::NotSubnetOwner`]: another coldkey owns it.
		/// - [`Error::NothingAnnounced`]: there is nothing to withdraw.
		///
		/// ## Events
		///
		/// [`Event::SubnetDissolutionCancelled`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::cancel_dissolve())]
		pub fn cancel_dissolve(origin: OriginFor<T>, netuid: NetUid) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_cancel_dissolve(&coldkey, netuid)
		}

		/// Choose another owner, as a hotkey that holds no seat, and on which no owner's cut is staked.
		/// Its take is the default again.
		///
		/// Whoever registers first with an account becomes its owner, without its signature. This is
		/// how the account's holder leaves such an owner.
		///
		/// Where somebody has stake on it, or some is on its way, the first call announces it, for
		/// [`SubnetsParams::take_delay`] blocks later, so that nominators can leave, and the owner can
		/// take a stolen hotkey's stake to another account ([`Pallet::swap_hotkey`]). A call within as
		/// many blocks from then on does it; one after that, or for another coldkey, announces it anew.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the hotkey.
		///
		/// ## Parameters
		///
		/// - `coldkey`: The account that will own it. It may be the hotkey itself.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownHotkey`]: nobody owns the caller.
		/// - [`Error::HotkeySeated`], [`Error::HotkeyNamed`]: something depends on it.
		/// - [`Error::RebindTooSoon`]: it was announced for later.
		///
		/// ## Events
		///
		/// [`Event::TakeSet`], then [`Event::HotkeyRebound`]; or [`Event::HotkeyRebindAnnounced`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::rebind_hotkey())]
		pub fn rebind_hotkey(origin: OriginFor<T>, coldkey: T::AccountId) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::do_rebind_hotkey(hotkey, coldkey)
		}

		/// Set all hyperparameters of a subnet. A tempo counts from the next epoch on.
		///
		/// Governance sets them at any time. The owner does at most once in
		/// [`SubnetsParams::hyperparams_interval`] blocks, and not within
		/// [`SubnetsParams::hyperparams_freeze`] blocks before an epoch closes. Of the consensus's, it
		/// leaves the majority, the most validators and their least stake as they are.
		///
		/// ## Dispatch Origin
		///
		/// [`Config::AdminOrigin`], or signed by the coldkey that owns the subnet.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		/// - `params`: The hyperparameters, with their bounds.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownSubnet`]: there is none, or it is root.
		/// - [`Error::NotSubnetOwner`]: another coldkey owns it.
		/// - [`Error::HyperparamsTooSoon`], [`Error::HyperparamsFrozen`]: not now.
		/// - [`Error::GovernanceOnly`]: the owner changes what is not its to change.
		/// - [`Error::TempoOutOfBounds`], [`Error::MaxSeatsOutOfBounds`],
		///   [`Error::NeuronImmunityOutOfBounds`], [`Error::MaxSeatsBelowHeld`], and one for each
		///   bounded field of [`ConsensusParams`](dtao_primitives::ConsensusParams): a bound is not kept.
		///
		/// ## Events
		///
		/// [`Event::SubnetParamsSet`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::set_subnet_params())]
		pub fn set_subnet_params(
			origin: OriginFor<T>,
			netuid: NetUid,
			params: Hyperparams,
		) -> DispatchResult {
			match T::AdminOrigin::try_origin(origin) {
				Ok(_) => Self::do_force_subnet_params(netuid, params),
				Err(origin) => Self::do_set_subnet_params(&ensure_signed(origin)?, netuid, params),
			}
		}

		/// Set what a subnet says of itself. Nobody checks it but that it is text. Where all of it is
		/// empty, the subnet says nothing.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that owns the subnet.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		/// - `identity`: All that it says.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownSubnet`]: there is none, or it is root.
		/// - [`Error::NotSubnetOwner`]: another coldkey owns it.
		/// - [`Error::IdentityNotText`]: a text is not UTF-8.
		///
		/// ## Events
		///
		/// [`Event::SubnetIdentitySet`].
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::set_subnet_identity())]
		pub fn set_subnet_identity(
			origin: OriginFor<T>,
			netuid: NetUid,
			identity: SubnetIdentity,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_set_subnet_identity(&coldkey, netuid, identity)
		}

		/// Exchange the account of a hotkey for another. Its stake, its seats and all else that is
		/// keyed by its number are as they were.
		///
		/// The account that it was is no hotkey any more, and nobody but the hotkey's owner may make it
		/// one: who still stakes by the old name is refused, and not served by somebody else. For the
		/// row that says so the caller pays [`SubnetsParams::min_neuron_cost`], which is recycled.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that pays and owns the hotkey.
		///
		/// ## Parameters
		///
		/// - `hotkey`: The account that it is.
		/// - `new_hotkey`: The account that it will be. No hotkey yet; it may be one that a hotkey of
		///   the caller's had before.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownHotkey`]: nobody owns `hotkey`.
		/// - [`Error::NotHotkeyOwner`]: another coldkey owns it.
		/// - [`Error::HotkeyTaken`], [`Error::FormerHotkey`]: `new_hotkey` is a hotkey, or was another
		///   coldkey's.
		/// - [`Error::HotkeySwapTooSoon`]: [`SubnetsParams::hotkey_swap_interval`] blocks have not
		///   passed since the last time.
		/// - Whatever [`Config::Currency`] answers when the caller cannot pay and keep its existential
		///   deposit.
		///
		/// ## Events
		///
		/// [`Event::HotkeySwapped`].
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::swap_hotkey())]
		pub fn swap_hotkey(
			origin: OriginFor<T>,
			hotkey: T::AccountId,
			new_hotkey: T::AccountId,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_swap_hotkey(&coldkey, hotkey, new_hotkey)
		}

		/// Announce that the caller gives all that it has staked and owns to another coldkey,
		/// [`SubnetsParams::coldkey_swap_delay`] blocks later. Until then, nothing else changes.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that gives.
		///
		/// ## Parameters
		///
		/// - `new_coldkey`: The account that gets it. It may have stake and hotkeys of its own, to
		///   which those of the caller are added. It is not asked.
		///
		/// ## Errors
		///
		/// - [`Error::SameColdkey`]: `new_coldkey` is the caller.
		/// - [`Error::ColdkeySwapPending`]: a swap was announced already.
		///
		/// ## Events
		///
		/// [`Event::ColdkeySwapAnnounced`].
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::announce_coldkey_swap())]
		pub fn announce_coldkey_swap(
			origin: OriginFor<T>,
			new_coldkey: T::AccountId,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_announce_coldkey_swap(coldkey, new_coldkey)
		}

		/// Withdraw the announcement of a swap. What was moved before stays moved.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that announced it.
		///
		/// ## Errors
		///
		/// - [`Error::NothingAnnounced`]: there is nothing to withdraw.
		///
		/// ## Events
		///
		/// [`Event::ColdkeySwapCancelled`].
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::cancel_coldkey_swap())]
		pub fn cancel_coldkey_swap(origin: OriginFor<T>) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_cancel_coldkey_swap(coldkey)
		}

		/// Do what a coldkey announced: give its positions, then its hotkeys, then its subnets to
		/// the other. One call moves at most [`MAX_SWAP_ITEMS`] positions and hotkeys: call until
		/// the event says that it is complete. Free TAO stays: the coldkey transfers it itself.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by anyone.
		///
		/// ## Parameters
		///
		/// - `coldkey`: The coldkey that announced it.
		///
		/// ## Errors
		///
		/// - [`Error::NothingAnnounced`]: it announced nothing.
		/// - [`Error::ColdkeySwapTooSoon`]: it announced it for later.
		/// - Whatever [`Config::Market`] answers.
		///
		/// ## Events
		///
		/// [`Event::ColdkeySwapped`].
		#[pallet::call_index(12)]
		#[pallet::weight(Pallet::<T>::swap_weight(MAX_SWAP_ITEMS))]
		pub fn swap_coldkey(
			origin: OriginFor<T>,
			coldkey: T::AccountId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let moved = Self::do_swap_coldkey(coldkey, MAX_SWAP_ITEMS)?;
			let (hotkeys, positions, subnets) = (moved.hotkeys, moved.positions, moved.subnets);
			Ok(Some(T::WeightInfo::swap_coldkey(hotkeys, positions, subnets)).into())
		}
	}

	/// What clients may ask.
	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What `netuid` says of itself. None if it says nothing, or there is no such subnet.
		pub fn identity(netuid: NetUid) -> Option<SubnetIdentity> {
			Identities::<T>::get(netuid)
		}

		/// What registering a subnet locks now, in rao. None if the parameters are out of bounds.
		pub fn registration_cost() -> Option<Tao> {
			Self::lock_cost(&T::Params::get(), Self::now()).ok()
		}

		/// What registering a neuron in `netuid` recycles now, in rao. None if there is no such
		/// subnet, it is root, or the parameters are out of bounds.
		pub fn neuron_cost(netuid: NetUid) -> Option<Tao> {
			Subnets::<T>::contains_key(netuid)
				.then(|| Self::neuron_cost_at(netuid, &T::Params::get(), Self::now()).ok())
				.flatten()
		}
	}
}
