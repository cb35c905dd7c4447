//! Blocks on a broken state: a subnet that fails is left as it was, the event says so, and the others
//! get their block.

use super::{
	super::{
		next_block,
		support::{dissolve, id_of, idle, market, market_events, undone},
	},
	keys_under,
	scene::{alice, bob, miner, scene, validator, FIRST, GONE, SECOND},
	Damage,
};
use crate::{Balances, Runtime, System};
use dtao_primitives::{NetUid, Tao};
use frame_support::weights::Weight;
use pallet_dtao::{
	types::{Market, RECORD_BYTES},
	Emitting, Event, HotkeyPools, Markets, Positions, Redemptions, Root, Scores,
};
use std::{collections::BTreeMap, ops::Range};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// All that is stored below each of `prefixes`.
fn rows(prefixes: &[Vec<u8>]) -> Rows {
	let keys = prefixes.iter().flat_map(|prefix| keys_under(prefix));
	let value = |key: &Vec<u8>| sp_io::storage::get(key).expect("the key is there").to_vec();
	keys.map(|key| (key.clone(), value(&key))).collect()
}

/// All that is stored of one subnet: its record, its hotkeys' pools, its seats, and what the
/// consensus keeps of them.
fn all_of(netuid: NetUid) -> Rows {
	let pools = HotkeyPools::<Runtime>::hotkeys_of(netuid);
	let mut prefixes: Vec<_> =
		pools.map(|id| HotkeyPools::<Runtime>::hashed_key_for((netuid, id))).collect();
	prefixes.push(Scores::<Runtime>::hashed_key_for(netuid));
	prefixes.extend(consensus_of(netuid));
	let mut all = rows(&prefixes);
	all.insert(RECORD.to_vec(), record_of(netuid));
	all
}

/// What stands for a record's key among [`Rows`]: it shares its own with others.
const RECORD: &[u8] = b"the subnet's record";

/// The bytes of a subnet's record, as its page has them.
fn record_of(netuid: NetUid) -> Vec<u8> {
	let page = sp_io::storage::get(&Markets::<Runtime>::hashed_key_for(netuid));
	page.map_or_else(Vec::new, |page| page[place_of(netuid)].to_vec())
}

/// Where the record of a subnet on the first page lies on it: behind the page's length, the records
/// of lower netuids, and its own netuid.
fn place_of(netuid: NetUid) -> Range<usize> {
	const NUMBER: usize = 2;
	let before = Markets::<Runtime>::iter_keys().filter(|other| *other < netuid).count();
	let start = 1 + before * (NUMBER + RECORD_BYTES) + NUMBER;
	start..start + RECORD_BYTES
}

/// Where the consensus keeps what it knows of a subnet.
fn consensus_of(netuid: NetUid) -> [Vec<u8>; 3] {
	[
		pallet_yuma::Neurons::<Runtime>::hashed_key_for(netuid),
		pallet_yuma::Weights::<Runtime>::hashed_key_for(netuid),
		pallet_yuma::Bonds::<Runtime>::hashed_key_for(netuid),
	]
}

/// All of the market's state, and TAO's issuance.
fn everything() -> (Rows, u64) {
	let market = rows(&[sp_io::hashing::twox_128(b"Dtao").to_vec()]);
	(market, Balances::total_issuance())
}

/// What a block's events say of failures.
fn failed() -> (Vec<NetUid>, Vec<NetUid>, bool) {
	let (mut steps, mut epochs, mut block) = (Vec::new(), Vec::new(), false);
	for event in market_events() {
		match event {
			Event::EmissionStepFailed { netuid, .. } => steps.push(netuid),
			Event::EpochFailed { netuid, .. } => epochs.push(netuid),
			Event::BlockStepFailed { .. } => block = true,
			_ => (),
		}
	}
	(steps, epochs, block)
}

fn minted() -> u64 {
	let minted = |event: &Event<Runtime>| match event {
		Event::EmissionDistributed { minted, .. } => Some(minted.get()),
		_ => None,
	};
	market_events().iter().find_map(minted).unwrap_or(0)
}

/// Each part of a subnet's record is damaged, in turn. Where its step fails, its record and all else
/// of it are as the damage left them, nothing is minted for it, and the others have their block.
#[test]
fn a_subnet_whose_step_fails_is_left_alone_and_the_others_are_not() {
	let (mut steps, mut blocks, mut kept) = (0, 0, 0);
	scene().execute_with(|| {
		let key = Markets::<Runtime>::hashed_key_for(FIRST);
		for damage in [vec![Damage::Gone], Damage::within(place_of(FIRST))].concat() {
			undone(|| {
				if !damage.inflict(&key) {
					return;
				}
				let (before, issuance) = (all_of(FIRST), Balances::total_issuance());
				let other = Markets::<Runtime>::get(SECOND).map(|market| market.pool.tao);
				let whole = everything();
				next_block();
				let (failing, _, block_failed) = failed();
				if block_failed {
					assert_eq!(everything(), whole, "{damage:?}: nothing of a failed block stays");
					blocks += 1;
				} else if failing.contains(&FIRST) {
					assert_eq!(failing, [FIRST], "{damage:?}: only the damaged one fails");
					assert_eq!(all_of(FIRST), before, "{damage:?}: it is left alone");
					let after = Some(market(SECOND).pool.tao);
					assert!(after > other, "{damage:?}: the other has its block");
					let all = Balances::total_issuance() - issuance;
					assert_eq!(all, minted(), "{damage:?}: what was minted is what the others got");
					steps += 1;
				} else {
					kept += 1;
				}
			});
		}
	});
	println!("{steps} steps failed, {blocks} blocks, {kept} went on");
	assert!(steps >= 10 && blocks >= 1);
}

/// Run to just before the epoch of `FIRST` closes, with that of no other subnet closing with it.
fn before_the_close() {
	while market(FIRST).epoch.closes_at > System::block_number() + 1 {
		next_block();
		System::reset_events();
	}
}

/// Each value that the close of an epoch reads is damaged, in turn. Where it fails, the block's step
/// has been made, everything else of the subnet is as it was, it is tried again one tempo later, and
/// other subnets do not notice.
#[test]
fn an_epoch_that_fails_is_deferred_with_all_that_accrued() {
	let (mut failures, mut closed) = (0, 0);
	scene().execute_with(|| {
		before_the_close();
		let now = System::block_number() + 1;
		let mut damaged =
			vec![Scores::<Runtime>::hashed_key_for(FIRST), Root::<Runtime>::hashed_key().to_vec()];
		damaged.extend(consensus_of(FIRST));
		for hotkey in [validator(), miner()] {
			let id = id_of(&hotkey);
			damaged.push(HotkeyPools::<Runtime>::hashed_key_for((FIRST, id)));
			damaged.push(pallet_dtao::RootPools::<Runtime>::hashed_key_for(id));
			damaged.push(pallet_subnets::Hotkeys::<Runtime>::hashed_key_for(id));
		}
		for key in damaged {
			let Some(length) = sp_io::storage::get(&key).map(|value| value.len()) else { continue };
			for damage in Damage::all(length) {
				undone(|| {
					if !damage.inflict(&key) {
						return;
					}
					let mut before = all_of(FIRST);
					let root_before = Root::<Runtime>::get();
					let index = market(FIRST).epoch.index;
					let others = market(SECOND);
					next_block();
					let (steps, epochs, block_failed) = failed();
					assert!(
						steps.is_empty() && !block_failed,
						"{damage:?}: the step reads none of it"
					);
					assert_ne!(market(SECOND), others, "the other has its block");
					if epochs.contains(&FIRST) {
						assert_eq!(epochs, [FIRST]);
						let mut after = all_of(FIRST);
						after.remove(RECORD);
						before.remove(RECORD);
						assert_eq!(after, before, "{damage:?}: pools and seats are as they were");
						assert_eq!(Root::<Runtime>::get(), root_before);
						let Market { epoch, buckets, root_tao, .. } = market(FIRST);
						assert_eq!(epoch.index, index, "the epoch is still open");
						assert_eq!(epoch.closes_at, now + dtao_primitives::constants::MIN_TEMPO);
						assert!(
							buckets.miners.get() > 0 && root_tao > Tao::ZERO,
							"all of it waits"
						);
						failures += 1;
					} else {
						closed += 1;
					}
				});
			}
		}
	});
	println!("{failures} closes failed, {closed} went on");
	assert!(failures >= 20);
}

/// Each value that the winding up of a dissolved subnet reads is damaged, in turn. Where a step of it
/// fails, the event names the subnet, and another that was dissolved is wound up all the same.
#[test]
fn a_redemption_that_fails_on_idle_holds_up_no_other() {
	let (mut failures, mut done) = (0, 0);
	scene().execute_with(|| {
		dissolve(SECOND).expect("it is root");
		let mut damaged = vec![
			Redemptions::<Runtime>::hashed_key_for(GONE),
			Scores::<Runtime>::hashed_key_for(GONE),
		];
		let pools = HotkeyPools::<Runtime>::hotkeys_of(GONE);
		damaged.extend(pools.map(|id| HotkeyPools::<Runtime>::hashed_key_for((GONE, id))));
		for who in [alice(), bob()] {
			let places = Positions::<Runtime>::iter_key_prefix(&who);
			let here = places.filter(|(netuid, _)| *netuid == GONE);
			damaged.extend(here.map(|place| Positions::<Runtime>::hashed_key_for(&who, place)));
		}
		for key in damaged {
			let length = sp_io::storage::get(&key).map_or(0, |value| value.len());
			for damage in Damage::all(length) {
				undone(|| {
					if !damage.inflict(&key) {
						return;
					}
					System::reset_events();
					idle(Weight::from_parts(u64::MAX, u64::MAX));
					let failed: Vec<_> = market_events()
						.into_iter()
						.filter_map(|event| match event {
							Event::RedemptionStepFailed { netuid, .. } => Some(netuid),
							_ => None,
						})
						.collect();
					assert!(failed.iter().all(|netuid| *netuid == GONE), "{damage:?}: {failed:?}");
					assert!(
						!Redemptions::<Runtime>::contains_key(SECOND),
						"{damage:?}: the other ends"
					);
					match failed.is_empty() {
						false => failures += 1,
						true => done += 1,
					}
				});
			}
		}
	});
	println!("{failures} windings up failed, {done} went on");
	assert!(failures >= 10);
}

/// Where a subnet is said to emit and has no market, a block as a whole cannot be split: nothing is
/// minted, nothing changes, and the chain goes on.
#[test]
fn a_block_that_cannot_be_split_changes_nothing() {
	scene().execute_with(|| {
		let others = Emitting::<Runtime>::get();
		Emitting::<Runtime>::mutate(|all| {
			all.try_push(NetUid(77)).expect("there is room");
		});
		let before = everything();
		next_block();
		assert_eq!(failed(), (vec![], vec![], true));
		assert_eq!(everything(), before);
		Emitting::<Runtime>::put(others);
		next_block();
		assert_eq!(minted(), 1_000_000_000);
	});
}
