//! The reference model's epochs, replayed: `tests/vectors/yuma-epochs-*.json`, whose format
//! `tests/model/README.md` says.

use crate::{
	mock::{FakeMarket, FakeRegistry, System, Test, Yuma, HOTKEY, NETUID},
	Neuron, Neurons, Weights,
};
use dtao_math::yuma::WeightRows;
use dtao_primitives::{
	constants::DEFAULT_TEMPO, BondsVersion, ConsensusParams, LiquidAlpha, Uid,
};
use frame_support::BoundedVec;
use serde::Deserialize;
use sp_runtime::PerU16;
use std::{fs, path::PathBuf};

/// An epoch: what is given where it changes, and what is answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Epoch {
	at: u32,
	last_epoch_at: u32,
	owner: Option<Option<u16>>,
	params: Option<Params>,
	seats: Option<Vec<(Number, bool, u32)>>,
	weights: Option<Given>,
	permits: Vec<u16>,
	incentives: Vec<u32>,
	dividends: Vec<u32>,
	consensus: Vec<Number>,
	trust: Vec<u16>,
	validator_trust: Vec<u16>,
	bonds: Option<Vec<(u16, Vec<(u16, Number)>)>>,
	bonds_digest: Option<String>,
}
