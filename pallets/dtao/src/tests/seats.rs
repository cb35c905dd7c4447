//! Seats that change hands, and takes that change, in the middle of an epoch.

use super::*;
use crate::Scores;
use dtao_primitives::{
	traits::{ConsensusOutcome, MarketInspect, OnSubnet},
	Uid,
};

/// The block in which the first epoch of [`NETUID`] closes.
const OPENED: u32 = 59;
const W: u32 = u32::MAX;
/// A block's ALPHA to miners, and to validators.
const HALF: u64 = 410_000_000;
/// The newcomer.
const NEW: AccountId = HOTKEY + 3;

/// Two seats that validate and two that mine, by halves, from the second epoch on.
fn two_of_each() -> TestExt {
	TestExt::one_subnet().seats(3).hotkeys(4)
}

fn judge() {
	Judge::decree(ConsensusOutcome {
		permits: vec![true, true, false],
		dividends: vec![W / 2, W - W / 2, 0],
		incentives: vec![0, W / 2, W - W / 2],
		..Default::default()
	});
	stake(ALICE, NETUID, HOTKEY, tao(100));
	stake(BOB, NETUID, HOTKEY_2, tao(100));
	run_to_block(OPENED);
}

/// Give the seat `uid` to [`NEW`].
fn replace(uid: u16) {
	assert_ok!(Dtao::on_replaced(NETUID, Uid(uid), id(NEW)));
	check_invariants();
}

/// The seat is paid what it earned up to the block, by every bucket, and nothing after.
#[test]
fn a_replaced_seat_is_paid_up_to_the_block() {
	two_of_each().execute_with(|| {
		judge();
		let held = stake_of(BOB, HOTKEY_2, NETUID);
		run_blocks(20);
		replace(1);
		// ⌊20 blocks · half⌋ of the validators' to its staker, of the miners' to its owner.
		let (dividend, incentive) =
			(rules::part(20 * HALF, W - W / 2), rules::part(20 * HALF, W / 2));
		assert_eq!(stake_of(VALIDATOR + 1, HOTKEY_2, NETUID), incentive);
		assert!(stake_of(BOB, HOTKEY_2, NETUID).abs_diff(held + dividend) <= 1);

		let paid = HotkeyPools::<Test>::get((NETUID, id(HOTKEY_2))).stake.amount;
		run_to_block(OPENED + TEMPO);
		assert_eq!(HotkeyPools::<Test>::get((NETUID, id(HOTKEY_2))).stake.amount, paid);
	});
}

/// The rest of its stream opens the next epoch's buckets; the others' parts are what they were.
#[test]
fn the_rest_of_a_replaced_seats_stream_opens_the_next_epoch() {
	let others = |replaced: bool| {
		two_of_each().execute_with(|| {
			judge();
			run_blocks(20);
			if replaced {
				replace(1);
			}
			run_to_block(OPENED + TEMPO);
			let miner = stake_of(VALIDATOR + 2, HOTKEY + 2, NETUID);
			let validator = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).stake.amount;
			let carried = market(NETUID).buckets;
			(miner, validator, carried.validators.get(), carried.miners.get())
		})
	};
	let (miner, validator, dust, _) = others(false);
	assert!(dust < 3);
	let after = others(true);
	assert_eq!((after.0, after.1), (miner, validator));
	// Of its half of each 40 of 60 blocks, but for an atom a seat and bucket.
	assert!(after.2.abs_diff(40 * HALF / 2) < 6, "{after:?}");
	assert!(after.3.abs_diff(40 * HALF / 2) < 6, "{after:?}");
}

/// What the event of the close says includes what a replaced seat was paid.
#[test]
fn the_close_accounts_for_a_replaced_seat() {
	two_of_each().execute_with(|| {
		judge();
		run_blocks(20);
		replace(1);
		run_to_block(OPENED + TEMPO - 1);
		closes();
		run_blocks(1);
		let found = closes();
		let [Event::EpochClosed { owner, miners, validators, recycled, carried, .. }] = &found[..]
		else {
			panic!("{found:?}")
		};
		let all = [owner, miners, validators, recycled, carried].map(|alpha| alpha.get());
		assert_eq!(all.iter().sum::<u64>(), 60 * 1_000_000_000);
	});
}

/// The newcomer earns from the next epoch on, and its stake counts from the block it came.
#[test]
fn a_newcomer_starts_from_nothing() {
	two_of_each().execute_with(|| {
		judge();
		stake(ALICE, NETUID, NEW, tao(50));
		run_blocks(20);
		replace(2);
		let score = Scores::<Test>::get(NETUID)[2];
		assert_eq!((score.hotkey, score.total()), (id(NEW), 0));
		assert_eq!(Dtao::scores(NETUID), [u64::from(W / 2), u64::from(W), 0]);
		let held = stake_of(ALICE, NEW, NETUID);
		run_to_block(OPENED + TEMPO);
		assert_eq!(stake_of(ALICE, NEW, NETUID), held);
		assert_eq!(Judge::asked(NETUID)[2], held * 40 / 60);
	});
}

#[test]
fn a_seat_that_does_not_exist_is_not_replaced() {
	two_of_each().execute_with(|| {
		assert_noop!(Dtao::on_replaced(NETUID, Uid(3), id(NEW)), Error::<Test>::InvalidSeat);
		let nowhere = NetUid(9);
		assert_noop!(Dtao::on_replaced(nowhere, Uid(0), id(NEW)), Error::<Test>::UnknownSubnet);
	});
}

/// Root's TAO of the seat is assigned up to the block, and the others' part is what it was.
#[test]
fn a_replaced_seat_is_assigned_its_part_of_roots_tao() {
	two_of_each().execute_with(|| {
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(1_000));
		stake(BOB, NetUid::ROOT, HOTKEY_2, tao(1_000));
		judge();
		run_blocks(20);
		let waiting = market(NETUID).root_tao;
		assert!(!waiting.is_zero());
		let part = rules::part(waiting.get(), Scores::<Test>::get(NETUID)[1].root);
		replace(1);
		assert_eq!(RootPools::<Test>::get(id(HOTKEY_2)).drip.left, Tao(part));
		assert_eq!(market(NETUID).root_waiting(), Ok(Tao(waiting.get() - part)));
		run_to_block(OPENED + TEMPO);
		// Of all that came in, the other had its half; the rest of the replaced one's waits.
		assert!(!market(NETUID).root_tao.is_zero());
	});
}

/// Hazard E30: a take that is raised in the middle of an epoch counts from the next one: what stakers
/// earned before they could know is theirs.
#[test]
fn a_raised_take_does_not_reach_back() {
	two_of_each().take(9).execute_with(|| {
		judge();
		run_blocks(10);
		Registry::set_take(id(HOTKEY), PerU16::from_percent(18));
		run_blocks(10);
		touch(NETUID, HOTKEY);
		let due = rules::part(20 * HALF, W / 2);
		assert_eq!(
			stake_of(VALIDATOR, HOTKEY, NETUID),
			PerU16::from_percent(9).mul_floor(due),
			"the take of the epoch's opening"
		);

		run_to_block(OPENED + TEMPO);
		events();
		run_blocks(10);
		touch(NETUID, HOTKEY);
		let found = events();
		let takes: Vec<_> = found
			.iter()
			.filter_map(|event| match event {
				Event::RewardSettled { alpha, take, .. } => Some((alpha.get(), take.get())),
				_ => None,
			})
			.collect();
		let [(due, take)] = takes[..] else { panic!("{found:?}") };
		assert_eq!(take, rules::take_18(due));
	});
}

/// A take that is lowered counts at once.
#[test]
fn a_lowered_take_counts_at_once() {
	two_of_each().take(18).execute_with(|| {
		judge();
		run_blocks(10);
		Registry::set_take(id(HOTKEY), PerU16::zero());
		touch(NETUID, HOTKEY);
		assert_eq!(stake_of(VALIDATOR, HOTKEY, NETUID), 0);
	});
}

/// Hazard E28, and economics § 6: a price that is moved in the block before a close moves what root's
/// stake counts by a block's part of the epoch, not by its whole.
#[test]
fn a_price_moved_before_the_close_moves_roots_count_by_one_block() {
	let counted = |attack: bool| {
		TestExt::one_subnet().execute_with(|| {
			stake(BOB, NetUid::ROOT, HOTKEY, tao(1_000));
			run_to_block(OPENED - 1);
			if attack {
				for _ in 0..4 {
					stake(ALICE, NETUID, HOTKEY_OF_NOBODY_SEATED, tao(300));
				}
			}
			run_blocks(1);
			Judge::asked(NETUID)[0]
		})
	};
	let (quiet, attacked) = (counted(false), counted(true));
	assert!(attacked < quiet);
	// 58 blocks: 1.7 %.
	assert!(quiet - attacked <= quiet / 58 + 1, "{quiet} {attacked}");
}

/// A hotkey that is owned and holds no seat.
const HOTKEY_OF_NOBODY_SEATED: AccountId = OWNER_HOTKEY;
