//! Who gets what of an epoch: streamed to validators and their stakers, deposited for miners and
//! the owner, dripped to root.

use super::*;
use crate::{Dividend, Scores};
use dtao_primitives::{constants::UNIT, traits::ConsensusOutcome};
use sp_runtime::{traits::One, FixedPointNumber};

/// The block in which the first epoch of [`NETUID`] closes, and the second, with weights, opens.
const OPENED: u32 = 59;
const W: u32 = u32::MAX;
/// A block's ALPHA to miners and validators together.
const OTHERS: u64 = 820_000_000;

/// The whole to the first seat, of four: the others mine.
fn one_validator() -> TestExt {
	TestExt::one_subnet().seats(4)
}

/// The pool of stake on a hotkey, as the rules see it.
fn shares_of(netuid: NetUid, hotkey: AccountId) -> rules::Shares {
	rules::Shares::of(HotkeyPools::<Test>::get((netuid, id(hotkey))).stake)
}

#[test]
fn a_settlement_pays_the_stakers_and_the_take_to_the_atom() {
	one_validator().take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED);
		let mut pool = shares_of(NETUID, HOTKEY);
		let alices = Positions::<Test>::get(ALICE, (NETUID, id(HOTKEY)));
		run_blocks(7);
		events();
		touch(NETUID, HOTKEY);

		// Seven blocks of 41 %, the take floored, the stakers' part raising the pool first.
		let due = 7 * OTHERS / 2;
		let take = rules::take_18(due);
		assert_eq!((due, take), (2_870_000_000, 516_586_861));
		pool.reward(due - take);
		let takes = pool.deposit(take);
		assert_eq!(Positions::<Test>::get(VALIDATOR, (NETUID, id(HOTKEY))), takes);
		assert_eq!(stake_of(VALIDATOR, HOTKEY, NETUID), take);
		assert_eq!(stake_of(ALICE, HOTKEY, NETUID), pool.value(alices));
		let settled = Event::RewardSettled {
			hotkey: HOTKEY,
			netuid: NETUID,
			alpha: Alpha(due),
			take: Alpha(take),
		};
		let deposited = Event::RewardDeposited {
			coldkey: VALIDATOR,
			hotkey: HOTKEY,
			netuid: NETUID,
			alpha: Alpha(take),
			source: RewardSource::Take,
		};
		assert_eq!(events(), [settled, deposited]);
		// A second touch in the same block finds nothing.
		touch(NETUID, HOTKEY);
		assert_eq!(events(), []);
	});
}

/// What a hotkey's pool and Alice hold after an epoch in which it was touched every so many blocks.
fn after_touches(every: u32) -> (u64, u64) {
	one_validator().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		stake(BOB, NETUID, HOTKEY, tao(37));
		run_to_block(OPENED);
		for block in 1..=TEMPO {
			run_blocks(1);
			if block % every == 0 {
				touch(NETUID, HOTKEY);
			}
		}
		let pool = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).stake;
		(pool.amount, stake_of(ALICE, HOTKEY, NETUID))
	})
}

/// Hazard E6: a settlement loses nothing to its own fractions: what was credited is counted whole.
#[test]
fn settling_by_touches_and_by_the_close_give_the_same() {
	let by_close = after_touches(u32::MAX);
	for every in [1, 2, 7, 60] {
		assert_eq!(after_touches(every), by_close, "touched every {every} blocks");
	}
}

/// The same with parts that never divide: ⌊B·w/W⌋ less what was credited, however often asked.
#[test]
fn a_settlement_is_exact_with_parts_that_never_divide() {
	TestExt::one_subnet().seats(3).execute_with(|| {
		let parts = [1_234_567_891, 7, W - 1_234_567_898];
		Judge::decree(ConsensusOutcome {
			permits: vec![true; 3],
			dividends: parts.to_vec(),
			incentives: vec![0; 3],
			..Default::default()
		});
		for n in 0..3 {
			stake(ALICE, NETUID, HOTKEY + n, tao(50));
		}
		run_to_block(OPENED);
		let held: Vec<_> =
			(0..3).map(|n| HotkeyPools::<Test>::get((NETUID, HotkeyId(n))).stake.amount).collect();
		for block in 1..=30 {
			run_blocks(1);
			touch(NETUID, HOTKEY);
			if block % 3 == 0 {
				touch(NETUID, HOTKEY_2);
			}
		}
		touch(NETUID, HOTKEY + 2);
		for (n, part) in parts.into_iter().enumerate() {
			let pool = HotkeyPools::<Test>::get((NETUID, HotkeyId(n as u32))).stake;
			// Nobody mines: the whole of 82 % is the validators'.
			assert_eq!(pool.amount - held[n], rules::part(30 * OTHERS, part), "seat {n}");
		}
	});
}

/// Hazards E3, E23: where nobody has a stake the stream is the hotkey owner's, not the next
/// staker's.
#[test]
fn a_pool_without_stakers_earns_for_the_hotkeys_owner() {
	one_validator().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED);
		unstake_all(ALICE, NETUID, HOTKEY);
		run_blocks(10);
		events();
		// WHEN Bob comes,
		stake(BOB, NETUID, HOTKEY, tao(100));
		// THEN what ten blocks earned was the owner's before he came.
		let due = Alpha(10 * OTHERS / 2);
		let settled =
			Event::RewardSettled { hotkey: HOTKEY, netuid: NETUID, alpha: due, take: due };
		assert_eq!(events()[0], settled);
		assert_eq!(stake_of(VALIDATOR, HOTKEY, NETUID), due.get());
	});
}

/// Hazard E23: whoever is there for one block earns his part of one block.
#[test]
fn a_stake_of_one_block_earns_one_block() {
	one_validator().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED + TEMPO / 2);
		let mut pool = shares_of(NETUID, HOTKEY);
		pool.reward(30 * OTHERS / 2);
		stake(BOB, NETUID, HOTKEY, tao(300));
		let bought = stake_of(BOB, HOTKEY, NETUID);
		let bobs = pool.deposit(bought);
		run_blocks(1);
		pool.reward(OTHERS / 2);
		touch(NETUID, HOTKEY);
		// He has about two thirds of the pool, and got that of one block although he came after
		// thirty.
		let held = stake_of(BOB, HOTKEY, NETUID);
		assert_eq!(held, pool.value(bobs));
		assert!((260_000_000..OTHERS / 2).contains(&(held - bought)), "{}", held - bought);
	});
}

#[test]
fn miners_are_paid_equally_at_the_close_and_without_take() {
	one_validator().take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED + TEMPO - 1);
		for n in 1..4 {
			assert_eq!(stake_of(VALIDATOR + n, HOTKEY + n, NETUID), 0);
		}
		events();
		run_blocks(1);
		// A third each of 60 blocks' 41 %.
		let mined = 60 * OTHERS / 2 / 3;
		let found = events();
		for n in 1..4 {
			assert_eq!(stake_of(VALIDATOR + n, HOTKEY + n, NETUID), mined);
		}
		let alpha = [0, mined, mined, mined].map(Alpha).to_vec().try_into().expect("few seats");
		assert!(found.contains(&Event::IncentivesPaid { netuid: NETUID, alpha }));
		// What the validator earned is said with that of the other seats, and not by itself.
		let due = 60 * OTHERS / 2;
		let dividend = Dividend { alpha: Alpha(due), take: Alpha(rules::take_18(due)) };
		let mut dividends = [Dividend::default(); 4];
		dividends[0] = dividend;
		let dividends = dividends.to_vec().try_into().expect("few seats");
		assert!(found.contains(&Event::DividendsSettled { netuid: NETUID, dividends }));
		assert!(!found.iter().any(|event| matches!(event, Event::RewardSettled { .. })));
		// The owner's cut is stake of the subnet's owner on its own hotkey.
		let cut = Event::RewardDeposited {
			coldkey: OWNER,
			hotkey: OWNER_HOTKEY,
			netuid: NETUID,
			alpha: Alpha(60 * 180_000_000),
			source: RewardSource::OwnerCut,
		};
		assert!(found.contains(&cut));
		assert_eq!(stake_of(OWNER, OWNER_HOTKEY, NETUID), 118 * 180_000_000);
	});
}

/// Without miners their part is streamed to the validators of the same epoch, block by block.
#[test]
fn without_miners_the_validators_get_theirs_in_the_same_epoch() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED);
		let before = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).stake.amount;
		run_blocks(1);
		touch(NETUID, HOTKEY);
		let after = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).stake.amount;
		assert_eq!(after - before, OTHERS);
		assert_eq!(market(NETUID).buckets.miners, Alpha::ZERO);
	});
}

/// Hazard E30's other half: a take of nothing leaves all to the stakers, a take of all nothing.
#[test]
fn the_take_is_taken_of_every_reward_and_of_no_stake() {
	for (percent, owners) in [(0, 0), (9, 36_899_061), (18, 73_798_123), (100, 410_000_000)] {
		one_validator().take(percent).execute_with(|| {
			stake(ALICE, NETUID, HOTKEY, tao(100));
			run_to_block(OPENED + 1);
			touch(NETUID, HOTKEY);
			assert_eq!(stake_of(VALIDATOR, HOTKEY, NETUID), owners, "{percent} %");
			let alices = stake_of(ALICE, HOTKEY, NETUID) - 90_909_090_909;
			// Her part of the rest, but for an atom that the floors keep.
			assert!((410_000_000 - owners).abs_diff(alices) <= 1, "{percent} %: {alices}");
		});
	}
}

/// Hazard E23: Root's TAO is split by root parts, take at once, the rest dripped over the tempo.
#[test]
fn roots_tao_is_split_by_root_parts_and_the_rest_drips() {
	TestExt::one_subnet().seats(8).take(18).execute_with(|| {
		// GIVEN two validators of eight seats, both with ALPHA and root stake.
		stake(ALICE, NETUID, HOTKEY, tao(50));
		stake(BOB, NETUID, HOTKEY_2, tao(20));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(1_000));
		stake(BOB, NetUid::ROOT, HOTKEY_2, tao(3_000));
		run_to_block(OPENED + TEMPO - 1);
		let parts: Vec<_> = Scores::<Test>::get(NETUID).iter().map(|score| score.root).collect();
		assert_eq!(parts.iter().map(|part| u64::from(*part)).sum::<u64>(), u64::from(W));
		let waiting = market(NETUID).root_tao.get();
		events();
		run_blocks(1);

		let found = events();
		let sold = found.iter().find_map(|event| match event {
			Event::EmissionDistributed { root_tao, .. } => Some(root_tao.get()),
			_ => None,
		});
		let waiting = waiting + sold.unwrap();
		let mut assigned = 0;
		for n in 0..2 {
			let dividend = rules::part(waiting, parts[n as usize]);
			let take = rules::take_18(dividend);
			assigned += dividend;
			let expected = Event::RootDividendAssigned {
				hotkey: HOTKEY + n,
				netuid: NETUID,
				tao: Tao(dividend),
				take: Tao(take),
			};
			assert!(found.contains(&expected), "{expected:?} of {found:?}");
			let pool = RootPools::<Test>::get(id(HOTKEY + n));
			assert_eq!(pool.drip.left, Tao(dividend - take));
			assert_eq!((pool.drip.last, pool.drip.until), (OPENED + TEMPO, OPENED + 2 * TEMPO));
			assert_eq!(stake_of(VALIDATOR + n, HOTKEY + n, NetUid::ROOT), take);
		}
		// Less than a rao a seat waits for the next.
		assert_eq!(market(NETUID).root_tao, Tao(waiting - assigned));
		assert!(waiting - assigned < 8 && assigned > 1_000_000_000);
		assert!(found.iter().any(|event| matches!(
			event,
			Event::EpochClosed { root, root_recycled: Tao(0), .. } if root.get() == assigned
		)));
	});
}

/// A seat's dividend is split by its stake, ⌊d·f⌋ root's and the rest its validators', and each
/// list is made whole again.
#[test]
fn a_seats_dividend_is_split_by_its_stake() {
	TestExt::one_subnet().seats(8).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(50));
		stake(BOB, NETUID, HOTKEY_2, tao(20));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(1_000));
		stake(BOB, NetUid::ROOT, HOTKEY_2, tao(3_000));
		let alpha = [0, 1].map(|n| HotkeyPools::<Test>::get((NETUID, HotkeyId(n))).stake.amount);
		// The pool that each block of the epoch finds.
		let mut pools = vec![];
		while System::block_number() < OPENED {
			pools.push(market(NETUID).pool);
			run_blocks(1);
		}
		let root = [1_000, 3_000].map(|r| rules::mean_root_as_alpha(tao(r).get(), &pools));
		let all = [alpha[0] + root[0], alpha[1] + root[1]];
		assert_eq!(Judge::asked(NETUID)[..2], all);

		let d = rules::split(W.into(), &all);
		let roots = [0, 1].map(|n| rules::floor(d[n].into(), root[n].into(), all[n].into()) as u64);
		let validators = [d[0] - roots[0], d[1] - roots[1]];
		let (roots, validators) =
			(rules::split(W.into(), &roots), rules::split(W.into(), &validators));
		let scores = Scores::<Test>::get(NETUID);
		for n in 0..2 {
			assert_eq!(u64::from(scores[n].root), roots[n], "root's of seat {n}");
			let weight = HotkeyPools::<Test>::get((NETUID, HotkeyId(n as u32))).weight;
			assert_eq!(u64::from(weight), validators[n], "the validators' of seat {n}");
		}
		assert_eq!(market(NETUID).root_stake, tao(4_000));
	});
}

/// Hazard E24: root stake that weighs nothing has no part, and then it is no denominator either.
#[test]
fn root_stake_without_weight_counts_for_nothing() {
	use sp_runtime::Perbill;
	TestExt::one_subnet().execute_with(|| {
		Params::mutate(|params| params.tao_weight = Perbill::zero());
		stake(ALICE, NETUID, HOTKEY, tao(100));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(100));
		run_to_block(OPENED);
		assert_eq!(market(NETUID).root_stake, Tao::ZERO);
		assert_eq!(Scores::<Test>::get(NETUID)[0].root, 0);
		// So it earns nothing in an epoch whose parts it has no part of.
		Params::mutate(|params| params.tao_weight = Perbill::one());
		run_blocks(TEMPO - 1);
		assert_eq!((market(NETUID).buckets.root, market(NETUID).root_tao), Default::default());
		run_blocks(1);
		assert_eq!(market(NETUID).root_stake, tao(100));
	});
}

/// Where root has left, what still comes of it is recycled: TAO issuance falls by exactly that.
#[test]
fn roots_tao_that_nobody_has_a_part_of_is_recycled() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED);
		// GIVEN TAO that waits although no seat has a part of root.
		assert_ok!(Dtao::mint_to_pot(tao(3)));
		edit(NETUID, |market| market.root_tao = tao(3));
		run_blocks(TEMPO - 1);
		let (issuance, pot) = (Balances::total_issuance(), free(Dtao::pot()));
		events();
		run_blocks(1);
		let minted = tao(1).get();
		assert_eq!(Balances::total_issuance(), issuance + minted - tao(3).get());
		assert_eq!(free(Dtao::pot()).get(), pot.get() + minted - tao(3).get());
		let found = closes();
		let [Event::EpochClosed { root: Tao(0), root_recycled, .. }] = found[..] else {
			panic!("{found:?}")
		};
		assert_eq!(root_recycled, tao(3));
		assert_eq!(market(NETUID).root_tao, Tao::ZERO);
	});
}

/// Where root has no part of an epoch, what its sales bring is recycled; what is not sold yet was
/// earned before, and waits: being outbid for one epoch destroys no more than that epoch's sales.
#[test]
fn roots_unsold_alpha_waits_while_root_has_no_part() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED);
		edit(NETUID, |market| {
			market.buckets.root = alpha(50);
			market.outstanding = Alpha(market.outstanding.get() + alpha(50).get());
		});
		events();
		run_blocks(TEMPO);
		let (mut sold, mut brought, mut recycled) = (0, 0, 0);
		for event in events() {
			match event {
				Event::EmissionDistributed { root_sold, root_tao, .. } => {
					sold += root_sold.get();
					brought += root_tao.get();
				},
				Event::EpochClosed { root_recycled, .. } => recycled += root_recycled.get(),
				_ => (),
			}
		}
		assert!(sold > 0 && sold < alpha(50).get());
		assert_eq!(recycled, brought, "the sales of the epoch, to the rao");
		assert_eq!(market(NETUID).buckets.root, Alpha(alpha(50).get() - sold));
	});
}

/// What a hotkey has returned is read off one number: a stake of the first hour has grown by it, and
/// one that came later by what it has grown since.
#[test]
fn the_growth_of_a_hotkey_is_the_return_of_its_stakers() {
	let growth = |netuid| {
		let view = Dtao::hotkey(&HOTKEY).expect("it is owned");
		let found = view.stakes.into_iter().find(|stake| stake.netuid == netuid);
		found.expect("it has stake").growth
	};
	let times = |growth: FixedU128, amount: u64| growth.saturating_mul_int(amount);
	TestExt::one_subnet().take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(100));
		for netuid in [NETUID, NetUid::ROOT] {
			assert_eq!(growth(netuid), FixedU128::one());
		}
		let first = stake_of(ALICE, HOTKEY, NETUID);
		run_to_block(3 * TEMPO);
		for netuid in [NETUID, NetUid::ROOT] {
			let began = if netuid.is_root() { tao(100).get() } else { first };
			let now = stake_of(ALICE, HOTKEY, netuid);
			assert!(now > began);
			assert!(times(growth(netuid), began).abs_diff(now) <= 1, "{netuid}");
		}
		// Who comes and goes changes nothing of it.
		stake(BOB, NetUid::ROOT, HOTKEY, tao(1));
		let before = growth(NetUid::ROOT);
		stake(BOB, NetUid::ROOT, HOTKEY, Tao(7_777_777_777));
		assert!(times(growth(NetUid::ROOT), UNIT).abs_diff(times(before, UNIT)) <= 1);
	});
}
