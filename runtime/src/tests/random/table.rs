//! What was tried, and what became of it.

use sp_runtime::DispatchError;
use std::collections::BTreeMap;

/// How often each call was tried and accepted, and what refused it.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<&'static str, Row>);

#[derive(Default)]
struct Row {
	tried: u32,
	accepted: u32,
	errors: BTreeMap<&'static str, u32>,
}

impl Table {
	pub(crate) fn note(&mut self, name: &'static str, outcome: Result<(), DispatchError>) {
		let row = self.0.entry(name).or_default();
		row.tried += 1;
		match outcome {
			Ok(()) => row.accepted += 1,
			Err(error) => *row.errors.entry(<&str>::from(error)).or_default() += 1,
		}
	}

	pub(crate) fn print(&self) {
		println!("{:24} {:>8} {:>8}  refused by", "call", "tried", "accepted");
		for (name, row) in &self.0 {
			let mut errors: Vec<_> = row.errors.iter().collect();
			errors.sort_by_key(|(_, times)| core::cmp::Reverse(**times));
			let errors: Vec<_> =
				errors.into_iter().map(|(error, times)| format!("{error} {times}")).collect();
			println!("{name:24} {:8} {:8}  {}", row.tried, row.accepted, errors.join(", "));
		}
		println!("{:24} {:8} {:8}", "all", self.tried(), self.accepted());
	}

	pub(crate) fn tried(&self) -> u32 {
		self.0.values().map(|row| row.tried).sum()
	}

	pub(crate) fn accepted(&self) -> u32 {
		self.0.values().map(|row| row.accepted).sum()
	}

	pub(crate) fn accepted_of(&self, name: &str) -> u32 {
		self.0.get(name).map_or(0, |row| row.accepted)
	}
}
