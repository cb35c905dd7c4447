//! The Dynamic TAO runtime.
//!
//! It composes and decides nothing: the market is `pallet-dtao`'s, the registry `pallet-subnets`',
//! the consensus `pallet-yuma`'s, all else FRAME's own. What is here is which pallet has which index, what each is configured
//! with ([`configs`]), what clients may ask ([`apis`]), and what a new chain starts with
//! ([`genesis_config_presets`]).
//!
//! Indices of pallets are explicit and are never given to another pallet.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// Each module denies it again.
#![allow(clippy::use_self, reason = "`Runtime` says which runtime, where `Self` would say nothing")]
#![allow(missing_docs, reason = "the runtime's macro documents nothing that it makes here")]

#[cfg(feature = "wasm-builder")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod block_time;
pub mod configs;
pub mod genesis_config_presets;
pub mod migrations;
pub mod parameters;
#[cfg(all(test, feature = "try-runtime"))]
mod tests;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
	generic,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// How a user proves that a transaction is theirs.
pub type Signature = MultiSignature;

/// The account of whoever can sign with a key.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;

/// An amount of TAO, in rao.
pub type Balance = u64;

/// How many transactions an account has sent.
pub type Nonce = u32;

/// A block's height.
pub type BlockNumber = u32;

/// What hashes blocks and the state.
pub type Hash = <BlakeTwo256 as sp_runtime::traits::Hash>::Output;

/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;

/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;

/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// What a transaction proves and pays beside its call, in the order that deployed clients
/// hard-code. An extension of our own is zero-sized and stands before `CheckMetadataHash`.
pub type TxExtension = (
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckMortality<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
	frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	frame_system::WeightReclaim<Runtime>,
);

/// A transaction as it arrives.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// What a transaction's signature covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Runs blocks: hands each call to its pallet, and each hook its turn.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

/// The types that the node knows without knowing the runtime: blocks whose extrinsics are bytes.
pub mod opaque {
	use sp_runtime::{generic, traits::BlakeTwo256};

	pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

	/// A block's header.
	pub type Header = generic::Header<super::BlockNumber, BlakeTwo256>;

	/// A block.
	pub type Block = generic::Block<Header, UncheckedExtrinsic>;
}

sp_runtime::impl_opaque_keys! {
	/// The keys of an authority.
	pub struct SessionKeys {
		/// Signs blocks.
		pub aura: Aura,
		/// Votes on finality.
		pub grandpa: Grandpa,
	}
}

/// Which runtime this is. `spec_version` rises with every change of the state transition, and
/// `transaction_version` when a call's encoding changes.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("dtao"),
	impl_name: Cow::Borrowed("dtao"),
	authoring_version: 1,
	spec_version: 101,
	impl_version: 1,
	apis: apis::RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

// The order of declaration, not of indices: genesis is built in it.
#[frame_support::runtime(legacy_ordering)]
mod runtime {
	/// The runtime.
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
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	/// Blocks, accounts, events.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;

	/// What time a block was made.
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;

	/// Milliseconds between blocks.
	#[runtime::pallet_index(2)]
	pub type BlockTime = crate::block_time;

	/// Who makes the next block.
	#[runtime::pallet_index(3)]
	pub type Aura = pallet_aura;

	/// Which blocks are final.
	#[runtime::pallet_index(4)]
	pub type Grandpa = pallet_grandpa;

	/// TAO.
	#[runtime::pallet_index(5)]
	pub type Balances = pallet_balances;

	/// What a transaction costs.
	#[runtime::pallet_index(6)]
	pub type TransactionPayment = pallet_transaction_payment;

	/// Who made this block.
	#[runtime::pallet_index(7)]
	pub type Authorship = pallet_authorship;

	/// Governance, until there is another.
	#[runtime::pallet_index(8)]
	pub type Sudo = pallet_sudo;

	/// Several calls in one transaction.
	#[runtime::pallet_index(9)]
	pub type Utility = pallet_utility;

	/// Calls on behalf of another account.
	#[runtime::pallet_index(10)]
	pub type Proxy = pallet_proxy;

	/// What governance sets.
	#[runtime::pallet_index(11)]
	pub type Parameters = pallet_parameters;

	/// Migrations that take more than one block.
	#[runtime::pallet_index(12)]
	pub type Migrations = pallet_migrations;

	/// What governance's parameters are at genesis.
	#[runtime::pallet_index(13)]
	pub type InitialParameters = crate::parameters::initial;

	/// Who shall make blocks. Its genesis comes before that of the sessions, which ask it.
	#[runtime::pallet_index(14)]
	pub type Validators = pallet_validators;

	/// Whose keys make the blocks of this session and of the next.
	#[runtime::pallet_index(15)]
	pub type Session = pallet_session;

	/// Whose keys made those of past sessions.
	#[runtime::pallet_index(16)]
	pub type Historical = pallet_session::historical;

	/// What rules of consensus were broken.
	#[runtime::pallet_index(17)]
	pub type Offences = pallet_offences;

	/// Stops all that does not repair the chain.
	#[runtime::pallet_index(18)]
	pub type SafeMode = pallet_safe_mode;

	/// Stops single calls.
	#[runtime::pallet_index(19)]
	pub type TxPause = pallet_tx_pause;

	/// Who exists: subnets, hotkeys, neurons. Its genesis comes before the others', which it tells of
	/// each subnet and seat.
	#[runtime::pallet_index(20)]
	pub type Subnets = pallet_subnets;

	/// The consensus: weights, bonds, permits. Its genesis comes before the market's, which asks it
	/// what the first epochs earn.
	#[runtime::pallet_index(22)]
	pub type Yuma = pallet_yuma;

	/// The market: pools, stake, emission, rewards.
	#[runtime::pallet_index(21)]
	pub type Dtao = pallet_dtao;
}
