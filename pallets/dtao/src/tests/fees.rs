//! Hazard E29: the fee of a way out is advanced by the pot, and kept back from what the way out pays.

use super::*;
use crate::{Error, FeeAdvance, Pallet};
use dtao_primitives::constants::EXISTENTIAL_DEPOSIT;
use frame_support::traits::tokens::Preservation::Expendable;

/// A coldkey with stake and nothing else.
const PAUPER: AccountId = 50;
/// Who is paid the fee.
const AUTHOR: AccountId = CAROL;
/// A fee, in rao.
const FEE: Tao = Tao(70_000);

/// What the fee asks for of an account that has nothing.
fn needed() -> Tao {
	Tao(FEE.get() + EXISTENTIAL_DEPOSIT)
}

/// A subnet on which [`PAUPER`] holds about 20 ALPHA.
fn chain() -> sp_io::TestExternalities {
	let mut ext = TestExt::one_subnet().build();
	ext.execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(20));
		assert_ok!(transfer(ALICE, PAUPER, NETUID, HOTKEY, Amount::All));
		assert_eq!(free(PAUPER), Tao::ZERO);
		System::reset_events();
	});
	ext
}

/// Run `test`, then check every invariant: no advance may outlive it.
fn with_chain(test: impl FnOnce()) {
	chain().execute_with(|| {
		test();
		assert!(!Dtao::is_advanced());
		check_invariants();
	});
}

/// Take the fee of what [`PAUPER`] has, as the runtime's handler does.
fn charge() {
	assert_ok!(<Balances as Mutate<AccountId>>::transfer(&PAUPER, &AUTHOR, FEE.get(), Expendable));
}

/// What all of [`PAUPER`]'s stake would bring.
fn worth() -> Tao {
	let all = Amount::All;
	undone(|| {
		let quote = Pallet::<Test>::do_remove_stake(&PAUPER, NETUID, &HOTKEY, all, Tao::ZERO);
		Tao(quote.expect("it can be sold").amount_out)
	})
}

fn leave() -> DispatchResult {
	remove(PAUPER, NETUID, HOTKEY, Amount::All, Tao::ZERO)
}

/// Hazard E29: an account gets what it lacks to pay and to live, and no rao more.
#[test]
fn an_advance_is_what_an_account_lacks() {
	with_chain(|| {
		// (what it has) => what it gets.
		let cases = [
			(0, needed()),
			(EXISTENTIAL_DEPOSIT, FEE),
			(FEE.get(), Tao(EXISTENTIAL_DEPOSIT)),
			(needed().get() - 1, Tao(1)),
		];
		for (has, gets) in cases {
			undone(|| {
				if has > 0 {
					assert_ok!(<Balances as Mutate<AccountId>>::mint_into(&PAUPER, has));
				}
				events();
				assert_ok!(Dtao::advance_fee(&PAUPER, FEE));
				assert_eq!(free(PAUPER), needed(), "with {has} rao");
				assert_eq!(FeeAdvance::<Test>::get(), Some((PAUPER, gets)));
				assert_eq!(events(), [Event::FeeAdvanced { who: PAUPER, tao: gets }]);
			});
		}
	});
}

#[test]
fn who_lacks_nothing_is_advanced_nothing() {
	with_chain(|| {
		let error = Error::<Test>::InsufficientBalance;
		assert_noop!(Dtao::advance_fee(&ALICE, FEE), error);
		assert_ok!(<Balances as Mutate<AccountId>>::mint_into(&PAUPER, needed().get()));
		assert_noop!(Dtao::advance_fee(&PAUPER, FEE), Error::<Test>::InsufficientBalance);
		assert_noop!(Dtao::advance_fee(&BOB, Tao(u64::MAX)), Error::<Test>::InsufficientBalance);
	});
}

/// Hazard E29: one advance at a time, whoever asks for the second.
#[test]
fn nothing_is_advanced_twice() {
	with_chain(|| {
		assert_ok!(Dtao::advance_fee(&PAUPER, FEE));
		for who in [PAUPER, BOB, 77] {
			assert_noop!(Dtao::advance_fee(&who, tao(9_999)), Error::<Test>::InsufficientBalance);
		}
		Dtao::recall_advance();
	});
}

/// Hazard E29: the fee comes out of the proceeds, to the rao, and the pot has its own back.
#[test]
fn the_proceeds_repay_the_advance() {
	with_chain(|| {
		let (proceeds, author) = (worth(), free(AUTHOR));
		assert_ok!(Dtao::advance_fee(&PAUPER, FEE));
		charge();
		assert_ok!(leave());
		assert_eq!(free(PAUPER), Tao(proceeds.get() - FEE.get()));
		assert_eq!(free(AUTHOR), Tao(author.get() + FEE.get()));
	});
}

#[test]
fn what_is_paid_in_parts_repays_in_parts() {
	with_chain(|| {
		let large = tao(5);
		assert_ok!(Dtao::advance_fee(&PAUPER, large));
		let advanced = large.get() + EXISTENTIAL_DEPOSIT;
		let before = free(PAUPER);

		// All of the first payment is kept back.
		assert_ok!(remove(PAUPER, NETUID, HOTKEY, Amount::Exact(alpha(1).get()), Tao::ZERO));
		let (_, left) = FeeAdvance::<Test>::get().expect("it was too little");
		let first = advanced - left.get();
		assert!((tao(1).get()..tao(2).get()).contains(&first), "{first} rao");
		assert_eq!(free(PAUPER), before);

		// Of the second what was left.
		let second = worth();
		assert_ok!(leave());
		assert_eq!(free(PAUPER), Tao(before.get() + second.get() - left.get()));
	});
}

#[test]
fn a_payment_to_another_repays_nothing() {
	with_chain(|| {
		stake(BOB, NETUID, HOTKEY, tao(10));
		let proceeds = undone(|| {
			let before = free(BOB);
			unstake_all(BOB, NETUID, HOTKEY);
			free(BOB).get() - before.get()
		});
		assert_ok!(Dtao::advance_fee(&PAUPER, FEE));
		let (before, advance) = (free(BOB), FeeAdvance::<Test>::get());
		unstake_all(BOB, NETUID, HOTKEY);
		assert_eq!(free(BOB), Tao(before.get() + proceeds));
		assert_eq!(FeeAdvance::<Test>::get(), advance);
		Dtao::recall_advance();
	});
}

/// Hazard E29: what did not come back from proceeds comes back from the account.
#[test]
fn what_was_not_repaid_is_recalled() {
	with_chain(|| {
		let before = state_root();
		assert_ok!(Dtao::advance_fee(&PAUPER, FEE));
		assert!(Dtao::is_advanced());
		Dtao::recall_advance();
		assert_eq!(free(PAUPER), Tao::ZERO);
		System::reset_events();
		assert_eq!(state_root(), before);

		// Where nothing is advanced there is nothing to recall.
		Dtao::recall_advance();
		assert_eq!(state_root(), before);
	});
}

/// Hazard E29: a trial says whether the way out would repay, and leaves no trace.
#[test]
fn a_trial_changes_nothing() {
	with_chain(|| {
		let proceeds = worth();
		let before = state_root();
		let refused = || remove(PAUPER, NETUID, HOTKEY, Amount::All, tao(21));
		let other = || add(BOB, NETUID, HOTKEY, tao(1), 0);
		// (fee, the way out) => whether it repays.
		let cases: [(Tao, &dyn Fn() -> DispatchResult, bool); 6] = [
			(FEE, &leave, true),
			(Tao(proceeds.get() - EXISTENTIAL_DEPOSIT), &leave, true),
			(Tao(proceeds.get() - EXISTENTIAL_DEPOSIT + 1), &leave, false),
			(FEE, &refused, false),
			(FEE, &other, false),
			(FEE, &|| Ok(()), false),
		];
		for (n, (fee, exit, repays)) in cases.into_iter().enumerate() {
			assert_eq!(Dtao::can_repay(&PAUPER, fee, exit), repays, "case {n}");
			assert_eq!(state_root(), before, "case {n}");
		}
		// Who can pay is advanced nothing, so there is nothing to repay.
		assert!(!Dtao::can_repay(&ALICE, FEE, || Ok(())));
	});
}
