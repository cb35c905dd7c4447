//! A commitment to weights that are revealed later.

use codec::{Decode, Encode, MaxEncodedLen};
use dtao_primitives::{NetUid, Uid};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
	traits::{BlakeTwo256, ConstU32, Hash},
	BoundedVec,
};

/// The most commitments of one seat that wait for their reveal.
pub const MAX_OPEN_COMMITS: u32 = 10;

/// The most bytes of a salt.
pub const MAX_SALT: u32 = 64;

/// The commitments of one seat, the oldest first.
pub type Commits = BoundedVec<Commit, ConstU32<MAX_OPEN_COMMITS>>;

/// A commitment to weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commit {
	/// The hash of what is revealed.
	pub hash: H256,
	/// The block in which it was made. Once revealed, the weights count as of this block.
	pub at: u32,
	/// The epoch in which it is revealed: not before, and not after.
	pub epoch: u32,
}

/// The hash of a commitment: of all that is revealed, and of who reveals it, so that nobody can
/// commit to another's weights by repeating its hash.
///
/// ```text
/// hash = blake2_256(SCALE(who, netuid, uids, weights, salt, version_key))
/// ```
pub(crate) fn hash_of<AccountId: Encode>(
	who: &AccountId,
	netuid: NetUid,
	uids: &[Uid],
	weights: &[u16],
	salt: &[u8],
	version_key: u64,
) -> H256 {
	BlakeTwo256::hash_of(&(who, netuid, uids, weights, salt, version_key))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Clients compute it, so its bytes are fixed: a compact count before each list.
	#[test]
	fn a_commitment_hashes_the_bytes_that_the_documents_say() {
		let who = [7u8; 32];
		let mut bytes = who.to_vec();
		bytes.extend([1, 0]);
		bytes.extend([2 << 2, 3, 0, 4, 0]);
		bytes.extend([2 << 2, 0xff, 0xff, 1, 0]);
		bytes.extend([3 << 2, 9, 8, 7]);
		bytes.extend([5, 0, 0, 0, 0, 0, 0, 0]);
		let hash = hash_of(&who, NetUid(1), &[Uid(3), Uid(4)], &[u16::MAX, 1], &[9, 8, 7], 5);
		assert_eq!(hash, BlakeTwo256::hash(&bytes));
		// What `docs/yuma.md` makes of them in a browser.
		let shown = "0xa276af388e2f8c8591e0ce89261b378a39e3f99a63955c76bd228623f4c01e58";
		assert_eq!(format!("{hash:?}"), shown);
	}
}
