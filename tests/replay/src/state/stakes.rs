//! Hotkeys' pools, and the positions in them.

use super::Differences;
use crate::{
	json::{account, text, unsigned},
	Composed,
};
use dtao_primitives::{traits::SubnetRegistry, HotkeyId, NetUid};
use pallet_dtao::{types::StakePool, HotkeyPools, RootPools};
use serde_json::Value;

fn pool<T: Composed>(netuid: NetUid, id: HotkeyId) -> StakePool {
	match netuid.is_root() {
		true => RootPools::<T>::get(id).stake,
		false => HotkeyPools::<T>::get((netuid, id)).stake,
	}
}

/// The place that a row names; none, and noted, if nobody owns the hotkey.
fn place<'a, T: Composed>(
	row: &'a Value,
	differences: &mut Differences,
) -> Option<(NetUid, &'a str, HotkeyId)> {
	let name = text(&row["hotkey"]);
	let id = pallet_subnets::Pallet::<T>::hotkey_id(&account(name));
	if id.is_none() {
		differences.missing(format!("hotkey {name}"));
	}
	Some((NetUid(unsigned(&row["netuid"])), name, id?))
}

fn shares(shares: u128) -> i128 {
	shares.try_into().expect("below 2¹²⁷")
}

/// Compare what is staked on a hotkey.
pub(super) fn compare_pool<T: Composed>(row: &Value, differences: &mut Differences) {
	let Some((netuid, name, id)) = place::<T>(row, differences) else { return };
	let what = format!("of {name} in {netuid}");
	let stake = pool::<T>(netuid, id);
	differences.compare(format!("amount {what}"), &row["amount"], stake.amount);
	differences.compare(format!("shares {what}"), &row["shares"], shares(stake.shares));
	if let Some(said) = row.get("drip") {
		let drip = RootPools::<T>::get(id).drip;
		differences.compare(format!("drip {what}"), &said["left"], drip.left.get());
		differences.compare(format!("drip's last {what}"), &said["last"], drip.last);
		differences.compare(format!("drip's end {what}"), &said["until"], drip.until);
	}
}

/// Compare a position: with what its pool owes it, and with what it has earned up to now.
pub(super) fn compare_position<T: Composed>(row: &Value, differences: &mut Differences) {
	let Some((netuid, name, id)) = place::<T>(row, differences) else { return };
	let (holder, coldkey) = (text(&row["coldkey"]), account(text(&row["coldkey"])));
	let what = format!("of {holder} on {name} in {netuid}");
	let held = pallet_dtao::Pallet::<T>::shares_of(&coldkey, netuid, id);
	differences.compare(format!("shares {what}"), &row["shares"], shares(held));
	let value = pool::<T>(netuid, id).value(held).expect("sound");
	differences.compare(format!("value {what}"), &row["value"], value);
	// A position that a settlement is about to open is not listed yet.
	if held > 0 {
		let shown = pallet_dtao::Pallet::<T>::positions(&coldkey);
		let found = shown.iter().find(|one| one.netuid == netuid && one.hotkey == account(name));
		let settled = found.map_or(0, |one| one.alpha);
		differences.compare(format!("settled value {what}"), &row["settled_value"], settled);
	}
}
