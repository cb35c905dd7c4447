//! How records come to be: what the calls, genesis and benchmarks share. Nothing here asks who
//! signed.

use crate::{
	Config, Error, HotkeyIds, Hotkeys, NextHotkeyId, NextNetUid, OwnedHotkey, Pallet, Seat, Seats,
	Subnet, Subnets, Uids,
};
use dtao_primitives::{traits::OnSubnet, HotkeyId, NetUid, SubnetsParams, Tao, Uid};
use frame_support::{ensure, traits::Get};
use sp_runtime::{traits::BlockNumberProvider, DispatchError, DispatchResult, PerU16};

impl<T: Config> Pallet<T> {
	/// The block being made.
	pub(crate) fn now() -> u32 {
		T::BlockNumberProvider::current_block_number()
	}

	/// The number of `hotkey` if `coldkey` owns it; none if nobody does, so that it may be bound.
	///
	/// # Errors
	///
	/// [`Error::NotHotkeyOwner`] if another coldkey owns it.
	pub(crate) fn hotkey_of(
		coldkey: &T::AccountId,
		hotkey: &T::AccountId,
	) -> Result<Option<HotkeyId>, Error<T>> {
		let Some(id) = HotkeyIds::<T>::get(hotkey) else { return Ok(None) };
		let record = Hotkeys::<T>::get(id).ok_or(Error::<T>::UnknownHotkey)?;
		ensure!(record.owner == *coldkey, Error::<T>::NotHotkeyOwner);
		Ok(Some(id))
	}

	/// Make `owner` the owner of `hotkey`, which nobody owns, and number it.
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
		HotkeyIds::<T>::insert(&hotkey, id);
		Hotkeys::<T>::insert(id, OwnedHotkey { account: hotkey, owner, take });
		Ok(id)
	}

	/// Register a subnet of `owner`, whose `lock` the market takes. Number it.
	///
	/// - `lock`: the TAO of its pool, in rao.
	/// - `tempo`: blocks in an epoch.
	///
	/// # Errors
	///
	/// - [`Error::TooManySubnets`] at [`Config::MaxSubnets`].
	/// - [`Error::NotHotkeyOwner`] if another coldkey owns `hotkey`.
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
		let registered_at = Self::now();
		let subnet = Subnet { owner, hotkey, registered_at, started_at: None, tempo };
		NextNetUid::<T>::put(next);
		Subnets::<T>::insert(netuid, subnet);
		Ok(netuid)
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

	/// The uid that the next neuron of `netuid` gets.
	///
	/// # Errors
	///
	/// [`Error::SubnetFull`] at [`Config::MaxSeats`].
	pub(crate) fn next_uid(netuid: NetUid) -> Result<Uid, Error<T>> {
		let seats = Seats::<T>::decode_len(netuid).unwrap_or(0);
		let is_free = |uid: &u16| u32::from(*uid) < T::MaxSeats::get();
		u16::try_from(seats).ok().filter(is_free).map(Uid).ok_or(Error::<T>::SubnetFull)
	}

	/// Give `hotkey` the next seat of `netuid`, and tell the market.
	///
	/// # Errors
	///
	/// - Those of [`Self::place`].
	/// - Whatever the market answers.
	pub(crate) fn seat(netuid: NetUid, hotkey: HotkeyId) -> Result<Uid, DispatchError> {
		let uid = Self::place(netuid, hotkey)?;
		T::Market::on_seated(netuid, uid, hotkey)?;
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
		let uid = Self::next_uid(netuid)?;

		let seat = Seat { hotkey, registered_at: Self::now() };
		Seats::<T>::try_append(netuid, seat).map_err(|()| Error::<T>::SubnetFull)?;
		Uids::<T>::insert(netuid, hotkey, uid);
		Ok(uid)
	}
}
