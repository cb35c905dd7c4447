//! What a trade, a share pool and a block's emission cost.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use dtao_bench_math::Numbers;
use dtao_math::{
	apportion::apportion,
	constant_product::{exact_in, exact_out, most_in_to_price, PRICE_ACCURACY},
	emission_rule::{weights, EmissionRule, Signal},
	share_pool,
};
use sp_arithmetic::Perbill;
use std::hint::black_box;

/// 100 000 TAO and 2 000 000 ALPHA.
const TAO: u64 = 100_000_000_000_000;
const ALPHA: u64 = 2_000_000_000_000_000;
const FEE: Perbill = Perbill::from_parts(500_000);
const AMOUNT: u64 = 12_345_678_901;

fn swaps(criterion: &mut Criterion) {
	let mut group = criterion.benchmark_group("swap");
	group.bench_function("by input", |bencher| {
		bencher.iter(|| exact_in(black_box(TAO), ALPHA, black_box(AMOUNT), FEE));
	});
	group.bench_function("by output", |bencher| {
		bencher.iter(|| exact_out(black_box(TAO), ALPHA, black_box(AMOUNT), FEE));
	});
	// A limit 1 % above the price.
	let limit = PRICE_ACCURACY * 101 / 2_000;
	group.bench_function("up to a price", |bencher| {
		bencher.iter(|| most_in_to_price(black_box(TAO), ALPHA, FEE, black_box(limit)));
	});
	group.finish();
}

fn share_pools(criterion: &mut Criterion) {
	// A pool that has been rewarded with a tenth of its deposits.
	let shares = u128::from(ALPHA) << 64;
	let amount = ALPHA + ALPHA / 10;
	let mut group = criterion.benchmark_group("share pool");
	group.bench_function("value", |bencher| {
		bencher.iter(|| share_pool::value(black_box(shares / 3), amount, shares));
	});
	group.bench_function("deposit", |bencher| {
		bencher.iter(|| share_pool::shares_for_deposit(black_box(AMOUNT), amount, shares));
	});
	group.bench_function("withdrawal", |bencher| {
		bencher.iter(|| share_pool::shares_for_withdrawal(black_box(AMOUNT), amount, shares));
	});
	group.finish();
}

fn emission(criterion: &mut Criterion) {
	let mut group = criterion.benchmark_group("emission split");
	for subnets in [128, 1_024] {
		let signals: Vec<_> = Numbers::default().take(subnets).map(signal).collect();
		let mut weighed = vec![0; subnets];
		let mut parts = vec![0; subnets];
		for (name, rule) in [
			("by TAO", EmissionRule::TaoReserve),
			("by price", EmissionRule::PriceEma),
			("by flow", EmissionRule::FlowEma { cutoff: i128::MIN, power: 2 }),
		] {
			group.bench_function(BenchmarkId::new(name, subnets), |bencher| {
				bencher.iter(|| {
					weights(rule, &signals, &mut weighed)?;
					apportion(1_000_000_000, &weighed, &mut parts)
				});
			});
		}
	}
	group.finish();
}

/// A subnet of up to 2⁴⁸ rao, with a price below one.
fn signal(number: u64) -> Signal {
	Signal { tao: number >> 16, price_ema: number.into(), flow: i128::from(number) << 20 }
}

criterion_group!(market, swaps, share_pools, emission);
criterion_main!(market);
