//! Subnets and their seats.

use super::Differences;
use crate::{
	json::{account, text},
	Composed,
};
use dtao_primitives::{traits::SubnetRegistry, NetUid};
use pallet_dtao::{types::Market, Markets, Redemptions, Scores};
use serde_json::{json, Value};

/// Compare a subnet.
pub(super) fn compare<T: Composed>(netuid: NetUid, said: &Value, differences: &mut Differences) {
	if said["dissolved"] == json!(true) {
		return compare_redemption::<T>(netuid, said, differences);
	}
	let Some(market) = Markets::<T>::get(netuid) else {
		return differences.missing(format!("subnet {netuid}"));
	};
	let cost = pallet_subnets::Pallet::<T>::neuron_cost(netuid).expect("the subnet exists");
	let of_registry = [("neuron_cost", i128::from(cost.get()))];
	for (name, is) in numbers(&market).into_iter().chain(of_registry) {
		differences.compare(format!("{name} of subnet {netuid}"), &said[name], is);
	}
}

/// All that is compared of a market, by name.
fn numbers(market: &Market) -> [(&'static str, i128); 17] {
	let Market { pool, buckets, epoch, .. } = market;
	let miners = buckets.miners.get() - buckets.miners_settled.get();
	[
		("tao", pool.tao.get().into()),
		("alpha", pool.alpha.get().into()),
		("outstanding", market.outstanding.get().into()),
		("burnt", market.burnt.get().into()),
		("issuance", market.issuance().expect("it fits").get().into()),
		("price_ema", market.price_ema.try_into().expect("at most 2⁶⁴")),
		("flow_ema", market.flow_ema),
		("owner", buckets.owner.get().into()),
		("miners", miners.into()),
		("validators", buckets.validators.get().into()),
		("settled", buckets.settled.get().into()),
		("root", buckets.root.get().into()),
		("root_tao", market.root_waiting().expect("sound").get().into()),
		("root_stake", market.root_stake.get().into()),
		("epoch", epoch.index.into()),
		("closes_at", epoch.closes_at.into()),
		("price", pool.price().into_inner().try_into().expect("it fits")),
	]
}

fn compare_redemption<T: Composed>(netuid: NetUid, said: &Value, differences: &mut Differences) {
	let (fund, alpha) = match Redemptions::<T>::get(netuid) {
		Some(redemption) => (redemption.fund_left.get(), redemption.alpha_left().get()),
		// Nothing is left to redeem.
		None => (0, 0),
	};
	differences.compare(format!("fund of subnet {netuid}"), &said["fund"], fund);
	differences.compare(format!("ALPHA left of subnet {netuid}"), &said["alpha_left"], alpha);
}

/// Compare the seats of a subnet, rows `[hotkey, incentive, dividend, root dividend]`.
pub(super) fn compare_seats<T: Composed>(
	netuid: NetUid,
	said: &[Value],
	differences: &mut Differences,
) {
	let scores = Scores::<T>::get(netuid);
	let place = format!("of subnet {netuid}");
	differences.compare(format!("seats {place}"), &json!(said.len()), scores.len() as i128);
	for (uid, (row, score)) in said.iter().zip(&scores).enumerate() {
		let holder = pallet_subnets::Pallet::<T>::hotkey(score.hotkey);
		if holder.map(|hotkey| hotkey.account) != Some(account(text(&row[0]))) {
			differences.missing(format!("{} at seat {uid} {place}", text(&row[0])));
		}
		let parts = [
			("incentive", &row[1], score.incentive),
			("dividend", &row[2], score.dividend),
			("root dividend", &row[3], score.root),
		];
		for (name, said, is) in parts {
			differences.compare(format!("{name} at seat {uid} {place}"), said, is);
		}
	}
}
