//! What clients are told.

use super::{close_with, neuron, set};
use crate::{
	mock::{alpha, wait, FakeRegistry, TestExt, Yuma, NETUID},
	SeatRow,
};
use dtao_primitives::{
	traits::{Consensus, SeatConsensus},
	NetUid, Uid,
};
use frame_support::assert_ok;
use sp_runtime::PerU16;

#[test]
fn the_consensus_of_each_seat_is_what_the_last_epoch_made_of_it_and_active_as_of_now() {
	TestExt::seats(2).weights(0, &[(1, 7)]).execute_with(|| {
		let _ = close_with(1, 2);
		FakeRegistry::set_params(NETUID, |params| params.activity_cutoff = 9);
		let validator = SeatConsensus {
			permit: true,
			active: true,
			last_update: 1,
			stake: alpha(100),
			trust: PerU16::zero(),
			validator_trust: neuron(0).validator_trust,
			consensus: PerU16::zero(),
		};
		wait(9);
		let seats = Yuma::seats(NETUID);
		assert_eq!(seats[0], validator);
		// It took its seat in block 0, and was not heard of since.
		let miner =
			SeatConsensus { trust: PerU16::one(), consensus: PerU16::one(), ..Default::default() };
		assert_eq!(seats[1], miner);
		wait(1);
		assert_eq!(Yuma::seats(NETUID)[0], SeatConsensus { active: false, ..validator });
		assert_eq!(Yuma::seats(NetUid(2)), []);
	});
}

#[test]
fn rows_are_unpacked_for_clients() {
	TestExt::seats(3).weights(0, &[(1, 7), (2, 1)]).execute_with(|| {
		let row = SeatRow { uid: Uid(0), at: 1, entries: vec![(Uid(1), 7), (Uid(2), 1)] };
		assert_eq!(Yuma::weights(NETUID), [row]);
		assert_eq!(Yuma::bonds(NETUID), []);
		let _ = close_with(1, 3);
		let bonds = Yuma::bonds(NETUID);
		assert_eq!(bonds.len(), 1);
		assert_eq!(bonds[0].entries.len(), 2);
		assert_eq!(Yuma::weights(NetUid(2)), []);
		wait(1);
		assert_ok!(set(0, &[(2, 1)]));
		assert_eq!(Yuma::weights(NETUID)[0].entries, [(Uid(2), 1)]);
	});
}
