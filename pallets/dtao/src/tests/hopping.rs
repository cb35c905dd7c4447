//! Stake that is there for one block around the close of an epoch: what it changes, for whom.
//!
//! What counts is exactly linear in time: a stake of one block of `T` counts for 1/T of itself. What
//! others earn falls by `b/s − b/(s + x)` when `x` joins a whole of `s`, which is not linear: a block of
//! `x` takes `(s + x)/(s + x/T)` times a T-th of what an epoch of it takes. The tests hold the change to
//! that.

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

/// What others are weighed by moves no further than that.
#[test]
fn a_stake_of_one_block_changes_nobodys_part_by_more_than_its_time() {
	for netuid in [NETUID, NetUid::ROOT] {
		let part = |stay| hop(netuid, tao(20), stay).1;
		let none = part(Stay::Never);
		let (block, epoch) = (none - part(Stay::OneBlock), none - part(Stay::Epoch));
		assert!(epoch > 1_000_000, "the stake of an epoch is felt: {epoch} of {none}, {netuid}");
		// x is a hundredth of the whole: (1/T)·(1 + x/s), and the moves of the price.
		assert!(block <= epoch / BLOCKS * 103 / 100 + 2, "{netuid}: {block} {epoch}");
	}
}
