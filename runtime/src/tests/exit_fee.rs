//! Hazard E29: who has stake and no TAO leaves, and the author is paid out of what the stake brings.
//! Transactions are signed, validated, and applied as a block applies them.

use super::{chain, support::*};
use crate::{
	AccountId, Balance, Balances, Dtao, Executive, Header, Runtime, RuntimeCall, RuntimeEvent,
	SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use codec::Encode;
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, UNIT},
	Amount, Fill, NetUid, Tao,
};
use frame_support::dispatch::{DispatchInfo, GetDispatchInfo, PostDispatchInfo};
use frame_system::{
	CheckEra, CheckGenesis, CheckNonZeroSender, CheckNonce, CheckSpecVersion, CheckTxVersion,
	CheckWeight, WeightReclaim,
};
use pallet_dtao::{types::Exit, Call};
use pallet_transaction_payment::{ChargeTransactionPayment, OnChargeTransaction};
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Eve, One};
use sp_runtime::{
	generic::{Digest, Era},
	traits::Header as _,
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
	DigestItem, FixedU128,
};

type Handler = <Runtime as pallet_transaction_payment::Config>::OnChargeTransaction;

const SUBNET: NetUid = NetUid(1);

/// The refusal of a fee that cannot be paid.
const UNPAYABLE: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::Payment);

/// Makes the blocks of the development chain, and is paid the fees.
fn author() -> AccountId {
	Alice.to_account_id()
}

/// Has stake on a subnet and on root, and no TAO.
fn pauper() -> AccountId {
	One.to_account_id()
}

fn validator() -> AccountId {
	Eve.to_account_id()
}

/// The first block of the development chain is open, and [`pauper`] has been given Bob's stakes.
pub(super) fn scene() -> TestExternalities {
	let mut ext = chain("development");
	ext.execute_with(|| {
		let slot = DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(1).encode());
		let digest = Digest { logs: vec![slot] };
		let nowhere = Default::default();
		let header = Header::new(1, nowhere, nowhere, nowhere, digest);
		Executive::initialize_block(&header);
		for netuid in [SUBNET, NetUid::ROOT] {
			let (to_coldkey, hotkey, amount) = (pauper(), validator(), Amount::All);
			let give = Call::transfer_stake { to_coldkey, netuid, hotkey, amount };
			send(&Bob.to_account_id(), give).expect("Bob has stake");
		}
		assert_eq!(free(&pauper()), 0);
	});
	ext
}

pub(super) fn signed(key: Sr25519Keyring, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
	let who = key.to_account_id();
	let extension: TxExtension = (
		CheckNonZeroSender::new(),
		CheckSpecVersion::new(),
		CheckTxVersion::new(),
		CheckGenesis::new(),
		CheckEra::from(Era::Immortal),
		CheckNonce::from(System::account_nonce(&who)),
		CheckWeight::new(),
		ChargeTransactionPayment::from(tip),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
		WeightReclaim::new(),
	);
	let payload = SignedPayload::new(call, extension).expect("every extension has its implicit");
	let signature = payload.using_encoded(|bytes| key.sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(call, who.into(), signature.into(), extension)
}

/// What the pool of a node says of `transaction`; it is undone, as the node does.
fn validated(transaction: UncheckedExtrinsic) -> Result<(), TransactionValidityError> {
	let source = TransactionSource::External;
	undone(|| Executive::validate_transaction(source, transaction, Default::default())).map(|_| ())
}

/// The pool refuses `call` of [`pauper`], and so does whoever makes a block, before it runs.
#[track_caller]
fn refused(call: RuntimeCall, tip: Balance) {
	assert_eq!(validated(signed(One, call.clone(), tip)), Err(UNPAYABLE));
	let built = undone(|| Executive::apply_extrinsic(signed(One, call, tip)));
	assert_eq!(built, Err(UNPAYABLE));
}

/// The pool and a block accept `call` of `key`. Returns the fee, which the author has.
#[track_caller]
fn applied(key: Sr25519Keyring, call: RuntimeCall) -> u64 {
	assert_eq!(validated(signed(key, call.clone(), 0)), Ok(()));
	let before = free(&author());
	System::reset_events();
	assert_eq!(Executive::apply_extrinsic(signed(key, call, 0)), Ok(Ok(())));
	let fee = System::events().into_iter().find_map(|record| match record.event {
		RuntimeEvent::TransactionPayment(
			pallet_transaction_payment::Event::TransactionFeePaid { who, actual_fee, tip: 0 },
		) if who == key.to_account_id() => Some(actual_fee),
		_ => None,
	});
	let fee = fee.expect("the fee is paid");
	assert_eq!(free(&author()) - before, fee);
	assert!(fee > 0);
	the_pot_is_exact();
	fee
}

/// Nothing is advanced any more, and the pot has what its records say, to the rao.
#[track_caller]
fn the_pot_is_exact() {
	assert!(!Dtao::is_advanced());
	let supply = Dtao::supply();
	let pot = Balances::free_balance(Dtao::pot());
	assert_eq!(pot, supply.pools.0 + supply.root.0 + EXISTENTIAL_DEPOSIT);
	check_invariants();
}

/// TAO that the removals in this block have brought.
fn proceeds() -> u64 {
	let removed = |event| match event {
		pallet_dtao::Event::StakeRemoved { tao, .. } => Some(tao.get()),
		_ => None,
	};
	market_events().into_iter().filter_map(removed).sum()
}

fn leave(netuid: NetUid, min_received: Tao) -> RuntimeCall {
	let (hotkey, amount) = (validator(), Amount::All);
	Call::remove_stake { netuid, hotkey, amount, min_received }.into()
}

fn leave_by_price(price: u32) -> RuntimeCall {
	let (netuid, hotkey, amount) = (SUBNET, validator(), Amount::All);
	let limit_price = FixedU128::from_u32(price);
	let fill = Fill::FillOrKill;
	Call::remove_stake_limit { netuid, hotkey, amount, limit_price, fill }.into()
}

fn leave_all(minima: [u64; 2]) -> RuntimeCall {
	let exit = |netuid, min| Exit { netuid, hotkey: validator(), min_received: Tao(min) };
	let positions = vec![exit(SUBNET, minima[0]), exit(NetUid::ROOT, minima[1])];
	Call::remove_all_stake { positions: positions.try_into().expect("two are not many") }.into()
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
	pallet_utility::Call::batch { calls }.into()
}

fn batch_all(calls: Vec<RuntimeCall>) -> RuntimeCall {
	pallet_utility::Call::batch_all { calls }.into()
}

/// Hazard E29: with no TAO at all each way out succeeds, and what arrives is what the stake brought
/// less the fee, to the rao.
#[test]
fn a_way_out_pays_its_fee_from_its_proceeds() {
	let ways_out = [
		leave(SUBNET, Tao::ZERO),
		leave(NetUid::ROOT, Tao::ZERO),
		leave_by_price(0),
		leave_all([0, 0]),
		batch(vec![leave(SUBNET, Tao::ZERO)]),
		batch_all(vec![leave(SUBNET, Tao::ZERO), leave(NetUid::ROOT, Tao::ZERO)]),
		batch(vec![leave(NetUid::ROOT, Tao::ZERO), leave_by_price(0)]),
	];
	for way_out in ways_out {
		scene().execute_with(|| {
			let fee = applied(One, way_out);
			assert!(proceeds() > fee);
			assert_eq!(free(&pauper()), proceeds() - fee);
		});
	}
}

/// Who lacks a part of the fee is advanced that part; who lacks nothing pays as everybody does.
#[test]
fn only_what_is_lacking_is_advanced() {
	for (has, is_advanced) in
		[(EXISTENTIAL_DEPOSIT, true), (2 * EXISTENTIAL_DEPOSIT, true), (UNIT, false)]
	{
		scene().execute_with(|| {
			let transfer =
				pallet_balances::Call::transfer_keep_alive { dest: pauper().into(), value: has };
			send(&author(), transfer).expect("the author has more");
			let fee = applied(One, leave(SUBNET, Tao::ZERO));
			assert_eq!(free(&pauper()), has + proceeds() - fee);
			let advanced = market_events()
				.iter()
				.any(|event| matches!(event, pallet_dtao::Event::FeeAdvanced { .. }));
			assert_eq!(advanced, is_advanced, "with {has} rao");
		});
	}
}

/// Hazard E29: nothing is advanced for a call that is not a way out, whatever it is wrapped in.
#[test]
fn other_calls_are_refused() {
	scene().execute_with(|| {
		let (to_coldkey, netuid, hotkey) = (author(), SUBNET, validator());
		let give = Call::transfer_stake { to_coldkey, netuid, hotkey, amount: Amount::All };
		let remark = frame_system::Call::remark { remark: vec![] };
		let wrapped = |calls| batch(vec![leave(SUBNET, Tao::ZERO), calls]);
		for call in [
			give.clone().into(),
			remark.into(),
			batch(vec![]),
			wrapped(give.into()),
			wrapped(batch(vec![leave(NetUid::ROOT, Tao::ZERO)])),
			pallet_proxy::Call::proxy {
				real: pauper().into(),
				force_proxy_type: None,
				call: Box::new(leave(SUBNET, Tao::ZERO)),
			}
			.into(),
		] {
			refused(call, 0);
		}
	});
}

/// Hazard E29: a way out that would fail, or that would pay too little, enters no block. In a batch
/// that goes on after a failure, what does succeed has to pay.
#[test]
fn a_way_out_that_would_fail_is_refused() {
	scene().execute_with(|| {
		let dear = tao(1_000);
		for call in [
			leave(SUBNET, dear),
			leave(NetUid::ROOT, dear),
			leave(NetUid(2), Tao::ZERO),
			leave_by_price(1_000),
			leave_all([0, dear.get()]),
			batch(vec![leave(SUBNET, dear), leave(NetUid::ROOT, Tao::ZERO)]),
			batch_all(vec![leave(NetUid::ROOT, Tao::ZERO), leave(SUBNET, dear)]),
		] {
			refused(call, 0);
		}
		// The first pays for both, and the second stays.
		applied(One, batch(vec![leave(NetUid::ROOT, Tao::ZERO), leave(SUBNET, dear)]));
		assert!(stake_of(&pauper(), SUBNET, &validator()) > 0);
		assert_eq!(stake_of(&pauper(), NetUid::ROOT, &validator()), 0);
	});
}

/// Tips buy a place in the queue, and are paid by who has something.
#[test]
fn a_tip_is_not_advanced() {
	scene().execute_with(|| {
		refused(leave(SUBNET, Tao::ZERO), 1);
		assert_eq!(validated(signed(One, leave(SUBNET, Tao::ZERO), 0)), Ok(()));
	});
}

/// Hazard E32: the trial costs the block what the call does.
#[test]
fn the_trial_is_weighed() {
	let way_out = || batch_all(vec![leave(SUBNET, Tao::ZERO)]);
	let weight = |pays_itself: bool| {
		scene().execute_with(|| {
			if pays_itself {
				let value = UNIT;
				let dest = pauper().into();
				send(&author(), pallet_balances::Call::transfer_keep_alive { dest, value })
					.expect("the author has more");
			}
			let before = System::block_weight().total();
			applied(One, way_out());
			System::block_weight().total() - before
		})
	};
	let trial = way_out().get_dispatch_info().call_weight;
	assert!(trial.ref_time() > 0);
	assert_eq!(weight(false) - weight(true), trial);
}

/// Nothing leads here, as trial and call run in one state; if anything ever does, the pot has its own
/// back and nobody has lost anything.
#[test]
fn a_call_that_failed_after_its_trial_costs_nobody_anything() {
	scene().execute_with(|| {
		let call = leave(SUBNET, Tao::ZERO);
		let info: DispatchInfo = call.get_dispatch_info();
		let fee = 70_000;
		let (who, author_had) = (pauper(), free(&author()));
		let paid = Handler::withdraw_fee(&who, &call, &info, fee, 0).expect("it is advanced");
		assert_eq!(free(&who), EXISTENTIAL_DEPOSIT);
		assert!(Dtao::is_advanced());
		let after = PostDispatchInfo::default();
		Handler::correct_and_deposit_fee(&who, &info, &after, fee, 0, paid).expect("it is undone");
		assert_eq!((free(&who), free(&author())), (0, author_had));
		assert!(stake_of(&who, SUBNET, &validator()) > 0);
		the_pot_is_exact();
	});
}
