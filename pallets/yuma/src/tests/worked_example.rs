//! The example of `docs/yuma.md`, to the last figure.

use super::{neuron, set};
use crate::mock::{alpha, wait, FakeMarket, TestExt, NETUID};
use dtao_primitives::traits::ConsensusOutcome;
use frame_support::assert_ok;
use sp_runtime::PerU16;

/// The document.
const DOCUMENT: &str = include_str!("../../../../docs/yuma.md");

/// Thousands of ALPHA behind each seat: three validators and three miners.
const STAKES: [u64; 6] = [40, 35, 25, 0, 0, 0];

/// Close the epoch, a block later.
fn close() -> ConsensusOutcome {
	wait(360);
	let stakes: Vec<u64> = STAKES.iter().map(|thousands| alpha(1_000 * thousands)).collect();
	FakeMarket::close_epoch(NETUID, &stakes).expect("the epoch is decided")
}

/// A part of `whole` as the document writes it: in percent, rounded to two decimals.
fn percent(part: u64, whole: u64) -> String {
	let hundredths = (part * 10_000 + whole / 2) / whole;
	format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn of_65_535(part: PerU16) -> String {
	percent(part.deconstruct().into(), u16::MAX.into())
}

fn of_all(part: u32) -> String {
	percent(part.into(), u32::MAX.into())
}

/// What the document says of an epoch: a line for each validator and each miner.
fn lines(epoch: u32, outcome: &ConsensusOutcome) -> Vec<String> {
	let validator = |n: usize| {
		let uid = u16::try_from(n).unwrap();
		let (trust, dividend) = (neuron(uid).validator_trust, outcome.dividends[n]);
		let stake = percent(STAKES[n], 100);
		let (trust, dividend) = (of_65_535(trust), of_all(dividend));
		format!("| {epoch} | V{} | {stake} | {trust} | {dividend} |", n + 1)
	};
	let miner = |n: usize| {
		let neuron = neuron(u16::try_from(n).unwrap());
		let (consensus, trust) = (of_65_535(neuron.consensus), of_65_535(neuron.trust));
		format!(
			"| {epoch} | M{} | {consensus} | {trust} | {} |",
			n - 2,
			of_all(outcome.incentives[n])
		)
	};
	(0..3).map(validator).chain((3..6).map(miner)).collect()
}

#[test]
fn the_worked_example_of_the_document_is_what_the_chain_decides() {
	TestExt::seats(6).execute_with(|| {
		assert_eq!(close().permits, [true, true, true, false, false, false]);
		assert_ok!(set(0, &[(3, 50), (4, 30), (5, 20)]));
		assert_ok!(set(1, &[(3, 40), (4, 40), (5, 20)]));
		assert_ok!(set(2, &[(5, 100)]));
		let mut expected = Vec::new();
		let first = close();
		expected.extend(lines(1, &first));
		assert_eq!(close(), first, "the second is as the first");
		assert_eq!(close(), first, "and so is the third");
		assert_ok!(set(2, &[(3, 40), (4, 30), (5, 30)]));
		expected.extend(lines(4, &close()));
		let _ = close();
		expected.extend(lines(6, &close()));
		let missing: Vec<&String> =
			expected.iter().filter(|line| !DOCUMENT.contains(line.as_str())).collect();
		assert!(missing.is_empty(), "docs/yuma.md lacks {missing:#?}");
	});
}
