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
#[cfg(test)]
mod mock;
mod offences;
mod sessions;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
pub mod weights;

pub use pallet::*;
pub use sessions::{EndedByValidators, Unidentified};
pub use weights::WeightInfo;

/// The shortest session, in blocks: a set takes effect only once it is final, and two changes must
/// not be under way at once.
pub const MIN_SESSION_BLOCKS: u32 = 10;

/// The longest session, in blocks: a day at twelve seconds.
pub const MAX_SESSION_BLOCKS: u32 = 7_200;

/// The session of a chain whose genesis names none, in blocks: an hour at twelve seconds.
pub const DEFAULT_SESSION_BLOCKS: u32 = 300;

/// The surface: nothing here computes.
#[allow(clippy::as_conversions, clippy::expect_used, reason = "FRAME's macros expand to both")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, traits::EnsureOrigin};
	use frame_system::pallet_prelude::*;
	use sp_runtime::Perbill;

	/// The layout of this pallet's storage. A change of it comes with a migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	/// The validators.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime decides.
	#[pallet::config]
	pub trait Config:
		frame_system::Config
		+ pallet_session::Config<ValidatorId = <Self as frame_system::Config>::AccountId>
		+ pallet_session::historical::Config<FullIdentification = ()>
	{
		/// Governance: it adds and removes validators. In production root.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The most validators. In production as many as Aura and GRANDPA take: with more, they
		/// would leave some out.
		#[pallet::constant]
		type MaxValidators: Get<u32>;

		/// For how many sessions an offence can be proved. In production a week of them.
		#[pallet::constant]
		type HistoryDepth: Get<u32>;

		/// The weight of each call and hook, measured on this runtime.
		type WeightInfo: WeightInfo;
	}

	/// Who shall make blocks, in the order in which governance added them.
	///
	/// - Written by genesis, [`Pallet::add_validator`] and [`Pallet::remove_validator`].
	/// - Bounded by [`Config::MaxValidators`].
	///
	/// What the running session uses is `pallet_session`'s list; this one is read when a session is
	/// planned. Invariants 1 and 2 govern it.
	#[pallet::storage]
	pub type Validators<T: Config> =
		StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

	/// How long a session is, in blocks.
	///
	/// Written by genesis, never changed, [`MIN_SESSION_BLOCKS`] to [`MAX_SESSION_BLOCKS`]. A chain
	/// whose genesis did not know sessions has the default.
	#[pallet::storage]
	pub type SessionBlocks<T: Config> = StorageValue<_, u32, ValueQuery, DefaultSessionBlocks>;

	/// [`DEFAULT_SESSION_BLOCKS`].
	pub type DefaultSessionBlocks = ConstU32<DEFAULT_SESSION_BLOCKS>;

	/// The validators of a new chain. Their keys are in the genesis of `pallet_session`.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Who makes blocks, at most [`Config::MaxValidators`], each once.
		pub validators: Vec<T::AccountId>,
		/// How long a session is, in blocks: [`MIN_SESSION_BLOCKS`] to [`MAX_SESSION_BLOCKS`].
		pub session_blocks: u32,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self { validators: Vec::new(), session_blocks: DEFAULT_SESSION_BLOCKS }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			assert!(
				(MIN_SESSION_BLOCKS..=MAX_SESSION_BLOCKS).contains(&self.session_blocks),
				"a session has {MIN_SESSION_BLOCKS} to {MAX_SESSION_BLOCKS} blocks",
			);
			SessionBlocks::<T>::put(self.session_blocks);
			for who in &self.validators {
				assert!(
					Validators::<T>::try_mutate(|all| {
						if all.contains(who) {
							return Err(());
						}
						all.try_push(who.clone()).map_err(|_| ())
					})
					.is_ok(),
					"genesis names each validator once, and at most `MaxValidators`",
				);
			}
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Governance added a validator. It makes blocks from the session after next.
		#[codec(index = 0)]
		ValidatorAdded {
			/// The validator.
			who: T::AccountId,
		},
		/// Governance removed a validator. It makes blocks until the session after next.
		#[codec(index = 1)]
		ValidatorRemoved {
			/// Who was one.
			who: T::AccountId,
		},
		/// A session was due to end and no validator is ready: it goes on.
		#[codec(index = 2)]
		SessionProlonged,
		/// A validator is proved to have broken a rule of consensus. Unless a third are already, it
		/// is disabled until the set changes.
		#[codec(index = 3)]
		OffenceProved {
			/// The validator.
			who: T::AccountId,
			/// How grave it is; grows with the part of the session's validators that did it.
			severity: Perbill,
		},
	}

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// The account is a validator. Nothing to do.
		#[codec(index = 0)]
		AlreadyValidator,
		/// The account is no validator. Read the list and name one of it.
		#[codec(index = 1)]
		UnknownValidator,
		/// There are as many validators as there may be. Remove one first.
		#[codec(index = 2)]
		TooManyValidators,
		/// The account has no keys. Let it call `session.set_keys` first.
		#[codec(index = 3)]
		NoKeys,
		/// No other validator has keys: without this one nobody would make blocks. Add another
		/// first.
		#[codec(index = 4)]
		LastValidator,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(now: BlockNumberFor<T>) -> Weight {
			Self::end_session_if_due(now)
		}

		fn integrity_test() {
			assert!(T::MaxValidators::get() > 0, "no validator could be added");
			assert!(
				(MIN_SESSION_BLOCKS..=MAX_SESSION_BLOCKS).contains(&DEFAULT_SESSION_BLOCKS),
				"the default session is out of bounds",
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	/// The calls. Their indices are for ever.
	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Let `who` make blocks and vote on finality, from the session after next. For governance.
		///
		/// - `who`: an account that has called `session.set_keys`.
		///
		/// # Errors
		///
		/// - [`Error::AlreadyValidator`]: it is one.
		/// - [`Error::NoKeys`]: it has set no keys.
		/// - [`Error::TooManyValidators`]: there are [`Config::MaxValidators`].
		#[pallet::call_index(0)]
		#[pallet::weight(<T as Config>::WeightInfo::add_validator())]
		pub fn add_validator(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_add_validator(who)
		}

		/// Let `who` make no more blocks, from the session after next. For governance.
		///
		/// - `who`: a validator. Its keys and its deposit stay until it calls
		///   `session.purge_keys`.
		///
		/// # Errors
		///
		/// - [`Error::UnknownValidator`]: it is none.
		/// - [`Error::LastValidator`]: no other validator has keys.
		#[pallet::call_index(1)]
		#[pallet::weight(<T as Config>::WeightInfo::remove_validator(T::MaxValidators::get()))]
		pub fn remove_validator(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_remove_validator(&who)
		}
	}
}
