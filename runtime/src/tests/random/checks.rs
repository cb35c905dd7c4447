//! What is checked after each block, and of each call.

use super::{
	super::support::{check_invariants, market_events},
	calls::Attempt,
};
use crate::{AccountId, Balances, Dtao, Runtime, RuntimeCall, RuntimeEvent, Subnets, System};
use dtao_primitives::{constants::EXISTENTIAL_DEPOSIT, views::SubnetState, EmissionRule};
use frame_support::traits::fungible::Inspect;
use pallet_dtao::{Call, Event};
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

/// TAO's issuance, as the events tell it; and what the run has seen.
pub(crate) struct Ledger {
	issuance: u64,
	pub(crate) seen: BTreeMap<&'static str, u32>,
}

impl Ledger {
	pub(crate) fn new() -> Self {
		Self { issuance: <Balances as Inspect<AccountId>>::total_issuance(), seen: BTreeMap::new() }
	}

	fn see(&mut self, what: &'static str) {
		*self.seen.entry(what).or_default() += 1;
	}

	/// The end of a block: every invariant holds; what was minted and recycled is what the issuance
	/// changed by, to the rao; the pot holds what lies in it, to the rao.
	pub(crate) fn close_block(&mut self) {
		for record in System::events() {
			self.count(record.event);
		}
		System::reset_events();
		let block = System::block_number();
		// A redemption says at its end what was recycled of its fund on the way.
		let under_way = pallet_dtao::Redemptions::<Runtime>::iter_values()
			.map(|redemption| redemption.recycled.get())
			.sum::<u64>();
		let issuance = <Balances as Inspect<AccountId>>::total_issuance();
		assert_eq!(issuance + under_way, self.issuance, "issuance in block {block}");
		let supply = Dtao::supply();
		let owed = supply.pools.0 + supply.root.0 + supply.redemption.0 + EXISTENTIAL_DEPOSIT;
		assert_eq!(
			<Balances as Inspect<_>>::total_balance(&Dtao::pot()),
			owed,
			"the pot in block {block}"
		);
		check_invariants();
		self.see(match super::super::support::market_params().rule {
			EmissionRule::TaoReserve => "rule: TaoReserve",
			EmissionRule::PriceEma => "rule: PriceEma",
			EmissionRule::FlowEma => "rule: FlowEma",
		});
	}

	fn count(&mut self, event: RuntimeEvent) {
		let (minted, recycled) = match event {
			RuntimeEvent::Dtao(event) => match event {
				Event::EmissionDistributed { minted, .. } => (minted.get(), 0),
				Event::EpochClosed { root_recycled, .. } => {
					self.see("epoch closed");
					(0, root_recycled.get())
				},
				Event::MarketDissolved { recycled, .. } => {
					self.see("market dissolved");
					(0, recycled.get())
				},
				Event::RedemptionClosed { recycled, .. } => {
					self.see("redemption closed");
					(0, recycled.get())
				},
				Event::EmissionStepFailed { netuid, error } => {
					panic!("the step of {netuid} failed: {error:?}")
				},
				Event::BlockStepFailed { error } => panic!("a block's emission failed: {error:?}"),
				Event::EpochFailed { netuid, error } => {
					panic!("the epoch of {netuid} failed: {error:?}")
				},
				Event::RedemptionStepFailed { netuid, error } => {
					panic!("a redemption in {netuid} failed: {error:?}")
				},
				_ => (0, 0),
			},
			RuntimeEvent::Subnets(
				pallet_subnets::Event::NeuronRegistered { cost, .. }
				| pallet_subnets::Event::HotkeySwapped { cost, .. },
			) => (0, cost.get()),
			RuntimeEvent::Subnets(pallet_subnets::Event::NeuronReplaced { .. }) => {
				self.see("neuron replaced");
				(0, 0)
			},
			RuntimeEvent::Balances(pallet_balances::Event::DustLost { amount, .. }) => (0, amount),
			_ => (0, 0),
		};
		self.issuance = self.issuance + minted - recycled;
	}

	/// Now and then: in what state each subnet is, and that an account exists as long as it holds a
	/// position.
	pub(crate) fn look_around(&mut self, coldkeys: &[AccountId]) {
		for subnet in Dtao::subnets() {
			self.see(match subnet.state {
				SubnetState::Registered => "state: Registered",
				SubnetState::Started => "state: Started",
				SubnetState::Dissolved => "state: Dissolved",
			});
		}
		assert!(Dtao::audit().iter().all(|line| line.holds), "every line of the audit holds");
		for coldkey in coldkeys {
			let positions = pallet_dtao::Positions::<Runtime>::iter_key_prefix(coldkey).count();
			let references = System::account(coldkey).sufficients;
			assert_eq!(references, positions as u32, "a position keeps its account alive");
		}
		Subnets::do_try_state().expect("every invariant of the registry holds");
	}
}

/// What `attempt` would do, if there is a quote for it: what is received, or the error.
pub(crate) fn quote(attempt: &Attempt) -> Option<Result<u64, DispatchError>> {
	let who = attempt.who.as_ref()?;
	let RuntimeCall::Dtao(call) = &attempt.call else { return None };
	let received = match call {
		Call::add_stake { netuid, hotkey, tao, min_received: 0 } => {
			Dtao::quote_add_stake(who, *netuid, hotkey, *tao).map(|quote| quote.amount_out)
		},
		Call::remove_stake { netuid, hotkey, amount, min_received } if min_received.is_zero() => {
			Dtao::quote_remove_stake(who, *netuid, hotkey, *amount).map(|quote| quote.amount_out)
		},
		Call::add_stake_limit { netuid, hotkey, tao, limit_price, fill } => {
			Dtao::quote_add_stake_limit(who, *netuid, hotkey, *tao, *limit_price, *fill)
				.map(|quote| quote.amount_out)
		},
		Call::remove_stake_limit { netuid, hotkey, amount, limit_price, fill } => {
			Dtao::quote_remove_stake_limit(who, *netuid, hotkey, *amount, *limit_price, *fill)
				.map(|quote| quote.amount_out)
		},
		Call::move_stake { from, to, amount, min_received: 0 } => {
			Dtao::quote_move_stake(who, from.netuid, &from.hotkey, to.netuid, &to.hotkey, *amount)
				.map(|quote| quote.amount_out)
		},
		Call::redeem { netuid, coldkey, hotkey } => {
			let claims = Dtao::claimable(coldkey);
			let is_this = |claim: &&dtao_primitives::views::ClaimView<AccountId>| {
				claim.netuid == *netuid && claim.hotkey == *hotkey
			};
			Ok(claims.iter().find(is_this)?.tao.get())
		},
		_ => return None,
	};
	Some(received)
}

/// What the last call's event says was received.
pub(crate) fn received() -> u64 {
	let amount = |event: &Event<Runtime>| match event {
		Event::StakeAdded { alpha, .. } => Some(alpha.get()),
		Event::StakeRemoved { tao, .. } | Event::Redeemed { tao, .. } => Some(tao.get()),
		Event::StakeMoved { received, .. } => Some(*received),
		_ => None,
	};
	market_events().iter().rev().find_map(amount).expect("an event says what was received")
}
