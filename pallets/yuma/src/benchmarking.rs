//! What each call and an epoch weigh at their worst: as many seats as there may be, and as many of
//! them as may validate weigh all others.

use crate::{
	types::hash_of, Bonds, Call, Commit, Config, Event, Neuron, Neurons, OpenCommits, Pallet, Salt,
	SeatRow, UidsOf, Weights, WeightsOf, MAX_OPEN_COMMITS, MAX_SALT,
};
use alloc::vec::Vec;
use dtao_math::yuma::{BondRows, WeightRows, ONE};
use dtao_primitives::{
	constants::{MAX_VALIDATORS, MIN_TEMPO, UNIT},
	traits::{ConsensusHelper, MarketInspect, SubnetRegistry},
	BondsVersion, ConsensusParams, LiquidAlpha, NetUid, Uid,
};
use frame_benchmarking::v2::*;
use frame_support::{traits::Get, BoundedVec};
use frame_system::RawOrigin;
use sp_core::H256;
use sp_runtime::{traits::BlockNumberProvider, PerU16};

/// Sets up the registry's and the market's side of a benchmark.
pub trait BenchmarkHelper<AccountId> {
	/// Register and start `netuid`, counted by `params`, with `hotkeys` of its seats taken and the
	/// first epoch open. The subnet's owner has the seat 0. Returns the hotkeys, by uid.
	fn start_subnet(netuid: NetUid, hotkeys: u32, params: ConsensusParams) -> Vec<AccountId>;
}

/// A subnet that genesis does not have.
const NETUID: NetUid = NetUid(1_000);

/// The parameters that take an epoch the longest.
fn dearest_params() -> ConsensusParams {
	ConsensusParams {
		bonds_version: BondsVersion::Yuma1,
		bonds_penalty: PerU16::from_percent(50),
		liquid_alpha: Some(LiquidAlpha::default()),
		..ConsensusParams::new(MIN_TEMPO)
	}
}

/// A number that looks like any other: the `n`-th of a sequence, below `2³¹`.
fn number(n: u32) -> u32 {
	((u64::from(n) + 1).wrapping_mul(6_364_136_223_846_793_005) >> 33) as u32
}

/// The most seats that may validate.
fn validators<T: Config>() -> u32 {
	MAX_VALIDATORS.min(T::MaxSeats::get())
}

/// How many weights there are when every validator weighs every other seat.
fn most_weights<T: Config>() -> u32 {
	validators::<T>() * (T::MaxSeats::get() - 1)
}

/// Whom the validator `uid` weighs, of `entries` in all, and the value of each: as many for each
/// validator as for any other, but for one.
fn row<T: Config>(uid: u32, entries: u32, most: u64) -> Vec<(u16, u64)> {
	let of_it = entries / validators::<T>() + u32::from(uid < entries % validators::<T>());
	let others = (0..T::MaxSeats::get()).filter(|other| *other != uid);
	let value = |other: u32| u64::from(number(uid * 256 + other)) % most + 1;
	others.take(of_it as usize).map(|other| (other as u16, value(other))).collect()
}

/// Start a subnet with `seats` hotkeys, of which the first [`validators`] have a permit.
fn start<T: Config>(seats: u32, params: ConsensusParams) -> Vec<T::AccountId> {
	let hotkeys = T::BenchmarkHelper::start_subnet(NETUID, seats, params);
	put_neurons::<T>(NETUID, seats, later::<T>(1));
	hotkeys
}

/// Let `netuid` have neurons that were heard of at `now`, as many with a permit as there may be.
fn put_neurons<T: Config>(netuid: NetUid, seats: u32, now: u32) {
	let neuron = |uid| Neuron { permit: uid < validators::<T>(), ..Neuron::new(now) };
	let neurons: Vec<Neuron> = (0..seats).map(neuron).collect();
	Neurons::<T>::insert(netuid, BoundedVec::truncate_from(neurons));
}

/// Let the validators of `netuid` have `entries` weights, and as many bonds, as far as there are
/// seats.
fn weigh<T: Config>(netuid: NetUid, seats: u32, entries: u32) {
	let now = Pallet::<T>::now();
	let (mut weights, mut bonds) = (Vec::new(), Vec::new());
	for uid in (0..validators::<T>().min(seats)).rev() {
		// Before the others: a row is put in front of those that there are.
		let of_seats = |(other, _): &(u16, u64)| u32::from(*other) < seats;
		let mut given = row::<T>(uid, entries, u64::from(u16::MAX));
		let mut held = row::<T>(uid, entries, ONE / u64::from(validators::<T>()));
		given.retain(of_seats);
		held.retain(of_seats);
		if !given.is_empty() {
			let rows = WeightRows::decode(&weights).expect("they were packed");
			weights = rows.put(uid as u16, now, given).expect("the row is sound");
			let rows = BondRows::decode(&bonds).expect("they were packed");
			bonds = rows.put(uid as u16, now, held).expect("the row is sound");
		}
	}
	Weights::<T>::insert(netuid, BoundedVec::truncate_from(weights));
	Bonds::<T>::insert(netuid, BoundedVec::truncate_from(bonds));
}

/// Let the last seat there may be, which does not validate, have a row about itself. So an epoch,
/// which lets it go, writes the weights.
fn add_row_that_goes<T: Config>() {
	let uid = (T::MaxSeats::get() - 1) as u16;
	let bytes = Weights::<T>::get(NETUID);
	let rows = WeightRows::decode(&bytes).expect("they were packed");
	let bytes = rows.put(uid, Pallet::<T>::now(), [(uid, 1)]).expect("the row is sound");
	Weights::<T>::insert(NETUID, BoundedVec::truncate_from(bytes));
}

/// Whether the last seat there may be has weights.
fn has_row_that_goes<T: Config>() -> bool {
	row_of::<T>(Uid((T::MaxSeats::get() - 1) as u16)).is_some()
}

/// Let `blocks` pass.
fn later<T: Config>(blocks: u32) -> u32 {
	let now = Pallet::<T>::now().saturating_add(blocks);
	T::BlockNumberProvider::set_block_number(now);
	now
}

/// The stakes of `seats` seats: all validators', no two alike.
fn stakes(seats: u32) -> Vec<u64> {
	(0..seats).map(|uid| 1_000 * UNIT * u64::from(seats - uid) + u64::from(number(uid))).collect()
}

/// Whom the validator `uid` weighs, `n` of all seats, itself included, the last one first: they
/// have to be put into order.
fn ballot<T: Config>(n: u32) -> (UidsOf<T>, WeightsOf<T>) {
	let uids: Vec<Uid> = (0..n).rev().map(|uid| Uid(uid as u16)).collect();
	let weights: Vec<u16> = (0..n).map(|uid| (number(uid) % 65_535 + 1) as u16).collect();
	(BoundedVec::truncate_from(uids), BoundedVec::truncate_from(weights))
}

/// Let the seat `uid` have as many commitments as there may be, the last of them to `hash`.
fn commit<T: Config>(netuid: NetUid, uid: Uid, hash: H256, epoch: u32) {
	let at = Pallet::<T>::now();
	let commits = (1..MAX_OPEN_COMMITS)
		.map(|n| H256::repeat_byte(n as u8))
		.chain([hash])
		.map(|hash| Commit { hash, at, epoch })
		.collect();
	OpenCommits::<T>::insert(netuid, uid, BoundedVec::truncate_from(commits));
	Neurons::<T>::mutate(netuid, |neurons| neurons[usize::from(uid.0)].set_at = Some(at));
}

/// The row of the seat `uid`.
fn row_of<T: Config>(uid: Uid) -> Option<SeatRow> {
	Pallet::<T>::weights(NETUID).into_iter().find(|row| row.uid == uid)
}

fn assert_last_event<T: Config>(event: Event<T>) {
	let event: <T as frame_system::Config>::RuntimeEvent = event.into();
	frame_system::Pallet::<T>::assert_last_event(event);
}

impl<T: Config> ConsensusHelper for Pallet<T> {
	/// Every validator weighs every other seat, and every seat has all the commitments that it may.
	fn fill_seats(netuid: NetUid) {
		let now = Self::now();
		let held = T::Registry::seats(netuid).len() as u32;
		put_neurons::<T>(netuid, held, now);
		weigh::<T>(netuid, held, most_weights::<T>());
		for uid in (0..held).map(|uid| Uid(uid as u16)) {
			commit::<T>(netuid, uid, H256::zero(), 1);
		}
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// `n` weights, into a subnet where every validator weighs every other seat, by one in the
	/// middle that has commitments.
	#[benchmark]
	fn set_weights(n: Linear<1, { T::MaxSeats::get() }>) -> Result<(), BenchmarkError> {
		let params = ConsensusParams { commit_reveal: false, ..dearest_params() };
		let hotkeys = start::<T>(T::MaxSeats::get(), params);
		weigh::<T>(NETUID, T::MaxSeats::get(), most_weights::<T>());
		let uid = Uid((validators::<T>() / 2) as u16);
		commit::<T>(NETUID, uid, H256::zero(), 1);
		let now = later::<T>(params.weights_rate_limit);
		let hotkey = hotkeys[usize::from(uid.0)].clone();
		let (uids, weights) = ballot::<T>(n);

		#[extrinsic_call]
		_(RawOrigin::Signed(hotkey.clone()), NETUID, uids, weights, params.version_key);

		let row = row_of::<T>(uid).ok_or("the weights are set")?;
		assert_eq!((row.at, row.entries.len() as u32), (now, n));
		assert_eq!(Pallet::<T>::weights(NETUID).len() as u32, validators::<T>());
		assert!(OpenCommits::<T>::get(NETUID, uid).is_empty());
		assert_last_event(Event::<T>::WeightsSet { netuid: NETUID, uid, hotkey });
		Ok(())
	}

	/// As many commitments as there may be: one of them is past its epoch, all others are open.
	#[benchmark]
	fn commit_weights() -> Result<(), BenchmarkError> {
		let params = dearest_params();
		let hotkeys = start::<T>(T::MaxSeats::get(), params);
		let uid = Uid((T::MaxSeats::get() - 1) as u16);
		let open = T::Market::epoch(NETUID).ok_or("the subnet has started")?;
		commit::<T>(NETUID, uid, H256::zero(), open);
		OpenCommits::<T>::mutate(NETUID, uid, |commits| commits[0].epoch = open - 1);
		later::<T>(params.weights_rate_limit);
		let (hotkey, hash) = (hotkeys[usize::from(uid.0)].clone(), H256::repeat_byte(0xff));

		#[extrinsic_call]
		_(RawOrigin::Signed(hotkey.clone()), NETUID, hash);

		let commits = OpenCommits::<T>::get(NETUID, uid);
		assert_eq!(commits.len() as u32, MAX_OPEN_COMMITS);
		let epoch = open + u32::from(params.reveal_period);
		assert_last_event(Event::<T>::WeightsCommitted {
			netuid: NETUID,
			uid,
			hotkey,
			hash,
			epoch,
		});
		Ok(())
	}

	/// `n` weights and the longest salt, into a subnet where every validator weighs every other
	/// seat, by one in the middle: the last of as many commitments as there may be.
	#[benchmark]
	fn reveal_weights(n: Linear<1, { T::MaxSeats::get() }>) -> Result<(), BenchmarkError> {
		let params = dearest_params();
		let hotkeys = start::<T>(T::MaxSeats::get(), params);
		weigh::<T>(NETUID, T::MaxSeats::get(), most_weights::<T>());
		let uid = Uid((validators::<T>() / 2) as u16);
		let hotkey = hotkeys[usize::from(uid.0)].clone();
		let (uids, weights) = ballot::<T>(n);
		let salt: Salt = BoundedVec::truncate_from([7; MAX_SALT as usize].to_vec());
		let version_key = params.version_key;
		let hash = hash_of(&hotkey, NETUID, &uids, &weights, &salt, version_key);
		let at = later::<T>(1);
		let open = T::Market::epoch(NETUID).ok_or("the subnet has started")?;
		commit::<T>(NETUID, uid, hash, open);
		later::<T>(1);

		#[extrinsic_call]
		_(RawOrigin::Signed(hotkey.clone()), NETUID, uids, weights, salt, version_key);

		let row = row_of::<T>(uid).ok_or("the weights are revealed")?;
		assert_eq!((row.at, row.entries.len() as u32), (at, n));
		assert_eq!(Pallet::<T>::weights(NETUID).len() as u32, validators::<T>());
		assert_last_event(Event::<T>::WeightsRevealed { netuid: NETUID, uid, hotkey, hash });
		Ok(())
	}

	/// `n` seats, of which as many validate as may, and nobody has weighed anybody but for a row that
	/// goes.
	#[benchmark]
	fn decide_seats(n: Linear<1, { T::MaxSeats::get() }>) -> Result<(), BenchmarkError> {
		start::<T>(n, dearest_params());
		add_row_that_goes::<T>();
		let stakes = stakes(n);
		later::<T>(MIN_TEMPO);
		let outcome;

		#[block]
		{
			let params = T::Registry::consensus_params(NETUID);
			outcome = Pallet::<T>::decide_by(NETUID, &stakes, &params)?;
		}

		assert!(!has_row_that_goes::<T>());
		let permits = outcome.permits.iter().filter(|permit| **permit).count();
		assert_eq!(permits as u32, n.min(validators::<T>()));
		assert_eq!(outcome.dividends.iter().map(|part| u64::from(*part)).sum::<u64>(), 0xffff_ffff);
		Ok(())
	}

	/// As many seats and validators as there may be, `e` weights, and as many bonds before and after:
	/// at most those of each validator to every other seat. And one row of weights that goes.
	#[benchmark]
	fn decide_entries(e: Linear<0, { most_weights::<T>() }>) -> Result<(), BenchmarkError> {
		start::<T>(T::MaxSeats::get(), dearest_params());
		weigh::<T>(NETUID, T::MaxSeats::get(), e);
		add_row_that_goes::<T>();
		let stakes = stakes(T::MaxSeats::get());
		later::<T>(MIN_TEMPO);
		let outcome;

		#[block]
		{
			let params = T::Registry::consensus_params(NETUID);
			outcome = Pallet::<T>::decide_by(NETUID, &stakes, &params)?;
		}

		let entries = |rows: Vec<SeatRow>| rows.iter().map(|row| row.entries.len()).sum::<usize>();
		assert_eq!(entries(Pallet::<T>::weights(NETUID)) as u32, e);
		assert_eq!(entries(Pallet::<T>::bonds(NETUID)) as u32, e);
		assert_eq!(
			outcome.permits.iter().filter(|permit| **permit).count() as u32,
			validators::<T>()
		);
		Ok(())
	}

	/// The same as [`decide_entries`], by the parameters that a subnet begins with: Yuma 3. No weight
	/// is made of it; it is what most epochs take.
	#[benchmark(extra)]
	fn decide_by_default(e: Linear<0, { most_weights::<T>() }>) -> Result<(), BenchmarkError> {
		let params = ConsensusParams::new(MIN_TEMPO);
		start::<T>(T::MaxSeats::get(), params);
		weigh::<T>(NETUID, T::MaxSeats::get(), e);
		add_row_that_goes::<T>();
		let stakes = stakes(T::MaxSeats::get());
		later::<T>(MIN_TEMPO);
		let outcome;

		#[block]
		{
			outcome = Pallet::<T>::decide_by(NETUID, &stakes, &params)?;
		}

		assert!(!has_row_that_goes::<T>());
		let bonds = Pallet::<T>::bonds(NETUID).iter().map(|row| row.entries.len()).sum::<usize>();
		assert_eq!(bonds as u32, e);
		let validate = outcome.permits.iter().filter(|permit| **permit).count();
		assert_eq!(validate as u32, validators::<T>());
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
