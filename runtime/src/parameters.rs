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

/// Sets parameters at genesis, which `pallet-parameters` itself can't. It has no storage and no
/// calls: from genesis on, the parameters are governance's.
#[frame_support::pallet]
pub mod initial {
	use super::*;
	use frame_support::pallet_prelude::*;

	/// Sets parameters at genesis.
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
