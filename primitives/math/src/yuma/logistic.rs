//! The logistic curve, in integers.

use super::ONE;

/// One, of what [`logistic`] returns.
pub const ONE_Q30: u64 = 1 << 30;

/// One, of an exponential.
const ONE_Q32: u64 = 1 << 32;

/// The lower half of a word.
const LOW: u64 = ONE_Q32 - 1;

/// `log₂ e / 2` in Q24, to the nearest.
const HALF_LOG2_E: u64 = 12_102_203;

/// `(ln 2)ᵏ / k!` in Q32 to the nearest, from `k = 8` down: the series of `2⁻ᶠ` but for its signs.
const SERIES: [u64; 9] = [
	5_676,
	65_510,
	661_577,
	5_726_720,
	41_309_550,
	238_388_332,
	1_031_764_991,
	2_977_044_472,
	4_294_967_296,
];

/// How far along a sigmoid from 0 to 1 a distance is, in Q30.
///
/// ```text
/// 1 / (1 + e^(−steepness · (distance − ½)))
/// ```
///
/// - `distance`: in parts of [`ONE`], at most one.
///
/// - `steepness`: how abruptly it rises around one half; at 0 it is one half throughout.
///
/// Off by less than 2⁻²⁴. Symmetric: the values at `x` and `1 − x` sum to one.
///
/// # Example
///
/// ```
/// # use dtao_math::yuma::{logistic, ONE, ONE_Q30};
/// assert_eq!(logistic(0, 10) + logistic(ONE, 10), ONE_Q30);
/// assert_eq!(logistic(0, 10), 7_186_395); // 0.669 285 %: 1 / (1 + e⁵).
/// ```
///
/// Source: `docs/math.md` § 17.
pub fn logistic(distance: u64, steepness: u8) -> u64 {
	let twice = distance.saturating_mul(2);
	// 32 bits, 8 and 24.
	let gap = (twice.abs_diff(ONE) >> 16).wrapping_mul(steepness.into());
	let exponent = gap.wrapping_mul(HALF_LOG2_E) >> 24;
	let odds = ONE_Q32.saturating_add(power_of_half(exponent));
	let above = (1_u64 << 62).checked_div(odds).unwrap_or_default();
	match twice >= ONE {
		true => above,
		false => ONE_Q30.saturating_sub(above),
	}
}

/// `2⁻ˣ` in Q32, for an `x` in Q32.
fn power_of_half(x: u64) -> u64 {
	let fraction = x & LOW;
	// Each step is one product of 32 bits by 33, and stays between zero and one: a term is greater
	// than the one before it, of which less than all is taken off.
	let power =
		SERIES.into_iter().reduce(|sum, term| term.wrapping_sub(fraction.wrapping_mul(sum) >> 32));
	let whole = u32::try_from(x >> 32).unwrap_or(u32::MAX);
	power.unwrap_or_default().checked_shr(whole).unwrap_or_default()
}
