//! Root: TAO staked as TAO, 1:1 and without a fee, and the dividends that drip into it.

use super::*;
use sp_runtime::{traits::One, FixedU128, PerU16, Perbill};

const ROOT: NetUid = NetUid::ROOT;

/// The pool of stake on a hotkey, as the rules see it.
fn shares_of(hotkey: AccountId) -> rules::Shares {
	rules::Shares::of(RootPools::<Test>::get(id(hotkey)).stake)
}

/// The shares of `coldkey`.
fn held(coldkey: AccountId, hotkey: AccountId) -> u128 {
	Positions::<Test>::get(coldkey, (ROOT, id(hotkey)))
}

/// What the wallet of `coldkey` shows on [`HOTKEY`]: all that has dripped up to now.
fn shown(coldkey: AccountId) -> u64 {
	Dtao::positions(&coldkey).first().map_or(0, |position| position.alpha)
}

#[test]
fn root_takes_tao_one_to_one_and_without_a_fee() {
	TestExt::new().execute_with(|| {
		// Even where subnets ask the highest fee.
		Params::mutate(|params| params.swap_fee = Perbill::from_percent(1));
		assert_ok!(add(ALICE, ROOT, HOTKEY, Tao(7_000_000_001), 7_000_000_001));
		assert_eq!(stake_of(ALICE, HOTKEY, ROOT), 7_000_000_001);
		assert_eq!(free(ALICE).get(), tao(10_000).get() - 7_000_000_001);
		let added = Event::StakeAdded {
			coldkey: ALICE,
			hotkey: HOTKEY,
			netuid: ROOT,
			tao: Tao(7_000_000_001),
			fee: Tao::ZERO,
			alpha: Alpha(7_000_000_001),
			price_after: FixedU128::one(),
		};
		assert_eq!(events(), [added]);

		assert_ok!(remove(ALICE, ROOT, HOTKEY, Amount::Exact(2_000_000_001), Tao(2_000_000_001)));
		assert_eq!(stake_of(ALICE, HOTKEY, ROOT), 5_000_000_000);
		let removed = Event::StakeRemoved {
			coldkey: ALICE,
			hotkey: HOTKEY,
			netuid: ROOT,
			alpha: Alpha(2_000_000_001),
			fee: Alpha::ZERO,
			tao: Tao(2_000_000_001),
			price_after: FixedU128::one(),
			all: false,
		};
		assert_eq!(events(), [removed]);
		unstake_all(ALICE, ROOT, HOTKEY);
		assert_eq!(free(ALICE), tao(10_000));
		assert_eq!(Root::<Test>::get(), Default::default());
	});
}

/// Hazard E7's other side: no pool, no limit on the size of a stake.
#[test]
fn root_takes_a_stake_of_any_size() {
	TestExt::new().execute_with(|| {
		let most = Tao(tao(10_000).get() - 500);
		assert_ok!(add(ALICE, ROOT, HOTKEY, most, most.get()));
		assert_ok!(remove(ALICE, ROOT, HOTKEY, Amount::Exact(most.get()), most));
		assert_eq!(free(ALICE), tao(10_000));
	});
}

/// Hazard N10: what is left is nothing, or at least the least stake; else all is taken, and said.
#[test]
fn a_remainder_below_the_least_stake_is_taken_too() {
	let least = 2_000_000;
	let staked = tao(1).get();
	for (asked, taken, all) in [
		(staked - least, staked - least, false),
		(staked - least + 1, staked, true),
		(staked - 1, staked, true),
		(staked, staked, true),
		(1, 1, false),
	] {
		TestExt::new().execute_with(|| {
			stake(ALICE, ROOT, HOTKEY, tao(1));
			events();
			assert_ok!(remove(ALICE, ROOT, HOTKEY, Amount::Exact(asked), Tao(taken)));
			assert_eq!(stake_of(ALICE, HOTKEY, ROOT), staked - taken, "asked {asked}");
			let removed = Event::StakeRemoved {
				coldkey: ALICE,
				hotkey: HOTKEY,
				netuid: ROOT,
				alpha: Alpha(taken),
				fee: Alpha::ZERO,
				tao: Tao(taken),
				price_after: FixedU128::one(),
				all,
			};
			assert_eq!(events(), [removed], "asked {asked}");
		});
	}
}

/// A dividend is released in equal parts over the tempo, and the last block takes what the floors
/// left.
#[test]
fn a_dividend_drips_linearly_to_the_rao() {
	TestExt::new().execute_with(|| {
		stake(ALICE, ROOT, HOTKEY, tao(100));
		let (dividend_tao, alices) = (600_000_000_007, held(ALICE, HOTKEY));
		dividend(HOTKEY, Tao(dividend_tao));
		for block in 1..=TEMPO {
			run_blocks(1);
			// Untouched, it is ⌊D·elapsed/60⌋.
			let mut pool = shares_of(HOTKEY);
			pool.reward(dividend_tao * u64::from(block) / 60);
			assert_eq!(shown(ALICE), pool.value(alices), "block {block}");
		}
		run_blocks(10);
		unstake_all(ALICE, ROOT, HOTKEY);
		// All of it is out; the virtual share keeps less than 6 rao of 600 TAO over 100.
		assert_eq!(Root::<Test>::get().dripping, Tao::ZERO);
		let profit = free(ALICE).get() - tao(10_000).get();
		assert!((dividend_tao - 7..=dividend_tao).contains(&profit), "{profit}");
	});
}

/// However often it is touched it stays at most a rao a touch behind the line, and ends on it.
#[test]
fn touches_do_not_change_what_has_dripped() {
	TestExt::new().execute_with(|| {
		stake(ALICE, ROOT, HOTKEY, tao(100));
		dividend(HOTKEY, Tao(1_000_000_007));
		let before = Root::<Test>::get();
		let mut left = 1_000_000_007u64;
		for block in 1..=60u64 {
			run_blocks(1);
			stake(BOB, ROOT, HOTKEY, Tao(2_000_000));
			// ⌊left/remaining⌋, and all of it in the last block.
			left -= left / (61 - block);
			let line = 1_000_000_007 - 1_000_000_007 * block / 60;
			assert_eq!(Root::<Test>::get().dripping, Tao(left), "block {block}");
			assert!((line..=line + 60).contains(&left), "block {block}");
		}
		assert_eq!(left, 0);
		let staked = before.staked.get() + 1_000_000_007 + 60 * 2_000_000;
		assert_eq!(Root::<Test>::get().staked.get(), staked);
	});
}

/// A new dividend re-spreads what is left: half of the first and all of the second over 60 blocks.
#[test]
fn a_new_dividend_spreads_what_is_left_anew() {
	TestExt::new().execute_with(|| {
		stake(ALICE, ROOT, HOTKEY, tao(100));
		dividend(HOTKEY, tao(60));
		run_blocks(30);
		dividend(HOTKEY, tao(15));
		let drip = RootPools::<Test>::get(id(HOTKEY)).drip;
		assert_eq!((drip.left, drip.last, drip.until), (tao(45), 31, 91));
		let totals = Root::<Test>::get();
		assert_eq!((totals.staked, totals.dripping), (tao(130), tao(45)));

		run_blocks(20);
		stake(BOB, ROOT, HOTKEY, tao(1));
		assert_eq!(Root::<Test>::get().dripping, tao(30));
	});
}

/// Hazard E23: root stake that hops in for one block earns its part of one block.
#[test]
fn a_root_stake_of_one_block_earns_one_block() {
	TestExt::new().execute_with(|| {
		stake(ALICE, ROOT, HOTKEY, tao(100));
		dividend(HOTKEY, tao(60));
		run_blocks(40);
		let mut pool = shares_of(HOTKEY);
		pool.reward(tao(40).get());
		stake(BOB, ROOT, HOTKEY, tao(140));
		let bobs = pool.deposit(tao(140).get());
		run_blocks(1);
		pool.reward(tao(1).get());
		assert_eq!(shown(BOB), pool.value(bobs));
		unstake_all(BOB, ROOT, HOTKEY);
		// Of 280 TAO half was his, and of the 60 that drip he was there for one.
		let profit = free(BOB).get() - tao(10_000).get();
		assert!((499_999_998..=500_000_000).contains(&profit), "{profit}");
		// In the same block there is nothing to earn.
		stake(BOB, ROOT, HOTKEY, tao(140));
		unstake_all(BOB, ROOT, HOTKEY);
		assert_eq!(free(BOB).get(), tao(10_000).get() + profit);
	});
}

/// What drips where nobody has a stake is the hotkey owner's, not the next staker's.
#[test]
fn without_stakers_the_dividend_is_the_hotkeys_owners() {
	TestExt::new().execute_with(|| {
		dividend(HOTKEY, tao(60));
		run_blocks(45);
		stake(ALICE, ROOT, HOTKEY, tao(10));
		assert_eq!(stake_of(VALIDATOR, HOTKEY, ROOT), tao(45).get());
		assert_eq!(stake_of(ALICE, HOTKEY, ROOT), tao(10).get());
		// From then on the two share: 15 TAO on 45 and 10.
		let (mut pool, alices) = (shares_of(HOTKEY), held(ALICE, HOTKEY));
		pool.reward(tao(15).get());
		run_blocks(15);
		assert_eq!(shown(ALICE), pool.value(alices));
	});
}

/// The take of a dividend is its owner's at once, as root stake, floored.
#[test]
fn the_take_of_a_dividend_is_staked_at_once() {
	TestExt::new().take(18).execute_with(|| {
		stake(ALICE, ROOT, HOTKEY, tao(100));
		events();
		dividend(HOTKEY, Tao(1_000_000_001));
		let take = rules::take_18(1_000_000_001);
		assert_eq!(take, 179_995_422);
		assert_eq!(stake_of(VALIDATOR, HOTKEY, ROOT), take);
		let left = Tao(1_000_000_001 - take);
		assert_eq!(RootPools::<Test>::get(id(HOTKEY)).drip.left, left);
		let assigned = Event::RootDividendAssigned {
			hotkey: HOTKEY,
			netuid: NETUID,
			tao: Tao(1_000_000_001),
			take: Tao(take),
		};
		assert_eq!(events(), [assigned, deposited(take, RewardSource::Take)]);
	});
}

/// That `rao` became root stake of the hotkey's owner.
fn deposited(rao: u64, source: RewardSource) -> Event<Test> {
	Event::RewardDeposited {
		coldkey: VALIDATOR,
		hotkey: HOTKEY,
		netuid: ROOT,
		alpha: Alpha(rao),
		source,
	}
}

/// Hazard N15: nobody's stake grows without an event: neither by a drip to its stakers, nor by one
/// that opens a position for the hotkey's owner.
#[test]
fn every_release_of_a_drip_is_said() {
	let released = |rao| Event::RootDripReleased { hotkey: HOTKEY, tao: Tao(rao) };
	TestExt::new().execute_with(|| {
		dividend(HOTKEY, tao(60));
		run_blocks(1);
		events();
		stake(ALICE, ROOT, HOTKEY, tao(10));
		let one = tao(1).get();
		assert_eq!(events()[..2], [released(one), deposited(one, RewardSource::Drip)]);
		run_blocks(2);
		unstake_all(ALICE, ROOT, HOTKEY);
		let all = events();
		assert!(matches!(all[..], [_, Event::StakeRemoved { .. }]), "{all:?}");
		assert_eq!(all[0], released(2 * one));
		// In the same block nothing more is due, and nothing is said.
		stake(ALICE, ROOT, HOTKEY, tao(10));
		assert_eq!(events().len(), 1);
	});
}

#[test]
fn a_take_of_all_leaves_nothing_to_drip() {
	TestExt::new().execute_with(|| {
		Registry::set_take(id(HOTKEY), PerU16::one());
		stake(ALICE, ROOT, HOTKEY, tao(100));
		dividend(HOTKEY, tao(5));
		assert_eq!(Root::<Test>::get().dripping, Tao::ZERO);
		assert_eq!(stake_of(VALIDATOR, HOTKEY, ROOT), tao(5).get());
		run_blocks(TEMPO);
		assert_eq!(shown(ALICE), tao(100).get());
	});
}

/// Seed, promise 4: in TAO terms root stake never changes except upwards.
#[test]
fn root_stake_never_falls() {
	TestExt::new().subnet(100).subnet(50).seats(4).take(18).execute_with(|| {
		stake(BOB, NETUID, HOTKEY_2, tao(20));
		stake(BOB, NetUid(2), HOTKEY, tao(10));
		stake(ALICE, ROOT, HOTKEY, tao(500));
		let mut last = shown(ALICE);
		for block in 0..4 * TEMPO {
			run_blocks(1);
			if block % 7 == 0 {
				// Others come and go, on the same hotkey.
				stake(CAROL, ROOT, HOTKEY, tao(50));
				stake(CAROL, NETUID, HOTKEY, tao(5));
			}
			if block % 7 == 3 {
				unstake_all(CAROL, ROOT, HOTKEY);
				unstake_all(CAROL, NETUID, HOTKEY);
			}
			assert!(shown(ALICE) >= last, "block {block}");
			last = shown(ALICE);
		}
		assert!(last > tao(500).get(), "it earned: {last}");
	});
}
