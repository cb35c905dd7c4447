//! Who decides an epoch's parts. In production Yuma does, and in the tests too; but the vectors that
//! say nothing of weights presume the stake-proportional consensus.

use crate::Yuma;
use core::cell::Cell;
use dtao_primitives::{
	traits::{Consensus, ConsensusOutcome, SeatConsensus},
	NetUid, StakeProportional,
};
use frame_support::weights::Weight;
use sp_runtime::DispatchError;

std::thread_local! {
	static BY_STAKE: Cell<bool> = const { Cell::new(false) };
}

/// Yuma, unless [`decide_by_stake`] says otherwise.
pub struct Switch;

impl Consensus for Switch {
	fn decide(netuid: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError> {
		match BY_STAKE.get() {
			true => StakeProportional::decide(netuid, stakes),
			false => Yuma::decide(netuid, stakes),
		}
	}

	fn most_weight() -> Weight {
		Yuma::most_weight()
	}

	fn seats(netuid: NetUid) -> Vec<SeatConsensus> {
		Yuma::seats(netuid)
	}
}

/// Let stake decide from now on, or else Yuma.
pub(super) fn decide_by_stake(by_stake: bool) {
	BY_STAKE.set(by_stake);
}

/// Lets Yuma decide again when it goes out of scope.
pub(super) struct Restored;

impl Drop for Restored {
	fn drop(&mut self) {
		decide_by_stake(false);
	}
}
