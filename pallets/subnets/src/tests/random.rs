//! Random sequences of calls break no invariant.

use super::{issuance, plus, root, signed};
use crate::{
	mock::{
		tao, wait, FakeMarket, RuntimeEvent, RuntimeOrigin, Subnets, System, Test, TestExt, ALICE,
		CHARLIE, HOTKEY,
	},
	Event, HotkeyIds, Hotkeys,
};
use dtao_primitives::{ConsensusParams, HotkeyId, Hyperparams, NetUid, SubnetIdentity, Tao};
use frame_support::{
	dispatch::DispatchResultWithPostInfo, storage::with_storage_layer, traits::Hooks,
	weights::Weight,
};
use proptest::prelude::*;
use sp_runtime::{DispatchError, DispatchResult, PerU16};

/// Who signs.
#[derive(Clone, Copy, Debug)]
enum Who {
	/// Governance.
	Root,
	/// Whoever owns what the call is about; Alice if nobody does.
	Owner,
	/// That account.
	Account(u64),
}

impl Who {
	/// The origin of a call about `netuid`.
	fn of_subnet(self, netuid: NetUid) -> RuntimeOrigin {
		match self {
			Self::Root => root(),
			Self::Owner => signed(Subnets::subnet(netuid).map_or(ALICE, |subnet| subnet.owner)),
			Self::Account(who) => signed(who),
		}
	}

	/// The origin of a call about `hotkey`.
	fn of_hotkey(self, hotkey: u64) -> RuntimeOrigin {
		let known = HotkeyIds::<Test>::get(hotkey).and_then(Hotkeys::<Test>::get);
		match self {
			Self::Root => root(),
			Self::Owner => signed(known.map_or(ALICE, |record| record.owner)),
			Self::Account(who) => signed(who),
		}
	}
}

/// The `n`-th subnet that exists, or one that may not.
fn nth(n: u16) -> NetUid {
	let netuids = Subnets::netuids();
	netuids.get(usize::from(n)).copied().unwrap_or(NetUid(n))
}

/// What a random sequence does. Subnets are told by their place among those that exist.
#[derive(Clone, Debug)]
enum Command {
	RegisterSubnet {
		who: Who,
		hotkey: u64,
		max_lock: Tao,
	},
	StartCall {
		who: Who,
		n: u16,
	},
	RegisterNeuron {
		who: Who,
		n: u16,
		hotkey: u64,
		max_cost: Tao,
	},
	SetTake {
		who: Who,
		hotkey: u64,
		take: PerU16,
	},
	DissolveSubnet {
		who: Who,
		n: u16,
	},
	CancelDissolve {
		who: Who,
		n: u16,
	},
	RebindHotkey {
		hotkey: u64,
		coldkey: u64,
	},
	SetSubnetParams {
		who: Who,
		n: u16,
		params: Hyperparams,
	},
	SetSubnetIdentity {
		who: Who,
		n: u16,
		name: Vec<u8>,
	},
	SwapHotkey {
		who: Who,
		hotkey: u64,
		new: u64,
	},
	AnnounceColdkeySwap {
		who: u64,
		new: u64,
	},
	CancelColdkeySwap {
		who: u64,
	},
	/// With a limit, so that few hotkeys are many.
	SwapColdkey {
		who: u64,
		limit: u32,
	},
	/// A block leaves that much weight over.
	Idle {
		weight: u64,
	},
	/// What the market says changes.
	Trade {
		n: u16,
		scores: [u64; 4],
		percent: u32,
		closes_at: u32,
		stake: u64,
		owes: bool,
	},
	Wait {
		blocks: u32,
	},
}

impl Command {
	/// Do it.
	fn attempt(self) -> DispatchResult {
		match self {
			Self::RegisterSubnet { who, hotkey, max_lock } => {
				done(Subnets::register_subnet(who.of_hotkey(hotkey), hotkey, max_lock))
			},
			Self::StartCall { who, n } => Subnets::start_call(who.of_subnet(nth(n)), nth(n)),
			Self::RegisterNeuron { who, n, hotkey, max_cost } => {
				done(Subnets::register_neuron(who.of_hotkey(hotkey), nth(n), hotkey, max_cost))
			},
			Self::SetTake { who, hotkey, take } => {
				Subnets::set_take(who.of_hotkey(hotkey), hotkey, take)
			},
			Self::DissolveSubnet { who, n } => {
				Subnets::dissolve_subnet(who.of_subnet(nth(n)), nth(n))
			},
			Self::CancelDissolve { who, n } => {
				Subnets::cancel_dissolve(who.of_subnet(nth(n)), nth(n))
			},
			Self::RebindHotkey { hotkey, coldkey } => {
				Subnets::rebind_hotkey(signed(hotkey), coldkey)
			},
			Self::SetSubnetParams { who, n, params } => {
				Subnets::set_subnet_params(who.of_subnet(nth(n)), nth(n), params)
			},
			Self::SetSubnetIdentity { who, n, name } => {
				let name = name.try_into().expect("a short name fits");
				let identity = SubnetIdentity { name, ..Default::default() };
				Subnets::set_subnet_identity(who.of_subnet(nth(n)), nth(n), identity)
			},
			Self::SwapHotkey { who, hotkey, new } => {
				Subnets::swap_hotkey(who.of_hotkey(hotkey), hotkey, new)
			},
			Self::AnnounceColdkeySwap { who, new } => {
				Subnets::announce_coldkey_swap(signed(who), new)
			},
			Self::CancelColdkeySwap { who } => Subnets::cancel_coldkey_swap(signed(who)),
			Self::SwapColdkey { who, limit } => {
				// What a call that fails has written is undone, as the dispatch does.
				with_storage_layer(|| Subnets::do_swap_coldkey(who, limit).map(drop))
			},
			passing => {
				passing.pass();
				Ok(())
			},
		}
	}

	/// What no account asks for.
	fn pass(self) {
		match self {
			Self::Idle { weight } => {
				let room = Weight::from_parts(weight, weight);
				assert!(Subnets::on_idle(1, room).all_lte(room), "no more than is left over");
			},
			Self::Trade { n, scores, percent, closes_at, stake, owes } => {
				FakeMarket::set_stake(HotkeyId(n.into()), stake);
				FakeMarket::set_owing(nth(n), owes);
				FakeMarket::set_scores(nth(n), &scores);
				FakeMarket::set_price(nth(n), percent);
				FakeMarket::set_close(nth(n), closes_at);
			},
			Self::Wait { blocks } => wait(blocks),
			call => unreachable!("{call:?} is a call"),
		}
	}
}

fn done(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(drop).map_err(|failed| failed.error)
}

prop_compose! {
	fn hyperparams()(
		tempo in 50..400u32,
		neuron_immunity in 0..40u32,
		max_seats in 0..6u16,
		registration_open in prop::bool::weighted(0.9),
	) -> Hyperparams {
		let consensus = ConsensusParams::new(tempo);
		Hyperparams { tempo, neuron_immunity, max_seats, registration_open, consensus }
	}
}

fn account() -> impl Strategy<Value = u64> {
	ALICE..=CHARLIE
}

fn who() -> impl Strategy<Value = Who> {
	prop_oneof![
		6 => Just(Who::Owner),
		1 => Just(Who::Root),
		2 => account().prop_map(Who::Account),
	]
}

/// A place among the subnets; the last is none.
fn n() -> impl Strategy<Value = u16> {
	0..4u16
}

fn hotkey() -> impl Strategy<Value = u64> {
	prop_oneof![9 => HOTKEY..HOTKEY + 8, 1 => account()]
}

fn max_cost() -> impl Strategy<Value = Tao> {
	prop_oneof![3 => Just(u64::MAX), 1 => 0..200_000_000u64].prop_map(Tao)
}

fn subnet_command() -> impl Strategy<Value = Command> {
	let name = prop_oneof![Just(vec![]), Just(vec![b'x']), Just(vec![0xff])];
	prop_oneof![
		4 => (who(), hotkey(), max_cost())
			.prop_map(|(who, hotkey, max_lock)| Command::RegisterSubnet { who, hotkey, max_lock }),
		2 => (who(), n()).prop_map(|(who, n)| Command::StartCall { who, n }),
		1 => (who(), n()).prop_map(|(who, n)| Command::DissolveSubnet { who, n }),
		1 => (who(), n()).prop_map(|(who, n)| Command::CancelDissolve { who, n }),
		2 => (who(), n(), hyperparams())
			.prop_map(|(who, n, params)| Command::SetSubnetParams { who, n, params }),
		1 => (who(), n(), name)
			.prop_map(|(who, n, name)| Command::SetSubnetIdentity { who, n, name }),
	]
}

fn key_command() -> impl Strategy<Value = Command> {
	let take = (0..=20u16).prop_map(PerU16::from_percent);
	prop_oneof![
		10 => (who(), n(), hotkey(), max_cost())
			.prop_map(|(who, n, hotkey, max_cost)| {
				Command::RegisterNeuron { who, n, hotkey, max_cost }
			}),
		2 => (who(), hotkey(), take)
			.prop_map(|(who, hotkey, take)| Command::SetTake { who, hotkey, take }),
		2 => (hotkey(), account())
			.prop_map(|(hotkey, coldkey)| Command::RebindHotkey { hotkey, coldkey }),
		2 => (who(), hotkey(), hotkey())
			.prop_map(|(who, hotkey, new)| Command::SwapHotkey { who, hotkey, new }),
		2 => (account(), account())
			.prop_map(|(who, new)| Command::AnnounceColdkeySwap { who, new }),
		1 => account().prop_map(|who| Command::CancelColdkeySwap { who }),
		4 => (account(), 0..4u32).prop_map(|(who, limit)| Command::SwapColdkey { who, limit }),
	]
}

fn command() -> impl Strategy<Value = Command> {
	let trade = (n(), any::<[u64; 4]>(), 0..100u32, 0..400u32, 0..2u64, any::<bool>());
	prop_oneof![
		4 => subnet_command(),
		6 => key_command(),
		1 => (0..8u64).prop_map(|weight| Command::Idle { weight }),
		1 => trade.prop_map(|(n, scores, percent, closes_at, stake, owes)| {
			Command::Trade { n, scores, percent, closes_at, stake, owes }
		}),
		3 => (1..30u32).prop_map(|blocks| Command::Wait { blocks }),
	]
}

/// What neurons and swapped hotkeys have paid by the events.
fn recycled() -> Tao {
	let paid = System::events().into_iter().filter_map(|record| match record.event {
		RuntimeEvent::Subnets(
			Event::NeuronRegistered { cost, .. } | Event::HotkeySwapped { cost, .. },
		) => Some(cost),
		_ => None,
	});
	paid.fold(Tao::ZERO, plus)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	/// Whatever is called, in whatever order, the invariants hold after each step, and TAO is
	/// what it was less what neurons and swapped hotkeys paid.
	#[test]
	fn no_sequence_of_calls_breaks_an_invariant(
		commands in prop::collection::vec(command(), 1..96)
	) {
		let rich = |ext: TestExt, who| ext.endow(who, tao(1_000));
		let ext = (ALICE..=CHARLIE).fold(TestExt::new(), rich).subnet(ALICE, HOTKEY);
		let ext = (1..7).fold(ext, |ext, n| ext.hotkey(ALICE + n % 3, HOTKEY + n, None));
		ext.execute_with(|| {
			let before = issuance();
			for command in commands {
				// A refusal is a fine outcome, if it is named. A broken invariant is not.
				if let Err(error) = command.attempt() {
					let is_named = matches!(
						error,
						DispatchError::Module(_) | DispatchError::Token(_) | DispatchError::BadOrigin
					);
					prop_assert!(is_named, "{:?}", error);
				}
				prop_assert_eq!(Subnets::do_try_state(), Ok(()));
				prop_assert_eq!(plus(issuance(), recycled()), before);
			}
			Ok(())
		})?;
	}
}
