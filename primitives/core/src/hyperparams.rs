//! What a subnet's owner sets, and what it says of itself.

use crate::{
	constants::{MAX_NEURON_IMMUNITY, MAX_SEATS, MAX_TEMPO, MIN_TEMPO},
	params::ParamsError,
	ConsensusParams,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::ConstU32, BoundedVec};

/// The hyperparameters of one subnet: all of them, in one record.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Hyperparams {
	/// Blocks in an epoch. [`MIN_TEMPO`] to [`MAX_TEMPO`]. The epoch that is open keeps its length.
	pub tempo: u32,
	/// Blocks in which a new neuron is not replaced. At most [`MAX_NEURON_IMMUNITY`].
	pub neuron_immunity: u32,
	/// The most seats. 1 to [`MAX_SEATS`], and no fewer than are held.
	pub max_seats: u16,
	/// Whether neurons can register.
	pub registration_open: bool,
	/// What its consensus counts by.
	pub consensus: ConsensusParams,
}

impl Hyperparams {
	/// Those of a new subnet.
	pub fn new(tempo: u32, neuron_immunity: u32) -> Self {
		let max_seats = u16::try_from(MAX_SEATS).unwrap_or(u16::MAX);
		let consensus = ConsensusParams::new(tempo);
		Self { tempo, neuron_immunity, max_seats, registration_open: true, consensus }
	}

	/// Check every bound.
	///
	/// # Errors
	///
	/// [`ParamsError::OutOfBounds`] with the field's name.
	pub fn validate(&self) -> Result<(), ParamsError> {
		if !(MIN_TEMPO..=MAX_TEMPO).contains(&self.tempo) {
			return Err(ParamsError::OutOfBounds("tempo"));
		}
		if !(1..=MAX_SEATS).contains(&self.max_seats.into()) {
			return Err(ParamsError::OutOfBounds("max_seats"));
		}
		if self.neuron_immunity > MAX_NEURON_IMMUNITY {
			return Err(ParamsError::OutOfBounds("neuron_immunity"));
		}
		self.consensus.validate(self.tempo)
	}
}

/// Text of at most `N` bytes, in UTF-8.
pub type Text<const N: u32> = BoundedVec<u8, ConstU32<N>>;

/// What a subnet says of itself. Nothing on chain depends on it, and nobody checks it but that it
/// is UTF-8.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct SubnetIdentity {
	/// Its name.
	pub name: Text<64>,
	/// The symbol of its ALPHA.
	pub symbol: Text<16>,
	/// What it is for.
	pub description: Text<512>,
	/// Where to read more.
	pub url: Text<128>,
	/// How to reach its owner.
	pub contact: Text<128>,
}

impl SubnetIdentity {
	/// Whether each text is UTF-8.
	pub fn is_text(&self) -> bool {
		let texts: [&[u8]; 5] =
			[&self.name, &self.symbol, &self.description, &self.url, &self.contact];
		texts.iter().all(|text| core::str::from_utf8(text).is_ok())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Hazard E31: what an owner may set is bounded, and the bound that is broken is named.
	#[test]
	fn what_an_owner_sets_is_bounded() {
		let good = Hyperparams::new(MIN_TEMPO, MAX_NEURON_IMMUNITY);
		assert_eq!(good.validate(), Ok(()));
		let broken = [
			(Hyperparams { tempo: MIN_TEMPO - 1, ..good }, "tempo"),
			(Hyperparams { tempo: MAX_TEMPO + 1, ..good }, "tempo"),
			(Hyperparams { max_seats: 0, ..good }, "max_seats"),
			(Hyperparams { max_seats: u16::MAX, ..good }, "max_seats"),
			(Hyperparams { neuron_immunity: MAX_NEURON_IMMUNITY + 1, ..good }, "neuron_immunity"),
			(Hyperparams { neuron_immunity: u32::MAX, ..good }, "neuron_immunity"),
		];
		for (params, field) in broken {
			assert_eq!(params.validate(), Err(ParamsError::OutOfBounds(field)), "{params:?}");
		}
	}
}
