//! Records: plain data that knows nothing of `Config`.

use codec::{Decode, Encode, MaxEncodedLen};
use dtao_primitives::{HotkeyId, Hyperparams, Tao};
use scale_info::TypeInfo;
use sp_runtime::PerU16;

/// A hotkey that somebody owns.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OwnedHotkey<AccountId> {
	/// The account it signs with.
	pub account: AccountId,
	/// The coldkey that owns it.
	pub owner: AccountId,
	/// Its part of its nominators' rewards, until a raise takes effect: see [`Self::take_at`].
	pub take: PerU16,
	/// The announced raise of the take. It may be in effect by now.
	pub raise: Option<TakeRaise>,
	/// The block in which a raise was last announced, withdrawn or not.
	pub raised_at: Option<u32>,
	/// The block in which its account was last exchanged.
	pub swapped_at: Option<u32>,
	/// Seats it holds, those of dissolved subnets that are not yet cleaned up included.
	pub seats: u32,
	/// Subnets whose owner's cut is staked on it.
	pub cuts: u32,
}

impl<AccountId> OwnedHotkey<AccountId> {
	/// One that has neither seat nor announcement.
	pub const fn new(account: AccountId, owner: AccountId, take: PerU16) -> Self {
		Self {
			account,
			owner,
			take,
			raise: None,
			raised_at: None,
			swapped_at: None,
			seats: 0,
			cuts: 0,
		}
	}

	/// Its part of its nominators' rewards in block `now`.
	pub fn take_at(&self, now: u32) -> PerU16 {
		self.raise.filter(|raise| now >= raise.from).map_or(self.take, |raise| raise.take)
	}

	/// Take `take` from now on. An announced raise is withdrawn.
	pub fn set_take(&mut self, take: PerU16) {
		self.take = take;
		self.raise = None;
	}

	/// Announce that `take` is taken from `delay` blocks after `now` on. Returns that block.
	pub fn announce_raise(&mut self, take: PerU16, delay: u32, now: u32) -> u32 {
		let from = now.saturating_add(delay);
		self.set_take(self.take_at(now));
		self.raise = Some(TakeRaise { take, from });
		self.raised_at = Some(now);
		from
	}
}

/// An owner that a hotkey announced it chooses.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Rebinding<AccountId> {
	/// The coldkey.
	pub to: AccountId,
	/// The first block in which it may.
	pub from: u32,
}

impl<AccountId: PartialEq> Rebinding<AccountId> {
	/// Whether it is for `owner`, and has not lapsed by block `now`: which it does as many blocks after
	/// `from` as it was announced before, `delay`.
	pub fn is_for(&self, owner: &AccountId, delay: u32, now: u32) -> bool {
		self.to == *owner && now < self.from.saturating_add(delay.max(1))
	}
}

/// A higher take that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct TakeRaise {
	/// The take.
	pub take: PerU16,
	/// The first block in which it is taken.
	pub from: u32,
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
	/// What its owner sets.
	pub hyperparams: Hyperparams,
	/// The block in which its owner last set them; none if never.
	pub hyperparams_set_at: Option<u32>,
	/// The first block in which its owner may dissolve it; none if that was not announced.
	pub dissolve_from: Option<u32>,
}

impl<AccountId> Subnet<AccountId> {
	/// One that was registered in block `now`, and did not start.
	pub const fn new(
		owner: AccountId,
		hotkey: HotkeyId,
		hyperparams: Hyperparams,
		now: u32,
	) -> Self {
		Self {
			owner,
			hotkey,
			registered_at: now,
			started_at: None,
			hyperparams,
			hyperparams_set_at: None,
			dissolve_from: None,
		}
	}
}

/// The announced exchange of a coldkey for another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ColdkeySwap<AccountId> {
	/// The account that gets all that the coldkey has staked and owns.
	pub to: AccountId,
	/// The first block in which it does.
	pub at: u32,
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

/// Whether at least `blocks` blocks lie between `since` and `now`.
pub(crate) const fn waited(blocks: u32, since: u32, now: u32) -> bool {
	now.saturating_sub(since) >= blocks
}

/// Whether at least `blocks` blocks lie between `since` and `now`, or it never happened.
pub(crate) fn waited_if_ever(blocks: u32, since: Option<u32>, now: u32) -> bool {
	since.is_none_or(|since| waited(blocks, since, now))
}
