//! Calls, dispatched natively: no signature, no fee.

use crate::{
	hook::of_the_market,
	state::{Mode, State},
};
use dtao_bench_native::{seat, Capped, Scene};
use dtao_meter::{counting::Counts, statistics::median};
use dtao_primitives::{constants::UNIT, Amount, NetUid, Tao};
use dtao_runtime::{AccountId, RuntimeCall, RuntimeOrigin};
use sp_runtime::traits::Dispatchable;

/// A call that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
	/// `transfer_keep_alive`: the yardstick.
	Transfer,
	/// `add_stake`, which opens a position.
	AddStake,
	/// `remove_stake` of all of it.
	RemoveStake,
}

/// All, in the order in which each finds what it needs.
pub(crate) const KINDS: [Kind; 3] = [Kind::Transfer, Kind::AddStake, Kind::RemoveStake];

impl Kind {
	/// What the n-th account calls, on a chain of `subnets`.
	pub(crate) fn call(self, n: u16, subnets: u16) -> RuntimeCall {
		let (netuid, hotkey) = (NetUid(n % subnets + 1), seat(0));
		match self {
			Self::Transfer => RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
				dest: caller(n + 1).into(),
				value: UNIT / 10,
			}),
			Self::AddStake => RuntimeCall::Dtao(pallet_dtao::Call::add_stake {
				netuid,
				hotkey,
				tao: Tao(UNIT),
				min_received: 1,
			}),
			Self::RemoveStake => RuntimeCall::Dtao(pallet_dtao::Call::remove_stake {
				netuid,
				hotkey,
				amount: Amount::All,
				min_received: Tao(1),
			}),
		}
	}
}

/// What each call takes and touches.
pub(crate) struct Measured {
	/// Which call.
	pub(crate) kind: Kind,
	/// The median, in microseconds of CPU time.
	pub(crate) micros: f64,
	/// What one touches.
	pub(crate) counts: Counts,
}

/// Measure each call `times` times, each by another account, on a chain of `subnets`. Before each
/// there is a block, so that each touches a hotkey that has a reward to settle.
///
/// # Errors
///
/// What genesis refuses.
pub(crate) fn calls(subnets: u16, mode: Mode, times: u16) -> Result<Vec<Measured>, String> {
	let accounts = (0..=times + 1).map(|n| (caller(n), 100 * UNIT)).collect();
	let scene = Scene { subnets, accounts, capped: Capped::None, ..Default::default() };
	let mut state = State::new(&scene, mode)?;
	let mut block = 0;
	let mut next_block = |state: &mut State| {
		block += 1;
		state.step(block);
	};
	let mut all = Vec::new();
	for kind in KINDS {
		let mut measured = Vec::new();
		for n in 0..times {
			next_block(&mut state);
			let (call, origin) = (kind.call(n, subnets), RuntimeOrigin::signed(caller(n)));
			let (result, time) = state.measure(|| call.dispatch(origin));
			result.map_err(|refused| format!("{kind:?}: {:?}", refused.error))?;
			measured.push(time.cpu_micros());
		}
		next_block(&mut state);
		// The last account's stake is there to be removed in the next round.
		let (call, origin) = (kind.call(times, subnets), RuntimeOrigin::signed(caller(times)));
		let (result, touched) = state.count(|| call.dispatch(origin));
		result.map_err(|refused| format!("{kind:?}: {:?}", refused.error))?;
		let counts = of_the_market(touched).counts();
		all.push(Measured { kind, micros: median(measured), counts });
	}
	Ok(all)
}

/// The n-th account that calls.
pub(crate) fn caller(n: u16) -> AccountId {
	let mut bytes = [b'c'; 32];
	bytes[..2].copy_from_slice(&n.to_be_bytes());
	bytes.into()
}
