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
use pallet_dtao::{
	types::{Page, Score},
	Markets, Scores,
};
use std::fmt::Write;

/// Subnets, so that as many epochs close in a tempo, each in a block of its own.
const SUBNETS: u16 = 10;

/// Write what the close of an epoch takes with each number of `seats`, where a transfer takes
/// `yardstick` microseconds.
pub(crate) fn measure(
	bench: &mut Bench<'_>,
	seats: &[u16],
	yardstick: f64,
	out: &mut String,
) -> Result<(), Error> {
	let mut table = Table::new([
		"seats",
		"validators",
		"weights",
		"close",
		"in T",
		"floor",
		"of the floor",
		"keys read",
		"keys written",
		"epochs",
	]);
	let mut line = Vec::new();
	for &seats in seats {
		eprintln!("epochs of {seats} seats");
		let validators = seats.min(MAX_VALIDATORS as u16);
		let (mut session, Blocks { with, without }) = blocks_of_epochs(bench, seats, validators)?;
		let (reads, writes) = touched_more(&mut session)?;
		let over = |of: &dyn Fn(&Sample) -> f64| {
			median(with.iter().map(of)) - median(without.iter().map(of))
		};
		let close = over(&|sample| sample.executed.cpu_micros());
		let floor = over(&Sample::written_micros);
		line.push((f64::from(seats), close));
		table.row([
			seats.to_string(),
			validators.to_string(),
			(u32::from(validators) * u32::from(seats - 1)).to_string(),
			short(close),
			short(close / yardstick),
			short(floor),
			short(close / floor),
			reads.to_string(),
			writes.to_string(),
			with.len().to_string(),
		]);
	}
	let consensus = std::any::type_name::<<Runtime as pallet_dtao::Config>::Consensus>();
	writeln!(
		out,
		"## The close of an epoch\n\nA block in which one epoch closes over one without, on {SUBNETS} \
		 subnets. {MAX_VALIDATORS} seats at most have stake; each of them weighs every other seat. The \
		 consensus is `{consensus}`. T is {}. Keys are those of the whole block, over what one without \
		 a close reads and writes.\n\n{table}",
		short(yardstick),
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

/// What the blocks of a tempo came to.
pub(crate) struct Blocks {
	/// Those in which an epoch closed.
	pub(crate) with: Vec<Sample>,
	/// The others.
	pub(crate) without: Vec<Sample>,
}

/// The blocks of a tempo of [`SUBNETS`] subnets with `seats`, and the chain after them.
///
/// # Errors
///
/// If the epochs decided nothing, or the client fails.
pub(crate) fn blocks_of_epochs(
	bench: &mut Bench<'_>,
	seats: u16,
	validators: u16,
) -> Result<(Session, Blocks), Error> {
	let scene = Scene {
		subnets: SUBNETS,
		seats,
		validators,
		weighed: true,
		tempo: MIN_TEMPO,
		..Default::default()
	};
	let mut session = Session::new(bench, &scene)?;
	let mut blocks = Blocks { with: Vec::new(), without: Vec::new() };
	let mut epochs = opened(&session)?;
	for block in 1..=2 * MIN_TEMPO {
		let sample = session.block(Kind::Empty, 0)?;
		let now = opened(&session)?;
		// The first epochs have no incentives to pay, and are not measured.
		if block > MIN_TEMPO {
			match now - epochs {
				0 => blocks.without.push(sample),
				1 => blocks.with.push(sample),
				_ => (),
			}
		}
		epochs = now;
	}
	if seats > 1 {
		ensure_incentives(&session)?;
	}
	Ok((session, blocks))
}

/// How many keys more a block reads, and writes, in which one epoch closes.
fn touched_more(session: &mut Session) -> Result<(usize, usize), Error> {
	let (mut with, mut without) = (None, None);
	let mut epochs = opened(session)?;
	for _ in 0..MIN_TEMPO {
		let counts = session.count(Kind::Empty, 0)?.counts();
		let now = opened(session)?;
		match now - epochs {
			0 => without = Some(counts),
			1 => with = Some(counts),
			_ => (),
		}
		epochs = now;
		if let (Some(with), Some(without)) = (&with, &without) {
			let reads = with.keys_read.saturating_sub(without.keys_read);
			return Ok((reads, with.keys_written.saturating_sub(without.keys_written)));
		}
	}
	Err("no epoch closed in a tempo, or one in each block".into())
}

/// Ends the run if nobody was weighed: then the epochs decided nothing.
fn ensure_incentives(session: &Session) -> Result<(), Error> {
	let key = Scores::<Runtime>::hashed_key_for(NetUid(1));
	let scores: Vec<Score> = session.author().stored(&key)?.unwrap_or_default();
	match scores.iter().filter(|score| score.incentive > 0).count() {
		0 => Err("no seat has an incentive".into()),
		_ => Ok(()),
	}
}

/// How many epochs have been opened on all subnets.
fn opened(session: &Session) -> Result<u32, Error> {
	(1..=SUBNETS).try_fold(0, |sum, netuid| {
		let key = Markets::<Runtime>::hashed_key_for(NetUid(netuid));
		let page: Option<Page> = session.author().stored(&key)?;
		let market = page.and_then(|page| page.get(NetUid(netuid)));
		Ok(sum + market.map_or(0, |market| market.epoch.index))
	})
}
