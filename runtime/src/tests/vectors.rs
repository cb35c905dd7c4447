//! Replays what the reference model says (`tests/vectors`) over the real runtime. `tests/replay` has
//! the how; here is what only the runtime knows.

use super::{next_block, support};
use crate::{
	parameters::{initial, Checked},
	AccountId, BalancesConfig, InitialParametersConfig, Runtime, RuntimeGenesisConfig,
	RuntimeOrigin,
};
use dtao_primitives::{MarketParams, SubnetsParams};
use dtao_replay::{agrees, switch::choose, yuma, Chain, Consensus, Differences, Genesis};
use serde_json::Value;
use sp_io::TestExternalities;
use sp_runtime::{BuildStorage, DispatchResult};

/// The real runtime.
struct Real;

impl Chain for Real {
	type Runtime = Runtime;

	fn build(genesis: Genesis<Runtime>) -> TestExternalities {
		let genesis = RuntimeGenesisConfig {
			balances: BalancesConfig { balances: genesis.balances, ..Default::default() },
			initial_parameters: InitialParametersConfig {
				market: Some(Checked::new(genesis.market_params).expect("they are in bounds")),
				subnets: Some(Checked::new(genesis.registry_params).expect("they are in bounds")),
				..Default::default()
			},
			subnets: genesis.registry,
			dtao: genesis.market,
			..Default::default()
		};
		genesis.build_storage().expect("genesis builds").into()
	}

	fn use_consensus(consensus: Consensus) -> bool {
		choose(consensus);
		true
	}

	fn next_block() {
		next_block();
	}

	fn set_market(params: MarketParams) -> DispatchResult {
		support::send_as(RuntimeOrigin::root(), initial::Call::set_market { params })
	}

	fn set_registry(params: SubnetsParams) -> DispatchResult {
		support::send_as(RuntimeOrigin::root(), initial::Call::set_registry { params })
	}

	fn check_invariants() {
		support::check_invariants();
	}

	fn call(name: &str, who: &AccountId, args: &Value) -> Option<DispatchResult> {
		yuma::call::<Runtime>(name, who, args)
	}

	fn compare(said: &Value, differences: &mut Differences) {
		yuma::compare::<Runtime>(said, differences);
	}
}

/// Hazard N30: the documents, the model that was written from them, and the chain say the same.
#[test]
fn the_runtime_agrees_with_the_model_to_the_atom() {
	agrees::<Real>();
}
