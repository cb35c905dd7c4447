//! Promise 4: root is the quiet place.

use super::*;
use crate::Runtime;

/// What a stake earned in a day of twelve-second blocks, on root and on the subnets, in percent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Yields {
	pub(super) root: f64,
	/// The mean over the subnets, weighted by the TAO in their pools. A dividend and the stake that
	/// earned it are ALPHA of one subnet, so that the price falls out.
	pub(super) direct: f64,
}

/// Blocks in a day of twelve seconds each.
const DAY: f64 = 7_200.0;

/// What Carol holds in each subnet, root first, all settled.
fn holdings() -> Vec<u64> {
	Dtao::positions(&carol()).into_iter().map(|position| position.alpha).collect()
}

/// Root and direct yields over `epochs` epochs, on `n` subnets of different sizes on which a fifth of
/// the pool's TAO is staked.
///
/// Root's stake is checked in each block: it never falls.
pub(super) fn measure(n: u16, epochs: u32) -> Yields {
	const TEMPO: u32 = 60;
	let pools: Vec<_> = (0..n).map(|k| 8_000 + 2_000 * (u64::from(k) % 5)).collect();
	let mut chain =
		subnets_of(&pools, TEMPO).staked(carol(), validator(), NetUid::ROOT, tao(20_000));
	for (netuid, pool) in (1..).map(NetUid).zip(&pools) {
		chain = chain.staked(carol(), validator(), netuid, tao(pool / 5));
	}
	chain.build().execute_with(|| {
		// Root's first dividends have begun to drip.
		blocks(3 * TEMPO);
		let netuids: Vec<_> = (1..=n).map(NetUid).collect();
		let before = holdings();
		let mut root = root_stake();
		let span = epochs * TEMPO;
		for _ in 0..span {
			next_block();
			System::reset_events();
			let now = root_stake();
			assert!(now >= root, "root's stake never falls: {now} < {root}");
			root = now;
		}
		let per_day =
			|gained: u64, of: u64| gained as f64 / of as f64 * DAY / f64::from(span) * 100.0;
		let (mut weighted, mut weight) = (0.0, 0.0);
		let after = holdings();
		for (n, netuid) in (1..).zip(&netuids) {
			let rate = per_day(after[n] - before[n], before[n]);
			let tao = market(*netuid).pool.tao.get() as f64;
			(weighted, weight) = (weighted + rate * tao, weight + tao);
		}
		check_invariants();
		let root = per_day(after[0] - before[0], before[0]);
		Yields { root, direct: weighted / weight }
	})
}

/// What Carol has on root, as far as it is settled: every close of an epoch settles it.
fn root_stake() -> u64 {
	let id = super::super::support::id_of(&validator());
	let shares = crate::Dtao::shares_of(&carol(), NetUid::ROOT, id);
	let pool = pallet_dtao::RootPools::<Runtime>::get(id).stake;
	pool.value(shares).expect("the position has a value")
}

/// Root's stake is TAO, and only rises; but root's stakers earn less than those who take a subnet's
/// risk, however many subnets there are.
#[test]
fn promise_4_root_never_falls_and_yields_less_than_direct_stake() {
	for n in [1, 12, 128] {
		let Yields { root, direct } = measure(n, 3);
		println!("{n:3} subnets: root {root:.4} % a day, direct {direct:.4} %");
		assert!(root > 0.0, "{n} subnets: root earns");
		assert!(root < direct, "{n} subnets: root earns less");
	}
}
