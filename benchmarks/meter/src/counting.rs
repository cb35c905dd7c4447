//! The storage that a piece of code touches, at the level of host calls: what the runtime asks of
//! the node, before any overlay or cache.

use sp_externalities::{
	set_and_run_with_externalities, Error, Extension, ExtensionStore, Externalities,
	MultiRemovalResults,
};
use sp_storage::{ChildInfo, StateVersion, TrackedStorageKey};
use std::{
	any::{Any, TypeId},
	collections::BTreeMap,
};

/// Keys, each with how often it was asked for.
type Calls = BTreeMap<Vec<u8>, u32>;

/// What was touched. Child tries are not used here, and not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
	read: Calls,
	written: Calls,
}

/// The sums of what was touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
	/// Distinct keys read.
	pub keys_read: usize,
	/// Distinct keys written.
	pub keys_written: usize,
	/// Host calls that read.
	pub reads: u32,
	/// Host calls that write.
	pub writes: u32,
}

impl Touched {
	/// The sums.
	pub fn counts(&self) -> Counts {
		Counts {
			keys_read: self.read.len(),
			keys_written: self.written.len(),
			reads: self.read.values().sum(),
			writes: self.written.values().sum(),
		}
	}

	/// The keys read, each once, in order.
	pub fn keys_read(&self) -> impl Iterator<Item = &[u8]> {
		self.read.keys().map(Vec::as_slice)
	}

	/// The keys written, each once, in order.
	pub fn keys_written(&self) -> impl Iterator<Item = &[u8]> {
		self.written.keys().map(Vec::as_slice)
	}

	/// The same with only the keys that begin with `prefix`.
	pub fn only(mut self, prefix: &[u8]) -> Self {
		self.read.retain(|key, _| key.starts_with(prefix));
		self.written.retain(|key, _| key.starts_with(prefix));
		self
	}

	/// The same without the keys that begin with one of `prefixes`.
	pub fn without(mut self, prefixes: &[Vec<u8>]) -> Self {
		let is_kept = |key: &Vec<u8>| !prefixes.iter().any(|prefix| key.starts_with(prefix));
		self.read.retain(|key, _| is_kept(key));
		self.written.retain(|key, _| is_kept(key));
		self
	}
}

/// Run `what` on `state`, and say what it touched.
pub fn counted<R>(state: &mut dyn Externalities, what: impl FnOnce() -> R) -> (R, Touched) {
	let mut counting = Counting::new(state);
	let result = set_and_run_with_externalities(&mut counting, what);
	(result, counting.touched)
}

/// A state that counts what is asked of it.
///
/// A benchmark of FRAME's that runs on it is told the distinct keys that it reads and writes, but for
/// those that are let off. What it commits stays where it is, and nothing is wiped: each needs a state
/// of its own.
pub struct Counting<'a> {
	state: &'a mut dyn Externalities,
	touched: Touched,
	let_off: Vec<TrackedStorageKey>,
}

impl<'a> Counting<'a> {
	/// Count what is asked of `state`.
	pub fn new(state: &'a mut dyn Externalities) -> Self {
		Self { state, touched: Touched::default(), let_off: Vec::new() }
	}

	/// What was asked.
	pub fn touched(self) -> Touched {
		self.touched
	}

	fn reads(&mut self, key: &[u8]) {
		count(&mut self.touched.read, key);
	}

	fn writes(&mut self, key: &[u8]) {
		count(&mut self.touched.written, key);
	}
}

fn count(calls: &mut Calls, key: &[u8]) {
	let times = calls.entry(key.to_vec()).or_default();
	*times = times.saturating_add(1);
}

impl Externalities for Counting<'_> {
	fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.reads(key);
		self.state.storage(key)
	}

	fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.reads(key);
		self.state.storage_hash(key)
	}

	fn exists_storage(&mut self, key: &[u8]) -> bool {
		self.reads(key);
		self.state.exists_storage(key)
	}

	fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
		self.reads(key);
		self.state.next_storage_key(key)
	}

	fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
		self.writes(&key);
		self.state.place_storage(key, value);
	}

	fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
		self.writes(&key);
		self.state.storage_append(key, value);
	}

	fn clear_prefix(
		&mut self,
		prefix: &[u8],
		maybe_limit: Option<u32>,
		maybe_cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		self.writes(prefix);
		self.state.clear_prefix(prefix, maybe_limit, maybe_cursor)
	}

	fn set_offchain_storage(&mut self, key: &[u8], value: Option<&[u8]>) {
		self.state.set_offchain_storage(key, value);
	}

	fn child_storage_hash(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
		self.state.child_storage_hash(child_info, key)
	}

	fn child_storage(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
		self.state.child_storage(child_info, key)
	}

	fn next_child_storage_key(&mut self, child_info: &ChildInfo, key: &[u8]) -> Option<Vec<u8>> {
		self.state.next_child_storage_key(child_info, key)
	}

	fn kill_child_storage(
		&mut self,
		child_info: &ChildInfo,
		maybe_limit: Option<u32>,
		maybe_cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		self.state.kill_child_storage(child_info, maybe_limit, maybe_cursor)
	}

	fn clear_child_prefix(
		&mut self,
		child_info: &ChildInfo,
		prefix: &[u8],
		maybe_limit: Option<u32>,
		maybe_cursor: Option<&[u8]>,
	) -> MultiRemovalResults {
		self.state.clear_child_prefix(child_info, prefix, maybe_limit, maybe_cursor)
	}

	fn place_child_storage(
		&mut self,
		child_info: &ChildInfo,
		key: Vec<u8>,
		value: Option<Vec<u8>>,
	) {
		self.state.place_child_storage(child_info, key, value);
	}

	fn storage_root(&mut self, state_version: StateVersion) -> Vec<u8> {
		self.state.storage_root(state_version)
	}

	fn child_storage_root(
		&mut self,
		child_info: &ChildInfo,
		state_version: StateVersion,
	) -> Vec<u8> {
		self.state.child_storage_root(child_info, state_version)
	}

	fn storage_start_transaction(&mut self) {
		self.state.storage_start_transaction();
	}

	fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
		self.state.storage_rollback_transaction()
	}

	fn storage_commit_transaction(&mut self) -> Result<(), ()> {
		self.state.storage_commit_transaction()
	}

	fn wipe(&mut self) {}

	fn commit(&mut self) {}

	/// Keys read, reads of the same again, keys written, writes of the same again.
	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		let counts = |calls: &Calls| {
			let is_let_off = |key: &&Vec<u8>| self.let_off.iter().any(|off| off.key == **key);
			let keys = calls.keys().filter(|key| !is_let_off(key)).count();
			let keys = u32::try_from(keys).unwrap_or(u32::MAX);
			(keys, calls.values().sum::<u32>().saturating_sub(keys))
		};
		let (read, read_again) = counts(&self.touched.read);
		let (written, written_again) = counts(&self.touched.written);
		(read, read_again, written, written_again)
	}

	fn reset_read_write_count(&mut self) {
		self.touched = Touched::default();
	}

	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		self.let_off.clone()
	}

	fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
		self.let_off = new;
	}

	fn proof_size(&self) -> Option<u32> {
		None
	}

	fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
		Vec::new()
	}
}

impl ExtensionStore for Counting<'_> {
	fn extension_by_type_id(&mut self, type_id: TypeId) -> Option<&mut dyn Any> {
		self.state.extension_by_type_id(type_id)
	}

	fn register_extension_with_type_id(
		&mut self,
		type_id: TypeId,
		extension: Box<dyn Extension>,
	) -> Result<(), Error> {
		self.state.register_extension_with_type_id(type_id, extension)
	}

	fn deregister_extension_by_type_id(&mut self, type_id: TypeId) -> Result<(), Error> {
		self.state.deregister_extension_by_type_id(type_id)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_io::{storage, TestExternalities};

	#[test]
	fn each_call_and_each_key_is_counted() {
		let mut state = TestExternalities::default();
		let ((), touched) = counted(&mut state.ext(), || {
			storage::set(b"one", b"1");
			storage::set(b"one", b"2");
			storage::append(b"list", vec![4]);
			storage::clear(b"two");
			assert_eq!(storage::get(b"one").expect("it was set"), b"2"[..]);
			assert!(!storage::exists(b"two"));
			assert_eq!(storage::get(b"one").expect("it was set"), b"2"[..]);
		});
		assert_eq!(touched.counts(), Counts { keys_read: 2, keys_written: 3, reads: 3, writes: 4 });
		let left = touched.without(&[b"on".to_vec()]);
		assert_eq!(left.counts(), Counts { keys_read: 1, keys_written: 2, reads: 1, writes: 2 });
	}

	#[test]
	fn what_is_counted_is_done() {
		let mut state = TestExternalities::default();
		let ((), _) = counted(&mut state.ext(), || {
			storage::start_transaction();
			storage::set(b"kept", b"1");
			storage::commit_transaction();
			storage::start_transaction();
			storage::set(b"undone", b"1");
			storage::rollback_transaction();
		});
		state.execute_with(|| {
			assert!(storage::exists(b"kept"));
			assert!(!storage::exists(b"undone"));
		});
	}
}
