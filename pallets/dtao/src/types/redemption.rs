//! What a dissolved subnet still owes, and the fund that pays it.

use super::{sound, Market, MarketError, Pool};
use codec::{Decode, Encode, MaxEncodedLen};
use dtao_math::{wide::mul_div_u64, Rounding};
use dtao_primitives::{Alpha, HotkeyId, Tao};
use scale_info::TypeInfo;
use sp_runtime::{FixedPointNumber, FixedU128};

/// A dissolved subnet. All its outstanding ALPHA shares `fund`, as if all of it had been sold to the
/// pool at once.
///
/// A payment is ⌊`fund_left` · alpha / ALPHA left⌋, and then both fall: what one payment is floored
/// by is the others', and the last takes what is left.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Redemption<AccountId> {
	/// The market as it was, without reserves. Its buckets are settled by the same code as before;
	/// its `outstanding` is the ALPHA that is left.
	pub market: Market,
	/// TAO of the fund at first, in rao.
	pub fund: Tao,
	/// ALPHA that shared it at first, in atoms.
	pub outstanding: Alpha,
	/// All TAO that root's sales had brought in the epoch that was open, in rao.
	pub root: Tao,
	/// TAO of the fund that is left, in rao.
	pub fund_left: Tao,
	/// TAO paid out, in rao. That of `root` is counted when the buckets close, with what replaced
	/// seats were paid of it before.
	pub paid: Tao,
	/// TAO recycled since, which nobody had a claim to, in rao.
	pub recycled: Tao,
	/// Over how many blocks root's dividends are released.
	pub tempo: u32,
	/// Whether all seats were paid, and what nobody had earned was recycled.
	pub settled: bool,
	/// The last position that could not be redeemed on idle: the next block goes on after it.
	pub skipped: Option<(HotkeyId, AccountId)>,
}

impl<AccountId> Redemption<AccountId> {
	/// Dissolve `market`. Returns with it the TAO of its pool that is nobody's: `τ − F`, where
	/// `F = ⌊τ·ω/(α + ω)⌋`.
	///
	/// Source: economics § 7.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn open(mut market: Market, tempo: u32) -> Result<(Self, Tao), MarketError> {
		let Pool { tao, alpha } = core::mem::take(&mut market.pool);
		let outstanding = market.outstanding;
		let sharing = sound(alpha.checked_add(outstanding))?;
		let fund = match outstanding.is_zero() {
			true => Tao::ZERO,
			false => Tao(part(tao, outstanding, sharing)?),
		};
		let redemption = Self {
			market,
			fund,
			outstanding,
			root: market.root_tao,
			fund_left: fund,
			paid: Tao::ZERO,
			recycled: Tao::ZERO,
			tempo,
			settled: false,
			skipped: None,
		};
		Ok((redemption, sound(tao.checked_sub(fund))?))
	}

	/// ALPHA that shares what is left of the fund.
	pub const fn alpha_left(&self) -> Alpha {
		self.market.outstanding
	}

	/// TAO per ALPHA that is paid now, floored to 18 decimals; 0 when nothing is left.
	pub fn price(&self) -> FixedU128 {
		FixedU128::checked_from_rational(self.fund_left.get(), self.alpha_left().get())
			.unwrap_or_default()
	}

	/// What `alpha` would be paid now, floored.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never for `alpha` that is there.
	pub fn worth(&self, alpha: Alpha) -> Result<Tao, MarketError> {
		match alpha.is_zero() {
			true => Ok(Tao::ZERO),
			false => Ok(Tao(part(self.fund_left, alpha, self.alpha_left())?)),
		}
	}

	/// Pay for `alpha`: both fall.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if there is not that much.
	pub fn pay(&mut self, alpha: Alpha) -> Result<Tao, MarketError> {
		let tao = self.take(alpha)?;
		self.paid = sound(self.paid.checked_add(tao))?;
		Ok(tao)
	}

	/// Let `alpha`, which is nobody's, have its part of the fund, for its caller to recycle.
	///
	/// # Errors
	///
	/// As [`Self::pay`].
	pub fn recycle(&mut self, alpha: Alpha) -> Result<Tao, MarketError> {
		let tao = self.take(alpha)?;
		self.recycled = sound(self.recycled.checked_add(tao))?;
		Ok(tao)
	}

	/// Redeem root's ALPHA that was not sold yet: its TAO joins what waits for root's stakers. Before
	/// the first of them is paid; later there is none.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn redeem_for_root(&mut self) -> Result<(), MarketError> {
		let alpha = core::mem::take(&mut self.market.buckets.root);
		let tao = self.take(alpha)?;
		self.market.root_tao = sound(self.market.root_tao.checked_add(tao))?;
		Ok(())
	}

	/// Close the buckets once the seats were paid: what is left in them is nobody's. Returns
	/// the TAO for its caller to recycle, root's included.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn close_buckets(&mut self) -> Result<Tao, MarketError> {
		let from_fund = self.recycle(self.market.buckets.unpaid()?)?;
		let from_root = self.market.root_waiting()?;
		self.recycled = sound(self.recycled.checked_add(from_root))?;
		self.paid = sound(self.paid.checked_add(self.market.root_paid))?;
		self.market.root_tao = Tao::ZERO;
		self.market.root_paid = Tao::ZERO;
		self.market.buckets = Default::default();
		// No pool's epoch is this one: nothing is left that a settlement could credit.
		self.market.epoch = Default::default();
		self.settled = true;
		sound(from_fund.checked_add(from_root))
	}

	/// Give up what is left when no ALPHA is: nothing in a sound state.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn close(&mut self) -> Result<Tao, MarketError> {
		let left = core::mem::take(&mut self.fund_left);
		self.recycled = sound(self.recycled.checked_add(left))?;
		Ok(left)
	}

	fn take(&mut self, alpha: Alpha) -> Result<Tao, MarketError> {
		let tao = self.worth(alpha)?;
		self.market.outstanding = sound(self.alpha_left().checked_sub(alpha))?;
		self.fund_left = sound(self.fund_left.checked_sub(tao))?;
		Ok(tao)
	}
}

/// ⌊tao · alpha / of⌋, in rao.
fn part(tao: Tao, alpha: Alpha, of: Alpha) -> Result<u64, MarketError> {
	Ok(mul_div_u64(tao.get(), alpha.get(), of.get(), Rounding::Down)?)
}
