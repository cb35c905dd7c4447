//! Promises 1, 2 and 6: what a subnet is given follows what is staked in it.

use super::*;
use dtao_primitives::{Alpha, EmissionRule, MarketParams};

/// "If a subnet holds 30 % of all staked TAO across the network, it receives 30 % of the new TAO
/// emissions per block": to the rao, in each of a hundred blocks.
#[test]
fn promise_1_a_subnet_with_30_percent_of_all_tao_gets_30_percent_of_each_block() {
	subnets(&[300, 450, 250]).build().execute_with(|| {
		for _ in 0..100 {
			let before: Vec<_> = (1..=3).map(|n| market(NetUid(n)).pool.tao.get()).collect();
			next_block();
			let gained: Vec<_> = (1..=3)
				.map(|n| market(NetUid(n)).pool.tao.get() - before[n as usize - 1])
				.collect();
			assert_eq!(gained, [300_000_000, 450_000_000, 250_000_000]);
			assert_eq!(minted(), UNIT);
			System::reset_events();
		}
		check_invariants();
	});
}

/// The same of pools that do not divide evenly: each gets its part of what the ones before it left,
/// floored, and together they get all.
#[test]
fn promise_1_shares_that_do_not_divide_evenly_still_sum_to_the_block() {
	subnets(&[7, 11, 13, 3_001, 17]).build().execute_with(|| {
		for _ in 0..100 {
			let pools: Vec<_> = (1..=5).map(|n| market(NetUid(n)).pool.tao.get()).collect();
			next_block();
			let mut left = u128::from(UNIT);
			let mut weight: u128 = pools.iter().map(|pool| u128::from(*pool)).sum();
			for (n, pool) in (1u16..).zip(pools) {
				let part = left * u128::from(pool) / weight;
				assert_eq!(u128::from(market(NetUid(n)).pool.tao.get() - pool), part);
				(left, weight) = (left - part, weight - u128::from(pool));
			}
			assert_eq!(left, 0, "nothing of the block is left over");
			System::reset_events();
		}
	});
}

/// More TAO staked into a subnet: a larger share of the very next block, the others smaller.
#[test]
fn promise_2_more_stake_makes_a_larger_share_in_the_next_block() {
	let netuids = [NetUid(1), NetUid(2), NetUid(3)];
	subnets(&[1_000, 1_000, 1_000]).build().execute_with(|| {
		let before = undone(|| emitted(&netuids));
		add(&carol(), NetUid(2), &validator(), tao(250), 0).expect("she has it");
		let after = emitted(&netuids);
		assert!(after[1] > before[1], "its own share is larger");
		assert!(after[0] < before[0] && after[2] < before[2], "the others' are smaller");
		assert_eq!(after, [307_692_307, 384_615_385, 307_692_308], "4 : 5 : 4, to the rao");
		for (n, expected) in (1..=3).zip(after) {
			assert_eq!(
				market(NetUid(n)).pool.tao.get(),
				if n == 2 { 1_250 * UNIT } else { 1_000 * UNIT } + expected,
			);
		}
	});
}

/// Selling ALPHA lowers the subnet's price at once, and its share of the emission: at once under
/// `TaoReserve`, and more with every block that follows under the rules that look at averages.
#[test]
fn promise_6_selling_lowers_the_price_and_under_every_rule_the_share() {
	const LATER: u32 = 300;
	let chain = subnets(&[1_000, 1_000]).staked(carol(), validator(), NetUid(1), tao(200)).staked(
		carol(),
		validator(),
		NetUid(2),
		tao(200),
	);
	chain.build().execute_with(|| {
		// A long time of emission has brought both prices below 1, from where the average counts.
		for netuid in [NetUid(1), NetUid(2)] {
			pallet_dtao::Markets::<crate::Runtime>::mutate_extant(netuid, |market| {
				let pool = &mut market.pool;
				pool.alpha = Alpha(3 * pool.tao.get());
			});
		}
		// Both find favour, alike.
		for _ in 0..100 {
			for netuid in [NetUid(1), NetUid(2)] {
				add(&bob(), netuid, &validator(), Tao(UNIT / 10), 0).expect("he has it");
			}
			blocks(1);
		}
		for rule in [EmissionRule::TaoReserve, EmissionRule::PriceEma, EmissionRule::FlowEma] {
			let path = |sale: u64| {
				undone(|| {
					set_market(MarketParams { rule, ..Default::default() }).expect("it is root");
					if sale > 0 {
						let amount = Amount::Exact(sale * UNIT);
						let all = remove(&carol(), NetUid(1), &validator(), amount, Tao::ZERO);
						all.expect("she holds that much");
					}
					let price = market(NetUid(1)).pool.price();
					let mut shares = Vec::new();
					for _ in 0..LATER {
						blocks(1);
						let breakdown = Dtao::emission_breakdown(NetUid(1)).expect("it trades");
						shares.push(breakdown.share);
					}
					(price, shares)
				})
			};
			let (price, kept) = path(0);
			let (price_after, sold) = path(5);
			let (_, sold_more) = path(8);
			assert!(price_after < price, "{rule:?}: a sale lowers the price");
			// The flow of the sale enters its average with the next block.
			let below = |more: &[_], less: &[_]| more.iter().zip(less).all(|(a, b)| a < b);
			assert!(below(&sold, &kept), "{rule:?}: and the share, in every block from then on");
			assert!(below(&sold_more, &sold), "{rule:?}: the more so the more is sold");
			if rule == EmissionRule::PriceEma {
				let (first, last) = (kept[0] - sold[0], kept[299] - sold[299]);
				assert!(last > first, "the average follows the price");
			}
		}
	});
}
