//! Replays `tests/vectors/*.json`, written by the reference model (`tests/model`), over the real
//! runtime: each call is accepted or refused as the model says, and the state is the model's, to the
//! atom. `tests/model/README.md` says what a vector holds.

use super::{consensus::by_stake, merge};
use crate::{
	parameters::initial, AccountId, AllPalletsWithSystem, Balances, Dtao, Runtime, RuntimeCall,
	RuntimeGenesisConfig, RuntimeOrigin, Subnets, System,
};
use dtao_primitives::{
	traits::SubnetRegistry, Amount, Fill, Hyperparams, MarketParams, NetUid, SubnetsParams, Tao,
};
use frame_support::traits::{Get, OnInitialize};
use pallet_dtao::types::{Exit, Market};
use serde_json::{json, Value};
use sp_io::TestExternalities;
use sp_runtime::{traits::Dispatchable, BuildStorage, DispatchResult, FixedU128, PerU16};
use std::{fs, path::PathBuf};

/// Where the vectors are.
fn folder() -> PathBuf {
	PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

/// The account of a name.
fn account(name: &str) -> AccountId {
	sp_io::hashing::blake2_256(name.as_bytes()).into()
}

/// A number, which beyond 2⁵³ is written as a string.
fn int(value: &Value) -> i128 {
	match value {
		Value::String(digits) => digits.parse().expect("a number"),
		value => value.as_i64().expect("a number").into(),
	}
}

fn unsigned<N: TryFrom<i128>>(value: &Value) -> N {
	N::try_from(int(value)).ok().expect("a number that fits")
}

fn text(value: &Value) -> &str {
	value.as_str().expect("a text")
}

/// `overrides` on top of `base`, number by number.
fn changed<P: serde::Serialize + serde::de::DeserializeOwned>(base: P, overrides: &Value) -> P {
	let mut whole = serde_json::to_value(base).expect("it is JSON");
	for (name, value) in overrides.as_object().into_iter().flatten() {
		let names_a_rule = value.as_str().is_some_and(|text| text.parse::<i128>().is_err());
		let value = match (names_a_rule, value) {
			(true, _) | (_, Value::Bool(_)) => value.clone(),
			_ => match i64::try_from(int(value)) {
				Ok(number) => json!(number),
				Err(_) => json!(unsigned::<u64>(value)),
			},
		};
		let known = whole.as_object_mut().expect("a struct").insert(name.clone(), value);
		assert!(known.is_some(), "no parameter {name}");
	}
	serde_json::from_value(whole).expect("the parameters have their types")
}

/// The state that a vector begins with, through the runtime's own genesis.
fn genesis(vector: &Value) -> TestExternalities {
	let said = &vector["genesis"];
	let rows = |name: &str| said[name].as_array().cloned().unwrap_or_default();
	let id = |row: &Value, field: &str| json!(account(text(&row[field])));
	let hotkeys: Vec<_> = rows("hotkeys")
		.iter()
		.map(|row| {
			json!({
				"hotkey": id(row, "hotkey"),
				"coldkey": id(row, "coldkey"),
				"take": row.get("take").map(unsigned::<u16>),
			})
		})
		.collect();
	let subnets: Vec<_> = rows("subnets")
		.iter()
		.map(|row| {
			let neurons = row["neurons"].as_array().cloned().unwrap_or_default();
			json!({
				"owner": id(row, "owner"),
				"hotkey": id(row, "hotkey"),
				"lock": unsigned::<u64>(&row["lock"]),
				"tempo": row.get("tempo").map(unsigned::<u32>),
				"started": row["started"],
				"neurons": neurons.iter().map(|name| json!(account(text(name)))).collect::<Vec<_>>(),
			})
		})
		.collect();
	let stakes: Vec<_> = rows("stakes")
		.iter()
		.map(|row| {
			json!({
				"coldkey": id(row, "coldkey"),
				"hotkey": id(row, "hotkey"),
				"netuid": row["netuid"],
				"tao": unsigned::<u64>(&row["tao"]),
			})
		})
		.collect();
	let balances: Vec<_> = said["balances"]
		.as_object()
		.into_iter()
		.flatten()
		.map(|(name, amount)| json!([account(name), unsigned::<u64>(amount)]))
		.collect();
	let patch = json!({
		"balances": { "balances": balances },
		"initialParameters": {
			"market": changed(MarketParams::default(), &said["market"]),
			"subnets": changed(SubnetsParams::default(), &said["subnets_params"]),
		},
		"subnets": { "hotkeys": hotkeys, "subnets": subnets },
		"dtao": { "stakes": stakes },
	});
	let mut whole = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it is JSON");
	merge(&mut whole, patch);
	let genesis: RuntimeGenesisConfig = serde_json::from_value(whole).expect("it fits genesis");
	genesis.build_storage().expect("genesis builds").into()
}

fn amount(value: &Value) -> Amount {
	match value.as_str() {
		Some("All") => Amount::All,
		_ => Amount::Exact(unsigned(value)),
	}
}

fn fill(value: &Value) -> Fill {
	match text(value) {
		"FillOrKill" => Fill::FillOrKill,
		"Partial" => Fill::Partial,
		other => panic!("no such fill: {other}"),
	}
}

/// The call of a step.
fn call(name: &str, args: &Value) -> RuntimeCall {
	use pallet_dtao::{types::Place, Call as Market};
	use pallet_subnets::Call as Registry;
	let key = |field: &str| account(text(&args[field]));
	let netuid = || NetUid(unsigned(&args["netuid"]));
	let number = |field: &str| args.get(field).map_or(0, unsigned::<u64>);
	let limit_price = || FixedU128::from_inner(unsigned(&args["limit_price"]));
	match name {
		"add_stake" => Market::add_stake {
			netuid: netuid(),
			hotkey: key("hotkey"),
			tao: Tao(number("tao")),
			min_received: number("min_received"),
		}
		.into(),
		"remove_stake" => Market::remove_stake {
			netuid: netuid(),
			hotkey: key("hotkey"),
			amount: amount(&args["amount"]),
			min_received: Tao(number("min_received")),
		}
		.into(),
		"add_stake_limit" => Market::add_stake_limit {
			netuid: netuid(),
			hotkey: key("hotkey"),
			tao: Tao(number("tao")),
			limit_price: limit_price(),
			fill: fill(&args["fill"]),
		}
		.into(),
		"remove_stake_limit" => Market::remove_stake_limit {
			netuid: netuid(),
			hotkey: key("hotkey"),
			amount: amount(&args["amount"]),
			limit_price: limit_price(),
			fill: fill(&args["fill"]),
		}
		.into(),
		"move_stake" => Market::move_stake {
			from: Place {
				netuid: NetUid(unsigned(&args["from_netuid"])),
				hotkey: key("from_hotkey"),
			},
			to: Place { netuid: NetUid(unsigned(&args["to_netuid"])), hotkey: key("to_hotkey") },
			amount: amount(&args["amount"]),
			min_received: number("min_received"),
		}
		.into(),
		"transfer_stake" => Market::transfer_stake {
			to_coldkey: key("to_coldkey"),
			netuid: netuid(),
			hotkey: key("hotkey"),
			amount: amount(&args["amount"]),
		}
		.into(),
		"recycle_alpha" => Market::recycle_alpha {
			netuid: netuid(),
			hotkey: key("hotkey"),
			amount: amount(&args["amount"]),
		}
		.into(),
		"burn_alpha" => Market::burn_alpha {
			netuid: netuid(),
			hotkey: key("hotkey"),
			amount: amount(&args["amount"]),
		}
		.into(),
		"redeem" => {
			Market::redeem { netuid: netuid(), coldkey: key("coldkey"), hotkey: key("hotkey") }
				.into()
		},
		"set_reward_destination" => Market::set_reward_destination {
			netuid: netuid(),
			hotkey: args["hotkey"].as_str().map(account),
		}
		.into(),
		"register_subnet" => Registry::register_subnet {
			hotkey: key("hotkey"),
			max_lock: Tao(args.get("max_lock").map_or(u64::MAX, unsigned)),
		}
		.into(),
		"start_call" => Registry::start_call { netuid: netuid() }.into(),
		"register_neuron" => Registry::register_neuron {
			netuid: netuid(),
			hotkey: key("hotkey"),
			max_cost: Tao(number("max_cost")),
		}
		.into(),
		"set_take" => Registry::set_take {
			hotkey: key("hotkey"),
			take: PerU16::from_parts(unsigned(&args["take"])),
		}
		.into(),
		"dissolve_subnet" => Registry::dissolve_subnet { netuid: netuid() }.into(),
		"cancel_dissolve" => Registry::cancel_dissolve { netuid: netuid() }.into(),
		"set_subnet_params" => {
			let subnet = Subnets::subnet(netuid()).expect("the subnet exists");
			let mut overrides = args.clone();
			overrides
				.as_object_mut()
				.expect("arguments")
				.retain(|name, value| name != "netuid" && !value.is_null());
			let params: Hyperparams = changed(subnet.hyperparams, &overrides);
			Registry::set_subnet_params { netuid: netuid(), params }.into()
		},
		other => panic!("no such call: {other}"),
	}
}

/// Make the call of a step.
fn dispatch(step: &Value) -> DispatchResult {
	let (name, args) = (text(&step["call"]), &step["args"]);
	let origin = match text(&step["who"]) {
		"sudo" => RuntimeOrigin::root(),
		who => RuntimeOrigin::signed(account(who)),
	};
	let calls: Vec<RuntimeCall> = match name {
		"set_params" => set_params(args),
		"remove_all_stake" => vec![remove_all(args)],
		"set_subnet_params" => {
			let governed = call(name, args).dispatch(RuntimeOrigin::root());
			return governed.map(|_| ()).map_err(|refused| refused.error);
		},
		_ => vec![call(name, args)],
	};
	for call in calls {
		call.dispatch(origin.clone()).map_err(|refused| refused.error)?;
	}
	Ok(())
}

fn remove_all(args: &Value) -> RuntimeCall {
	let positions: Vec<_> = args["stakes"]
		.as_array()
		.expect("a list")
		.iter()
		.map(|row| Exit {
			netuid: NetUid(unsigned(&row[0])),
			hotkey: account(text(&row[1])),
			min_received: Tao(unsigned(&row[2])),
		})
		.collect();
	let positions = positions.try_into().expect("no longer than a list may be");
	pallet_dtao::Call::remove_all_stake { positions }.into()
}

fn set_params(args: &Value) -> Vec<RuntimeCall> {
	let mut calls: Vec<RuntimeCall> = vec![];
	if args.get("market").is_some_and(Value::is_object) {
		let now = <Runtime as pallet_dtao::Config>::Params::get();
		let params = changed(now, &args["market"]);
		calls.push(initial::Call::set_market { params }.into());
	}
	if args.get("subnets").is_some_and(Value::is_object) {
		let now = <Runtime as pallet_subnets::Config>::Params::get();
		let params = changed(now, &args["subnets"]);
		calls.push(initial::Call::set_registry { params }.into());
	}
	calls
}

/// The differences between a said state and the runtime's.
struct Differences {
	at: String,
	found: Vec<String>,
}

impl Differences {
	fn compare(&mut self, what: impl std::fmt::Display, said: &Value, is: impl TryInto<i128>) {
		let is = is.try_into().ok().expect("a number");
		if int(said) != is {
			self.found.push(format!("{}: {what} is {is}, not {}", self.at, int(said)));
		}
	}

	fn missing(&mut self, what: impl std::fmt::Display) {
		self.found.push(format!("{}: {what} is not there", self.at));
	}
}

fn compare_state(said: &Value, differences: &mut Differences) {
	differences.compare("block", &said["block"], System::block_number());
	differences.compare("issuance", &said["tao_issuance"], Balances::total_issuance());
	let cost = Subnets::registration_cost().expect("sound parameters");
	differences.compare("registration cost", &said["registration_cost"], cost.get());
	let root = pallet_dtao::Root::<Runtime>::get();
	differences.compare("root staked", &said["root"]["staked"], root.staked.get());
	differences.compare("root dripping", &said["root"]["dripping"], root.dripping.get());
	for (netuid, row) in said["subnets"].as_object().expect("subnets") {
		compare_subnet(NetUid(netuid.parse().expect("a number")), row, differences);
	}
	for (netuid, rows) in said["seats"].as_object().into_iter().flatten() {
		compare_seats(NetUid(netuid.parse().expect("a number")), rows, differences);
	}
	for row in said["pools"].as_array().into_iter().flatten() {
		compare_pool(row, differences);
	}
	for row in said["positions"].as_array().into_iter().flatten() {
		compare_position(row, differences);
	}
	for (who, free) in said["balances"].as_object().into_iter().flatten() {
		let is = Balances::free_balance(account(who));
		differences.compare(format!("balance of {who}"), free, is);
	}
}

fn compare_subnet(netuid: NetUid, row: &Value, differences: &mut Differences) {
	if row["dissolved"] == json!(true) {
		return compare_redemption(netuid, row, differences);
	}
	let Some(market) = pallet_dtao::Markets::<Runtime>::get(netuid) else {
		return differences.missing(format!("subnet {netuid}"));
	};
	let Market { pool, buckets, epoch, .. } = market;
	let miners = buckets.miners.get();
	let cost = Subnets::neuron_cost(netuid).expect("the subnet exists").get();
	let numbers: [(&str, i128); 18] = [
		("tao", pool.tao.get().into()),
		("alpha", pool.alpha.get().into()),
		("outstanding", market.outstanding.get().into()),
		("burnt", market.burnt.get().into()),
		("issuance", market.issuance().expect("it fits").get().into()),
		("price_ema", market.price_ema.try_into().expect("at most 2⁶⁴")),
		("flow_ema", market.flow_ema),
		("owner", buckets.owner.get().into()),
		("miners", (miners - buckets.miners_settled.get()).into()),
		("validators", buckets.validators.get().into()),
		("settled", buckets.settled.get().into()),
		("root", buckets.root.get().into()),
		("root_tao", market.root_waiting().expect("sound").get().into()),
		("root_stake", market.root_stake.get().into()),
		("epoch", epoch.index.into()),
		("closes_at", epoch.closes_at.into()),
		("price", pool.price().into_inner().try_into().expect("it fits")),
		("neuron_cost", cost.into()),
	];
	for (name, is) in numbers {
		differences.compare(format!("{name} of subnet {netuid}"), &row[name], is);
	}
}

fn compare_redemption(netuid: NetUid, row: &Value, differences: &mut Differences) {
	let (fund, alpha) = match pallet_dtao::Redemptions::<Runtime>::get(netuid) {
		Some(redemption) => (redemption.fund_left.get(), redemption.alpha_left().get()),
		// Nothing is left to redeem.
		None => (0, 0),
	};
	differences.compare(format!("fund of subnet {netuid}"), &row["fund"], fund);
	differences.compare(format!("ALPHA left of subnet {netuid}"), &row["alpha_left"], alpha);
}

fn compare_seats(netuid: NetUid, rows: &Value, differences: &mut Differences) {
	let scores = pallet_dtao::Scores::<Runtime>::get(netuid);
	let rows = rows.as_array().expect("seats");
	let place = format!("of subnet {netuid}");
	differences.compare(format!("seats {place}"), &json!(rows.len()), scores.len() as i128);
	for (uid, (row, score)) in rows.iter().zip(&scores).enumerate() {
		let holder = Subnets::hotkey(score.hotkey).map(|hotkey| hotkey.account);
		if holder != Some(account(text(&row[0]))) {
			differences.missing(format!("{} at seat {uid} {place}", text(&row[0])));
		}
		let is = [score.incentive, score.dividend, score.root];
		for (name, (said, is)) in ["incentive", "dividend", "root"]
			.iter()
			.zip(row.as_array().expect("a row")[1..].iter().zip(is))
		{
			differences.compare(format!("{name} at seat {uid} {place}"), said, is);
		}
	}
}

fn compare_pool(row: &Value, differences: &mut Differences) {
	let (netuid, name) = (NetUid(unsigned(&row["netuid"])), text(&row["hotkey"]));
	let Some(id) = Subnets::hotkey_id(&account(name)) else {
		return differences.missing(format!("hotkey {name}"));
	};
	let what = format!("of {name} in {netuid}");
	let stake = match netuid.is_root() {
		true => pallet_dtao::RootPools::<Runtime>::get(id).stake,
		false => pallet_dtao::HotkeyPools::<Runtime>::get((netuid, id)).stake,
	};
	differences.compare(format!("amount {what}"), &row["amount"], stake.amount);
	let shares = i128::try_from(stake.shares).expect("below 2¹²⁷");
	differences.compare(format!("shares {what}"), &row["shares"], shares);
	if let Some(said) = row.get("drip") {
		let drip = pallet_dtao::RootPools::<Runtime>::get(id).drip;
		differences.compare(format!("drip {what}"), &said["left"], drip.left.get());
		differences.compare(format!("drip's last {what}"), &said["last"], drip.last);
		differences.compare(format!("drip's end {what}"), &said["until"], drip.until);
	}
}

fn compare_position(row: &Value, differences: &mut Differences) {
	let (netuid, name) = (NetUid(unsigned(&row["netuid"])), text(&row["hotkey"]));
	let (holder, coldkey) = (text(&row["coldkey"]), account(text(&row["coldkey"])));
	let Some(id) = Subnets::hotkey_id(&account(name)) else {
		return differences.missing(format!("hotkey {name}"));
	};
	let what = format!("of {holder} on {name} in {netuid}");
	let shares = pallet_dtao::Positions::<Runtime>::get(&coldkey, (netuid, id));
	let is = i128::try_from(shares).expect("below 2¹²⁷");
	differences.compare(format!("shares {what}"), &row["shares"], is);
	let stake = match netuid.is_root() {
		true => pallet_dtao::RootPools::<Runtime>::get(id).stake,
		false => pallet_dtao::HotkeyPools::<Runtime>::get((netuid, id)).stake,
	};
	differences.compare(
		format!("value {what}"),
		&row["value"],
		stake.value(shares).expect("sound"),
	);
	let shown = Dtao::positions(&coldkey);
	let found = shown.iter().find(|one| one.netuid == netuid && one.hotkey == account(name));
	// A position that a settlement is about to open is not listed yet.
	if shares > 0 {
		let settled = found.map_or(0, |one| one.alpha);
		differences.compare(format!("settled value {what}"), &row["settled_value"], settled);
	}
}

fn error_name(refused: sp_runtime::DispatchError) -> String {
	<&str>::from(refused).into()
}

fn replay(vector: &Value) -> Vec<String> {
	let name = text(&vector["name"]);
	genesis(vector).execute_with(|| {
		let mut differences = Differences { at: name.into(), found: vec![] };
		for (index, step) in vector["steps"].as_array().expect("steps").iter().enumerate() {
			differences.at = format!("{name}, step {index}, block {}", System::block_number());
			if let Some(blocks) = step.get("blocks") {
				for _ in 0..unsigned::<u32>(blocks) {
					let block = System::block_number() + 1;
					System::set_block_number(block);
					AllPalletsWithSystem::on_initialize(block);
					System::reset_events();
				}
			} else if step.get("call").is_some() {
				let said = text(&step["expect"]);
				let is = match frame_support::storage::with_storage_layer(|| dispatch(step)) {
					Ok(()) => "ok".into(),
					Err(refused) => error_name(refused),
				};
				let agrees = is == said || (said == "*" && is != "ok");
				if !agrees {
					let call = text(&step["call"]);
					differences.found.push(format!("{}: {call}: {is}, not {said}", differences.at));
				}
			} else {
				compare_state(&step["state"], &mut differences);
				Dtao::do_try_state().expect("every invariant of the market holds");
				Subnets::do_try_state().expect("every invariant of the registry holds");
			}
			if differences.found.len() > 10 {
				break;
			}
		}
		differences.found
	})
}

/// Hazard N30: the documents, the model that was written from them, and the chain say the same.
///
/// `DTAO_VECTOR=name` replays those whose name contains it.
#[test]
fn the_runtime_agrees_with_the_model_to_the_atom() {
	let only = std::env::var("DTAO_VECTOR").unwrap_or_default();
	let mut files: Vec<_> = fs::read_dir(folder())
		.expect("tests/vectors exists")
		.map(|entry| entry.expect("a file").path())
		.filter(|path| path.extension().is_some_and(|ending| ending == "json"))
		.filter(|path| path.to_string_lossy().contains(&only))
		// Epochs without a chain around them: the consensus's own tests replay those.
		.filter(|path| !path.to_string_lossy().contains("yuma-epochs-"))
		.collect();
	files.sort();
	assert!(files.len() >= 40 || !only.is_empty(), "{} vectors", files.len());
	let mut found = vec![];
	for path in &files {
		let content = fs::read_to_string(path).expect("it can be read");
		let vector: Value = serde_json::from_str(&content).expect("it is JSON");
		// Those that say nothing of the consensus presume the one by stake.
		let found_here = match vector["consensus"].as_str() {
			Some("yuma") => replay(&vector),
			_ => by_stake(|| replay(&vector)),
		};
		found.extend(found_here);
	}
	println!("{} vectors replayed", files.len());
	assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}
