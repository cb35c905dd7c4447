//! What a subnet's consensus counts by.

use crate::{
	constants::{MAX_SEATS, MAX_SUPPLY, MAX_VALIDATORS, UNIT},
	params::ParamsError,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::PerU16;

/// Blocks after which a validator that sets no weights stops counting, unless its subnet says
/// otherwise.
pub const DEFAULT_ACTIVITY_CUTOFF: u32 = 5_000;

/// The longest that a validator that sets no weights may count, in blocks.
pub const MAX_ACTIVITY_CUTOFF: u32 = 1_000_000;

/// The most blocks that may have to lie between two settings of weights.
pub const MAX_WEIGHTS_RATE_LIMIT: u32 = 7_200;

/// The most epochs that may lie between a commitment and its reveal.
pub const MAX_REVEAL_PERIOD: u16 = 10;

/// The most of its weight that a subnet has to let a validator give to one miner: a tenth, or else
/// no row would be allowed where there are few miners.
pub const LEAST_MAX_WEIGHT: PerU16 = PerU16::from_percent(10);

/// The most of an old bond that an epoch may keep, so that bonds do move: 0.975.
pub const MAX_BONDS_MOVING_AVERAGE: PerU16 = PerU16::from_parts(63_897);

/// The steepest that liquid bonds may answer to a difference of weights.
pub const MAX_STEEPNESS: u8 = 100;

/// How bonds follow weights. Source: `docs/math.md` § 17.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum BondsVersion {
	/// A validator's bond is its part of what all validators bought in a miner by stake.
	#[codec(index = 0)]
	Yuma1,
	/// A bond is a proportion of its own: it does not fall because another's rises.
	#[default]
	#[codec(index = 1)]
	Yuma3,
}

/// Bonds that move faster the further a weight is from the consensus.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct LiquidAlpha {
	/// The least part of the way to its weight that a bond moves in an epoch. Above 0, and at most
	/// `high`.
	pub low: PerU16,
	/// The most.
	pub high: PerU16,
	/// How sharply it goes from one to the other. 1 to [`MAX_STEEPNESS`].
	pub steepness: u8,
}

impl Default for LiquidAlpha {
	fn default() -> Self {
		Self { low: PerU16::from_percent(70), high: PerU16::from_percent(90), steepness: 10 }
	}
}

/// The consensus parameters of one subnet. The first three are governance's to set, the others its
/// owner's too. Source: yuma.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct ConsensusParams {
	/// The part of the validators' stake that has to stand behind a weight: κ. Above 0.
	pub kappa: PerU16,
	/// The most seats that hold a permit. 1 to [`MAX_VALIDATORS`].
	pub max_validators: u16,
	/// Stake below which a seat does not validate, the owner's excepted, in atoms, root stake
	/// included. At most [`MAX_SUPPLY`].
	pub stake_threshold: u64,
	/// How bonds follow weights.
	pub bonds_version: BondsVersion,
	/// The part of a bond that an epoch keeps, unless `liquid_alpha` says otherwise. At most
	/// [`MAX_BONDS_MOVING_AVERAGE`].
	pub bonds_moving_average: PerU16,
	/// The part of a weight beyond the consensus for which bonds are not bought: β.
	pub bonds_penalty: PerU16,
	/// Bonds that move faster the further a weight is from the consensus, if any.
	pub liquid_alpha: Option<LiquidAlpha>,
	/// Blocks after which a validator that sets no weights stops counting. At most
	/// [`MAX_ACTIVITY_CUTOFF`], and long enough for a commitment to be revealed and counted.
	pub activity_cutoff: u32,
	/// The fewest miners that a validator has to weigh, or all seats where there are fewer. At most
	/// [`MAX_SEATS`].
	pub min_allowed_weights: u16,
	/// The most of its weight that a validator may give to one miner. At least
	/// [`LEAST_MAX_WEIGHT`].
	pub max_weight_limit: PerU16,
	/// Blocks between two settings, or two commitments, of a hotkey. At most
	/// [`MAX_WEIGHTS_RATE_LIMIT`].
	pub weights_rate_limit: u32,
	/// The least version of the validators' software whose weights count.
	pub version_key: u64,
	/// Whether weights are committed to first and revealed later, rather than set at once.
	pub commit_reveal: bool,
	/// Epochs from a commitment to the one in which it is revealed. 1 to [`MAX_REVEAL_PERIOD`].
	pub reveal_period: u16,
}

impl ConsensusParams {
	/// Those of a new subnet whose epochs have `tempo` blocks.
	pub fn new(tempo: u32) -> Self {
		let mut params = Self {
			kappa: PerU16::from_parts(32_767),
			// Both fit 16 bits.
			max_validators: u16::try_from(MAX_VALIDATORS).unwrap_or(u16::MAX),
			stake_threshold: UNIT,
			bonds_version: BondsVersion::default(),
			bonds_moving_average: PerU16::from_percent(90),
			bonds_penalty: PerU16::one(),
			liquid_alpha: None,
			activity_cutoff: DEFAULT_ACTIVITY_CUTOFF,
			min_allowed_weights: 1,
			max_weight_limit: PerU16::one(),
			weights_rate_limit: 100,
			version_key: 0,
			commit_reveal: true,
			reveal_period: 1,
		};
		params.activity_cutoff = params.least_activity_cutoff(tempo).max(DEFAULT_ACTIVITY_CUTOFF);
		params
	}

	/// The least `activity_cutoff`, in blocks, for which a validator that sets weights as often as it
	/// may is never inactive: those of the epochs until a commitment counts, and of one more setting.
	pub fn least_activity_cutoff(&self, tempo: u32) -> u32 {
		let epochs = u32::from(self.reveal_period).saturating_add(2);
		tempo.saturating_mul(epochs).saturating_add(self.weights_rate_limit)
	}

	/// Whether `other` has the same of what only governance sets.
	pub fn governed_alike(&self, other: &Self) -> bool {
		self.kappa == other.kappa
			&& self.max_validators == other.max_validators
			&& self.stake_threshold == other.stake_threshold
	}

	/// Check every bound, for epochs of `tempo` blocks.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn validate(&self, tempo: u32) -> Result<(), ParamsError> {
		let cutoffs = self.least_activity_cutoff(tempo)..=MAX_ACTIVITY_CUTOFF;
		let liquid_is_sound = self.liquid_alpha.is_none_or(|liquid| {
			liquid.low > PerU16::zero()
				&& liquid.low <= liquid.high
				&& (1..=MAX_STEEPNESS).contains(&liquid.steepness)
		});
		for (holds, field) in [
			(self.kappa > PerU16::zero(), "kappa"),
			((1..=MAX_VALIDATORS).contains(&self.max_validators.into()), "max_validators"),
			(self.stake_threshold <= MAX_SUPPLY, "stake_threshold"),
			(self.bonds_moving_average <= MAX_BONDS_MOVING_AVERAGE, "bonds_moving_average"),
			(liquid_is_sound, "liquid_alpha"),
			(self.weights_rate_limit <= MAX_WEIGHTS_RATE_LIMIT, "weights_rate_limit"),
			((1..=MAX_REVEAL_PERIOD).contains(&self.reveal_period), "reveal_period"),
			(cutoffs.contains(&self.activity_cutoff), "activity_cutoff"),
			(u32::from(self.min_allowed_weights) <= MAX_SEATS, "min_allowed_weights"),
			(self.max_weight_limit >= LEAST_MAX_WEIGHT, "max_weight_limit"),
		] {
			if !holds {
				return Err(ParamsError::OutOfBounds(field));
			}
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::constants::{DEFAULT_TEMPO, MAX_TEMPO, MIN_TEMPO};

	#[test]
	fn a_new_subnets_parameters_are_within_bounds_at_every_tempo() {
		for tempo in [MIN_TEMPO, DEFAULT_TEMPO, MAX_TEMPO] {
			assert_eq!(ConsensusParams::new(tempo).validate(tempo), Ok(()), "{tempo}");
		}
	}

	/// Hazard E31: what an owner may set is bounded, and the bound that is broken is named.
	#[test]
	fn each_parameter_is_bounded_and_named() {
		let good = ConsensusParams::new(MIN_TEMPO);
		let liquid = LiquidAlpha::default();
		let with = |liquid| ConsensusParams { liquid_alpha: Some(liquid), ..good };
		assert_eq!(with(liquid).validate(MIN_TEMPO), Ok(()));
		let above = |rate: PerU16| PerU16::from_parts(rate.deconstruct() + 1);
		let broken = [
			(ConsensusParams { kappa: PerU16::zero(), ..good }, "kappa"),
			(ConsensusParams { max_validators: 0, ..good }, "max_validators"),
			(ConsensusParams { max_validators: 65, ..good }, "max_validators"),
			(ConsensusParams { stake_threshold: MAX_SUPPLY + 1, ..good }, "stake_threshold"),
			(
				ConsensusParams { bonds_moving_average: above(MAX_BONDS_MOVING_AVERAGE), ..good },
				"bonds_moving_average",
			),
			(with(LiquidAlpha { low: PerU16::zero(), ..liquid }), "liquid_alpha"),
			(with(LiquidAlpha { low: above(liquid.high), ..liquid }), "liquid_alpha"),
			(with(LiquidAlpha { steepness: 0, ..liquid }), "liquid_alpha"),
			(with(LiquidAlpha { steepness: MAX_STEEPNESS + 1, ..liquid }), "liquid_alpha"),
			(ConsensusParams { weights_rate_limit: 7_201, ..good }, "weights_rate_limit"),
			(ConsensusParams { reveal_period: 0, ..good }, "reveal_period"),
			(ConsensusParams { reveal_period: 11, ..good }, "reveal_period"),
			(ConsensusParams { activity_cutoff: 3 * MIN_TEMPO + 99, ..good }, "activity_cutoff"),
			(
				ConsensusParams { activity_cutoff: MAX_ACTIVITY_CUTOFF + 1, ..good },
				"activity_cutoff",
			),
			(ConsensusParams { min_allowed_weights: 257, ..good }, "min_allowed_weights"),
			(
				ConsensusParams { max_weight_limit: PerU16::from_percent(9), ..good },
				"max_weight_limit",
			),
		];
		for (params, field) in broken {
			let refused = Err(ParamsError::OutOfBounds(field));
			assert_eq!(params.validate(MIN_TEMPO), refused, "{params:?}");
		}
		let least = ConsensusParams { activity_cutoff: 3 * MIN_TEMPO + 100, ..good };
		assert_eq!(least.validate(MIN_TEMPO), Ok(()));
	}

	#[test]
	fn only_governance_moves_the_majority_the_validators_and_the_threshold() {
		let now = ConsensusParams::new(DEFAULT_TEMPO);
		assert!(now.governed_alike(&ConsensusParams {
			version_key: 7,
			commit_reveal: false,
			..now
		}));
		for other in [
			ConsensusParams { kappa: PerU16::one(), ..now },
			ConsensusParams { max_validators: 1, ..now },
			ConsensusParams { stake_threshold: 0, ..now },
		] {
			assert!(!now.governed_alike(&other), "{other:?}");
		}
	}
}
