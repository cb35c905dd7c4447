//! Leaving several positions in one call: all of them, or none.

use super::*;
use crate::MAX_EXITS;
use sp_runtime::{traits::One, DispatchError};

const ROOT: NetUid = NetUid::ROOT;
const OTHER: NetUid = NetUid(2);
/// A coldkey without an account.
const PAUPER: AccountId = 50;
/// Where Alice has stake.
const PLACES: [(NetUid, AccountId); 4] =
	[(NETUID, HOTKEY), (OTHER, HOTKEY_2), (ROOT, HOTKEY), (NETUID, HOTKEY_2)];

fn chain() -> TestExt {
	TestExt::new().subnet(1_000).subnet(400).registered_subnet(10).seats(2)
}

fn spread() {
	for (netuid, hotkey) in PLACES {
		stake(ALICE, netuid, hotkey, tao(20));
		stake(BOB, netuid, hotkey, tao(7));
	}
	events();
}

fn unbounded(places: &[(NetUid, AccountId)]) -> Vec<(NetUid, AccountId, Tao)> {
	places.iter().map(|(netuid, hotkey)| (*netuid, *hotkey, Tao::ZERO)).collect()
}

/// One after the other, each at the price that the one before has left; paid in one sum.
#[test]
fn an_exit_sells_every_position_in_order_and_pays_the_sum() {
	for ppb in [0, 500_000, 10_000_000] {
		chain().execute_with(|| {
			spread();
			set_fee(ppb);
			let mut pools = [NETUID, OTHER].map(|netuid| (netuid, market(netuid).pool));
			let (mut expected, mut bounds, mut sum) = (Vec::new(), Vec::new(), 0);
			for (netuid, hotkey) in PLACES {
				let held = stake_of(ALICE, hotkey, netuid);
				let (fee, paid, price_after) = match pools.iter_mut().find(|(of, _)| *of == netuid)
				{
					None => (0, held, FixedU128::one()),
					Some((_, pool)) => {
						let (after, fee, paid) = rules::sold(*pool, held, ppb);
						*pool = after;
						(fee, paid, rules::price(after))
					},
				};
				sum += paid;
				bounds.push((netuid, hotkey, Tao(paid)));
				expected.push(Event::StakeRemoved {
					coldkey: ALICE,
					hotkey,
					netuid,
					alpha: Alpha(held),
					fee: Alpha(fee),
					tao: Tao(paid),
					price_after,
					all: true,
				});
			}
			for n in 0..bounds.len() {
				let mut more = bounds.clone();
				more[n].2 = Tao(more[n].2.get() + 1);
				assert_noop!(exit(ALICE, &more), Error::<Test>::SlippageExceeded);
			}
			let before = free(ALICE);
			assert_ok!(exit(ALICE, &bounds));
			assert_eq!(events(), expected);
			assert_eq!(free(ALICE).get(), before.get() + sum);
			assert_eq!(Positions::<Test>::iter_key_prefix(ALICE).count(), 0);
			for (netuid, pool) in pools {
				assert_eq!(market(netuid).pool, pool);
			}
		});
	}
}

/// One refusal refuses all, wherever in the list it is.
#[test]
fn one_refusal_refuses_the_whole_list() {
	type E = Error<Test>;
	chain().execute_with(|| {
		spread();
		let bad = [
			((NetUid(9), HOTKEY), E::UnknownSubnet),
			((NetUid(3), HOTKEY), E::NotStarted),
			((NETUID, 999), E::UnknownHotkey),
			((OTHER, HOTKEY), E::NoPosition),
			((ROOT, HOTKEY_2), E::NoPosition),
		];
		for (place, error) in bad {
			let error = DispatchError::from(error);
			for at in 0..=PLACES.len() {
				let mut places = PLACES.to_vec();
				places.insert(at, place);
				assert_noop!(exit(ALICE, &unbounded(&places)), error);
			}
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let call = Dtao::remove_all_stake(origin, Default::default());
			assert_noop!(call, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn an_empty_list_or_a_place_named_twice_is_refused() {
	chain().execute_with(|| {
		spread();
		assert_noop!(exit(ALICE, &[]), Error::<Test>::InvalidList);
		for place in PLACES {
			let mut places = PLACES.to_vec();
			places.push(place);
			assert_noop!(exit(ALICE, &unbounded(&places)), Error::<Test>::InvalidList);
		}
		let mut twice = unbounded(&[PLACES[0], PLACES[0]]);
		twice[0].2 = Tao(1);
		assert_noop!(exit(ALICE, &twice), Error::<Test>::InvalidList);
	});
}

#[test]
fn as_many_positions_as_a_list_holds_are_left_at_once() {
	chain().hotkeys(MAX_EXITS.into()).execute_with(|| {
		let places: Vec<_> =
			(0..MAX_EXITS).map(|n| (NETUID, HOTKEY + AccountId::from(n))).collect();
		for (netuid, hotkey) in &places {
			stake(ALICE, *netuid, *hotkey, Tao(2_000_000));
		}
		let full = unbounded(&places);
		assert_ok!(exit(ALICE, &full));
		assert_eq!(Positions::<Test>::iter_key_prefix(ALICE).count(), 0);
		let longer: Vec<_> = full.iter().chain(&full[..1]).cloned().collect();
		assert_eq!(longer.len(), 33);
		let longer = longer.into_iter().map(|(netuid, hotkey, min_received)| Exit {
			netuid,
			hotkey,
			min_received,
		});
		let bounded: Result<
			frame_support::BoundedVec<_, frame_support::traits::ConstU32<MAX_EXITS>>,
			_,
		> = longer.collect::<Vec<_>>().try_into();
		assert!(bounded.is_err());
	});
}

/// Hazard E16: a payment too small for an account is refused, but it is the sum that counts.
#[test]
fn the_sum_may_open_an_account_where_a_part_may_not() {
	chain().execute_with(|| {
		for hotkey in [HOTKEY, HOTKEY_2] {
			reward(PAUPER, NETUID, hotkey, 300);
		}
		let part = exit(PAUPER, &unbounded(&[(NETUID, HOTKEY)]));
		assert_noop!(part, Error::<Test>::BelowExistentialDeposit);
		assert_ok!(exit(PAUPER, &unbounded(&[(NETUID, HOTKEY), (NETUID, HOTKEY_2)])));
		// Twice ⌊1000·10⁹·300/(1000·10⁹ + 300)⌋, the second at a lower price.
		assert_eq!(free(PAUPER), Tao(598));
	});
}
