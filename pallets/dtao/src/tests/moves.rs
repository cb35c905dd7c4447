//! Moves: within a subnet, between two, from root and to root; to the atom, and nobody else's loss.

use super::*;
use crate::types::{Pool, StakePool};
use sp_runtime::{traits::One, DispatchError};

const ROOT: NetUid = NetUid::ROOT;
const OTHER: NetUid = NetUid(2);
/// The least stake, in rao.
const MIN_STAKE: u64 = 2_000_000;
const FEES: [u32; 3] = [0, 500_000, 10_000_000];
const HERE: (NetUid, AccountId) = (NETUID, HOTKEY);

/// Two subnets at par with 1 000 and 400 TAO; Alice holds 60 ALPHA of the first on the first hotkey,
/// Bob some of it and of the second on the second, so that no share is worth 2⁻⁶⁴.
fn chain() -> TestExt {
	TestExt::new().subnet(1_000).subnet(400).seats(2)
}

fn held() -> u64 {
	reward(ALICE, NETUID, HOTKEY, alpha(60).get());
	stake(ALICE, ROOT, HOTKEY, tao(60));
	for (netuid, hotkey) in [HERE, (NETUID, HOTKEY_2), (OTHER, HOTKEY_2), (ROOT, HOTKEY_2)] {
		stake(BOB, netuid, hotkey, Tao(7_777_777_777));
	}
	events();
	stake_of(ALICE, HOTKEY, NETUID)
}

fn pool_of(netuid: NetUid) -> Pool {
	market(netuid).pool
}

fn stake_pool(netuid: NetUid, hotkey: AccountId) -> StakePool {
	match netuid.is_root() {
		true => RootPools::<Test>::get(id(hotkey)).stake,
		false => HotkeyPools::<Test>::get((netuid, id(hotkey))).stake,
	}
}

/// What Alice's move must be reported as.
fn moved(
	from: (NetUid, AccountId),
	to: (NetUid, AccountId),
	(amount, fee, tao, received): (u64, u64, u64, u64),
	(from_price_after, to_price_after): (FixedU128, FixedU128),
) -> Event<Test> {
	Event::StakeMoved {
		coldkey: ALICE,
		from_netuid: from.0,
		from_hotkey: from.1,
		to_netuid: to.0,
		to_hotkey: to.1,
		amount,
		fee,
		tao: Tao(tao),
		received,
		from_price_after,
		to_price_after,
	}
}

/// Hazard N19: within a subnet nothing is traded, and no fee is taken, however high it is.
#[test]
fn a_move_within_a_subnet_is_free_and_trades_nothing() {
	for netuid in [NETUID, ROOT] {
		chain().execute_with(|| {
			held();
			set_fee(10_000_000);
			let before = (Markets::<Test>::get(NETUID), Root::<Test>::get(), free(ALICE));
			let mut source = rules::Shares::of(stake_pool(netuid, HOTKEY));
			let mut target = rules::Shares::of(stake_pool(netuid, HOTKEY_2));
			let amount = 12_345_678_901;
			let (from, to) = ((netuid, HOTKEY), (netuid, HOTKEY_2));
			let most = shift(ALICE, from, to, Amount::Exact(amount), amount + 1);
			assert_noop!(most, Error::<Test>::SlippageExceeded);
			assert_ok!(shift(ALICE, from, to, Amount::Exact(amount), amount));

			let price = match netuid.is_root() {
				true => FixedU128::one(),
				false => rules::price(pool_of(netuid)),
			};
			let event = moved(from, to, (amount, 0, 0, amount), (price, price));
			assert_eq!(events(), [event]);
			assert_eq!((Markets::<Test>::get(NETUID), Root::<Test>::get(), free(ALICE)), before);
			source.withdraw(amount);
			let shares = target.deposit(amount);
			assert_eq!(Positions::<Test>::get(ALICE, (netuid, id(HOTKEY_2))), shares);
			assert_eq!(stake_of(ALICE, HOTKEY_2, netuid), amount);
			assert_eq!(stake_of(ALICE, HOTKEY, netuid), 60_000_000_000 - amount);

			assert_ok!(shift(ALICE, from, to, Amount::All, 0));
			assert_eq!(Positions::<Test>::get(ALICE, (netuid, id(HOTKEY))), 0);
			assert_eq!(stake_of(ALICE, HOTKEY_2, netuid), 60_000_000_000);
		});
	}
}

/// Hazard N2: one atomic call, one bound; the sale pays the fee, the purchase none.
#[test]
fn a_move_between_subnets_sells_and_buys_for_one_fee() {
	for ppb in FEES {
		for amount in [Amount::Exact(12_345_678_901), Amount::All] {
			for to_hotkey in [HOTKEY, HOTKEY_2] {
				chain().execute_with(|| {
					let held = held();
					set_fee(ppb);
					let sold = match amount {
						Amount::All => held,
						Amount::Exact(exact) => exact,
					};
					let (from_after, fee, tao) = rules::sold(pool_of(NETUID), sold, ppb);
					let (to_after, _, bought) = rules::bought(pool_of(OTHER), tao, 0);
					let free_before = free(ALICE);
					let to = (OTHER, to_hotkey);
					let flows = [NETUID, OTHER].map(|netuid| market(netuid).flow);
					let more = shift(ALICE, HERE, to, amount, bought + 1);
					assert_noop!(more, Error::<Test>::SlippageExceeded);
					assert_ok!(shift(ALICE, HERE, to, amount, bought));

					let prices = (rules::price(from_after), rules::price(to_after));
					assert_eq!(events(), [moved(HERE, to, (sold, fee, tao, bought), prices)]);
					assert_eq!((pool_of(NETUID), pool_of(OTHER)), (from_after, to_after));
					assert_eq!(stake_of(ALICE, HOTKEY, NETUID), held - sold);
					assert_eq!(stake_of(ALICE, to_hotkey, OTHER), bought);
					assert_eq!(free(ALICE), free_before);
					// What one side lost the other gained, also in the count of flows.
					let flows_after = [flows[0] - tao as i64, flows[1] + tao as i64];
					assert_eq!([NETUID, OTHER].map(|netuid| market(netuid).flow), flows_after);
				});
			}
		}
	}
}

/// Root asks no fee, so the purchase does.
#[test]
fn a_move_from_root_pays_the_fee_of_the_purchase() {
	for ppb in FEES {
		chain().execute_with(|| {
			held();
			set_fee(ppb);
			let (staked, flow) = (Root::<Test>::get().staked, market(OTHER).flow);
			let paid = 23_456_789_012;
			let (after, fee, bought) = rules::bought(pool_of(OTHER), paid, ppb);
			let (from, to) = ((ROOT, HOTKEY), (OTHER, HOTKEY_2));
			let exact = Amount::Exact(paid);
			let more = shift(ALICE, from, to, exact, bought + 1);
			assert_noop!(more, Error::<Test>::SlippageExceeded);
			assert_ok!(shift(ALICE, from, to, exact, bought));
			let prices = (FixedU128::one(), rules::price(after));
			assert_eq!(events(), [moved(from, to, (paid, fee, paid, bought), prices)]);
			assert_eq!(pool_of(OTHER), after);
			assert_eq!(stake_of(ALICE, HOTKEY_2, OTHER), bought);
			assert_eq!(stake_of(ALICE, HOTKEY, ROOT), tao(60).get() - paid);
			assert_eq!(Root::<Test>::get().staked.get(), staked.get() - paid);
			assert_eq!(market(OTHER).flow, flow + paid as i64);
		});
	}
}

#[test]
fn a_move_to_root_pays_the_fee_of_the_sale() {
	for ppb in FEES {
		chain().execute_with(|| {
			let held = held();
			set_fee(ppb);
			let (staked, flow) = (Root::<Test>::get().staked, market(NETUID).flow);
			let (after, fee, tao) = rules::sold(pool_of(NETUID), held, ppb);
			let to = (ROOT, HOTKEY_2);
			let more = shift(ALICE, HERE, to, Amount::All, tao + 1);
			assert_noop!(more, Error::<Test>::SlippageExceeded);
			assert_ok!(shift(ALICE, HERE, to, Amount::All, tao));
			let prices = (rules::price(after), FixedU128::one());
			assert_eq!(events(), [moved(HERE, to, (held, fee, tao, tao), prices)]);
			assert_eq!(pool_of(NETUID), after);
			assert_eq!(stake_of(ALICE, HOTKEY_2, ROOT), tao);
			assert_eq!(Root::<Test>::get().staked.get(), staked.get() + tao);
			assert_eq!(market(NETUID).flow, flow - tao as i64);
		});
	}
}

/// Hazard E23: what both hotkeys have earned is settled before a move takes effect, so that it moves
/// no reward of the past, neither away nor along.
#[test]
fn a_move_moves_no_reward_of_the_past() {
	let places =
		[(NETUID, HOTKEY), (NETUID, HOTKEY_2), (OTHER, HOTKEY_2), (ROOT, HOTKEY), (ROOT, HOTKEY_2)];
	for from in places {
		for to in places.into_iter().filter(|to| *to != from) {
			chain().take(18).execute_with(|| {
				for (netuid, hotkey) in places {
					stake(ALICE, netuid, hotkey, tao(20));
					stake(BOB, netuid, hotkey, tao(10));
				}
				(0..2 * TEMPO).for_each(|_| next_block());
				for hotkey in [HOTKEY, HOTKEY_2] {
					dividend(hotkey, tao(3));
				}
				run_blocks(2);
				let wallet = |who| {
					let mut wallet = Dtao::positions(&who);
					wallet.retain(|shown| (shown.netuid, shown.hotkey) != to);
					wallet.into_iter().map(|shown| (shown.netuid, shown.hotkey, shown.alpha))
				};
				// A control in which the two are only settled.
				let (alices, others) = undone(|| {
					for (netuid, hotkey) in [from, to] {
						let (id, book) = Dtao::open(netuid, &hotkey).expect("it is open");
						Dtao::store_book(netuid, id, book);
					}
					let others = [BOB, VALIDATOR, VALIDATOR + 1, OWNER]
						.map(|who| (stake_of(who, to.1, to.0), wallet(who).collect::<Vec<_>>()));
					(stake_of(ALICE, from.1, from.0), others)
				});
				events();
				assert_ok!(shift(ALICE, from, to, Amount::All, 0));
				let Some(Event::StakeMoved { amount, .. }) = events().pop() else { panic!() };
				assert_eq!(amount, alices, "{from:?} to {to:?}");
				let after = [BOB, VALIDATOR, VALIDATOR + 1, OWNER]
					.map(|who| (stake_of(who, to.1, to.0), wallet(who).collect::<Vec<_>>()));
				for ((before, others), (held, others_after)) in others.into_iter().zip(after) {
					// A deposit may add an atom to what shares are worth, and takes none.
					assert!((before..=before + 1).contains(&held), "{before} {held}");
					for (old, new) in others.iter().zip(&others_after) {
						assert_eq!((old.0, old.1), (new.0, new.1));
						assert!((old.2..=old.2 + 1).contains(&new.2), "{old:?} {new:?}");
					}
				}
			});
		}
	}
}

/// Hazard N10: nothing is left, or a stake's worth: at the price after the sale where there is one.
#[test]
fn a_move_never_leaves_a_remainder_that_is_too_small() {
	for to in [(NETUID, HOTKEY_2), (OTHER, HOTKEY), (ROOT, HOTKEY)] {
		chain().execute_with(|| {
			let held = held();
			let pool = pool_of(NETUID);
			let enough = |left: u64| {
				let after = match to.0 == NETUID {
					true => pool,
					false => rules::sold(pool, held - left, 0).0,
				};
				left >= rules::least_worth(after, Tao(MIN_STAKE))
			};
			let least = rules::most(2 * MIN_STAKE, |left| !enough(left)) + 1;
			for left in [1, 999, least - 1] {
				let amount = Amount::Exact(held - left);
				let error = Error::<Test>::RemainderTooSmall;
				assert_noop!(shift(ALICE, HERE, to, amount, 0), error);
			}
			undone(|| {
				assert_ok!(shift(ALICE, HERE, to, Amount::Exact(held - least), 0));
				assert_eq!(stake_of(ALICE, HOTKEY, NETUID), least);
			});
			assert_ok!(shift(ALICE, HERE, to, Amount::Exact(held), 0));
			assert_eq!(Positions::<Test>::get(ALICE, (NETUID, id(HOTKEY))), 0);
		});
	}
	chain().execute_with(|| {
		held();
		let all = tao(60).get();
		for to in [(ROOT, HOTKEY_2), (NETUID, HOTKEY)] {
			let leave = |left| shift(ALICE, (ROOT, HOTKEY), to, Amount::Exact(all - left), 0);
			assert_noop!(leave(MIN_STAKE - 1), Error::<Test>::RemainderTooSmall);
			accepts(|| leave(MIN_STAKE));
			accepts(|| leave(0));
		}
	});
}

/// What arrives is a stake's worth, but for a small position that moves whole.
#[test]
fn too_little_does_not_arrive_unless_it_is_all() {
	for to in [(NETUID, HOTKEY_2), (OTHER, HOTKEY), (ROOT, HOTKEY)] {
		chain().execute_with(|| {
			held();
			let worth_enough = |amount: u64| match to.0 {
				NETUID => amount >= rules::least_worth(pool_of(NETUID), Tao(MIN_STAKE)),
				ROOT => rules::sold(pool_of(NETUID), amount, 0).2 >= MIN_STAKE,
				_ => {
					let tao = rules::sold(pool_of(NETUID), amount, 0).2;
					let (after, _, bought) = rules::bought(pool_of(OTHER), tao, 0);
					bought >= rules::least_worth(after, Tao(MIN_STAKE))
				},
			};
			let least = rules::most(2 * MIN_STAKE, |amount| !worth_enough(amount)) + 1;
			let go = |amount| shift(ALICE, HERE, to, amount, 0);
			for amount in [1, 1_000, least - 1] {
				let expected = match (to.0, amount) {
					// An atom brings a rao, which buys nothing.
					(OTHER, 1) => Error::<Test>::NothingReceived,
					_ => Error::<Test>::AmountTooSmall,
				};
				assert_noop!(go(Amount::Exact(amount)), expected);
			}
			accepts(|| go(Amount::Exact(least)));

			// Alone, it may.
			reward(CAROL, NETUID, HOTKEY, 1_000);
			for amount in [Amount::All, Amount::Exact(1_000)] {
				accepts(|| shift(CAROL, HERE, to, amount, 1));
			}
		});
	}
	chain().execute_with(|| {
		held();
		let go = |rao| shift(ALICE, (ROOT, HOTKEY), (ROOT, HOTKEY_2), Amount::Exact(rao), 0);
		assert_noop!(go(MIN_STAKE - 1), Error::<Test>::AmountTooSmall);
		assert_ok!(go(MIN_STAKE));
	});
}

/// Hazard E7: each leg has the guards of a trade.
#[test]
fn each_leg_of_a_move_has_the_guards_of_a_trade() {
	chain().execute_with(|| {
		reward(ALICE, NETUID, HOTKEY, alpha(800).get());
		stake(ALICE, ROOT, HOTKEY, tao(300));
		let error = || Error::<Test>::TradeTooLarge;
		let sell = |amount, to| shift(ALICE, HERE, to, Amount::Exact(amount), 0);
		// The sale: a third of 1 000 ALPHA.
		let most = 333_333_333_000;
		assert_noop!(sell(most + 1, (ROOT, HOTKEY)), error());
		accepts(|| sell(most, (ROOT, HOTKEY)));
		// The purchase: a third of 400 TAO, for which less would be sold.
		let buy = |rao| shift(ALICE, (ROOT, HOTKEY), (OTHER, HOTKEY), Amount::Exact(rao), 0);
		assert_noop!(buy(133_333_333_201), error());
		accepts(|| buy(133_333_333_200));
		assert_noop!(sell(most, (OTHER, HOTKEY)), error());
		// Within a subnet there is no trade, and no guard.
		accepts(|| sell(alpha(800).get(), (NETUID, HOTKEY_2)));

		// What either leg would leave.
		Params::mutate(|params| params.min_reserve = tao(395).get());
		assert_noop!(buy(tao(20).get()), Error::<Test>::ReserveTooLow);
		Params::mutate(|params| params.min_reserve = tao(990).get());
		assert_noop!(sell(tao(20).get(), (ROOT, HOTKEY)), Error::<Test>::ReserveTooLow);
		Params::mutate(|params| params.min_reserve = 1_000_000);
	});
}

#[test]
fn what_is_no_move_is_refused_by_name() {
	const STRANGER: AccountId = 999;
	type E = Error<Test>;
	chain().registered_subnet(10).execute_with(|| {
		held();
		let refused = |who, from, to, amount, error: E| {
			assert_noop!(shift(who, from, to, amount, 0), DispatchError::from(error));
		};
		let all = Amount::All;
		let nowhere = NetUid(9);
		let there = (OTHER, HOTKEY);
		for from in [HERE, (ROOT, HOTKEY)] {
			refused(ALICE, from, from, all, E::SamePlace);
			for to in [there, (ROOT, HOTKEY_2), (NETUID, HOTKEY_2)] {
				refused(ALICE, from, to, Amount::Exact(0), E::ZeroAmount);
				refused(ALICE, from, to, Amount::Exact(u64::MAX), E::InsufficientStake);
				refused(ALICE, from, to, Amount::Exact(tao(60).get() + 1), E::InsufficientStake);
				refused(CAROL, from, to, all, E::NoPosition);
				refused(ALICE, (from.0, STRANGER), to, all, E::UnknownHotkey);
				refused(ALICE, from, (to.0, STRANGER), all, E::UnknownHotkey);
				refused(ALICE, (from.0, HOTKEY_2), (to.0, HOTKEY), all, E::NoPosition);
			}
			for (netuid, error) in [(nowhere, E::UnknownSubnet), (NetUid(3), E::NotStarted)] {
				refused(ALICE, from, (netuid, HOTKEY), all, error);
			}
		}
		for (netuid, error) in [(nowhere, E::UnknownSubnet), (NetUid(3), E::NotStarted)] {
			refused(ALICE, (netuid, HOTKEY), there, all, error);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let call = Dtao::move_stake(origin, place(HERE), place(there), all, 0);
			assert_noop!(call, DispatchError::BadOrigin);
		}
	});
}

/// Hazard N5: whatever step of a move fails, all of it is undone.
#[test]
fn a_move_that_fails_half_way_is_undone_whole() {
	let target = (OTHER, HotkeyId(1));
	let faults: [(NetUid, &dyn Fn()); 6] = [
		(OTHER, &|| edit(OTHER, |market| market.buckets.settled = Alpha(u64::MAX))),
		(OTHER, &|| edit(OTHER, |market| market.outstanding = Alpha(u64::MAX))),
		(OTHER, &|| HotkeyPools::<Test>::mutate(target, |pool| pool.stake.amount = u64::MAX)),
		(OTHER, &|| Positions::<Test>::insert(ALICE, target, u128::MAX)),
		(ROOT, &|| Root::<Test>::mutate(|root| root.staked = Tao(u64::MAX))),
		(ROOT, &|| {
			RootPools::<Test>::mutate(HotkeyId(1), |pool| pool.stake.amount = u64::MAX);
		}),
	];
	for (netuid, fault) in faults {
		let mut ext = chain().take(18).build();
		ext.execute_with(|| {
			held();
			run_blocks(2 * TEMPO);
			fault();
			let to = (netuid, HOTKEY_2);
			for amount in [Amount::All, Amount::Exact(alpha(5).get())] {
				assert_noop!(shift(ALICE, HERE, to, amount, 0), Error::<Test>::Arithmetic);
			}
		});
	}
}
