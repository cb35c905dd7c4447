//! What the benchmarks of `dtao-math` run on: subnets of a given size, the same in every run.
//!
//! Run them with `cargo bench -p dtao-bench-math`.

use dtao_math::yuma::{
	BondRows, BondsVersion, Input, Outcome, Params, Rate, Rows, Seat, WeightRows,
};
use sp_arithmetic::PerU16;

/// A generator of 64-bit numbers that look random (xorshift), never zero.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Default for Numbers {
	fn default() -> Self {
		Self(0x9E37_79B9_7F4A_7C15)
	}
}

impl Iterator for Numbers {
	type Item = u64;

	fn next(&mut self) -> Option<u64> {
		self.0 ^= self.0 << 13;
		self.0 ^= self.0 >> 7;
		self.0 ^= self.0 << 17;
		Some(self.0)
	}
}

/// The default rules.
pub fn rules(bonds_version: BondsVersion, rate: Rate) -> Params {
	Params {
		kappa: PerU16::from_parts(32_767),
		max_validators: 64,
		stake_threshold: 0,
		bonds_version,
		bonds_penalty: PerU16::from_percent(100),
		rate,
	}
}

/// A subnet whose seats are all taken, and whose first seats validate.
#[derive(Clone, Debug)]
pub struct Subnet {
	seats: Vec<Seat>,
	weights: Vec<u8>,
	bonds: Vec<u8>,
	params: Params,
}

impl Subnet {
	/// A subnet of 256 seats.
	///
	/// - `validators`: how many of them weigh others; the first ones.
	/// - `weights`: how many others each of them weighs; the last ones.
	pub fn new(validators: u16, weights: u16, params: Params) -> Self {
		let mut numbers = Numbers::default();
		let seats = (0_u16..256).zip(numbers.by_ref()).map(|(uid, number)| Seat {
			stake: if uid < validators { 1_000_000_000 + (number >> 12) } else { 0 },
			active: true,
			registered_at: 0,
		});
		let mut subnet =
			Self { seats: seats.collect(), weights: Vec::new(), bonds: Vec::new(), params };
		for uid in 0..validators {
			let row = (0..256).skip(256 - usize::from(weights));
			let row = row.zip(numbers.by_ref()).map(|(about, number)| (about, 1 + number % 65_535));
			let others: WeightRows<'_> = rows(&subnet.weights);
			subnet.weights = others.put(uid, 1, row).expect("ascending");
		}
		subnet.bonds = subnet.epoch().bonds;
		subnet
	}

	/// Close an epoch, as a runtime would: from packed bytes to packed bytes.
	pub fn epoch(&self) -> Outcome {
		let weights: WeightRows<'_> = rows(&self.weights);
		let bonds: BondRows<'_> = rows(&self.bonds);
		let seats = &self.seats;
		let params = self.params;
		dtao_math::yuma::epoch(&Input { seats, owner: None, weights, bonds, now: 360, params })
			.expect("the rules are sound")
	}
}

/// Packed rows, checked.
fn rows<const SIZE: usize>(bytes: &[u8]) -> Rows<'_, SIZE> {
	Rows::decode(bytes).expect("packed by `put`")
}
