//! The weights of `pallet-dtao`.

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
	/// The block step over `n` emitting subnets, no epoch due.
	fn block_step(n: u32) -> Weight;
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
	fn block_step(_: u32) -> Weight {
		Weight::zero()
	}
	fn close_epoch(_: u32) -> Weight {
		Weight::zero()
	}
	fn replace_seat(_: u32) -> Weight {
		Weight::zero()
	}
	fn redeem() -> Weight {
		Weight::zero()
	}
	fn redeem_seat() -> Weight {
		Weight::zero()
	}
	fn close_buckets() -> Weight {
		Weight::zero()
	}
	fn drop_pool() -> Weight {
		Weight::zero()
	}
	fn find_redemptions() -> Weight {
		Weight::zero()
	}
}
