//! Random sequences of calls break no invariant.

use super::{issuance, plus, root, signed};
use crate::{
	mock::{
		tao, wait, FakeMarket, RuntimeEvent, RuntimeOrigin, Subnets, System, TestExt, ALICE, BOB,
		CHARLIE, HOTKEY,
	},
	Event,
};
use dtao_primitives::{Hyperparams, NetUid, SubnetIdentity, Tao};
use frame_support::{traits::Hooks, weights::Weight};
use proptest::prelude::*;
use sp_runtime::{DispatchError, DispatchResult, PerU16};

/// What a random sequence does.
#[derive(Clone, Debug)]
enum Command {
	RegisterSubnet { who: u64, hotkey: u64, max_lock: Tao },
	StartCall { who: u64, netuid: NetUid },
	RegisterNeuron { who: u64, netuid: NetUid, hotkey: u64, max_cost: Tao },
	SetTake { who: u64, hotkey: u64, take: PerU16 },
	/// Nobody who signs: governance.
	DissolveSubnet { who: Option<u64>, netuid: NetUid },
	CancelDissolve { who: u64, netuid: NetUid },
	RebindHotkey { hotkey: u64, coldkey: u64 },
	SetSubnetParams { who: Option<u64>, netuid: NetUid, params: Hyperparams },
	SetSubnetIdentity { who: u64, netuid: NetUid, name: Vec<u8> },
	SwapHotkey { who: u64, hotkey: u64, new: u64 },
	AnnounceColdkeySwap { who: u64, new: u64 },
	CancelColdkeySwap { who: u64 },
	/// With a limit, so that few hotkeys are many.
	SwapColdkey { who: u64, limit: u32 },
	/// A block leaves that much weight over.
	Idle { weight: u64 },
	/// What the market says changes.
	Trade { netuid: NetUid, scores: [u64; 4], percent: u32 },
	Wait { blocks: u32 },
}

fn admin_or(who: Option<u64>) -> RuntimeOrigin {
	who.map_or_else(root, signed)
}

impl Command {
	/// Do it.
	fn attempt(self) -> DispatchResult {
		match self {
			Self::RegisterSubnet { who, hotkey, max_lock } => {
				Subnets::do_register_subnet(who, hotkey, max_lock).map(drop)
			},
			Self::StartCall { who, netuid } => Subnets::start_call(signed(who), netuid),
			Self::RegisterNeuron { who, netuid, hotkey, max_cost } => {
				Subnets::do_register_neuron(who, netuid, hotkey, max_cost).map(drop)
			},
			Self::SetTake { who, hotkey, take } => Subnets::set_take(signed(who), hotkey, take),
			Self::DissolveSubnet { who, netuid } => Subnets::dissolve_subnet(admin_or(who), netuid),
			Self::CancelDissolve { who, netuid } => Subnets::cancel_dissolve(signed(who), netuid),
			Self::RebindHotkey { hotkey, coldkey } => {
				Subnets::rebind_hotkey(signed(hotkey), coldkey)
			},
			Self::SetSubnetParams { who, netuid, params } => {
				Subnets::set_subnet_params(admin_or(who), netuid, params)
			},
			Self::SetSubnetIdentity { who, netuid, name } => {
				let name = name.try_into().expect("a short name fits");
				let identity = SubnetIdentity { name, ..Default::default() };
				Subnets::set_subnet_identity(signed(who), netuid, identity)
			},
			Self::SwapHotkey { who, hotkey, new } => {
				Subnets::swap_hotkey(signed(who), hotkey, new)
			},
			Self::AnnounceColdkeySwap { who, new } => {
				Subnets::announce_coldkey_swap(signed(who), new)
			},
			Self::CancelColdkeySwap { who } => Subnets::cancel_coldkey_swap(signed(who)),
			Self::SwapColdkey { who, limit } => Subnets::do_swap_coldkey(who, limit).map(drop),
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
			Self::Trade { netuid, scores, percent } => {
				FakeMarket::set_scores(netuid, &scores);
				FakeMarket::set_price(netuid, percent);
			},
			Self::Wait { blocks } => wait(blocks),
			call => unreachable!("{call:?} is a call"),
		}
	}
}

prop_compose! {
	fn hyperparams()(
		tempo in 50..400u32,
		neuron_immunity in 0..40u32,
		max_seats in 0..6u16,
		registration_open in prop::bool::weighted(0.9),
	) -> Hyperparams {
		Hyperparams { tempo, neuron_immunity, max_seats, registration_open }
	}
}

fn netuid() -> impl Strategy<Value = NetUid> {
	(0u16..8).prop_map(NetUid)
}

fn who() -> impl Strategy<Value = u64> {
	ALICE..=CHARLIE
}

fn hotkey() -> impl Strategy<Value = u64> {
	prop_oneof![9 => HOTKEY..HOTKEY + 8, 1 => who()]
}

fn max_cost() -> impl Strategy<Value = Tao> {
	prop_oneof![3 => Just(u64::MAX), 1 => 0..200_000_000u64].prop_map(Tao)
}

fn subnet_command() -> impl Strategy<Value = Command> {
	let name = prop_oneof![Just(vec![]), Just(vec![b'x']), Just(vec![0xff])];
	prop_oneof![
		4 => (who(), hotkey(), max_cost())
			.prop_map(|(who, hotkey, max_lock)| Command::RegisterSubnet { who, hotkey, max_lock }),
		2 => (who(), netuid()).prop_map(|(who, netuid)| Command::StartCall { who, netuid }),
		2 => (prop::option::of(who()), netuid())
			.prop_map(|(who, netuid)| Command::DissolveSubnet { who, netuid }),
		1 => (who(), netuid()).prop_map(|(who, netuid)| Command::CancelDissolve { who, netuid }),
		2 => (prop::option::of(who()), netuid(), hyperparams())
			.prop_map(|(who, netuid, params)| Command::SetSubnetParams { who, netuid, params }),
		1 => (who(), netuid(), name)
			.prop_map(|(who, netuid, name)| Command::SetSubnetIdentity { who, netuid, name }),
	]
}

fn key_command() -> impl Strategy<Value = Command> {
	let take = (0..=20u16).prop_map(PerU16::from_percent);
	prop_oneof![
		8 => (who(), netuid(), hotkey(), max_cost()).prop_map(|(who, netuid, hotkey, max_cost)| {
			Command::RegisterNeuron { who, netuid, hotkey, max_cost }
		}),
		2 => (who(), hotkey(), take)
			.prop_map(|(who, hotkey, take)| Command::SetTake { who, hotkey, take }),
		2 => (hotkey(), who())
			.prop_map(|(hotkey, coldkey)| Command::RebindHotkey { hotkey, coldkey }),
		2 => (who(), hotkey(), hotkey())
			.prop_map(|(who, hotkey, new)| Command::SwapHotkey { who, hotkey, new }),
		2 => (who(), who()).prop_map(|(who, new)| Command::AnnounceColdkeySwap { who, new }),
		1 => who().prop_map(|who| Command::CancelColdkeySwap { who }),
		4 => (who(), 0..4u32).prop_map(|(who, limit)| Command::SwapColdkey { who, limit }),
	]
}

fn command() -> impl Strategy<Value = Command> {
	prop_oneof![
		3 => subnet_command(),
		4 => key_command(),
		1 => (0..8u64).prop_map(|weight| Command::Idle { weight }),
		1 => (netuid(), any::<[u64; 4]>(), 0..100u32)
			.prop_map(|(netuid, scores, percent)| Command::Trade { netuid, scores, percent }),
		3 => (1..30u32).prop_map(|blocks| Command::Wait { blocks }),
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
		commands in prop::collection::vec(command(), 1..96)
	) {
		let ext = TestExt::new().endow(ALICE, tao(200)).endow(BOB, tao(60)).endow(CHARLIE, tao(1));
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
