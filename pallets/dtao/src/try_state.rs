//! The specification of the pallet, executable: what holds before and after every call and block.

use crate::{
	redemption::RedemptionOf,
	types::{MarketError, Redemption, StakePool},
	Config, Dissolved, Emitting, Holders, HotkeyPools, MarketPages, Markets, OpenPositions, Pallet,
	PoolPages, Positions, Redemptions, Redirecting, RewardDestinations, Root, RootPages, RootPools,
	Scores,
};
use alloc::collections::BTreeMap;
use dtao_math::{reward, share_pool::VIRTUAL_SHARES, wide::mul_div, Rounding};
use dtao_primitives::{constants::MAX_SUPPLY, Alpha, HotkeyId, MarketParams, NetUid, Tao};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// What must hold of this pallet's state before and after every call and every block.
	///
	/// 1. **Backing.** The pot holds at least the TAO of all pools, of root, of the funds of dissolved
	///    subnets, and its existential deposit. Anyone may send it more.
	/// 2. **Liquidity.** Both reserves of a pool hold at least
	///    [`MarketParams::LEAST_RESERVE`], below which `min_reserve` cannot be set. A pool may hold
	///    less than a `min_reserve` that was raised since; no trade leaves less.
	/// 3. **Outstanding.** A subnet's outstanding ALPHA is exactly what hotkeys' pools hold and what
	///    its buckets owe. So is the ALPHA that a dissolved subnet has not paid for.
	/// 4. **Shares.** The shares of a pool are the sum of its positions' shares and of what it owes its
	///    hotkey's owner, which it does only beside a position; and its stake is what they are worth but
	///    for floor dust and the virtual shares' part.
	/// 5. **Cap.** No token's issuance exceeds its cap.
	/// 6. **Root.** The totals of root are the sums of its pools and drips.
	/// 7. **Holders.** Every position has its pool and its row in the index, and every row its
	///    position; each hotkey counts those on it. So do destinations and their index.
	/// 8. **Emitting.** The emitting subnets are exactly those that have started, in order.
	/// 9. **Parts.** What a validators' bucket has paid is what hotkeys were credited this epoch, and
	///    their parts are at most the whole.
	/// 10. **Dissolved.** A subnet that was dissolved has no market, and only such a one has a fund. No
	///     pool, no seat and no destination is of a subnet that has neither.
	/// 11. **Funds.** What a dissolved subnet had is what it has left, has paid and has recycled. What
	///     is left is enough for what is owed: at the rate there was at first, and for each claim as it
	///     is priced now; and is nothing once no ALPHA is.
	/// 12. **Pages.** No page is stored without a record or a pool; each record lies on the page of its
	///     netuid, each pool on that of its hotkey, in order, and each is whole.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_backing()?;
		Self::try_state_liquidity()?;
		Self::try_state_outstanding()?;
		Self::try_state_shares()?;
		Self::try_state_cap()?;
		Self::try_state_root()?;
		Self::try_state_holders()?;
		Self::try_state_emitting()?;
		Self::try_state_parts()?;
		Self::try_state_dissolved()?;
		Self::try_state_funds()?;
		Self::try_state_pages()
	}

	/// Invariant 1.
	fn try_state_backing() -> Result<(), TryRuntimeError> {
		ensure!(Self::audit_backing().holds, "1: the pot holds less than lies in it");
		Ok(())
	}

	/// Invariant 2.
	fn try_state_liquidity() -> Result<(), TryRuntimeError> {
		let least = MarketParams::LEAST_RESERVE;
		for market in Markets::<T>::iter_values() {
			let held = market.pool.tao.get().min(market.pool.alpha.get());
			ensure!(held >= least, "2: a reserve is below the least reserve");
		}
		Ok(())
	}

	/// Invariant 3.
	fn try_state_outstanding() -> Result<(), TryRuntimeError> {
		for (netuid, market) in Markets::<T>::iter() {
			let line = Self::audit_outstanding(netuid, &market);
			ensure!(line.holds, "3: outstanding ALPHA is not what pools and buckets hold");
		}
		for (netuid, redemption) in Redemptions::<T>::iter() {
			let line = Self::audit_outstanding(netuid, &redemption.market);
			ensure!(line.holds, "3: unpaid ALPHA is not what pools and buckets hold");
		}
		Ok(())
	}

	/// Invariant 4.
	fn try_state_shares() -> Result<(), TryRuntimeError> {
		for ((netuid, hotkey), pool) in HotkeyPools::<T>::iter() {
			Self::check_shares(netuid, hotkey, &pool.stake)?;
		}
		for (hotkey, pool) in RootPools::<T>::iter() {
			Self::check_shares(NetUid::ROOT, hotkey, &pool.stake)?;
		}
		Ok(())
	}

	fn check_shares(
		netuid: NetUid,
		hotkey: HotkeyId,
		pool: &StakePool,
	) -> Result<(), TryRuntimeError> {
		let (mut shares, mut worth, mut holders) = (0u128, 0u128, 0u128);
		let positions = Holders::<T>::iter_key_prefix((netuid, hotkey))
			.map(|coldkey| Positions::<T>::get(&coldkey, (netuid, hotkey)));
		for held in positions.chain([pool.owed]) {
			shares = shares.checked_add(held).ok_or("4: shares overflow")?;
			let value = pool.value(held).map_err(|_| "4: a position has no value")?;
			worth = worth.checked_add(value.into()).ok_or("4: values overflow")?;
			holders = holders.checked_add(1).ok_or("4: holders overflow")?;
		}
		ensure!(shares == pool.shares, "4: shares are not the sum of the positions' shares");
		Self::check_owed(pool)?;
		let over = u128::from(pool.amount).checked_sub(worth);
		let over = over.ok_or("4: positions are worth more than the pool holds")?;
		let virtual_part = virtual_part(pool).map_err(|_| "4: virtual shares overflow")?;
		let dust = holders.checked_add(virtual_part).ok_or("4: dust overflows")?;
		ensure!(over <= dust, "4: the pool holds more than dust beyond its positions");
		Ok(())
	}

	/// Of invariant 4: a pool owes shares only beside a position that it knows of. Whose that is it does
	/// not say: a swap of the owner's coldkey moves positions first, and hotkeys after them.
	fn check_owed(pool: &StakePool) -> Result<(), TryRuntimeError> {
		let known = pool.owed == 0 || pool.owner_holds;
		ensure!(known, "4: shares are owed where no position is known");
		let beside = !pool.owner_holds || pool.owed < pool.shares;
		ensure!(beside, "4: shares are owed where there is no position");
		Ok(())
	}

	/// Invariant 5.
	fn try_state_cap() -> Result<(), TryRuntimeError> {
		ensure!(Self::tao_issuance().get() <= MAX_SUPPLY, "5: TAO exceeds its cap");
		for market in Markets::<T>::iter_values() {
			let issuance = market.issuance().map_err(|_| "5: ALPHA overflows")?;
			ensure!(issuance.get() <= MAX_SUPPLY, "5: ALPHA exceeds its cap");
		}
		Ok(())
	}

	/// Invariant 6.
	fn try_state_root() -> Result<(), TryRuntimeError> {
		let totals = Root::<T>::get();
		let (mut staked, mut dripping) = (0u128, 0u128);
		for pool in RootPools::<T>::iter_values() {
			staked = staked.checked_add(pool.stake.amount.into()).ok_or("6: overflow")?;
			dripping = dripping.checked_add(pool.drip.left.get().into()).ok_or("6: overflow")?;
		}
		ensure!(staked == totals.staked.get().into(), "6: root's stake is not its pools'");
		ensure!(dripping == totals.dripping.get().into(), "6: root's drips are not its pools'");
		Ok(())
	}

	/// Invariant 7.
	fn try_state_holders() -> Result<(), TryRuntimeError> {
		for (coldkey, place, shares) in Positions::<T>::iter() {
			ensure!(shares > 0, "7: a position without shares");
			let (netuid, hotkey) = place;
			let row = (netuid, hotkey, coldkey);
			ensure!(Holders::<T>::contains_key(row), "7: a position is not indexed");
			let has_pool = match netuid.is_root() {
				true => RootPools::<T>::contains_key(hotkey),
				false => HotkeyPools::<T>::contains_key(place),
			};
			ensure!(has_pool, "7: a position has no pool");
		}
		for ((netuid, hotkey, coldkey), ()) in Holders::<T>::iter() {
			let place = (netuid, hotkey);
			ensure!(Positions::<T>::contains_key(coldkey, place), "7: a row without a position");
		}
		Self::check_open_positions()?;
		Self::check_destinations()
	}

	fn check_open_positions() -> Result<(), TryRuntimeError> {
		let mut open = BTreeMap::<HotkeyId, u32>::new();
		for (_, hotkey, _) in Holders::<T>::iter_keys() {
			let count = open.entry(hotkey).or_default();
			*count = count.checked_add(1).ok_or("7: positions overflow")?;
		}
		let counted: BTreeMap<_, _> = OpenPositions::<T>::iter().collect();
		ensure!(open == counted, "7: a hotkey counts the positions on it wrong");
		Ok(())
	}

	fn check_destinations() -> Result<(), TryRuntimeError> {
		for (coldkey, netuid, _) in RewardDestinations::<T>::iter() {
			let indexed = Redirecting::<T>::contains_key(netuid, coldkey);
			ensure!(indexed, "7: a destination is not indexed");
		}
		for (netuid, coldkey) in Redirecting::<T>::iter_keys() {
			let named = RewardDestinations::<T>::contains_key(coldkey, netuid);
			ensure!(named, "7: a row without a destination");
		}
		Ok(())
	}

	/// Invariant 8.
	fn try_state_emitting() -> Result<(), TryRuntimeError> {
		let mut started: alloc::vec::Vec<NetUid> = Markets::<T>::iter()
			.filter(|(_, market)| market.started_at.is_some())
			.map(|(netuid, _)| netuid)
			.collect();
		started.sort();
		ensure!(
			started == Emitting::<T>::get().into_inner(),
			"8: the emitting subnets are not those that have started"
		);
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	/// Invariant 9.
	fn try_state_parts() -> Result<(), TryRuntimeError> {
		let mut sums: BTreeMap<NetUid, (u64, u64)> = BTreeMap::new();
		for ((netuid, _), pool) in HotkeyPools::<T>::iter() {
			let epoch = Self::settling_market(netuid).ok().map(|market| market.epoch.index);
			if epoch == Some(pool.epoch) {
				let (credited, parts) = sums.entry(netuid).or_default();
				*credited = credited.checked_add(pool.credited).ok_or("9: credits overflow")?;
				*parts = parts.checked_add(pool.weight.into()).ok_or("9: parts overflow")?;
			}
		}
		let frozen =
			Redemptions::<T>::iter().map(|(netuid, redemption)| (netuid, redemption.market));
		for (netuid, market) in Markets::<T>::iter().chain(frozen) {
			let (credited, parts) = sums.get(&netuid).copied().unwrap_or_default();
			ensure!(parts <= reward::WHOLE.into(), "9: the parts exceed the whole");
			ensure!(
				credited == market.buckets.settled.get(),
				"9: what the bucket has paid is not what hotkeys were credited"
			);
		}
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	/// Invariant 10.
	fn try_state_dissolved() -> Result<(), TryRuntimeError> {
		for netuid in Dissolved::<T>::iter_keys() {
			let trades = Markets::<T>::contains_key(netuid);
			ensure!(!trades, "10: a dissolved subnet has a market");
		}
		for netuid in Redemptions::<T>::iter_keys() {
			let dissolved = Dissolved::<T>::contains_key(netuid);
			ensure!(dissolved, "10: a subnet that was not dissolved has a fund");
		}
		let exists = |netuid| Self::settling_market(netuid).is_ok();
		let mut of_pools = HotkeyPools::<T>::iter_keys().map(|(netuid, _)| netuid);
		ensure!(of_pools.all(exists), "10: a pool of no subnet");
		ensure!(Scores::<T>::iter_keys().all(exists), "10: seats of no subnet");
		let mut named = Redirecting::<T>::iter_keys().map(|(netuid, _)| netuid);
		ensure!(named.all(exists), "10: a destination of no subnet");
		Ok(())
	}

	/// Invariant 11.
	fn try_state_funds() -> Result<(), TryRuntimeError> {
		for (netuid, redemption) in Redemptions::<T>::iter() {
			let Redemption { fund, root, fund_left, paid, recycled, market, .. } = &redemption;
			let sum = |all: &[Tao]| all.iter().map(|tao| u128::from(tao.get())).sum::<u128>();
			ensure!(
				sum(&[*fund, *root]) == sum(&[*fund_left, market.root_tao, *paid, *recycled]),
				"11: what was there is not what is left, paid and recycled"
			);
			let line = Self::audit_redemption(netuid, &redemption);
			ensure!(line.holds, "11: the fund is less than its first rate asks");
			let owed = Self::owed(netuid, &redemption).map_err(|_| "11: a claim has no worth")?;
			ensure!(owed <= sum(&[*fund_left]), "11: the fund is less than the claims");
			let is_last = redemption.alpha_left().is_zero();
			ensure!(!is_last || fund_left.is_zero(), "11: a fund that nobody has a claim to");
		}
		Ok(())
	}

	/// Invariant 12.
	fn try_state_pages() -> Result<(), TryRuntimeError> {
		for number in MarketPages::<T>::iter_keys() {
			let page = MarketPages::<T>::try_get(number);
			ensure!(page.is_ok_and(|page| page.is_sound(number)), "12: a page is not sound");
		}
		for (netuid, number) in PoolPages::<T>::iter_keys() {
			let page = PoolPages::<T>::try_get(netuid, number);
			ensure!(page.is_ok_and(|page| page.is_sound(number)), "12: a page is not sound");
		}
		for number in RootPages::<T>::iter_keys() {
			let page = RootPages::<T>::try_get(number);
			ensure!(page.is_ok_and(|page| page.is_sound(number)), "12: a page is not sound");
		}
		Ok(())
	}

	/// Σ of what each position and the buckets would be paid if it were their turn, in rao.
	fn owed(netuid: NetUid, redemption: &RedemptionOf<T>) -> Result<u128, MarketError> {
		let buckets = redemption.worth(redemption.market.buckets.unpaid()?)?;
		let mut owed = u128::from(buckets.get());
		let positions = Holders::<T>::iter_key_prefix((netuid,)).map(|(hotkey, coldkey)| {
			let stake = HotkeyPools::<T>::get((netuid, hotkey)).stake;
			(stake, Positions::<T>::get(coldkey, (netuid, hotkey)))
		});
		let pools = HotkeyPools::<T>::hotkeys_of(netuid)
			.map(|hotkey| HotkeyPools::<T>::get((netuid, hotkey)).stake)
			.map(|stake| (stake, stake.owed));
		for (stake, shares) in positions.chain(pools) {
			let tao = redemption.worth(Alpha(stake.value(shares)?))?;
			owed = owed.checked_add(tao.get().into()).ok_or(MarketError::Arithmetic)?;
		}
		Ok(owed)
	}
}

/// What the virtual shares may keep of a pool: ⌈(A+1)·V/(S+V)⌉.
fn virtual_part(pool: &StakePool) -> Result<u128, MarketError> {
	let whole = u128::from(pool.amount).checked_add(1).ok_or(MarketError::Arithmetic)?;
	let shares = pool.shares.checked_add(VIRTUAL_SHARES).ok_or(MarketError::Arithmetic)?;
	Ok(mul_div(whole, VIRTUAL_SHARES, shares, Rounding::Up)?)
}
