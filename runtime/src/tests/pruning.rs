//! A full house: where there are as many subnets as there may be, one goes for the next.

use super::{
	next_block,
	support::{blocks, check_invariants, coldkey, free, hotkey, send, stake_of, tao, Chain},
};
use crate::{Balances, Dtao, Runtime, RuntimeEvent, System};
use dtao_primitives::{
	constants::{EXISTENTIAL_DEPOSIT, MAX_SUBNETS},
	NetUid, SubnetsParams, Tao,
};
use frame_support::weights::Weight;
use pallet_subnets::{Call, Error, Event, Subnets};

/// Whoever registers the 129th subnet prunes the one with the lowest smoothed price; its stakers are
/// paid, and no number is given twice.
#[test]
fn the_subnet_with_the_lowest_price_goes_for_the_129th() {
	let (owner, staker) = (coldkey(1), coldkey(2));
	let mut chain = Chain {
		registry: SubnetsParams {
			min_lock: tao(10),
			registration_interval: 0,
			subnet_immunity: 30,
			..Default::default()
		},
		..Default::default()
	}
	.funded(owner.clone(), tao(100_000))
	.funded(staker.clone(), tao(100_000))
	.owned(hotkey(1), owner.clone());
	for n in 1..=MAX_SUBNETS as u16 {
		chain = chain.subnet(owner.clone(), tao(100), 60, vec![hotkey(1)]);
		// All but one are worth more than at their start.
		let stake = if n == 77 { tao(1) } else { tao(5) };
		chain = chain.staked(staker.clone(), hotkey(1), NetUid(n), stake);
	}
	chain.build().execute_with(|| {
		// Below a price of 1, where the average tells one price from another.
		for n in 1..=MAX_SUBNETS as u16 {
			pallet_dtao::Markets::<Runtime>::mutate_extant(NetUid(n), |market| {
				market.pool.alpha.0 *= 2;
			});
		}
		blocks(10);
		let register = |max_lock| Call::register_subnet { hotkey: hotkey(2), max_lock };
		let full = Error::<Runtime>::TooManySubnets.into();
		assert_eq!(send(&owner, register(Tao(u64::MAX))), Err(full), "all are immune");
		blocks(20);

		let issuance = Balances::total_issuance();
		let held = stake_of(&staker, NetUid(77), &hotkey(1));
		assert!(held > 0);
		assert_eq!(send(&owner, register(Tao(u64::MAX))), Ok(()));
		let pruned = System::events().into_iter().find_map(|record| match record.event {
			RuntimeEvent::Subnets(Event::SubnetDissolved { netuid, pruned }) => {
				Some((netuid, pruned))
			},
			_ => None,
		});
		assert_eq!(pruned, Some((NetUid(77), true)));
		assert_eq!(Subnets::<Runtime>::count(), MAX_SUBNETS);
		assert!(Subnets::<Runtime>::contains_key(NetUid(129)), "a number of its own");
		assert!(Balances::total_issuance() < issuance, "what is nobody's is recycled");
		check_invariants();

		let before = free(&staker);
		super::support::idle(Weight::from_parts(u64::MAX, u64::MAX));
		assert!(free(&staker) > before, "who had staked there is paid");
		assert_eq!(stake_of(&staker, NetUid(77), &hotkey(1)), 0);
		next_block();
		let supply = Dtao::supply();
		let owed = supply.pools.0 + supply.root.0 + supply.redemption.0 + EXISTENTIAL_DEPOSIT;
		assert_eq!(free(&Dtao::pot()), owed);
		check_invariants();
	});
}
