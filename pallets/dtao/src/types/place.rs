//! How a caller names a position.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtao_primitives::{NetUid, Tao};
use scale_info::TypeInfo;

/// The most positions that one `remove_all_stake` names.
pub const MAX_EXITS: u32 = 32;

/// Where a stake is.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Place<AccountId> {
	/// The subnet, 0 for root.
	pub netuid: NetUid,
	/// On whom.
	pub hotkey: AccountId,
}

/// A position to remove whole, and on what condition.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Exit<AccountId> {
	/// The subnet, 0 for root.
	pub netuid: NetUid,
	/// On whom it is staked.
	pub hotkey: AccountId,
	/// The least TAO to accept for it, in rao, net of the fee. 0 accepts any price.
	#[codec(compact)]
	pub min_received: Tao,
}
