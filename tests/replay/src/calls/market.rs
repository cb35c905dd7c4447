//! The calls of the market.

use super::Args;
use crate::{
	json::{account, rows, text, unsigned},
	Composed,
};
use dtao_primitives::{Amount, Fill, NetUid, Tao};
use pallet_dtao::{
	types::{Exit, Place},
	Call,
};
use serde_json::Value;
use sp_runtime::{AccountId32, FixedU128};

/// The call `name`; none if the market has no such.
pub(super) fn call<T: Composed>(name: &str, args: &Args<'_>) -> Option<Call<T>> {
	trade(name, args).or_else(|| other(name, args))
}

/// The calls that trade.
fn trade<T: Composed>(name: &str, args: &Args<'_>) -> Option<Call<T>> {
	Some(match name {
		"add_stake" => Call::add_stake {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			tao: Tao(args.number("tao")),
			min_received: args.number("min_received"),
		},
		"remove_stake" => Call::remove_stake {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			amount: amount(args),
			min_received: Tao(args.number("min_received")),
		},
		"add_stake_limit" => Call::add_stake_limit {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			tao: Tao(args.number("tao")),
			limit_price: limit_price(args),
			fill: fill(args),
		},
		"remove_stake_limit" => Call::remove_stake_limit {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			amount: amount(args),
			limit_price: limit_price(args),
			fill: fill(args),
		},
		"move_stake" => Call::move_stake {
			from: place(args, "from_netuid", "from_hotkey"),
			to: place(args, "to_netuid", "to_hotkey"),
			amount: amount(args),
			min_received: args.number("min_received"),
		},
		"remove_all_stake" => {
			let exits: Vec<_> = rows(&args.0["stakes"]).iter().map(exit).collect();
			let positions = exits.try_into().expect("no longer than a list may be");
			Call::remove_all_stake { positions }
		},
		_ => return None,
	})
}

/// The calls that do not.
fn other<T: Composed>(name: &str, args: &Args<'_>) -> Option<Call<T>> {
	Some(match name {
		"transfer_stake" => Call::transfer_stake {
			to_coldkey: args.key("to_coldkey"),
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			amount: amount(args),
		},
		"recycle_alpha" => Call::recycle_alpha {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			amount: amount(args),
		},
		"burn_alpha" => Call::burn_alpha {
			netuid: args.netuid(),
			hotkey: args.key("hotkey"),
			amount: amount(args),
		},
		"redeem" => Call::redeem {
			netuid: args.netuid(),
			coldkey: args.key("coldkey"),
			hotkey: args.key("hotkey"),
		},
		"set_reward_destination" => Call::set_reward_destination {
			netuid: args.netuid(),
			hotkey: args.0["hotkey"].as_str().map(account),
		},
		_ => return None,
	})
}

fn amount(args: &Args<'_>) -> Amount {
	match &args.0["amount"] {
		Value::String(all) if all == "All" => Amount::All,
		exact => Amount::Exact(unsigned(exact)),
	}
}

fn fill(args: &Args<'_>) -> Fill {
	match text(&args.0["fill"]) {
		"FillOrKill" => Fill::FillOrKill,
		"Partial" => Fill::Partial,
		other => panic!("no such fill: {other}"),
	}
}

fn limit_price(args: &Args<'_>) -> FixedU128 {
	FixedU128::from_inner(unsigned(&args.0["limit_price"]))
}

fn place(args: &Args<'_>, netuid: &str, hotkey: &str) -> Place<AccountId32> {
	Place { netuid: args.netuid_of(netuid), hotkey: args.key(hotkey) }
}

/// A row `[netuid, hotkey, min_received]`.
fn exit(row: &Value) -> Exit<AccountId32> {
	Exit {
		netuid: NetUid(unsigned(&row[0])),
		hotkey: account(text(&row[1])),
		min_received: Tao(unsigned(&row[2])),
	}
}
