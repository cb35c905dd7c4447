//! The weights of `pallet-dtao`.

mod measured;

pub use measured::SubstrateWeight;

use frame_support::weights::Weight;

/// What each call and each step of a block costs.
pub trait WeightInfo {
	/// A stake on a subnet that settles a reward and opens a position.
	fn add_stake() -> Weight;
	/// A stake on root that settles a drip and opens a position.
	fn add_stake_root() -> Weight;
	/// An unstake from a subnet that settles a reward and closes a position.
	fn remove_stake() -> Weight;
	/// An unstake from root that settles a drip and closes a position.
	fn remove_stake_root() -> Weight;
	/// A stake up to a price: as [`Self::add_stake`], and on root less.
	fn add_stake_limit() -> Weight;
	/// An unstake down to a price: as [`Self::remove_stake`], and on root less.
	fn remove_stake_limit() -> Weight;
	/// A move between two subnets that settles two rewards, closes a position and opens another.
	/// Within a subnet, or from or to root, it is less.
	fn move_stake() -> Weight;
	/// A transfer of stake that settles a reward, closes a position and opens another.
	fn transfer_stake() -> Weight;
	/// The exit from `n` positions in as many subnets, each with a reward to settle.
	fn remove_all_stake(n: u32) -> Weight;
	/// ALPHA recycled, a reward settled and a position closed.
	fn recycle_alpha() -> Weight;
	/// ALPHA burnt, a reward settled and a position closed.
	fn burn_alpha() -> Weight;
	/// A destination of incentives named.
	fn set_reward_destination() -> Weight;
	/// The block step over the first emitting subnets of `p` pages and `n` further ones on them, no
	/// epoch due.
	fn block_step(n: u32, p: u32) -> Weight;
	/// The close of an epoch of `s` seats.
	fn close_epoch(s: u32) -> Weight;
	/// A seat of a subnet of `s` seats changes hands.
	fn replace_seat(s: u32) -> Weight;
	/// A position of a dissolved subnet that settles a reward, is paid as root stake, and closes.
	fn redeem() -> Weight;
	/// A seat of a dissolved subnet that was full is paid, on idle.
	fn redeem_seat() -> Weight;
	/// The owner of a dissolved subnet is paid, and its buckets close, on idle.
	fn close_buckets() -> Weight;
	/// A hotkey's pool in a dissolved subnet is removed, and the last of the subnet with it, on idle.
	fn drop_pool() -> Weight;
	/// What an idle block reads to know which dissolved subnets to work on.
	fn find_redemptions() -> Weight;
}

/// What a step on idle weighs in tests, so that they can allow so many.
const ONE_STEP: Weight = Weight::from_parts(1, 0);

impl WeightInfo for () {
	fn add_stake() -> Weight {
		Weight::zero()
	}
	fn add_stake_root() -> Weight {
		Weight::zero()
	}
	fn remove_stake() -> Weight {
		Weight::zero()
	}
	fn remove_stake_root() -> Weight {
		Weight::zero()
	}
	fn add_stake_limit() -> Weight {
		Weight::zero()
	}
	fn remove_stake_limit() -> Weight {
		Weight::zero()
	}
	fn move_stake() -> Weight {
		Weight::zero()
	}
	fn transfer_stake() -> Weight {
		Weight::zero()
	}
	fn remove_all_stake(_: u32) -> Weight {
		Weight::zero()
	}
	fn recycle_alpha() -> Weight {
		Weight::zero()
	}
	fn burn_alpha() -> Weight {
		Weight::zero()
	}
	fn set_reward_destination() -> Weight {
		Weight::zero()
	}
	fn block_step(_: u32, _: u32) -> Weight {
		Weight::zero()
	}
	fn close_epoch(_: u32) -> Weight {
		Weight::zero()
	}
	fn replace_seat(_: u32) -> Weight {
		Weight::zero()
	}
	fn redeem() -> Weight {
		ONE_STEP
	}
	fn redeem_seat() -> Weight {
		ONE_STEP
	}
	fn close_buckets() -> Weight {
		ONE_STEP
	}
	fn drop_pool() -> Weight {
		ONE_STEP
	}
	fn find_redemptions() -> Weight {
		ONE_STEP
	}
}
