//! Replays what the reference model says (`tests/vectors`) over the real runtime. `tests/replay` has
//! the how; here is what only the runtime knows.

use super::{consensus, next_block, support};
use crate::{
	parameters::{initial, Checked},
	AccountId, BalancesConfig, InitialParametersConfig, Runtime, RuntimeGenesisConfig,
	RuntimeOrigin, Yuma,
};
use codec::Encode;
use dtao_primitives::{traits::Consensus as _, MarketParams, NetUid, SubnetsParams, Uid};
use dtao_replay::{agrees, unsigned, Chain, Consensus, Differences, Genesis};
use pallet_yuma::Call;
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
		consensus::decide_by_stake(consensus == Consensus::Stake);
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
		let ballot = Ballot::new(args);
		let call = match name {
			"set_weights" => ballot.set(),
			"commit_weights" => {
				Call::commit_weights { netuid: ballot.netuid, hash: ballot.hash(who) }
			},
			"reveal_weights" => ballot.reveal(),
			_ => return None,
		};
		Some(support::send(who, call))
	}

	/// What the consensus keeps of each seat.
	fn compare(said: &Value, differences: &mut Differences) {
		for (netuid, rows) in said["neurons"].as_object().into_iter().flatten() {
			let netuid = NetUid(netuid.parse().expect("a number"));
			compare_seats(netuid, rows.as_array().expect("a row each"), differences);
		}
	}
}

/// Weights, as a vector says them.
struct Ballot {
	netuid: NetUid,
	uids: Vec<Uid>,
	weights: Vec<u16>,
	salt: Vec<u8>,
	version_key: u64,
}

impl Ballot {
	fn new(args: &Value) -> Self {
		let list = |name: &str| args[name].as_array().cloned().unwrap_or_default();
		Self {
			netuid: NetUid(unsigned(&args["netuid"])),
			uids: list("uids").iter().map(|uid| Uid(unsigned(uid))).collect(),
			weights: list("weights").iter().map(unsigned).collect(),
			salt: list("salt").iter().map(unsigned).collect(),
			version_key: unsigned(&args["version_key"]),
		}
	}

	fn hash(&self, who: &AccountId) -> sp_core::H256 {
		let Self { netuid, uids, weights, salt, version_key } = self;
		let bytes = (who, netuid, uids, weights, salt, version_key).encode();
		sp_io::hashing::blake2_256(&bytes).into()
	}

	fn set(self) -> Call<Runtime> {
		let Self { netuid, uids, weights, version_key, .. } = self;
		let (uids, weights) = (uids.try_into().expect("256"), weights.try_into().expect("256"));
		Call::set_weights { netuid, uids, weights, version_key }
	}

	fn reveal(self) -> Call<Runtime> {
		let Self { netuid, uids, weights, salt, version_key } = self;
		let (uids, weights) = (uids.try_into().expect("256"), weights.try_into().expect("256"));
		let salt = salt.try_into().expect("no longer than a salt may be");
		Call::reveal_weights { netuid, uids, weights, salt, version_key }
	}
}

fn compare_seats(netuid: NetUid, rows: &[Value], differences: &mut Differences) {
	let seats = Yuma::seats(netuid);
	differences.compare(
		format!("neurons of subnet {netuid}"),
		&rows.len().into(),
		seats.len() as i64,
	);
	for (uid, (row, seat)) in rows.iter().zip(seats).enumerate() {
		let at = format!("at seat {uid} of subnet {netuid}");
		let parts =
			[seat.consensus, seat.trust, seat.validator_trust].map(|part| part.deconstruct());
		if row[0].as_bool() != Some(seat.permit) {
			differences.missing(format!("permit {} {at}", row[0]));
		}
		differences.compare(format!("last update {at}"), &row[1], seat.last_update);
		for (n, name) in ["consensus", "trust", "validator trust"].into_iter().enumerate() {
			differences.compare(format!("{name} {at}"), &row[n + 2], parts[n]);
		}
	}
}

/// Hazard N30: the documents, the model that was written from them, and the chain say the same.
#[test]
fn the_runtime_agrees_with_the_model_to_the_atom() {
	let _yuma_after_it = consensus::Restored;
	agrees::<Real>();
}
