//! The validators' weights, each a part of its row.

use super::{
	entry::Entry,
	matrix::Matrix,
	since::Since,
	validators::{is_owner, Validators},
	Input, ONE,
};
use core::iter::empty;

/// Bits after the point of [`Parts::fraction`].
const FRACTION_BITS: u32 = 40;

/// Makes weights parts of their row.
#[derive(Clone, Copy, Debug)]
struct Parts {
	/// `⌊ONE / sum⌋`.
	whole: u64,
	/// What that leaves, `(ONE mod sum) / sum`, in 2⁻⁴⁰: rounded down, and one more.
	fraction: u64,
}

/// The validators' weights, a row a seat: `⌊W · ONE / ΣW⌋`, or zero where an entry does not count.
pub(super) fn weights(input: &Input<'_>, since: &Since, validators: &Validators) -> Matrix {
	let most = input.weights.bytes().len() / 4;
	let mut weights = Matrix::with_capacity(input.seats.len(), most);
	let mut rows = input.weights.iter().peekable();
	for (uid, seat) in (0..).zip(input.seats) {
		let row = rows.next_if(|row| row.uid == uid);
		let counts = |at| seat.registered_at < at && validators.speaks(uid);
		let Some(row) = row.filter(|row| counts(row.at)) else {
			weights.append(empty());
			continue;
		};
		let line = weights.append(since.entries(&row));
		if !is_owner(input, uid) {
			forget(line, uid);
		}
		// 256 weights of 16 bits.
		let sum = line.iter().fold(0_u64, |sum, entry| sum.wrapping_add(entry.value()));
		normalise(line, Parts::of(sum));
	}
	weights
}

/// Let what a row says of `uid` be zero.
fn forget(line: &mut [Entry], uid: u16) {
	let place = line.binary_search_by_key(&uid, |entry| entry.uid());
	if let Some(entry) = place.ok().and_then(|place| line.get_mut(place)) {
		*entry = entry.with(0);
	}
}

/// Make each entry's weight its part of the row.
fn normalise(line: &mut [Entry], parts: Parts) {
	for entry in line {
		*entry = entry.with(parts.part(entry.value()));
	}
}

impl Parts {
	/// Of a row that sums to `sum`, which is below 2²⁴.
	fn of(sum: u64) -> Self {
		let whole = ONE.checked_div(sum).unwrap_or_default();
		let left = ONE.wrapping_sub(whole.wrapping_mul(sum));
		// 64 bits at most, as it is below the sum.
		let fraction = (left << FRACTION_BITS).checked_div(sum).unwrap_or_default();
		Self { whole, fraction: fraction.wrapping_add(1) }
	}

	/// `⌊weight · ONE / sum⌋`, to the bit, without a division.
	///
	/// - `weight`: at most the sum, and of 16 bits.
	///
	/// The fraction is above by 2⁻⁴⁰ at most, so the product is by less than 2⁻²⁴. That is less than
	/// `1/sum`, the least that the exact product lacks to the next integer.
	fn part(self, weight: u64) -> u64 {
		// It is all of the weight, and the compiler knows that it is short.
		let weight = weight & u64::from(u16::MAX);
		// 40 bits and 16; then at most 48, as the weight is at most the sum.
		let fraction = self.fraction.wrapping_mul(weight) >> FRACTION_BITS;
		self.whole.wrapping_mul(weight).wrapping_add(fraction)
	}
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	/// The sum of the largest row.
	const MOST: u64 = 256 * 65_535;

	fn ensure_exact(sum: u64, weight: u64) {
		assert_eq!(Parts::of(sum).part(weight), weight * ONE / sum, "{weight} of {sum}");
	}

	#[test]
	fn parts_are_exact_at_the_bounds() {
		for sum in (1..70_000).chain(MOST - 70_000..=MOST) {
			for weight in [0, 1, 2, 3, 32_767, 65_534, 65_535] {
				ensure_exact(sum, weight.min(sum));
			}
		}
		assert_eq!(Parts::of(0).part(0), 0);
	}

	proptest! {
		#![proptest_config(ProptestConfig::with_cases(50_000))]

		#[test]
		fn parts_are_exact(sum in 1..=MOST, weight in 0..=65_535_u64) {
			ensure_exact(sum, weight.min(sum));
		}
	}
}
