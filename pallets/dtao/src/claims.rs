//! What clients read of dissolved subnets.

use crate::{
	redemption::RedemptionOf,
	types::{sound, MarketError},
	views::rolled_back,
	Config, Pallet, Positions, Redemptions,
};
use alloc::vec::Vec;
use dtao_primitives::{
	traits::SubnetRegistry,
	views::{BlockEmission, ClaimView, PositionView, SubnetState, SubnetView},
	Alpha, HotkeyId, NetUid, Tao,
};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// What [`Pallet::redeem`] would pay for each position of `coldkey` in a dissolved subnet, by
	/// subnet and then by hotkey's number.
	pub fn claimable(coldkey: &T::AccountId) -> Vec<ClaimView<T::AccountId>> {
		let mut places: Vec<_> = Positions::<T>::iter_key_prefix(coldkey).collect();
		places.sort();
		places
			.into_iter()
			.filter(|(netuid, _)| Redemptions::<T>::contains_key(netuid))
			.filter_map(|(netuid, hotkey)| Self::claim(coldkey, netuid, hotkey))
			.collect()
	}

	/// What one position of a dissolved subnet holds, and would be paid now: the call, run and
	/// undone.
	pub(crate) fn claim(
		coldkey: &T::AccountId,
		netuid: NetUid,
		id: HotkeyId,
	) -> Option<ClaimView<T::AccountId>> {
		let hotkey = T::Registry::hotkey(id)?.account;
		let alpha = rolled_back(|| Self::settled_value(coldkey, netuid, id)).ok()?;
		let tao = rolled_back(|| {
			let redemption = Self::redemption(netuid).map_err(DispatchError::from)?;
			Self::redeem_position(netuid, redemption, coldkey, id)
		});
		Some(ClaimView { netuid, hotkey, alpha: Alpha(alpha), tao: tao.ok()? })
	}

	/// A position of a dissolved subnet: worth what it would be paid.
	pub(crate) fn dissolved_position(
		coldkey: &T::AccountId,
		netuid: NetUid,
		id: HotkeyId,
	) -> Option<PositionView<T::AccountId>> {
		let ClaimView { netuid, hotkey, alpha, tao } = Self::claim(coldkey, netuid, id)?;
		let alpha = alpha.get();
		let accrued = Self::accrued(coldkey, netuid, id, alpha)?;
		Some(PositionView { netuid, hotkey, alpha, tao_value: tao, exit: Some(tao), accrued })
	}

	/// A dissolved subnet that is not paid out yet. Its price is what an ALPHA is paid; its TAO what
	/// is left of the fund.
	pub(crate) fn dissolved_view(
		netuid: NetUid,
		redemption: &RedemptionOf<T>,
	) -> SubnetView<T::AccountId> {
		SubnetView {
			netuid,
			name: Default::default(),
			owner: None,
			state: SubnetState::Dissolved,
			price: redemption.price(),
			price_ema: redemption.market.ema(),
			tao: redemption.fund_left,
			alpha: Alpha::ZERO,
			outstanding: redemption.alpha_left(),
			// A sound state has an issuance; an unsound one shows in `audit`.
			issuance: redemption.market.issuance().unwrap_or_default(),
			max_buy: Tao::ZERO,
			max_sell: Alpha::ZERO,
			emission: BlockEmission::default(),
			tempo: redemption.tempo,
			next_epoch: 0,
			emission_share: Default::default(),
		}
	}

	/// TAO of all funds, and TAO that waits for root's stakers in dissolved subnets.
	pub(crate) fn redemption_totals() -> Result<(Tao, Tao), MarketError> {
		Redemptions::<T>::iter_values().try_fold((Tao::ZERO, Tao::ZERO), |(funds, root), next| {
			let funds = sound(funds.checked_add(next.fund_left))?;
			Ok((funds, sound(root.checked_add(next.market.root_waiting()?))?))
		})
	}
}
