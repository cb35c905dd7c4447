//! `share_pool`: shares of an amount that grows.

mod exact;

use dtao_math::{
	emission_curve::CAP,
	share_pool::{shares_for_deposit, shares_for_withdrawal, value, VIRTUAL_SHARES},
	MathError,
};
use exact::{amount, is_floor, q};
use proptest::prelude::*;

const V: u128 = VIRTUAL_SHARES;

/// A pool and its holders' shares, moved by the three functions under test.
#[derive(Clone, Debug, Default)]
struct Pool {
	amount: u64,
	shares: u128,
	holders: Vec<u128>,
}

impl Pool {
	fn of(holders: usize) -> Self {
		Self { holders: vec![0; holders], ..Self::default() }
	}

	fn value(&self, holder: usize) -> u64 {
		value(self.holders[holder], self.amount, self.shares).unwrap()
	}

	fn values(&self) -> Vec<u64> {
		(0..self.holders.len()).map(|holder| self.value(holder)).collect()
	}

	fn deposit(&mut self, holder: usize, amount: u64) {
		let shares = shares_for_deposit(amount, self.amount, self.shares).unwrap();
		self.amount += amount;
		self.shares += shares;
		self.holders[holder] += shares;
	}

	fn withdraw(&mut self, holder: usize, amount: u64) {
		let shares = shares_for_withdrawal(amount, self.amount, self.shares).unwrap();
		self.burn(holder, shares, amount);
	}

	fn withdraw_all(&mut self, holder: usize) -> u64 {
		let amount = self.value(holder);
		self.burn(holder, self.holders[holder], amount);
		amount
	}

	fn burn(&mut self, holder: usize, shares: u128, amount: u64) {
		self.amount -= amount;
		self.shares -= shares;
		self.holders[holder] -= shares;
	}

	fn reward(&mut self, amount: u64) {
		self.amount += amount;
	}

	/// `0 ≤ A − Σ values ≤ holders + ⌈(A + 1)·V/(S + V)⌉`.
	fn check(&self) -> Result<(), TestCaseError> {
		let values: u64 = self.values().iter().sum();
		prop_assert!(values <= self.amount, "{values} of {} in {self:?}", self.amount);
		let virtual_part = (q(self.amount) + q(1)) * q(V) / (q(self.shares) + q(V));
		let most = q(self.holders.len() as u64) + virtual_part.ceil();
		prop_assert!(q(self.amount - values) <= most, "{values} of {} in {self:?}", self.amount);
		Ok(())
	}
}

#[test]
fn values_match_hand_worked_ones() {
	// (shares, pool_amount, pool_shares) => value
	let values = [
		((0, 0, 0), 0),
		((0, 1_000, V), 0),
		((V, 1, V), 1),               // 2 atoms over 2V shares.
		((V, 2, V), 1),               // 3 over 2V: 1.5.
		((V, 3, V), 2),               // 4 over 2V.
		((V - 1, 3, V), 1),           // One share short of two atoms.
		((3 * V, 1_000, 3 * V), 750), // 3/4 of 1 001.
		((V, 1_000, 3 * V), 250),     // 1/4 of 1 001.
		((1, u64::MAX, V), 0),        // ½ atom.
	];
	for ((shares, pool_amount, pool_shares), worth) in values {
		assert_eq!(
			value(shares, pool_amount, pool_shares),
			Ok(worth),
			"{shares} of {pool_shares} over {pool_amount}"
		);
	}
}

#[test]
fn shares_match_hand_worked_ones() {
	// (amount, pool_amount, pool_shares) => shares
	let deposits = [
		((0, 0, 0), 0),
		((1, 0, 0), V),
		((1_000, 0, 0), 1_000 * V),
		((1, 1, V), V),                   // 2V shares over 2 atoms: V each.
		((1, 2, V), (2 * V).div_ceil(3)), // 2V shares over 3 atoms, rounded up.
		((3, 5, V), V),                   // 2V shares over 6 atoms.
	];
	for ((amount, pool_amount, pool_shares), shares) in deposits {
		let case = format!("{amount} into {pool_shares} over {pool_amount}");
		assert_eq!(shares_for_deposit(amount, pool_amount, pool_shares), Ok(shares), "{case}");
		if amount <= pool_amount {
			let burnt = shares_for_withdrawal(amount, pool_amount, pool_shares);
			assert_eq!(burnt, Ok(shares), "{case}");
		}
	}
}

#[test]
fn more_shares_than_there_are_have_no_value() {
	assert_eq!(value(V + 1, 1_000, V), Err(MathError::InvalidParameter));
	assert_eq!(value(1, 1_000, 0), Err(MathError::InvalidParameter));
}

#[test]
fn more_than_the_pool_holds_cannot_be_withdrawn() {
	assert_eq!(shares_for_withdrawal(1_001, 1_000, V), Err(MathError::InsufficientReserve));
}

#[test]
fn shares_that_do_not_fit_are_refused() {
	assert_eq!(shares_for_deposit(1, 0, u128::MAX), Err(MathError::Overflow));
	assert_eq!(value(0, 0, u128::MAX - V + 1), Err(MathError::Overflow));
	// All that can ever exist, in one pool, is far from it.
	assert_eq!(shares_for_deposit(CAP, 0, 0), Ok(u128::from(CAP) * V));
}

/// Hazard E3: whoever deposits one atom first and has the pool rewarded takes nothing from the
/// next depositor, who reads back every atom; and loses what was put in to try.
#[test]
fn inflating_an_empty_pool_takes_nothing_from_the_next_depositor() {
	const ATTACKER: usize = 0;
	const VICTIM: usize = 1;
	for donation in [1, 1_000, 1_000_000_000, 1_000_000_000_000_000] {
		for deposit in [1, 999, 1_000_000_000] {
			let mut pool = Pool::of(2);
			pool.deposit(ATTACKER, 1);
			pool.reward(donation);
			pool.deposit(VICTIM, deposit);
			assert_eq!(pool.value(VICTIM), deposit, "donation {donation}");

			let taken = pool.withdraw_all(ATTACKER);
			assert!(taken <= 1 + donation / 2 + 1, "{taken} of {donation} came back");
			assert!(pool.value(VICTIM) >= deposit, "donation {donation}");
		}
	}
}

/// Hazard E6: however far rewards have raised the value of a share, one atom still is a share or
/// more, so that a part can be withdrawn to the atom.
#[test]
fn one_atom_can_always_be_withdrawn() {
	let mut pool = Pool::of(1);
	pool.deposit(0, 1);
	pool.reward(CAP - 1);
	let before = pool.value(0);
	let shares = shares_for_withdrawal(1, pool.amount, pool.shares).unwrap();
	assert!(shares > 1_000, "an atom is worth {shares} shares");
	pool.withdraw(0, 1);
	assert_eq!(pool.value(0), before - 1);
}

/// Hazard E1, for shares: 10⁵ deposits and withdrawals of single atoms never profit.
#[test]
fn a_hundred_thousand_tiny_deposits_never_profit() {
	const HOLDER: usize = 0;
	const TRADER: usize = 1;
	let mut pool = Pool::of(2);
	pool.deposit(HOLDER, 1_000_003);
	pool.reward(777_777_777);
	let before = pool.value(HOLDER);

	let (mut paid, mut received) = (0_u64, 0_u64);
	for round in 0..100_000_u64 {
		let amount = 1 + round % 7;
		pool.deposit(TRADER, amount);
		paid += amount;
		match round % 3 {
			0 => received += pool.withdraw_all(TRADER),
			_ => {
				pool.withdraw(TRADER, 1);
				received += 1;
			},
		}
		assert!(received + pool.value(TRADER) <= paid, "round {round}");
	}
	assert!(received > 0);
	assert!(pool.value(HOLDER) >= before - 1);
}

/// An amount that can exist.
fn existing() -> impl Strategy<Value = u64> {
	amount().prop_map(|amount| amount % CAP)
}

/// A pool as rewards and holders leave it: some hold, some is rewarded.
fn pool() -> impl Strategy<Value = Pool> {
	(proptest::collection::vec(existing(), 1..6), existing(), existing()).prop_map(
		|(deposits, early, late)| {
			let mut pool = Pool::of(deposits.len() + 1);
			for (holder, deposit) in deposits.into_iter().enumerate() {
				pool.deposit(holder, deposit / 8);
				pool.reward(if holder == 0 { early / 8 } else { 0 });
			}
			pool.reward(late / 8);
			pool
		},
	)
}

#[derive(Clone, Copy, Debug)]
enum Op {
	Deposit(usize, u64),
	Withdraw(usize, u64),
	WithdrawAll(usize),
	Reward(u64),
}

fn op() -> impl Strategy<Value = Op> {
	let amount = || existing().prop_map(|amount| amount / 128);
	prop_oneof![
		(0..4_usize, amount()).prop_map(|(holder, amount)| Op::Deposit(holder, amount)),
		(0..4_usize, any::<u64>()).prop_map(|(holder, part)| Op::Withdraw(holder, part)),
		(0..4_usize).prop_map(Op::WithdrawAll),
		amount().prop_map(Op::Reward),
	]
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_048))]

	/// A deposit reads back exactly what was deposited, whatever the pool went through.
	#[test]
	fn a_deposit_reads_back_exactly(mut pool in pool(), deposit in existing()) {
		let newcomer = pool.holders.len() - 1;
		pool.deposit(newcomer, deposit);
		prop_assert_eq!(pool.value(newcomer), deposit);
	}

	/// Issuing shares and redeeming them returns no more, and the parts redeemed no more than all.
	#[test]
	fn issuing_then_redeeming_never_profits(
		mut pool in pool(), deposit in 1..CAP / 8, part in any::<u64>(),
	) {
		let newcomer = pool.holders.len() - 1;
		pool.deposit(newcomer, deposit);
		let first = part % (deposit + 1);
		pool.withdraw(newcomer, first);
		let rest = pool.withdraw_all(newcomer);
		prop_assert!(first + rest <= deposit);
		prop_assert!(first + rest + 1 >= deposit, "more than a fraction was lost");
	}

	/// A deposit leaves every other value where it was, to within the atom that a value floors.
	#[test]
	fn a_deposit_dilutes_nobody(mut pool in pool(), deposit in existing()) {
		let newcomer = pool.holders.len() - 1;
		let before = pool.values();
		pool.deposit(newcomer, deposit);
		for (holder, (before, after)) in before.iter().zip(pool.values()).enumerate() {
			if holder != newcomer {
				prop_assert!(after + 1 >= *before, "holder {holder}: {before} became {after}");
				prop_assert!(after <= *before, "holder {holder}: {before} became {after}");
			}
		}
	}

	/// A withdrawal, and a reward, lower nobody else's value.
	#[test]
	fn a_withdrawal_lowers_nobody_elses_value(mut pool in pool(), part in any::<u64>()) {
		let before = pool.values();
		let amount = part % (before[0] + 1);
		prop_assert!(shares_for_withdrawal(amount, pool.amount, pool.shares).unwrap()
			<= pool.holders[0]);
		pool.withdraw(0, amount);
		for (holder, before) in before.iter().enumerate().skip(1) {
			prop_assert!(pool.value(holder) >= *before);
		}
	}

	#[test]
	fn a_reward_lowers_nobodys_value(mut pool in pool(), reward in existing()) {
		let before = pool.values();
		pool.reward(reward);
		for (before, after) in before.iter().zip(pool.values()) {
			prop_assert!(after >= *before);
		}
	}

	/// Hazard E6: over any sequence, what the pool holds is what its holders hold, plus floor dust
	/// and the virtual share's part.
	#[test]
	fn the_values_sum_to_the_amount(ops in proptest::collection::vec(op(), 1..100)) {
		let mut pool = Pool::of(4);
		for op in ops {
			match op {
				Op::Deposit(holder, amount) => pool.deposit(holder, amount),
				Op::Withdraw(holder, part) => {
					let amount = part % (pool.value(holder) + 1);
					pool.withdraw(holder, amount);
				},
				Op::WithdrawAll(holder) => {
					pool.withdraw_all(holder);
				},
				Op::Reward(amount) => pool.reward(amount),
			}
			pool.check()?;
			prop_assert_eq!(pool.shares, pool.holders.iter().sum::<u128>());
		}
	}

	/// In exact rationals: the value is below by less than an atom, the shares above by less than
	/// a share.
	#[test]
	fn shares_differ_from_exact_ones_by_less_than_a_unit(pool in pool(), deposit in existing()) {
		let (amount, shares) = (q(pool.amount) + q(1), q(pool.shares) + q(V));
		for (holder, held) in pool.holders.iter().enumerate() {
			prop_assert!(is_floor(pool.value(holder), &(q(*held) * &amount / &shares)));
		}
		let minted = shares_for_deposit(deposit, pool.amount, pool.shares).unwrap();
		prop_assert_eq!(q(minted), (q(deposit) * shares / amount).ceil());
	}
}
