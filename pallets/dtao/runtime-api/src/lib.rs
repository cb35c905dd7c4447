//! `DtaoApi`: what clients read of the market. The stable surface: storage is private and may
//! change, this only grows.
//!
//! Amounts are integers in base units (rao, atoms), prices `FixedU128` in TAO per ALPHA.

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(
	missing_docs,
	clippy::multiple_bound_locations,
	clippy::too_many_arguments,
	reason = "what `decl_runtime_apis!` generates has no docs, repeats its bounds, and adds arguments"
)]

extern crate alloc;

use alloc::vec::Vec;
use codec::Codec;
use dtao_primitives::{
	views::{
		AuditLine, ClaimView, EmissionBreakdown, HotkeyView, MetagraphView, MoveQuote,
		PositionView, RootView, StakeQuote, SubnetView, SupplyView,
	},
	Amount, Fill, NetUid, Tao,
};
use sp_runtime::{DispatchError, FixedU128};

sp_api::decl_runtime_apis! {
	/// The market of Dynamic TAO, for clients.
	///
	/// Version 2 shows names of subnets and their shares of the emission, returns of hotkeys, what of a
	/// position is not settled yet, by how much a trade moves a price, and what the consensus says of
	/// a seat.
	#[api_version(2)]
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

		/// What `Dtao.add_stake_limit` would do, as [`Self::quote_add_stake`] says.
		fn quote_add_stake_limit(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			tao: Tao,
			limit_price: FixedU128,
			fill: Fill,
		) -> Result<StakeQuote, DispatchError>;

		/// What `Dtao.remove_stake_limit` would do, as [`Self::quote_remove_stake`] says.
		fn quote_remove_stake_limit(
			coldkey: AccountId,
			netuid: NetUid,
			hotkey: AccountId,
			amount: Amount,
			limit_price: FixedU128,
			fill: Fill,
		) -> Result<StakeQuote, DispatchError>;

		/// What `Dtao.move_stake` would do for `coldkey` in the next block, or the error with which
		/// it would refuse. It runs the call's own code.
		fn quote_move_stake(
			coldkey: AccountId,
			from_netuid: NetUid,
			from_hotkey: AccountId,
			to_netuid: NetUid,
			to_hotkey: AccountId,
			amount: Amount,
		) -> Result<MoveQuote, DispatchError>;

		/// Where a subnet's emission goes, and what has accrued; none if it does not trade.
		fn emission_breakdown(netuid: NetUid) -> Option<EmissionBreakdown>;

		/// A subnet's seats; none if there is no such subnet.
		fn metagraph(netuid: NetUid) -> Option<MetagraphView<AccountId>>;

		/// Root: its total, and each hotkey's.
		fn root() -> RootView<AccountId>;

		/// A hotkey and its stakes; none if nobody owns it.
		fn hotkey(hotkey: AccountId) -> Option<HotkeyView<AccountId>>;

		/// What `Dtao.redeem` would pay for each position of a coldkey in a dissolved subnet.
		fn claimable(coldkey: AccountId) -> Vec<ClaimView<AccountId>>;

		/// What registering a subnet would lock now, in rao; none if nobody can register one.
		fn registration_cost() -> Option<Tao>;

		/// What registering a neuron would recycle now, in rao; none if there is no such subnet.
		fn neuron_cost(netuid: NetUid) -> Option<Tao>;

		/// TAO and where it is.
		fn supply() -> SupplyView;

		/// The two sides of each invariant of money.
		fn audit() -> Vec<AuditLine>;
	}
}
