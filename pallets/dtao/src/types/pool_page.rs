//! A page of pools: those of hotkeys whose numbers are next to each other, under one key.

use super::{sound, MarketError};
use codec::{Decode, Encode, MaxEncodedLen};
use dtao_primitives::HotkeyId;
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Hotkeys' numbers of a page, and so the most pools on it.
pub const POOL_PAGE: u32 = 16;

/// The number of the page that the pool of `hotkey` lies on: ⌊hotkey / [`POOL_PAGE`]⌋.
pub const fn pool_page_of(hotkey: HotkeyId) -> u32 {
	hotkey.0 / POOL_PAGE
}

/// The pools of those of [`POOL_PAGE`] hotkeys in a row that have one, by ascending number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PoolPage<P>(BoundedVec<(HotkeyId, P), ConstU32<POOL_PAGE>>);

impl<P> Default for PoolPage<P> {
	fn default() -> Self {
		Self(BoundedVec::new())
	}
}

impl<P: Default> PoolPage<P> {
	/// Whether no pool is left on it: then it is not stored.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// Whether `hotkey` has a pool on it.
	pub fn contains(&self, hotkey: HotkeyId) -> bool {
		self.place(hotkey).is_ok()
	}

	/// The pool of `hotkey`; none if it has none on this page.
	pub fn get(&self, hotkey: HotkeyId) -> Option<&P> {
		self.0.get(self.place(hotkey).ok()?).map(|(_, pool)| pool)
	}

	/// The pool of `hotkey`, which must lie on this page, to be changed: an empty one if it has none.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the page is full of others: not of those that lie on it.
	pub fn entry(&mut self, hotkey: HotkeyId) -> Result<&mut P, MarketError> {
		let place = match self.place(hotkey) {
			Ok(place) => place,
			Err(place) => {
				let added = self.0.try_insert(place, (hotkey, P::default()));
				sound(added.ok())?;
				place
			},
		};
		sound(self.0.get_mut(place).map(|(_, pool)| pool))
	}

	/// Take the pool of `hotkey` out; none if there was none.
	pub fn take(&mut self, hotkey: HotkeyId) -> Option<P> {
		let place = self.place(hotkey).ok()?;
		Some(self.0.remove(place).1)
	}

	/// All pools, by ascending number of their hotkeys.
	pub fn pools(&self) -> impl Iterator<Item = &(HotkeyId, P)> {
		self.0.iter()
	}

	/// The same, with the page taken apart.
	pub fn into_pools(self) -> impl Iterator<Item = (HotkeyId, P)> {
		self.0.into_iter()
	}

	/// Where the pool of `hotkey` is, or would be.
	fn place(&self, hotkey: HotkeyId) -> Result<usize, usize> {
		self.0.binary_search_by_key(&hotkey, |(of, _)| *of)
	}

	/// Whether it is one that can be stored under `number`: there is a pool on it, each hotkey has
	/// one and lies on this page, and all are in order.
	#[cfg(any(feature = "try-runtime", test))]
	pub fn is_sound(&self, number: u32) -> bool {
		let ascend = self.0.is_sorted_by(|one, next| one.0 < next.0);
		let belong = self.0.iter().all(|(hotkey, _)| pool_page_of(*hotkey) == number);
		!self.is_empty() && ascend && belong
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn each_hotkey_of_a_page_has_a_pool_of_its_own() {
		let mut page = PoolPage::<u64>::default();
		let ids = || (32..48).map(HotkeyId);
		// Neither in order nor all at once, and each a second time.
		for id in ids().rev().chain(ids()) {
			*page.entry(id).unwrap() += u64::from(id.0);
		}
		let stored = PoolPage::<u64>::decode(&mut &page.encode()[..]).unwrap();
		assert_eq!(stored, page);
		assert!(page.is_sound(2) && !page.is_sound(1));
		let all: Vec<_> = ids().map(|id| (id, 2 * u64::from(id.0))).collect();
		assert_eq!(page.pools().copied().collect::<Vec<_>>(), all);
		assert_eq!(page.clone().into_pools().collect::<Vec<_>>(), all);

		let taken = HotkeyId(40);
		assert_eq!(page.take(taken), Some(80));
		assert_eq!((page.take(taken), page.get(taken)), (None, None));
		assert!(!page.contains(taken) && page.contains(HotkeyId(41)));
		assert_eq!(page.get(HotkeyId(41)), Some(&82));
		assert_eq!(page.pools().count(), 15);
	}

	#[test]
	fn a_page_that_is_full_of_others_takes_no_more() {
		let mut page = PoolPage::<u64>::default();
		for id in (0..POOL_PAGE).map(HotkeyId) {
			page.entry(id).unwrap();
		}
		let before = page.clone();
		assert_eq!(page.entry(HotkeyId(POOL_PAGE)), Err(MarketError::Arithmetic));
		assert_eq!(page, before);
	}

	#[test]
	fn an_empty_page_is_none_that_can_be_stored() {
		let mut page = PoolPage::<u64>::default();
		assert!(page.is_empty() && !page.is_sound(0));
		page.entry(HotkeyId(3)).unwrap();
		assert!(page.is_sound(0));
		page.take(HotkeyId(3));
		assert!(page.is_empty() && !page.is_sound(0));
	}
}
