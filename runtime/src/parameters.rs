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
		/// `price_half_life` is the shortest tempo to 31 536 000 blocks.
		#[codec(index = 6)]
		PriceHalfLifeOutOfBounds,
		/// `price_ramp` is 1 to 31 536 000 blocks.
		#[codec(index = 7)]
		PriceRampOutOfBounds,
		/// `flow_half_life` is the shortest tempo to 31 536 000 blocks.
		#[codec(index = 8)]
		FlowHalfLifeOutOfBounds,
		/// `flow_power` is 1 to 4.
		#[codec(index = 9)]
		FlowPowerOutOfBounds,
		/// `min_lock` is 1 to 1 000 000 TAO.
		#[codec(index = 10)]
		MinLockOutOfBounds,
		/// `lock_interval` is 1 to 31 536 000 blocks.
		#[codec(index = 11)]
		LockIntervalOutOfBounds,
		/// `tempo` is 60 to 50 400.
		#[codec(index = 12)]
		TempoOutOfBounds,
		/// `min_neuron_cost` is 1 rao to `max_neuron_cost`.
		#[codec(index = 13)]
		MinNeuronCostOutOfBounds,
		/// `neuron_cost` is at least `min_neuron_cost`.
		#[codec(index = 14)]
		NeuronCostBelowItsLeast,
		/// `neuron_cost` is at most `max_neuron_cost`.
		#[codec(index = 15)]
		NeuronCostAboveItsMost,
		/// `neuron_half_life` is 1 to 31 536 000 blocks.
		#[codec(index = 16)]
		NeuronHalfLifeOutOfBounds,
		/// `max_take` is at most 18 %.
		#[codec(index = 17)]
		MaxTakeOutOfBounds,
		/// `default_take` is at most `max_take`.
		#[codec(index = 18)]
		DefaultTakeAboveMaxTake,
		/// `dissolve_delay` is 1 to 31 536 000 blocks.
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
		/// `min_root_sale` is 1 atom to 1 000 ALPHA.
		#[codec(index = 23)]
		MinRootSaleOutOfBounds,
		/// `flow_cutoff` is at most 21 000 000 TAO a block.
		#[codec(index = 24)]
		FlowCutoffOutOfBounds,
		/// `max_neuron_cost` is 1 rao to 1 000 000 TAO.
		#[codec(index = 25)]
		MaxNeuronCostOutOfBounds,
		/// `registration_interval` is at most 31 536 000 blocks.
		#[codec(index = 26)]
		RegistrationIntervalOutOfBounds,
		/// `start_delay` is at most 31 536 000 blocks.
		#[codec(index = 27)]
		StartDelayOutOfBounds,
		/// `take_delay` is 1 to 31 536 000 blocks.
		#[codec(index = 28)]
		TakeDelayOutOfBounds,
		/// `subnet_immunity` is at most 31 536 000 blocks.
		#[codec(index = 29)]
		SubnetImmunityOutOfBounds,
		/// `hyperparams_interval` is at most 31 536 000 blocks.
		#[codec(index = 30)]
		HyperparamsIntervalOutOfBounds,
		/// `hotkey_swap_interval` is at most 31 536 000 blocks.
		#[codec(index = 31)]
		HotkeySwapIntervalOutOfBounds,
		/// `coldkey_swap_delay` is 1 to 31 536 000 blocks.
		#[codec(index = 32)]
		ColdkeySwapDelayOutOfBounds,
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
				"neuron_cost above max_neuron_cost" => Self::NeuronCostAboveItsMost,
				"neuron_half_life" => Self::NeuronHalfLifeOutOfBounds,
				"max_take" => Self::MaxTakeOutOfBounds,
				"default_take" => Self::DefaultTakeAboveMaxTake,
				"dissolve_delay" => Self::DissolveDelayOutOfBounds,
				"hyperparams_freeze" => Self::HyperparamsFreezeOutOfBounds,
				"neuron_immunity" => Self::NeuronImmunityOutOfBounds,
				"min_root_sale" => Self::MinRootSaleOutOfBounds,
				"flow_cutoff" => Self::FlowCutoffOutOfBounds,
				"max_neuron_cost" => Self::MaxNeuronCostOutOfBounds,
				"registration_interval" => Self::RegistrationIntervalOutOfBounds,
				"start_delay" => Self::StartDelayOutOfBounds,
				"take_delay" => Self::TakeDelayOutOfBounds,
				"subnet_immunity" => Self::SubnetImmunityOutOfBounds,
				"hyperparams_interval" => Self::HyperparamsIntervalOutOfBounds,
				"hotkey_swap_interval" => Self::HotkeySwapIntervalOutOfBounds,
				"coldkey_swap_delay" => Self::ColdkeySwapDelayOutOfBounds,
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
	use crate::{InitialParameters, Runtime, RuntimeOrigin};
	use dtao_primitives::{Alpha, Tao};
	use frame_support::{assert_noop, assert_ok};
	use initial::Error::*;
	use scale_info::TypeDef;
	use sp_runtime::{traits::BadOrigin, PerU16, Perbill};
	use std::collections::BTreeSet;

	type Error = initial::Error<Runtime>;

	/// One more block than any delay has.
	const TOO_LONG: u32 = 31_536_001;
	/// One rao more than anything costs.
	const TOO_MUCH: Tao = Tao(1_000_000_000_000_001);

	/// Every bound of the market's parameters, broken one at a time, on each side that a type leaves
	/// open.
	fn broken_market() -> Vec<(Error, MarketParams)> {
		let good = MarketParams::default;
		let percent = Perbill::from_percent;
		vec![
			(SwapFeeOutOfBounds, MarketParams { swap_fee: percent(2), ..good() }),
			(MaxTradeRatioOutOfBounds, MarketParams { max_trade_ratio: percent(0), ..good() }),
			(MaxTradeRatioOutOfBounds, MarketParams { max_trade_ratio: percent(51), ..good() }),
			(MinReserveOutOfBounds, MarketParams { min_reserve: 99_999, ..good() }),
			(MinReserveOutOfBounds, MarketParams { min_reserve: 1_000_000_001, ..good() }),
			(MinStakeOutOfBounds, MarketParams { min_stake: Tao(499), ..good() }),
			(MinStakeOutOfBounds, MarketParams { min_stake: Tao(1_000_000_001), ..good() }),
			(OwnerCutOutOfBounds, MarketParams { owner_cut: percent(19), ..good() }),
			(RootSaleRateOutOfBounds, MarketParams { root_sale_rate: percent(2), ..good() }),
			(MinRootSaleOutOfBounds, MarketParams { min_root_sale: Alpha(0), ..good() }),
			(
				MinRootSaleOutOfBounds,
				MarketParams { min_root_sale: Alpha(1_000_000_000_001), ..good() },
			),
			(PriceHalfLifeOutOfBounds, MarketParams { price_half_life: 59, ..good() }),
			(PriceHalfLifeOutOfBounds, MarketParams { price_half_life: TOO_LONG, ..good() }),
			(PriceRampOutOfBounds, MarketParams { price_ramp: 0, ..good() }),
			(PriceRampOutOfBounds, MarketParams { price_ramp: TOO_LONG, ..good() }),
			(FlowHalfLifeOutOfBounds, MarketParams { flow_half_life: 59, ..good() }),
			(FlowHalfLifeOutOfBounds, MarketParams { flow_half_life: TOO_LONG, ..good() }),
			(FlowCutoffOutOfBounds, MarketParams { flow_cutoff: 21_000_000_000_000_001, ..good() }),
			(FlowPowerOutOfBounds, MarketParams { flow_power: 0, ..good() }),
			(FlowPowerOutOfBounds, MarketParams { flow_power: 5, ..good() }),
		]
	}

	/// Every bound of the registry's parameters, likewise.
	fn broken_registry() -> Vec<(Error, SubnetsParams)> {
		let good = SubnetsParams::default;
		let percent = PerU16::from_percent;
		let long = TOO_LONG;
		vec![
			(MinLockOutOfBounds, SubnetsParams { min_lock: Tao(999_999_999), ..good() }),
			(MinLockOutOfBounds, SubnetsParams { min_lock: TOO_MUCH, ..good() }),
			(LockIntervalOutOfBounds, SubnetsParams { lock_interval: 0, ..good() }),
			(LockIntervalOutOfBounds, SubnetsParams { lock_interval: long, ..good() }),
			(
				RegistrationIntervalOutOfBounds,
				SubnetsParams { registration_interval: long, ..good() },
			),
			(StartDelayOutOfBounds, SubnetsParams { start_delay: long, ..good() }),
			(TempoOutOfBounds, SubnetsParams { tempo: 59, ..good() }),
			(TempoOutOfBounds, SubnetsParams { tempo: 50_401, ..good() }),
			(MinNeuronCostOutOfBounds, SubnetsParams { min_neuron_cost: Tao(0), ..good() }),
			(MinNeuronCostOutOfBounds, SubnetsParams { min_neuron_cost: TOO_MUCH, ..good() }),
			(NeuronCostBelowItsLeast, SubnetsParams { neuron_cost: Tao(1), ..good() }),
			(NeuronCostAboveItsMost, SubnetsParams { neuron_cost: TOO_MUCH, ..good() }),
			(NeuronCostAboveItsMost, SubnetsParams { max_neuron_cost: Tao(1_000_000), ..good() }),
			(MaxNeuronCostOutOfBounds, SubnetsParams { max_neuron_cost: Tao(0), ..good() }),
			(MaxNeuronCostOutOfBounds, SubnetsParams { max_neuron_cost: TOO_MUCH, ..good() }),
			(NeuronHalfLifeOutOfBounds, SubnetsParams { neuron_half_life: 0, ..good() }),
			(NeuronHalfLifeOutOfBounds, SubnetsParams { neuron_half_life: long, ..good() }),
			(MaxTakeOutOfBounds, SubnetsParams { max_take: percent(19), ..good() }),
			(DefaultTakeAboveMaxTake, SubnetsParams { max_take: percent(9), ..good() }),
			(TakeDelayOutOfBounds, SubnetsParams { take_delay: 0, ..good() }),
			(TakeDelayOutOfBounds, SubnetsParams { take_delay: long, ..good() }),
			(SubnetImmunityOutOfBounds, SubnetsParams { subnet_immunity: long, ..good() }),
			(DissolveDelayOutOfBounds, SubnetsParams { dissolve_delay: 0, ..good() }),
			(DissolveDelayOutOfBounds, SubnetsParams { dissolve_delay: long, ..good() }),
			(NeuronImmunityOutOfBounds, SubnetsParams { neuron_immunity: 50_401, ..good() }),
			(
				HyperparamsIntervalOutOfBounds,
				SubnetsParams { hyperparams_interval: long, ..good() },
			),
			(HyperparamsFreezeOutOfBounds, SubnetsParams { hyperparams_freeze: 60, ..good() }),
			(HotkeySwapIntervalOutOfBounds, SubnetsParams { hotkey_swap_interval: long, ..good() }),
			(ColdkeySwapDelayOutOfBounds, SubnetsParams { coldkey_swap_delay: 0, ..good() }),
			(ColdkeySwapDelayOutOfBounds, SubnetsParams { coldkey_swap_delay: long, ..good() }),
		]
	}

	/// Hazard E17: each bound has an error of its own, each error a bound, and each call that sets
	/// parameters refuses with it and changes nothing.
	#[test]
	fn each_bound_has_its_name() {
		let mut named = BTreeSet::from([Error::OutOfBounds.encode()]);
		crate::tests::chain("development").execute_with(|| {
			let root = RuntimeOrigin::root;
			for (error, params) in broken_market() {
				named.insert(error.encode());
				assert_eq!(Error::from(params.validate().unwrap_err()).encode(), error.encode());
				assert_noop!(InitialParameters::set_market(root(), params), error);
			}
			for (error, params) in broken_registry() {
				named.insert(error.encode());
				assert_eq!(Error::from(params.validate().unwrap_err()).encode(), error.encode());
				assert_noop!(InitialParameters::set_registry(root(), params), error);
			}
		});
		let TypeDef::Variant(all) = Error::type_info().type_def else {
			panic!("errors are an enum")
		};
		let indices: BTreeSet<_> = all.variants.iter().map(|variant| vec![variant.index]).collect();
		assert_eq!(named, indices, "every error is that of a bound");
	}

	/// Parameters are root's to set, good ones too.
	#[test]
	fn nobody_but_root_sets_parameters() {
		crate::tests::chain("development").execute_with(|| {
			for origin in [RuntimeOrigin::none(), RuntimeOrigin::signed([7; 32].into())] {
				assert_noop!(
					InitialParameters::set_market(origin.clone(), Default::default()),
					BadOrigin
				);
				assert_noop!(
					InitialParameters::set_registry(origin, Default::default()),
					BadOrigin
				);
			}
			let changed = MarketParams { flow_power: 2, ..Default::default() };
			assert_ok!(InitialParameters::set_market(RuntimeOrigin::root(), changed));
			assert_eq!(<Current<market::Params> as Get<MarketParams>>::get(), changed);
		});
	}
}
