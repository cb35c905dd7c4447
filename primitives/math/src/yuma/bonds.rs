//! How bonds follow the weights.

use super::{
	consensus::Consensus,
	entry::Entry,
	logistic::{logistic, ONE_Q30},
	matrix::Matrix,
	product::{between, part, wide},
	scale::Normal,
	validators::Validators,
	BondsVersion, Params, Rate,
};
use alloc::vec::Vec;
use core::cmp::Ordering;
use sp_arithmetic::PerU16;

/// The bonds after an epoch.
#[derive(Debug)]
pub(super) struct Bonds {
	/// A row a seat with a permit, in parts of [`ONE`](super::ONE).
	pub(super) rows: Matrix,
	/// What the validators' bonds sum to, by uid of the miner.
	pub(super) sums: Vec<u64>,
}

/// What bonds are moved by.
pub(super) struct Step<'a> {
	/// The validators' normalised weights.
	pub(super) weights: &'a Matrix,
	/// The bonds that the last epoch left, of those who may still validate.
	pub(super) bonds: &'a Matrix,
	/// What the weights agree on.
	pub(super) consensus: &'a Consensus,
	/// Who gave them.
	pub(super) validators: &'a Validators,
	/// The rules.
	pub(super) params: &'a Params,
}

/// One validator and one miner: what it gives, and the bond that it had.
#[derive(Clone, Copy)]
struct Pair {
	miner: u16,
	weight: u64,
	bond: u64,
}

/// The columns of Yuma 1, each to be normalised.
struct Columns {
	/// Of what the validators' weights and stakes buy.
	bought: Vec<Normal>,
	/// Of the bonds there were.
	held: Vec<Normal>,
}

impl Step<'_> {
	/// Move each bond towards its target.
	pub(super) fn take(&self) -> Bonds {
		let seats = self.validators.permits.len();
		let columns = match self.params.bonds_version {
			BondsVersion::Yuma1 => Some(self.columns(seats)),
			BondsVersion::Yuma3 => None,
		};
		let most = self.weights.len().saturating_add(self.bonds.len());
		let mut rows = Matrix::with_capacity(seats, most);
		let mut sums = alloc::vec![0_u64; seats];
		for (uid, pairs) in self.pairs() {
			let voice = self.validators.voice(uid);
			for pair in pairs {
				let bond = self.next(pair, voice.share, columns.as_ref());
				if bond == 0 {
					continue;
				}
				rows.push(Entry::new(pair.miner, bond));
				if let Some(sum) = sums.get_mut(usize::from(pair.miner)).filter(|_| voice.speaks())
				{
					// 256 bonds of 48 bits.
					*sum = sum.saturating_add(bond);
				}
			}
			rows.end_line();
		}
		Bonds { rows, sums }
	}

	/// The bond that follows, of a validator with this share of the stake.
	fn next(&self, pair: Pair, share: u64, columns: Option<&Columns>) -> u64 {
		let consensus = self.consensus.value(pair.miner.into());
		let counted = self.counted(pair.weight, consensus);
		let (held, bought) = match columns {
			None => (pair.bond, counted),
			Some(columns) => columns.normalised(pair, wide(share, counted)),
		};
		between(held, bought, rate(self.params.rate, pair.weight, consensus, held))
	}

	/// w̃, the weight that buys bonds: what is above the consensus counts less by the penalty.
	fn counted(&self, weight: u64, consensus: u64) -> u64 {
		match weight.checked_sub(consensus) {
			Some(above) => weight.saturating_sub(part(self.params.bonds_penalty, above)),
			None => weight,
		}
	}

	/// The columns of what is bought and of what was held.
	fn columns(&self, seats: usize) -> Columns {
		let mut bought = alloc::vec![0_u128; seats];
		let mut held = alloc::vec![0_u128; seats];
		for (uid, pairs) in self.pairs() {
			let voice = self.validators.voice(uid);
			for pair in pairs {
				let miner = usize::from(pair.miner);
				let counted = self.counted(pair.weight, self.consensus.value(miner));
				if let Some(sum) = bought.get_mut(miner) {
					*sum = sum.saturating_add(wide(voice.share, counted));
				}
				if let Some(sum) = held.get_mut(miner) {
					*sum = sum.saturating_add(pair.bond.into());
				}
			}
		}
		let normal = |sums: Vec<u128>| sums.into_iter().map(Normal::of).collect();
		Columns { bought: normal(bought), held: normal(held) }
	}

	/// Each seat's pairs, by uid.
	fn pairs(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = Pair> + '_)> + '_ {
		let rows = self.weights.lines().zip(self.bonds.lines()).enumerate();
		rows.map(|(uid, (weights, bonds))| (uid, pairs(weights, bonds)))
	}
}

impl Columns {
	/// The bond that was held and the one that is bought, each in its column.
	fn normalised(&self, pair: Pair, bought: u128) -> (u64, u64) {
		let miner = usize::from(pair.miner);
		let held = self.held.get(miner).map_or(0, |column| column.apply(pair.bond.into()));
		let bought = self.bought.get(miner).map_or(0, |column| column.apply(bought));
		(held, bought)
	}
}

/// α, the part of the way that a bond goes.
fn rate(rate: Rate, weight: u64, consensus: u64, bond: u64) -> PerU16 {
	let (low, high, steepness) = match rate {
		Rate::Fixed(rate) => return rate,
		Rate::Liquid { low, high, steepness } => (low, high, steepness),
	};
	let distance = match weight >= bond {
		true => weight.saturating_sub(consensus),
		false => bond.saturating_sub(weight),
	};
	let range = u64::from(high.deconstruct().saturating_sub(low.deconstruct()));
	// 16 bits by 31.
	let above = range.wrapping_mul(logistic(distance, steepness)) / ONE_Q30;
	let above = u16::try_from(above).unwrap_or(u16::MAX);
	PerU16::from_parts(low.deconstruct().saturating_add(above))
}

/// Merge a row of weights and one of bonds, by uid of the miner.
fn pairs<'a>(weights: &'a [Entry], bonds: &'a [Entry]) -> impl Iterator<Item = Pair> + 'a {
	let mut weights = weights.iter().peekable();
	let mut bonds = bonds.iter().peekable();
	core::iter::from_fn(move || {
		let order = match (weights.peek(), bonds.peek()) {
			(Some(weight), Some(bond)) => weight.uid().cmp(&bond.uid()),
			(Some(_), None) => Ordering::Less,
			(None, _) => Ordering::Greater,
		};
		let weight = weights.next_if(|_| order.is_le());
		let bond = bonds.next_if(|_| order.is_ge());
		Some(Pair {
			miner: weight.or(bond)?.uid(),
			weight: weight.map_or(0, |entry| entry.value()),
			bond: bond.map_or(0, |entry| entry.value()),
		})
	})
}
