//! A chain of which nothing is there but its state, and the blocks that this runtime makes on it.

use crate::{
	block_time::Millis, configs::Weights, AccountId, BlockNumber, Executive, Header, Runtime,
	RuntimeCall, System, UncheckedExtrinsic,
};
use dtao_primitives::NetUid;
use frame_support::{dispatch::DispatchClass, weights::Weight};
use serde_json::Value;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature, Slot};
use sp_core::{crypto::Ss58Codec, storage::Storage, H256};
use sp_io::TestExternalities;
use sp_runtime::{traits::Header as _, DigestItem, StateVersion};
use std::{
	collections::BTreeMap,
	fs,
	path::{Path, PathBuf},
};

/// The key of a state's runtime.
const CODE: &[u8] = b":code";

/// The folder of the last release.
fn release() -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/upgrade")
}

fn json(path: &Path) -> Value {
	let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
	serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
	value[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

fn amount(value: &Value, name: &str) -> u64 {
	text(value, name).parse().unwrap_or_else(|_| panic!("{name} is a number"))
}

fn bytes(hex: &str) -> Vec<u8> {
	sp_core::bytes::from_hex(hex).expect("keys and values are hexadecimal")
}

fn pairs(value: &Value) -> BTreeMap<Vec<u8>, Vec<u8>> {
	let pairs = value.as_object().expect("a state maps keys to values");
	let value = |value: &Value| bytes(value.as_str().expect("a value is a text"));
	pairs.iter().map(|(key, of)| (bytes(key), value(of))).collect()
}

/// The state that `export-state` has written to `path`. Its code is not needed: this runtime is. Where
/// the file names the root of the state, the state has it.
pub(super) fn exported(path: &Path) -> TestExternalities {
	let json = json(path);
	let top = pairs(&json["genesis"]["raw"]["top"]);
	let code = top.get(CODE).cloned().unwrap_or_default();
	let state = Storage { top, ..Default::default() };
	let mut state = TestExternalities::new_with_code_and_state(&code, state, StateVersion::V1);
	if let Some(root) = json["stateRoot"].as_str() {
		assert_eq!(root_of(&mut state), hash(root), "{}: it is not whole", path.display());
	}
	state
}

/// The root of a state.
pub(super) fn root_of(state: &mut TestExternalities) -> H256 {
	state.commit_all().expect("the overlay is written");
	*state.as_backend().root()
}

fn hash(hex: &str) -> H256 {
	H256::from_slice(&bytes(hex))
}

/// What the last release's runtime left in `tests/upgrade`, and said of it.
pub(super) struct Snapshot {
	/// Its state, with the code of the last release.
	pub(super) state: TestExternalities,
	/// What that release said.
	said: Value,
}

impl Snapshot {
	/// The snapshot that `scripts/testnet.sh snapshot` has made.
	pub(super) fn load() -> Self {
		let wasm = text(&json(&release().join("release.json")), "wasm").to_string();
		let code = fs::read(release().join(wasm)).expect("the release is there");
		let mut state = exported(&release().join("state.json"));
		state.insert(CODE.to_vec(), code);
		Self { state, said: json(&release().join("said.json")) }
	}

	/// The root of the state that the block's header has.
	pub(super) fn root(&self) -> H256 {
		hash(text(&self.said, "stateRoot"))
	}

	/// The block's number.
	pub(super) fn block(&self) -> BlockNumber {
		let number = self.said["block"].as_u64().expect("it has a number");
		number.try_into().expect("a block's number is small")
	}

	/// All TAO, in rao.
	pub(super) fn issuance(&self) -> u64 {
		amount(&self.said, "issuance")
	}

	/// Of each subnet that trades or may: TAO and ALPHA in the pool, ALPHA outside of it, and all
	/// ALPHA, in base units.
	pub(super) fn subnets(&self) -> BTreeMap<NetUid, [u64; 4]> {
		let fields = ["tao", "alpha", "outstanding", "issuance"];
		let row = |row: &Value| (netuid(row), fields.map(|field| amount(row, field)));
		rows(&self.said, "subnets").map(row).collect()
	}

	/// What everybody holds, rewards included, by coldkey, subnet and hotkey, in atoms.
	pub(super) fn positions(&self) -> BTreeMap<(AccountId, NetUid, AccountId), u64> {
		let row = |row: &Value| {
			((account(row, "coldkey"), netuid(row), account(row, "hotkey")), amount(row, "alpha"))
		};
		rows(&self.said, "positions").map(row).collect()
	}
}

fn rows<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
	value[name].as_array().unwrap_or_else(|| panic!("{name} is a list")).iter()
}

fn netuid(row: &Value) -> NetUid {
	let number = row["netuid"].as_u64().expect("a subnet has a number");
	NetUid(number.try_into().expect("it is a small one"))
}

fn account(row: &Value, name: &str) -> AccountId {
	AccountId::from_ss58check(text(row, name)).expect("it is an address")
}

/// How much of a block is used before it is ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
	/// Nothing: what is left is for the work that waits for idle weight.
	Empty,
	/// All of it: nothing is done on idle.
	Full,
}

/// Makes the next block, one slot after the last, with nothing in it but the time: begun, filled and
/// ended as a node has it done. Returns what it weighs, but for what fills it.
pub(super) fn make_block(filled: Filled) -> Weight {
	Executive::initialize_block(&next_header());
	let now = next_time();
	let set = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
	let set = UncheckedExtrinsic::new_bare(set);
	Executive::apply_extrinsic(set).expect("it is valid").expect("it succeeds");
	let filling = match filled {
		Filled::Empty => Weight::zero(),
		Filled::Full => Weights::get().max_block,
	};
	System::register_extra_weight_unchecked(filling, DispatchClass::Operational);
	Executive::finalize_block();
	System::block_weight().total() - filling
}

/// The next block's time, in milliseconds.
fn next_time() -> u64 {
	pallet_timestamp::Now::<Runtime>::get() + Millis::<Runtime>::get()
}

/// What is known of the next block before it is made: its number and its slot.
fn next_header() -> Header {
	let none = H256::zero();
	let number = System::block_number() + 1;
	let mut header = Header::new(number, none, none, none, Default::default());
	let slot = Slot::from(next_time() / Millis::<Runtime>::get());
	let item: DigestItem = CompatibleDigestItem::<AuthoritySignature>::aura_pre_digest(slot);
	header.digest_mut().push(item);
	header
}
