//! Stake of one coldkey goes to another hotkey, another subnet, or both.

use super::{
	ensure_arrives_enough, ensure_at_least, ensure_leaves_enough, ensure_some, remove::Sale,
};
use crate::{types::Place, Config, Error, Event, Pallet};
use dtao_primitives::{
	views::{MoveQuote, PriceChange},
	Amount, MarketParams, Tao,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, Perbill};

/// What is on its way from one place to another.
enum Cargo {
	/// Stake of the subnet that it stays in.
	Stake(u64),
	/// What it was sold for, in another.
	Proceeds(Tao),
}

/// What left a place.
struct Departure {
	amount: u64,
	fee: u64,
	whole: bool,
	cargo: Cargo,
	price: PriceChange,
}

/// What arrived at a place.
struct Arrival {
	amount: u64,
	fee: u64,
	price: PriceChange,
}

impl<T: Config> Pallet<T> {
	/// What [`Pallet::move_stake`] says. Returns the move that was made.
	pub(crate) fn do_move_stake(
		coldkey: &T::AccountId,
		from: &Place<T::AccountId>,
		to: &Place<T::AccountId>,
		amount: Amount,
		min_received: u64,
	) -> Result<MoveQuote, DispatchError> {
		ensure_some::<T>(amount)?;
		ensure!(from != to, Error::<T>::SamePlace);
		let quote =
			Self::kept_alive(coldkey, || Self::leave_and_arrive(coldkey, from, to, amount))?;
		ensure_at_least::<T>(quote.amount_out, min_received)?;
		Self::deposit_event(Event::StakeMoved {
			coldkey: coldkey.clone(),
			from_hotkey: from.hotkey.clone(),
			from_netuid: from.netuid,
			to_hotkey: to.hotkey.clone(),
			to_netuid: to.netuid,
			amount: quote.amount_in,
			fee: quote.fee,
			tao: quote.tao,
			received: quote.amount_out,
			from_price_after: quote.from_price.after,
			to_price_after: quote.to_price.after,
		});
		Ok(quote)
	}

	/// One fee at most: the sale's, or the purchase's where root is left, which asks none.
	fn leave_and_arrive(
		coldkey: &T::AccountId,
		from: &Place<T::AccountId>,
		to: &Place<T::AccountId>,
		amount: Amount,
	) -> Result<MoveQuote, DispatchError> {
		let params = T::Params::get();
		let sells = from.netuid != to.netuid;
		let departure = Self::leave(coldkey, from, amount, sells, &params)?;
		let purchase = match from.netuid.is_root() {
			true => params,
			false => MarketParams { swap_fee: Perbill::zero(), ..params },
		};
		let arrival = Self::arrive(coldkey, to, &departure, &purchase)?;
		Ok(MoveQuote {
			amount_in: departure.amount,
			fee: departure.fee.max(arrival.fee),
			tao: match departure.cargo {
				Cargo::Stake(_) => Tao::ZERO,
				Cargo::Proceeds(tao) => tao,
			},
			amount_out: arrival.amount,
			from_price: departure.price,
			to_price: arrival.price,
			from_impact: departure.price.impact(),
			to_impact: arrival.price.impact(),
		})
	}

	/// Take `amount` out of a position, and sell it if it leaves the subnet.
	fn leave(
		coldkey: &T::AccountId,
		from: &Place<T::AccountId>,
		amount: Amount,
		sells: bool,
		params: &MarketParams,
	) -> Result<Departure, DispatchError> {
		let (id, book) = Self::open(from.netuid, &from.hotkey)?;
		let held = Self::held(coldkey, from.netuid, id)?;
		let withdrawal = book.withdrawal(held, amount).map_err(Error::<T>::from)?;
		let (after, fee, cargo) = if sells {
			let sale = Sale::new(&book, withdrawal, params).map_err(Error::<T>::from)?;
			(sale.after, sale.trade.fee.get(), Cargo::Proceeds(sale.trade.amount_out))
		} else {
			let mut after = book;
			after.withdraw(&withdrawal).map_err(Error::<T>::from)?;
			(after, 0, Cargo::Stake(withdrawal.amount))
		};
		ensure_leaves_enough::<T>(&after, &withdrawal, params)?;

		Self::store_book(from.netuid, id, after);
		Self::debit_shares(coldkey, from.netuid, id, held, withdrawal.shares)?;
		Ok(Departure {
			amount: withdrawal.amount,
			fee,
			whole: withdrawal.is_all(),
			cargo,
			price: PriceChange { before: book.price(), after: after.price() },
		})
	}

	/// Put what left one place into a position at another.
	fn arrive(
		coldkey: &T::AccountId,
		to: &Place<T::AccountId>,
		departure: &Departure,
		params: &MarketParams,
	) -> Result<Arrival, DispatchError> {
		let (id, mut book) = Self::open(to.netuid, &to.hotkey)?;
		let before = book.price();
		let (amount, fee, shares) = match departure.cargo {
			Cargo::Stake(amount) => {
				ensure!(amount > 0, Error::<T>::NothingReceived);
				(amount, 0, book.deposit(amount).map_err(Error::<T>::from)?)
			},
			Cargo::Proceeds(tao) => {
				let trade = book.quote_buy(tao, params).map_err(Error::<T>::from)?;
				let shares = book.buy(&trade).map_err(Error::<T>::from)?;
				(trade.amount_out.get(), trade.fee.get(), shares)
			},
		};
		ensure_arrives_enough::<T>(&book, amount, departure.whole, params)?;

		Self::store_book(to.netuid, id, book);
		Self::credit_shares(coldkey, to.netuid, id, shares)?;
		Ok(Arrival { amount, fee, price: PriceChange { before, after: book.price() } })
	}
}
