//! Random sequences of calls break no invariant, and no epoch fails.

use super::SALT;
use crate::{
	mock::{
		alpha, wait, FakeMarket, FakeRegistry, RuntimeOrigin, System, Test, TestExt, Yuma, NETUID,
	},
	types::hash_of,
	Config, Neurons, OpenCommits,
};
use dtao_primitives::{
	traits::{MarketInspect, SubnetRegistry},
	BondsVersion, LiquidAlpha, Uid,
};
use frame_support::{dispatch::DispatchResult, storage::with_storage_layer, BoundedVec};
use proptest::prelude::*;
use sp_runtime::PerU16;

/// The most seats of a sequence.
const SEATS: u16 = 8;

/// The uids and weights of a call.
type Row = (Vec<Uid>, Vec<u16>);

/// What a random sequence does.
#[derive(Clone, Debug)]
enum Command {
	Set {
		uid: u16,
		row: Row,
		version: u64,
	},
	Commit {
		uid: u16,
		row: Row,
	},
	/// The `n`-th from the last that was committed to.
	Reveal {
		n: usize,
	},
	Seat,
	Replace {
		uid: u16,
	},
	Close {
		stakes: Vec<u64>,
	},
	Params {
		commit_reveal: bool,
		reveal_period: u16,
		limit: u32,
		least: u16,
		most: u16,
		version: u64,
		max_validators: u16,
		yuma1: bool,
		liquid: bool,
	},
	Dissolve,
	Clean,
	Wait {
		blocks: u32,
	},
}

/// A sequence, and what it has committed to so far: who, and what.
#[derive(Default)]
struct Sequence {
	committed: Vec<(u64, Row)>,
	hotkeys: u64,
	/// How many calls were accepted: set, committed, revealed.
	accepted: [usize; 3],
}

/// The account that holds the seat `uid`.
fn holder(uid: u16) -> u64 {
	let seats = FakeRegistry::seats(NETUID);
	seats.get(usize::from(uid)).map_or(u64::from(uid), |seat| seat.hotkey.0.into())
}

type MaxSeats = <Test as Config>::MaxSeats;

fn bounded(row: &Row) -> (BoundedVec<Uid, MaxSeats>, BoundedVec<u16, MaxSeats>) {
	(BoundedVec::truncate_from(row.0.clone()), BoundedVec::truncate_from(row.1.clone()))
}

impl Sequence {
	/// Do it.
	fn attempt(&mut self, command: Command) {
		match command {
			Command::Set { uid, row, version } => {
				let (uids, weights) = bounded(&row);
				let origin = RuntimeOrigin::signed(holder(uid));
				self.count(0, || Yuma::set_weights(origin, NETUID, uids, weights, version));
			},
			Command::Commit { uid, row } => {
				let who = holder(uid);
				let hash = hash_of(&who, NETUID, &row.0, &row.1, SALT, 3);
				let origin = RuntimeOrigin::signed(who);
				if self.count(1, || Yuma::commit_weights(origin, NETUID, hash)) {
					self.committed.push((who, row));
				}
			},
			Command::Reveal { n } if n < self.committed.len() => {
				let (who, row) = self.committed[self.committed.len() - 1 - n].clone();
				let (uids, weights) = bounded(&row);
				let salt = BoundedVec::truncate_from(SALT.to_vec());
				let origin = RuntimeOrigin::signed(who);
				self.count(2, || Yuma::reveal_weights(origin, NETUID, uids, weights, salt, 3));
			},
			Command::Reveal { .. } => {},
			passing => self.pass(passing),
		}
	}

	/// Dispatch a call, which changes nothing if it is refused. Returns whether it was accepted.
	fn count(&mut self, kind: usize, call: impl FnOnce() -> DispatchResult) -> bool {
		let accepted = with_storage_layer(call).is_ok();
		self.accepted[kind] += usize::from(accepted);
		accepted
	}

	/// What no hotkey asks for.
	fn pass(&mut self, command: Command) {
		let exists = FakeRegistry::owner(NETUID).is_some();
		let held = FakeRegistry::seats_held(NETUID);
		self.hotkeys += 1;
		match command {
			Command::Seat if exists && held < SEATS => {
				FakeRegistry::seat(NETUID, 1_000 + self.hotkeys);
			},
			Command::Replace { uid } if exists && uid < held => {
				FakeRegistry::replace(NETUID, Uid(uid), 1_000 + self.hotkeys);
			},
			Command::Close { stakes } if exists => close(&stakes[..held.into()]),
			Command::Params { .. } if exists => set_params(command),
			Command::Dissolve if exists => FakeRegistry::dissolve(NETUID),
			Command::Clean if !exists => FakeRegistry::clean(NETUID),
			Command::Wait { blocks } => wait(blocks),
			_ => {},
		}
	}
}

/// Close the epoch, and see that its parts are what they promise.
fn close(stakes: &[u64]) {
	let before = FakeMarket::epoch(NETUID);
	let outcome = FakeMarket::close_epoch(NETUID, stakes).expect("every sound state is decided");
	assert_eq!(FakeMarket::epoch(NETUID), before.map(|epoch| epoch + 1));
	for parts in [&outcome.incentives, &outcome.dividends] {
		let sum: u64 = parts.iter().map(|part| u64::from(*part)).sum();
		assert!(sum == 0 || sum == u64::from(u32::MAX), "{parts:?}");
		assert_eq!(parts.len(), stakes.len());
	}
	let permits: Vec<bool> =
		Neurons::<Test>::get(NETUID).iter().map(|neuron| neuron.permit).collect();
	assert_eq!(outcome.permits, permits);
}

fn set_params(command: Command) {
	let Command::Params {
		commit_reveal,
		reveal_period,
		limit,
		least,
		most,
		version,
		max_validators,
		yuma1,
		liquid,
	} = command
	else {
		unreachable!("{command:?} sets no parameters");
	};
	FakeRegistry::set_params(NETUID, |params| {
		params.commit_reveal = commit_reveal;
		params.reveal_period = reveal_period;
		params.weights_rate_limit = limit;
		params.min_allowed_weights = least;
		params.max_weight_limit = PerU16::from_parts(most);
		params.version_key = version;
		params.max_validators = max_validators;
		params.activity_cutoff = 40;
		params.bonds_version = if yuma1 { BondsVersion::Yuma1 } else { BondsVersion::Yuma3 };
		params.liquid_alpha = liquid.then(LiquidAlpha::default);
	});
}

fn row() -> impl Strategy<Value = Row> {
	let weight = prop_oneof![1 => Just(0), 1 => Just(u16::MAX), 4 => any::<u16>()];
	let weighed = prop_oneof![20 => 0..4u16, 2 => 4..SEATS, 1 => Just(SEATS)];
	let entries = prop::collection::btree_map(weighed, weight, 1..5);
	prop_oneof![
		9 => entries.prop_map(|entries| entries.into_iter().map(|(uid, w)| (Uid(uid), w)).unzip()),
		1 => Just((vec![Uid(1), Uid(1)], vec![1, 2])),
		1 => Just((vec![Uid(1), Uid(2)], vec![1])),
	]
}

fn uid() -> impl Strategy<Value = u16> {
	prop_oneof![12 => 0..2u16, 2 => 0..SEATS, 1 => Just(SEATS)]
}

fn params() -> impl Strategy<Value = Command> {
	let most = prop_oneof![4 => Just(u16::MAX), 1 => 6_553..=u16::MAX];
	let version = prop_oneof![5 => 0..4u64, 1 => Just(4)];
	let of_weights = (0..3u16, most, version);
	let of_time = (any::<bool>(), 1..3u16, 0..5u32);
	let of_epochs = (2..6u16, any::<bool>(), any::<bool>());
	(of_weights, of_time, of_epochs).prop_map(|(weights, time, epochs)| {
		let (least, most, version) = weights;
		let (commit_reveal, reveal_period, limit) = time;
		let (max_validators, yuma1, liquid) = epochs;
		Command::Params {
			commit_reveal,
			reveal_period,
			limit,
			least,
			most,
			version,
			max_validators,
			yuma1,
			liquid,
		}
	})
}

fn command() -> impl Strategy<Value = Command> {
	let stake = prop_oneof![1 => Just(0), 1 => 0..alpha(2), 8 => 0..alpha(1_000_000)];
	let stakes = prop::collection::vec(stake, usize::from(SEATS));
	let version = prop_oneof![4 => Just(3), 1 => 0..3u64];
	prop_oneof![
		6 => (uid(), row(), version).prop_map(|(uid, row, version)| Command::Set { uid, row, version }),
		8 => (uid(), row()).prop_map(|(uid, row)| Command::Commit { uid, row }),
		24 => (0..5usize).prop_map(|n| Command::Reveal { n }),
		1 => Just(Command::Seat),
		1 => uid().prop_map(|uid| Command::Replace { uid }),
		5 => stakes.prop_map(|stakes| Command::Close { stakes }),
		2 => params(),
		6 => (1..12u32).prop_map(|blocks| Command::Wait { blocks }),
	]
}

/// Run a sequence, the invariants checked after each step.
fn run(commands: Vec<Command>) -> [usize; 3] {
	TestExt::seats(4).with_commit_reveal().execute_with(|| {
		FakeRegistry::set_params(NETUID, |params| params.weights_rate_limit = 2);
		let mut sequence = Sequence::default();
		for command in commands {
			let shown = format!("{command:?}");
			sequence.attempt(command);
			assert_eq!(Yuma::do_try_state(), Ok(()), "after {shown}");
		}
		sequence.accepted
	})
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

	#[test]
	fn no_sequence_of_calls_breaks_an_invariant(
		commands in prop::collection::vec(command(), 1..80),
		clean in any::<bool>(),
	) {
		let ending = [Command::Dissolve].into_iter().chain((0..SEATS).map(|_| Command::Clean));
		let ending = if clean { ending.collect() } else { Vec::new() };
		run(commands.into_iter().chain(ending).collect());
	}
}

/// A sequence that refuses all it is asked would break nothing either.
#[test]
fn random_sequences_do_set_commit_and_reveal() {
	use proptest::{strategy::ValueTree, test_runner::TestRunner};
	let mut runner = TestRunner::deterministic();
	let commands = prop::collection::vec(command(), 3_000);
	let commands = commands.new_tree(&mut runner).expect("nothing is rejected").current();
	let [set, committed, revealed] = run(commands);
	assert!(set > 20 && committed > 20 && revealed > 20, "{set} {committed} {revealed}");
}

#[test]
fn a_dissolved_subnet_that_is_cleaned_up_leaves_nothing() {
	TestExt::seats(4).with_commit_reveal().execute_with(|| {
		for uid in 0..4 {
			super::commit(uid, &[(1, 1)]).expect("nobody has committed yet");
		}
		let mut sequence = Sequence::default();
		sequence.attempt(Command::Dissolve);
		(0..4).for_each(|_| sequence.attempt(Command::Clean));
		assert_eq!(OpenCommits::<Test>::iter().count(), 0);
		assert_eq!(Neurons::<Test>::iter().count(), 0);
		assert_eq!(System::block_number(), 1);
	});
}
