//! The only file that touches [`Config::Currency`].

use crate::{Config, Pallet};
use dtao_primitives::Tao;
use frame_support::traits::{
	fungible::Balanced,
	tokens::{Fortitude, Precision, Preservation},
};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// Take `amount` from `payer` out of existence, leaving the account its existential deposit.
	///
	/// The TAO is *recycled*: total issuance falls by it, so it will be emitted again.
	///
	/// # Errors
	///
	/// What the currency answers when `payer` cannot spare `amount`.
	pub(crate) fn recycle(payer: &T::AccountId, amount: Tao) -> DispatchResult {
		let credit = T::Currency::withdraw(
			payer,
			amount.get(),
			Precision::Exact,
			Preservation::Preserve,
			Fortitude::Polite,
		)?;
		drop(credit);
		Ok(())
	}
}
