//! The pallet's behaviour, one topic a file.

use crate::{
	ledger::RewardDeposit,
	mock::*,
	root::RootDividend,
	types::{Exit, Market, Place},
	Call, Error, Event, HotkeyPools, Markets, Positions, RewardSource, Root, RootPools,
};
use dtao_primitives::{traits::SubnetRegistry, Alpha, Amount, Fill, HotkeyId, NetUid, Tao};
use frame_support::{
	assert_noop, assert_ok,
	traits::{fungible::Mutate, Hooks},
};
use sp_runtime::{traits::Dispatchable, DispatchResult, FixedU128, PerU16, Perbill};

mod accounts;
mod coldkey;
mod conservation;
mod destinations;
mod destroy;
mod emission;
mod epochs;
mod exits;
mod fees;
mod halt;
mod halving;
mod hopping;
mod invariants;
mod limits;
mod loops;
mod metagraph;
mod moves;
mod owed;
mod quotes;
mod random;
mod redemption;
mod refusals;
mod rewards;
mod root;
mod rules;
mod seats;
mod staking;
mod switching;
mod transfers;
mod vacancy;

/// The second hotkey.
const HOTKEY_2: AccountId = HOTKEY + 1;

/// What `coldkey` holds on `hotkey`, in base units, unsettled rewards left out.
fn stake_of(coldkey: AccountId, hotkey: AccountId, netuid: NetUid) -> u64 {
	let shares = Dtao::shares_of(&coldkey, netuid, id(hotkey));
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

/// Send `add_stake_limit`.
fn add_limit(
	who: AccountId,
	netuid: NetUid,
	hotkey: AccountId,
	tao: Tao,
	limit_price: FixedU128,
	fill: Fill,
) -> DispatchResult {
	send(who, Call::add_stake_limit { netuid, hotkey, tao, limit_price, fill })
}

/// Send `remove_stake_limit`.
fn remove_limit(
	who: AccountId,
	netuid: NetUid,
	hotkey: AccountId,
	amount: Amount,
	limit_price: FixedU128,
	fill: Fill,
) -> DispatchResult {
	send(who, Call::remove_stake_limit { netuid, hotkey, amount, limit_price, fill })
}

/// A place, as calls name it.
fn place((netuid, hotkey): (NetUid, AccountId)) -> Place<AccountId> {
	Place { netuid, hotkey }
}

/// Send `move_stake`.
fn shift(
	who: AccountId,
	from: (NetUid, AccountId),
	to: (NetUid, AccountId),
	amount: Amount,
	min_received: u64,
) -> DispatchResult {
	let (from, to) = (place(from), place(to));
	send(who, Call::move_stake { from, to, amount, min_received })
}

/// Send `transfer_stake`.
fn transfer(
	who: AccountId,
	to_coldkey: AccountId,
	netuid: NetUid,
	hotkey: AccountId,
	amount: Amount,
) -> DispatchResult {
	send(who, Call::transfer_stake { to_coldkey, netuid, hotkey, amount })
}

/// Send `remove_all_stake`.
fn exit(who: AccountId, positions: &[(NetUid, AccountId, Tao)]) -> DispatchResult {
	let exits = positions.iter().map(|(netuid, hotkey, min_received)| Exit {
		netuid: *netuid,
		hotkey: *hotkey,
		min_received: *min_received,
	});
	let positions = exits.collect::<Vec<_>>().try_into().expect("a list that a call can carry");
	send(who, Call::remove_all_stake { positions })
}

/// Send `recycle_alpha`.
fn recycle(who: AccountId, netuid: NetUid, hotkey: AccountId, amount: Amount) -> DispatchResult {
	send(who, Call::recycle_alpha { netuid, hotkey, amount })
}

/// Send `burn_alpha`.
fn burn(who: AccountId, netuid: NetUid, hotkey: AccountId, amount: Amount) -> DispatchResult {
	send(who, Call::burn_alpha { netuid, hotkey, amount })
}

/// Send `set_reward_destination`.
fn redirect(who: AccountId, netuid: NetUid, hotkey: Option<AccountId>) -> DispatchResult {
	send(who, Call::set_reward_destination { netuid, hotkey })
}

/// Do `f`, and undo whatever it wrote.
fn undone<R>(f: impl FnOnce() -> R) -> R {
	use frame_support::storage::with_transaction;
	use sp_runtime::{DispatchError, TransactionOutcome};
	with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(f())))
		.expect("the layer is rolled back")
}

/// `call` would be accepted here; it is undone.
#[track_caller]
fn accepts(call: impl FnOnce() -> DispatchResult) {
	assert_eq!(undone(call), Ok(()));
}

/// Let trades cost this many billionths.
fn set_fee(ppb: u32) {
	Params::mutate(|params| params.swap_fee = Perbill::from_parts(ppb));
}

/// The hash of all that is stored.
fn state_root() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
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
	Markets::<Test>::insert(netuid, &market);
	Dtao::store_pool(netuid, &market, id(hotkey), pool.expect("a sound state"));
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
	Markets::<Test>::insert(netuid, &market);
}

/// Assign newly minted TAO to `hotkey` as a dividend of root, to be released over a tempo.
fn dividend(hotkey: AccountId, tao: Tao) {
	let mut totals = Root::<Test>::get();
	assert_ok!(Dtao::mint_to_pot(tao));
	let now = System::block_number();
	let most_take = PerU16::one();
	let dividend =
		RootDividend { netuid: NETUID, hotkey: id(hotkey), tao, most_take, blocks: TEMPO };
	let owned = Dtao::hotkey_of(id(hotkey)).expect("the hotkey is owned");
	let mut pool = RootPools::<Test>::get(id(hotkey));
	assert_ok!(Dtao::assign_root_dividend(dividend, &owned, &mut pool, &mut totals, now));
	RootPools::<Test>::insert(id(hotkey), pool);
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
