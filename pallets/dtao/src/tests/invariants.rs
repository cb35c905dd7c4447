//! Each invariant shown to bite: the state is corrupted by hand, and that invariant says so.

use super::*;
use crate::{
	types::{HotkeyPool, Page, PoolPage, Redemption},
	Dissolved, Emitting, Holders, MarketPages, OpenPositions, PoolPages, Redemptions, Redirecting,
	RewardDestinations, RootPages, Scores,
};
use dtao_primitives::{traits::OnSubnet, views::Invariant, HotkeyId};
use frame_support::traits::tokens::{Fortitude, Precision, Preservation};

/// A sound chain with a stake on a subnet and on root, corrupted by `corrupt`, is found at fault
/// for `reason`.
fn bites(reason: &'static str, corrupt: impl FnOnce()) {
	TestExt::one_subnet().registered_subnet(10).hotkeys(2).build().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(10));
		stake(BOB, NETUID, HOTKEY, tao(10));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(10));
		dividend(HOTKEY, tao(1));
		run_blocks(3);
		assert_eq!(Dtao::do_try_state(), Ok(()));
		corrupt();
		assert_eq!(Dtao::do_try_state(), Err(reason.into()));
	});
}

/// Take `rao` out of the pot.
fn burn_from_pot(rao: u64) {
	let burnt = <Balances as Mutate<AccountId>>::burn_from(
		&Dtao::pot(),
		rao,
		Preservation::Expendable,
		Precision::Exact,
		Fortitude::Force,
	);
	assert_ok!(burnt);
}

#[test]
fn invariant_1_a_rao_missing_from_the_pot_is_found() {
	let reason = "1: the pot holds less than lies in it";
	bites(reason, || burn_from_pot(1));
	bites(reason, || edit(NETUID, |market| market.pool.tao = Tao(market.pool.tao.get() + 1)));
	bites(reason, || edit(NETUID, |market| market.root_tao = Tao(market.root_tao.get() + 1)));
	bites(reason, || Root::<Test>::mutate(|root| root.staked = Tao(root.staked.get() + 1)));
	bites(reason, || Root::<Test>::mutate(|root| root.dripping = Tao(root.dripping.get() + 1)));
}

/// Hazard E4: more than enough is not a fault, or anyone could stop the checks with a transfer.
#[test]
fn invariant_1_takes_a_donation_for_what_it_is() {
	TestExt::one_subnet().execute_with(|| {
		let pot = Dtao::pot();
		assert_ok!(Balances::transfer_allow_death(signed(ALICE), pot, tao(1).get()));
		assert_eq!(Dtao::do_try_state(), Ok(()));
	});
}

#[test]
fn invariant_2_a_reserve_below_the_least_is_found() {
	let reason = "2: a reserve is below the least reserve";
	bites(reason, || edit(NETUID, |market| market.pool.alpha = Alpha(99_999)));
	bites(reason, || edit(NETUID, |market| market.pool.tao = Tao(99_999)));
	// Of a subnet that has not started, too.
	bites(reason, || edit(NetUid(2), |market| market.pool.alpha = Alpha::ZERO));
}

#[test]
fn invariant_3_an_atom_too_many_or_too_few_is_found() {
	let reason = "3: outstanding ALPHA is not what pools and buckets hold";
	let more = |alpha: &mut Alpha| *alpha = Alpha(alpha.get() + 1);
	bites(reason, || edit(NETUID, |market| more(&mut market.outstanding)));
	bites(reason, || edit(NETUID, |market| more(&mut market.buckets.validators)));
	bites(reason, || edit(NETUID, |market| more(&mut market.buckets.miners)));
	bites(reason, || edit(NETUID, |market| more(&mut market.buckets.owner)));
	bites(reason, || edit(NETUID, |market| more(&mut market.buckets.root)));
	bites(reason, || edit(NETUID, |market| more(&mut market.buckets.settled)));
	// More settled than there was: no number at all.
	bites(reason, || edit(NETUID, |market| market.buckets.settled = alpha(1_000)));
	let pool = (NETUID, HotkeyId(0));
	bites(reason, || HotkeyPools::<Test>::mutate(pool, |pool| pool.stake.amount += 1));
	bites(reason, || HotkeyPools::<Test>::mutate(pool, |pool| pool.stake.amount -= 1));
}

#[test]
fn invariant_4_a_share_too_many_or_too_few_is_found() {
	let reason = "4: shares are not the sum of the positions' shares";
	let place = (NETUID, HotkeyId(0));
	bites(reason, || HotkeyPools::<Test>::mutate(place, |pool| pool.stake.shares += 1));
	bites(reason, || Positions::<Test>::mutate(ALICE, place, |shares| *shares += 1));
	bites(reason, || Positions::<Test>::mutate(ALICE, place, |shares| *shares -= 1));
	let root = (NetUid::ROOT, HotkeyId(0));
	bites(reason, || RootPools::<Test>::mutate(HotkeyId(0), |pool| pool.stake.shares += 1));
	bites(reason, || Positions::<Test>::mutate(ALICE, root, |shares| *shares -= 1));
	// A row of the index without a position counts for nothing, a missing one for too little.
	bites(reason, || Holders::<Test>::remove((place.0, place.1, ALICE)));
	// One that holds more shares than there are has no worth.
	bites("4: a position has no value", || {
		Positions::<Test>::mutate(ALICE, root, |shares| *shares += 1);
	});
}

#[test]
fn invariant_5_a_token_above_its_cap_is_found() {
	const CAP: u64 = 21_000_000_000_000_000;
	bites("5: TAO exceeds its cap", || set_issuance(CAP + 1));
	bites("5: ALPHA exceeds its cap", || {
		edit(NETUID, |market| {
			let held = market.pool.alpha.get() + market.outstanding.get();
			market.burnt = Alpha(CAP + 1 - held);
		});
	});
	bites("5: ALPHA overflows", || edit(NETUID, |market| market.burnt = Alpha(u64::MAX)));
	TestExt::one_subnet().execute_with(|| {
		set_issuance(CAP);
		edit(NETUID, |market| market.burnt = Alpha(CAP - market.pool.alpha.get()));
	});
}

#[test]
fn invariant_6_roots_totals_that_do_not_add_up_are_found() {
	bites("6: root's stake is not its pools'", || {
		Root::<Test>::mutate(|root| root.staked = Tao(root.staked.get() - 1));
	});
	bites("6: root's stake is not its pools'", || {
		RootPools::<Test>::mutate(HotkeyId(0), |pool| pool.stake.amount += 1);
	});
	bites("6: root's drips are not its pools'", || {
		Root::<Test>::mutate(|root| root.dripping = Tao(root.dripping.get() - 1));
	});
	bites("6: root's drips are not its pools'", || {
		let more = |left: Tao| Tao(left.get() + 1);
		RootPools::<Test>::mutate(HotkeyId(0), |pool| pool.drip.left = more(pool.drip.left));
	});
}

#[test]
fn invariant_7_a_position_or_a_row_alone_is_found() {
	let place = (NETUID, HotkeyId(1));
	bites("7: a position without shares", || {
		Positions::<Test>::insert(CAROL, place, 0);
		Holders::<Test>::insert((place.0, place.1, CAROL), ());
	});
	bites("7: a position is not indexed", || Positions::<Test>::insert(CAROL, place, 5));
	bites("7: a row without a position", || Holders::<Test>::insert((place.0, place.1, CAROL), ()));
}

#[test]
fn invariant_7_a_miscounted_position_is_found() {
	let reason = "7: a hotkey counts the positions on it wrong";
	bites(reason, || OpenPositions::<Test>::insert(HotkeyId(0), 4));
	bites(reason, || OpenPositions::<Test>::insert(HotkeyId(0), 2));
	bites(reason, || OpenPositions::<Test>::insert(HotkeyId(1), 0));
}

#[test]
fn invariant_7_a_destination_or_its_row_alone_is_found() {
	bites("7: a destination is not indexed", || {
		RewardDestinations::<Test>::insert(ALICE, NETUID, HotkeyId(0));
	});
	bites("7: a row without a destination", || Redirecting::<Test>::insert(NETUID, ALICE, ()));
}

#[test]
fn invariant_4_shares_owed_beside_no_position_are_found() {
	let place = (NETUID, HotkeyId(0));
	bites("4: shares are owed where no position is known", || {
		HotkeyPools::<Test>::mutate(place, |pool| {
			pool.stake.owed += 1;
			pool.stake.shares += 1;
		});
	});
	// Nobody has staked on the second hotkey.
	let reason = "4: shares are owed where there is no position";
	let alone = |stake: &mut crate::types::StakePool| stake.owner_holds = true;
	bites(reason, || {
		HotkeyPools::<Test>::mutate((NETUID, HotkeyId(1)), |pool| alone(&mut pool.stake));
	});
	bites(reason, || RootPools::<Test>::mutate(HotkeyId(1), |pool| alone(&mut pool.stake)));
}

#[test]
fn invariant_12_a_page_of_pools_that_is_not_sound_is_found() {
	let reason = "12: a page is not sound";
	bites(reason, || PoolPages::<Test>::insert(NETUID, 5, PoolPage::default()));
	bites(reason, || RootPages::<Test>::insert(5, PoolPage::default()));
	// A pool of nothing, on another page than its hotkey's.
	bites(reason, || {
		let mut page = PoolPage::default();
		page.entry(HotkeyId(3)).expect("it is empty");
		PoolPages::<Test>::insert(NETUID, 5, page);
	});
}

/// Shares of a pool that is not there divide nothing.
#[test]
fn invariant_7_a_position_without_a_pool_is_found() {
	for place in [(NETUID, HotkeyId(1)), (NetUid::ROOT, HotkeyId(1)), (NetUid(9), HotkeyId(0))] {
		bites("7: a position has no pool", || {
			Positions::<Test>::insert(CAROL, place, 5);
			Holders::<Test>::insert((place.0, place.1, CAROL), ());
		});
	}
}

#[test]
fn invariant_8_a_subnet_that_emits_and_should_not_is_found() {
	let reason = "8: the emitting subnets are not those that have started";
	bites(reason, Emitting::<Test>::kill);
	bites(reason, || edit(NETUID, |market| market.started_at = None));
	bites(reason, || edit(NetUid(2), |market| market.started_at = Some(1)));
	bites(reason, || Emitting::<Test>::mutate(|all| all.try_push(NetUid(2)).unwrap()));
}

/// What clients read says the same as the checks.
#[test]
fn invariant_9_a_credit_or_a_part_too_many_is_found() {
	let in_epoch = |change: fn(&mut crate::types::HotkeyPool)| {
		HotkeyPools::<Test>::mutate((NETUID, id(HOTKEY)), |pool| {
			pool.epoch = market(NETUID).epoch.index;
			change(pool);
		});
	};
	let reason = "9: what the bucket has paid is not what hotkeys were credited";
	bites(reason, || in_epoch(|pool| pool.credited += 1));
	bites("9: the parts exceed the whole", || {
		in_epoch(|pool| pool.weight = u32::MAX);
		let second = HotkeyPools::<Test>::get((NETUID, id(HOTKEY)));
		let pool = crate::types::HotkeyPool { stake: Default::default(), weight: 1, ..second };
		HotkeyPools::<Test>::insert((NETUID, id(HOTKEY_2)), pool);
	});
}

#[test]
fn the_audit_shows_both_sides_and_which_line_broke() {
	TestExt::one_subnet().registered_subnet(10).build().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(10));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(5));
		let lines = Dtao::audit();
		assert!(lines.iter().all(|line| line.holds));
		// Backing, root, the cap of TAO, and outstanding and cap of two subnets.
		let kinds: Vec<_> = lines.iter().map(|line| line.invariant).collect();
		let of = |kind| kinds.iter().filter(|other| **other == kind).count();
		assert_eq!((of(Invariant::Backing), of(Invariant::Root)), (1, 1));
		assert_eq!((of(Invariant::Outstanding), of(Invariant::Cap)), (2, 3));
		let backing = u128::from(tao(1_000 + 10 + 10 + 5).get() + 500);
		assert_eq!((lines[0].held, lines[0].owed), (backing, backing));

		burn_from_pot(3);
		edit(NetUid(2), |market| market.outstanding = Alpha(1));
		let broken: Vec<_> = Dtao::audit().into_iter().filter(|line| !line.holds).collect();
		assert_eq!(broken.len(), 2);
		assert_eq!((broken[0].invariant, broken[0].netuid), (Invariant::Backing, None));
		assert_eq!((broken[0].held, broken[0].owed), (backing - 3, backing));
		let outstanding = (Invariant::Outstanding, Some(NetUid(2)));
		assert_eq!((broken[1].invariant, broken[1].netuid), outstanding);
		assert_eq!((broken[1].held, broken[1].owed), (0, 1));
	});
}

/// As [`bites`], on a chain whose first subnet was dissolved and is being paid out.
fn bites_dissolved(reason: &'static str, corrupt: impl FnOnce()) {
	let dissolve = || Dtao::on_dissolved(NETUID).expect("it has a market");
	bites_after(reason, dissolve, corrupt);
}

/// As [`bites`], once `first` was done.
fn bites_after(reason: &'static str, first: impl FnOnce(), corrupt: impl FnOnce()) {
	bites(reason, || {
		first();
		assert_eq!(Dtao::do_try_state(), Ok(()));
		assert!(Dtao::audit().iter().all(|line| line.holds));
		corrupt();
	});
}

fn edit_redemption(change: impl FnOnce(&mut Redemption<AccountId>)) {
	Redemptions::<Test>::mutate_extant(NETUID, change);
}

fn more(tao: &mut Tao) {
	*tao = Tao(tao.get() + 1);
}

#[test]
fn invariant_1_counts_the_funds_of_dissolved_subnets() {
	let reason = "1: the pot holds less than lies in it";
	bites_dissolved(reason, || burn_from_pot(1));
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.fund_left)));
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.market.root_tao)));
}

#[test]
fn invariant_3_counts_the_alpha_of_dissolved_subnets() {
	let reason = "3: unpaid ALPHA is not what pools and buckets hold";
	let more = |alpha: &mut Alpha| *alpha = Alpha(alpha.get() + 1);
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.market.outstanding)));
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.market.buckets.root)));
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.market.buckets.owner)));
	let pool = (NETUID, HotkeyId(0));
	bites_dissolved(reason, || HotkeyPools::<Test>::mutate(pool, |pool| pool.stake.amount += 1));
}

#[test]
fn invariant_9_holds_dissolved_subnets_to_their_credits() {
	bites_dissolved("9: what the bucket has paid is not what hotkeys were credited", || {
		let index = Redemptions::<Test>::get(NETUID).expect("dissolved").market.epoch.index;
		HotkeyPools::<Test>::mutate((NETUID, id(HOTKEY)), |pool| {
			pool.epoch = index;
			pool.credited += 1;
		});
	});
}

#[test]
fn invariant_10_a_subnet_that_is_and_is_not_is_found() {
	bites("10: a dissolved subnet has a market", || Dissolved::<Test>::insert(NETUID, ()));
	bites_dissolved("10: a subnet that was not dissolved has a fund", || {
		Dissolved::<Test>::remove(NETUID);
	});
	bites("10: a pool of no subnet", || {
		HotkeyPools::<Test>::insert((NetUid(9), HotkeyId(0)), HotkeyPool::default());
	});
	bites("10: seats of no subnet", || {
		Scores::<Test>::insert(NetUid(9), frame_support::BoundedVec::default());
	});
	bites("10: a destination of no subnet", || {
		Dtao::name_destination(&ALICE, NetUid(9), HotkeyId(0));
	});
}

/// A dissolved subnet that goes on emitting is found by what it is not: a market that has started.
#[test]
fn invariant_8_a_dissolved_subnet_that_emits_is_found() {
	bites_dissolved("8: the emitting subnets are not those that have started", || {
		Emitting::<Test>::mutate(|all| all.try_push(NETUID).unwrap());
	});
}

#[test]
fn invariant_11_a_fund_that_does_not_add_up_is_found() {
	let reason = "11: what was there is not what is left, paid and recycled";
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.paid)));
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.recycled)));
	bites_dissolved(reason, || edit_redemption(|left| more(&mut left.root)));
	let less = |tao: &mut Tao| *tao = Tao(tao.get() - 1);
	bites_dissolved(reason, || edit_redemption(|left| less(&mut left.fund_left)));
	bites_dissolved("11: the fund is less than its first rate asks", || {
		edit_redemption(|left| {
			less(&mut left.fund_left);
			more(&mut left.paid);
		});
	});
	let all_is_gone = || {
		assert_ok!(Dtao::on_dissolved(NETUID));
		assert_ok!(Dtao::redeem_seat(NETUID));
		assert_ok!(Dtao::close_buckets(NETUID));
		let holders: Vec<_> = Holders::<Test>::iter_key_prefix((NETUID,)).collect();
		for (id, coldkey) in holders {
			let hotkey = Registry::hotkey(id).expect("it is known").account;
			assert_ok!(Dtao::do_redeem(NETUID, &coldkey, &hotkey));
		}
		let pools: Vec<_> = HotkeyPools::<Test>::hotkeys_of(NETUID).collect();
		for id in pools {
			assert_ok!(Dtao::drop_pool(NETUID, id));
		}
		assert!(Redemptions::<Test>::get(NETUID).expect("not closed").alpha_left().is_zero());
	};
	bites_after("11: a fund that nobody has a claim to", all_is_gone, || {
		assert_ok!(Dtao::mint_to_pot(Tao(1)));
		edit_redemption(|left| {
			more(&mut left.fund_left);
			more(&mut left.fund);
		});
	});
}

#[test]
fn invariant_12_a_page_without_a_record_or_with_more_than_one_is_found() {
	let reason = "12: a page is not sound";
	bites(reason, || MarketPages::<Test>::insert(7, Page::default()));
	bites(reason, || {
		let key = Markets::<Test>::hashed_key_for(NETUID);
		let mut page = sp_io::storage::get(&key).expect("it is there").to_vec();
		// Behind the record of the subnet that has not started, which is shorter than its slot.
		*page.last_mut().unwrap() = 1;
		sp_io::storage::set(&key, &page);
	});
}

#[test]
fn the_audit_shows_what_a_dissolved_subnet_owes() {
	TestExt::one_subnet().build().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(10));
		assert_ok!(Dtao::on_dissolved(NETUID));
		let lines = Dtao::audit();
		assert!(lines.iter().all(|line| line.holds));
		let of = |kind| lines.iter().filter(|line| line.invariant == kind).count();
		assert_eq!((of(Invariant::Redemption), of(Invariant::Outstanding)), (1, 1));
		assert_eq!(of(Invariant::Liquidity), 0);
		edit_redemption(|left| left.fund_left = Tao(left.fund_left.get() - 1));
		let broken: Vec<_> = Dtao::audit().into_iter().filter(|line| !line.holds).collect();
		assert_eq!(broken.len(), 1);
		assert_eq!((broken[0].invariant, broken[0].netuid), (Invariant::Redemption, Some(NETUID)));
		assert_eq!(broken[0].owed - broken[0].held, 1);
	});
}
