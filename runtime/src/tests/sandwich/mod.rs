//! What an attacker can win, at best: each test searches the sizes of an attack numerically, prints
//! the best profit, and holds it below a bound that its documentation derives.
//!
//! ```text
//! scripts/cargo.sh test --lib sandwich -- --nocapture
//! ```

mod orders;
mod timing;

use super::support::{add, coldkey, free, hotkey, remove, tao, Chain};
use crate::AccountId;
use dtao_primitives::{constants::UNIT, Amount, NetUid, Tao};

/// TAO in the pools that are attacked.
const POOLS: [u64; 5] = [10, 100, 1_000, 10_000, 100_000];

const SUBNET: NetUid = NetUid(1);

fn attacker() -> AccountId {
	coldkey(0xaa)
}

fn victim() -> AccountId {
	coldkey(0xbb)
}

fn owner() -> AccountId {
	coldkey(1)
}

/// Its hotkey validates, another of its hotkeys mines.
fn validator() -> AccountId {
	hotkey(1)
}

/// `subnets` subnets with `pool` TAO each; everybody has more than enough.
fn chain(pool: u64, subnets: u16) -> Chain {
	let mut chain = Chain::default()
		.funded(owner(), tao(2_000_000))
		.funded(attacker(), tao(1_000_000))
		.funded(victim(), tao(1_000_000))
		.owned(validator(), owner())
		.owned(hotkey(2), owner());
	for _ in 0..subnets {
		chain = chain.subnet(owner(), tao(pool), 60, vec![validator(), hotkey(2)]);
	}
	chain
}

/// The best of what `profit` answers for sizes from `least` to `most`: along a grid on which every
/// order of magnitude has as many points, then closer and closer around the best. None where the
/// attack cannot be made.
fn best(least: u64, most: u64, mut profit: impl FnMut(u64) -> Option<i128>) -> (u64, i128) {
	const POINTS: u32 = 24;
	let (mut low, mut high) = (least as f64, most.max(least) as f64);
	let mut found = (0, 0);
	for _ in 0..4 {
		let ratio = (high / low).powf(1.0 / f64::from(POINTS));
		let mut size = low;
		let mut center = low;
		let mut best_here = None;
		for _ in 0..=POINTS {
			let rounded = size.round() as u64;
			if let Some(won) = profit(rounded) {
				if best_here.is_none_or(|most| won > most) {
					(best_here, center) = (Some(won), size);
				}
				if won > found.1 {
					found = (rounded, won);
				}
			}
			size *= ratio;
		}
		(low, high) = ((center / ratio).max(least as f64), (center * ratio).min(most as f64));
		if high <= low {
			break;
		}
	}
	found
}

/// Sell all of a position; in halves where one trade may not be so large.
fn sell_all(who: &AccountId, netuid: NetUid, hotkey: &AccountId) -> Option<()> {
	if remove(who, netuid, hotkey, Amount::All, Tao::ZERO).is_ok() {
		return Some(());
	}
	let held = super::support::stake_of(who, netuid, hotkey);
	remove(who, netuid, hotkey, Amount::Exact(held / 2), Tao::ZERO).ok()?;
	remove(who, netuid, hotkey, Amount::All, Tao::ZERO).ok()
}

/// What `who` has more of after `attack` than before, in rao. None where it fails.
fn gain(who: &AccountId, attack: impl FnOnce() -> Option<()>) -> Option<i128> {
	let before = i128::from(free(who));
	attack()?;
	Some(i128::from(free(who)) - before)
}

fn buy(who: &AccountId, netuid: NetUid, amount: u64, min_received: u64) -> Option<()> {
	add(who, netuid, &validator(), Tao(amount), min_received).ok()
}

/// Rao as TAO, for a table.
fn in_tao(rao: i128) -> f64 {
	rao as f64 / UNIT as f64
}

/// `⌊a·b/c⌋`.
fn mul_div(a: u64, b: u64, c: u64) -> i128 {
	i128::try_from(u128::from(a) * u128::from(b) / u128::from(c)).expect("it fits")
}
