//! Records and their transitions. They know nothing of `Config` and of storage.

mod book;
mod drip;
mod market;
mod page;
mod place;
mod pool;
mod pool_page;
mod redemption;
mod reward;
mod stake;

pub use book::{Book, Withdrawal};
pub use drip::Drip;
pub use market::{Buckets, Epoch, Market, Share, Step};
pub use page::{page_of, Page, PAGE, RECORD_BYTES};
pub use place::{Exit, Place, MAX_EXITS};
pub use pool::{Pool, Trade};
pub use pool_page::{pool_page_of, PoolPage, POOL_PAGE};
pub use redemption::Redemption;
pub use reward::{Dividend, RewardSource};
pub use stake::{HotkeyPool, RootPool, RootTotals, Score, StakePool};

use dtao_math::MathError;

/// Why a transition is refused. The pallet's errors say the same to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarketError {
	/// A result does not fit its type: nothing a sound state leads to.
	Arithmetic,
	/// The trade is above the most that one trade may be.
	TradeTooLarge,
	/// The trade would leave a reserve below the least.
	ReserveTooLow,
	/// The trade would pay nothing.
	NothingReceived,
	/// More than there is.
	InsufficientStake,
}

impl From<MathError> for MarketError {
	fn from(_: MathError) -> Self {
		Self::Arithmetic
	}
}

/// `sum` of a checked operation, or [`MarketError::Arithmetic`].
pub(crate) fn sound<T>(sum: Option<T>) -> Result<T, MarketError> {
	sum.ok_or(MarketError::Arithmetic)
}
