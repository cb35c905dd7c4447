//! What a vector begins with.

use crate::{
	calls,
	json::{account, changed, rows, text, unsigned},
	Chain, Composed,
};
use dtao_primitives::{MarketParams, NetUid, SubnetsParams, Tao};
use pallet_dtao::GenesisStake;
use pallet_subnets::{GenesisHotkey, GenesisSubnet};
use serde_json::{json, Value};
use sp_io::TestExternalities;
use sp_runtime::{AccountId32, PerU16};

/// The parts of a genesis, for a chain to put together.
pub struct Genesis<T: Composed> {
	/// Free TAO, in rao.
	pub balances: Vec<(AccountId32, u64)>,
	/// The market's parameters.
	pub market_params: MarketParams,
	/// The registry's parameters.
	pub registry_params: SubnetsParams,
	/// Who exists.
	pub registry: pallet_subnets::GenesisConfig<T>,
	/// What is staked.
	pub market: pallet_dtao::GenesisConfig<T>,
}

impl<T: Composed> Genesis<T> {
	fn new(said: &Value) -> Self {
		let balances = said["balances"].as_object().into_iter().flatten();
		Self {
			balances: balances.map(|(name, free)| (account(name), unsigned(free))).collect(),
			market_params: changed(MarketParams::default(), &said["market"]),
			registry_params: changed(SubnetsParams::default(), &said["subnets_params"]),
			registry: pallet_subnets::GenesisConfig {
				hotkeys: rows(&said["hotkeys"]).iter().map(hotkey).collect(),
				subnets: rows(&said["subnets"]).iter().map(subnet).collect(),
			},
			market: pallet_dtao::GenesisConfig {
				stakes: rows(&said["stakes"]).iter().map(stake).collect(),
			},
		}
	}
}

fn hotkey(row: &Value) -> GenesisHotkey<AccountId32> {
	GenesisHotkey {
		hotkey: account(text(&row["hotkey"])),
		coldkey: account(text(&row["coldkey"])),
		take: row.get("take").map(|take| PerU16::from_parts(unsigned(take))),
	}
}

fn subnet(row: &Value) -> GenesisSubnet<AccountId32> {
	GenesisSubnet {
		owner: account(text(&row["owner"])),
		hotkey: account(text(&row["hotkey"])),
		lock: Tao(unsigned(&row["lock"])),
		tempo: row.get("tempo").map(unsigned),
		started: row["started"].as_bool().expect("started or not"),
		neurons: rows(&row["neurons"]).iter().map(|name| account(text(name))).collect(),
	}
}

fn stake(row: &Value) -> GenesisStake<AccountId32> {
	GenesisStake {
		coldkey: account(text(&row["coldkey"])),
		hotkey: account(text(&row["hotkey"])),
		netuid: NetUid(unsigned(&row["netuid"])),
		tao: Tao(unsigned(&row["tao"])),
	}
}

/// The state that `said` describes: built by the chain, then changed by governance where a subnet
/// has hyperparameters of its own.
pub(crate) fn build<C: Chain>(said: &Value) -> TestExternalities {
	let mut state = C::build(Genesis::new(said));
	state.execute_with(|| {
		for (row, netuid) in rows(&said["subnets"]).iter().zip(1u16..) {
			let Some(fields) = row["hyperparams"].as_object() else { continue };
			let mut args = json!({ "netuid": netuid });
			args.as_object_mut().expect("an object").extend(fields.clone());
			let step = json!({ "call": "set_subnet_params", "who": "sudo", "args": args });
			calls::make::<C>(&step).expect("governance sets what is in bounds");
		}
	});
	state
}
