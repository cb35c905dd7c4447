//! The halvings of TAO and of ALPHA, a unit on each side of every boundary, and the end of both.

use super::*;
use crate::types::Pool;

/// The most of each token, in base units.
const CAP: u64 = 21_000_000_000_000_000;
/// What a block makes before the first halving.
const E: u64 = 1_000_000_000;

/// TAO that a block mints on a chain with this issuance.
fn minted_at(issuance: u64) -> u64 {
	TestExt::one_subnet().execute_with(|| {
		set_issuance(issuance);
		let before = market(NETUID).pool.tao.get();
		run_blocks(1);
		let minted = Balances::total_issuance() - issuance;
		assert_eq!(market(NETUID).pool.tao.get() - before, minted);
		minted
	})
}

/// Hazard E13: exact at each boundary, by hand.
#[test]
fn tao_halves_exactly_at_each_boundary() {
	let boundaries = [
		(CAP / 2, E, E / 2),
		(CAP / 4 * 3, E / 2, E / 4),
		(CAP / 8 * 7, E / 4, E / 8),
		// 21·10¹⁵/2¹⁰ is not an integer: ⌈CAP·1023/1024⌉ is the first past the tenth halving.
		(20_979_492_187_500_000, E >> 9, E >> 10),
	];
	for (at, before, after) in boundaries {
		assert_eq!(minted_at(at - 1), before, "a rao before {at}");
		assert_eq!(minted_at(at), after, "at {at}");
		assert_eq!(minted_at(at + 1), after, "a rao after {at}");
	}
}

#[test]
fn tao_follows_the_rule_at_every_halving() {
	for n in 1..=29u32 {
		// The first issuance with I·2ⁿ ≥ C·(2ⁿ − 1).
		let at = rules::ceil(CAP.into(), (1 << n) - 1, 1 << n) as u64;
		for issuance in [at - 1, at, at + 1] {
			assert_eq!(minted_at(issuance), rules::emission(issuance), "halving {n}");
		}
		assert_eq!((rules::emission(at - 1), rules::emission(at)), (E >> (n - 1), E >> n));
	}
}

/// Hazard E17: no block ever mints past the cap.
#[test]
fn at_its_cap_no_tao_is_minted() {
	for issuance in [CAP - 1, CAP] {
		assert_eq!(minted_at(issuance), 0);
	}
}

/// With nothing left to mint the participants' ALPHA goes on, and root's stake is spread by the
/// reserves: here, with the price at 1, R·τ/Στ.
#[test]
fn when_no_tao_is_emitted_roots_stake_is_spread_by_the_reserves() {
	TestExt::new().subnet(600).subnet(400).seats(1).execute_with(|| {
		set_issuance(CAP);
		for netuid in [NETUID, NetUid(2)] {
			edit(netuid, |market| {
				market.root_stake = tao(1_000);
				market.outstanding = Alpha::ZERO;
			});
			reward(ALICE, netuid, HOTKEY, alpha(50).get());
		}
		events();
		run_blocks(1);

		assert_eq!(Balances::total_issuance(), CAP);
		for (netuid, seed) in [(1, 600), (2, 400)] {
			let market = market(NetUid(netuid));
			// G = 0.18·1000·seed/1000 ALPHA, against 50 outstanding.
			let g = 180_000_000 * seed;
			let root = rules::floor(410_000_000, g.into(), u128::from(g + 50_000_000_000)) as u64;
			// A ten-thousandth of the reserve is sold, and what it brought is the pool's loss.
			let sold = (seed * E / 10_000).min(root);
			assert_eq!(market.buckets.root.get(), root - sold, "subnet {netuid}");
			assert_eq!(market.buckets.validators.get(), 410_000_000 - root);
			assert_eq!(market.buckets.owner.get(), 180_000_000);
			assert_eq!(market.pool.alpha.get(), seed * E + sold);
			assert_eq!(market.pool.tao.get() + market.root_tao.get(), seed * E);
		}
		assert!(matches!(
			events()[..],
			[Event::EmissionDistributed {
				minted: Tao(0),
				chain_bought: Tao(0),
				alpha_to_pools: Alpha(0),
				alpha_to_participants: Alpha(2_000_000_000),
				..
			}]
		));
	});
}

/// A block of a subnet with this ALPHA issuance, of which all but the pool's is burnt: the record
/// before and after.
fn block_at(issuance: u64) -> (Market, Market) {
	TestExt::one_subnet().execute_with(|| {
		edit(NETUID, |market| market.burnt = Alpha(issuance - market.pool.alpha.get()));
		let before = market(NETUID);
		assert_eq!(before.issuance(), Ok(Alpha(issuance)));
		run_blocks(1);
		(before, market(NETUID))
	})
}

/// Hazard E11: a subnet's participants are paid by its own clock, burnt ALPHA included.
#[test]
fn alpha_halves_exactly_at_each_boundary() {
	for (at, before, after) in [(CAP / 2, E, E / 2), (CAP / 4 * 3, E / 2, E / 4)] {
		for (issuance, base) in [(at - 1, before), (at, after), (at + 1, after)] {
			let (_, block) = block_at(issuance);
			let buckets = block.buckets;
			assert_eq!(buckets.owner.get(), base / 100 * 18, "at {issuance}");
			assert_eq!(buckets.miners.get(), base / 100 * 41, "at {issuance}");
			assert_eq!(buckets.validators.get(), base / 100 * 41, "at {issuance}");
			assert_eq!(block.outstanding.get(), base, "at {issuance}");
		}
	}
}

/// Hazard E11: the most ALPHA that enters the pool is halved by the same clock; the TAO is not.
#[test]
fn the_cap_of_the_injection_halves_with_alpha() {
	// A price of 1: all of 1 TAO enters with 1 ALPHA, to the last atom before the halving.
	let (_, block) = block_at(CAP / 2 - 1);
	assert_eq!(block.pool, Pool { tao: tao(1_001), alpha: alpha(1_001) });

	// At the halving half an ALPHA enters with half a TAO, and the other half of it buys
	// ⌊1000.5·0.5/1001⌋ ALPHA.
	let (_, block) = block_at(CAP / 2);
	let bought = 499_750_249;
	let left = Alpha(1_000_500_000_000 - bought);
	assert_eq!(block.pool, Pool { tao: tao(1_001), alpha: left });
}

/// Hazards E11, E17: at its cap a subnet makes no ALPHA, for nobody, and all of its TAO buys.
#[test]
fn at_its_cap_no_alpha_is_made_and_all_tao_buys() {
	let (before, block) = block_at(CAP);
	// ⌊1000·1/1001⌋ ALPHA.
	let bought = 999_000_999;
	assert_eq!(block.outstanding, Alpha::ZERO);
	assert_eq!(block.pool, Pool { tao: tao(1_001), alpha: Alpha(alpha(1_000).get() - bought) });
	assert_eq!(block.burnt, before.burnt);
	// What was bought is recycled: the clock goes back.
	assert_eq!(block.issuance(), Ok(Alpha(CAP - bought)));
}

/// Two subnets of different age in one block, each by its own clock, the TAO by one.
#[test]
fn subnets_of_different_age_halve_apart() {
	TestExt::new().subnet(500).subnet(500).seats(1).execute_with(|| {
		edit(NetUid(2), |market| market.burnt = Alpha(CAP / 2));
		run_blocks(1);
		assert_eq!(market(NETUID).outstanding, Alpha(E));
		assert_eq!(market(NetUid(2)).outstanding, Alpha(E / 2));
		for netuid in [1, 2] {
			assert_eq!(market(NetUid(netuid)).pool.tao.get(), tao(500).get() + E / 2);
		}
	});
}
