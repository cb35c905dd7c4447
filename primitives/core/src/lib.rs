//! The words that every crate of Dynamic TAO shares.
//!
//! - [`Tao`] and [`Alpha`]: amounts that cannot be mixed;
//! - [`NetUid`], [`Uid`], [`HotkeyId`]: identifiers;
//! - [`constants`]: units, caps and times, each derived from the one before;
//! - [`MarketParams`], [`SubnetsParams`]: what governance sets, read together in one struct;
//! - [`Hyperparams`] with [`ConsensusParams`], [`SubnetIdentity`]: what a subnet's owner sets;
//! - [`traits`]: how the pallets meet without depending on each other;
//! - [`views`]: what the runtime API returns.
//!
//! There is no storage here, and no rule of the market: those are in the pallets and in
//! [`dtao_math`].

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod amounts;
pub mod consensus_params;
pub mod constants;
mod hyperparams;
mod ids;
mod params;
mod stake_proportional;
pub mod traits;
pub mod views;

pub use amounts::{Alpha, Amount, Fill, Tao};
pub use consensus_params::{BondsVersion, ConsensusParams, LiquidAlpha};
pub use hyperparams::{Hyperparams, SubnetIdentity, Text};
pub use ids::{HotkeyId, NetUid, Uid};
pub use params::{EmissionRule, MarketParams, ParamsError, SubnetsParams};
pub use stake_proportional::StakeProportional;
