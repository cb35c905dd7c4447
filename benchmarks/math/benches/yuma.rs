//! An epoch of Yuma on 256 seats, 64 of which validate.

use criterion::{criterion_group, criterion_main, Criterion};
use dtao_bench_math::{rules, Subnet};
use dtao_math::yuma::{BondsVersion, Rate};
use sp_arithmetic::PerU16;

const VALIDATORS: u16 = 64;
const DENSE: u16 = 256;
const SPARSE: u16 = 16;

fn epochs(criterion: &mut Criterion) {
	let fixed = Rate::Fixed(PerU16::from_percent(10));
	let liquid = Rate::Liquid {
		low: PerU16::from_percent(70),
		high: PerU16::from_percent(90),
		steepness: 10,
	};
	let mut group = criterion.benchmark_group("yuma/256 seats, 64 validators");
	for (name, weights, version, rate) in [
		("Yuma 3, dense", DENSE, BondsVersion::Yuma3, fixed),
		("Yuma 3, 16 weights each", SPARSE, BondsVersion::Yuma3, fixed),
		("Yuma 3 with liquid alpha, dense", DENSE, BondsVersion::Yuma3, liquid),
		("Yuma 1, dense", DENSE, BondsVersion::Yuma1, fixed),
		("Yuma 1, 16 weights each", SPARSE, BondsVersion::Yuma1, fixed),
	] {
		let subnet = Subnet::new(VALIDATORS, weights, rules(version, rate));
		group.bench_function(name, |bencher| bencher.iter(|| subnet.epoch()));
	}
	group.finish();
}

criterion_group!(yuma, epochs);
criterion_main!(yuma);
