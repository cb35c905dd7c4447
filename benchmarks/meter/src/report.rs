//! What goes to the head of a report, and its tables.

use std::{fmt, fs, path::Path, process::Command};

/// When, where and of what something was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
	/// The day, `YYYY-MM-DD`, in UTC.
	pub date: String,
	/// The commit, with a note if the files differ from it.
	pub commit: String,
	/// Processor, cores and memory.
	pub machine: String,
	/// The compiler.
	pub compiler: String,
}

impl Run {
	/// This run, on this machine, of the checkout in `folder`.
	pub fn here(folder: &Path) -> Self {
		let git =
			|arguments: &[&str]| said(Command::new("git").arg("-C").arg(folder).args(arguments));
		let mut commit = git(&["rev-parse", "--short", "HEAD"]);
		if commit.is_empty() {
			commit = "unknown".into();
		} else if !git(&["status", "--porcelain", "--untracked-files=no"]).is_empty() {
			commit.push_str(", with changes");
		}
		Self {
			date: said(Command::new("date").args(["-u", "+%F"])),
			commit,
			machine: machine(),
			compiler: said(Command::new("rustc").arg("--version")),
		}
	}
}

impl fmt::Display for Run {
	fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { date, commit, machine, compiler } = self;
		write!(out, "{date}, commit {commit}, {machine}, {compiler}.")
	}
}

/// What a command prints, or nothing.
fn said(command: &mut Command) -> String {
	let output = command.output().map(|output| output.stdout).unwrap_or_default();
	String::from_utf8_lossy(&output).trim().to_string()
}

fn machine() -> String {
	let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
	let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
	let model = field(&cpu, "model name").unwrap_or("unknown processor");
	let kib: u64 = field(&memory, "MemTotal")
		.and_then(|total| total.split(' ').next()?.parse().ok())
		.unwrap_or(0);
	let cores = std::thread::available_parallelism().map_or(0, usize::from);
	format!("{cores} cores of an {model}, {} GiB", (kib + (1 << 19)) >> 20)
}

/// The value of the first line `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
	let is_it = |line: &&str| line.split(':').next().is_some_and(|key| key.trim() == name);
	text.lines().find(is_it)?.split(':').nth(1).map(str::trim)
}

/// A table, to be written as Markdown.
#[derive(Clone, Debug, Default)]
pub struct Table {
	rows: Vec<Vec<String>>,
}

impl Table {
	/// A table with these columns.
	pub fn new<const N: usize>(columns: [&str; N]) -> Self {
		Self { rows: vec![columns.map(String::from).to_vec()] }
	}

	/// Add a row.
	pub fn row<const N: usize>(&mut self, cells: [String; N]) {
		self.rows.push(cells.to_vec());
	}
}

impl fmt::Display for Table {
	fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
		for (place, row) in self.rows.iter().enumerate() {
			writeln!(out, "| {} |", row.join(" | "))?;
			if place == 0 {
				writeln!(out, "|{}", "---|".repeat(row.len()))?;
			}
		}
		Ok(())
	}
}

/// A number with three significant digits, more before the point if it has more.
pub fn short(number: f64) -> String {
	let digits = match number.abs() {
		size if size >= 100.0 => 0,
		size if size >= 10.0 => 1,
		size if size >= 1.0 => 2,
		_ => 3,
	};
	format!("{number:.digits$}")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_table_is_markdown() {
		let mut table = Table::new(["n", "time"]);
		table.row(["1".into(), short(1234.56)]);
		table.row(["2".into(), short(0.012_34)]);
		assert_eq!(table.to_string(), "| n | time |\n|---|---|\n| 1 | 1235 |\n| 2 | 0.012 |\n");
	}

	#[test]
	fn a_field_is_found_by_its_whole_name() {
		let text = "model\t: 7\nmodel name\t: A processor\n";
		assert_eq!(field(text, "model name"), Some("A processor"));
		assert_eq!(field(text, "name"), None);
	}
}
