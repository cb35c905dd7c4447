//! What each command does.

use crate::{
	chain_spec,
	cli::{ChainSpecCmd, Cli, Subcommand},
	sealing::Sealing,
	service::{self, Parts},
};
use dtao_runtime::opaque::Block;
use sc_cli::{Result, SubstrateCli};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::{ChainType, Configuration, TaskManager};
use sp_runtime::traits::Block as BlockT;
use std::{future::Future, path::PathBuf};

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Dynamic TAO Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		"the project's issue tracker".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
		Ok(Box::new(match id {
			"dev" => chain_spec::development()?,
			"local" => chain_spec::local()?,
			"testnet" => chain_spec::testnet()?,
			"main" => chain_spec::main()?,
			"" => {
				return Err(
					"which chain? --dev, or --chain dev, local, testnet, main or a file".into()
				)
			},
			path => chain_spec::ChainSpec::from_json_file(PathBuf::from(path))?,
		}))
	}
}

/// Read the command line and do what it says.
pub(crate) fn run() -> Result<()> {
	let cli = Cli::from_args();
	match &cli.subcommand {
		None => run_node(&cli),
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::ChainSpec(ChainSpecCmd::ListPresets)) => {
			chain_spec::preset_names()?.iter().for_each(|name| println!("{name}"));
			Ok(())
		},
		Some(
			Subcommand::ChainSpec(ChainSpecCmd::Export(cmd)) | Subcommand::ExportChainSpec(cmd),
		) => cmd.run(cli.load_spec(&cmd.chain)?),
		Some(Subcommand::BuildSpec(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
		},
		Some(Subcommand::CheckBlock(cmd)) => {
			with_parts(&cli, cmd, |_, parts| cmd.run(parts.client, parts.import_queue))
		},
		Some(Subcommand::ExportBlocks(cmd)) => {
			with_parts(&cli, cmd, |config, parts| cmd.run(parts.client, config.database))
		},
		Some(Subcommand::ExportState(cmd)) => {
			with_parts(&cli, cmd, |config, parts| cmd.run(parts.client, config.chain_spec))
		},
		Some(Subcommand::ImportBlocks(cmd)) => {
			with_parts(&cli, cmd, |_, parts| cmd.run(parts.client, parts.import_queue))
		},
		Some(Subcommand::Revert(cmd)) => with_parts(&cli, cmd, |_, parts| {
			let finality = Box::new(|client, _, blocks| {
				sc_consensus_grandpa::revert(client, blocks)?;
				Ok(())
			});
			cmd.run(parts.client, parts.backend, Some(finality))
		}),
		Some(Subcommand::PurgeChain(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database))
		},
		Some(Subcommand::ChainInfo(cmd)) => {
			cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config))
		},
	}
}

/// Run a node until it is told to stop.
fn run_node(cli: &Cli) -> Result<()> {
	let sealing = cli.sealing;
	cli.create_runner(&cli.run)?.run_node_until_exit(|config| async move {
		ensure_may_seal(&config, sealing)?;
		start(config, sealing).map_err(sc_cli::Error::Service)
	})
}

/// Blocks sealed at will carry no author's signature: no chain of value takes them.
fn ensure_may_seal(config: &Configuration, sealing: Option<Sealing>) -> Result<()> {
	match (sealing, config.chain_spec.chain_type()) {
		(None, _) | (Some(_), ChainType::Development | ChainType::Local) => Ok(()),
		_ => Err("--sealing is for development and local chains only".into()),
	}
}

/// Start a node over the network stack that the command line names.
fn start(
	config: Configuration,
	sealing: Option<Sealing>,
) -> std::result::Result<TaskManager, sc_service::Error> {
	match config.network.network_backend {
		NetworkBackendType::Libp2p => {
			service::start::<NetworkWorker<Block, <Block as BlockT>::Hash>>(config, sealing)
		},
		NetworkBackendType::Litep2p => service::start::<Litep2pNetworkBackend>(config, sealing),
	}
}

/// Run a command on the chain's database, without a network.
fn with_parts<C, F>(cli: &Cli, cmd: &C, task: impl FnOnce(Configuration, Parts) -> F) -> Result<()>
where
	C: sc_cli::CliConfiguration,
	F: Future<Output = Result<()>>,
{
	cli.create_runner(cmd)?.async_run(|config| {
		let (parts, tasks) = service::parts(&config, None)?;
		Ok((task(config, parts), tasks))
	})
}
