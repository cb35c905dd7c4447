//! Where the records of subnets lie: the only file that reads and writes [`MarketPages`].

use crate::{
	types::{page_of, Market, Page},
	Config, MarketPages,
};
use alloc::{collections::BTreeMap, vec::Vec};
use core::marker::PhantomData;
use dtao_primitives::NetUid;

/// Every subnet's market, by netuid, one at a time: a map whose records lie in pages.
///
/// Reading one reads its page, changing one writes it; of the records on it only the one asked for
/// is decoded.
pub struct Markets<T>(PhantomData<T>);

impl<T: Config> Markets<T> {
	/// The key of the storage value that holds the record of `netuid`, with those beside it.
	pub fn hashed_key_for(netuid: NetUid) -> Vec<u8> {
		MarketPages::<T>::hashed_key_for(page_of(netuid))
	}

	/// The record of `netuid`; none if there is no such subnet, or it is dissolved.
	pub fn get(netuid: NetUid) -> Option<Market> {
		MarketPages::<T>::get(page_of(netuid)).get(netuid)
	}

	/// Whether `netuid` has a record.
	pub fn contains_key(netuid: NetUid) -> bool {
		MarketPages::<T>::get(page_of(netuid)).contains(netuid)
	}

	/// Store the record of `netuid` over what was there.
	pub fn insert(netuid: NetUid, market: &Market) {
		MarketPages::<T>::mutate(page_of(netuid), |page| page.set(netuid, market));
	}

	/// Take the record of `netuid` out, and with the last of a page the page.
	pub fn take(netuid: NetUid) -> Option<Market> {
		MarketPages::<T>::mutate_exists(page_of(netuid), |stored| {
			let page = stored.as_mut()?;
			let market = page.take(netuid);
			if page.is_empty() {
				*stored = None;
			}
			market
		})
	}

	/// Change the record of `netuid`, if there is one.
	pub fn mutate_extant(netuid: NetUid, change: impl FnOnce(&mut Market)) {
		let mut page = MarketPages::<T>::get(page_of(netuid));
		if let Some(mut market) = page.get(netuid) {
			change(&mut market);
			page.set(netuid, &market);
			MarketPages::<T>::insert(page_of(netuid), page);
		}
	}

	/// All records, page by page, in no order of the pages.
	pub fn iter() -> impl Iterator<Item = (NetUid, Market)> {
		MarketPages::<T>::iter_values().flat_map(|page| page.records().collect::<Vec<_>>())
	}

	/// The netuids of all records, in no order.
	pub fn iter_keys() -> impl Iterator<Item = NetUid> {
		Self::iter().map(|(netuid, _)| netuid)
	}

	/// All records, in no order, without their netuids.
	pub fn iter_values() -> impl Iterator<Item = Market> {
		Self::iter().map(|(_, market)| market)
	}
}

/// The pages on which some subnets lie: read once, changed here, written once.
pub(crate) struct OpenPages(BTreeMap<u16, Page>);

impl OpenPages {
	/// Read the pages of `netuids`, each once.
	pub(crate) fn of<T: Config>(netuids: &[NetUid]) -> Self {
		let mut pages = BTreeMap::new();
		for netuid in netuids {
			let number = page_of(*netuid);
			pages.entry(number).or_insert_with(|| MarketPages::<T>::get(number));
		}
		Self(pages)
	}

	/// The record of `netuid`; none if it has none on these pages.
	pub(crate) fn get(&self, netuid: NetUid) -> Option<Market> {
		self.0.get(&page_of(netuid))?.get(netuid)
	}

	/// Write the record of `netuid`, which must be among those that the pages were opened for.
	pub(crate) fn set(&mut self, netuid: NetUid, market: &Market) {
		if let Some(page) = self.0.get_mut(&page_of(netuid)) {
			page.set(netuid, market);
		}
	}

	/// Store the pages, each once.
	pub(crate) fn store<T: Config>(self) {
		for (number, page) in self.0 {
			MarketPages::<T>::insert(number, page);
		}
	}
}

/// How many pages `netuids`, which ascend, lie on.
pub(crate) fn count(netuids: &[NetUid]) -> usize {
	netuids.chunk_by(|one, next| page_of(*one) == page_of(*next)).count()
}
