//! Enclosing an order: buy before it and sell after it, or the other way round.

use super::super::{
	next_block,
	support::{market, market_params, stake_of, undone},
};
use super::*;
use crate::Dtao;

/// How much less than the quote a victim accepts, in parts per million.
const BOUNDS: [u64; 4] = [0, 500, 5_000, 50_000];

/// The victim's order, as a part of the pool, in parts per million.
const ORDERS: [u64; 4] = [1_000, 10_000, 100_000, 300_000];

fn part(of: u64, millionths: u64) -> u64 {
	u64::try_from(mul_div(of, millionths, 1_000_000)).expect("a part is smaller")
}

/// What an attacker can win of an order of `order` in, of which `fee` stays in the pool, where the
/// victim accepts `slack` millionths less than the quote and the pool holds `reserve` of what is
/// paid in.
///
/// Whatever happens in between, the product of the reserves does not fall. The attacker leaves with
/// as much of what is bought as it came with, so all that the pool lost of it is what the victim got,
/// `y ≥ (1 − s)·q` for a quote `q`. The pool keeps at least what `y` costs at the old product:
/// with `n` the order less its fee, `reserve·(1 − s)·n / (reserve + s·n)`. What the victim paid
/// beyond that is all that there is to win:
///
/// ```text
/// fee + n − reserve·(1 − s)·n/(reserve + s·n) = fee + s·n·(reserve + n)/(reserve + s·n)
/// ```
///
/// With `s = 0` that is the fee, which an attacker's own two fees exceed; the tests say 0 there.
fn most(reserve: u64, order: u64, fee: u64, slack: u64) -> i128 {
	let net = u128::from(order - fee);
	let (reserve, slack) = (u128::from(reserve), u128::from(slack));
	let slacked = net * slack / 1_000_000 + 1;
	let won = slacked * (reserve + net) / (reserve + slacked);
	i128::try_from(won + u128::from(fee) + 2).expect("it fits")
}

/// A purchase enclosed: the attacker buys, the victim buys with its bound, the attacker sells.
fn enclose_purchase(size: u64, order: u64, least: u64) -> Option<i128> {
	undone(|| {
		gain(&attacker(), || {
			buy(&attacker(), SUBNET, size, 0)?;
			// Refused, the victim loses nothing, and the attacker has still to leave.
			let _ = buy(&victim(), SUBNET, order, least);
			sell_all(&attacker(), SUBNET, &validator())
		})
	})
}

/// A sale enclosed: the attacker sells, the victim sells with its bound, the attacker buys back. Its
/// gain in ALPHA, at the price before.
fn enclose_sale(size: u64, order: u64, least: Tao) -> Option<i128> {
	undone(|| {
		let pool = market(SUBNET).pool;
		let before = i128::from(stake_of(&attacker(), SUBNET, &validator()));
		let bring = |amount: u64, least: Tao, who: &AccountId| {
			remove(who, SUBNET, &validator(), Amount::Exact(amount), least).ok()
		};
		let mut proceeds = 0;
		let sold = gain(&attacker(), || bring(size, Tao::ZERO, &attacker()));
		proceeds += u64::try_from(sold?).ok()?;
		let _ = bring(order, least, &victim());
		buy(&attacker(), SUBNET, proceeds, 0)?;
		let won = i128::from(stake_of(&attacker(), SUBNET, &validator())) - before;
		Some(won * i128::from(pool.tao.get()) / i128::from(pool.alpha.get()))
	})
}

fn print(what: &str, pool: u64, order: u64, slack: u64, found: (u64, i128), most: i128) {
	println!(
		"{what:8} pool {pool:>7} order {:>10.3} bound −{:<5} % attack {:>12.4} profit {:>14.9} ≤ {:>14.9}",
		in_tao(order.into()),
		slack as f64 / 10_000.0,
		in_tao(found.0.into()),
		in_tao(found.1),
		in_tao(most),
	);
}

/// Nothing is to be won where the bound is the quote, and no more than the victim allowed elsewhere.
#[test]
fn an_attacker_wins_nothing_of_a_purchase_bounded_by_its_quote() {
	for pool in POOLS {
		chain(pool, 1).build().execute_with(|| {
			next_block();
			let reserve = market(SUBNET).pool.tao.get();
			for order in ORDERS.map(|millionths| part(reserve, millionths)) {
				let quote =
					Dtao::quote_add_stake(&victim(), SUBNET, &validator(), Tao(order)).unwrap();
				for slack in BOUNDS {
					let least = quote.amount_out - part(quote.amount_out, slack);
					let min_stake = market_params().min_stake.get();
					let found =
						best(min_stake, reserve / 3, |size| enclose_purchase(size, order, least));
					let most = most(reserve, order, quote.fee, slack);
					print("purchase", pool, order, slack, found, most);
					assert!(found.1 <= most, "no more than the victim allowed");
					assert!(slack > 0 || found.1 == 0, "nothing at the quote");
				}
			}
		});
	}
}

/// As for purchases, with the sides exchanged.
#[test]
fn an_attacker_wins_nothing_of_a_sale_bounded_by_its_quote() {
	for pool in POOLS {
		chain(pool, 1).build().execute_with(|| {
			next_block();
			for who in [victim(), attacker()] {
				let third = market(SUBNET).pool.tao.get() / 3;
				buy(&who, SUBNET, third, 0).expect("a third may be staked");
			}
			let reserves = market(SUBNET).pool;
			let held = stake_of(&attacker(), SUBNET, &validator());
			let holds = stake_of(&victim(), SUBNET, &validator());
			for millionths in ORDERS {
				let order = part(reserves.alpha.get(), millionths).min(holds / 2);
				let amount = Amount::Exact(order);
				let quote =
					Dtao::quote_remove_stake(&victim(), SUBNET, &validator(), amount).unwrap();
				for slack in BOUNDS {
					let least = Tao(quote.amount_out - part(quote.amount_out, slack));
					let found =
						best(1_000_000, held - held / 100, |size| enclose_sale(size, order, least));
					let most = most(reserves.alpha.get(), order, quote.fee, slack);
					let most = most * i128::from(reserves.tao.get())
						/ i128::from(reserves.alpha.get())
						+ 1;
					print("sale", pool, order, slack, found, most);
					assert!(found.1 <= most, "no more than the victim allowed");
					assert!(slack > 0 || found.1 == 0, "nothing at the quote");
				}
			}
		});
	}
}
