//! What other pallets are told, and what clients depend on.

use super::{id_of, signed, ANY};
use crate::{
	mock::{
		tao, wait, FakeMarket, MarketIsOpen, RuntimeCall, Subnets, Test, TestExt, ALICE, BOB,
		HOTKEY, NETUID, OTHER_HOTKEY,
	},
	Call, Error, Event, GenesisSubnet, MAX_TAKE,
};
use codec::Encode;
use dtao_primitives::{
	constants::DEFAULT_TEMPO,
	traits::{Hotkey, SubnetOwner, SubnetRegistry},
	HotkeyId, Hyperparams, NetUid, SubnetIdentity, Tao,
};
use frame_support::assert_noop;
use sp_runtime::PerU16;

/// A subnet of Alice's with two seats.
fn two_seats() -> TestExt {
	TestExt::new().endow(ALICE, tao(10)).hotkey(BOB, OTHER_HOTKEY, None).subnet_with(
		GenesisSubnet {
			owner: ALICE,
			hotkey: HOTKEY,
			lock: tao(1),
			tempo: Some(100),
			started: true,
			neurons: vec![OTHER_HOTKEY, HOTKEY],
		},
	)
}

#[test]
fn the_registry_knows_hotkeys() {
	two_seats().execute_with(|| {
		let owned = Hotkey { account: OTHER_HOTKEY, owner: BOB, take: MAX_TAKE };
		assert_eq!(Subnets::hotkey_id(&OTHER_HOTKEY), Some(HotkeyId(0)));
		assert_eq!(Subnets::hotkey(HotkeyId(0)), Some(owned));
		assert_eq!(Subnets::hotkey_id(&ALICE), None);
		assert_eq!(Subnets::hotkey(HotkeyId(u32::MAX)), None);
	});
}

#[test]
fn the_registry_knows_subnets() {
	two_seats().execute_with(|| {
		let owner = SubnetOwner { coldkey: ALICE, hotkey: id_of(HOTKEY) };
		assert_eq!(<Subnets as SubnetRegistry<u64>>::owner(NETUID), Some(owner));
		assert_eq!(<Subnets as SubnetRegistry<u64>>::tempo(NETUID), 100);
		assert_eq!(Subnets::netuids(), [NETUID]);
		assert!(Subnets::exists(NETUID));
	});
}

#[test]
fn root_exists_and_has_neither_owner_nor_seats() {
	TestExt::new().execute_with(|| {
		let root = NetUid::ROOT;
		assert!(Subnets::exists(root));
		assert!(!Subnets::exists(NETUID));
		assert_eq!(Subnets::subnet(root), None);
		assert_eq!(<Subnets as SubnetRegistry<u64>>::owner(root), None);
		assert_eq!(super::seats(root), []);
		assert_eq!(<Subnets as SubnetRegistry<u64>>::tempo(root), DEFAULT_TEMPO);
		assert_eq!(Subnets::netuids(), []);
	});
}

#[test]
fn what_the_market_refuses_changes_nothing() {
	TestExt::new().endow(ALICE, tao(100)).subnet(ALICE, HOTKEY).execute_with(|| {
		wait(5);
		MarketIsOpen::set(false);
		let closed = FakeMarket::CLOSED;
		assert_noop!(Subnets::register_subnet(signed(ALICE), OTHER_HOTKEY, ANY), closed);
		assert_noop!(Subnets::start_call(signed(ALICE), NETUID), closed);
		assert_noop!(
			Subnets::register_neuron(signed(ALICE), NETUID, OTHER_HOTKEY, Tao(u64::MAX)),
			closed
		);
	});
}

#[test]
fn calls_keep_their_encoding() {
	let params = Hyperparams::new(360, 5_000);
	let consensus = (
		// κ, the most validators, the least stake; how bonds move.
		(32_767u16, 64u16, 1_000_000_000u64, 1u8, 58_981u16, 65_535u16, None::<(u16, u16, u8)>),
		// What weights have to be, and when.
		(5_000u32, 1u16, 65_535u16, 100u32, 0u64, true, 1u16),
	);
	let identity = SubnetIdentity { name: b"n".to_vec().try_into().unwrap(), ..Default::default() };
	let calls: [(Call<Test>, Vec<u8>); 13] = [
		(
			Call::register_subnet { hotkey: HOTKEY, max_lock: Tao(u64::MAX) },
			(0u8, HOTKEY, codec::Compact(u64::MAX)).encode(),
		),
		(Call::start_call { netuid: NETUID }, (1u8, 1u16).encode()),
		(
			Call::register_neuron { netuid: NETUID, hotkey: HOTKEY, max_cost: Tao(u64::MAX) },
			(2u8, 1u16, HOTKEY, codec::Compact(u64::MAX)).encode(),
		),
		(
			Call::set_take { hotkey: HOTKEY, take: PerU16::from_parts(7) },
			(3u8, HOTKEY, 7u16).encode(),
		),
		(Call::dissolve_subnet { netuid: NETUID }, (4u8, 1u16).encode()),
		(Call::cancel_dissolve { netuid: NETUID }, (5u8, 1u16).encode()),
		(Call::rebind_hotkey { coldkey: ALICE }, (6u8, ALICE).encode()),
		(
			Call::set_subnet_params { netuid: NETUID, params },
			(7u8, 1u16, 360u32, 5_000u32, 256u16, true, consensus).encode(),
		),
		(
			Call::set_subnet_identity { netuid: NETUID, identity },
			(8u8, 1u16, "n", "", "", "", "").encode(),
		),
		(
			Call::swap_hotkey { hotkey: HOTKEY, new_hotkey: OTHER_HOTKEY },
			(9u8, HOTKEY, OTHER_HOTKEY).encode(),
		),
		(Call::announce_coldkey_swap { new_coldkey: BOB }, (10u8, BOB).encode()),
		(Call::cancel_coldkey_swap {}, 11u8.encode()),
		(Call::swap_coldkey { coldkey: ALICE }, (12u8, ALICE).encode()),
	];
	for (call, encoded) in calls {
		assert_eq!(call.encode(), encoded);
		let in_runtime = RuntimeCall::Subnets(call).encode();
		assert_eq!(in_runtime.get(1..), Some(&encoded[..]));
	}
}

#[test]
fn errors_keep_their_indices() {
	let errors: [(Error<Test>, u8); 11] = [
		(Error::UnknownSubnet, 0),
		(Error::RootHasNoSeats, 8),
		(Error::InvalidParams, 14),
		(Error::RegistrationClosed, 15),
		(Error::HotkeyNamed, 20),
		(Error::HyperparamsFrozen, 25),
		(Error::ColdkeySwapTooSoon, 32),
		(Error::NeuronImmunityOutOfBounds, 33),
		(Error::GovernanceOnly, 34),
		(Error::MaxWeightLimitOutOfBounds, 44),
		(Error::FormerHotkey, 45),
	];
	for (error, index) in errors {
		assert_eq!(error.encode(), [index]);
	}
}

#[test]
fn events_keep_their_indices() {
	let (netuid, from, to) = (NETUID, ALICE, BOB);
	let events: [(Event<Test>, u8); 6] = [
		(Event::SubnetStarted { netuid }, 1),
		(Event::TakeRaiseAnnounced { hotkey: HOTKEY, take: MAX_TAKE, from: 1 }, 4),
		(Event::SubnetDissolved { netuid, pruned: true }, 8),
		(Event::HotkeySwapped { from, to, cost: Tao(1) }, 12),
		(Event::ColdkeySwapped { from, to, moved: 1, complete: true }, 15),
		(Event::HotkeyRebindAnnounced { hotkey: HOTKEY, to, from: 1 }, 16),
	];
	for (event, index) in events {
		assert_eq!(event.encode().first(), Some(&index));
	}
}
