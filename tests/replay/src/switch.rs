//! Who decides an epoch's parts in a test. In production Yuma does, and in the tests too; but the
//! vectors that say nothing of weights presume the stake-proportional consensus.

use crate::Consensus as Choice;
use core::{cell::Cell, marker::PhantomData};
use dtao_primitives::{
	traits::{Consensus, ConsensusOutcome, SeatConsensus},
	NetUid, StakeProportional,
};
use frame_support::weights::Weight;
use sp_runtime::DispatchError;

std::thread_local! {
	static CHOICE: Cell<Choice> = const { Cell::new(Choice::Yuma) };
}

/// `Yuma`, unless [`choose`] has said otherwise on this thread.
pub struct Switch<Yuma>(PhantomData<Yuma>);

impl<Yuma: Consensus> Consensus for Switch<Yuma> {
	fn decide(netuid: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError> {
		match CHOICE.get() {
			Choice::Stake => StakeProportional::decide(netuid, stakes),
			Choice::Yuma => Yuma::decide(netuid, stakes),
		}
	}

	fn most_weight() -> Weight {
		Yuma::most_weight()
	}

	fn seats(netuid: NetUid) -> Vec<SeatConsensus> {
		Yuma::seats(netuid)
	}
}

/// Have `choice` decide from now on, on this thread.
pub fn choose(choice: Choice) {
	CHOICE.set(choice);
}

/// Yuma decides again once this is dropped.
pub struct Restored;

impl Drop for Restored {
	fn drop(&mut self) {
		choose(Choice::Yuma);
	}
}
