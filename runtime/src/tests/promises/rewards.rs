//! Promise 7: all who take part earn, and it is what was minted.

use super::*;
use dtao_primitives::views::EmissionBreakdown;
use pallet_dtao::Event;

/// What the blocks of one epoch gave to each side, in atoms.
#[derive(Debug, Default)]
struct Given {
	owner: u64,
	miners: u64,
	validators: u64,
	root: u64,
}

impl Given {
	fn add(&mut self, breakdown: &EmissionBreakdown) {
		let next = breakdown.next_block;
		self.owner += next.owner.get();
		self.miners += next.miners.get();
		self.validators += next.validators.get();
		self.root += next.root.get();
	}

	fn all(&self) -> u64 {
		self.owner + self.miners + self.validators + self.root
	}
}

/// Validators, miners, the owner, stakers and root all earn in each epoch, and the sums are what was
/// minted: to the atom.
#[test]
fn promise_7_all_sides_earn_and_the_sums_are_what_was_minted() {
	const TEMPO: u32 = 60;
	let netuid = NetUid(1);
	let chain = subnets_of(&[1_000, 500], TEMPO)
		.staked(carol(), validator(), netuid, tao(100))
		.staked(carol(), validator(), NetUid::ROOT, tao(500));
	chain.build().execute_with(|| {
		// The first epoch is of any length, by the stagger.
		while market(netuid).epoch.index == 1 {
			blocks(1);
		}
		let mut carried_before = {
			let buckets = market(netuid).buckets;
			buckets.validators.get() + buckets.miners.get()
		};
		for _ in 0..5 {
			let mut given = Given::default();
			let epoch = market(netuid).epoch.index;
			let (owner, miner_stake, staker) = (
				stake_of(&alice(), netuid, &validator()),
				stake_of(&bob(), netuid, &miner()),
				stake_of(&carol(), netuid, &validator()),
			);
			let root = stake_of(&carol(), NetUid::ROOT, &validator());
			let mut to_participants = 0;
			let closed = loop {
				given.add(&Dtao::emission_breakdown(netuid).expect("it trades"));
				to_participants += 2 * UNIT;
				next_block();
				let events = super::super::support::market_events();
				System::reset_events();
				assert!(events.iter().any(|event| matches!(
					event,
					Event::EmissionDistributed { minted, alpha_to_participants, .. }
						if minted.get() == UNIT && alpha_to_participants.get() == 2 * UNIT
				)));
				let closed = events.into_iter().find(
					|event| matches!(event, Event::EpochClosed { netuid: of, .. } if *of == netuid),
				);
				if let Some(closed) = closed {
					break closed;
				}
			};
			// Of two subnets, each minted an ALPHA a block for those who take part in it.
			assert_eq!(2 * given.all(), to_participants);
			let Event::EpochClosed {
				owner: to_owner,
				miners,
				validators,
				recycled,
				carried,
				root: to_root,
				epoch: of,
				..
			} = closed
			else {
				unreachable!()
			};
			assert_eq!(of, epoch);
			assert_eq!(to_owner.get(), given.owner, "the owner is paid all of its cut");
			assert_eq!(recycled.get(), 0, "somebody earned each part");
			assert_eq!(
				miners.get() + validators.get() + carried.get(),
				given.miners + given.validators + carried_before,
				"what miners and validators are paid, and carry over, is what they were given",
			);
			assert!(carried.get() < 4, "less than an atom a seat is carried over");
			carried_before = carried.get();

			// All of them hold more than before.
			assert!(stake_of(&alice(), netuid, &validator()) >= owner + to_owner.get());
			assert!(stake_of(&bob(), netuid, &miner()) >= miner_stake + miners.get());
			assert!(stake_of(&carol(), netuid, &validator()) > staker);
			if epoch > 3 {
				assert!(to_root.get() > 0 && stake_of(&carol(), NetUid::ROOT, &validator()) > root);
			}
		}
		check_invariants();
	});
}
