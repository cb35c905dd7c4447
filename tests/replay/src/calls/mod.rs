//! The call of a step: by whom, and what.

mod market;
mod registry;

use crate::{
	json::{account, changed, text, unsigned},
	Chain, Composed,
};
use dtao_primitives::NetUid;
use frame_support::{dispatch::RawOrigin, traits::Get};
use serde_json::Value;
use sp_runtime::{traits::Dispatchable, AccountId32, DispatchResult};

/// Make the call of `step`.
pub(crate) fn make<C: Chain>(step: &Value) -> DispatchResult {
	let (name, args) = (text(&step["call"]), &Args(&step["args"]));
	let who = match text(&step["who"]) {
		"sudo" => None,
		who => Some(account(who)),
	};
	if name == "set_params" {
		return set_params::<C>(args);
	}
	let known = market::call::<C::Runtime>(name, args)
		.map(Into::into)
		.or_else(|| registry::call::<C::Runtime>(name, args).map(Into::into));
	match (known, who) {
		(Some(call), who) => dispatch::<C::Runtime>(call, who),
		(None, Some(who)) => C::call(name, &who, args.0).unwrap_or_else(|| no_such(name)),
		(None, None) => no_such(name),
	}
}

fn no_such(name: &str) -> DispatchResult {
	panic!("no such call: {name}")
}

/// Dispatch `call`, signed by `who`, or by governance.
fn dispatch<T: Composed>(call: T::RuntimeCall, who: Option<AccountId32>) -> DispatchResult {
	let origin = match who {
		Some(who) => RawOrigin::Signed(who),
		None => RawOrigin::Root,
	};
	call.dispatch(origin.into()).map(|_| ()).map_err(|refused| refused.error)
}

/// Not a call: governance replaces fields of what it sets.
fn set_params<C: Chain>(args: &Args<'_>) -> DispatchResult {
	if let Some(market) = args.0.get("market").filter(|fields| fields.is_object()) {
		let now = <C::Runtime as pallet_dtao::Config>::Params::get();
		C::set_market(changed(now, market))?;
	}
	if let Some(registry) = args.0.get("subnets").filter(|fields| fields.is_object()) {
		let now = <C::Runtime as pallet_subnets::Config>::Params::get();
		C::set_registry(changed(now, registry))?;
	}
	Ok(())
}

/// The arguments of a call, by name.
struct Args<'a>(&'a Value);

impl Args<'_> {
	/// The account of this name.
	fn key(&self, field: &str) -> AccountId32 {
		account(text(&self.0[field]))
	}

	/// The subnet.
	fn netuid(&self) -> NetUid {
		self.netuid_of("netuid")
	}

	fn netuid_of(&self, field: &str) -> NetUid {
		NetUid(unsigned(&self.0[field]))
	}

	/// A number; `default` if it is not there.
	fn number_or(&self, field: &str, default: u64) -> u64 {
		self.0.get(field).map_or(default, unsigned)
	}

	/// A number; 0 if it is not there.
	fn number(&self, field: &str) -> u64 {
		self.number_or(field, 0)
	}
}
