//! The Dynamic TAO node: Aura, GRANDPA, and a development chain in one command.
//!
//! It runs the WASM runtime and knows no pallet by name.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod sealing;
mod service;

fn main() -> sc_cli::Result<()> {
	command::run()
}
