//! When epochs close, what the consensus is asked, and that all that accrued is accounted for.

use super::*;
use crate::{types::Epoch, Scores};
use dtao_primitives::{
	constants::MAX_SEATS,
	traits::{ConsensusOutcome, MarketInspect, OnSubnet},
	Uid,
};
use frame_support::weights::Weight;
use sp_runtime::DispatchError;

/// The first epoch of [`NETUID`] closes in this block: 59 + 1 is a whole number of tempos.
const FIRST_CLOSE: u32 = 59;
/// A block's ALPHA to the owner, and to miners and validators together.
const OWNERS: u64 = 180_000_000;
const OTHERS: u64 = 820_000_000;

/// An `EpochClosed` of [`NETUID`] without root.
fn closed(epoch: u32, parts: [u64; 5]) -> Event<Test> {
	let [owner, miners, validators, recycled, carried] = parts.map(Alpha);
	Event::EpochClosed {
		netuid: NETUID,
		epoch,
		owner,
		miners,
		validators,
		recycled,
		carried,
		root: Tao::ZERO,
		root_recycled: Tao::ZERO,
	}
}

/// The blocks in which epochs closed on the way to `block`, with their subnets.
fn closings(block: u32) -> Vec<(u32, u16)> {
	let mut found = Vec::new();
	while System::block_number() < block {
		run_blocks(1);
		found.extend(closes().into_iter().map(|event| match event {
			Event::EpochClosed { netuid, .. } => (System::block_number(), netuid.0),
			other => panic!("{other:?}"),
		}));
	}
	found
}

/// Parts of the validators' bucket and of the miners', seat by seat, from the next close on.
fn decree(dividends: &[u32], incentives: &[u32]) {
	Judge::decree(ConsensusOutcome {
		permits: dividends.iter().map(|part| *part > 0).collect(),
		dividends: dividends.to_vec(),
		incentives: incentives.to_vec(),
		..Default::default()
	});
}

#[test]
fn epochs_of_different_subnets_close_in_different_blocks_every_tempo() {
	TestExt::new().subnet(10).subnet(10).subnet(10).execute_with(|| {
		let expected = [(57, 3), (58, 2), (59, 1), (117, 3), (118, 2), (119, 1)];
		assert_eq!(closings(150), expected);
	});
}

/// The registry may change a subnet's tempo: the epoch that is open keeps its close.
#[test]
fn a_new_tempo_holds_from_the_next_epoch_on() {
	TestExt::new().subnet(10).execute_with(|| {
		run_to_block(20);
		Registry::set_tempo(100);
		assert_eq!(closings(300), [(FIRST_CLOSE, 1), (159, 1), (259, 1)]);
	});
}

/// Hazard N7: the work of a block is bounded, and what waits is not lost: it closes in the next
/// blocks, longest overdue first, then by netuid, with all that accrued until then.
#[test]
fn at_most_four_epochs_close_in_a_block_and_the_rest_in_the_next() {
	let ten = (0..10).fold(TestExt::new(), |ext, _| ext.subnet(10));
	ten.seats(1).execute_with(|| {
		for netuid in 1..=10 {
			// The last two are due a block earlier.
			let closes_at = if netuid > 8 { 29 } else { 30 };
			edit(NetUid(netuid), |market| market.epoch.closes_at = closes_at);
		}
		// Nine and ten at 29; at 30 four; at 31 the other four; then on their own beat.
		let mut expected = vec![(29, 9), (29, 10)];
		expected.extend([1, 2, 3, 4].map(|netuid| (30, netuid)));
		expected.extend([5, 6, 7, 8].map(|netuid| (31, netuid)));
		assert_eq!(closings(60), expected);
		for netuid in 1..=10u16 {
			let market = market(NetUid(netuid));
			// The beat stays that of the first due block, whenever it closed.
			assert_eq!(market.epoch.closes_at, if netuid > 8 { 89 } else { 90 });
			assert_eq!(market.epoch.index, 2);
		}
	});
}

/// As above, with so many due that the last wait for two blocks.
#[test]
fn the_longest_overdue_epoch_goes_first() {
	let ten = (0..10).fold(TestExt::new(), |ext, _| ext.subnet(10));
	ten.execute_with(|| {
		for netuid in 1..=10 {
			edit(NetUid(netuid), |market| market.epoch.closes_at = 50 - u32::from(netuid));
		}
		run_to_block(30);
		for netuid in 1..=10 {
			edit(NetUid(netuid), |market| market.epoch.closes_at -= 20);
		}
		let order = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
		let expected: Vec<_> =
			order.into_iter().enumerate().map(|(n, netuid)| (31 + n as u32 / 4, netuid)).collect();
		assert_eq!(closings(40), expected);
	});
}

/// Hazard E24: what an epoch without any weight received is recycled, never kept for whoever comes first.
#[test]
fn what_nobody_had_a_part_of_is_recycled_and_the_event_says_so() {
	TestExt::one_subnet().execute_with(|| {
		// GIVEN a seat without stake: it mines from the second epoch on, and nobody validates.
		run_to_block(FIRST_CLOSE - 1);
		events();
		run_blocks(1);
		// The first epoch, of 58 blocks, had no weights at all.
		let first = closed(1, [58 * OWNERS, 0, 0, 58 * OTHERS, 0]);
		assert_eq!(closes(), [first]);
		assert_eq!(market(NETUID).outstanding, Alpha(58 * OWNERS));

		run_blocks(TEMPO);
		let second = closed(2, [60 * OWNERS, 30 * OTHERS, 0, 30 * OTHERS, 0]);
		assert_eq!(closes(), [second]);
		// The miner's is its owner's, the cut is the subnet owner's, both as stake.
		assert_eq!(stake_of(VALIDATOR, HOTKEY, NETUID), 30 * OTHERS);
		assert_eq!(stake_of(OWNER, OWNER_HOTKEY, NETUID), 118 * OWNERS);
	});
}

#[test]
fn a_subnet_without_seats_pays_its_owner_alone() {
	TestExt::new().subnet(1_000).execute_with(|| {
		run_to_block(FIRST_CLOSE + TEMPO);
		let recycled = closed(2, [60 * OWNERS, 0, 0, 60 * OTHERS, 0]);
		assert_eq!(closes()[1..], [recycled]);
		assert_eq!(market(NETUID).outstanding, Alpha(118 * OWNERS));
	});
}

/// Hazard E9: owner, miners, validators, recycled and carried sum to what accrued, epoch by epoch,
/// with weights that never divide.
#[test]
fn what_an_epoch_says_it_paid_sums_to_what_accrued() {
	const W: u32 = u32::MAX;
	TestExt::one_subnet().seats(5).take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		let thirds = [7, W / 3, W / 3 + 1, W / 5, W - 7 - W / 3 - W / 3 - 1 - W / 5];
		decree(&thirds, &[0, 1, 2, W - 4, 1]);
		run_to_block(FIRST_CLOSE);
		closes();

		let mut carried_over = 0;
		for epoch in 2..8 {
			if epoch % 2 == 0 {
				stake(BOB, NETUID, HOTKEY_2, tao(1));
			}
			run_blocks(TEMPO);
			let found = closes();
			let [Event::EpochClosed {
				epoch: index,
				owner,
				miners,
				validators,
				recycled,
				carried,
				..
			}] = &found[..]
			else {
				panic!("{found:?}")
			};
			assert_eq!((*index, *owner, *recycled), (epoch, Alpha(60 * OWNERS), Alpha::ZERO));
			let paid = owner.get() + miners.get() + validators.get() + carried.get();
			assert_eq!(paid, 60 * (OWNERS + OTHERS) + carried_over, "epoch {epoch}");
			// Dust: fewer atoms than seats in each of the two buckets.
			assert!((1..10).contains(&carried.get()), "epoch {epoch} carries {carried}");
			carried_over = carried.get();
		}
	});
}

/// Dust opens the next epoch's bucket: 1 of 24.6·10⁹ with parts of 1 and W − 1.
#[test]
fn dust_opens_the_next_epochs_bucket() {
	const W: u32 = u32::MAX;
	TestExt::one_subnet().seats(3).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		decree(&[1, W - 1, 0], &[0, 0, W]);
		run_to_block(FIRST_CLOSE);
		closes();
		let b = 30 * OTHERS;
		// ⌊b/W⌋ = 5, ⌊b·(W−1)/W⌋ = b − 6.
		run_blocks(TEMPO);
		assert_eq!(closes(), [closed(2, [60 * OWNERS, b, b - 1, 0, 1])]);
		let buckets = market(NETUID).buckets;
		assert_eq!((buckets.validators, buckets.settled), (Alpha(1), Alpha::ZERO));
		// (b + 1)/W is no integer either: the dust does not grow.
		run_blocks(TEMPO);
		assert_eq!(closes(), [closed(3, [60 * OWNERS, b, b, 0, 1])]);
	});
}

/// Hazard E23: a stake of one block before the close weighs one block of the epoch's 58.
#[test]
fn stake_is_weighed_by_the_time_it_was_there() {
	TestExt::one_subnet().seats(3).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(10));
		run_to_block(FIRST_CLOSE - 1);
		stake(BOB, NETUID, HOTKEY_2, tao(300));
		let (old, young) = (stake_of(ALICE, HOTKEY, NETUID), stake_of(BOB, HOTKEY_2, NETUID));
		run_blocks(1);
		assert_eq!(Judge::asked(NETUID), [old, young / 58, 0]);
		assert!(young > 20 * old && young / 58 < old);
	});
}

/// The same on root, whose stake is seen as ALPHA: ⌊0.18·R·α/τ⌋ with one subnet.
#[test]
fn root_stake_is_weighed_by_the_time_it_was_there() {
	TestExt::one_subnet().seats(2).execute_with(|| {
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(1_000));
		run_to_block(30);
		stake(BOB, NetUid::ROOT, HOTKEY_2, tao(500));
		run_to_block(40);
		unstake_all(BOB, NetUid::ROOT, HOTKEY_2);
		run_to_block(FIRST_CLOSE);
		// The price is 1. Bob's stake was there for 10 of 58 blocks.
		let mean = tao(500).get() * 10 / 58;
		let seen = |root: u64| rules::floor(180_000_000, root.into(), 1_000_000_000) as u64;
		assert_eq!(Judge::asked(NETUID), [180_000_000_000, seen(mean)]);
		assert_eq!(market(NETUID).root_stake, tao(1_000), "of the one with a permit");
		// The next epoch counts anew.
		run_blocks(TEMPO);
		assert_eq!(market(NETUID).root_stake, tao(1_000));
	});
}

/// What a test asks of a low price: who has 200 000 and 400 000 TAO on root, on two seats of a subnet
/// whose pool holds so much.
fn wealthy_on_root(pool: (Tao, Alpha), test: impl FnOnce()) {
	const RICH: AccountId = 1_000;
	TestExt::one_subnet().seats(8).endow(RICH, tao(700_000)).execute_with(|| {
		stake(RICH, NETUID, HOTKEY, tao(10));
		edit(NETUID, |market| (market.pool.tao, market.pool.alpha) = pool);
		stake(RICH, NetUid::ROOT, HOTKEY, tao(200_000));
		stake(RICH, NetUid::ROOT, HOTKEY_2, tao(400_000));
		run_to_block(FIRST_CLOSE);
		test();
	});
}

/// At a thousandth of a TAO each of the two counts as more ALPHA than may ever exist, and twice the
/// stake still counts twice.
#[test]
fn at_a_low_price_root_stakes_still_differ() {
	wealthy_on_root((tao(1_000), alpha(1_000_000)), || {
		let asked = Judge::asked(NETUID);
		let own = stake_of(1_000, HOTKEY, NETUID);
		assert!(asked[0] > dtao_primitives::constants::MAX_SUPPLY);
		assert!(asked[1].abs_diff(2 * (asked[0] - own)) <= 2, "{asked:?}");
		let root: Vec<u32> = Scores::<Test>::get(NETUID).iter().map(|score| score.root).collect();
		assert!(root[0].abs_diff(u32::MAX / 3) <= 2, "a third and two thirds: {root:?}");
		assert!(root[1].abs_diff(u32::MAX / 3 * 2) <= 2, "a third and two thirds: {root:?}");
	});
}

/// Below any price that a market has, both count as much as a word holds, a seat's own ALPHA
/// included, and the epoch opens all the same.
#[test]
fn a_seats_stake_is_a_word_however_low_the_price() {
	wealthy_on_root((Tao(1_000_000), alpha(10_000_000)), || {
		assert_eq!(Judge::asked(NETUID)[..2], [u64::MAX; 2]);
		assert_eq!(market(NETUID).epoch.index, 2);
		assert_eq!(market(NETUID).root_stake, tao(600_000));
	});
}

/// Every change of a stake is counted for the blocks it stood: rises, falls and rewards.
#[test]
fn the_mean_stake_is_that_of_its_history() {
	TestExt::one_subnet().seats(2).execute_with(|| {
		let mut sum = 0u128;
		let held = || u128::from(stake_of(ALICE, HOTKEY, NETUID));
		stake(ALICE, NETUID, HOTKEY, tao(10));
		sum += 10 * held();
		run_to_block(11);
		stake(ALICE, NETUID, HOTKEY, tao(20));
		sum += 9 * held();
		run_to_block(20);
		assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::Exact(tao(5).get()), Tao::ZERO));
		// Twice in one block counts what stands at its end.
		stake(ALICE, NETUID, HOTKEY, tao(1));
		sum += 39 * held();
		run_to_block(FIRST_CLOSE);
		assert_eq!(Judge::asked(NETUID)[0], (sum / 58) as u64);
		// The next epoch counts anew: 60 blocks of what stands now. No reward before its close.
		let held_now = held();
		run_blocks(TEMPO);
		assert_eq!(u128::from(Judge::asked(NETUID)[0]), held_now);
	});
}

/// A seat taken within an epoch counts from then on, and earns from the next one.
#[test]
fn a_seat_taken_within_an_epoch_counts_from_then_on() {
	TestExt::one_subnet().hotkeys(2).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY_2, tao(100));
		stake(ALICE, NetUid::ROOT, HOTKEY_2, tao(100));
		// The pool that each block of the epoch finds.
		let mut pools = vec![];
		while System::block_number() < 30 {
			pools.push(market(NETUID).pool);
			run_blocks(1);
		}
		assert_ok!(Dtao::on_seated(NETUID, Uid(1), id(HOTKEY_2)));
		let held = stake_of(ALICE, HOTKEY_2, NETUID);
		while System::block_number() < FIRST_CLOSE {
			pools.push(market(NETUID).pool);
			run_blocks(1);
		}

		// 29 of 58 blocks, for 50 of 100 TAO in the mean.
		let root = rules::mean_root_as_alpha(tao(50).get(), &pools);
		assert_eq!(Judge::asked(NETUID), [0, held / 2 + root]);
		assert_eq!(stake_of(ALICE, HOTKEY_2, NETUID), held);
		assert_eq!(market(NETUID).root_stake, tao(50));
		run_blocks(1);
		touch(NETUID, HOTKEY_2);
		assert!(stake_of(ALICE, HOTKEY_2, NETUID) > held);
	});
}

/// Hazard N5: a close that fails changes nothing but its time, and loses nothing.
#[test]
fn an_epoch_that_fails_to_close_is_tried_again_with_all_that_accrued() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(FIRST_CLOSE + TEMPO - 1);
		let (before, scores) = (market(NETUID), Scores::<Test>::get(NETUID));
		let held = stake_of(ALICE, HOTKEY, NETUID);
		events();

		// WHEN the registry has lost the hotkey in the block of the close,
		let (number, lost) = (id(HOTKEY), Registry::lose(id(HOTKEY)));
		run_blocks(1);
		// THEN only that block's emission is new,
		let error = Error::<Test>::UnknownHotkey.into();
		assert_eq!(closes(), [Event::EpochFailed { netuid: NETUID, error }]);
		let after = market(NETUID);
		let closes_at = FIRST_CLOSE + 2 * TEMPO;
		assert_eq!(after.epoch, Epoch { closes_at, ..before.epoch });
		assert_eq!(after.buckets.validators.get(), before.buckets.validators.get() + OTHERS);
		assert_eq!(after.buckets.owner.get(), before.buckets.owner.get() + OWNERS);
		assert_eq!(Scores::<Test>::get(NETUID), scores);

		// AND when it is found, the next close pays the two tempos.
		Registry::find(number, lost);
		assert_eq!(stake_of(ALICE, HOTKEY, NETUID), held);
		run_to_block(closes_at);
		assert_eq!(closes(), [closed(2, [120 * OWNERS, 0, 120 * OTHERS, 0, 0])]);
	});
}

/// Hazard N5: the same where it is the consensus that fails: seats, buckets and the index of the epoch
/// stay, and the next close asks it again.
#[test]
fn an_epoch_on_which_the_consensus_fails_is_tried_again() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(FIRST_CLOSE + TEMPO - 1);
		let (before, scores) = (market(NETUID), Scores::<Test>::get(NETUID));
		let held = stake_of(ALICE, HOTKEY, NETUID);
		events();

		Judge::fail(DispatchError::Corruption);
		run_blocks(1);
		let error = DispatchError::Corruption;
		assert_eq!(closes(), [Event::EpochFailed { netuid: NETUID, error }]);
		let closes_at = FIRST_CLOSE + 2 * TEMPO;
		assert_eq!(market(NETUID).epoch, Epoch { closes_at, ..before.epoch });
		assert_eq!(Dtao::epoch(NETUID), Some(2));
		assert_eq!(Scores::<Test>::get(NETUID), scores);
		assert_eq!(stake_of(ALICE, HOTKEY, NETUID), held);

		decree(&[u32::MAX], &[0]);
		run_to_block(closes_at);
		assert_eq!(closes(), [closed(2, [120 * OWNERS, 0, 120 * OTHERS, 0, 0])]);
		assert_eq!(Dtao::epoch(NETUID), Some(3));
	});
}

/// Hazard E32: a block weighs what the consensus took, also where it failed, and what it wrote is
/// undone.
#[test]
fn a_block_weighs_what_the_consensus_did() {
	use crate::weights::WeightInfo;
	let block = |seats| {
		let step = <() as WeightInfo>::block_step(0, 1);
		step.saturating_add(<() as WeightInfo>::close_epoch(seats))
	};
	TestExt::one_subnet().execute_with(|| {
		let close = |at| {
			run_to_block(at - 1);
			System::set_block_number(at);
			Dtao::on_initialize(at)
		};
		let weight = Weight::from_parts(5_000_000, 5_000);
		Judge::decree(ConsensusOutcome { weight, ..Default::default() });
		assert_eq!(close(FIRST_CLOSE), block(1).saturating_add(weight));
		Judge::fail(DispatchError::Corruption);
		let most = block(MAX_SEATS).saturating_add(Judge::MOST_WEIGHT);
		assert_eq!(close(FIRST_CLOSE + TEMPO), most);
	});
}

#[test]
fn the_open_epoch_is_counted_from_the_start() {
	TestExt::new().registered_subnet(10).execute_with(|| {
		assert_eq!(Dtao::epoch(NETUID), None);
		assert_ok!(Dtao::on_started(NETUID));
		assert_eq!(Dtao::epoch(NETUID), Some(1));
		run_to_block(FIRST_CLOSE);
		assert_eq!(Dtao::epoch(NETUID), Some(2));
		assert_eq!(Dtao::epoch(NetUid(2)), None);
		assert_eq!(Dtao::epoch(NetUid::ROOT), None);
	});
}

/// The other subnets' epochs do not wait for the one that fails.
#[test]
fn an_epoch_that_fails_stops_no_other() {
	TestExt::new().subnet(10).subnet(10).execute_with(|| {
		for netuid in [1, 2] {
			edit(NetUid(netuid), |market| market.epoch.closes_at = 30);
		}
		edit(NETUID, |market| market.buckets.settled = Alpha(u64::MAX));
		while System::block_number() < 30 {
			next_block();
		}
		let found = closes();
		let failed = |event: &Event<Test>| {
			matches!(event, Event::EpochFailed { netuid: NETUID, error }
				if *error == Error::<Test>::Arithmetic.into())
		};
		assert!(failed(&found[0]), "{found:?}");
		assert!(matches!(found[1], Event::EpochClosed { netuid: NetUid(2), .. }), "{found:?}");
		edit(NETUID, |market| market.buckets.settled = Alpha::ZERO);
	});
}

/// The blocks before a start are no blocks of the epoch that it opens: counted as if they were,
/// root stake would weigh a multiple of itself.
#[test]
fn a_seat_taken_before_the_start_counts_from_the_start() {
	TestExt::new().registered_subnet(1_000).seats(1).execute_with(|| {
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(100));
		run_to_block(1_000);
		assert_ok!(Dtao::on_started(NETUID));
		let close = market(NETUID).epoch.closes_at;
		run_to_block(close);
		assert_eq!(market(NETUID).epoch.index, 2);
		assert_eq!(market(NETUID).root_stake, tao(100));
	});
}
