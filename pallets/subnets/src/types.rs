//! Records: plain data that knows nothing of `Config`.

use codec::{Decode, Encode, MaxEncodedLen};
use dtao_primitives::{HotkeyId, Tao};
use scale_info::TypeInfo;
use sp_runtime::PerU16;

/// A hotkey that somebody owns.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OwnedHotkey<AccountId> {
	/// The account it signs with.
	pub account: AccountId,
	/// The coldkey that owns it.
	pub owner: AccountId,
	/// Its part of its nominators' rewards.
	pub take: PerU16,
}

/// What is cold of a subnet: what no block changes. Its pool is the market's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Subnet<AccountId> {
	/// The coldkey that registered it, and starts it.
	pub owner: AccountId,
	/// The hotkey on which the owner's cut is staked.
	pub hotkey: HotkeyId,
	/// The block of its registration.
	pub registered_at: u32,
	/// The block of its start; none while it neither trades nor emits.
	pub started_at: Option<u32>,
	/// Blocks in an epoch.
	pub tempo: u32,
}

/// A seat of a subnet. Its uid is its place in the list of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Seat {
	/// The hotkey that holds it.
	pub hotkey: HotkeyId,
	/// The block since which it does.
	pub registered_at: u32,
}

/// The last registration of a subnet: what the cost of the next follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Lock {
	/// What was paid, in rao.
	pub paid: Tao,
	/// The block in which.
	pub at: u32,
}

/// The last registration of a neuron in a subnet: what the cost of the next follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct NeuronCost {
	/// What a neuron cost right after it, in rao: what was paid, and the rise.
	pub cost: Tao,
	/// The block in which. The cost halves from here on.
	pub at: u32,
}
