//! Tasks to begin with: each call of ours at least once, most of them in a state in which it is
//! accepted.

use codec::Encode;
use dtao_fuzz::calls::{coldkey, hotkey, Step};
use dtao_primitives::{
	constants::{MIN_TEMPO, UNIT},
	Amount, Fill, Hyperparams, MarketParams, NetUid, SubnetIdentity, SubnetsParams, Tao, Uid,
};
use dtao_runtime::{
	configs::ProxyType,
	parameters::{market, Checked, RuntimeParameters},
	RuntimeCall,
};
use pallet_dtao::{
	types::{Exit, Place},
	Call as Dtao,
};
use pallet_subnets::Call as Subnets;
use pallet_yuma::Call as Yuma;
use sp_runtime::{FixedU128, PerU16};

const ONE: NetUid = NetUid(1);
const TWO: NetUid = NetUid(2);

/// The n-th coldkey sends it.
fn by(n: u8, call: impl Into<RuntimeCall>) -> Step {
	Step::Account(n - 1, call.into())
}

/// The n-th hotkey sends it.
fn by_hotkey(n: u8, call: impl Into<RuntimeCall>) -> Step {
	Step::Account(6 + n, call.into())
}

fn governance(call: impl Into<RuntimeCall>) -> Step {
	Step::Governance(call.into())
}

fn add(netuid: NetUid, n: u8) -> Dtao<dtao_runtime::Runtime> {
	Dtao::add_stake { netuid, hotkey: hotkey(n), tao: Tao(20 * UNIT), min_received: 0 }
}

fn market_calls() -> Vec<Step> {
	let price = FixedU128::from_u32(10);
	let place = |netuid, n| Place { netuid, hotkey: hotkey(n) };
	let some = Amount::Exact(UNIT);
	let positions = vec![
		Exit { netuid: ONE, hotkey: hotkey(1), min_received: Tao(0) },
		Exit { netuid: NetUid::ROOT, hotkey: hotkey(1), min_received: Tao(0) },
	];
	vec![
		by(1, add(ONE, 0)),
		by(1, add(NetUid::ROOT, 0)),
		by(
			1,
			Dtao::add_stake_limit {
				netuid: TWO,
				hotkey: hotkey(2),
				tao: Tao(20 * UNIT),
				limit_price: price,
				fill: Fill::Partial,
			},
		),
		Step::Blocks(3),
		by(
			1,
			Dtao::remove_stake {
				netuid: ONE,
				hotkey: hotkey(0),
				amount: some,
				min_received: Tao(0),
			},
		),
		by(
			1,
			Dtao::remove_stake_limit {
				netuid: TWO,
				hotkey: hotkey(2),
				amount: Amount::All,
				limit_price: FixedU128::from_inner(1),
				fill: Fill::FillOrKill,
			},
		),
		by(
			1,
			Dtao::move_stake {
				from: place(ONE, 0),
				to: place(TWO, 3),
				amount: some,
				min_received: 0,
			},
		),
		by(
			1,
			Dtao::move_stake {
				from: place(NetUid::ROOT, 0),
				to: place(ONE, 0),
				amount: some,
				min_received: 0,
			},
		),
		by(
			1,
			Dtao::transfer_stake {
				to_coldkey: coldkey(6),
				netuid: ONE,
				hotkey: hotkey(0),
				amount: some,
			},
		),
		// Who has stake and no TAO can leave all the same.
		by(
			6,
			Dtao::remove_stake {
				netuid: ONE,
				hotkey: hotkey(0),
				amount: Amount::All,
				min_received: Tao(0),
			},
		),
		by(1, Dtao::recycle_alpha { netuid: ONE, hotkey: hotkey(0), amount: some }),
		by(1, Dtao::burn_alpha { netuid: ONE, hotkey: hotkey(0), amount: some }),
		by(1, Dtao::set_reward_destination { netuid: ONE, hotkey: Some(hotkey(3)) }),
		Step::Blocks(63),
		by(1, Dtao::remove_all_stake { positions: positions.try_into().expect("two fit") }),
		Step::Blocks(63),
	]
}

fn dissolution() -> Vec<Step> {
	vec![
		by(2, add(TWO, 1)),
		Step::Blocks(20),
		by(2, Subnets::dissolve_subnet { netuid: TWO }),
		Step::Blocks(2),
		by(2, Subnets::cancel_dissolve { netuid: TWO }),
		governance(Subnets::dissolve_subnet { netuid: TWO }),
		by(3, Dtao::redeem { netuid: TWO, coldkey: coldkey(2), hotkey: hotkey(1) }),
		Step::Blocks(20),
		by(3, Dtao::redeem { netuid: TWO, coldkey: coldkey(2), hotkey: hotkey(2) }),
		governance(Subnets::dissolve_subnet { netuid: ONE }),
		Step::Blocks(60),
	]
}

fn registry_calls() -> Vec<Step> {
	let identity =
		SubnetIdentity { name: b"one".to_vec().try_into().expect("it fits"), ..Default::default() };
	vec![
		by(1, Subnets::register_subnet { hotkey: [0x70; 32].into(), max_lock: Tao(1_000 * UNIT) }),
		by(3, Subnets::start_call { netuid: NetUid(3) }),
		by(
			4,
			Subnets::register_neuron { netuid: ONE, hotkey: hotkey(6), max_cost: Tao(100 * UNIT) },
		),
		by(
			4,
			Subnets::register_neuron {
				netuid: ONE,
				hotkey: [0x71; 32].into(),
				max_cost: Tao(100 * UNIT),
			},
		),
		by(1, Subnets::set_take { hotkey: hotkey(0), take: PerU16::from_percent(5) }),
		by(1, Subnets::set_subnet_params { netuid: ONE, params: Hyperparams::new(MIN_TEMPO, 5) }),
		by(1, Subnets::set_subnet_identity { netuid: ONE, identity }),
		Step::Blocks(10),
		by(1, Subnets::swap_hotkey { hotkey: hotkey(0), new_hotkey: [0x72; 32].into() }),
		by_hotkey(7, Subnets::rebind_hotkey { coldkey: coldkey(4) }),
		by(5, Subnets::announce_coldkey_swap { new_coldkey: [0x73; 32].into() }),
		by(4, Subnets::announce_coldkey_swap { new_coldkey: [0x74; 32].into() }),
		by(4, Subnets::cancel_coldkey_swap {}),
		Step::Blocks(10),
		by(1, Subnets::swap_coldkey { coldkey: coldkey(5) }),
		Step::Blocks(60),
	]
}

fn consensus_calls() -> Vec<Step> {
	let (uids, weights): (Vec<_>, Vec<_>) = [(Uid(1), 3), (Uid(2), 1)].into_iter().unzip();
	let (salt, version_key) = (vec![7_u8; 8], 0_u64);
	let bytes = (hotkey(1), TWO, &uids, &weights, &salt, version_key).encode();
	let hash = sp_io::hashing::blake2_256(&bytes).into();
	let (uids, weights) =
		(uids.try_into().expect("they fit"), weights.try_into().expect("they fit"));
	let set = Yuma::set_weights { netuid: ONE, uids, weights, version_key };
	let Yuma::set_weights { uids, weights, .. } = set.clone() else { return Vec::new() };
	let salt = salt.try_into().expect("it fits");
	vec![
		by_hotkey(0, set),
		by_hotkey(1, Yuma::commit_weights { netuid: TWO, hash }),
		Step::Blocks(60),
		by_hotkey(1, Yuma::reveal_weights { netuid: TWO, uids, weights, salt, version_key }),
		Step::Blocks(63),
		by(3, add(TWO, 3)),
		Step::Blocks(30),
	]
}

fn governance_calls() -> Vec<Step> {
	let market = MarketParams::default();
	let checked = Checked::new(market).expect("they are in bounds");
	let key_value =
		RuntimeParameters::Market(market::Parameters::Params(market::Params, Some(checked)));
	use dtao_runtime::parameters::initial::Call as Initial;
	vec![
		governance(pallet_parameters::Call::set_parameter { key_value }),
		governance(Initial::set_market { params: market }),
		governance(Initial::set_registry { params: SubnetsParams::default() }),
		governance(pallet_validators::Call::add_validator { who: coldkey(1) }),
		governance(pallet_validators::Call::remove_validator { who: coldkey(1) }),
		governance(pallet_safe_mode::Call::force_enter {}),
		by(1, add(ONE, 0)),
		Step::Blocks(5),
		governance(pallet_safe_mode::Call::force_extend {}),
		governance(pallet_safe_mode::Call::force_exit {}),
		by(1, pallet_safe_mode::Call::enter {}),
		by(1, pallet_safe_mode::Call::extend {}),
		governance(pallet_safe_mode::Call::release_deposit { account: coldkey(1), block: 1 }),
		governance(pallet_safe_mode::Call::force_release_deposit { account: coldkey(1), block: 1 }),
		governance(pallet_safe_mode::Call::force_slash_deposit { account: coldkey(1), block: 1 }),
		governance(pallet_tx_pause::Call::pause {
			full_name: (
				b"Dtao".to_vec().try_into().expect("it fits"),
				b"add_stake".to_vec().try_into().expect("it fits"),
			),
		}),
		by(1, add(ONE, 0)),
		Step::Blocks(30),
	]
}

fn composed_calls() -> Vec<Step> {
	let calls = vec![add(ONE, 0).into(), add(TWO, 1).into()];
	let call: RuntimeCall = add(ONE, 2).into();
	vec![
		by(1, pallet_utility::Call::batch_all { calls: calls.clone() }),
		by(2, pallet_utility::Call::force_batch { calls }),
		by(
			1,
			pallet_proxy::Call::add_proxy {
				delegate: coldkey(2).into(),
				proxy_type: ProxyType::Staking,
				delay: 0,
			},
		),
		by(
			2,
			pallet_proxy::Call::proxy {
				real: coldkey(1).into(),
				force_proxy_type: None,
				call: Box::new(call),
			},
		),
		by(3, pallet_balances::Call::transfer_all { dest: coldkey(6).into(), keep_alive: false }),
		by(
			3,
			Dtao::remove_stake {
				netuid: NetUid::ROOT,
				hotkey: hotkey(0),
				amount: Amount::All,
				min_received: Tao(0),
			},
		),
		Step::Blocks(10),
	]
}

/// The seeds, each with its name.
pub(crate) fn all() -> Vec<(&'static str, Vec<Step>)> {
	vec![
		("market", market_calls()),
		("dissolution", dissolution()),
		("registry", registry_calls()),
		("consensus", consensus_calls()),
		("governance", governance_calls()),
		("composed", composed_calls()),
	]
}
