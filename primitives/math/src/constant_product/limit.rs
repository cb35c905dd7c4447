//! How much a trade may pay before the price reaches a limit.
//!
//! The price meant is the marginal one, the quotient of the reserves **after** the trade, with
//! the fee retained in the pool: the price that whoever comes next finds.

use super::{ensure_liquid, exact_in, exact_out};
use crate::{wide::div_u256, MathError, Rounding};
use primitive_types::U256;
use sp_arithmetic::{PerThing, Perbill};

/// One, as a price: prices carry 18 decimals, as `FixedU128` does.
pub const PRICE_ACCURACY: u128 = 1_000_000_000_000_000_000;

/// Most steps from the root in real numbers to the one in integers.
///
/// A step is at least one unit of input and at least one of output. With a fee of at most 10 % the
/// two roots are less than five such steps apart (`docs/math.md` § 3.5), and two steps were enough
/// in every test; the rest is margin, and costs nothing where it is not used.
const MOST_CORRECTIONS: usize = 8;

/// The most that may be paid in until `reserve_in / reserve_out` reaches `limit`: for a purchase.
///
/// ```text
/// largest x with  (reserve_in + x) / (reserve_out − out(x)) ≤ limit,  out as in `exact_in`
/// ```
///
/// - `reserve_in`, `reserve_out`: the TAO and the ALPHA reserve before the trade, in base units.
/// - `fee_rate`: the fee as a part of what is paid; exact up to 10 %, never too much above.
/// - `limit`: the highest price, TAO per ALPHA, with 18 decimals ([`PRICE_ACCURACY`]).
///
/// The result is gross, fee included. The limit is never crossed, and one unit more would cross
/// it. Zero if the price already is at the limit or above. Where no limit binds, it is what the
/// reserve's type can still take, `u64::MAX − reserve_in`.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if either reserve is zero.
///
/// # Example
///
/// ```
/// # use dtao_math::constant_product::{most_in_to_price, PRICE_ACCURACY};
/// # use sp_arithmetic::Perbill;
/// // Doubling what is paid in halves the other side: the price goes from 1 to 4.
/// assert_eq!(most_in_to_price(1_000, 1_000, Perbill::zero(), 4 * PRICE_ACCURACY), Ok(1_000));
/// ```
///
/// Source: `docs/math.md` § 3.5.
pub fn most_in_to_price(
	reserve_in: u64,
	reserve_out: u64,
	fee_rate: Perbill,
	limit: u128,
) -> Result<u64, MathError> {
	let bound = Bound { numerator: limit, denominator: PRICE_ACCURACY };
	most_in(reserve_in, reserve_out, fee_rate, bound)
}

/// The most that may be paid in until `reserve_out / reserve_in` falls to `limit`: for a sale.
///
/// ```text
/// largest x with  (reserve_out − out(x)) / (reserve_in + x) ≥ limit,  out as in `exact_in`
/// ```
///
/// - `reserve_in`, `reserve_out`: the ALPHA and the TAO reserve before the trade, in base units.
/// - `fee_rate`: the fee as a part of what is paid; exact up to 10 %, never too much above.
/// - `limit`: the lowest price, TAO per ALPHA, with 18 decimals ([`PRICE_ACCURACY`]).
///
/// The result is gross, fee included. The limit is never crossed, and one unit more would cross
/// it. Zero if the price already is at the limit or below. Where no limit binds, as with a limit
/// of zero, it is what the reserve's type can still take, `u64::MAX − reserve_in`.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if either reserve is zero.
///
/// # Example
///
/// ```
/// # use dtao_math::constant_product::{most_in_to_floor_price, PRICE_ACCURACY};
/// # use sp_arithmetic::Perbill;
/// // Doubling what is paid in halves the other side: the price goes from 1 to 1/4.
/// let limit = PRICE_ACCURACY / 4;
/// assert_eq!(most_in_to_floor_price(1_000, 1_000, Perbill::zero(), limit), Ok(1_000));
/// ```
///
/// Source: `docs/math.md` § 3.5.
pub fn most_in_to_floor_price(
	reserve_in: u64,
	reserve_out: u64,
	fee_rate: Perbill,
	limit: u128,
) -> Result<u64, MathError> {
	let bound = Bound { numerator: PRICE_ACCURACY, denominator: limit };
	most_in(reserve_in, reserve_out, fee_rate, bound)
}

/// The highest `reserve_in / reserve_out` that a trade may leave, as a fraction. A denominator of
/// zero bounds nothing.
#[derive(Clone, Copy)]
struct Bound {
	numerator: u128,
	denominator: u128,
}

impl Bound {
	/// The largest integer `reserve_in` that keeps the bound beside this `reserve_out`.
	fn most_reserve_in(self, reserve_out: u64) -> Result<U256, MathError> {
		let product = U256::from(self.numerator)
			.checked_mul(U256::from(reserve_out))
			.ok_or(MathError::Overflow)?;
		div_u256(product, U256::from(self.denominator), Rounding::Down)
	}

	/// The most that may be paid in if the trade is paid `amount_out`.
	fn most_in(self, reserve_in: u64, reserve_out: u64, amount_out: u64) -> Result<u64, MathError> {
		let left = reserve_out.checked_sub(amount_out).ok_or(MathError::InsufficientReserve)?;
		let most_reserve = self.most_reserve_in(left)?.min(U256::from(u64::MAX));
		let most_reserve = u64::try_from(most_reserve).map_err(|_| MathError::Overflow)?;
		most_reserve.checked_sub(reserve_in).ok_or(MathError::Overflow)
	}
}

/// Both limits at once: the largest `x` that leaves `(reserve_in + x) / (reserve_out − out(x))`
/// within `bound`. The quotient rises with `x`, so there is exactly one.
fn most_in(
	reserve_in: u64,
	reserve_out: u64,
	fee_rate: Perbill,
	bound: Bound,
) -> Result<u64, MathError> {
	ensure_liquid(reserve_in, reserve_out)?;
	let most_fitting = u64::MAX.checked_sub(reserve_in).ok_or(MathError::Overflow)?;
	if bound.denominator == 0 {
		return Ok(most_fitting);
	}

	// What the reserve could grow by if nothing were paid out.
	let slack = bound
		.most_reserve_in(reserve_out)?
		.checked_sub(U256::from(reserve_in))
		.filter(|slack| !slack.is_zero());
	let Some(slack) = slack else { return Ok(0) };

	let mut most = real_root(reserve_in, slack, fee_rate)?.min(most_fitting);
	for _ in 0..MOST_CORRECTIONS {
		// `most` keeps the bound. Until a further unit is paid out, so does all up to `level`.
		let amount_out = paid_out(reserve_in, reserve_out, most, fee_rate)?;
		let level = bound.most_in(reserve_in, reserve_out, amount_out)?;
		let next = amount_out
			.checked_add(1)
			.and_then(|further| exact_out(reserve_in, reserve_out, further, fee_rate).ok());
		let Some(next) = next.map(|trade| trade.amount_in).filter(|next| *next <= level) else {
			return Ok(level);
		};
		// The next unit can be reached, but it lowers the level. Does it still pass?
		let amount_out = paid_out(reserve_in, reserve_out, next, fee_rate)?;
		match bound.most_in(reserve_in, reserve_out, amount_out) {
			Ok(level) if next <= level => most = next,
			_ => return next.checked_sub(1).ok_or(MathError::Overflow),
		}
	}
	Ok(most)
}

/// What the pool pays for `amount_in`, which may be zero.
fn paid_out(
	reserve_in: u64,
	reserve_out: u64,
	amount_in: u64,
	fee_rate: Perbill,
) -> Result<u64, MathError> {
	match amount_in {
		0 => Ok(0),
		_ => exact_in(reserve_in, reserve_out, amount_in, fee_rate).map(|trade| trade.amount_out),
	}
}

/// The root of the bound in real numbers, rounded down.
///
/// ```text
/// (1 − φ)·x² + (2 − φ)·r·x = r·slack      r = reserve_in, φ = fee_rate
/// x = ⌊ 2c / (b + ⌊√(b² + 4ac)⌋ + 1) ⌋    a = 1 − φ, b = (2 − φ)·r, c = r·slack, all · 10⁹
/// ```
///
/// This form of the root divides by no `a` and subtracts nothing, so it is good at any fee. It
/// never exceeds the root in integers, whose trade pays out less.
fn real_root(reserve_in: u64, slack: U256, fee_rate: Perbill) -> Result<u64, MathError> {
	// Capped so that nothing below passes 2²⁵⁵. At the cap the root exceeds `u64::MAX` anyhow.
	let slack = slack.min(U256::from(u128::MAX));
	let reserve_in = U256::from(reserve_in);
	let one = U256::from(Perbill::ACCURACY);
	let a = U256::from(fee_rate.left_from_one().deconstruct());

	let b = checked(a.checked_add(one))?;
	let b = checked(b.checked_mul(reserve_in))?;
	let c = checked(one.checked_mul(reserve_in))?;
	let c = checked(c.checked_mul(slack))?;

	let discriminant = checked(a.checked_mul(c))?;
	let discriminant = checked(discriminant.checked_mul(U256::from(4)))?;
	let discriminant = checked(discriminant.checked_add(checked(b.checked_mul(b))?))?;
	let root_above = checked(discriminant.integer_sqrt().checked_add(U256::one()))?;

	let numerator = checked(c.checked_mul(U256::from(2)))?;
	let denominator = checked(b.checked_add(root_above))?;
	let x = div_u256(numerator, denominator, Rounding::Down)?.min(U256::from(u64::MAX));
	u64::try_from(x).map_err(|_| MathError::Overflow)
}

/// An intermediate result of 256 bits that fits.
fn checked(value: Option<U256>) -> Result<U256, MathError> {
	value.ok_or(MathError::Overflow)
}
