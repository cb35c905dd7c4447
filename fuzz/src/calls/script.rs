//! Steps out of bytes.

use crate::Reader;
use codec::{DecodeLimit, Encode};
use dtao_runtime::RuntimeCall;

/// How deep calls may lie in calls, as in a transaction.
const DEPTH: u32 = 256;

/// Blocks that one step lets pass.
const MOST_BLOCKS: u32 = 64;

/// Blocks that one task lets pass: more would take longer than they teach.
const MOST_BLOCKS_IN_ALL: u32 = 160;

/// Governance's number among those who send.
const GOVERNANCE: u8 = 0xff;

/// One thing to do.
#[derive(Clone, Debug)]
pub enum Step {
	/// So many blocks pass.
	Blocks(u32),
	/// Governance sends a call.
	Governance(RuntimeCall),
	/// An account sends a call; its number.
	Account(u8, RuntimeCall),
}

impl Step {
	/// The bytes that say so.
	pub fn bytes(&self) -> Vec<u8> {
		let (what, who, call) = match self {
			Self::Blocks(count) => return vec![0, 0, count.saturating_sub(1) as u8],
			Self::Governance(call) => (1, GOVERNANCE, call.encode()),
			Self::Account(who, call) => (1, *who, call.encode()),
		};
		let mut bytes = vec![what, who];
		bytes.extend((call.len() as u16).to_le_bytes());
		bytes.extend(call);
		bytes
	}
}

/// The steps of a task.
#[derive(Clone, Debug)]
pub struct Script<'a> {
	reader: Reader<'a>,
	blocks_left: u32,
}

impl<'a> Script<'a> {
	/// Reads from `bytes`.
	pub const fn new(bytes: &'a [u8]) -> Self {
		Self { reader: Reader::new(bytes), blocks_left: MOST_BLOCKS_IN_ALL }
	}

	fn call(&mut self) -> Option<RuntimeCall> {
		let length = self.reader.u16().into();
		let mut bytes = self.reader.bytes(length);
		RuntimeCall::decode_with_depth_limit(DEPTH, &mut bytes).ok()
	}
}

impl Iterator for Script<'_> {
	type Item = Step;

	/// The next step that makes sense.
	fn next(&mut self) -> Option<Step> {
		while !self.reader.is_done() {
			let (what, who) = (self.reader.u8(), self.reader.u8());
			if what % 4 == 0 {
				let count = (1 + u32::from(self.reader.u8()) % MOST_BLOCKS).min(self.blocks_left);
				self.blocks_left -= count;
				return Some(Step::Blocks(count));
			}
			let Some(call) = self.call() else { continue };
			return Some(match who {
				GOVERNANCE => Step::Governance(call),
				_ => Step::Account(who, call),
			});
		}
		None
	}
}
