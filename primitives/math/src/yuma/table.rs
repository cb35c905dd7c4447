//! One value a uid, read without a check that could fail.

use super::MAX_SEATS;

/// One value a uid: a byte has no uid that it lacks.
#[derive(Clone, Debug)]
pub(super) struct Table<T>([T; MAX_SEATS]);

const _: () = assert!(MAX_SEATS == 1 << u8::BITS, "a uid is a byte");

impl<T: Copy + Default> Table<T> {
	/// The same value for each.
	pub(super) fn filled(value: T) -> Self {
		Self([value; MAX_SEATS])
	}

	/// The values of the first uids. Those that follow have `rest`.
	pub(super) fn of(values: impl IntoIterator<Item = T>, rest: T) -> Self {
		let mut table = Self::filled(rest);
		for (place, value) in table.0.iter_mut().zip(values) {
			*place = value;
		}
		table
	}

	/// The value of a uid.
	pub(super) fn at(&self, uid: u8) -> T {
		// The compiler sees that it is there.
		self.0.get(usize::from(uid)).copied().unwrap_or_default()
	}

	/// Set the value of a uid.
	pub(super) fn put(&mut self, uid: u8, value: T) {
		self.change(uid, |_| value);
	}

	/// Change the value of a uid.
	pub(super) fn change(&mut self, uid: u8, change: impl FnOnce(T) -> T) {
		if let Some(value) = self.0.get_mut(usize::from(uid)) {
			*value = change(*value);
		}
	}

	/// The values of the first uids.
	pub(super) fn first(&self, count: usize) -> &[T] {
		self.0.get(..count).unwrap_or(&self.0)
	}

	/// The values of the first uids, to be changed.
	pub(super) fn first_mut(&mut self, count: usize) -> &mut [T] {
		let count = count.min(MAX_SEATS);
		self.0.get_mut(..count).unwrap_or_default()
	}

	/// The values, by uid.
	pub(super) fn iter(&self) -> core::slice::Iter<'_, T> {
		self.0.iter()
	}

	/// The values, by uid, to be changed.
	pub(super) fn iter_mut(&mut self) -> core::slice::IterMut<'_, T> {
		self.0.iter_mut()
	}
}
