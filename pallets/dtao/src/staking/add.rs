//! TAO becomes stake.

use super::Terms;
use crate::{Config, Error, Event, Pallet};
use dtao_primitives::{
	views::{PriceChange, StakeQuote},
	Fill, MarketParams, NetUid, Tao,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult, FixedU128};

impl<T: Config> Pallet<T> {
	/// What [`Pallet::add_stake`] says. Returns the trade that was made.
	pub(crate) fn do_add_stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		tao: Tao,
		min_received: u64,
	) -> Result<StakeQuote, DispatchError> {
		Self::stake(coldkey, netuid, hotkey, tao, Terms::AtLeast(min_received))
	}

	/// What [`Pallet::add_stake_limit`] says. Returns the trade that was made.
	pub(crate) fn do_add_stake_limit(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		tao: Tao,
		price: FixedU128,
		fill: Fill,
	) -> Result<StakeQuote, DispatchError> {
		Self::stake(coldkey, netuid, hotkey, tao, Terms::Limit { price, fill })
	}

	fn stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		asked: Tao,
		terms: Terms,
	) -> Result<StakeQuote, DispatchError> {
		let params = T::Params::get();
		let (id, mut book) = Self::open(netuid, hotkey)?;
		ensure!(!asked.is_zero(), Error::<T>::ZeroAmount);
		let most = |limit| book.most_buy(limit, &params);
		let tao = Tao(terms.filled::<T>(asked.get(), most)?);
		Self::ensure_payment(coldkey, tao, &params)?;

		let trade = book.quote_buy(tao, &params).map_err(Error::<T>::from)?;
		terms.ensure_received::<T>(trade.amount_out.get())?;

		let price_before = book.price();
		let shares = book.buy(&trade).map_err(Error::<T>::from)?;
		let price_after = book.price();
		Self::store_book(netuid, id, book);
		Self::credit_shares(coldkey, netuid, id, shares)?;
		// Last: a position that opens has written the payer's account, which the payment reads often.
		Self::collect(coldkey, tao)?;

		Self::deposit_event(Event::StakeAdded {
			coldkey: coldkey.clone(),
			hotkey: hotkey.clone(),
			netuid,
			tao,
			fee: trade.fee,
			alpha: trade.amount_out,
			price_after,
		});
		Ok(StakeQuote {
			amount_in: tao.get(),
			fee: trade.fee.get(),
			amount_out: trade.amount_out.get(),
			price_before,
			price_after,
			price_impact: PriceChange { before: price_before, after: price_after }.impact(),
		})
	}

	/// Check that `tao` is a stake's worth, and that `coldkey` has it.
	fn ensure_payment(coldkey: &T::AccountId, tao: Tao, params: &MarketParams) -> DispatchResult {
		ensure!(tao >= params.min_stake, Error::<T>::AmountTooSmall);
		Self::ensure_can_pay(coldkey, tao)
	}
}
