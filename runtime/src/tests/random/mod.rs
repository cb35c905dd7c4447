//! The real runtime under random calls: every call of the market, of the registry and of the
//! consensus, by several accounts and by governance, in any order, with blocks in between.
//!
//! `DTAO_RANDOM_BLOCKS`, `DTAO_RANDOM_TRIES` (it goes on until so many calls were tried),
//! `DTAO_RANDOM_CALLS` (the most in a block) and `DTAO_RANDOM_SEED` make the run longer, denser or
//! another. A million calls, with the table of what became of them (`make random`):
//!
//! ```text
//! DTAO_RANDOM_TRIES=1000000 DTAO_RANDOM_CALLS=20 scripts/cargo.sh test --lib random_calls -- --nocapture
//! ```

pub(crate) mod calls;
mod checks;
mod consensus_calls;
mod market_calls;
mod registry_calls;
mod table;
pub(crate) mod world;

use super::{
	next_block,
	support::{idle, market_params, root, send_as, set_market, without_traces},
};
use calls::Attempt;
use checks::{quote, received, Ledger};
use dtao_primitives::EmissionRule;
use frame_support::{traits::GetCallName, weights::Weight};
use rand::Rng;
use sp_runtime::{DispatchResult, Perbill};
use std::time::Instant;
use table::Table;
use world::{fast_chain, World};

/// Blocks between which the state is cleared of the traces of what was removed.
const SPAN: u32 = 500;

/// How long a run is, and where its random numbers begin.
struct Length {
	/// The fewest blocks.
	blocks: u32,
	/// The fewest calls that are tried in all.
	tries: u32,
	/// The most calls in a block.
	calls: u32,
	seed: u64,
}

impl Length {
	fn from_environment() -> Self {
		Self {
			blocks: number("DTAO_RANDOM_BLOCKS", 10_000) as u32,
			tries: number("DTAO_RANDOM_TRIES", 0) as u32,
			calls: number("DTAO_RANDOM_CALLS", 4) as u32,
			seed: number("DTAO_RANDOM_SEED", 0x0d7a_0003),
		}
	}

	/// How often each call has to be accepted: a thousand times in a million, and two hundred times
	/// in the short run.
	fn least_of_each(&self, tried: u32) -> u32 {
		match tried {
			0..=9_999 => tried / 1_000,
			10_000..=199_999 => 200,
			_ => (tried / 1_000).max(200),
		}
	}
}

fn number(name: &str, default: u64) -> u64 {
	std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// All calls of the three pallets.
fn names() -> Vec<&'static str> {
	let market = pallet_dtao::Call::<crate::Runtime>::get_call_names();
	let registry = pallet_subnets::Call::<crate::Runtime>::get_call_names();
	let consensus = pallet_yuma::Call::<crate::Runtime>::get_call_names();
	market.iter().chain(registry).chain(consensus).copied().collect()
}

/// Make `attempt`. One in eight that has a quote does what the quote says, value or error; one in a
/// hundred that is refused leaves the state as it was.
fn make(world: &mut World, attempt: Attempt) -> DispatchResult {
	let quoted = if world.chance(1, 8) { quote(&attempt) } else { None };
	let before = if world.chance(1, 100) { Some(root()) } else { None };
	let text = quoted.map(|_| format!("{:?}", attempt.call));
	let outcome = send_as(attempt.origin, attempt.call);
	if let Some(quoted) = quoted {
		let done = outcome.map(|()| received());
		assert_eq!(done, quoted, "a quote is what dispatch does: {}", text.unwrap_or_default());
	}
	if let (Some(before), Err(error)) = (before, outcome) {
		assert_eq!(root(), before, "a refused call changes nothing: {error:?}");
	}
	outcome
}

/// Governance changes its mind: about the rule, or about a rate.
fn govern(world: &mut World) {
	let mut params = market_params();
	match world.rng.gen_range(0..4) {
		0 => params.rule = EmissionRule::TaoReserve,
		1 => params.rule = EmissionRule::PriceEma,
		2 => params.rule = EmissionRule::FlowEma,
		_ => {
			params.swap_fee = Perbill::from_parts(world.rng.gen_range(0..=10_000_000));
			params.tao_weight = Perbill::from_percent(world.rng.gen_range(0..=100));
			params.root_sale_rate = Perbill::from_parts(world.rng.gen_range(0..=10_000_000));
			params.flow_power = world.rng.gen_range(1..=4);
		},
	}
	set_market(params).expect("governance may");
}

/// A block: its hooks, random calls, and what is left of its weight for the rest.
pub(crate) fn random_block(
	world: &mut World,
	most_calls: u32,
	mut note: impl FnMut(&'static str, DispatchResult),
) {
	next_block();
	world.look();
	if world.chance(1, 50) {
		govern(world);
	}
	for _ in 0..world.rng.gen_range(0..=most_calls) {
		let attempt = world.attempt();
		let name = attempt.name();
		note(name, make(world, attempt));
	}
	// A full block leaves nothing, and then idle hooks do not run; others leave a little, or a lot.
	let room = match world.rng.gen_range(0..8) {
		0..=5 => return,
		6 => world.rng.gen_range(1..2_000_000_000),
		_ => world.rng.gen_range(1..400_000_000_000),
	};
	idle(Weight::from_parts(room, u64::MAX));
}

/// Calls of all three pallets, in any order, over the real runtime: no invariant breaks in any block,
/// TAO's issuance is what was there, plus what was minted, less what was recycled, to the rao, and
/// the pot holds what lies in it, to the rao.
#[test]
fn random_calls_break_nothing() {
	let length = Length::from_environment();
	let began = Instant::now();
	let mut world = World::new(length.seed);
	let mut table = Table::default();
	let mut state = fast_chain();
	let mut ledger = state.execute_with(Ledger::new);
	let mut done = 0;
	while done < length.blocks || table.tried() < length.tries {
		// Past its blocks, a run of so many calls goes on by whole spans.
		let span = match length.blocks.saturating_sub(done) {
			0 => SPAN,
			left => SPAN.min(left),
		};
		state.execute_with(|| {
			for _ in 0..span {
				random_block(&mut world, length.calls, |name, outcome| table.note(name, outcome));
				ledger.close_block();
				if world.now.is_multiple_of(50) {
					ledger.look_around(&world.coldkeys);
				}
			}
		});
		state = without_traces(state);
		done += span;
		if done.is_multiple_of(20 * SPAN) {
			println!("{done} blocks, {} calls", table.tried());
		}
	}
	println!("seed {:#x}, {done} blocks", length.seed);
	table.print();
	println!("seen: {:?}", ledger.seen);
	println!("{:.1} s", began.elapsed().as_secs_f64());
	check_table(&length, &table, &ledger);
}

/// Enough was accepted, of every call, and everything was seen.
fn check_table(length: &Length, table: &Table, ledger: &Ledger) {
	let (tried, accepted) = (table.tried(), table.accepted());
	assert!(3 * accepted >= tried, "{accepted} of {tried} accepted");
	let least = length.least_of_each(tried);
	for name in names() {
		assert!(table.accepted_of(name) >= least, "{name}");
	}
	if tried >= 10_000 {
		let states = ["state: Registered", "state: Started", "state: Dissolved"];
		let rules = ["rule: TaoReserve", "rule: PriceEma", "rule: FlowEma"];
		let ends = ["epoch closed", "neuron replaced", "market dissolved", "redemption closed"];
		for what in states.into_iter().chain(rules).chain(ends) {
			assert!(ledger.seen.contains_key(what), "{what}");
		}
	}
}
