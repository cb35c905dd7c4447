//! `participants`: who gets the ALPHA of a block.

mod exact;

use dtao_math::{
	participants::{mean_root_as_alpha, root_as_alpha, root_factor, split, Cuts},
	MathError,
};
use exact::{amount, is_floor, q};
use num_bigint::BigInt;
use proptest::prelude::*;
use sp_arithmetic::Perbill;

const OWNER_CUT: Perbill = Perbill::from_percent(18);
const TAO_WEIGHT: Perbill = Perbill::from_percent(18);

/// Hazard E10: each cut is of the right base, at each share of root.
#[test]
fn splits_match_hand_worked_ones() {
	// (o, owner cut in %, g, outstanding) => (owner, miners, validators, root)
	let splits = [
		// 180 to the owner, 410 to the miners, 410 to be shared with root.
		((1_000, 18, 0, 100), (180, 410, 410, 0)), // Root 0 %.
		((1_000, 18, 1, 3), (180, 410, 308, 102)), // 25 %: 102.5, rounded down.
		((1_000, 18, 100, 100), (180, 410, 205, 205)), // 50 %.
		((1_000, 18, 100, 0), (180, 410, 0, 410)), // 100 %.
		((1_000, 18, 0, 0), (180, 410, 410, 0)),   // Nobody has any stake.
		((1_001, 18, 0, 100), (180, 410, 411, 0)), // 180.18; the odd atom is the validators'.
		((1_000, 0, 0, 100), (0, 500, 500, 0)),
		((1_000, 100, 50, 50), (1_000, 0, 0, 0)),
		((0, 18, 50, 50), (0, 0, 0, 0)),
		((1, 18, 50, 50), (0, 0, 1, 0)), // The last atom is never lost.
	];
	for ((o, cut, g, outstanding), (owner, miners, validators, root)) in splits {
		assert_eq!(
			split(o, Perbill::from_percent(cut), g, outstanding),
			Ok(Cuts { owner, miners, validators, root }),
			"{o} at {cut} %, root {g} against {outstanding}"
		);
	}
}

/// Hazard E11: the split is the same share of one ALPHA, of a half and of a quarter.
#[test]
fn halving_the_emission_halves_each_cut() {
	let whole = split(1_000_000_000, OWNER_CUT, 1, 4).unwrap();
	assert_eq!(
		whole,
		Cuts { owner: 180_000_000, miners: 410_000_000, validators: 328_000_000, root: 82_000_000 }
	);
	for halvings in 1..=4 {
		let cuts = split(1_000_000_000 >> halvings, OWNER_CUT, 1, 4).unwrap();
		assert_eq!(cuts.owner, whole.owner >> halvings);
		assert_eq!(cuts.miners, whole.miners >> halvings);
		assert_eq!(cuts.validators, whole.validators >> halvings);
		assert_eq!(cuts.root, whole.root >> halvings);
	}
}

#[test]
fn root_stakes_match_hand_worked_ones() {
	// (w in %, root, e, e_total, tao, alpha) => G
	let stakes = [
		((18, 1_000, 10, 10, 100, 100), 180), // One subnet, price 1.
		((18, 1_000, 5, 10, 100, 200), 180),  // Half of it, price ½.
		((18, 1_000, 5, 10, 200, 100), 45),   // Half of it, price 2.
		((18, 1_000, 1, 3, 100, 100), 60),
		((18, 1_000, 1, 7, 100, 100), 25), // 25.7, rounded down.
		((100, 1_000, 10, 10, 100, 100), 1_000),
		((0, 1_000, 10, 10, 100, 100), 0),
		((18, 0, 10, 10, 100, 100), 0),
		((18, 1_000, 0, 10, 100, 100), 0),
	];
	for ((w, root, e, e_total, tao, alpha), g) in stakes {
		assert_eq!(
			root_as_alpha(Perbill::from_percent(w), root, e, e_total, tao, alpha),
			Ok(g),
			"{w} % of {root}, {e} of {e_total}, pool ({tao}, {alpha})"
		);
	}
}

#[test]
fn root_factors_match_hand_worked_ones() {
	// (e, e_total, tao, alpha) => factor
	let factors = [
		((10, 10, 100, 100), 1 << 64), // One subnet, price 1.
		((5, 10, 100, 200), 1 << 64),  // Half of it, price ½.
		((5, 10, 200, 100), 1 << 62),  // Half of it, price 2.
		((1, 3, 1, 1), ((1_u128 << 64) - 1) / 3),
		((0, 10, 100, 100), 0),
	];
	for ((e, e_total, tao, alpha), factor) in factors {
		assert_eq!(
			root_factor(e, e_total, tao, alpha),
			Ok(factor),
			"{e}/{e_total}, {tao}, {alpha}"
		);
	}
}

/// Two blocks at price 1 and two at price ½: the mean worth of a root TAO is 1.5 ALPHA.
#[test]
fn a_mean_root_stake_matches_a_hand_worked_one() {
	let factors: u128 =
		[100, 100, 200, 200].iter().map(|alpha| root_factor(1, 1, 100, *alpha).unwrap()).sum();
	assert_eq!(mean_root_as_alpha(TAO_WEIGHT, 1_000, factors, 4), Ok(270));
	assert_eq!(mean_root_as_alpha(TAO_WEIGHT, 1_000, factors, 0), Err(MathError::ZeroWeight));
}

#[test]
fn what_has_no_value_is_refused() {
	assert_eq!(root_factor(1, 1, 0, 1), Err(MathError::EmptyPool));
	assert_eq!(root_factor(1, 1, 1, 0), Err(MathError::EmptyPool));
	assert_eq!(root_factor(0, 0, 1, 1), Err(MathError::ZeroWeight));
	assert_eq!(root_factor(2, 1, 1, 1), Err(MathError::InvalidParameter));
	let stake = |e, e_total, tao, alpha| root_as_alpha(TAO_WEIGHT, 1, e, e_total, tao, alpha);
	assert_eq!(stake(1, 1, 0, 1), Err(MathError::EmptyPool));
	assert_eq!(stake(1, 1, 1, 0), Err(MathError::EmptyPool));
	assert_eq!(stake(0, 0, 1, 1), Err(MathError::ZeroWeight));
	assert_eq!(stake(2, 1, 1, 1), Err(MathError::InvalidParameter));
	assert_eq!(split(1, OWNER_CUT, u128::MAX, 1), Err(MathError::Overflow));
}

#[test]
fn the_largest_root_stake_fits() {
	let max = u64::MAX;
	let whole = Perbill::one();
	assert_eq!(root_as_alpha(whole, max, 1, 1, 1, max), Ok(u128::from(max) * u128::from(max)));
	assert_eq!(root_as_alpha(whole, max, max, max, max, max), Ok(max.into()));
}

fn cut() -> impl Strategy<Value = Perbill> {
	(0..=1_000_000_000_u32).prop_map(Perbill::from_parts)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(4_096))]

	/// Hazard E9: the cuts sum to what was split, so nothing is paid twice and nothing lost.
	#[test]
	fn the_cuts_sum_to_the_whole(
		o in amount(), cut in cut(), g in any::<u64>(), omega in amount(),
	) {
		let Cuts { owner, miners, validators, root } = split(o, cut, g.into(), omega).unwrap();
		prop_assert_eq!([owner, miners, validators, root].map(BigInt::from).iter().sum::<BigInt>(),
			BigInt::from(o));
		prop_assert!(validators + root - miners <= 1, "validators and miners differ");
	}

	/// In exact rationals: owner and root are below theirs by less than an atom.
	#[test]
	fn cuts_are_exact_ones_rounded_down(
		o in amount(), cut in cut(), g in amount(), wide in 0..60_u32, omega in amount(),
	) {
		let g = u128::from(g) << wide;
		let cuts = split(o, cut, g, omega).unwrap();
		prop_assert!(is_floor(cuts.owner, &(q(o) * q(cut.deconstruct()) / q(1_000_000_000))));
		prop_assert!(is_floor(cuts.miners, &(q(o - cuts.owner) / q(2))));
		if g > 0 || omega > 0 {
			let validating = q(o - cuts.owner - cuts.miners);
			prop_assert!(is_floor(cuts.root, &(validating * q(g) / (q(g) + q(omega)))));
		}
	}

	/// More root stake never earns less, and more ALPHA stake never earns less.
	#[test]
	fn root_is_monotone_in_its_stake(
		o in amount(), g in amount(), more in amount(), omega in amount(),
	) {
		let (g, more) = (u128::from(g), u128::from(more));
		let less = split(o, OWNER_CUT, g, omega).unwrap();
		let greater = split(o, OWNER_CUT, g + more, omega).unwrap();
		prop_assert!(greater.root >= less.root);
		prop_assert_eq!(greater.owner, less.owner);
		prop_assert_eq!(greater.miners, less.miners);
	}

	/// In exact rationals: root's stake is below by less than an atom.
	#[test]
	fn root_stake_is_the_exact_one_rounded_down(
		w in cut(), root in amount(), e in amount(), of in amount(),
		tao in amount(), alpha in amount(),
	) {
		let (e, e_total) = (e.min(of), e.max(of).max(1));
		let (tao, alpha) = (tao.max(1), alpha.max(1));
		let exact = q(w.deconstruct()) / q(1_000_000_000) * q(root) * q(e) / q(e_total)
			* q(alpha) / q(tao);
		let g = root_as_alpha(w, root, e, e_total, tao, alpha).unwrap();
		prop_assert!(is_floor(g, &exact));
	}

	/// In exact rationals: what a root TAO is worth is below by less than 2⁻⁶⁴.
	#[test]
	fn a_root_factor_is_the_exact_one_rounded_down(
		e in amount(), of in amount(), tao in amount(), alpha in amount(),
	) {
		let (e, e_total) = (e.min(of), e.max(of).max(1));
		let (tao, alpha) = (tao.max(1), alpha.max(1));
		let exact = q(1_u128 << 64) * q(e) / q(e_total) * q(alpha) / q(tao);
		prop_assert!(is_floor(root_factor(e, e_total, tao, alpha).unwrap(), &exact));
	}

	/// In exact rationals: root's mean stake is below by less than an atom.
	#[test]
	fn a_mean_root_stake_is_the_exact_one_rounded_down(
		w in cut(), root in 0..1_u64 << 55, factors in 0..1_u128 << 116, blocks in 1..100_000_u32,
	) {
		let exact = q(w.deconstruct()) / q(1_000_000_000) * q(root) * q(factors)
			/ q(1_u128 << 64) / q(blocks);
		let g = mean_root_as_alpha(w, root, factors, blocks).unwrap();
		prop_assert!(is_floor(g, &exact));
	}

	/// A price that is moved in one block of an epoch moves the count by that block's part at most,
	/// however far it is moved up.
	#[test]
	fn a_price_moved_for_one_block_counts_for_one_block(
		root in 1_000_000_u64..1 << 55, tempo in 60..50_400_u32, pump in 1..1_000_u64,
	) {
		let (tao, alpha) = (1_000_000_000_000, 1_000_000_000_000);
		let steady = root_factor(1, 1, tao, alpha).unwrap();
		let moved = root_factor(1, 1, tao * pump, alpha / pump).unwrap();
		let quiet = mean_root_as_alpha(TAO_WEIGHT, root, steady * u128::from(tempo), tempo).unwrap();
		let factors = steady * u128::from(tempo - 1) + moved;
		let pumped = mean_root_as_alpha(TAO_WEIGHT, root, factors, tempo).unwrap();
		prop_assert!(pumped <= quiet);
		prop_assert!(quiet - pumped <= quiet / u128::from(tempo) + 1);
	}

	/// One root TAO is spread over the subnets, not repeated on each: at a price of one its parts
	/// sum to no more than its weight.
	#[test]
	fn root_stake_is_spread(
		root in amount(), shares in proptest::collection::vec(0..1_000_000_u64, 1..20),
	) {
		let e_total: u64 = shares.iter().sum();
		prop_assume!(e_total > 0);
		let spread: u128 = shares.iter()
			.map(|e| root_as_alpha(Perbill::one(), root, *e, e_total, 1_000, 1_000).unwrap())
			.sum();
		prop_assert!(spread <= root.into());
		prop_assert!(spread + (shares.len() as u128) > root.into());
	}
}
