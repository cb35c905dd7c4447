//! One vector after the other.

use crate::{
	calls, genesis,
	json::{text, unsigned},
	state::{self, Differences},
	switch::Restored,
	yuma, Chain,
};
use frame_support::storage::with_storage_layer;
use serde_json::Value;
use std::{fs, path::PathBuf, time::Instant};

/// The differences after which a vector is given up.
const ENOUGH: usize = 10;

/// The least number of vectors there are: fewer, and they were not found.
const LEAST: usize = 40;

/// What became of all vectors.
#[derive(Default)]
struct Outcome {
	replayed: usize,
	left_out: Vec<String>,
	differences: Vec<String>,
}

/// Replay every vector over `C`, and print how many that were.
///
/// `DTAO_VECTOR=name` replays those whose name contains it.
///
/// # Panics
///
/// With every difference that was found.
pub fn agrees<C: Chain>() {
	let _yuma_after_it = Restored;
	let began = Instant::now();
	let only = std::env::var("DTAO_VECTOR").unwrap_or_default();
	let mut outcome = Outcome::default();
	for path in paths(&only) {
		let content = fs::read_to_string(&path).expect("it can be read");
		let vector: Value = serde_json::from_str(&content).expect("it is JSON");
		// Epochs without a chain around them are replayed where their formulas are.
		if vector.get("steps").is_some() {
			outcome.add::<C>(&vector);
		}
	}
	let Outcome { replayed, left_out, differences } = outcome;
	println!(
		"{replayed} vectors replayed, {} left out, {:.1} s",
		left_out.len(),
		began.elapsed().as_secs_f64()
	);
	assert!(replayed >= LEAST || !only.is_empty(), "{replayed} vectors; left out: {left_out:?}");
	assert!(
		differences.is_empty(),
		"{} differences:\n{}",
		differences.len(),
		differences.join("\n")
	);
}

/// The files whose name contains `only`, in order.
fn paths(only: &str) -> Vec<PathBuf> {
	let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../vectors");
	let mut paths: Vec<_> = fs::read_dir(folder)
		.expect("tests/vectors exists")
		.map(|entry| entry.expect("a file").path())
		.filter(|path| path.extension().is_some_and(|ending| ending == "json"))
		.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(only)))
		.collect();
	paths.sort();
	paths
}

impl Outcome {
	fn add<C: Chain>(&mut self, vector: &Value) {
		if C::use_consensus(yuma::consensus(&vector["genesis"])) {
			self.replayed += 1;
			self.differences.extend(replay::<C>(vector));
		} else {
			self.left_out.push(text(&vector["name"]).into());
		}
	}
}

fn replay<C: Chain>(vector: &Value) -> Vec<String> {
	let name = text(&vector["name"]);
	genesis::build::<C>(&vector["genesis"]).execute_with(|| {
		let mut differences = Differences { at: name.into(), found: vec![] };
		for (index, step) in vector["steps"].as_array().expect("steps").iter().enumerate() {
			let block = frame_system::Pallet::<C::Runtime>::block_number();
			differences.at = format!("{name}, step {index}, block {block}");
			replay_step::<C>(step, &mut differences);
			if differences.found.len() > ENOUGH {
				break;
			}
		}
		differences.found
	})
}

/// Blocks, a call, or what the state is.
fn replay_step<C: Chain>(step: &Value, differences: &mut Differences) {
	if let Some(blocks) = step.get("blocks") {
		for _ in 0..unsigned::<u32>(blocks) {
			C::next_block();
			frame_system::Pallet::<C::Runtime>::reset_events();
		}
	} else if let Some(call) = step.get("call") {
		let said = text(&step["expect"]);
		let is = match with_storage_layer(|| calls::make::<C>(step)) {
			Ok(()) => "ok".into(),
			Err(refused) => <&str>::from(refused).to_string(),
		};
		let agrees = is == said || (said == "*" && is != "ok");
		if !agrees {
			differences.note(format!("{}: {is}, not {said}", text(call)));
		}
	} else {
		state::compare::<C>(&step["state"], differences);
		C::check_invariants();
	}
}
