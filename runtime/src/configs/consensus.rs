//! Who makes blocks (Aura, in turns), and which are final (GRANDPA).

use crate::{block_time::SlotDuration, AccountId, Runtime, RuntimeEvent};
use core::marker::PhantomData;
use frame_support::traits::{ConstBool, ConstU32, ConstU64, FindAuthor};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::sr25519;
use sp_runtime::ConsensusEngineId;

/// The most authorities. Each block's header and each round of GRANDPA grows with them.
const MAX_AUTHORITIES: u32 = 64;

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type DisabledValidators = ();
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type SlotDuration = SlotDuration<Runtime>;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	// Without sessions nobody can prove who owned a key in the past, so nothing is kept for it.
	type MaxSetIdSessionEntries = ConstU64<0>;
	type KeyOwnerProof = sp_core::Void;
	type EquivocationReportSystem = ();
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = AuthorAccount<pallet_aura::AuraAuthorId<Runtime>>;
	type EventHandler = ();
}

/// The account of a block's author: the one that the author's Aura key can sign for.
pub struct AuthorAccount<F>(PhantomData<F>);

impl<F: FindAuthor<AuraId>> FindAuthor<AccountId> for AuthorAccount<F> {
	fn find_author<'a, I>(digests: I) -> Option<AccountId>
	where
		I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
	{
		F::find_author(digests).map(|key| AccountId::from(sr25519::Public::from(key)))
	}
}
