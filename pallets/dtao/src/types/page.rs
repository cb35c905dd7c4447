//! A page: the records of subnets whose netuids are next to each other, under one key.

use super::Market;
use codec::{Decode, Encode, MaxEncodedLen, Output};
use dtao_primitives::NetUid;
use frame_support::{defensive, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Netuids of a page, and so the most records in it.
pub const PAGE: u16 = 32;

/// Bytes that a record takes in its slot: the most that a [`Market`] encodes to.
pub const RECORD_BYTES: usize = 179;

/// The same, as the bound of a page.
type Most = ConstU32<32>;

/// The number of the page that `netuid` lies on: ⌊netuid / [`PAGE`]⌋.
pub const fn page_of(netuid: NetUid) -> u16 {
	netuid.0 / PAGE
}

/// One subnet's place in a page. All slots have the same length, so that one can be read or
/// written without decoding those beside it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
struct Slot {
	/// Whose record it is.
	netuid: NetUid,
	/// A [`Market`] in SCALE, then zeros.
	record: [u8; RECORD_BYTES],
}

impl Slot {
	fn new(netuid: NetUid, market: &Market) -> Self {
		let mut record = [0; RECORD_BYTES];
		market.encode_to(&mut Filling(&mut record));
		Self { netuid, record }
	}

	/// None if what is in it is no record: nothing that this chain has written.
	fn market(&self) -> Option<Market> {
		Market::decode(&mut &self.record[..]).ok()
	}
}

/// The rest of a slot that is being written.
struct Filling<'a>(&'a mut [u8]);

impl Output for Filling<'_> {
	fn write(&mut self, bytes: &[u8]) {
		let rest = core::mem::take(&mut self.0);
		// A record is never longer than its slot: a test holds RECORD_BYTES to it.
		if let Some((here, rest)) = rest.split_at_mut_checked(bytes.len()) {
			here.copy_from_slice(bytes);
			self.0 = rest;
		}
	}
}

/// The records of those of [`PAGE`] netuids in a row that have a market, in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Page(BoundedVec<Slot, Most>);

impl Page {
	/// Whether no record is left on it: then it is not stored.
	pub fn is_empty(&self) -> bool {
		self.0.is_empty()
	}

	/// Whether there is a record of `netuid`.
	pub fn contains(&self, netuid: NetUid) -> bool {
		self.place(netuid).is_ok()
	}

	/// The record of `netuid`; none if there is none.
	pub fn get(&self, netuid: NetUid) -> Option<Market> {
		self.0.get(self.place(netuid).ok()?)?.market()
	}

	/// Write the record of `netuid`, which must lie on this page, over what was there.
	pub fn set(&mut self, netuid: NetUid, market: &Market) {
		let slot = Slot::new(netuid, market);
		match self.place(netuid) {
			Ok(place) => {
				if let Some(held) = self.0.get_mut(place) {
					*held = slot;
				}
			},
			Err(place) => {
				if self.0.try_insert(place, slot).is_err() {
					defensive!("a page has room for each of its netuids");
				}
			},
		}
	}

	/// Take the record of `netuid` out; none if there was none.
	pub fn take(&mut self, netuid: NetUid) -> Option<Market> {
		let place = self.place(netuid).ok()?;
		self.0.remove(place).market()
	}

	/// All records, in ascending order of their netuids.
	pub fn records(&self) -> impl Iterator<Item = (NetUid, Market)> + '_ {
		self.0.iter().filter_map(|slot| Some((slot.netuid, slot.market()?)))
	}

	/// Where the slot of `netuid` is, or would be.
	fn place(&self, netuid: NetUid) -> Result<usize, usize> {
		self.0.binary_search_by_key(&netuid, |slot| slot.netuid)
	}

	/// Whether it is one that can be stored under `number`: there is a record on it, each has a slot
	/// of its own on its own page, and all are in order.
	#[cfg(any(feature = "try-runtime", test))]
	pub fn is_sound(&self, number: u16) -> bool {
		let ascend = self.0.is_sorted_by(|one, next| one.netuid < next.netuid);
		let belong = self.0.iter().all(|slot| {
			let whole = |market: Market| Slot::new(slot.netuid, &market) == *slot;
			page_of(slot.netuid) == number && slot.market().is_some_and(whole)
		});
		!self.is_empty() && ascend && belong
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::types::{Buckets, Epoch, Pool};
	use dtao_primitives::{Alpha, Tao};
	use frame_support::traits::Get;

	/// A record of which every number is the largest.
	fn largest() -> Market {
		let (tao, alpha) = (Tao(u64::MAX), Alpha(u64::MAX));
		Market {
			pool: Pool { tao, alpha },
			outstanding: alpha,
			burnt: alpha,
			price_ema: u128::MAX,
			started_at: Some(u32::MAX),
			epoch: Epoch {
				index: u32::MAX,
				opened_at: u32::MAX,
				closes_at: u32::MAX,
				validators_scored: true,
				miners_scored: true,
			},
			buckets: Buckets {
				validators: alpha,
				settled: alpha,
				root: alpha,
				miners: alpha,
				miners_settled: alpha,
				owner: alpha,
			},
			root_tao: tao,
			root_paid: tao,
			root_stake: tao,
			root_factor: u128::MAX,
			flow_ema: i128::MIN,
			flow: i64::MIN,
		}
	}

	#[test]
	fn a_slot_holds_the_longest_record_and_no_more() {
		assert_eq!(RECORD_BYTES, Market::max_encoded_len());
		assert_eq!(RECORD_BYTES, largest().encode().len());
		assert_eq!(<Most as Get<u32>>::get(), u32::from(PAGE));
		assert_eq!(Page::max_encoded_len(), 1 + usize::from(PAGE) * (2 + RECORD_BYTES));
	}

	#[test]
	fn each_netuid_of_a_page_has_a_record_of_its_own() {
		let mut page = Page::default();
		let market = |n: u16| Market { flow: n.into(), ..largest() };
		// Neither in order nor all at once, and each a second time.
		for n in (64..96).rev().chain(64..96) {
			page.set(NetUid(n), &market(n));
		}
		let stored = Page::decode(&mut &page.encode()[..]).unwrap();
		assert_eq!(stored, page);
		assert!(page.is_sound(2) && !page.is_sound(1));
		let all: Vec<_> = (64..96).map(|n| (NetUid(n), market(n))).collect();
		assert_eq!(page.records().collect::<Vec<_>>(), all);

		assert_eq!(page.take(NetUid(70)), Some(market(70)));
		assert_eq!(page.take(NetUid(70)), None);
		assert_eq!(page.get(NetUid(70)), None);
		assert!(!page.contains(NetUid(70)) && page.contains(NetUid(71)));
		assert_eq!(page.get(NetUid(71)), Some(market(71)));
		assert_eq!(page.records().count(), 31);
	}

	#[test]
	fn a_shorter_record_leaves_nothing_of_a_longer_one() {
		let (mut page, netuid) = (Page::default(), NetUid(1));
		page.set(netuid, &largest());
		page.set(netuid, &Market::default());
		assert_eq!(page.get(netuid), Some(Market::default()));
		assert!(page.is_sound(0));
		page.take(netuid);
		assert!(page.is_empty() && !page.is_sound(0));
	}

	#[test]
	fn what_is_no_record_is_none() {
		let mut page = Page::default();
		page.set(NetUid(1), &largest());
		page.set(NetUid(2), &largest());
		// Neither none nor some start.
		page.0[0].record[48] = 2;
		assert_eq!(page.get(NetUid(1)), None);
		assert_eq!(page.records().collect::<Vec<_>>(), [(NetUid(2), largest())]);
		assert!(page.contains(NetUid(1)) && !page.is_sound(0));
	}
}
