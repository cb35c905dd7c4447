//! Closed loops: whoever trades, moves and transfers in a circle, within one block, does not have
//! more at the end than at the beginning, with fees or without.

use super::{
	random::{
		random_block,
		world::{accomplice, fast_chain, looper, World},
	},
	support::{add, free, market_params, move_stake, remove, send, set_market, tao, undone},
};
use crate::{AccountId, Dtao, Runtime, System};
use dtao_primitives::{views::PositionView, Amount, Fill, MarketParams, NetUid, Tao};
use pallet_dtao::Call;
use rand::Rng;
use sp_runtime::Perbill;

/// Blocks of random calls, and loops tried after each.
const BLOCKS: u32 = 1_200;
const LOOPS: u32 = 8;
/// Steps of a loop, at most.
const STEPS: u32 = 7;

type Place = (NetUid, AccountId);

fn positions(who: &AccountId) -> Vec<PositionView<AccountId>> {
	Dtao::positions(who)
}

/// A place where there can be stake.
fn place(world: &mut World) -> Place {
	(world.tradeable(), world.backed())
}

fn part(world: &mut World, of: u64) -> Amount {
	match world.chance(1, 3) {
		true => Amount::All,
		false => Amount::Exact(world.rng.gen_range(0..=of)),
	}
}

/// A step by one of the two accounts. It may be refused.
fn step(world: &mut World, spends: u64) {
	let who = if world.chance(1, 4) { accomplice() } else { looper() };
	let other = if who == looper() { accomplice() } else { looper() };
	let held = positions(&who);
	let one = world.one(&held);
	let (netuid, hotkey) = place(world);
	let limit_price = world.limit(netuid);
	let fill = if world.chance(1, 2) { Fill::Partial } else { Fill::FillOrKill };
	let stake = Tao(world.rng.gen_range(0..=spends.max(1)));
	// What is refused changes nothing: a loop has a step less.
	let _refused = match (world.rng.gen_range(0..8), one) {
		(0, _) | (_, None) => add(&who, netuid, &hotkey, stake, 0),
		(1, _) => {
			send(&who, Call::add_stake_limit { netuid, hotkey, tao: stake, limit_price, fill })
		},
		(2, Some(held)) => {
			remove(&who, held.netuid, &held.hotkey, part(world, held.alpha), Tao::ZERO)
		},
		(3, Some(held)) => {
			let limit_price = world.limit(held.netuid);
			let amount = part(world, held.alpha);
			let (netuid, hotkey) = (held.netuid, held.hotkey);
			send(&who, Call::remove_stake_limit { netuid, hotkey, amount, limit_price, fill })
		},
		(4..=5, Some(held)) => {
			let amount = part(world, held.alpha);
			move_stake(&who, (held.netuid, &held.hotkey), (netuid, &hotkey), amount)
		},
		(_, Some(held)) => {
			let amount = part(world, held.alpha);
			let (netuid, hotkey) = (held.netuid, held.hotkey);
			send(&who, Call::transfer_stake { to_coldkey: other, netuid, hotkey, amount })
		},
	};
}

/// Bring all that the accomplice has to the looper.
fn bring_together() {
	for held in positions(&accomplice()) {
		let (netuid, hotkey) = (held.netuid, held.hotkey);
		let call =
			Call::transfer_stake { to_coldkey: looper(), netuid, hotkey, amount: Amount::All };
		send(&accomplice(), call).expect("all of a position can be given away");
	}
}

/// Sell all but what is at `home`, as far as that can be: some is worth nothing, some is too much
/// for one trade, or for several.
fn sell_but(home: Option<&Place>) {
	for _ in 0..6 {
		for held in positions(&looper()) {
			let is_home = home.is_some_and(|(n, h)| *n == held.netuid && *h == held.hotkey);
			if is_home {
				continue;
			}
			let all = remove(&looper(), held.netuid, &held.hotkey, Amount::All, Tao::ZERO);
			if all.is_err() {
				let half = Amount::Exact(held.alpha / 2);
				let _refused = remove(&looper(), held.netuid, &held.hotkey, half, Tao::ZERO);
			}
		}
	}
}

fn both_free() -> u64 {
	free(&looper()) + free(&accomplice())
}

/// From TAO to TAO.
fn loop_of_tao(world: &mut World) {
	let before = both_free();
	for _ in 0..world.rng.gen_range(1..=STEPS) {
		let spends = tao(3).get();
		step(world, spends);
	}
	bring_together();
	sell_but(None);
	let after = both_free();
	assert!(after <= before, "a loop won {} rao", after - before);
}

/// From a position to the same position: what it brings in TAO on the way is staked there again.
fn loop_of_alpha(world: &mut World) {
	let home = place(world);
	if add(&looper(), home.0, &home.1, tao(2), 0).is_err() {
		return;
	}
	let held = || super::support::stake_of(&looper(), home.0, &home.1);
	let (tao_before, alpha_before) = (both_free(), held());
	for _ in 0..world.rng.gen_range(1..=STEPS) {
		let spends = both_free().saturating_sub(tao_before).min(free(&looper()));
		step(world, spends);
	}
	bring_together();
	sell_but(Some(&home));
	let surplus = free(&looper()).saturating_sub(tao(9_998).get());
	let _refused = add(&looper(), home.0, &home.1, Tao(surplus), 0);
	let (tao_after, alpha_after) = (both_free(), held());
	let not_less = tao_after >= tao_before && alpha_after >= alpha_before;
	let more = tao_after > tao_before || alpha_after > alpha_before;
	assert!(
		!(not_less && more),
		"a loop made {tao_before} rao and {alpha_before} atoms {tao_after} and {alpha_after}"
	);
}

/// Hazard E1: through every kind of trade and move, in the state of a busy chain.
#[test]
fn no_closed_loop_makes_a_profit_with_fees_or_without() {
	fast_chain().execute_with(|| {
		let mut world = World::new(0x0d7a_0004);
		let mut closed = [0u32; 2];
		for _ in 0..BLOCKS {
			random_block(&mut world, 6, |_, _| ());
			world.look();
			for _ in 0..LOOPS {
				let swap_fee = match world.chance(1, 2) {
					true => Perbill::zero(),
					false => MarketParams::default().swap_fee,
				};
				let of_tao = world.chance(1, 2);
				undone(|| {
					set_market(MarketParams { swap_fee, ..market_params() }).expect("it is root");
					match of_tao {
						true => loop_of_tao(&mut world),
						false => loop_of_alpha(&mut world),
					}
				});
				closed[usize::from(of_tao)] += 1;
			}
			System::reset_events();
		}
		println!("{} loops of ALPHA, {} of TAO", closed[0], closed[1]);
		let holds = pallet_dtao::Positions::<Runtime>::iter_key_prefix(looper()).count();
		assert_eq!(holds, 0, "each loop was undone");
	});
}
