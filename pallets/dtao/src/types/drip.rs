//! A stream of TAO to the stakers of one hotkey on root.

use super::{sound, MarketError};
use codec::{Decode, Encode, MaxEncodedLen};
use dtao_primitives::Tao;
use scale_info::TypeInfo;

/// TAO that is released linearly into a root pool, so that a stake of one block earns one block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Drip {
	/// What is still to be released, in rao.
	pub left: Tao,
	/// The block up to which all that was due has been released.
	pub last: u32,
	/// The block in which the last of it is due.
	pub until: u32,
}

impl Drip {
	/// Take out what has become due by block `now`: ⌊left·elapsed/remaining⌋, all of it at the end.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn release(&mut self, now: u32) -> Result<Tao, MarketError> {
		let elapsed = now.saturating_sub(self.last);
		let remaining = self.until.saturating_sub(self.last);
		let released = Tao(dtao_math::drip::released(self.left.get(), elapsed, remaining)?);
		self.left = sound(self.left.checked_sub(released))?;
		self.last = now;
		Ok(released)
	}

	/// Add `tao`, and spread it with what is left over `blocks` from `now`, or over as many as what
	/// is left has still to go, if those are more: what a long epoch earned is not released in a
	/// short one to whoever comes for that. The due part must have been released before.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] past `u64::MAX` rao or the last block number.
	pub fn refill(&mut self, tao: Tao, now: u32, blocks: u32) -> Result<(), MarketError> {
		self.left = sound(self.left.checked_add(tao))?;
		self.last = now;
		self.until = self.until.max(sound(now.checked_add(blocks))?);
		Ok(())
	}
}
