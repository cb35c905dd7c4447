//! An epoch: the state as `dtao_math::yuma` wants it, and what it decides back into the state.

use crate::{
	types::count, BondBytes, Bonds, Config, Error, Neuron, Neurons, Pallet, WeightBytes,
	WeightInfo, Weights,
};
use alloc::vec::Vec;
use dtao_math::yuma::{self, BondRows, Outcome, Params, Rate, Seat, WeightRows};
use dtao_primitives::{
	constants::MAX_VALIDATORS,
	traits::{Consensus, ConsensusOutcome, SeatConsensus, SeatInfo, SubnetRegistry},
	BondsVersion, ConsensusParams, NetUid,
};
use frame_support::{ensure, traits::Get, weights::Weight};
use sp_runtime::{DispatchError, PerU16};

impl<T: Config> Consensus for Pallet<T> {
	fn decide(netuid: NetUid, stakes: &[u64]) -> Result<ConsensusOutcome, DispatchError> {
		Self::decide_by(netuid, stakes, &T::Registry::consensus_params(netuid))
	}

	fn most_weight() -> Weight {
		let seats = T::MaxSeats::get();
		let validators = MAX_VALIDATORS.min(seats);
		// Each validator weighs every seat, and each other seat itself: that needs no permit.
		let selves = seats.saturating_sub(validators);
		weight_of::<T>(seats, seats.saturating_mul(validators).saturating_add(selves))
	}

	fn seats(netuid: NetUid) -> Vec<SeatConsensus> {
		let cutoff = T::Registry::consensus_params(netuid).activity_cutoff;
		let now = Self::now();
		Neurons::<T>::get(netuid).iter().map(|neuron| neuron.view(cutoff, now)).collect()
	}
}

impl<T: Config> Pallet<T> {
	/// Decide an epoch by `params`. Reads the neurons, the weights and the bonds once, and writes
	/// each once; the weights only where a row goes.
	pub(crate) fn decide_by(
		netuid: NetUid,
		stakes: &[u64],
		params: &ConsensusParams,
	) -> Result<ConsensusOutcome, DispatchError> {
		let now = Self::now();
		let held = T::Registry::seats(netuid);
		let mut neurons = Neurons::<T>::get(netuid);
		let agree = held.len() == stakes.len() && neurons.len() == stakes.len();
		ensure!(agree, Error::<T>::InvalidSeat);
		let (weights, bonds) = (Weights::<T>::get(netuid), Bonds::<T>::get(netuid));
		let weights = WeightRows::decode(&weights).map_err(|_| Error::<T>::InvalidState)?;
		let bonds = BondRows::decode(&bonds).map_err(|_| Error::<T>::InvalidState)?;

		let seats: Vec<Seat> = held
			.iter()
			.zip(&neurons)
			.zip(stakes)
			.map(|((held, neuron), stake)| Seat {
				stake: *stake,
				active: neuron.is_active(params.activity_cutoff, now),
				registered_at: held.registered_at,
			})
			.collect();
		let (owner, params) = (owners_seat::<T>(netuid, &held), rules(params));
		let input = yuma::Input { seats: &seats, owner, weights, bonds, now, params };
		let outcome = yuma::epoch(&input).map_err(|_| Error::<T>::InvalidState)?;

		let weight = decided_weight::<T>(seats.len(), weights, bonds, &outcome);
		for ((uid, neuron), stake) in neurons.iter_mut().enumerate().zip(stakes) {
			judge::<T>(neuron, uid, *stake, &outcome)?;
		}
		let may_say = |uid: u16| outcome.permits.get(usize::from(uid)) == Some(&true);
		let kept = match weights.iter().all(|row| may_say(row.uid)) {
			true => None,
			false => Some(WeightBytes::<T>::try_from(weights.retain(may_say))),
		};
		let kept = kept.transpose().map_err(|_| Error::<T>::InvalidState)?;
		let Outcome { permits, incentives, dividends, bonds, .. } = outcome;
		let bonds = BondBytes::<T>::try_from(bonds).map_err(|_| Error::<T>::InvalidState)?;
		Neurons::<T>::insert(netuid, neurons);
		if let Some(kept) = kept {
			Weights::<T>::insert(netuid, kept);
		}
		Bonds::<T>::insert(netuid, bonds);
		Ok(ConsensusOutcome { permits, incentives, dividends, weight })
	}
}

/// The seat of the hotkey that gets the owner's cut, if it has one.
fn owners_seat<T: Config>(netuid: NetUid, held: &[SeatInfo]) -> Option<u16> {
	let owner = T::Registry::owner(netuid)?;
	let uid = held.iter().position(|seat| seat.hotkey == owner.hotkey)?;
	u16::try_from(uid).ok()
}

/// The parameters, as the formulas name them.
fn rules(params: &ConsensusParams) -> Params {
	Params {
		kappa: params.kappa,
		max_validators: params.max_validators,
		stake_threshold: params.stake_threshold,
		bonds_version: match params.bonds_version {
			BondsVersion::Yuma1 => yuma::BondsVersion::Yuma1,
			BondsVersion::Yuma3 => yuma::BondsVersion::Yuma3,
		},
		bonds_penalty: params.bonds_penalty,
		rate: match params.liquid_alpha {
			None => {
				let kept = params.bonds_moving_average.deconstruct();
				Rate::Fixed(PerU16::from_parts(u16::MAX.saturating_sub(kept)))
			},
			Some(liquid) => {
				Rate::Liquid { low: liquid.low, high: liquid.high, steepness: liquid.steepness }
			},
		},
	}
}

/// Let `neuron` be what the epoch made of it.
fn judge<T: Config>(
	neuron: &mut Neuron,
	uid: usize,
	stake: u64,
	outcome: &Outcome,
) -> Result<(), Error<T>> {
	let part = |parts: &[u16]| {
		parts.get(uid).copied().map(PerU16::from_parts).ok_or(Error::<T>::InvalidState)
	};
	neuron.permit = *outcome.permits.get(uid).ok_or(Error::<T>::InvalidState)?;
	neuron.stake = stake;
	neuron.trust = part(&outcome.trust)?;
	neuron.validator_trust = part(&outcome.validator_trust)?;
	neuron.consensus = part(&outcome.consensus)?;
	Ok(())
}

/// What deciding weighed: by the seats, and by the entries of the weights, of the bonds before or
/// of those after, whichever are most. The benchmark has as many of each.
fn decided_weight<T: Config>(
	seats: usize,
	weights: WeightRows<'_>,
	bonds: BondRows<'_>,
	outcome: &Outcome,
) -> Weight {
	let entries = count(weights).max(count(bonds)).max(outcome.bond_count);
	weight_of::<T>(u32::try_from(seats).unwrap_or(u32::MAX), entries)
}

/// What deciding weighs.
fn weight_of<T: Config>(seats: u32, entries: u32) -> Weight {
	// Without an entry the two benchmarks measure the same.
	let shared = T::WeightInfo::decide_entries(0);
	let of_entries = T::WeightInfo::decide_entries(entries).saturating_sub(shared);
	T::WeightInfo::decide_seats(seats).saturating_add(of_entries)
}
