//! Failures in the midst of a call or a block: whatever step fails, all of it is undone.

use super::*;
use dtao_primitives::HotkeyId;
use frame_support::traits::{LockableCurrency, WithdrawReasons};
use sp_runtime::{DispatchError, TokenError};

/// Leave the pot its existential deposit.
fn drain_pot() {
	assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), Dtao::pot(), 500));
}

/// Let nothing leave the pot.
fn lock_pot() {
	Balances::set_lock(*b"pot-lock", &Dtao::pot(), u64::MAX, WithdrawReasons::all());
}

/// A chain on which Alice and Bob have stakes everywhere and rewards wait to be settled.
fn staked() -> sp_io::TestExternalities {
	let mut ext = TestExt::one_subnet().seats(4).take(18).build();
	ext.execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(ALICE, netuid, HOTKEY, tao(100));
			stake(BOB, netuid, HOTKEY, tao(50));
		}
		dividend(HOTKEY, tao(5));
		run_blocks(2 * TEMPO);
	});
	ext
}

/// Hazard N5: the payment is the last step; if it fails, the sale and the settlement before it
/// are undone.
#[test]
fn an_unstake_that_cannot_be_paid_is_undone_whole() {
	type Fault = (fn(), TokenError);
	let faults: [Fault; 2] =
		[(drain_pot, TokenError::FundsUnavailable), (lock_pot, TokenError::Frozen)];
	for (fault, error) in faults {
		for netuid in [NETUID, NetUid::ROOT] {
			for amount in [Amount::All, Amount::Exact(1_000_000_000)] {
				staked().execute_with(|| {
					fault();
					let error = DispatchError::Token(error);
					assert_noop!(remove(ALICE, netuid, HOTKEY, amount, Tao::ZERO), error);
				});
			}
		}
	}
}

/// Hazard N5: a stake whose payer has paid, and which then fails, is paid back.
#[test]
fn a_stake_that_fails_after_the_payment_is_undone_whole() {
	let pool = (NETUID, HotkeyId(0));
	let faults: [(NetUid, &dyn Fn()); 7] = [
		// The settlement fails: the bucket does not add up.
		(NETUID, &|| edit(NETUID, |market| market.buckets.settled = Alpha(u64::MAX))),
		// The market cannot take what was bought.
		(NETUID, &|| edit(NETUID, |market| market.outstanding = Alpha(u64::MAX))),
		// The hotkey's pool is full.
		(NETUID, &|| HotkeyPools::<Test>::mutate(pool, |pool| pool.stake.amount = u64::MAX)),
		(NetUid::ROOT, &|| {
			RootPools::<Test>::mutate(HotkeyId(0), |pool| pool.stake.amount = u64::MAX);
		}),
		// Root's totals are full.
		(NetUid::ROOT, &|| Root::<Test>::mutate(|root| root.staked = Tao(u64::MAX))),
		// The very last step: the position is full.
		(NETUID, &|| Positions::<Test>::insert(ALICE, pool, u128::MAX)),
		(NetUid::ROOT, &|| {
			Positions::<Test>::insert(ALICE, (NetUid::ROOT, HotkeyId(0)), u128::MAX);
		}),
	];
	for (n, (netuid, fault)) in faults.into_iter().enumerate() {
		staked().execute_with(|| {
			fault();
			let before = free(ALICE);
			assert_noop!(add(ALICE, netuid, HOTKEY, tao(1), 0), Error::<Test>::Arithmetic);
			assert_eq!(free(ALICE), before, "fault {n}");
		});
	}
}

/// A hotkey that the registry has lost in the midst of its rewards can neither earn nor lose.
#[test]
fn a_settlement_without_an_owner_stops_the_call() {
	staked().execute_with(|| {
		let hotkey = Registry::lose(HotkeyId(0));
		for netuid in [NETUID, NetUid::ROOT] {
			let all = Amount::All;
			let error = Error::<Test>::UnknownHotkey;
			assert_noop!(remove(ALICE, netuid, HOTKEY, all, Tao::ZERO), error);
		}
		Registry::find(HotkeyId(0), hotkey);
		unstake_all(ALICE, NETUID, HOTKEY);
	});
}

/// Hazard N5: an epoch that cannot recycle closes not at all, and keeps what it holds.
#[test]
fn an_epoch_that_cannot_recycle_is_deferred_whole() {
	TestExt::one_subnet().execute_with(|| {
		assert_ok!(Dtao::mint_to_pot(tao(3)));
		edit(NETUID, |market| market.root_tao = tao(3));
		run_to_block(TEMPO - 2);
		lock_pot();
		let (before, issuance) = (market(NETUID), Balances::total_issuance());
		events();
		run_blocks(1);
		let error = DispatchError::Token(TokenError::FundsUnavailable);
		assert_eq!(closes(), [Event::EpochFailed { netuid: NETUID, error }]);
		let after = market(NETUID);
		assert_eq!(after.root_tao, tao(3));
		assert_eq!(after.buckets.owner.get(), before.buckets.owner.get() + 180_000_000);
		// The block's own emission is not the epoch's, and stays.
		assert_eq!(Balances::total_issuance(), issuance + tao(1).get());

		Balances::remove_lock(*b"pot-lock", &Dtao::pot());
		run_blocks(TEMPO);
		assert_eq!(market(NETUID).root_tao, Tao::ZERO);
		assert_eq!(Balances::total_issuance(), issuance + tao(61 - 3).get());
	});
}

/// TAO that an account may not spend is not staked.
#[test]
fn locked_tao_is_not_staked() {
	TestExt::one_subnet().execute_with(|| {
		let locked = tao(9_990).get();
		Balances::set_lock(*b"somelock", &ALICE, locked, WithdrawReasons::all());
		for netuid in [NETUID, NetUid::ROOT] {
			let error = Error::<Test>::InsufficientBalance;
			assert_noop!(add(ALICE, netuid, HOTKEY, tao(11), 0), error);
		}
		assert_ok!(add(ALICE, NETUID, HOTKEY, tao(10), 0));
		assert_eq!(free(ALICE), Tao(locked));
	});
}

/// A stake by an account that is itself the owner of the hotkey, so that the settlement writes the
/// same position as the call: nothing is overwritten.
#[test]
fn the_owners_own_stake_and_its_take_are_one_position() {
	TestExt::one_subnet().seats(4).take(18).endow(VALIDATOR, tao(1_000)).execute_with(|| {
		for netuid in [NETUID, NetUid::ROOT] {
			stake(VALIDATOR, netuid, HOTKEY, tao(100));
		}
		dividend(HOTKEY, tao(7));
		run_blocks(2 * TEMPO);
		for netuid in [NETUID, NetUid::ROOT] {
			let view = Dtao::positions(&VALIDATOR).into_iter().find(|p| p.netuid == netuid);
			let before = view.unwrap().alpha;
			events();
			stake(VALIDATOR, netuid, HOTKEY, tao(10));
			let added = events().into_iter().find_map(|event| match event {
				Event::StakeAdded { alpha, .. } => Some(alpha.get()),
				_ => None,
			});
			let held = stake_of(VALIDATOR, HOTKEY, netuid);
			assert!((before + added.unwrap()).abs_diff(held) <= 1, "{netuid}");
			unstake_all(VALIDATOR, netuid, HOTKEY);
			assert_eq!(Positions::<Test>::get(VALIDATOR, (netuid, HotkeyId(0))), 0);
		}
	});
}
