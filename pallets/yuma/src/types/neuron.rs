//! What the consensus knows of a seat.

use codec::{Decode, Encode, MaxEncodedLen};
use dtao_primitives::traits::SeatConsensus;
use scale_info::TypeInfo;
use sp_runtime::PerU16;

/// What the consensus knows of a seat: when it was last heard of, and what the last epoch made of
/// it. Its parts of the epoch that is open are kept by the market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Neuron {
	/// Whether it may validate until the next epoch.
	pub permit: bool,
	/// The block of its last weights, of their commitment where they were revealed; of its
	/// registration if there were none.
	pub last_update: u32,
	/// The block in which it last set weights or committed to some, revealed or not. None if its
	/// holder never did.
	pub set_at: Option<u32>,
	/// Its stake in the last epoch, root stake included, in atoms.
	pub stake: u64,
	/// As a miner: the part of the weight it was given that the consensus let stand.
	pub trust: PerU16,
	/// As a validator: the part of its weight that the consensus let stand.
	pub validator_trust: PerU16,
	/// As a miner: the weight that a majority of stake agrees on.
	pub consensus: PerU16,
}

impl Neuron {
	/// A seat that is taken at `now`: it may do nothing yet, and nobody has judged it.
	pub fn new(now: u32) -> Self {
		Self { last_update: now, ..Default::default() }
	}

	/// Whether it was heard of in the last `cutoff` blocks.
	pub fn is_active(&self, cutoff: u32, now: u32) -> bool {
		self.last_update.saturating_add(cutoff) >= now
	}

	/// Whether `limit` blocks have passed since it last set weights or committed to some.
	pub fn may_set(&self, limit: u32, now: u32) -> bool {
		self.set_at.is_none_or(|at| at.saturating_add(limit) <= now)
	}

	/// What clients see of it.
	pub fn view(&self, cutoff: u32, now: u32) -> SeatConsensus {
		SeatConsensus {
			permit: self.permit,
			active: self.is_active(cutoff, now),
			last_update: self.last_update,
			stake: self.stake,
			trust: self.trust,
			validator_trust: self.validator_trust,
			consensus: self.consensus,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_seat_is_active_until_the_cutoff_and_in_its_block() {
		let neuron = Neuron::new(10);
		assert!(neuron.is_active(5, 15));
		assert!(!neuron.is_active(5, 16));
		assert!(Neuron::new(u32::MAX).is_active(5, u32::MAX), "nothing overflows");
	}

	#[test]
	fn the_rate_limit_counts_from_the_last_setting_and_not_from_the_registration() {
		let fresh = Neuron::new(10);
		assert!(fresh.may_set(100, 10));
		let heard = Neuron { set_at: Some(10), ..fresh };
		assert!(!heard.may_set(100, 109));
		assert!(heard.may_set(100, 110));
		assert!(heard.may_set(0, 10));
	}
}
