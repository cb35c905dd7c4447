//! What the next upgrade changes: once, completely, and nothing else.

use super::{chain, next_block, support::*, Bob, Eve};
use crate::{
	migrations::{NarrowParams, StartSessions},
	parameters::{market, subnets, RuntimeParameters},
	Runtime, Session, System, Validators,
};
use codec::Encode;
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, MAX_COST, MAX_DELAY, UNIT},
	Alpha, MarketParams, NetUid, SubnetsParams, Tao,
};
use frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	pallet_prelude::StorageVersion,
	traits::{dynamic_params::AggregatedKeyValue, OnRuntimeUpgrade},
	weights::{Weight, WeightMeter},
};
use pallet_migrations::{Cursor, MigrationCursor};
use pallet_subnets::migrations::v1::v0;
use sp_io::{hashing::twox_128, storage, TestExternalities};
use sp_runtime::Perbill;
use std::{fs, path::Path};

type ToV1 = pallet_subnets::migrations::v1::ToV1<Runtime>;

/// The pallets that the first release does not have.
const NEW: [&str; 6] = ["Validators", "Session", "Historical", "Offences", "SafeMode", "TxPause"];

/// The state of preset `id` as the first release has it: without sessions.
fn first_release(id: &str) -> TestExternalities {
	let mut ext = chain(id);
	ext.execute_with(|| {
		for pallet in NEW {
			let _ = storage::clear_prefix(&twox_128(pallet.as_bytes()), None);
		}
		assert!(Session::validators().is_empty());
	});
	ext.commit_all().expect("the overlay is written");
	ext
}

#[test]
fn the_first_releases_authorities_become_validators() {
	for id in ["development", "testnet", "main"] {
		let genesis = chain(id).execute_with(|| (Session::validators(), Session::queued_keys()));
		first_release(id).execute_with(|| {
			let noted = StartSessions::pre_upgrade().expect("it can run");
			StartSessions::on_runtime_upgrade();
			StartSessions::post_upgrade(noted).expect("it did what it should");
			assert_eq!((Session::validators(), Session::queued_keys()), genesis, "{id}");
		});
	}
}

#[test]
fn sessions_start_once() {
	first_release("testnet").execute_with(|| {
		StartSessions::on_runtime_upgrade();
		let after = root();
		let noted = StartSessions::pre_upgrade().expect("it can run again");
		StartSessions::on_runtime_upgrade();
		StartSessions::post_upgrade(noted).expect("nothing is left to do");
		assert_eq!(root(), after);
	});
	chain("testnet").execute_with(|| {
		let before = root();
		StartSessions::on_runtime_upgrade();
		assert_eq!(root(), before, "a new chain has its validators already");
	});
}

#[test]
fn after_the_upgrade_sessions_end_and_governance_changes_the_set() {
	first_release("testnet").execute_with(|| {
		StartSessions::on_runtime_upgrade();
		let leaves = Session::validators().remove(0);
		Validators::remove_validator(crate::RuntimeOrigin::root(), leaves.clone())
			.expect("three are left");
		for _ in 0..2 * pallet_validators::DEFAULT_SESSION_BLOCKS {
			next_block();
		}
		assert_eq!(Session::current_index(), 2);
		assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), 3);
		assert!(!Session::validators().contains(&leaves));
		Validators::do_try_state().expect("every invariant holds");
	});
}

#[test]
fn a_step_says_what_it_needs_and_takes_no_more_than_it_is_given() {
	chain("development").execute_with(|| {
		let before = root();
		let Err(SteppedMigrationError::InsufficientWeight { required }) =
			ToV1::step(None, &mut WeightMeter::with_limit(Weight::from_parts(1, 1)))
		else {
			panic!("it cannot do anything with that")
		};
		assert_eq!(root(), before);
		as_version_0();
		let mut meter = WeightMeter::with_limit(required);
		let cursor = ToV1::step(None, &mut meter).expect("that is enough");
		assert!(cursor.is_some(), "for one row of two");
		assert!(meter.consumed().all_lte(required));
		assert!(required.all_lt(crate::configs::MigrationWeight::get()));
	});
}

/// Write each subnet's row as version 0 has it.
fn as_version_0() {
	StorageVersion::new(0).put::<crate::Subnets>();
	let rows: Vec<_> = pallet_subnets::Subnets::<Runtime>::iter().collect();
	for (netuid, row) in rows {
		let hyperparams = v0::Hyperparams {
			tempo: row.hyperparams.tempo,
			neuron_immunity: row.hyperparams.neuron_immunity,
			max_seats: row.hyperparams.max_seats,
			registration_open: row.hyperparams.registration_open,
		};
		let old = v0::Subnet {
			owner: row.owner,
			hotkey: row.hotkey,
			registered_at: row.registered_at,
			started_at: row.started_at,
			hyperparams,
			hyperparams_set_at: row.hyperparams_set_at,
			dissolve_from: row.dissolve_from,
		};
		v0::Subnets::<Runtime>::insert(netuid, old);
	}
}

/// The market's hooks stand still until [`migrated`].
fn migrating() {
	let cursor = pallet_migrations::ActiveCursor { index: 0, inner_cursor: None, started_at: 1 };
	Cursor::<Runtime>::put(MigrationCursor::Active(cursor));
}

fn migrated() {
	Cursor::<Runtime>::kill();
}

/// As many blocks as an epoch of the development chain has, and more, with a stake in between.
fn an_epoch_with_a_stake() {
	for block in 0..70 {
		next_block();
		if block == 30 {
			add(&Bob.to_account_id(), NetUid(1), &Eve.to_account_id(), tao(7), 0)
				.expect("Bob has it");
		}
	}
}

#[test]
fn a_chain_that_migrated_agrees_with_one_that_only_waited() {
	const BLOCKS: u32 = 5;
	let run = |migrate: bool| {
		chain("development").execute_with(|| {
			an_epoch_with_a_stake();
			if migrate {
				as_version_0();
			}
			migrating();
			let (mut cursor, mut steps) = (None, 0);
			for _ in 0..BLOCKS {
				next_block();
				if migrate && (steps == 0 || cursor.is_some()) {
					cursor = ToV1::transactional_step(cursor, &mut row_by_row())
						.expect("each step succeeds");
					steps += 1;
				}
			}
			assert!(!migrate || (steps > 1 && cursor.is_none()), "{steps} steps, then all is done");
			migrated();
			an_epoch_with_a_stake();
			System::reset_events();
			check_invariants();
			root()
		})
	};
	assert_eq!(run(true), run(false), "the whole state, to the atom");
}

/// Room for one row.
fn row_by_row() -> WeightMeter {
	let none = &mut WeightMeter::with_limit(Weight::zero());
	match ToV1::step(None, none) {
		Err(SteppedMigrationError::InsufficientWeight { required }) => {
			WeightMeter::with_limit(required)
		},
		other => panic!("nothing can be done for nothing: {other:?}"),
	}
}

/// What the owner of subnet 1 is paid when an epoch falls due while its row is of a layout that the
/// code does not know. `guarded`: whether the market is told.
fn owners_pay(guarded: bool) -> Alpha {
	chain("development").execute_with(|| {
		let key = pallet_subnets::Subnets::<Runtime>::hashed_key_for(NetUid(1));
		let row = storage::get(&key).expect("the subnet has a row");
		let epoch = row_of(NetUid(1)).hyperparams.tempo;
		for _ in 0..epoch - 5 {
			next_block();
		}
		storage::set(&key, &row[..20]);
		if guarded {
			migrating();
		}
		for _ in 0..10 {
			next_block();
		}
		storage::set(&key, &row);
		migrated();
		for _ in 0..10 {
			next_block();
		}
		let paid = |event| match event {
			pallet_dtao::Event::EpochClosed { owner, .. } => Some(owner),
			_ => None,
		};
		market_events().into_iter().find_map(paid).expect("an epoch has closed")
	})
}

fn row_of(netuid: NetUid) -> pallet_subnets::Subnet<crate::AccountId> {
	pallet_subnets::Subnets::<Runtime>::get(netuid).expect("the subnet has a row")
}

#[test]
fn without_the_guard_an_epoch_that_closes_meanwhile_takes_the_owners_cut() {
	assert!(!owners_pay(true).is_zero(), "the epoch waits, and pays");
	assert!(owners_pay(false).is_zero(), "the owner was not found, and lost it");
}

/// The names of the types for which a file implements a migration.
fn written(source: &str) -> Vec<String> {
	let kinds =
		["OnRuntimeUpgrade for ", "SteppedMigration for ", "UncheckedOnRuntimeUpgrade for "];
	let is_impl = |line: &&str| line.starts_with("impl");
	let name = |line: &str| {
		let (_, rest) = kinds.iter().find_map(|kind| line.split_once(kind))?;
		let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
		Some(rest[..end].to_string())
	};
	source.lines().filter(is_impl).filter_map(name).collect()
}

/// Every `.rs` file below `folder`.
fn sources(folder: &Path) -> Vec<String> {
	let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
	let paths = entries.map(|entry| entry.expect("the folder can be read").path());
	paths
		.flat_map(|path| match path.is_dir() {
			true => sources(&path),
			false => vec![fs::read_to_string(path).expect("sources are text")],
		})
		.collect()
}

#[test]
fn each_migration_that_is_written_is_wired() {
	let root = Path::new(env!("CARGO_MANIFEST_DIR"));
	let wiring = include_str!("../migrations.rs");
	let mut folders = vec![root.join("src/migrations")];
	for pallet in fs::read_dir(root.join("../pallets")).expect("there are pallets") {
		folders.push(pallet.expect("the folder can be read").path().join("src/migrations"));
	}
	let found: Vec<_> =
		folders.iter().flat_map(|folder| sources(folder)).flat_map(|one| written(&one)).collect();
	assert!(found.contains(&"StartSessions".to_string()), "the search finds what there is");
	let (_, tuples) = wiring.split_once("pub type SingleBlock").expect("it lists migrations");
	for name in found {
		assert!(tuples.contains(&name), "{name} is written, but in no list of migrations.rs");
	}
}

/// Parameters that the first release took and today's bounds do not: they keep all but what is out.
#[test]
fn parameters_beyond_todays_bounds_are_brought_to_them() {
	let market = MarketParams {
		min_stake: Tao(1),
		min_reserve: 2 * UNIT,
		max_trade_ratio: Perbill::from_percent(90),
		min_root_sale: Alpha(0),
		flow_cutoff: i64::MAX,
		price_ramp: u32::MAX,
		flow_power: 3,
		..Default::default()
	};
	let registry = SubnetsParams {
		min_lock: Tao(5),
		max_neuron_cost: Tao(u64::MAX),
		take_delay: u32::MAX,
		coldkey_swap_delay: 0,
		start_delay: 77,
		..Default::default()
	};
	chain("development").execute_with(|| {
		store_unchecked(0, &market);
		store_unchecked(1, &registry);
		assert_eq!(market_params(), MarketParams::default(), "as if nothing had been set");
		let noted = NarrowParams::pre_upgrade().expect("it can run");
		NarrowParams::on_runtime_upgrade();
		NarrowParams::post_upgrade(noted).expect("all of it reads");
		let within = MarketParams {
			min_stake: Tao(EXISTENTIAL_DEPOSIT),
			min_reserve: UNIT,
			max_trade_ratio: Perbill::from_percent(50),
			min_root_sale: Alpha(1),
			flow_cutoff: MarketParams::MOST_CUTOFF,
			price_ramp: MAX_DELAY,
			..market
		};
		assert_eq!(market_params(), within);
		let within = SubnetsParams {
			min_lock: Tao(UNIT),
			max_neuron_cost: MAX_COST,
			take_delay: MAX_DELAY,
			coldkey_swap_delay: 1,
			..registry
		};
		assert_eq!(registry_params(), within);
		let after = root();
		NarrowParams::on_runtime_upgrade();
		assert_eq!(root(), after, "there is nothing left to do");
	});
}

/// Store `params` as a runtime without bounds does, under the only key of the parameters' part
/// `index`.
fn store_unchecked(index: u8, params: &impl Encode) {
	let key = match index {
		0 => RuntimeParameters::Market(market::Parameters::Params(market::Params, None)),
		_ => RuntimeParameters::Subnets(subnets::Parameters::Params(subnets::Params, None)),
	};
	let key = pallet_parameters::Parameters::<Runtime>::hashed_key_for(key.into_parts().0);
	storage::set(&key, &(index, 0_u8, params).encode());
}
