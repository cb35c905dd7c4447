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

/// Stake alone is enough to leave, and to pay for it; what would not pay for it is refused as if there
/// were no stake, and changes nothing.
#[test]
fn an_exit_pays_its_own_fee_or_is_refused() {
	chain().execute_with(|| {
		let who = coldkey(4);
		blocks(1);
		let transfer = pallet_dtao::Call::transfer_stake {
			to_coldkey: who.clone(),
			netuid: NETUID,
			hotkey: hotkey(1),
			amount: Amount::Exact(10 * UNIT),
		};
		assert_ok!(send(&coldkey(2), transfer));
		assert_eq!(Balances::total_balance(&who), 0);

		let before = root();
		let refused = Err(InvalidTransaction::Payment.into());
		let picky = pallet_dtao::Call::remove_stake {
			netuid: NETUID,
			hotkey: hotkey(1),
			amount: Amount::All,
			min_received: tao(10_000),
		};
		let also = |call: RuntimeCall| -> RuntimeCall {
			let calls = vec![exit(Amount::Exact(UNIT)), call];
			pallet_utility::Call::batch { calls }.into()
		};
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let nested = also(exit(Amount::Exact(UNIT)));
		for call in [
			// It would fail, or bring too little.
			picky.clone().into(),
			exit(Amount::Exact(10)),
			exit(Amount::Exact(11 * UNIT)),
			// It does something else, too.
			remark.clone(),
			also(remark),
			also(nested),
			pallet_utility::Call::batch { calls: vec![] }.into(),
			pallet_proxy::Call::proxy {
				real: who.clone().into(),
				force_proxy_type: None,
				call: Box::new(exit(Amount::All)),
			}
			.into(),
		] {
			assert_eq!(pay_and_send(&who, call.clone()), refused, "{call:?}");
			assert_eq!(root(), before, "{call:?}");
		}

		// What fails after the first has paid is the sender's business: the fee is paid.
		let result = undone(|| {
			let result = pay_and_send(&who, also(picky.into()));
			assert!(!Dtao::is_advanced() && free(&who) > UNIT / 2);
			check_invariants();
			result
		});
		assert_eq!(result, Ok(Ok(())));

		let issuance = Balances::total_issuance();
		assert_eq!(pay_and_send(&who, exit(Amount::All)), Ok(Ok(())));
		assert!(!Dtao::is_advanced() && free(&who) > 9 * UNIT);
		assert_eq!(stake_of(&who, NETUID, &hotkey(1)), 0);
		// There is no author, so that the fee, and nothing else, is gone.
		let fee = issuance - Balances::total_issuance();
		assert!((1..UNIT / 1_000).contains(&fee), "{fee} rao");
		check_invariants();
	});
}

/// A validator of two subnets, the one with long epochs and the other with short ones: what root earned
/// in a long epoch is released over as long, and who stays for two short ones gets no more of it than
/// two short ones' part.
#[test]
fn a_short_epoch_does_not_release_what_a_long_one_earned() {
	const LONG: u32 = 1_800;
	let (staker, hopper) = (coldkey(5), coldkey(2));
	let chain = Chain::default()
		.funded(coldkey(1), tao(10_000))
		.funded(coldkey(3), tao(1_000))
		.funded(staker.clone(), tao(10_001))
		.funded(hopper.clone(), tao(10_001))
		.owned(hotkey(1), coldkey(3))
		.owned(hotkey(2), coldkey(1))
		.subnet(coldkey(1), tao(1_000), LONG, vec![hotkey(2), hotkey(1)])
		.subnet(coldkey(3), tao(100), 60, vec![hotkey(1)])
		.staked(staker.clone(), hotkey(1), NetUid::ROOT, tao(10_000));
	chain.build().execute_with(|| {
		while market(NETUID).epoch.index == 1 {
			blocks(1);
		}
		let drip = || pallet_dtao::RootPools::<Runtime>::get(id_of(&hotkey(1))).drip;
		let earned = drip().left.get();
		assert!(earned > 10 * UNIT);
		assert_ok!(add(&hopper, NetUid::ROOT, &hotkey(1), tao(10_000), 0));
		blocks(125);
		let won = stake_of(&hopper, NetUid::ROOT, &hotkey(1)) - tao(10_000).get();
		// Half of the pool is the hopper's, and what the other subnet brings comes on top.
		let fair = earned / 2 * 125 / u64::from(LONG);
		assert!(won < fair * 3 / 2, "{won} rao, where {fair} would be fair");
		check_invariants();
	});
}
