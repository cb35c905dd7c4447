//! Reads a module.

use std::collections::BTreeMap;
use wasmparser::{BinaryReaderError, KnownCustom, Name, Parser, Payload, TypeRef};

/// What a module is made of.
#[derive(Debug, Default)]
pub(crate) struct Module {
	/// Each section's name and bytes.
	pub(crate) sections: BTreeMap<String, usize>,
	/// Bytes of the code, by crate.
	pub(crate) crates: BTreeMap<String, usize>,
	/// How many functions there are.
	pub(crate) functions: usize,
}

impl Module {
	/// Read one.
	///
	/// # Errors
	///
	/// If `bytes` are no WASM.
	pub(crate) fn read(bytes: &[u8]) -> Result<Self, BinaryReaderError> {
		let mut module = Self::default();
		let (mut bodies, mut names, mut imported) = (Vec::new(), BTreeMap::new(), 0);
		for payload in Parser::new(0).parse_all(bytes) {
			let payload = payload?;
			match &payload {
				Payload::ImportSection(imports) => {
					for import in imports.clone().into_imports() {
						imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
					}
				},
				Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
				Payload::CustomSection(custom) => {
					if let KnownCustom::Name(all) = custom.as_known() {
						for kind in all {
							let Name::Function(functions) = kind? else { continue };
							for naming in functions {
								let naming = naming?;
								names.insert(naming.index, naming.name.to_string());
							}
						}
					}
				},
				_ => {},
			}
			if let Some((name, bytes)) = section(&payload) {
				*module.sections.entry(name).or_default() += bytes;
			}
		}
		module.functions = bodies.len();
		for (index, bytes) in (imported..).zip(bodies) {
			let name = names.get(&index).map_or("no name", String::as_str);
			*module.crates.entry(crate_of(name)).or_default() += bytes;
		}
		Ok(module)
	}
}

/// The name and the bytes of a section.
fn section(payload: &Payload<'_>) -> Option<(String, usize)> {
	let range = match payload {
		Payload::CodeSectionStart { range, .. } => range.clone(),
		Payload::CustomSection(custom) => {
			return Some((format!("custom: {}", custom.name()), custom.data().len()));
		},
		other => other.as_section()?.1,
	};
	let name = match payload {
		Payload::TypeSection(_) => "types",
		Payload::ImportSection(_) => "imports",
		Payload::FunctionSection(_) => "functions",
		Payload::TableSection(_) => "tables",
		Payload::GlobalSection(_) => "globals",
		Payload::ExportSection(_) => "exports",
		Payload::ElementSection(_) => "elements",
		Payload::CodeSectionStart { .. } => "code",
		Payload::DataSection(_) => "data",
		_ => "other",
	};
	Some((name.into(), range.len()))
}

/// The crate that a function's mangled name begins with.
fn crate_of(name: &str) -> String {
	let path = format!("{:#}", rustc_demangle::demangle(name));
	let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
	// `<a::B as c::D>::e` and `<[a::B]>::e` are of `a`.
	let mut rest = path.as_str();
	while let Some(colons) = rest.find("::") {
		let before = &rest[..colons];
		let start = before.rfind(|letter| !is_word(letter)).map_or(0, |place| place + 1);
		if start < before.len() {
			return before[start..].into();
		}
		rest = &rest[colons + 2..];
	}
	"no crate".into()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_function_is_of_the_crate_it_is_defined_in() {
		for (name, of) in [
			("core::fmt::write", "core"),
			("<pallet_dtao::Call<T> as codec::Decode>::decode", "pallet_dtao"),
			("<[dtao_math::Rows]>::len", "dtao_math"),
			("<(A, B) as codec::Encode>::encode", "codec"),
			("_ZN10frame_exec4main17h0123456789abcdefE", "frame_exec"),
			("memcpy", "no crate"),
		] {
			assert_eq!(crate_of(name), of, "{name}");
		}
	}

	#[test]
	fn bytes_are_of_sections_and_crates() {
		// One function that returns at once, and its name.
		let name = b"core::stop";
		let mut bytes = b"\0asm\x01\0\0\0".to_vec();
		bytes.extend([1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b]);
		let naming = [&[1, name.len() as u8 + 3, 1, 0, name.len() as u8][..], name].concat();
		let custom = [&[4][..], b"name", &naming].concat();
		bytes.extend([0, custom.len() as u8]);
		bytes.extend(&custom);

		let module = Module::read(&bytes).unwrap();
		assert_eq!(module.functions, 1);
		assert_eq!(module.crates, BTreeMap::from([("core".into(), 2)]));
		assert_eq!(module.sections["code"], 4);
		assert_eq!(module.sections["custom: name"], naming.len());
		assert!(Module::read(&bytes[..20]).is_err());
	}
}
