//! Who exists from the first block on.

use super::{balance, first_hyperparams, id_of, record_of, seats};
use crate::{
	mock::{
		tao, Asked, FakeMarket, Subnets, Test, TestExt, ALICE, BOB, HOTKEY, NETUID, OTHER_HOTKEY,
		POT,
	},
	GenesisConfig, GenesisSubnet, LastLock, OwnedHotkey, Subnet,
};
use dtao_primitives::{constants::DEFAULT_TEMPO, NetUid, Uid};
use sp_runtime::PerU16;

/// Alice's subnet, without neurons.
fn subnet(started: bool) -> GenesisSubnet<u64> {
	GenesisSubnet {
		owner: ALICE,
		hotkey: HOTKEY,
		lock: tao(4),
		tempo: None,
		started,
		neurons: Vec::new(),
	}
}

/// Alice with 10 TAO, and the subnet.
fn with(subnet: GenesisSubnet<u64>) -> TestExt {
	TestExt::new().endow(ALICE, tao(10)).subnet_with(subnet)
}

#[test]
fn genesis_pays_the_locks_and_starts_what_is_started() {
	with(subnet(true)).subnet_with(subnet(false)).execute_with(|| {
		let created = |netuid| Asked::Created { netuid, payer: ALICE, lock: tao(4) };
		assert_eq!(
			FakeMarket::asked(),
			[created(NETUID), Asked::Started { netuid: NETUID }, created(NetUid(2))]
		);
		assert_eq!((balance(ALICE), balance(POT)), (tao(2), tao(8)));
		let record = Subnet::new(ALICE, id_of(HOTKEY), first_hyperparams(), 0);
		let started = Subnet { started_at: Some(0), ..record.clone() };
		assert_eq!(Subnets::subnet(NETUID), Some(started));
		assert_eq!(Subnets::subnet(NetUid(2)), Some(record));
		assert_eq!(first_hyperparams().tempo, DEFAULT_TEMPO);
		// The first call pays the least, and at once.
		assert_eq!(LastLock::<Test>::get(), None);
		assert_eq!(Subnets::registration_cost(), Some(tao(10)));
	});
}

#[test]
fn genesis_seats_neurons_by_uid() {
	let neurons = vec![OTHER_HOTKEY, HOTKEY];
	with(GenesisSubnet { neurons, ..subnet(true) })
		.hotkey(BOB, OTHER_HOTKEY, Some(PerU16::from_percent(3)))
		.execute_with(|| {
			assert_eq!(seats(NETUID), [(id_of(OTHER_HOTKEY), 0), (id_of(HOTKEY), 0)]);
			let seated = |uid, hotkey| Asked::Seated { netuid: NETUID, uid, hotkey };
			assert_eq!(
				FakeMarket::asked().get(1..3),
				Some(&[seated(Uid(0), id_of(OTHER_HOTKEY)), seated(Uid(1), id_of(HOTKEY))][..])
			);
			let take = PerU16::from_percent(3);
			let record = OwnedHotkey::new(OTHER_HOTKEY, BOB, take);
			assert_eq!(record_of(OTHER_HOTKEY), OwnedHotkey { seats: 1, ..record });
			assert_eq!((record_of(HOTKEY).seats, record_of(HOTKEY).cuts), (1, 1));
		});
}

#[test]
fn genesis_reads_json() {
	let json = r#"{
		"hotkeys": [{ "hotkey": 12, "coldkey": 2, "take": null }],
		"subnets": [{
			"owner": 1, "hotkey": 11, "lock": 4000000000, "tempo": null, "started": true,
			"neurons": [12]
		}]
	}"#;
	let config: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
	assert_eq!(config.subnets, [GenesisSubnet { neurons: vec![OTHER_HOTKEY], ..subnet(true) }]);
	let round: GenesisConfig<Test> =
		serde_json::from_str(&serde_json::to_string(&config).unwrap()).unwrap();
	assert_eq!(round.hotkeys, config.hotkeys);
}

#[test]
#[should_panic(expected = "FundsUnavailable")]
fn genesis_refuses_a_lock_that_cannot_be_paid() {
	with(GenesisSubnet { lock: tao(11), ..subnet(false) }).build();
}

#[test]
#[should_panic(expected = "NotHotkeyOwner")]
fn genesis_refuses_a_subnet_on_anothers_hotkey() {
	with(subnet(false)).hotkey(BOB, HOTKEY, None).build();
}

#[test]
#[should_panic(expected = "UnknownHotkey")]
fn genesis_refuses_a_neuron_that_nobody_owns() {
	with(GenesisSubnet { neurons: vec![OTHER_HOTKEY], ..subnet(false) }).build();
}

#[test]
#[should_panic(expected = "AlreadyRegistered")]
fn genesis_refuses_a_neuron_twice() {
	with(GenesisSubnet { neurons: vec![HOTKEY, HOTKEY], ..subnet(false) }).build();
}

#[test]
#[should_panic(expected = "TooManySubnets")]
fn genesis_refuses_subnets_beyond_the_most() {
	(0..4).fold(TestExt::new().endow(ALICE, tao(10)), |ext, _| ext.subnet(ALICE, HOTKEY)).build();
}

#[test]
#[should_panic(expected = "the hotkey is listed twice")]
fn genesis_refuses_a_hotkey_twice() {
	TestExt::new().hotkey(ALICE, HOTKEY, None).hotkey(ALICE, HOTKEY, None).build();
}

#[test]
#[should_panic(expected = "TakeTooHigh")]
fn genesis_refuses_a_take_above_the_most() {
	TestExt::new().hotkey(ALICE, HOTKEY, Some(PerU16::from_percent(19))).build();
}

#[test]
#[should_panic(expected = "the tempo is out of bounds")]
fn genesis_refuses_a_tempo_out_of_bounds() {
	with(GenesisSubnet { tempo: Some(59), ..subnet(false) }).build();
}
