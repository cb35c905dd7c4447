//! Dynamic TAO's formulas: pure integer arithmetic, with no storage, no FRAME and no float.
//!
//! Every amount is an integer of base units: rao for TAO, atoms for ALPHA, both 10⁻⁹ of a token.
//! This crate does not tell one token from the other; the newtypes of `dtao-primitives` do.
//!
//! # Rounding
//!
//! Each result is one product and **one** division, and each division states its direction.
//! Together they obey one rule: the pool is never worse off, the last recipient is never short,
//! and the parts sum to the whole.
//!
//! | Result | Direction | Who keeps the fraction |
//! | --- | --- | --- |
//! | what a pool pays ([`constant_product::amount_out`]) | down | the pool |
//! | what a pool asks ([`constant_product::amount_in`]), and its fee | up | the pool |
//! | what shares are worth ([`share_pool::value`]) | down | the other holders |
//! | shares minted for a deposit | up, by less than what one atom is worth | the depositor |
//! | shares burnt for a withdrawal | up | the other holders |
//! | a part of a whole ([`apportion`](mod@apportion)) | down | the parts that follow |
//! | a moving average ([`ema`]) | towards the old value | the old value |
//! | what weights count, and bonds ([`yuma`]) | down | nobody: the parts they decide sum to the whole |
//!
//! # Failure
//!
//! Nothing here panics, wraps or saturates: whatever does not fit is a [`MathError`]. Nothing but
//! [`yuma`] allocates either: a function with many results writes them to a slice of its caller's.
//! In [`yuma`] the bits of each number prove that it fits; it asks for memory a constant number of
//! times.
//!
//! Formula by formula, with the test that holds each to its word: `docs/math.md`.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
	clippy::arithmetic_side_effects,
	clippy::as_conversions,
	clippy::expect_used,
	clippy::float_arithmetic,
	clippy::indexing_slicing,
	clippy::panic,
	clippy::unwrap_used
)]

extern crate alloc;

pub mod apportion;
pub mod constant_product;
pub mod cost;
mod double;
pub mod drip;
pub mod ema;
pub mod emission_curve;
pub mod emission_rule;
pub mod error;
pub mod injection;
pub mod participants;
pub mod reward;
pub mod share_pool;
pub mod wide;
pub mod yuma;

pub use error::MathError;
pub use wide::Rounding;
