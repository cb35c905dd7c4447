//! What closes of epochs give the owners of hotkeys: it waits in the pools, and is theirs at once.

use super::*;
use dtao_primitives::{traits::OnSubnet, Uid};

/// The block in which the first epoch of [`NETUID`] closes; the second pays miners.
const OPENED: u32 = 59;
const MINER: AccountId = VALIDATOR + 1;
const MINERS_HOTKEY: AccountId = HOTKEY + 1;
const HEIR: AccountId = 60;

fn pool() -> crate::types::StakePool {
	HotkeyPools::<Test>::get((NETUID, id(MINERS_HOTKEY))).stake
}

fn position(who: AccountId) -> u128 {
	Positions::<Test>::get(who, (NETUID, id(MINERS_HOTKEY)))
}

/// One validator, which takes 18 %, and three miners, some epochs after they were first paid.
fn after_closes(closes: u32, test: impl FnOnce()) {
	TestExt::one_subnet().seats(4).take(18).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(OPENED + closes * TEMPO);
		test();
	});
}

/// The first pay opens the position; those that follow are owed, and nobody can tell the difference.
#[test]
fn a_miner_has_what_its_pool_owes_it() {
	after_closes(1, || {
		let (first, shares) = (stake_of(MINER, MINERS_HOTKEY, NETUID), position(MINER));
		assert!(first > 0 && shares > 0);
		assert_eq!((pool().owed, pool().owner_holds, pool().shares), (0, true, shares));

		events();
		run_blocks(TEMPO);
		let paid = events().into_iter().find_map(|event| match event {
			Event::IncentivesPaid { netuid: NETUID, alpha } => Some(alpha[1].get()),
			_ => None,
		});
		assert_eq!(position(MINER), shares);
		assert_eq!(pool().owed, pool().shares - shares);
		let held = first + paid.expect("miners are paid");
		assert_eq!(stake_of(MINER, MINERS_HOTKEY, NETUID), held);
		let seen = Dtao::positions(&MINER);
		assert_eq!((seen.len(), seen[0].alpha, seen[0].accrued), (1, held, 0));

		unstake_all(MINER, NETUID, MINERS_HOTKEY);
		let sold = |event: &Event<Test>| matches!(event, Event::StakeRemoved { alpha, all: true, .. } if alpha.get() == held);
		assert!(events().iter().any(sold));
		assert_eq!((position(MINER), pool().owed, pool().shares), (0, 0, 0));
	});
}

/// Whoever touches the pool puts it into the position.
#[test]
fn a_touch_of_anybody_pays_what_is_owed() {
	after_closes(3, || {
		let (held, owed) = (stake_of(MINER, MINERS_HOTKEY, NETUID), pool().owed);
		let shares = position(MINER);
		assert!(owed > 0);
		stake(BOB, NETUID, MINERS_HOTKEY, tao(5));
		assert_eq!(position(MINER), shares + owed);
		assert_eq!((pool().owed, pool().owner_holds), (0, false));
		assert!(stake_of(MINER, MINERS_HOTKEY, NETUID).abs_diff(held) <= 1);
		// The next close does not know whether the position is still there: it writes it.
		run_blocks(TEMPO);
		assert!(position(MINER) > shares + owed);
		assert_eq!((pool().owed, pool().owner_holds), (0, true));
	});
}

/// To the atom the same stake, whether anybody comes between the closes or not.
#[test]
fn it_does_not_matter_when_it_is_paid() {
	let after = |touched: bool| {
		let mut held = (0, 0);
		after_closes(1, || {
			for _ in 0..5 {
				run_blocks(TEMPO);
				if touched {
					touch(NETUID, MINERS_HOTKEY);
				}
			}
			held = (stake_of(MINER, MINERS_HOTKEY, NETUID), pool().amount);
		});
		held
	};
	assert_eq!(after(true), after(false));
}

/// Validators' takes, here and on root, wait as incentives do.
#[test]
fn a_take_is_owed_too() {
	after_closes(1, || {
		stake(BOB, NetUid::ROOT, HOTKEY, tao(1_000));
		run_blocks(6 * TEMPO);
		let alpha = HotkeyPools::<Test>::get((NETUID, id(HOTKEY))).stake;
		let root = RootPools::<Test>::get(id(HOTKEY)).stake;
		assert!(alpha.owed > 0 && root.owed > 0, "{alpha:?} {root:?}");
		for (netuid, stake) in [(NETUID, alpha), (NetUid::ROOT, root)] {
			let shares = Positions::<Test>::get(VALIDATOR, (netuid, id(HOTKEY)));
			assert_eq!(Dtao::shares_of(&VALIDATOR, netuid, id(HOTKEY)), shares + stake.owed);
			assert_eq!(
				Dtao::shares_of(&ALICE, netuid, id(HOTKEY)),
				Positions::<Test>::get(ALICE, (netuid, id(HOTKEY)))
			);
		}
	});
}

/// Once it has no seat, a hotkey may go to another owner: nothing may be owed by then.
#[test]
fn a_hotkey_that_leaves_its_seat_owes_nothing() {
	after_closes(3, || {
		stake(BOB, NetUid::ROOT, HOTKEY, tao(1_000));
		run_blocks(3 * TEMPO);
		for (uid, hotkey) in [(0, HOTKEY), (1, MINERS_HOTKEY)] {
			let owed = |netuid: NetUid| match netuid.is_root() {
				true => RootPools::<Test>::get(id(hotkey)).stake.owed,
				false => HotkeyPools::<Test>::get((netuid, id(hotkey))).stake.owed,
			};
			assert!(owed(NETUID) > 0);
			assert_eq!(owed(NetUid::ROOT) > 0, uid == 0);
			let newcomer = Registry::own(CAROL, 700 + uid, PerU16::zero());
			assert_ok!(Dtao::on_replaced(NETUID, Uid(uid as u16), newcomer));
			assert_eq!((owed(NETUID), owed(NetUid::ROOT)), (0, 0));
			check_invariants();
		}
	});
}

/// The registry moves hotkeys after positions: then what is owed is the heir's, too.
#[test]
fn what_is_owed_goes_to_the_heir_with_the_hotkey() {
	after_closes(3, || {
		let (shares, owed) = (position(MINER), pool().owed);
		let held = stake_of(MINER, MINERS_HOTKEY, NETUID);
		assert!(owed > 0);
		assert_eq!(Dtao::on_coldkey_swapped(&MINER, &HEIR, 64), Ok(1));
		assert_eq!((position(MINER), position(HEIR)), (0, shares));
		assert_eq!(Dtao::shares_of(&MINER, NETUID, id(MINERS_HOTKEY)), owed);
		check_invariants();

		let number = id(MINERS_HOTKEY);
		let hotkey = Registry::lose(number);
		Registry::find(number, dtao_primitives::traits::Hotkey { owner: HEIR, ..hotkey });
		assert_eq!(stake_of(HEIR, MINERS_HOTKEY, NETUID), held);
		touch(NETUID, MINERS_HOTKEY);
		assert_eq!((position(HEIR), pool().owed), (shares + owed, 0));
	});
}

/// A close and a touch between the two steps lose nothing: what is put down late is moved late.
#[test]
fn a_touch_between_the_steps_of_a_swap_loses_nothing() {
	after_closes(3, || {
		let (shares, owed) = (position(MINER), pool().owed);
		assert_eq!(Dtao::on_coldkey_swapped(&MINER, &HEIR, 64), Ok(1));
		touch(NETUID, MINERS_HOTKEY);
		check_invariants();
		assert_eq!((position(MINER), position(HEIR)), (owed, shares));
		assert_eq!(Dtao::on_coldkey_swapped(&MINER, &HEIR, 64), Ok(1));
		assert_eq!((position(MINER), position(HEIR)), (0, shares + owed));
	});
}

#[test]
fn a_dissolved_subnet_pays_what_is_owed() {
	after_closes(3, || {
		let held = stake_of(MINER, MINERS_HOTKEY, NETUID);
		assert!(pool().owed > 0);
		assert_ok!(Dtao::on_dissolved(NETUID));
		check_invariants();
		let claims = Dtao::claimable(&MINER);
		assert_eq!((claims.len(), claims[0].alpha), (1, Alpha(held)));
		assert_ok!(Dtao::redeem(signed(CAROL), NETUID, MINER, MINERS_HOTKEY));
		assert_eq!(free(MINER), claims[0].tao);
		assert_eq!((position(MINER), pool().shares), (0, 0));
	});
}
