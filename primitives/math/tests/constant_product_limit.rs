//! `constant_product`: the most that may be paid in until the price reaches a limit.

mod exact;

use dtao_math::{
	constant_product::{
		exact_in, most_in_to_floor_price, most_in_to_price, ConstantProduct, Curve, PRICE_ACCURACY,
	},
	MathError,
};
use exact::{amount, q};
use num_rational::BigRational;
use proptest::prelude::*;
use sp_arithmetic::Perbill;

const NO_FEE: Perbill = Perbill::from_parts(0);

#[test]
fn purchases_match_hand_worked_limits() {
	let one = PRICE_ACCURACY;
	// (reserve_in, reserve_out, fee in %, limit) => most in
	let limits = [
		((1_000, 1_000, 0, 4 * one), 1_000),       // 2 000 / 500.
		((1_000, 4_000, 0, one), 1_000),           // 2 000 / 2 000, exactly.
		((1_000, 1_000, 0, one), 0),               // At the limit already: 1 001 / 1 000 is above.
		((1_000, 1_000, 0, one + one / 1_000), 1), // 1 001 / 1 000, as one unit buys nothing.
		((1_000, 999, 0, one), 0),                 // Over the limit already.
		((1_000, 1_000, 100, 2 * one), 1_000),     // All is fee: 2 000 / 1 000.
		((1_000, 1_000, 0, 0), 0),                 // No price is that low.
		((1, 1, 0, u128::MAX), u64::MAX - 1),      // Nothing binds but the type.
	];
	for ((x, y, fee, limit), most) in limits {
		let fee = Perbill::from_percent(fee);
		assert_eq!(most_in_to_price(x, y, fee, limit), Ok(most), "({x}, {y}), {fee:?}, {limit}");
	}
}

#[test]
fn sales_match_hand_worked_limits() {
	let one = PRICE_ACCURACY;
	// (reserve_in, reserve_out, fee in %, limit) => most in
	let limits = [
		((1_000, 1_000, 0, one / 4), 1_000),   // 500 / 2 000.
		((1_000, 1_000, 0, one), 0),           // At the limit already.
		((1_000, 999, 0, one), 0),             // Below the limit already.
		((1_000, 1_000, 100, one / 2), 1_000), // All is fee: 1 000 / 2 000.
		((1_000, 1_000, 0, 0), u64::MAX - 1_000),
	];
	for ((x, y, fee, limit), most) in limits {
		let fee = Perbill::from_percent(fee);
		let found = most_in_to_floor_price(x, y, fee, limit);
		assert_eq!(found, Ok(most), "({x}, {y}), {fee:?}, {limit}");
	}
}

#[test]
fn an_empty_pool_has_no_limit() {
	for (x, y) in [(0, 1), (1, 0)] {
		assert_eq!(most_in_to_price(x, y, NO_FEE, 1), Err(MathError::EmptyPool));
		assert_eq!(most_in_to_floor_price(x, y, NO_FEE, 0), Err(MathError::EmptyPool));
	}
}

/// One side of the market, and the limit of the other side's price.
#[derive(Clone, Copy, Debug)]
enum Side {
	Buy,
	Sell,
}

impl Side {
	fn most_in(self, x: u64, y: u64, fee: Perbill, limit: u128) -> u64 {
		match self {
			Self::Buy => ConstantProduct::most_in_to_price(x, y, fee, limit),
			Self::Sell => ConstantProduct::most_in_to_floor_price(x, y, fee, limit),
		}
		.unwrap()
	}

	/// Whether a trade of `dx` leaves the price within `limit`, in exact rationals.
	fn keeps(self, x: u64, y: u64, fee: Perbill, limit: u128, dx: u64) -> bool {
		let dy = if dx == 0 { 0 } else { exact_in(x, y, dx, fee).unwrap().amount_out };
		let limit = BigRational::new(limit.into(), PRICE_ACCURACY.into());
		let (x, y) = (q(x) + q(dx), q(y) - q(dy));
		match self {
			Self::Buy => x / y <= limit,
			Self::Sell => y / x >= limit,
		}
	}

	/// Never across the limit; and if `exact`, one unit more would cross it.
	fn check(self, x: u64, y: u64, fee: Perbill, limit: u128, exact: bool) -> Result<(), String> {
		let dx = self.most_in(x, y, fee, limit);
		let case = || format!("{self:?} ({x}, {y}), {fee:?}, limit {limit}: {dx}");
		if dx > 0 && !self.keeps(x, y, fee, limit, dx) {
			return Err(format!("{} crosses", case()));
		}
		if exact && dx < u64::MAX - x && self.keeps(x, y, fee, limit, dx + 1) {
			return Err(format!("{} is not the most", case()));
		}
		Ok(())
	}
}

/// Each corner of the range, one and a few units from it, against each other.
#[test]
fn the_limit_is_exact_at_every_corner() {
	let reserves = [1, 2, 3, 999, 1_000_000, 1_000_003, 1 << 32, 21_000_000_000_000_000, 1 << 62];
	let limits: Vec<u128> = (0..128)
		.flat_map(|bit| [(1_u128 << bit) - 1, 1 << bit, (1 << bit) + 1])
		.chain((0..37).map(|digits| 10_u128.pow(digits)))
		.collect();
	for (x, y) in reserves.iter().flat_map(|x| reserves.iter().map(move |y| (*x, *y))) {
		for parts in [0, 1, 500_000, 10_000_000, 100_000_000] {
			for limit in &limits {
				for side in [Side::Buy, Side::Sell] {
					side.check(x, y, Perbill::from_parts(parts), *limit, true).unwrap();
				}
			}
		}
	}
}

/// The same answer by halving the range sixty-four times.
fn by_bisection(side: Side, x: u64, y: u64, fee: Perbill, limit: u128) -> u64 {
	let (mut keeps, mut crosses) = (0, u128::from(u64::MAX - x) + 1);
	while crosses - keeps > 1 {
		let middle = (keeps + crosses) / 2;
		match side.keeps(x, y, fee, limit, middle.try_into().unwrap()) {
			true => keeps = middle,
			false => crosses = middle,
		}
	}
	keeps.try_into().unwrap()
}

fn reserve() -> impl Strategy<Value = u64> {
	amount().prop_map(|amount| (amount >> 1).max(1))
}

/// Limits of every size, and limits within a few per cent of the pool's own price.
fn limit(x: u64, y: u64, side: Side) -> impl Strategy<Value = u128> {
	let (tao, alpha) = match side {
		Side::Buy => (x, y),
		Side::Sell => (y, x),
	};
	let spot = u128::from(tao) * PRICE_ACCURACY / u128::from(alpha);
	prop_oneof![
		(0..u128::BITS, any::<u128>()).prop_map(|(shift, bits)| bits >> shift),
		(90..=110_u128, -3..=3_i128)
			.prop_map(move |(percent, off)| { (spot / 100 * percent).saturating_add_signed(off) }),
		(1..=1_000_u128).prop_map(move |times| spot.saturating_mul(times)),
		(1..=1_000_u128).prop_map(move |part| spot / part),
	]
}

fn case() -> impl Strategy<Value = (Side, u64, u64, u128)> {
	(prop_oneof![Just(Side::Buy), Just(Side::Sell)], reserve(), reserve())
		.prop_flat_map(|(side, x, y)| (Just(side), Just(x), Just(y), limit(x, y, side)))
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(20_000))]

	/// At any fee up to 10 %, ten times what the chain allows, the limit is met exactly.
	#[test]
	fn the_limit_is_never_crossed_and_one_more_would(
		(side, x, y, limit) in case(), parts in 0..=100_000_000_u32,
	) {
		side.check(x, y, Perbill::from_parts(parts), limit, true).map_err(TestCaseError::fail)?;
	}

	/// At an absurd fee the answer may be short of the limit, never across it.
	#[test]
	fn the_limit_is_never_crossed_at_any_fee(
		(side, x, y, limit) in case(), parts in 0..=1_000_000_000_u32,
	) {
		side.check(x, y, Perbill::from_parts(parts), limit, false).map_err(TestCaseError::fail)?;
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_024))]

	#[test]
	fn the_closed_form_agrees_with_bisection(
		(side, x, y, limit) in case(), parts in 0..=100_000_000_u32,
	) {
		let fee = Perbill::from_parts(parts);
		prop_assert_eq!(side.most_in(x, y, fee, limit), by_bisection(side, x, y, fee, limit));
	}

	/// A higher limit never lets a purchase pay less, nor a sale more.
	#[test]
	fn the_most_is_monotone_in_the_limit(
		(side, x, y, limit) in case(), parts in 0..=10_000_000_u32,
	) {
		prop_assume!(limit < u128::MAX);
		let fee = Perbill::from_parts(parts);
		let (low, high) = (side.most_in(x, y, fee, limit), side.most_in(x, y, fee, limit + 1));
		match side {
			Side::Buy => prop_assert!(low <= high),
			Side::Sell => prop_assert!(low >= high),
		}
	}
}
