//! Stake that is there for one block around the close of an epoch: what it changes, for whom.
//!
//! What counts is exactly linear in time: a stake of one block of `T` counts for 1/T of itself. What
//! others earn falls by `b/s − b/(s + x)` when `x` joins a whole of `s`, which is not linear: a block of
//! `x` takes `(s + x)/(s + x/T)` times a T-th of what an epoch of it takes, whatever its size
//! (docs/math.md § 16). The tests hold the change to that, and what the hopper itself is paid to a T-th.

use super::*;
use crate::Scores;

/// The block in which the first epoch of [`NETUID`] closes.
const CLOSE: u32 = 59;
/// The epoch's blocks.
const BLOCKS: u64 = 58;
/// The hotkey that is hopped on, and the one of those who stay.
const HOPPED: AccountId = HOTKEY;
const STAYED: AccountId = HOTKEY_2;

/// How long the hopper stays.
#[derive(Clone, Copy, PartialEq)]
enum Stay {
	Never,
	OneBlock,
	Epoch,
}

/// Alice and Bob stake 1 000 TAO each for the whole epoch, on hotkeys of their own; Carol hops on
/// Alice's with `x`. Returns what the two hotkeys counted for, and Bob's part of the next epoch.
fn hop(netuid: NetUid, x: Tao, stay: Stay) -> ([u64; 2], u64) {
	// Too large a pool for the hopper to move the price by much.
	// Of eight seats two validate.
	TestExt::new().subnet(100_000).seats(8).execute_with(|| {
		stake(ALICE, netuid, HOPPED, tao(1_000));
		stake(BOB, netuid, STAYED, tao(1_000));
		if stay == Stay::Epoch {
			stake(CAROL, netuid, HOPPED, x);
		}
		run_to_block(CLOSE - 1);
		if stay == Stay::OneBlock {
			stake(CAROL, netuid, HOPPED, x);
		}
		run_blocks(1);
		let counted = Judge::asked(NETUID);
		let score = Scores::<Test>::get(NETUID)[1];
		let part = if netuid.is_root() { score.root } else { score.dividend };
		([counted[0], counted[1]], part.into())
	})
}

/// What the hopper adds to the count of its hotkey.
fn added(netuid: NetUid, x: Tao, stay: Stay) -> u64 {
	hop(netuid, x, stay).0[0] - hop(netuid, x, Stay::Never).0[0]
}

/// Hazard E23: on a subnet and on root, a stake of one block counts for a block of the epoch.
#[test]
fn a_stake_of_one_block_counts_for_one_block() {
	for netuid in [NETUID, NetUid::ROOT] {
		let x = tao(500);
		let (block, epoch) = (added(netuid, x, Stay::OneBlock), added(netuid, x, Stay::Epoch));
		assert!(epoch > 0);
		// Within the moves of the price in 58 blocks and the floors of the counts.
		let expected = epoch / BLOCKS;
		assert!(block.abs_diff(expected) <= expected / 50 + 2, "{netuid}: {block} {expected}");
	}
}

/// Hazard E23: what others are weighed by moves no further than that, from a hundredth of their stake
/// to four times as much.
#[test]
fn a_stake_of_one_block_changes_nobodys_part_by_more_than_its_time() {
	for netuid in [NETUID, NetUid::ROOT] {
		for x in [20, 500, 2_000, 8_000] {
			let ([before, others], none) = hop(netuid, tao(x), Stay::Never);
			let after = |stay| {
				let ([hopped, _], part) = hop(netuid, tao(x), stay);
				(hopped - before, none - part)
			};
			let ((counted_block, block), (counted_epoch, epoch)) =
				(after(Stay::OneBlock), after(Stay::Epoch));
			assert!(
				epoch > 1_000_000,
				"the stake of an epoch is felt: {epoch} of {none}, {netuid}"
			);
			// (s + x)/(s + x/T) · epoch/T, in what was counted: exact but for the floors.
			let s = u128::from(before + others);
			let (one, all) = (u128::from(counted_block), u128::from(counted_epoch));
			let most = u128::from(epoch) * one * (s + all) / (all * (s + one)) + 4;
			assert!(u128::from(block) <= most, "{netuid}, {x} TAO: {block}, not {most} of {epoch}");
			// And that is a T-th, times 1 + x/s at most, but for the moves of the price.
			let linear = u128::from(epoch) / u128::from(BLOCKS) * (s + all) / s;
			assert!(most <= linear * 102 / 100 + 4, "{netuid}, {x} TAO: {most} {linear}");
		}
	}
}

/// What the hopper is paid for being there is that block's, in the epoch as in any other block.
#[test]
fn a_stake_of_one_block_around_the_close_is_paid_one_block() {
	let profit = |stay| {
		TestExt::new().subnet(100_000).seats(8).execute_with(|| {
			stake(ALICE, NetUid::ROOT, HOPPED, tao(1_000));
			stake(ALICE, NETUID, HOPPED, tao(1_000));
			dividend(HOPPED, tao(58));
			if stay == Stay::Epoch {
				stake(CAROL, NetUid::ROOT, HOPPED, tao(1_000));
			}
			run_to_block(CLOSE - 1);
			if stay == Stay::OneBlock {
				stake(CAROL, NetUid::ROOT, HOPPED, tao(1_000));
			}
			run_blocks(1);
			unstake_all(CAROL, NetUid::ROOT, HOPPED);
			free(CAROL).get() - tao(10_000).get()
		})
	};
	let (block, epoch) = (profit(Stay::OneBlock), profit(Stay::Epoch));
	assert!(epoch > tao(20).get(), "{epoch}");
	assert!(block <= epoch / BLOCKS + 2, "{block} {epoch}");
}
