//! Who signs transactions.

use crate::chain::Error;
use codec::Encode;
use dtao_primitives::constants::UNIT;
use dtao_runtime::{
	opaque, AccountId, Hash, Runtime, RuntimeCall, Signature, SignedPayload, TxExtension,
	UncheckedExtrinsic, VERSION,
};
use frame_metadata_hash_extension::CheckMetadataHash;
use frame_system::{
	CheckEra, CheckGenesis, CheckNonZeroSender, CheckNonce, CheckSpecVersion, CheckTxVersion,
	CheckWeight, WeightReclaim,
};
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_core::{sr25519, Pair};
use sp_runtime::generic::Era;
use std::rc::Rc;

/// What each account has at genesis, in rao.
const ENDOWMENT: u64 = 100 * UNIT;

/// Accounts that take turns, so that a block's transactions are of as many accounts as it has.
#[derive(Clone)]
pub(crate) struct Accounts {
	keys: Rc<[(sr25519::Pair, AccountId)]>,
	nonces: Vec<u32>,
	next: usize,
	genesis: Hash,
}

impl Accounts {
	/// `count` accounts.
	pub(crate) fn new(count: u32) -> Self {
		let key = |n: u32| {
			let pair = sr25519::Pair::from_seed(&sp_io::hashing::blake2_256(&n.encode()));
			let account = AccountId::from(pair.public());
			(pair, account)
		};
		let keys: Rc<[_]> = (0..count).map(key).collect();
		Self { nonces: vec![0; keys.len()], keys, next: 0, genesis: Hash::default() }
	}

	/// The same, with nothing signed yet, on the chain that begins with `genesis`.
	pub(crate) fn begin(&self, genesis: Hash) -> Self {
		let nonces = vec![0; self.keys.len()];
		Self { keys: self.keys.clone(), nonces, next: 0, genesis }
	}

	/// Let the account with number `turn` be the next.
	pub(crate) fn rewind(&mut self, turn: usize) {
		self.next = turn;
	}

	/// All accounts, each with what it has at genesis, in rao.
	pub(crate) fn funded(&self) -> Vec<(AccountId, u64)> {
		self.keys.iter().map(|(_, account)| (account.clone(), ENDOWMENT)).collect()
	}

	/// An account far from the next one: who it is differs from call to call.
	pub(crate) fn other(&self) -> AccountId {
		let place = (self.next * 7 + 11) % self.keys.len();
		self.keys[place].1.clone()
	}

	/// The number of the account whose turn it is.
	pub(crate) fn turn(&self) -> usize {
		self.next
	}

	/// `call`, signed by the account whose turn it is.
	///
	/// # Errors
	///
	/// Never: what is encoded here is a transaction.
	pub(crate) fn sign(&mut self, call: RuntimeCall) -> Result<opaque::UncheckedExtrinsic, Error> {
		let place = self.next;
		self.next = (place + 1) % self.keys.len();
		let (pair, account) = &self.keys[place];
		let extension = extension(self.nonces[place]);
		self.nonces[place] += 1;
		let (spec, transaction) = (VERSION.spec_version, VERSION.transaction_version);
		let implicit = ((), spec, transaction, self.genesis, self.genesis, (), (), (), None, ());
		let payload = SignedPayload::from_raw(call, extension, implicit);
		let signature: Signature = payload.using_encoded(|bytes| pair.sign(bytes)).into();
		let (call, extension, _) = payload.deconstruct();
		let signed =
			UncheckedExtrinsic::new_signed(call, account.clone().into(), signature, extension);
		Ok(opaque::UncheckedExtrinsic::try_from_encoded_extrinsic(&signed.encode())?)
	}
}

fn extension(nonce: u32) -> TxExtension {
	(
		CheckNonZeroSender::<Runtime>::new(),
		CheckSpecVersion::new(),
		CheckTxVersion::new(),
		CheckGenesis::new(),
		CheckEra::from(Era::Immortal),
		CheckNonce::from(nonce),
		CheckWeight::new(),
		ChargeTransactionPayment::from(0),
		CheckMetadataHash::new(false),
		WeightReclaim::new(),
	)
}
