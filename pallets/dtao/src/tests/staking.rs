//! Stake and unstake on subnets: amounts to the atom, fees, bounds, remainders, whole events.

use super::*;
use crate::types::{Pool, StakePool};

/// What a purchase of `tao` on the pool of [`NETUID`] must lead to: its event, and the pool.
fn expected_purchase(paid: Tao, fee_ppb: u32) -> (Event<Test>, Pool) {
	let pool = market(NETUID).pool;
	let (fee, out) = rules::trade(pool.tao.get(), pool.alpha.get(), paid.get(), fee_ppb);
	let after =
		Pool { tao: Tao(pool.tao.get() + paid.get()), alpha: Alpha(pool.alpha.get() - out) };
	let added = Event::StakeAdded {
		coldkey: ALICE,
		hotkey: HOTKEY,
		netuid: NETUID,
		tao: paid,
		fee: Tao(fee),
		alpha: Alpha(out),
		price_after: rules::price(after),
	};
	(added, after)
}

/// The same of a sale of `sold` by Alice.
fn expected_sale(sold: Alpha, fee_ppb: u32, all: bool) -> (Event<Test>, Pool) {
	let pool = market(NETUID).pool;
	let (fee, out) = rules::trade(pool.alpha.get(), pool.tao.get(), sold.get(), fee_ppb);
	let after =
		Pool { tao: Tao(pool.tao.get() - out), alpha: Alpha(pool.alpha.get() + sold.get()) };
	let removed = Event::StakeRemoved {
		coldkey: ALICE,
		hotkey: HOTKEY,
		netuid: NETUID,
		alpha: sold,
		fee: Alpha(fee),
		tao: Tao(out),
		price_after: rules::price(after),
		all,
	};
	(removed, after)
}

#[test]
fn staking_buys_alpha_at_the_pool_price() {
	TestExt::one_subnet().execute_with(|| {
		// WHEN Alice stakes a tenth of the pool's TAO,
		let (added, after) = expected_purchase(tao(100), 0);
		assert_ok!(add(ALICE, NETUID, HOTKEY, tao(100), 0));

		// THEN she gets ⌊1000·100 / 1100⌋ ALPHA, to the atom,
		let bought = Alpha(90_909_090_909);
		assert_eq!(stake_of(ALICE, HOTKEY, NETUID), bought.get());
		// AND the pool holds the rest, and her TAO.
		let pool = Pool { tao: tao(1_100), alpha: Alpha(alpha(1_000).get() - bought.get()) };
		assert_eq!((market(NETUID).pool, after), (pool, pool));
		assert_eq!(market(NETUID).outstanding, bought);
		assert_eq!(free(ALICE), tao(9_900));
		assert_eq!(free(Dtao::pot()), Tao(tao(1_100).get() + 500));
		assert_eq!(events(), [added]);
	});
}

/// Hazard E8: the fee is rounded up, stays in the pool, and what is credited is net of it.
#[test]
fn a_fee_stays_in_the_pool_and_lowers_what_is_credited() {
	// (fee in billionths) => fee and ALPHA for 100 TAO, by hand:
	// ⌊1000·99.95/1099.95⌋ and ⌊1000·99/1099⌋.
	for (ppb, fee, bought) in
		[(500_000, 50_000_000, 90_867_766_716), (10_000_000, 1_000_000_000, 90_081_892_629)]
	{
		TestExt::one_subnet().execute_with(|| {
			set_fee(ppb);
			let (added, after) = expected_purchase(tao(100), ppb);
			let too_much = add(ALICE, NETUID, HOTKEY, tao(100), bought + 1);
			assert_noop!(too_much, Error::<Test>::SlippageExceeded);
			assert_ok!(add(ALICE, NETUID, HOTKEY, tao(100), bought));
			assert!(matches!(added, Event::StakeAdded { fee: f, alpha, .. }
				if (f, alpha) == (Tao(fee), Alpha(bought))));
			assert_eq!(events(), [added]);
			assert_eq!(market(NETUID).pool, after);
			assert_eq!(market(NETUID).pool.tao, tao(1_100));
			assert_eq!(stake_of(ALICE, HOTKEY, NETUID), bought);
		});
	}
}

/// Hazard E8, on the way out: the bound is on the TAO paid, fee and floor taken.
#[test]
fn unstaking_pays_net_of_the_fee() {
	for ppb in [0, 500_000, 10_000_000] {
		TestExt::one_subnet().execute_with(|| {
			set_fee(ppb);
			stake(ALICE, NETUID, HOTKEY, tao(200));
			stake(BOB, NETUID, HOTKEY, tao(50));
			for sold in [Alpha(1_234_567_891), Alpha(50_000_000_001)] {
				let before = free(ALICE);
				let (removed, after) = expected_sale(sold, ppb, false);
				let Event::StakeRemoved { tao: paid, .. } = removed else { unreachable!() };
				let exact = Amount::Exact(sold.get());
				let more = remove(ALICE, NETUID, HOTKEY, exact, Tao(paid.get() + 1));
				assert_noop!(more, Error::<Test>::SlippageExceeded);
				let held = stake_of(ALICE, HOTKEY, NETUID);
				events();
				assert_ok!(remove(ALICE, NETUID, HOTKEY, exact, paid));
				assert_eq!(events(), [removed]);
				assert_eq!(market(NETUID).pool, after);
				assert_eq!(stake_of(ALICE, HOTKEY, NETUID), held - sold.get());
				assert_eq!(free(ALICE).get(), before.get() + paid.get());
			}
			let rest = Alpha(stake_of(ALICE, HOTKEY, NETUID));
			let (removed, after) = expected_sale(rest, ppb, true);
			events();
			unstake_all(ALICE, NETUID, HOTKEY);
			assert_eq!(events(), [removed]);
			assert_eq!(market(NETUID).pool, after);
			assert_eq!(Positions::<Test>::get(ALICE, (NETUID, id(HOTKEY))), 0);
		});
	}
}

/// The fee is rounded up: of the least stake 0.05 % is 1 000 rao, and of a rao more 1 001.
#[test]
fn a_fee_is_rounded_up() {
	TestExt::one_subnet().execute_with(|| {
		set_fee(500_000);
		for (paid, expected) in [(2_000_000, 1_000), (2_000_001, 1_001), (3_999_999, 2_000)] {
			events();
			stake(ALICE, NETUID, HOTKEY, Tao(paid));
			assert!(
				matches!(events()[..], [Event::StakeAdded { fee, .. }] if fee == Tao(expected))
			);
		}
	});
}

/// Hazard N10: 50 ALPHA are staked at a price near 1; what is left is worth the least stake at
/// the price after the trade, floored, or it goes too.
#[test]
fn a_remainder_below_the_least_stake_is_sold_too() {
	TestExt::one_subnet().execute_with(|| {
		let staked = alpha(50).get();
		let worth_after = |left: u64| {
			let pool = market(NETUID).pool;
			let sold = staked - left;
			let (_, paid) = rules::trade(pool.alpha.get(), pool.tao.get(), sold, 0);
			let (tao, alpha) = (pool.tao.get() - paid, pool.alpha.get() + sold);
			rules::floor(left.into(), tao.into(), alpha.into())
		};
		// The smallest remainder that is worth 0.002 TAO: about 0.0022 ALPHA, for the sale of 50
		// leaves a price of 1000·1000/1050² or so.
		let least = (2_000_000..2_300_000).find(|left| worth_after(*left) >= 2_000_000).unwrap();
		assert!(least > 2_200_000, "{least}");

		for (left, all) in [(least - 1, true), (least, false), (1, true), (0, true)] {
			let result: Result<(), ()> = frame_support::storage::with_transaction(|| {
				use sp_runtime::{DispatchError, TransactionOutcome};
				reward(ALICE, NETUID, HOTKEY, staked);
				let asked = staked - left;
				let taken = Alpha(if all { staked } else { asked });
				let (removed, after) = expected_sale(taken, 0, all);
				events();
				assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::Exact(asked), Tao::ZERO));
				assert_eq!(events(), [removed], "{left} left");
				assert_eq!(market(NETUID).pool, after, "{left} left");
				assert_eq!(stake_of(ALICE, HOTKEY, NETUID), if all { 0 } else { left });
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
			})
			.map_err(|_| ());
			assert_ok!(result);
		}
	});
}

/// The bound holds for what is really paid, when a remainder went too.
#[test]
fn the_bound_is_on_all_that_is_sold() {
	TestExt::one_subnet().execute_with(|| {
		reward(ALICE, NETUID, HOTKEY, alpha(50).get());
		let (removed, _) = expected_sale(alpha(50), 0, true);
		let Event::StakeRemoved { tao: paid, .. } = removed else { unreachable!() };
		let most = Amount::Exact(alpha(50).get() - 1_000);
		let more = remove(ALICE, NETUID, HOTKEY, most, Tao(paid.get() + 1));
		assert_noop!(more, Error::<Test>::SlippageExceeded);
		assert_ok!(remove(ALICE, NETUID, HOTKEY, most, paid));
	});
}

/// Hazard E6: whatever the pool has earned, a deposit reads back exactly what was credited.
#[test]
fn a_deposit_reads_back_exactly() {
	TestExt::one_subnet().seats(4).take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, Tao(123_456_789_012));
		for n in 0..3 * TEMPO {
			run_blocks(1);
			let paid = Tao(2_000_000 + u64::from(n) * 7_654_321);
			touch(NETUID, HOTKEY);
			let before = stake_of(BOB, HOTKEY, NETUID);
			events();
			if before == 0 {
				stake(BOB, NETUID, HOTKEY, paid);
				let [Event::StakeAdded { alpha, .. }] = events()[..] else { panic!("one event") };
				assert_eq!(stake_of(BOB, HOTKEY, NETUID), alpha.get(), "block {n}");
			} else {
				unstake_all(BOB, NETUID, HOTKEY);
			}
		}
	});
}

/// Hazard E6: an exact amount off a pool that has earned burns the least shares that are worth it,
/// and never lowers what the others hold.
#[test]
fn an_exact_withdrawal_burns_the_ceiling_and_takes_from_nobody() {
	TestExt::one_subnet().seats(4).take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		stake(BOB, NETUID, HOTKEY, tao(33));
		run_to_block(2 * TEMPO + 7);
		touch(NETUID, HOTKEY);
		let place = (NETUID, id(HOTKEY));
		let mut pool = rules::Shares::of(HotkeyPools::<Test>::get(place).stake);
		let mut alices = Positions::<Test>::get(ALICE, place);
		let bobs = Positions::<Test>::get(BOB, place);
		for amount in [1_000_000_007, 3, 2_500_000_001] {
			let (before, bobs_before) = (pool.value(alices), pool.value(bobs));
			assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::Exact(amount), Tao::ZERO));
			alices -= pool.withdraw(amount);
			assert_eq!(Positions::<Test>::get(ALICE, place), alices);
			assert_eq!(stake_of(ALICE, HOTKEY, NETUID), pool.value(alices));
			assert_eq!(stake_of(BOB, HOTKEY, NETUID), pool.value(bobs));
			// Burning the ceiling of the shares may cost the last atom, never more.
			let rest = before - amount;
			assert!((rest - 1..=rest).contains(&pool.value(alices)));
			assert!(pool.value(bobs) >= bobs_before);
		}
	});
}

/// Hazard E1: staking and unstaking at once never profits, at any size and fee, and the product of
/// the reserves never falls.
#[test]
fn staking_and_unstaking_at_once_never_profits() {
	for ppb in [0, 1, 500_000, 10_000_000] {
		TestExt::one_subnet().execute_with(|| {
			set_fee(ppb);
			stake(BOB, NETUID, HOTKEY, tao(77));
			let mut k = product();
			let mut sizes = vec![2_000_000, 2_000_001, 2_999_999, 3_333_333, tao(300).get()];
			sizes.extend((0..60).map(|n| 2_000_000 + n * n * 77_777_777));
			for size in sizes {
				let before = free(ALICE);
				stake(ALICE, NETUID, HOTKEY, Tao(size));
				assert!(product() >= k, "bought for {size}");
				unstake_all(ALICE, NETUID, HOTKEY);
				assert!(product() >= k, "sold for {size}");
				k = product();
				assert!(free(ALICE) <= before, "{size} at {ppb}");
			}
		});
	}
}

/// Hazard E1: ten thousand tiny steps in and out pay no more than they cost.
#[test]
fn many_tiny_trades_never_profit() {
	TestExt::one_subnet().execute_with(|| {
		// A price that divides nothing.
		edit(NETUID, |market| market.pool.alpha = Alpha(777_777_777_777));
		let (before, k) = (free(ALICE), product());
		stake(ALICE, NETUID, HOTKEY, tao(1));
		for n in 0..5_000u64 {
			stake(ALICE, NETUID, HOTKEY, Tao(2_000_000 + n % 13));
			let exact = Amount::Exact(1 + n % 7);
			either_way(remove(ALICE, NETUID, HOTKEY, exact, Tao::ZERO));
			System::reset_events();
		}
		unstake_all(ALICE, NETUID, HOTKEY);
		assert!(free(ALICE) <= before);
		assert!(product() >= k);
	});
}

/// τ·α of [`NETUID`].
fn product() -> u128 {
	let pool = market(NETUID).pool;
	u128::from(pool.tao.get()) * u128::from(pool.alpha.get())
}

/// Seed, promise 5: for the same TAO the earlier staker holds more when the price rose between,
/// and each one's stake is his alone.
#[test]
fn several_stakers_of_one_hotkey_hold_what_each_bought() {
	TestExt::one_subnet().hotkeys(2).execute_with(|| {
		let mut bought = Vec::new();
		for who in [ALICE, BOB, CAROL] {
			events();
			stake(who, NETUID, HOTKEY, tao(100));
			let [Event::StakeAdded { alpha, .. }] = events()[..] else { panic!("one event") };
			bought.push(alpha.get());
		}
		// ⌊k/1000⌋ − ⌈k/1100⌉, and so on, up to the floors.
		assert_eq!(bought, [90_909_090_909, 75_757_575_757, 64_102_564_102]);
		for (who, alpha) in [ALICE, BOB, CAROL].into_iter().zip(&bought) {
			assert_eq!(stake_of(who, HOTKEY, NETUID), *alpha);
		}
		stake(BOB, NETUID, HOTKEY_2, tao(1));
		unstake_all(ALICE, NETUID, HOTKEY);
		assert_eq!(stake_of(BOB, HOTKEY, NETUID), bought[1]);
		assert_eq!(stake_of(CAROL, HOTKEY, NETUID), bought[2]);
		let pool: StakePool = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).stake;
		assert_eq!(pool.amount, bought[1] + bought[2]);
	});
}

/// Hazard E4: what is sent to the pot is nobody's and moves nothing.
#[test]
fn a_donation_to_the_pot_changes_no_price() {
	TestExt::one_subnet().execute_with(|| {
		stake(BOB, NETUID, HOTKEY, tao(10));
		let before = market(NETUID);
		assert_ok!(Balances::transfer_allow_death(signed(ALICE), Dtao::pot(), tao(5_000).get()));
		assert_eq!(market(NETUID), before);
		let line = &Dtao::audit()[0];
		assert_eq!(line.held - line.owed, tao(5_000).get().into());
		assert!(line.holds);
		let (added, _) = expected_purchase(tao(100), 0);
		events();
		assert_ok!(add(ALICE, NETUID, HOTKEY, tao(100), 0));
		assert_eq!(events(), [added]);
	});
}
