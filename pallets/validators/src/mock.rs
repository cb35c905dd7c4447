//! The runtime under test: real sessions with dummy keys, and no consensus.

// FRAME asks that what a runtime is made of be public, in a module that is not.
#![allow(unreachable_pub)]

use crate as pallet_validators;
use crate::{EndedByValidators, Unidentified};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, OnInitialize, OneSessionHandler},
};
use frame_system::EnsureRoot;
use pallet_session::{disabling::UpToLimitDisablingStrategy, historical};
use sp_runtime::{
	impl_opaque_keys,
	testing::UintAuthorityId,
	traits::{ConvertInto, OpaqueKeys},
	BoundToRuntimeAppPublic, BuildStorage,
};

/// The most validators: few, so that a test reaches them.
pub(crate) const MAX_VALIDATORS: u32 = 4;

/// For how many sessions offences can be proved.
pub(crate) const HISTORY_DEPTH: u32 = 3;

/// How long a session is.
pub(crate) const SESSION: u64 = crate::MIN_SESSION_BLOCKS as u64;

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
	pub type Validators = pallet_validators;
	#[runtime::pallet_index(3)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(4)]
	pub type Historical = pallet_session::historical;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = frame_system::mocking::MockBlock<Self>;
	type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
}

impl_opaque_keys! {
	pub struct Keys {
		pub dummy: Consensus,
	}
}

parameter_types! {
	/// Who makes blocks, as consensus was told.
	pub static Authorities: Vec<u64> = Vec::new();
	/// How often consensus was told of a change.
	pub static Changes: u32 = 0;
}

/// Notes what it is told.
pub struct Consensus;

impl BoundToRuntimeAppPublic for Consensus {
	type Public = UintAuthorityId;
}

impl OneSessionHandler<u64> for Consensus {
	type Key = UintAuthorityId;

	fn on_genesis_session<'a, I: Iterator<Item = (&'a u64, UintAuthorityId)> + 'a>(all: I) {
		Authorities::set(all.map(|(who, _)| *who).collect());
	}

	fn on_new_session<'a, I: Iterator<Item = (&'a u64, UintAuthorityId)> + 'a>(
		changed: bool,
		all: I,
		_: I,
	) {
		if changed {
			Authorities::set(all.map(|(who, _)| *who).collect());
			Changes::mutate(|count| *count += 1);
		}
	}

	fn on_disabled(_: u32) {}
}

impl pallet_session::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = u64;
	type ValidatorIdOf = ConvertInto;
	type ShouldEndSession = EndedByValidators<Self>;
	type NextSessionRotation = EndedByValidators<Self>;
	type SessionManager = historical::NoteHistoricalRoot<Self, Validators>;
	type SessionHandler = <Keys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = Keys;
	type DisablingStrategy = UpToLimitDisablingStrategy;
	type WeightInfo = ();
	type Currency = Balances;
	type KeyDeposit = ConstU64<1>;
}

impl historical::Config for Test {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = Unidentified;
}

impl pallet_validators::Config for Test {
	type AdminOrigin = EnsureRoot<u64>;
	type MaxValidators = ConstU32<MAX_VALIDATORS>;
	type HistoryDepth = ConstU32<HISTORY_DEPTH>;
	type WeightInfo = ();
}

/// The keys of `who`.
pub(crate) fn keys(who: u64) -> Keys {
	Keys { dummy: UintAuthorityId(who) }
}

/// A chain whose validators are `validators`.
pub(crate) fn new_chain(validators: &[u64]) -> sp_io::TestExternalities {
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: (1..=9).map(|who| (who, 100)).collect(),
			..Default::default()
		},
		validators: pallet_validators::GenesisConfig {
			validators: validators.to_vec(),
			session_blocks: crate::MIN_SESSION_BLOCKS,
		},
		session: pallet_session::GenesisConfig {
			keys: validators.iter().map(|who| (*who, *who, keys(*who))).collect(),
			..Default::default()
		},
		..Default::default()
	};
	let mut state: sp_io::TestExternalities =
		genesis.build_storage().expect("genesis builds").into();
	state.execute_with(|| System::set_block_number(1));
	state
}

/// Run `test` on a chain of `validators`, and check every invariant after it.
pub(crate) fn on_chain(validators: &[u64], test: impl FnOnce()) {
	Changes::set(0);
	new_chain(validators).execute_with(|| {
		test();
		Validators::do_try_state().expect("every invariant holds");
	});
}

/// Blocks until the session has ended `count` times.
pub(crate) fn sessions(count: u64) {
	let last = (System::block_number() / SESSION + count) * SESSION;
	while System::block_number() < last {
		let now = System::block_number() + 1;
		System::reset_events();
		System::set_block_number(now);
		AllPalletsWithSystem::on_initialize(now);
		Validators::do_try_state().expect("every invariant holds");
	}
}
