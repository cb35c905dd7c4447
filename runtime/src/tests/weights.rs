//! Weights, from the call to what is paid: the three pallets together.

use super::{
	chain,
	support::{
		blocks, check_invariants, coldkey, dissolve, hotkey, idle, market, send, send_as, stake_of,
		tao, Chain,
	},
};
use crate::{AccountId, Dtao, Runtime, RuntimeOrigin, Subnets, System, Yuma};
use codec::Encode;
use dtao_primitives::{
	constants::MIN_TEMPO,
	traits::{Consensus, MarketInspect},
	views::SeatView,
	ConsensusParams, Hyperparams, NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::{assert_noop, assert_ok, weights::Weight};
use pallet_yuma::{Call, Error};
use sp_core::H256;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{Charlie, CharlieStash};
use sp_runtime::DispatchResult;

const NETUID: NetUid = NetUid(1);

fn owner() -> AccountId {
	coldkey(1)
}

fn other() -> AccountId {
	coldkey(2)
}

/// Seats 0 and 1 are the owner's, a validator and a miner; 2 and 3 another's, likewise. `owners` and
/// `others` TAO are staked on the validators.
fn two_sides(owners: u64, others: u64) -> TestExternalities {
	let mut state = Chain {
		registry: SubnetsParams { neuron_immunity: 0, ..Default::default() },
		..Default::default()
	}
	.funded(owner(), tao(10_000))
	.funded(other(), tao(10_000))
	.owned(hotkey(0), owner())
	.owned(hotkey(1), owner())
	.owned(hotkey(2), other())
	.owned(hotkey(3), other())
	.owned(hotkey(4), other())
	.subnet(owner(), tao(1_000), MIN_TEMPO, (0..4).map(hotkey).collect())
	.staked(owner(), hotkey(0), NETUID, tao(owners))
	.staked(other(), hotkey(2), NETUID, tao(others))
	.build();
	state.execute_with(|| blocks(1));
	state
}

/// Governance sets what the consensus counts by.
fn set_consensus(change: impl FnOnce(&mut ConsensusParams)) {
	let mut params = Subnets::subnet(NETUID).expect("it exists").hyperparams;
	change(&mut params.consensus);
	set_params(params);
}

fn set_params(params: Hyperparams) {
	let call = pallet_subnets::Call::set_subnet_params { netuid: NETUID, params };
	assert_ok!(send_as(RuntimeOrigin::root(), call));
}

fn weigh(who: &AccountId, row: &[(u16, u16)]) -> DispatchResult {
	let (uids, weights) = lists(row);
	let (uids, weights) = (uids.try_into().unwrap(), weights.try_into().unwrap());
	send(who, Call::set_weights { netuid: NETUID, uids, weights, version_key: 0 })
}

fn lists(row: &[(u16, u16)]) -> (Vec<Uid>, Vec<u16>) {
	row.iter().map(|(uid, weight)| (Uid(*uid), *weight)).unzip()
}

fn hash(who: &AccountId, row: &[(u16, u16)], salt: &[u8]) -> H256 {
	let (uids, weights) = lists(row);
	sp_io::hashing::blake2_256(&(who, NETUID, uids, weights, salt, 0u64).encode()).into()
}

fn commit(who: &AccountId, row: &[(u16, u16)]) -> DispatchResult {
	send(who, Call::commit_weights { netuid: NETUID, hash: hash(who, row, b"salt") })
}

fn reveal(who: &AccountId, row: &[(u16, u16)]) -> DispatchResult {
	let (uids, weights) = lists(row);
	let (uids, weights) = (uids.try_into().unwrap(), weights.try_into().unwrap());
	let salt = b"salt".to_vec().try_into().unwrap();
	send(who, Call::reveal_weights { netuid: NETUID, uids, weights, salt, version_key: 0 })
}

fn close_epoch() {
	let index = market(NETUID).epoch.index;
	while market(NETUID).epoch.index == index {
		blocks(1);
	}
}

fn seats() -> Vec<SeatView<AccountId>> {
	Dtao::metagraph(NETUID).expect("the subnet exists").seats
}

fn incentives() -> Vec<u32> {
	seats().into_iter().map(|seat| seat.incentive).collect()
}

/// Hazard E22: what an owner's validator gives to its own seats, a majority of stake has to give them
/// too. Without it they earn nothing, and its stakers nothing by them.
#[test]
fn an_owner_without_a_majority_pays_its_own_miners_nothing() {
	for (owners, others) in [(40, 60), (60, 40)] {
		two_sides(owners, others).execute_with(|| {
			set_consensus(|params| params.commit_reveal = false);
			assert_ok!(weigh(&hotkey(0), &[(0, 1), (1, 3)]));
			assert_ok!(weigh(&hotkey(2), &[(3, 1)]));
			close_epoch();
			let seats = seats();
			let dividends: Vec<_> = seats.iter().map(|seat| seat.dividend).collect();
			let whole = u32::MAX;
			if owners < others {
				assert_eq!(incentives(), [0, 0, 0, whole]);
				assert_eq!(dividends, [0, 0, whole, 0]);
				assert!(seats[0].permit && seats[0].validator_trust.is_zero());
			} else {
				// Its own validator is among whom it pays: the owner's seat may weigh itself.
				assert_eq!(incentives(), [whole / 4, whole - whole / 4, 0, 0]);
				assert_eq!(dividends, [whole, 0, 0, 0]);
			}
			check_invariants();
		});
	}
}

/// Weights are committed to in one epoch, revealed in the next, and pay from the close of that one.
#[test]
fn revealed_weights_pay_from_the_next_epoch_on() {
	two_sides(50, 50).execute_with(|| {
		let row = [(1, 1), (3, 3)];
		assert_noop!(weigh(&hotkey(0), &row), Error::<Runtime>::CommitRevealOn);
		for who in [hotkey(0), hotkey(2)] {
			assert_ok!(commit(&who, &row));
			assert_noop!(reveal(&who, &row), Error::<Runtime>::RevealTooEarly);
		}
		let committed_at = System::block_number();
		let before = incentives();
		close_epoch();
		assert_eq!(incentives(), before, "the weights of genesis count once more");
		for who in [hotkey(0), hotkey(2)] {
			assert_ok!(reveal(&who, &row));
			assert_noop!(reveal(&who, &row), Error::<Runtime>::UnknownCommit);
		}
		assert_eq!(incentives(), before);
		close_epoch();
		let quarter = u32::MAX / 4;
		assert_eq!(incentives(), [0, quarter, 0, u32::MAX - quarter]);
		let seats = seats();
		assert!(seats.iter().all(|seat| seat.active));
		assert_eq!((seats[0].last_update, seats[2].last_update), (committed_at, committed_at));

		let paid = [(owner(), hotkey(1)), (other(), hotkey(3))];
		let stakes = || paid.clone().map(|(who, hotkey)| stake_of(&who, NETUID, &hotkey));
		let held = stakes();
		close_epoch();
		let [first, second] = stakes();
		let (first, second) = (first - held[0], second - held[1]);
		assert!(first > 0 && second.abs_diff(3 * first) < 12, "{first} and {second}");
		check_invariants();
	});
}

#[test]
fn a_reveal_that_comes_too_late_counts_for_nothing() {
	two_sides(50, 50).execute_with(|| {
		let row = [(3, 1)];
		assert_ok!(commit(&hotkey(0), &row));
		close_epoch();
		close_epoch();
		assert_noop!(reveal(&hotkey(0), &row), Error::<Runtime>::RevealTooLate);
	});
}

/// Who takes over a seat begins with nothing: not with what its last holder was given, nor with what
/// that one gave or had committed to.
#[test]
fn who_takes_over_a_seat_inherits_no_weight() {
	two_sides(50, 50).execute_with(|| {
		for who in [hotkey(0), hotkey(2)] {
			assert_ok!(commit(&who, &[(1, 1), (3, 1)]));
		}
		assert_ok!(commit(&hotkey(3), &[(1, 1)]));
		close_epoch();
		for who in [hotkey(0), hotkey(2)] {
			assert_ok!(reveal(&who, &[(1, 1), (3, 1)]));
		}
		let held = Subnets::subnet(NETUID).expect("it exists").hyperparams;
		set_params(Hyperparams { max_seats: 4, neuron_immunity: 0, ..held });
		pallet_dtao::Scores::<Runtime>::mutate(NETUID, |scores| {
			// Whoever earns least goes.
			for (uid, score) in scores.iter_mut().enumerate() {
				score.incentive = u32::from(uid != 3);
			}
		});
		let max_cost = Tao(u64::MAX);
		let seat =
			pallet_subnets::Call::register_neuron { netuid: NETUID, hotkey: hotkey(4), max_cost };
		assert_ok!(send(&other(), seat));
		assert_eq!(seats()[3].hotkey, hotkey(4));
		assert_noop!(reveal(&hotkey(3), &[(1, 1)]), Error::<Runtime>::NotRegistered);
		assert_noop!(reveal(&hotkey(4), &[(1, 1)]), Error::<Runtime>::UnknownCommit);
		close_epoch();
		assert_eq!(incentives(), [0, u32::MAX, 0, 0]);
		assert_eq!(seats()[3].last_update, System::block_number() - MIN_TEMPO);
		check_invariants();
	});
}

/// A subnet that is gone leaves nothing in the consensus, commitments included.
#[test]
fn a_dissolution_leaves_nothing_of_weights_and_commitments() {
	two_sides(50, 50).execute_with(|| {
		assert_ok!(commit(&hotkey(0), &[(1, 1)]));
		close_epoch();
		assert_ok!(dissolve(NETUID));
		assert_noop!(commit(&hotkey(0), &[(1, 1)]), Error::<Runtime>::UnknownSubnet);
		assert_noop!(reveal(&hotkey(0), &[(1, 1)]), Error::<Runtime>::UnknownSubnet);
		assert!(Yuma::seats(NETUID).is_empty());
		idle(Weight::MAX);
		let prefix = sp_io::hashing::twox_128(b"Yuma").to_vec();
		let version = frame_support::traits::StorageVersion::storage_key::<Yuma>();
		let next = sp_io::storage::next_key(&version).filter(|key| key.starts_with(&prefix));
		let first = sp_io::storage::next_key(&prefix).filter(|key| key.starts_with(&prefix));
		assert_eq!((first, next), (Some(version.to_vec()), None));
		check_invariants();
	});
}

/// The development chain's miner is weighed from genesis on, and paid when the first epoch closes.
#[test]
fn the_miner_of_the_development_chain_earns_from_the_first_block() {
	chain("development").execute_with(|| {
		blocks(1);
		assert_eq!(incentives(), [0, u32::MAX]);
		assert!(seats()[1].emission.get() > 0);
		assert_eq!(Dtao::epoch(NETUID), Some(1));
		close_epoch();
		let miner = CharlieStash.to_account_id();
		assert!(stake_of(&Charlie.to_account_id(), NETUID, &miner) > 0);
		assert_eq!(incentives(), [0, u32::MAX]);
	});
}
