//! Dissolved subnets: the market is closed at once, and everybody is paid out of its fund, one by
//! one, whoever asks for it.

use crate::{
	open_pools::OpenPools,
	types::{sound, Market, Redemption},
	Config, Dissolved, Emitting, Error, Event, HotkeyPools, Markets, Pallet, Positions,
	Redemptions, Root, RootPools, Scores,
};
use dtao_primitives::{traits::SubnetRegistry, Alpha, HotkeyId, NetUid, Tao};
use frame_support::ensure;
use sp_runtime::{traits::BlockNumberProvider, DispatchError, DispatchResult};

pub(crate) type RedemptionOf<T> = Redemption<<T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
	/// Close the market of `netuid` and freeze what it owes. The owner is paid what it has earned, as
	/// by an epoch's close; no other holder and no seat is touched.
	pub(crate) fn dissolve(netuid: NetUid) -> DispatchResult {
		let mut market = Markets::<T>::take(netuid).ok_or_else(|| Self::no_market(netuid))?;
		Emitting::<T>::mutate(|subnets| subnets.retain(|emitting| *emitting != netuid));
		Self::pay_last_cut(netuid, &mut market);
		let tempo = T::Registry::tempo(netuid);
		let (redemption, recycled) = Redemption::open(market, tempo).map_err(Error::<T>::from)?;
		Self::recycle_some(recycled)?;
		let Redemption { fund, outstanding, .. } = redemption;
		Redemptions::<T>::insert(netuid, redemption);
		Dissolved::<T>::insert(netuid, ());
		Self::deposit_event(Event::MarketDissolved { netuid, fund, recycled, outstanding });
		Ok(())
	}

	/// Deposit the owner's bucket, so that it is a position, which goes wherever its coldkey's others
	/// go. What cannot be deposited stays in the bucket: nobody waits for it, and it is recycled with
	/// what nobody had earned. Nothing that a sound state leads to.
	fn pay_last_cut(netuid: NetUid, market: &mut Market) {
		let now = T::BlockNumberProvider::current_block_number();
		let mut after = *market;
		let pay = || {
			let mut pools = OpenPools::of(netuid);
			Self::pay_owner(netuid, &mut after, &mut pools, now)?;
			pools.store();
			Ok(())
		};
		if Self::step(netuid, pay) {
			*market = after;
		}
	}

	/// What [`Pallet::redeem`] says. Returns what was paid.
	pub(crate) fn do_redeem(
		netuid: NetUid,
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
	) -> Result<Tao, DispatchError> {
		let redemption = Self::redemption(netuid)?;
		let id = Self::hotkey_id(hotkey)?;
		Self::redeem_position(netuid, redemption, coldkey, id)
	}

	/// Pay out all of a position of a dissolved subnet, its hotkey's rewards settled before, as any
	/// touch does. Returns what was paid.
	pub(crate) fn redeem_position(
		netuid: NetUid,
		mut redemption: RedemptionOf<T>,
		coldkey: &T::AccountId,
		id: HotkeyId,
	) -> Result<Tao, DispatchError> {
		let now = T::BlockNumberProvider::current_block_number();
		let mut pool = Self::settled_pool(netuid, id, &mut redemption.market, now)?;
		// The settlement may have added the caller's own take to the position.
		let held = Positions::<T>::get(coldkey, (netuid, id));
		ensure!(held > 0, Error::<T>::NoPosition);
		let alpha = pool.stake.value(held).map_err(Error::<T>::from)?;
		pool.stake.withdraw(alpha, held).map_err(Error::<T>::from)?;
		let alpha = Alpha(alpha);
		let tao = redemption.pay(alpha).map_err(Error::<T>::from)?;
		HotkeyPools::<T>::insert((netuid, id), pool);
		Redemptions::<T>::insert(netuid, redemption);

		// Paid before the position closes: it may be what its account exists by.
		let hotkey = Self::hotkey_of(id)?.account;
		let as_root_stake = Self::pay_or_stake(coldkey, id, &hotkey, tao, now)?;
		Self::debit_shares(coldkey, netuid, id, held, held)?;
		Self::deposit_event(Event::Redeemed {
			netuid,
			coldkey: coldkey.clone(),
			hotkey,
			alpha,
			tao,
			as_root_stake,
		});
		Ok(tao)
	}

	/// Pay `tao` to `coldkey`; if its account cannot hold it, stake it on root for it, on the hotkey
	/// that it had staked on. Returns whether it was staked.
	fn pay_or_stake(
		coldkey: &T::AccountId,
		id: HotkeyId,
		hotkey: &T::AccountId,
		tao: Tao,
		now: u32,
	) -> Result<bool, DispatchError> {
		if tao.is_zero() {
			return Ok(false);
		}
		if Self::can_receive(coldkey, tao) {
			Self::pay(coldkey, tao)?;
			return Ok(false);
		}
		let mut totals = Root::<T>::get();
		let mut pool = Self::settled_root_pool(id, hotkey, &mut totals, now)?;
		let shares = pool.stake.deposit(tao.get()).map_err(Error::<T>::from)?;
		totals.staked = sound(totals.staked.checked_add(tao)).map_err(Error::<T>::from)?;
		Root::<T>::put(totals);
		RootPools::<T>::insert(id, pool);
		Self::credit_shares(coldkey, NetUid::ROOT, id, shares)?;
		Ok(true)
	}

	/// Pay the last seat of a dissolved subnet all that it had earned, as the close of an epoch
	/// does, and take the seat away.
	pub(crate) fn redeem_seat(netuid: NetUid) -> DispatchResult {
		let mut redemption = Self::redemption(netuid)?;
		let Some(score) = Scores::<T>::mutate(netuid, |scores| scores.pop()) else {
			return Ok(());
		};
		redemption.redeem_for_root().map_err(Error::<T>::from)?;
		let now = T::BlockNumberProvider::current_block_number();
		let tempo = redemption.tempo;
		Self::pay_leaving_seat(netuid, &mut redemption.market, &score, now, tempo)?;
		Redemptions::<T>::insert(netuid, redemption);
		Ok(())
	}

	/// Once every seat was paid: recycle what is left in the buckets. Nobody had earned it.
	pub(crate) fn close_buckets(netuid: NetUid) -> DispatchResult {
		let mut redemption = Self::redemption(netuid)?;
		redemption.redeem_for_root().map_err(Error::<T>::from)?;
		let recycled = redemption.close_buckets().map_err(Error::<T>::from)?;
		Self::recycle_some(recycled)?;
		Redemptions::<T>::insert(netuid, redemption);
		Ok(())
	}

	/// Remove a hotkey's pool that nobody has shares of. What its positions were floored by is
	/// recycled.
	pub(crate) fn drop_pool(netuid: NetUid, id: HotkeyId) -> DispatchResult {
		let mut redemption = Self::redemption(netuid)?;
		let stake = HotkeyPools::<T>::take((netuid, id)).stake;
		ensure!(stake.shares == 0, Error::<T>::Arithmetic);
		let recycled = redemption.recycle(Alpha(stake.amount)).map_err(Error::<T>::from)?;
		Self::recycle_some(recycled)?;
		Redemptions::<T>::insert(netuid, redemption);
		Ok(())
	}

	/// Forget a dissolved subnet of which nothing is left.
	pub(crate) fn close_redemption(netuid: NetUid) -> DispatchResult {
		let mut redemption = Self::redemption(netuid)?;
		let left = redemption.close().map_err(Error::<T>::from)?;
		Self::recycle_some(left)?;
		Redemptions::<T>::remove(netuid);
		Scores::<T>::remove(netuid);
		Self::deposit_event(Event::RedemptionClosed { netuid, recycled: redemption.recycled });
		Ok(())
	}

	fn recycle_some(tao: Tao) -> DispatchResult {
		match tao.is_zero() {
			true => Ok(()),
			false => Self::recycle_from_pot(tao),
		}
	}

	/// The record of a dissolved subnet, or why there is none.
	pub(crate) fn redemption(netuid: NetUid) -> Result<RedemptionOf<T>, Error<T>> {
		Redemptions::<T>::get(netuid).ok_or_else(|| {
			if netuid.is_root() || Markets::<T>::contains_key(netuid) {
				Error::<T>::NotDissolved
			} else if Dissolved::<T>::contains_key(netuid) {
				Error::<T>::NoPosition
			} else {
				Error::<T>::UnknownSubnet
			}
		})
	}

	/// Why `netuid` has no market.
	pub(crate) fn no_market(netuid: NetUid) -> Error<T> {
		match Dissolved::<T>::contains_key(netuid) {
			true => Error::<T>::SubnetDissolved,
			false => Error::<T>::UnknownSubnet,
		}
	}

	/// The market that settles the rewards of `netuid`: that which trades, or the frozen one.
	pub(crate) fn settling_market(netuid: NetUid) -> Result<Market, Error<T>> {
		Markets::<T>::get(netuid)
			.or_else(|| Redemptions::<T>::get(netuid).map(|redemption| redemption.market))
			.ok_or_else(|| Self::no_market(netuid))
	}
}
