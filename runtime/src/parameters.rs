//! What governance sets, and why it can't set nonsense.
//!
//! `pallet-parameters` asks whether an origin may set a key, and never looks at the value. So the
//! value's type does: a [`Checked`] set of parameters has passed its own `validate`, or it does not
//! exist. It can't be decoded from a transaction, a batch, a governance call or the state, nor read
//! from a chain specification, nor be built in code, without passing.

#![deny(missing_docs)]

use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::marker::PhantomData;
use dtao_primitives::{MarketParams, ParamsError, SubnetsParams};
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	traits::Get,
};
use scale_info::{Type, TypeInfo};
use serde::{de::Error as _, Deserialize, Deserializer, Serialize};

/// Parameters that know their own bounds.
pub trait Validate {
	/// Check every bound.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	fn validate(&self) -> Result<(), ParamsError>;
}

impl Validate for MarketParams {
	fn validate(&self) -> Result<(), ParamsError> {
		Self::validate(self)
	}
}

impl Validate for SubnetsParams {
	fn validate(&self) -> Result<(), ParamsError> {
		Self::validate(self)
	}
}

/// Parameters within their bounds. Encodes as the parameters do, and shows as them in the metadata.
///
/// A runtime that narrows a bound has to migrate what is stored: a value that no longer passes
/// reads as absent, that is as the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, MaxEncodedLen, Serialize)]
#[serde(transparent)]
pub struct Checked<P>(P);

impl<P: Validate> Checked<P> {
	/// Check `params`.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn new(params: P) -> Result<Self, ParamsError> {
		params.validate()?;
		Ok(Self(params))
	}

	/// The parameters.
	pub fn into_inner(self) -> P {
		self.0
	}
}

/// Parameters that may be read as bytes or JSON: the error has the field's name.
fn named(ParamsError::OutOfBounds(field): ParamsError) -> &'static str {
	field
}

impl<P: Validate + Default> Default for Checked<P> {
	fn default() -> Self {
		// The crate that defines the parameters tests that its defaults pass.
		Self(P::default())
	}
}

impl<P: Validate + Decode> Decode for Checked<P> {
	fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
		Self::new(P::decode(input)?).map_err(|error| named(error).into())
	}
}

impl<P: Validate + DecodeWithMemTracking> DecodeWithMemTracking for Checked<P> {}

impl<P: TypeInfo + 'static> TypeInfo for Checked<P> {
	type Identity = P::Identity;

	fn type_info() -> Type {
		P::type_info()
	}
}

impl<'de, P: Validate + Deserialize<'de>> Deserialize<'de> for Checked<P> {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		Self::new(P::deserialize(deserializer)?)
			.map_err(|error| D::Error::custom(format_args!("out of bounds: {}", named(error))))
	}
}

/// Hands a pallet the parameters under key `K`, as the plain struct that it knows.
pub struct Current<K>(PhantomData<K>);

impl<P: Validate, K: Get<Checked<P>>> Get<P> for Current<K> {
	fn get() -> P {
		K::get().into_inner()
	}
}

/// The keys under which governance's parameters lie: one struct for what is read together.
#[allow(missing_docs, reason = "the macro documents the keys and not the enums it makes of them")]
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<crate::Runtime>)]
pub mod dynamic {
	use super::*;

	/// The market's.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod market {
		/// All of them.
		#[codec(index = 0)]
		pub static Params: Checked<MarketParams> = Checked::default();
	}

	/// The registry's.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod subnets {
		/// All of them.
		#[codec(index = 0)]
		pub static Params: Checked<SubnetsParams> = Checked::default();
	}
}

pub use dynamic::{market, subnets};

/// What `pallet-parameters` itself can't: sets parameters at genesis, and says by name which bound a
/// set of them would break. It has no storage: what it sets is `pallet-parameters`'.
#[frame_support::pallet]
pub mod initial {
	use super::*;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use pallet_parameters::WeightInfo as _;

	/// Sets parameters at genesis, and checks those that governance sets.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// A runtime whose parameters are these.
	#[pallet::config]
	pub trait Config:
		frame_system::Config + pallet_parameters::Config<RuntimeParameters = RuntimeParameters>
	{
	}

	/// The parameters of a new chain; those left out are the defaults in the code.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The market's.
		pub market: Option<Checked<MarketParams>>,
		/// The registry's.
		pub subnets: Option<Checked<SubnetsParams>>,
		/// Which runtime.
		#[serde(skip)]
		pub runtime: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			if let Some(params) = self.market {
				use market::{Parameters, Params};
				set::<T>(RuntimeParameters::Market(Parameters::Params(Params, Some(params))));
			}
			if let Some(params) = self.subnets {
				use subnets::{Parameters, Params};
				set::<T>(RuntimeParameters::Subnets(Parameters::Params(Params, Some(params))));
			}
		}
	}

	/// The bound that a set of parameters would break. Each says what it asks for.
	#[pallet::error]
	pub enum Error<T> {
		/// `swap_fee` is at most 1 %.
		#[codec(index = 0)]
		SwapFeeOutOfBounds,
		/// `max_trade_ratio` is 1 % to 50 %.
		#[codec(index = 1)]
		MaxTradeRatioOutOfBounds,
		/// `min_reserve` is 100 000 units to 1 TAO.
		#[codec(index = 2)]
		MinReserveOutOfBounds,
		/// `min_stake` is the existential deposit to 1 TAO.
		#[codec(index = 3)]
		MinStakeOutOfBounds,
		/// `owner_cut` is at most 18 %.
		#[codec(index = 4)]
		OwnerCutOutOfBounds,
		/// `root_sale_rate` is at most 1 %.
		#[codec(index = 5)]
		RootSaleRateOutOfBounds,
		/// `price_half_life` is at least the shortest tempo.
		#[codec(index = 6)]
		PriceHalfLifeOutOfBounds,
		/// `price_ramp` is above 0.
		#[codec(index = 7)]
		PriceRampOutOfBounds,
		/// `flow_half_life` is at least the shortest tempo.
		#[codec(index = 8)]
		FlowHalfLifeOutOfBounds,
		/// `flow_power` is 1 to 4.
		#[codec(index = 9)]
		FlowPowerOutOfBounds,
		/// `min_lock` is at least 1 TAO.
		#[codec(index = 10)]
		MinLockOutOfBounds,
		/// `lock_interval` is above 0.
		#[codec(index = 11)]
		LockIntervalOutOfBounds,
		/// `tempo` is 60 to 50 400.
		#[codec(index = 12)]
		TempoOutOfBounds,
		/// `min_neuron_cost` is above 0.
		#[codec(index = 13)]
		MinNeuronCostOutOfBounds,
		/// `neuron_cost` is at least `min_neuron_cost`.
		#[codec(index = 14)]
		NeuronCostBelowItsLeast,
		/// `max_neuron_cost` is at least `neuron_cost`.
		#[codec(index = 15)]
		NeuronCostAboveItsMost,
		/// `neuron_half_life` is above 0.
		#[codec(index = 16)]
		NeuronHalfLifeOutOfBounds,
		/// `max_take` is at most 18 %.
		#[codec(index = 17)]
		MaxTakeOutOfBounds,
		/// `default_take` is at most `max_take`.
		#[codec(index = 18)]
		DefaultTakeAboveMaxTake,
		/// `dissolve_delay` is above 0.
		#[codec(index = 19)]
		DissolveDelayOutOfBounds,
		/// `hyperparams_freeze` is below the shortest tempo.
		#[codec(index = 20)]
		HyperparamsFreezeOutOfBounds,
		/// A bound that has no name here.
		#[codec(index = 21)]
		OutOfBounds,
		/// `neuron_immunity` is at most 50 400.
		#[codec(index = 22)]
		NeuronImmunityOutOfBounds,
	}

	impl<T> From<ParamsError> for Error<T> {
		fn from(ParamsError::OutOfBounds(field): ParamsError) -> Self {
			match field {
				"swap_fee" => Self::SwapFeeOutOfBounds,
				"max_trade_ratio" => Self::MaxTradeRatioOutOfBounds,
				"min_reserve" => Self::MinReserveOutOfBounds,
				"min_stake" => Self::MinStakeOutOfBounds,
				"owner_cut" => Self::OwnerCutOutOfBounds,
				"root_sale_rate" => Self::RootSaleRateOutOfBounds,
				"price_half_life" => Self::PriceHalfLifeOutOfBounds,
				"price_ramp" => Self::PriceRampOutOfBounds,
				"flow_half_life" => Self::FlowHalfLifeOutOfBounds,
				"flow_power" => Self::FlowPowerOutOfBounds,
				"min_lock" => Self::MinLockOutOfBounds,
				"lock_interval" => Self::LockIntervalOutOfBounds,
				"tempo" => Self::TempoOutOfBounds,
				"min_neuron_cost" => Self::MinNeuronCostOutOfBounds,
				"neuron_cost" => Self::NeuronCostBelowItsLeast,
				"max_neuron_cost" => Self::NeuronCostAboveItsMost,
				"neuron_half_life" => Self::NeuronHalfLifeOutOfBounds,
				"max_take" => Self::MaxTakeOutOfBounds,
				"default_take" => Self::DefaultTakeAboveMaxTake,
				"dissolve_delay" => Self::DissolveDelayOutOfBounds,
				"hyperparams_freeze" => Self::HyperparamsFreezeOutOfBounds,
				"neuron_immunity" => Self::NeuronImmunityOutOfBounds,
				_ => Self::OutOfBounds,
			}
		}
	}

	/// Governance sets parameters here to be told what is wrong with them, by name.
	/// `Parameters.set_parameter` does the same and can't: what breaks a bound does not decode.
	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Set the market's parameters, all of them.
		///
		/// ## Dispatch Origin
		///
		/// Root.
		///
		/// ## Errors
		///
		/// One for each bound.
		///
		/// ## Events
		///
		/// `Parameters.Updated`.
		#[pallet::call_index(0)]
		#[pallet::weight(<T as pallet_parameters::Config>::WeightInfo::set_parameter())]
		pub fn set_market(origin: OriginFor<T>, params: MarketParams) -> DispatchResult {
			use market::{Parameters, Params};
			let checked = Checked::new(params).map_err(Error::<T>::from)?;
			let value = RuntimeParameters::Market(Parameters::Params(Params, Some(checked)));
			pallet_parameters::Pallet::<T>::set_parameter(origin, value)
		}

		/// Set the registry's parameters, all of them.
		///
		/// As [`Self::set_market`].
		#[pallet::call_index(1)]
		#[pallet::weight(<T as pallet_parameters::Config>::WeightInfo::set_parameter())]
		pub fn set_registry(origin: OriginFor<T>, params: SubnetsParams) -> DispatchResult {
			use subnets::{Parameters, Params};
			let checked = Checked::new(params).map_err(Error::<T>::from)?;
			let value = RuntimeParameters::Subnets(Parameters::Params(Params, Some(checked)));
			pallet_parameters::Pallet::<T>::set_parameter(origin, value)
		}
	}

	fn set<T: Config>(parameters: RuntimeParameters) {
		use frame_support::traits::dynamic_params::AggregatedKeyValue;
		if let (key, Some(value)) = parameters.into_parts() {
			pallet_parameters::Parameters::<T>::insert(key, value);
		}
	}
}

/// The parameters that the benchmark of `pallet-parameters` sets.
#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	fn default() -> Self {
		Self::Market(market::Parameters::Params(market::Params, Some(Checked::default())))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::Runtime;
	use dtao_primitives::Tao;
	use sp_runtime::{PerU16, Perbill};

	/// Every bound of the market's parameters, broken one at a time.
	fn broken_market() -> Vec<MarketParams> {
		let good = MarketParams::default;
		vec![
			MarketParams { swap_fee: Perbill::from_percent(2), ..good() },
			MarketParams { max_trade_ratio: Perbill::zero(), ..good() },
			MarketParams { min_reserve: 0, ..good() },
			MarketParams { min_stake: Tao::ZERO, ..good() },
			MarketParams { owner_cut: Perbill::from_percent(19), ..good() },
			MarketParams { root_sale_rate: Perbill::from_percent(2), ..good() },
			MarketParams { price_half_life: 59, ..good() },
			MarketParams { price_ramp: 0, ..good() },
			MarketParams { flow_half_life: 59, ..good() },
			MarketParams { flow_power: 5, ..good() },
		]
	}

	/// Every bound of the registry's parameters, broken one at a time.
	fn broken_registry() -> Vec<SubnetsParams> {
		let good = SubnetsParams::default;
		let percent = PerU16::from_percent;
		vec![
			SubnetsParams { min_lock: Tao::ZERO, ..good() },
			SubnetsParams { lock_interval: 0, ..good() },
			SubnetsParams { tempo: 59, ..good() },
			SubnetsParams { min_neuron_cost: Tao::ZERO, ..good() },
			SubnetsParams { neuron_cost: Tao(1), ..good() },
			SubnetsParams { max_neuron_cost: Tao(1_000_000), ..good() },
			SubnetsParams { neuron_half_life: 0, ..good() },
			SubnetsParams { max_take: percent(19), ..good() },
			SubnetsParams { max_take: percent(9), ..good() },
			SubnetsParams { dissolve_delay: 0, ..good() },
			SubnetsParams { hyperparams_freeze: 60, ..good() },
			SubnetsParams { neuron_immunity: 50_401, ..good() },
		]
	}

	/// Hazard E17: each bound has an error of its own, in the order of the list.
	#[test]
	fn each_bound_has_its_name() {
		let market = broken_market().into_iter().map(|params| params.validate().unwrap_err());
		let registry = broken_registry().into_iter().map(|params| params.validate().unwrap_err());
		// One index is that of a bound without a name.
		let nameless = initial::Error::<Runtime>::OutOfBounds.encode()[0];
		let indices = (0..).filter(|index| *index != nameless);
		for (index, broken) in indices.zip(market.chain(registry)) {
			let error = initial::Error::<Runtime>::from(broken);
			assert_eq!(error.encode(), [index], "{broken:?}");
		}
	}
}
