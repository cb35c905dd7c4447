//! The layout of the first release becomes today's, row by row, and nothing else changes.

use super::*;
use crate::{
	migrations::v1::{v0, ToV1, MAX_ROWS},
	mock::{RuntimeGenesisConfig, MAX_SUBNETS},
	Pallet, Subnets as Rows,
};
use frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	pallet_prelude::StorageVersion,
	traits::GetStorageVersion,
	weights::WeightMeter,
};

/// More rows than two blocks migrate.
const ROWS: u16 = 2 * MAX_ROWS as u16 + 3;

/// A row of the first release; each differs from the others.
fn old(netuid: u16) -> v0::Subnet<u64> {
	v0::Subnet {
		owner: u64::from(netuid),
		hotkey: HotkeyId(netuid.into()),
		registered_at: netuid.into(),
		started_at: netuid.is_multiple_of(2).then_some(7),
		hyperparams: v0::Hyperparams {
			tempo: 100 + u32::from(netuid),
			neuron_immunity: 50,
			max_seats: netuid,
			registration_open: netuid.is_multiple_of(3),
		},
		hyperparams_set_at: Some(9),
		dissolve_from: None,
	}
}

/// The storage of the first release.
fn first_release() {
	StorageVersion::new(0).put::<Pallet<Test>>();
	for netuid in 1..=ROWS {
		v0::Subnets::<Test>::insert(NetUid(netuid), old(netuid));
	}
}

fn step(cursor: Option<NetUid>) -> Result<Option<NetUid>, SteppedMigrationError> {
	ToV1::<Test>::transactional_step(cursor, &mut WeightMeter::new())
}

/// One step after the other. Returns how many it took.
fn all_steps() -> u32 {
	let (mut cursor, mut steps) = (None, 0);
	loop {
		cursor = step(cursor).expect("each step succeeds");
		steps += 1;
		if cursor.is_none() {
			return steps;
		}
	}
}

#[test]
fn each_row_keeps_what_its_owner_had_set() {
	sp_io::TestExternalities::default().execute_with(|| {
		first_release();
		let noted = ToV1::<Test>::pre_upgrade().expect("it can run");
		assert_eq!(all_steps(), 3, "three blocks for {ROWS} rows");
		for netuid in 1..=ROWS {
			let (old, new) = (old(netuid), Rows::<Test>::get(NetUid(netuid)).expect("it is there"));
			assert_eq!((new.owner, new.hotkey), (old.owner, old.hotkey));
			assert_eq!(new.started_at, old.started_at);
			assert_eq!(new.hyperparams.tempo, old.hyperparams.tempo);
			assert_eq!(new.hyperparams.max_seats, old.hyperparams.max_seats);
			assert_eq!(new.hyperparams.registration_open, old.hyperparams.registration_open);
			assert_eq!(new.hyperparams.validate(), Ok(()));
		}
		ToV1::<Test>::post_upgrade(noted).expect("it did what it should");
	});
}

#[test]
fn it_does_not_run_twice() {
	sp_io::TestExternalities::default().execute_with(|| {
		first_release();
		all_steps();
		let before: Vec<_> = Rows::<Test>::iter().collect();
		let noted = ToV1::<Test>::pre_upgrade().expect("it can run again");
		assert_eq!(all_steps(), 1);
		ToV1::<Test>::post_upgrade(noted).expect("nothing is left to do");
		assert_eq!(Rows::<Test>::iter().collect::<Vec<_>>(), before);
	});
}

#[test]
fn a_new_chain_begins_with_the_version_of_its_code() {
	use sp_runtime::BuildStorage;
	let genesis = RuntimeGenesisConfig::default().build_storage().expect("genesis builds");
	sp_io::TestExternalities::from(genesis).execute_with(|| {
		assert_eq!(Pallet::<Test>::on_chain_storage_version(), 1);
		assert_eq!(step(None), Ok(None));
	});
}

#[test]
fn a_row_that_cannot_be_read_stops_the_migration_and_stays() {
	sp_io::TestExternalities::default().execute_with(|| {
		first_release();
		let key = v0::Subnets::<Test>::hashed_key_for(NetUid(ROWS));
		sp_io::storage::set(&key, &[1, 2, 3]);
		let mut cursor = None;
		let failure = loop {
			match step(cursor) {
				Ok(Some(next)) => cursor = Some(next),
				other => break other,
			}
		};
		assert_eq!(failure, Err(SteppedMigrationError::Failed));
		assert_eq!(sp_io::storage::get(&key).expect("it is there")[..], [1, 2, 3]);
		assert_eq!(Pallet::<Test>::on_chain_storage_version(), 0);
	});
}

#[test]
fn it_may_take_as_many_blocks_as_the_most_rows_need() {
	let most = ToV1::<Test>::max_steps().expect("it is bounded");
	assert_eq!(most, MAX_SUBNETS.div_ceil(MAX_ROWS) + 1);
}
