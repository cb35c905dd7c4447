//! The pool's curve as a trait, so that whoever trades need not know which curve it is.

use super::{exact_in, exact_out, most_in_to_floor_price, most_in_to_price, Trade};
use crate::MathError;
use sp_arithmetic::Perbill;

/// How a pool prices a trade.
///
/// An implementation must pay out less than `reserve_out`, must round in the pool's favour, and
/// must never leave the pool worse off: a trade and its reverse together never profit.
/// [`ConstantProduct`] is the one in use; its functions document the arguments and errors.
pub trait Curve {
	/// Price a trade that pays exactly `amount_in`, fee included. See [`exact_in`](fn@exact_in).
	///
	/// # Errors
	///
	/// Those of [`exact_in`](fn@exact_in).
	fn exact_in(
		reserve_in: u64,
		reserve_out: u64,
		amount_in: u64,
		fee_rate: Perbill,
	) -> Result<Trade, MathError>;

	/// Price a trade that is paid exactly `amount_out`. See [`exact_out`](fn@exact_out).
	///
	/// # Errors
	///
	/// Those of [`exact_out`](fn@exact_out).
	fn exact_out(
		reserve_in: u64,
		reserve_out: u64,
		amount_out: u64,
		fee_rate: Perbill,
	) -> Result<Trade, MathError>;

	/// The most a purchase may pay until the price rises to `limit`. See
	/// [`most_in_to_price`](fn@most_in_to_price).
	///
	/// # Errors
	///
	/// Those of [`most_in_to_price`](fn@most_in_to_price).
	fn most_in_to_price(
		reserve_in: u64,
		reserve_out: u64,
		fee_rate: Perbill,
		limit: u128,
	) -> Result<u64, MathError>;

	/// The most a sale may pay until the price falls to `limit`. See
	/// [`most_in_to_floor_price`](fn@most_in_to_floor_price).
	///
	/// # Errors
	///
	/// Those of [`most_in_to_floor_price`](fn@most_in_to_floor_price).
	fn most_in_to_floor_price(
		reserve_in: u64,
		reserve_out: u64,
		fee_rate: Perbill,
		limit: u128,
	) -> Result<u64, MathError>;
}

/// The constant-product curve: the functions of [this module](crate::constant_product).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConstantProduct;

impl Curve for ConstantProduct {
	fn exact_in(
		reserve_in: u64,
		reserve_out: u64,
		amount_in: u64,
		fee_rate: Perbill,
	) -> Result<Trade, MathError> {
		exact_in(reserve_in, reserve_out, amount_in, fee_rate)
	}

	fn exact_out(
		reserve_in: u64,
		reserve_out: u64,
		amount_out: u64,
		fee_rate: Perbill,
	) -> Result<Trade, MathError> {
		exact_out(reserve_in, reserve_out, amount_out, fee_rate)
	}

	fn most_in_to_price(
		reserve_in: u64,
		reserve_out: u64,
		fee_rate: Perbill,
		limit: u128,
	) -> Result<u64, MathError> {
		most_in_to_price(reserve_in, reserve_out, fee_rate, limit)
	}

	fn most_in_to_floor_price(
		reserve_in: u64,
		reserve_out: u64,
		fee_rate: Perbill,
		limit: u128,
	) -> Result<u64, MathError> {
		most_in_to_floor_price(reserve_in, reserve_out, fee_rate, limit)
	}
}
