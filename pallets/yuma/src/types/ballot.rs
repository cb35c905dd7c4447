//! The weights that somebody asks to set.

use alloc::vec::Vec;
use dtao_primitives::{ConsensusParams, Uid};

/// Weights, by ascending uid, none of them 0 and no uid twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ballot {
	entries: Vec<(u16, u16)>,
}

/// What is wrong with weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
	/// There are not as many uids as weights.
	LengthsDiffer,
	/// A uid is listed twice.
	DuplicateUid,
	/// A uid is no seat.
	UnknownUid,
	/// Fewer seats are weighed than have to be.
	TooFewWeights,
	/// One seat is given more than it may be.
	WeightAboveLimit,
}

impl Ballot {
	/// Put weights into order, and leave out those of 0.
	///
	/// - `seats`: how many the subnet has.
	///
	/// # Errors
	///
	/// [`Flaw::LengthsDiffer`], [`Flaw::DuplicateUid`], [`Flaw::UnknownUid`].
	pub(crate) fn new(uids: &[Uid], weights: &[u16], seats: usize) -> Result<Self, Flaw> {
		if uids.len() != weights.len() {
			return Err(Flaw::LengthsDiffer);
		}
		let mut entries: Vec<(u16, u16)> =
			uids.iter().map(|uid| uid.0).zip(weights.iter().copied()).collect();
		entries.sort_unstable();
		let mut last = None;
		for (uid, _) in &entries {
			if last.replace(*uid) == Some(*uid) {
				return Err(Flaw::DuplicateUid);
			}
			if usize::from(*uid) >= seats {
				return Err(Flaw::UnknownUid);
			}
		}
		entries.retain(|(_, weight)| *weight > 0);
		Ok(Self { entries })
	}

	/// Whether no seat but `uid` is weighed.
	pub(crate) fn weighs_only(&self, uid: Uid) -> bool {
		self.entries.iter().all(|(weighed, _)| *weighed == uid.0)
	}

	/// Check that enough seats are weighed, and none too much:
	///
	/// ```text
	/// count ≥ min(min_allowed_weights, seats)      weight·65 535 ≤ max_weight_limit·Σ weights
	/// ```
	///
	/// # Errors
	///
	/// [`Flaw::TooFewWeights`], [`Flaw::WeightAboveLimit`].
	pub(crate) fn check(&self, params: &ConsensusParams, seats: usize) -> Result<(), Flaw> {
		let least = usize::from(params.min_allowed_weights).min(seats);
		if self.entries.len() < least {
			return Err(Flaw::TooFewWeights);
		}
		// 256 weights of 16 bits fit 24 bits, and both products 40.
		let weights = || self.entries.iter().map(|(_, weight)| u64::from(*weight));
		let sum = weights().fold(0, u64::saturating_add);
		let most = sum.saturating_mul(params.max_weight_limit.deconstruct().into());
		let is_above = |weight: u64| weight.saturating_mul(u16::MAX.into()) > most;
		if weights().any(is_above) {
			return Err(Flaw::WeightAboveLimit);
		}
		Ok(())
	}

	/// Whether nobody is weighed.
	pub(crate) fn is_empty(&self) -> bool {
		self.entries.is_empty()
	}

	/// Uid and weight, by ascending uid.
	pub(crate) fn entries(&self) -> impl Iterator<Item = (u16, u64)> + '_ {
		self.entries.iter().map(|(uid, weight)| (*uid, u64::from(*weight)))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtao_primitives::constants::DEFAULT_TEMPO;
	use sp_runtime::PerU16;

	const SEATS: usize = 4;

	fn ballot(entries: &[(u16, u16)]) -> Result<Ballot, Flaw> {
		let uids: Vec<Uid> = entries.iter().map(|(uid, _)| Uid(*uid)).collect();
		let weights: Vec<u16> = entries.iter().map(|(_, weight)| *weight).collect();
		Ballot::new(&uids, &weights, SEATS)
	}

	fn params(least: u16, most: PerU16) -> ConsensusParams {
		ConsensusParams {
			min_allowed_weights: least,
			max_weight_limit: most,
			..ConsensusParams::new(DEFAULT_TEMPO)
		}
	}

	#[test]
	fn weights_are_put_into_order_and_those_of_nothing_left_out() {
		let ballot = ballot(&[(3, 7), (0, 0), (1, u16::MAX)]).unwrap();
		assert!(ballot.entries().eq([(1, 65_535), (3, 7)]));
		assert!(!ballot.weighs_only(Uid(3)) && !ballot.is_empty());
	}

	#[test]
	fn a_uid_counts_once_and_has_to_be_a_seat() {
		assert_eq!(ballot(&[(1, 2), (2, 2), (1, 0)]), Err(Flaw::DuplicateUid));
		assert_eq!(ballot(&[(4, 1)]), Err(Flaw::UnknownUid));
		assert_eq!(ballot(&[(4, 0)]), Err(Flaw::UnknownUid));
		assert_eq!(Ballot::new(&[Uid(1)], &[1, 1], SEATS), Err(Flaw::LengthsDiffer));
	}

	#[test]
	fn who_weighs_only_itself_weighs_nobody_else() {
		assert!(ballot(&[(2, 5), (1, 0)]).unwrap().weighs_only(Uid(2)));
		assert!(ballot(&[]).unwrap().weighs_only(Uid(2)));
		assert!(!ballot(&[(2, 5), (1, 1)]).unwrap().weighs_only(Uid(2)));
	}

	#[test]
	fn the_least_number_counts_what_is_not_nothing_and_never_more_than_there_are() {
		let two = ballot(&[(0, 1), (1, 1), (2, 0)]).unwrap();
		assert_eq!(two.check(&params(2, PerU16::one()), SEATS), Ok(()));
		assert_eq!(two.check(&params(3, PerU16::one()), SEATS), Err(Flaw::TooFewWeights));
		assert_eq!(two.check(&params(256, PerU16::one()), 2), Ok(()));
	}

	#[test]
	fn the_limit_is_exact() {
		let most = PerU16::from_parts(32_768);
		let half = ballot(&[(0, 32_768), (1, 32_767)]).unwrap();
		assert_eq!(half.check(&params(1, most), SEATS), Ok(()));
		let above = ballot(&[(0, 32_769), (1, 32_766)]).unwrap();
		assert_eq!(above.check(&params(1, most), SEATS), Err(Flaw::WeightAboveLimit));
		let alone = ballot(&[(0, 1)]).unwrap();
		assert_eq!(alone.check(&params(1, PerU16::one()), SEATS), Ok(()));
		let almost = PerU16::from_parts(65_534);
		assert_eq!(alone.check(&params(1, almost), SEATS), Err(Flaw::WeightAboveLimit));
	}
}
