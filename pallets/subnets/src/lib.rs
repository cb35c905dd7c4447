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
mod costs;
mod dispatchable_impls;
mod genesis;
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
pub use types::{Lock, NeuronCost, OwnedHotkey, Seat, Subnet};
pub use weights::WeightInfo;

use sp_runtime::PerU16;

/// The most that any hotkey may ever take, whatever the parameters say: 18 %.
pub const MAX_TAKE: PerU16 = PerU16::from_percent(18);

/// The surface: nothing here computes.
#[allow(clippy::as_conversions, clippy::expect_used, reason = "FRAME's macros expand to both")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtao_primitives::{
		constants::{MAX_EPOCHS_PER_BLOCK, MIN_TEMPO},
		traits::OnSubnet,
		HotkeyId, NetUid, SubnetsParams, Tao, Uid,
	};
	use frame_support::{pallet_prelude::*, traits::fungible::Balanced};
	use frame_system::pallet_prelude::*;
	use sp_runtime::traits::BlockNumberProvider;

	/// The layout of this pallet's storage. A change of it comes with a migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	/// The registry.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime decides.
	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The clock that delays and costs count by. In production `frame_system`'s: the block
		/// being made. A clock that runs backwards breaks invariants 4 and 6.
		type BlockNumberProvider: BlockNumberProvider<BlockNumber = u32>;

		/// TAO: what neurons are registered with. In production `pallet_balances`. A credit of it
		/// that is dropped must lower the issuance.
		type Currency: Balanced<Self::AccountId, Balance = u64>;

		/// The market: told of every subnet that is created and started, and of every seat that is
		/// taken. In production `pallet_dtao`. It takes the lock from the payer, or answers with an
		/// error.
		type Market: OnSubnet<Self::AccountId>;

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
		/// [`MAX_SEATS`](dtao_primitives::constants::MAX_SEATS). A uid has to fit it.
		#[pallet::constant]
		type MaxSeats: Get<u32>;

		/// The weight of each call, measured on this runtime.
		type WeightInfo: WeightInfo;
	}

	/// Who owns a hotkey, and what it takes.
	///
	/// - Written by [`Pallet::register_subnet`] and [`Pallet::register_neuron`], for a hotkey that
	///   nobody owns yet, and by [`Pallet::set_take`].
	/// - Never removed.
	///
	/// Each row is paid for with the cost of a registration. Invariants 1 and 2 govern it.
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

	/// The number that the next hotkey gets. None is given twice: invariant 1.
	#[pallet::storage]
	pub type NextHotkeyId<T: Config> = StorageValue<_, HotkeyId, ValueQuery>;

	/// Every subnet but root, which always exists and has no row.
	///
	/// - Written by [`Pallet::register_subnet`] and [`Pallet::start_call`].
	/// - Never removed.
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
	/// Written by [`Pallet::register_subnet`]. Invariant 6 governs it.
	#[pallet::storage]
	pub type LastLock<T: Config> = StorageValue<_, Lock, OptionQuery>;

	/// The seats of a subnet, by uid.
	///
	/// Written by [`Pallet::register_neuron`]. Bounded by [`Config::MaxSubnets`] rows of
	/// [`Config::MaxSeats`]. Invariant 5 governs it.
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
	/// Written by [`Pallet::register_neuron`]. Bounded by [`Config::MaxSubnets`]. Invariant 6
	/// governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type NeuronCosts<T: Config> = StorageMap<_, Twox64Concat, NetUid, NeuronCost, OptionQuery>;

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
		/// There are [`Config::MaxSubnets`]. No other can be registered.
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
		/// All [`Config::MaxSeats`] seats are held. Register in another subnet.
		#[codec(index = 10)]
		SubnetFull,
		/// The cost has risen above the caller's bound. Retry with what
		/// [`Pallet::neuron_cost`] says, or wait until it has fallen.
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
			let epochs = MAX_EPOCHS_PER_BLOCK.saturating_mul(MIN_TEMPO);
			assert!(T::MaxSubnets::get() > 0, "one subnet can be registered");
			assert!(T::MaxSubnets::get() <= epochs, "every subnet's epoch fits the shortest");
			assert!(T::MaxSeats::get() > 0, "one neuron can be registered");
			assert!(T::MaxSeats::get() <= u32::from(u16::MAX), "every seat has a uid");
			assert_eq!(T::Params::get().validate(), Ok(()), "the first parameters are in bounds");
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
		/// It needs no bound: registrations are [`SubnetsParams::registration_interval`] blocks
		/// apart, so that one who was overtaken is refused, unless the transaction is valid for
		/// longer than that.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the coldkey that pays and will own the subnet.
		///
		/// ## Parameters
		///
		/// - `hotkey`: The account on which the owner's cut will be staked. The caller's, or
		///   nobody's: then it becomes the caller's. It gets no seat.
		///
		/// ## Errors
		///
		/// - [`Error::RegistrationTooSoon`]: another subnet was registered a moment ago.
		/// - [`Error::TooManySubnets`]: there are [`Config::MaxSubnets`].
		/// - [`Error::NotHotkeyOwner`]: another coldkey owns `hotkey`.
		/// - [`Error::InvalidParams`], [`Error::IdsExhausted`]: see there.
		/// - Whatever [`Config::Market`] answers when the caller cannot pay.
		///
		/// ## Events
		///
		/// [`Event::SubnetRegistered`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register_subnet())]
		pub fn register_subnet(origin: OriginFor<T>, hotkey: T::AccountId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_register_subnet(owner, hotkey)?;
			Ok(())
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
		/// - [`Error::NotHotkeyOwner`]: another coldkey owns `hotkey`.
		/// - [`Error::AlreadyRegistered`]: `hotkey` holds a seat there.
		/// - [`Error::SubnetFull`]: every seat is held.
		/// - [`Error::CostAboveMaximum`]: the cost exceeds `max_cost`.
		/// - [`Error::InvalidParams`], [`Error::IdsExhausted`]: see there.
		/// - Whatever [`Config::Currency`] answers when the caller cannot pay and keep its
		///   existential deposit.
		/// - Whatever [`Config::Market`] answers.
		///
		/// ## Events
		///
		/// [`Event::NeuronRegistered`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::register_neuron())]
		pub fn register_neuron(
			origin: OriginFor<T>,
			netuid: NetUid,
			hotkey: T::AccountId,
			#[pallet::compact] max_cost: Tao,
		) -> DispatchResult {
			let coldkey = ensure_signed(origin)?;
			Self::do_register_neuron(coldkey, netuid, hotkey, max_cost)?;
			Ok(())
		}

		/// Set what a hotkey takes of its nominators' rewards, from now on.
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
		///
		/// ## Events
		///
		/// [`Event::TakeSet`].
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
	}

	/// What clients may ask.
	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
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

	impl<T: Config> Pallet<T> {
		/// Whether `netuid` is a subnet. Root always is.
		pub fn exists(netuid: NetUid) -> bool {
			netuid.is_root() || Subnets::<T>::contains_key(netuid)
		}

		/// What is cold of `netuid`. None if there is no such subnet, or it is root.
		pub fn subnet(netuid: NetUid) -> Option<Subnet<T::AccountId>> {
			Subnets::<T>::get(netuid)
		}

		/// Every subnet but root, in order. Reads up to [`Config::MaxSubnets`] keys.
		pub fn netuids() -> Vec<NetUid> {
			let mut netuids: Vec<_> = Subnets::<T>::iter_keys().collect();
			netuids.sort_unstable();
			netuids
		}
	}
}
