//! The share pool: whatever is deposited, withdrawn and earned, nothing is lost and nobody gains at
//! another's cost.

use crate::Reader;
use dtao_primitives::Amount;
use pallet_dtao::types::StakePool;

const HOLDERS: usize = 4;

/// The most that enters a pool: as much as there can be of TAO, or of a subnet's ALPHA.
const CAP: u64 = dtao_math::emission_curve::CAP;

/// A pool, its holders' shares, and what each has put in and taken out.
#[derive(Default)]
struct World {
	pool: StakePool,
	shares: [u128; HOLDERS],
	deposited: [u128; HOLDERS],
	withdrawn: [u128; HOLDERS],
	rewards: u128,
	withdrawals: [u128; HOLDERS],
	entered: u64,
}

/// Reads deposits, withdrawals and rewards from `bytes`.
///
/// # Panics
///
/// If the pool loses or makes anything, or if somebody's stake is worth less for what others do.
pub fn check(bytes: &[u8]) {
	let mut reader = Reader::new(bytes);
	let mut world = World::default();
	while !reader.is_done() {
		let (what, who, amount) = (reader.u8(), reader.below(HOLDERS), reader.amount());
		let before = world.values();
		match what % 5 {
			0 | 1 => world.deposit(who, amount),
			2 => world.reward(amount),
			3 => world.withdraw(who, Amount::Exact(amount)),
			_ => world.withdraw(who, Amount::All),
		}
		world.compare(what % 5, who, before);
		world.conserve();
	}
	world.leave();
}

impl World {
	fn value(&self, who: usize) -> u64 {
		self.pool.value(self.shares[who]).expect("its holders own no more than all shares")
	}

	fn values(&self) -> [u64; HOLDERS] {
		core::array::from_fn(|who| self.value(who))
	}

	/// `amount`, or what there is still room for.
	fn room(&mut self, amount: u64) -> u64 {
		let amount = amount.min(CAP - self.entered);
		self.entered += amount;
		amount
	}

	fn deposit(&mut self, who: usize, amount: u64) {
		let amount = self.room(amount);
		let before = self.pool;
		let shares = self.pool.deposit(amount).expect("what can exist can be deposited");
		self.shares[who] += shares;
		self.deposited[who] += u128::from(amount);
		assert_eq!(self.pool.value(shares), Ok(amount), "a deposit reads back, in {before:?}");
	}

	fn reward(&mut self, amount: u64) {
		let amount = self.room(amount);
		self.pool.reward(amount).expect("what can exist can be earned");
		self.rewards += u128::from(amount);
	}

	fn withdraw(&mut self, who: usize, wanted: Amount) {
		let held = self.shares[who];
		let value = self.value(who);
		let Ok((amount, shares)) = self.pool.price_withdrawal(held, wanted) else {
			assert!(matches!(wanted, Amount::Exact(amount) if amount > value), "it holds enough");
			return;
		};
		assert!(amount <= value && shares <= held, "it gets more than it has");
		self.pool.withdraw(amount, shares).expect("the pool has what its holders have");
		self.shares[who] -= shares;
		self.withdrawn[who] += u128::from(amount);
		self.withdrawals[who] += 1;
	}

	/// Nobody's stake is worth less for what another did, and nobody's for a reward. Only a deposit, which
	/// is given up to a share too much, can cost the others the atom that their value is floored to.
	fn compare(&self, what: u8, who: usize, before: [u64; HOLDERS]) {
		let rounding = u64::from(what < 2);
		for (other, (was, is)) in before.into_iter().zip(self.values()).enumerate() {
			if other != who || what == 2 {
				assert!(is + rounding >= was, "holder {other}: {was} → {is} by what {who} did");
			}
		}
	}

	/// All that entered is in the pool or was taken out, and the holders own no more than the pool.
	fn conserve(&self) {
		let [put, taken] = [&self.deposited, &self.withdrawn].map(|all| all.iter().sum::<u128>());
		assert_eq!(
			put + self.rewards,
			u128::from(self.pool.amount) + taken,
			"atoms were made or lost"
		);
		assert_eq!(self.shares.iter().sum::<u128>(), self.pool.shares, "shares of nobody");
		let owned: u128 = self.values().iter().map(|value| u128::from(*value)).sum();
		assert!(owned <= self.pool.amount.into(), "its holders own more than there is");
	}

	/// All leave. Nobody has lost more than the fractions of its own withdrawals, of its value and of
	/// all deposits; and without rewards nobody has gained more than those that others left behind.
	fn leave(&mut self) {
		for who in 0..HOLDERS {
			self.withdraw(who, Amount::All);
			self.conserve();
		}
		assert_eq!(self.pool.shares, 0, "nobody is in it any more");
		let all: u128 = self.withdrawals.iter().sum();
		for who in 0..HOLDERS {
			let (put, taken) = (self.deposited[who], self.withdrawn[who]);
			assert!(put <= taken + self.withdrawals[who] + 2, "{taken} for {put}");
			assert!(self.rewards > 0 || taken <= put + all, "{taken} for {put}, without rewards");
		}
	}
}
