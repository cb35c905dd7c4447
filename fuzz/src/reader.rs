//! Numbers out of bytes.

/// Reads numbers from bytes, and zeros where there are no more of them: every input says something.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
	left: &'a [u8],
}

impl<'a> Reader<'a> {
	/// Reads from `bytes`.
	pub const fn new(bytes: &'a [u8]) -> Self {
		Self { left: bytes }
	}

	/// Whether all of it was read.
	pub const fn is_done(&self) -> bool {
		self.left.is_empty()
	}

	/// The next `count` bytes, or as many as there are.
	pub fn bytes(&mut self, count: usize) -> &'a [u8] {
		let (taken, left) = self.left.split_at(count.min(self.left.len()));
		self.left = left;
		taken
	}

	fn array<const N: usize>(&mut self) -> [u8; N] {
		let mut array = [0; N];
		let taken = self.bytes(N);
		array[..taken.len()].copy_from_slice(taken);
		array
	}

	/// A byte.
	pub fn u8(&mut self) -> u8 {
		u8::from_le_bytes(self.array())
	}

	/// Two bytes.
	pub fn u16(&mut self) -> u16 {
		u16::from_le_bytes(self.array())
	}

	/// Four bytes.
	pub fn u32(&mut self) -> u32 {
		u32::from_le_bytes(self.array())
	}

	/// Eight bytes.
	pub fn u64(&mut self) -> u64 {
		u64::from_le_bytes(self.array())
	}

	/// Sixteen bytes.
	pub fn u128(&mut self) -> u128 {
		u128::from_le_bytes(self.array())
	}

	/// An amount of any magnitude: eight bytes, of which as many bits are dropped as a ninth says.
	pub fn amount(&mut self) -> u64 {
		let bits = u32::from(self.u8()) % 64;
		self.u64() >> bits
	}

	/// A number below `end`, which is not zero.
	pub fn below(&mut self, end: usize) -> usize {
		usize::from(self.u16()) % end
	}
}
