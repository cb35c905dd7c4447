//! The rules of the economy, worked out a second time and in the plainest way, for the tests to
//! measure the pallet against. Nothing here calls the code under test.

use crate::types::{Pool, StakePool};
use dtao_primitives::{Alpha, Tao};
use sp_runtime::FixedU128;

/// Billionths in one.
const ONE: u128 = 1_000_000_000;

/// The virtual shares of every stake pool.
const V: u128 = 1 << 64;

/// ⌊a·b/c⌋ by long division, bit after bit. `c` is below 2¹²⁶.
pub(super) fn floor(a: u128, b: u128, c: u128) -> u128 {
	divide(a, b, c).0
}

/// ⌈a·b/c⌉.
pub(super) fn ceil(a: u128, b: u128, c: u128) -> u128 {
	let (quotient, rest) = divide(a, b, c);
	quotient + u128::from(rest > 0)
}

/// Horner's scheme: each bit of `a` doubles what there is and adds `b`.
fn divide(a: u128, b: u128, c: u128) -> (u128, u128) {
	assert!(c > 0 && c < 1 << 126, "the plain division takes no such divisor");
	let (whole, part) = (b / c, b % c);
	let (mut quotient, mut rest) = (0u128, 0u128);
	for bit in (0..128).rev() {
		quotient = quotient.checked_mul(2).expect("the quotient fits");
		rest *= 2;
		if a >> bit & 1 == 1 {
			quotient = quotient.checked_add(whole).expect("the quotient fits");
			rest += part;
		}
		quotient += rest / c;
		rest %= c;
	}
	(quotient, rest)
}

/// The fee on `input`, rounded up, and what a trade pays, rounded down.
pub(super) fn trade(reserve_in: u64, reserve_out: u64, input: u64, fee_ppb: u32) -> (u64, u64) {
	let fee = ceil(input.into(), fee_ppb.into(), ONE);
	let net = u128::from(input) - fee;
	let out = floor(reserve_out.into(), net, u128::from(reserve_in) + net);
	(fee as u64, out as u64)
}

/// τ/α, floored to 18 decimals.
pub(super) fn price(pool: Pool) -> FixedU128 {
	let (tao, alpha) = (pool.tao.get(), pool.alpha.get());
	FixedU128::from_inner(floor(tao.into(), ONE * ONE, alpha.into()))
}

/// Whether τ/α is at most `limit`, by cross-multiplication.
pub(super) fn is_at_most(pool: Pool, limit: FixedU128) -> bool {
	let limit = limit.into_inner().checked_mul(pool.alpha.get().into()).expect("fits");
	u128::from(pool.tao.get()) * ONE * ONE <= limit
}

/// Whether τ/α is at least `limit`.
pub(super) fn is_at_least(pool: Pool, limit: FixedU128) -> bool {
	let limit = limit.into_inner().checked_mul(pool.alpha.get().into()).expect("fits");
	u128::from(pool.tao.get()) * ONE * ONE >= limit
}

/// The pool after a purchase, and its fee and payment.
pub(super) fn bought(pool: Pool, paid: u64, fee_ppb: u32) -> (Pool, u64, u64) {
	let (fee, out) = trade(pool.tao.get(), pool.alpha.get(), paid, fee_ppb);
	let tao = Tao(pool.tao.get() + paid);
	(Pool { tao, alpha: Alpha(pool.alpha.get() - out) }, fee, out)
}

/// The pool after a sale, and its fee and payment.
pub(super) fn sold(pool: Pool, paid: u64, fee_ppb: u32) -> (Pool, u64, u64) {
	let (fee, out) = trade(pool.alpha.get(), pool.tao.get(), paid, fee_ppb);
	let alpha = Alpha(pool.alpha.get() + paid);
	(Pool { tao: Tao(pool.tao.get() - out), alpha }, fee, out)
}

/// The largest amount below `end` of which `keeps` is true, by halving the range; 0 if it is true of
/// none.
pub(super) fn most(end: u64, keeps: impl Fn(u64) -> bool) -> u64 {
	let (mut low, mut high) = (0, end);
	while high - low > 1 {
		let middle = low + (high - low) / 2;
		match keeps(middle) {
			true => low = middle,
			false => high = middle,
		}
	}
	low
}

/// The least amount at this price that is worth `least`: ⌈least·α/τ⌉.
pub(super) fn least_worth(pool: Pool, least: Tao) -> u64 {
	ceil(least.get().into(), pool.alpha.get().into(), pool.tao.get().into()) as u64
}

/// What a block mints at this issuance: 10⁹ halved for each n with I·2ⁿ ≥ C·(2ⁿ − 1).
pub(super) fn emission(issuance: u64) -> u64 {
	const CAP: u128 = 21_000_000_000_000_000;
	let mut halved = 0;
	while halved < 64 {
		let next = 1u128 << (halved + 1);
		if u128::from(issuance) * next < CAP * (next - 1) {
			break;
		}
		halved += 1;
	}
	match halved {
		64 => 0,
		_ => (1_000_000_000u64 >> halved).min((CAP - u128::from(issuance)) as u64),
	}
}

/// The exact split: e = ⌊left·w/weight left⌋, subtract both.
pub(super) fn split(whole: u64, weights: &[u64]) -> Vec<u64> {
	let (mut left, mut weight) = (whole, weights.iter().map(|w| u128::from(*w)).sum::<u128>());
	let mut parts = Vec::new();
	for w in weights {
		let part = if *w == 0 { 0 } else { floor(left.into(), (*w).into(), weight) as u64 };
		left -= part;
		weight -= u128::from(*w);
		parts.push(part);
	}
	parts
}

/// ⌊bucket·weight/(2³² − 1)⌋.
pub(super) fn part(bucket: u64, weight: u32) -> u64 {
	floor(bucket.into(), weight.into(), u32::MAX.into()) as u64
}

/// A take of 18 %, which in 65 535ths is 11 796, floored.
pub(super) fn take_18(amount: u64) -> u64 {
	floor(amount.into(), 11_796, 65_535) as u64
}

/// Root's stake seen as ALPHA, at a weight of 18 %: ⌊w·R·(e/E)·(α/τ)⌋.
pub(super) fn root_as_alpha(root: u64, e: u64, all: u64, pool: Pool) -> u64 {
	let weighed = 180_000_000 * u128::from(root);
	// R·e is below 2¹⁰⁰ and E·τ too in every test: two steps would round twice.
	let (alpha, tao) = (u128::from(pool.alpha.get()), u128::from(pool.tao.get()));
	let numerator = weighed.checked_mul(e.into()).expect("fits");
	let denominator = ONE * u128::from(all) * tao;
	floor(numerator, alpha, denominator) as u64
}

/// Root's stake seen as ALPHA of the only subnet, at a weight of 18 %, over blocks that found these
/// pools: ⌊w·R·Σ⌊2⁶⁴·α/τ⌋/(2⁶⁴·n)⌋.
pub(super) fn mean_root_as_alpha(root: u64, pools: &[Pool]) -> u64 {
	let factor = |pool: &Pool| floor(V, pool.alpha.get().into(), pool.tao.get().into());
	let factors: u128 = pools.iter().map(factor).sum();
	// w·R/(10⁹·n) is at most 2⁶³ over 2³⁶: the product of the quotient's divisor stays below 2¹²⁶.
	let weighed = 180_000_000 * u128::from(root);
	floor(weighed, factors, ONE * pools.len() as u128 * V) as u64
}

/// A pool of stake, kept in step with the pallet's.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shares {
	amount: u128,
	shares: u128,
}

impl Shares {
	/// As the pallet's pool stands.
	pub(super) fn of(pool: StakePool) -> Self {
		Self { amount: pool.amount.into(), shares: pool.shares }
	}

	/// Mint ⌈a·(S+V)/(A+1)⌉.
	pub(super) fn deposit(&mut self, amount: u64) -> u128 {
		let minted = ceil(amount.into(), self.shares + V, self.amount + 1);
		self.amount += u128::from(amount);
		self.shares += minted;
		minted
	}

	/// Burn the same formula's ceiling.
	pub(super) fn withdraw(&mut self, amount: u64) -> u128 {
		let burnt = ceil(amount.into(), self.shares + V, self.amount + 1);
		self.amount -= u128::from(amount);
		self.shares -= burnt;
		burnt
	}

	/// Raise what all shares are worth.
	pub(super) fn reward(&mut self, amount: u64) {
		self.amount += u128::from(amount);
	}

	/// ⌊s·(A+1)/(S+V)⌋.
	pub(super) fn value(&self, shares: u128) -> u64 {
		floor(shares, self.amount + 1, self.shares + V) as u64
	}
}

#[test]
fn the_plain_division_is_a_division() {
	assert_eq!((floor(7, 3, 2), ceil(7, 3, 2)), (10, 11));
	assert_eq!((floor(6, 4, 3), ceil(6, 4, 3)), (8, 8));
	let (a, c) = ((1 << 120) - 1, (1 << 120) - 3);
	assert_eq!(floor(a, c, c), a);
	// (2¹²⁰ − 1)² = 2²⁴⁰ − 2¹²¹ + 1, over 2¹²⁰: 2¹²⁰ − 2 and 1 over 2¹²⁰.
	assert_eq!((floor(a, a, 1 << 120), ceil(a, a, 1 << 120)), (a - 1, a));
}
