//! The calls of the registry.

use super::Args;
use crate::{json::changed, Composed};
use dtao_primitives::{Hyperparams, SubnetIdentity, Tao};
use pallet_subnets::{Call, Pallet};
use serde_json::Value;
use sp_runtime::{traits::ConstU32, BoundedVec, PerU16};

/// The call `name`; none if the registry has no such.
pub(super) fn call<T: Composed>(name: &str, args: &Args<'_>) -> Option<Call<T>> {
	of_subnets(name, args).or_else(|| of_keys(name, args))
}

/// The calls about subnets and their seats.
fn of_subnets<T: Composed>(name: &str, args: &Args<'_>) -> Option<Call<T>> {
	Some(match name {
		"register_subnet" => Call::register_subnet {
			hotkey: args.key("hotkey"),
			max_lock: Tao(args.number_or("max_lock", u64::MAX)),
		},
		"start_call" => Call::start_call { netuid: args.netuid() },
		"register_neuron" => Call::register_neuron {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			max_cost: Tao(args.number("max_cost")),
		},
		"dissolve_subnet" => Call::dissolve_subnet { netuid: args.netuid() },
		"cancel_dissolve" => Call::cancel_dissolve { netuid: args.netuid() },
		"set_subnet_params" => {
			Call::set_subnet_params { netuid: args.netuid(), params: hyperparams::<T>(args) }
		},
		"set_subnet_identity" => {
			Call::set_subnet_identity { netuid: args.netuid(), identity: identity(args) }
		},
		_ => return None,
	})
}

/// The calls about hotkeys and coldkeys.
fn of_keys<T: Composed>(name: &str, args: &Args<'_>) -> Option<Call<T>> {
	Some(match name {
		"set_take" => Call::set_take {
			hotkey: args.key("hotkey"),
			take: PerU16::from_parts(
				u16::try_from(args.number("take")).expect("a take has 16 bits"),
			),
		},
		"swap_hotkey" => {
			Call::swap_hotkey { hotkey: args.key("hotkey"), new_hotkey: args.key("new_hotkey") }
		},
		"rebind_hotkey" => Call::rebind_hotkey { coldkey: args.key("coldkey") },
		"announce_coldkey_swap" => {
			Call::announce_coldkey_swap { new_coldkey: args.key("new_coldkey") }
		},
		"cancel_coldkey_swap" => Call::cancel_coldkey_swap {},
		"swap_coldkey" => Call::swap_coldkey { coldkey: args.key("coldkey") },
		_ => return None,
	})
}

/// The subnet's hyperparameters, with the named fields replaced. Of a subnet that there is not,
/// those of any.
fn hyperparams<T: Composed>(args: &Args<'_>) -> Hyperparams {
	let now = Pallet::<T>::subnet(args.netuid())
		.map_or_else(|| Hyperparams::new(360, 0), |subnet| subnet.hyperparams);
	let mut fields = args.0.clone();
	fields
		.as_object_mut()
		.expect("arguments")
		.retain(|name, value| name != "netuid" && !value.is_null());
	changed(now, &fields)
}

/// What a subnet says of itself; what is not said is empty.
fn identity(args: &Args<'_>) -> SubnetIdentity {
	SubnetIdentity {
		name: text(&args.0["name"]),
		symbol: text(&args.0["symbol"]),
		description: text(&args.0["description"]),
		url: text(&args.0["url"]),
		contact: text(&args.0["contact"]),
	}
}

fn text<const N: u32>(value: &Value) -> BoundedVec<u8, ConstU32<N>> {
	let said = value.as_str().unwrap_or_default().as_bytes().to_vec();
	said.try_into().expect("no longer than it may be")
}
