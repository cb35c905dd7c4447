//! The formulas: none panics, and each keeps what its documentation says.

use crate::Reader;
use dtao_math::{
	apportion::apportion,
	constant_product::{
		amount_in, amount_out, exact_in, exact_out, most_in_to_floor_price, most_in_to_price,
		PRICE_ACCURACY,
	},
	cost::{lock_cost, neuron_cost, neuron_cost_after},
	drip::released,
	ema,
	emission_curve::{block_emission, CAP},
	emission_rule::{weights, EmissionRule, Signal},
	injection::inject,
	participants::{mean_root_as_alpha, root_as_alpha, root_factor, split},
	reward::accrued,
	wide::{mul_div, Rounding},
	MathError,
};
use primitive_types::{U256, U512};
use sp_arithmetic::{PerThing, Perbill};

/// The highest fee for which limits are exact.
const MOST_FEE: u32 = 100_000_000;

type Check = fn(&mut Reader<'_>);

const CHECKS: [Check; 9] = [
	trade,
	round_trip,
	limit,
	injection,
	split_of_a_whole,
	participation,
	averages,
	costs_and_curve,
	multiplication,
];

/// Reads formulas and their arguments from `bytes`, until there are no more.
///
/// # Panics
///
/// If a formula breaks its rule.
pub fn check(bytes: &[u8]) {
	let mut reader = Reader::new(bytes);
	while !reader.is_done() {
		let which = usize::from(reader.u8()) % CHECKS.len();
		CHECKS[which](&mut reader);
	}
}

fn rate(reader: &mut Reader<'_>) -> Perbill {
	Perbill::from_parts(reader.u32() % (Perbill::ACCURACY + 1))
}

fn product(one: u64, other: u64) -> U256 {
	U256::from(one) * U256::from(other)
}

/// A trade pays out less than there is and never lowers the product; the inverse is the least input.
fn trade(reader: &mut Reader<'_>) {
	let (x, y, amount, fee) = (reader.amount(), reader.amount(), reader.amount(), rate(reader));
	let before = product(x, y);
	if let Ok(trade) = exact_in(x, y, amount, fee) {
		assert_eq!(trade.amount_in, amount);
		assert!(trade.amount_out < y && trade.fee <= amount);
		assert!(product(x + amount, y - trade.amount_out) >= before, "k fell");
	}
	if let Ok(trade) = exact_out(x, y, amount, fee) {
		assert_eq!(trade.amount_out, amount);
		assert!(product(x + trade.amount_in, y - amount) >= before, "k fell");
		let same = exact_in(x, y, trade.amount_in, fee).expect("what it costs can be paid");
		assert!(same.amount_out >= amount, "what it costs does not buy it");
		if let Ok(less) = exact_in(x, y, trade.amount_in - 1, fee) {
			assert!(less.amount_out < amount, "less buys it as well");
		}
	}
	match amount_in(x, y, amount) {
		Ok(net) => assert!(amount_out(x, y, net).expect("it fits") >= amount),
		Err(MathError::EmptyPool) => assert!(x == 0 || y == 0),
		Err(MathError::InsufficientReserve) => assert!(amount >= y),
		Err(error) => assert_eq!(error, MathError::Overflow),
	}
}

/// Trades back and forth, in parts, never bring more than was paid.
fn round_trip(reader: &mut Reader<'_>) {
	let (mut x, mut y, fee) = (reader.amount(), reader.amount(), rate(reader));
	let (mut paid, mut holds) = (0_u128, 0_u64);
	for _ in 0..reader.u8() % 8 {
		let (sells, amount) = (reader.u8() % 2 == 1, reader.amount());
		if sells {
			let Ok(trade) = exact_in(y, x, amount.min(holds), fee) else { continue };
			(y, x, holds) = (y + trade.amount_in, x - trade.amount_out, holds - trade.amount_in);
			paid = paid.saturating_sub(trade.amount_out.into());
			continue;
		}
		let Ok(trade) = exact_in(x, y, amount, fee) else { continue };
		(x, y, holds) = (x + trade.amount_in, y - trade.amount_out, holds + trade.amount_out);
		paid += u128::from(trade.amount_in);
		let unwound = exact_in(y, x, holds, fee).map_or(0, |trade| trade.amount_out);
		assert!(u128::from(unwound) <= paid, "{unwound} for {paid}");
	}
}

/// A limit is never crossed, and one unit more would cross it.
fn limit(reader: &mut Reader<'_>) {
	let (x, y, limit) = (reader.amount(), reader.amount(), reader.u128());
	let limit = limit >> (reader.u8() % 128);
	let fee = Perbill::from_parts(reader.u32() % (MOST_FEE + 1));
	let after = |amount: u64, from: u64, to: u64| match amount {
		0 => (from, to),
		_ => {
			let trade = exact_in(from, to, amount, fee).expect("what a limit lets through fits");
			(from + amount, to - trade.amount_out)
		},
	};
	let times = |amount: u64, factor: u128| U512::from(amount) * U512::from(factor);
	if let Ok(most) = most_in_to_price(x, y, fee, limit) {
		let within = |(x, y): (u64, u64)| times(x, PRICE_ACCURACY) <= times(y, limit);
		assert!(most == 0 || within(after(most, x, y)), "the limit is crossed");
		assert!(most == u64::MAX - x || !within(after(most + 1, x, y)), "more would pass");
	}
	if let Ok(most) = most_in_to_floor_price(y, x, fee, limit) {
		let within = |(y, x): (u64, u64)| times(x, PRICE_ACCURACY) >= times(y, limit);
		assert!(most == 0 || within(after(most, y, x)), "the limit is crossed");
		assert!(most == u64::MAX - y || !within(after(most + 1, y, x)), "more would pass");
	}
}

/// What a block gives a pool sums to what there was to give, and neither product nor price falls.
fn injection(reader: &mut Reader<'_>) {
	let [tao, alpha, e, cap, least] = [(); 5].map(|()| reader.amount());
	let Ok(made) = inject(tao, alpha, e, cap, least) else { return };
	assert_eq!(made.tao_with + made.tao_buy + made.tao_alone, e, "its parts sum to the emission");
	assert!(made.alpha_in <= cap);
	let after = (tao + e, alpha + made.alpha_in - made.alpha_bought);
	assert!(product(after.0, after.1) >= product(tao, alpha), "k fell");
	assert!(made.alpha_bought == 0 || after.1 >= least, "the chain buy left too little");
}

/// The parts sum to the whole, and each is at least its floor.
fn split_of_a_whole(reader: &mut Reader<'_>) {
	let (whole, count) = (reader.amount(), usize::from(reader.u8() % 40));
	let given: Vec<u128> = (0..count).map(|_| reader.u128() >> (reader.u8() % 128)).collect();
	let mut parts = vec![0; count];
	match apportion(whole, &given, &mut parts) {
		Ok(()) => {
			assert_eq!(parts.iter().map(|part| u128::from(*part)).sum::<u128>(), whole.into());
			let total: u128 = given.iter().sum();
			for (part, weight) in parts.iter().zip(&given) {
				let floor = U256::from(whole) * U256::from(*weight) / U256::from(total);
				assert!(U256::from(*part) >= floor && (*weight > 0 || *part == 0));
			}
		},
		Err(MathError::ZeroWeight) => assert!(given.iter().all(|weight| *weight == 0)),
		Err(error) => assert_eq!(error, MathError::Overflow),
	}
}

/// The cuts sum to what was split; a seat earns no more than its bucket.
fn participation(reader: &mut Reader<'_>) {
	let [o, outstanding, root, e, e_total, tao, alpha] = [(); 7].map(|()| reader.amount());
	let (cut, weight, blocks) = (rate(reader), reader.u32(), reader.u32());
	let g = root_as_alpha(cut, root, e, e_total, tao, alpha);
	if let Ok(cuts) = split(o, cut, g.unwrap_or_default(), outstanding) {
		assert_eq!(cuts.owner + cuts.miners + cuts.validators + cuts.root, o);
	}
	if let (Ok(g), Ok(factor)) = (g, root_factor(e, e_total, tao, alpha)) {
		let mean = mean_root_as_alpha(cut, root, factor, 1).expect("one block's factor fits");
		assert!(
			mean <= g && g - mean <= u128::from(root) + 1,
			"the mean of one block is that block's"
		);
	}
	let mean = mean_root_as_alpha(cut, root, reader.u128(), blocks);
	assert_eq!(mean == Err(MathError::ZeroWeight), blocks == 0, "{mean:?}");
	assert!(accrued(o, weight).expect("a part") <= o);
	let (elapsed, remaining) = (reader.u32(), reader.u32());
	let first = released(o, elapsed, remaining).expect("a part");
	assert!(first <= o && (elapsed < remaining || first == o));
}

/// An average stays between what it was and what it goes to.
fn averages(reader: &mut Reader<'_>) {
	let (half_life, age, ramp) = (reader.u32(), reader.u32(), reader.u32());
	let (held, target) = (reader.u128() >> 1, reader.u128() >> 1);
	let Ok(rate) = ema::rate(half_life) else { return };
	let rate = ema::aged_rate(rate, age, ramp).unwrap_or(rate);
	if let Ok(next) = ema::step(held, target, rate) {
		assert!(held.min(target) <= next && next <= held.max(target), "{held} to {target}: {next}");
	}
	let (tao, alpha) = (reader.amount(), reader.amount());
	let price = ema::capped_price_q64(tao, alpha);
	assert!(price.is_ok() || tao == 0 || alpha == 0, "{price:?}");
	let flow = reader.u128() as i128 >> 2;
	let next = ema::flow_step(flow, reader.u128() as i128 >> 64, rate);
	assert_ne!(next, Err(MathError::InvalidParameter), "the rate is one");
}

/// Costs stay within their bounds, the curve within the cap, and a rule weighs somebody.
fn costs_and_curve(reader: &mut Reader<'_>) {
	let issuance = reader.amount();
	let made = block_emission(issuance);
	assert!(issuance.saturating_add(made) <= CAP.max(issuance), "the cap is passed");
	let (last, least, most) = (reader.amount(), reader.amount(), reader.amount());
	let (elapsed, interval, half_life) = (reader.amount(), reader.amount(), reader.u32());
	if let Ok(cost) = lock_cost(last, elapsed, interval, least) {
		assert!(cost >= least, "a lock costs {cost} of at least {least}");
	}
	let (blocks, within) = (elapsed as u32, least..=most);
	if let Ok(cost) = neuron_cost(last, blocks, half_life, least, most) {
		assert!(within.is_empty() || within.contains(&cost), "a seat costs {cost} of {within:?}");
	}
	if let Ok(cost) = neuron_cost_after(last, elapsed, interval, least, most) {
		assert!(within.is_empty() || within.contains(&cost), "a seat costs {cost} of {within:?}");
	}
	let count = usize::from(reader.u8() % 20);
	let signals: Vec<_> = (0..count)
		.map(|_| Signal {
			tao: reader.amount(),
			price_ema: reader.u128() >> 48,
			flow: reader.u128() as i128 >> 16,
		})
		.collect();
	let rule = match reader.u8() % 3 {
		0 => EmissionRule::TaoReserve,
		1 => EmissionRule::PriceEma,
		_ => EmissionRule::FlowEma { cutoff: reader.u128() as i128 >> 16, power: reader.u8() % 6 },
	};
	let mut given = vec![0; count];
	if weights(rule, &signals, &mut given).is_ok() {
		let anything = signals.iter().any(|signal| signal.tao > 0);
		assert!(!anything || given.iter().any(|weight| *weight > 0), "nobody weighs anything");
	}
}

/// A product over a divisor is its floor or its ceiling, whatever lies between.
fn multiplication(reader: &mut Reader<'_>) {
	let [a, b, c] = [(); 3].map(|()| reader.u128() >> (reader.u8() % 128));
	if c == 0 {
		return;
	}
	let (floor, rest) = (U256::from(a) * U256::from(b)).div_mod(U256::from(c));
	let ceiling = floor + U256::from(u8::from(!rest.is_zero()));
	for (rounding, exact) in [(Rounding::Down, floor), (Rounding::Up, ceiling)] {
		let expected = u128::try_from(exact).map_err(|_| MathError::Overflow);
		assert_eq!(mul_div(a, b, c, rounding), expected);
	}
}
