//! What an account leaves behind when it ends.

use super::{chain, next_block, support::*};
use crate::{Balances, Dtao};
use dtao_primitives::constants::{EXISTENTIAL_DEPOSIT, UNIT};
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};

/// Hazard E12: dust leaves the issuance, and there is no second count of TAO that could miss it: the
/// market reads the currency's, in its views and in its halving clock.
#[test]
fn what_is_reaped_leaves_the_one_issuance_there_is() {
	chain("development").execute_with(|| {
		let (dest, dust) = (Alice.to_account_id().into(), EXISTENTIAL_DEPOSIT - 1);
		let before = Balances::total_issuance();
		let value = free(&Ferdie.to_account_id()) - dust;
		let transfer = pallet_balances::Call::transfer_allow_death { dest, value };
		send(&Ferdie.to_account_id(), transfer).expect("the account may end");

		assert_eq!(free(&Ferdie.to_account_id()), 0);
		assert_eq!(Balances::total_issuance(), before - dust);
		assert_eq!(Dtao::supply().issuance.0, before - dust);
		check_invariants();

		next_block();
		assert_eq!(Balances::total_issuance(), before - dust + UNIT);
		check_invariants();
	});
}
