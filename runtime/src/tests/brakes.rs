//! Safe mode and pauses: what they stop, what they leave, and what a failed migration leads to.

use super::{chain, next_block, support::*, Eve};
use crate::{
	Balances, Dtao, Migrations, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, SafeMode,
	System, TxPause,
};
use dtao_primitives::{constants::UNIT, Amount, NetUid, Tao};
use frame_support::{
	assert_noop, assert_ok,
	migrations::{FailedMigrationHandler, FailedMigrationHandling, MultiStepMigrator},
	traits::{Contains, GetCallMetadata},
};
use pallet_migrations::{Cursor, MigrationCursor};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{traits::Dispatchable, DispatchError};

type Handler = <Runtime as pallet_migrations::Config>::FailedMigrationHandler;

const SUBNET: NetUid = NetUid(1);

fn filtered() -> DispatchError {
	frame_system::Error::<Runtime>::CallFiltered.into()
}

fn stake() -> Result<(), DispatchError> {
	add(&Alice.to_account_id(), SUBNET, &Eve.to_account_id(), Tao(UNIT), 0)
}

fn unstake() -> Result<(), DispatchError> {
	remove(&Alice.to_account_id(), SUBNET, &Eve.to_account_id(), Amount::All, Tao(0))
}

fn sudo(call: impl Into<RuntimeCall>) -> Result<(), DispatchError> {
	let call = Box::new(call.into());
	send(&Alice.to_account_id(), pallet_sudo::Call::sudo { call })
}

/// A migration is half done.
fn migrating() {
	let cursor = pallet_migrations::ActiveCursor { index: 0, inner_cursor: None, started_at: 1 };
	Cursor::<Runtime>::put(MigrationCursor::Active(cursor));
}

/// What the migrations pallet does when a migration fails, but for the panic that is to stop
/// try-runtime.
fn migration_fails() {
	match Handler::failed(Some(0)) {
		FailedMigrationHandling::ForceUnstuck => Cursor::<Runtime>::kill(),
		FailedMigrationHandling::KeepStuck => Cursor::<Runtime>::put(MigrationCursor::Stuck),
		FailedMigrationHandling::Ignore => {},
	}
}

#[test]
fn a_failed_migration_leads_to_safe_mode_and_governance_leads_out() {
	chain("development").execute_with(|| {
		next_block();
		migrating();
		migration_fails();
		assert!(!Migrations::ongoing(), "transactions enter blocks again");
		assert!(SafeMode::is_entered());

		assert_noop!(stake(), filtered());
		assert_noop!(unstake(), filtered());
		let issuance = Balances::total_issuance();
		for _ in 0..100 {
			next_block();
		}
		assert_eq!(Balances::total_issuance(), issuance, "the market stands still");

		let remark = frame_system::Call::remark_with_event { remark: vec![1] };
		assert_ok!(sudo(remark));
		assert_ok!(sudo(pallet_safe_mode::Call::force_exit {}));
		assert_ok!(stake());
		next_block();
		assert!(Balances::total_issuance() > issuance, "the market goes on");
		check_invariants();
	});
}

#[test]
fn a_migration_that_fails_in_safe_mode_does_not_end_it() {
	chain("development").execute_with(|| {
		next_block();
		assert_ok!(sudo(pallet_safe_mode::Call::force_enter {}));
		migrating();
		migration_fails();
		let until = pallet_safe_mode::EnteredUntil::<Runtime>::get();
		assert_eq!(until, Some(u32::MAX), "nothing but governance ends it");
	});
}

#[test]
fn while_a_migration_is_under_way_the_market_only_counts() {
	chain("development").execute_with(|| {
		next_block();
		migrating();
		System::reset_events();
		let issuance = Balances::total_issuance();
		next_block();
		assert_eq!(market_events(), [pallet_dtao::Event::BlockHalted { blocks: 1 }]);
		assert_eq!(Balances::total_issuance(), issuance);
		Cursor::<Runtime>::kill();
		next_block();
		assert_eq!(Balances::total_issuance(), issuance + UNIT);
	});
}

#[test]
fn nobody_but_governance_enters_safe_mode() {
	chain("development").execute_with(|| {
		next_block();
		let bob = Bob.to_account_id();
		assert_noop!(
			send(&bob, pallet_safe_mode::Call::enter {}),
			pallet_safe_mode::Error::<Runtime>::NotConfigured
		);
		assert_noop!(send(&bob, pallet_safe_mode::Call::force_enter {}), DispatchError::BadOrigin);
		assert!(!SafeMode::is_entered());
	});
}

#[test]
fn safe_mode_is_not_got_round_by_a_batch_or_a_proxy() {
	chain("development").execute_with(|| {
		next_block();
		assert_ok!(sudo(pallet_safe_mode::Call::force_enter {}));
		let call: RuntimeCall = pallet_dtao::Call::remove_stake {
			netuid: SUBNET,
			hotkey: Eve.to_account_id(),
			amount: Amount::All,
			min_received: Tao(0),
		}
		.into();
		let alice = Alice.to_account_id();
		let batch = pallet_utility::Call::batch_all { calls: vec![call.clone()] };
		assert_noop!(send(&alice, batch), filtered());
		let proxied = pallet_proxy::Call::add_proxy {
			delegate: Bob.to_account_id().into(),
			proxy_type: crate::configs::ProxyType::Any,
			delay: 0,
		};
		assert_ok!(send(&alice, proxied));
		let call = pallet_proxy::Call::proxy {
			real: alice.clone().into(),
			force_proxy_type: None,
			call: Box::new(call),
		};
		let held = stake_of(&alice, SUBNET, &Eve.to_account_id());
		assert_ok!(send(&Bob.to_account_id(), call));
		let refused = pallet_proxy::Event::ProxyExecuted { result: Err(filtered()) };
		System::assert_last_event(RuntimeEvent::Proxy(refused));
		assert_eq!(stake_of(&alice, SUBNET, &Eve.to_account_id()), held);
	});
}

fn name(call: impl Into<RuntimeCall>) -> pallet_tx_pause::RuntimeCallNameOf<Runtime> {
	let metadata = call.into().get_call_metadata();
	let bounded = |name: &str| name.as_bytes().to_vec().try_into().expect("a name is short");
	(bounded(metadata.pallet_name), bounded(metadata.function_name))
}

#[test]
fn governance_pauses_a_single_call() {
	chain("development").execute_with(|| {
		next_block();
		let full_name = name(super::add_stake());
		let pause = pallet_tx_pause::Call::pause { full_name: full_name.clone() };
		assert_noop!(send(&Bob.to_account_id(), pause.clone()), DispatchError::BadOrigin);
		assert_ok!(sudo(pause));
		assert_noop!(stake(), filtered());
		assert_ok!(unstake());
		assert_ok!(sudo(pallet_tx_pause::Call::unpause { ident: full_name }));
		assert_ok!(stake());
	});
}

#[test]
fn what_ends_a_pause_cannot_be_paused() {
	chain("development").execute_with(|| {
		let set = pallet_timestamp::Call::set { now: 1 };
		let remark: RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
		let sudo = pallet_sudo::Call::sudo { call: Box::new(remark) };
		for full_name in [name(set), name(sudo), name(pallet_safe_mode::Call::force_exit {})] {
			assert_noop!(
				TxPause::pause(RuntimeOrigin::root(), full_name),
				pallet_tx_pause::Error::<Runtime>::Unpausable
			);
		}
	});
}

#[test]
fn root_calls_what_is_filtered() {
	chain("development").execute_with(|| {
		next_block();
		assert_ok!(sudo(pallet_safe_mode::Call::force_enter {}));
		let call = super::add_stake();
		assert!(!crate::configs::Repairs::contains(&call));
		// Refused for what it is, and not by the filter: root holds no stake.
		let refused = call.dispatch(RuntimeOrigin::root()).expect_err("root is no staker").error;
		assert_eq!(refused, DispatchError::BadOrigin);
		assert!(Dtao::audit().iter().all(|line| line.holds));
	});
}
