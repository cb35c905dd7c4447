//! Who gets the ALPHA that a subnet makes for its participants.
//!
//! Split by subtraction: each part is taken from what the parts before it left, and the last one
//! is the remainder, so that the parts sum to the whole at every share.

use crate::{
	wide::{mul_div, mul_rate},
	MathError, Rounding,
};
use sp_arithmetic::{PerThing, Perbill};

/// One, in the unit of [`root_factor`].
const ONE: u128 = 1 << 64;

/// A block's ALPHA for participants, by bucket. The four sum to what was split.
#[must_use = "a cut pays nobody until it is credited"]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
	/// The subnet's owner, in atoms.
	pub owner: u64,
	/// Its miners, in atoms.
	pub miners: u64,
	/// Its validators and their nominators, for ALPHA staked, in atoms.
	pub validators: u64,
	/// Root stakers, for the TAO they spread over the subnets, in atoms.
	pub root: u64,
}

/// Root's stake seen as ALPHA of one subnet.
///
/// ```text
/// G = ⌊ w · root · (e / e_total) · (alpha / tao) ⌋
/// ```
///
/// - `w`: the weight of a root TAO against a TAO's worth of ALPHA.
/// - `root`: the root TAO of the subnet's validators, in rao.
/// - `e`, `e_total`: the subnet's and all subnets' part of the block's TAO, in rao; `e` is at
///   most `e_total`. Where nothing is emitted, pass the TAO reserves instead.
/// - `tao`, `alpha`: the subnet's reserves, in base units.
///
/// Exact, and rounded once: the numerator is below 2²²² and the denominator below 2¹⁵⁸. As `w`
/// and `e / e_total` are at most one, the result is below 2¹²⁸ and always fits. Rounded down, in
/// favour of the subnet's own stakers.
///
/// # Errors
///
/// - [`MathError::EmptyPool`] if either reserve is zero.
/// - [`MathError::ZeroWeight`] if `e_total` is zero.
/// - [`MathError::InvalidParameter`] if `e` exceeds `e_total`.
///
/// # Example
///
/// ```
/// # use dtao_math::participants::root_as_alpha;
/// # use sp_arithmetic::Perbill;
/// // Half of the emission, at a price of 1/2: 0.18 · 1 000 · 1/2 · 2.
/// let g = root_as_alpha(Perbill::from_percent(18), 1_000, 5, 10, 100, 200);
/// assert_eq!(g, Ok(180));
/// ```
///
/// Source: `docs/math.md` § 10.
pub fn root_as_alpha(
	w: Perbill,
	root: u64,
	e: u64,
	e_total: u64,
	tao: u64,
	alpha: u64,
) -> Result<u128, MathError> {
	check_share(e, e_total, tao, alpha)?;
	let weighed = product(w.deconstruct().into(), root);
	let (above, below) = (product(e, alpha), product(e_total, tao));
	let one = u128::from(Perbill::ACCURACY);
	match below.checked_mul(one) {
		Some(below) => mul_div(weighed, above, below, Rounding::Down),
		// Here `below` exceeds 2⁹⁸, so that the quotient fits without the one. To round down twice
		// is to round down once by the product of both divisors.
		None => mul_div(mul_div(weighed, above, below, Rounding::Down)?, 1, one, Rounding::Down),
	}
}

/// What one root TAO is worth in a subnet, in ALPHA, before the weight `w` of root.
///
/// ```text
/// factor = ⌊ 2⁶⁴ · (e / e_total) · (alpha / tao) ⌋
/// ```
///
/// - `e`, `e_total`, `tao`, `alpha`: as in [`root_as_alpha`].
///
/// In Q64. The numerator is below 2¹⁹². As `e / e_total` is at most one,
/// the result is below 2¹²⁸. With reserves of at least 10⁶ and at most the cap it is below 2¹⁰⁰, so
/// the sum over an epoch's blocks fits too. Rounded down, in favour of the subnet's own stakers.
///
/// # Errors
///
/// As [`root_as_alpha`].
///
/// # Example
///
/// ```
/// # use dtao_math::participants::root_factor;
/// // Half of the emission, at a price of 1/2.
/// assert_eq!(root_factor(5, 10, 100, 200), Ok(1 << 64));
/// ```
///
/// Source: `docs/math.md` § 10.
pub fn root_factor(e: u64, e_total: u64, tao: u64, alpha: u64) -> Result<u128, MathError> {
	check_share(e, e_total, tao, alpha)?;
	mul_div(product(e, alpha), ONE, product(e_total, tao), Rounding::Down)
}

/// Root's stake seen as ALPHA of one subnet, at the mean factor of an epoch.
///
/// ```text
/// G = ⌊ w · root · Σ factor / (2⁶⁴ · blocks) ⌋
/// ```
///
/// - `w`: the weight of a root TAO against a TAO's worth of ALPHA.
/// - `root`: root TAO, in rao.
/// - `factors`: the sum of [`root_factor`] over the epoch's blocks, below 2¹¹⁶.
/// - `blocks`: how many they are.
///
/// A price that was moved for one block counts for one block. Rounded down, in favour of the
/// subnet's own stakers.
///
/// # Errors
///
/// - [`MathError::ZeroWeight`] if `blocks` is zero.
/// - [`MathError::Overflow`] if the result exceeds [`u128::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::participants::{mean_root_as_alpha, root_factor};
/// # use sp_arithmetic::Perbill;
/// let factor = root_factor(5, 10, 100, 200).unwrap();
/// let g = mean_root_as_alpha(Perbill::from_percent(18), 1_000, factor + 3 * factor, 2);
/// assert_eq!(g, Ok(360));
/// ```
///
/// Source: `docs/math.md` § 10.
pub fn mean_root_as_alpha(
	w: Perbill,
	root: u64,
	factors: u128,
	blocks: u32,
) -> Result<u128, MathError> {
	if blocks == 0 {
		return Err(MathError::ZeroWeight);
	}
	// Below 2¹²⁶: 30 bits, 32 and 64.
	let below = product(Perbill::ACCURACY.into(), blocks.into()) << 64;
	mul_div(product(w.deconstruct().into(), root), factors, below, Rounding::Down)
}

/// Split a block's ALPHA for participants.
///
/// ```text
/// owner      = ⌊ owner_cut · o ⌋
/// miners     = ⌊ (o − owner) / 2 ⌋
/// V          = o − owner − miners
/// root       = ⌊ V · g / (g + outstanding) ⌋,  0 if g + outstanding = 0
/// validators = V − root
/// ```
///
/// - `o`: what is split, in atoms.
/// - `owner_cut`: the owner's part of all of it.
/// - `g`: root's stake seen as ALPHA, in atoms: [`root_as_alpha`].
/// - `outstanding`: ALPHA held or owed outside the pool, in atoms.
///
/// Each cut is rounded down; the validators' is the remainder and gains every fraction.
///
/// # Errors
///
/// - [`MathError::Overflow`] if `g + outstanding` exceeds [`u128::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::participants::{split, Cuts};
/// # use sp_arithmetic::Perbill;
/// let cuts = split(1_000, Perbill::from_percent(18), 100, 300).unwrap();
/// assert_eq!(cuts, Cuts { owner: 180, miners: 410, validators: 308, root: 102 });
/// ```
///
/// Source: `docs/math.md` § 10.
pub fn split(o: u64, owner_cut: Perbill, g: u128, outstanding: u64) -> Result<Cuts, MathError> {
	let owner = mul_rate(owner_cut, o, Rounding::Down)?;
	let rest = o.checked_sub(owner).ok_or(MathError::Overflow)?;
	let miners = rest / 2;
	let validating = rest.checked_sub(miners).ok_or(MathError::Overflow)?;

	let root = match g.checked_add(outstanding.into()).ok_or(MathError::Overflow)? {
		0 => 0,
		stake => mul_div(validating.into(), g, stake, Rounding::Down)?,
	};
	let root = u64::try_from(root).map_err(|_| MathError::Overflow)?;
	let validators = validating.checked_sub(root).ok_or(MathError::Overflow)?;

	Ok(Cuts { owner, miners, validators, root })
}

/// Check that `e` is a part of `e_total`, and that the pool has a price.
fn check_share(e: u64, e_total: u64, tao: u64, alpha: u64) -> Result<(), MathError> {
	if tao == 0 || alpha == 0 {
		return Err(MathError::EmptyPool);
	}
	if e_total == 0 {
		return Err(MathError::ZeroWeight);
	}
	if e > e_total {
		return Err(MathError::InvalidParameter);
	}
	Ok(())
}

/// A product of 128 bits.
fn product(a: u64, b: u64) -> u128 {
	u128::from(a).wrapping_mul(b.into())
}
