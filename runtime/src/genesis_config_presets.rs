//! What a new chain starts with: one preset for development, one for two nodes, one for a network of
//! four validators, one with the main chain's numbers.
//!
//! All hold the well-known development keys, and so no chain of value may start from one as it is:
//! a launch exports `main` as a chain specification and puts its own authorities, balances and
//! governance in.

#![deny(missing_docs)]

use crate::{
	block_time, parameters::Checked, AccountId, BalancesConfig, BlockTimeConfig, DtaoConfig,
	InitialParametersConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, SubnetsConfig,
	SudoConfig, ValidatorsConfig, YumaConfig,
};
use alloc::{vec, vec::Vec};
use dtao_primitives::{
	constants::{DEFAULT_BLOCK_TIME_MILLIS, MIN_TEMPO, UNIT},
	NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::build_struct_json_patch;
use pallet_dtao::GenesisStake;
use pallet_subnets::{GenesisHotkey, GenesisSubnet};
use pallet_validators::DEFAULT_SESSION_BLOCKS;
use pallet_yuma::GenesisWeights;
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The preset with the main chain's numbers.
pub const MAIN_RUNTIME_PRESET: &str = "main";

/// The preset of a network of four validators.
pub const TESTNET_RUNTIME_PRESET: &str = "testnet";

/// What each well-known account holds before it stakes, in rao: 100 000 TAO.
pub const ENDOWMENT: u64 = 100_000 * UNIT;

/// Milliseconds between blocks of the development chain.
const DEV_BLOCK_TIME_MILLIS: u64 = block_time::MIN_MILLIS;

/// Milliseconds between blocks of a local network.
const LOCAL_BLOCK_TIME_MILLIS: u64 = 3_000;

/// How long a session of a chain for tests is, in blocks: a minute at three seconds.
const SHORT_SESSION_BLOCKS: u32 = 20;

/// The TAO in the pool of the development chain's first subnet, in rao.
const DEV_POOL: Tao = Tao(1_000 * UNIT);

/// What a delegator of the development chain stakes, in rao.
const DEV_STAKE: Tao = Tao(100 * UNIT);

/// The accounts that hold TAO at genesis.
const ENDOWED: [Sr25519Keyring; 6] = [
	Sr25519Keyring::Alice,
	Sr25519Keyring::Bob,
	Sr25519Keyring::Charlie,
	Sr25519Keyring::Dave,
	Sr25519Keyring::Eve,
	Sr25519Keyring::Ferdie,
];

/// One who makes blocks and votes on finality.
struct Authority {
	account: AccountId,
	aura: AuraId,
	grandpa: GrandpaId,
}

impl Authority {
	/// The account of `account`; its node's keys are derived from the same name, as those of
	/// `dtao-node --alice` are.
	fn of(account: Sr25519Keyring, grandpa: Ed25519Keyring) -> Self {
		Self {
			account: account.to_account_id(),
			aura: account.public().into(),
			grandpa: grandpa.public().into(),
		}
	}

	fn alice() -> Self {
		Self::of(Sr25519Keyring::Alice, Ed25519Keyring::Alice)
	}

	fn bob() -> Self {
		Self::of(Sr25519Keyring::Bob, Ed25519Keyring::Bob)
	}

	fn charlie() -> Self {
		Self::of(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie)
	}

	fn dave() -> Self {
		Self::of(Sr25519Keyring::Dave, Ed25519Keyring::Dave)
	}

	/// As the genesis of the sessions wants it.
	fn keys(&self) -> (AccountId, AccountId, SessionKeys) {
		let keys = SessionKeys { aura: self.aura.clone(), grandpa: self.grandpa.clone() };
		(self.account.clone(), self.account.clone(), keys)
	}
}

/// A chain of well-known keys. Alice to Ferdie are endowed, Alice is sudo.
struct Chain {
	/// Milliseconds between blocks.
	block_time_millis: u64,
	/// How long a session is, in blocks.
	session_blocks: u32,
	/// Who makes blocks and votes on finality at first.
	authorities: Vec<Authority>,
	/// The registry's parameters, if not the defaults.
	params: Option<Checked<SubnetsParams>>,
	/// Who exists.
	registry: Registry,
	/// Who weighs whom.
	weights: Vec<GenesisWeights<AccountId>>,
	/// Who stakes.
	stakes: Vec<GenesisStake<AccountId>>,
}

/// Who exists from the first block on.
#[derive(Default)]
struct Registry {
	hotkeys: Vec<GenesisHotkey<AccountId>>,
	subnets: Vec<GenesisSubnet<AccountId>>,
}

impl Chain {
	/// The preset: what differs from an empty genesis.
	fn preset(self) -> Value {
		build_struct_json_patch!(RuntimeGenesisConfig {
			block_time: BlockTimeConfig { millis: self.block_time_millis },
			validators: ValidatorsConfig {
				validators: self.authorities.iter().map(|one| one.account.clone()).collect(),
				session_blocks: self.session_blocks,
			},
			session: SessionConfig { keys: self.authorities.iter().map(Authority::keys).collect() },
			balances: BalancesConfig {
				balances: ENDOWED.iter().map(|key| (key.to_account_id(), ENDOWMENT)).collect(),
			},
			sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
			initial_parameters: InitialParametersConfig { subnets: self.params },
			subnets: SubnetsConfig {
				hotkeys: self.registry.hotkeys,
				subnets: self.registry.subnets,
			},
			yuma: YumaConfig { weights: self.weights },
			dtao: DtaoConfig { stakes: self.stakes },
		})
	}
}

/// A block a second, made by Alice alone. Subnets are cheap, may follow each other quickly, and
/// have the shortest epochs.
///
/// Alice, Bob, Charlie and Dave are coldkeys here; Eve is Alice's hotkey, Charlie's and Dave's are
/// their stashes (`//Charlie//stash`). Ferdie is left alone.
///
/// - Subnet 1 trades and emits. Alice owns it and validates in it with Eve, Charlie mines in it, and
///   Eve gives him all her weight. Alice and Bob have staked 100 TAO each on Eve.
/// - Subnet 2 is registered by Dave, who has not started it.
/// - On root, Bob has staked 100 TAO on Eve.
fn development() -> Value {
	use Sr25519Keyring::{Alice, Bob, Charlie, CharlieStash, Dave, DaveStash, Eve};

	let params = SubnetsParams {
		min_lock: Tao(10 * UNIT),
		registration_interval: 10,
		tempo: MIN_TEMPO,
		..SubnetsParams::default()
	};
	let registry = Registry {
		hotkeys: vec![hotkey(Eve, Alice), hotkey(CharlieStash, Charlie)],
		subnets: vec![
			GenesisSubnet {
				owner: Alice.to_account_id(),
				hotkey: Eve.to_account_id(),
				lock: DEV_POOL,
				tempo: None,
				started: true,
				neurons: vec![Eve.to_account_id(), CharlieStash.to_account_id()],
			},
			GenesisSubnet {
				owner: Dave.to_account_id(),
				hotkey: DaveStash.to_account_id(),
				lock: params.min_lock,
				tempo: None,
				started: false,
				neurons: Vec::new(),
			},
		],
	};
	Chain {
		block_time_millis: DEV_BLOCK_TIME_MILLIS,
		session_blocks: SHORT_SESSION_BLOCKS,
		authorities: vec![Authority::alice()],
		params: Checked::new(params).ok(),
		registry,
		weights: vec![GenesisWeights {
			netuid: NetUid(1),
			hotkey: Eve.to_account_id(),
			weights: vec![(Uid(1), u16::MAX)],
		}],
		stakes: vec![
			stake(Alice, Eve, NetUid(1)),
			stake(Bob, Eve, NetUid(1)),
			stake(Bob, Eve, NetUid::ROOT),
		],
	}
	.preset()
}

fn hotkey(hotkey: Sr25519Keyring, coldkey: Sr25519Keyring) -> GenesisHotkey<AccountId> {
	GenesisHotkey { hotkey: hotkey.to_account_id(), coldkey: coldkey.to_account_id(), take: None }
}

fn stake(
	coldkey: Sr25519Keyring,
	hotkey: Sr25519Keyring,
	netuid: NetUid,
) -> GenesisStake<AccountId> {
	GenesisStake {
		coldkey: coldkey.to_account_id(),
		hotkey: hotkey.to_account_id(),
		netuid,
		tao: DEV_STAKE,
	}
}

/// The main chain's numbers and no subnet.
fn empty(block_time_millis: u64, session_blocks: u32, authorities: Vec<Authority>) -> Value {
	Chain {
		block_time_millis,
		session_blocks,
		authorities,
		params: None,
		registry: Registry::default(),
		weights: Vec::new(),
		stakes: Vec::new(),
	}
	.preset()
}

/// Two who take turns.
fn two() -> Vec<Authority> {
	vec![Authority::alice(), Authority::bob()]
}

/// Four who take turns: the fewest of whom one may fail.
fn four() -> Vec<Authority> {
	vec![Authority::alice(), Authority::bob(), Authority::charlie(), Authority::dave()]
}

/// The preset `id` as JSON, if there is one.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_str() {
		DEV_RUNTIME_PRESET => development(),
		LOCAL_TESTNET_RUNTIME_PRESET => empty(LOCAL_BLOCK_TIME_MILLIS, SHORT_SESSION_BLOCKS, two()),
		TESTNET_RUNTIME_PRESET => empty(LOCAL_BLOCK_TIME_MILLIS, SHORT_SESSION_BLOCKS, four()),
		MAIN_RUNTIME_PRESET => empty(DEFAULT_BLOCK_TIME_MILLIS, DEFAULT_SESSION_BLOCKS, two()),
		_ => return None,
	};
	serde_json::to_vec(&patch).ok()
}

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
	[DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, TESTNET_RUNTIME_PRESET, MAIN_RUNTIME_PRESET]
		.into_iter()
		.map(PresetId::from)
		.collect()
}
