//! Stake that its owner gives up for good.

use super::{ensure_leaves_enough, ensure_some};
use crate::{
	types::{Book, Market, MarketError},
	Config, Error, Event, Pallet,
};
use dtao_primitives::{Alpha, Amount, NetUid};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult, FixedU128};

impl<T: Config> Pallet<T> {
	/// What [`Pallet::recycle_alpha`] says.
	pub(crate) fn do_recycle_alpha(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
	) -> DispatchResult {
		let (alpha, price_after) = Self::destroy(coldkey, netuid, hotkey, amount, Market::recycle)?;
		Self::deposit_event(Event::AlphaRecycled {
			coldkey: coldkey.clone(),
			hotkey: hotkey.clone(),
			netuid,
			alpha,
			price_after,
		});
		Ok(())
	}

	/// What [`Pallet::burn_alpha`] says.
	pub(crate) fn do_burn_alpha(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
	) -> DispatchResult {
		let (alpha, price_after) = Self::destroy(coldkey, netuid, hotkey, amount, Market::burn)?;
		Self::deposit_event(Event::AlphaBurnt {
			coldkey: coldkey.clone(),
			hotkey: hotkey.clone(),
			netuid,
			alpha,
			price_after,
		});
		Ok(())
	}

	/// Take `amount` out of a position and out of existence. Returns how much that was, and the price.
	fn destroy(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		of_market: fn(&mut Market, Alpha) -> Result<(), MarketError>,
	) -> Result<(Alpha, FixedU128), DispatchError> {
		ensure_some::<T>(amount)?;
		ensure!(!netuid.is_root(), Error::<T>::RootHasNoAlpha);
		let params = T::Params::get();
		let (id, mut book) = Self::open(netuid, hotkey)?;
		let held = Self::held(coldkey, netuid, id)?;
		let withdrawal = book.withdrawal(held, amount).map_err(Error::<T>::from)?;
		let alpha = Alpha(withdrawal.amount);

		book.withdraw(&withdrawal).map_err(Error::<T>::from)?;
		if let Book::Subnet { market, .. } = &mut book {
			of_market(market, alpha).map_err(Error::<T>::from)?;
		}
		ensure_leaves_enough::<T>(&book, &withdrawal, &params)?;

		Self::store_book(netuid, id, book);
		Self::debit_shares(coldkey, netuid, id, held, withdrawal.shares)?;
		Ok((alpha, book.price()))
	}
}
