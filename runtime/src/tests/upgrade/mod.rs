//! The upgrade of a chain that the last release's runtime has made, as `try-runtime` does it: with
//! the runtime's API, in blocks, with all checks, twice, and with an interruption.
//!
//! The state is of a real node (`scripts/testnet.sh snapshot`). Another chain's can be given: see
//! `make try-upgrade`.

mod snapshot;

use super::support::*;
use crate::{
	configs::Weights, migrations::checked::unfinished, AccountId, AllPalletsWithSystem, Balances,
	Block, Dtao, Migrations, Runtime, RuntimeEvent, Session, System, VERSION,
};
use dtao_primitives::{
	views::{SubnetState, SubnetView},
	NetUid,
};
use frame_support::{
	migrations::MultiStepMigrator,
	traits::{TryDecodeEntireStorage, TryState, TryStateSelect, UpgradeCheckSelect},
	weights::Weight,
};
use frame_try_runtime::runtime_decl_for_try_runtime::TryRuntime;
use pallet_dtao::Redemptions;
use snapshot::{exported, make_block, root_of, Filled, Snapshot};
use sp_io::{hashing::twox_128, storage, TestExternalities};
use std::{collections::BTreeMap, env, path::Path};

/// The subnet that is dissolved in the snapshot, and not paid out.
const DISSOLVED: NetUid = NetUid(3);

/// More blocks than any chain's migrations take.
const MOST_BLOCKS: usize = 10_000;

/// The upgrade's first block, with all checks, by the runtime's API. Returns its weight.
fn upgrade() -> Weight {
	let (weight, most) =
		<Runtime as TryRuntime<Block>>::on_runtime_upgrade(UpgradeCheckSelect::All);
	assert!(weight.all_lte(most), "{weight} does not fit into a block of {most}");
	weight
}

/// Makes blocks until the migrations are complete, and leaves no weight idle: else the last of them
/// would go on to pay out dissolved subnets. Returns what each weighs.
fn migrate() -> Vec<Weight> {
	let mut weights = Vec::new();
	while Migrations::ongoing() {
		assert!(weights.len() < MOST_BLOCKS, "the migrations do not end");
		weights.push(light_block(Filled::Full));
	}
	weights
}

/// Makes a block. Returns its weight, which is no more than a block may have.
fn light_block(filled: Filled) -> Weight {
	let weight = make_block(filled);
	let most = Weights::get().max_block;
	assert!(weight.all_lte(most), "block {}: {weight} of {most}", System::block_number());
	weight
}

/// All that is stored decodes, and every pallet's invariants hold.
fn check_everything() {
	AllPalletsWithSystem::try_decode_entire_state().expect("everything decodes");
	AllPalletsWithSystem::try_state(System::block_number(), TryStateSelect::All)
		.expect("every invariant holds");
	assert!(Dtao::audit().iter().all(|line| line.holds));
}

/// Begins another upgrade to this runtime, on which nothing is to be done; without a block, which
/// would change what each does. Returns whether the state has stayed the same.
fn again_changes_nothing() -> bool {
	System::reset_events();
	let before = root();
	upgrade();
	assert!(Migrations::ongoing());
	Migrations::step();
	assert!(!Migrations::ongoing(), "there is nothing to migrate");
	System::reset_events();
	root() == before
}

fn subnets() -> BTreeMap<NetUid, [u64; 4]> {
	Dtao::subnets()
		.into_iter()
		.map(|one| {
			let alpha = [one.alpha, one.outstanding, one.issuance].map(|alpha| alpha.get());
			(one.netuid, [one.tao.get(), alpha[0], alpha[1], alpha[2]])
		})
		.collect()
}

/// What those have whom the last release said something of.
fn positions(said: &Snapshot) -> BTreeMap<(AccountId, NetUid, AccountId), u64> {
	let mut people: Vec<_> = said.positions().into_keys().map(|(who, ..)| who).collect();
	people.dedup();
	people
		.into_iter()
		.flat_map(|who| {
			Dtao::positions(&who)
				.into_iter()
				.map(move |held| ((who.clone(), held.netuid, held.hotkey), held.alpha))
		})
		.collect()
}

/// All that is stored outside of `System`, which notes blocks and their hashes.
fn market_and_all_else() -> BTreeMap<Vec<u8>, Vec<u8>> {
	let system = twox_128(b"System");
	let mut pairs = BTreeMap::new();
	let mut key = Vec::new();
	while let Some(next) = storage::next_key(&key) {
		key = next;
		if !key.starts_with(&system) {
			let value = storage::get(&key).expect("a key has a value");
			pairs.insert(key.clone(), value.to_vec());
		}
	}
	pairs
}

/// The same state on a machine that has just been started.
fn restarted(mut state: TestExternalities) -> TestExternalities {
	root_of(&mut state);
	let (pairs, root) = state.into_raw_snapshot();
	TestExternalities::from_raw_snapshot(pairs, root, sp_runtime::StateVersion::V1)
}

fn migration_events() -> Vec<pallet_migrations::Event<Runtime>> {
	let of_migrations = |event| match event {
		RuntimeEvent::Migrations(event) => Some(event),
		_ => None,
	};
	System::read_events_no_consensus().filter_map(|row| of_migrations(row.event)).collect()
}

#[test]
fn the_snapshot_is_the_block_that_the_last_release_made() {
	let mut snapshot = Snapshot::load();
	assert_eq!(root_of(&mut snapshot.state), snapshot.root());
	snapshot.state.execute_with(|| {
		assert!(System::last_runtime_upgrade_spec_version() < VERSION.spec_version);
		assert!(unfinished(), "there is something to migrate");
		let old = pallet_dtao::migrations::v1::v0::Redemptions::<Runtime>::get(DISSOLVED)
			.expect("a subnet is dissolved");
		assert!(old.owner.is_some() && !old.settled, "and its owner and its seats wait");
	});
}

#[test]
fn a_chain_of_the_last_release_upgrades_with_all_checks() {
	let mut snapshot = Snapshot::load();
	let mut state = core::mem::take(&mut snapshot.state);
	state.execute_with(|| {
		upgrade();
		assert!(migrate().len() > 1, "it takes more than one block");
		assert_eq!(migration_events().last(), Some(&pallet_migrations::Event::UpgradeCompleted));
		check_everything();
		assert_eq!(Session::validators().len(), 1);

		assert_eq!(Balances::total_issuance(), snapshot.issuance());
		assert_eq!(subnets(), snapshot.subnets());
		// Asked as of the same block: what drips to root's stakers goes by the clock.
		System::set_block_number(snapshot.block());
		let (mut said, mut held) = (snapshot.positions(), positions(&snapshot));
		let owners_place = |at: &&(AccountId, NetUid, AccountId)| {
			at.1 == DISSOLVED && said.get(at) != held.get(at)
		};
		let place = held.keys().find(owners_place).expect("the owner has its last cut").clone();
		assert!(held.remove(&place) > said.remove(&place), "and had less");
		assert_eq!(held, said, "everybody else has what the last release said, to the atom");
	});
}

#[test]
fn a_second_upgrade_changes_nothing() {
	let mut state = Snapshot::load().state;
	state.execute_with(|| {
		upgrade();
		migrate();
		assert!(again_changes_nothing());
		light_block(Filled::Empty);
		assert!(again_changes_nothing(), "nor does one after a block");
	});
}

/// As a node has it: the first block finds the new code, and the node is stopped between any two.
#[test]
fn an_upgrade_that_is_interrupted_between_any_two_blocks_goes_on() {
	let at_once = Snapshot::load().state.execute_with(|| {
		upgrade();
		migrate();
		market_and_all_else()
	});
	let mut state = Snapshot::load().state;
	let mut blocks = 0;
	loop {
		state.execute_with(|| light_block(Filled::Full));
		blocks += 1;
		state = restarted(state);
		if !state.execute_with(Migrations::ongoing) {
			break;
		}
	}
	assert!(blocks > 1);
	state.execute_with(|| {
		assert!(market_and_all_else() == at_once, "what is stored is the same");
		check_everything();
	});
}

/// Epochs close, the dissolved subnet is paid out, and nobody waits.
#[test]
fn life_goes_on_after_the_upgrade_of_a_real_chain() {
	let mut snapshot = Snapshot::load();
	let mut state = core::mem::take(&mut snapshot.state);
	state.execute_with(|| {
		upgrade();
		migrate();
		let issuance = Balances::total_issuance();
		let mut closed = 0;
		for _ in 0..130 {
			light_block(Filled::Empty);
			closed += epochs_closed();
		}
		assert!(!Redemptions::<Runtime>::contains_key(DISSOLVED), "all of it is paid");
		assert!(positions(&snapshot).keys().all(|(_, netuid, _)| *netuid != DISSOLVED));
		let trade = |one: &&SubnetView<AccountId>| {
			one.state == SubnetState::Started && !one.netuid.is_root()
		};
		let trading = Dtao::subnets().iter().filter(trade).count();
		assert!(trading > 0);
		assert_eq!(closed, 2 * trading, "two epochs of each that trades");
		assert!(Balances::total_issuance() > issuance);
		check_everything();
		assert!(again_changes_nothing());
	});
}

fn epochs_closed() -> usize {
	let closed = |event: &_| matches!(event, pallet_dtao::Event::EpochClosed { .. });
	market_events().iter().filter(|event| closed(event)).count()
}

/// What `make try-upgrade` runs, on the state in the file that it names.
#[test]
#[ignore = "it needs a state: make try-upgrade"]
fn the_chain_that_is_given_upgrades() {
	let path = env::var("DTAO_STATE").expect("DTAO_STATE names a file that export-state wrote");
	exported(Path::new(&path)).execute_with(|| {
		println!("block {}, of dtao-{}", System::block_number(), last_version());
		let before = Balances::total_issuance();
		println!("the upgrade to dtao-{}: {}", VERSION.spec_version, share(upgrade()));
		let blocks = migrate();
		let heaviest = blocks.iter().map(Weight::ref_time).max().unwrap_or(0);
		let heaviest = share(Weight::from_parts(heaviest, 0));
		println!("{} blocks migrate; the heaviest: {heaviest}", blocks.len());
		assert_eq!(Balances::total_issuance(), before, "all TAO is still there");
		check_everything();
		println!("everything decodes, every invariant holds; {before} rao before and after");
		assert!(again_changes_nothing());
		println!("a second upgrade changes nothing");
		light_block(Filled::Empty);
		check_everything();
		println!("the next block is made, and every invariant holds");
	});
}

/// How much of a block a weight is.
fn share(weight: Weight) -> String {
	let most = Weights::get().max_block.ref_time();
	let part = sp_runtime::Perbill::from_rational(weight.ref_time(), most);
	format!("{} us, {part:?} of a block", weight.ref_time() / 1_000_000)
}

fn last_version() -> u32 {
	System::last_runtime_upgrade_spec_version()
}
