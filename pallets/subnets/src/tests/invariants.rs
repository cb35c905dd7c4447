//! Each invariant is shown to bite.

use crate::{
	mock::{tao, Subnets, Test, TestExt, ALICE, BOB, CHARLIE, HOTKEY, NETUID, OTHER_HOTKEY},
	Cleaning, ColdkeySwap, ColdkeySwaps, FormerHotkeys, GenesisSubnet, HotkeyIds, Hotkeys,
	Identities, LastLock, Lock, NeuronCost, NeuronCosts, NextHotkeyId, NextNetUid, OwnedHotkey,
	OwnedHotkeys, Rebinding, Rebindings, Seat, Seats, TakeRaise, Uids,
};
use dtao_primitives::{HotkeyId, NetUid, SubnetIdentity, Uid};
use frame_support::traits::Hooks;
use sp_runtime::{PerU16, TryRuntimeError};

/// Corrupt a chain that has everything; expect what the invariants say.
fn corrupted(corrupt: impl FnOnce()) -> TryRuntimeError {
	let subnet = GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(1),
		tempo: None,
		started: true,
		neurons: vec![HOTKEY, OTHER_HOTKEY],
	};
	let ext = TestExt::new().endow(ALICE, tao(10)).hotkey(BOB, OTHER_HOTKEY, None);
	ext.subnet_with(subnet).build().execute_with(|| {
		assert_eq!(Subnets::do_try_state(), Ok(()));
		corrupt();
		Subnets::do_try_state().expect_err("the invariant bites")
	})
}

/// The number of `OTHER_HOTKEY`, and of `HOTKEY`.
const IDS: [HotkeyId; 2] = [HotkeyId(0), HotkeyId(1)];

#[test]
fn invariant_1_bites_when_hotkeys_and_numbers_disagree() {
	assert_eq!(
		corrupted(|| NextHotkeyId::<Test>::put(IDS[1])),
		"invariant 1: a hotkey has a number that was not given out".into()
	);
	assert_eq!(
		corrupted(|| HotkeyIds::<Test>::insert(HOTKEY, IDS[0])),
		"invariant 1: a hotkey's account leads to another number".into()
	);
	assert_eq!(
		corrupted(|| HotkeyIds::<Test>::insert(CHARLIE, IDS[0])),
		"invariant 1: a hotkey's number leads to another account".into()
	);
	assert_eq!(
		corrupted(|| OwnedHotkeys::<Test>::remove(BOB, IDS[0])),
		"invariant 1: a hotkey is not under its owner".into()
	);
	for id in [IDS[0], HotkeyId(9)] {
		assert_eq!(
			corrupted(|| OwnedHotkeys::<Test>::insert(CHARLIE, id, ())),
			"invariant 1: a hotkey is under a coldkey that is not its owner".into()
		);
	}
	assert_eq!(
		corrupted(|| FormerHotkeys::<Test>::insert(CHARLIE, HotkeyId(9))),
		"invariant 1: a former account is of no hotkey".into()
	);
	assert_eq!(
		corrupted(|| FormerHotkeys::<Test>::insert(HOTKEY, IDS[0])),
		"invariant 1: a former account is a hotkey".into()
	);
	assert_eq!(
		corrupted(|| Rebindings::<Test>::insert(HotkeyId(9), Rebinding { to: BOB, from: 1 })),
		"invariant 1: what is no hotkey chooses an owner".into()
	);
}

/// Change the record of the first hotkey.
fn change_hotkey(change: impl FnOnce(&mut OwnedHotkey<u64>)) {
	Hotkeys::<Test>::mutate(IDS[0], |record| change(record.as_mut().unwrap()));
}

/// A raise of the take to `percent`, which takes effect in block `from`.
const fn raise(percent: u16, from: u32) -> Option<TakeRaise> {
	Some(TakeRaise { take: PerU16::from_percent(percent), from })
}

/// What is wrong with a hotkey.
type Change = fn(&mut OwnedHotkey<u64>);

#[test]
fn invariant_2_bites_when_a_take_is_wrong() {
	let takes: [(Change, &'static str); 6] = [
		(
			|record| record.take = PerU16::from_percent(19),
			"invariant 2: a hotkey takes more than the most",
		),
		(
			|record| (record.raise, record.raised_at) = (raise(19, 5), Some(1)),
			"invariant 2: a hotkey takes more than the most",
		),
		(
			|record| (record.raise, record.raised_at) = (raise(18, 5), Some(1)),
			"invariant 2: a raise does not raise the take",
		),
		(
			|record| (record.take, record.raise) = (PerU16::zero(), raise(1, 5)),
			"invariant 2: a raise was not announced",
		),
		(|record| record.raised_at = Some(2), "invariant 2: a hotkey was changed ahead of time"),
		(|record| record.swapped_at = Some(2), "invariant 2: a hotkey was changed ahead of time"),
	];
	for (change, message) in takes {
		assert_eq!(corrupted(|| change_hotkey(change)), message.into());
	}
}

/// Change the record of the first subnet.
fn change_subnet(change: impl FnOnce(&mut crate::Subnet<u64>)) {
	crate::Subnets::<Test>::mutate(NETUID, |subnet| change(subnet.as_mut().unwrap()));
}

/// Copy the record of the first subnet to `netuid`.
fn copy_subnet(netuid: NetUid) {
	crate::Subnets::<Test>::insert(netuid, Subnets::subnet(NETUID).unwrap());
}

#[test]
fn invariant_3_bites_when_subnets_are_wrong() {
	assert_eq!(
		corrupted(|| (2..5).map(NetUid).for_each(copy_subnet)),
		"invariant 3: there are too many subnets".into()
	);
	let counter = crate::Subnets::<Test>::counter_storage_final_key();
	assert_eq!(
		corrupted(|| frame_support::storage::unhashed::put(&counter, &2u32)),
		"invariant 3: subnets are counted wrong".into()
	);
	for netuid in [NetUid::ROOT, NetUid(2)] {
		assert_eq!(
			corrupted(|| copy_subnet(netuid)),
			"invariant 3: a subnet has a number that was not given out".into()
		);
	}
	assert_eq!(
		corrupted(|| NextNetUid::<Test>::put(NETUID)),
		"invariant 3: a subnet has a number that was not given out".into()
	);
	assert_eq!(
		corrupted(|| change_subnet(|subnet| subnet.hotkey = HotkeyId(9))),
		"invariant 3: a subnet's hotkey is unknown".into()
	);
	let changes: [fn(&mut crate::Subnet<u64>); 3] = [
		|subnet| subnet.hyperparams.tempo = 59,
		|subnet| subnet.hyperparams.max_seats = 0,
		|subnet| subnet.hyperparams.max_seats = 5,
	];
	for change in changes {
		assert_eq!(
			corrupted(|| change_subnet(change)),
			"invariant 3: a hyperparameter is out of bounds".into()
		);
	}
	assert_eq!(
		corrupted(|| change_hotkey(|record| record.cuts = 1)),
		"invariant 3: a hotkey counts its cuts wrong".into()
	);
}

#[test]
fn invariant_4_bites_when_a_start_is_out_of_order() {
	let wrong = "invariant 4: a subnet is registered after its start, or ahead of time".into();
	let changes: [fn(&mut crate::Subnet<u64>); 5] = [
		|subnet| subnet.registered_at = 1,
		|subnet| subnet.started_at = Some(2),
		|subnet| subnet.hyperparams_set_at = Some(2),
		|subnet| {
			(subnet.registered_at, subnet.started_at) = (1, None);
			subnet.hyperparams_set_at = Some(0);
		},
		|subnet| (subnet.registered_at, subnet.started_at) = (2, None),
	];
	for change in changes {
		assert_eq!(corrupted(|| change_subnet(change)), wrong);
	}
}

#[test]
fn invariant_5_bites_when_seats_and_uids_disagree() {
	let seat = |hotkey| Seat { hotkey, registered_at: 0 };
	assert_eq!(
		corrupted(|| Seats::<Test>::try_append(NetUid(2), seat(IDS[0])).unwrap()),
		"invariant 5: an unknown subnet has seats".into()
	);
	assert_eq!(
		corrupted(|| Seats::<Test>::try_append(NETUID, seat(HotkeyId(9))).unwrap()),
		"invariant 5: an unknown hotkey is seated".into()
	);
	assert_eq!(
		corrupted(|| Seats::<Test>::try_append(NETUID, seat(IDS[0])).unwrap()),
		"invariant 5: a seat is not where the index says".into()
	);
	assert_eq!(
		corrupted(|| Uids::<Test>::insert(NetUid(2), IDS[0], Uid(0))),
		"invariant 5: the index has uids without seat".into()
	);
	assert_eq!(
		corrupted(|| change_hotkey(|record| record.seats = 2)),
		"invariant 5: a hotkey counts its seats wrong".into()
	);
	assert_eq!(
		corrupted(|| change_subnet(|subnet| subnet.hyperparams.max_seats = 1)),
		"invariant 5: a subnet has more seats than it is set to".into()
	);
	let hurry = |seats: &mut frame_support::BoundedVec<Seat, _>| {
		seats.iter_mut().for_each(|seat| seat.registered_at = 2);
	};
	assert_eq!(
		corrupted(|| Seats::<Test>::mutate(NETUID, hurry)),
		"invariant 5: a seat is taken ahead of time".into()
	);
}

#[test]
fn invariant_6_bites_when_costs_follow_from_nothing() {
	let cost = |at| NeuronCost { cost: tao(1), at };
	assert_eq!(
		corrupted(|| LastLock::<Test>::put(Lock { paid: tao(1), at: 2 })),
		"invariant 6: the last subnet is registered ahead of time".into()
	);
	assert_eq!(
		corrupted(|| NeuronCosts::<Test>::insert(NetUid(2), cost(0))),
		"invariant 6: an unknown subnet has a neuron cost".into()
	);
	assert_eq!(
		corrupted(|| NeuronCosts::<Test>::insert(NETUID, cost(2))),
		"invariant 6: a neuron is registered ahead of time".into()
	);
}

#[test]
fn invariant_7_bites_when_what_is_said_is_wrong() {
	let said = |name: &[u8]| SubnetIdentity {
		name: name.to_vec().try_into().unwrap(),
		..Default::default()
	};
	assert_eq!(
		corrupted(|| Identities::<Test>::insert(NetUid(2), said(b"gone"))),
		"invariant 7: an unknown subnet says something".into()
	);
	for name in [&b""[..], &[0xff]] {
		assert_eq!(
			corrupted(|| Identities::<Test>::insert(NETUID, said(name))),
			"invariant 7: a subnet says nothing that can be read".into()
		);
	}
}

#[test]
fn invariant_8_bites_when_the_wrong_is_cleaned_up() {
	let cases = [
		(NetUid::ROOT, "invariant 8: what was not given out is cleaned up"),
		(NetUid(3), "invariant 8: what was not given out is cleaned up"),
		(NETUID, "invariant 8: a subnet that exists is cleaned up"),
		(NetUid(2), "invariant 8: there is nothing to clean up"),
	];
	for (netuid, message) in cases {
		let clean = || {
			NextNetUid::<Test>::put(NetUid(3));
			Cleaning::<Test>::insert(netuid, ());
		};
		assert_eq!(corrupted(clean), message.into());
	}
}

#[test]
fn invariant_9_bites_when_a_coldkey_is_exchanged_for_itself() {
	let swap = ColdkeySwap { to: ALICE, at: 0 };
	assert_eq!(
		corrupted(|| ColdkeySwaps::<Test>::insert(ALICE, swap)),
		"invariant 9: a coldkey is exchanged for itself".into()
	);
}

#[test]
fn the_mocks_configuration_is_sound() {
	TestExt::new().execute_with(<Subnets as Hooks<u32>>::integrity_test);
}
