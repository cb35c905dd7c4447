//! Where the pools of hotkeys lie: the only file that reads and writes [`PoolPages`] and
//! [`RootPages`].

use crate::{
	types::{pool_page_of, HotkeyPool, MarketError, PoolPage, RootPool},
	Config, PoolPages, RootPages,
};
use alloc::{collections::BTreeMap, vec::Vec};
use core::marker::PhantomData;
use dtao_primitives::{HotkeyId, NetUid};
use frame_support::defensive;

/// Every hotkey's pool on every subnet, by subnet and hotkey, one at a time: a map whose pools lie
/// in pages. What is not there is an empty pool.
pub struct HotkeyPools<T>(PhantomData<T>);

impl<T: Config> HotkeyPools<T> {
	/// The key of the storage value that holds the pool of a hotkey, with those beside it.
	pub fn hashed_key_for((netuid, hotkey): (NetUid, HotkeyId)) -> Vec<u8> {
		PoolPages::<T>::hashed_key_for(netuid, pool_page_of(hotkey))
	}

	/// The pool of a hotkey on a subnet.
	pub fn get((netuid, hotkey): (NetUid, HotkeyId)) -> HotkeyPool {
		pool_on(&OfSubnet::<T>::of(netuid), hotkey)
	}

	/// Whether there is one.
	pub fn contains_key((netuid, hotkey): (NetUid, HotkeyId)) -> bool {
		PoolPages::<T>::get(netuid, pool_page_of(hotkey)).contains(hotkey)
	}

	/// Store it over what was there.
	pub fn insert((netuid, hotkey): (NetUid, HotkeyId), pool: HotkeyPool) {
		change_on(&OfSubnet::<T>::of(netuid), hotkey, |held| *held = pool);
	}

	/// Change it; an empty one if there is none.
	pub fn mutate((netuid, hotkey): (NetUid, HotkeyId), change: impl FnOnce(&mut HotkeyPool)) {
		change_on(&OfSubnet::<T>::of(netuid), hotkey, change);
	}

	/// Take it out, and with the last of a page the page.
	pub fn take((netuid, hotkey): (NetUid, HotkeyId)) -> HotkeyPool {
		take_from(&OfSubnet::<T>::of(netuid), hotkey)
	}

	/// All pools, page by page, in no order of the pages.
	pub fn iter() -> impl Iterator<Item = ((NetUid, HotkeyId), HotkeyPool)> {
		PoolPages::<T>::iter().flat_map(|(netuid, _, page)| {
			page.into_pools().map(move |(hotkey, pool)| ((netuid, hotkey), pool))
		})
	}

	/// Whose pools there are, as [`Self::iter`].
	pub fn iter_keys() -> impl Iterator<Item = (NetUid, HotkeyId)> {
		Self::iter().map(|(place, _)| place)
	}

	/// Whose pools there are on a subnet, page by page. A pool may be taken out meanwhile.
	pub fn hotkeys_of(netuid: NetUid) -> impl Iterator<Item = HotkeyId> {
		PoolPages::<T>::iter_prefix_values(netuid)
			.flat_map(|page| page.into_pools().map(|(hotkey, _)| hotkey))
	}
}

/// Every hotkey's pool on root. As [`HotkeyPools`].
pub struct RootPools<T>(PhantomData<T>);

impl<T: Config> RootPools<T> {
	/// The key of the storage value that holds the pool of `hotkey`, with those beside it.
	pub fn hashed_key_for(hotkey: HotkeyId) -> Vec<u8> {
		RootPages::<T>::hashed_key_for(pool_page_of(hotkey))
	}

	/// The pool of a hotkey.
	pub fn get(hotkey: HotkeyId) -> RootPool {
		pool_on(&OfRoot::<T>::default(), hotkey)
	}

	/// Whether there is one.
	pub fn contains_key(hotkey: HotkeyId) -> bool {
		RootPages::<T>::get(pool_page_of(hotkey)).contains(hotkey)
	}

	/// Store it over what was there.
	pub fn insert(hotkey: HotkeyId, pool: RootPool) {
		change_on(&OfRoot::<T>::default(), hotkey, |held| *held = pool);
	}

	/// Change it; an empty one if there is none.
	pub fn mutate(hotkey: HotkeyId, change: impl FnOnce(&mut RootPool)) {
		change_on(&OfRoot::<T>::default(), hotkey, change);
	}

	/// Take it out, and with the last of a page the page.
	pub fn take(hotkey: HotkeyId) -> RootPool {
		take_from(&OfRoot::<T>::default(), hotkey)
	}

	/// All pools, page by page, in no order of the pages.
	pub fn iter() -> impl Iterator<Item = (HotkeyId, RootPool)> {
		RootPages::<T>::iter_values().flat_map(PoolPage::into_pools)
	}

	/// Whose pools there are, as [`Self::iter`].
	pub fn iter_keys() -> impl Iterator<Item = HotkeyId> {
		Self::iter().map(|(hotkey, _)| hotkey)
	}

	/// All pools, as [`Self::iter`].
	pub fn iter_values() -> impl Iterator<Item = RootPool> {
		Self::iter().map(|(_, pool)| pool)
	}
}

/// Where the pages of one subnet, or of root, are stored.
pub(crate) trait Pages {
	/// What lies on them.
	type Pool: Copy + Default;
	/// The page of that number; an empty one if there is none.
	fn read(&self, number: u32) -> PoolPage<Self::Pool>;
	/// Store it over what was there.
	fn write(&self, number: u32, page: PoolPage<Self::Pool>);
	/// Remove it.
	fn remove(&self, number: u32);
}

/// Those of a subnet.
pub(crate) struct OfSubnet<T>(NetUid, PhantomData<T>);

impl<T> OfSubnet<T> {
	/// Those of `netuid`.
	pub(crate) fn of(netuid: NetUid) -> Self {
		Self(netuid, PhantomData)
	}
}

impl<T: Config> Pages for OfSubnet<T> {
	type Pool = HotkeyPool;

	fn read(&self, number: u32) -> PoolPage<HotkeyPool> {
		PoolPages::<T>::get(self.0, number)
	}

	fn write(&self, number: u32, page: PoolPage<HotkeyPool>) {
		PoolPages::<T>::insert(self.0, number, page);
	}

	fn remove(&self, number: u32) {
		PoolPages::<T>::remove(self.0, number);
	}
}

/// Those of root.
pub(crate) struct OfRoot<T>(PhantomData<T>);

impl<T> Default for OfRoot<T> {
	fn default() -> Self {
		Self(PhantomData)
	}
}

impl<T: Config> Pages for OfRoot<T> {
	type Pool = RootPool;

	fn read(&self, number: u32) -> PoolPage<RootPool> {
		RootPages::<T>::get(number)
	}

	fn write(&self, number: u32, page: PoolPage<RootPool>) {
		RootPages::<T>::insert(number, page);
	}

	fn remove(&self, number: u32) {
		RootPages::<T>::remove(number);
	}
}

fn pool_on<P: Pages>(pages: &P, hotkey: HotkeyId) -> P::Pool {
	pages.read(pool_page_of(hotkey)).get(hotkey).copied().unwrap_or_default()
}

fn change_on<P: Pages>(pages: &P, hotkey: HotkeyId, change: impl FnOnce(&mut P::Pool)) {
	let number = pool_page_of(hotkey);
	let mut page = pages.read(number);
	match page.entry(hotkey) {
		Ok(pool) => change(pool),
		Err(_) => {
			defensive!("a page has room for each of its hotkeys");
		},
	}
	pages.write(number, page);
}

fn take_from<P: Pages>(pages: &P, hotkey: HotkeyId) -> P::Pool {
	let number = pool_page_of(hotkey);
	let mut page = pages.read(number);
	let Some(pool) = page.take(hotkey) else { return P::Pool::default() };
	match page.is_empty() {
		true => pages.remove(number),
		false => pages.write(number, page),
	}
	pool
}

/// Pages while their pools are worked on: each is read once, changed here, and stored once.
pub(crate) struct OpenPages<P: Pages> {
	pages: P,
	/// Each with whether anything on it was changed.
	open: BTreeMap<u32, (PoolPage<P::Pool>, bool)>,
}

impl<P: Pages> OpenPages<P> {
	/// None of `pages`.
	pub(crate) fn of(pages: P) -> Self {
		Self { pages, open: BTreeMap::new() }
	}

	/// The pool of `hotkey` as it stands.
	pub(crate) fn get(&mut self, hotkey: HotkeyId) -> P::Pool {
		self.page(hotkey).0.get(hotkey).copied().unwrap_or_default()
	}

	/// The pool of `hotkey`, to be changed.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state: a page has room for each of its hotkeys.
	pub(crate) fn entry(&mut self, hotkey: HotkeyId) -> Result<&mut P::Pool, MarketError> {
		let (page, changed) = self.page(hotkey);
		*changed = true;
		page.entry(hotkey)
	}

	fn page(&mut self, hotkey: HotkeyId) -> &mut (PoolPage<P::Pool>, bool) {
		let number = pool_page_of(hotkey);
		let pages = &self.pages;
		self.open.entry(number).or_insert_with(|| (pages.read(number), false))
	}

	/// How many pages were read, and how many are to be written.
	pub(crate) fn touched(&self) -> (usize, usize) {
		let changed = self.open.values().filter(|(_, changed)| *changed);
		(self.open.len(), changed.count())
	}

	/// Store the pages on which something was changed.
	pub(crate) fn store(self) {
		for (number, (page, changed)) in self.open {
			if changed {
				self.pages.write(number, page);
			}
		}
	}
}
