//! `constant_product`: what a trade pays and costs. The price limits have a file of their own.

mod exact;

use dtao_math::{
	constant_product::{amount_in, amount_out, exact_in, exact_out, ConstantProduct, Curve, Trade},
	MathError,
};
use exact::{amount, is_floor, q};
use proptest::prelude::*;
use sp_arithmetic::Perbill;

const NO_FEE: Perbill = Perbill::from_parts(0);
/// The default fee, 0.05 %.
const FEE: Perbill = Perbill::from_parts(500_000);

fn k(reserve_in: u64, reserve_out: u64) -> u128 {
	u128::from(reserve_in) * u128::from(reserve_out)
}

#[test]
fn amount_out_matches_hand_worked_trades() {
	// (reserve_in, reserve_out, net_in) => amount_out
	let trades = [
		((1_000, 1_000, 0), 0),           // Nothing in, nothing out.
		((1_000, 1_000, 1), 0),           // Dust goes to the pool.
		((1_000, 1_000, 2), 1),           // 1.996, rounded down.
		((1_000, 1_000, 100), 90),        // 90.9, rounded down.
		((1_000, 4_000, 1_000), 2_000),   // Exact.
		((1, 1_000, 999), 999),           // The last unit stays.
		((1, 1, u64::MAX - 1), 0),        // An absurd trade leaves the pool its last unit.
		((1, u64::MAX, 1), u64::MAX / 2), // 2⁶⁴ − 1 is odd.
		((u64::MAX, u64::MAX, 0), 0),     // The fullest pool there can be.
	];
	for ((x, y, dx), dy) in trades {
		assert_eq!(amount_out(x, y, dx), Ok(dy), "x = {x}, y = {y}, dx = {dx}");
	}
}

#[test]
fn amount_in_matches_hand_worked_trades() {
	// (reserve_in, reserve_out, amount_out) => net_in
	let trades = [
		((1_000, 1_000, 0), 0),
		((1_000, 1_000, 1), 2),         // 1.001, rounded up.
		((1_000, 1_000, 90), 99),       // 98.9, rounded up.
		((1_000, 4_000, 2_000), 1_000), // Exact.
		((1, 1_000, 999), 999),         // All but the last unit.
	];
	for ((x, y, dy), dx) in trades {
		assert_eq!(amount_in(x, y, dy), Ok(dx), "x = {x}, y = {y}, dy = {dy}");
	}
}

#[test]
fn exact_in_matches_hand_worked_trades() {
	let percent = Perbill::from_percent;
	// (reserve_in, reserve_out, amount_in, fee_rate) => (fee, amount_out)
	let trades = [
		((1_000, 1_000, 100, NO_FEE), (0, 90)),
		((1_000, 1_000, 100, percent(1)), (1, 90)), // 99 buy 90.08.
		((1_000, 1_000, 101, percent(1)), (2, 90)), // The fee of 1.01 is rounded up.
		((1_000, 1_000, 1, FEE), (1, 0)),           // One unit is all fee.
		((1_000, 1_000, 100, percent(100)), (100, 0)),
	];
	for ((x, y, dx, rate), (fee, dy)) in trades {
		let trade = Trade { amount_in: dx, fee, amount_out: dy };
		assert_eq!(exact_in(x, y, dx, rate), Ok(trade), "x = {x}, y = {y}, dx = {dx}, {rate:?}");
	}
}

/// Hazard E5: a trade of nothing is refused, in either direction.
#[test]
fn a_trade_of_nothing_is_refused() {
	assert_eq!(exact_in(1_000, 1_000, 0, FEE), Err(MathError::ZeroAmount));
	assert_eq!(exact_out(1_000, 1_000, 0, FEE), Err(MathError::ZeroAmount));
}

/// Hazard E5: what is too small to buy a unit says so, and is left for the caller to refuse.
#[test]
fn a_trade_that_buys_nothing_says_zero() {
	assert_eq!(exact_in(1_000, 1_000, 1, NO_FEE).unwrap().amount_out, 0);
}

#[test]
fn an_empty_pool_is_refused() {
	for (x, y) in [(0, 1_000), (1_000, 0), (0, 0)] {
		assert_eq!(amount_out(x, y, 1), Err(MathError::EmptyPool));
		assert_eq!(amount_in(x, y, 1), Err(MathError::EmptyPool));
		assert_eq!(exact_in(x, y, 1, FEE), Err(MathError::EmptyPool));
		assert_eq!(exact_out(x, y, 1, FEE), Err(MathError::EmptyPool));
	}
}

#[test]
fn a_reserve_cannot_be_bought_empty() {
	assert_eq!(amount_in(1_000, 1_000, 1_000), Err(MathError::InsufficientReserve));
	assert_eq!(amount_in(1_000, 1_000, 1_001), Err(MathError::InsufficientReserve));
	assert_eq!(exact_out(1_000, 1_000, 1_000, FEE), Err(MathError::InsufficientReserve));
}

#[test]
fn a_reserve_that_would_not_fit_is_refused() {
	assert_eq!(amount_out(u64::MAX, 1, 1), Err(MathError::Overflow));
	assert_eq!(amount_in(u64::MAX, 2, 1), Err(MathError::Overflow));
	assert_eq!(exact_in(u64::MAX, 1, 1, FEE), Err(MathError::Overflow));
	// The fee, too, enters the reserve.
	assert_eq!(exact_in(u64::MAX - 9, 1, 10, Perbill::one()), Err(MathError::Overflow));
	assert!(exact_in(u64::MAX - 10, 1, 10, Perbill::one()).is_ok());
}

#[test]
fn nothing_can_be_bought_where_all_is_fee() {
	assert_eq!(exact_out(1_000, 1_000, 1, Perbill::one()), Err(MathError::InvalidParameter));
}

#[test]
fn the_curve_is_these_functions() {
	let (x, y) = (10_000, 30_000);
	assert_eq!(ConstantProduct::exact_in(x, y, 500, FEE), exact_in(x, y, 500, FEE));
	assert_eq!(ConstantProduct::exact_out(x, y, 500, FEE), exact_out(x, y, 500, FEE));
}

/// A generator of its own, so that a run is the same everywhere (`SplitMix64`).
struct Dice(u64);

impl Dice {
	fn roll(&mut self, sides: u64) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut bits = self.0;
		bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		(bits ^ (bits >> 31)) % sides
	}
}

/// A pool and one trader, who began with no ALPHA.
#[derive(Clone, Copy)]
struct Market {
	tao: u64,
	alpha: u64,
	trader_tao: u64,
	trader_alpha: u64,
}

impl Market {
	fn buy(&mut self, trade: Trade) {
		self.tao += trade.amount_in;
		self.alpha -= trade.amount_out;
		self.trader_tao -= trade.amount_in;
		self.trader_alpha += trade.amount_out;
	}

	fn sell(&mut self, trade: Trade) {
		self.alpha += trade.amount_in;
		self.tao -= trade.amount_out;
		self.trader_alpha -= trade.amount_in;
		self.trader_tao += trade.amount_out;
	}

	/// What the trader has in TAO after selling everything.
	fn unwound(&self) -> u64 {
		match exact_in(self.alpha, self.tao, self.trader_alpha, NO_FEE) {
			Ok(trade) => self.trader_tao + trade.amount_out,
			Err(MathError::ZeroAmount) => self.trader_tao,
			Err(error) => panic!("{error:?}"),
		}
	}

	/// One tiny trade: either way, and by input or by output. Refusals are fine.
	fn trade(&mut self, dice: &mut Dice, fee_rate: Perbill) {
		let size = 1 + dice.roll(40);
		match dice.roll(4) {
			0 => {
				let paid = size.min(self.trader_tao);
				exact_in(self.tao, self.alpha, paid, fee_rate).map(|trade| self.buy(trade))
			},
			1 => exact_out(self.tao, self.alpha, size, fee_rate).map(|trade| {
				if trade.amount_in <= self.trader_tao {
					self.buy(trade)
				}
			}),
			2 => {
				let paid = size.min(self.trader_alpha);
				exact_in(self.alpha, self.tao, paid, fee_rate).map(|trade| self.sell(trade))
			},
			_ => exact_out(self.alpha, self.tao, size, fee_rate).map(|trade| {
				if trade.amount_in <= self.trader_alpha {
					self.sell(trade)
				}
			}),
		}
		.unwrap_or(());
	}
}

/// Hazard E1: 10⁵ tiny trades in a row, without a fee, never profit and never lower `k`. Not even
/// in a pool of a few units, where a rounding is worth most.
#[test]
fn a_hundred_thousand_tiny_trades_never_profit() {
	const STAKE: u64 = 1_000_000;
	let pools =
		[(9, 8), (1_000, 1_000), (7, 1_000_003), (1_000_003, 7), (1_000_000_007, 1_000_000_009)];
	for (seed, (tao, alpha)) in (0_u64..).zip(pools) {
		let mut dice = Dice(seed);
		let mut market = Market { tao, alpha, trader_tao: STAKE, trader_alpha: 0 };
		for round in 0..100_000 {
			let before = market;
			market.trade(&mut dice, NO_FEE);
			let (was, is) = (k(before.tao, before.alpha), k(market.tao, market.alpha));
			assert!(is >= was, "pool ({tao}, {alpha}), trade {round}: k fell from {was} to {is}");
			let left = market.unwound();
			assert!(left <= STAKE, "pool ({tao}, {alpha}), trade {round}: {STAKE} became {left}");
		}
		assert_ne!((market.tao, market.alpha), (tao, alpha), "nothing was traded");
	}
}

/// Reserves of every size that leave room for a trade.
fn reserve() -> impl Strategy<Value = u64> {
	amount().prop_map(|amount| (amount >> 1).max(1))
}

/// An input that a reserve of [`reserve`] can take, of every size.
fn payment() -> impl Strategy<Value = u64> {
	amount().prop_map(|amount| (amount >> 1).max(1))
}

fn fee_rate() -> impl Strategy<Value = Perbill> {
	prop_oneof![
		Just(NO_FEE),
		Just(FEE),
		(0..=10_000_000_u32).prop_map(Perbill::from_parts), // The chain's bound: 1 %.
		(0..=1_000_000_000_u32).prop_map(Perbill::from_parts),
	]
}

/// Two reserves and a part of the second that can be bought.
fn pool_and_purchase() -> impl Strategy<Value = (u64, u64, u64)> {
	(reserve(), reserve().prop_map(|y| y.max(2)))
		.prop_flat_map(|(x, y)| (Just(x), Just(y), prop_oneof![1..y, 1..=y.min(2) / 2, y - 1..y]))
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// Hazard E1: no trade, of any size and at any fee, lowers `k`.
	#[test]
	fn k_never_decreases(x in reserve(), y in reserve(), dx in payment(), rate in fee_rate()) {
		let dy = amount_out(x, y, dx).unwrap();
		prop_assert!(dy < y);
		prop_assert!(k(x + dx, y - dy) >= k(x, y));

		let trade = exact_in(x, y, dx, rate).unwrap();
		prop_assert!(k(x + dx, y - trade.amount_out) >= k(x, y));
	}

	/// A trade priced by its output lowers `k` no more than one priced by its input.
	#[test]
	fn k_never_decreases_by_exact_out((x, y, dy) in pool_and_purchase(), rate in fee_rate()) {
		if let Ok(trade) = exact_out(x, y, dy, rate) {
			prop_assert!(k(x + trade.amount_in, y - dy) >= k(x, y));
		}
	}

	/// Buying and selling straight back never returns more than was paid.
	#[test]
	fn a_round_trip_never_profits(
		x in reserve(), y in reserve(), dx in payment(), rate in fee_rate(),
	) {
		let there = exact_in(x, y, dx, rate).unwrap();
		let back = match there.amount_out {
			0 => 0,
			bought => exact_in(y - bought, x + dx, bought, rate).unwrap().amount_out,
		};
		prop_assert!(back <= dx);
	}

	/// A trade made in two parts buys no more than at once.
	#[test]
	fn splitting_a_trade_never_profits(
		x in reserve(), y in reserve(), dx in 2..u64::MAX / 4,
		part in any::<u64>(), rate in fee_rate(),
	) {
		let x = x / 2 + 1;
		let first = 1 + part % (dx - 1);
		let whole = exact_in(x, y, dx, rate).unwrap().amount_out;
		let one = exact_in(x, y, first, rate).unwrap().amount_out;
		let two = exact_in(x + first, y - one, dx - first, rate).unwrap().amount_out;
		prop_assert!(one + two <= whole);
	}

	/// `amount_in` asks enough, and one unit less would not do.
	#[test]
	fn amount_in_is_the_least_that_buys((x, y, dy) in pool_and_purchase()) {
		if let Ok(dx) = amount_in(x, y, dy) {
			prop_assert!(amount_out(x, y, dx).unwrap() >= dy);
			prop_assert!(amount_out(x, y, dx - 1).unwrap() < dy);
		} else {
			// Refused only if the reserve could not take it: the most it can take buys less.
			prop_assert!(amount_out(x, y, u64::MAX - x).unwrap() < dy);
		}
	}

	/// `exact_out` asks enough, fee and all, and one unit less would not do.
	#[test]
	fn exact_out_is_the_least_that_buys((x, y, dy) in pool_and_purchase(), rate in fee_rate()) {
		match exact_out(x, y, dy, rate) {
			Ok(trade) => {
				let same = exact_in(x, y, trade.amount_in, rate).unwrap();
				prop_assert_eq!(trade.fee, same.fee);
				prop_assert_eq!(trade.amount_out, dy);
				prop_assert!(same.amount_out >= dy);
				if trade.amount_in > 1 {
					let less = exact_in(x, y, trade.amount_in - 1, rate).unwrap();
					prop_assert!(less.amount_out < dy);
				}
			},
			Err(MathError::InvalidParameter) => prop_assert_eq!(rate, Perbill::one()),
			Err(error) => {
				prop_assert_eq!(error, MathError::Overflow);
				prop_assert!(exact_in(x, y, u64::MAX - x, rate).unwrap().amount_out < dy);
			},
		}
	}

	/// Paying more never buys less.
	#[test]
	fn more_in_is_never_less_out(
		x in reserve(), y in reserve(), dx in payment(), rate in fee_rate(),
	) {
		let trade = exact_in(x, y, dx, rate).unwrap();
		let more = exact_in(x, y, dx + 1, rate).unwrap();
		prop_assert!(more.amount_out >= trade.amount_out);
	}

	/// In exact rationals: the payout is below by less than one unit, the price above, and the fee
	/// above.
	#[test]
	fn trades_differ_from_exact_ones_by_less_than_a_unit(
		x in reserve(), y in reserve(), dx in payment(), rate in fee_rate(),
	) {
		let exact = q(y) * q(dx) / (q(x) + q(dx));
		prop_assert!(is_floor(amount_out(x, y, dx).unwrap(), &exact));

		let trade = exact_in(x, y, dx, rate).unwrap();
		let fee = q(dx) * q(rate.deconstruct()) / q(1_000_000_000);
		prop_assert_eq!(q(trade.fee), fee.ceil());
		let net = q(dx - trade.fee);
		prop_assert!(is_floor(trade.amount_out, &(q(y) * &net / (q(x) + net))));
	}

	#[test]
	fn amount_in_is_above_the_exact_one_by_less_than_a_unit((x, y, dy) in pool_and_purchase()) {
		if let Ok(dx) = amount_in(x, y, dy) {
			let exact = q(x) * q(dy) / q(y - dy);
			prop_assert_eq!(q(dx), exact.ceil());
		}
	}
}
