//! What the calls do: read, check, store, emit.

use crate::{
	types::{hash_of, Ballot, Flaw},
	Commit, Config, Error, Event, Neuron, Neurons, OpenCommits, Pallet, WeightBytes, Weights,
};
use dtao_math::yuma::WeightRows;
use dtao_primitives::{
	traits::{MarketInspect, SubnetRegistry},
	ConsensusParams, NetUid, Uid,
};
use frame_support::{ensure, BoundedVec};
use sp_core::H256;
use sp_runtime::DispatchResult;

/// A seat whose holder signs, and what decides on what it may say.
pub(crate) struct Speaker<T: Config> {
	netuid: NetUid,
	uid: Uid,
	neuron: Neuron,
	neurons: BoundedVec<Neuron, T::MaxSeats>,
	params: ConsensusParams,
}

impl<T: Config> Speaker<T> {
	/// The seat of `netuid` that `hotkey` holds.
	fn new(netuid: NetUid, hotkey: &T::AccountId) -> Result<Self, Error<T>> {
		// A dissolved subnet keeps its seats until they are cleaned up, and has no owner.
		ensure!(T::Registry::owner(netuid).is_some(), Error::<T>::UnknownSubnet);
		let id = T::Registry::hotkey_id(hotkey).ok_or(Error::<T>::NotRegistered)?;
		let uid = T::Registry::uid(netuid, id).ok_or(Error::<T>::NotRegistered)?;
		let neurons = Neurons::<T>::get(netuid);
		let neuron = *neurons.get(usize::from(uid.0)).ok_or(Error::<T>::InvalidSeat)?;
		Ok(Self { netuid, uid, neuron, neurons, params: T::Registry::consensus_params(netuid) })
	}

	/// The rate limit.
	fn ensure_not_too_soon(&self, now: u32) -> Result<(), Error<T>> {
		let may_set = self.neuron.may_set(self.params.weights_rate_limit, now);
		ensure!(may_set, Error::<T>::WeightsTooSoon);
		Ok(())
	}

	/// The weights, if the seat may set them.
	fn accept(&self, uids: &[Uid], weights: &[u16], version_key: u64) -> Result<Ballot, Error<T>> {
		ensure!(version_key >= self.params.version_key, Error::<T>::VersionKeyTooLow);
		let seats = self.neurons.len();
		let ballot = Ballot::new(uids, weights, seats)?;
		ensure!(self.neuron.permit || ballot.weighs_only(self.uid), Error::<T>::NoPermit);
		ballot.check(&self.params, seats)?;
		Ok(ballot)
	}

	/// Store what changed of the seat.
	fn store(mut self) -> Result<(), Error<T>> {
		let place = self.neurons.get_mut(usize::from(self.uid.0));
		*place.ok_or(Error::<T>::InvalidSeat)? = self.neuron;
		Neurons::<T>::insert(self.netuid, self.neurons);
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_weights(
		hotkey: T::AccountId,
		netuid: NetUid,
		uids: &[Uid],
		weights: &[u16],
		version_key: u64,
	) -> DispatchResult {
		let now = Self::now();
		let mut speaker = Speaker::<T>::new(netuid, &hotkey)?;
		ensure!(!speaker.params.commit_reveal, Error::<T>::CommitRevealOn);
		speaker.ensure_not_too_soon(now)?;
		let ballot = speaker.accept(uids, weights, version_key)?;

		let uid = speaker.uid;
		Self::store_row(netuid, uid, &ballot, now)?;
		OpenCommits::<T>::remove(netuid, uid);
		speaker.neuron.last_update = now;
		speaker.neuron.set_at = Some(now);
		speaker.store()?;
		Self::deposit_event(Event::WeightsSet { netuid, uid, hotkey });
		Ok(())
	}

	pub(crate) fn do_commit_weights(
		hotkey: T::AccountId,
		netuid: NetUid,
		hash: H256,
	) -> DispatchResult {
		let now = Self::now();
		let mut speaker = Speaker::<T>::new(netuid, &hotkey)?;
		ensure!(speaker.params.commit_reveal, Error::<T>::CommitRevealOff);
		speaker.ensure_not_too_soon(now)?;
		let open = T::Market::epoch(netuid).ok_or(Error::<T>::NotStarted)?;
		let uid = speaker.uid;
		let mut commits = OpenCommits::<T>::get(netuid, uid);
		commits.retain(|commit| commit.epoch >= open);
		let is_new = commits.iter().all(|commit| commit.hash != hash);
		ensure!(is_new, Error::<T>::AlreadyCommitted);

		let epoch = open.saturating_add(speaker.params.reveal_period.into());
		let commit = Commit { hash, at: now, epoch };
		commits.try_push(commit).map_err(|_| Error::<T>::TooManyCommits)?;
		OpenCommits::<T>::insert(netuid, uid, commits);
		speaker.neuron.set_at = Some(now);
		speaker.store()?;
		Self::deposit_event(Event::WeightsCommitted { netuid, uid, hotkey, hash, epoch });
		Ok(())
	}

	pub(crate) fn do_reveal_weights(
		hotkey: T::AccountId,
		netuid: NetUid,
		uids: &[Uid],
		weights: &[u16],
		salt: &[u8],
		version_key: u64,
	) -> DispatchResult {
		let mut speaker = Speaker::<T>::new(netuid, &hotkey)?;
		let open = T::Market::epoch(netuid).ok_or(Error::<T>::NotStarted)?;
		let uid = speaker.uid;
		let mut commits = OpenCommits::<T>::get(netuid, uid);
		let hash = hash_of(&hotkey, netuid, uids, weights, salt, version_key);
		let place = commits.iter().position(|commit| commit.hash == hash);
		let place = place.ok_or(Error::<T>::UnknownCommit)?;
		let commit = *commits.get(place).ok_or(Error::<T>::UnknownCommit)?;
		ensure!(commit.epoch <= open, Error::<T>::RevealTooEarly);
		ensure!(commit.epoch >= open, Error::<T>::RevealTooLate);
		let ballot = speaker.accept(uids, weights, version_key)?;

		Self::store_row(netuid, uid, &ballot, commit.at)?;
		// They are in order: those before it can only be older.
		commits.drain(..=place);
		if commits.is_empty() {
			OpenCommits::<T>::remove(netuid, uid);
		} else {
			OpenCommits::<T>::insert(netuid, uid, commits);
		}
		speaker.neuron.last_update = commit.at;
		speaker.store()?;
		Self::deposit_event(Event::WeightsRevealed { netuid, uid, hotkey, hash });
		Ok(())
	}

	/// Let `ballot` be what the seat says, as of the block `at`.
	pub(crate) fn store_row(
		netuid: NetUid,
		uid: Uid,
		ballot: &Ballot,
		at: u32,
	) -> Result<(), Error<T>> {
		let bytes = Weights::<T>::get(netuid);
		let rows = WeightRows::decode(&bytes).map_err(|_| Error::<T>::InvalidState)?;
		let changed = if ballot.is_empty() {
			rows.retain(|other| other != uid.0)
		} else {
			rows.put(uid.0, at, ballot.entries()).map_err(|_| Error::<T>::InvalidState)?
		};
		let changed = WeightBytes::<T>::try_from(changed).map_err(|_| Error::<T>::InvalidState)?;
		Weights::<T>::insert(netuid, changed);
		Ok(())
	}
}

impl<T> From<Flaw> for Error<T> {
	fn from(flaw: Flaw) -> Self {
		match flaw {
			Flaw::LengthsDiffer => Self::LengthsDiffer,
			Flaw::DuplicateUid => Self::DuplicateUid,
			Flaw::UnknownUid => Self::UnknownUid,
			Flaw::TooFewWeights => Self::TooFewWeights,
			Flaw::WeightAboveLimit => Self::WeightAboveLimit,
		}
	}
}
