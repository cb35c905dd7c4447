//! `yuma` against the same epoch in exact rationals, on dense matrices.

mod exact;
mod yuma_subnet;

use dtao_math::yuma::{logistic, BondsVersion, Rate, ONE, ONE_Q30, WHOLE};
use exact::q;
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use yuma_subnet::{bond, subnet, Subnet};

type Vector = Vec<BigRational>;
type Dense = Vec<Vector>;

/// An epoch in exact rationals: nothing is rounded but the rate of liquid alpha, which is made of
/// the integers' weights.
#[derive(Debug)]
struct Exact {
	permits: Vec<bool>,
	/// What each miner's bonds of Yuma 1 were bought for: the sum of its column.
	bought: Vector,
	consensus: Vector,
	trust: Vector,
	validator_trust: Vector,
	bonds: Dense,
	incentives: Vector,
	dividends: Vector,
}

fn zero() -> BigRational {
	q(0)
}

fn least(one: &BigRational, other: &BigRational) -> BigRational {
	one.min(other).clone()
}

/// A part of a whole; nothing of nothing.
fn part_of(part: &BigRational, whole: &BigRational) -> BigRational {
	if *whole == zero() {
		zero()
	} else {
		part / whole
	}
}

/// Parts of one; all zero if the values are.
fn normalised(values: &[BigRational]) -> Vector {
	let sum = values.iter().sum();
	values.iter().map(|value| part_of(value, &sum)).collect()
}

fn transposed(matrix: &Dense) -> Dense {
	(0..matrix.len()).map(|column| matrix.iter().map(|row| row[column].clone()).collect()).collect()
}

/// Each column a part of one.
fn by_column(matrix: &Dense) -> Dense {
	transposed(&transposed(matrix).iter().map(|column| normalised(column)).collect())
}

/// A matrix of what a function says of each row and column.
fn matrix(count: usize, value: impl Fn(usize, usize) -> BigRational) -> Dense {
	(0..count).map(|i| (0..count).map(|j| value(i, j)).collect()).collect()
}

/// The greatest value that voices of at least κ of all give or exceed.
fn median(column: &[BigRational], stakes: &[BigRational], kappa: u16) -> BigRational {
	let majority = q(kappa) / q(65_535) * stakes.iter().sum::<BigRational>();
	let agreed = column.iter().filter(|value| {
		let voices = column.iter().zip(stakes).filter(|(other, _)| other >= value);
		voices.map(|(_, stake)| stake).sum::<BigRational>() >= majority
	});
	agreed.max().cloned().unwrap_or_else(zero)
}

impl Subnet {
	fn counts(&self, uid: usize) -> bool {
		let seat = self.seats[uid];
		seat.stake > 0
			&& (seat.stake >= self.params.stake_threshold || Some(uid as u16) == self.owner)
	}

	/// Whether both seats had their holders of now before a block.
	fn is_of_these(&self, i: usize, j: usize, at: u32) -> bool {
		self.seats[i].registered_at < at && self.seats[j].registered_at < at
	}

	/// One by one: the owner's, then always the greatest stake that is left.
	fn exact_permits(&self) -> Vec<bool> {
		let count = self.seats.len();
		let mut permits: Vec<bool> = (0..count).map(|i| Some(i as u16) == self.owner).collect();
		while permits.iter().filter(|permit| **permit).count() < self.params.max_validators.into() {
			let left = (0..count).rev().filter(|i| !permits[*i] && self.counts(*i));
			let Some(next) = left.max_by_key(|i| self.seats[*i].stake) else { break };
			permits[next] = true;
		}
		permits
	}

	fn exact(&self) -> Exact {
		let count = self.seats.len();
		let params = self.params;
		let permits = self.exact_permits();
		let stakes: Vector = (0..count)
			.map(|i| match permits[i] && self.seats[i].active && self.counts(i) {
				true => q(self.seats[i].stake),
				false => zero(),
			})
			.collect();
		let shares = normalised(&stakes);

		let raw = matrix(count, |i, j| {
			let of_others = i != j || Some(i as u16) == self.owner;
			let set_at = self.weights.get(&(i as u16)).map_or(0, |(at, _)| *at);
			match stakes[i] > zero() && of_others && self.is_of_these(i, j, set_at) {
				true => q(self.weight(i as u16, j as u16)),
				false => zero(),
			}
		});
		let weights: Dense = raw.iter().map(|row| normalised(row)).collect();
		let consensus: Vector = transposed(&weights)
			.iter()
			.map(|column| match shares.iter().any(|share| *share > zero()) {
				true => median(column, &stakes, params.kappa.deconstruct()),
				false => zero(),
			})
			.collect();
		let clipped = matrix(count, |i, j| least(&weights[i][j], &consensus[j]));
		let ranks: Vector =
			(0..count).map(|j| (0..count).map(|i| &shares[i] * &clipped[i][j]).sum()).collect();
		let given: Vector =
			(0..count).map(|j| (0..count).map(|i| &shares[i] * &weights[i][j]).sum()).collect();
		let trust = ranks.iter().zip(&given).map(|(rank, given)| part_of(rank, given)).collect();
		let validator_trust = clipped.iter().map(|row| row.iter().sum()).collect();
		let incentives = normalised(&ranks);

		let penalty = q(params.bonds_penalty.deconstruct()) / q(65_535);
		let bought =
			matrix(count, |i, j| &weights[i][j] - &penalty * (&weights[i][j] - &clipped[i][j]));
		let held = matrix(count, |i, j| {
			match permits[i] && self.is_of_these(i, j, self.now.saturating_sub(360)) {
				true => q(bond(&self.bonds, i as u16, j as u16)) / q(ONE),
				false => zero(),
			}
		});
		let columns = matrix(count, |i, j| &shares[i] * &bought[i][j]);
		let spent = transposed(&columns).iter().map(|column| column.iter().sum()).collect();
		let (bought, held) = match params.bonds_version {
			BondsVersion::Yuma3 => (bought, held),
			BondsVersion::Yuma1 => (by_column(&columns), by_column(&held)),
		};
		let bonds = matrix(count, |i, j| {
			let rate = rate(params.rate, &weights[i][j], &consensus[j], &held[i][j]);
			&rate * &bought[i][j] + (q(1) - &rate) * &held[i][j]
		});

		let validators = matrix(count, |i, j| match stakes[i] > zero() {
			true => bonds[i][j].clone(),
			false => zero(),
		});
		let earned: Vector = by_column(&validators)
			.iter()
			.map(|row| row.iter().zip(&incentives).map(|(part, of)| part * of).sum())
			.collect();
		let earned: Vector = match params.bonds_version {
			BondsVersion::Yuma1 => earned,
			BondsVersion::Yuma3 => earned.iter().zip(&shares).map(|(one, by)| one * by).collect(),
		};
		let sum: BigRational = earned.iter().sum();
		let dividends = if sum == zero() { shares } else { normalised(&earned) };
		Exact {
			permits,
			bought: spent,
			consensus,
			trust,
			validator_trust,
			bonds,
			incentives,
			dividends,
		}
	}
}

/// α, of the integers' weights.
fn rate(
	rate: Rate,
	weight: &BigRational,
	consensus: &BigRational,
	held: &BigRational,
) -> BigRational {
	let parts = match rate {
		Rate::Fixed(rate) => rate.deconstruct().into(),
		Rate::Liquid { low, high, steepness } => {
			let [weight, consensus, held] = [weight, consensus, held].map(in_parts_of_one);
			let distance =
				if weight >= held { weight.saturating_sub(consensus) } else { held - weight };
			let range = u64::from(high.deconstruct() - low.deconstruct());
			u64::from(low.deconstruct()) + range * logistic(distance, steepness) / ONE_Q30
		},
	};
	q(parts) / q(65_535)
}

fn in_parts_of_one(value: &BigRational) -> u64 {
	(value * q(ONE)).floor().to_integer().try_into().unwrap()
}

/// How many units an integer is from an exact part of its whole.
fn distance(parts: impl Into<BigInt>, whole: u64, exact: &BigRational) -> BigRational {
	let distance = q(parts) - exact * q(whole);
	if distance < zero() {
		-distance
	} else {
		distance
	}
}

/// Split the whole by exact weights as § 6 does.
fn apportioned(weights: &[BigRational]) -> Vec<BigInt> {
	let mut whole = q(WHOLE);
	let mut left: BigRational = weights.iter().sum();
	let parts = weights.iter().map(|weight| match *weight == zero() {
		true => BigInt::from(0),
		false => {
			let part = (&whole * weight / &left).floor();
			whole -= &part;
			left -= weight;
			part.to_integer()
		},
	});
	parts.collect()
}

/// The integers against the exact values, each within its bound.
fn check(subnet: &Subnet) -> Result<(), TestCaseError> {
	let outcome = subnet.epoch();
	let exact = subnet.exact();
	let seats = 0..subnet.seats.len();
	prop_assert_eq!(&outcome.permits, &exact.permits);
	for (i, j) in seats.clone().flat_map(|i| seats.clone().map(move |j| (i, j))) {
		// The less a column of Yuma 1 sums to, the more a rounded weight in it counts.
		let rounded = match subnet.params.bonds_version == BondsVersion::Yuma1 {
			true if exact.bought[j] > zero() => q(2) / &exact.bought[j],
			_ => zero(),
		};
		let off = distance(bond(&outcome.bonds, i as u16, j as u16), ONE, &exact.bonds[i][j]);
		prop_assert!(off < q(4) + rounded, "bond {} {} is off by {}", i, j, off);
	}
	let shown = [
		(&outcome.consensus, &exact.consensus),
		(&outcome.trust, &exact.trust),
		(&outcome.validator_trust, &exact.validator_trust),
	];
	for (parts, exact) in shown {
		for (part, exact) in parts.iter().zip(exact) {
			prop_assert!(distance(*part, 65_535, exact) <= q(1), "{:?} {:?}", parts, exact);
		}
	}
	let apportioned = [
		(&outcome.incentives, apportioned(&exact.incentives)),
		(&outcome.dividends, apportioned(&exact.dividends)),
	];
	for (parts, exact) in apportioned {
		for (part, exact) in parts.iter().zip(&exact) {
			let off = BigInt::from(*part) - exact;
			prop_assert!(*off.magnitude() <= 2_u32.into(), "{:?} {:?}", parts, exact);
		}
	}
	Ok(())
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_024))]

	/// Each of the parts, of a whole of 2³² − 1, is within two units of the exact one as it would
	/// be apportioned. Bonds are within four, of 2⁴⁸ − 1, but for what Yuma 1 makes of them.
	#[test]
	fn an_epoch_is_the_exact_one(subnet in subnet()) {
		check(&subnet)?;
	}
}
