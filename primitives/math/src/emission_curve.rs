//! How much a block makes, given how much there is.
//!
//! One curve serves TAO and every subnet's ALPHA. It follows the issuance, not the calendar: what
//! is recycled turns the clock back. The comparisons are exact integers, with no logarithm.

/// The most there will ever be: 21 million tokens, in base units.
pub const CAP: u64 = 21_000_000_000_000_000;

/// What a block makes before the first halving: one token, in base units.
pub const BASE: u64 = 1_000_000_000;

/// What [`halvings`] answers once nothing is left to make.
pub const SPENT: u32 = u64::BITS;

/// How often the emission has halved at this issuance.
///
/// ```text
/// largest n with  issuance · 2ⁿ ≥ CAP · (2ⁿ − 1),  that is  (CAP − issuance) · 2ⁿ ≤ CAP
/// ```
///
/// - `issuance`: what exists, in base units.
///
/// Each half of what is left to make is one step: 0 below half of [`CAP`], 1 up to three
/// quarters, and so on to 54 at one unit below the cap. At the cap or above, where every `n`
/// passes, it is [`SPENT`].
///
/// # Example
///
/// ```
/// # use dtao_math::emission_curve::{halvings, CAP};
/// assert_eq!(halvings(CAP / 2 - 1), 0);
/// assert_eq!(halvings(CAP / 2), 1);
/// ```
///
/// Source: `docs/math.md` § 5.
pub fn halvings(issuance: u64) -> u32 {
	// 2ⁿ ≤ CAP / left is 2ⁿ ≤ ⌊CAP / left⌋, for 2ⁿ is an integer.
	CAP.checked_sub(issuance)
		.and_then(|left| CAP.checked_div(left))
		.and_then(u64::checked_ilog2)
		.unwrap_or(SPENT)
}

/// What the next block makes at this issuance.
///
/// ```text
/// min( BASE >> halvings(issuance), CAP − issuance ),  0 at the cap or above
/// ```
///
/// - `issuance`: what exists, in base units.
///
/// The shift rounds down; what is not made is left for later blocks. Past the thirtieth halving
/// the shift leaves nothing, so the last `⌊CAP / 2³⁰⌋` base units (0.02 tokens) are never made.
/// With these constants the minimum never binds: what is left exceeds `CAP >> (n + 1)`. It stands
/// so that no change of [`BASE`] can pass the cap.
///
/// # Example
///
/// ```
/// # use dtao_math::emission_curve::{block_emission, BASE, CAP};
/// assert_eq!(block_emission(0), BASE);
/// assert_eq!(block_emission(CAP / 2), BASE / 2);
/// assert_eq!(block_emission(CAP), 0);
/// ```
///
/// Source: `docs/math.md` § 5.
pub fn block_emission(issuance: u64) -> u64 {
	let Some(left) = CAP.checked_sub(issuance) else { return 0 };
	BASE.checked_shr(halvings(issuance)).unwrap_or(0).min(left)
}
