//! Who may validate, and how much of the say each validator has.

use super::{Input, Seat};
use alloc::vec::Vec;
use core::cmp::Reverse;

/// The validators of an epoch: the seats with a permit that are active and have stake.
#[derive(Debug)]
pub(super) struct Validators {
	/// Who may validate, by uid.
	pub(super) permits: Vec<bool>,
	/// What each seat has to say, by uid; nothing where it does not validate.
	pub(super) voices: Vec<Voice>,
	/// The stake of all of them, in atoms.
	pub(super) stake: u128,
}

/// What one validator has to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Voice {
	/// Its stake, in atoms.
	pub(super) stake: u64,
	/// σ, its part of all validators' stake, in Q63, rounded down.
	pub(super) share: u64,
}

impl Validators {
	/// Grant the permits, and share out the say.
	pub(super) fn of(input: &Input<'_>) -> Self {
		let permits = permits(input);
		let mut voices: Vec<Voice> = input
			.seats
			.iter()
			.zip(&permits)
			.enumerate()
			.map(|(uid, (seat, permit))| match *permit && seat.active {
				true => Voice { stake: counted(input, uid, seat), share: 0 },
				false => Voice::default(),
			})
			.collect();
		// 256 words make less than two.
		let stake = voices.iter().fold(0_u128, |sum, voice| sum.saturating_add(voice.stake.into()));
		for voice in &mut voices {
			let share = (u128::from(voice.stake) << 63).checked_div(stake).unwrap_or_default();
			voice.share = super::product::low(share);
		}
		Self { permits, voices, stake }
	}

	/// Whether a seat may validate.
	pub(super) fn may(&self, uid: usize) -> bool {
		self.permits.get(uid).copied().unwrap_or_default()
	}

	/// What a seat has to say.
	pub(super) fn voice(&self, uid: usize) -> Voice {
		self.voices.get(uid).copied().unwrap_or_default()
	}
}

impl Voice {
	/// Whether there is any.
	pub(super) fn speaks(self) -> bool {
		self.stake > 0
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

	let stakes = input.seats.iter().enumerate().map(|(uid, seat)| (counted(input, uid, seat), uid));
	let mut order: Vec<_> = stakes.map(|(stake, uid)| (Reverse(stake), uid)).collect();
	order.sort_unstable();
	let others = order.into_iter().filter(|(stake, uid)| stake.0 > 0 && !is_owner(input, *uid));
	for (_, uid) in others.take(places) {
		if let Some(permit) = permits.get_mut(uid) {
			*permit = true;
		}
	}
	permits
}

/// The stake of a seat, or nothing where it is below the least that counts.
fn counted(input: &Input<'_>, uid: usize, seat: &Seat) -> u64 {
	match seat.stake >= input.params.stake_threshold || is_owner(input, uid) {
		true => seat.stake,
		false => 0,
	}
}

/// Whether a seat is the owner's.
pub(super) fn is_owner(input: &Input<'_>, uid: usize) -> bool {
	input.owner.map(usize::from) == Some(uid)
}
