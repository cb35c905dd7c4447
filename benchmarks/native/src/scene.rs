//! The genesis of a chain to be measured.

use codec::{Decode, Encode};
use dtao_primitives::{
	constants::{MAX_TEMPO, UNIT},
	Alpha, NetUid, Tao, Uid,
};
use dtao_runtime::{
	AccountId, AuraConfig, BalancesConfig, DtaoConfig, Runtime, RuntimeGenesisConfig,
	SessionConfig, SessionKeys, SubnetsConfig, ValidatorsConfig, YumaConfig,
};
use pallet_dtao::{types::Page, GenesisStake, Markets};
use pallet_subnets::{GenesisHotkey, GenesisSubnet};
use pallet_validators::DEFAULT_SESSION_BLOCKS;
use pallet_yuma::GenesisWeights;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_storage::Storage;

/// The TAO in each subnet's pool, in rao. At the prices of [`Capped::Half`] the pools of 4 096
/// subnets then hold 8 million ALPHA, well below what may exist.
const LOCK: Tao = Tao(1_000 * UNIT);

/// The same where more than one validator stakes, so that no stake moves a price by much.
const LOCK_OF_MANY: Tao = Tao(10_000 * UNIT);

/// What a validator's staker stakes on a subnet, in rao. The n-th stakes n rao more, so that no two
/// stakes are alike. What it buys is more than the consensus asks for, and than a miner earns in 50
/// short epochs: so all of them stay validators.
const STAKE: Tao = Tao(20 * UNIT);

/// What each of the positions beside the validators' is bought for, in rao.
const HELD: Tao = Tao(UNIT / 100);

/// What is staked on root, on the first seat's hotkey, in rao.
const ROOT_STAKE: Tao = Tao(10_000 * UNIT);

/// What the owner of all subnets has beside their locks, in rao.
const OWNER: u64 = 1_000 * UNIT;

/// Which subnets are given more TAO than their ALPHA's cap lets in, so that the chain buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capped {
	/// Whoever they are at par: pools open at 1 TAO per ALPHA.
	AsOpened,
	/// None: every price is 2.
	None,
	/// Those with odd numbers: half of what they are given buys.
	Half,
	/// All.
	All,
}

impl Capped {
	/// A pool's ALPHA for each of its TAO among `subnets` equal ones, if it is not as it opened.
	///
	/// A subnet is given `1/subnets` TAO, and the cap is 1 ALPHA: a price of `1/subnets` is the
	/// least at which all of it fits.
	fn alpha_per_tao(self, netuid: u16, subnets: u16) -> Option<(u64, u64)> {
		let capped = (2 * u64::from(subnets), 1);
		let free = (1, 2);
		match self {
			Self::AsOpened => None,
			Self::None => Some(free),
			Self::Half => Some(if netuid % 2 == 1 { capped } else { free }),
			Self::All => Some(capped),
		}
	}
}

/// A chain to be measured. All subnets are alike, and started.
#[derive(Clone, Debug)]
pub struct Scene {
	/// How many subnets.
	pub subnets: u16,
	/// Seats of each, one at least; the n-th is one hotkey's in all of them.
	pub seats: u16,
	/// Seats of each on which there is stake, from the first.
	pub validators: u16,
	/// Whether each of the validators weighs every other seat, no two of them alike. Without that
	/// nobody weighs anybody.
	pub weighed: bool,
	/// Positions beside the validators', each an account's of its own, spread over all subnets and
	/// validators.
	pub positions: u32,
	/// Blocks in an epoch.
	pub tempo: u32,
	/// Accounts beside those of the subnets, each with as many rao.
	pub accounts: Vec<(AccountId, u64)>,
	/// Which subnets the chain buys of.
	pub capped: Capped,
	/// Whether Alice is a validator with a node's keys, so that nodes take the chain's blocks.
	pub networked: bool,
}

impl Default for Scene {
	/// A subnet with a validator, whose epoch outlasts every measurement.
	fn default() -> Self {
		Self {
			subnets: 1,
			seats: 1,
			validators: 1,
			weighed: false,
			positions: 0,
			tempo: MAX_TEMPO,
			accounts: Vec::new(),
			capped: Capped::AsOpened,
			networked: false,
		}
	}
}

impl Scene {
	/// Genesis, as the runtime builds it: through the code of its calls.
	pub fn genesis(&self) -> RuntimeGenesisConfig {
		RuntimeGenesisConfig {
			aura: AuraConfig { authorities: self.authors() },
			validators: self.validator_set(),
			session: SessionConfig { keys: self.session_keys(), ..Default::default() },
			balances: BalancesConfig { balances: self.balances(), ..Default::default() },
			subnets: SubnetsConfig { hotkeys: self.hotkeys(), subnets: self.registered() },
			dtao: DtaoConfig { stakes: self.stakes() },
			yuma: YumaConfig { weights: self.weights() },
			..Default::default()
		}
	}

	/// Who makes blocks, if nobody has a node's keys, which say it too.
	fn authors(&self) -> Vec<AuraId> {
		if self.networked {
			return Vec::new();
		}
		vec![Sr25519Keyring::Alice.public().into()]
	}

	fn validator_set(&self) -> ValidatorsConfig {
		if !self.networked {
			return ValidatorsConfig::default();
		}
		let session_blocks = DEFAULT_SESSION_BLOCKS;
		ValidatorsConfig { validators: vec![Sr25519Keyring::Alice.to_account_id()], session_blocks }
	}

	fn session_keys(&self) -> Vec<(AccountId, AccountId, SessionKeys)> {
		if !self.networked {
			return Vec::new();
		}
		let keys = SessionKeys {
			aura: Sr25519Keyring::Alice.public().into(),
			grandpa: Ed25519Keyring::Alice.public().into(),
		};
		let alice = Sr25519Keyring::Alice.to_account_id();
		vec![(alice.clone(), alice, keys)]
	}

	/// The TAO in each subnet's pool.
	fn lock(&self) -> Tao {
		match self.validators {
			0 | 1 => LOCK,
			_ => LOCK_OF_MANY,
		}
	}

	fn balances(&self) -> Vec<(AccountId, u64)> {
		let locks = self.lock().get() * u64::from(self.subnets);
		let stakes = (2 * STAKE.get()) * u64::from(self.subnets) + ROOT_STAKE.get();
		let stakers = (0..self.validators).map(|n| (staker(n), stakes + UNIT));
		let holders = (0..self.positions).map(|n| (holder(n), 2 * HELD.get()));
		let alice = self.networked.then(|| (Sr25519Keyring::Alice.to_account_id(), OWNER));
		[(owner(), locks + OWNER)]
			.into_iter()
			.chain(alice)
			.chain(stakers)
			.chain(holders)
			.chain(self.accounts.iter().cloned())
			.collect()
	}

	fn hotkeys(&self) -> Vec<GenesisHotkey<AccountId>> {
		let owned = |n| GenesisHotkey { hotkey: seat(n), coldkey: owner(), take: None };
		(0..self.seats).map(owned).collect()
	}

	fn registered(&self) -> Vec<GenesisSubnet<AccountId>> {
		let subnet = GenesisSubnet {
			owner: owner(),
			hotkey: seat(0),
			lock: self.lock(),
			tempo: Some(self.tempo),
			started: true,
			neurons: (0..self.seats).map(seat).collect(),
		};
		vec![subnet; usize::from(self.subnets)]
	}

	fn stakes(&self) -> Vec<GenesisStake<AccountId>> {
		if self.subnets == 0 {
			return Vec::new();
		}
		let on = |netuid, n, tao| GenesisStake {
			coldkey: staker(n),
			hotkey: seat(n),
			netuid: NetUid(netuid),
			tao,
		};
		let root = (self.validators > 0).then(|| on(0, 0, ROOT_STAKE));
		let stakes = (1..=self.subnets).flat_map(|netuid| {
			let amount = |n| Tao(STAKE.get() + u64::from(n));
			(0..self.validators).map(move |n| on(netuid, n, amount(n)))
		});
		root.into_iter().chain(stakes).chain(self.held()).collect()
	}

	/// The stakes behind [`Self::positions`].
	fn held(&self) -> impl Iterator<Item = GenesisStake<AccountId>> + '_ {
		let (subnets, validators) = (u32::from(self.subnets), u32::from(self.validators.max(1)));
		(0..self.positions).map(move |n| GenesisStake {
			coldkey: holder(n),
			hotkey: seat((n / subnets % validators) as u16),
			netuid: NetUid((n % subnets) as u16 + 1),
			tao: HELD,
		})
	}

	fn weights(&self) -> Vec<GenesisWeights<AccountId>> {
		if !self.weighed {
			return Vec::new();
		}
		let row = |n| (0..self.seats).filter(move |uid| *uid != n).map(move |uid| weight(n, uid));
		let of = |netuid, n| GenesisWeights {
			netuid: NetUid(netuid),
			hotkey: seat(n),
			weights: row(n).collect(),
		};
		let subnets = 1..=self.subnets;
		subnets.flat_map(|netuid| (0..self.validators).map(move |n| of(netuid, n))).collect()
	}

	/// Set the prices that [`Self::capped`] asks for, in a state that [`Self::genesis`] was built to.
	///
	/// # Panics
	///
	/// If the state has no record of one of the subnets.
	pub fn set_prices(&self, state: &mut Storage) {
		for netuid in 1..=self.subnets {
			let Some((alpha, tao)) = self.capped.alpha_per_tao(netuid, self.subnets) else {
				continue;
			};
			let key = Markets::<Runtime>::hashed_key_for(NetUid(netuid));
			let stored = state.top.get_mut(&key).expect("the subnet's page is there");
			let mut page = Page::decode(&mut &stored[..]).expect("it is a page");
			let mut market = page.get(NetUid(netuid)).expect("the subnet has a record");
			market.pool.alpha = Alpha(market.pool.tao.get() * alpha / tao);
			page.set(NetUid(netuid), &market);
			*stored = page.encode();
		}
	}
}

/// What the n-th validator gives the seat `uid`: something that differs by both.
fn weight(n: u16, uid: u16) -> (Uid, u16) {
	(Uid(uid), 1 | (n.wrapping_mul(9_973) ^ uid.wrapping_mul(31_337)))
}

/// Who owns every subnet and every hotkey.
fn owner() -> AccountId {
	account(b'o', 0)
}

/// The hotkey on the n-th seat.
pub fn seat(n: u16) -> AccountId {
	account(b'h', n)
}

/// Who has staked on the n-th seat.
fn staker(n: u16) -> AccountId {
	account(b's', n)
}

/// Who has the n-th of the positions beside the validators'.
fn holder(n: u32) -> AccountId {
	let mut bytes = [b'p'; 32];
	bytes[..4].copy_from_slice(&n.to_be_bytes());
	bytes.into()
}

fn account(kind: u8, n: u16) -> AccountId {
	let mut bytes = [kind; 32];
	bytes[..2].copy_from_slice(&n.to_be_bytes());
	bytes.into()
}
