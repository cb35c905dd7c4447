//! `yuma`: what holds of any subnet.

mod yuma_subnet;

use dtao_math::yuma::{BondRows, BondsVersion, Params, Rate, ONE, WHOLE};
use proptest::{collection::vec, prelude::*, sample::Index};
use sp_arithmetic::PerU16;
use yuma_subnet::{bond, subnet, Subnet, ALPHA, RULES, RULES_OF_YUMA_1};

/// A subnet of which some seats validate and the others mine, each validator weighing each miner.
fn dense(validators: usize, miners: usize) -> impl Strategy<Value = Subnet> {
	let rows = vec(vec(1..=u16::MAX, miners), validators);
	(vec(ALPHA..1 << 50, validators), rows).prop_map(move |(stakes, rows)| {
		let mut subnet = Subnet::new(stakes.into_iter().chain(vec![0; miners]));
		for (uid, row) in (0..).zip(rows) {
			for (about, weight) in (validators as u16..).zip(row) {
				subnet.weigh(uid, about, weight);
			}
		}
		subnet
	})
}

/// The subnet with seat `i` moved to `to[i]`.
fn permuted(subnet: &Subnet, to: &[u16]) -> Subnet {
	let moved = |uid: &u16| to.get(usize::from(*uid)).copied().unwrap_or(*uid);
	let mut other = Subnet { seats: subnet.seats.clone(), ..Subnet::new([]) };
	for (seat, to) in subnet.seats.iter().zip(to) {
		other.seats[usize::from(*to)] = *seat;
	}
	other.owner = subnet.owner.as_ref().map(moved);
	for (uid, (at, row)) in &subnet.weights {
		let row = row.iter().map(|(about, weight)| (moved(about), *weight)).collect();
		other.weights.insert(moved(uid), (*at, row));
	}
	other.bonds = permuted_bonds(&subnet.bonds, to);
	Subnet { now: subnet.now, params: subnet.params, ..other }
}

fn permuted_bonds(bytes: &[u8], to: &[u16]) -> Vec<u8> {
	let mut out = Vec::new();
	for row in BondRows::decode(bytes).unwrap().iter() {
		let moved = row.entries().map(|(about, bond)| (to[usize::from(about)], bond));
		let mut moved: Vec<_> = moved.collect();
		moved.sort_unstable();
		let rows = BondRows::decode(&out).unwrap();
		out = rows.put(to[usize::from(row.uid)], row.at, moved).unwrap();
	}
	out
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_024))]

	/// The incentives sum to the whole or are nothing, and so do the dividends: `Subnet::epoch`
	/// checks that of every outcome. They are something if anybody speaks, and agrees on anybody.
	#[test]
	fn the_parts_sum_to_the_whole(subnet in subnet()) {
		let outcome = subnet.epoch();
		let speaks = subnet.seats.iter().zip(&outcome.permits)
			.any(|(seat, permit)| *permit && seat.active && seat.stake > 0);
		prop_assert_eq!(outcome.dividends.iter().any(|part| *part > 0), speaks);
		if outcome.consensus.iter().any(|part| *part > 0) {
			prop_assert!(outcome.incentives.iter().any(|part| *part > 0));
		}
	}

	/// A seat's number is only a number: what was decided moves with it, but for the units that
	/// § 6 leaves to the parts that follow, less than one for each part before.
	#[test]
	fn permuting_the_seats_permutes_the_outcome(
		subnet in subnet(), keys in vec(any::<u64>(), 10),
	) {
		let count = subnet.seats.len();
		let mut to: Vec<u16> = (0..count as u16).collect();
		to.sort_by_key(|uid| keys[usize::from(*uid)]);
		// Which of two equal stakes has a permit does depend on the number.
		let mut stakes: Vec<_> = subnet.seats.iter().map(|seat| seat.stake).collect();
		stakes.sort_unstable();
		prop_assume!(stakes.windows(2).all(|pair| pair[0] != pair[1] || pair[0] == 0));

		let (one, other) = (subnet.epoch(), permuted(&subnet, &to).epoch());
		prop_assert_eq!(permuted_bonds(&one.bonds, &to), other.bonds);
		for (from, to) in to.iter().map(|to| usize::from(*to)).enumerate() {
			prop_assert_eq!(one.permits[from], other.permits[to]);
			prop_assert_eq!(one.consensus[from], other.consensus[to]);
			prop_assert_eq!(one.trust[from], other.trust[to]);
			prop_assert_eq!(one.validator_trust[from], other.validator_trust[to]);
			prop_assert!(one.incentives[from].abs_diff(other.incentives[to]) < count as u32);
			prop_assert!(one.dividends[from].abs_diff(other.dividends[to]) < count as u32);
		}
	}

	/// Only what part of the stake each has counts, not in which unit.
	#[test]
	fn scaling_all_stakes_changes_nothing(subnet in subnet(), factor in 1..1_024_u64) {
		let mut scaled = subnet.clone();
		for seat in &mut scaled.seats {
			seat.stake *= factor;
		}
		prop_assert_eq!(scaled.epoch(), subnet.epoch());
	}

	/// Only what part of a row each weight is counts.
	#[test]
	fn scaling_a_row_changes_nothing(
		subnet in subnet(), uid in any::<Index>(), divisor in 1..=257_u16, factor in 1..=257_u16,
	) {
		let scaled = |by: u16| {
			let mut subnet = subnet.clone();
			let row = uid.index(subnet.seats.len()) as u16;
			if let Some((_, row)) = subnet.weights.get_mut(&row) {
				for weight in row.values_mut() {
					*weight = weight.div_ceil(257).div_ceil(divisor) * by;
				}
			}
			subnet.epoch()
		};
		prop_assert_eq!(scaled(factor), scaled(1));
	}

	/// Whoever is given more is not paid less, but for the units of § 6.
	#[test]
	fn raising_a_miners_weight_never_lowers_its_incentive(
		subnet in dense(4, 4), miner in 4..8_u16, raised in vec(any::<u16>(), 4),
	) {
		let mut more = subnet.clone();
		for (uid, weight) in (0..).zip(raised) {
			more.weigh(uid, miner, weight.max(subnet.weight(uid, miner)));
		}
		let miner = usize::from(miner);
		let (before, after) = (subnet.epoch(), more.epoch());
		prop_assert!(after.consensus[miner] >= before.consensus[miner]);
		prop_assert!(after.incentives[miner] + 4 >= before.incentives[miner]);
	}

	/// Whatever a minority gives, and to whomever, the consensus is what some of the majority give
	/// or less; and who has nothing from the majority has nothing.
	#[test]
	fn a_minority_alone_is_clipped(
		subnet in dense(5, 4), stake in 4 * ALPHA..1 << 40, abandoned in 5..9_u16,
	) {
		// Seats 3 and 4 have just less than a majority: 8 of 17 at most.
		let mut subnet = subnet;
		for (seat, of) in subnet.seats.iter_mut().zip([3, 3, 3, 4, 4]) {
			seat.stake = stake * of;
		}
		for uid in 0..3 {
			subnet.weigh(uid, abandoned, 0);
		}
		let outcome = subnet.epoch();
		for miner in 5..9_u16 {
			let part = |uid| {
				let (_, row) = &subnet.weights[&uid];
				let sum: u64 = row.values().copied().map(u64::from).sum();
				u64::from(subnet.weight(uid, miner)) * 65_535 / sum
			};
			let most = (0..3).map(part).max().unwrap();
			prop_assert!(u64::from(outcome.consensus[usize::from(miner)]) <= most);
		}
		prop_assert_eq!(outcome.incentives[usize::from(abandoned)], 0);
	}

	/// Where the majority is of one mind, a minority that gives one miner all it has brings it no
	/// more than what the majority gives it: of what is within the consensus, `c` of
	/// `c + (1 − c) · honest`, where `honest` is the majority's part of the stake.
	#[test]
	fn colluding_on_one_miner_gains_no_more_than_the_clipped_part(
		subnet in dense(4, 4), minority in 1..=49_u64, miner in 4..8_u16,
	) {
		let mut subnet = subnet;
		let agreed = subnet.weights[&0].clone();
		for (uid, stake) in [(0, 100 - minority), (1, 0), (2, 0), (3, minority)] {
			subnet.seats[uid].stake = stake * ALPHA;
		}
		let given = u64::from(agreed.1[&miner]);
		let sum: u64 = agreed.1.values().copied().map(u64::from).sum();
		subnet.weights = [(0, agreed)].into();
		let subnet = subnet.row(3, &[(miner, 1)]);

		let most = u128::from(WHOLE) * u128::from(given * 100)
			/ u128::from(given * 100 + (sum - given) * (100 - minority));
		let incentive = subnet.epoch().incentives[usize::from(miner)];
		prop_assert!(u128::from(incentive).abs_diff(most) <= 4, "{incentive}, not {most}");
	}

	/// A bond of Yuma 3 does not fall because another validator weighs the miner more, and so comes
	/// to hold more of it.
	#[test]
	fn a_bond_does_not_fall_because_anothers_rises(
		subnet in dense(4, 4), miner in 4..8_u16, who in 0..4_u16, weight: u16, penalty: u16,
	) {
		let mut subnet = subnet.rules(Params { bonds_penalty: PerU16::from_parts(penalty), ..RULES });
		drop(subnet.advance());
		let before = subnet.epoch().bonds;
		subnet.weigh(who, miner, weight.max(subnet.weight(who, miner)));
		let after = subnet.epoch().bonds;
		for uid in 0..4 {
			prop_assert!(bond(&after, uid, miner) >= bond(&before, uid, miner), "{uid} {miner}");
		}
	}

	/// Nor does it depend on what another held.
	#[test]
	fn a_bond_of_yuma_3_is_its_own(subnet in subnet(), who in any::<Index>(), held in 1..=ONE) {
		let mut subnet = subnet;
		subnet.params.bonds_version = BondsVersion::Yuma3;
		let who = who.index(subnet.seats.len()) as u16;
		let before = subnet.epoch().bonds;
		let rows = BondRows::decode(&subnet.bonds).unwrap();
		let row = (0..subnet.seats.len() as u16).map(|about| (about, held));
		subnet.bonds = rows.put(who, subnet.now - 1, row).unwrap();
		let after = subnet.epoch().bonds;
		let others = |bytes| BondRows::decode(bytes).unwrap().retain(|uid| uid != who);
		prop_assert_eq!(others(&before), others(&after));
	}

	/// Bonds of Yuma 3 that nothing renews fade to nothing: from one, by a tenth an epoch, in less
	/// than 340 epochs.
	#[test]
	fn bonds_decay_to_nothing(subnet in subnet(), rate in 6_553..=u16::MAX) {
		let mut subnet = subnet;
		let rate = Rate::Fixed(PerU16::from_parts(rate));
		subnet.params = Params { bonds_version: BondsVersion::Yuma3, rate, ..subnet.params };
		drop(subnet.advance());
		subnet.weights.clear();
		let mut sum = total(&subnet.bonds);
		for _ in 0..340 {
			drop(subnet.advance());
			let next = total(&subnet.bonds);
			prop_assert!(next < sum || next == 0);
			sum = next;
		}
		prop_assert!(subnet.bonds.is_empty());
	}
}

/// What all bonds sum to.
fn total(bytes: &[u8]) -> u64 {
	let rows = BondRows::decode(bytes).unwrap();
	rows.iter().flat_map(|row| row.entries()).map(|(_, bond)| bond).sum()
}

/// What sets Yuma 3 apart: of Yuma 1, the same rise of another's weight does lower the bond.
#[test]
fn a_bond_of_yuma_1_falls_when_anothers_rises() {
	let subnet = |weight| {
		let subnet = Subnet::new([2 * ALPHA, ALPHA, 0, 0]).row(0, &[(2, 1), (3, 1)]);
		subnet.row(1, &[(2, weight), (3, 4)])
	};
	let bond_at = |rules, weight| bond(&subnet(weight).rules(rules).epoch().bonds, 0, 2);
	assert!(bond_at(RULES_OF_YUMA_1, 3) < bond_at(RULES_OF_YUMA_1, 1));
	assert_eq!(bond_at(RULES, 3), bond_at(RULES, 1));
}
