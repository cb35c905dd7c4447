//! `DtaoApi`: what clients read of the market. The stable surface: storage is private and may
//! change, this only grows.
//!
//! Amounts are integers in base units (rao, atoms), prices `FixedU128` in TAO per ALPHA.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(
	missing_docs,
	clippy::multiple_bound_locations,
	reason = "what `decl_runtime_apis!` generates has no docs, and repeats its bounds"
)]

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use dtao_primitives::{
	views::{AuditLine, PositionView, StakeQuote, SubnetView, SupplyView},
	Amount, NetUid, Tao,
};
use sp_runtime::DispatchError;

sp_api::decl_runtime_apis! {
	/// The market of Dynamic TAO, for clients.
	#[api_version(1)]
	pub trait DtaoApi<AccountId: Codec> {
		/// All subnets, root first, in ascending order.
		fn subnets() -> Vec<SubnetView<AccountId>>;

		/// One subnet; none if there is no such.
		fn subnet(netuid: NetUid) -> Option<SubnetView<AccountId>>;

		/// All positions of a coldkey, rewards up to this block included.
		fn positions(coldkey: AccountId) -> Vec<PositionView<AccountId>>;

		/// What `Dtao.add_stake` would do for `coldkey` in the next block, or the error with which
		/// it would refuse. It runs the call's own code. The transaction fee, which is paid before
		/// a call runs, is not in it.
		fn quote_add_stake(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			tao: Tao,
		) -> Result<StakeQuote, DispatchError>;

		/// What `Dtao.remove_stake` would do for `coldkey` in the next block, or the error with
		/// which it would refuse. It runs the call's own code. The transaction fee, which is paid
		/// before a call runs, is not in it.
		fn quote_remove_stake(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			amount: Amount,
		) -> Result<StakeQuote, DispatchError>;

		/// TAO and where it is.
		fn supply() -> SupplyView;

		/// The two sides of each invariant of money.
		fn audit() -> Vec<AuditLine>;
	}
}
