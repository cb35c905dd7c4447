//! A small state in which every call is accepted.

use super::super::{
	next_block,
	random::calls::Attempt,
	support::{add, blocks, coldkey, dissolve, hotkey, id_of, market, send, send_as, tao, Chain},
};
use crate::{AccountId, RuntimeCall, RuntimeOrigin, System};
use dtao_primitives::{
	constants::MIN_TEMPO, Alpha, Amount, ConsensusParams, Fill, Hyperparams, MarketParams, NetUid,
	SubnetIdentity, SubnetsParams, Tao, Uid,
};
use pallet_dtao::{
	types::{Exit, Place},
	Call as Market,
};
use pallet_subnets::Call as Registry;
use pallet_yuma::Call as Consensus;
use sp_core::{Encode, H256};
use sp_io::TestExternalities;
use sp_runtime::{BoundedVec, FixedU128, PerU16};

pub(super) const FIRST: NetUid = NetUid(1);
pub(super) const SECOND: NetUid = NetUid(2);
/// Registered, not started.
const WAITING: NetUid = NetUid(3);
/// Dissolved.
pub(super) const GONE: NetUid = NetUid(4);
/// Its dissolution was announced, and is due.
const LEAVING: NetUid = NetUid(5);

pub(super) fn alice() -> AccountId {
	coldkey(1)
}

pub(super) fn bob() -> AccountId {
	coldkey(2)
}

pub(super) fn validator() -> AccountId {
	hotkey(1)
}

pub(super) fn miner() -> AccountId {
	hotkey(2)
}

/// Alice owns the subnets and the validator, Bob the miner; both have stake everywhere. One of the
/// subnets is full and takes weights without a commitment, one waits, one is gone, and one is about
/// to go. It stands in the middle of an epoch, with something in every bucket and in every drip, and a
/// commitment to be revealed.
pub(super) fn scene() -> TestExternalities {
	let mut chain = Chain {
		// Root's ALPHA is sold every other block or so.
		market: MarketParams { min_root_sale: Alpha(4_000_000), ..Default::default() },
		registry: SubnetsParams {
			min_lock: tao(10),
			tempo: MIN_TEMPO,
			registration_interval: 0,
			subnet_immunity: 0,
			neuron_immunity: 0,
			dissolve_delay: 100,
			coldkey_swap_delay: 10,
			hyperparams_interval: 0,
			hyperparams_freeze: 0,
			hotkey_swap_interval: 0,
			take_delay: 10,
			..Default::default()
		},
		..Default::default()
	}
	.funded(alice(), tao(10_000))
	.funded(bob(), tao(10_000))
	.funded(coldkey(3), tao(10_000))
	.owned(validator(), alice())
	.owned(miner(), bob())
	.owned(hotkey(3), alice());
	for _ in 0..5 {
		let neurons = vec![validator(), miner()];
		chain = chain.subnet(alice(), tao(100), MIN_TEMPO, neurons);
	}
	for netuid in [NetUid::ROOT, FIRST, SECOND, GONE, LEAVING] {
		chain = chain.staked(bob(), validator(), netuid, tao(5));
		chain = chain.staked(alice(), miner(), netuid, tao(5));
	}
	let mut state = chain.build();
	state.execute_with(|| {
		pallet_subnets::Subnets::<crate::Runtime>::mutate(WAITING, |subnet| {
			subnet.as_mut().expect("it exists").started_at = None;
		});
		pallet_dtao::Markets::<crate::Runtime>::mutate_extant(WAITING, |market| {
			*market = pallet_dtao::types::Market { pool: market.pool, ..Default::default() };
		});
		pallet_dtao::Emitting::<crate::Runtime>::mutate(|all| all.retain(|one| *one != WAITING));
		blocks(1);
		let announce = Registry::dissolve_subnet { netuid: LEAVING };
		send(&alice(), announce).expect("it is hers");
		for (netuid, commit_reveal) in [(FIRST, true), (SECOND, false)] {
			let held = Hyperparams::new(MIN_TEMPO, 0);
			let consensus =
				ConsensusParams { weights_rate_limit: 0, commit_reveal, ..held.consensus };
			// Two seats are all.
			let max_seats = if netuid == SECOND { 2 } else { held.max_seats };
			let params = Hyperparams { max_seats, consensus, ..held };
			let call = Registry::set_subnet_params { netuid, params };
			send_as(RuntimeOrigin::root(), call).expect("it is root");
		}
		blocks(2 * MIN_TEMPO - 5);
		// It is revealed in the next epoch, which opens soon.
		let commit = Consensus::commit_weights { netuid: FIRST, hash: commitment() };
		send(&validator(), commit).expect("it is seated");
		dissolve(GONE).expect("it is root");
		let announce = Registry::announce_coldkey_swap { new_coldkey: coldkey(3) };
		send(&bob(), announce).expect("he may");
		blocks(12);
		add(&bob(), FIRST, &validator(), tao(1), 0).expect("he has it");
		next_block();
		while market(FIRST).buckets.root.get() == 0 {
			next_block();
		}
		assert!(market(FIRST).buckets.root.get() > 0 && market(FIRST).root_tao.get() > 0);
		assert!(pallet_dtao::RootPools::<crate::Runtime>::get(id_of(&validator())).drip.left.0 > 0);
		System::reset_events();
	});
	state
}

/// Each call, by who may make it, as it is accepted in the scene.
pub(super) fn attempts() -> Vec<Attempt> {
	let mut all = market_attempts();
	all.extend(registry_attempts());
	all.extend(consensus_attempts());
	all
}

fn by(who: AccountId, call: impl Into<RuntimeCall>) -> Attempt {
	Attempt { origin: RuntimeOrigin::signed(who.clone()), who: Some(who), call: call.into() }
}

fn market_attempts() -> Vec<Attempt> {
	let hotkey = validator;
	let half = Amount::Exact(tao(2).get());
	let place = |netuid, hotkey| Place { netuid, hotkey };
	let mut all = Vec::new();
	for netuid in [NetUid::ROOT, FIRST] {
		all.extend([
			by(
				alice(),
				Market::add_stake { netuid, hotkey: hotkey(), tao: tao(1), min_received: 0 },
			),
			by(
				bob(),
				Market::remove_stake {
					netuid,
					hotkey: hotkey(),
					amount: half,
					min_received: Tao::ZERO,
				},
			),
			by(
				bob(),
				Market::transfer_stake {
					to_coldkey: coldkey(3),
					netuid,
					hotkey: hotkey(),
					amount: half,
				},
			),
			by(
				bob(),
				Market::add_stake_limit {
					netuid,
					hotkey: hotkey(),
					tao: tao(1),
					limit_price: FixedU128::from_u32(2),
					fill: Fill::Partial,
				},
			),
			by(
				bob(),
				Market::remove_stake_limit {
					netuid,
					hotkey: hotkey(),
					amount: half,
					limit_price: FixedU128::from_rational(1, 2),
					fill: Fill::FillOrKill,
				},
			),
			by(
				bob(),
				Market::move_stake {
					from: place(netuid, hotkey()),
					to: place(SECOND, miner()),
					amount: half,
					min_received: 0,
				},
			),
			by(
				bob(),
				Market::move_stake {
					from: place(SECOND, hotkey()),
					to: place(netuid, miner()),
					amount: half,
					min_received: 0,
				},
			),
		]);
	}
	let exit = |netuid| Exit { netuid, hotkey: miner(), min_received: Tao::ZERO };
	let exits = vec![exit(FIRST), exit(NetUid::ROOT), exit(SECOND)];
	let positions = BoundedVec::try_from(exits).expect("three fit");
	all.extend([
		by(alice(), Market::remove_all_stake { positions }),
		by(bob(), Market::recycle_alpha { netuid: FIRST, hotkey: hotkey(), amount: half }),
		by(bob(), Market::burn_alpha { netuid: FIRST, hotkey: hotkey(), amount: half }),
		by(alice(), Market::redeem { netuid: GONE, coldkey: bob(), hotkey: hotkey() }),
		by(bob(), Market::set_reward_destination { netuid: FIRST, hotkey: Some(hotkey()) }),
	]);
	all
}

fn registry_attempts() -> Vec<Attempt> {
	let root = |call: Registry<crate::Runtime>| Attempt {
		origin: RuntimeOrigin::root(),
		who: None,
		call: call.into(),
	};
	let params = Hyperparams { max_seats: 8, ..Hyperparams::new(MIN_TEMPO + 1, 5) };
	let name = BoundedVec::try_from(b"one".to_vec()).expect("three bytes fit");
	let identity = SubnetIdentity { name, ..Default::default() };
	let most = Tao(u64::MAX);
	vec![
		by(alice(), Registry::register_subnet { hotkey: hotkey(9), max_lock: most }),
		by(alice(), Registry::start_call { netuid: WAITING }),
		by(alice(), Registry::register_neuron { netuid: FIRST, hotkey: hotkey(3), max_cost: most }),
		by(
			alice(),
			Registry::register_neuron { netuid: SECOND, hotkey: hotkey(8), max_cost: most },
		),
		by(alice(), Registry::set_take { hotkey: validator(), take: PerU16::from_percent(9) }),
		root(Registry::dissolve_subnet { netuid: FIRST }),
		by(alice(), Registry::dissolve_subnet { netuid: LEAVING }),
		by(alice(), Registry::cancel_dissolve { netuid: LEAVING }),
		by(hotkey(3), Registry::rebind_hotkey { coldkey: bob() }),
		by(alice(), Registry::set_subnet_params { netuid: FIRST, params }),
		root(Registry::set_subnet_params { netuid: FIRST, params }),
		by(alice(), Registry::set_subnet_identity { netuid: FIRST, identity }),
		by(alice(), Registry::swap_hotkey { hotkey: validator(), new_hotkey: hotkey(7) }),
		by(alice(), Registry::announce_coldkey_swap { new_coldkey: coldkey(3) }),
		by(bob(), Registry::cancel_coldkey_swap {}),
		by(alice(), Registry::swap_coldkey { coldkey: bob() }),
	]
}

/// What the validator commits to and reveals: all its weight to the miner.
const MINER: Uid = Uid(1);
const SALT: [u8; 3] = [7, 8, 9];

fn commitment() -> H256 {
	let ballot = (validator(), FIRST, vec![MINER], vec![u16::MAX], SALT.to_vec(), 0u64);
	sp_io::hashing::blake2_256(&ballot.encode()).into()
}

fn consensus_attempts() -> Vec<Attempt> {
	let uids = BoundedVec::try_from(vec![MINER]).expect("one fits");
	let weights = BoundedVec::try_from(vec![u16::MAX]).expect("one fits");
	let salt = BoundedVec::try_from(SALT.to_vec()).expect("three bytes fit");
	vec![
		by(
			validator(),
			Consensus::set_weights {
				netuid: SECOND,
				uids: uids.clone(),
				weights: weights.clone(),
				version_key: 0,
			},
		),
		by(validator(), Consensus::commit_weights { netuid: FIRST, hash: H256::zero() }),
		by(
			validator(),
			Consensus::reveal_weights { netuid: FIRST, uids, weights, salt, version_key: 0 },
		),
	]
}
