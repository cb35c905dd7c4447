//! What the pallet does, one topic a file.

mod genesis;
mod hotkeys;
mod invariants;
mod neurons;
mod registry;
mod subnets;

use crate::mock::{Balances, RuntimeOrigin, Test};
use dtao_primitives::{HotkeyId, NetUid, SubnetsParams, Tao};

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
