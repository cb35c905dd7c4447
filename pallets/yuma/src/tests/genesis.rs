//! Weights that are there from the first block on.

use super::{close_with, hotkey, neuron, rows, set};
use crate::{
	mock::{alpha, FakeMarket, TestExt, NETUID},
	GenesisWeights,
};
use dtao_primitives::{NetUid, Uid};
use frame_support::assert_ok;

#[test]
fn weights_of_genesis_count_in_the_first_epoch() {
	TestExt::seats(3).weights(0, &[(2, 3), (1, 1)]).execute_with(|| {
		assert_eq!(rows(), [(0, 1, vec![(1, 1), (2, 3)])]);
		assert!(neuron(0).permit && !neuron(1).permit);
		let incentives = close_with(1, 3).incentives;
		assert_eq!(incentives, [0, 1_073_741_823, 3_221_225_472]);
	});
}

/// The market opens the first epochs in genesis itself, before there is any block.
#[test]
fn weights_of_genesis_count_in_an_epoch_that_genesis_opens() {
	TestExt::seats(2).weights(0, &[(1, 1)]).execute_with(|| {
		crate::mock::System::set_block_number(0);
		let outcome = FakeMarket::close_epoch(NETUID, &[alpha(5), 0]).unwrap();
		assert_eq!(outcome.incentives, [0, u32::MAX]);
	});
}

#[test]
fn who_has_weights_of_genesis_may_set_others_at_once() {
	TestExt::seats(3).weights(1, &[(2, 1)]).execute_with(|| {
		assert_eq!(neuron(1).set_at, None);
		assert_ok!(set(1, &[(0, 1)]));
	});
}

#[test]
#[should_panic(expected = "genesis of the consensus refused: Module")]
fn a_hotkey_without_a_seat_is_refused_loudly() {
	TestExt::seats(2).weights(2, &[(1, 1)]).build();
}

#[test]
#[should_panic(expected = "genesis of the consensus refused: Module")]
fn weights_of_what_is_no_seat_are_refused_loudly() {
	TestExt::seats(2).weights(0, &[(2, 1)]).build();
}

#[test]
#[should_panic(expected = "genesis of the consensus refused: Module")]
fn weights_that_the_subnet_does_not_allow_are_refused_loudly() {
	TestExt::seats(2).weights(0, &[(1, 0)]).build();
}

#[test]
#[should_panic(expected = "the hotkey is listed twice")]
fn a_hotkey_that_is_listed_twice_is_refused_loudly() {
	TestExt::seats(2).weights(0, &[(1, 1)]).weights(0, &[(1, 1)]).build();
}

#[test]
#[should_panic(expected = "more hotkeys weigh than may validate")]
fn more_hotkeys_than_may_validate_are_refused_loudly() {
	(0..65).fold(TestExt::seats(66), |ext, uid| ext.weights(uid, &[(65, 1)])).build();
}

#[test]
fn what_is_not_weights_is_no_genesis() {
	let weights = GenesisWeights {
		netuid: NetUid(1),
		hotkey: hotkey(0),
		weights: vec![(Uid(2), 3), (Uid(1), 65_535)],
	};
	let text = r#"{"netuid":1,"hotkey":100,"weights":[[2,3],[1,65535]]}"#;
	assert_eq!(serde_json::to_string(&weights).unwrap(), text);
	assert_eq!(serde_json::from_str::<GenesisWeights<u64>>(text).unwrap(), weights);
	let unknown = r#"{"netuid":1,"hotkey":100,"weights":[],"at":3}"#;
	assert!(serde_json::from_str::<GenesisWeights<u64>>(unknown).is_err());
}
