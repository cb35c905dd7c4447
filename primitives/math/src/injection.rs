//! How a subnet's share of the block's TAO enters its pool.
//!
//! As much as the ALPHA base emission allows enters on both sides, which leaves the price where
//! it is. What is over buys ALPHA, which is recycled: the price rises. All of it is in the pool's
//! TAO at the end, whichever way it took.

use crate::{
	constant_product::{amount_in, amount_out},
	wide::mul_div,
	MathError, Rounding,
};

/// What one block's emission does to a pool.
///
/// `tao_with + tao_buy + tao_alone` is the subnet's emission, exactly. After it the reserves are
/// `tao + emission` and `alpha + alpha_in − alpha_bought`.
#[must_use = "an injection moves nothing until it is applied"]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Injection {
	/// ALPHA made for the pool, in atoms.
	pub alpha_in: u64,
	/// TAO that enters with it, at the pool's price, in rao.
	pub tao_with: u64,
	/// TAO of the chain buy, which pays no fee, in rao.
	pub tao_buy: u64,
	/// ALPHA that it buys, to be recycled, in atoms.
	pub alpha_bought: u64,
	/// TAO that could buy nothing and enters alone, in rao.
	pub tao_alone: u64,
}

/// Price the injection of `e` into a pool, without making it.
///
/// ```text
/// if ⌊e·alpha/tao⌋ ≤ cap:  alpha_in = ⌊e·alpha/tao⌋,  tao_with = e
/// else:                    alpha_in = cap,            tao_with = ⌈cap·tao/alpha⌉
///   then, against the reserves after that, with the rest of e:
///   alpha_bought = min( out(rest), alpha + cap − min_reserve )
///   tao_buy      = rest, or where that minimum clips, the least that buys alpha_bought
///   tao_alone    = what is left of e
/// ```
///
/// - `tao`, `alpha`: the reserves before, in base units.
/// - `e`: the subnet's part of the block's TAO, in rao; may be zero.
/// - `cap`: the most ALPHA to make for the pool, in atoms: the subnet's base emission.
/// - `min_reserve`: what the chain buy must leave in `alpha`, in atoms.
///
/// ALPHA made is rounded down and the TAO beside it up, so neither lowers the price by more than
/// the last unit; what is bought is rounded down. The pool gains each fraction.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if either reserve is zero.
/// - [`MathError::Overflow`] if a reserve after it would exceed [`u64::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::injection::{inject, Injection};
/// // 3 TAO for a pool at price 1 that may make 1 ALPHA: 1 enters with it and 2 buy.
/// let injection = inject(1_000, 1_000, 3, 1, 10).unwrap();
/// assert_eq!(injection.alpha_in, 1);
/// assert_eq!((injection.tao_with, injection.tao_buy, injection.alpha_bought), (1, 2, 1));
/// ```
///
/// Source: `docs/math.md` § 9.
pub fn inject(
	tao: u64,
	alpha: u64,
	e: u64,
	cap: u64,
	min_reserve: u64,
) -> Result<Injection, MathError> {
	if tao == 0 || alpha == 0 {
		return Err(MathError::EmptyPool);
	}
	tao.checked_add(e).ok_or(MathError::Overflow)?;

	let balanced = mul_div(e.into(), alpha.into(), tao.into(), Rounding::Down)?;
	if balanced <= cap.into() {
		let alpha_in = u64::try_from(balanced).map_err(|_| MathError::Overflow)?;
		alpha.checked_add(alpha_in).ok_or(MathError::Overflow)?;
		return Ok(Injection { alpha_in, tao_with: e, ..Injection::default() });
	}

	// Here e·alpha/tao ≥ cap + 1, so what enters beside `cap` is less than `e`.
	let tao_with = mul_div(cap.into(), tao.into(), alpha.into(), Rounding::Up)?;
	let tao_with = u64::try_from(tao_with).map_err(|_| MathError::Overflow)?;
	let rest = e.checked_sub(tao_with).ok_or(MathError::Overflow)?;
	let tao = tao.checked_add(tao_with).ok_or(MathError::Overflow)?;
	let alpha = alpha.checked_add(cap).ok_or(MathError::Overflow)?;

	let (tao_buy, alpha_bought) = chain_buy(tao, alpha, rest, min_reserve)?;
	let tao_alone = rest.checked_sub(tao_buy).ok_or(MathError::Overflow)?;
	Ok(Injection { alpha_in: cap, tao_with, tao_buy, alpha_bought, tao_alone })
}

/// What of `rest` buys, and what it buys, if `min_reserve` is to be left.
fn chain_buy(tao: u64, alpha: u64, rest: u64, min_reserve: u64) -> Result<(u64, u64), MathError> {
	let Some(most) = alpha.checked_sub(min_reserve) else { return Ok((0, 0)) };
	match amount_out(tao, alpha, rest)?.min(most) {
		0 => Ok((0, 0)),
		clipped if clipped == most => Ok((amount_in(tao, alpha, most)?, most)),
		bought => Ok((rest, bought)),
	}
}
