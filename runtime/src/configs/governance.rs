//! Who may act for whom: sudo, batches, proxies; and who may set what.

use crate::{
	parameters::{self, RuntimeParameters},
	Balance, Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, System,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtao_primitives::constants::UNIT;
use frame_support::traits::{AsEnsureOriginWithArg, ConstU32, ConstU64, InstanceFilter};
use frame_system::EnsureRoot;
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

impl pallet_sudo::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl parameters::initial::Config for Runtime {}

impl pallet_parameters::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = RuntimeParameters;
	// Who may set; what may be set is the value's type to say.
	type AdminOrigin = AsEnsureOriginWithArg<EnsureRoot<crate::AccountId>>;
	// The pallet's own measurements; it keeps their generic form to itself.
	type WeightInfo = ();
}

/// Held for an account's list of proxies or announcements, in rao. Returned with the list.
const LIST_DEPOSIT: Balance = UNIT / 100;

/// Held for each entry of such a list, in rao. Returned with the entry.
const ENTRY_DEPOSIT: Balance = UNIT / 200;

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ConstU64<LIST_DEPOSIT>;
	type ProxyDepositFactor = ConstU64<ENTRY_DEPOSIT>;
	type MaxProxies = ConstU32<32>;
	type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
	type MaxPending = ConstU32<32>;
	type CallHasher = BlakeTwo256;
	type AnnouncementDepositBase = ConstU64<LIST_DEPOSIT>;
	type AnnouncementDepositFactor = ConstU64<{ ENTRY_DEPOSIT * 2 }>;
	type BlockNumberProvider = System;
}

/// What a proxy may do.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Everything that leaves TAO and stake with the account that holds them, and spends neither but
	/// for fees and the price of a trade.
	#[codec(index = 1)]
	NonTransfer,
	/// Everything that can be done with stake, giving it away included; several calls at once.
	#[codec(index = 2)]
	Staking,
	/// Stake, unstake, and move stake between hotkeys and subnets; several at once. Stake stays with
	/// who holds it.
	#[codec(index = 3)]
	Trading,
	/// Register subnets and neurons, and pay what they cost; start subnets. Several at once.
	#[codec(index = 4)]
	Registration,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			Self::Any => true,
			Self::NonTransfer => keeps_funds(call),
			Self::Staking => stakes(call),
			Self::Trading => trades(call),
			Self::Registration => registers(call),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		match (self, other) {
			(Self::Any, _) | (Self::NonTransfer | Self::Staking, Self::Trading) => true,
			_ => self == other,
		}
	}
}

/// Whether `call` leaves TAO and stake with its caller. What a batch holds is asked for each.
///
/// The match names every pallet, so that a new one has to be decided upon.
fn keeps_funds(call: &RuntimeCall) -> bool {
	match call {
		RuntimeCall::System(_)
		| RuntimeCall::Timestamp(_)
		| RuntimeCall::Grandpa(_)
		| RuntimeCall::Utility(_)
		| RuntimeCall::Proxy(_)
		| RuntimeCall::Parameters(_)
		| RuntimeCall::InitialParameters(_)
		| RuntimeCall::Migrations(_)
		| RuntimeCall::Validators(_)
		| RuntimeCall::Session(_)
		| RuntimeCall::SafeMode(_)
		| RuntimeCall::TxPause(_)
		// Weights move nothing of anybody's.
		| RuntimeCall::Yuma(_) => true,
		RuntimeCall::Subnets(call) => keeps_keys(call),
		RuntimeCall::Dtao(call) => keeps_stake(call),
		// Sudo can transfer by force.
		RuntimeCall::Balances(_) | RuntimeCall::Sudo(_) => false,
	}
}

/// Whether `call` leaves what its caller owns with its caller, its TAO too.
fn keeps_keys(call: &pallet_subnets::Call<Runtime>) -> bool {
	use pallet_subnets::Call;
	match call {
		Call::start_call { .. }
		| Call::set_take { .. }
		| Call::cancel_dissolve { .. }
		| Call::set_subnet_params { .. }
		| Call::set_subnet_identity { .. }
		| Call::cancel_coldkey_swap { .. } => true,
		// What a registration costs is the subnet's or nobody's, and does not come back.
		Call::register_subnet { .. }
		| Call::register_neuron { .. }
		// These give away a subnet, a hotkey or everything; or end a subnet.
		| Call::dissolve_subnet { .. }
		| Call::rebind_hotkey { .. }
		| Call::swap_hotkey { .. }
		| Call::announce_coldkey_swap { .. }
		| Call::swap_coldkey { .. }
		| Call::__Ignore(..) => false,
	}
}

/// Whether `call` leaves stake with its caller, or pays for it.
fn keeps_stake(call: &pallet_dtao::Call<Runtime>) -> bool {
	use pallet_dtao::Call;
	match call {
		Call::transfer_stake { .. }
		| Call::recycle_alpha { .. }
		| Call::burn_alpha { .. }
		| Call::__Ignore(..) => false,
		Call::add_stake { .. }
		| Call::remove_stake { .. }
		| Call::add_stake_limit { .. }
		| Call::remove_stake_limit { .. }
		| Call::move_stake { .. }
		| Call::remove_all_stake { .. }
		| Call::redeem { .. }
		| Call::set_reward_destination { .. } => true,
	}
}

/// Whether `call` registers or starts something, or is a batch, of which each call is asked for.
fn registers(call: &RuntimeCall) -> bool {
	use pallet_subnets::Call;
	matches!(
		call,
		RuntimeCall::Utility(_)
			| RuntimeCall::Subnets(
				Call::register_subnet { .. }
					| Call::register_neuron { .. }
					| Call::start_call { .. }
			)
	)
}

/// Whether `call` is a staker's, whatever it does with the stake, or a batch, of which each call is
/// asked for.
fn stakes(call: &RuntimeCall) -> bool {
	matches!(call, RuntimeCall::Utility(_) | RuntimeCall::Dtao(_))
}

/// Whether `call` is a staker's and leaves the stake with its holder, or a batch, of which each call
/// is asked for.
fn trades(call: &RuntimeCall) -> bool {
	match call {
		RuntimeCall::Utility(_) => true,
		RuntimeCall::Dtao(call) => keeps_stake(call),
		_ => false,
	}
}
