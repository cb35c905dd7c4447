//! Transactions beside the yardstick, and a block that is full of them.

use crate::{
	chain::Error,
	kind::Kind,
	session::{micros, summary, Bench, Sample, Session},
};
use dtao_bench_native::{Capped, Scene};
use dtao_meter::{
	clock::timed,
	counting::Counts,
	report::{short, Table},
	statistics::Fit,
};
use sp_core::{sr25519, Pair};
use std::fmt::Write;

/// Transactions in a block, smallest number first.
const IN_A_BLOCK: [u32; 4] = [10, 50, 100, 200];

/// Rounds before any block is measured.
const WARM_UP: u32 = 2;

const KINDS: [Kind; 3] = [Kind::Transfer, Kind::AddStake, Kind::RemoveStake];

/// Write what transactions take on a chain of `subnets`.
pub(crate) fn measure(
	bench: &mut Bench<'_>,
	subnets: u16,
	capped: Capped,
	blocks: u32,
	out: &mut String,
) -> Result<(), Error> {
	eprintln!("transactions on {subnets} subnets");
	let accounts = bench.accounts.funded();
	let scene = Scene { subnets, capped, accounts, ..Default::default() };
	let mut session = Session::new(bench, &scene)?;
	let mut samples = Vec::new();
	for round in 0..WARM_UP + blocks.div_ceil(2) {
		let of_round = rotate(&mut session)?;
		if round >= WARM_UP {
			samples.extend(of_round);
		}
	}
	write_times(&session, subnets, &samples, out)?;
	write_counts(&mut session, out)?;
	full_block(&mut session, out)
}

/// A block of each kind with each number of transactions. The same accounts add and remove.
fn rotate(session: &mut Session) -> Result<Vec<Sample>, Error> {
	let mut samples = Vec::new();
	for count in IN_A_BLOCK {
		samples.push(session.block(Kind::Empty, 0)?);
		let turn = session.turn();
		for kind in KINDS {
			session.rewind(turn);
			samples.push(session.block(kind, count)?);
		}
	}
	Ok(samples)
}

/// The time of `kind` by the number in a block, as a line from the empty block on.
fn line(samples: &[Sample], kind: Kind, of: impl Fn(&[Sample], Kind) -> f64) -> Fit {
	let mut points = vec![(0.0, of(samples, Kind::Empty))];
	for count in IN_A_BLOCK {
		let with: Vec<_> =
			samples.iter().filter(|sample| sample.transactions == count).copied().collect();
		points.push((f64::from(count), of(&with, kind)));
	}
	Fit::through(&points)
}

fn write_times(
	session: &Session,
	subnets: u16,
	samples: &[Sample],
	out: &mut String,
) -> Result<(), Error> {
	let executed = |kind| line(samples, kind, |samples, kind| summary(samples, kind).executed);
	let floor = |kind| line(samples, kind, |samples, kind| summary(samples, kind).written).slope;
	let yardstick = executed(Kind::Transfer).slope;
	let signature = signature();
	let mut table = Table::new([
		"transaction",
		"time",
		"R²",
		"in T",
		"in T, no signatures",
		"floor",
		"of the floor",
		"declared",
		"declared / time",
	]);
	for kind in KINDS {
		let Fit { slope, r_squared, .. } = executed(kind);
		let declared = micros(kind.declared(session.accounts(), subnets));
		table.row([
			format!("`{}`", kind.name()),
			short(slope),
			format!("{r_squared:.4}"),
			short(slope / yardstick),
			short((slope - signature) / (yardstick - signature)),
			short(floor(kind)),
			short(slope / floor(kind)),
			short(declared),
			short(declared / slope),
		]);
	}
	writeln!(
		out,
		"## Transactions\n\nOn {subnets} subnets, in blocks of {IN_A_BLOCK:?}: the slope of a block's \
		 time over its transactions, each of another account. Each is signed; a check of a signature \
		 takes {} of its time. Every `add_stake` opens a position, every `remove_stake` closes one; \
		 the first on a subnet in a block settles a reward. *Declared* is the weight that the \
		 transaction is charged for.\n\n{table}",
		short(signature)
	)?;
	Ok(())
}

/// What a check of a signature takes, natively as the host does it, in microseconds.
fn signature() -> f64 {
	const CHECKS: u32 = 1_000;
	let (pair, message) = (sr25519::Pair::from_seed(&[1; 32]), [7; 150]);
	let (signature, public) = (pair.sign(&message), pair.public());
	let (all, time) =
		timed(|| (0..CHECKS).all(|_| sr25519::Pair::verify(&signature, message, &public)));
	assert!(all, "a signature that was made is valid");
	time.cpu_micros() / f64::from(CHECKS)
}

fn write_counts(session: &mut Session, out: &mut String) -> Result<(), Error> {
	let mut table = Table::new(["transaction", "keys read", "keys written", "reads", "writes"]);
	let turn = session.turn();
	let empty = session.count(Kind::Empty, 0)?.counts();
	for kind in KINDS {
		session.rewind(turn);
		let Counts { keys_read, keys_written, reads, writes } = session.count(kind, 1)?.counts();
		table.row([
			format!("`{}`", kind.name()),
			(keys_read - empty.keys_read).to_string(),
			(keys_written - empty.keys_written).to_string(),
			(reads - empty.reads).to_string(),
			(writes - empty.writes).to_string(),
		]);
	}
	writeln!(
		out,
		"What one of them touches beyond what the block does anyway, at the level of host calls, its \
		 signed extensions and all of the SDK's bookkeeping included.\n\n{table}"
	)?;
	Ok(())
}

fn full_block(session: &mut Session, out: &mut String) -> Result<(), Error> {
	let mut table = Table::new([
		"full of",
		"transactions",
		"declared",
		"executed",
		"clock",
		"declared / executed",
	]);
	let turn = session.turn();
	for kind in [Kind::AddStake, Kind::RemoveStake] {
		session.rewind(turn);
		let sample = session.block(kind, crate::ACCOUNTS)?;
		let declared = sample.declared;
		let executed = sample.executed.cpu_micros();
		table.row([
			format!("`{}`", kind.name()),
			sample.transactions.to_string(),
			short(declared),
			short(executed),
			short(sample.executed.wall_micros()),
			short(declared / executed),
		]);
	}
	writeln!(
		out,
		"A block that is as full as the weights let it be. *Declared* is what the runtime has counted \
		 when it ends, the block's own steps included.\n\n{table}"
	)?;
	Ok(())
}
