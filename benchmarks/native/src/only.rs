//! One thing alone, so that another program can count its instructions: what it takes more often is
//! what it takes, and the genesis before it is not.

use crate::{
	calls::{caller, Kind},
	hook::closing,
	state::{Mode, State},
};
use dtao_bench_native::{Capped, Scene};
use dtao_primitives::constants::{MAX_SEATS, MAX_SUBNETS, MAX_VALIDATORS, MIN_TEMPO, UNIT};
use dtao_runtime::RuntimeOrigin;
use sp_runtime::traits::Dispatchable;

/// Accounts that call, whether all of them do or not.
const CALLERS: u16 = 100;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Only {
	/// A block over as many subnets as there may be, half of them capped.
	BlockStep,
	/// The close of an epoch of as many seats and validators as there may be, with the blocks of it.
	Epoch,
	/// `transfer_keep_alive`.
	Transfer,
	/// `add_stake`, which opens a position.
	AddStake,
	/// `remove_stake` of all of it.
	RemoveStake,
}

impl Only {
	/// Do it `times` times.
	///
	/// # Errors
	///
	/// What genesis or the call refuses.
	pub(crate) fn run(self, times: u16) -> Result<(), String> {
		match self {
			Self::BlockStep => block_steps(times),
			Self::Epoch => epochs(times),
			Self::Transfer => calls(&[(Kind::Transfer, times)]),
			Self::AddStake => calls(&[(Kind::AddStake, times)]),
			Self::RemoveStake => calls(&[(Kind::AddStake, CALLERS), (Kind::RemoveStake, times)]),
		}
	}
}

fn block_steps(times: u16) -> Result<(), String> {
	let subnets = u16::try_from(MAX_SUBNETS).map_err(|_| "too many subnets")?;
	let scene = Scene { subnets, capped: Capped::Half, ..Default::default() };
	let mut state = State::new(&scene, Mode::Overlay)?;
	(1..=u32::from(times)).for_each(|block| state.step(block));
	Ok(())
}

fn epochs(times: u16) -> Result<(), String> {
	let (seats, validators) = (MAX_SEATS as u16, MAX_VALIDATORS as u16);
	let mut state = State::new(&closing(seats, validators), Mode::Overlay)?;
	(1..=u32::from(times) * MIN_TEMPO).for_each(|block| state.step(block));
	Ok(())
}

fn calls(rounds: &[(Kind, u16)]) -> Result<(), String> {
	let accounts = (0..=CALLERS).map(|n| (caller(n), 100 * UNIT)).collect();
	let scene = Scene { accounts, capped: Capped::None, ..Default::default() };
	let mut state = State::new(&scene, Mode::Overlay)?;
	state.step(1);
	for (kind, times) in rounds {
		for n in 0..*times {
			let (call, origin) = (kind.call(n, scene.subnets), RuntimeOrigin::signed(caller(n)));
			let result = state.run(|| call.dispatch(origin));
			result.map_err(|refused| format!("{kind:?}: {:?}", refused.error))?;
		}
	}
	Ok(())
}
