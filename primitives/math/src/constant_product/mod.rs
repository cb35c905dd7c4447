//! The constant-product pool: `tao · alpha = k`.
//!
//! Products are widened before they are divided, so no step loses a bit it had. Each division
//! rounds in the pool's favour; the property `k_never_decreases` holds the module to that.
//!
//! A pool is two reserves. `reserve_in` is the one a trade pays into and `reserve_out` the one it
//! is paid from, so one set of formulas serves purchases and sales alike.

mod curve;
mod limit;

pub use curve::{ConstantProduct, Curve};
pub use limit::{most_in_to_floor_price, most_in_to_price, PRICE_ACCURACY};

use crate::{
	wide::{mul_div_u64, mul_rate},
	MathError, Rounding,
};
use sp_arithmetic::{PerThing, Perbill};

/// A trade that has been priced but not yet made.
#[must_use = "a priced trade moves nothing until it is applied"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
	/// All that the trader pays, fee included, in base units. All of it enters the reserve.
	pub amount_in: u64,
	/// The part of `amount_in` that buys nothing, in the same units. It stays in the pool.
	pub fee: u64,
	/// All that the trader is paid, in base units of the other side.
	pub amount_out: u64,
}

/// What the pool pays out for `net_in`, rounded down.
///
/// ```text
/// amount_out = ⌊ reserve_out · net_in / (reserve_in + net_in) ⌋
/// ```
///
/// - `reserve_in`, `reserve_out`: the reserves before the trade, in base units.
/// - `net_in`: what buys, in base units of `reserve_in`, fee already taken; may be zero.
///
/// The result is always below `reserve_out`: no trade empties a pool. The fraction of a unit that
/// is not paid stays in the pool.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if either reserve is zero.
/// - [`MathError::Overflow`] if `reserve_in + net_in` exceeds [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::constant_product::amount_out;
/// assert_eq!(amount_out(1_000, 4_000, 1_000), Ok(2_000));
/// ```
///
/// Source: `docs/math.md` § 3.1.
pub fn amount_out(reserve_in: u64, reserve_out: u64, net_in: u64) -> Result<u64, MathError> {
	ensure_liquid(reserve_in, reserve_out)?;
	let reserve_in_after = reserve_in.checked_add(net_in).ok_or(MathError::Overflow)?;
	mul_div_u64(reserve_out, net_in, reserve_in_after, Rounding::Down)
}

/// The least that buys `amount_out`, rounded up. The inverse of [`amount_out`](fn@amount_out).
///
/// ```text
/// amount_in = ⌈ reserve_in · amount_out / (reserve_out − amount_out) ⌉
/// ```
///
/// - `reserve_in`, `reserve_out`: the reserves before the trade, in base units.
/// - `amount_out`: what is bought, in base units of `reserve_out`; below `reserve_out`.
///
/// The result is net: the fee comes on top. The fraction of a unit that is overpaid stays in the
/// pool.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if either reserve is zero.
/// - [`MathError::InsufficientReserve`] unless `amount_out < reserve_out`.
/// - [`MathError::Overflow`] if the reserve that it enters would exceed [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::constant_product::amount_in;
/// assert_eq!(amount_in(1_000, 4_000, 2_000), Ok(1_000));
/// assert_eq!(amount_in(1_000, 4_000, 2_001), Ok(1_002)); // 1 001.0005…, rounded up
/// ```
///
/// Source: `docs/math.md` § 3.2.
pub fn amount_in(reserve_in: u64, reserve_out: u64, amount_out: u64) -> Result<u64, MathError> {
	ensure_liquid(reserve_in, reserve_out)?;
	let reserve_out_after = reserve_out
		.checked_sub(amount_out)
		.filter(|left| *left > 0)
		.ok_or(MathError::InsufficientReserve)?;
	let net_in = mul_div_u64(reserve_in, amount_out, reserve_out_after, Rounding::Up)?;
	reserve_in.checked_add(net_in).ok_or(MathError::Overflow)?;
	Ok(net_in)
}

/// Price a trade that pays exactly `amount_in`, fee included.
///
/// ```text
/// fee        = ⌈ fee_rate · amount_in ⌉
/// amount_out = ⌊ reserve_out · (amount_in − fee) / (reserve_in + amount_in − fee) ⌋
/// ```
///
/// - `reserve_in`, `reserve_out`: the reserves before the trade, in base units.
/// - `amount_in`: all that the trader pays, in base units of `reserve_in`; at least one.
/// - `fee_rate`: the fee as a part of `amount_in`.
///
/// Both roundings favour the pool. After the trade the reserves are `reserve_in + amount_in` and
/// `reserve_out − amount_out`. A trade too small to buy one unit has an `amount_out` of zero: it
/// is for the caller to refuse.
///
/// # Errors
///
/// - [`MathError::ZeroAmount`] if `amount_in` is zero.
/// - [`MathError::EmptyPool`] if either reserve is zero.
/// - [`MathError::Overflow`] if `reserve_in + amount_in` exceeds [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::constant_product::{exact_in, Trade};
/// # use sp_arithmetic::Perbill;
/// // One part in a hundred is fee: 990 of the 1 000 buy.
/// let trade = exact_in(10_000, 10_000, 1_000, Perbill::from_percent(1));
/// assert_eq!(trade, Ok(Trade { amount_in: 1_000, fee: 10, amount_out: 900 }));
/// ```
///
/// Source: `docs/math.md` § 3.3.
pub fn exact_in(
	reserve_in: u64,
	reserve_out: u64,
	amount_in: u64,
	fee_rate: Perbill,
) -> Result<Trade, MathError> {
	if amount_in == 0 {
		return Err(MathError::ZeroAmount);
	}
	ensure_liquid(reserve_in, reserve_out)?;
	reserve_in.checked_add(amount_in).ok_or(MathError::Overflow)?;

	let fee = mul_rate(fee_rate, amount_in, Rounding::Up)?;
	let net_in = amount_in.checked_sub(fee).ok_or(MathError::Overflow)?;
	let amount_out = amount_out(reserve_in, reserve_out, net_in)?;

	Ok(Trade { amount_in, fee, amount_out })
}

/// Price a trade that is paid exactly `amount_out`: the least gross input that buys it.
///
/// ```text
/// net       = ⌈ reserve_in · amount_out / (reserve_out − amount_out) ⌉
/// amount_in = ⌈ net / (1 − fee_rate) ⌉
/// fee       = ⌈ fee_rate · amount_in ⌉
/// ```
///
/// - `reserve_in`, `reserve_out`: the reserves before the trade, in base units.
/// - `amount_out`: what the trader is paid, in base units of `reserve_out`; at least one.
/// - `fee_rate`: the fee as a part of `amount_in`; below one.
///
/// It is exact: [`exact_in`] with one unit less buys less than `amount_out`. Where one unit of
/// input buys several of output, [`exact_in`] with this very input may buy more; what is more
/// stays in the pool, and [`Trade::amount_out`] is what was asked.
///
/// # Errors
///
/// - [`MathError::ZeroAmount`] if `amount_out` is zero.
/// - [`MathError::EmptyPool`] if either reserve is zero.
/// - [`MathError::InsufficientReserve`] unless `amount_out < reserve_out`.
/// - [`MathError::InvalidParameter`] if `fee_rate` is one: nothing could be bought.
/// - [`MathError::Overflow`] if `reserve_in + amount_in` exceeds [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::constant_product::{exact_out, Trade};
/// # use sp_arithmetic::Perbill;
/// let trade = exact_out(10_000, 10_000, 900, Perbill::from_percent(1));
/// assert_eq!(trade, Ok(Trade { amount_in: 1_000, fee: 10, amount_out: 900 }));
/// ```
///
/// Source: `docs/math.md` § 3.4.
pub fn exact_out(
	reserve_in: u64,
	reserve_out: u64,
	amount_out: u64,
	fee_rate: Perbill,
) -> Result<Trade, MathError> {
	if amount_out == 0 {
		return Err(MathError::ZeroAmount);
	}
	let net_in = amount_in(reserve_in, reserve_out, amount_out)?;

	// With x gross, ⌊(1 − φ)·x⌋ buys. That is at least `net_in` from ⌈net_in / (1 − φ)⌉ on.
	let accuracy = u64::from(Perbill::ACCURACY);
	let kept = u64::from(fee_rate.left_from_one().deconstruct());
	let amount_in = mul_div_u64(net_in, accuracy, kept, Rounding::Up)?;
	reserve_in.checked_add(amount_in).ok_or(MathError::Overflow)?;
	let fee = mul_rate(fee_rate, amount_in, Rounding::Up)?;

	Ok(Trade { amount_in, fee, amount_out })
}

/// A pool that lacks one side has no price.
fn ensure_liquid(reserve_in: u64, reserve_out: u64) -> Result<(), MathError> {
	if reserve_in == 0 || reserve_out == 0 {
		return Err(MathError::EmptyPool);
	}
	Ok(())
}
