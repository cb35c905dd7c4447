//! Transfers of stake: shares change hands, and nothing else changes.

use super::*;
use sp_runtime::{traits::One, DispatchError};

const ROOT: NetUid = NetUid::ROOT;
/// The least stake, in rao.
const MIN_STAKE: u64 = 2_000_000;

/// One subnet with four validators, a tenth of whose rewards wait to be settled.
fn earned() -> sp_io::TestExternalities {
	let mut ext = TestExt::one_subnet().seats(4).take(18).build();
	ext.execute_with(|| {
		for netuid in [NETUID, ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(100));
			stake(BOB, netuid, HOTKEY, tao(33));
		}
		run_blocks(2 * TEMPO);
		dividend(HOTKEY, tao(3));
		run_blocks(7);
		events();
	});
	ext
}

#[test]
fn a_transfer_gives_exactly_what_it_says_and_takes_no_fee() {
	for netuid in [NETUID, ROOT] {
		TestExt::one_subnet().execute_with(|| {
			set_fee(10_000_000);
			stake(ALICE, netuid, HOTKEY, tao(50));
			stake(BOB, netuid, HOTKEY, tao(9));
			let (held, bobs) = (stake_of(ALICE, HOTKEY, netuid), stake_of(BOB, HOTKEY, netuid));
			let before = (Markets::<Test>::get(netuid), Root::<Test>::get(), free(ALICE));
			let pool = (
				HotkeyPools::<Test>::get((netuid, id(HOTKEY))),
				RootPools::<Test>::get(id(HOTKEY)),
			);
			let amount = 12_345_678_901;
			events();
			assert_ok!(transfer(ALICE, BOB, netuid, HOTKEY, Amount::Exact(amount)));
			let price_after = match netuid.is_root() {
				true => FixedU128::one(),
				false => rules::price(market(netuid).pool),
			};
			let sent = |alpha| Event::StakeTransferred {
				from: ALICE,
				to: BOB,
				hotkey: HOTKEY,
				netuid,
				alpha: Alpha(alpha),
				price_after,
			};
			assert_eq!(events(), [sent(amount)]);
			assert_eq!(stake_of(ALICE, HOTKEY, netuid), held - amount);
			assert_eq!(stake_of(BOB, HOTKEY, netuid), bobs + amount);

			assert_ok!(transfer(ALICE, BOB, netuid, HOTKEY, Amount::All));
			assert_eq!(events(), [sent(held - amount)]);
			assert_eq!(stake_of(BOB, HOTKEY, netuid), bobs + held);
			assert_eq!(Positions::<Test>::get(ALICE, (netuid, id(HOTKEY))), 0);
			let after = (Markets::<Test>::get(netuid), Root::<Test>::get(), free(ALICE));
			assert_eq!(after, before);
			let pool_after = (
				HotkeyPools::<Test>::get((netuid, id(HOTKEY))),
				RootPools::<Test>::get(id(HOTKEY)),
			);
			assert_eq!(pool_after, pool);
		});
	}
}

/// Hazard E23: rewards of the past are settled first, so they stay with who earned them; and an exact
/// amount off a pool that has earned burns the ceiling of the shares, which read back exactly.
#[test]
fn a_transfer_moves_no_reward_of_the_past() {
	for netuid in [NETUID, ROOT] {
		earned().execute_with(|| {
			let shown = |who| {
				let wallet = Dtao::positions(&who);
				let here = wallet.iter().find(|shown| shown.netuid == netuid);
				here.map_or(0, |shown| shown.alpha)
			};
			let (alices, bobs) = (shown(ALICE), shown(BOB));
			let settled = stake_of(ALICE, HOTKEY, netuid);
			assert!(alices > settled, "rewards wait");
			let amount = 10_000_000_007;
			assert_ok!(transfer(ALICE, CAROL, netuid, HOTKEY, Amount::Exact(amount)));
			assert_eq!(stake_of(CAROL, HOTKEY, netuid), amount);
			let left = stake_of(ALICE, HOTKEY, netuid);
			assert!((alices - amount - 1..=alices - amount).contains(&left), "{left}");
			assert_eq!(stake_of(BOB, HOTKEY, netuid), bobs);

			events();
			assert_ok!(transfer(ALICE, BOB, netuid, HOTKEY, Amount::All));
			assert_eq!(Positions::<Test>::get(ALICE, (netuid, id(HOTKEY))), 0);
			// Two floors may together hide an atom that their sum does not.
			let both = stake_of(BOB, HOTKEY, netuid);
			assert!((bobs + left..=bobs + left + 1).contains(&both));
			check_invariants();
		});
	}
}

/// Hazard N10: nothing is left or a stake's worth, and no less arrives, unless it is all.
#[test]
fn both_sides_of_a_transfer_are_a_stakes_worth() {
	for netuid in [NETUID, ROOT] {
		TestExt::one_subnet().execute_with(|| {
			stake(ALICE, netuid, HOTKEY, tao(50));
			let held = stake_of(ALICE, HOTKEY, netuid);
			let least = match netuid.is_root() {
				true => MIN_STAKE,
				false => rules::least_worth(market(netuid).pool, Tao(MIN_STAKE)),
			};
			let give = |amount| transfer(ALICE, BOB, netuid, HOTKEY, Amount::Exact(amount));
			for amount in [held - 1, held - least + 1] {
				assert_noop!(give(amount), Error::<Test>::RemainderTooSmall);
			}
			for amount in [1, least - 1] {
				assert_noop!(give(amount), Error::<Test>::AmountTooSmall);
			}
			for amount in [least, held - least, held] {
				accepts(|| give(amount));
			}
			// What has become small leaves whole.
			Params::mutate(|params| params.min_stake = tao(51));
			assert_noop!(give(held - 1), Error::<Test>::RemainderTooSmall);
			assert_ok!(give(held));
		});
	}
}

#[test]
fn what_is_no_transfer_is_refused_by_name() {
	type E = Error<Test>;
	const STRANGER: AccountId = 999;
	TestExt::one_subnet().registered_subnet(10).execute_with(|| {
		let refused = |who, to, netuid, hotkey, amount, error: E| {
			assert_noop!(transfer(who, to, netuid, hotkey, amount), DispatchError::from(error));
		};
		let all = Amount::All;
		refused(ALICE, BOB, NetUid(9), HOTKEY, all, E::UnknownSubnet);
		refused(ALICE, BOB, NetUid(2), HOTKEY, all, E::NotStarted);
		for netuid in [NETUID, ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(10));
			refused(ALICE, BOB, netuid, STRANGER, all, E::UnknownHotkey);
			refused(ALICE, BOB, netuid, HOTKEY, Amount::Exact(0), E::ZeroAmount);
			refused(ALICE, BOB, netuid, HOTKEY, Amount::Exact(u64::MAX), E::InsufficientStake);
			let held = stake_of(ALICE, HOTKEY, netuid);
			refused(ALICE, BOB, netuid, HOTKEY, Amount::Exact(held + 1), E::InsufficientStake);
			refused(ALICE, ALICE, netuid, HOTKEY, all, E::SamePlace);
			refused(BOB, ALICE, netuid, HOTKEY, all, E::NoPosition);
			refused(ALICE, BOB, netuid, OWNER_HOTKEY, all, E::NoPosition);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let call = Dtao::transfer_stake(origin, BOB, NETUID, HOTKEY, all);
			assert_noop!(call, DispatchError::BadOrigin);
		}
	});
}

/// Hazard N5: the last step fails, and all of it is undone.
#[test]
fn a_transfer_that_fails_is_undone_whole() {
	earned().execute_with(|| {
		for netuid in [NETUID, ROOT] {
			Positions::<Test>::insert(BOB, (netuid, id(HOTKEY)), u128::MAX);
			let call = transfer(ALICE, BOB, netuid, HOTKEY, Amount::All);
			assert_noop!(call, Error::<Test>::Arithmetic);
		}
	});
}
