//! What a subnet's owner sets.

use super::{assert_last_event, first_hyperparams, root, set_params, signed, subnet_of, ANY};
use crate::{
	mock::{
		tao, wait, FakeMarket, RuntimeOrigin, Subnets, Test, TestExt, ALICE, BOB, HOTKEY,
		MAX_SEATS, NETUID,
	},
	Error, Event,
};
use dtao_primitives::{
	constants::{MAX_NEURON_IMMUNITY, MAX_SUPPLY, MAX_TEMPO, MIN_TEMPO},
	traits::SubnetRegistry,
	ConsensusParams, Hyperparams, LiquidAlpha, NetUid,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult, PerU16};

/// The fewest blocks between two changes.
const INTERVAL: u32 = 12;
/// Blocks before the close of an epoch in which nothing changes.
const FREEZE: u32 = 3;

/// A subnet of Alice's.
fn one_subnet() -> TestExt {
	TestExt::new().endow(ALICE, tao(100)).endow(BOB, tao(100)).subnet(ALICE, HOTKEY)
}

/// A tempo of `tempo`, all else as it was first.
fn tempo(tempo: u32) -> Hyperparams {
	Hyperparams { tempo, ..first_hyperparams() }
}

/// The owner sets `params`.
fn set(params: Hyperparams) -> DispatchResult {
	Subnets::set_subnet_params(signed(ALICE), NETUID, params)
}

#[test]
fn an_owner_sets_all_hyperparameters() {
	one_subnet().execute_with(|| {
		let params = Hyperparams {
			tempo: MAX_TEMPO,
			neuron_immunity: 7,
			max_seats: 1,
			registration_open: false,
			// Longer epochs need a longer cutoff.
			consensus: ConsensusParams {
				activity_cutoff: 3 * MAX_TEMPO + 7,
				weights_rate_limit: 7,
				commit_reveal: false,
				liquid_alpha: Some(LiquidAlpha::default()),
				..first_hyperparams().consensus
			},
		};
		assert_ok!(set(params));
		assert_eq!(subnet_of(NETUID).hyperparams, params);
		assert_eq!(subnet_of(NETUID).hyperparams_set_at, Some(1));
		assert_eq!(Subnets::tempo(NETUID), MAX_TEMPO);
		assert_last_event(Event::SubnetParamsSet { netuid: NETUID, params });
	});
}

#[test]
fn a_new_subnet_has_the_seats_there_are() {
	one_subnet().execute_with(|| {
		assert_eq!(u32::from(first_hyperparams().max_seats), MAX_SEATS);
		assert_eq!(subnet_of(NETUID).hyperparams, first_hyperparams());
	});
}

#[test]
fn an_owner_sets_them_once_in_the_interval() {
	one_subnet().execute_with(|| {
		assert_ok!(set(tempo(100)));
		wait(INTERVAL - 1);
		assert_noop!(set(tempo(101)), Error::<Test>::HyperparamsTooSoon);
		wait(1);
		assert_ok!(set(tempo(101)));
	});
}

/// Hazard E31: an owner does not tune an epoch that is about to close.
#[test]
fn an_owner_sets_nothing_shortly_before_an_epoch_closes() {
	one_subnet().execute_with(|| {
		// (blocks until the close) => whether nothing changes; 0 for a close that is overdue.
		let closes = [(0, true), (1, true), (FREEZE, true), (FREEZE + 1, false), (100, false)];
		for (blocks, is_frozen) in closes {
			FakeMarket::set_close(NETUID, 1 + blocks);
			if is_frozen {
				assert_noop!(set(tempo(100)), Error::<Test>::HyperparamsFrozen);
			} else {
				assert_ok!(set(tempo(100)));
				crate::Subnets::<Test>::mutate(NETUID, |subnet| {
					subnet.as_mut().unwrap().hyperparams_set_at = None;
				});
			}
		}
	});
}

#[test]
fn governance_sets_them_at_any_time_and_does_not_bind_the_owner() {
	one_subnet().execute_with(|| {
		assert_ok!(set(tempo(100)));
		FakeMarket::set_close(NETUID, 2);
		for blocks in [101, 102] {
			assert_ok!(Subnets::set_subnet_params(root(), NETUID, tempo(blocks)));
			assert_eq!(Subnets::tempo(NETUID), blocks);
		}
		assert_eq!(subnet_of(NETUID).hyperparams_set_at, Some(1));
	});
}

/// Hazard E31: nobody sets an immunity so long that no neuron is ever replaced.
#[test]
fn what_is_out_of_bounds_is_refused_by_name_whoever_sets_it() {
	one_subnet().execute_with(|| {
		let seats = |max_seats| Hyperparams { max_seats, ..first_hyperparams() };
		let above = u16::try_from(MAX_SEATS).unwrap() + 1;
		let immunity = |neuron_immunity| Hyperparams { neuron_immunity, ..first_hyperparams() };
		let long = MAX_NEURON_IMMUNITY + 1;
		let refusals: [(Hyperparams, DispatchError); 6] = [
			(tempo(MIN_TEMPO - 1), Error::<Test>::TempoOutOfBounds.into()),
			(tempo(MAX_TEMPO + 1), Error::<Test>::TempoOutOfBounds.into()),
			(seats(0), Error::<Test>::MaxSeatsOutOfBounds.into()),
			(seats(above), Error::<Test>::MaxSeatsOutOfBounds.into()),
			(immunity(long), Error::<Test>::NeuronImmunityOutOfBounds.into()),
			(immunity(u32::MAX), Error::<Test>::NeuronImmunityOutOfBounds.into()),
		];
		for (params, error) in refusals {
			assert_noop!(set(params), error);
			assert_noop!(Subnets::set_subnet_params(root(), NETUID, params), error);
		}
		assert_ok!(set(Hyperparams { tempo: MIN_TEMPO, ..immunity(MAX_NEURON_IMMUNITY) }));
	});
}

/// Hazard E31: the consensus's fields are bounded as the others are, each with an error of its own.
#[test]
fn what_the_consensus_counts_by_is_refused_by_name_whoever_sets_it() {
	one_subnet().execute_with(|| {
		let held = first_hyperparams().consensus;
		let liquid = LiquidAlpha { steepness: 0, ..LiquidAlpha::default() };
		let cutoff = held.least_activity_cutoff(first_hyperparams().tempo) - 1;
		let owners: [(ConsensusParams, Error<Test>); 7] = [
			(
				ConsensusParams { bonds_moving_average: PerU16::one(), ..held },
				Error::BondsMovingAverageOutOfBounds,
			),
			(ConsensusParams { liquid_alpha: Some(liquid), ..held }, Error::LiquidAlphaOutOfBounds),
			(
				ConsensusParams { weights_rate_limit: u32::MAX, ..held },
				Error::WeightsRateLimitOutOfBounds,
			),
			(ConsensusParams { reveal_period: 0, ..held }, Error::RevealPeriodOutOfBounds),
			(ConsensusParams { activity_cutoff: cutoff, ..held }, Error::ActivityCutoffOutOfBounds),
			(
				ConsensusParams { min_allowed_weights: u16::MAX, ..held },
				Error::MinAllowedWeightsOutOfBounds,
			),
			(
				ConsensusParams { max_weight_limit: PerU16::zero(), ..held },
				Error::MaxWeightLimitOutOfBounds,
			),
		];
		let governances: [(ConsensusParams, Error<Test>); 3] = [
			(ConsensusParams { kappa: PerU16::zero(), ..held }, Error::KappaOutOfBounds),
			(ConsensusParams { max_validators: 0, ..held }, Error::MaxValidatorsOutOfBounds),
			(
				ConsensusParams { stake_threshold: MAX_SUPPLY + 1, ..held },
				Error::StakeThresholdOutOfBounds,
			),
		];
		let with = |consensus| Hyperparams { consensus, ..first_hyperparams() };
		let by_root = |consensus| Subnets::set_subnet_params(root(), NETUID, with(consensus));
		for (consensus, error) in owners {
			let error = DispatchError::from(error);
			assert_noop!(set(with(consensus)), error);
			assert_noop!(by_root(consensus), error);
		}
		for (consensus, error) in governances {
			assert_noop!(set(with(consensus)), Error::<Test>::GovernanceOnly);
			assert_noop!(by_root(consensus), error);
		}
	});
}

/// Hazard E31: the majority, the most validators and their least stake are governance's, within their
/// bounds, too; the rest of the consensus's fields are the owner's.
#[test]
fn an_owner_leaves_to_governance_what_is_governances() {
	one_subnet().execute_with(|| {
		let held = first_hyperparams().consensus;
		let with = |consensus| Hyperparams { consensus, ..first_hyperparams() };
		for consensus in [
			ConsensusParams { kappa: PerU16::one(), ..held },
			ConsensusParams { max_validators: 1, ..held },
			ConsensusParams { stake_threshold: 0, ..held },
		] {
			assert_noop!(set(with(consensus)), Error::<Test>::GovernanceOnly);
			assert_ok!(Subnets::set_subnet_params(root(), NETUID, with(consensus)));
			assert_eq!(subnet_of(NETUID).hyperparams.consensus, consensus);
			// The owner sets the rest, beside what governance has set.
			let rest = ConsensusParams { version_key: 9, min_allowed_weights: 2, ..consensus };
			assert_ok!(set(with(rest)));
			assert_eq!(subnet_of(NETUID).hyperparams.consensus, rest);
			assert_ok!(Subnets::set_subnet_params(root(), NETUID, with(held)));
			wait(INTERVAL);
		}
	});
}

/// Hazard E31: an owner evicts nobody by making the subnet smaller.
#[test]
fn nobody_is_unseated_by_setting_fewer_seats() {
	one_subnet().execute_with(|| {
		for hotkey in [20, 21, 22] {
			assert_ok!(Subnets::register_neuron(signed(BOB), NETUID, hotkey, ANY));
		}
		let seats = |max_seats| Hyperparams { max_seats, ..first_hyperparams() };
		for origin in [signed(ALICE), root()] {
			assert_noop!(
				Subnets::set_subnet_params(origin, NETUID, seats(2)),
				Error::<Test>::MaxSeatsBelowHeld
			);
		}
		assert_ok!(set(seats(3)));
	});
}

#[test]
fn nobody_else_sets_them() {
	one_subnet().execute_with(|| {
		for stranger in [BOB, HOTKEY] {
			assert_noop!(
				Subnets::set_subnet_params(signed(stranger), NETUID, tempo(100)),
				Error::<Test>::NotSubnetOwner
			);
		}
		assert_noop!(
			Subnets::set_subnet_params(RuntimeOrigin::none(), NETUID, tempo(100)),
			DispatchError::BadOrigin
		);
		for netuid in [NetUid::ROOT, NetUid(2)] {
			for origin in [root(), signed(ALICE)] {
				assert_noop!(
					Subnets::set_subnet_params(origin, netuid, tempo(100)),
					Error::<Test>::UnknownSubnet
				);
			}
		}
	});
}

#[test]
fn governance_changes_what_new_subnets_begin_with() {
	one_subnet().execute_with(|| {
		set_params(|params| (params.tempo, params.neuron_immunity) = (99, 5));
		assert_ok!(Subnets::register_subnet(signed(ALICE), HOTKEY, ANY));
		let expected = Hyperparams { tempo: 99, neuron_immunity: 5, ..first_hyperparams() };
		assert_eq!(subnet_of(NetUid(2)).hyperparams, expected);
	});
}
