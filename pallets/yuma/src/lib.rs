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
pub mod benchmarking;
mod epoch;
mod genesis;
#[cfg(test)]
mod mock;
mod seats;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
mod weighing;
pub mod weights;

pub use genesis::GenesisWeights;
pub use pallet::*;
pub use types::{Commit, Commits, Neuron, SeatRow, MAX_OPEN_COMMITS, MAX_SALT};
pub use weights::WeightInfo;

use core::marker::PhantomData;
use dtao_math::yuma::{BondRows, WeightRows};
use dtao_primitives::constants::MAX_VALIDATORS;
use frame_support::traits::Get;

/// The most bytes that the weights of a subnet take: rows about every seat from as many seats as
/// may validate, and from each other one a row about itself.
pub struct MaxWeightBytes<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxWeightBytes<T> {
	fn get() -> u32 {
		let seats = T::MaxSeats::get();
		let others = seats.saturating_sub(MAX_VALIDATORS);
		WeightRows::max_bytes(MAX_VALIDATORS.min(seats), seats)
			.saturating_add(WeightRows::max_bytes(others, 1))
	}
}

/// The most bytes that the bonds of a subnet take: rows about every seat from as many seats as may
/// validate.
pub struct MaxBondBytes<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxBondBytes<T> {
	fn get() -> u32 {
		let seats = T::MaxSeats::get();
		BondRows::max_bytes(MAX_VALIDATORS.min(seats), seats)
	}
}

/// The surface: nothing here computes.
#[allow(clippy::as_conversions, clippy::expect_used, reason = "FRAME's macros expand to both")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use dtao_primitives::{
		traits::{MarketInspect, SubnetRegistry},
		NetUid, Uid,
	};
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use sp_core::H256;
	use sp_runtime::traits::BlockNumberProvider;

	/// The layout of this pallet's storage. A change of it comes with a migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	/// The uids that a call names.
	pub type UidsOf<T> = BoundedVec<Uid, <T as Config>::MaxSeats>;

	/// The weights that a call gives them, one each.
	pub type WeightsOf<T> = BoundedVec<u16, <T as Config>::MaxSeats>;

	/// What makes a commitment unlike any other: bytes that nobody can guess.
	pub type Salt = BoundedVec<u8, ConstU32<MAX_SALT>>;

	/// Packed weights of a subnet.
	pub type WeightBytes<T> = BoundedVec<u8, MaxWeightBytes<T>>;

	/// Packed bonds of a subnet.
	pub type BondBytes<T> = BoundedVec<u8, MaxBondBytes<T>>;

	/// The consensus.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime decides.
	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The clock that updates and limits count by. In production `frame_system`'s: the block
		/// being made. A clock that runs backwards breaks the invariants that name one.
		type BlockNumberProvider: BlockNumberProvider<BlockNumber = u32>;

		/// Who exists: asked for seats, owners and consensus parameters. In production
		/// `pallet_subnets`, which tells this pallet of every seat through
		/// [`OnSeat`](dtao_primitives::traits::OnSeat); else the consensus decides nothing
		/// ([`Error::InvalidSeat`]).
		type Registry: SubnetRegistry<Self::AccountId>;

		/// The market: asked which epoch is open, by which commitments are timed. In production
		/// `pallet_dtao`, which asks this pallet to decide when an epoch closes.
		type Market: MarketInspect;

		/// The most seats of a subnet. In production
		/// [`MAX_SEATS`](dtao_primitives::constants::MAX_SEATS), the most there may be, and that of
		/// the registry.
		#[pallet::constant]
		type MaxSeats: Get<u32>;

		/// The weight of each call and of an epoch, measured on this runtime.
		type WeightInfo: WeightInfo;

		/// Sets up subnets for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;
	}

	/// What the consensus knows of each seat of a subnet, by uid.
	///
	/// - Written when a seat is taken or replaced, when its holder sets weights, commits to or
	///   reveals some, and when an epoch closes.
	/// - Removed when the subnet is dissolved.
	///
	/// Bounded by rows of [`Config::MaxSeats`], one for each subnet with seats. Invariant 1 governs
	/// it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Neurons<T: Config> =
		StorageMap<_, Twox64Concat, NetUid, BoundedVec<Neuron, T::MaxSeats>, ValueQuery>;

	/// The weights of a subnet: a row for each seat that weighs others or itself, packed as
	/// [`WeightRows`] says. [`Pallet::weights`] unpacks them.
	///
	/// - Written by [`Pallet::set_weights`] and [`Pallet::reveal_weights`]; when a seat that has a
	///   row is replaced; when an epoch closes, which keeps the rows of those with a permit.
	/// - Removed when the subnet is dissolved.
	///
	/// One value of at most [`MaxWeightBytes`] for each subnet. Invariant 2 governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Weights<T: Config> = StorageMap<_, Twox64Concat, NetUid, WeightBytes<T>, ValueQuery>;

	/// The bonds of a subnet as its last epoch left them, packed as [`BondRows`] says.
	/// [`Pallet::bonds`] unpacks them.
	///
	/// Written when an epoch closes; removed when the subnet is dissolved. One value of at most
	/// [`MaxBondBytes`] for each subnet. Invariant 3 governs it.
	// Twox64Concat: a netuid is given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type Bonds<T: Config> = StorageMap<_, Twox64Concat, NetUid, BondBytes<T>, ValueQuery>;

	/// The commitments of a seat whose weights are not yet revealed, the oldest first.
	///
	/// - Written by [`Pallet::commit_weights`], which drops those that are past their epoch, and by
	///   [`Pallet::reveal_weights`], which drops the one that it reveals and those before it.
	/// - Removed by [`Pallet::set_weights`]; when the seat is replaced; and with the seats of a
	///   dissolved subnet, on idle.
	///
	/// At most [`MAX_OPEN_COMMITS`] for each seat. Invariant 4 governs it.
	// Twox64Concat: a netuid and a uid are given in sequence, never chosen by a caller.
	#[pallet::storage]
	pub type OpenCommits<T: Config> =
		StorageDoubleMap<_, Twox64Concat, NetUid, Twox64Concat, Uid, Commits, ValueQuery>;

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A hotkey set weights. They count from the epoch that closes next.
		#[codec(index = 0)]
		WeightsSet {
			/// The subnet.
			netuid: NetUid,
			/// Its seat.
			uid: Uid,
			/// The hotkey.
			hotkey: T::AccountId,
		},
		/// A hotkey committed to weights.
		#[codec(index = 1)]
		WeightsCommitted {
			/// The subnet.
			netuid: NetUid,
			/// Its seat.
			uid: Uid,
			/// The hotkey.
			hotkey: T::AccountId,
			/// The hash of what it will reveal.
			hash: H256,
			/// The epoch in which it has to be revealed: not before, and not after.
			epoch: u32,
		},
		/// A hotkey revealed the weights that it had committed to. They count from the epoch that
		/// closes next.
		#[codec(index = 2)]
		WeightsRevealed {
			/// The subnet.
			netuid: NetUid,
			/// Its seat.
			uid: Uid,
			/// The hotkey.
			hotkey: T::AccountId,
			/// The hash that it had committed to.
			hash: H256,
		},
	}

	/// What a call found, and the way out.
	#[pallet::error]
	pub enum Error<T> {
		/// No subnet has this number, or it is root, which has no weights.
		#[codec(index = 0)]
		UnknownSubnet,
		/// The signer holds no seat of this subnet. Sign with the hotkey of one, or register it
		/// with `register_neuron`.
		#[codec(index = 1)]
		NotRegistered,
		/// Commit-reveal is on in this subnet. Use [`Pallet::commit_weights`], and
		/// [`Pallet::reveal_weights`] later.
		#[codec(index = 2)]
		CommitRevealOn,
		/// Commit-reveal is off in this subnet. Use [`Pallet::set_weights`].
		#[codec(index = 3)]
		CommitRevealOff,
		/// Weights were set or committed to a moment ago. Retry
		/// [`weights_rate_limit`](dtao_primitives::ConsensusParams::weights_rate_limit) blocks
		/// after that ([`Neuron::set_at`]).
		#[codec(index = 4)]
		WeightsTooSoon,
		/// The subnet asks for a newer version than this one. Update the validator's software, and
		/// pass its version.
		#[codec(index = 5)]
		VersionKeyTooLow,
		/// There are not as many uids as weights. Give one weight for each uid.
		#[codec(index = 6)]
		LengthsDiffer,
		/// A uid is listed twice. List each once.
		#[codec(index = 7)]
		DuplicateUid,
		/// A uid is no seat of this subnet. [`Neurons`] has as many as there are.
		#[codec(index = 8)]
		UnknownUid,
		/// Without a permit a seat weighs nobody but itself. Permits go to those with the most
		/// stake when an epoch closes ([`Neuron::permit`]): get more stake, and wait for that.
		#[codec(index = 9)]
		NoPermit,
		/// Fewer seats are weighed than the subnet asks for
		/// ([`min_allowed_weights`](dtao_primitives::ConsensusParams::min_allowed_weights)); those
		/// of weight 0 do not count. Weigh more.
		#[codec(index = 10)]
		TooFewWeights,
		/// One seat is given more of the weight than the subnet allows
		/// ([`max_weight_limit`](dtao_primitives::ConsensusParams::max_weight_limit)). Spread it.
		#[codec(index = 11)]
		WeightAboveLimit,
		/// The subnet has not started, so there are no epochs yet. Commit after its start.
		#[codec(index = 12)]
		NotStarted,
		/// [`MAX_OPEN_COMMITS`] commitments wait for their reveal. Reveal one, or wait until the
		/// oldest is past its epoch.
		#[codec(index = 13)]
		TooManyCommits,
		/// The hotkey has committed to this hash already, and may still reveal it. Choose another
		/// salt.
		#[codec(index = 14)]
		AlreadyCommitted,
		/// Nothing that the hotkey has committed to has the hash of this. Repeat exactly what was
		/// hashed: account, subnet, uids, weights, salt and version. Weights that were revealed or
		/// set later have dropped it; so has a later commitment, where its epoch was past; and so
		/// has a swap of the hotkey.
		#[codec(index = 15)]
		UnknownCommit,
		/// The epoch in which this has to be revealed has not begun ([`Commit::epoch`]). Wait for
		/// it.
		#[codec(index = 16)]
		RevealTooEarly,
		/// The epoch in which this had to be revealed is over ([`Commit::epoch`]). Commit again;
		/// until then the weights before it count.
		#[codec(index = 17)]
		RevealTooLate,
		/// The registry and this pallet do not agree on the seats. A fault of the chain: report it.
		#[codec(index = 18)]
		InvalidSeat,
		/// What is stored of the subnet, or its parameters, cannot be decided upon. A fault of the
		/// chain: report it.
		#[codec(index = 19)]
		InvalidState,
	}

	/// Weights that are there from the first block on.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Who weighs whom.
		pub weights: Vec<GenesisWeights<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::build_genesis(self);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}

		fn integrity_test() {
			assert!(
				(1..=dtao_primitives::constants::MAX_SEATS).contains(&T::MaxSeats::get()),
				"MaxSeats is 1 to 256"
			);
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Weigh miners, where commit-reveal is off. The weights replace all that the caller has
		/// set there, and drop what it has committed to. They count from the epoch that closes
		/// next.
		///
		/// A weight counts as its part of the row's sum. The caller's own seat may be listed, but
		/// does not count unless the subnet's owner holds it.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the hotkey that holds a seat.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		/// - `uids`: Whom to weigh: seats of the subnet, each once, in any order.
		/// - `weights`: What each gets, 0 to 65 535. Who gets 0 is not weighed.
		/// - `version_key`: The version of the validator's software. At least the subnet's
		///   [`version_key`](dtao_primitives::ConsensusParams::version_key).
		///
		/// ## Errors
		///
		/// In the order in which they are looked for:
		///
		/// - [`Error::UnknownSubnet`], [`Error::NotRegistered`]: the caller has no seat there.
		/// - [`Error::CommitRevealOn`]: weights are committed to first.
		/// - [`Error::WeightsTooSoon`]: the rate limit.
		/// - [`Error::VersionKeyTooLow`]: the subnet asks for newer software.
		/// - [`Error::LengthsDiffer`], [`Error::DuplicateUid`], [`Error::UnknownUid`]: not a list of
		///   weights.
		/// - [`Error::NoPermit`]: the caller may weigh itself alone.
		/// - [`Error::TooFewWeights`], [`Error::WeightAboveLimit`]: not what the subnet allows.
		///
		/// ## Events
		///
		/// [`Event::WeightsSet`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::set_weights(length(weights)))]
		pub fn set_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			uids: UidsOf<T>,
			weights: WeightsOf<T>,
			version_key: u64,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::do_set_weights(hotkey, netuid, &uids, &weights, version_key)
		}

		/// Commit to weights that are revealed later, where commit-reveal is on: in the epoch that
		/// is [`reveal_period`](dtao_primitives::ConsensusParams::reveal_period) after the one that
		/// is open, and in no other. Nothing else changes until then.
		///
		/// No permit is needed: one may come before the reveal, which asks for it.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the hotkey that holds a seat.
		///
		/// ## Parameters
		///
		/// - `netuid`: The subnet.
		/// - `hash`: `blake2_256((who, netuid, uids, weights, salt, version_key).encode())`: of the
		///   caller's account and what it will pass to [`Pallet::reveal_weights`]. A salt that can
		///   be guessed lets others guess the weights.
		///
		/// ## Errors
		///
		/// - [`Error::UnknownSubnet`], [`Error::NotRegistered`]: the caller has no seat there.
		/// - [`Error::CommitRevealOff`]: weights are set at once.
		/// - [`Error::WeightsTooSoon`]: the rate limit.
		/// - [`Error::NotStarted`]: there are no epochs yet.
		/// - [`Error::AlreadyCommitted`], [`Error::TooManyCommits`]: what is open already.
		///
		/// ## Events
		///
		/// [`Event::WeightsCommitted`], with the epoch of the reveal.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::commit_weights())]
		pub fn commit_weights(origin: OriginFor<T>, netuid: NetUid, hash: H256) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::do_commit_weights(hotkey, netuid, hash)
		}

		/// Reveal weights that the caller has committed to, in the epoch that the commitment names.
		/// They replace all that it has set there, as if it had set them in the block of the
		/// commitment: whoever took a seat since is not weighed. They count from the epoch that
		/// closes next. Commitments before this one are dropped.
		///
		/// Also where commit-reveal has been switched off since. The rate limit counted when it was
		/// committed to, and does not here.
		///
		/// ## Dispatch Origin
		///
		/// Signed, by the hotkey that committed.
		///
		/// ## Parameters
		///
		/// As those of [`Pallet::set_weights`], and
		///
		/// - `salt`: the bytes that were hashed with them, at most [`MAX_SALT`].
		///
		/// ## Errors
		///
		/// In the order in which they are looked for:
		///
		/// - [`Error::UnknownSubnet`], [`Error::NotRegistered`]: the caller has no seat there.
		/// - [`Error::NotStarted`]: there are no epochs yet.
		/// - [`Error::UnknownCommit`]: it was not committed to.
		/// - [`Error::RevealTooEarly`], [`Error::RevealTooLate`]: not in this epoch.
		/// - [`Error::VersionKeyTooLow`] and those after it: as of [`Pallet::set_weights`], by what
		///   holds now.
		///
		/// ## Events
		///
		/// [`Event::WeightsRevealed`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::reveal_weights(length(weights)))]
		pub fn reveal_weights(
			origin: OriginFor<T>,
			netuid: NetUid,
			uids: UidsOf<T>,
			weights: WeightsOf<T>,
			salt: Salt,
			version_key: u64,
		) -> DispatchResult {
			let hotkey = ensure_signed(origin)?;
			Self::do_reveal_weights(hotkey, netuid, &uids, &weights, &salt, version_key)
		}
	}

	/// What clients may ask.
	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The weights of `netuid`, by the seat that gives them, with the block as of which they
		/// count. A weight counts as its part of its row's sum.
		pub fn weights(netuid: NetUid) -> Vec<SeatRow> {
			let bytes = Weights::<T>::get(netuid);
			WeightRows::decode(&bytes).map(types::unpack).unwrap_or_default()
		}

		/// The bonds of `netuid`, by the seat that holds them, with the block of the epoch that left
		/// them, in parts of [`ONE`](dtao_math::yuma::ONE).
		pub fn bonds(netuid: NetUid) -> Vec<SeatRow> {
			let bytes = Bonds::<T>::get(netuid);
			BondRows::decode(&bytes).map(types::unpack).unwrap_or_default()
		}
	}

	impl<T: Config> Pallet<T> {
		/// The block that is being made.
		pub(crate) fn now() -> u32 {
			T::BlockNumberProvider::current_block_number()
		}
	}

	/// How many weights a call has.
	fn length<S>(weights: &BoundedVec<u16, S>) -> u32 {
		u32::try_from(weights.len()).unwrap_or(u32::MAX)
	}
}
