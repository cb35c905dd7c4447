//! The chains that the node knows by name: one for each preset of the runtime.

use dtao_runtime::{
	configs::SS58_PREFIX,
	genesis_config_presets::{MAIN_RUNTIME_PRESET, TESTNET_RUNTIME_PRESET},
	WASM_BINARY,
};
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sc_service::{ChainType, Properties};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// A chain specification.
pub(crate) type ChainSpec = sc_service::GenericChainSpec;

/// One authority, a block a second, a temporary folder: for development and tests.
pub(crate) fn development() -> Result<ChainSpec, String> {
	spec("Dynamic TAO Development", "dev", ChainType::Development, DEV_RUNTIME_PRESET)
}

/// Two or more nodes on one machine, a block every three seconds.
pub(crate) fn local() -> Result<ChainSpec, String> {
	spec("Dynamic TAO Local", "local", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET)
}

/// Four validators, a block every three seconds: what `make testnet` starts.
pub(crate) fn testnet() -> Result<ChainSpec, String> {
	spec("Dynamic TAO Testnet", "testnet", ChainType::Local, TESTNET_RUNTIME_PRESET)
}

/// The main chain's numbers with development keys: to rehearse, and to make the launch's
/// specification from.
pub(crate) fn main() -> Result<ChainSpec, String> {
	spec("Dynamic TAO Rehearsal", "main", ChainType::Local, MAIN_RUNTIME_PRESET)
}

/// The names of the runtime's presets.
pub(crate) fn preset_names() -> Result<Vec<String>, String> {
	GenesisConfigBuilderRuntimeCaller::<sp_io::SubstrateHostFunctions>::new(wasm()?).preset_names()
}

fn spec(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
	let mut properties = Properties::new();
	properties.insert("tokenSymbol".into(), "TAO".into());
	properties.insert("tokenDecimals".into(), 9.into());
	properties.insert("ss58Format".into(), SS58_PREFIX.into());

	Ok(ChainSpec::builder(wasm()?, None)
		.with_name(name)
		.with_id(id)
		.with_chain_type(chain_type)
		.with_genesis_config_preset_name(preset)
		.with_protocol_id("dtao")
		.with_properties(properties)
		.build())
}

fn wasm() -> Result<&'static [u8], String> {
	WASM_BINARY.ok_or_else(|| {
		"this node was built without its WASM runtime (SKIP_WASM_BUILD): build it again".into()
	})
}
