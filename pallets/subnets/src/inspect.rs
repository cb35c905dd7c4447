//! What others may read of the registry.

use crate::{Config, Pallet, Seats, Subnet, Subnets};
use alloc::vec::Vec;
use dtao_primitives::NetUid;

impl<T: Config> Pallet<T> {
	/// Whether `netuid` is a subnet. Root always is.
	pub fn exists(netuid: NetUid) -> bool {
		netuid.is_root() || Subnets::<T>::contains_key(netuid)
	}

	/// What is cold of `netuid`. None if there is no such subnet, or it is root.
	pub fn subnet(netuid: NetUid) -> Option<Subnet<T::AccountId>> {
		Subnets::<T>::get(netuid)
	}

	/// How many seats of `netuid` are held.
	pub(crate) fn seats_held(netuid: NetUid) -> u32 {
		let held = Seats::<T>::decode_len(netuid).unwrap_or(0);
		u32::try_from(held).unwrap_or(u32::MAX)
	}

	/// Every subnet but root, in order. Reads up to [`Config::MaxSubnets`] keys.
	pub fn netuids() -> Vec<NetUid> {
		let mut netuids: Vec<_> = Subnets::<T>::iter_keys().collect();
		netuids.sort_unstable();
		netuids
	}
}
