//! Random sequences of calls break no invariant, and each invariant is shown to bite.

use super::{issuance, plus, signed};
use crate::{
	mock::{
		tao, wait, RuntimeEvent, Subnets, System, Test, TestExt, ALICE, BOB, CHARLIE, HOTKEY,
		NETUID, OTHER_HOTKEY,
	},
	Event, GenesisSubnet, HotkeyIds, Hotkeys, LastLock, Lock, NeuronCost, NeuronCosts,
	NextHotkeyId, NextNetUid, Seat, Seats, Uids,
};
use dtao_primitives::{HotkeyId, NetUid, Tao, Uid};
use frame_support::traits::Hooks;
use proptest::prelude::*;
use sp_runtime::{DispatchError, DispatchResult, PerU16, TryRuntimeError};

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
}

#[test]
fn invariant_2_bites_when_a_take_is_too_high() {
	let raise = || {
		Hotkeys::<Test>::mutate(IDS[0], |record| {
			record.as_mut().unwrap().take = PerU16::from_percent(19);
		});
	};
	assert_eq!(corrupted(raise), "invariant 2: a hotkey takes more than the most".into());
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
	assert_eq!(
		corrupted(|| change_subnet(|subnet| subnet.tempo = 59)),
		"invariant 3: a tempo is out of bounds".into()
	);
}

#[test]
fn invariant_4_bites_when_a_start_is_out_of_order() {
	let wrong = "invariant 4: a subnet is registered after its start, or ahead of time".into();
	let changes: [fn(&mut crate::Subnet<u64>); 3] = [
		|subnet| subnet.registered_at = 1,
		|subnet| subnet.started_at = Some(2),
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
fn the_mocks_configuration_is_sound() {
	TestExt::new().execute_with(<Subnets as Hooks<u32>>::integrity_test);
}

/// What a random sequence does.
#[derive(Clone, Debug)]
enum Command {
	RegisterSubnet { who: u64, hotkey: u64 },
	StartCall { who: u64, netuid: NetUid },
	RegisterNeuron { who: u64, netuid: NetUid, hotkey: u64, max_cost: Tao },
	SetTake { who: u64, hotkey: u64, take: PerU16 },
	Wait { blocks: u32 },
}

impl Command {
	/// Do it.
	fn attempt(self) -> DispatchResult {
		match self {
			Self::RegisterSubnet { who, hotkey } => Subnets::register_subnet(signed(who), hotkey, ANY),
			Self::StartCall { who, netuid } => Subnets::start_call(signed(who), netuid),
			Self::RegisterNeuron { who, netuid, hotkey, max_cost } => {
				Subnets::register_neuron(signed(who), netuid, hotkey, max_cost)
			},
			Self::SetTake { who, hotkey, take } => Subnets::set_take(signed(who), hotkey, take),
			Self::Wait { blocks } => {
				wait(blocks);
				Ok(())
			},
		}
	}
}

fn command() -> impl Strategy<Value = Command> {
	let who = ALICE..=CHARLIE;
	let hotkey = HOTKEY..HOTKEY + 6;
	let netuid = (0u16..4).prop_map(NetUid);
	let cost = prop_oneof![Just(u64::MAX), 0..200_000_000u64].prop_map(Tao);
	let take = (0..=20u16).prop_map(PerU16::from_percent);
	prop_oneof![
		(who.clone(), hotkey.clone())
			.prop_map(|(who, hotkey)| Command::RegisterSubnet { who, hotkey }),
		(who.clone(), netuid.clone()).prop_map(|(who, netuid)| Command::StartCall { who, netuid }),
		(who.clone(), netuid, hotkey.clone(), cost).prop_map(|(who, netuid, hotkey, max_cost)| {
			Command::RegisterNeuron { who, netuid, hotkey, max_cost }
		}),
		(who, hotkey, take).prop_map(|(who, hotkey, take)| Command::SetTake { who, hotkey, take }),
		(1..30u32).prop_map(|blocks| Command::Wait { blocks }),
	]
}

/// What neurons have paid by the events.
fn recycled() -> Tao {
	let paid = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Subnets(Event::NeuronRegistered { cost, .. }) => Some(cost),
		_ => None,
	});
	paid.fold(Tao::ZERO, plus)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	/// Whatever is called, in whatever order, the invariants hold after each step, and TAO is
	/// what it was less what neurons paid.
	#[test]
	fn no_sequence_of_calls_breaks_an_invariant(
		commands in prop::collection::vec(command(), 1..64)
	) {
		let ext = TestExt::new().endow(ALICE, tao(60)).endow(BOB, tao(60)).endow(CHARLIE, tao(1));
		ext.execute_with(|| {
			let before = issuance();
			for command in commands {
				// A refusal is a fine outcome, if it is named. A broken invariant is not.
				if let Err(error) = command.attempt() {
					let is_named = matches!(error, DispatchError::Module(_) | DispatchError::Token(_));
					prop_assert!(is_named, "{:?}", error);
				}
				prop_assert_eq!(Subnets::do_try_state(), Ok(()));
				prop_assert_eq!(plus(issuance(), recycled()), before);
			}
			Ok(())
		})?;
	}
}
