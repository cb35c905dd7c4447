//! While the market is halted a block is counted and nothing else, and afterwards it goes on.

use super::*;
use crate::HaltedBlocks;
use frame_support::weights::Weight;

/// All that the market stores of its subnets, and all the TAO there is.
fn state() -> (Vec<(NetUid, Market)>, u64) {
	(Markets::<Test>::iter().collect(), Balances::total_issuance())
}

#[test]
fn a_halted_block_is_counted_and_changes_nothing_else() {
	TestExt::new().subnet(500).subnet(300).seats(1).execute_with(|| {
		run_blocks(3);
		let before = state();
		System::reset_events();
		IsHalted::set(true);
		run_blocks(1);
		assert_eq!(events(), [Event::BlockHalted { blocks: 1 }]);
		run_blocks(4);
		assert_eq!(HaltedBlocks::<Test>::get(), 5);
		assert_eq!(state(), before);
	});
}

#[test]
fn after_the_halt_a_block_gives_what_it_gave_before() {
	TestExt::new().subnet(500).seats(1).execute_with(|| {
		run_blocks(1);
		let (_, before) = state();
		IsHalted::set(true);
		run_blocks(4);
		IsHalted::set(false);
		run_blocks(1);
		let (_, after) = state();
		assert_eq!(after - before, tao(1).get(), "one block's, and not five");
	});
}

#[test]
fn what_dissolved_subnets_owe_waits_for_the_end_of_the_halt() {
	TestExt::new().execute_with(|| {
		IsHalted::set(true);
		let consumed = Dtao::on_idle(System::block_number(), Weight::MAX);
		assert_eq!(consumed, Weight::zero(), "the mock's database costs nothing");
		IsHalted::set(false);
		assert_ne!(Dtao::on_idle(System::block_number(), Weight::MAX), consumed);
	});
}
