//! The consensus: any seats, rows and rules have an outcome, and it is whole.

use crate::Reader;
use dtao_math::{
	yuma::{
		epoch, BondRows, BondsVersion, Input, Outcome, Params, Rate, Rows, Seat, WeightRows,
		MAX_SEATS, ONE, WHOLE,
	},
	MathError,
};
use sp_arithmetic::PerU16;

/// Seats of one input: more say nothing new, and take long.
const SEATS: usize = 24;

/// Epochs of one input.
const EPOCHS: u32 = 3;

/// Reads a subnet from `bytes`, and lets some epochs pass.
///
/// # Panics
///
/// If an epoch has no outcome, or one that is not whole.
pub fn check(bytes: &[u8]) {
	let mut reader = Reader::new(bytes);
	match reader.u8() % 4 {
		0 => raw(reader.bytes(usize::MAX)),
		_ => subnet(&mut reader),
	}
}

/// Bytes that claim to be rows: either they are refused, or what was read is written as it was.
fn raw(bytes: &[u8]) {
	rewritten::<4>(bytes);
	rewritten::<8>(bytes);
}

fn rewritten<const SIZE: usize>(bytes: &[u8]) {
	let Ok(rows) = Rows::<SIZE>::decode(bytes) else { return };
	let mut out = Vec::new();
	for row in rows.iter() {
		let so_far = Rows::<SIZE>::decode(&out).expect("it was written by `put`");
		out = so_far.put(row.uid, row.at, row.entries()).expect("it was read");
	}
	assert_eq!(out, bytes, "there is one form for one content");
}

fn rows<const SIZE: usize>(reader: &mut Reader<'_>, values: u64) -> Vec<u8> {
	let mut out = Vec::new();
	for _ in 0..reader.u8() % 12 {
		let uid = reader.below(SEATS + 1) as u16;
		let at = u32::from(reader.u8());
		let mut about = 0;
		let entries: Vec<_> = (0..reader.u8() % 12)
			.map(|_| {
				about += 1 + reader.below(4) as u16;
				(about - 1, 1 + reader.u64() % values)
			})
			.collect();
		let so_far = Rows::<SIZE>::decode(&out).expect("it was written by `put`");
		out = so_far.put(uid, at, entries).unwrap_or(out);
	}
	out
}

fn params(reader: &mut Reader<'_>) -> Params {
	let (low, high) = (PerU16::from_parts(reader.u16()), PerU16::from_parts(reader.u16()));
	Params {
		kappa: PerU16::from_parts(reader.u16()),
		max_validators: reader.u16() % (MAX_SEATS as u16 + 2),
		stake_threshold: reader.amount(),
		bonds_version: match reader.u8() % 2 {
			0 => BondsVersion::Yuma1,
			_ => BondsVersion::Yuma3,
		},
		bonds_penalty: PerU16::from_parts(reader.u16()),
		rate: match reader.u8() % 2 {
			0 => Rate::Fixed(low),
			_ => Rate::Liquid { low, high, steepness: reader.u8() },
		},
	}
}

fn subnet(reader: &mut Reader<'_>) {
	let count = reader.below(SEATS + 1);
	let params = params(reader);
	let owner = Some(reader.u16()).filter(|uid| *uid % 3 > 0).map(|uid| uid % SEATS as u16);
	let seats: Vec<_> = (0..count)
		.map(|_| {
			let (stake, bits) = (reader.amount(), reader.u8());
			Seat { stake, active: bits & 1 == 0, registered_at: u32::from(bits >> 1) }
		})
		.collect();
	let weights = rows::<4>(reader, u16::MAX.into());
	let mut bonds = rows::<8>(reader, ONE);
	for passed in 0..EPOCHS {
		let input = Input {
			seats: &seats,
			owner,
			weights: WeightRows::decode(&weights).expect("it was written by `put`"),
			bonds: BondRows::decode(&bonds).expect("an epoch's bonds are rows"),
			now: 200 + passed,
			params,
		};
		match epoch(&input) {
			Ok(outcome) => {
				ensure_whole(&seats, &params, owner, &outcome);
				bonds = outcome.bonds;
			},
			Err(error) => {
				assert_eq!(error, MathError::InvalidParameter);
				let crossed = matches!(params.rate, Rate::Liquid { low, high, .. } if low > high);
				assert!(crossed || params.kappa.is_zero(), "{params:?} are in bounds");
				return;
			},
		}
	}
}

fn ensure_whole(seats: &[Seat], params: &Params, owner: Option<u16>, outcome: &Outcome) {
	let count = seats.len();
	for parts in [&outcome.incentives, &outcome.dividends] {
		assert_eq!(parts.len(), count);
		let sum: u64 = parts.iter().map(|part| u64::from(*part)).sum();
		assert!(sum == 0 || sum == u64::from(WHOLE), "the parts sum to {sum}");
	}
	for shown in [&outcome.consensus, &outcome.trust, &outcome.validator_trust] {
		assert_eq!(shown.len(), count);
	}
	assert_eq!(outcome.permits.len(), count);
	let permits = outcome.permits.iter().filter(|permit| **permit).count();
	let exempt = usize::from(owner.is_some());
	assert!(permits <= usize::from(params.max_validators) + exempt, "{permits} permits");
	for (uid, (seat, dividend)) in seats.iter().zip(&outcome.dividends).enumerate() {
		let owns = owner.is_some_and(|owner| usize::from(owner) == uid);
		assert!(
			*dividend == 0 || (outcome.permits[uid] && seat.stake > 0),
			"seat {uid} earns for nothing"
		);
		assert!(!outcome.permits[uid] || owns || seat.stake >= params.stake_threshold);
	}
}
