//! Since the first release some bounds are narrower: parameters that governance had set beyond them
//! would no longer decode, and so read as the defaults, all of them.

use crate::{
	parameters::{market, subnets, Checked, RuntimeParameters, Validate},
	Runtime,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeAll};
use dtao_primitives::{MarketParams, SubnetsParams};
use frame_support::{
	storage::unhashed,
	traits::{dynamic_params::AggregatedKeyValue, OnRuntimeUpgrade},
	weights::Weight,
};

/// Stores parameters that are out of their bounds anew, each that is out at its nearest bound.
///
/// It looks at what is stored and leaves what reads well, and so does nothing twice.
pub struct NarrowParams;

impl OnRuntimeUpgrade for NarrowParams {
	fn on_runtime_upgrade() -> Weight {
		let narrowed = [
			unreadable(&market_key())
				.and_then(|params: MarketParams| checked(params.clamped()))
				.map(of_market),
			unreadable(&subnets_key())
				.and_then(|params: SubnetsParams| checked(params.clamped()))
				.map(of_subnets),
		];
		let (read, mut written) = (2, 0_u64);
		for (key, value) in narrowed.into_iter().flatten().map(AggregatedKeyValue::into_parts) {
			if let Some(value) = value {
				pallet_parameters::Parameters::<Runtime>::insert(key, value);
				written = written.saturating_add(1);
			}
		}
		<Runtime as frame_system::Config>::DbWeight::get().reads_writes(read, written)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
		use codec::Encode;
		Ok([market_key(), subnets_key()].map(|key| unhashed::exists(&key)).encode())
	}

	/// What was stored is, and reads well.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use codec::Encode;
		type Value = <RuntimeParameters as AggregatedKeyValue>::Value;
		let reads = |key: Vec<u8>| unhashed::get::<Value>(&key).is_some();
		let after = [market_key(), subnets_key()].map(reads).encode();
		frame_support::ensure!(after == before, "parameters were lost");
		Ok(())
	}
}

/// Where the market's parameters lie.
fn market_key() -> Vec<u8> {
	hashed(RuntimeParameters::Market(market::Parameters::Params(market::Params, None)))
}

/// Where the registry's do.
fn subnets_key() -> Vec<u8> {
	hashed(RuntimeParameters::Subnets(subnets::Parameters::Params(subnets::Params, None)))
}

fn hashed(parameters: RuntimeParameters) -> Vec<u8> {
	let (key, _) = parameters.into_parts();
	pallet_parameters::Parameters::<Runtime>::hashed_key_for(key)
}

/// The parameters under `key`, if they are out of their bounds. Before them lie the indices of their
/// pallet and of their key.
fn unreadable<P: Decode + Validate>(key: &[u8]) -> Option<P> {
	let bytes = unhashed::get_raw(key)?;
	let params = P::decode_all(&mut bytes.get(2..)?).ok()?;
	params.validate().is_err().then_some(params)
}

fn checked<P: Validate>(params: P) -> Option<Checked<P>> {
	Checked::new(params).ok()
}

fn of_market(params: Checked<MarketParams>) -> RuntimeParameters {
	RuntimeParameters::Market(market::Parameters::Params(market::Params, Some(params)))
}

fn of_subnets(params: Checked<SubnetsParams>) -> RuntimeParameters {
	RuntimeParameters::Subnets(subnets::Parameters::Params(subnets::Params, Some(params)))
}
