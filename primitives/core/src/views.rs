//! What the runtime API returns: typed, self-describing, never bytes.
//!
//! Amounts are integers in base units, prices [`FixedU128`] in TAO per ALPHA (18 decimals).
//!
//! What a version of the API adds to a record comes last in it. A client that reads one record by
//! an older description reads what it knows, and leaves the rest; one that reads a list of them needs
//! the description of the node that it asks, which every node gives.

use crate::{Alpha, NetUid, Tao, Text, Uid};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_arithmetic::{traits::CheckedDiv, FixedU128, PerU16};

/// Where a subnet is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum SubnetState {
	/// It has a pool and does not trade yet: its owner starts it.
	#[codec(index = 0)]
	Registered,
	/// It trades and emits.
	#[codec(index = 1)]
	Started,
	/// It was dissolved: its positions are redeemed, and it neither trades nor emits.
	#[codec(index = 2)]
	Dissolved,
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
	/// The name that it gives itself; empty if it gives none.
	pub name: Text<64>,
	/// The coldkey that owns it; none for root, and once it is dissolved.
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
	/// The subnet's share of the next block's TAO, 0…1: its rao over the block's. With all TAO in
	/// existence, its TAO over that of all pools that trade. 0 on root, and where it does not trade.
	pub emission_share: FixedU128,
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
	/// The part of `alpha` that is rewards which no call has settled yet, in atoms (rao on root), for
	/// a hotkey's owner the take of others' included. What else of `alpha` was reward has been stake
	/// since it was settled.
	pub accrued: u64,
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
	/// By what part the trade moves the price, up or down: [`PriceChange::impact`].
	pub price_impact: FixedU128,
}

/// What a move would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MoveQuote {
	/// What leaves, in atoms of the subnet left (rao on root).
	pub amount_in: u64,
	/// The part of `amount_in` that stays in a pool as fee.
	pub fee: u64,
	/// TAO that goes from pool to pool, in rao; 0 within a subnet.
	pub tao: Tao,
	/// What arrives, in atoms of the subnet entered (rao on root).
	pub amount_out: u64,
	/// TAO per ALPHA of the subnet left, before and after.
	pub from_price: PriceChange,
	/// TAO per ALPHA of the subnet entered, before and after.
	pub to_price: PriceChange,
	/// By what part the move lowers the price of the subnet left: [`PriceChange::impact`].
	pub from_impact: FixedU128,
	/// By what part it raises the price of the subnet entered: [`PriceChange::impact`].
	pub to_impact: FixedU128,
}

/// What a trade does to a price, TAO per ALPHA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PriceChange {
	/// Before the trade.
	pub before: FixedU128,
	/// After it.
	pub after: FixedU128,
}

impl PriceChange {
	/// By what part the price moves, up or down: `|after − before| / before`, rounded down. Above 1
	/// where the price more than doubles. The largest number where it does not fit, which no market's
	/// prices lead to.
	pub fn impact(&self) -> FixedU128 {
		let moved = self.after.into_inner().abs_diff(self.before.into_inner());
		FixedU128::from_inner(moved)
			.checked_div(&self.before)
			.unwrap_or(FixedU128::from_inner(u128::MAX))
	}
}

/// Where a subnet's emission goes, and what has accrued in the epoch that is open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EmissionBreakdown {
	/// What the next block adds.
	pub next_block: BlockEmission,
	/// The subnet's share of the next block's TAO.
	pub share: FixedU128,
	/// Its weight under each rule, without unit: only their ratios to other subnets' mean anything.
	pub weights: RuleWeights,
	/// ALPHA accrued for the owner since the epoch opened, in atoms.
	pub owner: Alpha,
	/// ALPHA accrued for miners and not yet paid, in atoms.
	pub miners: Alpha,
	/// ALPHA accrued for validators and not yet credited, in atoms.
	pub validators: Alpha,
	/// ALPHA accrued for root and not yet sold, in atoms.
	pub root_alpha: Alpha,
	/// TAO from root's sales that waits for the epoch to close, in rao.
	pub root_tao: Tao,
	/// Which epoch is open, counted from 1.
	pub epoch: u32,
	/// The block in which it closes.
	pub closes_at: u32,
}

/// What each emission rule reads of a subnet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RuleWeights {
	/// `TaoReserve`: the TAO in its pool, in rao.
	pub tao: Tao,
	/// `PriceEma`: the average of its price, in 2⁻⁶⁴ TAO per ALPHA.
	pub price_ema: u128,
	/// `FlowEma`: the average of its flow, in 2⁻³² rao a block.
	pub flow_ema: i128,
}

/// What `redeem` would pay for one position in a dissolved subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ClaimView<AccountId> {
	/// The subnet.
	pub netuid: NetUid,
	/// The hotkey staked on.
	pub hotkey: AccountId,
	/// What the position holds, in atoms.
	pub alpha: Alpha,
	/// What would be paid, in rao.
	pub tao: Tao,
}

/// One seat of a subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SeatView<AccountId> {
	/// The seat.
	pub uid: Uid,
	/// The hotkey that holds it.
	pub hotkey: AccountId,
	/// The coldkey that owns the hotkey.
	pub coldkey: AccountId,
	/// ALPHA staked on the hotkey here, rewards not yet settled left out, in atoms.
	pub alpha: Alpha,
	/// TAO staked on the hotkey on root, in rao.
	pub root: Tao,
	/// The hotkey's take.
	pub take: PerU16,
	/// The mean of its stake over the last epoch, root's seen as ALPHA, in atoms: what the consensus
	/// went by. 0 before the first.
	pub stake: Alpha,
	/// Whether its weights are recent enough to count, as of this block.
	pub active: bool,
	/// Whether it may validate, since the last epoch.
	pub permit: bool,
	/// The block of its last weights, of their commitment where they were revealed; of its
	/// registration if there were none.
	pub last_update: u32,
	/// As a miner: the part of the weight it was given in the last epoch that the consensus let
	/// stand.
	pub trust: PerU16,
	/// As a validator: the part of its weight that the consensus let stand.
	pub validator_trust: PerU16,
	/// As a miner: the weight that a majority of stake agreed on.
	pub consensus: PerU16,
	/// Its part of the miners' bucket of the open epoch, out of `u32::MAX`.
	pub incentive: u32,
	/// Its part of the validators' bucket of the open epoch, out of `u32::MAX`.
	pub dividend: u32,
	/// Its part of root's TAO of the open epoch, out of `u32::MAX`.
	pub root_dividend: u32,
	/// ALPHA that it has earned in the open epoch up to this block, as a miner and as a validator,
	/// its stakers' and its owner's, in atoms. What root's stake earns through it is TAO, and not
	/// counted here.
	pub emission: Alpha,
}

/// A subnet's seats, by uid.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MetagraphView<AccountId> {
	/// The subnet.
	pub netuid: NetUid,
	/// Which epoch is open, counted from 1; 0 before the start.
	pub epoch: u32,
	/// The block in which it opened.
	pub opened_at: u32,
	/// The block in which it closes.
	pub closes_at: u32,
	/// The seats.
	pub seats: Vec<SeatView<AccountId>>,
}

/// Root, by hotkey.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RootView<AccountId> {
	/// All TAO staked on root, in rao.
	pub staked: Tao,
	/// TAO on its way into the pools, in rao.
	pub dripping: Tao,
	/// Each hotkey's.
	pub hotkeys: Vec<RootStakeView<AccountId>>,
}

/// One hotkey's stake on root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RootStakeView<AccountId> {
	/// The hotkey.
	pub hotkey: AccountId,
	/// TAO staked on it, in rao.
	pub staked: Tao,
	/// TAO on its way there, in rao.
	pub dripping: Tao,
	/// The block in which the last of it arrives.
	pub until: u32,
}

/// A hotkey and what is staked on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HotkeyView<AccountId> {
	/// The hotkey.
	pub hotkey: AccountId,
	/// The coldkey that owns it.
	pub coldkey: AccountId,
	/// Its take, as it is in this block.
	pub take: PerU16,
	/// Its stake, by subnet, root first, those without stake left out.
	pub stakes: Vec<HotkeyStakeView>,
}

/// A hotkey's stake on one subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct HotkeyStakeView {
	/// The subnet.
	pub netuid: NetUid,
	/// What is staked, in atoms (rao on root).
	pub alpha: u64,
	/// Its worth at the pool's price, floored.
	pub tao_value: Tao,
	/// Its part of the validators' bucket of the open epoch, out of `u32::MAX`; 0 on root.
	pub dividend: u32,
	/// By how much a stake on it has grown by rewards since the first: 1 at first. The return of any
	/// span is what this has grown by, rewards that are not yet settled left out.
	pub growth: FixedU128,
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
	/// TAO that redeems the ALPHA of dissolved subnets.
	pub redemption: Tao,
}

/// What must always be true of the market, by the number it has in `pallet-dtao`'s invariants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Invariant {
	/// The pot account holds the TAO of all pools, of root, of the funds of dissolved subnets, and its
	/// existential deposit.
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
	/// The fund of a dissolved subnet holds what the ALPHA that is left is owed at the first rate.
	#[codec(index = 11)]
	Redemption,
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

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_price_impact_is_the_part_by_which_a_price_moves() {
		let price = |n, d| FixedU128::from_rational(n, d);
		let impact = |before, after| PriceChange { before, after }.impact();
		assert_eq!(impact(price(4, 1), price(5, 1)), price(1, 4), "up");
		assert_eq!(impact(price(4, 1), price(3, 1)), price(1, 4), "down");
		assert_eq!(impact(price(1, 1), price(9, 4)), price(5, 4), "more than doubled");
		assert_eq!(impact(price(1, 2), price(1, 2)), FixedU128::default(), "not at all");
		let third = FixedU128::from_inner(333_333_333_333_333_333);
		assert_eq!(impact(price(3, 1), price(4, 1)), third, "rounded down");
		let two_thirds = FixedU128::from_inner(666_666_666_666_666_666);
		assert_eq!(impact(price(3, 1), price(1, 1)), two_thirds, "rounded down");
	}
}
