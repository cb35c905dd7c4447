//! Runs the benchmarks of a runtime's WASM and writes its weights. It is the SDK's `benchmark
//! pallet` command and nothing else, kept out of the node, which needs none of it.
//!
//! `benchmarks/weights.sh` calls it as it is meant to be called.

use clap::Parser;
use frame_benchmarking_cli::PalletCmd;
use sp_runtime::traits::BlakeTwo256;

fn main() -> sc_cli::Result<()> {
	PalletCmd::parse().run_with_spec::<BlakeTwo256, ()>(None)
}
