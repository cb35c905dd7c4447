//! Stake pools: what a hotkey's stakers hold together, and each one's shares of it.

use super::{sound, Drip, Market, MarketError};
use codec::{Decode, Encode, MaxEncodedLen};
use dtao_math::{reward, share_pool};
use dtao_primitives::{Alpha, Amount, HotkeyId, Tao};
use scale_info::TypeInfo;
use sp_runtime::{FixedPointNumber, FixedU128, PerU16};

/// A pool of stake and the shares that divide it. Rewards raise `amount`, and so every share's
/// worth: nobody has to be visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StakePool {
	/// What is staked, in atoms (rao on root).
	pub amount: u64,
	/// The sum of its positions' shares.
	pub shares: u128,
	/// Σ `amount` × blocks up to block `since`: the mean stake of any span is a difference of two
	/// of these over its length.
	pub stake_blocks: u128,
	/// The block up to which `stake_blocks` counts.
	pub since: u32,
	/// Of `shares`, those that the close of an epoch gave the hotkey's owner and that are not in its
	/// position yet. Whoever touches the pool next puts them there.
	pub owed: u128,
	/// Whether the owner is known to have a position, so that shares can be owed to it.
	pub owner_holds: bool,
}

impl StakePool {
	/// Whether nothing is in it: no stake, no dust, no share.
	pub const fn is_vacant(&self) -> bool {
		self.amount == 0 && self.shares == 0
	}

	/// `stake_blocks` as it stands at block `now`.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never: a chain of 2³² blocks stays below 2⁹⁶.
	pub fn stake_blocks_at(&self, now: u32) -> Result<u128, MarketError> {
		let blocks = u128::from(now.saturating_sub(self.since));
		let added = sound(u128::from(self.amount).checked_mul(blocks))?;
		sound(self.stake_blocks.checked_add(added))
	}

	/// Count the stake up to block `now`. Before every change of `amount`.
	///
	/// # Errors
	///
	/// As [`Self::stake_blocks_at`].
	pub fn count_to(&mut self, now: u32) -> Result<(), MarketError> {
		self.stake_blocks = self.stake_blocks_at(now)?;
		self.since = self.since.max(now);
		Ok(())
	}

	/// What `shares` are worth, floored.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if there are not that many shares.
	pub fn value(&self, shares: u128) -> Result<u64, MarketError> {
		Ok(share_pool::value(shares, self.amount, self.shares)?)
	}

	/// What an atom that was staked at first is worth now: (A + 1)·V/(S + V), floored to 18 decimals.
	/// Rewards raise it, deposits and withdrawals leave it but for their floors. None for no pool that
	/// a chain could hold.
	pub fn growth(&self) -> Option<FixedU128> {
		let amount =
			u128::from(self.amount).checked_add(1)?.checked_mul(share_pool::VIRTUAL_SHARES)?;
		let shares = self.shares.checked_add(share_pool::VIRTUAL_SHARES)?;
		FixedU128::checked_from_rational(amount, shares)
	}

	/// Add `amount`; returns the shares it is given, rounded up: they read back exactly `amount`.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] past `u64::MAX`.
	pub fn deposit(&mut self, amount: u64) -> Result<u128, MarketError> {
		let shares = share_pool::shares_for_deposit(amount, self.amount, self.shares)?;
		self.amount = sound(self.amount.checked_add(amount))?;
		self.shares = sound(self.shares.checked_add(shares))?;
		Ok(shares)
	}

	/// As [`Self::deposit`], for the hotkey's owner, who has a position: its shares are owed.
	///
	/// # Errors
	///
	/// As [`Self::deposit`].
	pub fn deposit_owed(&mut self, amount: u64) -> Result<(), MarketError> {
		let shares = self.deposit(amount)?;
		self.owed = sound(self.owed.checked_add(shares))?;
		Ok(())
	}

	/// Take the shares that are owed, to be put into the owner's position; and no longer know whether
	/// it has one, since it may be about to close it.
	#[must_use = "they are nobody's until they are in a position"]
	pub fn take_owed(&mut self) -> u128 {
		self.owner_holds = false;
		core::mem::take(&mut self.owed)
	}

	/// Add a reward: everyone's shares are worth more.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] past `u64::MAX`.
	pub fn reward(&mut self, amount: u64) -> Result<(), MarketError> {
		self.amount = sound(self.amount.checked_add(amount))?;
		Ok(())
	}

	/// How much of a position of `held` shares `wanted` is, and the shares to burn for it: all of
	/// them at their floor, or the ceiling for an exact amount.
	///
	/// # Errors
	///
	/// [`MarketError::InsufficientStake`] if the position is worth less than `wanted`.
	pub fn price_withdrawal(&self, held: u128, wanted: Amount) -> Result<(u64, u128), MarketError> {
		match wanted {
			Amount::All => Ok((self.value(held)?, held)),
			Amount::Exact(amount) => {
				if amount > self.value(held)? {
					return Err(MarketError::InsufficientStake);
				}
				let shares = share_pool::shares_for_withdrawal(amount, self.amount, self.shares)?;
				Ok((amount, shares))
			},
		}
	}

	/// Take out `amount` for `shares`, as priced by [`Self::price_withdrawal`].
	///
	/// # Errors
	///
	/// [`MarketError::InsufficientStake`] if there is less.
	pub fn withdraw(&mut self, amount: u64, shares: u128) -> Result<(), MarketError> {
		let left = self.amount.checked_sub(amount).zip(self.shares.checked_sub(shares));
		(self.amount, self.shares) = left.ok_or(MarketError::InsufficientStake)?;
		Ok(())
	}
}

/// A hotkey's stake on one subnet, and its part of the validators' bucket this epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct HotkeyPool {
	/// The stake, in atoms.
	pub stake: StakePool,
	/// The epoch for which `weight` and `credited` are meant; any other earns nothing.
	pub epoch: u32,
	/// Its part of the validators' bucket, out of `u32::MAX`.
	pub weight: u32,
	/// What it was already credited of this epoch's bucket, in atoms.
	pub credited: u64,
	/// The hotkey's take when the epoch opened: a raise since does not reach back.
	pub take: PerU16,
}

impl HotkeyPool {
	/// Whether nothing is in it, and nothing hangs on it in the subnet's epoch `epoch`.
	pub const fn is_vacant(&self, epoch: u32) -> bool {
		let scored = self.epoch == epoch && (self.weight > 0 || self.credited > 0);
		self.stake.is_vacant() && !scored
	}

	/// Take what this hotkey has earned of the open epoch's validators' bucket and was not yet
	/// credited: ⌊bucket · weight / `u32::MAX`⌋ less what it had. The caller pays it out.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn claim(&mut self, market: &mut Market) -> Result<Alpha, MarketError> {
		let buckets = &mut market.buckets;
		let earned = reward::accrued(buckets.validators.get(), self.weight)?;
		let due = Alpha(sound(earned.checked_sub(self.credited))?);
		self.credited = earned;
		buckets.settled = sound(buckets.settled.checked_add(due))?;
		Ok(due)
	}
}

/// A hotkey's stake on root, and what drips into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RootPool {
	/// The stake, in rao.
	pub stake: StakePool,
	/// The dividends on their way.
	pub drip: Drip,
}

impl RootPool {
	/// Whether nothing is in it, and nothing drips into it.
	pub const fn is_vacant(&self) -> bool {
		self.stake.is_vacant() && self.drip.left.is_zero()
	}
}

/// Root as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RootTotals {
	/// Σ of the root pools' stake, in rao.
	pub staked: Tao,
	/// Σ of what is still to drip, in rao.
	pub dripping: Tao,
}

impl RootTotals {
	/// `tao` dripped into a root pool.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn released(&mut self, tao: Tao) -> Result<(), MarketError> {
		self.dripping = sound(self.dripping.checked_sub(tao))?;
		self.staked = sound(self.staked.checked_add(tao))?;
		Ok(())
	}

	/// Dividends were assigned: `staked` at once, `dripping` to be released.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn assigned(&mut self, staked: Tao, dripping: Tao) -> Result<(), MarketError> {
		self.staked = sound(self.staked.checked_add(staked))?;
		self.dripping = sound(self.dripping.checked_add(dripping))?;
		Ok(())
	}
}

/// A seat's results of the last epoch, and where its time-weighted stake is counted from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Score {
	/// Who holds the seat.
	pub hotkey: HotkeyId,
	/// Its part of the miners' bucket, out of `u32::MAX`.
	pub incentive: u32,
	/// Its part of the validators' bucket, out of `u32::MAX`.
	pub dividend: u32,
	/// Its part of root's TAO, out of `u32::MAX`.
	pub root: u32,
	/// Its pool's `stake_blocks` when the epoch opened.
	pub alpha_blocks: u128,
	/// Its root pool's `stake_blocks` when the epoch opened.
	pub root_blocks: u128,
}

impl Score {
	/// What the seat earns of all buckets together: the measure by which seats are compared.
	pub fn total(&self) -> u64 {
		// Three numbers of 32 bits.
		[self.incentive, self.dividend, self.root]
			.into_iter()
			.fold(0, |sum: u64, part| sum.saturating_add(part.into()))
	}
}
