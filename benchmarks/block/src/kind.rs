//! The kinds of transactions that blocks are filled with.

use crate::accounts::Accounts;
use dtao_bench_native::seat;
use dtao_primitives::{constants::UNIT, Amount, NetUid, Tao};
use dtao_runtime::RuntimeCall;
use frame_support::{dispatch::GetDispatchInfo, weights::Weight};

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
}

impl Kind {
	/// Its name as a call.
	pub(crate) fn name(self) -> &'static str {
		match self {
			Self::Empty => "none",
			Self::Transfer => "transfer_keep_alive",
			Self::AddStake => "add_stake",
			Self::RemoveStake => "remove_stake",
		}
	}

	/// What the account whose turn it is calls, on a chain of `subnets`. Stakes are spread over
	/// them.
	pub(crate) fn call(self, accounts: &Accounts, subnets: u16) -> RuntimeCall {
		let place = accounts.turn() % usize::from(subnets.max(1));
		let netuid = NetUid(u16::try_from(place).unwrap_or(0) + 1);
		let hotkey = seat(0);
		match self {
			Self::Empty => frame_system::Call::remark { remark: Vec::new() }.into(),
			Self::Transfer => pallet_balances::Call::transfer_keep_alive {
				dest: accounts.other().into(),
				value: UNIT / 1_000,
			}
			.into(),
			Self::AddStake => {
				let tao = Tao(UNIT / 10);
				pallet_dtao::Call::add_stake { netuid, hotkey, tao, min_received: 1 }.into()
			},
			Self::RemoveStake => {
				let (amount, min_received) = (Amount::All, Tao(1));
				pallet_dtao::Call::remove_stake { netuid, hotkey, amount, min_received }.into()
			},
		}
	}

	/// What a transaction of this kind is charged for, its signature included.
	pub(crate) fn declared(self, accounts: &Accounts, subnets: u16) -> Weight {
		use frame_support::dispatch::DispatchClass::Normal;
		let call = self.call(accounts, subnets);
		let limits = <dtao_runtime::Runtime as frame_system::Config>::BlockWeights::get();
		let info = call.get_dispatch_info();
		info.total_weight().saturating_add(limits.get(Normal).base_extrinsic)
	}
}
