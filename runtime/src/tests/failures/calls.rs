//! Calls on a broken state.

use super::{
	super::support::{coldkey, root, send, send_as, undone},
	expected::ERRORS,
	keys_of,
	scene::{alice, attempts, bob, scene},
	Damage,
};
use crate::RuntimeCall;
use frame_support::{assert_noop, assert_ok, traits::GetCallName};
use pallet_subnets::Call as Registry;
use std::collections::{BTreeMap, BTreeSet};

type Error = pallet_subnets::Error<crate::Runtime>;

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
		// Parameters that are gone, or decode no longer, read as the defaults: other bounds and delays.
		let ours = ["Dtao", "Subnets", "Yuma", "Parameters"].map(|pallet| (pallet, false));
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
			println!("{name:24} refused {:6}", row.refused);
		}
		// An announcement reads nothing but whether there is one, and no damage makes one: so it has no
		// row. The test below makes a second.
		for name in calls().into_iter().filter(|name| *name != "announce_coldkey_swap") {
			assert!(rows.contains_key(name), "{name} was never refused");
		}
		let reached: Vec<_> =
			rows.iter().map(|(name, row)| (*name, row.errors.iter().copied().collect())).collect();
		let expected: Vec<(&str, Vec<&str>)> =
			ERRORS.iter().map(|(name, errors)| (*name, errors.to_vec())).collect();
		assert_eq!(reached, expected, "now, and as expected.rs has it:\n{}", table(&reached));
	});
}

/// The errors that were reached, as `expected.rs` writes them.
fn table(reached: &[(&str, Vec<&str>)]) -> String {
	reached.iter().map(|(name, errors)| format!("\t({name:?}, &{errors:?}),\n")).collect()
}

/// Bob has announced an heir in the scene. Another announcement, of the same heir or of another, is
/// refused until he takes the first back.
#[test]
fn a_second_announcement_of_an_heir_is_refused() {
	scene().execute_with(|| {
		let announce = |n| Registry::announce_coldkey_swap { new_coldkey: coldkey(n) };
		for heir in [3, 4] {
			assert_noop!(send(&bob(), announce(heir)), Error::ColdkeySwapPending);
		}
		assert_noop!(send(&alice(), announce(1)), Error::SameColdkey);
		assert_ok!(send(&bob(), Registry::cancel_coldkey_swap {}));
		assert_ok!(send(&bob(), announce(4)));
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
