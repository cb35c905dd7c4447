//! Promises 3 and 5: how a new subnet's price begins, and what being early is worth.

use super::{super::support::id_of, *};
use crate::Runtime;
use dtao_primitives::MarketParams;
use sp_runtime::FixedU128;

/// Sell all that the owner, the miner and their hotkeys' stakers have earned on `netuid`.
pub(super) fn sell_rewards(netuid: NetUid) {
	for (who, hotkey) in [(alice(), validator()), (bob(), miner())] {
		let id = id_of(&hotkey);
		let shares = crate::Dtao::shares_of(&who, netuid, id);
		let pool = pallet_dtao::HotkeyPools::<Runtime>::get((netuid, id)).stake;
		let held = pool.value(shares).expect("a position has a value");
		let held = held.min(market(netuid).pool.alpha.get() / 4);
		if held > UNIT / 10 {
			let sold = remove(&who, netuid, &hotkey, Amount::Exact(held), Tao::ZERO);
			sold.expect("a quarter of the reserve can be sold");
		}
	}
}

/// A subnet's price at the end of each of `n` blocks.
pub(super) fn price_path(netuid: NetUid, n: u32, sells: bool) -> Vec<FixedU128> {
	let path = (0..n).map(|_| {
		next_block();
		System::reset_events();
		if sells {
			sell_rewards(netuid);
		}
		market(netuid).pool.price()
	});
	path.collect()
}

/// The chain on which a new subnet joins two others, and its netuid.
pub(super) fn newcomer() -> (Chain, NetUid) {
	(subnets_of(&[1_000; 3], 60), NetUid(3))
}

/// A subnet starts at exactly 1 TAO per ALPHA. With no further stake and its rewards being sold, the
/// price falls. With nobody selling it does not; and where it has fallen, the chain's purchases lift
/// it.
#[test]
fn promise_3_a_new_subnet_starts_at_one_and_falls_while_rewards_are_sold() {
	let (chain, netuid) = newcomer();
	chain.staked(alice(), validator(), netuid, tao(10)).build().execute_with(|| {
		// Registered by a call, it is no different.
		let call =
			pallet_subnets::Call::register_subnet { hotkey: hotkey(9), max_lock: Tao(u64::MAX) };
		super::super::support::send(&carol(), call).expect("she can pay");
		let fresh = market(NetUid(4)).pool;
		assert_eq!(fresh.tao.get(), fresh.alpha.get(), "as many atoms as rao");
		assert_eq!(fresh.price(), FixedU128::from_u32(1));

		let start = market(netuid).pool.price();
		let kept = undone(|| price_path(netuid, 1_200, false));
		let sold = price_path(netuid, 1_200, true);
		assert!(kept.iter().all(|price| *price >= start), "with nobody selling it never falls");
		assert!(sold[1_199] < start, "with rewards being sold it falls");
		assert!(sold[1_199] < sold[599] && sold[599] < sold[120], "and goes on falling");
		check_invariants();
	});
	// Far below what its emission pays for, the chain buys, and lifts the price.
	subnets_of(&[1_000], 60)
		.staked(carol(), validator(), NetUid(1), tao(300))
		.build()
		.execute_with(|| {
			let netuid = NetUid(1);
			let held = stake_of(&carol(), netuid, &validator());
			remove(&carol(), netuid, &validator(), Amount::Exact(held / 2), Tao::ZERO).unwrap();
			price_path(netuid, 300, true);
			let fallen = market(netuid).pool.price();
			assert!(fallen < FixedU128::from_u32(1));
			let lifted = price_path(netuid, 600, false);
			assert!(lifted.windows(2).all(|two| two[0] <= two[1]), "it only rises");
			assert!(lifted[599] > fallen, "since nobody sells");
		});
}

/// Early stakers hold more ALPHA than later ones for the same TAO, when the price rose in between:
/// each exactly what the pool's formula says.
#[test]
fn promise_5_early_stakers_hold_more_alpha_for_the_same_tao() {
	subnets(&[1_000]).build().execute_with(|| {
		let netuid = NetUid(1);
		let expected = |paid: u64| {
			let pool = market(netuid).pool;
			let fee = MarketParams::default().swap_fee.mul_ceil(paid);
			let (reserve, net) = (u128::from(pool.alpha.get()), u128::from(paid - fee));
			(reserve * net / (u128::from(pool.tao.get()) + net)) as u64
		};
		let early = expected(10 * UNIT);
		add(&bob(), netuid, &validator(), tao(10), 0).expect("he has it");
		assert_eq!(stake_of(&bob(), netuid, &validator()), early);

		let price = market(netuid).pool.price();
		add(&alice(), netuid, &validator(), tao(200), 0).expect("she has it");
		assert!(market(netuid).pool.price() > price, "the price rose");

		let late = expected(10 * UNIT);
		add(&carol(), netuid, &validator(), tao(10), 0).expect("she has it");
		assert_eq!(stake_of(&carol(), netuid, &validator()), late);
		assert!(early > late, "{early} atoms against {late}");

		// The one who waits while the price falls holds more, instead.
		let all = stake_of(&alice(), netuid, &validator());
		remove(&alice(), netuid, &validator(), Amount::Exact(all / 2), Tao::ZERO).unwrap();
		assert!(expected(10 * UNIT) > late);
	});
}
