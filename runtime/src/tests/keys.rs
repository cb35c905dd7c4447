//! Hazard E33: whoever changes a key keeps all that hung on it. What the tests look for is the old
//! key itself, in every row of both pallets, so that a map which a swap forgets is found.

use super::{next_block, support::*};
use crate::{AccountId, Dtao, Runtime};
use dtao_primitives::{NetUid, SubnetsParams};
use sp_io::hashing::twox_128;
use sp_io::TestExternalities;

const SUBNET: NetUid = NetUid(1);

fn owner() -> AccountId {
	coldkey(1)
}

fn staker() -> AccountId {
	coldkey(2)
}

/// One subnet, whose owner validates and mines; the owner and somebody else have staked, also on root.
fn scene() -> TestExternalities {
	Chain {
		registry: SubnetsParams { coldkey_swap_delay: 1, ..Default::default() },
		..Default::default()
	}
	.funded(owner(), tao(10_000))
	.funded(staker(), tao(10_000))
	.owned(hotkey(1), owner())
	.owned(hotkey(2), owner())
	.subnet(owner(), tao(1_000), 60, vec![hotkey(1), hotkey(2)])
	.staked(owner(), hotkey(1), SUBNET, tao(50))
	.staked(staker(), hotkey(1), SUBNET, tao(50))
	.staked(staker(), hotkey(1), NetUid::ROOT, tao(50))
	.staked(owner(), hotkey(1), NetUid::ROOT, tao(50))
	.build()
}

/// The rows of `Subnets` and `Dtao` in which `account` occurs, in key or value, but for that which
/// keeps it from becoming somebody else's hotkey.
fn rows_with(account: &AccountId) -> Vec<String> {
	let needle: &[u8] = account.as_ref();
	let former = pallet_subnets::FormerHotkeys::<Runtime>::hashed_key_for(account);
	let has = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
	let mut found = vec![];
	for pallet in ["Subnets", "Dtao"] {
		let prefix = twox_128(pallet.as_bytes());
		let mut key = prefix.to_vec();
		while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix))
		{
			let value = sp_io::storage::get(&next).expect("the key exists");
			if next != former && (has(&next) || has(&value)) {
				found.push(format!("{pallet} {next:?}"));
			}
			key = next;
		}
	}
	found
}

/// Everything that `who` has at stake, in the order of its list, without whose it is.
fn holdings(who: &AccountId) -> Vec<(NetUid, u64)> {
	Dtao::positions(who).into_iter().map(|position| (position.netuid, position.alpha)).collect()
}

/// Hazard E33: a hotkey's stakes, seat, rewards, destinations and owner's cut follow it.
#[test]
fn no_row_keeps_a_swapped_hotkey() {
	scene().execute_with(|| {
		let (old, new) = (hotkey(1), hotkey(9));
		let redirect =
			pallet_dtao::Call::set_reward_destination { netuid: SUBNET, hotkey: Some(old.clone()) };
		send(&owner(), redirect).expect("the hotkey is owned");
		blocks(70);
		assert!(!rows_with(&old).is_empty());
		let before = (holdings(&owner()), holdings(&staker()));

		let swap =
			pallet_subnets::Call::swap_hotkey { hotkey: old.clone(), new_hotkey: new.clone() };
		send(&owner(), swap).expect("it is the first");
		assert_eq!(rows_with(&old), Vec::<String>::new());
		assert_eq!((holdings(&owner()), holdings(&staker())), before);
		check_invariants();

		// It goes on earning, under its new name.
		blocks(130);
		assert!(stake_of(&staker(), SUBNET, &new) > before.1[0].1.min(before.1[1].1));
		assert_eq!(rows_with(&old), Vec::<String>::new());
		check_invariants();
	});
}

/// Hazard E33: positions, hotkeys, subnets and destinations of a coldkey follow it, and nothing of
/// what they are worth is lost.
#[test]
fn no_row_keeps_a_swapped_coldkey() {
	scene().execute_with(|| {
		let (old, new) = (owner(), coldkey(9));
		let redirect =
			pallet_dtao::Call::set_reward_destination { netuid: SUBNET, hotkey: Some(hotkey(1)) };
		send(&old, redirect).expect("the hotkey is owned");
		blocks(70);
		let before = holdings(&old);
		assert_eq!(before.len(), 2, "stake on a subnet, with rewards, and on root: {before:?}");

		let announce = pallet_subnets::Call::announce_coldkey_swap { new_coldkey: new.clone() };
		send(&old, announce).expect("it is the first");
		next_block();
		let due = holdings(&old);
		send(&staker(), pallet_subnets::Call::swap_coldkey { coldkey: old.clone() })
			.expect("it is due");
		assert_eq!(rows_with(&old), Vec::<String>::new());
		assert_eq!(holdings(&new), due);
		check_invariants();

		blocks(130);
		assert_eq!(rows_with(&old), Vec::<String>::new());
		assert!(holdings(&new).iter().zip(&due).all(|(now, then)| now.1 > then.1));
		check_invariants();
	});
}
