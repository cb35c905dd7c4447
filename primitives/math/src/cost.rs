//! What registering costs: a subnet, or a seat in one.
//!
//! Both prices rise with each registration and fall in quiet. A price is what the payer pays, so
//! each is rounded up.

use crate::{wide::mul_div, MathError, Rounding};

/// What locking in a new subnet costs.
///
/// ```text
/// max( min, 2 · last_paid − ⌊ last_paid · blocks_since / interval ⌋ )
/// ```
///
/// - `last_paid`: what the last registration paid, in rao.
/// - `blocks_since`: blocks since then.
/// - `interval`: blocks in which the price falls by `last_paid`, at least one.
/// - `min`: the least it ever costs, in rao.
///
/// It doubles at once, is back after `interval` blocks, and would be zero after twice as many.
/// Never below `min`, however long the quiet. Rounded up, at the payer's cost.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `interval` is zero.
/// - [`MathError::Overflow`] if the cost exceeds [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::cost::lock_cost;
/// assert_eq!(lock_cost(1_000, 0, 100, 10), Ok(2_000));
/// assert_eq!(lock_cost(1_000, 100, 100, 10), Ok(1_000));
/// assert_eq!(lock_cost(1_000, 200, 100, 10), Ok(10));
/// ```
///
/// Source: `docs/math.md` § 11.
pub fn lock_cost(
	last_paid: u64,
	blocks_since: u64,
	interval: u64,
	min: u64,
) -> Result<u64, MathError> {
	let fallen = mul_div(last_paid.into(), blocks_since.into(), interval.into(), Rounding::Down)?;
	let doubled = u128::from(last_paid).checked_mul(2).ok_or(MathError::Overflow)?;
	match doubled.checked_sub(fallen) {
		Some(cost) => u64::try_from(cost.max(min.into())).map_err(|_| MathError::Overflow),
		// The quiet was so long that the line has passed zero.
		None => Ok(min),
	}
}

/// What registering a neuron costs after a quiet of `blocks_since`.
///
/// ```text
/// n = ⌊ blocks_since / half_life ⌋,  r = blocks_since mod half_life
/// high = last >> n,  low = last >> (n + 1)
/// clamp( high − ⌊ (high − low) · r / half_life ⌋, min, max )
/// ```
///
/// - `last`: the price that the quiet began with, in rao.
/// - `blocks_since`: blocks since then.
/// - `half_life`: blocks in which the price halves, at least one.
/// - `min`, `max`: the bounds of the result, in rao, `min` at most `max`.
///
/// At each whole half-life the price has halved, rounded down; between two of them it falls on a
/// straight line, rounded up. So it never rises with `blocks_since`, and is never below the true
/// exponential by more than a unit nor above it by more than 6.2 %.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `half_life` is zero or `min` exceeds `max`.
///
/// # Example
///
/// ```
/// # use dtao_math::cost::neuron_cost;
/// assert_eq!(neuron_cost(1_000, 0, 360, 1, 10_000), Ok(1_000));
/// assert_eq!(neuron_cost(1_000, 180, 360, 1, 10_000), Ok(750));
/// assert_eq!(neuron_cost(1_000, 360, 360, 1, 10_000), Ok(500));
/// ```
///
/// Source: `docs/math.md` § 11.
pub fn neuron_cost(
	last: u64,
	blocks_since: u32,
	half_life: u32,
	min: u64,
	max: u64,
) -> Result<u64, MathError> {
	let halvings = blocks_since.checked_div(half_life).ok_or(MathError::InvalidParameter)?;
	let since_halving = blocks_since.checked_rem(half_life).ok_or(MathError::InvalidParameter)?;

	// A shift by all of its bits leaves nothing.
	let high = last.checked_shr(halvings).unwrap_or(0);
	let low = high / 2;
	let span = high.checked_sub(low).ok_or(MathError::Overflow)?;
	let fallen = mul_div(span.into(), since_halving.into(), half_life.into(), Rounding::Down)?;
	let cost = u128::from(high).checked_sub(fallen).ok_or(MathError::Overflow)?;
	clamp(cost, min, max)
}

/// What registering the next neuron costs once `paid` has been paid.
///
/// ```text
/// clamp( ⌈ paid · numerator / denominator ⌉, min, max )
/// ```
///
/// - `paid`: what the last registration paid, in rao.
/// - `numerator`, `denominator`: the factor that the price rises by, at least one in all.
/// - `min`, `max`: the bounds of the result, in rao, `min` at most `max`.
///
/// Rounded up, at the cost of whoever registers next.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `denominator` is zero, if the factor is below one, or if
///   `min` exceeds `max`.
///
/// # Example
///
/// ```
/// # use dtao_math::cost::neuron_cost_after;
/// assert_eq!(neuron_cost_after(1_000, 126, 100, 1, 10_000), Ok(1_260));
/// assert_eq!(neuron_cost_after(9_000, 126, 100, 1, 10_000), Ok(10_000));
/// ```
///
/// Source: `docs/math.md` § 11.
pub fn neuron_cost_after(
	paid: u64,
	numerator: u64,
	denominator: u64,
	min: u64,
	max: u64,
) -> Result<u64, MathError> {
	if numerator < denominator {
		return Err(MathError::InvalidParameter);
	}
	let cost = mul_div(paid.into(), numerator.into(), denominator.into(), Rounding::Up)?;
	clamp(cost, min, max)
}

/// `cost` within its bounds.
fn clamp(cost: u128, min: u64, max: u64) -> Result<u64, MathError> {
	if min > max {
		return Err(MathError::InvalidParameter);
	}
	u64::try_from(cost.min(max.into()).max(min.into())).map_err(|_| MathError::Overflow)
}
