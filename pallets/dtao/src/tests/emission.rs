//! What a block gives: TAO by the reserves, ALPHA by side, root's sale, and the price average.

use super::*;
use crate::types::Pool;
use dtao_primitives::traits::OnSubnet;
use sp_runtime::FixedU128;

/// A block's TAO before the first halving; a subnet's ALPHA too, for its participants.
const E: u64 = 1_000_000_000;

/// A chain of subnets with `seeds` TAO in their pools.
fn subnets(seeds: &[u64]) -> TestExt {
	seeds.iter().fold(TestExt::new(), |ext, seed| ext.subnet(*seed)).seats(1)
}

/// The reserves of the first `count` subnets.
fn pools(count: u16) -> Vec<Pool> {
	(1..=count).map(|netuid| market(NetUid(netuid)).pool).collect()
}

/// TAO that the next block brings to each of the first `count` subnets.
fn injected(count: u16) -> Vec<u64> {
	let before = pools(count);
	run_blocks(1);
	let pairs = pools(count).into_iter().zip(before);
	pairs.map(|(after, before)| after.tao.get() - before.tao.get()).collect()
}

/// Seed, promise 1: "if a subnet holds 30 % of all staked TAO across the network, it receives 30 %
/// of the new TAO emissions per block."
#[test]
fn a_block_lands_as_50_30_and_20_percent_to_the_rao() {
	subnets(&[500, 300, 200]).execute_with(|| {
		let (issuance, pot) = (Balances::total_issuance(), free(Dtao::pot()));
		assert_eq!(injected(3), [500_000_000, 300_000_000, 200_000_000]);

		// All that was minted was injected, and all of it lies in the pot.
		assert_eq!(Balances::total_issuance(), issuance + E);
		assert_eq!(free(Dtao::pot()).get(), pot.get() + E);
		// At a price of 1 as much ALPHA enters as TAO, and each subnet makes 1 for participants.
		let expected = Event::EmissionDistributed {
			minted: Tao(E),
			chain_bought: Tao::ZERO,
			alpha_recycled: Alpha::ZERO,
			alpha_to_pools: Alpha(E),
			alpha_to_participants: Alpha(3 * E),
			root_sold: Alpha::ZERO,
			root_tao: Tao::ZERO,
		};
		assert_eq!(events(), [expected]);
		for (netuid, seed) in [(1, 500), (2, 300), (3, 200)] {
			let pool = market(NetUid(netuid)).pool;
			assert_eq!(pool.tao.get(), pool.alpha.get());
			assert_eq!(pool.tao.get(), tao(seed).get() + seed * E / 1_000);
		}
	});
}

/// Hazard N4: the parts of a block sum to it when no part divides, for hundreds of blocks.
#[test]
fn whatever_the_reserves_the_parts_sum_to_the_block() {
	subnets(&[7, 11, 13]).execute_with(|| {
		for block in 0..300u64 {
			let weights: Vec<_> = pools(3).iter().map(|pool| pool.tao.get()).collect();
			let issuance = Balances::total_issuance();
			let parts = injected(3);
			assert_eq!(parts, rules::split(E, &weights), "block {block}");
			assert_eq!(parts.iter().sum::<u64>(), E, "block {block}");
			assert_eq!(Balances::total_issuance() - issuance, E, "block {block}");
			if block % 50 == 0 {
				stake(ALICE, NetUid(2), HOTKEY, tao(3));
			}
		}
	});
}

/// Seed, promise 3: a new subnet starts at exactly 1.0 TAO per ALPHA.
#[test]
fn a_subnets_first_price_is_exactly_one() {
	TestExt::new().execute_with(|| {
		assert_ok!(Dtao::on_created(NETUID, &ALICE, Tao(1_234_567_891)));
		let pool = Pool { tao: Tao(1_234_567_891), alpha: Alpha(1_234_567_891) };
		assert_eq!(market(NETUID).pool, pool);
		assert_eq!(Dtao::subnet(NETUID).unwrap().price, FixedU128::from_u32(1));
		assert_eq!(free(ALICE).get(), tao(10_000).get() - 1_234_567_891);
		// Registered, it trades and emits nothing.
		run_blocks(3);
		assert_eq!(market(NETUID).pool, pool);

		assert_ok!(Dtao::on_started(NETUID));
		assert_eq!(Dtao::subnet(NETUID).unwrap().price, FixedU128::from_u32(1));
		run_blocks(1);
		assert_eq!(
			market(NETUID).pool,
			Pool { tao: Tao(2_234_567_891), alpha: Alpha(2_234_567_891) }
		);
	});
}

/// Seed, promises 2 and 6: more TAO staked means a larger share in the next block, and selling a
/// smaller one, at the cost and to the good of the others.
#[test]
fn stake_moves_the_next_blocks_shares() {
	subnets(&[500, 300, 200]).execute_with(|| {
		stake(ALICE, NetUid(3), HOTKEY, tao(60));
		let after_buy = injected(3);
		assert_eq!(after_buy, rules::split(E, &[500, 300, 260]));
		assert!(after_buy[2] > 200_000_000 && after_buy[0] < 500_000_000);

		unstake_all(ALICE, NetUid(3), HOTKEY);
		let after_sale = injected(3);
		assert!(after_sale[2] < after_buy[2] && after_sale[0] > after_buy[0]);
	});
}

/// Hazards E18, E19: a block's emission is split by the state that the block before closed.
#[test]
fn trades_within_a_block_do_not_move_that_blocks_emission() {
	let shares = |trade: bool| {
		subnets(&[500, 500]).execute_with(|| {
			let first = injected(2);
			// After the block's emission, Alice buys a fifth of a pool; before the block ends she
			// has sold it again. Without a fee the pool keeps what the floors left.
			if trade {
				stake(ALICE, NETUID, HOTKEY, tao(100));
				unstake_all(ALICE, NETUID, HOTKEY);
			}
			(first, injected(2), market(NETUID).price_ema)
		})
	};
	assert_eq!(shares(true), shares(false));
}

/// Seed, promise 3: with no further stake and rewards being sold a subnet's price falls; with nobody
/// selling it stays, for injection does not move it, and below its share chain buys lift it.
#[test]
fn rewards_being_sold_lower_the_price_and_chain_buys_lift_it() {
	let price_after = |sell: bool, reserve: u64| {
		subnets(&[500, 500]).execute_with(|| {
			edit(NETUID, |market| market.pool.alpha = alpha(reserve));
			for _ in 0..4 {
				run_blocks(TEMPO);
				if sell {
					unstake_all(OWNER, NETUID, OWNER_HOTKEY);
				}
			}
			Dtao::subnet(NETUID).unwrap().price
		})
	};
	let one = FixedU128::from_u32(1);
	assert!(price_after(true, 500) < one);
	assert_eq!(price_after(false, 500), one);
	// From 1/4, below the share of 1/2: half a TAO meets the cap of one ALPHA, and the rest buys.
	let quarter = FixedU128::from_rational(1, 4);
	assert!(price_after(false, 2_000) > quarter);
}

/// More TAO than ALPHA may be made for: the rest buys, and what it buys is recycled.
#[test]
fn above_its_cap_a_subnets_tao_buys_alpha_which_is_recycled() {
	subnets(&[1_000]).execute_with(|| {
		// GIVEN a price of 1/2.
		edit(NETUID, |market| market.pool.alpha = alpha(2_000));
		events();
		run_blocks(1);

		// 1 ALPHA enters with ⌈1·1000/2000⌉ TAO. The other half of the TAO meets 1 000.5 TAO and
		// 2 001 ALPHA, and buys ⌊2001·0.5/1001⌋ ALPHA.
		let bought = 999_500_499;
		let left = Alpha(2_001_000_000_000 - bought);
		assert_eq!(market(NETUID).pool, Pool { tao: tao(1_001), alpha: left });
		// What the participants earned is all that is outstanding: what was bought is gone.
		assert_eq!(market(NETUID).outstanding, Alpha(E));
		assert_eq!(market(NETUID).issuance(), Ok(Alpha(left.get() + E)));
		let expected = Event::EmissionDistributed {
			minted: Tao(E),
			chain_bought: Tao(E / 2),
			alpha_recycled: Alpha(bought),
			alpha_to_pools: Alpha(E),
			alpha_to_participants: Alpha(E),
			root_sold: Alpha::ZERO,
			root_tao: Tao::ZERO,
		};
		assert_eq!(events(), [expected]);
	});
}

/// Hazard E1: the chain buy stops at the least reserve, and TAO that can buy nothing enters alone.
#[test]
fn the_chain_buy_leaves_the_least_reserve() {
	subnets(&[1_000]).execute_with(|| {
		// GIVEN 0.001 TAO and 0.01 ALPHA. 1 ALPHA enters with 0.1 TAO; 0.9 TAO meet 0.101 TAO and
		// 1.01 ALPHA, of which at most 0.81 may be bought, for ⌈0.101·0.81/0.2⌉ = 0.40905 TAO.
		let least = 200_000_000;
		Params::mutate(|params| params.min_reserve = least);
		edit(NETUID, |market| {
			market.pool = Pool { tao: Tao(1_000_000), alpha: Alpha(10_000_000) };
		});
		events();
		run_blocks(1);

		let pool = Pool { tao: Tao(1_001_000_000), alpha: Alpha(least) };
		assert_eq!(market(NETUID).pool, pool);
		let expected = Event::EmissionDistributed {
			minted: Tao(E),
			chain_bought: Tao(409_050_000),
			alpha_recycled: Alpha(810_000_000),
			alpha_to_pools: Alpha(E),
			alpha_to_participants: Alpha(E),
			root_sold: Alpha::ZERO,
			root_tao: Tao::ZERO,
		};
		assert_eq!(events(), [expected]);
	});
}

/// Hazards E9, E10, E11: the cuts are taken one from what the other left, and sum to the whole.
#[test]
fn participants_get_18_percent_and_twice_half_of_the_rest() {
	subnets(&[1_000]).execute_with(|| {
		run_blocks(1);
		let buckets = market(NETUID).buckets;
		assert_eq!(buckets.owner, Alpha(180_000_000));
		assert_eq!(buckets.miners, Alpha(410_000_000));
		assert_eq!(buckets.validators, Alpha(410_000_000));
		assert_eq!((buckets.root, buckets.settled), (Alpha::ZERO, Alpha::ZERO));
		assert_eq!(market(NETUID).outstanding, Alpha(E));
		// It is what the view had announced for every block like this one.
		let emission = Dtao::subnet(NETUID).unwrap().emission;
		assert_eq!(emission.owner, Alpha(180_000_000));
		assert_eq!(emission.miners, Alpha(410_000_000));
	});
}

/// Hazards E9, E24: of the validators' part root's is ⌊ρ⌋, ρ = G/(G + ω), with one root TAO spread
/// over the subnets by their shares and not repeated on each.
#[test]
fn roots_part_is_its_weighed_and_spread_stake_against_all_alpha() {
	subnets(&[600, 400]).execute_with(|| {
		// GIVEN an epoch that closed with 1 000 TAO on root, and a price that is not 1.
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(1_000));
		stake(BOB, NETUID, HOTKEY, tao(100));
		stake(BOB, NetUid(2), HOTKEY, tao(10));
		run_blocks(TEMPO);
		for netuid in [NETUID, NetUid(2)] {
			assert_eq!(market(netuid).root_stake, tao(1_000));
		}

		for _ in 0..3 {
			let before = [NETUID, NetUid(2)].map(market);
			let reserves = before.map(|market| market.pool.tao.get());
			let parts = rules::split(E, &reserves);
			run_blocks(1);
			for (n, old) in before.into_iter().enumerate() {
				let new = market(NetUid(n as u16 + 1));
				let g = rules::root_as_alpha(tao(1_000).get(), parts[n], E, old.pool);
				let all = u128::from(g) + u128::from(old.outstanding.get());
				let root = rules::floor(410_000_000, g.into(), all) as u64;
				assert!(root > 1_000_000, "subnet {n} has a part for root");
				// The one seat validates and nobody mines: that half is the validators' too.
				let validators = 820_000_000 - root;
				let gained = |new: Alpha, old: Alpha| new.get() - old.get();
				assert_eq!(gained(new.buckets.validators, old.buckets.validators), validators);
				assert_eq!(gained(new.buckets.owner, old.buckets.owner), 180_000_000);
				// Root's part comes into its bucket, and leaves it by the sale of this block.
				let (bucket, sold) = root_sale(&old, &new, root, parts[n]);
				assert_eq!(new.buckets.root.get(), bucket - sold);
			}
		}
	});
}

/// Root's bucket before this block's sale and what is sold of it, by the rules; checks the pool.
fn root_sale(old: &Market, new: &Market, root: u64, part: u64) -> (u64, u64) {
	let bucket = old.buckets.root.get() + root;
	let tao = old.pool.tao.get() + part;
	let minted = rules::floor(part.into(), old.pool.alpha.get().into(), old.pool.tao.get().into());
	assert!(minted <= E.into(), "no chain buy in this test");
	let reserve = old.pool.alpha.get() + minted as u64;
	let sold = if bucket < 1_000_000 { 0 } else { bucket.min(reserve / 10_000) };
	let (_, paid) = rules::trade(reserve, tao, sold, 0);
	assert_eq!(new.pool, Pool { tao: Tao(tao - paid), alpha: Alpha(reserve + sold) });
	assert_eq!(new.root_tao.get() - old.root_tao.get(), paid);
	(bucket, sold)
}

/// Hazards E27, E28: root's sale is small against the pool, at every block, before all trades.
#[test]
fn root_sells_at_most_one_ten_thousandth_of_the_reserve_a_block() {
	subnets(&[1_000]).execute_with(|| {
		// GIVEN half an ALPHA in root's bucket.
		edit(NETUID, |market| {
			market.buckets.root = Alpha(E / 2);
			market.outstanding = Alpha(E / 2);
		});
		let pot = free(Dtao::pot());
		events();
		run_blocks(1);

		// ⌊1001/10 000⌋ ALPHA are sold into 1 001 of each: ⌊1001·0.1001/1001.1001⌋ TAO.
		let (sold, paid) = (100_100_000, 100_089_991);
		let market = market(NETUID);
		assert_eq!(market.buckets.root, Alpha(E / 2 - sold));
		assert_eq!(market.root_tao, Tao(paid));
		let pool =
			Pool { tao: Tao(tao(1_001).get() - paid), alpha: Alpha(alpha(1_001).get() + sold) };
		assert_eq!(market.pool, pool);
		assert_eq!(market.outstanding, Alpha(E / 2 + E - sold));
		// It stays in the pot, and waits there for the epoch.
		assert_eq!(free(Dtao::pot()).get(), pot.get() + E);
		assert!(matches!(
			events()[..],
			[Event::EmissionDistributed {
				root_sold: Alpha(100_100_000),
				root_tao: Tao(100_089_991),
				..
			}]
		));
	});
}

#[test]
fn root_sells_nothing_below_the_least_sale() {
	for (bucket, left) in [(999_999, 999_999), (1_000_000, 0)] {
		subnets(&[1_000]).execute_with(|| {
			edit(NETUID, |market| {
				market.buckets.root = Alpha(bucket);
				market.outstanding = Alpha(bucket);
			});
			run_blocks(1);
			assert_eq!(market(NETUID).buckets.root, Alpha(left), "of {bucket}");
			assert_eq!(market(NETUID).root_tao.is_zero(), left > 0, "of {bucket}");
		});
	}
}

/// Hazard E18: the average starts at 0, is slow, slower while young, and never sees more than 1.
#[test]
fn the_price_average_follows_the_capped_price_by_its_age() {
	// (ALPHA in the pool beside 1 000 TAO) => the price is 1, below 1, above 1.
	for reserve in [1_000, 4_000, 500] {
		subnets(&[1_000]).execute_with(|| {
			edit(NETUID, |market| market.pool.alpha = alpha(reserve));
			let rate = 12_786_308_645_202_655_659u128 / 231_049;
			let mut expected = 0u128;
			for age in 1..=5u128 {
				run_blocks(1);
				let pool = market(NETUID).pool;
				let one = 1u128 << 64;
				let price =
					rules::floor(pool.tao.get().into(), one, pool.alpha.get().into()).min(one);
				expected += (price - expected) * (rate * age / (age + 201_600)) / one;
				assert_eq!(market(NETUID).price_ema, expected, "block {age}");
			}
			assert!(expected > 0);
		});
	}
}

/// It falls as it rises: towards the price, rounded towards the old value.
#[test]
fn the_price_average_falls_when_the_price_is_below_it() {
	subnets(&[1_000]).execute_with(|| {
		edit(NETUID, |market| {
			market.pool.alpha = alpha(2_000);
			market.price_ema = 1 << 64;
		});
		run_blocks(1);
		let pool = market(NETUID).pool;
		let price = rules::floor(pool.tao.get().into(), 1 << 64, pool.alpha.get().into());
		let rate = 12_786_308_645_202_655_659u128 / 231_049 / 201_601;
		let step = (((1u128 << 64) - price) * rate) >> 64;
		assert_eq!(market(NETUID).price_ema, (1 << 64) - step);
	});
}

/// Hazard N5: one subnet's failure is its own. The others get what they would have got, and its
/// part is not minted.
#[test]
fn a_subnet_whose_step_fails_gets_nothing_and_nothing_is_minted_for_it() {
	subnets(&[500, 300, 200]).execute_with(|| {
		// GIVEN a record that no call leads to.
		edit(NetUid(2), |market| market.pool.alpha = Alpha::ZERO);
		let (issuance, broken) = (Balances::total_issuance(), market(NetUid(2)));
		events();
		next_block();

		assert_eq!(Balances::total_issuance(), issuance + 700_000_000);
		assert_eq!(market(NETUID).pool.tao.get(), tao(500).get() + 500_000_000);
		assert_eq!(market(NetUid(2)), broken);
		assert_eq!(market(NetUid(3)).pool.tao.get(), tao(200).get() + 200_000_000);
		let failed = Event::EmissionStepFailed {
			netuid: NetUid(2),
			error: Error::<Test>::Arithmetic.into(),
		};
		let distributed = Event::EmissionDistributed {
			minted: Tao(700_000_000),
			chain_bought: Tao::ZERO,
			alpha_recycled: Alpha::ZERO,
			alpha_to_pools: Alpha(700_000_000),
			alpha_to_participants: Alpha(2 * E),
			root_sold: Alpha::ZERO,
			root_tao: Tao::ZERO,
		};
		assert_eq!(events(), [failed, distributed]);
		edit(NetUid(2), |market| market.pool.alpha = alpha(300));
		// Once mended, it emits like the others.
		assert_eq!(injected(3).iter().sum::<u64>(), E);
	});
}

/// A subnet that is listed and has no record stops the block's emission, not the block.
#[test]
fn a_block_that_fails_as_a_whole_mints_nothing_and_says_so() {
	subnets(&[500, 500]).execute_with(|| {
		let lost = Markets::<Test>::take(NetUid(2)).unwrap();
		let (issuance, kept) = (Balances::total_issuance(), market(NETUID));
		events();
		next_block();
		assert_eq!(Balances::total_issuance(), issuance);
		assert_eq!(market(NETUID), kept);
		let error = Error::<Test>::UnknownSubnet.into();
		assert_eq!(events(), [Event::BlockStepFailed { error }]);
		Markets::<Test>::insert(NetUid(2), &lost);
	});
}

#[test]
fn without_a_started_subnet_a_block_mints_nothing() {
	TestExt::new().registered_subnet(1_000).execute_with(|| {
		let issuance = Balances::total_issuance();
		run_blocks(5);
		assert_eq!(Balances::total_issuance(), issuance);
		assert_eq!(events(), []);
	});
}
