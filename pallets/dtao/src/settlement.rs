//! Money: the only file that names `T::Currency`. All TAO of the market lies in one account, the
//! pot; it comes in from payers and the mint, and leaves to payees and by recycling.

use crate::{Config, Error, Pallet};
use dtao_primitives::Tao;
use frame_support::{
	ensure,
	traits::{
		fungible::{Balanced, Inspect, Mutate},
		tokens::{
			Fortitude::Polite,
			Precision::Exact,
			Preservation::{Expendable, Preserve},
			Provenance,
		},
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// The account that holds all TAO of the market.
	pub fn pot() -> T::AccountId {
		T::PotId::get().into_account_truncating()
	}

	/// TAO in the pot, donations included.
	pub(crate) fn pot_balance() -> Tao {
		Tao(T::Currency::total_balance(&Self::pot()))
	}

	/// All TAO that exists: the number that the halving clock reads.
	pub(crate) fn tao_issuance() -> Tao {
		Tao(T::Currency::total_issuance())
	}

	/// What the pot keeps to exist, in rao.
	pub(crate) fn existential_deposit() -> Tao {
		Tao(T::Currency::minimum_balance())
	}

	/// Check that `payer` can pay `tao` and live.
	pub(crate) fn ensure_can_pay(payer: &T::AccountId, tao: Tao) -> DispatchResult {
		let spendable = T::Currency::reducible_balance(payer, Preserve, Polite);
		if tao.get() <= spendable {
			return Ok(());
		}
		// Locked TAO is there and cannot be paid: that, too, is an insufficient balance.
		let left = T::Currency::balance(payer).checked_sub(tao.get());
		let dies = left.is_some_and(|left| left < T::Currency::minimum_balance());
		ensure!(!dies, Error::<T>::BelowExistentialDeposit);
		Err(Error::<T>::InsufficientBalance.into())
	}

	/// `payer` pays `tao` into the pot.
	pub(crate) fn collect(payer: &T::AccountId, tao: Tao) -> DispatchResult {
		T::Currency::transfer(payer, &Self::pot(), tao.get(), Preserve)?;
		Ok(())
	}

	/// As [`Self::collect`], even if `payer` does not outlive it.
	pub(crate) fn collect_all(payer: &T::AccountId, tao: Tao) -> DispatchResult {
		T::Currency::transfer(payer, &Self::pot(), tao.get(), Expendable)?;
		Ok(())
	}

	/// What `who` has that is free: of what is held for something else, nothing can be paid.
	pub(crate) fn balance_of(who: &T::AccountId) -> Tao {
		Tao(T::Currency::balance(who))
	}

	/// Whether the account of `payee` can take `tao`: a new one has to be worth its existence.
	pub(crate) fn can_receive(payee: &T::AccountId, tao: Tao) -> bool {
		T::Currency::can_deposit(payee, tao.get(), Provenance::Extant).into_result().is_ok()
	}

	/// The pot pays `tao` to `payee`, less what was advanced to it.
	pub(crate) fn pay(payee: &T::AccountId, tao: Tao) -> DispatchResult {
		let kept = Self::keep_back(payee, tao)?;
		let rest = tao.checked_sub(kept).ok_or(Error::<T>::Arithmetic)?;
		match rest.is_zero() && !kept.is_zero() {
			true => Ok(()),
			false => Self::pay_out(payee, rest),
		}
	}

	/// The pot pays `tao` to `payee`.
	pub(crate) fn pay_out(payee: &T::AccountId, tao: Tao) -> DispatchResult {
		let opens = T::Currency::total_balance(payee) == 0;
		ensure!(!opens || tao >= Self::existential_deposit(), Error::<T>::BelowExistentialDeposit);
		T::Currency::transfer(&Self::pot(), payee, tao.get(), Preserve)?;
		Ok(())
	}

	/// Mint `tao` into the pot: one credit.
	pub(crate) fn mint_to_pot(tao: Tao) -> DispatchResult {
		let credit = T::Currency::issue(tao.get());
		// A credit that finds no home is dropped, and the issuance falls back by it.
		T::Currency::resolve(&Self::pot(), credit).map_err(|_| Error::<T>::Arithmetic.into())
	}

	/// Take `tao` of the pot out of existence: the issuance falls by it.
	pub(crate) fn recycle_from_pot(tao: Tao) -> DispatchResult {
		let credit = T::Currency::withdraw(&Self::pot(), tao.get(), Exact, Preserve, Polite)?;
		drop(credit);
		Ok(())
	}

	/// Give the pot its existential deposit. At genesis only.
	pub(crate) fn endow_pot() -> Result<u64, DispatchError> {
		T::Currency::mint_into(&Self::pot(), T::Currency::minimum_balance())
	}
}
