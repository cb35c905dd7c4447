//! `ema`: averages that follow, and never overtake.

mod exact;

use dtao_math::{
	ema::{aged_rate, capped_price_q64, flow_step, rate, step, LN2_Q64, ONE_Q64},
	MathError,
};
use exact::{amount, is_floor, q};
use proptest::prelude::*;

const HALF: u64 = 1 << 63;
const HALF_LIFE: u32 = 231_049;
const FLOW_HALF_LIFE: u32 = 216_000;

#[test]
fn steps_match_hand_worked_ones() {
	// (ema, target, rate) => ema
	let steps = [
		((100, 200, HALF), 150),
		((200, 100, HALF), 150),
		((100, 201, HALF), 150), // 50.5, rounded down,
		((201, 100, HALF), 151), // towards the old value from either side.
		((100, 101, HALF), 100), // Half a unit is none.
		((100, 200, 0), 100),
		((0, u128::MAX, u64::MAX), u128::MAX - ONE_Q64), // All but 2⁻⁶⁴ of the distance.
		((u128::MAX, 0, u64::MAX), ONE_Q64),
		((7, 7, u64::MAX), 7),
	];
	for ((ema, target, rate), moved) in steps {
		assert_eq!(step(ema, target, rate), Ok(moved), "{ema} to {target} at {rate}");
	}
}

#[test]
fn flow_steps_match_hand_worked_ones() {
	let rao = 1_i128 << 32;
	// (flow, net_flow, rate) => flow
	let steps = [
		((0, 10, HALF), 5 * rao),
		((0, -10, HALF), -5 * rao),
		((10 * rao, 0, HALF), 5 * rao),
		((-10 * rao, 0, HALF), -5 * rao),
		((1, 0, HALF), 1),   // Half a unit down is none,
		((-1, 0, HALF), -1), // and half a unit up.
		((3 * rao, 3, u64::MAX), 3 * rao),
	];
	for ((flow, net_flow, rate), moved) in steps {
		assert_eq!(flow_step(flow, net_flow, rate), Ok(moved), "{flow} to {net_flow} at {rate}");
	}
}

#[test]
fn rates_match_hand_worked_ones() {
	assert_eq!(rate(1), Ok(LN2_Q64));
	assert_eq!(rate(2), Ok(6_393_154_322_601_327_829)); // Half of it, rounded down.
	assert_eq!(rate(HALF_LIFE), Ok(55_340_246_636_872));
	assert_eq!(rate(0), Err(MathError::InvalidParameter));
}

#[test]
fn aged_rates_match_hand_worked_ones() {
	// (rate, age, ramp) => rate
	let rates = [
		((1_000, 0, 100), 0),
		((1_000, 1, 100), 9), // 9.9, rounded down.
		((1_000, 100, 100), 500),
		((1_000, 300, 100), 750),
		((1_000, 0, 0), 1_000), // No ramp.
		((1_000, 5, 0), 1_000),
		((u64::MAX, u32::MAX, u32::MAX), u64::MAX / 2),
	];
	for ((rate, age, ramp), aged) in rates {
		assert_eq!(aged_rate(rate, age, ramp), Ok(aged), "{rate} at {age} of {ramp}");
	}
}

/// Hazard E18: what enters the average is capped at one, however far the price was pumped.
#[test]
fn prices_match_hand_worked_ones() {
	// (tao, alpha) => price
	let prices = [
		((0, 1), 0),
		((1, 4), ONE_Q64 / 4),
		((1, 3), ONE_Q64 / 3),
		((u64::MAX - 1, u64::MAX), ONE_Q64 - 2), // 2⁶⁴ − 1.000…, rounded down.
		((7, 7), ONE_Q64),
		((8, 7), ONE_Q64),
		((u64::MAX, 1), ONE_Q64),
	];
	for ((tao, alpha), price) in prices {
		assert_eq!(capped_price_q64(tao, alpha), Ok(price), "{tao} / {alpha}");
	}
	assert_eq!(capped_price_q64(1, 0), Err(MathError::EmptyPool));
}

#[test]
fn a_flow_that_does_not_fit_is_refused() {
	assert_eq!(flow_step(0, i128::MAX, 1), Err(MathError::Overflow));
	assert_eq!(flow_step(i128::MIN, 1, 1), Err(MathError::Overflow));
	assert!(flow_step(0, 21_000_000_000_000_000, u64::MAX).is_ok());
}

/// Half of a step is followed in a half-life, to within 10⁻⁵ of it, on the way up and down.
#[test]
fn half_of_a_step_is_followed_in_a_half_life() {
	let rate = rate(HALF_LIFE).unwrap();
	let (mut up, mut down) = (0, ONE_Q64);
	for _ in 0..HALF_LIFE {
		up = step(up, ONE_Q64, rate).unwrap();
		down = step(down, 0, rate).unwrap();
	}
	for ema in [up, down] {
		assert!(ema.abs_diff(ONE_Q64 / 2) < ONE_Q64 / 100_000, "{ema}");
	}
}

/// Hazard E21: a loss is forgotten as fast as a gain, a half in each half-life.
#[test]
fn half_of_a_flow_is_followed_in_a_half_life() {
	let rate = rate(FLOW_HALF_LIFE).unwrap();
	let net_flow = 1_000_000_000;
	let (mut bought, mut sold) = (0, 0);
	for _ in 0..FLOW_HALF_LIFE {
		bought = flow_step(bought, net_flow, rate).unwrap();
		sold = flow_step(sold, -net_flow, rate).unwrap();
	}
	let half = (net_flow << 32) / 2;
	assert!((bought - half).abs() < half / 50_000, "{bought}");
	assert_eq!(bought, -sold);
}

/// Hazards E14 and E18: one block at any price moves an old average by less than 10⁻⁵ of one.
#[test]
fn one_block_hardly_moves_an_average() {
	let rate = rate(HALF_LIFE).unwrap();
	let pumped = capped_price_q64(u64::MAX, 1).unwrap();
	let moved = step(ONE_Q64 / 100, pumped, rate).unwrap() - ONE_Q64 / 100;
	assert!(moved < ONE_Q64 / 100_000, "{moved}");
}

fn q64() -> impl Strategy<Value = u128> {
	(0..u128::BITS, any::<u128>()).prop_map(|(shift, bits)| bits >> shift)
}

fn flow() -> impl Strategy<Value = i128> {
	(any::<bool>(), 2..u128::BITS, any::<u128>()).prop_map(|(sold, shift, bits)| {
		let size = i128::try_from(bits >> shift).unwrap();
		if sold {
			-size
		} else {
			size
		}
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// An average lies between its old value and its target.
	#[test]
	fn an_average_lies_between_its_inputs(ema in q64(), target in q64(), rate in any::<u64>()) {
		let moved = step(ema, target, rate).unwrap();
		prop_assert!((ema.min(target)..=ema.max(target)).contains(&moved));
	}

	/// A higher target never gives a lower average, nor does a higher old value.
	#[test]
	fn an_average_is_monotone(
		ema in q64(), target in q64(), more in q64(), rate in any::<u64>(),
	) {
		let moved = step(ema, target, rate).unwrap();
		prop_assert!(step(ema, target.saturating_add(more), rate).unwrap() >= moved);
		prop_assert!(step(ema.saturating_add(more), target, rate).unwrap() >= moved);
	}

	/// In exact rationals: it falls short of the exact average by less than a unit.
	#[test]
	fn a_step_is_short_by_less_than_a_unit(ema in q64(), target in q64(), rate in any::<u64>()) {
		let moved = step(ema, target, rate).unwrap();
		let exact = (q(target) - q(ema)) * q(rate) / q(ONE_Q64);
		prop_assert_eq!(q(moved) - q(ema), exact.trunc());
	}

	#[test]
	fn a_flow_step_is_short_by_less_than_a_unit(
		flow in flow(), net_flow in any::<i64>(), rate in any::<u64>(),
	) {
		let moved = flow_step(flow, net_flow.into(), rate).unwrap();
		let exact = (q(net_flow) * q(1_u64 << 32) - q(flow)) * q(rate) / q(ONE_Q64);
		prop_assert_eq!(q(moved) - q(flow), exact.trunc());
	}

	/// Buying and selling weigh the same.
	#[test]
	fn a_flow_step_is_odd(flow in flow(), net_flow in any::<i64>(), rate in any::<u64>()) {
		let net_flow = i128::from(net_flow);
		let mirrored = flow_step(-flow, -net_flow, rate).unwrap();
		prop_assert_eq!(flow_step(flow, net_flow, rate).unwrap(), -mirrored);
	}

	/// In exact rationals: rates and prices are below by less than a unit.
	#[test]
	fn rates_and_prices_are_exact_ones_rounded_down(
		half_life in 1..u32::MAX, age in any::<u32>(), ramp in 1..u32::MAX,
		tao in amount(), alpha in amount(),
	) {
		let whole = rate(half_life).unwrap();
		prop_assert!(is_floor(whole, &(q(LN2_Q64) / q(half_life))));

		let aged = aged_rate(whole, age, ramp).unwrap();
		prop_assert!(is_floor(aged, &(q(whole) * q(age) / (q(age) + q(ramp)))));
		prop_assert!(aged <= whole);

		let alpha = alpha.max(1);
		let exact = (q(tao) / q(alpha)).min(q(1)) * q(ONE_Q64);
		prop_assert!(is_floor(capped_price_q64(tao, alpha).unwrap(), &exact));
	}

	/// An average grows into its rate.
	#[test]
	fn an_aged_rate_never_falls(rate in any::<u64>(), age in 0..u32::MAX, ramp in any::<u32>()) {
		let younger = aged_rate(rate, age, ramp).unwrap();
		prop_assert!(aged_rate(rate, age + 1, ramp).unwrap() >= younger);
	}
}
