//! By what a block's TAO is shared among subnets.
//!
//! A rule turns what is known of each subnet into a weight; [`mod@crate::apportion`] turns the
//! weights into TAO. Nothing here is money, so a rounding shifts a share and makes none.

use crate::{wide::mul_div, MathError, Rounding};

/// The largest flow maps to this before it is raised to a power: `2²⁸ − 1`.
///
/// Its fourth power is below 2¹¹², so 4 096 subnets' weights sum to less than 2¹²⁴.
pub const FLOW_SCALE: u128 = (1 << 28) - 1;

/// The highest power that a flow may be raised to.
pub const MAX_FLOW_POWER: u8 = 4;

/// What the rules know of a subnet, as the previous block closed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signal {
	/// The TAO in its pool, in rao.
	pub tao: u64,
	/// The moving average of its price, in Q64.
	pub price_ema: u128,
	/// The moving average of what users staked minus unstaked, in 2⁻³² rao a block.
	pub flow: i128,
}

/// How a block's TAO is shared among subnets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmissionRule {
	/// By the TAO in each pool: 30 % of all of it earns 30 % of the emission.
	#[default]
	TaoReserve,
	/// By the moving average of each price.
	PriceEma,
	/// By the moving average of each net flow.
	FlowEma {
		/// Flows at or below it weigh nothing, in 2⁻³² rao a block. At a low enough cutoff only
		/// the lowest flow does.
		cutoff: i128,
		/// What a flow is raised to: 1 for proportion, up to [`MAX_FLOW_POWER`] to favour the
		/// largest.
		power: u8,
	},
}

/// The weight of each subnet under `rule`.
///
/// ```text
/// TaoReserve  wᵢ = taoᵢ
/// PriceEma    wᵢ = price_emaᵢ
/// FlowEma     L  = max(cutoff, min(0, minⱼ fⱼ))
///             zᵢ = max(fᵢ − L, 0)
///             yᵢ = ⌊ zᵢ · (2²⁸ − 1) / max z ⌋
///             wᵢ = yᵢ ^ power
/// ```
///
/// - `signals`: one a subnet.
/// - `out`: one a subnet, without unit, in the same order; overwritten.
///
/// If every weight is zero, the weights are those of [`EmissionRule::TaoReserve`]. They can still
/// all be zero, if every pool is.
///
/// # Errors
///
/// On an error `out` holds nothing of use.
///
/// - [`MathError::InvalidParameter`] if `out` and `signals` differ in length, or if a power is
///   not 1 to [`MAX_FLOW_POWER`].
/// - [`MathError::Overflow`] if the distance of a flow from `L` exceeds an `i128`.
///
/// # Example
///
/// ```
/// # use dtao_math::emission_rule::{weights, EmissionRule, Signal};
/// let signals = [
///     Signal { tao: 30, price_ema: 2, ..Default::default() },
///     Signal { tao: 70, price_ema: 1, ..Default::default() },
/// ];
/// let mut out = [0; 2];
/// weights(EmissionRule::TaoReserve, &signals, &mut out).unwrap();
/// assert_eq!(out, [30, 70]);
/// weights(EmissionRule::PriceEma, &signals, &mut out).unwrap();
/// assert_eq!(out, [2, 1]);
/// ```
///
/// Source: `docs/math.md` § 8.
pub fn weights(rule: EmissionRule, signals: &[Signal], out: &mut [u128]) -> Result<(), MathError> {
	if signals.len() != out.len() {
		return Err(MathError::InvalidParameter);
	}
	match rule {
		EmissionRule::TaoReserve => {},
		EmissionRule::PriceEma => {
			for (weight, signal) in out.iter_mut().zip(signals) {
				*weight = signal.price_ema;
			}
		},
		EmissionRule::FlowEma { cutoff, power } => flow_weights(cutoff, power, signals, out)?,
	}
	if rule == EmissionRule::TaoReserve || out.iter().all(|weight| *weight == 0) {
		for (weight, signal) in out.iter_mut().zip(signals) {
			*weight = signal.tao.into();
		}
	}
	Ok(())
}

/// The weights of [`EmissionRule::FlowEma`], which may all be zero.
fn flow_weights(
	cutoff: i128,
	power: u8,
	signals: &[Signal],
	out: &mut [u128],
) -> Result<(), MathError> {
	if !(1..=MAX_FLOW_POWER).contains(&power) {
		return Err(MathError::InvalidParameter);
	}
	let lowest = signals.iter().map(|signal| signal.flow).fold(0, i128::min);
	let level = cutoff.max(lowest);

	let mut highest = 0;
	for (weight, signal) in out.iter_mut().zip(signals) {
		let above = match signal.flow > level {
			true => signal.flow.checked_sub(level).ok_or(MathError::Overflow)?.unsigned_abs(),
			false => 0,
		};
		*weight = above;
		highest = above.max(highest);
	}
	if highest == 0 {
		return Ok(());
	}
	for weight in out.iter_mut() {
		*weight = mul_div(*weight, FLOW_SCALE, highest, Rounding::Down)?
			.checked_pow(power.into())
			.ok_or(MathError::Overflow)?;
	}
	Ok(())
}
