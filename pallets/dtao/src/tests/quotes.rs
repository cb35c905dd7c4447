//! What clients read: quotes that promise what dispatch does, wallets, and the views.

use super::*;
use dtao_primitives::views::{
	MoveQuote, PriceChange, StakeQuote, SubnetState, SubnetView, SupplyView,
};
use proptest::{collection::vec, prelude::*};
use sp_runtime::{traits::One, DispatchError, FixedU128, Perbill};

/// Which call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
	Add,
	Remove,
	AddLimit(Fill),
	RemoveLimit(Fill),
	Move,
}

/// Who, which call, where, on whom, how much, up to what price, or where to.
#[derive(Clone, Debug)]
struct Probe {
	who: AccountId,
	kind: Kind,
	netuid: NetUid,
	hotkey: AccountId,
	amount: u64,
	all: bool,
	limit: FixedU128,
	to: (NetUid, AccountId),
}

/// What a quote says, of either kind.
#[derive(Debug, PartialEq)]
enum Said {
	Stake(StakeQuote),
	Move(MoveQuote),
}

fn price_of(netuid: NetUid) -> FixedU128 {
	Dtao::subnet(netuid).map_or(FixedU128::one(), |view| view.price)
}

impl Probe {
	fn amount(&self) -> Amount {
		if self.all {
			Amount::All
		} else {
			Amount::Exact(self.amount)
		}
	}

	fn quote(&self) -> Result<Said, DispatchError> {
		let Self { who, netuid, hotkey, limit, to, .. } = self;
		let (tao, amount) = (Tao(self.amount), self.amount());
		match self.kind {
			Kind::Add => Dtao::quote_add_stake(who, *netuid, hotkey, tao).map(Said::Stake),
			Kind::Remove => Dtao::quote_remove_stake(who, *netuid, hotkey, amount).map(Said::Stake),
			Kind::AddLimit(fill) => {
				Dtao::quote_add_stake_limit(who, *netuid, hotkey, tao, *limit, fill)
					.map(Said::Stake)
			},
			Kind::RemoveLimit(fill) => {
				Dtao::quote_remove_stake_limit(who, *netuid, hotkey, amount, *limit, fill)
					.map(Said::Stake)
			},
			Kind::Move => {
				Dtao::quote_move_stake(who, *netuid, hotkey, to.0, &to.1, amount).map(Said::Move)
			},
		}
	}

	fn send(&self) -> DispatchResult {
		let Self { who, netuid, hotkey, limit, to, .. } = *self;
		let (tao, amount) = (Tao(self.amount), self.amount());
		match self.kind {
			Kind::Add => add(who, netuid, hotkey, tao, 0),
			Kind::Remove => remove(who, netuid, hotkey, amount, Tao::ZERO),
			Kind::AddLimit(fill) => add_limit(who, netuid, hotkey, tao, limit, fill),
			Kind::RemoveLimit(fill) => remove_limit(who, netuid, hotkey, amount, limit, fill),
			Kind::Move => shift(who, (netuid, hotkey), to, amount, 0),
		}
	}

	/// Do it; what its event says, as a quote.
	fn dispatch(&self) -> Result<Said, DispatchError> {
		let price_before = price_of(self.netuid);
		let to_before = price_of(self.to.0);
		System::reset_events();
		self.send()?;
		let (amount_in, fee, amount_out, price_after) = match events().pop() {
			Some(Event::StakeAdded { tao, fee, alpha, price_after, .. }) => {
				(tao.get(), fee.get(), alpha.get(), price_after)
			},
			Some(Event::StakeRemoved { alpha, fee, tao, price_after, .. }) => {
				(alpha.get(), fee.get(), tao.get(), price_after)
			},
			Some(Event::StakeMoved {
				amount,
				fee,
				tao,
				received,
				from_price_after,
				to_price_after,
				..
			}) => {
				let from_price = PriceChange { before: price_before, after: from_price_after };
				let to_price = PriceChange { before: to_before, after: to_price_after };
				return Ok(Said::Move(MoveQuote {
					amount_in: amount,
					fee,
					tao,
					amount_out: received,
					from_price,
					to_price,
					from_impact: from_price.impact(),
					to_impact: to_price.impact(),
				}));
			},
			other => panic!("{other:?}"),
		};
		let price_impact = PriceChange { before: price_before, after: price_after }.impact();
		Ok(Said::Stake(StakeQuote {
			amount_in,
			fee,
			amount_out,
			price_before,
			price_after,
			price_impact,
		}))
	}
}

/// Amounts of every size up to a pool's, and now and then the largest there is.
fn amounts() -> impl Strategy<Value = u64> {
	prop_oneof![
		20 => (0u32..41, any::<u64>()).prop_map(|(bits, seed)| seed >> (63 - bits) >> 1),
		1 => Just(u64::MAX),
		1 => Just(0),
	]
}

fn kinds() -> impl Strategy<Value = Kind> {
	const FILLS: [Fill; 2] = [Fill::FillOrKill, Fill::Partial];
	prop_oneof![
		2 => Just(Kind::Add),
		1 => Just(Kind::Remove),
		1 => prop::sample::select(&FILLS[..]).prop_map(Kind::AddLimit),
		1 => prop::sample::select(&FILLS[..]).prop_map(Kind::RemoveLimit),
		2 => Just(Kind::Move),
	]
}

fn places() -> impl Strategy<Value = (NetUid, AccountId)> {
	(0u16..5, 0u64..4).prop_map(|(netuid, hotkey)| (NetUid(netuid), HOTKEY + hotkey))
}

/// Most within a tenth of par, where the pools are.
fn prices() -> impl Strategy<Value = FixedU128> {
	prop_oneof![
		8 => (900u128..1_200).prop_map(|thousandths| FixedU128::from_rational(thousandths, 1_000)),
		1 => any::<u128>().prop_map(FixedU128::from_inner),
	]
}

fn probes() -> impl Strategy<Value = Probe> {
	(1u64..4, kinds(), places(), amounts(), any::<bool>(), prices(), places()).prop_map(
		|(who, kind, (netuid, hotkey), amount, all, limit, to)| Probe {
			who,
			kind,
			netuid,
			hotkey,
			amount,
			all,
			limit,
			to,
		},
	)
}

/// Two subnets that trade, one that does not yet, three hotkeys; some stakes on each.
fn staked_chain(fee: Perbill, blocks: u32) -> sp_io::TestExternalities {
	let mut ext =
		TestExt::new().subnet(1_000).subnet(20).registered_subnet(10).seats(3).take(18).build();
	ext.execute_with(|| {
		Params::mutate(|params| params.swap_fee = fee);
		for (who, hotkey) in [(ALICE, HOTKEY), (BOB, HOTKEY), (CAROL, HOTKEY_2)] {
			for (netuid, paid) in [(0, tao(50)), (1, tao(10)), (2, tao(2))] {
				stake(who, NetUid(netuid), hotkey, paid);
			}
		}
		dividend(HOTKEY, tao(3));
		run_blocks(blocks);
	});
	ext
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	/// Hazard N3: a quote is what dispatch does, the number or the error, and it changes nothing.
	#[test]
	fn a_quote_is_what_dispatch_does(
		fee in 0u32..=10_000_000,
		blocks in 1u32..150,
		probes in vec(probes(), 1..24),
	) {
		staked_chain(Perbill::from_parts(fee), blocks).execute_with(|| {
			for probe in probes {
				let before = state_root();
				let quote = probe.quote();
				prop_assert_eq!(before, state_root(), "{:?} changed something", probe);
				prop_assert_eq!(quote, probe.dispatch(), "{:?}", probe);
			}
			check_invariants();
			Ok(())
		})?;
	}

	/// Hazard N11: what a wallet shows is what `All` removes, to the atom, and what it pays.
	#[test]
	fn a_wallet_shows_what_removing_all_then_takes(
		fee in 0u32..=10_000_000,
		blocks in 60u32..150,
	) {
		staked_chain(Perbill::from_parts(fee), blocks).execute_with(|| {
			for who in [ALICE, VALIDATOR, BOB, OWNER, CAROL] {
				let before = state_root();
				let wallet = Dtao::positions(&who);
				prop_assert_eq!(before, state_root());
				prop_assert!(!wallet.is_empty(), "{}", who);
				let keys: Vec<_> = wallet.iter().map(|p| (p.netuid, p.hotkey)).collect();
				prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", keys);

				for (netuid, hotkey) in keys {
					let all = Dtao::positions(&who);
					let shown = all.iter().find(|p| (p.netuid, p.hotkey) == (netuid, hotkey));
					let shown = shown.expect("it was in the wallet").clone();
					let (kind, limit, to) = (Kind::Remove, FixedU128::one(), (netuid, hotkey));
					let probe = Probe { who, kind, netuid, hotkey, amount: 0, all: true, limit, to };
					match probe.dispatch() {
						Ok(Said::Move(_)) => prop_assert!(false, "it was no move"),
						Ok(Said::Stake(done)) => {
							prop_assert_eq!(done.amount_in, shown.alpha);
							prop_assert_eq!(Some(Tao(done.amount_out)), shown.exit);
							prop_assert!(done.amount_out <= shown.tao_value.get());
						},
						Err(_) => prop_assert_eq!(shown.exit, None),
					}
				}
			}
			check_invariants();
			Ok(())
		})?;
	}
}

#[test]
fn a_position_is_shown_with_the_rewards_of_this_block_and_its_worth() {
	TestExt::one_subnet().seats(4).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		run_to_block(TEMPO + 10);
		// Eleven blocks of 41 % of an ALPHA, unsettled, are the sole staker's but for an atom.
		let settled = stake_of(ALICE, HOTKEY, NETUID);
		let [shown] = &Dtao::positions(&ALICE)[..] else { panic!("one position") };
		assert_eq!(settled, 90_909_090_909);
		let alpha = settled + 11 * 410_000_000;
		assert!((alpha - 1..=alpha).contains(&shown.alpha), "{}", shown.alpha);

		let pool = market(NETUID).pool;
		let worth = |shown: u64| {
			rules::floor(shown.into(), pool.tao.get().into(), pool.alpha.get().into()) as u64
		};
		assert_eq!(shown.tao_value, Tao(worth(shown.alpha)));
		let (_, exit) = rules::trade(pool.alpha.get(), pool.tao.get(), shown.alpha, 0);
		assert_eq!(shown.exit, Some(Tao(exit)));
		assert_eq!(Dtao::positions(&BOB), []);
		assert_eq!(shown.accrued, shown.alpha - settled, "what no call has settled");
		let whole = shown.alpha;
		touch(NETUID, HOTKEY);
		let [shown] = &Dtao::positions(&ALICE)[..] else { panic!("one position") };
		assert_eq!((shown.alpha, shown.accrued), (whole, 0), "settled, it is stake");
	});
}

#[test]
fn a_subnet_shows_its_record_and_what_the_next_block_adds() {
	TestExt::new().subnet(600).subnet(400).seats(1).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(100));
		let bought = 85_714_285_714;
		let view = SubnetView {
			netuid: NETUID,
			name: b"a subnet".to_vec().try_into().unwrap(),
			owner: Some(OWNER),
			state: SubnetState::Started,
			price: rules::price(market(NETUID).pool),
			price_ema: FixedU128::default(),
			tao: tao(700),
			alpha: Alpha(alpha(600).get() - bought),
			outstanding: Alpha(bought),
			issuance: alpha(600),
			// A third, in billionths: 0.333 333 333.
			max_buy: Tao(233_333_333_100),
			max_sell: Alpha(rules::floor(333_333_333, 514_285_714_286, 1_000_000_000) as u64),
			emission: Default::default(),
			tempo: TEMPO,
			next_epoch: 59,
			// 700 of 1 100 TAO, in rao of the block's TAO.
			emission_share: FixedU128::from_rational(636_363_636, 1_000_000_000),
		};
		let shown = Dtao::subnet(NETUID).unwrap();
		// Without its forecast, which the next block proves.
		assert_eq!(SubnetView { emission: Default::default(), ..shown.clone() }, view);
		for _ in 0..3 {
			let shown = [NETUID, NetUid(2)].map(|netuid| Dtao::subnet(netuid).unwrap().emission);
			let before = [NETUID, NetUid(2)].map(market);
			run_blocks(1);
			for (n, forecast) in shown.into_iter().enumerate() {
				let (old, new) = (before[n], market(NetUid(n as u16 + 1)));
				assert_eq!(forecast.tao.get(), new.pool.tao.get() - old.pool.tao.get());
				let gained = |new: Alpha, old: Alpha| Alpha(new.get() - old.get());
				assert_eq!(forecast.owner, gained(new.buckets.owner, old.buckets.owner));
				assert_eq!(forecast.miners, gained(new.buckets.miners, old.buckets.miners));
				let validators = gained(new.buckets.validators, old.buckets.validators);
				assert_eq!(forecast.validators, validators);
				assert_eq!(forecast.root, Alpha::ZERO);
			}
		}
	});
}

#[test]
fn the_table_of_subnets_begins_with_root_and_lists_all_in_order() {
	TestExt::new().subnet(600).registered_subnet(5).subnet(400).seats(1).execute_with(|| {
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(12));
		let table = Dtao::subnets();
		let rows: Vec<_> = table.iter().map(|row| (row.netuid.0, row.state)).collect();
		use SubnetState::{Registered, Started};
		assert_eq!(rows, [(0, Started), (1, Started), (2, Registered), (3, Started)]);
		for row in &table {
			assert_eq!(Dtao::subnet(row.netuid).as_ref(), Some(row));
			assert_eq!(row.price, FixedU128::one());
		}
		assert_eq!((table[0].tao, table[0].owner), (tao(12), None));
		assert_eq!(table[1].emission.tao.get() + table[3].emission.tao.get(), tao(1).get());
		assert_eq!(table[2].emission, Default::default());
		let shares: Vec<_> = table.iter().map(|row| row.emission_share).collect();
		let part = FixedU128::from_rational;
		assert_eq!(shares, [part(0, 1), part(6, 10), part(0, 1), part(4, 10)]);
		assert_eq!(table[2].next_epoch, 0);
		assert_eq!(Dtao::subnet(NetUid(4)), None);
	});
}

#[test]
fn the_supply_says_where_all_tao_is() {
	TestExt::new().subnet(600).registered_subnet(5).execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(10));
		stake(ALICE, NetUid::ROOT, HOTKEY, tao(12));
		dividend(HOTKEY, tao(3));
		edit(NETUID, |market| market.root_tao = tao(1));
		assert_ok!(Dtao::mint_to_pot(tao(1)));
		let expected = SupplyView {
			// Three of 10 000, the owner's 1, two locks, the pot's 500 rao, and the 4 of above.
			issuance: Tao(tao(30_000 + 1 + 605 + 4).get() + 500),
			cap: Tao(21_000_000_000_000_000),
			block_emission: tao(1),
			pools: tao(615),
			root: tao(16),
			redemption: Tao::ZERO,
		};
		assert_eq!(Dtao::supply(), expected);
	});
}
