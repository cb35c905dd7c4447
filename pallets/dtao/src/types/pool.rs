//! One subnet's pool: price first, apply later.

use super::{sound, MarketError};
use codec::{Decode, Encode, MaxEncodedLen};
use dtao_math::constant_product::{ConstantProduct, Curve};
use dtao_primitives::{Alpha, MarketParams, Tao};
use scale_info::TypeInfo;
use sp_runtime::{FixedPointNumber, FixedU128, Perbill};

/// The two reserves of a subnet. Whoever holds the pool's ALPHA is not its business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pool {
	/// TAO the pool can pay out, in rao.
	pub tao: Tao,
	/// ALPHA the pool can pay out, in atoms.
	pub alpha: Alpha,
}

/// A trade that has been priced and not yet made.
#[must_use = "a priced trade moves nothing until it is applied"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade<In, Out> {
	/// All that the trader pays, fee included.
	pub amount_in: In,
	/// The part of `amount_in` that stays in the pool as fee.
	pub fee: In,
	/// All that the trader receives.
	pub amount_out: Out,
}

impl Pool {
	/// A pool that opens at exactly 1 TAO per ALPHA.
	pub fn at_par(seed: Tao) -> Self {
		Self { tao: seed, alpha: Alpha(seed.get()) }
	}

	/// TAO per ALPHA now, floored to 18 decimals; 0 for an empty pool.
	pub fn price(&self) -> FixedU128 {
		FixedU128::checked_from_rational(self.tao.get(), self.alpha.get()).unwrap_or_default()
	}

	/// What `alpha` atoms are worth at the price of this moment, in rao, floored. An upper bound of
	/// what selling them would pay.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the pool is empty.
	pub fn spot_value(&self, alpha: u64) -> Result<u64, MarketError> {
		Ok(dtao_math::wide::mul_div_u64(
			alpha,
			self.tao.get(),
			self.alpha.get(),
			dtao_math::Rounding::Down,
		)?)
	}

	/// Whether `alpha` is worth at least `least` at the price of this moment: `⌊alpha·τ/α⌋ ≥ least`,
	/// by cross-multiplication, so that nothing is rounded.
	pub fn is_worth(&self, alpha: Alpha, least: Tao) -> bool {
		// Two factors of 64 bits make a product of 128.
		let worth = u128::from(alpha.get()).checked_mul(self.tao.get().into());
		let asked = u128::from(least.get()).checked_mul(self.alpha.get().into());
		worth >= asked
	}

	/// The most TAO that a purchase may pay, fee included, and leave the price at `limit` or below.
	/// 0 if it is there already; no limit but the type's if the limit does not bind.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the pool is empty.
	pub fn most_buy(&self, limit: FixedU128, params: &MarketParams) -> Result<Tao, MarketError> {
		let (tao, alpha, fee) = (self.tao.get(), self.alpha.get(), params.swap_fee);
		Ok(Tao(ConstantProduct::most_in_to_price(tao, alpha, fee, limit.into_inner())?))
	}

	/// The most ALPHA that a sale may pay, fee included, and leave the price at `limit` or above.
	/// 0 if it is there already; no limit but the type's if the limit does not bind.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the pool is empty.
	pub fn most_sell(&self, limit: FixedU128, params: &MarketParams) -> Result<Alpha, MarketError> {
		let (tao, alpha, fee) = (self.tao.get(), self.alpha.get(), params.swap_fee);
		Ok(Alpha(ConstantProduct::most_in_to_floor_price(alpha, tao, fee, limit.into_inner())?))
	}

	/// The most TAO that one purchase may bring in, fee left out.
	pub fn max_buy(&self, params: &MarketParams) -> Tao {
		Tao(params.max_trade_ratio.mul_floor(self.tao.get()))
	}

	/// The most ALPHA that one sale may bring in, fee left out.
	pub fn max_sell(&self, params: &MarketParams) -> Alpha {
		Alpha(params.max_trade_ratio.mul_floor(self.alpha.get()))
	}

	/// Price a purchase of ALPHA for `tao`, without making it. The fee is rounded up and the payout
	/// down: both in the pool's favour.
	///
	/// # Errors
	///
	/// - [`MarketError::TradeTooLarge`] above the most that one trade may be, on either side.
	/// - [`MarketError::ReserveTooLow`] if less than `min_reserve` ALPHA would be left.
	/// - [`MarketError::NothingReceived`] if `tao` buys no atom.
	pub fn quote_buy(
		&self,
		tao: Tao,
		params: &MarketParams,
	) -> Result<Trade<Tao, Alpha>, MarketError> {
		let trade = guarded(self.tao.get(), self.alpha.get(), tao.get(), params)?;
		Ok(Trade {
			amount_in: Tao(trade.amount_in),
			fee: Tao(trade.fee),
			amount_out: Alpha(trade.amount_out),
		})
	}

	/// Make a purchase priced by [`Self::quote_buy`] on this same state.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the trade was priced on another state.
	pub fn apply_buy(&mut self, trade: &Trade<Tao, Alpha>) -> Result<(), MarketError> {
		self.tao = sound(self.tao.checked_add(trade.amount_in))?;
		self.alpha = sound(self.alpha.checked_sub(trade.amount_out))?;
		Ok(())
	}

	/// Price a sale of `alpha`, without making it. The fee is rounded up and the payout down: both
	/// in the pool's favour.
	///
	/// # Errors
	///
	/// As [`Self::quote_buy`], with the sides exchanged.
	pub fn quote_sell(
		&self,
		alpha: Alpha,
		params: &MarketParams,
	) -> Result<Trade<Alpha, Tao>, MarketError> {
		let trade = guarded(self.alpha.get(), self.tao.get(), alpha.get(), params)?;
		Ok(Trade {
			amount_in: Alpha(trade.amount_in),
			fee: Alpha(trade.fee),
			amount_out: Tao(trade.amount_out),
		})
	}

	/// Make a sale priced by [`Self::quote_sell`] or [`Self::quote_root_sale`] on this same state.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the trade was priced on another state.
	pub fn apply_sell(&mut self, trade: &Trade<Alpha, Tao>) -> Result<(), MarketError> {
		self.alpha = sound(self.alpha.checked_add(trade.amount_in))?;
		self.tao = sound(self.tao.checked_sub(trade.amount_out))?;
		Ok(())
	}

	/// Price the part of root's `bucket` that one block sells: at most `root_sale_rate` of the
	/// ALPHA reserve, without fee. `None` when the bucket is below `min_root_sale`, or the sale
	/// would pay nothing or leave too little TAO.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the pool is empty.
	pub fn quote_root_sale(
		&self,
		bucket: Alpha,
		params: &MarketParams,
	) -> Result<Option<Trade<Alpha, Tao>>, MarketError> {
		if bucket < params.min_root_sale {
			return Ok(None);
		}
		let most = Alpha(params.root_sale_rate.mul_floor(self.alpha.get()));
		let alpha = bucket.min(most);
		if alpha.is_zero() {
			return Ok(None);
		}
		let free = Perbill::zero();
		let trade = ConstantProduct::exact_in(self.alpha.get(), self.tao.get(), alpha.get(), free)?;
		let left = sound(self.tao.checked_sub(Tao(trade.amount_out)))?;
		if trade.amount_out == 0 || left.get() < params.min_reserve {
			return Ok(None);
		}
		Ok(Some(Trade { amount_in: alpha, fee: Alpha::ZERO, amount_out: Tao(trade.amount_out) }))
	}
}

/// Price `amount_in`, and refuse what a user's trade may not do.
fn guarded(
	reserve_in: u64,
	reserve_out: u64,
	amount_in: u64,
	params: &MarketParams,
) -> Result<dtao_math::constant_product::Trade, MarketError> {
	if amount_in == 0 {
		return Err(MarketError::NothingReceived);
	}
	let trade = ConstantProduct::exact_in(reserve_in, reserve_out, amount_in, params.swap_fee)?;
	let net_in = sound(trade.amount_in.checked_sub(trade.fee))?;
	let most_in = params.max_trade_ratio.mul_floor(reserve_in);
	let most_out = params.max_trade_ratio.mul_floor(reserve_out);
	if net_in > most_in || trade.amount_out > most_out {
		return Err(MarketError::TradeTooLarge);
	}
	if trade.amount_out == 0 {
		return Err(MarketError::NothingReceived);
	}
	let left = sound(reserve_out.checked_sub(trade.amount_out))?;
	if left < params.min_reserve {
		return Err(MarketError::ReserveTooLow);
	}
	Ok(trade)
}
