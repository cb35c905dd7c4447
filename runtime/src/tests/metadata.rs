//! What a release has promised its clients stays: the index, the name and the fields of each
//! pallet, call, event and error. Additions are free; a change needs a line in `accepted.txt`.

use super::chain;
use crate::Runtime;
use scale_info::{form::MetaForm, Field, MetaType, TypeDef};
use std::collections::BTreeSet;

/// What the last release's node says of itself; see `metadata.js` beside it.
const RELEASED: &str = include_str!("../../../tests/upgrade/metadata-100.txt");

/// The lines of it that this release changes on purpose, each with a reason after ` # `.
const ACCEPTED: &str = include_str!("../../../tests/upgrade/accepted.txt");

fn field(field: &Field<MetaForm>) -> String {
	let name = field.name.map(|name| format!("{name}: ")).unwrap_or_default();
	format!("{name}{}", field.type_name.unwrap_or_default())
}

/// A line for each variant of a type.
fn variants(kind: &str, (number, of): (u8, &str), ty: &MetaType) -> Vec<String> {
	let TypeDef::Variant(all) = ty.type_info().type_def else { panic!("{kind}s are an enum") };
	let line = |variant: &scale_info::Variant<MetaForm>| {
		let fields: Vec<_> = variant.fields.iter().map(field).collect();
		let fields =
			if fields.is_empty() { String::new() } else { format!("({})", fields.join(", ")) };
		format!("{kind} {number}.{} {of}.{}{fields}", variant.index, variant.name)
	};
	all.variants.iter().map(line).collect()
}

/// What this runtime promises.
fn promised() -> BTreeSet<String> {
	let mut lines = BTreeSet::new();
	// Constants are read from storage: the block time is one.
	let metadata = chain("development").execute_with(Runtime::metadata_ir);
	for pallet in &metadata.pallets {
		lines.insert(format!("pallet {} {}", pallet.index, pallet.name));
		for (kind, ty) in [
			("call", pallet.calls.as_ref().map(|part| part.ty)),
			("event", pallet.event.as_ref().map(|part| part.ty)),
			("error", pallet.error.as_ref().map(|part| part.ty)),
		] {
			let place = (pallet.index, pallet.name);
			lines.extend(ty.iter().flat_map(|ty| variants(kind, place, ty)));
		}
	}
	lines
}

fn accepted() -> BTreeSet<&'static str> {
	let reasoned = |line: &'static str| {
		let (line, reason) = line.split_once(" # ").expect("each line has a reason");
		assert!(!reason.trim().is_empty(), "{line}: why?");
		line
	};
	ACCEPTED.lines().filter(|line| !line.is_empty()).map(reasoned).collect()
}

#[test]
fn what_the_last_release_promised_is_still_so() {
	let (now, accepted) = (promised(), accepted());
	let broken: Vec<_> =
		RELEASED.lines().filter(|line| !now.contains(*line) && !accepted.contains(line)).collect();
	assert!(broken.is_empty(), "changed or gone, and not accepted:\n{}", broken.join("\n"));
	for line in accepted {
		assert!(RELEASED.lines().any(|released| released == line), "was never promised: {line}");
		assert!(!now.contains(line), "accepted, and not changed: {line}");
	}
}

#[test]
fn no_index_is_given_twice() {
	let mut seen = BTreeSet::new();
	for line in promised() {
		let place: Vec<_> = line.split(' ').take(2).map(str::to_string).collect();
		assert!(seen.insert(place), "given twice: {line}");
	}
}
