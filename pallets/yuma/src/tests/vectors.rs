//! The reference model's epochs, replayed: `tests/vectors/yuma-epochs-*.json`, whose format
//! `tests/model/README.md` says.

use super::{hotkey, plain, Row};
use crate::{
	mock::{FakeMarket, FakeRegistry, System, Test, TestExt, Yuma, HOTKEY, NETUID},
	Neuron, Neurons, Weights,
};
use dtao_math::yuma::WeightRows;
use dtao_primitives::{
	constants::DEFAULT_TEMPO, traits::ConsensusOutcome, ConsensusParams, LiquidAlpha,
};
use frame_support::BoundedVec;
use serde_json::{Map, Value};
use sp_runtime::PerU16;
use std::{fs, path::Path};

/// What the generator of large weights, and the digest of large bonds, step by.
const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
const INCREMENT: u64 = 1_442_695_040_888_963_407;

/// A number, which may be written as a decimal string.
fn number(value: &Value) -> u64 {
	value
		.as_u64()
		.or_else(|| value.as_str()?.parse().ok())
		.unwrap_or_else(|| panic!("{value} is no number"))
}

/// A number that fits.
fn small<N: TryFrom<u64>>(value: &Value) -> N {
	N::try_from(number(value)).unwrap_or_else(|_| panic!("{value} is too great"))
}

fn list(value: &Value) -> &[Value] {
	value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

fn numbers<N: TryFrom<u64>>(value: &Value) -> Vec<N> {
	list(value).iter().map(small).collect()
}

fn step(x: u64) -> u64 {
	x.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT)
}

/// The rows of weights of an epoch of `seats` seats.
fn weights(value: &Value, seats: u16) -> Vec<Row> {
	let entries =
		|row: &Value| list(row).iter().map(|entry| (small(&entry[0]), number(&entry[1]))).collect();
	if value.is_array() {
		let row = |row: &Value| (small(&row[0]), small(&row[1]), entries(&row[2]));
		return list(value).iter().map(row).collect();
	}
	let mut x = number(&value["seed"]);
	let mut rows = Vec::new();
	for row in list(&value["rows"]) {
		let uid: u16 = small(&row[0]);
		let mut entries = Vec::new();
		for other in (0..seats).filter(|other| *other != uid) {
			x = step(x);
			entries.push((other, x >> 48));
		}
		entries.retain(|(_, weight)| *weight > 0);
		rows.push((uid, small(&row[1]), entries));
	}
	rows
}

fn parts(value: &Value) -> PerU16 {
	PerU16::from_parts(small(value))
}

/// The parameters of an epoch.
fn params(value: &Value) -> ConsensusParams {
	let liquid = |value: &Value| LiquidAlpha {
		low: parts(&value["low"]),
		high: parts(&value["high"]),
		steepness: small(&value["steepness"]),
	};
	ConsensusParams {
		kappa: parts(&value["kappa"]),
		max_validators: small(&value["max_validators"]),
		stake_threshold: number(&value["stake_threshold"]),
		bonds_version: serde_json::from_value(value["bonds_version"].clone()).unwrap(),
		bonds_moving_average: parts(&value["bonds_moving_average"]),
		bonds_penalty: parts(&value["bonds_penalty"]),
		liquid_alpha: Some(&value["liquid_alpha"]).filter(|liquid| !liquid.is_null()).map(liquid),
		activity_cutoff: 0,
		..ConsensusParams::new(DEFAULT_TEMPO)
	}
}

/// Bring the subnet into the state that an epoch is decided by, and decide it.
fn decide(given: &Map<String, Value>) -> ConsensusOutcome {
	let now = small(&given["at"]);
	System::set_block_number(now);
	let seats = list(&given["seats"]);
	let registered: Vec<u32> = seats.iter().map(|seat| small(&seat[2])).collect();
	FakeRegistry::set_registered_at(NETUID, &registered);
	// Nobody's hotkey has the owner's number unless the vector says so.
	let owner = given["owner"].as_u64().map_or(HOTKEY - 1, |uid| hotkey(uid.try_into().unwrap()));
	FakeRegistry::set_owner(NETUID, owner);
	let rules = params(&given["params"]);
	FakeRegistry::set_params(NETUID, |params| *params = rules);

	Neurons::<Test>::mutate(NETUID, |neurons| {
		neurons.bounded_resize(seats.len(), Neuron::default());
		for (neuron, seat) in neurons.iter_mut().zip(seats) {
			// With a cutoff of 0: heard of in this block, or not any more.
			neuron.last_update = if seat[1] == true { now } else { now - 1 };
		}
	});
	let mut bytes = Vec::new();
	for (uid, at, entries) in weights(&given["weights"], seats.len().try_into().unwrap()) {
		if !entries.is_empty() {
			bytes = WeightRows::decode(&bytes).unwrap().put(uid, at, entries).unwrap();
		}
	}
	Weights::<Test>::insert(NETUID, BoundedVec::truncate_from(bytes));
	let stakes: Vec<u64> = seats.iter().map(|seat| number(&seat[0])).collect();
	FakeMarket::close_epoch(NETUID, &stakes).expect("the epoch is decided")
}

/// A number that other bonds would hardly have.
fn digest(rows: &[Row]) -> u64 {
	let bonds = rows.iter().flat_map(|(uid, _, entries)| {
		entries.iter().flat_map(|(about, bond)| [u64::from(*uid), u64::from(*about), *bond])
	});
	bonds.fold(0, |digest, x| step(digest).wrapping_add(x))
}

/// Compare what was decided with what an epoch says.
fn compare(epoch: &Value, outcome: &ConsensusOutcome, what: &str) {
	let permits: Vec<u64> =
		(0..).zip(&outcome.permits).filter(|(_, permit)| **permit).map(|(uid, _)| uid).collect();
	assert_eq!(permits, numbers::<u64>(&epoch["permits"]), "{what}: permits");
	assert_eq!(outcome.incentives, numbers::<u32>(&epoch["incentives"]), "{what}: incentives");
	assert_eq!(outcome.dividends, numbers::<u32>(&epoch["dividends"]), "{what}: dividends");

	let neurons = Neurons::<Test>::get(NETUID);
	let of = |field: fn(&Neuron) -> PerU16| -> Vec<u16> {
		neurons.iter().map(|neuron| field(neuron).deconstruct()).collect()
	};
	let consensus = of(|neuron| neuron.consensus);
	assert_eq!(consensus, numbers::<u16>(&epoch["consensus"]), "{what}: consensus");
	assert_eq!(of(|neuron| neuron.trust), numbers::<u16>(&epoch["trust"]), "{what}: trust");
	let trust = of(|neuron| neuron.validator_trust);
	assert_eq!(trust, numbers::<u16>(&epoch["validator_trust"]), "{what}: validator trust");

	let rows = plain(Yuma::bonds(NETUID));
	let at = small(&epoch["at"]);
	assert!(rows.iter().all(|row| row.1 == at), "{what}: bonds are this epoch's");
	match epoch.get("bonds") {
		Some(bonds) => {
			let bonds = list(bonds).iter().map(|row| {
				let entries = list(&row[1]).iter();
				let entries = entries.map(|entry| (small(&entry[0]), number(&entry[1])));
				(small(&row[0]), at, entries.collect())
			});
			assert_eq!(rows, bonds.collect::<Vec<Row>>(), "{what}: bonds");
		},
		None => assert_eq!(digest(&rows), number(&epoch["bonds_digest"]), "{what}: bonds"),
	}
}

/// Replay one vector. Returns how many epochs it has.
fn replay(path: &Path) -> usize {
	let text = fs::read_to_string(path).expect("the vector can be read");
	let vector: Value = serde_json::from_str(&text).expect("the vector is JSON");
	let mut given = Map::new();
	let epochs = list(&vector["epochs"]);
	TestExt::seats(0).build().execute_with(|| {
		for epoch in epochs {
			let said = epoch.as_object().expect("an epoch is an object").clone();
			given.extend(said);
			let outcome = decide(&given);
			compare(epoch, &outcome, &format!("{} at {}", vector["name"], epoch["at"]));
		}
	});
	epochs.len()
}

#[test]
fn every_epoch_of_the_model_is_decided_as_it_says_to_the_last_integer() {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
	let files = fs::read_dir(folder).expect("there are vectors").map(|file| file.unwrap().path());
	let of_epochs = |path: &Path| {
		let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
		name.starts_with("yuma-epochs-") && name.ends_with(".json")
	};
	let mut paths: Vec<_> = files.filter(|path| of_epochs(path)).collect();
	paths.sort();
	assert!(paths.len() >= 40, "only {} vectors were found", paths.len());
	let epochs: usize = paths.iter().map(|path| replay(path)).sum();
	assert!(epochs >= 150, "only {epochs} epochs were found");
}
