//! What a block and a stake touch in storage, exactly: at the level of host calls, the SDK's own
//! bookkeeping of events left out. What remains has one key of the SDK's, read and written: how deep
//! storage layers are nested. A change that touches more fails here, and so does one that
//! touches less: then write the new figure down.

use super::{
	exit_fee::{scene, signed},
	next_block,
	support::*,
};
use crate::{AllPalletsWithSystem, Dtao, Executive, RuntimeCall, System, Yuma};
use dtao_meter::counting::{counted, Counts, Touched};
use dtao_primitives::{
	constants::{MAX_SUBNETS, MAX_TEMPO},
	traits::Consensus,
	Amount, NetUid, Tao,
};
use frame_support::{
	storage::storage_prefix,
	traits::{OnInitialize, StorageInfoTrait},
};
use pallet_dtao::{types::PAGE, Call};
use sp_io::{hashing::twox_128, TestExternalities};
use sp_keyring::Sr25519Keyring::{Dave, Eve};

/// Owns all subnets.
const OWNER: u8 = 1;
/// Has staked since genesis, on root and on every subnet.
const STAKER: u8 = 2;
/// Stakes for the first time.
const NEWCOMER: u8 = 3;
/// Has the only seat of each subnet.
const SEAT: u8 = 4;

/// A chain of `subnets`, all of which sell for root, some blocks after genesis. No epoch is near.
fn chain_of(subnets: u32) -> TestExternalities {
	let locks = tao(1_000).get() * u64::from(subnets);
	let mut chain = Chain::default()
		.funded(coldkey(OWNER), Tao(locks + tao(1).get()))
		.funded(coldkey(STAKER), tao(100_000))
		.funded(coldkey(NEWCOMER), tao(1_000))
		.owned(hotkey(SEAT), coldkey(OWNER));
	for _ in 0..subnets {
		chain = chain.subnet(coldkey(OWNER), tao(1_000), MAX_TEMPO, vec![hotkey(SEAT)]);
	}
	chain = chain.staked(coldkey(STAKER), hotkey(SEAT), NetUid::ROOT, tao(10_000));
	for netuid in (1..).map(NetUid).take(subnets as usize) {
		chain = chain.staked(coldkey(STAKER), hotkey(SEAT), netuid, tao(1));
	}
	let mut state = chain.build();
	state.execute_with(|| {
		// Root's part has to be worth a sale: until then a block does less.
		while market(NetUid(1)).root_tao.is_zero() {
			next_block();
			System::reset_events();
		}
	});
	state
}

/// What `what` touches, but for the SDK's bookkeeping of events.
fn touched(state: &mut TestExternalities, what: impl FnOnce()) -> Counts {
	let ((), touched): ((), Touched) = counted(&mut state.ext(), what);
	let items = ["Number", "ExecutionPhase", "EventCount", "Events"];
	let bookkeeping = items.map(|item| storage_prefix(b"System", item.as_bytes()).to_vec());
	touched.without(&bookkeeping).counts()
}

fn block_step(subnets: u32) -> Counts {
	let mut state = chain_of(subnets);
	let block = state.execute_with(|| {
		System::set_block_number(System::block_number() + 1);
		System::block_number()
	});
	touched(&mut state, || {
		Dtao::on_initialize(block);
	})
}

#[test]
fn a_block_reads_and_writes_one_key_for_each_page_of_subnets() {
	// Root has the first number of the first page.
	let pages = MAX_SUBNETS / u32::from(PAGE) + 1;
	let keys = pages as usize;
	let expected = Counts {
		keys_read: keys + 7,
		keys_written: keys + 3,
		reads: pages + 17,
		writes: pages + 4,
	};
	assert_eq!(block_step(MAX_SUBNETS), expected);

	let (one, all) = (block_step(1), block_step(MAX_SUBNETS));
	assert_eq!(all.reads - one.reads, pages - 1, "one host call reads a page");
	assert_eq!(all.writes - one.writes, pages - 1, "one host call writes a page");
}

#[test]
fn a_stake_and_its_removal_touch_what_they_have_to() {
	let mut state = chain_of(2);
	let (newcomer, seat) = (coldkey(NEWCOMER), hotkey(SEAT));
	let added = touched(&mut state, || {
		add(&newcomer, NetUid(1), &seat, tao(1), 1).expect("it has TAO");
	});

	state.execute_with(next_block);
	let removed = touched(&mut state, || {
		remove(&newcomer, NetUid(1), &seat, Amount::All, Tao(1)).expect("it has stake");
	});

	// Each settles a reward, and reads the subnet's page and that of the pool once to know what is on
	// it and once to write it.
	// The first opens the position; the second closes it, and looks whether the pot has advanced its
	// fee. Two reads are of what a call is let through by: safe mode and paused calls.
	let expected = (
		Counts { keys_read: 13, keys_written: 8, reads: 36, writes: 10 },
		Counts { keys_read: 14, keys_written: 8, reads: 39, writes: 12 },
	);
	assert_eq!((added, removed), expected);
}

/// However often a hotkey is paid: its stakers' reward, its take, the owner's cut, root's dividend.
#[test]
fn the_close_of_an_epoch_reads_and_writes_a_hotkeys_pool_once() {
	let mut state = chain_of(1);
	let closes_at = state.execute_with(|| {
		let closes_at = market(NetUid(1)).epoch.closes_at;
		System::set_block_number(closes_at);
		closes_at
	});
	let (_, touched) = counted(&mut state.ext(), || Dtao::on_initialize(closes_at));
	assert!(state.execute_with(|| market(NetUid(1)).epoch.closes_at) > closes_at, "it closed");

	let of =
		|pallet: &[u8], item: &[u8]| touched.clone().only(&storage_prefix(pallet, item)).counts();
	let once = Counts { keys_read: 1, keys_written: 1, reads: 1, writes: 1 };
	assert_eq!(of(b"Dtao", b"PoolPages"), once);
	assert_eq!(of(b"Subnets", b"Hotkeys"), Counts { keys_written: 0, writes: 0, ..once });
	// Nobody has named a hotkey for incentives: nobody's is looked up.
	assert_eq!(of(b"Dtao", b"RewardDestinations"), Counts::default());
}

/// However many seats, weights and bonds there are: those of a subnet are one value each. The weights
/// are written only where a row goes, and here none does.
#[test]
fn an_epoch_reads_and_writes_each_value_of_the_consensus_once() {
	let mut state = chain_of(1);
	let stakes = [tao(1).get()];
	let (decided, touched) = counted(&mut state.ext(), || {
		Yuma::decide(NetUid(1), &stakes).map(|outcome| outcome.permits)
	});
	assert_eq!(decided, Ok(vec![true]));
	let own = touched.only(&twox_128(b"Yuma"));
	assert_eq!(own.counts(), Counts { keys_read: 3, keys_written: 2, reads: 3, writes: 2 });
	assert_eq!(named(own.keys_read()), ["Yuma.Bonds", "Yuma.Neurons", "Yuma.Weights"]);
	assert_eq!(named(own.keys_written()), ["Yuma.Bonds", "Yuma.Neurons"]);
}

/// The pallet and the item of each of `keys`, in order; that of the SDK's own as it is.
fn named<'a>(keys: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
	let items = AllPalletsWithSystem::storage_info();
	let name = |key: &[u8]| {
		let Some(item) = items.iter().find(|item| key.starts_with(&item.prefix)) else {
			return String::from_utf8_lossy(key).into_owned();
		};
		let [pallet, item] =
			[&item.pallet_name, &item.storage_name].map(|name| String::from_utf8_lossy(name));
		format!("{pallet}.{item}")
	};
	let mut names: Vec<_> = keys.map(name).collect();
	names.sort();
	names
}

/// What a transaction of Dave's touches, signed and applied as a block applies it.
fn transaction(state: &mut TestExternalities, call: impl Into<RuntimeCall>) -> Touched {
	let transaction = state.execute_with(|| signed(Dave, call.into(), 0));
	let (applied, touched) = counted(&mut state.ext(), || Executive::apply_extrinsic(transaction));
	assert_eq!(applied, Ok(Ok(())));
	touched
}

/// What `touched` has and `any` transaction has not, whatever it calls. Whether a call is paused is
/// looked up for each by its name, and the bytes of each transaction are noted by its number: no
/// call's own either.
fn own(touched: Touched, any: &Touched) -> (Vec<String>, Vec<String>) {
	let of_any = [("TxPause", "PausedCalls"), ("System", "ExtrinsicData")];
	let of_any =
		of_any.map(|(pallet, item)| storage_prefix(pallet.as_bytes(), item.as_bytes()).to_vec());
	let touched = touched.without(&of_any);
	let read = touched.keys_read().filter(|key| any.keys_read().all(|other| other != *key));
	let written =
		touched.keys_written().filter(|key| any.keys_written().all(|other| other != *key));
	(named(read), named(written))
}

/// The hotkey has a reward to settle, of which its owner takes a part, and the position opens and
/// closes.
#[test]
fn of_its_own_a_stake_reads_at_most_ten_keys_and_writes_seven() {
	let mut state = scene();
	let one_more_block = |state: &mut TestExternalities| {
		state.execute_with(|| {
			System::set_block_number(System::block_number() + 1);
			Dtao::on_initialize(System::block_number());
		});
	};
	let any =
		transaction(&mut state, frame_system::Call::remark { remark: b"as good as any".to_vec() });
	one_more_block(&mut state);
	let (netuid, hotkey) = (NetUid(1), Eve.to_account_id());
	let add = Call::add_stake { netuid, hotkey: hotkey.clone(), tao: tao(1), min_received: 1 };
	let added = own(transaction(&mut state, add), &any);
	one_more_block(&mut state);
	let remove = Call::remove_stake { netuid, hotkey, amount: Amount::All, min_received: Tao(1) };
	let removed = own(transaction(&mut state, remove), &any);

	let read = [
		"Dtao.MarketPages",
		"Dtao.OpenPositions",
		"Dtao.PoolPages",
		// Dave's, and that of the hotkey's owner, who takes a part of the reward.
		"Dtao.Positions",
		"Dtao.Positions",
		"Parameters.Parameters",
		"Subnets.HotkeyIds",
		"Subnets.Hotkeys",
		// The pot's: Dave's is every transaction's.
		"System.Account",
	];
	let written = [
		"Dtao.Holders",
		"Dtao.MarketPages",
		"Dtao.OpenPositions",
		"Dtao.PoolPages",
		"Dtao.Positions",
		"Dtao.Positions",
		"System.Account",
	];
	let expected = (read.map(String::from).to_vec(), written.map(String::from).to_vec());
	assert_eq!((&added, &removed), (&expected, &expected));
	assert!(read.len() <= 10 && written.len() <= 7);
}
