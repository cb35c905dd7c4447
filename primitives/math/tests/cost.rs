//! `cost`: prices that rise with each registration and fall in quiet.

mod exact;

use dtao_math::{
	cost::{lock_cost, neuron_cost, neuron_cost_after},
	MathError,
};
use exact::{amount, q};
use proptest::prelude::*;

#[test]
fn lock_costs_match_hand_worked_ones() {
	// (last_paid, blocks_since, interval, min) => cost
	let costs = [
		((1_000, 0, 100, 10), 2_000),
		((1_000, 1, 100, 10), 1_990),
		((1_000, 100, 100, 10), 1_000),
		((1_000, 199, 100, 10), 10),    // On the line, and at the minimum.
		((1_000, 200, 100, 10), 10),    // Zero.
		((1_000, 201, 100, 10), 10),    // Below zero.
		((1_000, u64::MAX, 1, 10), 10), // A quiet without end.
		((u64::MAX, u64::MAX, 1, 10), 10),
		((1_000, 1, 3, 10), 1_667), // 333.3 off, rounded down.
		((0, 0, 100, 10), 10),      // Nobody ever paid.
		((1_000, 0, 100, 5_000), 5_000),
		((u64::MAX / 2, 0, 100, 0), u64::MAX - 1),
	];
	for ((last, since, interval, min), cost) in costs {
		assert_eq!(
			lock_cost(last, since, interval, min),
			Ok(cost),
			"{last} paid {since} blocks ago, interval {interval}, min {min}"
		);
	}
	assert_eq!(lock_cost(1, 1, 0, 1), Err(MathError::InvalidParameter));
	assert_eq!(lock_cost(u64::MAX / 2 + 1, 0, 100, 0), Err(MathError::Overflow));
}

#[test]
fn neuron_costs_match_hand_worked_ones() {
	let max = u64::MAX;
	// (last, blocks_since, half_life, min, max) => cost
	let costs = [
		((1_000, 0, 360, 0, max), 1_000),
		((1_000, 1, 360, 0, max), 999), // 1.39 off, rounded down.
		((1_000, 180, 360, 0, max), 750),
		((1_000, 359, 360, 0, max), 502), // 498.6 off.
		((1_000, 360, 360, 0, max), 500),
		((1_000, 540, 360, 0, max), 375),
		((1_000, 3 * 360, 360, 0, max), 125),
		((1_000, 4 * 360, 360, 0, max), 62), // 62.5, rounded down,
		((1_000, 10 * 360, 360, 0, max), 0), // to nothing.
		((max, 64 * 360, 360, 0, max), 0),   // All bits shifted out,
		((max, u32::MAX, 1, 0, max), 0),     // and more than all.
		((1_000, 360, 360, 600, max), 600),
		((1_000, 0, 360, 0, 900), 900),
		((7, 1, 2, 0, max), 5), // From 7 to 3: 2 off.
	];
	for ((last, since, half_life, min, max), cost) in costs {
		assert_eq!(
			neuron_cost(last, since, half_life, min, max),
			Ok(cost),
			"{last}, {since} blocks ago, half-life {half_life}, within {min}..={max}"
		);
	}
	assert_eq!(neuron_cost(1, 1, 0, 0, 1), Err(MathError::InvalidParameter));
	assert_eq!(neuron_cost(1, 1, 1, 2, 1), Err(MathError::InvalidParameter));
}

#[test]
fn neuron_costs_after_match_hand_worked_ones() {
	// (paid, numerator, denominator, min, max) => cost
	let costs = [
		((1_000, 126, 100, 1, 10_000), 1_260),
		((1_001, 126, 100, 1, 10_000), 1_262), // 1 261.26, rounded up.
		((1, 126, 100, 1, 10_000), 2),         // However cheap, it rises.
		((9_000, 126, 100, 1, 10_000), 10_000),
		((0, 126, 100, 5, 10_000), 5),
		((1_000, 1, 1, 1, 10_000), 1_000),
		((u64::MAX, u64::MAX, 1, 1, 10_000), 10_000), // Past any type: the maximum.
	];
	for ((paid, numerator, denominator, min, max), cost) in costs {
		assert_eq!(
			neuron_cost_after(paid, numerator, denominator, min, max),
			Ok(cost),
			"{paid} · {numerator}/{denominator} within {min}..={max}"
		);
	}
}

/// Hazard E17: a factor that would make registering cheaper, or bounds that contradict each other,
/// are refused.
#[test]
fn a_misconfigured_factor_is_refused() {
	for (numerator, denominator, min, max) in [(99, 100, 1, 10), (1, 0, 1, 10), (126, 100, 10, 1)] {
		let refused = neuron_cost_after(1_000, numerator, denominator, min, max);
		assert_eq!(refused, Err(MathError::InvalidParameter), "{numerator}/{denominator}");
	}
}

/// The price at each whole half-life, by halving that often.
#[test]
fn each_half_life_halves_the_price() {
	for last in [1, 7, 1_000_000_000, u64::MAX] {
		let mut halved = last;
		for half_lives in 0..70 {
			let cost = neuron_cost(last, half_lives * 360, 360, 0, u64::MAX);
			assert_eq!(cost, Ok(halved), "{last} after {half_lives} half-lives");
			halved /= 2;
		}
	}
}

/// Between whole half-lives the straight line lies above the exponential, by at most 6.2 %.
#[test]
fn the_line_is_near_the_exponential() {
	let last = 1_000_000_000_000_u64;
	for since in 0..3_600 {
		let cost = neuron_cost(last, since, 360, 0, u64::MAX).unwrap() as f64;
		let exponential = last as f64 * (-f64::from(since) / 360.0).exp2();
		assert!(cost > exponential - 1.5, "{cost} at {since}, not {exponential}");
		assert!(cost < exponential * 1.062 + 1.5, "{cost} at {since}, not {exponential}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// Quiet never makes registering dearer, nor cheaper than the minimum.
	#[test]
	fn a_lock_cost_only_falls(
		last in 0..u64::MAX / 2, since in amount(), more in amount(), interval in 1..1_000_000_u64,
		min in amount(),
	) {
		let now = lock_cost(last, since, interval, min).unwrap();
		let later = lock_cost(last, since.saturating_add(more), interval, min).unwrap();
		prop_assert!(later <= now);
		prop_assert!(later >= min);
	}

	/// In exact rationals: the lock is above by less than a rao.
	#[test]
	fn a_lock_cost_is_the_exact_one_rounded_up(
		last in 0..u64::MAX / 2, since in amount(), interval in 1..1_000_000_u64, min in amount(),
	) {
		let exact = q(last) * q(2) - q(last) * q(since) / q(interval);
		let cost = lock_cost(last, since, interval, min).unwrap();
		prop_assert_eq!(q(cost), exact.ceil().max(q(min)));
	}

	/// The price never rises in quiet, block by block and across half-lives.
	#[test]
	fn a_neuron_cost_only_falls(
		last in amount(), since in 0..u32::MAX, near in 0..10_000_u32, half_life in 1..2_000_u32,
	) {
		for since in [since, near] {
			let now = neuron_cost(last, since, half_life, 0, u64::MAX).unwrap();
			let later = neuron_cost(last, since + 1, half_life, 0, u64::MAX).unwrap();
			prop_assert!(later <= now);
		}
	}

	/// In exact rationals: above the line between two half-lives by less than a rao.
	#[test]
	fn a_neuron_cost_is_the_exact_line_rounded_up(
		last in amount(), since in 0..100_000_u32, half_life in 1..2_000_u32,
	) {
		let halvings = since / half_life;
		let high = if halvings < 64 { last >> halvings } else { 0 };
		let exact = q(high) - q(high - high / 2) * q(since % half_life) / q(half_life);
		let cost = neuron_cost(last, since, half_life, 0, u64::MAX).unwrap();
		prop_assert_eq!(q(cost), exact.ceil());
	}

	/// Both stay within their bounds; registering never makes the next one cheaper.
	#[test]
	fn a_neuron_cost_stays_within_its_bounds(
		last in amount(), since in any::<u32>(), a in amount(), b in amount(),
		percent in 100..300_u64,
	) {
		let (min, max) = (a.min(b), a.max(b));
		let cost = neuron_cost(last, since, 360, min, max).unwrap();
		prop_assert!((min..=max).contains(&cost));
		let next = neuron_cost_after(cost, percent, 100, min, max).unwrap();
		prop_assert!((cost..=max).contains(&next));
		let exact = q(cost) * q(percent) / q(100);
		prop_assert_eq!(q(next), exact.ceil().min(q(max)));
	}
}
