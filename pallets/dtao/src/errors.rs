//! What a record refuses, in the pallet's words.

use crate::{types::MarketError, Error};

impl<T> From<MarketError> for Error<T> {
	fn from(error: MarketError) -> Self {
		match error {
			MarketError::Arithmetic => Self::Arithmetic,
			MarketError::TradeTooLarge => Self::TradeTooLarge,
			MarketError::ReserveTooLow => Self::ReserveTooLow,
			MarketError::NothingReceived => Self::NothingReceived,
			MarketError::InsufficientStake => Self::InsufficientStake,
		}
	}
}
