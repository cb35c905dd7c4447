//! Subnets to close epochs on: a builder, and random ones.

#![allow(dead_code, reason = "each test file takes what it needs")]

use dtao_math::{
	yuma::{epoch, BondRows, BondsVersion, Input, Outcome, Params, Rate, Seat, WeightRows, WHOLE},
	MathError,
};
use proptest::{collection::vec, prelude::*};
use sp_arithmetic::PerU16;
use std::collections::BTreeMap;

/// One ALPHA, in atoms.
pub(crate) const ALPHA: u64 = 1_000_000_000;

/// The rules that a subnet starts with, but for the least stake that counts.
pub(crate) const RULES: Params = Params {
	kappa: PerU16::from_parts(32_767),
	max_validators: 64,
	stake_threshold: 0,
	bonds_version: BondsVersion::Yuma3,
	bonds_penalty: PerU16::from_parts(65_535),
	rate: Rate::Fixed(PerU16::from_parts(6_553)),
};

/// The same, of Yuma 1.
pub(crate) const RULES_OF_YUMA_1: Params = Params { bonds_version: BondsVersion::Yuma1, ..RULES };

/// The usual rate of liquid alpha.
pub(crate) const LIQUID: Rate = Rate::Liquid {
	low: PerU16::from_parts(45_875),
	high: PerU16::from_parts(58_982),
	steepness: 10,
};

/// A subnet between two epochs. Its seats were taken at block 0, and its weights set at block 1.
#[derive(Clone, Debug)]
pub(crate) struct Subnet {
	pub(crate) seats: Vec<Seat>,
	pub(crate) owner: Option<u16>,
	/// By validator: the block, and by miner the weight.
	pub(crate) weights: BTreeMap<u16, (u32, BTreeMap<u16, u16>)>,
	pub(crate) bonds: Vec<u8>,
	pub(crate) now: u32,
	pub(crate) params: Params,
}

impl Subnet {
	/// Seats with these stakes, all active, with the default rules.
	pub(crate) fn new(stakes: impl IntoIterator<Item = u64>) -> Self {
		let seat = |stake| Seat { stake, active: true, registered_at: 0 };
		Self {
			seats: stakes.into_iter().map(seat).collect(),
			owner: None,
			weights: BTreeMap::new(),
			bonds: Vec::new(),
			now: 10,
			params: RULES,
		}
	}

	/// With a validator's row, set at block 1.
	pub(crate) fn row(mut self, uid: u16, row: &[(u16, u16)]) -> Self {
		self.weights.insert(uid, (1, row.iter().copied().collect()));
		self
	}

	/// With other rules.
	pub(crate) fn rules(mut self, params: Params) -> Self {
		self.params = params;
		self
	}

	/// With the owner in a seat.
	pub(crate) fn owner(mut self, uid: u16) -> Self {
		self.owner = Some(uid);
		self
	}

	/// What a validator gives a miner.
	pub(crate) fn weight(&self, uid: u16, about: u16) -> u16 {
		self.weights.get(&uid).and_then(|(_, row)| row.get(&about)).copied().unwrap_or(0)
	}

	/// Let a validator give a miner so much.
	pub(crate) fn weigh(&mut self, uid: u16, about: u16, weight: u16) {
		let (_, row) = self.weights.entry(uid).or_insert((1, BTreeMap::new()));
		match weight {
			0 => row.remove(&about),
			_ => row.insert(about, weight),
		};
	}

	/// The weights as they are stored.
	pub(crate) fn packed_weights(&self) -> Vec<u8> {
		let mut bytes = Vec::new();
		for (uid, (at, row)) in self.weights.iter().filter(|(_, (_, row))| !row.is_empty()) {
			let entries = row.iter().map(|(about, weight)| (*about, u64::from(*weight)));
			bytes = WeightRows::decode(&bytes).unwrap().put(*uid, *at, entries).unwrap();
		}
		bytes
	}

	/// Close an epoch.
	pub(crate) fn try_epoch(&self) -> Result<Outcome, MathError> {
		epoch(&Input {
			seats: &self.seats,
			owner: self.owner,
			weights: WeightRows::decode(&self.packed_weights()).unwrap(),
			bonds: BondRows::decode(&self.bonds).unwrap(),
			now: self.now,
			params: self.params,
		})
	}

	/// Close an epoch, and check what holds of every outcome.
	pub(crate) fn epoch(&self) -> Outcome {
		let outcome = self.try_epoch().unwrap();
		let Outcome {
			permits,
			incentives,
			dividends,
			consensus,
			trust,
			validator_trust,
			bonds,
			bond_count,
		} = &outcome;
		let count = self.seats.len();
		assert_eq!([permits.len(), incentives.len(), dividends.len()], [count; 3]);
		assert_eq!([consensus.len(), trust.len(), validator_trust.len()], [count; 3]);
		assert!(sums_to_whole_or_nothing(incentives), "incentives {incentives:?}");
		assert!(sums_to_whole_or_nothing(dividends), "dividends {dividends:?}");
		let most = usize::from(self.params.max_validators).max(1);
		assert!(permits.iter().filter(|permit| **permit).count() <= most);
		for (seat, (permit, dividend)) in self.seats.iter().zip(permits.iter().zip(dividends)) {
			assert!(*dividend == 0 || *permit && seat.active && seat.stake > 0);
		}
		for row in BondRows::decode(bonds).unwrap().iter() {
			assert_eq!(row.at, self.now);
			assert!(permits[usize::from(row.uid)]);
			assert!(row.entries().all(|(about, _)| usize::from(about) < count));
		}
		let entries = BondRows::decode(bonds).unwrap().iter().map(|row| row.entries().len());
		assert_eq!(*bond_count as usize, entries.sum::<usize>());
		outcome
	}

	/// Close an epoch, and keep its bonds for the next, 360 blocks later.
	pub(crate) fn advance(&mut self) -> Outcome {
		let outcome = self.epoch();
		self.bonds.clone_from(&outcome.bonds);
		self.now += 360;
		outcome
	}
}

/// A bond among packed ones.
pub(crate) fn bond(bytes: &[u8], uid: u16, about: u16) -> u64 {
	let row = BondRows::decode(bytes).unwrap().row(uid);
	let entry = row.and_then(|row| row.entries().find(|(of, _)| *of == about));
	entry.map_or(0, |(_, bond)| bond)
}

fn sums_to_whole_or_nothing(parts: &[u32]) -> bool {
	let sum: u64 = parts.iter().copied().map(u64::from).sum();
	sum == WHOLE.into() || sum == 0
}

/// Random subnets, with the bonds of up to three epochs before: some seats without stake, some
/// idle, some taken since, some rows and weights missing, some much smaller than others.
pub(crate) fn subnet() -> impl Strategy<Value = Subnet> {
	(1..=10_usize).prop_flat_map(|count| {
		let stake = prop_oneof![1 => Just(0), 4 => ALPHA..1 << 54, 2 => ALPHA..100 * ALPHA];
		// Taken before the weights were set at block 1, after that, or after the last epoch.
		let taken = prop_oneof![8 => Just(0), 1 => 1..3_u32, 1 => Just(u32::MAX)];
		let seats = vec((stake, prop::bool::weighted(0.9), taken), count);
		let weight = prop_oneof![2 => Just(0), 3 => any::<u16>(), 1 => 1..5_u16];
		let weights = vec(vec(weight, count), count);
		let owner = prop::option::of(0..12_u16);
		(seats, weights, owner, 1..=8_u16, rules(), 0..=3_usize).prop_map(
			|(seats, weights, owner, max_validators, params, epochs)| {
				let mut subnet = Subnet::new(seats.iter().map(|(stake, ..)| *stake));
				for (uid, row) in (0..).zip(&weights) {
					for (about, weight) in (0..).zip(row) {
						subnet.weigh(uid, about, *weight);
					}
				}
				subnet.owner = owner;
				subnet.params = Params { max_validators, ..params };
				let mut subnet = subnet.with_a_past(epochs);
				for (seat, (_, active, taken)) in subnet.seats.iter_mut().zip(seats) {
					seat.active = active;
					seat.registered_at = taken.min(subnet.now - 1);
				}
				subnet
			},
		)
	})
}

impl Subnet {
	/// With the bonds of some epochs with other weights: each row is the next seat's.
	fn with_a_past(self, epochs: usize) -> Self {
		let mut past = self.clone();
		let mut rows: Vec<_> = past.weights.values().cloned().collect();
		for _ in 0..epochs {
			rows.rotate_left(1);
			past.weights = (0..).zip(rows.iter().cloned()).collect();
			drop(past.advance());
		}
		Self { bonds: past.bonds, now: past.now, ..self }
	}
}

/// Random rules, of both versions, with and without liquid alpha.
pub(crate) fn rules() -> impl Strategy<Value = Params> {
	let version = prop_oneof![Just(BondsVersion::Yuma1), Just(BondsVersion::Yuma3)];
	let part = || (1..=u16::MAX).prop_map(PerU16::from_parts);
	let kappa = prop_oneof![3 => Just(RULES.kappa), 1 => part()];
	let penalty = prop_oneof![2 => Just(RULES.bonds_penalty), 1 => part()];
	let liquid = (part(), part(), any::<u8>()).prop_map(|(one, other, steepness)| Rate::Liquid {
		low: one.min(other),
		high: one.max(other),
		steepness,
	});
	let fixed = (600..=u16::MAX).prop_map(|parts| Rate::Fixed(PerU16::from_parts(parts)));
	let rate = prop_oneof![2 => Just(RULES.rate), 2 => fixed, 1 => liquid];
	(version, kappa, penalty, rate).prop_map(|(bonds_version, kappa, bonds_penalty, rate)| Params {
		kappa,
		bonds_version,
		bonds_penalty,
		rate,
		..RULES
	})
}
