//! What an adversary tried.

use super::support::*;
use crate::{AccountId, Balances, Dtao, Proxy, Runtime, RuntimeCall, RuntimeOrigin};
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, UNIT},
	Amount, NetUid, Tao,
};
use frame_support::{
	assert_ok,
	dispatch::GetDispatchInfo,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude::Polite, Preservation::Preserve},
	},
};
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_runtime::{
	traits::DispatchTransaction,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	DispatchResult,
};

const NETUID: NetUid = NetUid(1);

/// One subnet, on whose one neuron `coldkey(2)` has staked and is left with 1 TAO.
fn chain() -> sp_io::TestExternalities {
	Chain::default()
		.funded(coldkey(1), tao(10_000))
		.funded(coldkey(2), tao(101))
		.owned(hotkey(1), coldkey(1))
		.subnet(coldkey(1), tao(1_000), 60, vec![hotkey(1)])
		.staked(coldkey(2), hotkey(1), NETUID, tao(100))
		.build()
}

/// Send `call` as a transaction of `who` that pays its fee.
fn pay_and_send(
	who: &AccountId,
	call: RuntimeCall,
) -> Result<DispatchResult, TransactionValidityError> {
	let info = call.get_dispatch_info();
	let origin = RuntimeOrigin::signed(who.clone());
	ChargeTransactionPayment::<Runtime>::from(0)
		.dispatch_transaction(origin, call, &info, 150, 0)
		.map(|ran| ran.map(|_| ()).map_err(|failed| failed.error))
}

fn exit(amount: Amount) -> RuntimeCall {
	let (hotkey, min_received) = (hotkey(1), Tao::ZERO);
	pallet_dtao::Call::remove_stake { netuid: NETUID, hotkey, amount, min_received }.into()
}

/// `who` keeps what its account exists by, and no more that it could pay with.
fn spend_all(who: &AccountId) {
	let spendable = Balances::reducible_balance(who, Preserve, Polite);
	assert_ok!(<Balances as Mutate<_>>::transfer(who, &coldkey(1), spendable, Preserve));
	assert_eq!(free(who), EXISTENTIAL_DEPOSIT);
}

/// TAO that is held for a proxy can't pay a fee: who has no other is without free TAO, and can leave.
#[test]
fn a_deposit_does_not_shut_the_way_out() {
	for deposit in [false, true] {
		chain().execute_with(|| {
			let who = coldkey(2);
			blocks(1);
			if deposit {
				let origin = RuntimeOrigin::signed(who.clone());
				let kind = crate::configs::ProxyType::Trading;
				assert_ok!(Proxy::add_proxy(origin, coldkey(3).into(), kind, 0));
			}
			spend_all(&who);
			let pot = Balances::total_balance(&Dtao::pot());
			let backed = Dtao::supply();
			assert_eq!(pay_and_send(&who, exit(Amount::Exact(UNIT))), Ok(Ok(())), "{deposit}");
			assert!(free(&who) > UNIT / 2);
			assert!(!Dtao::is_advanced());
			let paid = pot - Balances::total_balance(&Dtao::pot());
			assert_eq!(backed.pools.0 - Dtao::supply().pools.0, paid, "the pot got its own back");
			check_invariants();
		});
	}
}

/// What is tried for free is bounded: a transaction that is refused cost its sender nothing, so it may
/// not have cost the node much more than one call.
#[test]
fn what_is_tried_for_nothing_is_bounded() {
	chain().execute_with(|| {
		let who = coldkey(2);
		blocks(1);
		spend_all(&who);
		let batch = |failing: usize| -> RuntimeCall {
			let mut calls = vec![exit(Amount::Exact(u64::MAX)); failing];
			calls.push(exit(Amount::Exact(UNIT)));
			pallet_utility::Call::force_batch { calls }.into()
		};
		let refused = Err(InvalidTransaction::Payment.into());
		assert_eq!(undone(|| pay_and_send(&who, batch(31))), Ok(Ok(())));
		assert_eq!(undone(|| pay_and_send(&who, batch(32))), refused);
		let exits = |n: usize| -> RuntimeCall {
			let exit = pallet_dtao::types::Exit {
				netuid: NETUID,
				hotkey: hotkey(1),
				min_received: Tao::ZERO,
			};
			let positions = vec![exit; n].try_into().unwrap();
			pallet_dtao::Call::remove_all_stake { positions }.into()
		};
		let two = pallet_utility::Call::force_batch {
			calls: vec![exits(16), exits(15), exit(Amount::Exact(UNIT))],
		};
		assert_eq!(undone(|| pay_and_send(&who, two.into())), Ok(Ok(())));
		let three = pallet_utility::Call::force_batch {
			calls: vec![exits(16), exits(16), exit(Amount::Exact(UNIT))],
		};
		assert_eq!(pay_and_send(&who, three.into()), refused);
	});
}
