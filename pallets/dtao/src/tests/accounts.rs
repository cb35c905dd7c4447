//! Who has stake has an account: it signs and keeps its nonce, with or without TAO.

use super::*;

const ROOT: NetUid = NetUid::ROOT;
const OTHER: NetUid = NetUid(2);
/// A coldkey without an account.
const PAUPER: AccountId = 50;

fn chain() -> TestExt {
	TestExt::new().subnet(1_000).subnet(400).seats(2)
}

fn references(who: AccountId) -> (u32, u32) {
	let account = frame_system::Account::<Test>::get(who);
	(account.providers, account.sufficients)
}

/// Stake that Alice gives to [`PAUPER`], who has nothing else, and who has signed before.
fn given(netuid: NetUid) {
	stake(ALICE, netuid, HOTKEY, tao(20));
	assert!(!System::account_exists(&PAUPER));
	assert_ok!(transfer(ALICE, PAUPER, netuid, HOTKEY, Amount::All));
	assert!(System::account_exists(&PAUPER));
	assert_eq!((free(PAUPER), references(PAUPER)), (Tao::ZERO, (0, 1)));
	System::inc_account_nonce(PAUPER);
}

/// A reference opens with each position and closes with it, whatever opens or closes it.
#[test]
fn every_open_position_is_a_reference_to_its_coldkey() {
	chain().execute_with(|| {
		assert_eq!(references(ALICE), (1, 0));
		for (n, (netuid, hotkey)) in
			[(NETUID, HOTKEY), (NETUID, HOTKEY_2), (ROOT, HOTKEY)].into_iter().enumerate()
		{
			stake(ALICE, netuid, hotkey, tao(10));
			stake(ALICE, netuid, hotkey, tao(1));
			assert_eq!(references(ALICE), (1, n as u32 + 1));
		}
		assert_ok!(remove(ALICE, ROOT, HOTKEY, Amount::Exact(tao(1).get()), Tao::ZERO));
		assert_eq!(references(ALICE), (1, 3));
		assert_ok!(shift(ALICE, (ROOT, HOTKEY), (OTHER, HOTKEY), Amount::All, 0));
		assert_eq!(references(ALICE), (1, 3));
		assert_ok!(shift(ALICE, (NETUID, HOTKEY), (NETUID, HOTKEY_2), Amount::All, 0));
		assert_eq!(references(ALICE), (1, 2));
		assert_ok!(transfer(ALICE, BOB, OTHER, HOTKEY, Amount::All));
		assert_eq!((references(ALICE), references(BOB)), ((1, 1), (1, 1)));
		assert_ok!(recycle(BOB, OTHER, HOTKEY, Amount::All));
		unstake_all(ALICE, NETUID, HOTKEY_2);
		assert_eq!((references(ALICE), references(BOB)), ((1, 0), (1, 0)));
	});
}

/// Hazard N19: stake without TAO is an account that acts; and no call on the way ends it, which would
/// start its nonce, and so its old transactions, anew.
#[test]
fn an_account_with_stake_and_no_tao_acts_and_keeps_its_nonce() {
	type Act = fn(NetUid) -> DispatchResult;
	let acts: [Act; 6] = [
		|netuid| remove(PAUPER, netuid, HOTKEY, Amount::All, Tao::ZERO),
		|netuid| {
			let any = FixedU128::from_inner(0);
			remove_limit(PAUPER, netuid, HOTKEY, Amount::All, any, Fill::FillOrKill)
		},
		|netuid| exit(PAUPER, &[(netuid, HOTKEY, Tao::ZERO)]),
		|netuid| shift(PAUPER, (netuid, HOTKEY), (netuid, HOTKEY_2), Amount::All, 0),
		|netuid| shift(PAUPER, (netuid, HOTKEY), (OTHER, HOTKEY), Amount::All, 0),
		|netuid| {
			let half = Amount::Exact(stake_of(PAUPER, HOTKEY, netuid) / 2);
			transfer(PAUPER, BOB, netuid, HOTKEY, half)
		},
	];
	for netuid in [NETUID, ROOT] {
		for (n, act) in acts.into_iter().enumerate() {
			chain().execute_with(|| {
				given(netuid);
				assert_ok!(act(netuid));
				assert_eq!(System::account_nonce(PAUPER), 1, "act {n}");
				assert!(System::account_exists(&PAUPER));
			});
		}
	}
}

/// The account lasts as long as its last stake, also when its TAO goes first.
#[test]
fn an_account_lasts_as_long_as_its_stake() {
	chain().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(20));
		System::inc_account_nonce(ALICE);
		let rest = free(ALICE).get();
		assert_ok!(Balances::transfer_allow_death(signed(ALICE), BOB, rest));
		assert_eq!((free(ALICE), references(ALICE)), (Tao::ZERO, (0, 1)));
		run_blocks(3);
		assert_eq!(System::account_nonce(ALICE), 1);
		assert_ok!(transfer(ALICE, BOB, NETUID, HOTKEY, Amount::All));
		assert!(!System::account_exists(&ALICE));
	});
}

/// A reward opens an account as anything else does.
#[test]
fn a_reward_opens_an_account() {
	TestExt::one_subnet().take(18).execute_with(|| {
		assert!(!System::account_exists(&VALIDATOR));
		stake(ALICE, NETUID, HOTKEY, tao(20));
		run_blocks(2 * TEMPO);
		touch(NETUID, HOTKEY);
		assert_eq!(references(VALIDATOR), (0, 1));
	});
}

/// A quote neither makes an account nor ends one.
#[test]
fn a_quote_leaves_every_account_as_it_is() {
	chain().execute_with(|| {
		given(NETUID);
		let before = state_root();
		let quote = Dtao::quote_remove_stake(&PAUPER, NETUID, &HOTKEY, Amount::All);
		assert!(quote.is_ok());
		let quote = Dtao::quote_move_stake(&PAUPER, NETUID, &HOTKEY, ROOT, &HOTKEY, Amount::All);
		assert!(quote.is_ok());
		let quote = Dtao::quote_move_stake(&51, NETUID, &HOTKEY, ROOT, &HOTKEY, Amount::All);
		assert_eq!(quote, Err(Error::<Test>::NoPosition.into()));
		assert!(!System::account_exists(&51));
		assert_eq!(state_root(), before);
	});
}
