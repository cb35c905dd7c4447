//! Calls on a broken state.

use super::{
	super::support::{root, send_as, undone},
	keys_of,
	scene::{attempts, scene},
	Damage,
};
use crate::RuntimeCall;
use frame_support::traits::GetCallName;
use std::collections::{BTreeMap, BTreeSet};

/// What the damage did to a call.
#[derive(Default)]
struct Row {
	refused: u32,
	errors: BTreeSet<&'static str>,
}

/// Every call is accepted in the scene. Then each stored value of our pallets, of TAO and of the
/// accounts is damaged, in turn and in every place, and each call is made on what is left: whichever
/// of its steps refuses, the state is what it was.
#[test]
fn a_refused_call_changes_nothing_whichever_step_refuses() {
	scene().execute_with(|| {
		for attempt in attempts() {
			let name = format!("{:?}", attempt.call);
			let outcome = undone(|| send_as(attempt.origin, attempt.call));
			assert_eq!(outcome, Ok(()), "{name}");
		}
		let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
		let ours = ["Dtao", "Subnets", "Yuma"].map(|pallet| (pallet, false));
		let sdk = ["Balances", "System"].map(|pallet| (pallet, true));
		let keys = ours.into_iter().chain(sdk);
		let keys = keys
			.flat_map(|(pallet, is_sdk)| keys_of(pallet).into_iter().map(move |key| (key, is_sdk)));
		for (key, is_sdk) in keys {
			let length = sp_io::storage::get(&key).map_or(0, |value| value.len());
			for damage in Damage::all(length) {
				// The SDK counts an account's references, four billion at most, without a check.
				if is_sdk && matches!(damage, Damage::Full(_)) {
					continue;
				}
				undone(|| {
					if damage.inflict(&key) {
						try_all(&mut rows, &format!("{damage:?} of {}", hex(&key)));
					}
				});
			}
		}
		for (name, row) in &rows {
			println!("{name:24} refused {:6} {:?}", row.refused, row.errors);
		}
		// An announcement reads nothing but whether there is one.
		for name in calls().into_iter().filter(|name| *name != "announce_coldkey_swap") {
			assert!(rows.contains_key(name), "{name} was never refused");
		}
	});
}

fn try_all(rows: &mut BTreeMap<&'static str, Row>, damage: &str) {
	// A layer of storage counts itself in the state, so both roots are taken in the same depth.
	let before = undone(root);
	for attempt in attempts() {
		let name = attempt.name();
		let text = attempt.call.clone();
		undone(|| {
			let Err(error) = send_as(attempt.origin, attempt.call) else { return };
			assert_eq!(
				root(),
				before,
				"{text:?} changed something, refused by {error:?}: {damage}"
			);
			let row = rows.entry(name).or_default();
			row.refused += 1;
			row.errors.insert(error.into());
		});
	}
}

fn calls() -> Vec<&'static str> {
	let market = pallet_dtao::Call::<crate::Runtime>::get_call_names();
	let registry = pallet_subnets::Call::<crate::Runtime>::get_call_names();
	let consensus = pallet_yuma::Call::<crate::Runtime>::get_call_names();
	market.iter().chain(registry).chain(consensus).copied().collect()
}

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every variant of the three pallets' calls is among the attempts.
#[test]
fn every_call_is_attempted() {
	let names: BTreeSet<_> = attempts().iter().map(|attempt| attempt.name()).collect();
	for name in calls() {
		assert!(names.contains(name), "{name}");
	}
	assert!(attempts().iter().all(|attempt| matches!(
		attempt.call,
		RuntimeCall::Dtao(_) | RuntimeCall::Subnets(_) | RuntimeCall::Yuma(_)
	)));
}
