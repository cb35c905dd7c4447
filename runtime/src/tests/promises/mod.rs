//! What the overview of Dynamic TAO promises, one scenario each, over the real runtime with the
//! parameters of the main chain. `docs/promises.md` shows them with their figures.

mod emission;
mod price;
mod rewards;
mod series;
mod yields;

use super::{
	next_block,
	support::{
		add, blocks, check_invariants, coldkey, hotkey, market, remove, set_market, stake_of, tao,
		undone, Chain,
	},
};
use crate::{AccountId, Dtao, System};
use dtao_primitives::{
	constants::{DEFAULT_TEMPO, UNIT},
	Amount, NetUid, Tao,
};

fn alice() -> AccountId {
	coldkey(1)
}

fn bob() -> AccountId {
	coldkey(2)
}

fn carol() -> AccountId {
	coldkey(3)
}

/// Alice's, who owns every subnet; it validates in all of them.
fn validator() -> AccountId {
	hotkey(1)
}

/// Bob's, which mines in all of them.
fn miner() -> AccountId {
	hotkey(2)
}

/// Subnets with these pools, in TAO, numbered from 1.
fn subnets(pools: &[u64]) -> Chain {
	subnets_of(pools, DEFAULT_TEMPO)
}

fn subnets_of(pools: &[u64], tempo: u32) -> Chain {
	let mut chain = Chain::default()
		.funded(alice(), tao(3_000_000))
		.funded(bob(), tao(1_000_000))
		.funded(carol(), tao(1_000_000))
		.owned(validator(), alice())
		.owned(miner(), bob());
	for pool in pools {
		chain = chain.subnet(alice(), tao(*pool), tempo, vec![validator(), miner()]);
	}
	chain
}

/// What the next block adds to each subnet's TAO, in rao, and makes it.
fn emitted(netuids: &[NetUid]) -> Vec<u64> {
	let tao = |netuid: &NetUid| {
		let breakdown = Dtao::emission_breakdown(*netuid).expect("it trades");
		breakdown.next_block.tao.get()
	};
	let expected: Vec<_> = netuids.iter().map(tao).collect();
	next_block();
	expected
}

/// The TAO that the block minted, as its event says.
fn minted() -> u64 {
	let minted = |event: &pallet_dtao::Event<crate::Runtime>| match event {
		pallet_dtao::Event::EmissionDistributed { minted, .. } => Some(minted.get()),
		_ => None,
	};
	super::support::market_events().iter().find_map(minted).expect("a block mints")
}
