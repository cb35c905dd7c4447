//! What the runtime API returns: typed, self-describing, never bytes.
//!
//! Amounts are integers in base units, prices [`FixedU128`] in TAO per ALPHA (18 decimals).

use crate::{Alpha, NetUid, Tao};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_arithmetic::FixedU128;

/// Where a subnet is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum SubnetState {
	/// It has a pool and does not trade yet: its owner starts it.
	#[codec(index = 0)]
	Registered,
	/// It trades and emits.
	#[codec(index = 1)]
	Started,
}

/// What a block adds to a subnet, at this moment's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BlockEmission {
	/// Its part of the block's TAO, all of which enters the pool.
	pub tao: Tao,
	/// The part of it that buys ALPHA from the pool, which is recycled.
	pub chain_buy: Tao,
	/// ALPHA that enters the pool with the TAO.
	pub pool: Alpha,
	/// ALPHA to the owner's bucket.
	pub owner: Alpha,
	/// ALPHA to the miners' bucket.
	pub miners: Alpha,
	/// ALPHA to the validators' bucket.
	pub validators: Alpha,
	/// ALPHA to root's bucket.
	pub root: Alpha,
}

/// A row in the table of subnets.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetView<AccountId> {
	/// The subnet.
	pub netuid: NetUid,
	/// The coldkey that owns it; none for root.
	pub owner: Option<AccountId>,
	/// Where it is in its life.
	pub state: SubnetState,
	/// TAO per ALPHA now. Exactly 1 on root.
	pub price: FixedU128,
	/// TAO per ALPHA, smoothed. Exactly 1 on root.
	pub price_ema: FixedU128,
	/// TAO in the pool; on root, all TAO staked there.
	pub tao: Tao,
	/// ALPHA in the pool.
	pub alpha: Alpha,
	/// ALPHA held or owed outside the pool.
	pub outstanding: Alpha,
	/// ALPHA that exists: pool, outstanding and burnt.
	pub issuance: Alpha,
	/// The most TAO that one `add_stake` may bring in, fee left out, in rao.
	pub max_buy: Tao,
	/// The most ALPHA that one `remove_stake` may bring in, fee left out, in atoms.
	pub max_sell: Alpha,
	/// What the next block adds.
	pub emission: BlockEmission,
	/// Blocks in an epoch; 0 on root.
	pub tempo: u32,
	/// The block in which the epoch closes; 0 on root and before the start.
	pub next_epoch: u32,
}

/// One stake: a coldkey's on a hotkey in a subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PositionView<AccountId> {
	/// The subnet.
	pub netuid: NetUid,
	/// The hotkey staked on.
	pub hotkey: AccountId,
	/// What the position holds, rewards up to this block included, in atoms (rao on root).
	pub alpha: u64,
	/// Its worth at the pool's price, floored.
	pub tao_value: Tao,
	/// What removing all of it would pay at this block's state, fee taken; none if it would be
	/// refused. A bound for a call is `quote_remove_stake`'s to give: that answers for the next
	/// block.
	pub exit: Option<Tao>,
}

/// What a stake or an unstake would do, or why it would be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StakeQuote {
	/// What leaves the payer: rao when staking, atoms when unstaking (rao on root).
	pub amount_in: u64,
	/// The part of `amount_in` that stays in the pool as fee.
	pub fee: u64,
	/// What the payer receives: atoms when staking (rao on root), rao when unstaking.
	pub amount_out: u64,
	/// TAO per ALPHA before the trade.
	pub price_before: FixedU128,
	/// TAO per ALPHA after the trade.
	pub price_after: FixedU128,
}

/// TAO and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SupplyView {
	/// All TAO that exists.
	pub issuance: Tao,
	/// The most that may ever exist.
	pub cap: Tao,
	/// What the next block mints.
	pub block_emission: Tao,
	/// TAO in the pools of subnets.
	pub pools: Tao,
	/// TAO staked on root, and on its way there.
	pub root: Tao,
}

/// What must always be true of the market, by the number it has in `pallet-dtao`'s invariants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Invariant {
	/// The pot account holds the TAO of all pools, of root, and its existential deposit.
	#[codec(index = 1)]
	Backing,
	/// Both reserves of a pool hold at least the least reserve.
	#[codec(index = 2)]
	Liquidity,
	/// A subnet's outstanding ALPHA is what hotkeys' pools hold and what buckets owe.
	#[codec(index = 3)]
	Outstanding,
	/// A hotkey's pool holds what its positions are worth.
	#[codec(index = 4)]
	Shares,
	/// No token exceeds its cap.
	#[codec(index = 5)]
	Cap,
	/// The total of root is the sum of its pools and drips.
	#[codec(index = 6)]
	Root,
}

/// One invariant's two sides.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AuditLine {
	/// What is compared.
	pub invariant: Invariant,
	/// The subnet it is about; none for the whole chain.
	pub netuid: Option<NetUid>,
	/// What there is.
	pub held: u128,
	/// What there has to be.
	pub owed: u128,
	/// Whether the invariant holds.
	pub holds: bool,
}
