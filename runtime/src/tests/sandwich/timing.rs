//! Coming for a block and going again: around a block's emission, a dissolution, a root epoch.

use super::super::{
	next_block,
	support::{
		blocks, check_invariants, dissolve, market, market_params, redeem, stake_of, undone,
	},
};
use super::*;
use crate::{Dtao, System};
use dtao_primitives::{traits::MarketInspect, EmissionRule, MarketParams};

/// Enough that both the epochs and the averages have something to go by.
const WARM_UP: u32 = 130;

fn warm_chain(pool: u64, rule: EmissionRule) -> Chain {
	let mut chain = chain(pool, 3);
	chain.market = MarketParams { rule, ..Default::default() };
	for netuid in 1..=3 {
		let stake = Tao(pool * UNIT * 3 / 10);
		chain = chain.staked(owner(), validator(), NetUid(netuid), stake);
	}
	chain
}

/// Blocks in which everybody stakes a little, so that there is a flow.
fn warm_up() {
	for block in 0..WARM_UP {
		next_block();
		let netuid = NetUid(u16::try_from(block % 3).expect("below three") + 1);
		buy(&owner(), netuid, 5_000_000, 0).expect("the owner has TAO");
		System::reset_events();
	}
}

/// Ten times as much ALPHA in the pool: a price at which the chain buys in every block.
fn lower_price() {
	pallet_dtao::Markets::<crate::Runtime>::mutate_extant(SUBNET, |market| {
		let pool = &mut market.pool;
		pool.alpha = dtao_primitives::Alpha(10 * pool.tao.get());
	});
}

/// What a stake can win that is made last in one block and leaves first in the next, with the fees
/// left out.
///
/// After the purchase the pool holds `τ` and `α`, and the attacker `y`; selling at once would bring
/// `τ·y/(α + y)`, no more than it paid. The block adds at most `e` = 1 TAO to `τ`; at most all of
/// that buys ALPHA, which leaves `α·τ/(τ + e)`; and it pays at most `r` = 1 ALPHA to stakers. So
///
/// ```text
/// profit ≤ (τ + e)·(y + r) / (α·τ/(τ + e) + y + r) − τ·y/(α + y)
/// ```
///
/// which is about `2e·y/(α + y)`, its part of what the block moves the price by, and the reward. The
/// two fees, 2φ of the stake, exceed that where `τ` is more than some `e/φ`: 2 000 TAO for a subnet
/// that is given a whole TAO a block.
fn most_of_a_block(alpha_bought: u64) -> i128 {
	let pool = market(SUBNET).pool;
	let (tao, alpha) = (u128::from(pool.tao.get()), u128::from(pool.alpha.get()));
	let (emission, bought) = (u128::from(UNIT), u128::from(alpha_bought));
	let holds = bought + u128::from(UNIT);
	let left = alpha * tao / (tao + emission);
	let after = (tao + emission) * holds / (left + holds) + 1;
	let at_once = tao * bought / (alpha + bought);
	i128::try_from(after - at_once).expect("it fits")
}

/// The best of staking last in one block and leaving first in the next, and the bound of the size
/// at which that is highest; each size is held to its own.
fn best_of_a_block() -> ((u64, i128), i128) {
	let reserve = market(SUBNET).pool.tao.get();
	let mut most = 0;
	let found = best(market_params().min_stake.get(), reserve / 3, |size| {
		undone(|| {
			let mut bound = 0;
			let won = gain(&attacker(), || {
				buy(&attacker(), SUBNET, size, 0)?;
				bound = most_of_a_block(stake_of(&attacker(), SUBNET, &validator()));
				next_block();
				sell_all(&attacker(), SUBNET, &validator())
			});
			assert!(won.is_none_or(|won| won <= bound), "{won:?} rao exceed {bound}");
			most = bound.max(most);
			won
		})
	});
	(found, most)
}

/// Stake last in one block and leave first in the next: under every rule it wins no more than that
/// block's emission moves its own ALPHA by, and nothing at all in a large pool.
#[test]
fn a_stake_of_one_block_wins_no_more_than_that_block_gives() {
	for rule in [EmissionRule::TaoReserve, EmissionRule::PriceEma, EmissionRule::FlowEma] {
		for (pool, low) in POOLS.into_iter().flat_map(|pool| [(pool, false), (pool, true)]) {
			warm_chain(pool, rule).build().execute_with(|| {
				if low {
					lower_price();
				}
				warm_up();
				let price = market(SUBNET).pool.price().to_float();
				let (found, most) = best_of_a_block();
				println!(
					"{rule:10?} pool {pool:>7} price {price:.3} attack {:>12.4} profit {:>14.9} ≤ {:>14.9}",
					in_tao(found.0.into()),
					in_tao(found.1),
					in_tao(most),
				);
				assert!(pool < 10_000 || found.1 == 0, "fees exceed what a block gives");
			});
		}
	}
}

/// Buying before a dissolution never pays. A purchase of `a` brings at most `y = α·a/(τ + a)`. The
/// fund is what all outstanding ALPHA would bring if it were sold together, so each atom is paid
/// `(τ + a)/(α + ω)`, and `y·(τ + a)/(α + ω) ≤ α·a/(α + ω) ≤ a`.
#[test]
fn buying_before_a_dissolution_never_pays() {
	for pool in POOLS {
		for others in [false, true] {
			let mut chain = chain(pool, 2);
			if others {
				chain = chain.staked(owner(), validator(), SUBNET, Tao(pool * UNIT * 3 / 10));
			}
			chain.build().execute_with(|| {
				blocks(70);
				let reserve = market(SUBNET).pool.tao.get();
				let least = market_params().min_stake.get();
				let mut nearest = i128::MIN;
				let found = best(least, reserve / 3, |size| {
					undone(|| {
						let won = gain(&attacker(), || {
							buy(&attacker(), SUBNET, size, 0)?;
							dissolve(SUBNET).ok()?;
							redeem(&attacker(), SUBNET, &validator()).ok()
						});
						nearest = nearest.max(won.unwrap_or(i128::MIN));
						won
					})
				});
				println!(
					"pool {pool:>7} others hold {others:5} best {:>14.9} profit {:>14.9}",
					in_tao(nearest),
					in_tao(found.1)
				);
				assert!(nearest > i128::MIN, "it was tried");
				assert_eq!(found.1, 0, "nothing is to be won");
			});
		}
	}
}

/// Hopping onto root for the block in which an epoch closes: its dividends drip over the tempo that
/// follows, so that a stake of one block earns one block. Each hop wins at most twice what a stake of
/// the same size that stays earns in a block: the drip is fastest right after a close, at most as
/// fast as what is left and what was added over one tempo, and the mean is at least half of that
/// where no epoch brings more than all before it together.
#[test]
fn hopping_through_root_epochs_earns_the_blocks_that_were_stayed() {
	const STAKE: Tao = tao(500);
	const SPAN: u32 = 600;
	let stays = coldkey(0xcc);
	let mut chain = warm_chain(1_000, EmissionRule::TaoReserve)
		.funded(stays.clone(), tao(1_000))
		.staked(owner(), validator(), NetUid::ROOT, tao(1_000));
	chain.market.min_root_sale = dtao_primitives::Alpha(1_000_000);
	chain.build().execute_with(|| {
		blocks(300);
		add(&stays, NetUid::ROOT, &validator(), STAKE, 0).expect("it has TAO");
		let (mut hops, mut won, mut largest) = (0u64, 0u64, 0u64);
		for _ in 0..SPAN {
			let now = System::block_number();
			let closes = (1..=3).any(|netuid| {
				<Dtao as MarketInspect>::epoch_closes_at(NetUid(netuid)) == Some(now + 1)
			});
			let before = free(&attacker());
			if closes {
				add(&attacker(), NetUid::ROOT, &validator(), STAKE, 0).expect("it has TAO");
			}
			next_block();
			if closes {
				remove(&attacker(), NetUid::ROOT, &validator(), Amount::All, Tao::ZERO)
					.expect("it has a stake");
				let gained = free(&attacker()) - before;
				(hops, won, largest) = (hops + 1, won + gained, largest.max(gained));
			}
			System::reset_events();
		}
		let earned = stake_of(&stays, NetUid::ROOT, &validator()) - STAKE.get();
		let a_block = earned / u64::from(SPAN);
		println!("{hops} hops won {won} rao, at most {largest}; staying earned {a_block} a block");
		assert!(hops >= 3 * u64::from(SPAN / 60) - 3 && earned > 0);
		assert!(largest <= 2 * a_block + 1, "a block's stay earns about a block");
		assert!(won <= hops * (2 * a_block + 1));
		check_invariants();
	});
}
