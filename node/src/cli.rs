//! The command line.

use crate::sealing::Sealing;
use sc_cli::RunCmd;

/// The command line.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
	/// What to do, if not to run a node.
	#[command(subcommand)]
	pub(crate) subcommand: Option<Subcommand>,

	#[command(flatten)]
	pub(crate) run: RunCmd,

	/// Make blocks without waiting for slots, for tests: `manual` (on `engine_createBlock`),
	/// `instant` (for each transaction), or every so many milliseconds.
	///
	/// Each block's timestamp is one slot after its parent's, whatever the clock says. Interval and
	/// instant finalise each block, manual by the `finalize` flag of `engine_createBlock`. For
	/// development and local chains only.
	#[arg(long, value_name = "manual|instant|MILLISECONDS")]
	pub(crate) sealing: Option<Sealing>,
}

/// What to do, if not to run a node.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
	/// Make, insert and inspect keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Chain specifications: write one to a file, list the presets.
	#[command(subcommand)]
	ChainSpec(ChainSpecCmd),

	/// Print a chain specification. Older name of `chain-spec export`.
	BuildSpec(sc_cli::BuildSpecCmd),

	/// Write a chain specification to a file. Older name of `chain-spec export`.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Execute a block again and check it.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Write the state of a block to a chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Read blocks from a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Delete the chain's database.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Take back the newest blocks.
	Revert(sc_cli::RevertCmd),

	/// Print what the database says of the chain.
	ChainInfo(sc_cli::ChainInfoCmd),
}

/// What to do with chain specifications.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ChainSpecCmd {
	/// Write one to a file, plain or raw.
	Export(sc_cli::ExportChainSpecCmd),

	/// List the names of the runtime's genesis presets.
	ListPresets,
}
