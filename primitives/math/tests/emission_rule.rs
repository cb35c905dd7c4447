//! `emission_rule`: by what a block's TAO is shared.

mod exact;

use dtao_math::{
	apportion::apportion,
	ema::{flow_step, rate, ONE_Q64},
	emission_rule::{weights, EmissionRule, Signal, FLOW_SCALE},
	MathError,
};
use exact::{amount, q};
use proptest::prelude::*;
use EmissionRule::{FlowEma, PriceEma, TaoReserve};

/// The cutoff that cuts nothing.
const NONE: i128 = i128::MIN;

fn weigh(rule: EmissionRule, signals: &[Signal]) -> Vec<u128> {
	let mut out = vec![u128::MAX; signals.len()];
	weights(rule, signals, &mut out).unwrap();
	out
}

fn flows(flows: &[i128]) -> Vec<Signal> {
	flows.iter().map(|flow| Signal { tao: 1, price_ema: 1, flow: *flow }).collect()
}

/// "If a subnet holds 30 % of all staked TAO across the network, it receives 30 % of the new TAO
/// emissions per block."
#[test]
fn a_subnet_with_thirty_per_cent_of_the_tao_gets_thirty_per_cent_of_the_emission() {
	let emission = 1_000_000_000;
	let reserves = [300_000_000_000_u64, 450_000_000_000, 250_000_000_000];
	let signals = reserves.map(|tao| Signal { tao, ..Signal::default() });
	let mut parts = [0; 3];
	apportion(emission, &weigh(TaoReserve, &signals), &mut parts).unwrap();
	assert_eq!(parts, [300_000_000, 450_000_000, 250_000_000]);
}

#[test]
fn each_rule_reads_its_own_signal() {
	let signals = [
		Signal { tao: 3, price_ema: ONE_Q64, flow: 10 },
		Signal { tao: 5, price_ema: 7, flow: 20 },
	];
	assert_eq!(weigh(TaoReserve, &signals), [3, 5]);
	assert_eq!(weigh(PriceEma, &signals), [ONE_Q64, 7]);
	let rule = FlowEma { cutoff: NONE, power: 1 };
	assert_eq!(weigh(rule, &signals), [FLOW_SCALE / 2, FLOW_SCALE]);
}

#[test]
fn flow_weights_match_hand_worked_ones() {
	let top = FLOW_SCALE; // 268 435 455, three times 89 478 485.
	let third = top / 3;
	// (cutoff, power, flows) => weights
	let cases: [(i128, u8, &[i128], &[u128]); 9] = [
		(NONE, 1, &[30, 10, 0], &[top, third, 0]),
		(NONE, 1, &[20, 0, -10], &[top, third, 0]), // Level −10: 30, 10, 0.
		(NONE, 1, &[7, 8], &[top / 8 * 7 + 6, top]), // ⌊7/8 · (8·33 554 431 + 7)⌋.
		(-5, 1, &[10, 0, -10], &[top, third, 0]),   // Level −5: 15, 5, 0.
		(5, 1, &[20, 10, 5], &[top, third, 0]),     // Level 5, above zero: 15, 5, 0.
		(NONE, 2, &[30, 10], &[top * top, third * third]),
		(NONE, 4, &[3, 1], &[top.pow(4), third.pow(4)]),
		(0, 1, &[-3, -2], &[1, 1]),        // None above: by TAO.
		(NONE, 3, &[0, 0, 0], &[1, 1, 1]), // All at the level: by TAO.
	];
	for (cutoff, power, signals, expected) in cases {
		let weights = weigh(FlowEma { cutoff, power }, &flows(signals));
		assert_eq!(weights, expected, "cutoff {cutoff}, power {power}, {signals:?}");
	}
}

/// Hazard E21: a subnet that lost least among losers is the one that is paid.
#[test]
fn where_all_lose_the_smallest_loss_weighs_most() {
	let weights = weigh(FlowEma { cutoff: NONE, power: 1 }, &flows(&[-30, -20, -10]));
	assert_eq!(weights, [0, FLOW_SCALE / 2, FLOW_SCALE]);
}

#[test]
fn without_any_weight_the_tao_decides() {
	let signals = [Signal { tao: 3, ..Signal::default() }, Signal { tao: 5, ..Signal::default() }];
	assert_eq!(weigh(PriceEma, &signals), [3, 5]);
	assert_eq!(weigh(FlowEma { cutoff: 0, power: 1 }, &signals), [3, 5]);
}

#[test]
fn without_any_tao_there_is_no_weight() {
	assert_eq!(weigh(PriceEma, &[Signal::default(); 2]), [0, 0]);
	assert_eq!(weigh(TaoReserve, &[]), [0_u128; 0]);
}

/// Hazard E17: a power out of bounds is refused, not applied.
#[test]
fn a_power_out_of_bounds_is_refused() {
	for power in [0, 5, u8::MAX] {
		let refused = weights(FlowEma { cutoff: 0, power }, &flows(&[1]), &mut [0]);
		assert_eq!(refused, Err(MathError::InvalidParameter), "power {power}");
	}
}

#[test]
fn signals_and_weights_of_different_lengths_are_refused() {
	let refused = weights(TaoReserve, &flows(&[1]), &mut [0; 2]);
	assert_eq!(refused, Err(MathError::InvalidParameter));
}

#[test]
fn a_distance_that_does_not_fit_is_refused() {
	let rule = FlowEma { cutoff: NONE, power: 1 };
	let refused = weights(rule, &flows(&[i128::MIN, i128::MAX]), &mut [0; 2]);
	assert_eq!(refused, Err(MathError::Overflow));
}

/// As many subnets as there may be, each at the largest weight: the sum fits, the split is exact.
#[test]
fn the_heaviest_weights_of_the_most_subnets_can_be_split() {
	let mut signals = vec![Signal { tao: 1, price_ema: 1, flow: i128::MAX / 2 }; 4_096];
	signals[0].flow = 0;
	let weights = weigh(FlowEma { cutoff: NONE, power: 4 }, &signals);
	assert_eq!(weights[1], FLOW_SCALE.pow(4));
	assert!(weights.iter().sum::<u128>() < 1 << 124);

	let mut parts = vec![0; signals.len()];
	apportion(1_000_000_000, &weights, &mut parts).unwrap();
	assert_eq!(parts.iter().sum::<u64>(), 1_000_000_000);
	assert_eq!(parts[0], 0);
}

/// Hazard E14: averages that were warm while another rule was active let no backlog through. The
/// weight after 10⁵ blocks of steady flow is that of the flow, not of its sum.
#[test]
fn switching_the_rule_after_a_long_time_is_no_shock() {
	let rate = rate(216_000).unwrap();
	let (mut small, mut large) = (0, 0);
	for _ in 0..100_000 {
		small = flow_step(small, 1_000_000, rate).unwrap();
		large = flow_step(large, 3_000_000, rate).unwrap();
	}
	assert!(large < 3_000_000 << 32);
	let weights = weigh(FlowEma { cutoff: NONE, power: 1 }, &flows(&[small, large, 0]));
	let third = FLOW_SCALE / 3;
	assert!(weights[0].abs_diff(third) <= 1, "{weights:?}");
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

fn signals() -> impl Strategy<Value = Vec<Signal>> {
	let signal = (amount(), amount(), flow()).prop_map(|(tao, price, flow)| Signal {
		tao,
		price_ema: price.into(),
		flow,
	});
	proptest::collection::vec(signal, 1..40)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_048))]

	/// In exact rationals: the flow's weight is the power of the exact quotient rounded down.
	#[test]
	fn flow_weights_are_the_exact_ones(
		signals in signals(), cutoff in flow(), power in 1..=4_u8,
	) {
		let lowest = signals.iter().map(|signal| signal.flow).min().unwrap();
		let level = cutoff.max(lowest.min(0));
		let above: Vec<_> = signals.iter()
			.map(|signal| (q(signal.flow) - q(level)).max(q(0)))
			.collect();
		let highest = above.iter().max().unwrap().clone();
		prop_assume!(highest > q(0));
		let weights = weigh(FlowEma { cutoff, power }, &signals);
		for (weight, above) in weights.iter().zip(above) {
			let scaled = (above * q(FLOW_SCALE) / &highest).floor();
			prop_assert_eq!(q(*weight), scaled.pow(power.into()));
		}
	}

	/// More flow never weighs less than less flow, and the largest weighs all it can.
	#[test]
	fn flow_weights_keep_the_order_of_flows(signals in signals(), power in 1..=4_u8) {
		prop_assume!(signals.iter().any(|signal| signal.flow != 0));
		let weights = weigh(FlowEma { cutoff: NONE, power }, &signals);
		for (a, weight) in signals.iter().zip(&weights) {
			for (b, other) in signals.iter().zip(&weights) {
				prop_assert!(a.flow < b.flow || weight >= other);
			}
		}
		let all_alike = signals.iter().all(|signal| signal.flow == signals[0].flow);
		if !all_alike {
			prop_assert_eq!(*weights.iter().max().unwrap(), FLOW_SCALE.pow(power.into()));
		}
	}

	/// More TAO in a subnet, a larger share for it and no larger one for any other, in total.
	#[test]
	fn more_tao_is_a_larger_share(
		mut signals in signals(), which in any::<prop::sample::Index>(), emission in amount(),
	) {
		let which = which.index(signals.len());
		let mut before = vec![0; signals.len()];
		signals[which].tao = (signals[which].tao >> 1).max(1);
		apportion(emission, &weigh(TaoReserve, &signals), &mut before).unwrap();
		signals[which].tao *= 2;
		let mut after = vec![0; signals.len()];
		apportion(emission, &weigh(TaoReserve, &signals), &mut after).unwrap();
		prop_assert!(after[which] >= before[which]);
	}
}
