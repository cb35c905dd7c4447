//! The simplest consensus: dividends by stake, incentive equal among miners.

use crate::{
	constants::MAX_VALIDATORS,
	traits::{Consensus, ConsensusOutcome},
	NetUid,
};
use alloc::{vec, vec::Vec};
use dtao_math::apportion::apportion;
use sp_runtime::DispatchError;
use sp_weights::Weight;

/// Dividends in proportion to stake, incentive in equal parts. It takes no weights: the consensus
/// for a chain whose validators do not yet judge miners, and for tests.
///
/// A quarter of the seats (rounded up, at most [`MAX_VALIDATORS`]) hold a permit: those with the
/// most stake, the lower uid first at equal stake, none without stake. The others are miners.
pub struct StakeProportional;

impl Consensus for StakeProportional {
	fn decide(_: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError> {
		let permits = permits(stakes);
		let dividends: Vec<u128> = permits
			.iter()
			.zip(stakes)
			.map(|(permit, stake)| if *permit { u128::from(*stake) } else { 0 })
			.collect();
		let incentives: Vec<u128> = permits.iter().map(|permit| u128::from(!permit)).collect();
		Ok(ConsensusOutcome {
			incentives: parts(&incentives),
			dividends: parts(&dividends),
			permits,
			weight: Weight::zero(),
		})
	}
}

fn permits(stakes: &[u64]) -> Vec<bool> {
	let most = usize::try_from(MAX_VALIDATORS).unwrap_or(usize::MAX);
	let seats = stakes.len().div_ceil(4).min(most);
	let mut ranking: Vec<usize> = (0..stakes.len()).filter(|uid| has_stake(stakes, *uid)).collect();
	ranking.sort_by_key(|uid| (core::cmp::Reverse(stakes.get(*uid).copied()), *uid));
	let mut permits = vec![false; stakes.len()];
	for uid in ranking.into_iter().take(seats) {
		if let Some(permit) = permits.get_mut(uid) {
			*permit = true;
		}
	}
	permits
}

fn has_stake(stakes: &[u64], uid: usize) -> bool {
	stakes.get(uid).is_some_and(|stake| *stake > 0)
}

/// `weights` apportioned to `u32::MAX`; all 0 when every weight is.
fn parts(weights: &[u128]) -> Vec<u32> {
	let mut out = vec![0u64; weights.len()];
	match apportion(u64::from(u32::MAX), weights, &mut out) {
		// A part is at most the whole, which is a `u32`.
		Ok(()) => out.into_iter().map(|part| u32::try_from(part).unwrap_or(u32::MAX)).collect(),
		Err(_) => vec![0; weights.len()],
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sum(parts: &[u32]) -> u64 {
		parts.iter().map(|part| u64::from(*part)).sum()
	}

	#[test]
	fn one_of_four_validates_and_three_mine_alike() {
		let outcome = StakeProportional::decide(NetUid(1), &[5, 9, 0, 9]).unwrap();
		assert_eq!(outcome.permits, [false, true, false, false]);
		assert_eq!(outcome.dividends, [0, u32::MAX, 0, 0]);
		assert_eq!(outcome.incentives, [u32::MAX / 3, 0, u32::MAX / 3, u32::MAX / 3]);
	}

	#[test]
	fn dividends_follow_stake_and_sum_to_the_whole() {
		let stakes = [3, 1, 0, 0, 0];
		let outcome = StakeProportional::decide(NetUid(1), &stakes).unwrap();
		assert_eq!(outcome.permits, [true, true, false, false, false]);
		assert_eq!(sum(&outcome.dividends), u64::from(u32::MAX));
		assert_eq!(outcome.dividends.first(), Some(&3_221_225_471));
		assert_eq!(sum(&outcome.incentives), u64::from(u32::MAX));
	}

	#[test]
	fn without_stake_nobody_validates_and_without_seats_nothing_happens() {
		let outcome = StakeProportional::decide(NetUid(1), &[0, 0]).unwrap();
		assert_eq!(outcome.dividends, [0, 0]);
		assert_eq!(StakeProportional::decide(NetUid(1), &[]), Ok(ConsensusOutcome::default()));
	}
}
