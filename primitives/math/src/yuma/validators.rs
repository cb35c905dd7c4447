//! Who may validate, and how much of the say each validator has.

use super::{product::low, table::Table, Input, Seat};
use alloc::vec::Vec;
use core::cmp::Reverse;

/// The validators of an epoch: the seats with a permit that are active and have stake.
#[derive(Debug)]
pub(super) struct Validators {
	/// Who may validate, by uid.
	pub(super) permits: Vec<bool>,
	/// The stake of each seat, by uid, in atoms; none where it does not validate.
	pub(super) stakes: Table<u64>,
	/// σ, its part of all validators' stake, in Q63, rounded down.
	pub(super) shares: Table<u64>,
	/// The stake of all of them, in atoms.
	pub(super) stake: u128,
}

impl Validators {
	/// Grant the permits, and share out the say.
	pub(super) fn of(input: &Input<'_>) -> Self {
		let permits = permits(input);
		let stakes =
			(0..).zip(input.seats).zip(&permits).map(|((uid, seat), permit)| {
				match *permit && seat.active {
					true => counted(input, uid, seat),
					false => 0,
				}
			});
		let stakes = Table::of(stakes, 0);
		// 256 words make less than two.
		let stake = stakes.iter().fold(0_u128, |sum, stake| sum.saturating_add((*stake).into()));
		let mut shares = Table::filled(0);
		for (share, of) in shares.iter_mut().zip(stakes.iter()).filter(|(_, of)| **of > 0) {
			*share = low((u128::from(*of) << 63).checked_div(stake).unwrap_or_default());
		}
		Self { permits, stakes, shares, stake }
	}

	/// Whether a seat has anything to say.
	pub(super) fn speaks(&self, uid: u16) -> bool {
		u8::try_from(uid).is_ok_and(|uid| self.stakes.at(uid) > 0)
	}

	/// The part of the say that a seat has.
	pub(super) fn share(&self, uid: u16) -> u64 {
		u8::try_from(uid).map_or(0, |uid| self.shares.at(uid))
	}
}

/// The owner's seat, and of the others those with most stake; the lower uid where it is equal.
fn permits(input: &Input<'_>) -> Vec<bool> {
	let mut permits = alloc::vec![false; input.seats.len()];
	let mut places = usize::from(input.params.max_validators);
	if let Some(permit) = input.owner.and_then(|owner| permits.get_mut(usize::from(owner))) {
		*permit = true;
		places = places.saturating_sub(1);
	}

	let stakes = (0..).zip(input.seats).map(|(uid, seat)| (counted(input, uid, seat), uid));
	let mut order: Vec<_> = stakes.map(|(stake, uid)| (Reverse(stake), uid)).collect();
	order.sort_unstable();
	let others = order.into_iter().filter(|(stake, uid)| stake.0 > 0 && !is_owner(input, *uid));
	for (_, uid) in others.take(places) {
		if let Some(permit) = permits.get_mut(usize::from(uid)) {
			*permit = true;
		}
	}
	permits
}

/// The stake of a seat, or nothing where it is below the least that counts.
fn counted(input: &Input<'_>, uid: u16, seat: &Seat) -> u64 {
	match seat.stake >= input.params.stake_threshold || is_owner(input, uid) {
		true => seat.stake,
		false => 0,
	}
}

/// Whether a seat is the owner's.
pub(super) fn is_owner(input: &Input<'_>, uid: u16) -> bool {
	input.owner == Some(uid)
}
