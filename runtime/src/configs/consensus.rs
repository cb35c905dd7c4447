//! Who makes blocks (Aura, in turns), which are final (GRANDPA), and how the set of those who do
//! changes (sessions).

use crate::{
	block_time::SlotDuration, AccountId, Aura, Balance, Balances, Historical, Offences, Runtime,
	RuntimeCall, RuntimeEvent, Session, SessionKeys, UncheckedExtrinsic, Validators,
};
use dtao_primitives::constants::UNIT;
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU64},
};
use frame_system::{
	offchain::{CreateBare, CreateTransactionBase},
	EnsureRoot,
};
use pallet_session::{
	disabling::UpToLimitDisablingStrategy,
	historical::{self, NoteHistoricalRoot},
	FindAccountFromAuthorIndex,
};
use pallet_validators::{EndedByValidators, Unidentified, DEFAULT_SESSION_BLOCKS};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};

/// The most validators. Each block's header and each round of GRANDPA grows with them.
const MAX_VALIDATORS: u32 = 64;

/// For how many sessions it can be proved who a key belonged to: a week, at an hour each. Whoever
/// breaks a rule is found out by the other nodes as soon as they see it, within seconds.
const HISTORY_DEPTH: u32 = 7 * 24;

/// Held for the keys of a validator, in rao. Returned when it takes them back.
const KEY_DEPOSIT: Balance = UNIT / 10;

parameter_types! {
	/// For how many blocks a report of an offence may wait: as long as it can be proved.
	pub const ReportLongevity: u64 = (HISTORY_DEPTH * DEFAULT_SESSION_BLOCKS) as u64;
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
	type DisabledValidators = Session;
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type SlotDuration = SlotDuration<Runtime>;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// The pallet's own formula: what is measured of it lacks the proof of a key's owner.
	type WeightInfo = ();
	type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
	type MaxNominators = ConstU32<0>;
	// At most one set a session.
	type MaxSetIdSessionEntries = ConstU64<{ HISTORY_DEPTH as u64 }>;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = FindAccountFromAuthorIndex<Self, Aura>;
	type EventHandler = ();
}

impl pallet_validators::Config for Runtime {
	type AdminOrigin = EnsureRoot<AccountId>;
	type MaxValidators = ConstU32<MAX_VALIDATORS>;
	type HistoryDepth = ConstU32<HISTORY_DEPTH>;
	type WeightInfo = crate::weights::pallet_validators::WeightInfo<Runtime>;
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	// Whoever wants to become a validator sets keys first.
	type ValidatorIdOf = ConvertInto;
	type ShouldEndSession = EndedByValidators<Self>;
	type NextSessionRotation = EndedByValidators<Self>;
	type SessionManager = NoteHistoricalRoot<Self, Validators>;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = UpToLimitDisablingStrategy;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type KeyDeposit = ConstU64<KEY_DEPOSIT>;
}

impl historical::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = Unidentified;
}

impl pallet_offences::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = historical::IdentificationTuple<Self>;
	type OnOffenceHandler = Validators;
}

// Reports of offences are sent by nodes, which sign nothing.
impl<Call> CreateTransactionBase<Call> for Runtime
where
	RuntimeCall: From<Call>,
{
	type Extrinsic = UncheckedExtrinsic;
	type RuntimeCall = RuntimeCall;
}

impl<Call> CreateBare<Call> for Runtime
where
	RuntimeCall: From<Call>,
{
	fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
		UncheckedExtrinsic::new_bare(call)
	}
}
