//! Stake and unstake: read, check, price, settle, store, emit; always in that order.

use crate::{
	types::{sound, HotkeyPool, Market, RootPool, Trade},
	Config, Error, Event, HotkeyPools, Markets, Pallet, Positions, Root, RootPools,
};
use dtao_primitives::{views::StakeQuote, Alpha, Amount, HotkeyId, MarketParams, NetUid, Tao};
use frame_support::{ensure, traits::Get};
use sp_runtime::{traits::BlockNumberProvider, traits::One, DispatchError, FixedU128};

/// A withdrawal that has been priced and not yet made.
struct Withdrawal {
	/// How much leaves the hotkey's pool.
	amount: u64,
	/// The shares burnt for it.
	shares: u128,
	/// Whether nothing is left of the position.
	all: bool,
}

impl<T: Config> Pallet<T> {
	/// What [`Pallet::add_stake`] says. Returns the trade that was made.
	pub(crate) fn do_add_stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		tao: Tao,
		min_received: u64,
	) -> Result<StakeQuote, DispatchError> {
		let params = T::Params::get();
		let quote = if netuid.is_root() {
			Self::stake_on_root(coldkey, hotkey, tao, min_received, &params)?
		} else {
			Self::stake_on_subnet(coldkey, netuid, hotkey, tao, min_received, &params)?
		};
		Self::deposit_event(Event::StakeAdded {
			coldkey: coldkey.clone(),
			hotkey: hotkey.clone(),
			netuid,
			tao,
			fee: Tao(quote.fee),
			alpha: Alpha(quote.amount_out),
			price_after: quote.price_after,
		});
		Ok(quote)
	}

	fn stake_on_subnet(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		tao: Tao,
		min_received: u64,
		params: &MarketParams,
	) -> Result<StakeQuote, DispatchError> {
		let mut market = Self::trading(netuid)?;
		let id = Self::hotkey_id(hotkey)?;
		Self::ensure_payment(coldkey, tao, params)?;

		let trade = market.pool.quote_buy(tao, params).map_err(Error::<T>::from)?;
		ensure!(trade.amount_out.get() >= min_received, Error::<T>::SlippageExceeded);

		Self::collect(coldkey, tao)?;

		let now = T::BlockNumberProvider::current_block_number();
		let price_before = market.pool.price();
		let mut pool = Self::settled_pool(netuid, id, &mut market, now)?;
		market.user_buy(&trade).map_err(Error::<T>::from)?;
		let shares = pool.stake.deposit(trade.amount_out.get()).map_err(Error::<T>::from)?;
		Self::store(netuid, &market, id, &pool);
		Self::credit_shares(coldkey, netuid, id, shares)?;

		let Trade { amount_in, fee, amount_out } = trade;
		Ok(StakeQuote {
			amount_in: amount_in.get(),
			fee: fee.get(),
			amount_out: amount_out.get(),
			price_before,
			price_after: market.pool.price(),
		})
	}

	fn stake_on_root(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
		tao: Tao,
		min_received: u64,
		params: &MarketParams,
	) -> Result<StakeQuote, DispatchError> {
		let id = Self::hotkey_id(hotkey)?;
		Self::ensure_payment(coldkey, tao, params)?;
		ensure!(tao.get() >= min_received, Error::<T>::SlippageExceeded);

		Self::collect(coldkey, tao)?;

		let now = T::BlockNumberProvider::current_block_number();
		let mut totals = Root::<T>::get();
		let mut pool = Self::settled_root_pool(id, &mut totals, now)?;
		let shares = pool.stake.deposit(tao.get()).map_err(Error::<T>::from)?;
		totals.staked = sound(totals.staked.checked_add(tao)).map_err(Error::<T>::from)?;
		Root::<T>::put(totals);
		RootPools::<T>::insert(id, pool);
		Self::credit_shares(coldkey, NetUid::ROOT, id, shares)?;
		Ok(one_to_one(tao))
	}

	/// What [`Pallet::remove_stake`] says. Returns the trade that was made.
	pub(crate) fn do_remove_stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		min_received: Tao,
	) -> Result<StakeQuote, DispatchError> {
		let params = T::Params::get();
		ensure!(amount != Amount::Exact(0), Error::<T>::ZeroAmount);
		let (quote, all) = if netuid.is_root() {
			Self::unstake_from_root(coldkey, hotkey, amount, min_received, &params)?
		} else {
			Self::unstake_from_subnet(coldkey, netuid, hotkey, amount, min_received, &params)?
		};
		Self::deposit_event(Event::StakeRemoved {
			coldkey: coldkey.clone(),
			hotkey: hotkey.clone(),
			netuid,
			alpha: Alpha(quote.amount_in),
			fee: Alpha(quote.fee),
			tao: Tao(quote.amount_out),
			price_after: quote.price_after,
			all,
		});
		Ok(quote)
	}

	fn unstake_from_subnet(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		min_received: Tao,
		params: &MarketParams,
	) -> Result<(StakeQuote, bool), DispatchError> {
		let mut market = Self::trading(netuid)?;
		let id = Self::hotkey_id(hotkey)?;
		let now = T::BlockNumberProvider::current_block_number();
		let mut pool = Self::settled_pool(netuid, id, &mut market, now)?;
		let held = Self::held(coldkey, netuid, id)?;

		let (withdrawal, trade) = Self::price_sale(&market, &pool, held, amount, params)?;
		ensure!(trade.amount_out >= min_received, Error::<T>::SlippageExceeded);

		let price_before = market.pool.price();
		market.user_sell(&trade).map_err(Error::<T>::from)?;
		pool.stake.withdraw(withdrawal.amount, withdrawal.shares).map_err(Error::<T>::from)?;
		Self::store(netuid, &market, id, &pool);
		Self::debit_shares(coldkey, netuid, id, held, withdrawal.shares)?;
		Self::pay(coldkey, trade.amount_out)?;

		let Trade { amount_in, fee, amount_out } = trade;
		let quote = StakeQuote {
			amount_in: amount_in.get(),
			fee: fee.get(),
			amount_out: amount_out.get(),
			price_before,
			price_after: market.pool.price(),
		};
		Ok((quote, withdrawal.all))
	}

	/// Price the sale of `amount` of a position; of all of it, if the rest would be worth less than
	/// `min_stake` at the price after the trade.
	fn price_sale(
		market: &Market,
		pool: &HotkeyPool,
		held: u128,
		amount: Amount,
		params: &MarketParams,
	) -> Result<(Withdrawal, Trade<Alpha, Tao>), DispatchError> {
		let withdrawal = price_withdrawal::<T>(pool, held, amount)?;
		let alpha = Alpha(withdrawal.amount);
		let trade = market.pool.quote_sell(alpha, params).map_err(Error::<T>::from)?;
		let left = left_after(pool, held, &withdrawal).map_err(Error::<T>::from)?;
		if withdrawal.all || left_is_enough::<T>(market, &trade, left, params)? {
			return Ok((withdrawal, trade));
		}
		let whole = price_withdrawal::<T>(pool, held, Amount::All)?;
		let alpha = Alpha(whole.amount);
		let trade = market.pool.quote_sell(alpha, params).map_err(Error::<T>::from)?;
		Ok((whole, trade))
	}

	fn unstake_from_root(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
		amount: Amount,
		min_received: Tao,
		params: &MarketParams,
	) -> Result<(StakeQuote, bool), DispatchError> {
		let id = Self::hotkey_id(hotkey)?;
		let now = T::BlockNumberProvider::current_block_number();
		let mut totals = Root::<T>::get();
		let mut pool = Self::settled_root_pool(id, &mut totals, now)?;
		let held = Self::held(coldkey, NetUid::ROOT, id)?;

		let withdrawal = price_root_withdrawal::<T>(&pool, held, amount, params)?;
		let tao = Tao(withdrawal.amount);
		ensure!(!tao.is_zero(), Error::<T>::NothingReceived);
		ensure!(tao >= min_received, Error::<T>::SlippageExceeded);

		pool.stake.withdraw(withdrawal.amount, withdrawal.shares).map_err(Error::<T>::from)?;
		totals.staked = sound(totals.staked.checked_sub(tao)).map_err(Error::<T>::from)?;
		Root::<T>::put(totals);
		RootPools::<T>::insert(id, pool);
		Self::debit_shares(coldkey, NetUid::ROOT, id, held, withdrawal.shares)?;
		Self::pay(coldkey, tao)?;
		Ok((one_to_one(tao), withdrawal.all))
	}

	/// The market of a subnet that trades.
	pub(crate) fn trading(netuid: NetUid) -> Result<Market, DispatchError> {
		let market = Markets::<T>::get(netuid).ok_or_else(|| Self::no_market(netuid))?;
		ensure!(market.started_at.is_some(), Error::<T>::NotStarted);
		Ok(market)
	}

	/// The shares of a position that exists.
	fn held(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: HotkeyId,
	) -> Result<u128, DispatchError> {
		let held = Positions::<T>::get(coldkey, (netuid, hotkey));
		ensure!(held > 0, Error::<T>::NoPosition);
		Ok(held)
	}

	fn ensure_payment(
		coldkey: &T::AccountId,
		tao: Tao,
		params: &MarketParams,
	) -> Result<(), DispatchError> {
		ensure!(!tao.is_zero(), Error::<T>::ZeroAmount);
		ensure!(tao >= params.min_stake, Error::<T>::AmountTooSmall);
		Self::ensure_can_pay(coldkey, tao)
	}

	/// Store what a touch of a hotkey's pool has changed.
	pub(crate) fn store(netuid: NetUid, market: &Market, hotkey: HotkeyId, pool: &HotkeyPool) {
		Markets::<T>::insert(netuid, market);
		HotkeyPools::<T>::insert((netuid, hotkey), pool);
	}
}

fn price_withdrawal<T: Config>(
	pool: &HotkeyPool,
	held: u128,
	amount: Amount,
) -> Result<Withdrawal, DispatchError> {
	let (amount, shares) = pool.stake.price_withdrawal(held, amount).map_err(Error::<T>::from)?;
	Ok(Withdrawal { amount, shares, all: shares == held })
}

/// What a position is worth once `withdrawal` has been made, in base units of the pool.
fn left_after(
	pool: &HotkeyPool,
	held: u128,
	withdrawal: &Withdrawal,
) -> Result<u64, crate::types::MarketError> {
	let mut after = pool.stake;
	after.withdraw(withdrawal.amount, withdrawal.shares)?;
	after.value(sound(held.checked_sub(withdrawal.shares))?)
}

fn left_is_enough<T: Config>(
	market: &Market,
	trade: &Trade<Alpha, Tao>,
	left: u64,
	params: &MarketParams,
) -> Result<bool, DispatchError> {
	let mut after = market.pool;
	after.apply_sell(trade).map_err(Error::<T>::from)?;
	let worth = after.spot_value(left).map_err(Error::<T>::from)?;
	Ok(worth >= params.min_stake.get())
}

fn price_root_withdrawal<T: Config>(
	pool: &RootPool,
	held: u128,
	amount: Amount,
	params: &MarketParams,
) -> Result<Withdrawal, DispatchError> {
	let (asked, shares) = pool.stake.price_withdrawal(held, amount).map_err(Error::<T>::from)?;
	let worth = pool.stake.value(held).map_err(Error::<T>::from)?;
	let left = worth.checked_sub(asked).ok_or(Error::<T>::InsufficientStake)?;
	if shares != held && left >= params.min_stake.get() {
		return Ok(Withdrawal { amount: asked, shares, all: false });
	}
	Ok(Withdrawal { amount: worth, shares: held, all: true })
}

fn one_to_one(tao: Tao) -> StakeQuote {
	StakeQuote {
		amount_in: tao.get(),
		fee: 0,
		amount_out: tao.get(),
		price_before: FixedU128::one(),
		price_after: FixedU128::one(),
	}
}
