//! Recycling and burning: stake that its owner gives up.

use super::*;
use dtao_primitives::traits::MarketInspect;
use sp_runtime::DispatchError;

/// The least stake, in rao.
const MIN_STAKE: u64 = 2_000_000;

type Destroy = fn(AccountId, NetUid, AccountId, Amount) -> DispatchResult;

/// Both calls, and whether what is gone still counts.
const CALLS: [(Destroy, bool); 2] = [(recycle, false), (burn, true)];

/// Recycled ALPHA leaves the issuance, burnt ALPHA stays in it; neither touches the pool.
#[test]
fn what_is_recycled_leaves_the_issuance_and_what_is_burnt_stays_in_it() {
	for (destroy, still_counted) in CALLS {
		TestExt::one_subnet().execute_with(|| {
			stake(ALICE, NETUID, HOTKEY, tao(100));
			stake(BOB, NETUID, HOTKEY, tao(50));
			let held = stake_of(ALICE, HOTKEY, NETUID);
			let bobs = stake_of(BOB, HOTKEY, NETUID);
			let (before, tao_before) = (market(NETUID), Balances::total_issuance());
			let issuance = Dtao::issuance(NETUID).unwrap().get();
			let part = 12_345_678_901;
			let rest = held - part;
			for (amount, now, gone) in
				[(Amount::Exact(part), part, part), (Amount::All, rest, held)]
			{
				let alpha = Alpha(now);
				events();
				assert_ok!(destroy(ALICE, NETUID, HOTKEY, amount));
				let (coldkey, hotkey, netuid) = (ALICE, HOTKEY, NETUID);
				let price_after = before.pool.price();
				let event = match still_counted {
					true => Event::AlphaBurnt { coldkey, hotkey, netuid, alpha, price_after },
					false => Event::AlphaRecycled { coldkey, hotkey, netuid, alpha, price_after },
				};
				assert_eq!(events(), [event]);
				assert_eq!(stake_of(ALICE, HOTKEY, NETUID), held - gone);
				assert_eq!(stake_of(BOB, HOTKEY, NETUID), bobs);
				let mut after = before;
				after.outstanding = Alpha(before.outstanding.get() - gone);
				if still_counted {
					after.burnt = Alpha(gone);
				}
				assert_eq!(market(NETUID), after);
				let left = if still_counted { issuance } else { issuance - gone };
				assert_eq!(Dtao::issuance(NETUID), Some(Alpha(left)));
			}
			assert_eq!(Balances::total_issuance(), tao_before);
		});
	}
}

/// At a halving's edge: what is recycled turns the clock back, what is burnt does not.
#[test]
fn recycling_turns_the_halving_clock_back_and_burning_does_not() {
	const HALVING: u64 = 10_500_000_000_000_000;
	for (destroy, still_counted) in CALLS {
		TestExt::one_subnet().execute_with(|| {
			reward(ALICE, NETUID, HOTKEY, alpha(100).get());
			edit(NETUID, |market| market.burnt = Alpha(HALVING - alpha(1_100).get()));
			assert_eq!(Dtao::issuance(NETUID), Some(Alpha(HALVING)));
			let owners_part = || {
				let before = market(NETUID).buckets.owner.get();
				undone(|| {
					next_block();
					market(NETUID).buckets.owner.get() - before
				})
			};
			// 18 % of half an ALPHA, and of a whole one.
			assert_eq!(owners_part(), 90_000_000);
			assert_ok!(destroy(ALICE, NETUID, HOTKEY, Amount::Exact(1)));
			assert_eq!(owners_part(), if still_counted { 90_000_000 } else { 180_000_000 });
		});
	}
}

/// Hazard N10, and E23: rewards first, and no remainder that is too small.
#[test]
fn what_is_left_is_nothing_or_a_stakes_worth() {
	for (destroy, _) in CALLS {
		TestExt::one_subnet().seats(4).take(18).execute_with(|| {
			stake(ALICE, NETUID, HOTKEY, tao(50));
			run_blocks(2 * TEMPO + 7);
			let shown = Dtao::positions(&ALICE)[0].alpha;
			assert!(shown > stake_of(ALICE, HOTKEY, NETUID), "rewards wait");
			let least = rules::least_worth(market(NETUID).pool, Tao(MIN_STAKE));
			let go = |left: u64| destroy(ALICE, NETUID, HOTKEY, Amount::Exact(shown - left));
			for left in [1, least - 1] {
				assert_noop!(go(left), Error::<Test>::RemainderTooSmall);
			}
			// Burning the ceiling of the shares may cost an atom of what is left.
			accepts(|| go(least + 1));
			assert_ok!(go(0));
			assert_eq!(Positions::<Test>::get(ALICE, (NETUID, id(HOTKEY))), 0);
		});
	}
}

/// A dust of one atom, which no sale takes, can be destroyed.
#[test]
fn dust_that_cannot_be_sold_can_be_destroyed() {
	for (destroy, _) in CALLS {
		TestExt::one_subnet().execute_with(|| {
			reward(ALICE, NETUID, HOTKEY, 1);
			let sale = remove(ALICE, NETUID, HOTKEY, Amount::All, Tao::ZERO);
			assert_noop!(sale, Error::<Test>::NothingReceived);
			assert_ok!(destroy(ALICE, NETUID, HOTKEY, Amount::All));
			assert_eq!(market(NETUID).outstanding, Alpha::ZERO);
		});
	}
}

#[test]
fn what_cannot_be_destroyed_is_refused_by_name() {
	type E = Error<Test>;
	TestExt::one_subnet().registered_subnet(10).execute_with(|| {
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(10));
		stake(ALICE, NETUID, HOTKEY, tao(10));
		let held = stake_of(ALICE, HOTKEY, NETUID);
		for (destroy, _) in CALLS {
			let refused = |who, netuid, hotkey, amount, error: E| {
				assert_noop!(destroy(who, netuid, hotkey, amount), DispatchError::from(error));
			};
			let all = Amount::All;
			refused(ALICE, NetUid::ROOT, HOTKEY, all, E::RootHasNoAlpha);
			refused(ALICE, NetUid(9), HOTKEY, all, E::UnknownSubnet);
			refused(ALICE, NetUid(2), HOTKEY, all, E::NotStarted);
			refused(ALICE, NETUID, 999, all, E::UnknownHotkey);
			refused(ALICE, NETUID, HOTKEY, Amount::Exact(0), E::ZeroAmount);
			refused(ALICE, NETUID, HOTKEY, Amount::Exact(held + 1), E::InsufficientStake);
			refused(ALICE, NETUID, HOTKEY, Amount::Exact(u64::MAX), E::InsufficientStake);
			refused(BOB, NETUID, HOTKEY, all, E::NoPosition);
			refused(ALICE, NETUID, OWNER_HOTKEY, all, E::NoPosition);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let all = Amount::All;
			let call = Dtao::recycle_alpha(origin.clone(), NETUID, HOTKEY, all);
			assert_noop!(call, DispatchError::BadOrigin);
			let call = Dtao::burn_alpha(origin, NETUID, HOTKEY, all);
			assert_noop!(call, DispatchError::BadOrigin);
		}
	});
}
