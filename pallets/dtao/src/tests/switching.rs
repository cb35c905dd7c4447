//! By what a block's TAO is shared: each rule, and switching between them.

use super::*;
use dtao_primitives::EmissionRule;

/// A block's TAO before the first halving.
const E: u64 = 1_000_000_000;

/// Set the rule, as governance does.
fn set_rule(rule: EmissionRule) {
	Params::mutate(|params| params.rule = rule);
}

/// TAO that the next block brings to each of the first `count` subnets.
fn injected(count: u16) -> Vec<u64> {
	let tao = |netuid: u16| market(NetUid(netuid)).pool.tao.get();
	let before: Vec<_> = (1..=count).map(tao).collect();
	run_blocks(1);
	(1..=count).zip(before).map(|(netuid, before)| tao(netuid) - before).collect()
}

fn two_subnets() -> TestExt {
	TestExt::new().subnet(1_000).subnet(1_000).seats(1)
}

/// The average of a flow by the plain rule: `f + trunc((x·2³² − f)·a/2⁶⁴)`.
fn flow_after(flow: i128, net: i64, half_life: u64) -> i128 {
	let rate = 12_786_308_645_202_655_659 / u128::from(half_life);
	let gap = i128::from(net) * (1 << 32) - flow;
	let moved = rules::floor(gap.unsigned_abs(), rate, 1 << 64) as i128;
	flow + gap.signum() * moved
}

#[test]
fn by_price_the_averages_share_a_block() {
	two_subnets().execute_with(|| {
		set_rule(EmissionRule::PriceEma);
		stake(ALICE, NETUID, HOTKEY, tao(300));
		unstake_all(ALICE, NETUID, HOTKEY);
		stake(ALICE, NetUid(2), HOTKEY, tao(300));
		run_blocks(100);
		edit(NETUID, |market| market.price_ema = 3 << 62);
		edit(NetUid(2), |market| market.price_ema = 1 << 62);
		assert_eq!(injected(2), [E / 4 * 3, E / 4], "whatever lies in the pools");
	});
}

/// A subnet that has just started has no price average yet: until any has, the reserves decide.
#[test]
fn by_price_without_any_average_the_reserves_decide() {
	TestExt::new().subnet(300).subnet(100).execute_with(|| {
		set_rule(EmissionRule::PriceEma);
		assert_eq!(injected(2), [E / 4 * 3, E / 4]);
	});
}

#[test]
fn by_flow_the_averages_share_a_block() {
	two_subnets().execute_with(|| {
		set_rule(EmissionRule::FlowEma);
		edit(NETUID, |market| market.flow_ema = 3 << 40);
		edit(NetUid(2), |market| market.flow_ema = 1 << 40);
		// The lowest flow is positive, so that the level is 0: 3 to 1, in parts of 2²⁸ − 1.
		let y = [(1 << 28) - 1, ((1 << 28) - 1) / 3];
		assert_eq!(injected(2), rules::split(E, &y));
	});
}

#[test]
fn by_flow_the_cutoff_and_the_power_count() {
	two_subnets().execute_with(|| {
		Params::mutate(|params| {
			params.rule = EmissionRule::FlowEma;
			params.flow_cutoff = -1;
			params.flow_power = 2;
		});
		edit(NETUID, |market| market.flow_ema = 3 << 32);
		edit(NetUid(2), |market| market.flow_ema = -5 << 32);
		// The level is −1 rao: 4 rao above it, and none.
		assert_eq!(injected(2), [E, 0]);
	});
}

/// Hazards E20, E21: only what users pay in and are paid is flow; not injection, chain buys, root's
/// sales or rewards.
#[test]
fn flow_is_what_users_staked_less_what_they_were_paid() {
	two_subnets().execute_with(|| {
		let half_life = u64::from(Params::get().flow_half_life);
		let mut expected = 0;
		for block in 0..200u32 {
			let (mut paid, before) = (0, free(ALICE).get());
			if block % 3 == 0 {
				stake(ALICE, NETUID, HOTKEY, tao(7));
			}
			if block % 7 == 5 {
				unstake_all(ALICE, NETUID, HOTKEY);
			}
			paid += before as i64 - free(ALICE).get() as i64;
			assert_eq!(market(NETUID).flow, paid, "block {block}");
			run_blocks(1);
			expected = flow_after(expected, paid, half_life);
			assert_eq!(market(NETUID).flow_ema, expected, "block {block}");
			assert_eq!(market(NetUid(2)).flow_ema, 0);
		}
		assert_ne!(expected, 0);
	});
}

/// Hazard E20: whoever stakes and unstakes the same TAO again and again, the chain's purchases in
/// between included, leaves his subnet with less flow than none, and so with no share.
#[test]
fn stake_that_goes_round_lifts_no_flow() {
	two_subnets().execute_with(|| {
		set_rule(EmissionRule::FlowEma);
		for _ in 0..20 {
			stake(ALICE, NETUID, HOTKEY, tao(100));
			run_blocks(3);
			unstake_all(ALICE, NETUID, HOTKEY);
			run_blocks(1);
		}
		assert!(market(NETUID).flow_ema < 0);
		assert_eq!(market(NetUid(2)).flow_ema, 0);
		assert_eq!(injected(2), [0, E]);
	});
}

/// Hazard E21: a subnet that lost stake is no captive of it: what came in later outweighs it, and
/// where all have lost, the smaller loss weighs more.
#[test]
fn a_subnet_comes_back_from_an_outflow() {
	two_subnets().execute_with(|| {
		set_rule(EmissionRule::FlowEma);
		stake(ALICE, NETUID, HOTKEY, tao(50));
		run_blocks(1);
		unstake_all(ALICE, NETUID, HOTKEY);
		edit(NETUID, |market| market.flow_ema = -4 << 32);
		edit(NetUid(2), |market| market.flow_ema = -5 << 32);
		assert_eq!(injected(2), [E, 0], "the smaller loss");
		while market(NETUID).flow_ema < 0 {
			stake(BOB, NETUID, HOTKEY, tao(300));
			run_blocks(1);
		}
		assert!(injected(2)[0] > 0);
	});
}

/// Hazard E14: what accumulates while a rule is off enters its average block by block, so that a
/// switch lets no backlog through. Whatever rule was active in between, the averages are the same.
#[test]
fn a_switch_finds_every_average_warm() {
	let averages = |rules: [EmissionRule; 2]| {
		two_subnets().execute_with(|| {
			for block in 0..400u32 {
				set_rule(rules[usize::from(block % 100 < 50)]);
				if block % 9 == 0 {
					stake(ALICE, NETUID, HOTKEY, tao(2));
				}
				run_blocks(1);
			}
			market(NETUID).flow_ema
		})
	};
	use EmissionRule::{FlowEma, PriceEma, TaoReserve};
	let steady = averages([TaoReserve, TaoReserve]);
	assert!(steady > 0);
	// The flows are the users', who pay the same whatever the pools receive.
	assert_eq!(averages([FlowEma, TaoReserve]), steady);
	assert_eq!(averages([PriceEma, FlowEma]), steady);
}

/// The block after a switch is shared by the new rule, to the rao, and mints what the curve says.
#[test]
fn a_switch_mints_no_more_than_a_block() {
	two_subnets().execute_with(|| {
		stake(ALICE, NETUID, HOTKEY, tao(50));
		run_blocks(100);
		for rule in [EmissionRule::PriceEma, EmissionRule::FlowEma, EmissionRule::TaoReserve] {
			set_rule(rule);
			let issuance = Balances::total_issuance();
			assert_eq!(injected(2).iter().sum::<u64>(), E, "{rule:?}");
			assert_eq!(Balances::total_issuance() - issuance, E, "{rule:?}");
		}
	});
}

/// Hazard E19: nothing within a block moves that block's shares, or those of the next under the
/// rules that average.
#[test]
fn a_round_trip_within_a_block_moves_no_share() {
	for rule in [EmissionRule::TaoReserve, EmissionRule::PriceEma, EmissionRule::FlowEma] {
		let shares = |trip: bool| {
			two_subnets().execute_with(|| {
				run_blocks(10);
				edit(NETUID, |market| market.flow_ema = 5 << 40);
				edit(NetUid(2), |market| market.flow_ema = 4 << 40);
				set_rule(rule);
				if trip {
					stake(ALICE, NETUID, HOTKEY, tao(300));
					unstake_all(ALICE, NETUID, HOTKEY);
				}
				injected(2)
			})
		};
		let (quiet, busy) = (shares(false), shares(true));
		// A floor of a trade may leave a rao in the pool.
		assert!(quiet[0].abs_diff(busy[0]) <= 1, "{rule:?}: {quiet:?} {busy:?}");
	}
}
