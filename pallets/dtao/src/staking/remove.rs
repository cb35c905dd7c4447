//! Stake becomes TAO.

use super::{ensure_some, leaves_enough, Terms};
use crate::{
	types::{sound, Book, Exit, MarketError, Trade, Withdrawal},
	Config, Error, Event, Pallet,
};
use alloc::collections::BTreeSet;
use dtao_primitives::{
	views::{PriceChange, StakeQuote},
	Alpha, Amount, Fill, MarketParams, NetUid, Tao,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, FixedU128};

/// The sale of a part of a position, priced, and the book as it leaves it.
pub(super) struct Sale {
	pub(super) withdrawal: Withdrawal,
	pub(super) trade: Trade<Alpha, Tao>,
	pub(super) after: Book,
}

impl Sale {
	/// Price the sale of `withdrawal`.
	pub(super) fn new(
		book: &Book,
		withdrawal: Withdrawal,
		params: &MarketParams,
	) -> Result<Self, MarketError> {
		let trade = book.quote_sell(withdrawal.amount, params)?;
		let mut after = *book;
		after.sell(&withdrawal, &trade)?;
		Ok(Self { withdrawal, trade, after })
	}

	/// Price the sale of what `terms` let through of `amount`. If the rest would be worth less than
	/// the least stake, then of all, where only the proceeds are bounded; where the price is, that
	/// is refused.
	fn on_terms<T>(
		book: &Book,
		held: u128,
		amount: Amount,
		terms: Terms,
		params: &MarketParams,
	) -> Result<Self, Error<T>> {
		let asked = book.withdrawal(held, amount)?;
		let filled = terms.filled(asked.amount, |limit| book.most_sell(limit, params))?;
		let withdrawal = match filled == asked.amount {
			true => asked,
			false => book.withdrawal(held, Amount::Exact(filled))?,
		};
		let sale = Self::new(book, withdrawal, params)?;
		if leaves_enough(&sale.after, &sale.withdrawal, params)? {
			return Ok(sale);
		}
		match terms {
			Terms::AtLeast(_) => Ok(Self::new(book, book.withdrawal(held, Amount::All)?, params)?),
			Terms::Limit { .. } => Err(Error::RemainderTooSmall),
		}
	}
}

impl<T: Config> Pallet<T> {
	/// What [`Pallet::remove_stake`] says. Returns the trade that was made.
	pub(crate) fn do_remove_stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		min_received: Tao,
	) -> Result<StakeQuote, DispatchError> {
		Self::unstake(coldkey, netuid, hotkey, amount, Terms::AtLeast(min_received.get()))
	}

	/// What [`Pallet::remove_stake_limit`] says. Returns the trade that was made.
	pub(crate) fn do_remove_stake_limit(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		price: FixedU128,
		fill: Fill,
	) -> Result<StakeQuote, DispatchError> {
		Self::unstake(coldkey, netuid, hotkey, amount, Terms::Limit { price, fill })
	}

	/// What [`Pallet::remove_all_stake`] says. Returns the TAO that was paid.
	pub(crate) fn do_remove_all_stake(
		coldkey: &T::AccountId,
		exits: &[Exit<T::AccountId>],
	) -> Result<Tao, DispatchError> {
		let mut named = BTreeSet::new();
		let distinct = exits.iter().all(|exit| named.insert((exit.netuid, &exit.hotkey)));
		ensure!(distinct && !exits.is_empty(), Error::<T>::InvalidList);

		Self::kept_alive(coldkey, || {
			let mut proceeds = Tao::ZERO;
			for Exit { netuid, hotkey, min_received } in exits {
				let terms = Terms::AtLeast(min_received.get());
				let quote = Self::sell(coldkey, *netuid, hotkey, Amount::All, terms)?;
				let sum = proceeds.checked_add(Tao(quote.amount_out));
				proceeds = sound(sum).map_err(Error::<T>::from)?;
			}
			// In one sum: a part may be too small to open an account with.
			Self::pay(coldkey, proceeds)?;
			Ok(proceeds)
		})
	}

	fn unstake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		terms: Terms,
	) -> Result<StakeQuote, DispatchError> {
		ensure_some::<T>(amount)?;
		Self::kept_alive(coldkey, || {
			let quote = Self::sell(coldkey, netuid, hotkey, amount, terms)?;
			Self::pay(coldkey, Tao(quote.amount_out))?;
			Ok(quote)
		})
	}

	/// Sell a part of a position. The proceeds are still to be paid.
	fn sell(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		terms: Terms,
	) -> Result<StakeQuote, DispatchError> {
		let params = T::Params::get();
		let (id, book) = Self::open(netuid, hotkey)?;
		let held = Self::held(coldkey, netuid, id)?;

		let sale = Sale::on_terms::<T>(&book, held, amount, terms, &params)?;
		terms.ensure_received::<T>(sale.trade.amount_out.get())?;

		Self::store_book(netuid, id, sale.after);
		Self::debit_shares(coldkey, netuid, id, held, sale.withdrawal.shares)?;

		let (price_before, price_after) = (book.price(), sale.after.price());
		Self::deposit_event(Event::StakeRemoved {
			coldkey: coldkey.clone(),
			hotkey: hotkey.clone(),
			netuid,
			alpha: sale.trade.amount_in,
			fee: sale.trade.fee,
			tao: sale.trade.amount_out,
			price_after,
			all: sale.withdrawal.is_all(),
		});
		Ok(StakeQuote {
			amount_in: sale.trade.amount_in.get(),
			fee: sale.trade.fee.get(),
			amount_out: sale.trade.amount_out.get(),
			price_before,
			price_after,
			price_impact: PriceChange { before: price_before, after: price_after }.impact(),
		})
	}
}
