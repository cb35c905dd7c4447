//! The weights that are committed against the code that they are of. Their times are for a quiet
//! machine to measure; the keys that a benchmark reads and writes are the same everywhere, and are
//! counted here anew. Who changes what a call touches is told to run `make weights`.

use super::support::Chain;
use crate::{AllPalletsWithSystem, Dtao, Subnets, Validators, Yuma};
use dtao_meter::{counting::counted, report::Table};
use frame_benchmarking::{BenchmarkMetadata, BenchmarkParameter, BenchmarkResult, Benchmarking};
use frame_support::traits::WhitelistedStorageKeys;

/// Each component of a benchmark at its highest.
type Components = Vec<(BenchmarkParameter, u32)>;

/// Run a pallet's benchmark once.
type Run = fn(&[u8], &Components) -> BenchmarkResult;

/// A pallet's benchmarks, how one is run, and the file of its weights.
struct Pallet {
	name: &'static str,
	benchmarks: Vec<BenchmarkMetadata>,
	run: Run,
	committed: &'static str,
}

impl Pallet {
	fn of<P: Benchmarking>(name: &'static str, committed: &'static str) -> Self {
		Self { name, benchmarks: P::benchmarks(false), run: run::<P>, committed }
	}

	/// What the weight of `benchmark` at `components` counts of `what`, reads or writes.
	fn counted(&self, benchmark: &str, what: &str, components: &Components) -> u32 {
		let (_, from) = self
			.committed
			.split_once(&format!("fn {benchmark}("))
			.unwrap_or_else(|| panic!("{} has no weight of {benchmark}", self.name));
		let function = from.split("\n\tfn ").next().expect("there is a first");
		let begins = format!("DbWeight::get().{what}(");
		let terms = function.split(begins.as_str()).skip(1);
		terms.map(|term| of_term(term, components)).sum()
	}
}

/// What `3)` counts, or `(2_u64).saturating_mul(n.into()))`, which begin `term`.
fn of_term(term: &str, components: &Components) -> u32 {
	let number = |text: &str| text.parse::<u32>().expect("a weight counts by whole numbers");
	match term.strip_prefix('(') {
		None => number(term.split(')').next().expect("there is a first")),
		Some(slope) => {
			let (slope, rest) = slope.split_once("_u64").expect("a slope is a u64");
			let rest = rest.strip_prefix(").saturating_mul(").expect("it is multiplied");
			let component = rest.split('.').next().expect("there is a first");
			let high = components.iter().find(|(name, _)| name.to_string() == component);
			number(slope) * high.expect("a weight is of the benchmark's components").1
		},
	}
}

fn pallets() -> [Pallet; 4] {
	[
		Pallet::of::<Dtao>("pallet_dtao", include_str!("../weights/pallet_dtao.rs")),
		Pallet::of::<Subnets>("pallet_subnets", include_str!("../weights/pallet_subnets.rs")),
		Pallet::of::<Yuma>("pallet_yuma", include_str!("../weights/pallet_yuma.rs")),
		Pallet::of::<Validators>(
			"pallet_validators",
			include_str!("../weights/pallet_validators.rs"),
		),
	]
}

fn run<P: Benchmarking>(benchmark: &[u8], components: &Components) -> BenchmarkResult {
	let mut state = Chain::default().build();
	let let_off = AllPalletsWithSystem::whitelisted_storage_keys();
	// The benchmark asks its state itself for what it touched, beginning after its set-up.
	let (results, _) =
		counted(&mut state.ext(), || P::run_benchmark(benchmark, components, &let_off, false, 1));
	let name = core::str::from_utf8(benchmark).unwrap();
	let results = results.unwrap_or_else(|error| panic!("{name}: {error:?}"));
	results.into_iter().next().expect("it ran once")
}

/// At most 5 % and one key may lie between: a weight is a line through many sizes.
fn is_near(counted: u32, now: u32) -> bool {
	counted.abs_diff(now) * 20 <= now.max(20)
}

#[test]
fn weights_count_the_keys_that_the_code_touches() {
	let mut table = Table::new(["weight", "keys read", "counted", "keys written", "counted", ""]);
	let mut far = Vec::new();
	for pallet in pallets() {
		for benchmark in &pallet.benchmarks {
			let name = core::str::from_utf8(&benchmark.name).unwrap();
			let components = benchmark.components.iter().map(|(name, _, high)| (*name, *high));
			let components: Components = components.collect();
			let BenchmarkResult { reads, writes, .. } = (pallet.run)(&benchmark.name, &components);
			let counted = |what| pallet.counted(name, what, &components);
			let holds = is_near(counted("reads"), reads) && is_near(counted("writes"), writes);
			let name = format!("{}::{name}", pallet.name);
			table.row([
				name.clone(),
				reads.to_string(),
				counted("reads").to_string(),
				writes.to_string(),
				counted("writes").to_string(),
				if holds { "" } else { "differ" }.into(),
			]);
			if !holds {
				far.push(name);
			}
		}
	}
	println!("{table}");
	assert!(far.is_empty(), "run `make weights`: the code touches other keys: {far:?}\n{table}");
}
