//! The market's hook: the emission of a block, and the close of an epoch.

use crate::state::{Mode, State};
use dtao_bench_native::{ensure_nothing_failed, Capped, Scene};
use dtao_meter::{
	counting::{Counts, Touched},
	statistics::median,
};
use dtao_primitives::constants::MIN_TEMPO;
use dtao_runtime::{Dtao, Runtime};
use frame_support::{storage::storage_prefix, traits::OnInitialize};
use pallet_dtao::Event;

/// The median of a block's emission over `subnets`, in microseconds of CPU time.
///
/// # Errors
///
/// What genesis refuses.
pub(crate) fn emission(
	subnets: u16,
	capped: Capped,
	mode: Mode,
	blocks: u32,
) -> Result<f64, String> {
	let scene = Scene { subnets, capped, ..Default::default() };
	let mut state = State::new(&scene, mode)?;
	let times: Vec<_> = (1..=blocks)
		.map(|block| {
			state.open(block);
			state.measure(|| Dtao::on_initialize(block)).1.cpu_micros()
		})
		.collect();
	state.run(|| assert_emitted(capped));
	Ok(median(times))
}

/// What a block's emission over `subnets` touches.
///
/// # Errors
///
/// What genesis refuses.
pub(crate) fn emission_touches(subnets: u16, capped: Capped) -> Result<Counts, String> {
	let scene = Scene { subnets, capped, ..Default::default() };
	let mut state = State::new(&scene, Mode::Overlay)?;
	state.step(1);
	state.open(2);
	let (_, touched) = state.count(|| Dtao::on_initialize(2));
	Ok(of_the_market(touched).counts())
}

/// Ends the run if the last block did not do what it is measured for.
fn assert_emitted(capped: Capped) {
	let events = dtao_runtime::System::read_events_no_consensus();
	let events: Vec<_> = events.map(|record| record.event).collect();
	assert_eq!(ensure_nothing_failed(&events), Ok(()));
	let mut distributed = events.iter().filter_map(|event| match event {
		dtao_runtime::RuntimeEvent::Dtao(Event::<Runtime>::EmissionDistributed {
			chain_bought,
			root_sold,
			..
		}) => Some((chain_bought, root_sold)),
		_ => None,
	});
	let last = distributed.next_back();
	let (bought, sold) = last.expect("a block with subnets emits");
	assert!(!sold.is_zero(), "root sells in every block");
	let buys = matches!(capped, Capped::Half | Capped::All);
	assert_eq!(!bought.is_zero(), buys, "the chain buys where there is more than the cap lets in");
}

/// What a close takes over what a block without one takes.
pub(crate) struct Close {
	/// The median, in microseconds of CPU time.
	pub(crate) micros: f64,
	/// How many were measured.
	pub(crate) epochs: usize,
}

/// A subnet whose epochs close within a measurement.
pub(crate) fn closing(seats: u16, validators: u16) -> Scene {
	Scene { seats, validators, weighed: true, tempo: MIN_TEMPO, ..Default::default() }
}

/// The close of an epoch of a subnet with `seats`, `validators` of which have stake and weigh every
/// other seat.
///
/// # Errors
///
/// What genesis refuses.
pub(crate) fn close(seats: u16, validators: u16, mode: Mode, epochs: u32) -> Result<Close, String> {
	let scene = closing(seats, validators);
	let mut state = State::new(&scene, mode)?;
	let (mut with, mut without) = (Vec::new(), Vec::new());
	// The first epoch has no rewards of miners to pay, and is not measured.
	for block in 1..=(epochs + 1) * MIN_TEMPO {
		state.open(block);
		let before = state.run(epoch);
		let (_, time) = state.measure(|| Dtao::on_initialize(block));
		match state.run(epoch) - before {
			0 => without.push(time.cpu_micros()),
			_ => with.push(time.cpu_micros()),
		}
	}
	state.run(|| assert_decided(usize::from(validators)));
	let closes = with.split_off(with.len().min(1));
	Ok(Close { epochs: closes.len(), micros: median(closes) - median(without) })
}

/// What a block touches in which such an epoch closes.
///
/// # Errors
///
/// What genesis refuses.
pub(crate) fn close_touches(seats: u16, validators: u16) -> Result<Counts, String> {
	let scene = closing(seats, validators);
	let mut state = State::new(&scene, Mode::Overlay)?;
	for block in 1..=2 * MIN_TEMPO {
		state.open(block);
		let before = state.run(epoch);
		let (_, touched) = state.count(|| Dtao::on_initialize(block));
		if state.run(epoch) != before && before > 1 {
			return Ok(of_the_market(touched).counts());
		}
	}
	Err("no epoch closed".into())
}

/// Ends the run if the epochs did not give every seat but the first, which has most of the stake and
/// does not weigh itself, its part as a miner, and every validator its part as one.
fn assert_decided(validators: usize) {
	let scores = pallet_dtao::Scores::<Runtime>::get(dtao_primitives::NetUid(1));
	assert!(scores.iter().skip(1).all(|score| score.incentive > 0), "every seat was weighed");
	let earn = scores.iter().filter(|score| score.dividend > 0).count();
	assert_eq!(earn, validators, "every validator weighed");
}

/// The number of the first subnet's epoch.
fn epoch() -> u32 {
	let netuid = dtao_primitives::NetUid(1);
	pallet_dtao::Markets::<Runtime>::get(netuid).map_or(0, |market| market.epoch.index)
}

/// What was touched but for the SDK's own bookkeeping of blocks and events.
pub(crate) fn of_the_market(touched: Touched) -> Touched {
	let items = ["Number", "ExecutionPhase", "EventCount", "Events", "EventTopics"];
	let bookkeeping = items.map(|item| storage_prefix(b"System", item.as_bytes()).to_vec());
	touched.without(&bookkeeping)
}
