//! Replays `tests/vectors/*.json`, which the reference model (`tests/model`) has written, over a
//! chain: each call is accepted or refused as the model says, and the state is the model's, to the
//! atom. `tests/model/README.md` says what a vector holds.
//!
//! A chain is any runtime with the market and the registry ([`Composed`]), and the little that a
//! vector cannot ask of those pallets themselves ([`Chain`]), for which [`yuma`] and [`switch`] have
//! what a chain with the consensus needs. The runtime's tests replay over the real one; the tests of
//! this crate over the three pallets and balances alone.

mod calls;
mod genesis;
mod json;
mod replay;
mod state;
pub mod switch;
pub mod yuma;

pub use genesis::Genesis;
pub use json::{account, changed, int, text, unsigned};
pub use replay::agrees;
pub use state::Differences;

use dtao_primitives::{MarketParams, SubnetsParams};
use serde_json::Value;
use sp_io::TestExternalities;
use sp_runtime::{AccountId32, DispatchResult};

/// A runtime of the market, the registry and balances.
pub trait Composed:
	frame_system::Config<
		AccountId = AccountId32,
		RuntimeCall: From<pallet_dtao::Call<Self>> + From<pallet_subnets::Call<Self>>,
	> + pallet_balances::Config<(), Balance = u64>
	+ pallet_dtao::Config
	+ pallet_subnets::Config
{
}

impl<T> Composed for T where
	T: frame_system::Config<
			AccountId = AccountId32,
			RuntimeCall: From<pallet_dtao::Call<T>> + From<pallet_subnets::Call<T>>,
		> + pallet_balances::Config<(), Balance = u64>
		+ pallet_dtao::Config
		+ pallet_subnets::Config
{
}

/// Who decides the parts of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consensus {
	/// By stake alone: what a vector means that does not say.
	Stake,
	/// By the weights that validators set.
	Yuma,
}

/// What a vector is replayed over.
pub trait Chain {
	/// What it is made of.
	type Runtime: Composed;

	/// The state that a vector begins with, in block 0.
	fn build(genesis: Genesis<Self::Runtime>) -> TestExternalities;

	/// Have `consensus` decide from now on, genesis included. Returns whether this chain can: a
	/// vector of a consensus that it does not have is left out.
	fn use_consensus(consensus: Consensus) -> bool;

	/// Make the next block: its number, and what its pallets do before any call.
	fn next_block();

	/// Governance sets the market's parameters.
	///
	/// # Errors
	///
	/// The bound that they break.
	fn set_market(params: MarketParams) -> DispatchResult;

	/// Governance sets the registry's parameters.
	///
	/// # Errors
	///
	/// The bound that they break.
	fn set_registry(params: SubnetsParams) -> DispatchResult;

	/// Check every invariant of the pallets.
	///
	/// # Panics
	///
	/// If one does not hold.
	fn check_invariants();

	/// Make the call `name` of a pallet that [`Composed`] does not name. None if there is no such.
	fn call(_name: &str, _who: &AccountId32, _args: &Value) -> Option<DispatchResult> {
		None
	}

	/// Compare what a vector says of the state of such pallets.
	fn compare(_said: &Value, _differences: &mut Differences) {}
}
