//! The calls on stake, one file a kind. Each reads, checks, prices, settles, stores and emits.
//!
//! All of them work on a [`Book`], which is a subnet's or root's: the rules are the same for both.

mod add;
mod destination;
mod destroy;
mod move_stake;
mod remove;
mod transfer;

use crate::{
	types::{Book, Market, MarketError, Withdrawal},
	Config, Error, Markets, Pallet, Positions,
};
use dtao_primitives::{Amount, Fill, HotkeyId, MarketParams, NetUid};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult, FixedU128};

/// On what terms a caller trades.
#[derive(Clone, Copy)]
enum Terms {
	/// All that was asked, for at least so much, net of the fee.
	AtLeast(u64),
	/// Up to a price, compared with that after the trade, the fee retained in the pool.
	Limit { price: FixedU128, fill: Fill },
}

impl Terms {
	/// How much of `asked` is traded, where at most `most(limit)` keeps a limit.
	fn filled<T>(
		self,
		asked: u64,
		most: impl FnOnce(FixedU128) -> Result<u64, MarketError>,
	) -> Result<u64, Error<T>> {
		let Self::Limit { price, fill } = self else { return Ok(asked) };
		let most = most(price)?;
		match fill {
			_ if asked <= most => Ok(asked),
			Fill::FillOrKill => Err(Error::LimitNotMet),
			Fill::Partial if most == 0 => Err(Error::NothingFilled),
			Fill::Partial => Ok(most),
		}
	}

	/// Check what is credited against the caller's bound.
	fn ensure_received<T>(self, received: u64) -> Result<(), Error<T>> {
		match self {
			Self::AtLeast(least) => ensure_at_least(received, least),
			Self::Limit { .. } => Ok(()),
		}
	}
}

impl<T: Config> Pallet<T> {
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

	/// Run `call` while `who` has one reference more than it has positions: else the account, and
	/// its nonce with it, would end where its last position closes before it is paid for it.
	fn kept_alive<R>(
		who: &T::AccountId,
		call: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		frame_system::Pallet::<T>::inc_sufficients(who);
		let result = call();
		frame_system::Pallet::<T>::dec_sufficients(who);
		result
	}
}

/// Refuse an exact amount of nothing.
fn ensure_some<T: Config>(amount: Amount) -> DispatchResult {
	ensure!(amount != Amount::Exact(0), Error::<T>::ZeroAmount);
	Ok(())
}

fn ensure_at_least<T>(received: u64, least: u64) -> Result<(), Error<T>> {
	ensure!(received >= least, Error::SlippageExceeded);
	Ok(())
}

/// Whether nothing is left of a position, or at least the least stake, in `after`: the book as the
/// withdrawal leaves it.
fn leaves_enough(
	after: &Book,
	withdrawal: &Withdrawal,
	params: &MarketParams,
) -> Result<bool, MarketError> {
	let left = after.stake().value(withdrawal.left)?;
	Ok(withdrawal.is_all() || after.is_worth(left, params.min_stake))
}

/// Refuse a remainder that is too small.
fn ensure_leaves_enough<T>(
	after: &Book,
	withdrawal: &Withdrawal,
	params: &MarketParams,
) -> Result<(), Error<T>> {
	ensure!(leaves_enough(after, withdrawal, params)?, Error::RemainderTooSmall);
	Ok(())
}

/// Refuse what arrives if it is too small, unless it is all that there was: a small position must
/// be able to leave.
fn ensure_arrives_enough<T>(
	target: &Book,
	amount: u64,
	whole: bool,
	params: &MarketParams,
) -> Result<(), Error<T>> {
	ensure!(whole || target.is_worth(amount, params.min_stake), Error::AmountTooSmall);
	Ok(())
}
