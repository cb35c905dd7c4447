//! What a validator's stake earned, and what a reward is for.

#![allow(clippy::as_conversions, reason = "what the codec's derive makes of an enum")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtao_primitives::Alpha;
use scale_info::TypeInfo;

/// What the stake of a hotkey was credited with of its subnet's validators' bucket.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Dividend {
	/// All of it, in atoms.
	pub alpha: Alpha,
	/// The part of it deposited for the hotkey's owner, in atoms.
	pub take: Alpha,
}

/// Why a reward was deposited as stake.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum RewardSource {
	/// A validator's take of its stakers' rewards; all of a subnet's if it has no staker.
	#[codec(index = 0)]
	Take,
	/// A miner's incentive.
	#[codec(index = 1)]
	Incentive,
	/// The subnet owner's cut.
	#[codec(index = 2)]
	OwnerCut,
	/// Root's dividends that dripped into a pool without stakers.
	#[codec(index = 3)]
	Drip,
}
