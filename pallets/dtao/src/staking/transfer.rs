//! Stake changes hands.

use super::{ensure_arrives_enough, ensure_leaves_enough, ensure_some};
use crate::{Config, Error, Event, Pallet};
use dtao_primitives::{Alpha, Amount, NetUid};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// What [`Pallet::transfer_stake`] says.
	///
	/// It is the shares that change hands, so the hotkey's pool stays as it is, and what arrives
	/// reads back exactly.
	pub(crate) fn do_transfer_stake(
		from: &T::AccountId,
		to: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
	) -> DispatchResult {
		ensure_some::<T>(amount)?;
		ensure!(from != to, Error::<T>::SamePlace);
		let params = T::Params::get();
		let (id, book) = Self::open(netuid, hotkey)?;
		let held = Self::held(from, netuid, id)?;
		let withdrawal = book.withdrawal(held, amount).map_err(Error::<T>::from)?;
		ensure_leaves_enough::<T>(&book, &withdrawal, &params)?;
		ensure_arrives_enough::<T>(&book, withdrawal.amount, withdrawal.is_all(), &params)?;

		Self::store_book(netuid, id, book);
		Self::debit_shares(from, netuid, id, held, withdrawal.shares)?;
		Self::credit_shares(to, netuid, id, withdrawal.shares)?;

		Self::deposit_event(Event::StakeTransferred {
			from: from.clone(),
			to: to.clone(),
			hotkey: hotkey.clone(),
			netuid,
			alpha: Alpha(withdrawal.amount),
			price_after: book.price(),
		});
		Ok(())
	}
}
