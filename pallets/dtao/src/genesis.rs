//! The first state: the pot, the first stakes, the first epochs. It panics with a clear message
//! where a chain spec is wrong; it does not run in a block.
#![allow(clippy::expect_used, clippy::panic)]

use crate::{
	epoch::{Close, Pools},
	Config, Emitting, GenesisConfig, Markets, Pallet, Scores,
};
use dtao_primitives::{traits::SubnetRegistry, NetUid, Tao};
use frame_support::{traits::Get, weights::WeightMeter};
use serde::{Deserialize, Serialize};
use sp_runtime::traits::BlockNumberProvider;

/// A stake made at genesis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisStake<AccountId> {
	/// Who pays, from the genesis balance.
	pub coldkey: AccountId,
	/// On whom.
	pub hotkey: AccountId,
	/// Where.
	pub netuid: NetUid,
	/// How much, in rao.
	pub tao: Tao,
}

pub(crate) fn build<T: Config>(config: &GenesisConfig<T>) {
	Pallet::<T>::endow_pot().expect("genesis: the pot cannot be endowed");
	for stake in &config.stakes {
		let GenesisStake { coldkey, hotkey, netuid, tao } = stake;
		if let Err(error) = Pallet::<T>::do_add_stake(coldkey, *netuid, hotkey, *tao, 0) {
			panic!("genesis: the stake {stake:?} is refused: {error:?}");
		}
	}
	open_first_epochs::<T>();
}

/// Open each subnet's first epoch with the stakes of genesis, so that the first block already
/// rewards them.
fn open_first_epochs<T: Config>() {
	let subnets = Emitting::<T>::get();
	let params = T::Params::get();
	let markets =
		Pallet::<T>::markets_of(&subnets, &params).expect("genesis: an emitting subnet is unknown");
	let now = T::BlockNumberProvider::current_block_number();
	for (netuid, mut market, share) in markets {
		let closes_at = market.epoch.closes_at;
		let tempo = T::Registry::tempo(netuid);
		let close = Close { netuid, share: &share, params: &params, now, tempo };
		// It is the first epoch that is opened again here: same number, same close.
		market.epoch.index = 0;
		let scores = Scores::<T>::get(netuid);
		let pools = Pools::of(netuid);
		Pallet::<T>::open_epoch(&close, market, scores, pools, &mut WeightMeter::new())
			.expect("genesis: the first epoch cannot be opened");
		Markets::<T>::mutate_extant(netuid, |market| market.epoch.closes_at = closes_at);
	}
}
