//! Who owns a hotkey.

use super::{record_of, signed, ANY};
use crate::{
	mock::{tao, wait, Subnets, Test, TestExt, ALICE, BOB, CHARLIE, HOTKEY, NETUID, OTHER_HOTKEY},
	Error, Hotkeys, OwnedHotkey, MAX_TAKE,
};
use dtao_primitives::HotkeyId;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::PerU16;

#[test]
fn a_hotkey_is_owned_by_the_first_that_registers_with_it() {
	let rich = |ext: TestExt, who| ext.endow(who, tao(100));
	[ALICE, BOB, CHARLIE].into_iter().fold(TestExt::new(), rich).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, OTHER_HOTKEY, ANY));

		let owned = |account, owner| OwnedHotkey::new(account, owner, MAX_TAKE);
		assert_eq!(record_of(HOTKEY), OwnedHotkey { cuts: 1, ..owned(HOTKEY, ALICE) });
		assert_eq!(record_of(OTHER_HOTKEY), OwnedHotkey { seats: 1, ..owned(OTHER_HOTKEY, BOB) });
		wait(10);
		for hotkey in [HOTKEY, OTHER_HOTKEY] {
			assert_noop!(
				Subnets::register_subnet(signed(CHARLIE), hotkey, ANY),
				Error::<Test>::NotHotkeyOwner
			);
			assert_noop!(
				Subnets::register_neuron(signed(CHARLIE), NETUID, hotkey, ANY),
				Error::<Test>::NotHotkeyOwner
			);
		}
	});
}

#[test]
fn a_hotkey_keeps_its_number_and_take_when_it_registers_again() {
	let take = PerU16::from_percent(5);
	TestExt::new().endow(ALICE, tao(100)).hotkey(ALICE, HOTKEY, Some(take)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, HOTKEY, ANY));
		let record = OwnedHotkey { cuts: 1, seats: 1, ..OwnedHotkey::new(HOTKEY, ALICE, take) };
		assert_eq!(Hotkeys::<Test>::iter().collect::<Vec<_>>(), [(HotkeyId(0), record)]);
	});
}

#[test]
fn a_coldkey_may_be_its_own_hotkey() {
	TestExt::new().endow(ALICE, tao(100)).execute_with(|| {
		assert_ok!(Subnets::register_subnet(signed(ALICE), ALICE, ANY));
		assert_ok!(Subnets::register_neuron(signed(ALICE), NETUID, ALICE, ANY));
	});
}
