//! Random calls in random order: a refusal is a fine outcome, a broken invariant is not.

use super::*;
use frame_support::storage::with_transaction;
use proptest::{collection::vec, prelude::*};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sp_runtime::{DispatchError, FixedU128, PerU16, Perbill, TransactionOutcome};
use std::collections::BTreeMap;

/// The blocks of the long run.
const BLOCKS: u32 = 10_000;
/// The random numbers of the long run are those of [`ChaCha8Rng`] from this seed.
const SEED: u64 = 0x0d7a_0001;
/// Who never holds a stake for longer than a block: the closed loops are his.
const EVE: AccountId = 6;
/// Everyone else.
const ACCOUNTS: [AccountId; 10] =
	[ALICE, BOB, CAROL, 4, 5, VALIDATOR, VALIDATOR + 1, VALIDATOR + 2, VALIDATOR + 3, OWNER];
/// Half of all there will ever be: the first halving.
const HALVING: u64 = 10_500_000_000_000_000;

/// One random step.
#[derive(Clone, Debug)]
enum Command {
	Add {
		who: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		tao: Tao,
	},
	Remove {
		who: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		amount: Amount,
	},
	AddLimit {
		who: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		tao: Tao,
		limit: FixedU128,
		fill: Fill,
	},
	RemoveLimit {
		who: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		amount: Amount,
		limit: FixedU128,
		fill: Fill,
	},
	Move {
		who: AccountId,
		from: (NetUid, AccountId),
		to: (NetUid, AccountId),
		amount: Amount,
	},
	Transfer {
		who: AccountId,
		to: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		amount: Amount,
	},
	Exit {
		who: AccountId,
		positions: Vec<(NetUid, AccountId, Tao)>,
	},
	Recycle {
		who: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		amount: Amount,
	},
	Burn {
		who: AccountId,
		netuid: NetUid,
		hotkey: AccountId,
		amount: Amount,
	},
	Redirect {
		who: AccountId,
		netuid: NetUid,
		hotkey: Option<AccountId>,
	},
	/// Send TAO to the pot for nothing.
	Donate {
		who: AccountId,
		tao: Tao,
	},
}

impl Command {
	/// Its row in the table.
	fn row(&self) -> &'static str {
		match self {
			Self::Add { netuid: NetUid::ROOT, .. } => "add_stake on root",
			Self::Add { .. } => "add_stake on a subnet",
			Self::Remove { netuid: NetUid::ROOT, .. } => "remove_stake on root",
			Self::Remove { .. } => "remove_stake on a subnet",
			Self::AddLimit { .. } => "add_stake_limit",
			Self::RemoveLimit { .. } => "remove_stake_limit",
			Self::Move { from, to, .. } if from.0 == to.0 => "move_stake in a subnet",
			Self::Move { from: (NetUid::ROOT, _), .. } => "move_stake from root",
			Self::Move { to: (NetUid::ROOT, _), .. } => "move_stake to root",
			Self::Move { .. } => "move_stake across subnets",
			Self::Transfer { .. } => "transfer_stake",
			Self::Exit { .. } => "remove_all_stake",
			Self::Recycle { .. } => "recycle_alpha",
			Self::Burn { .. } => "burn_alpha",
			Self::Redirect { .. } => "set_reward_destination",
			Self::Donate { .. } => "donation to the pot",
		}
	}

	/// Send it as an extrinsic.
	fn attempt(&self) -> DispatchResult {
		match *self {
			Self::Add { who, netuid, hotkey, tao } => add(who, netuid, hotkey, tao, 0),
			Self::Remove { who, netuid, hotkey, amount } => {
				remove(who, netuid, hotkey, amount, Tao::ZERO)
			},
			Self::AddLimit { who, netuid, hotkey, tao, limit, fill } => {
				add_limit(who, netuid, hotkey, tao, limit, fill)
			},
			Self::RemoveLimit { who, netuid, hotkey, amount, limit, fill } => {
				remove_limit(who, netuid, hotkey, amount, limit, fill)
			},
			Self::Move { who, from, to, amount } => shift(who, from, to, amount, 0),
			Self::Transfer { who, to, netuid, hotkey, amount } => {
				transfer(who, to, netuid, hotkey, amount)
			},
			Self::Exit { who, ref positions } => exit(who, positions),
			Self::Recycle { who, netuid, hotkey, amount } => recycle(who, netuid, hotkey, amount),
			Self::Burn { who, netuid, hotkey, amount } => burn(who, netuid, hotkey, amount),
			Self::Redirect { who, netuid, hotkey } => redirect(who, netuid, hotkey),
			Self::Donate { who, tao } => {
				let call = pallet_balances::Call::transfer_allow_death {
					dest: Dtao::pot(),
					value: tao.get(),
				};
				let sent = RuntimeCall::from(call).dispatch(signed(who));
				sent.map(|_| ()).map_err(|failure| failure.error)
			},
		}
	}
}

/// An amount of any size up to `most`, each order of magnitude as likely as the next.
fn of_any_size(rng: &mut impl Rng, most: u64) -> u64 {
	let bits = rng.gen_range(0..64 - most.leading_zeros().min(63));
	rng.gen_range(0..=most >> bits)
}

fn one_of<T: Copy>(rng: &mut impl Rng, all: &[T]) -> T {
	all[rng.gen_range(0..all.len())]
}

/// A place that one may name. One in fifty is on a subnet or a hotkey that is not there.
fn place_of(rng: &mut impl Rng) -> (NetUid, AccountId) {
	let netuid = if rng.gen_ratio(1, 50) { 9 } else { one_of(rng, &[0, 0, 1, 2, 3]) };
	let hotkey = if rng.gen_ratio(1, 50) { 999 } else { HOTKEY + rng.gen_range(0..4) };
	(NetUid(netuid), hotkey)
}

/// Mostly one of the positions that `who` has, and a part of it.
fn part_of_a_position(rng: &mut impl Rng, who: AccountId) -> (NetUid, AccountId, Amount) {
	let held: Vec<_> = Positions::<Test>::iter_key_prefix(who).collect();
	let (netuid, hotkey) = match held.is_empty() || rng.gen_ratio(1, 8) {
		true => place_of(rng),
		false => {
			let (netuid, id) = one_of(rng, &held);
			(netuid, Registry::hotkey(id).expect("it is known").account)
		},
	};
	let most = match hotkey {
		999 => 1,
		_ => stake_of(who, hotkey, netuid).max(1),
	};
	let amount = match rng.gen_range(0..20) {
		0 => Amount::Exact(u64::MAX),
		1..=5 => Amount::All,
		6..=7 => Amount::Exact(most),
		8 => Amount::Exact(most + 1),
		9..=11 => Amount::Exact(of_any_size(rng, most)),
		_ => Amount::Exact(rng.gen_range(0..=most)),
	};
	(netuid, hotkey, amount)
}

fn payment(rng: &mut impl Rng) -> Tao {
	Tao(match rng.gen_range(0..50) {
		0 => u64::MAX,
		1 => 0,
		_ => 1_990_000 + of_any_size(rng, tao(60).get()),
	})
}

/// A limit within a tenth of the price of `netuid`, and how to fill it.
fn limit_of(rng: &mut impl Rng, netuid: NetUid) -> (FixedU128, Fill) {
	let price = Dtao::subnet(netuid).map_or(FixedU128::from_u32(1), |view| view.price);
	let thousandth = price.into_inner() / 1_000;
	let limit = FixedU128::from_inner(thousandth * rng.gen_range(900..=1_100));
	(limit, one_of(rng, &[Fill::FillOrKill, Fill::Partial]))
}

/// Up to three of the positions that `who` has; now and then one of them twice.
fn positions_of(rng: &mut impl Rng, who: AccountId) -> Vec<(NetUid, AccountId, Tao)> {
	let held = Positions::<Test>::iter_key_prefix(who);
	let mut listed: Vec<_> = held.collect();
	listed.sort();
	listed.truncate(rng.gen_range(1..=3));
	if rng.gen_ratio(1, 20) {
		listed.extend(listed.first().copied());
	}
	let account = |id| Registry::hotkey(id).expect("it is known").account;
	listed.into_iter().map(|(netuid, id)| (netuid, account(id), Tao::ZERO)).collect()
}

/// A command that has a fair chance, and now and then one that has none.
fn command(rng: &mut impl Rng) -> Command {
	let who = one_of(rng, &ACCOUNTS);
	let (netuid, hotkey) = place_of(rng);
	match rng.gen_range(0..100) {
		0..=1 => Command::Donate { who, tao: Tao(of_any_size(rng, tao(1).get())) },
		2..=26 => Command::Add { who, netuid, hotkey, tao: payment(rng) },
		27..=33 => {
			let (limit, fill) = limit_of(rng, netuid);
			Command::AddLimit { who, netuid, hotkey, tao: payment(rng), limit, fill }
		},
		34..=36 => {
			let hotkey = rng.gen_ratio(3, 4).then_some(hotkey);
			Command::Redirect { who, netuid, hotkey }
		},
		37..=38 => Command::Exit { who, positions: positions_of(rng, who) },
		kind => {
			let to = (netuid, hotkey);
			let (netuid, hotkey, amount) = part_of_a_position(rng, who);
			match kind {
				39..=54 => Command::Remove { who, netuid, hotkey, amount },
				55..=63 => {
					let (limit, fill) = limit_of(rng, netuid);
					Command::RemoveLimit { who, netuid, hotkey, amount, limit, fill }
				},
				64..=85 => Command::Move { who, from: (netuid, hotkey), to, amount },
				86..=91 => {
					let to = one_of(rng, &ACCOUNTS);
					Command::Transfer { who, to, netuid, hotkey, amount }
				},
				92..=95 => Command::Recycle { who, netuid, hotkey, amount },
				_ => Command::Burn { who, netuid, hotkey, amount },
			}
		},
	}
}

/// What was tried, and what became of it.
#[derive(Default)]
struct Table {
	rows: BTreeMap<&'static str, (u32, u32)>,
	refusals: BTreeMap<(&'static str, String), u32>,
}

impl Table {
	fn note(&mut self, row: &'static str, result: DispatchResult) {
		let (attempted, accepted) = self.rows.entry(row).or_default();
		*attempted += 1;
		match result {
			Ok(()) => *accepted += 1,
			Err(error) => *self.refusals.entry((row, name_of(error))).or_default() += 1,
		}
	}

	fn print(&self) {
		println!("{:<28}{:>10}{:>10}", "call", "attempted", "accepted");
		for (row, (attempted, accepted)) in &self.rows {
			println!("{row:<28}{attempted:>10}{accepted:>10}");
			for ((of, error), count) in &self.refusals {
				if of == row {
					println!("    {error:<24}{count:>10}");
				}
			}
		}
	}
}

fn name_of(error: DispatchError) -> String {
	match error {
		DispatchError::Module(module) => module.message.unwrap_or("?").into(),
		other => format!("{other:?}"),
	}
}

/// The sums of the events: what was minted and what was taken out of existence.
#[derive(Default)]
struct Sums {
	minted: u64,
	recycled: u64,
	epochs: u32,
}

impl Sums {
	fn count(&mut self) {
		for event in events() {
			match event {
				Event::EmissionDistributed { minted, .. } => self.minted += minted.get(),
				Event::EpochClosed { root_recycled, .. } => {
					self.recycled += root_recycled.get();
					self.epochs += 1;
				},
				Event::EmissionStepFailed { .. }
				| Event::BlockStepFailed { .. }
				| Event::EpochFailed { .. } => panic!("{event:?}"),
				_ => {},
			}
		}
	}
}

/// Hazard E1: within one block, whoever comes with TAO and leaves with TAO leaves with no more.
/// Stakes all over, in any order, some of it back at once, then all of it; undone afterwards.
fn no_closed_loop_profits(rng: &mut impl Rng) {
	let before = free(EVE);
	let result = with_transaction(|| {
		let mut steps = Vec::new();
		for _ in 0..rng.gen_range(1..5) {
			let (netuid, hotkey) = (NetUid(rng.gen_range(0..=3)), HOTKEY + rng.gen_range(0..4));
			let paid = Tao(2_000_000 + of_any_size(rng, tao(30).get()));
			if add(EVE, netuid, hotkey, paid, 0).is_ok() {
				steps.push((netuid, hotkey));
			}
			if rng.gen_ratio(1, 2) && stake_of(EVE, hotkey, netuid) > 1 {
				let part = rng.gen_range(1..stake_of(EVE, hotkey, netuid));
				either_way(remove(EVE, netuid, hotkey, Amount::Exact(part), Tao::ZERO));
			}
			let to = place_of(rng);
			if rng.gen_ratio(1, 2) && shift(EVE, (netuid, hotkey), to, Amount::All, 0).is_ok() {
				steps.push(to);
			}
		}
		for (netuid, hotkey) in steps {
			either_way(remove(EVE, netuid, hotkey, Amount::All, Tao::ZERO));
		}
		let left = Positions::<Test>::iter_key_prefix(EVE).count();
		TransactionOutcome::Rollback(Ok::<_, DispatchError>((free(EVE), left)))
	});
	let (after, left) = result.expect("the layer is rolled back");
	assert!(after <= before, "{} rao of profit", after.get() - before.get());
	assert!(left > 0 || after.get() > before.get() / 2, "the loop closed");
}

/// Three subnets, four hotkeys of which one validates, and a halving of TAO and of one subnet's
/// ALPHA half-way.
fn small_chain() -> TestExt {
	let chain = TestExt::new().subnet(1_000).subnet(300).subnet(50).seats(4).take(18);
	[4, 5, EVE, VALIDATOR].into_iter().fold(chain, |chain, who| chain.endow(who, tao(1_000)))
}

fn change_what_governance_may(rng: &mut impl Rng) {
	let fee = one_of(rng, &[0, 1, 500_000, 10_000_000]);
	// Sold slowly, root's bucket grows; without weight root earns nothing, and what is still to
	// come to it is recycled.
	let weight = one_of(rng, &[0, 18, 18, 100]);
	let rate = one_of(rng, &[1_000, 100_000, 100_000]);
	Params::mutate(|params| {
		params.swap_fee = Perbill::from_parts(fee);
		params.tao_weight = Perbill::from_percent(weight);
		params.root_sale_rate = Perbill::from_parts(rate);
	});
	for n in 0..4 {
		let take = PerU16::from_percent(rng.gen_range(0..=18));
		Registry::set_take(HotkeyId(n), take);
	}
}

/// The run: 10 000 blocks of random calls, every invariant after every block, and TAO's
/// issuance to the rao. `--nocapture` shows the table.
#[test]
fn ten_thousand_blocks_of_random_calls_break_nothing() {
	println!("seed {SEED:#x}");
	let mut rng = ChaCha8Rng::seed_from_u64(SEED);
	let (mut table, mut sums) = (Table::default(), Sums::default());
	small_chain().execute_with(|| {
		set_issuance(HALVING - tao(5_000).get());
		edit(NetUid(2), |market| market.burnt = Alpha(HALVING - alpha(8_000).get()));
		let genesis = Balances::total_issuance();

		for block in 0..BLOCKS {
			if block % 250 == 0 {
				change_what_governance_may(&mut rng);
			}
			next_block();
			for _ in 0..rng.gen_range(0..4) {
				let command = command(&mut rng);
				table.note(command.row(), command.attempt());
			}
			if block % 5 == 0 {
				no_closed_loop_profits(&mut rng);
			}
			sums.count();
			let sound = Dtao::do_try_state();
			assert_eq!(sound, Ok(()), "seed {SEED:#x}, block {block}");
			if block % 10 == 0 {
				check_references();
			}
			let issuance = genesis + sums.minted - sums.recycled;
			assert_eq!(Balances::total_issuance(), issuance, "seed {SEED:#x}, block {block}");
		}
		assert!(genesis < HALVING && HALVING < Balances::total_issuance());
	});
	table.print();
	println!("minted {}, recycled {}, epochs {}", sums.minted, sums.recycled, sums.epochs);

	let all = table.rows.values().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
	assert!(all.1 * 3 >= all.0, "{} of {} accepted", all.1, all.0);
	for (row, (_, accepted)) in &table.rows {
		assert!(*accepted >= 200, "{row}: {accepted} accepted");
	}
	assert_eq!(table.rows.len(), 16);
	assert!(sums.recycled > 0, "nothing was recycled");
	// Not one epoch was lost: the beat of subnet n is where block + n is a whole number of tempos.
	assert_eq!(sums.epochs, (1..=3).map(|n| (1 + BLOCKS + n) / TEMPO).sum::<u32>());
}

/// A step of a short run: a command drawn from this seed, or so many blocks.
fn steps() -> impl Strategy<Value = (u64, u32)> {
	(any::<u64>(), prop_oneof![3 => Just(0u32), 1 => 1u32..5, 1 => 50u32..70])
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	/// The same in short, for proptest to shrink: after every single call and block.
	#[test]
	fn no_sequence_of_calls_breaks_an_invariant(steps in vec(steps(), 1..48), ppb in 0u32..=10_000_000) {
		small_chain().execute_with(|| {
			Params::mutate(|params| params.swap_fee = Perbill::from_parts(ppb));
			for (seed, blocks) in steps {
				let mut rng = ChaCha8Rng::seed_from_u64(seed);
				let command = command(&mut rng);
				let before = Balances::total_issuance();
				either_way(command.attempt());
				prop_assert_eq!(Balances::total_issuance(), before, "{:?}", command);
				prop_assert_eq!(Dtao::do_try_state(), Ok(()), "{:?}", command);
				run_blocks(blocks);
			}
			Ok(())
		})?;
	}
}
