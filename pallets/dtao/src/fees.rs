//! The way out for a holder of ALPHA who has no free TAO: the pot advances what the transaction fee
//! asks, and keeps it back from the proceeds.
//!
//! The runtime's fee handler asks [`Pallet::can_repay`] first, which runs the call itself and undoes
//! it, so that nothing is advanced that does not come back. An advance lives within one transaction.

use crate::{Config, Error, Event, FeeAdvance, Pallet};
use dtao_primitives::Tao;
use frame_support::{
	ensure,
	storage::{with_storage_layer, with_transaction, TransactionOutcome},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Whether `exit`, run now, pays `who` enough to repay the advance that a fee of `fee` rao
	/// needs. All that it wrote is undone.
	pub fn can_repay(who: &T::AccountId, fee: Tao, exit: impl FnOnce() -> DispatchResult) -> bool {
		let mut repays = false;
		let undone = with_transaction(|| {
			let ran = Self::advance_fee(who, fee).and_then(|()| exit());
			repays = ran.is_ok() && FeeAdvance::<T>::get().is_none();
			TransactionOutcome::Rollback(Ok::<(), DispatchError>(()))
		});
		undone.is_ok() && repays
	}

	/// Give `who` from the pot what it lacks to pay `fee` and to exist.
	///
	/// # Errors
	///
	/// - [`Error::InsufficientBalance`] if it lacks nothing, or something is advanced already.
	/// - Whatever the currency answers.
	pub fn advance_fee(who: &T::AccountId, fee: Tao) -> DispatchResult {
		with_storage_layer(|| {
			ensure!(FeeAdvance::<T>::get().is_none(), Error::<T>::InsufficientBalance);
			let needed = fee.checked_add(Self::existential_deposit());
			let lacking = needed.and_then(|needed| needed.checked_sub(Self::balance_of(who)));
			let tao = lacking.ok_or(Error::<T>::InsufficientBalance)?;
			ensure!(!tao.is_zero(), Error::<T>::InsufficientBalance);
			Self::pay_out(who, tao)?;
			FeeAdvance::<T>::put((who, tao));
			Self::deposit_event(Event::FeeAdvanced { who: who.clone(), tao });
			Ok(())
		})
	}

	/// Whether something is advanced and was not repaid yet.
	pub fn is_advanced() -> bool {
		FeeAdvance::<T>::exists()
	}

	/// Take back what was advanced and not repaid, at the end of a transaction that failed after all.
	/// The fee has to be refunded before.
	pub fn recall_advance() {
		let Some((who, tao)) = FeeAdvance::<T>::take() else { return };
		if with_storage_layer(|| Self::collect_all(&who, tao)).is_err() {
			log::error!(target: "runtime::dtao", "{tao:?} advanced for a fee are lost");
		}
	}

	/// The part of `tao`, a payment to `payee`, that repays an advance.
	pub(crate) fn keep_back(payee: &T::AccountId, tao: Tao) -> Result<Tao, Error<T>> {
		let Some((who, advanced)) = FeeAdvance::<T>::get() else { return Ok(Tao::ZERO) };
		if who != *payee {
			return Ok(Tao::ZERO);
		}
		let kept = tao.min(advanced);
		let left = advanced.checked_sub(kept).ok_or(Error::<T>::Arithmetic)?;
		match left.is_zero() {
			true => FeeAdvance::<T>::kill(),
			false => FeeAdvance::<T>::put((who, left)),
		}
		Ok(kept)
	}
}
