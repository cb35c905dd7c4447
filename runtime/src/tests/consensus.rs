//! Who makes blocks: sessions, changes of the set, proven offences.

use super::{chain, next_block};
use crate::{
	AccountId, Aura, Grandpa, Historical, Runtime, RuntimeEvent, RuntimeOrigin, Session,
	SessionKeys, System, Validators,
};
use codec::{Decode, Encode};
use frame_support::{
	assert_noop, assert_ok,
	traits::{KeyOwnerProofSystem, OnFinalize},
};
use pallet_grandpa::Call as GrandpaCall;
use pallet_session::SessionInterface;
use sp_consensus_grandpa::{Equivocation, EquivocationProof, KEY_TYPE};
use sp_core::H256;
use sp_io::TestExternalities;
use sp_keyring::{
	Ed25519Keyring,
	Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve},
};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionSource},
	Perbill,
};
use sp_session::MembershipProof;

/// A network of four.
const PRESET: &str = "testnet";

fn accounts(keys: &[Sr25519Keyring]) -> Vec<AccountId> {
	keys.iter().map(|key| key.to_account_id()).collect()
}

/// Who makes blocks.
fn authors() -> Vec<AccountId> {
	let raw = |key: sp_consensus_aura::sr25519::AuthorityId| sp_core::sr25519::Public::from(key);
	pallet_aura::Authorities::<Runtime>::get().into_iter().map(|key| raw(key).into()).collect()
}

/// How many vote on finality.
fn voters() -> usize {
	Grandpa::grandpa_authorities().len()
}

fn set_id() -> u64 {
	pallet_grandpa::CurrentSetId::<Runtime>::get()
}

/// Blocks, with what ends them, until `count` sessions have ended.
fn sessions(count: u32) {
	let length = pallet_validators::SessionBlocks::<Runtime>::get();
	for _ in 0..count * length {
		next_block();
		Grandpa::on_finalize(System::block_number());
	}
}

#[test]
fn a_network_starts_with_the_validators_that_genesis_names() {
	chain(PRESET).execute_with(|| {
		let four = accounts(&[Alice, Bob, Charlie, Dave]);
		assert_eq!(Session::validators(), four);
		assert_eq!(pallet_validators::Validators::<Runtime>::get().into_inner(), four);
		assert_eq!(authors(), four);
		assert_eq!(voters(), 4);
		Validators::do_try_state().expect("every invariant holds");
	});
}

#[test]
fn governance_changes_who_makes_blocks_and_votes() {
	chain(PRESET).execute_with(|| {
		let eve = Eve.to_account_id();
		let keys =
			SessionKeys { aura: Eve.public().into(), grandpa: Ed25519Keyring::Eve.public().into() };
		assert_ok!(<Session as SessionInterface>::set_keys(&eve, keys));
		assert_ok!(Validators::add_validator(RuntimeOrigin::root(), eve));
		assert_ok!(Validators::remove_validator(RuntimeOrigin::root(), Alice.to_account_id()));
		let before = set_id();
		sessions(1);
		assert_eq!(authors(), accounts(&[Alice, Bob, Charlie, Dave]));
		sessions(1);
		assert_eq!(authors(), accounts(&[Bob, Charlie, Dave, Eve]));
		assert_eq!(voters(), 4);
		assert_eq!(set_id(), before + 1, "the old set hands over to one new set");
		sessions(2);
		assert_eq!(set_id(), before + 1, "nothing more has changed");
	});
}

#[test]
fn transactions_enter_the_block_in_which_a_session_ends() {
	chain(PRESET).execute_with(|| {
		sessions(1);
		let last = pallet_validators::SessionBlocks::<Runtime>::get() - 1;
		for _ in 0..last {
			next_block();
		}
		let index = Session::current_index();
		let weight = next_block();
		assert_eq!(Session::current_index(), index + 1);
		let block = crate::configs::Weights::get().max_block;
		assert!(weight.ref_time() * 4 < block.ref_time(), "{weight} of {block}");
	});
}

/// Which block, and when.
type Vote = (H256, u32);

/// `voter` votes for two blocks in one round, in the set and the round that are said.
fn double_vote(voter: Ed25519Keyring, set: u64, round: u64) -> EquivocationProof<H256, u32> {
	// A signed vote is encoded as its kind, the vote, the round and the set.
	const PREVOTE: u8 = 0;
	let signed = |vote: Vote| (vote, voter.sign(&(PREVOTE, vote, round, set).encode()));
	let (first, second) = (signed((H256::repeat_byte(1), 7)), signed((H256::repeat_byte(2), 7)));
	let encoded = (PREVOTE, round, voter.public(), first, second).encode();
	let equivocation = Equivocation::decode(&mut &encoded[..]).expect("it is an equivocation");
	EquivocationProof::new(set, equivocation)
}

fn owner_of(voter: Ed25519Keyring) -> MembershipProof {
	let key = sp_consensus_grandpa::AuthorityId::from(voter.public());
	Historical::prove((KEY_TYPE, key)).expect("it votes in this session")
}

fn report(proof: EquivocationProof<H256, u32>, owner: MembershipProof) -> Result<(), &'static str> {
	Grandpa::report_equivocation_unsigned(RuntimeOrigin::none(), Box::new(proof), owner)
		.map(|_| ())
		.map_err(|refused| refused.error.into())
}

/// A network in its third session.
fn running() -> TestExternalities {
	let mut ext = chain(PRESET);
	ext.execute_with(|| sessions(2));
	ext
}

#[test]
fn who_votes_twice_is_named_and_makes_no_more_blocks() {
	running().execute_with(|| {
		let charlie = Ed25519Keyring::Charlie;
		assert_ok!(report(double_vote(charlie, set_id(), 3), owner_of(charlie)));
		assert_eq!(Session::disabled_validators(), [2]);
		let severity = Perbill::from_rational(3u32, 4).square();
		let who = Charlie.to_account_id();
		System::assert_has_event(RuntimeEvent::Validators(
			pallet_validators::Event::OffenceProved { who, severity },
		));
	});
}

#[test]
fn an_offence_counts_once() {
	running().execute_with(|| {
		let dave = Ed25519Keyring::Dave;
		assert_ok!(report(double_vote(dave, set_id(), 3), owner_of(dave)));
		assert_noop!(
			report(double_vote(dave, set_id(), 3), owner_of(dave)),
			"DuplicateOffenceReport"
		);
	});
}

#[test]
fn an_offence_in_a_past_session_can_be_proved() {
	running().execute_with(|| {
		let (set, dave) = (set_id(), Ed25519Keyring::Dave);
		let owner = owner_of(dave);
		sessions(3);
		assert_ok!(report(double_vote(dave, set, 3), owner));
	});
}

#[test]
fn a_vote_is_no_offence_and_neither_is_somebody_elses_key() {
	running().execute_with(|| {
		let (bob, dave) = (Ed25519Keyring::Bob, Ed25519Keyring::Dave);
		assert_noop!(
			report(double_vote(dave, set_id(), 3), owner_of(bob)),
			"InvalidKeyOwnershipProof"
		);
		assert_noop!(
			report(double_vote(dave, set_id() + 1, 3), owner_of(dave)),
			"InvalidEquivocationProof"
		);
	});
}

#[test]
fn only_the_node_itself_and_blocks_bring_reports() {
	running().execute_with(|| {
		let dave = Ed25519Keyring::Dave;
		let call = GrandpaCall::report_equivocation_unsigned {
			equivocation_proof: Box::new(double_vote(dave, set_id(), 3)),
			key_owner_proof: owner_of(dave),
		};
		assert!(Grandpa::validate_unsigned(TransactionSource::Local, &call).is_ok());
		assert!(Grandpa::validate_unsigned(TransactionSource::InBlock, &call).is_ok());
		assert_eq!(
			Grandpa::validate_unsigned(TransactionSource::External, &call),
			Err(InvalidTransaction::Call.into())
		);
	});
}

#[test]
fn a_network_of_one_keeps_its_only_validator() {
	chain("development").execute_with(|| {
		assert_noop!(
			Validators::remove_validator(RuntimeOrigin::root(), Alice.to_account_id()),
			pallet_validators::Error::<Runtime>::LastValidator
		);
		let alone = Ed25519Keyring::Alice;
		assert_ok!(report(double_vote(alone, set_id(), 3), owner_of(alone)));
		assert!(Session::disabled_validators().is_empty(), "somebody has to make blocks");
		let _: &str = <Aura as frame_support::traits::PalletInfoAccess>::name();
	});
}
