//! What it costs to make the chain work, or to keep something in its state.

use crate::{Runtime, RuntimeCall, TransactionPayment};
use codec::Decode;
use dtao_primitives::{constants::UNIT, MarketParams, SubnetsParams};
use frame_support::{
	dispatch::{GetDispatchInfo, Pays},
	traits::GetCallName,
};

/// Hazard E32: no call of the registry, the market or the consensus is without a fee before it is made, whatever
/// it gives back when it turns out to have been useful.
#[test]
fn every_call_is_paid_for() {
	let pallets = [
		(20, pallet_subnets::Call::<Runtime>::get_call_names()),
		(21, pallet_dtao::Call::<Runtime>::get_call_names()),
		(22, pallet_yuma::Call::<Runtime>::get_call_names()),
	];
	super::chain("development").execute_with(|| {
		for (pallet, names) in pallets {
			for index in 0..names.len() {
				// Zeros are numbers, accounts, empty lists, and the first of each choice.
				let mut bytes = vec![0; 1_024];
				(bytes[0], bytes[1]) = (pallet, u8::try_from(index).expect("a call's index"));
				let call = RuntimeCall::decode(&mut &bytes[..]).expect("indices have no gap");
				let info = call.get_dispatch_info();
				assert_eq!(info.pays_fee, Pays::Yes, "{call:?}");
				let fee = TransactionPayment::compute_fee(100, &info, 0);
				assert!(fee >= UNIT / 50_000, "{fee} rao for {call:?}");
			}
		}
	});
}

/// Hazard E32: what makes a row that lasts has a price above the fee, which governance cannot set to
/// nothing: a position, a seat and its hotkey, a subnet.
#[test]
fn no_row_is_free() {
	let market = MarketParams { min_stake: Default::default(), ..Default::default() };
	assert!(market.validate().is_err());
	for params in [
		SubnetsParams { min_lock: Default::default(), ..Default::default() },
		SubnetsParams { min_neuron_cost: Default::default(), ..Default::default() },
	] {
		assert!(params.validate().is_err(), "{params:?}");
	}
}
