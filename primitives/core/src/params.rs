//! What governance sets. One struct for what is read together, so that a call reads one key.

use crate::{
	constants::{EXISTENTIAL_DEPOSIT, UNIT},
	Alpha, Tao,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{PerU16, Perbill};

/// Why a set of parameters is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamsError {
	/// A value lies outside its own bounds.
	OutOfBounds(&'static str),
}

/// By what a block's TAO is shared among subnets.
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
pub enum EmissionRule {
	/// By the TAO in each pool.
	#[default]
	#[codec(index = 0)]
	TaoReserve,
	/// By the moving average of each price.
	#[codec(index = 1)]
	PriceEma,
	/// By the moving average of what users staked minus unstaked.
	#[codec(index = 2)]
	FlowEma,
}

/// The market's parameters. Source: economics § 9.
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
pub struct MarketParams {
	/// Part of a trade's input that stays in the pool as fee. 0…1 %.
	pub swap_fee: Perbill,
	/// The most of a reserve that one trade may pay in or take out. A guard against mistakes: 1 % at
	/// least, so that nobody is kept from leaving, and 50 % at most, so that it guards.
	pub max_trade_ratio: Perbill,
	/// The least that either reserve may hold after a trade, in base units. At least
	/// [`LEAST_RESERVE`](Self::LEAST_RESERVE), and at most 1 TAO: what every lock is worth.
	pub min_reserve: u64,
	/// The least stake: what `add_stake` takes, and what a reduction may leave, in rao. At least the
	/// existential deposit, since a position keeps an account alive; at most 1 TAO.
	pub min_stake: Tao,
	/// The subnet owner's part of the participants' ALPHA. At most 18 %.
	pub owner_cut: Perbill,
	/// How much of an ALPHA's worth one rao of root stake counts as. 0…1.
	pub tao_weight: Perbill,
	/// The most of the pool's ALPHA reserve that root sells in one block.
	pub root_sale_rate: Perbill,
	/// Root's bucket is sold only from this many atoms on.
	pub min_root_sale: Alpha,
	/// Half-life of the price average, in blocks. At least 60.
	pub price_half_life: u32,
	/// Blocks over which a young subnet's price average gains speed. At least 1.
	pub price_ramp: u32,
	/// By what a block's TAO is shared among subnets. A switch moves no reward of the past: every
	/// average is kept whichever rule is active.
	pub rule: EmissionRule,
	/// Blocks in which the average of a subnet's flow of TAO covers half of a step. At least
	/// [`MIN_TEMPO`](crate::constants::MIN_TEMPO).
	pub flow_half_life: u32,
	/// Under [`EmissionRule::FlowEma`], flows at or below it weigh nothing, in rao a block.
	pub flow_cutoff: i64,
	/// Under [`EmissionRule::FlowEma`], what a flow is raised to: 1 for proportion, up to 4.
	pub flow_power: u8,
}

impl Default for MarketParams {
	fn default() -> Self {
		Self {
			swap_fee: Perbill::from_parts(500_000),
			max_trade_ratio: Perbill::from_parts(333_333_333),
			min_reserve: 1_000_000,
			min_stake: Tao(2_000_000),
			owner_cut: Perbill::from_percent(18),
			tao_weight: Perbill::from_percent(18),
			root_sale_rate: Perbill::from_parts(100_000),
			min_root_sale: Alpha(1_000_000),
			price_half_life: 231_049,
			price_ramp: 201_600,
			rule: EmissionRule::TaoReserve,
			flow_half_life: 216_000,
			flow_cutoff: i64::MIN,
			flow_power: 1,
		}
	}
}

impl MarketParams {
	/// The least that `min_reserve` may be, in base units: a unit that a rounding is off by is far
	/// below any fee of what such a reserve holds.
	pub const LEAST_RESERVE: u64 = 100_000;

	/// Check every bound.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn validate(&self) -> Result<(), ParamsError> {
		let ratios = Perbill::from_percent(1)..=Perbill::from_percent(50);
		let bounds = [
			(self.swap_fee <= Perbill::from_percent(1), "swap_fee"),
			(ratios.contains(&self.max_trade_ratio), "max_trade_ratio"),
			((Self::LEAST_RESERVE..=UNIT).contains(&self.min_reserve), "min_reserve"),
			((EXISTENTIAL_DEPOSIT..=UNIT).contains(&self.min_stake.get()), "min_stake"),
			(self.owner_cut <= Perbill::from_percent(18), "owner_cut"),
			(self.root_sale_rate <= Perbill::from_percent(1), "root_sale_rate"),
			(self.price_half_life >= crate::constants::MIN_TEMPO, "price_half_life"),
			(self.price_ramp > 0, "price_ramp"),
			(self.flow_half_life >= crate::constants::MIN_TEMPO, "flow_half_life"),
			((1..=4).contains(&self.flow_power), "flow_power"),
		];
		check(&bounds)
	}
}

/// The registry's parameters. Source: economics § 9.
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
pub struct SubnetsParams {
	/// The least lock for a new subnet, in rao. At least 1 TAO: a new pool holds what the market's
	/// least reserve may be.
	pub min_lock: Tao,
	/// Blocks in which a doubled lock cost falls back by what was last paid. At least 1.
	pub lock_interval: u32,
	/// The fewest blocks between two registrations of subnets.
	pub registration_interval: u32,
	/// The fewest blocks from a subnet's registration to its start.
	pub start_delay: u32,
	/// A new subnet's epoch, in blocks. [`MIN_TEMPO`](crate::constants::MIN_TEMPO) to
	/// [`MAX_TEMPO`](crate::constants::MAX_TEMPO).
	pub tempo: u32,
	/// What the first neuron of a subnet pays, in rao.
	pub neuron_cost: Tao,
	/// The least a neuron pays, in rao.
	pub min_neuron_cost: Tao,
	/// The most a neuron pays, in rao.
	pub max_neuron_cost: Tao,
	/// Blocks in which a neuron's cost halves while nobody registers. At least 1.
	pub neuron_half_life: u32,
	/// What a registration adds to the cost of the next: cost × (1 + this).
	pub neuron_cost_rise: Perbill,
	/// The most a hotkey may take of its nominators' rewards. At most 18 %.
	pub max_take: PerU16,
	/// A new hotkey's take. At most `max_take`.
	pub default_take: PerU16,
	/// Blocks from the announcement of a higher take to its effect, and between two such.
	pub take_delay: u32,
	/// Blocks in which a new subnet is not pruned.
	pub subnet_immunity: u32,
	/// Blocks from an owner's announcement to the dissolution of a subnet; as long again, and the
	/// announcement lapses. At least 1.
	pub dissolve_delay: u32,
	/// A new subnet's [`Hyperparams::neuron_immunity`](crate::Hyperparams::neuron_immunity). At most
	/// [`MAX_NEURON_IMMUNITY`](crate::constants::MAX_NEURON_IMMUNITY).
	pub neuron_immunity: u32,
	/// The fewest blocks between two changes of a subnet's hyperparameters by its owner.
	pub hyperparams_interval: u32,
	/// Blocks before the close of an epoch in which its hyperparameters stay as they are.
	/// Below [`MIN_TEMPO`](crate::constants::MIN_TEMPO).
	pub hyperparams_freeze: u32,
	/// The fewest blocks between two swaps of one hotkey's account.
	pub hotkey_swap_interval: u32,
	/// Blocks from the announcement of a coldkey's swap to its effect.
	pub coldkey_swap_delay: u32,
}

impl Default for SubnetsParams {
	fn default() -> Self {
		let take = PerU16::from_percent(18);
		Self {
			min_lock: Tao(1_000 * UNIT),
			lock_interval: 100_800,
			registration_interval: 7_200,
			start_delay: 0,
			tempo: crate::constants::DEFAULT_TEMPO,
			neuron_cost: Tao(UNIT / 10),
			min_neuron_cost: Tao(UNIT / 2_000),
			max_neuron_cost: Tao(100 * UNIT),
			neuron_half_life: 360,
			neuron_cost_rise: Perbill::from_percent(26),
			max_take: take,
			default_take: take,
			take_delay: 216_000,
			subnet_immunity: 1_296_000,
			dissolve_delay: 50_400,
			neuron_immunity: 5_000,
			hyperparams_interval: 7_200,
			hyperparams_freeze: 10,
			hotkey_swap_interval: 7_200,
			coldkey_swap_delay: 36_000,
		}
	}
}

impl SubnetsParams {
	/// Check every bound, and that the parameters agree with each other.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn validate(&self) -> Result<(), ParamsError> {
		use crate::constants::{MAX_NEURON_IMMUNITY, MAX_TEMPO, MIN_TEMPO};
		let bounds = [
			(self.min_lock.get() >= UNIT, "min_lock"),
			(self.lock_interval > 0, "lock_interval"),
			((MIN_TEMPO..=MAX_TEMPO).contains(&self.tempo), "tempo"),
			(!self.min_neuron_cost.is_zero(), "min_neuron_cost"),
			(self.min_neuron_cost <= self.neuron_cost, "neuron_cost"),
			(self.neuron_cost <= self.max_neuron_cost, "max_neuron_cost"),
			(self.neuron_half_life > 0, "neuron_half_life"),
			(self.max_take <= PerU16::from_percent(18), "max_take"),
			(self.default_take <= self.max_take, "default_take"),
			(self.dissolve_delay > 0, "dissolve_delay"),
			(self.hyperparams_freeze < MIN_TEMPO, "hyperparams_freeze"),
			(self.neuron_immunity <= MAX_NEURON_IMMUNITY, "neuron_immunity"),
		];
		check(&bounds)
	}
}

fn check(bounds: &[(bool, &'static str)]) -> Result<(), ParamsError> {
	match bounds.iter().find(|(holds, _)| !holds) {
		Some((_, name)) => Err(ParamsError::OutOfBounds(name)),
		None => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn defaults_are_within_their_bounds() {
		assert_eq!(MarketParams::default().validate(), Ok(()));
		assert_eq!(SubnetsParams::default().validate(), Ok(()));
	}

	#[test]
	fn a_value_past_its_bound_is_named() {
		let fee = MarketParams { swap_fee: Perbill::from_percent(2), ..Default::default() };
		assert_eq!(fee.validate(), Err(ParamsError::OutOfBounds("swap_fee")));
		let take = SubnetsParams { max_take: PerU16::from_percent(19), ..Default::default() };
		assert_eq!(take.validate(), Err(ParamsError::OutOfBounds("max_take")));
	}

	/// A digit too many or too few is refused on either side, and the bounds themselves are not.
	#[test]
	fn what_trades_are_held_to_is_bounded_on_both_sides() {
		let market = MarketParams::default;
		let ratio = |max_trade_ratio| MarketParams { max_trade_ratio, ..market() };
		let reserve = |min_reserve| MarketParams { min_reserve, ..market() };
		let stake = |min_stake| MarketParams { min_stake: Tao(min_stake), ..market() };
		let parts = Perbill::from_parts;
		let sides = [
			("max_trade_ratio", ratio(parts(9_999_999)), ratio(parts(10_000_000))),
			("max_trade_ratio", ratio(parts(500_000_001)), ratio(parts(500_000_000))),
			("min_reserve", reserve(99_999), reserve(100_000)),
			("min_reserve", reserve(UNIT + 1), reserve(UNIT)),
			("min_stake", stake(499), stake(500)),
			("min_stake", stake(UNIT + 1), stake(UNIT)),
		];
		for (name, beyond, within) in sides {
			assert_eq!(beyond.validate(), Err(ParamsError::OutOfBounds(name)), "{beyond:?}");
			assert_eq!(within.validate(), Ok(()), "{within:?}");
		}
		let lock = |rao| SubnetsParams { min_lock: Tao(rao), ..Default::default() };
		assert_eq!(lock(UNIT - 1).validate(), Err(ParamsError::OutOfBounds("min_lock")));
		assert_eq!(lock(UNIT).validate(), Ok(()));
	}
}
