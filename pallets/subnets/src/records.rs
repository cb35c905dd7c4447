//! How records come to be: what the calls, genesis and benchmarks share. Nothing here asks who
//! signed.

use crate::{
	types::waited, Config, Error, Event, FormerHotkeys, HotkeyIds, Hotkeys, NextHotkeyId,
	NextNetUid, OwnedHotkey, OwnedHotkeys, Pallet, Seat, Seats, Subnet, Subnets, Uids,
};
use core::iter;
use dtao_primitives::{
	constants::MAX_SEATS,
	traits::{MarketInspect, OnSeat, OnSubnet},
	HotkeyId, Hyperparams, NetUid, SubnetsParams, Tao, Uid,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{traits::BlockNumberProvider, DispatchError, DispatchResult, PerU16};

/// Where the next neuron of a subnet is seated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
	/// On a seat after the last.
	Free,
	/// On this seat, whose hotkey leaves.
	Held(Uid),
}

impl<T: Config> Pallet<T> {
	/// The block being made.
	pub(crate) fn now() -> u32 {
		T::BlockNumberProvider::current_block_number()
	}

	/// The number of `hotkey` if `coldkey` owns it; none if nobody does, and `coldkey` may bind it.
	///
	/// # Errors
	///
	/// - [`Error::NotHotkeyOwner`] if another coldkey owns it.
	/// - Those of [`Self::ensure_bindable`].
	pub(crate) fn hotkey_of(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
	) -> Result<Option<HotkeyId>, Error<T>> {
		let Some(id) = HotkeyIds::<T>::get(hotkey) else {
			Self::ensure_bindable(coldkey, hotkey)?;
			return Ok(None);
		};
		let record = Hotkeys::<T>::get(id).ok_or(Error::<T>::UnknownHotkey)?;
		ensure!(record.owner == *coldkey, Error::<T>::NotHotkeyOwner);
		Ok(Some(id))
	}

	/// Whether `coldkey` may make `account`, which is no hotkey, one of its hotkeys.
	///
	/// # Errors
	///
	/// [`Error::FormerHotkey`] if it was the account of another coldkey's hotkey.
	pub(crate) fn ensure_bindable(
		coldkey: &T::AccountId,
		account: &T::AccountId,
	) -> Result<(), Error<T>> {
		let Some(id) = FormerHotkeys::<T>::get(account) else { return Ok(()) };
		let record = Hotkeys::<T>::get(id).ok_or(Error::<T>::UnknownHotkey)?;
		ensure!(record.owner == *coldkey, Error::<T>::FormerHotkey);
		Ok(())
	}

	/// Make `owner` the owner of `hotkey`, which it may bind, and number it.
	///
	/// # Errors
	///
	/// [`Error::IdsExhausted`] if every number is given.
	pub(crate) fn bind_hotkey(
		owner: T::AccountId,
		hotkey: T::AccountId,
		take: PerU16,
	) -> Result<HotkeyId, Error<T>> {
		let id = NextHotkeyId::<T>::get();
		let next = id.0.checked_add(1).map(HotkeyId).ok_or(Error::<T>::IdsExhausted)?;

		NextHotkeyId::<T>::put(next);
		FormerHotkeys::<T>::take(&hotkey);
		HotkeyIds::<T>::insert(&hotkey, id);
		OwnedHotkeys::<T>::insert(&owner, id, ());
		Hotkeys::<T>::insert(id, OwnedHotkey::new(hotkey, owner, take));
		Ok(id)
	}

	/// Change the record of hotkey `id`.
	///
	/// # Errors
	///
	/// [`Error::UnknownHotkey`] if it has none.
	pub(crate) fn update_hotkey(
		id: HotkeyId,
		change: impl FnOnce(&mut OwnedHotkey<T::AccountId>),
	) -> Result<(), Error<T>> {
		Hotkeys::<T>::try_mutate(id, |record| {
			record.as_mut().map(change).ok_or(Error::<T>::UnknownHotkey)
		})
	}

	/// Register a subnet of `owner`, whose `lock` the market takes. Number it.
	///
	/// - `lock`: the TAO of its pool, in rao.
	/// - `tempo`: blocks in an epoch.
	///
	/// # Errors
	///
	/// - [`Error::TooManySubnets`] at [`Config::MaxSubnets`].
	/// - Those of [`Self::hotkey_of`].
	/// - [`Error::IdsExhausted`] if every number is given.
	/// - Whatever the market answers.
	pub(crate) fn create_subnet(
		owner: T::AccountId,
		hotkey: T::AccountId,
		lock: Tao,
		tempo: u32,
		params: &SubnetsParams,
	) -> Result<NetUid, DispatchError> {
		ensure!(Subnets::<T>::count() < T::MaxSubnets::get(), Error::<T>::TooManySubnets);
		let known = Self::hotkey_of(&owner, &hotkey)?;
		let netuid = NextNetUid::<T>::get();
		let next = netuid.0.checked_add(1).map(NetUid).ok_or(Error::<T>::IdsExhausted)?;

		T::Market::on_created(netuid, &owner, lock)?;

		let hotkey = match known {
			Some(id) => id,
			None => Self::bind_hotkey(owner.clone(), hotkey, params.default_take)?,
		};
		NextNetUid::<T>::put(next);
		Self::store_subnet(netuid, owner, hotkey, Self::first_hyperparams(tempo, params))?;
		Ok(netuid)
	}

	/// Record that `netuid` exists from this block on, and what it is named on.
	///
	/// # Errors
	///
	/// [`Error::UnknownHotkey`] if `hotkey` is not owned.
	pub(crate) fn store_subnet(
		netuid: NetUid,
		owner: T::AccountId,
		hotkey: HotkeyId,
		hyperparams: Hyperparams,
	) -> Result<(), Error<T>> {
		Self::update_hotkey(hotkey, |record| record.cuts = record.cuts.saturating_add(1))?;
		Subnets::<T>::insert(netuid, Subnet::new(owner, hotkey, hyperparams, Self::now()));
		Ok(())
	}

	/// The hyperparameters of a new subnet.
	pub(crate) fn first_hyperparams(tempo: u32, params: &SubnetsParams) -> Hyperparams {
		let max_seats = Self::most_seats();
		Hyperparams { max_seats, ..Hyperparams::new(tempo, params.neuron_immunity) }
	}

	/// The most seats that a subnet may be set to.
	pub(crate) fn most_seats() -> u16 {
		u16::try_from(T::MaxSeats::get().min(MAX_SEATS)).unwrap_or(u16::MAX)
	}

	/// Open `netuid`, whose record is `subnet`, for trade and emission.
	///
	/// # Errors
	///
	/// Whatever the market answers.
	pub(crate) fn start(netuid: NetUid, mut subnet: Subnet<T::AccountId>) -> DispatchResult {
		T::Market::on_started(netuid)?;

		subnet.started_at = Some(Self::now());
		Subnets::<T>::insert(netuid, subnet);
		Ok(())
	}

	/// Where the next neuron of `netuid`, which has `hyperparams`, is seated in block `now`: on a
	/// free seat; else, of those whose immunity is over, on the one that earns the least, the one
	/// that was taken first where they earn the same, the lowest uid where both are the same.
	///
	/// # Errors
	///
	/// [`Error::SubnetFull`] if all seats are held, and all of them are immune.
	pub(crate) fn next_place(
		netuid: NetUid,
		hyperparams: &Hyperparams,
		now: u32,
	) -> Result<Place, Error<T>> {
		let most = hyperparams.max_seats.min(Self::most_seats());
		if Self::seats_held(netuid) < u32::from(most) {
			return Ok(Place::Free);
		}
		let seats = Seats::<T>::get(netuid);
		let scores = T::Market::scores(netuid).into_iter().chain(iter::repeat(0));
		(0u16..)
			.map(Uid)
			.zip(&seats)
			.zip(scores)
			.filter(|((_, seat), _)| waited(hyperparams.neuron_immunity, seat.registered_at, now))
			.min_by_key(|((uid, seat), score)| (*score, seat.registered_at, *uid))
			.map(|((uid, _), _)| Place::Held(uid))
			.ok_or(Error::<T>::SubnetFull)
	}

	/// Seat `hotkey` at `place`. Returns its uid.
	///
	/// # Errors
	///
	/// Those of [`Self::seat`] and [`Self::replace`].
	pub(crate) fn seat_at(
		netuid: NetUid,
		place: Place,
		hotkey: HotkeyId,
	) -> Result<Uid, DispatchError> {
		match place {
			Place::Free => Self::seat(netuid, hotkey),
			Place::Held(uid) => {
				Self::replace(netuid, uid, hotkey)?;
				Ok(uid)
			},
		}
	}

	/// Give `hotkey` the next seat of `netuid`, and tell the market and the consensus.
	///
	/// # Errors
	///
	/// - Those of [`Self::place`].
	/// - Whatever the two answer.
	pub(crate) fn seat(netuid: NetUid, hotkey: HotkeyId) -> Result<Uid, DispatchError> {
		let uid = Self::place(netuid, hotkey)?;
		T::Market::on_seated(netuid, uid, hotkey)?;
		T::Consensus::on_seated(netuid, uid)?;
		Ok(uid)
	}

	/// Record that `hotkey` holds the next seat of `netuid`.
	///
	/// # Errors
	///
	/// - [`Error::AlreadyRegistered`] if it holds one there.
	/// - [`Error::SubnetFull`] at [`Config::MaxSeats`].
	pub(crate) fn place(netuid: NetUid, hotkey: HotkeyId) -> Result<Uid, Error<T>> {
		ensure!(!Uids::<T>::contains_key(netuid, hotkey), Error::<T>::AlreadyRegistered);
		let uid =
			u16::try_from(Self::seats_held(netuid)).map(Uid).map_err(|_| Error::<T>::SubnetFull)?;

		let seat = Seat { hotkey, registered_at: Self::now() };
		Seats::<T>::try_append(netuid, seat).map_err(|()| Error::<T>::SubnetFull)?;
		Self::enter_seat(netuid, uid, hotkey)?;
		Ok(uid)
	}

	/// Give `hotkey` the seat `uid` of `netuid`, which another holds, and tell the market and the
	/// consensus.
	///
	/// # Errors
	///
	/// - [`Error::AlreadyRegistered`] if it holds one there.
	/// - [`Error::SubnetFull`] if there is no such seat.
	/// - Whatever the two answer.
	fn replace(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> DispatchResult {
		ensure!(!Uids::<T>::contains_key(netuid, hotkey), Error::<T>::AlreadyRegistered);
		let mut seats = Seats::<T>::get(netuid);
		let seat = seats.get_mut(usize::from(uid.0)).ok_or(Error::<T>::SubnetFull)?;
		let entering = Seat { hotkey, registered_at: Self::now() };
		let leaving = core::mem::replace(seat, entering).hotkey;

		Seats::<T>::insert(netuid, seats);
		Uids::<T>::remove(netuid, leaving);
		Self::leave_seat(leaving)?;
		Self::enter_seat(netuid, uid, hotkey)?;
		T::Market::on_replaced(netuid, uid, hotkey)?;
		T::Consensus::on_seat_replaced(netuid, uid)?;

		let (old, new) = (Self::account_of(leaving)?, Self::account_of(hotkey)?);
		Self::deposit_event(Event::NeuronReplaced { netuid, uid, old, new });
		Ok(())
	}

	fn enter_seat(netuid: NetUid, uid: Uid, hotkey: HotkeyId) -> Result<(), Error<T>> {
		Uids::<T>::insert(netuid, hotkey, uid);
		Self::update_hotkey(hotkey, |record| record.seats = record.seats.saturating_add(1))
	}

	/// Count one seat less for `hotkey`.
	///
	/// # Errors
	///
	/// [`Error::UnknownHotkey`], which invariant 1 excludes.
	pub(crate) fn leave_seat(hotkey: HotkeyId) -> Result<(), Error<T>> {
		Self::update_hotkey(hotkey, |record| record.seats = record.seats.saturating_sub(1))
	}

	fn account_of(hotkey: HotkeyId) -> Result<T::AccountId, Error<T>> {
		let record = Hotkeys::<T>::get(hotkey).ok_or(Error::<T>::UnknownHotkey)?;
		Ok(record.account)
	}
}
