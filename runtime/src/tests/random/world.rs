//! Who calls, what there is to call about, and how any of it is picked.

use super::{
	super::support::{coldkey, hotkey, tao, Chain},
	consensus_calls::{first_params, Ballot},
};
use crate::{AccountId, Runtime, System};
use dtao_primitives::{
	constants::MIN_TEMPO, Amount, HotkeyId, MarketParams, NetUid, SubnetsParams, Tao,
};
use pallet_subnets::{ColdkeySwap, FormerHotkeys, OwnedHotkey, Subnet};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sp_io::TestExternalities;
use sp_runtime::FixedU128;

/// How many coldkeys there are.
const COLDKEYS: u8 = 6;
/// Hotkeys that are staked on.
const BACKED: u32 = 4;
/// Hotkeys that take seats, those that are staked on among them.
const SEATED: u32 = 20;
/// All hotkeys: the last of them stay without seat, and mostly without stake.
const HOTKEYS: u32 = 26;
/// Accounts that a hotkey may be: those of genesis, and others to be exchanged for.
const ACCOUNTS: u8 = 60;
/// So many hotkeys there may be in the end: each is a row for ever.
const MANY_HOTKEYS: usize = 34;

/// Two accounts of one person, who never holds anything for longer than a block: the closed loops
/// are theirs.
pub(crate) fn looper() -> AccountId {
	coldkey(0x91)
}

/// See [`looper`].
pub(crate) fn accomplice() -> AccountId {
	coldkey(0x92)
}

/// A chain on which everything may happen within a hundred blocks.
pub(crate) fn fast_chain() -> TestExternalities {
	let mut chain = Chain {
		market: MarketParams {
			price_half_life: 500,
			price_ramp: 200,
			flow_half_life: 100,
			..Default::default()
		},
		registry: SubnetsParams {
			min_lock: tao(5),
			lock_interval: 20,
			registration_interval: 10,
			tempo: MIN_TEMPO,
			neuron_half_life: 5,
			take_delay: 50,
			subnet_immunity: 100,
			dissolve_delay: 20,
			neuron_immunity: 20,
			hyperparams_interval: 20,
			hyperparams_freeze: 5,
			hotkey_swap_interval: 5,
			coldkey_swap_delay: 10,
			..Default::default()
		},
		..Default::default()
	};
	for n in 1..=COLDKEYS {
		chain = chain.funded(coldkey(n), tao(200_000));
	}
	for who in [looper(), accomplice()] {
		chain = chain.funded(who, tao(10_000));
	}
	for n in 0..HOTKEYS as u8 {
		chain = chain.owned(hotkey(n), coldkey(n % COLDKEYS + 1));
	}
	for n in 0..5 {
		let neurons = (0..4).map(|uid| hotkey(n + 3 * uid)).collect();
		// What a hotkey was bound to above owns the subnet, too.
		chain = chain.subnet(coldkey(n % COLDKEYS + 1), tao(20), MIN_TEMPO, neurons);
	}
	let mut state = chain.build();
	state.execute_with(|| {
		for n in 1..=5 {
			pallet_subnets::Subnets::<Runtime>::mutate(NetUid(n), |subnet| {
				subnet.as_mut().expect("it exists").hyperparams.consensus = first_params(n);
			});
		}
	});
	state
}

/// A position.
#[derive(Clone)]
pub(crate) struct Held {
	pub(crate) coldkey: AccountId,
	pub(crate) netuid: NetUid,
	pub(crate) id: HotkeyId,
	pub(crate) hotkey: AccountId,
}

/// The random numbers, and the state as this block found it.
pub(crate) struct World {
	pub(crate) rng: ChaCha8Rng,
	pub(crate) coldkeys: Vec<AccountId>,
	pub(crate) now: u32,
	pub(crate) subnets: Vec<(NetUid, Subnet<AccountId>)>,
	pub(crate) hotkeys: Vec<(HotkeyId, OwnedHotkey<AccountId>)>,
	pub(crate) swaps: Vec<(AccountId, ColdkeySwap<AccountId>)>,
	/// Positions that can be traded, those on root among them.
	pub(crate) held: Vec<Held>,
	/// Positions in subnets that were dissolved.
	pub(crate) claims: Vec<Held>,
	/// Weights that were committed to, and not yet revealed.
	pub(crate) ballots: Vec<Ballot>,
}

impl World {
	pub(crate) fn new(seed: u64) -> Self {
		Self {
			rng: ChaCha8Rng::seed_from_u64(seed),
			coldkeys: (1..=COLDKEYS).map(coldkey).collect(),
			now: 0,
			subnets: Vec::new(),
			hotkeys: Vec::new(),
			swaps: Vec::new(),
			held: Vec::new(),
			claims: Vec::new(),
			ballots: Vec::new(),
		}
	}

	/// Look at the state, once a block. What a call of the block changes shows in the next.
	pub(crate) fn look(&mut self) {
		self.now = System::block_number();
		self.subnets = pallet_subnets::Subnets::<Runtime>::iter().collect();
		self.subnets.sort_by_key(|(netuid, _)| *netuid);
		self.hotkeys = pallet_subnets::Hotkeys::<Runtime>::iter().collect();
		self.hotkeys.sort_by_key(|(id, _)| *id);
		self.swaps = pallet_subnets::ColdkeySwaps::<Runtime>::iter().collect();
		let exists =
			|netuid: NetUid| netuid.is_root() || self.subnets.iter().any(|(of, _)| *of == netuid);
		let account = |id: HotkeyId| self.hotkeys.iter().find(|(of, _)| *of == id);
		let positions = pallet_dtao::Positions::<Runtime>::iter_keys();
		let held = positions.filter_map(|(coldkey, (netuid, id))| {
			let hotkey = account(id)?.1.account.clone();
			Some(Held { coldkey, netuid, id, hotkey })
		});
		(self.held, self.claims) = held.partition(|held| exists(held.netuid));
	}

	pub(crate) fn chance(&mut self, of: u32, out_of: u32) -> bool {
		self.rng.gen_ratio(of, out_of)
	}

	pub(crate) fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
		match of.is_empty() {
			true => None,
			false => Some(of[self.rng.gen_range(0..of.len())].clone()),
		}
	}

	pub(crate) fn coldkey(&mut self) -> AccountId {
		self.coldkeys[self.rng.gen_range(0..self.coldkeys.len())].clone()
	}

	/// A hotkey that is staked on; now and then one that is otherwise idle, or an account that is none.
	pub(crate) fn backed(&mut self) -> AccountId {
		if self.chance(1, 60) {
			return hotkey(0xee);
		}
		if self.chance(1, 200) {
			return self.idle_hotkey().account;
		}
		let id = HotkeyId(self.rng.gen_range(0..BACKED));
		self.account(id)
	}

	/// A hotkey that may be seated, and its owner.
	pub(crate) fn seated(&mut self) -> OwnedHotkey<AccountId> {
		let id = HotkeyId(self.rng.gen_range(0..SEATED));
		self.owned(id)
	}

	/// A hotkey that holds no seat, and mostly has no stake.
	pub(crate) fn idle_hotkey(&mut self) -> OwnedHotkey<AccountId> {
		let id = HotkeyId(self.rng.gen_range(SEATED..HOTKEYS));
		self.owned(id)
	}

	pub(crate) fn any_hotkey(&mut self) -> OwnedHotkey<AccountId> {
		let id = HotkeyId(self.rng.gen_range(0..HOTKEYS));
		self.owned(id)
	}

	fn account(&self, id: HotkeyId) -> AccountId {
		self.owned(id).account
	}

	/// As it is now: an account that was exchanged in this block would be registered anew, and become
	/// another hotkey.
	fn owned(&self, id: HotkeyId) -> OwnedHotkey<AccountId> {
		pallet_subnets::Hotkeys::<Runtime>::get(id).expect("it is owned from genesis on")
	}

	/// An account that nobody owns and `owner` may make a hotkey, as long as there is one; now and then
	/// one that was another's.
	pub(crate) fn spare(&mut self, owner: &AccountId) -> AccountId {
		let any = self.chance(1, 30);
		let is_theirs = |id| self.owned(id).owner == *owner;
		let is_free = |n: &u8| {
			self.hotkeys.iter().all(|(_, one)| one.account != hotkey(*n))
				&& (any || FormerHotkeys::<Runtime>::get(hotkey(*n)).is_none_or(is_theirs))
		};
		let free: Vec<_> = (0..ACCOUNTS).filter(is_free).collect();
		hotkey(self.one(&free).unwrap_or(0))
	}

	/// A hotkey to register, and its owner: now and then one that nobody owns yet, as long as there
	/// are few.
	pub(crate) fn registrant(&mut self) -> (AccountId, AccountId) {
		if self.hotkeys.len() < MANY_HOTKEYS && self.chance(1, 20) {
			let owner = self.coldkey();
			return (self.spare(&owner), owner);
		}
		let seated = self.seated();
		(seated.account, seated.owner)
	}

	/// A subnet that exists; now and then a number that none has.
	pub(crate) fn netuid(&mut self) -> NetUid {
		let known: Vec<_> = self.subnets.iter().map(|(netuid, _)| *netuid).collect();
		match self.chance(1, 60) {
			true => NetUid(u16::MAX),
			false => self.one(&known).unwrap_or(NetUid::ROOT),
		}
	}

	/// Root, or a subnet: mostly one that trades.
	pub(crate) fn tradeable(&mut self) -> NetUid {
		if self.chance(1, 6) {
			return NetUid::ROOT;
		}
		let started: Vec<_> = self
			.subnets
			.iter()
			.filter(|(_, subnet)| subnet.started_at.is_some())
			.map(|(netuid, _)| *netuid)
			.collect();
		match self.chance(1, 40) {
			true => self.netuid(),
			false => self.one(&started).unwrap_or(NetUid::ROOT),
		}
	}

	/// A position that can be traded; mostly one that exists.
	pub(crate) fn position(&mut self) -> Held {
		let held = core::mem::take(&mut self.held);
		let one = self.one(&held);
		self.held = held;
		match one {
			Some(held) if !self.chance(1, 60) => held,
			_ => Held {
				coldkey: self.coldkey(),
				netuid: self.tradeable(),
				id: HotkeyId(0),
				hotkey: self.backed(),
			},
		}
	}

	/// TAO to stake: from a thousandth of one to three, every order of magnitude alike.
	pub(crate) fn stake(&mut self) -> Tao {
		let most = 10u64.pow(self.rng.gen_range(6..=8)) * 30;
		Tao(self.rng.gen_range(1_000_000..=most))
	}

	/// A part of a position, now and then a little more than there is.
	pub(crate) fn part(&mut self, held: &Held) -> Amount {
		let worth = worth(held);
		match self.rng.gen_range(0..20) {
			0..=5 => Amount::All,
			6 => Amount::Exact(worth),
			7 => Amount::Exact(worth.saturating_add(1)),
			8 => Amount::Exact(self.rng.gen_range(0..1_000)),
			_ => Amount::Exact(self.rng.gen_range(0..=worth)),
		}
	}

	/// A price, from 30 % below that of `netuid` to 30 % above it.
	pub(crate) fn limit(&mut self, netuid: NetUid) -> FixedU128 {
		let market = pallet_dtao::Markets::<Runtime>::get(netuid);
		let price = market.map_or(FixedU128::from_u32(1), |market| market.pool.price());
		let percent = self.rng.gen_range(70..=130);
		FixedU128::from_inner(price.into_inner() / 100 * percent)
	}
}

/// What a position is worth, but for rewards that are not settled.
pub(crate) fn worth(held: &Held) -> u64 {
	let shares = crate::Dtao::shares_of(&held.coldkey, held.netuid, held.id);
	let stake = match held.netuid.is_root() {
		true => pallet_dtao::RootPools::<Runtime>::get(held.id).stake,
		false => pallet_dtao::HotkeyPools::<Runtime>::get((held.netuid, held.id)).stake,
	};
	stake.value(shares).expect("a position has a value")
}
