//! What tests migrate with: the real migrations, where a build for benchmarks has mocked ones.

use super::MultiBlock;
use alloc::vec::Vec;
use frame_support::{
	migrations::{SteppedMigrationError, SteppedMigrations},
	weights::WeightMeter,
};

/// [`MultiBlock`], under a name to which the benchmarks' trait can be given.
pub struct Tested;

type Stepped = Option<Result<Option<Vec<u8>>, SteppedMigrationError>>;

impl SteppedMigrations for Tested {
	fn len() -> u32 {
		MultiBlock::len()
	}

	fn nth_id(n: u32) -> Option<Vec<u8>> {
		MultiBlock::nth_id(n)
	}

	fn nth_max_steps(n: u32) -> Option<Option<u32>> {
		MultiBlock::nth_max_steps(n)
	}

	fn nth_step(n: u32, cursor: Option<Vec<u8>>, meter: &mut WeightMeter) -> Stepped {
		MultiBlock::nth_step(n, cursor, meter)
	}

	fn nth_transactional_step(n: u32, cursor: Option<Vec<u8>>, meter: &mut WeightMeter) -> Stepped {
		MultiBlock::nth_transactional_step(n, cursor, meter)
	}

	fn nth_migrating_prefixes(n: u32) -> Option<Option<Vec<Vec<u8>>>> {
		MultiBlock::nth_migrating_prefixes(n)
	}

	fn nth_pre_upgrade(n: u32) -> Option<Result<Vec<u8>, sp_runtime::TryRuntimeError>> {
		MultiBlock::nth_pre_upgrade(n)
	}

	fn nth_post_upgrade(n: u32, noted: Vec<u8>) -> Option<Result<(), sp_runtime::TryRuntimeError>> {
		MultiBlock::nth_post_upgrade(n, noted)
	}

	fn cursor_max_encoded_len() -> usize {
		MultiBlock::cursor_max_encoded_len()
	}

	fn identifier_max_encoded_len() -> usize {
		MultiBlock::identifier_max_encoded_len()
	}
}

impl pallet_migrations::MockedMigrations for Tested {
	fn set_fail_after(_: u32) {
		unreachable!("no benchmark runs in a test");
	}

	fn set_success_after(_: u32) {
		unreachable!("no benchmark runs in a test");
	}
}
