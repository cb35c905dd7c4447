//! `yuma`: outcomes to the bit. However an epoch is computed, it decides what it always decided.

mod yuma_subnet;

use dtao_math::yuma::{BondsVersion, Outcome, Params, Rate};
use sp_arithmetic::PerU16;
use std::collections::BTreeMap;
use yuma_subnet::{Subnet, ALPHA, RULES};

/// How many subnets there are of each kind.
const SUBNETS: u64 = 16;

/// How many epochs each of them has, one after the other.
const EPOCHS: u32 = 3;

/// What subnets of one kind have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
	/// Each validator weighs each seat.
	Dense,
	/// Each validator weighs a few, and others in the next epoch; some weigh nobody.
	Sparse,
	/// Weights and stakes are one of three values.
	Ties,
	/// Some seats say nothing, and others in the next epoch.
	Idle,
	/// Some seats are taken anew before each epoch.
	Taken,
	/// All of these, by rules that differ from the usual ones.
	Any,
}

/// Numbers that look random (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		mixed ^ (mixed >> 31)
	}

	fn below(&mut self, end: u64) -> u64 {
		self.next() % end
	}

	/// One of so many.
	fn once_in(&mut self, times: u64) -> bool {
		self.below(times) == 0
	}

	fn part(&mut self) -> PerU16 {
		PerU16::from_parts((1 + self.below(65_535)) as u16)
	}
}

/// FNV-1a, of 64 bits.
struct Hash(u64);

impl Hash {
	fn bytes(&mut self, bytes: impl IntoIterator<Item = u8>) {
		for byte in bytes {
			self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
		}
	}

	fn outcome(&mut self, outcome: &Outcome) {
		let Outcome {
			permits,
			incentives,
			dividends,
			consensus,
			trust,
			validator_trust,
			bonds,
			..
		} = outcome;
		self.bytes((permits.len() as u32).to_le_bytes());
		self.bytes(permits.iter().copied().map(u8::from));
		for parts in [incentives, dividends] {
			self.bytes(parts.iter().flat_map(|part| part.to_le_bytes()));
		}
		for shown in [consensus, trust, validator_trust] {
			self.bytes(shown.iter().flat_map(|part| part.to_le_bytes()));
		}
		self.bytes(bonds.iter().copied());
	}
}

impl Kind {
	/// The subnet before its first epoch.
	fn subnet(self, numbers: &mut Numbers, params: Params) -> Subnet {
		let seats = match numbers.below(8) {
			0 => 256,
			1 => 1 + numbers.below(256),
			_ => 1 + numbers.below(24),
		};
		let stakes = (0..seats).map(|_| self.stake(numbers)).collect::<Vec<_>>();
		let mut subnet = Subnet::new(stakes).rules(params);
		subnet.owner = (!numbers.once_in(3)).then(|| numbers.below(seats + 1) as u16);
		subnet
	}

	fn stake(self, numbers: &mut Numbers) -> u64 {
		match self {
			Self::Ties => numbers.below(3) * ALPHA,
			_ if numbers.once_in(4) => 0,
			Self::Any => numbers.next() >> numbers.below(64),
			_ => ALPHA + numbers.below(1_000_000 * ALPHA),
		}
	}

	fn rules(self, numbers: &mut Numbers, bonds_version: BondsVersion, liquid: bool) -> Params {
		let usual = Params { bonds_version, max_validators: 16, ..RULES };
		let (one, other) = (numbers.part(), numbers.part());
		let rate = match liquid {
			true => Rate::Liquid {
				low: one.min(other),
				high: one.max(other),
				steepness: numbers.next() as u8,
			},
			false => Rate::Fixed(one),
		};
		match self {
			Self::Any => Params {
				kappa: numbers.part(),
				max_validators: numbers.below(80) as u16,
				stake_threshold: numbers.next() >> 8 >> numbers.below(56),
				bonds_penalty: numbers.part(),
				rate,
				..usual
			},
			// Else nothing would have a majority.
			Self::Sparse => Params { kappa: PerU16::from_percent(5), rate, ..usual },
			_ => Params { rate, ..usual },
		}
	}

	/// What a seat says of all.
	fn row(self, numbers: &mut Numbers, seats: u16) -> BTreeMap<u16, u16> {
		let density = match self {
			Self::Dense => 1,
			Self::Sparse => 5,
			_ => 1 + numbers.below(4),
		};
		let most = if self == Self::Ties { 3 } else { 65_535 };
		let about = (0..seats).filter(|_| !numbers.once_in(8)).collect::<Vec<_>>();
		let about = about.into_iter().filter(|_| density == 1 || numbers.once_in(density));
		about
			.collect::<Vec<_>>()
			.into_iter()
			.map(|uid| (uid, 1 + numbers.below(most) as u16))
			.collect()
	}

	/// Let everybody say something new, and what else happens between epochs.
	fn pass(self, subnet: &mut Subnet, numbers: &mut Numbers) {
		let (seats, now) = (subnet.seats.len() as u16, subnet.now);
		for uid in 0..seats {
			if !numbers.once_in(4) {
				let at = now - numbers.below(10) as u32;
				subnet.weights.insert(uid, (at, self.row(numbers, seats)));
			}
		}
		for seat in &mut subnet.seats {
			if matches!(self, Self::Idle | Self::Any) {
				seat.active = !numbers.once_in(4);
			}
			if matches!(self, Self::Taken | Self::Any) && numbers.once_in(6) {
				seat.registered_at = now - numbers.below(400).min(now.into()) as u32;
			}
		}
	}

	/// What all epochs of the subnets of this kind decide.
	fn hash(self, version: BondsVersion, liquid: bool) -> u64 {
		let mut hash = Hash(0xCBF2_9CE4_8422_2325);
		for seed in 0..SUBNETS {
			let mut numbers = Numbers(seed << 32);
			let params = self.rules(&mut numbers, version, liquid);
			let mut subnet = self.subnet(&mut numbers, params);
			for _ in 0..EPOCHS {
				self.pass(&mut subnet, &mut numbers);
				hash.outcome(&subnet.advance());
			}
		}
		hash.0
	}
}

/// By kind: Yuma 1, Yuma 3, and both with liquid alpha. From the code as it was first checked
/// against exact rationals; a change of rules, and nothing else, has to change them.
#[rustfmt::skip]
const GOLDEN: [(Kind, [u64; 4]); 6] = [
	(Kind::Dense, [0x6548_CCCE_2AFA_C540, 0x732E_355A_3B2A_48C8, 0x2516_9150_5475_3039, 0x017C_9E5B_F67D_45FD]),
	(Kind::Sparse, [0xE75E_2FF3_747F_85C2, 0x6AB2_A419_F318_88B0, 0xF91D_A056_922A_8434, 0x7C56_0C9B_9CBA_B1FA]),
	(Kind::Ties, [0xE5CC_87A2_CF90_83F9, 0xF66C_99F5_080B_E226, 0x6C49_5C69_8D2A_27BC, 0x1811_F523_9D0A_65D9]),
	(Kind::Idle, [0xCE1B_C239_AC82_29A4, 0x53BB_7071_11C2_B0AE, 0xE8E6_FE5C_6158_8485, 0xC5C5_351D_BBA7_8F73]),
	(Kind::Taken, [0xAAFA_BAE9_80B3_277E, 0x8986_96FD_1230_8D16, 0xDD72_643D_A2B1_842C, 0x93CF_9D84_0EA2_1C04]),
	(Kind::Any, [0x367F_5678_F4D3_3DC4, 0x2051_CD45_9BF9_61E3, 0x51C6_9E0D_6FB1_E50E, 0xEEE0_6D72_0447_58A0]),
];

#[test]
fn epochs_decide_what_they_always_decided() {
	for (kind, hashes) in GOLDEN {
		let rules = [false, true]
			.into_iter()
			.flat_map(|liquid| [(BondsVersion::Yuma1, liquid), (BondsVersion::Yuma3, liquid)]);
		let found: Vec<u64> = rules.map(|(version, liquid)| kind.hash(version, liquid)).collect();
		assert_eq!(found, hashes, "{kind:?}: {found:#018x?}");
	}
}
