//! The third pallet: its calls, and what it keeps of a seat.

use crate::{
	json::{rows, text, unsigned},
	state::{by_netuid, Differences},
	Composed,
};
use codec::Encode;
use dtao_primitives::{NetUid, Uid};
use frame_support::dispatch::RawOrigin;
use pallet_yuma::{Call, Neurons, Salt, UidsOf, WeightsOf};
use serde_json::{json, Value};
use sp_runtime::{traits::Dispatchable, AccountId32, DispatchResult};

/// Make the call `name` of the consensus, signed by `who`. None if there is no such.
pub fn call<T>(name: &str, who: &AccountId32, args: &Value) -> Option<DispatchResult>
where
	T: Composed + pallet_yuma::Config,
	T::RuntimeCall: From<Call<T>>,
{
	let ballot = Ballot::<T>::new(args);
	let Ballot { netuid, uids, weights, version_key, .. } = ballot.clone();
	let call: Call<T> = match name {
		"set_weights" => Call::set_weights { netuid, uids, weights, version_key },
		"commit_weights" => Call::commit_weights { netuid, hash: ballot.hash(who) },
		"reveal_weights" => {
			Call::reveal_weights { netuid, uids, weights, salt: ballot.salt, version_key }
		},
		_ => return None,
	};
	let call: T::RuntimeCall = call.into();
	let made = call.dispatch(RawOrigin::Signed(who.clone()).into());
	Some(made.map(|_| ()).map_err(|refused| refused.error))
}

/// What a validator says.
struct Ballot<T: pallet_yuma::Config> {
	netuid: NetUid,
	uids: UidsOf<T>,
	weights: WeightsOf<T>,
	salt: Salt,
	version_key: u64,
}

// Not derived: that would ask it of `T`.
impl<T: pallet_yuma::Config> Clone for Ballot<T> {
	fn clone(&self) -> Self {
		let Self { netuid, uids, weights, salt, version_key } = self;
		Self {
			netuid: *netuid,
			uids: uids.clone(),
			weights: weights.clone(),
			salt: salt.clone(),
			version_key: *version_key,
		}
	}
}

impl<T: pallet_yuma::Config> Ballot<T> {
	fn new(args: &Value) -> Self {
		Self {
			netuid: NetUid(unsigned(&args["netuid"])),
			uids: numbers(&args["uids"], Uid).try_into().expect("no more than seats"),
			weights: numbers(&args["weights"], |weight: u16| weight)
				.try_into()
				.expect("no more than seats"),
			salt: numbers(&args["salt"], |byte: u8| byte).try_into().expect("a short salt"),
			version_key: args.get("version_key").map_or(0, unsigned),
		}
	}

	/// What `who` commits to.
	fn hash(&self, who: &AccountId32) -> sp_core::H256 {
		let Self { netuid, uids, weights, salt, version_key } = self;
		let said = (who, netuid, uids, weights, salt, version_key).encode();
		sp_io::hashing::blake2_256(&said).into()
	}
}

fn numbers<N: TryFrom<i128>, V>(list: &Value, value: impl Fn(N) -> V) -> Vec<V> {
	rows(list).iter().map(|number| value(unsigned(number))).collect()
}

/// Compare what a state says of each seat: `[permit, last update, consensus, trust, validator
/// trust]`.
pub fn compare<T: Composed + pallet_yuma::Config>(said: &Value, differences: &mut Differences) {
	for (netuid, neurons) in by_netuid(&said["neurons"]) {
		let known = Neurons::<T>::get(netuid);
		let place = format!("of subnet {netuid}");
		differences.compare(
			format!("neurons {place}"),
			&json!(rows(neurons).len()),
			known.len() as i128,
		);
		for (uid, (row, neuron)) in rows(neurons).iter().zip(&known).enumerate() {
			if row[0].as_bool() != Some(neuron.permit) {
				differences.note(format!("the permit of seat {uid} {place} is {}", neuron.permit));
			}
			let parts = [
				("last update", &row[1], neuron.last_update),
				("consensus", &row[2], neuron.consensus.deconstruct().into()),
				("trust", &row[3], neuron.trust.deconstruct().into()),
				("validator trust", &row[4], neuron.validator_trust.deconstruct().into()),
			];
			for (name, said, is) in parts {
				differences.compare(format!("{name} of seat {uid} {place}"), said, is);
			}
		}
	}
}

/// The name of the consensus that `genesis` says decides.
pub(crate) fn consensus(genesis: &Value) -> crate::Consensus {
	match genesis.get("consensus").map(text) {
		None | Some("stake") => crate::Consensus::Stake,
		Some("yuma") => crate::Consensus::Yuma,
		Some(other) => panic!("no such consensus: {other}"),
	}
}
