//! What governance sets. One struct for what is read together, so that a call reads one key.

use crate::{
	constants::{
		EXISTENTIAL_DEPOSIT, MAX_COST, MAX_DELAY, MAX_NEURON_IMMUNITY, MAX_TEMPO, MIN_TEMPO, UNIT,
	},
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
///
/// Every field has its range; [`validate`](Self::validate) refuses what lies outside one.
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
	/// How much of an ALPHA's worth one rao of root stake counts as. 0…1, which its type holds it to.
	pub tao_weight: Perbill,
	/// The most of the pool's ALPHA reserve that root sells in one block. At most 1 %.
	pub root_sale_rate: Perbill,
	/// Root's bucket is sold only from this many atoms on. 1 atom to
	/// [`MOST_ROOT_SALE`](Self::MOST_ROOT_SALE), so that root does not wait for ever.
	pub min_root_sale: Alpha,
	/// Half-life of the price average, in blocks. [`MIN_TEMPO`] to [`MAX_DELAY`].
	pub price_half_life: u32,
	/// Blocks over which a young subnet's price average slows down to its half-life. 1 to
	/// [`MAX_DELAY`]. It may be shorter than an epoch, unlike a half-life: however short, the average
	/// is no faster than its half-life makes it, and a ramp of 1 is no ramp.
	pub price_ramp: u32,
	/// By what a block's TAO is shared among subnets. A switch moves no reward of the past: every
	/// average is kept whichever rule is active.
	pub rule: EmissionRule,
	/// Blocks in which the average of a subnet's flow of TAO covers half of a step. [`MIN_TEMPO`] to
	/// [`MAX_DELAY`].
	pub flow_half_life: u32,
	/// Under [`EmissionRule::FlowEma`], flows at or below it weigh nothing, in rao a block. At most
	/// [`MAX_SUPPLY`](crate::constants::MAX_SUPPLY); the lowest, which no flow reaches, cuts nothing off.
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

	/// The most that `min_root_sale` may be: 1 000 ALPHA, in atoms.
	pub const MOST_ROOT_SALE: Alpha = Alpha(1_000 * UNIT);

	/// The highest `flow_cutoff`, in rao a block: [`MAX_SUPPLY`](crate::constants::MAX_SUPPLY), more than which never flows.
	pub const MOST_CUTOFF: i64 = 21_000_000_000_000_000;

	/// The same, with each value that is out of its bounds at the nearest of them.
	#[must_use]
	pub fn clamped(self) -> Self {
		let percent = Perbill::from_percent;
		Self {
			swap_fee: self.swap_fee.min(percent(1)),
			max_trade_ratio: self.max_trade_ratio.clamp(percent(1), percent(50)),
			min_reserve: self.min_reserve.clamp(Self::LEAST_RESERVE, UNIT),
			min_stake: self.min_stake.clamp(Tao(EXISTENTIAL_DEPOSIT), Tao(UNIT)),
			owner_cut: self.owner_cut.min(percent(18)),
			root_sale_rate: self.root_sale_rate.min(percent(1)),
			min_root_sale: self.min_root_sale.clamp(Alpha(1), Self::MOST_ROOT_SALE),
			price_half_life: self.price_half_life.clamp(MIN_TEMPO, MAX_DELAY),
			price_ramp: self.price_ramp.clamp(1, MAX_DELAY),
			flow_half_life: self.flow_half_life.clamp(MIN_TEMPO, MAX_DELAY),
			flow_cutoff: self.flow_cutoff.min(Self::MOST_CUTOFF),
			flow_power: self.flow_power.clamp(1, 4),
			// Held to their bounds by their types.
			tao_weight: self.tao_weight,
			rule: self.rule,
		}
	}

	/// Check every bound.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn validate(&self) -> Result<(), ParamsError> {
		let within = self.clamped();
		check(&[
			(self.swap_fee == within.swap_fee, "swap_fee"),
			(self.max_trade_ratio == within.max_trade_ratio, "max_trade_ratio"),
			(self.min_reserve == within.min_reserve, "min_reserve"),
			(self.min_stake == within.min_stake, "min_stake"),
			(self.owner_cut == within.owner_cut, "owner_cut"),
			(self.root_sale_rate == within.root_sale_rate, "root_sale_rate"),
			(self.min_root_sale == within.min_root_sale, "min_root_sale"),
			(self.price_half_life == within.price_half_life, "price_half_life"),
			(self.price_ramp == within.price_ramp, "price_ramp"),
			(self.flow_half_life == within.flow_half_life, "flow_half_life"),
			(self.flow_cutoff == within.flow_cutoff, "flow_cutoff"),
			(self.flow_power == within.flow_power, "flow_power"),
		])
	}
}

/// The registry's parameters. Source: economics § 9.
///
/// Every field has its range; [`validate`](Self::validate) refuses what lies outside one.
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
	/// The least lock for a new subnet, in rao. 1 TAO, so that a new pool holds what the market's
	/// least reserve may be, to [`MAX_COST`].
	pub min_lock: Tao,
	/// Blocks in which a doubled lock cost falls back by what was last paid. 1 to [`MAX_DELAY`].
	pub lock_interval: u32,
	/// The fewest blocks between two registrations of subnets. At most [`MAX_DELAY`].
	pub registration_interval: u32,
	/// The fewest blocks from a subnet's registration to its start. At most [`MAX_DELAY`].
	pub start_delay: u32,
	/// A new subnet's epoch, in blocks. [`MIN_TEMPO`] to [`MAX_TEMPO`].
	pub tempo: u32,
	/// What the first neuron of a subnet pays, in rao. `min_neuron_cost` to `max_neuron_cost`.
	pub neuron_cost: Tao,
	/// The least a neuron pays, in rao. 1 rao to `max_neuron_cost`.
	pub min_neuron_cost: Tao,
	/// The most a neuron pays, in rao. 1 rao to [`MAX_COST`].
	pub max_neuron_cost: Tao,
	/// Blocks in which a neuron's cost halves while nobody registers. 1 to [`MAX_DELAY`].
	pub neuron_half_life: u32,
	/// What a registration adds to the cost of the next: cost × (1 + this). 0…1, which its type holds
	/// it to.
	pub neuron_cost_rise: Perbill,
	/// The most a hotkey may take of its nominators' rewards. At most 18 %.
	pub max_take: PerU16,
	/// A new hotkey's take. At most `max_take`.
	pub default_take: PerU16,
	/// Blocks from the announcement of a higher take to its effect, and between two such. 1, so that
	/// nominators see it before it holds, to [`MAX_DELAY`].
	pub take_delay: u32,
	/// Blocks in which a new subnet is not pruned. At most [`MAX_DELAY`].
	pub subnet_immunity: u32,
	/// Blocks from an owner's announcement to the dissolution of a subnet; as long again, and the
	/// announcement lapses. 1 to [`MAX_DELAY`].
	pub dissolve_delay: u32,
	/// A new subnet's [`Hyperparams::neuron_immunity`](crate::Hyperparams::neuron_immunity). At most
	/// [`MAX_NEURON_IMMUNITY`].
	pub neuron_immunity: u32,
	/// The fewest blocks between two changes of a subnet's hyperparameters by its owner. At most
	/// [`MAX_DELAY`].
	pub hyperparams_interval: u32,
	/// Blocks before the close of an epoch in which its hyperparameters stay as they are.
	/// Below [`MIN_TEMPO`].
	pub hyperparams_freeze: u32,
	/// The fewest blocks between two swaps of one hotkey's account. At most [`MAX_DELAY`].
	pub hotkey_swap_interval: u32,
	/// Blocks from the announcement of a coldkey's swap to its effect. 1, so that who lost a key sees
	/// it before it holds, to [`MAX_DELAY`].
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
	/// The longest that hyperparameters may stay as they are before a close, in blocks.
	pub const MOST_FREEZE: u32 = MIN_TEMPO - 1;

	/// The same, with each value that is out of its bounds, or of those that another sets it, at the
	/// nearest of them.
	#[must_use]
	pub fn clamped(self) -> Self {
		let most_delay = |blocks: u32| blocks.min(MAX_DELAY);
		let delay = |blocks: u32| blocks.clamp(1, MAX_DELAY);
		let max_neuron_cost = self.max_neuron_cost.clamp(Tao(1), MAX_COST);
		let min_neuron_cost = self.min_neuron_cost.clamp(Tao(1), max_neuron_cost);
		let max_take = self.max_take.min(PerU16::from_percent(18));
		Self {
			min_lock: self.min_lock.clamp(Tao(UNIT), MAX_COST),
			lock_interval: delay(self.lock_interval),
			registration_interval: most_delay(self.registration_interval),
			start_delay: most_delay(self.start_delay),
			tempo: self.tempo.clamp(MIN_TEMPO, MAX_TEMPO),
			neuron_cost: self.neuron_cost.clamp(min_neuron_cost, max_neuron_cost),
			min_neuron_cost,
			max_neuron_cost,
			neuron_half_life: delay(self.neuron_half_life),
			max_take,
			default_take: self.default_take.min(max_take),
			take_delay: delay(self.take_delay),
			subnet_immunity: most_delay(self.subnet_immunity),
			dissolve_delay: delay(self.dissolve_delay),
			neuron_immunity: self.neuron_immunity.min(MAX_NEURON_IMMUNITY),
			hyperparams_interval: most_delay(self.hyperparams_interval),
			hyperparams_freeze: self.hyperparams_freeze.min(Self::MOST_FREEZE),
			hotkey_swap_interval: most_delay(self.hotkey_swap_interval),
			coldkey_swap_delay: delay(self.coldkey_swap_delay),
			// Held to its bounds by its type.
			neuron_cost_rise: self.neuron_cost_rise,
		}
	}

	/// Check every bound, and that the parameters agree with each other.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn validate(&self) -> Result<(), ParamsError> {
		let within = self.clamped();
		check(&[
			(self.min_lock == within.min_lock, "min_lock"),
			(self.lock_interval == within.lock_interval, "lock_interval"),
			(self.registration_interval == within.registration_interval, "registration_interval"),
			(self.start_delay == within.start_delay, "start_delay"),
			(self.tempo == within.tempo, "tempo"),
			(self.max_neuron_cost == within.max_neuron_cost, "max_neuron_cost"),
			(self.min_neuron_cost == within.min_neuron_cost, "min_neuron_cost"),
			(self.neuron_cost >= within.neuron_cost, "neuron_cost"),
			(self.neuron_cost <= within.neuron_cost, "neuron_cost above max_neuron_cost"),
			(self.neuron_half_life == within.neuron_half_life, "neuron_half_life"),
			(self.max_take == within.max_take, "max_take"),
			(self.default_take == within.default_take, "default_take"),
			(self.take_delay == within.take_delay, "take_delay"),
			(self.subnet_immunity == within.subnet_immunity, "subnet_immunity"),
			(self.dissolve_delay == within.dissolve_delay, "dissolve_delay"),
			(self.neuron_immunity == within.neuron_immunity, "neuron_immunity"),
			(self.hyperparams_interval == within.hyperparams_interval, "hyperparams_interval"),
			(self.hyperparams_freeze == within.hyperparams_freeze, "hyperparams_freeze"),
			(self.hotkey_swap_interval == within.hotkey_swap_interval, "hotkey_swap_interval"),
			(self.coldkey_swap_delay == within.coldkey_swap_delay, "coldkey_swap_delay"),
		])
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
	/// Every field as low, or as high, as its type goes.
	fn extremes() -> [(MarketParams, SubnetsParams); 2] {
		[0_u32, u32::MAX].map(|n| {
			let (tao, alpha) = (Tao(u64::from(n) << 32), Alpha(u64::from(n) << 32));
			let rate = Perbill::from_parts(n.min(1_000_000_000));
			let take = PerU16::from_parts(u16::try_from(n & 0xffff).unwrap());
			let market = MarketParams {
				swap_fee: rate,
				max_trade_ratio: rate,
				min_reserve: tao.get(),
				min_stake: tao,
				owner_cut: rate,
				tao_weight: rate,
				root_sale_rate: rate,
				min_root_sale: alpha,
				price_half_life: n,
				price_ramp: n,
				rule: EmissionRule::FlowEma,
				flow_half_life: n,
				flow_cutoff: if n == 0 { i64::MIN } else { i64::MAX },
				flow_power: u8::try_from(n & 0xff).unwrap(),
			};
			let registry = SubnetsParams {
				min_lock: tao,
				lock_interval: n,
				registration_interval: n,
				start_delay: n,
				tempo: n,
				neuron_cost: tao,
				min_neuron_cost: tao,
				max_neuron_cost: tao,
				neuron_half_life: n,
				neuron_cost_rise: rate,
				max_take: take,
				default_take: take,
				take_delay: n,
				subnet_immunity: n,
				dissolve_delay: n,
				neuron_immunity: n,
				hyperparams_interval: n,
				hyperparams_freeze: n,
				hotkey_swap_interval: n,
				coldkey_swap_delay: n,
			};
			(market, registry)
		})
	}

	#[test]
	fn what_is_brought_within_its_bounds_passes_and_stays() {
		for (market, registry) in extremes() {
			assert!(market.validate().is_err() && registry.validate().is_err());
			let (market, registry) = (market.clamped(), registry.clamped());
			assert_eq!((market.validate(), registry.validate()), (Ok(()), Ok(())));
			assert_eq!((market.clamped(), registry.clamped()), (market, registry));
		}
		// Each cost is out of what the others set it.
		let costs = |min, first, max| SubnetsParams {
			min_neuron_cost: Tao(min),
			neuron_cost: Tao(first),
			max_neuron_cost: Tao(max),
			..Default::default()
		};
		assert_eq!(costs(9, 1, 5).clamped(), costs(5, 5, 5));
		assert_eq!(costs(2, 7, 5).clamped(), costs(2, 5, 5));
		assert_eq!(i64::try_from(crate::constants::MAX_SUPPLY), Ok(MarketParams::MOST_CUTOFF));
	}
}
