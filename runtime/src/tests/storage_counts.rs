//! What a block and a stake touch in storage, exactly: at the level of host calls, the SDK's own
//! bookkeeping of events left out. What remains has one key of the SDK's, read and written: how deep
//! storage layers are nested. A change that touches more fails here, and so does one that
//! touches less: then write the new figure down.

use super::{next_block, support::*};
use crate::{Dtao, System};
use dtao_meter::counting::{counted, Counts, Touched};
use dtao_primitives::{
	constants::{MAX_SUBNETS, MAX_TEMPO},
	Amount, NetUid, Tao,
};
use frame_support::{storage::storage_prefix, traits::OnInitialize};
use sp_io::TestExternalities;

/// Owns all subnets.
const OWNER: u8 = 1;
/// Has staked since genesis, on root and on every subnet.
const STAKER: u8 = 2;
/// Stakes for the first time.
const NEWCOMER: u8 = 3;
/// Has the only seat of each subnet.
const SEAT: u8 = 4;

/// A chain of `subnets`, all of which sell for root, some blocks after genesis. No epoch is near.
fn chain_of(subnets: u32) -> TestExternalities {
	let locks = tao(1_000).get() * u64::from(subnets);
	let mut chain = Chain::default()
		.funded(coldkey(OWNER), Tao(locks + tao(1).get()))
		.funded(coldkey(STAKER), tao(100_000))
		.funded(coldkey(NEWCOMER), tao(1_000))
		.owned(hotkey(SEAT), coldkey(OWNER));
	for _ in 0..subnets {
		chain = chain.subnet(coldkey(OWNER), tao(1_000), MAX_TEMPO, vec![hotkey(SEAT)]);
	}
	chain = chain.staked(coldkey(STAKER), hotkey(SEAT), NetUid::ROOT, tao(10_000));
	for netuid in (1..).map(NetUid).take(subnets as usize) {
		chain = chain.staked(coldkey(STAKER), hotkey(SEAT), netuid, tao(1));
	}
	let mut state = chain.build();
	state.execute_with(|| {
		// Root's part has to be worth a sale: until then a block does less.
		while market(NetUid(1)).root_tao.is_zero() {
			next_block();
			System::reset_events();
		}
	});
	state
}

/// What `what` touches, but for the SDK's bookkeeping of events.
fn touched(state: &mut TestExternalities, what: impl FnOnce()) -> Counts {
	let ((), touched): ((), Touched) = counted(&mut state.ext(), what);
	let items = ["Number", "ExecutionPhase", "EventCount", "Events"];
	let bookkeeping = items.map(|item| storage_prefix(b"System", item.as_bytes()).to_vec());
	touched.without(&bookkeeping).counts()
}

fn block_step(subnets: u32) -> Counts {
	let mut state = chain_of(subnets);
	let block = state.execute_with(|| {
		System::set_block_number(System::block_number() + 1);
		System::block_number()
	});
	touched(&mut state, || {
		Dtao::on_initialize(block);
	})
}

#[test]
fn a_block_reads_and_writes_one_key_for_each_subnet() {
	let subnets = MAX_SUBNETS as usize;
	let expected = Counts {
		keys_read: subnets + 7,
		keys_written: subnets + 3,
		reads: MAX_SUBNETS + 17,
		writes: MAX_SUBNETS + 4,
	};
	assert_eq!(block_step(MAX_SUBNETS), expected);

	let (one, all) = (block_step(1), block_step(MAX_SUBNETS));
	assert_eq!(all.reads - one.reads, MAX_SUBNETS - 1, "one host call reads a subnet");
	assert_eq!(all.writes - one.writes, MAX_SUBNETS - 1, "one host call writes a subnet");
}

#[test]
fn a_stake_and_its_removal_touch_what_they_have_to() {
	let mut state = chain_of(2);
	let (newcomer, seat) = (coldkey(NEWCOMER), hotkey(SEAT));
	let added = touched(&mut state, || {
		add(&newcomer, NetUid(1), &seat, tao(1), 1).expect("it has TAO");
	});

	state.execute_with(next_block);
	let removed = touched(&mut state, || {
		remove(&newcomer, NetUid(1), &seat, Amount::All, Tao(1)).expect("it has stake");
	});

	// Each settles a reward. The first opens the position; the second closes it, and looks whether
	// the pot has advanced its fee. Three reads are of what a call is let through by: safe mode and
	// paused calls, and the count of positions that a hotkey has, which is written too.
	let expected = (
		Counts { keys_read: 13, keys_written: 8, reads: 34, writes: 10 },
		Counts { keys_read: 14, keys_written: 8, reads: 37, writes: 12 },
	);
	assert_eq!((added, removed), expected);
}
