//! `injection`: all of the emission is in the pool's TAO, whichever way it took.

mod exact;

use dtao_math::{
	constant_product::amount_out,
	injection::{inject, Injection},
	MathError,
};
use exact::{amount, is_floor, q};
use proptest::prelude::*;

#[test]
fn injections_match_hand_worked_ones() {
	// (tao, alpha, e, cap, min_reserve) => (alpha_in, tao_with, tao_buy, alpha_bought, tao_alone)
	let injections = [
		// Balanced: both sides, in the pool's proportion.
		((1_000, 1_000, 10, 10, 1), (10, 10, 0, 0, 0)),
		((1_000, 2_000, 10, 20, 1), (20, 10, 0, 0, 0)),
		((2_000, 1_000, 11, 5, 1), (5, 11, 0, 0, 0)), // ⌊5.5⌋ is within the cap.
		((2_000, 1_000, 1, 5, 1), (0, 1, 0, 0, 0)),   // ⌊0.5⌋: TAO enters beside nothing.
		((1_000, 1_000, 0, 10, 1), (0, 0, 0, 0, 0)),
		// Over the cap: the rest buys.
		((1_000, 1_000, 110, 10, 1), (10, 10, 100, 90, 0)), // 1 010·100/1 110 = 90.99.
		((1_000, 3_000, 100, 10, 1), (10, 4, 96, 262, 0)),  // ⌈10/3⌉; 3 010·96/1 100 = 262.69.
		((2_000, 1_000, 12, 5, 1), (5, 10, 0, 0, 2)),       // The price is 2: 2 would buy 0.99.
		((1_000, 1_000, 100, 0, 1), (0, 0, 100, 90, 0)),    // No ALPHA to make: all buys.
		// Clipped, so that the minimum is left.
		((1_000, 1_000, 1_010, 10, 900), (10, 10, 124, 110, 876)), // 1 010·110/900 = 123.4, up.
		((1_000, 1_000, 1_010, 10, 1_010), (10, 10, 0, 0, 1_000)),
		((1_000, 1_000, 1_010, 10, 5_000), (10, 10, 0, 0, 1_000)),
	];
	for ((tao, alpha, e, cap, min_reserve), expected) in injections {
		let (alpha_in, tao_with, tao_buy, alpha_bought, tao_alone) = expected;
		let found = inject(tao, alpha, e, cap, min_reserve).unwrap();
		let expected = Injection { alpha_in, tao_with, tao_buy, alpha_bought, tao_alone };
		assert_eq!(found, expected, "({tao}, {alpha}), e = {e}, cap {cap}, min {min_reserve}");
	}
}

#[test]
fn an_empty_pool_is_refused() {
	assert_eq!(inject(0, 1, 1, 1, 1), Err(MathError::EmptyPool));
	assert_eq!(inject(1, 0, 1, 1, 1), Err(MathError::EmptyPool));
}

#[test]
fn a_reserve_that_would_not_fit_is_refused() {
	assert_eq!(inject(u64::MAX, 1, 1, 1, 1), Err(MathError::Overflow));
	assert_eq!(inject(1, u64::MAX, 1, u64::MAX, 1), Err(MathError::Overflow));
	assert_eq!(inject(1, u64::MAX - 1, 10, 2, 1), Err(MathError::Overflow));
}

/// `(tao, alpha, e, cap, min_reserve)`, of every size, with a minimum that sometimes binds.
fn case() -> impl Strategy<Value = (u64, u64, u64, u64, u64)> {
	let side = || amount().prop_map(|amount| (amount >> 1).max(1));
	let small = || amount().prop_map(|amount| amount >> 2);
	(side(), side(), small(), small(), 0..=120_u64).prop_map(|(tao, alpha, e, cap, percent)| {
		(tao, alpha, e, cap, (alpha / 100).saturating_mul(percent))
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// Hazard E11: every rao of the emission is accounted for once, on every branch.
	#[test]
	fn the_parts_sum_to_the_emission((tao, alpha, e, cap, min) in case()) {
		let Injection { alpha_in, tao_with, tao_buy, tao_alone, .. } =
			inject(tao, alpha, e, cap, min).unwrap();
		prop_assert_eq!(tao_with + tao_buy + tao_alone, e);
		prop_assert!(alpha_in <= cap);
	}

	/// The pool is left with more of `k`, and a price that did not fall.
	#[test]
	fn neither_k_nor_the_price_falls((tao, alpha, e, cap, min) in case()) {
		let injection = inject(tao, alpha, e, cap, min).unwrap();
		let (tao_after, alpha_after) =
			(tao + e, alpha + injection.alpha_in - injection.alpha_bought);
		prop_assert!(q(tao_after) * q(alpha_after) >= q(tao) * q(alpha));
		prop_assert!(q(tao_after) * q(alpha) >= q(tao) * q(alpha_after));
	}

	/// Hazard E7: a chain buy leaves the minimum, and buys nothing where less is there already.
	#[test]
	fn a_chain_buy_leaves_the_minimum((tao, alpha, e, cap, min) in case()) {
		let Injection { alpha_in, alpha_bought, .. } = inject(tao, alpha, e, cap, min).unwrap();
		let alpha_after = alpha + alpha_in - alpha_bought;
		prop_assert!(alpha_after >= min.min(alpha + alpha_in));
		prop_assert!(alpha_after > 0);
	}

	/// Below the cap all of the TAO enters beside ALPHA, in exact proportion but for its last atom.
	#[test]
	fn below_the_cap_nothing_is_bought((tao, alpha, e, cap, min) in case()) {
		let exact = q(e) * q(alpha) / q(tao);
		let injection = inject(tao, alpha, e, cap, min).unwrap();
		if exact < q(cap) + q(1) {
			prop_assert!(is_floor(injection.alpha_in, &exact));
			prop_assert_eq!(injection.tao_with, e);
			prop_assert_eq!(injection.alpha_bought, 0);
		} else {
			prop_assert_eq!(injection.alpha_in, cap);
			prop_assert_eq!(q(injection.tao_with), (q(cap) * q(tao) / q(alpha)).ceil());
		}
	}

	/// A chain buy is a trade without a fee against the reserves after what entered beside it; if
	/// it is clipped, one rao less would not have bought as much.
	#[test]
	fn a_chain_buy_is_a_trade((tao, alpha, e, cap, min) in case()) {
		let injection = inject(tao, alpha, e, cap, min).unwrap();
		let Injection { alpha_in, tao_with, tao_buy, alpha_bought, tao_alone } = injection;
		let (tao, alpha) = (tao + tao_with, alpha + alpha_in);
		let out = |net_in| amount_out(tao, alpha, net_in).unwrap();
		prop_assert_eq!(tao_buy == 0, alpha_bought == 0);
		if alpha_bought > 0 {
			prop_assert!(out(tao_buy) >= alpha_bought);
		}
		if tao_alone > 0 && alpha_bought > 0 {
			prop_assert_eq!(alpha - alpha_bought, min);
			prop_assert!(out(tao_buy - 1) < alpha_bought);
		} else if tao_alone == 0 && alpha_bought > 0 {
			prop_assert!(alpha - out(tao_buy) >= min || alpha - alpha_bought == min);
		} else if tao_alone > 0 {
			prop_assert!(out(tao_alone) == 0 || alpha <= min);
		}
	}
}
