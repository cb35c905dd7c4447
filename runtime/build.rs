//! Builds the WASM runtime where feature `wasm-builder` asks for it; production builds embed the
//! RFC-78 metadata hash.

fn main() {
	// The builder turns the features of this build on in the WASM. These two only say that it is to
	// be built, and would bring the standard library in.
	#[cfg(feature = "wasm-builder")]
	for feature in ["WASM_BUILDER", "METADATA_HASH"] {
		std::env::remove_var(format!("CARGO_FEATURE_{feature}"));
	}

	#[cfg(all(feature = "wasm-builder", feature = "metadata-hash"))]
	substrate_wasm_builder::WasmBuilder::init_with_defaults()
		.enable_metadata_hash("TAO", 9)
		.build();

	#[cfg(all(feature = "wasm-builder", not(feature = "metadata-hash")))]
	substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
