//! Random calls of the consensus, and what governance and owners may set of it.

use super::{
	calls::{signed, Attempt},
	world::World,
};
use crate::{AccountId, Dtao, Runtime, Yuma};
use dtao_primitives::{
	constants::MIN_TEMPO,
	traits::{Consensus, MarketInspect},
	BondsVersion, ConsensusParams, LiquidAlpha, NetUid, Uid,
};
use pallet_subnets::Subnet;
use pallet_yuma::Call;
use rand::Rng;
use sp_core::Encode;
use sp_runtime::PerU16;

/// Weights of one seat, as they were committed to.
#[derive(Clone)]
pub(crate) struct Ballot {
	who: AccountId,
	netuid: NetUid,
	uids: Vec<Uid>,
	weights: Vec<u16>,
	salt: Vec<u8>,
	version_key: u64,
	/// The epoch in which they can be revealed.
	epoch: u32,
}

/// Commitments that are remembered: older ones are forgotten, and lapse.
const REMEMBERED: usize = 60;

impl Ballot {
	fn hash(&self) -> sp_core::H256 {
		let Self { who, netuid, uids, weights, salt, version_key, .. } = self;
		let bytes = (who, netuid, uids, weights, salt, version_key).encode();
		sp_io::hashing::blake2_256(&bytes).into()
	}

	/// Whether now is when they are revealed.
	fn is_due(&self) -> bool {
		Dtao::epoch(self.netuid) == Some(self.epoch)
	}
}

impl World {
	/// Mostly what a subnet begins with; now and then anything within its bounds, or out of them.
	pub(super) fn consensus_params(
		&mut self,
		held: ConsensusParams,
		free: bool,
	) -> ConsensusParams {
		let liquid = LiquidAlpha::default();
		let mut params = ConsensusParams {
			bonds_version: match self.chance(1, 2) {
				true => BondsVersion::Yuma1,
				false => BondsVersion::Yuma3,
			},
			bonds_moving_average: PerU16::from_percent(self.rng.gen_range(0..=97)),
			bonds_penalty: PerU16::from_percent(self.rng.gen_range(0..=100)),
			liquid_alpha: self.chance(1, 3).then_some(liquid),
			min_allowed_weights: self.rng.gen_range(0..3),
			max_weight_limit: PerU16::from_percent(self.rng.gen_range(80..=100)),
			weights_rate_limit: self.rng.gen_range(0..8),
			version_key: self.rng.gen_range(0..3),
			commit_reveal: self.chance(1, 2),
			reveal_period: self.rng.gen_range(1..=2),
			activity_cutoff: self.rng.gen_range(500..2_000),
			..held
		};
		if free {
			params.kappa = PerU16::from_percent(self.rng.gen_range(1..=100));
			params.max_validators = self.rng.gen_range(1..=64);
			params.stake_threshold = self.rng.gen_range(0..2_000_000_000);
		}
		match self.chance(1, 30) {
			true => ConsensusParams { reveal_period: 0, ..params },
			false => params,
		}
	}

	/// A subnet with this way of setting weights, one who is seated there, and how many are; mostly one
	/// that may validate.
	fn voter(&mut self, commits: bool) -> Option<(NetUid, AccountId, usize)> {
		let (other, any) = (self.chance(1, 30), self.chance(1, 20));
		let fits = |subnet: &Subnet<AccountId>| {
			let params = subnet.hyperparams.consensus;
			subnet.started_at.is_some() && (other || params.commit_reveal == commits)
		};
		let mut voters = Vec::new();
		for (netuid, _) in self.subnets.iter().filter(|(_, subnet)| fits(subnet)) {
			let seats = pallet_subnets::Seats::<Runtime>::get(netuid);
			let may = Yuma::seats(*netuid).into_iter().map(|seat| any || seat.permit);
			let here = seats.iter().zip(may).filter(|(_, may)| *may);
			voters.extend(here.map(|(seat, _)| (*netuid, seat.hotkey, seats.len())));
		}
		let (netuid, id, seats) = self.one(&voters)?;
		let hotkey = pallet_subnets::Hotkeys::<Runtime>::get(id)?;
		Some((netuid, hotkey.account, seats))
	}

	/// Weights for some of `seats`; now and then ones that are refused.
	fn ballot(&mut self, who: AccountId, netuid: NetUid, seats: usize) -> Ballot {
		let last = u16::try_from(seats).expect("at most 256");
		let mut uids: Vec<_> = (0..last).map(Uid).filter(|_| self.rng.gen_ratio(7, 8)).collect();
		if self.chance(1, 40) {
			uids.push(Uid(last));
		}
		let weights = uids.iter().map(|_| self.rng.gen_range(30_000..=u16::MAX)).collect();
		Ballot {
			who,
			netuid,
			uids,
			weights,
			salt: vec![self.rng.gen(); 8],
			version_key: if self.chance(1, 20) { 0 } else { 2 },
			epoch: 0,
		}
	}

	pub(super) fn set_weights(&mut self) -> Option<Attempt> {
		let (netuid, who, seats) = self.voter(false)?;
		let Ballot { uids, weights, version_key, .. } = self.ballot(who.clone(), netuid, seats);
		let uids = uids.try_into().expect("no more than seats");
		let weights = weights.try_into().expect("as many");
		Some(signed(who, Call::set_weights { netuid, uids, weights, version_key }))
	}

	pub(super) fn commit_weights(&mut self) -> Option<Attempt> {
		let (netuid, who, seats) = self.voter(true)?;
		let mut ballot = self.ballot(who.clone(), netuid, seats);
		let period =
			pallet_subnets::Pallet::<Runtime>::subnet(netuid)?.hyperparams.consensus.reveal_period;
		ballot.epoch = Dtao::epoch(netuid)? + u32::from(period);
		let hash = ballot.hash();
		if self.ballots.len() == REMEMBERED {
			self.ballots.remove(0);
		}
		self.ballots.push(ballot);
		Some(signed(who, Call::commit_weights { netuid, hash }))
	}

	/// Mostly the first that is due, since a reveal drops what was committed to before it. It is not
	/// tried again.
	pub(super) fn reveal_weights(&mut self) -> Option<Attempt> {
		let all: Vec<_> = (0..self.ballots.len()).collect();
		let due = self.ballots.iter().position(Ballot::is_due);
		let n = match self.chance(1, 20) {
			true => self.one(&all)?,
			false => due?,
		};
		let Ballot { who, netuid, uids, weights, salt, version_key, .. } = self.ballots.remove(n);
		let uids = uids.try_into().expect("no more than seats");
		let weights = weights.try_into().expect("as many");
		let salt = salt.try_into().expect("eight bytes fit");
		let call = Call::reveal_weights { netuid, uids, weights, salt, version_key };
		Some(signed(who, call))
	}
}

/// What subnets of the random run begin with: weights as often as anybody likes, committed to or not.
pub(super) fn first_params(n: u16) -> ConsensusParams {
	ConsensusParams {
		weights_rate_limit: 0,
		commit_reveal: n.is_multiple_of(2),
		..ConsensusParams::new(MIN_TEMPO)
	}
}
