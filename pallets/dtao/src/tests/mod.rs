//! The pallet's behaviour, one topic a file.

use crate::{
	ledger::RewardDeposit, mock::*, root::RootDividend, types::Market, Call, Error, Event,
	HotkeyPools, Markets, Positions, RewardSource, Root, RootPools,
};
use dtao_primitives::{traits::SubnetRegistry, Alpha, Amount, HotkeyId, NetUid, Tao};
use frame_support::{
	assert_noop, assert_ok,
	traits::{fungible::Mutate, Hooks},
};
use sp_runtime::{traits::Dispatchable, DispatchResult, PerU16};

mod conservation;
mod emission;
mod epochs;
mod halving;
mod hopping;
mod invariants;
mod quotes;
mod random;
mod refusals;
mod rewards;
mod root;
mod rules;
mod seats;
mod staking;
mod switching;

/// The second hotkey.
const HOTKEY_2: AccountId = HOTKEY + 1;

/// What `coldkey` holds on `hotkey`, in base units, unsettled rewards left out.
fn stake_of(coldkey: AccountId, hotkey: AccountId, netuid: NetUid) -> u64 {
	let shares = Positions::<Test>::get(coldkey, (netuid, id(hotkey)));
	let pool = match netuid.is_root() {
		true => RootPools::<Test>::get(id(hotkey)).stake,
		false => HotkeyPools::<Test>::get((netuid, id(hotkey))).stake,
	};
	pool.value(shares).expect("a sound pool")
}

/// The number of `hotkey`.
fn id(hotkey: AccountId) -> HotkeyId {
	Registry::hotkey_id(&hotkey).expect("the hotkey exists")
}

/// The signed origin of `who`.
fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Send `call`, as an extrinsic would: an error undoes everything.
fn send(who: AccountId, call: Call<Test>) -> DispatchResult {
	RuntimeCall::from(call).dispatch(signed(who)).map(|_| ()).map_err(|failure| failure.error)
}

/// Send `add_stake`.
fn add(who: AccountId, netuid: NetUid, hotkey: AccountId, tao: Tao, min: u64) -> DispatchResult {
	send(who, Call::add_stake { netuid, hotkey, tao, min_received: min })
}

/// Send `remove_stake`.
fn remove(
	who: AccountId,
	netuid: NetUid,
	hotkey: AccountId,
	amount: Amount,
	min: Tao,
) -> DispatchResult {
	send(who, Call::remove_stake { netuid, hotkey, amount, min_received: min })
}

/// Accepted or refused: either is fine.
fn either_way(_: DispatchResult) {}

/// Stake at any price.
fn stake(who: AccountId, netuid: NetUid, hotkey: AccountId, tao: Tao) {
	assert_ok!(add(who, netuid, hotkey, tao, 0));
}

/// Unstake all at any price.
fn unstake_all(who: AccountId, netuid: NetUid, hotkey: AccountId) {
	assert_ok!(remove(who, netuid, hotkey, Amount::All, Tao::ZERO));
}

/// Settle a hotkey's rewards, as any touch does, and change nothing else.
fn touch(netuid: NetUid, hotkey: AccountId) {
	let mut market = market(netuid);
	let pool = Dtao::settled_pool(netuid, id(hotkey), &mut market, System::block_number());
	Dtao::store(netuid, &market, id(hotkey), &pool.expect("a sound state"));
}

/// Give `coldkey` a reward of newly minted ALPHA, as an epoch does.
fn reward(coldkey: AccountId, netuid: NetUid, hotkey: AccountId, atoms: u64) {
	let mut market = market(netuid);
	market.outstanding = Alpha(market.outstanding.get() + atoms);
	let deposit = RewardDeposit {
		coldkey: &coldkey,
		hotkey: id(hotkey),
		alpha: Alpha(atoms),
		source: RewardSource::Incentive,
	};
	assert_ok!(Dtao::deposit_reward(netuid, &mut market, deposit, System::block_number()));
	Markets::<Test>::insert(netuid, market);
}

/// Assign newly minted TAO to `hotkey` as a dividend of root, to be released over a tempo.
fn dividend(hotkey: AccountId, tao: Tao) {
	let mut totals = Root::<Test>::get();
	assert_ok!(Dtao::mint_to_pot(tao));
	let now = System::block_number();
	let most_take = PerU16::one();
	let dividend =
		RootDividend { netuid: NETUID, hotkey: id(hotkey), tao, most_take, blocks: TEMPO };
	assert_ok!(Dtao::assign_root_dividend(dividend, &mut totals, now));
	Root::<Test>::put(totals);
}

/// Change the record of a subnet by hand.
fn edit(netuid: NetUid, change: impl FnOnce(&mut Market)) {
	Markets::<Test>::mutate_extant(netuid, change);
}

/// Make one block, and do not look at the invariants: for states that a test has corrupted.
fn next_block() {
	System::set_block_number(System::block_number() + 1);
	Dtao::on_initialize(System::block_number());
}

/// Let there be exactly this much TAO.
fn set_issuance(rao: u64) {
	const SINK: AccountId = 7;
	let more = rao.checked_sub(Balances::total_issuance()).expect("genesis has less");
	assert_ok!(<Balances as Mutate<AccountId>>::mint_into(&SINK, more));
}

/// So many whole ALPHA.
const fn alpha(whole: u64) -> Alpha {
	Alpha(tao(whole).0)
}

/// The events of the market since the last look.
fn events() -> Vec<Event<Test>> {
	let all = System::events();
	System::reset_events();
	all.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Dtao(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// Those of them that say that an epoch closed or failed.
fn closes() -> Vec<Event<Test>> {
	let mut found = events();
	found.retain(|event| matches!(event, Event::EpochClosed { .. } | Event::EpochFailed { .. }));
	found
}

/// The free balance of `who`.
fn free(who: AccountId) -> Tao {
	Tao(Balances::free_balance(who))
}
