//! `drip`: an amount released evenly.

mod exact;

use dtao_math::drip::released;
use exact::{amount, is_floor, q};
use proptest::prelude::*;

#[test]
fn releases_match_hand_worked_ones() {
	// (left, elapsed, remaining_blocks) => released
	let releases = [
		((360, 0, 360), 0),
		((360, 1, 360), 1),
		((359, 1, 360), 0),       // 0.997, rounded down.
		((1_000, 359, 360), 997), // 997.2.
		((1_000, 360, 360), 1_000),
		((1_000, 361, 360), 1_000),
		((1_000, 0, 0), 1_000), // Nothing to wait for.
		((0, 5, 360), 0),
		((u64::MAX, u32::MAX - 1, u32::MAX), u64::MAX - (1 << 32) - 1),
	];
	for ((left, elapsed, remaining), release) in releases {
		assert_eq!(
			released(left, elapsed, remaining),
			Ok(release),
			"{left} after {elapsed} of {remaining} blocks"
		);
	}
}

/// Block by block, all of it is released in as many blocks as it should take, at a pace that
/// differs by at most one unit.
#[test]
fn block_by_block_the_pace_is_even() {
	for amount in [0, 1, 359, 360, 361, 1_000_003] {
		let mut left = amount;
		for block in 0..360 {
			let release = released(left, 1, 360 - block).unwrap();
			assert!((amount / 360..=amount / 360 + 1).contains(&release), "{release} in {block}");
			left -= release;
		}
		assert_eq!(left, 0, "of {amount}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// However often it is settled on the way, it is never ahead of the line, never behind it by
	/// more than a unit a settlement, and all is released in the end.
	#[test]
	fn settling_often_changes_nothing_but_fractions(
		amount in amount(), steps in proptest::collection::vec(0..50_u32, 1..100),
	) {
		let total: u32 = steps.iter().sum();
		let (mut left, mut elapsed) = (amount, 0);
		for (settled, step) in (1_u64..).zip(&steps) {
			left -= released(left, *step, total - elapsed).unwrap();
			elapsed += step;
			if elapsed < total {
				let line = q(amount) * q(elapsed) / q(total);
				let gone = q(amount - left);
				prop_assert!(gone <= line);
				prop_assert!(gone + q(settled) > line);
			}
		}
		prop_assert_eq!(left, 0);
	}

	/// In exact rationals: below by less than a unit.
	#[test]
	fn a_release_is_the_exact_one_rounded_down(
		left in amount(), elapsed in any::<u32>(), remaining in 1..=u32::MAX,
	) {
		let exact = q(left) * q(elapsed.min(remaining)) / q(remaining);
		prop_assert!(is_floor(released(left, elapsed, remaining).unwrap(), &exact));
	}
}
