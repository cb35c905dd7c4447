//! What a vector says that the state is, against what it is.

mod stakes;
mod subnets;

use crate::{
	json::{account, int, rows},
	Chain, Composed,
};
use dtao_primitives::NetUid;
use frame_support::traits::fungible::Inspect;
use serde_json::Value;
use sp_runtime::traits::BlockNumberProvider;
use std::fmt::Display;

/// The differences between a said state and a chain's.
pub struct Differences {
	/// Where in the vector.
	pub(crate) at: String,
	/// What differs there.
	pub(crate) found: Vec<String>,
}

impl Differences {
	/// Note it if `is` is not the number that `said` is.
	pub fn compare(&mut self, what: impl Display, said: &Value, is: impl TryInto<i128>) {
		let is = is.try_into().ok().expect("a number");
		if int(said) != is {
			self.note(format!("{what} is {is}, not {}", int(said)));
		}
	}

	/// Note that `what` is not there.
	pub fn missing(&mut self, what: impl Display) {
		self.note(format!("{what} is not there"));
	}

	pub(crate) fn note(&mut self, what: impl Display) {
		self.found.push(format!("{}: {what}", self.at));
	}
}

/// Compare all that `said` says. What it does not say is not compared.
pub(crate) fn compare<C: Chain>(said: &Value, differences: &mut Differences) {
	compare_totals::<C>(said, differences);
	for (netuid, row) in by_netuid(&said["subnets"]) {
		subnets::compare::<C::Runtime>(netuid, row, differences);
	}
	for (netuid, seats) in by_netuid(&said["seats"]) {
		subnets::compare_seats::<C::Runtime>(netuid, rows(seats), differences);
	}
	for row in rows(&said["pools"]) {
		stakes::compare_pool::<C::Runtime>(row, differences);
	}
	for row in rows(&said["positions"]) {
		stakes::compare_position::<C::Runtime>(row, differences);
	}
	for (who, free) in said["balances"].as_object().into_iter().flatten() {
		let is = pallet_balances::Pallet::<C::Runtime>::free_balance(account(who));
		differences.compare(format!("balance of {who}"), free, is);
	}
	C::compare(said, differences);
}

fn compare_totals<C: Chain>(said: &Value, differences: &mut Differences) {
	type Clock<C> = <<C as Chain>::Runtime as pallet_dtao::Config>::BlockNumberProvider;
	differences.compare("block", &said["block"], Clock::<C>::current_block_number());
	let issuance = <pallet_balances::Pallet<C::Runtime> as Inspect<_>>::total_issuance();
	differences.compare("issuance", &said["tao_issuance"], issuance);
	let cost = pallet_subnets::Pallet::<C::Runtime>::registration_cost();
	let cost = cost.expect("sound parameters").get();
	differences.compare("registration cost", &said["registration_cost"], cost);
	let root = pallet_dtao::Root::<C::Runtime>::get();
	differences.compare("root staked", &said["root"]["staked"], root.staked.get());
	differences.compare("root dripping", &said["root"]["dripping"], root.dripping.get());
	compare_pot::<C::Runtime>(differences);
}

/// The pot holds what lies in it, to the rao: no vector donates anything.
fn compare_pot<T: Composed>(differences: &mut Differences) {
	let supply = pallet_dtao::Pallet::<T>::supply();
	let existential = <pallet_balances::Pallet<T> as Inspect<_>>::minimum_balance();
	let owed = supply.pools.get() + supply.root.get() + supply.redemption.get() + existential;
	let held = pallet_balances::Pallet::<T>::free_balance(pallet_dtao::Pallet::<T>::pot());
	differences.compare("the pot", &owed.into(), held);
}

/// The entries of an object whose keys are numbers of subnets.
pub(crate) fn by_netuid(object: &Value) -> impl Iterator<Item = (NetUid, &Value)> {
	let entries = object.as_object().into_iter().flatten();
	entries.map(|(netuid, row)| (NetUid(netuid.parse().expect("a number")), row))
}
