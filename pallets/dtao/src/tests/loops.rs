//! Sequences of calls: no closed loop profits, and a batch is all or nothing.

use super::*;
use frame_support::storage::with_storage_layer;
use proptest::{collection::vec, prelude::*};

const OTHER: NetUid = NetUid(2);

/// A step of a loop: to this place, all or a part in 256ths.
#[derive(Clone, Debug)]
struct Step {
	to: (NetUid, AccountId),
	part: u8,
	all: bool,
}

fn places() -> impl Strategy<Value = (NetUid, AccountId)> {
	(0u16..3, 0u64..3).prop_map(|(netuid, hotkey)| (NetUid(netuid), HOTKEY + hotkey))
}

fn steps() -> impl Strategy<Value = Step> {
	(places(), any::<u8>(), any::<bool>()).prop_map(|(to, part, all)| Step { to, part, all })
}

/// Pools whose prices divide nothing, and stakes that have earned.
fn uneven_chain(ppb: u32, blocks: u32) -> sp_io::TestExternalities {
	let mut ext = TestExt::new().subnet(1_000).subnet(70).seats(3).take(18).build();
	ext.execute_with(|| {
		for (n, who) in [ALICE, BOB, CAROL].into_iter().enumerate() {
			for netuid in [0, 1, 2].map(NetUid) {
				stake(who, netuid, HOTKEY + n as u64, Tao(3_333_333_331));
			}
		}
		(0..blocks).for_each(|_| next_block());
		set_fee(ppb);
	});
	ext
}

/// All that `who` has, out to TAO; what a sale refuses as too small stays.
fn cash_out(who: AccountId) {
	let positions: Vec<_> = Positions::<Test>::iter_key_prefix(who).collect();
	for (netuid, id) in positions {
		let hotkey = Registry::hotkey(id).expect("it is known").account;
		either_way(remove(who, netuid, hotkey, Amount::All, Tao::ZERO));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// Hazard E1: whoever comes with TAO, moves it round all pools in any parts and leaves with TAO
	/// leaves with no more; and no product of reserves falls on the way.
	#[test]
	fn no_closed_loop_of_moves_profits(
		ppb in prop_oneof![Just(0u32), 1u32..=10_000_000],
		blocks in 1u32..130,
		start in places(),
		paid in 2_000_000u64..20_000_000_000,
		loop_ in vec(steps(), 1..8),
	) {
		const EVE: AccountId = 6;
		uneven_chain(ppb, blocks).execute_with(|| {
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), EVE, tao(100).get()));
			let product = |netuid| {
				let pool = market(netuid).pool;
				u128::from(pool.tao.get()) * u128::from(pool.alpha.get())
			};
			let before = [NETUID, OTHER].map(product);
			if add(EVE, start.0, start.1, Tao(paid), 0).is_err() {
				return Ok(());
			}
			let mut at = start;
			for step in loop_ {
				let held = stake_of(EVE, at.1, at.0);
				let part = (u128::from(held) * u128::from(step.part) / 256) as u64;
				let amount = if step.all { Amount::All } else { Amount::Exact(part) };
				if shift(EVE, at, step.to, amount, 0).is_ok() {
					at = step.to;
				}
			}
			cash_out(EVE);
			prop_assert!(free(EVE) <= tao(100), "{} of profit", free(EVE).get() - tao(100).get());
			let after = [NETUID, OTHER].map(product);
			prop_assert!(after[0] >= before[0] && after[1] >= before[1]);
			check_invariants();
			Ok(())
		})?;
	}
}

/// Hazard E1: thousands of tiny moves there and back leave no more than there was.
#[test]
fn many_tiny_moves_never_profit() {
	for to in [(NETUID, HOTKEY_2), (OTHER, HOTKEY), (NetUid::ROOT, HOTKEY)] {
		uneven_chain(0, 100).execute_with(|| {
			// So that moves of a few atoms pass.
			Params::mutate(|params| params.min_stake = Tao(1));
			let from = (NETUID, HOTKEY);
			touch(NETUID, HOTKEY);
			let before = undone(|| {
				cash_out(ALICE);
				free(ALICE)
			});
			for n in 0..1_000u64 {
				either_way(shift(ALICE, from, to, Amount::Exact(2 + n % 5), 0));
				either_way(shift(ALICE, to, from, Amount::Exact(2 + n % 3), 0));
				System::reset_events();
			}
			cash_out(ALICE);
			assert!(free(ALICE) <= before, "{to:?}");
		});
	}
}

/// One of each, as a batch would send them.
fn one_of_each() -> Vec<Call<Test>> {
	let (hotkey, any) = (HOTKEY, FixedU128::from_inner(0));
	let amount = Amount::Exact(alpha(1).get());
	let (tao, fill) = (tao(1), Fill::Partial);
	vec![
		Call::add_stake { netuid: OTHER, hotkey, tao, min_received: 0 },
		Call::add_stake_limit {
			netuid: NETUID,
			hotkey,
			tao,
			limit_price: FixedU128::from_u32(9),
			fill,
		},
		Call::remove_stake { netuid: NETUID, hotkey, amount, min_received: Tao::ZERO },
		Call::remove_stake_limit { netuid: NETUID, hotkey, amount, limit_price: any, fill },
		Call::move_stake {
			from: place((NETUID, HOTKEY)),
			to: place((OTHER, HOTKEY_2)),
			amount,
			min_received: 0,
		},
		Call::transfer_stake { to_coldkey: BOB, netuid: NETUID, hotkey, amount },
		Call::recycle_alpha { netuid: NETUID, hotkey, amount },
		Call::burn_alpha { netuid: NETUID, hotkey, amount },
		Call::set_reward_destination { netuid: NETUID, hotkey: Some(hotkey) },
		Call::remove_all_stake {
			positions: vec![Exit { netuid: OTHER, hotkey, min_received: Tao::ZERO }]
				.try_into()
				.expect("one fits"),
		},
	]
}

/// All in one layer: what one of them refuses undoes those before it.
fn batch(calls: Vec<Call<Test>>) -> DispatchResult {
	with_storage_layer(|| calls.into_iter().try_for_each(|call| send(ALICE, call)))
}

#[test]
fn a_batch_does_what_its_calls_do_one_by_one() {
	TestExt::new().subnet(1_000).subnet(400).seats(2).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(50));
		run_blocks(2 * TEMPO);
		events();
		let together = undone(|| {
			assert_ok!(batch(one_of_each()));
			check_invariants();
			(state_root(), events())
		});
		let apart = undone(|| {
			for call in one_of_each() {
				assert_ok!(send(ALICE, call));
			}
			(state_root(), events())
		});
		assert_eq!(apart, together);
	});
}

/// Hazard N5: in a batch that fails nothing has happened.
#[test]
fn a_batch_of_which_one_call_fails_changes_nothing() {
	TestExt::new().subnet(1_000).subnet(400).seats(2).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(50));
		run_blocks(2 * TEMPO);
		for n in 0..=one_of_each().len() {
			let mut calls = one_of_each();
			let never = Amount::Exact(u64::MAX);
			let failing = Call::burn_alpha { netuid: NETUID, hotkey: HOTKEY, amount: never };
			calls.insert(n, failing);
			assert_noop!(batch(calls), Error::<Test>::InsufficientStake);
		}
	});
}
