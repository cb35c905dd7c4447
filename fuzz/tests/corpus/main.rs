//! The corpus is checked in every run of the tests; and it still says what it was kept for.

mod seeds;

use dtao_fuzz::{
	calls::{self, Script, Step},
	math, shares, yuma,
};
use dtao_runtime::RuntimeCall;
use frame_support::traits::GetCallMetadata;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn folder(target: &str) -> PathBuf {
	[env!("CARGO_MANIFEST_DIR"), "corpus", target].iter().collect()
}

/// The inputs that are kept for a target, each with its name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
	let mut inputs: Vec<_> = fs::read_dir(folder(target))
		.expect("the target has a corpus")
		.map(|entry| entry.expect("it can be read").path())
		.map(|path| (path.display().to_string(), fs::read(path).expect("it can be read")))
		.collect();
	inputs.sort();
	assert!(!inputs.is_empty());
	inputs
}

fn replay(target: &str, check: fn(&[u8])) {
	for (name, input) in corpus(target) {
		// The name is shown if the check fails.
		println!("{name}");
		check(&input);
	}
}

#[test]
fn the_corpus_of_the_formulas_holds() {
	replay("math", math::check);
}

#[test]
fn the_corpus_of_the_share_pool_holds() {
	replay("shares", shares::check);
}

#[test]
fn the_corpus_of_the_consensus_holds() {
	replay("yuma", yuma::check);
}

#[test]
fn the_corpus_of_calls_holds() {
	replay("calls", calls::check);
}

#[test]
fn nothing_at_all_is_an_input_too() {
	for check in [math::check, shares::check, yuma::check, calls::check] {
		check(&[]);
	}
}

/// Calls are kept as bytes, which say something else, or nothing, where their types change. `make
/// fuzz ARGS=seeds` writes the seeds anew.
#[test]
fn every_call_of_ours_is_accepted_somewhere_in_the_corpus() {
	let mut accepted = BTreeSet::new();
	for (name, input) in corpus("calls") {
		let outcomes = calls::outcomes(&input);
		if name.contains("/seed-") {
			println!("{name}: {outcomes:#?}");
		}
		accepted
			.extend(outcomes.into_iter().filter(|(_, said)| said.is_ok()).map(|(name, _)| name));
	}
	for pallet in ["Dtao", "Subnets", "Yuma", "InitialParameters"] {
		for name in RuntimeCall::get_call_names(pallet) {
			let call = format!("{pallet}.{name}");
			assert!(accepted.contains(&call), "{call} is accepted in no input");
		}
	}
}

#[test]
fn a_step_reads_back_as_it_was_written() {
	for (name, steps) in seeds::all() {
		let bytes: Vec<_> = steps.iter().flat_map(Step::bytes).collect();
		let read: Vec<_> = Script::new(&bytes).map(|step| format!("{step:?}")).collect();
		let written: Vec<_> = steps.iter().map(|step| format!("{step:?}")).collect();
		assert_eq!(read, written, "{name}");
	}
}

#[test]
fn the_seeds_in_the_corpus_are_as_they_are_written() {
	for (name, steps) in seeds::all() {
		let bytes: Vec<_> = steps.iter().flat_map(Step::bytes).collect();
		let kept = fs::read(folder("calls").join(format!("seed-{name}"))).expect("it is there");
		assert!(kept == bytes, "{name} is an older one: make fuzz ARGS=seeds");
	}
}

#[test]
#[ignore = "writes the seeds anew: make fuzz ARGS=seeds"]
fn write_the_seeds() {
	for (name, steps) in seeds::all() {
		let bytes: Vec<_> = steps.iter().flat_map(Step::bytes).collect();
		fs::write(folder("calls").join(format!("seed-{name}")), bytes).expect("it can be written");
	}
}
