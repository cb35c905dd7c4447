//! How a vector writes names, numbers and records.

use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Value};
use sp_runtime::AccountId32;

/// The account of a name. The same name is the same account, whether it signs, owns or is a hotkey.
pub fn account(name: &str) -> AccountId32 {
	sp_io::hashing::blake2_256(name.as_bytes()).into()
}

/// A text.
pub fn text(value: &Value) -> &str {
	value.as_str().expect("a text")
}

/// A number, which beyond 2⁵³ is written as a string.
pub fn int(value: &Value) -> i128 {
	match value {
		Value::String(digits) => digits.parse().expect("a number"),
		value => value.as_i64().expect("a number").into(),
	}
}

/// A number of a type that holds it.
pub fn unsigned<N: TryFrom<i128>>(value: &Value) -> N {
	N::try_from(int(value)).ok().expect("a number that fits")
}

/// The rows of a list; none if it is not there.
pub(crate) fn rows(value: &Value) -> &[Value] {
	value.as_array().map_or(&[], Vec::as_slice)
}

/// The fields of `overrides` on top of `base`; in a record that lies in it too.
///
/// # Panics
///
/// If `base` has no such field, or a value is not of its type.
pub fn changed<P: Serialize + DeserializeOwned>(base: P, overrides: &Value) -> P {
	let mut whole = serde_json::to_value(base).expect("it is JSON");
	overlay(&mut whole, overrides);
	serde_json::from_value(whole).expect("the parameters have their types")
}

fn overlay(whole: &mut Value, overrides: &Value) {
	for (name, said) in overrides.as_object().into_iter().flatten() {
		let field = whole.get_mut(name).unwrap_or_else(|| panic!("no parameter {name}"));
		match said {
			Value::Object(_) if field.is_object() => overlay(field, said),
			said => *field = plain(said),
		}
	}
}

/// `said`, with a number for a number that is written as a string. Names of choices are strings too.
fn plain(said: &Value) -> Value {
	let Value::String(digits) = said else { return said.clone() };
	match digits.parse::<i128>() {
		Ok(number) => match i64::try_from(number) {
			Ok(number) => json!(number),
			Err(_) => json!(u64::try_from(number).expect("64 bits")),
		},
		Err(_) => said.clone(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtao_primitives::{EmissionRule, MarketParams};

	#[test]
	fn numbers_beyond_a_float_are_strings() {
		assert_eq!(int(&json!(7)), 7);
		assert_eq!(int(&json!("-9007199254740993")), -9_007_199_254_740_993);
		assert_eq!(unsigned::<u64>(&json!("18446744073709551615")), u64::MAX);
	}

	#[test]
	fn named_fields_are_replaced_and_others_stay() {
		let said = json!({ "rule": "FlowEma", "flow_cutoff": "-9223372036854775808" });
		let base = MarketParams { flow_cutoff: 0, ..Default::default() };
		let is = changed(base, &said);
		let expected = MarketParams { rule: EmissionRule::FlowEma, flow_cutoff: i64::MIN, ..base };
		assert_eq!(is, expected);
	}

	#[test]
	fn records_in_records_are_replaced_field_by_field() {
		let mut whole = json!({ "a": { "b": 1, "c": 2 }, "d": { "e": 3 } });
		overlay(&mut whole, &json!({ "a": { "c": "3" }, "d": null }));
		assert_eq!(whole, json!({ "a": { "b": 1, "c": 3 }, "d": null }));
	}

	#[test]
	#[should_panic = "no parameter fee"]
	fn a_field_that_is_not_there_is_a_mistake() {
		changed(MarketParams::default(), &json!({ "fee": 1 }));
	}
}
