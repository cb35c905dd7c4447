//! Every call of the market by whatever way a call is made.

use super::{
	super::support::{coldkey, market_events, root, send, send_as, undone},
	scene::{alice, attempts, bob, scene},
};
use crate::{
	configs::ProxyType, AccountId, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};
use dtao_primitives::NetUid;
use frame_support::traits::{GetCallName, InstanceFilter};
use pallet_proxy::{Call as Proxy, Event as Proxied};
use pallet_utility::Call as Utility;
use std::collections::BTreeSet;

/// Who may act for Alice and for Bob, on their stake alone.
fn delegate() -> AccountId {
	coldkey(3)
}

/// The market's calls of the scene, each with its signer. There is no variant of which none is.
fn market_calls() -> Vec<(AccountId, RuntimeCall)> {
	let attempts = attempts().into_iter();
	let calls: Vec<_> = attempts
		.filter(|attempt| matches!(attempt.call, RuntimeCall::Dtao(_)))
		.map(|attempt| (attempt.name(), attempt.who.expect("it is signed"), attempt.call))
		.collect();
	let named: BTreeSet<_> = calls.iter().map(|(name, _, _)| *name).collect();
	let all = pallet_dtao::Call::<Runtime>::get_call_names();
	assert_eq!(named, all.iter().copied().collect());
	calls.into_iter().map(|(_, who, call)| (who, call)).collect()
}

/// The market's events of `call`, which `who` sends and which is accepted.
fn outcome(who: &AccountId, call: impl Into<RuntimeCall>) -> Vec<pallet_dtao::Event<Runtime>> {
	System::reset_events();
	assert_eq!(send(who, call), Ok(()));
	market_events()
}

/// What the delegate asks for in another's name.
fn for_another(real: &AccountId, call: RuntimeCall) -> RuntimeCall {
	let real = real.clone().into();
	Proxy::proxy { real, force_proxy_type: None, call: Box::new(call) }.into()
}

fn all_of(call: RuntimeCall) -> RuntimeCall {
	Utility::batch_all { calls: vec![call] }.into()
}

/// How a proxied call went.
fn proxied() -> Vec<bool> {
	let events = System::events().into_iter().map(|record| record.event);
	let went = |event| match event {
		RuntimeEvent::Proxy(Proxied::ProxyExecuted { result }) => Some(result.is_ok()),
		_ => None,
	};
	events.filter_map(went).collect()
}

/// Signed, in a batch, by a proxy for stake, and in a batch of that proxy: the market says the same.
#[test]
fn every_market_call_is_the_same_by_a_proxy_and_in_a_batch() {
	scene().execute_with(|| {
		for real in [alice(), bob()] {
			let delegate = delegate().into();
			let call = Proxy::add_proxy { delegate, proxy_type: ProxyType::Staking, delay: 0 };
			assert_eq!(send(&real, call), Ok(()));
		}
		for (who, call) in market_calls() {
			assert!(ProxyType::Staking.filter(&call), "{call:?}");
			let signed = undone(|| outcome(&who, call.clone()));
			assert!(!signed.is_empty(), "{call:?} says nothing");
			let batched = undone(|| outcome(&who, all_of(call.clone())));
			assert_eq!(batched, signed, "{call:?}");
			for inner in [call.clone(), all_of(call.clone())] {
				let (went, by_proxy) = undone(|| {
					let said = outcome(&delegate(), for_another(&who, inner));
					(proxied(), said)
				});
				assert_eq!(went, [true], "{call:?}");
				assert_eq!(by_proxy, signed, "{call:?}");
			}
		}
	});
}

/// A batch that breaks off undoes the market's calls before it.
#[test]
fn a_batch_whose_last_call_is_refused_changes_nothing() {
	let nobodys = RuntimeCall::from(pallet_subnets::Call::start_call { netuid: NetUid(99) });
	scene().execute_with(|| {
		for (who, call) in market_calls() {
			let calls = vec![call, nobodys.clone()];
			let before = undone(root);
			undone(|| {
				let batch = Utility::batch_all { calls };
				let refused = send_as(RuntimeOrigin::signed(who), batch);
				let error = pallet_subnets::Error::<Runtime>::UnknownSubnet;
				assert_eq!(refused, Err(error.into()));
				assert_eq!(root(), before);
			});
		}
	});
}
