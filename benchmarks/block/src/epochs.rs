//! The close of an epoch, by the number of seats.

use crate::{
	chain::Error,
	kind::Kind,
	session::{Bench, Sample, Session},
};
use dtao_bench_native::Scene;
use dtao_meter::{
	report::{short, Table},
	statistics::{median, Fit},
};
use dtao_primitives::{
	constants::{MAX_VALIDATORS, MIN_TEMPO},
	NetUid,
};
use dtao_runtime::Runtime;
use pallet_dtao::{types::Page, Markets};
use std::fmt::Write;

/// Subnets, so that as many epochs close in a tempo, each in a block of its own.
const SUBNETS: u16 = 10;

/// Write what the close of an epoch takes with each number of `seats`.
pub(crate) fn measure(bench: &mut Bench<'_>, seats: &[u16], out: &mut String) -> Result<(), Error> {
	let mut table =
		Table::new(["seats", "with stake", "close", "floor", "of the floor", "a seat", "epochs"]);
	let mut line = Vec::new();
	for &seats in seats {
		eprintln!("epochs of {seats} seats");
		let validators = seats.min(MAX_VALIDATORS as u16);
		let (with, without) = closes(bench, seats, validators)?;
		let over = |of: &dyn Fn(&Sample) -> f64| {
			median(with.iter().map(of)) - median(without.iter().map(of))
		};
		let close = over(&|sample| sample.executed.cpu_micros());
		let floor = over(&|sample| sample.written.cpu_micros());
		line.push((f64::from(seats), close));
		table.row([
			seats.to_string(),
			validators.to_string(),
			short(close),
			short(floor),
			short(close / floor),
			short(close / f64::from(seats)),
			with.len().to_string(),
		]);
	}
	let consensus = std::any::type_name::<<Runtime as pallet_dtao::Config>::Consensus>();
	writeln!(
		out,
		"## The close of an epoch\n\nA block in which one epoch closes over one without, on {SUBNETS} \
		 subnets; {MAX_VALIDATORS} seats at most have stake. The consensus is `{consensus}`.\n\n{table}"
	)?;
	if line.len() > 2 {
		let Fit { intercept, slope, r_squared } = Fit::through(&line);
		writeln!(
			out,
			"A line through them: {} + {} for each seat, R² = {r_squared:.5}.\n",
			short(intercept),
			short(slope),
		)?;
	}
	Ok(())
}

/// The blocks of a tempo and more, first those in which an epoch closed, then the others.
fn closes(
	bench: &mut Bench<'_>,
	seats: u16,
	validators: u16,
) -> Result<(Vec<Sample>, Vec<Sample>), Error> {
	let scene =
		Scene { subnets: SUBNETS, seats, validators, tempo: MIN_TEMPO, ..Default::default() };
	let mut session = Session::new(bench, &scene)?;
	let (mut with, mut without) = (Vec::new(), Vec::new());
	let mut epochs = opened(&session)?;
	for block in 1..=2 * MIN_TEMPO {
		let sample = session.block(Kind::Empty, 0)?;
		let now = opened(&session)?;
		// The first epochs have no incentives to pay, and are not measured.
		if block > MIN_TEMPO {
			match now - epochs {
				0 => without.push(sample),
				1 => with.push(sample),
				_ => (),
			}
		}
		epochs = now;
	}
	Ok((with, without))
}

/// How many epochs have been opened on all subnets.
fn opened(session: &Session<'_, '_>) -> Result<u32, Error> {
	(1..=SUBNETS).try_fold(0, |sum, netuid| {
		let key = Markets::<Runtime>::hashed_key_for(NetUid(netuid));
		let page: Option<Page> = session.author().stored(&key)?;
		let market = page.and_then(|page| page.get(NetUid(netuid)));
		Ok(sum + market.map_or(0, |market| market.epoch.index))
	})
}
