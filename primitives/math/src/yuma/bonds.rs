//! How bonds follow the weights.

use super::{
	consensus::Consensus,
	entry::Entry,
	matrix::Matrix,
	product::{between, part, wide},
	rate::{liquid, Distance},
	rows::{header, Row, HEADER},
	scale::Normal,
	since::Since,
	table::Table,
	validators::Validators,
	BondsVersion, Input, Rate,
};
use alloc::vec::Vec;
use core::{mem::take, ops::Range};
use sp_arithmetic::PerU16;

/// All uids that there may be.
const UIDS: Range<u16> = 0..256;

/// The bonds after an epoch.
#[derive(Debug)]
pub(super) struct Bonds {
	/// A row a seat with a permit, packed, in parts of [`ONE`](super::ONE).
	pub(super) rows: Vec<u8>,
	/// How many there are.
	pub(super) count: u32,
	/// What the validators' bonds sum to, by uid of the miner.
	pub(super) sums: Table<u64>,
	/// What of each validator's weight lies within the consensus, by its uid.
	pub(super) within: Table<u64>,
}

/// What bonds are moved by.
pub(super) struct Step<'a> {
	/// The seats, the bonds that the last epoch left, and the rules.
	pub(super) input: &'a Input<'a>,
	/// Since when the seats have their holders.
	pub(super) since: &'a Since,
	/// The validators' normalised weights.
	pub(super) weights: &'a Matrix,
	/// What the weights agree on.
	pub(super) consensus: &'a Consensus,
	/// Who gave them.
	pub(super) validators: &'a Validators,
}

/// One validator and one miner, in parts of [`ONE`](super::ONE).
#[derive(Clone, Copy)]
struct Pair {
	/// What the validator gives the miner.
	weight: u64,
	/// The bond that there was.
	bond: u64,
}

/// What all validators' bonds in one miner have in common.
#[derive(Clone, Copy, Default)]
struct Column {
	/// What the validators agree on.
	consensus: u64,
	/// Of Yuma 1: what the validators' weights and stakes buy, to be normalised.
	bought: Normal,
	/// Of Yuma 1: the bonds there were, to be normalised.
	held: Normal,
}

impl Step<'_> {
	/// Move each bond towards its target.
	pub(super) fn take(&self) -> Bonds {
		match self.input.params.rate {
			Rate::Fixed(rate) => self.take_at(|_| rate),
			Rate::Liquid { low, high, steepness } => {
				self.take_at(|distance| liquid(low, high, steepness, distance))
			},
		}
	}

	/// Move each bond at a rate.
	fn take_at(&self, rate: impl Fn(Distance) -> PerU16) -> Bonds {
		let penalty = self.input.params.bonds_penalty;
		let next = |weight, consensus, held, bought| {
			between(held, bought, rate(Distance { weight, consensus, bond: held }))
		};
		match self.input.params.bonds_version {
			BondsVersion::Yuma3 => self.grow(&self.consensus(), |pair, column, _| {
				let counted = counted(penalty, pair.weight, column.consensus);
				next(pair.weight, column.consensus, pair.bond, counted)
			}),
			BondsVersion::Yuma1 => self.grow(&self.columns(), |pair, column, share| {
				let counted = wide(share, counted(penalty, pair.weight, column.consensus));
				let (held, bought) =
					(column.held.apply_word(pair.bond), column.bought.apply(counted));
				next(pair.weight, column.consensus, held, bought)
			}),
		}
	}

	/// The bonds that follow.
	///
	/// - `next`: the bond that follows of a pair, of its column and of the validator's share.
	fn grow(&self, columns: &Table<Column>, next: impl Fn(Pair, &Column, u64) -> u64) -> Bonds {
		let seats = self.input.seats.len();
		let mut words = Vec::with_capacity(self.most());
		let (mut sums, mut within) = (Table::filled(0_u64), Table::filled(0_u64));
		let mut count = 0_u32;
		// Zero but for the row at hand.
		let (mut given, mut held) = (Table::filled(0), Table::filled(0));
		for (uid, weights, bonds) in self.rows() {
			weights.iter().for_each(|entry| given.put(entry.seat(), entry.value()));
			if let Some(row) = bonds {
				self.since.entries(&row).for_each(|entry| held.put(entry.seat(), entry.value()));
			}
			let share = self.validators.share(uid);
			let counts = self.validators.speaks(uid);
			// A row of weights sums to at most one, and a column to 256 bonds of 48 bits.
			let mut clipped = 0_u64;
			let pairs = given.first_mut(seats).iter_mut().zip(held.first_mut(seats));
			let columns = columns.first(seats).iter().zip(sums.first_mut(seats));
			for ((weight, bond), (column, sum)) in pairs.zip(columns) {
				if *weight | *bond == 0 {
					continue;
				}
				let pair = Pair { weight: take(weight), bond: *bond };
				clipped = clipped.wrapping_add(pair.weight.min(column.consensus));
				*bond = next(pair, column, share);
				*sum = sum.wrapping_add(if counts { *bond } else { 0 });
			}
			if let Ok(uid) = u8::try_from(uid) {
				within.put(uid, clipped);
			}
			let bonds = pack(held.first_mut(seats), uid, self.input.now, &mut words);
			count = count.saturating_add(bonds.into());
		}
		Bonds { rows: words.into_flattened(), count, sums, within }
	}

	/// The most words that the bonds may take, headers included.
	fn most(&self) -> usize {
		let rows = self.validators.permits.iter().filter(|permit| **permit).count();
		let bonds = self.input.bonds.bytes().len() / HEADER;
		let entries = self.weights.len().saturating_add(bonds);
		rows.saturating_add(entries.min(rows.saturating_mul(self.input.seats.len())))
	}

	/// The columns of Yuma 3.
	fn consensus(&self) -> Table<Column> {
		let column = |consensus: &u64| Column { consensus: *consensus, ..Column::default() };
		Table::of(self.consensus.values.iter().map(column), Column::default())
	}

	/// The columns of Yuma 1.
	fn columns(&self) -> Table<Column> {
		let penalty = self.input.params.bonds_penalty;
		let mut bought = Table::filled(0_u128);
		let mut held = Table::filled(0_u64);
		for (uid, weights, bonds) in self.rows() {
			let share = self.validators.share(uid);
			for entry in weights {
				let consensus = self.consensus.values.at(entry.seat());
				let counted = wide(share, counted(penalty, entry.value(), consensus));
				bought.change(entry.seat(), |sum| sum.wrapping_add(counted));
			}
			for entry in bonds.iter().flat_map(|row| self.since.entries(row)) {
				held.change(entry.seat(), |sum| sum.wrapping_add(entry.value()));
			}
		}
		let sums = bought.iter().zip(held.iter()).zip(self.consensus.values.iter());
		let columns = sums.map(|((bought, held), consensus)| Column {
			consensus: *consensus,
			bought: Normal::of(*bought),
			held: Normal::of((*held).into()),
		});
		Table::of(columns, Column::default())
	}

	/// Of each seat with a permit, by uid: its weights, and its bonds if its holder had any.
	fn rows(&self) -> impl Iterator<Item = (u16, &[Entry], Option<Row<'_, 8>>)> {
		let mut bonds = self.input.bonds.iter().peekable();
		let seats = (0..).zip(self.input.seats).zip(&self.validators.permits);
		seats.zip(self.weights.lines()).filter_map(move |(((uid, seat), permit), weights)| {
			let row = bonds.next_if(|row| row.uid == uid);
			let row = row.filter(|row| seat.registered_at < row.at);
			permit.then_some((uid, weights, row))
		})
	}
}

/// w̃, the weight that buys bonds: what is above the consensus counts less by the penalty.
fn counted(penalty: PerU16, weight: u64, consensus: u64) -> u64 {
	weight.wrapping_sub(part(penalty, weight.saturating_sub(consensus)))
}

/// Append what is not zero of a row, and leave zeros.
fn pack(row: &mut [u64], uid: u16, at: u32, words: &mut Vec<[u8; HEADER]>) -> u16 {
	let start = words.len();
	words.push([0; HEADER]);
	for (bond, about) in row.iter_mut().zip(UIDS) {
		if *bond > 0 {
			words.push(Entry::new(about, take(bond)).write());
		}
	}
	let count =
		u16::try_from(words.len().saturating_sub(start)).unwrap_or(u16::MAX).saturating_sub(1);
	match words.get_mut(start) {
		Some(place) if count > 0 => *place = header(uid, count, at),
		_ => words.truncate(start),
	}
	count
}
