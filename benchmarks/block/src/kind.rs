//! The kinds of transactions that blocks are filled with.

use crate::accounts::Accounts;
use dtao_bench_native::seat;
use dtao_primitives::{constants::UNIT, Amount, Fill, NetUid, Tao};
use dtao_runtime::{AccountId, Runtime, RuntimeCall};
use frame_support::{dispatch::GetDispatchInfo, weights::Weight, BoundedVec};
use pallet_dtao::{
	types::{Exit, Place},
	Call,
};
use sp_runtime::FixedU128;

/// A kind of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
	/// None: a block with what every block holds.
	Empty,
	/// `transfer_keep_alive` to an account that exists: the yardstick.
	Transfer,
	/// `add_stake`, which opens a position.
	AddStake,
	/// `remove_stake` of all of it, which closes it.
	RemoveStake,
	/// `add_stake_limit`, which opens a position.
	AddStakeLimit,
	/// `remove_stake_limit` of all of it, which closes it.
	RemoveStakeLimit,
	/// `move_stake` of all of it to the next subnet.
	MoveStake,
	/// `remove_all_stake` of a list of one, what [`Self::MoveStake`] moved.
	RemoveAllStake,
	/// `transfer_stake` of all of it to another account.
	TransferStake,
	/// `recycle_alpha` of all of it.
	RecycleAlpha,
	/// `burn_alpha` of all of it.
	BurnAlpha,
}

/// What an `add_stake` pays.
const STAKE: Tao = Tao(UNIT / 10);

impl Kind {
	/// Its name as a call.
	pub(crate) fn name(self) -> &'static str {
		match self {
			Self::Empty => "none",
			Self::Transfer => "transfer_keep_alive",
			Self::AddStake => "add_stake",
			Self::RemoveStake => "remove_stake",
			Self::AddStakeLimit => "add_stake_limit",
			Self::RemoveStakeLimit => "remove_stake_limit",
			Self::MoveStake => "move_stake",
			Self::RemoveAllStake => "remove_all_stake",
			Self::TransferStake => "transfer_stake",
			Self::RecycleAlpha => "recycle_alpha",
			Self::BurnAlpha => "burn_alpha",
		}
	}

	/// What the account whose turn it is calls, on a chain of `subnets`. Stakes are spread over
	/// them.
	pub(crate) fn call(self, accounts: &Accounts, subnets: u16) -> RuntimeCall {
		let (from, to) = (place(accounts.turn(), subnets), place(accounts.turn() + 1, subnets));
		let Place { netuid, hotkey } = from.clone();
		let (tao, amount, min_received) = (STAKE, Amount::All, Tao(1));
		let fill = Fill::FillOrKill;
		match self {
			Self::Empty => frame_system::Call::remark { remark: Vec::new() }.into(),
			Self::Transfer => {
				let (dest, value) = (accounts.other().into(), UNIT / 1_000);
				pallet_balances::Call::transfer_keep_alive { dest, value }.into()
			},
			Self::AddStake => Call::add_stake { netuid, hotkey, tao, min_received: 1 }.into(),
			Self::RemoveStake => Call::remove_stake { netuid, hotkey, amount, min_received }.into(),
			Self::AddStakeLimit => {
				let limit_price = FixedU128::from_u32(1_000);
				Call::add_stake_limit { netuid, hotkey, tao, limit_price, fill }.into()
			},
			Self::RemoveStakeLimit => {
				let limit_price = FixedU128::from_inner(1);
				Call::remove_stake_limit { netuid, hotkey, amount, limit_price, fill }.into()
			},
			Self::MoveStake => Call::move_stake { from, to, amount, min_received: 1 }.into(),
			Self::RemoveAllStake => {
				let exit = Exit { netuid: to.netuid, hotkey: to.hotkey, min_received };
				Call::remove_all_stake { positions: BoundedVec::truncate_from(vec![exit]) }.into()
			},
			Self::TransferStake => {
				let to_coldkey = accounts.other();
				Call::transfer_stake { to_coldkey, netuid, hotkey, amount }.into()
			},
			Self::RecycleAlpha => Call::recycle_alpha { netuid, hotkey, amount }.into(),
			Self::BurnAlpha => Call::burn_alpha { netuid, hotkey, amount }.into(),
		}
	}

	/// What a transaction of this kind is charged for, its signature included.
	pub(crate) fn declared(self, accounts: &Accounts, subnets: u16) -> Weight {
		use frame_support::dispatch::DispatchClass::Normal;
		let call = self.call(accounts, subnets);
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let info = call.get_dispatch_info();
		info.total_weight().saturating_add(limits.get(Normal).base_extrinsic)
	}
}

/// Where the account with number `turn` stakes.
fn place(turn: usize, subnets: u16) -> Place<AccountId> {
	let netuid = turn % usize::from(subnets.max(1)) + 1;
	Place { netuid: NetUid(u16::try_from(netuid).unwrap_or(1)), hotkey: seat(0) }
}
