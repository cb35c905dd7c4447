//! What the next upgrade has to change in the state. A migration leaves one release after it is
//! enacted.

#![deny(missing_docs)]

#[cfg(feature = "try-runtime")]
pub(crate) mod checked;
mod neurons;
mod params;
mod sessions;
#[cfg(all(test, feature = "try-runtime", feature = "runtime-benchmarks"))]
mod tested;

pub use neurons::KnowSeats;
pub use params::NarrowParams;
pub use sessions::StartSessions;
#[cfg(all(test, feature = "try-runtime", feature = "runtime-benchmarks"))]
pub use tested::Tested;

/// Migrations that fit into the upgrade's own block.
pub type SingleBlock = (StartSessions, KnowSeats, NarrowParams);

/// Migrations that take several blocks.
pub type MultiBlock = (
	pallet_subnets::migrations::v1::ToV1<crate::Runtime>,
	pallet_dtao::migrations::v1::ToV1<crate::Runtime>,
);
