//! Dissolved subnets: what they pay, to whom, and that it adds up.

use super::*;
use crate::{
	types::{Pool, Redemption},
	Dissolved, Emitting, Redemptions, RewardDestinations, Scores,
};
use dtao_primitives::{
	traits::{ConsensusOutcome, MarketInspect, OnSubnet},
	views::SubnetState,
};
use frame_support::{dispatch::Pays, weights::Weight};
use proptest::prelude::*;
use sp_runtime::{DispatchError, TokenError};

const W: u32 = u32::MAX;

/// The event that nothing is left.
fn closed(event: &Event<Test>) -> Option<Tao> {
	match event {
		Event::RedemptionClosed { recycled, .. } => Some(*recycled),
		_ => None,
	}
}

/// Dissolve [`NETUID`]; the registry forgets it. Returns the fund, and what else the record holds.
fn dissolve() -> (u64, u64) {
	let issuance = Balances::total_issuance();
	let waiting = market(NETUID).root_waiting().unwrap().get();
	System::reset_events();
	assert_ok!(Dtao::on_dissolved(NETUID));
	Registry::disown_subnet(NETUID);
	let Some(Event::MarketDissolved { fund, recycled, .. }) = events().pop() else {
		panic!("no event")
	};
	assert_eq!(Balances::total_issuance(), issuance - recycled.get());
	check_invariants();
	(fund.get(), waiting)
}

/// Let idle blocks work, one step a time, until nothing is left; check everything after each.
fn wind_up() {
	let most = 10_000;
	for _ in 0..most {
		if !Redemptions::<Test>::contains_key(NETUID) {
			return;
		}
		idle(2);
		check_invariants();
	}
	panic!("it is not done after {most} steps");
}

/// An idle block that leaves so many steps, one of which finds out what there is to do.
fn idle(steps: u64) -> u64 {
	Dtao::on_idle(System::block_number(), Weight::from_parts(steps, u64::MAX)).ref_time()
}

fn redeem(coldkey: AccountId, hotkey: AccountId) -> DispatchResult {
	send(CAROL, Call::redeem { netuid: NETUID, coldkey, hotkey })
}

fn redemption() -> Redemption<AccountId> {
	Redemptions::<Test>::get(NETUID).expect("it is dissolved")
}

/// What the events say was paid, by whom it was for, and what was recycled at last.
fn paid_and_recycled(events: &[Event<Test>]) -> (u64, u64) {
	let mut paid = 0;
	for event in events {
		match event {
			Event::Redeemed { tao, .. } | Event::RootDividendAssigned { tao, .. } => {
				paid += tao.get();
			},
			Event::RedemptionStepFailed { .. } => panic!("{event:?}"),
			_ => {},
		}
	}
	(paid, events.iter().filter_map(closed).map(Tao::get).sum())
}

/// Dissolve with `holders` of ALPHA, redeem those of `order` by hand and the rest on idle. Returns
/// what each holder was paid.
fn all_is_paid(holders: u64, order: impl Iterator<Item = u64>) -> Vec<u64> {
	let chain = TestExt::one_subnet().hotkeys(2).take(18);
	let chain = (0..holders).fold(chain, |chain, n| chain.endow(1_000 + n, tao(5)));
	chain.execute_with(|| {
		for n in 0..holders {
			let paid = Tao(2_000_000 + n * 1_234_567);
			stake(1_000 + n, NETUID, HOTKEY + n % 2, paid);
		}
		next_block();
		let before: Vec<_> = (0..holders).map(|n| free(1_000 + n).get()).collect();
		let issuance = Balances::total_issuance();
		let (fund, waiting) = dissolve();
		let after_dissolving = Balances::total_issuance();
		for n in order {
			assert_ok!(redeem(1_000 + n, HOTKEY + n % 2));
		}
		wind_up();
		let (paid, recycled) = paid_and_recycled(&events());
		assert_eq!(paid + recycled, fund + waiting, "all of the fund is accounted for");
		assert_eq!(Balances::total_issuance(), after_dissolving - recycled);
		assert!(issuance > after_dissolving);
		assert_eq!(Positions::<Test>::iter_keys().filter(|(_, (of, _))| *of == NETUID).count(), 0);
		assert_eq!(HotkeyPools::<Test>::hotkeys_of(NETUID).count(), 0);
		assert!(!Scores::<Test>::contains_key(NETUID));
		(0..holders).map(|n| free(1_000 + n).get() - before[n as usize]).collect()
	})
}

#[test]
fn whatever_the_number_of_holders_the_fund_is_paid_to_the_rao() {
	for holders in [0, 1, 2, 30] {
		let idle = all_is_paid(holders, core::iter::empty());
		let forwards = all_is_paid(holders, 0..holders);
		let backwards = all_is_paid(holders, (0..holders).rev());
		let some = all_is_paid(holders, (0..holders).filter(|n| n % 3 == 1));
		// The order moves nothing but what payments are floored by: less than a rao each, those of
		// the owner, of takes and of dust among them.
		for other in [forwards, backwards, some] {
			for (one, other) in idle.iter().zip(other) {
				assert!(one.abs_diff(other) <= holders + 6, "{one} or {other}");
			}
		}
	}
}

/// A thousand holders: too many to check every invariant after each.
#[test]
fn a_thousand_holders_are_paid_on_idle() {
	const HOLDERS: u64 = 1_000;
	let chain = TestExt::one_subnet();
	let chain = (0..HOLDERS).fold(chain, |chain, n| chain.endow(1_000 + n, tao(5)));
	chain.execute_with(|| {
		(0..HOLDERS).for_each(|n| stake(1_000 + n, NETUID, HOTKEY, Tao(2_000_000 + n * 1_000)));
		next_block();
		let (fund, waiting) = dissolve();
		let issuance = Balances::total_issuance();
		let mut blocks = 0;
		while Redemptions::<Test>::contains_key(NETUID) {
			assert!(idle(100) <= 100);
			blocks += 1;
		}
		assert_eq!(blocks, 11, "as many steps as the weight allows");
		let (paid, recycled) = paid_and_recycled(&events());
		assert_eq!(paid + recycled, fund + waiting);
		assert_eq!(Balances::total_issuance(), issuance - recycled);
	});
}

/// What is paid, for whom and how it is said; the second time there is nothing.
#[test]
fn a_redeemed_position_is_paid_at_the_frozen_rate_once() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		let (fund, _) = dissolve();
		// 1 100 TAO and 909.09 ALPHA in the pool, 90.90 ALPHA with Alice: 1.1 · 90.90.
		let held = stake_of(ALICE, HOTKEY, NETUID);
		assert_eq!(
			fund,
			(u128::from(tao(1_100).get()) * u128::from(held) / 1_000_000_000_000) as u64
		);
		let before = free(ALICE);
		assert_ok!(redeem(ALICE, HOTKEY));
		assert_eq!(free(ALICE).get() - before.get(), fund);
		let redeemed = Event::Redeemed {
			netuid: NETUID,
			coldkey: ALICE,
			hotkey: HOTKEY,
			alpha: Alpha(held),
			tao: Tao(fund),
			as_root_stake: false,
		};
		assert_eq!(events(), [redeemed]);
		assert_noop!(redeem(ALICE, HOTKEY), Error::<Test>::NoPosition);
		assert_eq!((redemption().fund_left, redemption().alpha_left()), (Tao::ZERO, Alpha::ZERO));
	});
}

#[test]
fn what_is_not_there_is_not_redeemed() {
	TestExt::one_subnet().subnet(10).hotkeys(2).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(1));
		stake(ALICE, NetUid(2), HOTKEY, tao(1));
		assert_noop!(redeem(ALICE, HOTKEY), Error::<Test>::NotDissolved);
		dissolve();
		assert_noop!(redeem(BOB, HOTKEY), Error::<Test>::NoPosition);
		assert_noop!(redeem(ALICE, HOTKEY_2), Error::<Test>::NoPosition);
		assert_noop!(redeem(ALICE, 999), Error::<Test>::UnknownHotkey);
		let of = |netuid| send(CAROL, Call::redeem { netuid, coldkey: ALICE, hotkey: HOTKEY });
		assert_noop!(of(NetUid(2)), Error::<Test>::NotDissolved);
		assert_noop!(of(NetUid::ROOT), Error::<Test>::NotDissolved);
		assert_noop!(of(NetUid(9)), Error::<Test>::UnknownSubnet);
		wind_up();
		assert_noop!(redeem(ALICE, HOTKEY), Error::<Test>::NoPosition);
		assert_noop!(Dtao::on_dissolved(NETUID), Error::<Test>::SubnetDissolved);
		assert_noop!(Dtao::on_dissolved(NetUid(9)), Error::<Test>::UnknownSubnet);
		assert_noop!(Dtao::on_created(NETUID, &ALICE, tao(10)), Error::<Test>::MarketExists);
	});
}

/// Before and after all is paid out.
#[test]
fn a_dissolved_subnet_refuses_every_trade() {
	TestExt::one_subnet().subnet(10).hotkeys(2).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(5));
		stake(ALICE, NetUid(2), HOTKEY, tao(1));
		dissolve();
		for _ in 0..2 {
			let (here, there) = ((NETUID, HOTKEY), (NetUid(2), HOTKEY));
			let calls: [&dyn Fn() -> DispatchResult; 7] = [
				&|| add(ALICE, NETUID, HOTKEY, tao(1), 0),
				&|| remove(ALICE, NETUID, HOTKEY, Amount::All, Tao::ZERO),
				&|| shift(ALICE, here, there, Amount::All, 0),
				&|| shift(ALICE, there, here, Amount::All, 0),
				&|| transfer(ALICE, BOB, NETUID, HOTKEY, Amount::All),
				&|| burn(ALICE, NETUID, HOTKEY, Amount::All),
				&|| redirect(ALICE, NETUID, Some(HOTKEY)),
			];
			for call in calls {
				assert_noop!(call(), Error::<Test>::SubnetDissolved);
			}
			wind_up();
		}
	});
}

/// Hazard E32: whoever pays somebody, and so removes a row, pays no fee, so that anyone may; whoever
/// does not, does.
#[test]
fn a_redeem_that_pays_is_free() {
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(5));
		dissolve();
		let call = |coldkey| Call::<Test>::redeem { netuid: NETUID, coldkey, hotkey: HOTKEY };
		let sent = |coldkey| RuntimeCall::from(call(coldkey)).dispatch(signed(CAROL));
		assert_eq!(sent(BOB).unwrap_err().post_info.pays_fee, Pays::Yes);
		assert_eq!(sent(ALICE).unwrap().pays_fee, Pays::No);
	});
}

/// A subnet that never started owes nothing: all of its pool is recycled.
#[test]
fn a_subnet_that_never_started_is_recycled_whole() {
	TestExt::new().registered_subnet(10).seats(2).execute_with(|| {
		let issuance = Balances::total_issuance();
		assert_eq!(dissolve(), (0, 0));
		assert_eq!(Balances::total_issuance(), issuance - tao(10).get());
		wind_up();
		assert_eq!(events(), [Event::RedemptionClosed { netuid: NETUID, recycled: Tao::ZERO }]);
		assert_eq!(Balances::total_issuance(), issuance - tao(10).get());
	});
}

/// Two validators, two miners, an owner and root, in the middle of an epoch; root's bucket sold in
/// part.
fn busy() -> sp_io::TestExternalities {
	let mut ext = TestExt::one_subnet().subnet(50).seats(4).take(18).build();
	ext.execute_with(|| {
		Judge::decree(ConsensusOutcome {
			permits: vec![true, true, false, false],
			dividends: vec![W / 2, W - W / 2, 0, 0],
			incentives: vec![0, 0, W / 2, W - W / 2],
			..Default::default()
		});
		for (who, hotkey) in [(ALICE, HOTKEY), (BOB, HOTKEY_2)] {
			stake(who, NETUID, hotkey, tao(100));
			stake(who, NetUid::ROOT, hotkey, tao(1_000));
		}
		run_blocks(3 * TEMPO / 2);
		let Market { buckets, root_tao, .. } = market(NETUID);
		let owed = [buckets.validators, buckets.miners, buckets.owner, buckets.root];
		assert!(owed.iter().all(|alpha| !alpha.is_zero()) && !root_tao.is_zero());
	});
	ext
}

/// Everybody is paid what the open epoch had earned, whether idle blocks or holders come first.
#[test]
fn an_epoch_that_was_open_is_paid_to_all() {
	for by_hand in [false, true] {
		busy().execute_with(|| {
			let buckets = market(NETUID).buckets;
			let rate = |redemption: &Redemption<AccountId>, alpha: u64| {
				(u128::from(alpha) * u128::from(redemption.fund.get())
					/ u128::from(redemption.outstanding.get())) as u64
			};
			let issuance_of = || Balances::total_issuance();
			let miner = VALIDATOR + 2;
			let held = [miner, OWNER].map(|who| {
				let hotkey = if who == OWNER { OWNER_HOTKEY } else { HOTKEY + 2 };
				stake_of(who, hotkey, NETUID)
			});
			let (fund, waiting) = dissolve();
			let at_first = redemption();
			let issuance = issuance_of();
			let before = [miner, OWNER, ALICE, VALIDATOR].map(|who| free(who).get());
			if by_hand {
				assert_ok!(redeem(ALICE, HOTKEY));
			}
			wind_up();
			let all = events();
			let (paid, recycled) = paid_and_recycled(&all);
			assert_eq!(paid + recycled, fund + waiting);
			assert_eq!(issuance_of(), issuance - recycled);
			assert!(recycled < 50, "{recycled}: dust, for all was earned by somebody");

			let got = [miner, OWNER, ALICE, VALIDATOR].map(|who| free(who).get());
			let gains: Vec<_> = got.iter().zip(before).map(|(now, was)| now - was).collect();
			let incentive = rules::part(buckets.miners.get(), W / 2);
			assert!(gains[0].abs_diff(rate(&at_first, held[0] + incentive)) < 50);
			assert!(gains[1].abs_diff(rate(&at_first, held[1] + buckets.owner.get())) < 50);
			assert!(gains[2] > 0 && gains[3] > 0, "the staker and the take");
			let assigned: u64 = all
				.iter()
				.filter_map(|event| match event {
					Event::RootDividendAssigned { tao, .. } => Some(tao.get()),
					_ => None,
				})
				.sum();
			let for_root = waiting + rate(&at_first, buckets.root.get());
			assert!(assigned.abs_diff(for_root) < 50, "{assigned} of {for_root}");
		});
	}
}

/// The positions and the pools of a dissolved subnet stand still but for who redeems.
#[test]
fn no_block_touches_a_dissolved_subnet() {
	busy().execute_with(|| {
		dissolve();
		let (record, scores) = (redemption(), Scores::<Test>::get(NETUID));
		assert_eq!(Emitting::<Test>::get().into_inner(), [NetUid(2)]);
		run_blocks(3 * TEMPO);
		assert_eq!((redemption(), Scores::<Test>::get(NETUID)), (record, scores));
		assert!(events().iter().all(|event| !matches!(event, Event::EpochFailed { .. })));
		assert_eq!(Dtao::price_ema(NETUID), None);
		assert_eq!(Dtao::issuance(NETUID), None);
		assert_eq!(Dtao::epoch_closes_at(NETUID), None);
		assert_eq!(Dtao::metagraph(NETUID), None);
		assert_eq!(Dtao::emission_breakdown(NETUID), None);
	});
}

/// Hazard E4: TAO sent to the pot is nobody's, before and after.
#[test]
fn a_donation_changes_no_payment() {
	let paid = |donation: u64| {
		busy().execute_with(|| {
			let donate = || {
				let sent = Balances::transfer_allow_death(signed(CAROL), Dtao::pot(), donation);
				assert_ok!(sent);
			};
			donate();
			let fund = dissolve();
			donate();
			wind_up();
			(fund, paid_and_recycled(&events()))
		})
	};
	assert_eq!(paid(0), paid(tao(100).get()));
}

#[test]
fn without_weight_for_a_step_nothing_is_done() {
	busy().execute_with(|| {
		dissolve();
		let before = state_root();
		assert_eq!((idle(0), idle(1)), (0, 1));
		assert_eq!(state_root(), before);
		// One step a block: the last seat first, the buckets, then holders; all of it some time.
		for seats in (0..4).rev() {
			assert_eq!(idle(2), 2);
			assert_eq!(Scores::<Test>::get(NETUID).len(), seats);
			assert!(!redemption().settled);
		}
		assert_eq!(idle(2), 2);
		assert!(redemption().settled);
		let holders = crate::Holders::<Test>::iter_key_prefix((NETUID,)).count();
		assert_eq!(idle(2), 2);
		assert_eq!(crate::Holders::<Test>::iter_key_prefix((NETUID,)).count(), holders - 1);
		check_invariants();
		wind_up();
		// And then there is nothing to do.
		assert_eq!(idle(100), 1);
	});
}

/// A payment that cannot open an account is not lost, and does not stop the rest.
#[test]
fn what_an_account_cannot_hold_is_its_root_stake() {
	const POOR: AccountId = 50;
	TestExt::one_subnet().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		reward(POOR, NETUID, HOTKEY, 400);
		dissolve();
		// 1.1 TAO for an ALPHA: less than the existential deposit of 500.
		assert_ok!(redeem(POOR, HOTKEY));
		let redeemed = Event::Redeemed {
			netuid: NETUID,
			coldkey: POOR,
			hotkey: HOTKEY,
			alpha: Alpha(400),
			tao: Tao(439),
			as_root_stake: true,
		};
		assert_eq!(events(), [redeemed]);
		assert_eq!((free(POOR), stake_of(POOR, HOTKEY, NetUid::ROOT)), (Tao::ZERO, 439));
		check_invariants();
		wind_up();
	});
}

/// A step that fails changes nothing, and is passed over.
#[test]
fn a_seat_that_fails_is_passed_over_and_changes_nothing() {
	busy().execute_with(|| {
		let (fund, waiting) = dissolve();
		let lost = Registry::lose(HotkeyId(3));
		let record = redemption();
		assert_eq!(idle(2), 2);
		assert_eq!(redemption(), record, "nothing was paid");
		assert_eq!(Scores::<Test>::get(NETUID).len(), 3, "and the next has its turn");
		let error = Error::<Test>::UnknownHotkey.into();
		assert_eq!(events(), [Event::RedemptionStepFailed { netuid: NETUID, error }]);
		Registry::find(HotkeyId(3), lost);
		wind_up();
		// Its part went the way of what nobody earned.
		let (paid, recycled) = paid_and_recycled(&events());
		assert_eq!(paid + recycled, fund + waiting);
		assert!(recycled > 1_000);
	});
}

/// One holder cannot be paid: the others are, and it is tried again.
#[test]
fn a_position_that_fails_stops_nobody() {
	busy().execute_with(|| {
		dissolve();
		while !redemption().settled {
			idle(2);
		}
		let lost = Registry::lose(HotkeyId(0));
		for _ in 0..30 {
			idle(2);
			check_invariants();
		}
		let left: Vec<_> = crate::Holders::<Test>::iter_key_prefix((NETUID,)).collect();
		assert!(!left.is_empty() && left.iter().all(|(id, _)| *id == HotkeyId(0)));
		let failed = events()
			.iter()
			.filter(|event| matches!(event, Event::RedemptionStepFailed { .. }))
			.count();
		assert!(failed > left.len(), "tried again");
		Registry::find(HotkeyId(0), lost);
		wind_up();
	});
}

/// The settlement and the payment's share of the fund come before the payment: if that fails, all is
/// undone.
#[test]
fn a_redeem_that_cannot_be_paid_is_undone_whole() {
	busy().execute_with(|| {
		dissolve();
		let pot = Balances::free_balance(Dtao::pot());
		let set_pot = |rao| {
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Dtao::pot(), rao));
		};
		set_pot(500);
		let error = DispatchError::Token(TokenError::FundsUnavailable);
		assert_noop!(redeem(ALICE, HOTKEY), error);
		set_pot(pot);
		while !redemption().settled {
			idle(2);
		}
		set_pot(500);
		let (record, events_before) = (redemption(), events());
		assert!(!events_before.is_empty());
		assert_eq!(idle(2), 2);
		let Event::RedemptionStepFailed { error: found, .. } = events()[0] else { panic!() };
		assert_eq!(found, error);
		assert!(redemption().skipped.is_some());
		assert_eq!(Redemption { skipped: None, ..redemption() }, record);
		set_pot(Balances::free_balance(Dtao::pot()) + pot - 500);
		wind_up();
	});
}

/// The owner's hotkey is lost: the subnet goes, its bucket is nobody's, and the holders are paid.
#[test]
fn an_owner_that_cannot_be_paid_stops_nobody() {
	busy().execute_with(|| {
		let owed = market(NETUID).buckets.owner;
		let held = stake_of(OWNER, OWNER_HOTKEY, NETUID);
		Registry::own_subnet(NETUID, OWNER, HotkeyId(77));
		let waiting = market(NETUID).root_waiting().unwrap().get();
		events();
		assert_ok!(Dtao::on_dissolved(NETUID));
		let all = events();
		let failed = |event: &Event<Test>| matches!(event, Event::RedemptionStepFailed { .. });
		assert!(matches!(&all[..], [first, Event::MarketDissolved { .. }] if failed(first)));
		assert_eq!(stake_of(OWNER, OWNER_HOTKEY, NETUID), held);
		check_invariants();
		let (fund, unpaid) = (redemption().fund.get(), redemption().worth(owed).unwrap());
		wind_up();
		let (paid, recycled) = paid_and_recycled(&events());
		assert_eq!(paid + recycled, fund + waiting);
		assert!(recycled.abs_diff(unpaid.get()) < 50);
	});
}

/// The owner has a position as everybody has, from the dissolution on: whatever becomes of its
/// coldkey, the cut goes with it.
#[test]
fn the_owners_cut_is_a_position_from_the_dissolution_on() {
	const HEIR: AccountId = 60;
	busy().execute_with(|| {
		let owed = market(NETUID).buckets.owner.get();
		let held = stake_of(OWNER, OWNER_HOTKEY, NETUID);
		events();
		assert_ok!(Dtao::on_dissolved(NETUID));
		let deposited = Event::RewardDeposited {
			coldkey: OWNER,
			hotkey: OWNER_HOTKEY,
			netuid: NETUID,
			alpha: Alpha(owed),
			source: RewardSource::OwnerCut,
		};
		assert_eq!(events()[0], deposited);
		assert_eq!(redemption().market.buckets.owner, Alpha::ZERO);
		assert_eq!(stake_of(OWNER, OWNER_HOTKEY, NETUID), held + owed);
		check_invariants();

		assert_eq!(Dtao::on_coldkey_swapped(&OWNER, &HEIR, 64), Ok(2), "and the other subnet's");
		let (claim, owners) = (Dtao::claimable(&HEIR), free(OWNER));
		assert_eq!((claim.len(), claim[0].alpha), (1, Alpha(held + owed)));
		wind_up();
		assert!(free(HEIR).get().abs_diff(claim[0].tao.get()) < 50);
		assert_eq!(free(OWNER), owners);
	});
}

/// A destination is of no use once the miners are paid, whether its coldkey has stake or not.
#[test]
fn no_destination_outlives_its_subnet() {
	busy().execute_with(|| {
		for who in [ALICE, CAROL, VALIDATOR + 2] {
			assert_ok!(redirect(who, NETUID, Some(HOTKEY)));
			assert_ok!(redirect(who, NetUid(2), Some(HOTKEY)));
		}
		dissolve();
		assert_ok!(redeem(ALICE, HOTKEY));
		let named = || RewardDestinations::<Test>::iter().filter(|row| row.1 == NETUID).count();
		while !redemption().settled {
			assert_eq!(named(), 3, "the miners are paid where their owners said");
			idle(2);
		}
		for left in [2, 1, 0] {
			assert_eq!(idle(2), 2);
			assert_eq!(named(), left);
			check_invariants();
		}
		wind_up();
		assert_eq!(RewardDestinations::<Test>::iter().count(), 3, "those of the other subnet");
	});
}

/// What clients read: the subnet, the wallet, the claims, the supply.
#[test]
fn the_views_show_what_redeeming_then_pays() {
	busy().execute_with(|| {
		dissolve();
		let subnet = Dtao::subnet(NETUID).unwrap();
		assert_eq!(subnet.state, SubnetState::Dissolved);
		assert_eq!((subnet.tao, subnet.outstanding), (redemption().fund, redemption().outstanding));
		assert_eq!((subnet.max_buy, subnet.max_sell, subnet.alpha), (Tao(0), Alpha(0), Alpha(0)));
		assert_eq!(subnet.owner, None);
		let netuids: Vec<_> = Dtao::subnets().iter().map(|view| view.netuid).collect();
		assert_eq!(netuids, [NetUid(0), NetUid(1), NetUid(2)]);

		let claims = Dtao::claimable(&ALICE);
		let position = Dtao::positions(&ALICE).into_iter().find(|view| view.netuid == NETUID);
		let (claim, position) = (&claims[0], position.unwrap());
		assert_eq!((claims.len(), claim.netuid, claim.hotkey), (1, NETUID, HOTKEY));
		assert_eq!((position.alpha, position.exit), (claim.alpha.get(), Some(claim.tao)));
		let before = free(ALICE);
		assert_ok!(redeem(ALICE, HOTKEY));
		assert_eq!(free(ALICE).get() - before.get(), claim.tao.get());
		assert_eq!(Dtao::claimable(&ALICE), []);

		let supply = Dtao::supply();
		assert_eq!(supply.redemption, redemption().fund_left);
		let all = supply.pools.get() + supply.root.get() + supply.redemption.get() + 500;
		assert_eq!(all, Balances::free_balance(Dtao::pot()));
		assert!(Dtao::audit().iter().all(|line| line.holds));
		wind_up();
		assert_eq!(Dtao::subnet(NETUID), None);
		assert_eq!(Dtao::supply().redemption, Tao::ZERO);
		assert!(Dissolved::<Test>::contains_key(NETUID));
	});
}

fn frozen(tao: u64, alpha: u64, outstanding: u64) -> Redemption<AccountId> {
	let market = Market {
		pool: Pool { tao: Tao(tao), alpha: Alpha(alpha) },
		outstanding: Alpha(outstanding),
		..Default::default()
	};
	Redemption::open(market, TEMPO).unwrap().0
}

proptest! {
	/// Hazard E26: who buys before a dissolve gets no more out of all that he holds than he would
	/// have without, and what he paid.
	#[test]
	fn buying_before_a_dissolve_never_pays(
		tao in 1_000_000u64..5_000_000_000_000_000,
		alpha in 3_000_000u64..5_000_000_000_000_000,
		others in 0u64..5_000_000_000_000_000,
		held in 0u64..1_000_000_000_000_000,
		part in 1u64..1_000,
	) {
		let params = Params::get();
		let pool = Pool { tao: Tao(tao), alpha: Alpha(alpha) };
		let paid = Tao(pool.max_buy(&params).get() / 1_000 * part);
		let mut market = Market { pool, outstanding: Alpha(others + held), ..Default::default() };
		let without = frozen(tao, alpha, others + held).worth(Alpha(held)).unwrap();
		let Ok(trade) = market.pool.quote_buy(paid, &params) else { return Ok(()) };
		market.user_buy(&trade).unwrap();
		let after = Redemption::<AccountId>::open(market, TEMPO).unwrap().0;
		let with = after.worth(Alpha(held + trade.amount_out.get())).unwrap();
		// Each worth is floored, twice: a rao or two.
		prop_assert!(with.get() <= without.get() + paid.get() + 2);
	}

	/// Whatever is paid in whatever parts: no payment makes those that follow poorer, and the last
	/// takes all.
	#[test]
	fn payments_leave_the_rate_and_sum_to_the_fund(
		tao in 1_000_000u64..5_000_000_000_000_000,
		alpha in 1_000_000u64..5_000_000_000_000_000,
		parts in proptest::collection::vec(0u64..1_000_000_000_000, 1..20),
	) {
		let mut left = frozen(tao, alpha, parts.iter().sum());
		let at_first = left.clone();
		let mut paid = 0;
		for part in &parts {
			let floor = at_first.worth(Alpha(*part)).unwrap();
			let tao = left.pay(Alpha(*part)).unwrap();
			prop_assert!(tao >= floor);
			prop_assert!(tao.get() <= floor.get() + 20);
			paid += tao.get();
		}
		prop_assert_eq!((paid, left.fund_left.get()), (at_first.fund.get(), 0));
	}
}
