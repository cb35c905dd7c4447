//! How subnets go: chosen, dissolved at once, and cleaned up on idle.

use crate::{
	types::waited, Cleaning, Config, Error, Event, Identities, NeuronCosts, Pallet, Seat, Seats,
	Subnet, Subnets, Uids, WeightInfo, MAX_CLEANED_SEATS,
};
use alloc::vec::Vec;
use dtao_primitives::{
	traits::{MarketInspect, OnSeat, OnSubnet},
	NetUid, SubnetsParams, Uid,
};
use frame_support::{
	traits::Get,
	weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult, FixedU128};

/// The most dissolved subnets that a block looks at to find one to clean up. The market pays as many
/// at a time, in the same order.
const MAX_LOOKED_AT: u64 = 4;

impl<T: Config> Pallet<T> {
	/// Dissolve `netuid`, whose record is `subnet`. Takes the same time for any number of seats and
	/// holders: the seats are cleaned up later.
	///
	/// # Errors
	///
	/// Whatever the market answers.
	pub(crate) fn dissolve(
		netuid: NetUid,
		subnet: &Subnet<T::AccountId>,
		pruned: bool,
	) -> DispatchResult {
		T::Market::on_dissolved(netuid)?;
		T::Consensus::on_subnet_dissolved(netuid);

		Self::update_hotkey(subnet.hotkey, |record| record.cuts = record.cuts.saturating_sub(1))?;
		Subnets::<T>::remove(netuid);
		NeuronCosts::<T>::remove(netuid);
		Identities::<T>::remove(netuid);
		if Seats::<T>::contains_key(netuid) {
			Cleaning::<T>::insert(netuid, ());
		}

		Self::deposit_event(Event::SubnetDissolved { netuid, pruned });
		Ok(())
	}

	/// At [`Config::MaxSubnets`], dissolve [`Self::prunable`]. Returns whether that was so.
	///
	/// # Errors
	///
	/// - [`Error::TooManySubnets`] if all of them are immune.
	/// - Whatever the market answers.
	pub(crate) fn prune_if_full(params: &SubnetsParams, now: u32) -> Result<bool, DispatchError> {
		if Subnets::<T>::count() < T::MaxSubnets::get() {
			return Ok(false);
		}
		Self::prune(params, now)?;
		Ok(true)
	}

	/// Dissolve [`Self::prunable`].
	///
	/// # Errors
	///
	/// - [`Error::TooManySubnets`] if all subnets are immune.
	/// - Whatever the market answers.
	pub(crate) fn prune(params: &SubnetsParams, now: u32) -> DispatchResult {
		let (netuid, subnet) = Self::prunable(params, now).ok_or(Error::<T>::TooManySubnets)?;
		Self::dissolve(netuid, &subnet, true)
	}

	/// The subnet that goes when one has to: of those that are not immune, the one with the lowest
	/// smoothed price, 0 if it did not start; the oldest at the same price; the lowest netuid at the
	/// same age. Looks at all of them.
	pub(crate) fn prunable(
		params: &SubnetsParams,
		now: u32,
	) -> Option<(NetUid, Subnet<T::AccountId>)> {
		Subnets::<T>::iter()
			.filter(|(_, subnet)| waited(params.subnet_immunity, subnet.registered_at, now))
			.min_by_key(|(netuid, subnet)| {
				(Self::rank_price(*netuid, subnet), subnet.registered_at, *netuid)
			})
	}

	fn rank_price(netuid: NetUid, subnet: &Subnet<T::AccountId>) -> FixedU128 {
		let price = subnet.started_at.and_then(|_| T::Market::price_ema(netuid));
		price.unwrap_or_default()
	}

	/// Clean up seats of one dissolved subnet: as many as `meter` allows, and at most
	/// [`MAX_CLEANED_SEATS`].
	pub(crate) fn clean_up_on_idle(meter: &mut WeightMeter) {
		// One for each subnet, and one for what the market owes there.
		let look = T::DbWeight::get().reads(2 * MAX_LOOKED_AT);
		if meter.try_consume(look).is_err() {
			return;
		}
		let Some(netuid) = Self::cleanable() else { return };
		let most = Self::affordable_seats(meter.remaining());
		if most > 0 {
			let cleaned = Self::clean_up(netuid, most);
			meter.consume(T::WeightInfo::clean_up(cleaned));
		}
	}

	/// A dissolved subnet whose seats the market has paid: until then they count, so that a hotkey
	/// keeps the owner whom the payment is for. Looks at [`MAX_LOOKED_AT`].
	pub(crate) fn cleanable() -> Option<NetUid> {
		let most = usize::try_from(MAX_LOOKED_AT).unwrap_or(usize::MAX);
		Cleaning::<T>::iter_keys().take(most).find(|netuid| !T::Market::owes_seats(*netuid))
	}

	/// How many seats can be cleaned up within `room`, at most [`MAX_CLEANED_SEATS`].
	pub(crate) fn affordable_seats(room: Weight) -> u32 {
		let base = T::WeightInfo::clean_up(0);
		let each = T::WeightInfo::clean_up(1).saturating_sub(base);
		let Some(room) = room.checked_sub(&base) else { return 0 };
		// None if a seat weighs nothing.
		let seats = room.checked_div_per_component(&each).unwrap_or(u64::MAX);
		u32::try_from(seats).unwrap_or(u32::MAX).min(MAX_CLEANED_SEATS)
	}

	/// Clean up at most `limit` seats of the dissolved `netuid`, the last seats first. Returns how
	/// many.
	pub(crate) fn clean_up(netuid: NetUid, limit: u32) -> u32 {
		let mut seats = Seats::<T>::get(netuid);
		let most = usize::try_from(limit).unwrap_or(usize::MAX);
		let left = seats.len().saturating_sub(most);
		let uids = (0u16..).map(Uid);
		let gone: Vec<(Uid, Seat)> = uids.zip(seats.iter().copied()).skip(left).collect();
		for (uid, seat) in &gone {
			Uids::<T>::remove(netuid, seat.hotkey);
			T::Consensus::on_seat_removed(netuid, *uid);
			// Invariant 5: who is seated exists.
			let is_known = Self::leave_seat(seat.hotkey).is_ok();
			frame_support::defensive_assert!(is_known, "a seat is held by an unknown hotkey");
		}
		if left == 0 {
			Seats::<T>::remove(netuid);
			Cleaning::<T>::remove(netuid);
		} else {
			seats.truncate(left);
			Seats::<T>::insert(netuid, seats);
		}
		// At most `limit` were taken.
		u32::try_from(gone.len()).unwrap_or(limit)
	}
}
