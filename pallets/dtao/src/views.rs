//! What clients read: the runtime API's answers. Quotes run the very code that dispatch runs, in a
//! storage layer that is rolled back.

use crate::{
	redemption::RedemptionOf,
	types::{sound, Market, MarketError, Place, Redemption, Share, StakePool},
	Config, Emitting, Error, HotkeyPools, Markets, Pallet, Positions, Redemptions, Root, RootPools,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use dtao_math::{wide::mul_div_u64, Rounding};
use dtao_primitives::{
	constants::MAX_SUPPLY,
	traits::SubnetRegistry,
	views::{
		AuditLine, BlockEmission, Invariant, MoveQuote, PositionView, StakeQuote, SubnetState,
		SubnetView, SupplyView,
	},
	Alpha, Amount, Fill, HotkeyId, MarketParams, NetUid, Tao,
};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::Get,
};
use sp_runtime::{
	traits::{BlockNumberProvider, One},
	DispatchError, FixedPointNumber, FixedU128,
};

impl<T: Config> Pallet<T> {
	/// All subnets, root first, in ascending order. Those that were dissolved are among them as long
	/// as they owe anybody anything.
	pub fn subnets() -> Vec<SubnetView<T::AccountId>> {
		let emissions = Self::next_emissions();
		let mut views = vec![Self::root_view()];
		views.extend(
			Markets::<T>::iter()
				.map(|(netuid, market)| Self::subnet_view(netuid, &market, &emissions)),
		);
		let dissolved = Redemptions::<T>::iter();
		views.extend(dissolved.map(|(netuid, left)| Self::dissolved_view(netuid, &left)));
		views.sort_by_key(|view| view.netuid);
		views
	}

	/// One subnet; none if there is no such.
	pub fn subnet(netuid: NetUid) -> Option<SubnetView<T::AccountId>> {
		if netuid.is_root() {
			return Some(Self::root_view());
		}
		if let Some(redemption) = Redemptions::<T>::get(netuid) {
			return Some(Self::dissolved_view(netuid, &redemption));
		}
		let market = Markets::<T>::get(netuid)?;
		Some(Self::subnet_view(netuid, &market, &Self::next_emissions()))
	}

	/// What the next block gives to each emitting subnet, and its share of all: the block step, run on
	/// copies.
	pub(crate) fn next_emissions() -> Vec<(NetUid, BlockEmission, FixedU128)> {
		let params = T::Params::get();
		let now = T::BlockNumberProvider::current_block_number().saturating_add(1);
		let markets = Self::markets_of(&Emitting::<T>::get(), &params).unwrap_or_default();
		let step = |(netuid, mut market, share): (NetUid, Market, Share)| {
			let part = FixedU128::checked_from_rational(share.numerator, share.denominator)?;
			Some((netuid, market.step(&share, &params, now).ok()?.emission, part))
		};
		markets.into_iter().filter_map(step).collect()
	}

	fn subnet_view(
		netuid: NetUid,
		market: &Market,
		emissions: &[(NetUid, BlockEmission, FixedU128)],
	) -> SubnetView<T::AccountId> {
		let params = T::Params::get();
		let next = emissions.iter().find(|(emitting, _, _)| *emitting == netuid);
		let (emission, emission_share) =
			next.map(|(_, emission, share)| (*emission, *share)).unwrap_or_default();
		SubnetView {
			netuid,
			name: T::Registry::name(netuid),
			owner: T::Registry::owner(netuid).map(|owner| owner.coldkey),
			state: match market.started_at {
				Some(_) => SubnetState::Started,
				None => SubnetState::Registered,
			},
			price: market.pool.price(),
			price_ema: market.ema(),
			tao: market.pool.tao,
			alpha: market.pool.alpha,
			outstanding: market.outstanding,
			// A sound state has an issuance; an unsound one shows in `audit`.
			issuance: market.issuance().unwrap_or_default(),
			max_buy: market.pool.max_buy(&params),
			max_sell: market.pool.max_sell(&params),
			emission,
			tempo: T::Registry::tempo(netuid),
			next_epoch: market.epoch.closes_at,
			emission_share,
		}
	}

	fn root_view() -> SubnetView<T::AccountId> {
		SubnetView {
			netuid: NetUid::ROOT,
			name: Default::default(),
			owner: None,
			state: SubnetState::Started,
			price: FixedU128::one(),
			price_ema: FixedU128::one(),
			tao: Root::<T>::get().staked,
			alpha: Alpha::ZERO,
			outstanding: Alpha::ZERO,
			issuance: Alpha::ZERO,
			max_buy: Tao(u64::MAX),
			max_sell: Alpha(u64::MAX),
			emission: BlockEmission::default(),
			tempo: 0,
			next_epoch: 0,
			emission_share: FixedU128::default(),
		}
	}

	/// A wallet: all positions of `coldkey`, by subnet and then by hotkey's number, with the
	/// rewards of every block up to this one.
	pub fn positions(coldkey: &T::AccountId) -> Vec<PositionView<T::AccountId>> {
		let mut places: Vec<_> = Positions::<T>::iter_key_prefix(coldkey).collect();
		places.sort();
		places
			.into_iter()
			.filter_map(|(netuid, hotkey)| Self::position(coldkey, netuid, hotkey))
			.collect()
	}

	fn position(
		coldkey: &T::AccountId,
		netuid: NetUid,
		id: HotkeyId,
	) -> Option<PositionView<T::AccountId>> {
		if Redemptions::<T>::contains_key(netuid) {
			return Self::dissolved_position(coldkey, netuid, id);
		}
		let hotkey = T::Registry::hotkey(id)?.account;
		let alpha = rolled_back(|| Self::settled_value(coldkey, netuid, id)).ok()?;
		let exit = Self::quote_remove_stake(coldkey, netuid, &hotkey, Amount::All).ok();
		let tao_value = match netuid.is_root() {
			true => alpha,
			false => Markets::<T>::get(netuid)?.pool.spot_value(alpha).ok()?,
		};
		Some(PositionView {
			netuid,
			hotkey,
			alpha,
			tao_value: Tao(tao_value),
			exit: exit.map(|quote| Tao(quote.amount_out)),
			accrued: Self::accrued(coldkey, netuid, id, alpha)?,
		})
	}

	/// The part of a position's worth `alpha` that no call has settled yet.
	pub(crate) fn accrued(
		coldkey: &T::AccountId,
		netuid: NetUid,
		id: HotkeyId,
		alpha: u64,
	) -> Option<u64> {
		let stake = match netuid.is_root() {
			true => RootPools::<T>::get(id).stake,
			false => HotkeyPools::<T>::get((netuid, id)).stake,
		};
		let settled = stake.value(Self::shares_of(coldkey, netuid, id)).ok()?;
		// Settling makes no position poorer.
		alpha.max(settled).checked_sub(settled)
	}

	/// What a position is worth once its hotkey's rewards are settled. Writes: roll it back.
	pub(crate) fn settled_value(
		coldkey: &T::AccountId,
		netuid: NetUid,
		id: HotkeyId,
	) -> Result<u64, DispatchError> {
		let now = T::BlockNumberProvider::current_block_number();
		let stake: StakePool = if netuid.is_root() {
			let hotkey = Self::hotkey_of(id)?.account;
			Self::settled_root_pool(id, &hotkey, &mut Root::<T>::get(), now)?.stake
		} else {
			let mut market = Self::settling_market(netuid)?;
			Self::settled_pool(netuid, id, &mut market, now)?.stake
		};
		// The settlement may have added the caller's own take to the position.
		let shares = Positions::<T>::get(coldkey, (netuid, id));
		Ok(stake.value(shares).map_err(Error::<T>::from)?)
	}

	/// What `add_stake` would do for `coldkey` now, or the error with which it would refuse.
	///
	/// # Errors
	///
	/// Those of [`Pallet::add_stake`].
	pub fn quote_add_stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		tao: Tao,
	) -> Result<StakeQuote, DispatchError> {
		rolled_back(|| Self::do_add_stake(coldkey, netuid, hotkey, tao, 0))
	}

	/// What `remove_stake` would do for `coldkey` now, or the error with which it would refuse.
	///
	/// # Errors
	///
	/// Those of [`Pallet::remove_stake`].
	pub fn quote_remove_stake(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
	) -> Result<StakeQuote, DispatchError> {
		rolled_back(|| Self::do_remove_stake(coldkey, netuid, hotkey, amount, Tao::ZERO))
	}

	/// What `add_stake_limit` would do for `coldkey` now, or the error with which it would refuse.
	///
	/// # Errors
	///
	/// Those of [`Pallet::add_stake_limit`].
	pub fn quote_add_stake_limit(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		tao: Tao,
		limit_price: FixedU128,
		fill: Fill,
	) -> Result<StakeQuote, DispatchError> {
		rolled_back(|| Self::do_add_stake_limit(coldkey, netuid, hotkey, tao, limit_price, fill))
	}

	/// What `remove_stake_limit` would do for `coldkey` now, or the error with which it would refuse.
	///
	/// # Errors
	///
	/// Those of [`Pallet::remove_stake_limit`].
	pub fn quote_remove_stake_limit(
		coldkey: &T::AccountId,
		netuid: NetUid,
		hotkey: &T::AccountId,
		amount: Amount,
		limit_price: FixedU128,
		fill: Fill,
	) -> Result<StakeQuote, DispatchError> {
		rolled_back(|| {
			Self::do_remove_stake_limit(coldkey, netuid, hotkey, amount, limit_price, fill)
		})
	}

	/// What `move_stake` would do for `coldkey` now, or the error with which it would refuse.
	///
	/// # Errors
	///
	/// Those of [`Pallet::move_stake`].
	pub fn quote_move_stake(
		coldkey: &T::AccountId,
		from_netuid: NetUid,
		from_hotkey: &T::AccountId,
		to_netuid: NetUid,
		to_hotkey: &T::AccountId,
		amount: Amount,
	) -> Result<MoveQuote, DispatchError> {
		let from = Place { netuid: from_netuid, hotkey: from_hotkey.clone() };
		let to = Place { netuid: to_netuid, hotkey: to_hotkey.clone() };
		rolled_back(|| Self::do_move_stake(coldkey, &from, &to, amount, 0))
	}

	/// TAO and where it is.
	pub fn supply() -> SupplyView {
		let pools = Markets::<T>::iter_values()
			.try_fold(Tao::ZERO, |sum, market| sum.checked_add(market.pool.tao));
		let root = Root::<T>::get();
		let redemption = Self::redemption_totals().ok();
		let root = Markets::<T>::iter_values()
			.try_fold(root.staked, |sum, market| sum.checked_add(market.root_waiting().ok()?))
			.and_then(|sum| sum.checked_add(root.dripping))
			.and_then(|sum| sum.checked_add(redemption?.1));
		SupplyView {
			issuance: Self::tao_issuance(),
			cap: Tao(MAX_SUPPLY),
			block_emission: Self::next_block_emission(),
			// The sums are below the issuance; where they are not, `audit` shows it.
			pools: pools.unwrap_or(Tao(u64::MAX)),
			root: root.unwrap_or(Tao(u64::MAX)),
			redemption: redemption.map_or(Tao(u64::MAX), |(funds, _)| funds),
		}
	}

	/// The two sides of each invariant of money, for anyone to check. Walks all pools: off chain
	/// only.
	pub fn audit() -> Vec<AuditLine> {
		let mut lines = vec![Self::audit_backing(), Self::audit_root()];
		lines.push(line(
			Invariant::Cap,
			None,
			MAX_SUPPLY.into(),
			Self::tao_issuance().get().into(),
		));
		let min_reserve = MarketParams::LEAST_RESERVE.into();
		for (netuid, market) in Markets::<T>::iter() {
			let reserve = market.pool.tao.get().min(market.pool.alpha.get());
			lines.push(line(Invariant::Liquidity, Some(netuid), reserve.into(), min_reserve));
			lines.push(Self::audit_outstanding(netuid, &market));
			let issuance = market.issuance().map_or(u128::MAX, |alpha| alpha.get().into());
			lines.push(line(Invariant::Cap, Some(netuid), MAX_SUPPLY.into(), issuance));
		}
		for (netuid, redemption) in Redemptions::<T>::iter() {
			lines.push(Self::audit_outstanding(netuid, &redemption.market));
			lines.push(Self::audit_redemption(netuid, &redemption));
		}
		lines.extend(Self::audit_shares());
		lines
	}

	/// What the pools of each subnet hold against what their positions are worth.
	fn audit_shares() -> impl Iterator<Item = AuditLine> {
		let mut sums: BTreeMap<NetUid, (u128, u128)> = BTreeMap::new();
		let on_root = RootPools::<T>::iter_values().map(|pool| (NetUid::ROOT, pool.stake));
		let pools = HotkeyPools::<T>::iter().map(|((netuid, _), pool)| (netuid, pool.stake));
		for (netuid, stake) in pools.chain(on_root) {
			let (held, owed) = sums.entry(netuid).or_default();
			add(held, Ok(stake.amount));
			add(owed, stake.value(stake.owed));
		}
		for (_, (netuid, hotkey), shares) in Positions::<T>::iter() {
			let pool = match netuid.is_root() {
				true => RootPools::<T>::get(hotkey).stake,
				false => HotkeyPools::<T>::get((netuid, hotkey)).stake,
			};
			add(&mut sums.entry(netuid).or_default().1, pool.value(shares));
		}
		sums.into_iter()
			.map(|(netuid, (held, owed))| line(Invariant::Shares, Some(netuid), held, owed))
	}

	/// The pot against all that lies in it; more is a donation.
	pub(crate) fn audit_backing() -> AuditLine {
		let totals = Root::<T>::get();
		let (funds, waiting) = Self::redemption_totals().ok().unzip();
		let fixed = [totals.staked, totals.dripping, Self::existential_deposit()];
		let in_markets = Markets::<T>::iter_values()
			.flat_map(|market| [Some(market.pool.tao), market.root_waiting().ok()])
			.chain(fixed.map(Some))
			.chain([funds, waiting])
			.try_fold(0u128, |sum, tao| sum.checked_add(tao?.get().into()));
		line(
			Invariant::Backing,
			None,
			Self::pot_balance().get().into(),
			in_markets.unwrap_or(u128::MAX),
		)
	}

	fn audit_root() -> AuditLine {
		let totals = Root::<T>::get();
		let held = RootPools::<T>::iter_values()
			.try_fold(0u128, |sum, pool| {
				sum.checked_add(pool.stake.amount.into())?.checked_add(pool.drip.left.get().into())
			})
			.unwrap_or(u128::MAX);
		let owed = u128::from(totals.staked.get()).checked_add(totals.dripping.get().into());
		exact_line(Invariant::Root, None, held, owed.unwrap_or(u128::MAX))
	}

	/// What is left of a dissolved subnet's fund against what its rate at first asks for the ALPHA
	/// that is left, floored: no payment makes those that follow poorer.
	pub(crate) fn audit_redemption(netuid: NetUid, redemption: &RedemptionOf<T>) -> AuditLine {
		let Redemption { fund, outstanding, fund_left, .. } = redemption;
		let left = redemption.alpha_left();
		let owed = match outstanding.is_zero() {
			true => Ok(0),
			false => mul_div_u64(fund.get(), left.get(), outstanding.get(), Rounding::Down),
		};
		let owed = owed.map_or(u128::MAX, u128::from);
		line(Invariant::Redemption, Some(netuid), fund_left.get().into(), owed)
	}

	/// A subnet's outstanding ALPHA against hotkeys' pools and unpaid buckets.
	pub(crate) fn audit_outstanding(netuid: NetUid, market: &Market) -> AuditLine {
		let pools = HotkeyPools::<T>::iter()
			.filter(|((of, _), _)| *of == netuid)
			.try_fold(0u128, |sum, (_, pool)| sum.checked_add(pool.stake.amount.into()));
		let held: Result<u128, MarketError> = sound(pools)
			.and_then(|pools| sound(pools.checked_add(market.buckets.unpaid()?.get().into())));
		exact_line(
			Invariant::Outstanding,
			Some(netuid),
			held.unwrap_or(u128::MAX),
			market.outstanding.get().into(),
		)
	}
}

/// Add to a sum that no sound state lets overflow; an unsound one shows as the largest number.
fn add(sum: &mut u128, amount: Result<u64, MarketError>) {
	*sum = amount.ok().and_then(|amount| sum.checked_add(amount.into())).unwrap_or(u128::MAX);
}

fn line(invariant: Invariant, netuid: Option<NetUid>, held: u128, owed: u128) -> AuditLine {
	AuditLine { invariant, netuid, held, owed, holds: held >= owed }
}

fn exact_line(invariant: Invariant, netuid: Option<NetUid>, held: u128, owed: u128) -> AuditLine {
	AuditLine { holds: held == owed, ..line(invariant, netuid, held, owed) }
}

/// Run `f`, and undo whatever it wrote.
pub(crate) fn rolled_back<R>(
	f: impl FnOnce() -> Result<R, DispatchError>,
) -> Result<R, DispatchError> {
	let mut result = Err(DispatchError::Other("not run"));
	let undone = with_transaction(|| {
		result = f();
		TransactionOutcome::Rollback(Ok::<(), DispatchError>(()))
	});
	undone.and(result)
}
