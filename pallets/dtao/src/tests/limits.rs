//! Limit orders: up to a price and not a unit further, all or a part, on subnets and on root.

use super::*;
use crate::types::Pool;
use sp_runtime::{traits::One, DispatchError, Saturating};
use Fill::{FillOrKill, Partial};

const ROOT: NetUid = NetUid::ROOT;
/// The least stake, in rao.
const MIN_STAKE: u64 = 2_000_000;
/// Fees, in billionths: none, the default, the highest.
const FEES: [u32; 3] = [0, 500_000, 10_000_000];

/// So many thousandths of a TAO per ALPHA.
fn price(thousandths: u128) -> FixedU128 {
	FixedU128::from_rational(thousandths, 1_000)
}

/// One 10⁻¹⁸ less, and one more.
fn beside(limit: FixedU128) -> [FixedU128; 2] {
	let unit = FixedU128::from_inner(1);
	[limit.saturating_sub(unit), limit.saturating_add(unit)]
}

/// What Alice's purchase must lead to: its event, and the pool.
fn purchase(paid: u64, ppb: u32) -> (Event<Test>, Pool) {
	let (after, fee, out) = rules::bought(market(NETUID).pool, paid, ppb);
	let added = Event::StakeAdded {
		coldkey: ALICE,
		hotkey: HOTKEY,
		netuid: NETUID,
		tao: Tao(paid),
		fee: Tao(fee),
		alpha: Alpha(out),
		price_after: rules::price(after),
	};
	(added, after)
}

/// What Alice's sale must lead to.
fn sale(paid: u64, ppb: u32, all: bool) -> (Event<Test>, Pool) {
	let (after, fee, out) = rules::sold(market(NETUID).pool, paid, ppb);
	let removed = Event::StakeRemoved {
		coldkey: ALICE,
		hotkey: HOTKEY,
		netuid: NETUID,
		alpha: Alpha(paid),
		fee: Alpha(fee),
		tao: Tao(out),
		price_after: rules::price(after),
		all,
	};
	(removed, after)
}

/// Hazard N20: the limit is the price after the trade, and is met to the rao at every fee.
#[test]
fn a_purchase_goes_to_its_limit_and_not_a_rao_further() {
	for ppb in FEES {
		for limit in [price(1_001), price(1_100), price(1_234), price(1_700)] {
			TestExt::one_subnet().execute_with(|| {
				set_fee(ppb);
				let pool = market(NETUID).pool;
				let keeps = |paid| rules::is_at_most(rules::bought(pool, paid, ppb).0, limit);
				let most = rules::most(tao(1_000).get(), keeps);
				assert!(keeps(most) && !keeps(most + 1) && most > MIN_STAKE);

				let fill = |paid, fill| add_limit(ALICE, NETUID, HOTKEY, Tao(paid), limit, fill);
				assert_noop!(fill(most + 1, FillOrKill), Error::<Test>::LimitNotMet);
				let (added, after) = purchase(most, ppb);
				for (asked, how) in [(most, FillOrKill), (most, Partial), (most + 1, Partial)] {
					undone(|| {
						events();
						assert_ok!(fill(asked, how));
						assert_eq!(events(), std::slice::from_ref(&added), "{limit:?} at {ppb}");
					});
				}
				// What is not used never leaves the caller, whatever was asked.
				assert_ok!(fill(u64::MAX, Partial));
				assert_eq!(market(NETUID).pool, after);
				assert_eq!(free(ALICE).get(), tao(10_000).get() - most);
				assert_noop!(fill(MIN_STAKE, FillOrKill), Error::<Test>::LimitNotMet);
			});
		}
	}
}

/// The same on the way out, to the atom.
#[test]
fn a_sale_goes_to_its_limit_and_not_an_atom_further() {
	for ppb in FEES {
		for limit in [price(999), price(900), price(777), price(600)] {
			TestExt::one_subnet().execute_with(|| {
				set_fee(ppb);
				reward(ALICE, NETUID, HOTKEY, alpha(900).get());
				let pool = market(NETUID).pool;
				let keeps = |paid| rules::is_at_least(rules::sold(pool, paid, ppb).0, limit);
				let most = rules::most(alpha(1_000).get(), keeps);
				assert!(keeps(most) && !keeps(most + 1));

				let fill = |amount, fill| remove_limit(ALICE, NETUID, HOTKEY, amount, limit, fill);
				let further = Amount::Exact(most + 1);
				for amount in [further, Amount::All] {
					assert_noop!(fill(amount, FillOrKill), Error::<Test>::LimitNotMet);
				}
				let (removed, after) = sale(most, ppb, false);
				let exact = Amount::Exact(most);
				for (asked, how) in [(exact, FillOrKill), (exact, Partial), (further, Partial)] {
					undone(|| {
						events();
						assert_ok!(fill(asked, how));
						assert_eq!(events(), std::slice::from_ref(&removed), "{limit:?} at {ppb}");
					});
				}
				events();
				assert_ok!(fill(Amount::All, Partial));
				assert_eq!(events(), [removed]);
				assert_eq!(market(NETUID).pool, after);
				assert_eq!(stake_of(ALICE, HOTKEY, NETUID), alpha(900).get() - most);
			});
		}
	}
}

/// 1 000 to 1 000, and 250 more for 200: 1 250/800 is 1.5625 exactly. A limit of that passes, one
/// 10⁻¹⁸ lower does not: nothing is lost of the price's 18 decimals.
#[test]
fn a_limit_that_is_met_exactly_is_met() {
	TestExt::one_subnet().execute_with(|| {
		let exactly = FixedU128::from_rational(15_625, 10_000);
		let [below, above] = beside(exactly);
		let buy = |limit| add_limit(ALICE, NETUID, HOTKEY, tao(250), limit, FillOrKill);
		assert_noop!(buy(below), Error::<Test>::LimitNotMet);
		for limit in [exactly, above, FixedU128::from_inner(u128::MAX)] {
			undone(|| {
				assert_ok!(buy(limit));
				assert_eq!(market(NETUID).pool.price(), exactly);
			});
		}
		undone(|| {
			// A part of it does go below, and as much as can.
			assert_ok!(add_limit(ALICE, NETUID, HOTKEY, tao(250), below, Partial));
			let Some(Event::StakeAdded { tao: paid, .. }) = events().pop() else { panic!() };
			assert!(paid < tao(250) && paid.get() > tao(250).get() - 1_000, "{paid}");
		});

		reward(ALICE, NETUID, HOTKEY, alpha(400).get());
		// And 800/1 250 is 0.64.
		let exactly = FixedU128::from_rational(64, 100);
		let [below, above] = beside(exactly);
		let amount = Amount::Exact(alpha(250).get());
		let sell = |limit| remove_limit(ALICE, NETUID, HOTKEY, amount, limit, FillOrKill);
		assert_noop!(sell(above), Error::<Test>::LimitNotMet);
		for limit in [exactly, below, FixedU128::from_inner(0)] {
			undone(|| {
				assert_ok!(sell(limit));
				assert_eq!(market(NETUID).pool.price(), exactly);
			});
		}
	});
}

/// Hazard N5: nothing filled is an error, not a success.
#[test]
fn nothing_filled_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		reward(ALICE, NETUID, HOTKEY, alpha(100).get());
		let (one, half, two) = (FixedU128::one(), price(500), price(2_000));
		for limit in [FixedU128::from_inner(0), half, beside(one)[0], one] {
			let buy = |fill| add_limit(ALICE, NETUID, HOTKEY, tao(1), limit, fill);
			assert_noop!(buy(Partial), Error::<Test>::NothingFilled);
			assert_noop!(buy(FillOrKill), Error::<Test>::LimitNotMet);
		}
		for limit in [one, beside(one)[1], two, FixedU128::from_inner(u128::MAX)] {
			for amount in [Amount::All, Amount::Exact(alpha(1).get())] {
				let sell = |fill| remove_limit(ALICE, NETUID, HOTKEY, amount, limit, fill);
				assert_noop!(sell(Partial), Error::<Test>::NothingFilled);
				assert_noop!(sell(FillOrKill), Error::<Test>::LimitNotMet);
			}
		}
	});
}

/// Hazard E32: what a limit lets through must be a stake's worth.
#[test]
fn a_part_below_the_least_stake_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		let pool = market(NETUID).pool;
		// The price after 0.002 TAO, and after a rao less.
		let at = |paid| {
			let after = rules::bought(pool, paid, 0).0;
			(after, rules::price(after))
		};
		let (after, limit) = at(MIN_STAKE);
		// Floored to 18 decimals the price is below the pool's: the next above lets it through.
		assert!(!rules::is_at_most(after, limit));
		let enough = beside(limit)[1];
		let fill = |limit| add_limit(ALICE, NETUID, HOTKEY, tao(1), limit, Partial);
		assert_noop!(fill(limit), Error::<Test>::AmountTooSmall);
		assert_ok!(fill(enough));
		assert_eq!(free(ALICE).get(), tao(10_000).get() - MIN_STAKE);
	});
}

/// A limit does not clip to the largest trade: that is a guard against mistakes, and says so.
#[test]
fn a_limit_far_off_does_not_lift_the_largest_trade() {
	TestExt::one_subnet().execute_with(|| {
		reward(ALICE, NETUID, HOTKEY, alpha(500).get());
		for fill in [FillOrKill, Partial] {
			let buy = add_limit(ALICE, NETUID, HOTKEY, tao(400), price(9_000), fill);
			assert_noop!(buy, Error::<Test>::TradeTooLarge);
			let sell = remove_limit(ALICE, NETUID, HOTKEY, Amount::All, price(1), fill);
			assert_noop!(sell, Error::<Test>::TradeTooLarge);
		}
		Params::mutate(|params| params.min_reserve = alpha(950).get());
		let buy = add_limit(ALICE, NETUID, HOTKEY, tao(100), price(9_000), Partial);
		assert_noop!(buy, Error::<Test>::ReserveTooLow);
	});
}

/// A sale to a limit leaves nothing, or a stake's worth at the price after it; it takes no more than
/// was asked.
#[test]
fn a_sale_to_a_limit_never_leaves_a_remainder_that_is_too_small() {
	TestExt::one_subnet().execute_with(|| {
		let held = alpha(50).get();
		reward(ALICE, NETUID, HOTKEY, held);
		let pool = market(NETUID).pool;
		let enough = |left: u64| {
			let after = rules::sold(pool, held - left, 0).0;
			left >= rules::least_worth(after, Tao(MIN_STAKE))
		};
		let least = rules::most(2 * MIN_STAKE, |left| !enough(left)) + 1;
		let any = price(1);
		let sell = |left: u64, fill| {
			remove_limit(ALICE, NETUID, HOTKEY, Amount::Exact(held - left), any, fill)
		};
		for fill in [FillOrKill, Partial] {
			for left in [1, 1_000, least - 1] {
				assert_noop!(sell(left, fill), Error::<Test>::RemainderTooSmall);
			}
			for (left, all) in [(least, false), (0, true)] {
				undone(|| {
					let (removed, after) = sale(held - left, 0, all);
					events();
					assert_ok!(sell(left, fill));
					assert_eq!(events(), [removed]);
					assert_eq!(market(NETUID).pool, after);
				});
			}
		}
		// Also where it is the limit that would leave it.
		let after = rules::sold(pool, held - 1_000, 0).0;
		let limit = rules::price(after);
		let all = remove_limit(ALICE, NETUID, HOTKEY, Amount::All, limit, Partial);
		assert_noop!(all, Error::<Test>::RemainderTooSmall);
	});
}

/// Root's price is 1, always: a limit lets all through or nothing.
#[test]
fn on_root_a_limit_lets_all_through_or_nothing() {
	TestExt::one_subnet().execute_with(|| {
		set_fee(10_000_000);
		let one = FixedU128::one();
		let [below, above] = beside(one);
		let buy = |limit, fill| add_limit(ALICE, ROOT, HOTKEY, tao(5), limit, fill);
		let sell = |limit, fill| {
			let amount = Amount::Exact(tao(5).get());
			remove_limit(ALICE, ROOT, HOTKEY, amount, limit, fill)
		};
		assert_noop!(buy(below, Partial), Error::<Test>::NothingFilled);
		assert_noop!(buy(below, FillOrKill), Error::<Test>::LimitNotMet);
		for (limit, fill) in [(one, FillOrKill), (one, Partial), (above, Partial)] {
			events();
			assert_ok!(buy(limit, fill));
			let added = Event::StakeAdded {
				coldkey: ALICE,
				hotkey: HOTKEY,
				netuid: ROOT,
				tao: tao(5),
				fee: Tao::ZERO,
				alpha: alpha(5),
				price_after: one,
			};
			assert_eq!(events(), [added]);
		}
		assert_noop!(sell(above, Partial), Error::<Test>::NothingFilled);
		assert_noop!(sell(above, FillOrKill), Error::<Test>::LimitNotMet);
		let small = Amount::Exact(tao(15).get() - MIN_STAKE + 1);
		let refused = remove_limit(ALICE, ROOT, HOTKEY, small, one, FillOrKill);
		assert_noop!(refused, Error::<Test>::RemainderTooSmall);
		for (limit, fill) in [(one, FillOrKill), (one, Partial), (below, Partial)] {
			assert_ok!(sell(limit, fill));
		}
		assert_eq!(free(ALICE), tao(10_000));
		assert_eq!(Root::<Test>::get(), Default::default());
	});
}

/// As without a limit: each argument's own error, and nothing changed.
#[test]
fn what_is_refused_without_a_limit_is_refused_with_one() {
	type E = Error<Test>;
	const STRANGER: AccountId = 999;
	let refused = |who, (netuid, hotkey), amount, adding: E, removing: E| {
		let (adding, removing) = (DispatchError::from(adding), DispatchError::from(removing));
		let tao = match amount {
			Amount::All => tao(1),
			Amount::Exact(rao) => Tao(rao),
		};
		let (low, high) = (FixedU128::from_inner(0), FixedU128::from_inner(u128::MAX));
		for fill in [FillOrKill, Partial] {
			assert_noop!(add_limit(who, netuid, hotkey, tao, high, fill), adding);
			assert_noop!(remove_limit(who, netuid, hotkey, amount, low, fill), removing);
		}
	};
	TestExt::one_subnet().registered_subnet(10).execute_with(|| {
		let all = Amount::All;
		refused(ALICE, (NetUid(9), HOTKEY), all, E::UnknownSubnet, E::UnknownSubnet);
		refused(ALICE, (NetUid(2), HOTKEY), all, E::NotStarted, E::NotStarted);
		for netuid in [NETUID, ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(10));
			let here = (netuid, HOTKEY);
			refused(ALICE, (netuid, STRANGER), all, E::UnknownHotkey, E::UnknownHotkey);
			refused(ALICE, here, Amount::Exact(0), E::ZeroAmount, E::ZeroAmount);
			let much = Amount::Exact(tao(10_001).get());
			refused(CAROL, here, much, E::InsufficientBalance, E::NoPosition);
			refused(ALICE, here, much, E::InsufficientBalance, E::InsufficientStake);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let (one, fill) = (FixedU128::one(), Partial);
			let adding = Dtao::add_stake_limit(origin.clone(), NETUID, HOTKEY, tao(1), one, fill);
			assert_noop!(adding, DispatchError::BadOrigin);
			let removing = Dtao::remove_stake_limit(origin, NETUID, HOTKEY, all, one, fill);
			assert_noop!(removing, DispatchError::BadOrigin);
		}
	});
}
