//! Where miners' incentives are staked.

use super::*;
use crate::RewardDestinations;
use dtao_primitives::{
	traits::{ConsensusOutcome, OnSubnet},
	Uid,
};
use sp_runtime::DispatchError;

/// Seats 1 and 2 share the miners' bucket; seat 0 validates.
fn decree() {
	const W: u32 = u32::MAX;
	Judge::decree(ConsensusOutcome {
		permits: vec![true, false, false],
		dividends: vec![W, 0, 0],
		incentives: vec![0, W / 3, W - W / 3],
		..Default::default()
	});
}

/// The incentives deposited since the last look: for whom, on whom, how much.
fn incentives() -> Vec<(AccountId, AccountId, u64)> {
	let deposits = events().into_iter().flat_map(|event| match event {
		Event::RewardDeposited {
			coldkey, hotkey, alpha, source: RewardSource::Incentive, ..
		} => {
			vec![(coldkey, hotkey, alpha.get())]
		},
		Event::IncentivesPaid { alpha, .. } => (0..)
			.zip(alpha)
			.map(|(uid, alpha)| (VALIDATOR + uid, HOTKEY + uid, alpha.get()))
			.filter(|(_, _, alpha)| *alpha > 0)
			.collect(),
		_ => vec![],
	});
	deposits.collect()
}

/// A chain whose second epoch pays miners: it closes in block 119.
fn mining() -> sp_io::TestExternalities {
	let mut ext = TestExt::one_subnet().seats(3).take(18).build();
	ext.execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		decree();
		run_to_block(118);
		events();
	});
	ext
}

const MINER: AccountId = VALIDATOR + 1;
const MINERS_HOTKEY: AccountId = HOTKEY + 1;

#[test]
fn an_incentive_is_staked_where_its_owner_says() {
	let paid = |on: AccountId, setup: &dyn Fn()| {
		mining().execute_with(|| {
			setup();
			let before = stake_of(MINER, on, NETUID);
			run_blocks(1);
			let found = incentives();
			let [mine, other] = found[..] else { panic!("{found:?}") };
			// The other's miner is not concerned.
			assert_eq!((other.0, other.1), (VALIDATOR + 2, HOTKEY + 2));
			assert_eq!((mine.0, mine.1), (MINER, on));
			assert_eq!(stake_of(MINER, on, NETUID), before + mine.2);
			mine.2
		})
	};
	let own = paid(MINERS_HOTKEY, &|| ());
	assert!(own > 0);
	// On a validator, on a hotkey without a seat, on his own, and back to the default.
	for on in [HOTKEY, OWNER_HOTKEY, MINERS_HOTKEY] {
		let set = || {
			assert_ok!(redirect(MINER, NETUID, Some(on)));
		};
		assert_eq!(paid(on, &set), own);
	}
	let back = || {
		assert_ok!(redirect(MINER, NETUID, Some(HOTKEY)));
		assert_ok!(redirect(MINER, NETUID, None));
		assert_eq!(RewardDestinations::<Test>::iter().count(), 0);
	};
	assert_eq!(paid(MINERS_HOTKEY, &back), own);
}

/// A deposit settles the destination's own rewards first, so that it earns nothing of them.
#[test]
fn an_incentive_takes_nothing_from_the_stakers_of_its_destination() {
	let alices = |redirected: bool| {
		mining().execute_with(|| {
			if redirected {
				assert_ok!(redirect(MINER, NETUID, Some(HOTKEY)));
			}
			run_blocks(1);
			stake_of(ALICE, HOTKEY, NETUID)
		})
	};
	let (with, without) = (alices(true), alices(false));
	assert!((without..=without + 1).contains(&with), "{with} {without}");
}

/// Who leaves a seat is paid at once, where he wants it.
#[test]
fn a_replaced_miner_is_paid_at_the_destination() {
	mining().execute_with(|| {
		assert_ok!(redirect(MINER, NETUID, Some(OWNER_HOTKEY)));
		let newcomer = Registry::own(CAROL, 777, PerU16::zero());
		assert_ok!(Dtao::on_replaced(NETUID, Uid(1), newcomer));
		let found = incentives();
		assert!(matches!(found[..], [(MINER, OWNER_HOTKEY, _)]), "{found:?}");
		check_invariants();
	});
}

#[test]
fn a_destination_is_set_for_one_subnet_and_said() {
	TestExt::new().subnet(1_000).registered_subnet(400).hotkeys(2).execute_with(|| {
		let set = |netuid, hotkey| Event::RewardDestinationSet { coldkey: ALICE, netuid, hotkey };
		// One that has not started, too.
		for netuid in [NETUID, NetUid(2)] {
			for hotkey in [Some(HOTKEY), Some(HOTKEY_2), None, None] {
				assert_ok!(redirect(ALICE, netuid, hotkey));
				assert_eq!(events(), [set(netuid, hotkey)]);
				let stored = RewardDestinations::<Test>::get(ALICE, netuid);
				assert_eq!(stored, hotkey.map(id));
			}
		}
		assert_ok!(redirect(ALICE, NETUID, Some(HOTKEY)));
		assert_eq!(RewardDestinations::<Test>::get(ALICE, NetUid(2)), None);
		assert_eq!(RewardDestinations::<Test>::get(BOB, NETUID), None);
	});
}

#[test]
fn what_is_no_destination_is_refused_by_name() {
	TestExt::one_subnet().execute_with(|| {
		for hotkey in [Some(HOTKEY), None] {
			for netuid in [NetUid::ROOT, NetUid(9), NetUid(u16::MAX)] {
				let call = redirect(ALICE, netuid, hotkey);
				assert_noop!(call, Error::<Test>::UnknownSubnet);
			}
			for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
				let call = Dtao::set_reward_destination(origin, NETUID, hotkey);
				assert_noop!(call, DispatchError::BadOrigin);
			}
		}
		assert_noop!(redirect(ALICE, NETUID, Some(999)), Error::<Test>::UnknownHotkey);
	});
}
