//! `yuma`: how often an epoch asks for memory. A binary of its own, for it has its own allocator.

mod yuma_subnet;

use allocation_counter::measure;
use dtao_math::yuma::{epoch, BondRows, Input, Params, WeightRows};
use yuma_subnet::{Subnet, ALPHA, RULES, RULES_OF_YUMA_1};

/// A subnet whose first seats weigh all, with bonds.
fn subnet(seats: u16, validators: u16, params: Params) -> Subnet {
	let mut subnet = Subnet::new((0..seats).map(|uid| u64::from(uid < validators) * ALPHA));
	subnet.params = params;
	for (uid, about) in (0..validators).flat_map(|i| (0..seats).map(move |j| (i, j))) {
		subnet.weigh(uid, about, 1 + about * 7 % (uid + 2));
	}
	drop(subnet.advance());
	subnet
}

/// How often an epoch allocates, grown lists included, and the most bytes that it holds at once.
fn allocations(subnet: &Subnet) -> (u64, u64) {
	let weights = subnet.packed_weights();
	let used = measure(|| {
		let input = Input {
			seats: &subnet.seats,
			owner: subnet.owner,
			weights: WeightRows::decode(&weights).unwrap(),
			bonds: BondRows::decode(&subnet.bonds).unwrap(),
			now: subnet.now,
			params: subnet.params,
		};
		drop(epoch(&input).unwrap());
	});
	(used.count_total, used.bytes_max)
}

#[test]
fn an_epoch_allocates_a_constant_number_of_times() {
	for (params, times) in [(RULES, 15), (RULES_OF_YUMA_1, 15)] {
		for (seats, validators) in [(3, 2), (16, 4), (64, 64), (256, 1), (256, 64), (256, 256)] {
			let subnet = subnet(seats, validators, Params { max_validators: 256, ..params });
			assert_eq!(allocations(&subnet).0, times, "{seats} seats, {validators} validators");
		}
	}
}

/// A word for each weight and each bond, a few times over, and a few hundred bytes for each seat.
#[test]
fn an_epochs_memory_is_bounded_by_its_input() {
	for (seats, validators) in [(3, 2), (64, 64), (256, 64)] {
		let subnet = subnet(seats, validators, RULES);
		let words = u64::from(seats) * u64::from(validators);
		let (_, bytes) = allocations(&subnet);
		assert!(bytes <= 48 * words + 256 * u64::from(seats), "{bytes} bytes");
	}
}
