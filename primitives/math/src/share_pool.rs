//! A pool of one amount held by many, in shares.
//!
//! What is added to the amount, and to no holder's shares, raises every holder's value at once:
//! that is how rewards reach nominators without a loop.
//!
//! Beside its real shares each pool has [`VIRTUAL_SHARES`], which nobody owns, over one virtual
//! atom. They fix the first price of a share at 2⁻⁶⁴ atoms, so an atom never rounds a holder's
//! shares to nothing, and they make inflating an empty pool's share cost what it takes.

use crate::{wide::mul_div, MathError, Rounding};

/// Shares that nobody owns, in every pool: `V = 2⁶⁴`, over one virtual atom.
///
/// No pool's amount reaches it, so a share is never worth more than an atom, and that is why a
/// deposit reads back exactly. See `docs/math.md` § 4.
pub const VIRTUAL_SHARES: u128 = 1 << 64;

/// What `shares` are worth, rounded down.
///
/// ```text
/// value = ⌊ shares · (A + 1) / (S + V) ⌋
/// ```
///
/// - `shares`: the holder's, at most `pool_shares`.
/// - `pool_amount`: `A`, all that the pool holds, in base units.
/// - `pool_shares`: `S`, the shares of all holders, without unit.
///
/// The result is at most `pool_amount`, and all holders' together are too. The fraction stays in
/// the pool, for the other holders.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if `shares` exceeds `pool_shares`.
/// - [`MathError::Overflow`] if `pool_shares + V` exceeds [`u128::MAX`]: not reached by amounts
///   within [`crate::emission_curve::CAP`].
///
/// # Example
///
/// ```
/// # use dtao_math::share_pool::{shares_for_deposit, value};
/// let shares = shares_for_deposit(1_000, 0, 0).unwrap();
/// assert_eq!(value(shares, 1_000, shares), Ok(1_000));
/// // A reward of 500 is the holder's, less the virtual atom's part of it.
/// assert_eq!(value(shares, 1_500, shares), Ok(1_499));
/// ```
///
/// Source: `docs/math.md` § 4.
pub fn value(shares: u128, pool_amount: u64, pool_shares: u128) -> Result<u64, MathError> {
	if shares > pool_shares {
		return Err(MathError::InvalidParameter);
	}
	let (amount, total) = with_virtual(pool_amount, pool_shares)?;
	let value = mul_div(shares, amount, total, Rounding::Down)?;
	u64::try_from(value).map_err(|_| MathError::Overflow)
}

/// The shares that a deposit of `amount` is given, rounded up.
///
/// ```text
/// shares = ⌈ amount · (S + V) / (A + 1) ⌉
/// ```
///
/// - `amount`: what is deposited, in base units; zero gives no shares.
/// - `pool_amount`, `pool_shares`: `A` and `S` **before** the deposit.
///
/// Once `amount` is added to `A` and the shares to `S`, [`value`] of these shares is exactly
/// `amount`. Rounded up for that; the depositor gains less than one share, a fraction of an atom
/// that [`value`] never pays out at once.
///
/// # Errors
///
/// - [`MathError::Overflow`] if the shares, or `S + V`, exceed [`u128::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::share_pool::{shares_for_deposit, VIRTUAL_SHARES};
/// assert_eq!(shares_for_deposit(3, 0, 0), Ok(3 * VIRTUAL_SHARES));
/// ```
///
/// Source: `docs/math.md` § 4.
pub fn shares_for_deposit(
	amount: u64,
	pool_amount: u64,
	pool_shares: u128,
) -> Result<u128, MathError> {
	let (pool_amount, total) = with_virtual(pool_amount, pool_shares)?;
	mul_div(amount.into(), total, pool_amount, Rounding::Up)
}

/// The shares that a withdrawal of `amount` burns, rounded up.
///
/// ```text
/// shares = ⌈ amount · (S + V) / (A + 1) ⌉
/// ```
///
/// - `amount`: what is withdrawn, in base units, at most what the holder's shares are worth.
/// - `pool_amount`, `pool_shares`: `A` and `S` **before** the withdrawal.
///
/// At most the holder's shares whenever `amount` is at most their [`value`]. Rounded up, so the
/// other holders gain the fraction. A holder who takes all burns all shares instead.
///
/// # Errors
///
/// - [`MathError::InsufficientReserve`] if `amount` exceeds `pool_amount`.
/// - [`MathError::Overflow`] if the shares, or `S + V`, exceed [`u128::MAX`].
///
/// # Example
///
/// ```
/// # use dtao_math::share_pool::{shares_for_deposit, shares_for_withdrawal};
/// let shares = shares_for_deposit(1_000, 0, 0).unwrap();
/// assert_eq!(shares_for_withdrawal(1_000, 1_000, shares), Ok(shares));
/// ```
///
/// Source: `docs/math.md` § 4.
pub fn shares_for_withdrawal(
	amount: u64,
	pool_amount: u64,
	pool_shares: u128,
) -> Result<u128, MathError> {
	if amount > pool_amount {
		return Err(MathError::InsufficientReserve);
	}
	shares_for_deposit(amount, pool_amount, pool_shares)
}

/// `A + 1` and `S + V`.
fn with_virtual(pool_amount: u64, pool_shares: u128) -> Result<(u128, u128), MathError> {
	let amount = u128::from(pool_amount).checked_add(1).ok_or(MathError::Overflow)?;
	let shares = pool_shares.checked_add(VIRTUAL_SHARES).ok_or(MathError::Overflow)?;
	Ok((amount, shares))
}
