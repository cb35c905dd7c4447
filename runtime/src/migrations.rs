//! What the next upgrade has to change in the state. A migration leaves one release after it is
//! enacted.

#![deny(missing_docs)]

mod neurons;
mod params;
mod sessions;

pub use neurons::KnowSeats;
pub use params::NarrowParams;
pub use sessions::StartSessions;

/// Migrations that fit into the upgrade's own block.
pub type SingleBlock = (StartSessions, KnowSeats, NarrowParams);

/// Migrations that take several blocks.
#[cfg(not(feature = "runtime-benchmarks"))]
pub type MultiBlock = (
	pallet_subnets::migrations::v1::ToV1<crate::Runtime>,
	pallet_dtao::migrations::v1::ToV1<crate::Runtime>,
);
