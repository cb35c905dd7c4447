//! What the pallet does, one topic a file.

mod committing;
mod epochs;
mod genesis;
mod invariants;
mod limits;
mod random;
mod revealing;
mod seats;
mod setting;
mod switching;
mod vectors;
mod views;
mod worked_example;

use crate::{
	mock::{
		alpha, wait, FakeMarket, FakeRegistry, RuntimeEvent, RuntimeOrigin, System, Test, Yuma,
		HOTKEY, NETUID,
	},
	types::hash_of,
	Event, Neuron, Neurons, SeatRow,
};
use dtao_primitives::{traits::ConsensusOutcome, Uid};
use frame_support::BoundedVec;
use sp_core::H256;
use sp_runtime::DispatchResult;

/// What commitments are salted with, unless a test says otherwise.
const SALT: &[u8] = b"a salt that nobody guesses";

/// The hotkey that holds the seat `uid` from genesis on.
fn hotkey(uid: u16) -> u64 {
	HOTKEY + u64::from(uid)
}

/// Signed by the hotkey of `uid`.
fn signed(uid: u16) -> RuntimeOrigin {
	RuntimeOrigin::signed(hotkey(uid))
}

/// The uids and the weights of a row, as a call wants them.
fn lists<S: frame_support::traits::Get<u32>>(
	row: &[(u16, u16)],
) -> (BoundedVec<Uid, S>, BoundedVec<u16, S>) {
	let uids: Vec<Uid> = row.iter().map(|(uid, _)| Uid(*uid)).collect();
	let weights: Vec<u16> = row.iter().map(|(_, weight)| *weight).collect();
	(BoundedVec::truncate_from(uids), BoundedVec::truncate_from(weights))
}

/// Let `uid` set weights.
fn set(uid: u16, row: &[(u16, u16)]) -> DispatchResult {
	let (uids, weights) = lists(row);
	Yuma::set_weights(signed(uid), NETUID, uids, weights, 0)
}

/// The hash of a commitment of `uid`.
fn hash(uid: u16, row: &[(u16, u16)], salt: &[u8]) -> H256 {
	let (uids, weights) = lists::<<Test as crate::Config>::MaxSeats>(row);
	hash_of(&hotkey(uid), NETUID, &uids, &weights, salt, 0)
}

/// Let `uid` commit to weights with [`SALT`].
fn commit(uid: u16, row: &[(u16, u16)]) -> DispatchResult {
	Yuma::commit_weights(signed(uid), NETUID, hash(uid, row, SALT))
}

/// Let `uid` reveal weights that it committed to with [`SALT`].
fn reveal(uid: u16, row: &[(u16, u16)]) -> DispatchResult {
	let (uids, weights) = lists(row);
	Yuma::reveal_weights(
		signed(uid),
		NETUID,
		uids,
		weights,
		BoundedVec::truncate_from(SALT.to_vec()),
		0,
	)
}

/// Close the epoch; the first `validators` of `seats` seats have 100 ALPHA each, the others none.
fn close_with(validators: usize, seats: usize) -> ConsensusOutcome {
	let stakes: Vec<u64> =
		(0..seats).map(|uid| if uid < validators { alpha(100) } else { 0 }).collect();
	FakeMarket::close_epoch(NETUID, &stakes).expect("the epoch is decided")
}

/// What is known of the seat `uid`.
fn neuron(uid: u16) -> Neuron {
	Neurons::<Test>::get(NETUID)[usize::from(uid)]
}

/// A row as numbers: a uid, a block, uids and their values.
type Row = (u16, u32, Vec<(u16, u64)>);

/// The rows of weights, as they are stored.
fn rows() -> Vec<Row> {
	plain(Yuma::weights(NETUID))
}

/// Rows as numbers.
fn plain(rows: Vec<SeatRow>) -> Vec<Row> {
	let entries = |row: &SeatRow| row.entries.iter().map(|(uid, value)| (uid.0, *value)).collect();
	rows.iter().map(|row| (row.uid.0, row.at, entries(row))).collect()
}

/// The last thing that happened.
fn assert_last_event(event: Event<Test>) {
	System::assert_last_event(RuntimeEvent::Yuma(event));
}

/// Move on to the block after which `limit` blocks have passed.
fn wait_for_the_rate_limit() {
	wait(limit());
}

/// Blocks between two settings, in [`NETUID`].
fn limit() -> u32 {
	use dtao_primitives::traits::SubnetRegistry;
	FakeRegistry::consensus_params(NETUID).weights_rate_limit
}
