//! What the pallet does, one topic a file.

mod cleaning;
mod coldkey_swap;
mod consensus;
mod dissolution;
mod genesis;
mod hotkey_swap;
mod hotkeys;
mod hyperparams;
mod identity;
mod invariants;
mod migration;
mod neurons;
mod pruning;
mod random;
mod rebinding;
mod registry;
mod replacement;
mod subnets;
mod takes;

use crate::{
	mock::{Balances, RuntimeEvent, RuntimeOrigin, Subnets, System, Test},
	Event, OwnedHotkey, Subnet,
};
use dtao_primitives::{HotkeyId, Hyperparams, NetUid, SubnetsParams, Tao};

/// Any cost will do.
const ANY: Tao = Tao(u64::MAX);

/// Signed by `who`.
fn signed(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// What `who` has.
fn balance(who: u64) -> Tao {
	Tao(Balances::free_balance(who))
}

/// All TAO that exists.
fn issuance() -> Tao {
	Tao(pallet_balances::TotalIssuance::<Test>::get())
}

/// The number of `hotkey`, which somebody owns.
fn id_of(hotkey: u64) -> HotkeyId {
	crate::HotkeyIds::<Test>::get(hotkey).expect("somebody owns the hotkey")
}

/// What is known of `hotkey`, which somebody owns.
fn record_of(hotkey: u64) -> OwnedHotkey<u64> {
	crate::Hotkeys::<Test>::get(id_of(hotkey)).expect("a number leads to a hotkey")
}

/// What is known of `netuid`, which exists.
fn subnet_of(netuid: NetUid) -> Subnet<u64> {
	Subnets::subnet(netuid).expect("the subnet exists")
}

/// Who owns `hotkey`.
fn owner_of(hotkey: u64) -> u64 {
	record_of(hotkey).owner
}

/// What a new subnet of the mock is set to.
fn first_hyperparams() -> Hyperparams {
	let params = crate::mock::Params::get();
	Subnets::first_hyperparams(params.tempo, &params)
}

/// The last thing that happened.
fn assert_last_event(event: Event<Test>) {
	System::assert_last_event(RuntimeEvent::Subnets(event));
}

/// Governance.
fn root() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

/// The hotkeys that hold the seats of `netuid`, and since when.
fn seats(netuid: NetUid) -> Vec<(HotkeyId, u32)> {
	let seats = crate::Seats::<Test>::get(netuid);
	seats.iter().map(|seat| (seat.hotkey, seat.registered_at)).collect()
}

/// The parameters of the mock, changed.
fn set_params(change: impl FnOnce(&mut SubnetsParams)) {
	let mut params = crate::mock::Params::get();
	change(&mut params);
	crate::mock::Params::set(params);
}

/// What is left of `amount`.
fn less(amount: Tao, by: Tao) -> Tao {
	amount.checked_sub(by).expect("no test pays more than there is")
}

/// The sum of two amounts.
fn plus(amount: Tao, by: Tao) -> Tao {
	amount.checked_add(by).expect("no test has more than there can be")
}
