//! Who exists from the first block on. Not runtime execution: what cannot be built is refused
//! loudly, since a chain must not start from a state that its calls could not have reached.

use crate::{Config, Error, GenesisConfig, HotkeyIds, Pallet, Subnets};
use alloc::vec::Vec;
use core::fmt::Debug;
use dtao_primitives::{
	constants::{MAX_TEMPO, MIN_TEMPO},
	Tao,
};
use frame_support::{ensure, traits::Get};
use serde::{Deserialize, Serialize};
use sp_runtime::{DispatchError, DispatchResult, PerU16};

/// A hotkey that is owned from genesis on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisHotkey<AccountId> {
	/// The account it signs with.
	pub hotkey: AccountId,
	/// The coldkey that owns it.
	pub coldkey: AccountId,
	/// Its part of its nominators' rewards; none for the default take.
	pub take: Option<PerU16>,
}

/// A subnet that is registered from genesis on. The n-th of the list has netuid n, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisSubnet<AccountId> {
	/// The coldkey that owns it, and pays `lock` from its genesis balance.
	pub owner: AccountId,
	/// The hotkey on which the owner's cut is staked. Becomes `owner`'s if it is nobody's.
	pub hotkey: AccountId,
	/// The TAO of its pool, in rao.
	pub lock: Tao,
	/// Blocks in an epoch; none for the default tempo.
	pub tempo: Option<u32>,
	/// Whether it trades and emits from the first block on.
	pub started: bool,
	/// The hotkeys that hold its seats, by uid. Each is in the list of hotkeys, or a subnet's.
	pub neurons: Vec<AccountId>,
}

impl<T: Config> Pallet<T> {
	/// Register everything in `config`, in order: hotkeys, then each subnet with its neurons.
	///
	/// # Panics
	///
	/// If anything in `config` is refused; the message says what and why.
	pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
		for hotkey in &config.hotkeys {
			accept(Self::build_hotkey(hotkey), hotkey);
		}
		for subnet in &config.subnets {
			accept(Self::build_subnet(subnet), subnet);
		}
	}

	fn build_hotkey(genesis: &GenesisHotkey<T::AccountId>) -> DispatchResult {
		let GenesisHotkey { hotkey, coldkey, take } = genesis.clone();
		let is_new = !HotkeyIds::<T>::contains_key(&hotkey);
		ensure!(is_new, DispatchError::Other("the hotkey is listed twice"));
		let params = T::Params::get();
		let take = take.unwrap_or(params.default_take);
		ensure!(take <= params.max_take, Error::<T>::TakeTooHigh);

		Self::bind_hotkey(coldkey, hotkey, take)?;
		Ok(())
	}

	fn build_subnet(genesis: &GenesisSubnet<T::AccountId>) -> DispatchResult {
		let GenesisSubnet { owner, hotkey, lock, tempo, started, neurons } = genesis.clone();
		let params = T::Params::get();
		let tempo = tempo.unwrap_or(params.tempo);
		let is_bounded = (MIN_TEMPO..=MAX_TEMPO).contains(&tempo);
		ensure!(is_bounded, DispatchError::Other("the tempo is out of bounds"));

		let netuid = Self::create_subnet(owner, hotkey, lock, tempo, &params)?;
		for neuron in neurons {
			let id = HotkeyIds::<T>::get(neuron).ok_or(Error::<T>::UnknownHotkey)?;
			Self::seat(netuid, id)?;
		}
		if started {
			let subnet = Subnets::<T>::get(netuid).ok_or(Error::<T>::UnknownSubnet)?;
			Self::start(netuid, subnet)?;
		}
		Ok(())
	}
}

/// Go on if `what` was built.
///
/// # Panics
///
/// If it was refused.
#[allow(clippy::panic, reason = "genesis is not runtime execution")]
fn accept(result: DispatchResult, what: &impl Debug) {
	if let Err(error) = result {
		panic!("genesis of the registry refused: {error:?} in {what:?}");
	}
}
