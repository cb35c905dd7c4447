//! A hotkey's stake and the market beside it: what a call opens, changes and stores.

use super::{sound, HotkeyPool, Market, MarketError, RootPool, RootTotals, StakePool, Trade};
use dtao_primitives::{Alpha, Amount, MarketParams, Tao};
use sp_runtime::{traits::One, FixedU128};

/// A hotkey's stake on a subnet or on root, settled up to now.
///
/// Root is a market that takes and pays one for one, without a fee and without a limit: there,
/// what is called ALPHA is TAO.
#[allow(
	clippy::large_enum_variant,
	reason = "one or two of them live on the stack of a call, and none anywhere else"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
	/// On a subnet.
	Subnet {
		/// The subnet's record.
		market: Market,
		/// The hotkey's stake.
		pool: HotkeyPool,
	},
	/// On root.
	Root {
		/// The totals of root.
		totals: RootTotals,
		/// The hotkey's stake.
		pool: RootPool,
	},
}

/// A part of a position, or all of it, that has been measured and not yet taken out.
#[must_use = "a withdrawal takes nothing until it is made"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
	/// How much leaves, in atoms (rao on root).
	pub amount: u64,
	/// The shares that are burnt for it.
	pub shares: u128,
	/// The shares that are left.
	pub left: u128,
}

impl Withdrawal {
	/// Whether nothing is left of the position.
	pub const fn is_all(&self) -> bool {
		self.left == 0
	}
}

impl Book {
	/// TAO per ALPHA now; exactly 1 on root.
	pub fn price(&self) -> FixedU128 {
		match self {
			Self::Subnet { market, .. } => market.pool.price(),
			Self::Root { .. } => FixedU128::one(),
		}
	}

	/// The stake of all of the hotkey's stakers.
	pub const fn stake(&self) -> &StakePool {
		match self {
			Self::Subnet { pool, .. } => &pool.stake,
			Self::Root { pool, .. } => &pool.stake,
		}
	}

	fn stake_mut(&mut self) -> &mut StakePool {
		match self {
			Self::Subnet { pool, .. } => &mut pool.stake,
			Self::Root { pool, .. } => &mut pool.stake,
		}
	}

	/// Whether `amount` of this stake is worth at least `least` at the price of this moment.
	pub fn is_worth(&self, amount: u64, least: Tao) -> bool {
		match self {
			Self::Subnet { market, .. } => market.pool.is_worth(Alpha(amount), least),
			Self::Root { .. } => amount >= least.get(),
		}
	}

	/// Measure `wanted` of a position of `held` shares. An exact amount that is all that the
	/// position is worth is all of it, so that no share of nothing stays behind.
	///
	/// # Errors
	///
	/// [`MarketError::InsufficientStake`] if the position is worth less.
	pub fn withdrawal(&self, held: u128, wanted: Amount) -> Result<Withdrawal, MarketError> {
		let stake = self.stake();
		let wanted = match wanted {
			Amount::Exact(amount) if amount == stake.value(held)? => Amount::All,
			other => other,
		};
		let (amount, shares) = stake.price_withdrawal(held, wanted)?;
		let left = held.checked_sub(shares).ok_or(MarketError::InsufficientStake)?;
		Ok(Withdrawal { amount, shares, left })
	}

	/// Price the stake of `tao`, without making it.
	///
	/// # Errors
	///
	/// Those of [`Pool::quote_buy`](super::Pool::quote_buy); on root
	/// [`MarketError::NothingReceived`] for nothing.
	pub fn quote_buy(
		&self,
		tao: Tao,
		params: &MarketParams,
	) -> Result<Trade<Tao, Alpha>, MarketError> {
		match self {
			Self::Subnet { market, .. } => market.pool.quote_buy(tao, params),
			Self::Root { .. } if tao.is_zero() => Err(MarketError::NothingReceived),
			Self::Root { .. } => {
				Ok(Trade { amount_in: tao, fee: Tao::ZERO, amount_out: Alpha(tao.get()) })
			},
		}
	}

	/// Price the unstake of `amount`, without making it.
	///
	/// # Errors
	///
	/// As [`Self::quote_buy`].
	pub fn quote_sell(
		&self,
		amount: u64,
		params: &MarketParams,
	) -> Result<Trade<Alpha, Tao>, MarketError> {
		let alpha = Alpha(amount);
		match self {
			Self::Subnet { market, .. } => market.pool.quote_sell(alpha, params),
			Self::Root { .. } if amount == 0 => Err(MarketError::NothingReceived),
			Self::Root { .. } => {
				Ok(Trade { amount_in: alpha, fee: Alpha::ZERO, amount_out: Tao(amount) })
			},
		}
	}

	/// The most that may be staked until the price reaches `limit`, fee included, in rao.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the pool is empty.
	pub fn most_buy(&self, limit: FixedU128, params: &MarketParams) -> Result<u64, MarketError> {
		match self {
			Self::Subnet { market, .. } => Ok(market.pool.most_buy(limit, params)?.get()),
			Self::Root { .. } if limit >= FixedU128::one() => Ok(u64::MAX),
			Self::Root { .. } => Ok(0),
		}
	}

	/// The most that may be unstaked until the price falls to `limit`, fee included, in atoms (rao
	/// on root).
	///
	/// # Errors
	///
	/// As [`Self::most_buy`].
	pub fn most_sell(&self, limit: FixedU128, params: &MarketParams) -> Result<u64, MarketError> {
		match self {
			Self::Subnet { market, .. } => Ok(market.pool.most_sell(limit, params)?.get()),
			Self::Root { .. } if limit <= FixedU128::one() => Ok(u64::MAX),
			Self::Root { .. } => Ok(0),
		}
	}

	/// Make a purchase priced on this book, and add what it brought to the stake. Returns the
	/// shares it is given.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the trade was priced on another state.
	pub fn buy(&mut self, trade: &Trade<Tao, Alpha>) -> Result<u128, MarketError> {
		match self {
			Self::Subnet { market, .. } => market.user_buy(trade)?,
			Self::Root { totals, .. } => {
				totals.staked = sound(totals.staked.checked_add(trade.amount_in))?;
			},
		}
		self.deposit(trade.amount_out.get())
	}

	/// Take `withdrawal` out of the stake, and make its sale, priced on this book.
	///
	/// # Errors
	///
	/// - [`MarketError::Arithmetic`] if the trade was priced on another state.
	/// - [`MarketError::InsufficientStake`] if the withdrawal was measured on another state.
	pub fn sell(
		&mut self,
		withdrawal: &Withdrawal,
		trade: &Trade<Alpha, Tao>,
	) -> Result<(), MarketError> {
		match self {
			Self::Subnet { market, .. } => market.user_sell(trade)?,
			Self::Root { totals, .. } => {
				totals.staked = sound(totals.staked.checked_sub(trade.amount_out))?;
			},
		}
		self.withdraw(withdrawal)
	}

	/// Add `amount` to the stake, without a trade. Returns the shares it is given.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] past `u64::MAX`.
	pub fn deposit(&mut self, amount: u64) -> Result<u128, MarketError> {
		self.stake_mut().deposit(amount)
	}

	/// Take `withdrawal` out of the stake, without a trade.
	///
	/// # Errors
	///
	/// [`MarketError::InsufficientStake`] if it was measured on another state.
	pub fn withdraw(&mut self, withdrawal: &Withdrawal) -> Result<(), MarketError> {
		self.stake_mut().withdraw(withdrawal.amount, withdrawal.shares)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::types::Pool;

	const UNIT: u64 = 1_000_000_000;

	/// A subnet at a price of 2, and a stake of 100 ALPHA that has earned 50 more.
	fn subnet() -> Book {
		let mut pool = HotkeyPool::default();
		pool.stake.deposit(100 * UNIT).unwrap();
		pool.stake.reward(50 * UNIT).unwrap();
		let reserves = Pool { tao: Tao(2_000 * UNIT), alpha: Alpha(1_000 * UNIT) };
		let market =
			Market { pool: reserves, outstanding: Alpha(150 * UNIT), ..Default::default() };
		Book::Subnet { market, pool }
	}

	fn root() -> Book {
		let mut pool = RootPool::default();
		pool.stake.deposit(100 * UNIT).unwrap();
		let totals = RootTotals { staked: Tao(100 * UNIT), ..Default::default() };
		Book::Root { totals, pool }
	}

	#[test]
	fn an_exact_amount_that_is_all_takes_every_share() {
		for book in [subnet(), root()] {
			let held = book.stake().shares;
			let worth = book.stake().value(held).unwrap();
			let all = book.withdrawal(held, Amount::All);
			assert_eq!(all, Ok(Withdrawal { amount: worth, shares: held, left: 0 }));
			assert_eq!(book.withdrawal(held, Amount::Exact(worth)), all);
			let less = book.withdrawal(held, Amount::Exact(worth - 1)).unwrap();
			assert!(!less.is_all() && less.shares + less.left == held);
			let more = book.withdrawal(held, Amount::Exact(worth + 1));
			assert_eq!(more, Err(MarketError::InsufficientStake));
		}
	}

	#[test]
	fn worth_is_the_floor_of_the_spot_value() {
		let book = subnet();
		assert!(book.is_worth(5, Tao(10)) && !book.is_worth(5, Tao(11)));
		// At a price of 1/3, two atoms are worth ⌊2/3⌋ = 0 rao, and three 1.
		let mut low = subnet();
		if let Book::Subnet { market, .. } = &mut low {
			market.pool = Pool { tao: Tao(1_000), alpha: Alpha(3_000) };
		}
		assert!(low.is_worth(2, Tao(0)) && !low.is_worth(2, Tao(1)) && low.is_worth(3, Tao(1)));
		assert!(root().is_worth(7, Tao(7)) && !root().is_worth(7, Tao(8)));
		assert!(book.is_worth(u64::MAX, Tao(u64::MAX)));
	}

	#[test]
	fn root_trades_one_for_one_and_counts_its_total() {
		let params = MarketParams::default();
		let mut book = root();
		let bought = book.quote_buy(Tao(7), &params).unwrap();
		assert_eq!(bought, Trade { amount_in: Tao(7), fee: Tao(0), amount_out: Alpha(7) });
		let shares = book.buy(&bought).unwrap();
		assert_eq!(book.stake().value(shares), Ok(7));
		let withdrawal = book.withdrawal(shares, Amount::All).unwrap();
		let sold = book.quote_sell(withdrawal.amount, &params).unwrap();
		assert_eq!(sold, Trade { amount_in: Alpha(7), fee: Alpha(0), amount_out: Tao(7) });
		book.sell(&withdrawal, &sold).unwrap();
		assert_eq!(book, root());
		assert_eq!(book.quote_buy(Tao(0), &params), Err(MarketError::NothingReceived));
		assert_eq!(book.quote_sell(0, &params), Err(MarketError::NothingReceived));
		let below = FixedU128::from_inner(FixedU128::one().into_inner() - 1);
		let above = FixedU128::from_inner(FixedU128::one().into_inner() + 1);
		for (limit, buys, sells) in
			[(below, false, true), (FixedU128::one(), true, true), (above, true, false)]
		{
			assert_eq!(book.most_buy(limit, &params), Ok(if buys { u64::MAX } else { 0 }));
			assert_eq!(book.most_sell(limit, &params), Ok(if sells { u64::MAX } else { 0 }));
		}
	}

	#[test]
	fn a_subnet_trades_at_its_pool_and_counts_the_flow() {
		let params = MarketParams::default();
		let mut book = subnet();
		let bought = book.quote_buy(Tao(10 * UNIT), &params).unwrap();
		book.buy(&bought).unwrap();
		let withdrawal = book.withdrawal(book.stake().shares, Amount::Exact(3 * UNIT)).unwrap();
		let sold = book.quote_sell(withdrawal.amount, &params).unwrap();
		book.sell(&withdrawal, &sold).unwrap();
		let Book::Subnet { market, pool } = book else { unreachable!() };
		assert_eq!(pool.stake.amount, 147 * UNIT + bought.amount_out.get());
		assert_eq!(market.outstanding.get(), pool.stake.amount);
		assert_eq!(market.flow, (10 * UNIT - sold.amount_out.get()) as i64);
	}
}
