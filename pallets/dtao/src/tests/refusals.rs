//! Every refusal: its own error, and nothing changed. `assert_noop!` compares the storage root.

use super::*;
use crate::mock::Params;
use dtao_primitives::constants::EXISTENTIAL_DEPOSIT;
use sp_runtime::{DispatchError, Perbill};

/// A subnet that nobody has registered.
const NOWHERE: NetUid = NetUid(9);
/// A hotkey that nobody owns.
const STRANGER: AccountId = 999;
/// A coldkey without an account.
const PAUPER: AccountId = 50;
/// The least stake, in rao.
const MIN_STAKE: Tao = Tao(2_000_000);

/// `add_stake` is refused with `error`.
fn no_add(
	who: AccountId,
	netuid: NetUid,
	hotkey: AccountId,
	tao: Tao,
	min: u64,
	error: Error<Test>,
) {
	assert_noop!(add(who, netuid, hotkey, tao, min), error);
}

/// `remove_stake` is refused with `error`.
fn no_remove(
	who: AccountId,
	netuid: NetUid,
	hotkey: AccountId,
	amount: Amount,
	min: Tao,
	error: Error<Test>,
) {
	assert_noop!(remove(who, netuid, hotkey, amount, min), error);
}

#[test]
fn only_a_signed_call_stakes_or_unstakes() {
	TestExt::one_subnet().execute_with(|| {
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let staking = Dtao::add_stake(origin.clone(), NETUID, HOTKEY, tao(1), 0);
			assert_noop!(staking, DispatchError::BadOrigin);
			let unstaking = Dtao::remove_stake(origin, NETUID, HOTKEY, Amount::All, Tao::ZERO);
			assert_noop!(unstaking, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn an_unknown_subnet_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		let error = || Error::UnknownSubnet;
		for netuid in [NOWHERE, NetUid(u16::MAX)] {
			no_add(ALICE, netuid, HOTKEY, tao(1), 0, error());
			no_remove(ALICE, netuid, HOTKEY, Amount::All, Tao::ZERO, error());
			no_remove(ALICE, netuid, HOTKEY, Amount::Exact(1), Tao::ZERO, error());
		}
	});
}

/// A market that is registered opens for everybody in the block of its start, not before.
#[test]
fn a_subnet_that_has_not_started_is_refused() {
	TestExt::new().registered_subnet(1_000).seats(1).execute_with(|| {
		no_add(ALICE, NETUID, HOTKEY, tao(1), 0, Error::NotStarted);
		no_remove(ALICE, NETUID, HOTKEY, Amount::All, Tao::ZERO, Error::NotStarted);
	});
}

#[test]
fn a_hotkey_that_nobody_owns_is_refused_on_subnets_and_on_root() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			for hotkey in [STRANGER, AccountId::MAX] {
				no_add(ALICE, netuid, hotkey, tao(1), 0, Error::UnknownHotkey);
				let all = Amount::All;
				no_remove(ALICE, netuid, hotkey, all, Tao::ZERO, Error::UnknownHotkey);
			}
		}
	});
}

/// Hazard E5: zero in is refused.
#[test]
fn zero_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(1));
			no_add(ALICE, netuid, HOTKEY, Tao::ZERO, 0, Error::ZeroAmount);
			no_remove(ALICE, netuid, HOTKEY, Amount::Exact(0), Tao::ZERO, Error::ZeroAmount);
		}
	});
}

/// Hazard E32: no rows for less than the least stake.
#[test]
fn a_stake_below_the_least_is_refused_and_the_least_is_taken() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			let below = Tao(MIN_STAKE.get() - 1);
			no_add(ALICE, netuid, HOTKEY, below, 0, Error::AmountTooSmall);
			no_add(ALICE, netuid, HOTKEY, Tao(1), 0, Error::AmountTooSmall);
			assert_ok!(add(ALICE, netuid, HOTKEY, MIN_STAKE, 0));
		}
	});
}

#[test]
fn more_than_the_balance_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			for amount in [Tao(tao(10_000).get() + 1), Tao(u64::MAX)] {
				no_add(ALICE, netuid, HOTKEY, amount, 0, Error::InsufficientBalance);
			}
			no_add(PAUPER, netuid, HOTKEY, tao(1), 0, Error::InsufficientBalance);
		}
	});
}

/// The account keeps its existential deposit to the rao: 499 left are refused, 500 pass.
#[test]
fn an_account_is_never_left_below_the_existential_deposit() {
	const DAVE: AccountId = 4;
	for netuid in [NETUID, NetUid::ROOT] {
		TestExt::one_subnet().endow(DAVE, tao(10)).execute_with(|| {
			let keep = |left: u64| Tao(tao(10).get() - left);
			for left in [0, 1, EXISTENTIAL_DEPOSIT - 1] {
				no_add(DAVE, netuid, HOTKEY, keep(left), 0, Error::BelowExistentialDeposit);
			}
			assert_ok!(add(DAVE, netuid, HOTKEY, keep(EXISTENTIAL_DEPOSIT), 0));
			assert_eq!(free(DAVE), Tao(EXISTENTIAL_DEPOSIT));
		});
	}
}

/// Hazard E7: of 1 000 TAO at most 333.333 333 000 may come in at once, and not a rao more.
#[test]
fn a_purchase_above_the_largest_part_of_the_pool_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		let most = 333_333_333_000;
		for amount in [Tao(most + 1), tao(1_000), tao(9_999)] {
			no_add(ALICE, NETUID, HOTKEY, amount, 0, Error::TradeTooLarge);
		}
		assert_ok!(add(ALICE, NETUID, HOTKEY, Tao(most), 0));
	});
}

/// Hazard E7: the limit is on what trades, so the fee comes on top: at 1 % the fee on
/// 336.700 336 364 TAO is 3.367 003 364, and on one rao more it is the same.
#[test]
fn the_largest_purchase_is_measured_net_of_the_fee() {
	TestExt::one_subnet().execute_with(|| {
		Params::mutate(|params| params.swap_fee = Perbill::from_percent(1));
		let most = 336_700_336_364;
		no_add(ALICE, NETUID, HOTKEY, Tao(most + 1), 0, Error::TradeTooLarge);
		assert_ok!(add(ALICE, NETUID, HOTKEY, Tao(most), 0));
	});
}

/// Hazard E7, the other way: the pool holds 625 ALPHA, so at most 208.333 333 125 may come in.
#[test]
fn a_sale_above_the_largest_part_of_the_pool_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(300));
		stake(ALICE, NETUID, HOTKEY, tao(300));
		let pool = market(NETUID).pool;
		assert_eq!(pool.tao, tao(1_600));
		// Two floors, so up to two atoms above 1000·1000/1600.
		let held = stake_of(ALICE, HOTKEY, NETUID);
		assert_eq!(pool.alpha.get(), alpha(1_000).get() - held);
		assert!((625_000_000_000..=625_000_000_002).contains(&pool.alpha.get()));

		let most = 208_333_333_125;
		for amount in [Amount::Exact(most + 1), Amount::Exact(held), Amount::All] {
			no_remove(ALICE, NETUID, HOTKEY, amount, Tao::ZERO, Error::TradeTooLarge);
		}
		assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::Exact(most), Tao::ZERO));
	});
}

/// Hazard E8: the bound is on what is credited, to the atom.
#[test]
fn less_than_the_callers_bound_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		// ⌊1000·100/1100⌋ ALPHA.
		let bought = 90_909_090_909;
		for min in [bought + 1, u64::MAX] {
			no_add(ALICE, NETUID, HOTKEY, tao(100), min, Error::SlippageExceeded);
		}
		assert_ok!(add(ALICE, NETUID, HOTKEY, tao(100), bought));
		// ⌊1100·90.909…/1000⌋: the floors cost a rao.
		let paid = Tao(99_999_999_999);
		for min in [tao(100), Tao(u64::MAX)] {
			no_remove(ALICE, NETUID, HOTKEY, Amount::All, min, Error::SlippageExceeded);
		}
		assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::All, paid));
	});
}

#[test]
fn less_than_the_callers_bound_is_refused_on_root() {
	TestExt::new().execute_with(|| {
		let root = NetUid::ROOT;
		for min in [tao(5).get() + 1, u64::MAX] {
			no_add(ALICE, root, HOTKEY, tao(5), min, Error::SlippageExceeded);
		}
		assert_ok!(add(ALICE, root, HOTKEY, tao(5), tao(5).get()));
		for min in [Tao(tao(5).get() + 1), Tao(u64::MAX)] {
			no_remove(ALICE, root, HOTKEY, Amount::All, min, Error::SlippageExceeded);
		}
		assert_ok!(remove(ALICE, root, HOTKEY, Amount::All, tao(5)));
	});
}

#[test]
fn more_than_the_position_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(10));
			// Bob's stake on the same hotkey is not Alice's.
			stake(BOB, netuid, HOTKEY, tao(10));
			let held = stake_of(ALICE, HOTKEY, netuid);
			for amount in [held + 1, 2 * held, u64::MAX] {
				let exact = Amount::Exact(amount);
				no_remove(ALICE, netuid, HOTKEY, exact, Tao::ZERO, Error::InsufficientStake);
			}
			assert_ok!(remove(ALICE, netuid, HOTKEY, Amount::Exact(held), Tao::ZERO));
		}
	});
}

#[test]
fn without_a_position_there_is_nothing_to_remove() {
	TestExt::one_subnet().hotkeys(2).execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			let nothing = || Error::NoPosition;
			stake(ALICE, netuid, HOTKEY, tao(10));
			// Not Bob's, not on the other hotkey, and not twice.
			for amount in [Amount::All, Amount::Exact(1), Amount::Exact(u64::MAX)] {
				no_remove(BOB, netuid, HOTKEY, amount, Tao::ZERO, nothing());
				no_remove(ALICE, netuid, HOTKEY_2, amount, Tao::ZERO, nothing());
			}
			unstake_all(ALICE, netuid, HOTKEY);
			no_remove(ALICE, netuid, HOTKEY, Amount::All, Tao::ZERO, nothing());
		}
	});
}

/// Hazard E1: no pool is driven into the regime of a few atoms.
#[test]
fn a_purchase_that_would_leave_too_little_alpha_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		// ⌈1000·1000/1100⌉ ALPHA would be left.
		let left = 909_090_909_091;
		Params::mutate(|params| params.min_reserve = left + 1);
		no_add(ALICE, NETUID, HOTKEY, tao(100), 0, Error::ReserveTooLow);
		Params::mutate(|params| params.min_reserve = left);
		assert_ok!(add(ALICE, NETUID, HOTKEY, tao(100), 0));
	});
}

/// Hazard E1, the other way.
#[test]
fn a_sale_that_would_leave_too_little_tao_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		reward(ALICE, NETUID, HOTKEY, alpha(100).get());
		// ⌈1000·1000/1100⌉ TAO would be left.
		let left = 909_090_909_091;
		Params::mutate(|params| params.min_reserve = left + 1);
		no_remove(ALICE, NETUID, HOTKEY, Amount::All, Tao::ZERO, Error::ReserveTooLow);
		Params::mutate(|params| params.min_reserve = left);
		assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::All, Tao::ZERO));
	});
}

/// Hazard E5: one atom is worth ⌊1000·10⁹·1/(1000·10⁹ + 1)⌋ = 0 rao.
#[test]
fn dust_that_would_pay_nothing_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		reward(ALICE, NETUID, HOTKEY, 1);
		for amount in [Amount::All, Amount::Exact(1)] {
			no_remove(ALICE, NETUID, HOTKEY, amount, Tao::ZERO, Error::NothingReceived);
		}
		// Two atoms pay one rao.
		reward(ALICE, NETUID, HOTKEY, 1);
		assert_ok!(remove(ALICE, NETUID, HOTKEY, Amount::All, Tao(1)));
	});
}

/// Hazard E5: a rao buys ⌊1000·10⁹·1/(1000·10⁹ + 1)⌋ = 0 atoms.
#[test]
fn a_purchase_that_buys_nothing_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		Params::mutate(|params| params.min_stake = Tao(1));
		no_add(ALICE, NETUID, HOTKEY, Tao(1), 0, Error::NothingReceived);
		assert_ok!(add(ALICE, NETUID, HOTKEY, Tao(2), 1));
	});
}

/// Hazard E16: a payment too small for an account is refused, not swallowed.
#[test]
fn a_payment_that_cannot_open_an_account_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		// ⌊1000·10⁹·500/(1000·10⁹ + 500)⌋ = 499 rao.
		reward(PAUPER, NETUID, HOTKEY, 500);
		let error = Error::BelowExistentialDeposit;
		no_remove(PAUPER, NETUID, HOTKEY, Amount::All, Tao::ZERO, error);
		reward(PAUPER, NETUID, HOTKEY, 1);
		assert_ok!(remove(PAUPER, NETUID, HOTKEY, Amount::All, Tao(500)));
		assert_eq!(free(PAUPER), Tao(EXISTENTIAL_DEPOSIT));
	});
}

/// As on a subnet: here the owner's take of a dividend is all that there is.
#[test]
fn a_payment_of_root_that_cannot_open_an_account_is_refused() {
	TestExt::one_subnet().execute_with(|| {
		Registry::set_take(id(HOTKEY), sp_runtime::PerU16::one());
		dividend(HOTKEY, Tao(499));
		let error = Error::BelowExistentialDeposit;
		no_remove(VALIDATOR, NetUid::ROOT, HOTKEY, Amount::All, Tao::ZERO, error);
		dividend(HOTKEY, Tao(1));
		assert_ok!(remove(VALIDATOR, NetUid::ROOT, HOTKEY, Amount::All, Tao(500)));
	});
}

/// Each argument of each call at its end, the others sound: its own error, on subnets and on root.
#[test]
fn the_largest_of_every_argument_is_refused_by_name() {
	TestExt::one_subnet().execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(10));
			let (last, max) = (NetUid(u16::MAX), u64::MAX);
			no_add(ALICE, last, HOTKEY, tao(1), 0, Error::UnknownSubnet);
			no_add(ALICE, netuid, max, tao(1), 0, Error::UnknownHotkey);
			no_add(ALICE, netuid, HOTKEY, Tao(max), 0, Error::InsufficientBalance);
			no_add(ALICE, netuid, HOTKEY, tao(1), max, Error::SlippageExceeded);
			no_add(ALICE, netuid, HOTKEY, Tao(max), max, Error::InsufficientBalance);
			no_add(max, netuid, HOTKEY, tao(1), 0, Error::InsufficientBalance);

			let (all, most) = (Amount::All, Amount::Exact(max));
			no_remove(ALICE, last, HOTKEY, all, Tao::ZERO, Error::UnknownSubnet);
			no_remove(ALICE, netuid, max, all, Tao::ZERO, Error::UnknownHotkey);
			no_remove(ALICE, netuid, HOTKEY, most, Tao::ZERO, Error::InsufficientStake);
			no_remove(ALICE, netuid, HOTKEY, all, Tao(max), Error::SlippageExceeded);
			no_remove(ALICE, netuid, HOTKEY, most, Tao(max), Error::InsufficientStake);
			no_remove(max, netuid, HOTKEY, all, Tao::ZERO, Error::NoPosition);
		}
	});
}

/// A market that exists, has started or has such a seat is not made again; a seed must be a
/// sound reserve, and paid.
#[test]
fn what_the_registry_may_not_do_is_refused() {
	use dtao_primitives::{traits::OnSubnet, Uid};
	TestExt::one_subnet().registered_subnet(10).execute_with(|| {
		let created = |netuid, lock| Dtao::on_created(netuid, &ALICE, lock);
		assert_noop!(created(NETUID, tao(1)), Error::<Test>::MarketExists);
		assert_noop!(created(NOWHERE, Tao(999_999)), Error::<Test>::ReserveTooLow);
		assert_noop!(created(NOWHERE, tao(10_001)), Error::<Test>::InsufficientBalance);
		assert_noop!(created(NOWHERE, Tao(u64::MAX)), Error::<Test>::InsufficientBalance);
		assert_noop!(created(NOWHERE, tao(10_000)), Error::<Test>::BelowExistentialDeposit);
		assert_noop!(Dtao::on_started(NOWHERE), Error::<Test>::UnknownSubnet);
		assert_noop!(Dtao::on_started(NETUID), Error::<Test>::AlreadyStarted);
		for uid in [0, 2, u16::MAX] {
			let seated = Dtao::on_seated(NETUID, Uid(uid), id(HOTKEY));
			assert_noop!(seated, Error::<Test>::InvalidSeat);
		}
		assert_ok!(Dtao::on_seated(NETUID, Uid(1), id(OWNER_HOTKEY)));
	});
}

/// A subnet that was dissolved takes part in no call of a staker, and each says so.
#[test]
fn a_dissolved_subnet_is_refused_by_every_call_on_stake() {
	use dtao_primitives::traits::OnSubnet;
	TestExt::one_subnet().subnet(400).hotkeys(2).execute_with(|| {
		const OTHER: NetUid = NetUid(2);
		for netuid in [NETUID, OTHER, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(10));
		}
		assert_ok!(Dtao::on_dissolved(NETUID));
		let (all, gone, here) = (Amount::All, Error::<Test>::SubnetDissolved, (NETUID, HOTKEY));
		let gone = DispatchError::from(gone);
		let (low, high) = (FixedU128::from_inner(0), FixedU128::from_inner(u128::MAX));
		assert_noop!(add(ALICE, NETUID, HOTKEY, tao(1), 0), gone);
		assert_noop!(remove(ALICE, NETUID, HOTKEY, all, Tao::ZERO), gone);
		for fill in [Fill::FillOrKill, Fill::Partial] {
			assert_noop!(add_limit(ALICE, NETUID, HOTKEY, tao(1), high, fill), gone);
			assert_noop!(remove_limit(ALICE, NETUID, HOTKEY, all, low, fill), gone);
		}
		for place in [(NETUID, HOTKEY_2), (OTHER, HOTKEY), (NetUid::ROOT, HOTKEY)] {
			assert_noop!(shift(ALICE, here, place, all, 0), gone);
		}
		for place in [(OTHER, HOTKEY), (NetUid::ROOT, HOTKEY)] {
			assert_noop!(shift(ALICE, place, here, all, 0), gone);
		}
		assert_noop!(transfer(ALICE, BOB, NETUID, HOTKEY, all), gone);
		let exits = [(OTHER, HOTKEY, Tao::ZERO), (NETUID, HOTKEY, Tao::ZERO)];
		assert_noop!(exit(ALICE, &exits), gone);
		assert_noop!(recycle(ALICE, NETUID, HOTKEY, all), gone);
		assert_noop!(burn(ALICE, NETUID, HOTKEY, all), gone);
		assert_noop!(redirect(ALICE, NETUID, Some(HOTKEY)), gone);
	});
}
