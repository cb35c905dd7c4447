//! Moving averages with a half-life, of prices and of flows.
//!
//! A price is Q64: an integer count of 2⁻⁶⁴. A flow is a count of 2⁻³² rao. A rate is the part of
//! the distance to its target that an average covers in a block, a count of 2⁻⁶⁴. Every rounding
//! is towards the old value, so an average never passes its target.

use crate::{wide::mul_div, MathError, Rounding};

/// The natural logarithm of two, `⌊ln 2 · 2⁶⁴⌋`.
pub const LN2_Q64: u64 = 12_786_308_645_202_655_659;

/// One in Q64.
pub const ONE_Q64: u128 = 1 << 64;

/// One rao in the unit of a flow.
pub const ONE_FLOW: i128 = 1 << 32;

/// The rate of an average with this half-life.
///
/// ```text
/// rate = ⌊ ln 2 · 2⁶⁴ / half_life ⌋
/// ```
///
/// - `half_life`: in blocks, at least one. After as many, half of a step has been followed, to
///   within what `1 − ln 2 / h` differs from `2^(−1/h)`: 0.2 ppm at the default of 231 049.
///
/// Rounded down, towards the old value.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `half_life` is zero.
///
/// # Example
///
/// ```
/// # use dtao_math::ema::{rate, LN2_Q64};
/// assert_eq!(rate(1), Ok(LN2_Q64));
/// assert_eq!(rate(231_049), Ok(LN2_Q64 / 231_049));
/// ```
///
/// Source: `docs/math.md` § 7.
pub fn rate(half_life: u32) -> Result<u64, MathError> {
	LN2_Q64.checked_div(half_life.into()).ok_or(MathError::InvalidParameter)
}

/// The rate of an average that is still young: it starts at zero and grows to `rate`.
///
/// ```text
/// aged = ⌊ rate · age / (age + ramp) ⌋
/// ```
///
/// - `rate`: of an old average, in 2⁻⁶⁴.
/// - `age`: blocks since the average began.
/// - `ramp`: the age at which half of `rate` is reached, in blocks; zero for no ramp at all.
///
/// Rounded down, towards the old value.
///
/// # Errors
///
/// None: a part is never larger than its whole.
///
/// # Example
///
/// ```
/// # use dtao_math::ema::aged_rate;
/// assert_eq!(aged_rate(1_000, 0, 201_600), Ok(0));
/// assert_eq!(aged_rate(1_000, 201_600, 201_600), Ok(500));
/// assert_eq!(aged_rate(1_000, 0, 0), Ok(1_000));
/// ```
///
/// Source: `docs/math.md` § 7.
pub fn aged_rate(rate: u64, age: u32, ramp: u32) -> Result<u64, MathError> {
	if ramp == 0 {
		return Ok(rate);
	}
	let whole = u128::from(age).checked_add(ramp.into()).ok_or(MathError::Overflow)?;
	let aged = mul_div(rate.into(), age.into(), whole, Rounding::Down)?;
	u64::try_from(aged).map_err(|_| MathError::Overflow)
}

/// Move an average one block towards `target`.
///
/// ```text
/// ema ± ⌊ |target − ema| · rate / 2⁶⁴ ⌋
/// ```
///
/// - `ema`, `target`: in Q64, or any one unit.
/// - `rate`: in 2⁻⁶⁴, from [`rate`](fn@rate) or [`aged_rate`].
///
/// The result lies between `ema` and `target`. Rounded towards `ema`: within 2⁶⁴ / `rate` units of
/// the target it stands still.
///
/// # Errors
///
/// None: the result lies between two values that fit.
///
/// # Example
///
/// ```
/// # use dtao_math::ema::step;
/// assert_eq!(step(100, 200, 1 << 63), Ok(150));
/// assert_eq!(step(200, 101, 1 << 63), Ok(151)); // 49.5, rounded down
/// ```
///
/// Source: `docs/math.md` § 7.
pub fn step(ema: u128, target: u128, rate: u64) -> Result<u128, MathError> {
	let distance = mul_div(ema.abs_diff(target), rate.into(), ONE_Q64, Rounding::Down)?;
	let moved = match target >= ema {
		true => ema.checked_add(distance),
		false => ema.checked_sub(distance),
	};
	moved.ok_or(MathError::Overflow)
}

/// The price of a pool as an average sees it: in Q64, and at most one.
///
/// ```text
/// min( ⌊ tao · 2⁶⁴ / alpha ⌋, 2⁶⁴ )
/// ```
///
/// - `tao`, `alpha`: the reserves, in base units.
///
/// The cap keeps a price that was pumped for a block from entering the average whole. Rounded
/// down: nobody is paid by it.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if `alpha` is zero.
///
/// # Example
///
/// ```
/// # use dtao_math::ema::{capped_price_q64, ONE_Q64};
/// assert_eq!(capped_price_q64(1, 4), Ok(ONE_Q64 / 4));
/// assert_eq!(capped_price_q64(5, 4), Ok(ONE_Q64));
/// ```
///
/// Source: `docs/math.md` § 7.
pub fn capped_price_q64(tao: u64, alpha: u64) -> Result<u128, MathError> {
	if alpha == 0 {
		return Err(MathError::EmptyPool);
	}
	if tao >= alpha {
		return Ok(ONE_Q64);
	}
	mul_div(tao.into(), ONE_Q64, alpha.into(), Rounding::Down)
}

/// Move the average of a signed flow one block towards what flowed in that block.
///
/// ```text
/// flow + trunc( (net_flow · 2³² − flow) · rate / 2⁶⁴ )
/// ```
///
/// - `flow`: the average, in 2⁻³² rao a block.
/// - `net_flow`: staked minus unstaked in the block, in rao.
/// - `rate`: in 2⁻⁶⁴, from [`rate`](fn@rate).
///
/// The step is rounded towards zero, that is towards the old value, whichever its sign.
///
/// # Errors
///
/// - [`MathError::Overflow`] if `net_flow · 2³²`, or its distance from `flow`, exceeds an `i128`:
///   not reached by what exists, which is below 2⁵⁵ rao.
///
/// # Example
///
/// ```
/// # use dtao_math::ema::flow_step;
/// assert_eq!(flow_step(0, 10, 1 << 63), Ok(5 << 32));
/// assert_eq!(flow_step(0, -10, 1 << 63), Ok(-5 << 32));
/// ```
///
/// Source: `docs/math.md` § 7.
pub fn flow_step(flow: i128, net_flow: i128, rate: u64) -> Result<i128, MathError> {
	let target = net_flow.checked_mul(ONE_FLOW).ok_or(MathError::Overflow)?;
	let gap = target.checked_sub(flow).ok_or(MathError::Overflow)?;
	let distance = mul_div(gap.unsigned_abs(), rate.into(), ONE_Q64, Rounding::Down)?;
	let distance = i128::try_from(distance).map_err(|_| MathError::Overflow)?;
	let moved = match gap >= 0 {
		true => flow.checked_add(distance),
		false => flow.checked_sub(distance),
	};
	moved.ok_or(MathError::Overflow)
}
