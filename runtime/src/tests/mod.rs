//! What holds of the composition: presets boot, indices stay, fees are what they say.

mod audit;
mod brakes;
#[cfg(feature = "runtime-benchmarks")]
mod committed_weights;
mod consensus;
mod dust;
mod exit_fee;
mod failures;
mod inheritance;
mod keys;
mod loops;
mod market_migration;
mod metadata;
mod migrations;
mod promises;
mod pruning;
mod random;
mod rows;
mod sandwich;
mod storage_counts;
mod support;
mod upgrade;
mod vectors;
mod weights;

use crate::{
	configs::ProxyType, genesis_config_presets, parameters::Checked, AllPalletsWithSystem,
	Balances, BlockTime, Dtao, PalletInfo, Runtime, RuntimeCall, RuntimeGenesisConfig, System,
	TransactionPayment,
};
use codec::{Decode, Encode};
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, UNIT},
	views::SubnetState,
	MarketParams, NetUid, Tao,
};
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::{InstanceFilter, OnInitialize, PalletInfoAccess},
	weights::Weight,
};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
use sp_runtime::{BuildStorage, FixedU128, Perbill};

/// The state that preset `id` begins with.
pub(crate) fn chain(id: &str) -> TestExternalities {
	let patch = genesis_config_presets::get_preset(&id.into()).expect("the preset exists");
	let patch: serde_json::Value = serde_json::from_slice(&patch).expect("it is JSON");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it is JSON");
	merge(&mut genesis, patch);
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("it fits genesis");
	genesis.build_storage().expect("genesis builds").into()
}

fn merge(whole: &mut serde_json::Value, patch: serde_json::Value) {
	match (whole, patch) {
		(serde_json::Value::Object(whole), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(whole.entry(key).or_insert(serde_json::Value::Null), value);
			}
		},
		(whole, patch) => *whole = patch,
	}
}

fn next_block() -> Weight {
	let block = System::block_number() + 1;
	System::set_block_number(block);
	AllPalletsWithSystem::on_initialize(block)
}

#[test]
fn every_preset_boots_and_makes_blocks() {
	for id in genesis_config_presets::preset_names() {
		chain(id.as_ref()).execute_with(|| {
			next_block();
			next_block();
			assert!(Dtao::audit().iter().all(|line| line.holds), "{id:?}");
			support::check_invariants();
		});
	}
}

#[test]
fn each_preset_has_its_block_time() {
	for (id, millis) in
		[("development", 1_000), ("local_testnet", 3_000), ("testnet", 3_000), ("main", 12_000)]
	{
		let found = chain(id).execute_with(crate::block_time::Millis::<Runtime>::get);
		assert_eq!(found, millis, "{id}");
	}
	let _: &str = BlockTime::name();
}

#[test]
fn the_development_chain_trades_and_emits_from_its_first_block() {
	chain("development").execute_with(|| {
		next_block();
		let subnets = Dtao::subnets();
		let states: Vec<_> = subnets.iter().map(|subnet| (subnet.netuid, subnet.state)).collect();
		assert_eq!(
			states,
			[
				(NetUid::ROOT, SubnetState::Started),
				(NetUid(1), SubnetState::Started),
				(NetUid(2), SubnetState::Registered),
			]
		);
		let (first, second) = (&subnets[1], &subnets[2]);
		assert!(first.price > FixedU128::from_u32(1), "stakes have lifted it");
		assert_eq!(first.emission.tao, Tao(UNIT), "the only one that emits gets all");
		assert_eq!(second.price, FixedU128::from_u32(1));

		// The validator's stakers earn from the first block on.
		let alice = Alice.to_account_id();
		let before = Dtao::positions(&alice)[0].alpha;
		next_block();
		assert!(Dtao::positions(&alice)[0].alpha > before);
		let quote =
			Dtao::quote_add_stake(&Bob.to_account_id(), NetUid(1), &Eve.to_account_id(), Tao(UNIT));
		assert!(quote.expect("it would be accepted").amount_out > 0);
	});
}

#[test]
fn the_pot_holds_what_lies_in_it_to_the_rao() {
	chain("development").execute_with(|| {
		let supply = Dtao::supply();
		let pot = Balances::free_balance(Dtao::pot());
		assert_eq!(pot, supply.pools.0 + supply.root.0 + EXISTENTIAL_DEPOSIT);
	});
}

#[test]
fn pallets_keep_their_indices() {
	let indices = [
		("System", 0),
		("Timestamp", 1),
		("BlockTime", 2),
		("Aura", 3),
		("Grandpa", 4),
		("Balances", 5),
		("TransactionPayment", 6),
		("Authorship", 7),
		("Sudo", 8),
		("Utility", 9),
		("Proxy", 10),
		("Parameters", 11),
		("Migrations", 12),
		("InitialParameters", 13),
		("Validators", 14),
		("Session", 15),
		("Historical", 16),
		("Offences", 17),
		("SafeMode", 18),
		("TxPause", 19),
		("Subnets", 20),
		("Yuma", 22),
		("Dtao", 21),
	];
	let found: Vec<_> = <AllPalletsWithSystem as frame_support::traits::PalletsInfoAccess>::infos()
		.into_iter()
		.map(|info| (info.name, info.index))
		.collect();
	assert_eq!(found, indices);
	assert_eq!(<PalletInfo as frame_support::traits::PalletInfo>::index::<Dtao>(), Some(21));
}

#[test]
fn parameters_out_of_bounds_do_not_exist() {
	let fee = MarketParams { swap_fee: Perbill::from_percent(2), ..Default::default() };
	assert!(Checked::new(fee).is_err());
	assert!(Checked::<MarketParams>::decode(&mut &fee.encode()[..]).is_err());
	assert!(Checked::<MarketParams>::decode(&mut &MarketParams::default().encode()[..]).is_ok());
}

fn add_stake() -> RuntimeCall {
	RuntimeCall::Dtao(pallet_dtao::Call::add_stake {
		netuid: NetUid(1),
		hotkey: Eve.to_account_id(),
		tao: Tao(UNIT),
		min_received: 0,
	})
}

#[test]
fn a_staking_proxy_stakes_and_does_not_transfer() {
	let transfer = RuntimeCall::Balances(pallet_balances::Call::transfer_all {
		dest: Bob.to_account_id().into(),
		keep_alive: false,
	});
	let take = RuntimeCall::Subnets(pallet_subnets::Call::set_take {
		hotkey: Eve.to_account_id(),
		take: Default::default(),
	});
	assert!(ProxyType::Staking.filter(&add_stake()));
	assert!(!ProxyType::Staking.filter(&transfer));
	assert!(!ProxyType::Staking.filter(&take));
	assert!(ProxyType::NonTransfer.filter(&add_stake()));
	assert!(!ProxyType::NonTransfer.filter(&transfer));
	let weights = RuntimeCall::Yuma(pallet_yuma::Call::commit_weights {
		netuid: NetUid(1),
		hash: Default::default(),
	});
	assert!(!ProxyType::Staking.filter(&weights) && !ProxyType::Trading.filter(&weights));
	assert!(ProxyType::NonTransfer.filter(&weights), "weights give nothing away");
	assert!(ProxyType::Any.is_superset(&ProxyType::Staking));
	assert!(!ProxyType::Staking.is_superset(&ProxyType::NonTransfer));
	assert!(!ProxyType::NonTransfer.is_superset(&ProxyType::Staking), "it gives stake away");
	assert!(ProxyType::NonTransfer.is_superset(&ProxyType::Trading));
	assert!(ProxyType::Staking.is_superset(&ProxyType::Trading));
}

/// Who may act, but not transfer, may not burn the principal's TAO on registrations either: that is a
/// type of its own.
#[test]
fn a_proxy_spends_on_registrations_only_if_it_says_so() {
	use pallet_subnets::Call;
	let (hotkey, max) = (Eve.to_account_id(), Tao(u64::MAX));
	let register = [
		RuntimeCall::Subnets(Call::register_subnet { hotkey: hotkey.clone(), max_lock: max }),
		RuntimeCall::Subnets(Call::register_neuron { netuid: NetUid(1), hotkey, max_cost: max }),
	];
	for call in register {
		for proxy in [ProxyType::NonTransfer, ProxyType::Staking, ProxyType::Trading] {
			assert!(!proxy.filter(&call), "{proxy:?} {call:?}");
		}
		assert!(ProxyType::Registration.filter(&call) && ProxyType::Any.filter(&call));
	}
	let start = RuntimeCall::Subnets(Call::start_call { netuid: NetUid(1) });
	assert!(ProxyType::NonTransfer.filter(&start) && ProxyType::Registration.filter(&start));
	let swap = RuntimeCall::Subnets(Call::swap_coldkey { coldkey: Eve.to_account_id() });
	for call in [add_stake(), swap] {
		assert!(!ProxyType::Registration.filter(&call), "{call:?}");
	}
	assert!(!ProxyType::NonTransfer.is_superset(&ProxyType::Registration));
	assert!(!ProxyType::Registration.is_superset(&ProxyType::Trading));
}

#[test]
fn a_stake_costs_less_than_a_thousandth_of_a_tao() {
	chain("main").execute_with(|| {
		let call = add_stake();
		let fee = TransactionPayment::compute_fee(150, &call.get_dispatch_info(), 0);
		assert!((1..UNIT / 1_000).contains(&fee), "{fee} rao");
	});
}
