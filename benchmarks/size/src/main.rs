//! Says what a runtime's WASM is made of: the bytes of each section, and of the code those of each
//! crate.

mod module;

use crate::module::Module;
use clap::Parser;
use dtao_meter::report::{Run, Table};
use std::{error::Error, fmt::Write, fs, path::PathBuf};

/// Crates that have less of the code than one in so many are summed up.
const SMALLEST: usize = 200;

/// Say what a WASM module is made of.
#[derive(Parser)]
struct Arguments {
	/// The module, with the names of its functions: `dtao_runtime.wasm`, before it is compacted.
	module: PathBuf,
	/// What is put on chain: the same, compacted and compressed.
	#[arg(long)]
	compressed: Option<PathBuf>,
	/// Write the report there, beside printing it.
	#[arg(long)]
	out: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
	let arguments = Arguments::parse();
	let bytes = fs::read(&arguments.module)?;
	let module = Module::read(&bytes)?;
	let compressed = arguments.compressed.map(fs::metadata).transpose()?;
	let report = report(&module, compressed.map(|file| file.len()))?;
	print!("{report}");
	if let Some(out) = arguments.out {
		fs::write(out, report)?;
	}
	Ok(())
}

fn report(module: &Module, compressed: Option<u64>) -> Result<String, std::fmt::Error> {
	let mut out =
		format!("# What the runtime's WASM is made of\n\n{}\n\n", Run::here(".".as_ref()));
	if let Some(bytes) = compressed {
		writeln!(out, "Compacted and compressed, as it is put on chain: {bytes} bytes.\n")?;
	}
	let mut sections = Table::new(["section", "bytes"]);
	for (name, bytes) in &module.sections {
		sections.row([name.clone(), bytes.to_string()]);
	}
	writeln!(out, "{sections}")?;
	let code: usize = module.crates.values().sum();
	writeln!(
		out,
		"Of the code, by the crate that a function is defined in. What is inlined counts as the \
		 function's that it is inlined into, and an instance of a generic function as that of the crate \
		 that defines it. Functions: {}.\n",
		module.functions
	)?;
	let mut crates = Table::new(["crate", "bytes", "%"]);
	let percent = |bytes: usize| format!("{:.1}", 100.0 * bytes as f64 / code.max(1) as f64);
	let mut by_size: Vec<_> = module.crates.iter().collect();
	by_size.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
	let (large, small): (Vec<_>, Vec<_>) =
		by_size.into_iter().partition(|(_, bytes)| **bytes * SMALLEST >= code);
	for (name, bytes) in large {
		crates.row([format!("`{name}`"), bytes.to_string(), percent(*bytes)]);
	}
	let rest: usize = small.iter().map(|(_, bytes)| **bytes).sum();
	crates.row([format!("{} others", small.len()), rest.to_string(), percent(rest)]);
	writeln!(out, "{crates}")?;
	Ok(out)
}
