//! What the next upgrade has to change in the state. A migration leaves one release after it is
//! enacted.

#![deny(missing_docs)]

/// Migrations that fit into the upgrade's own block.
pub type SingleBlock = ();

/// Migrations that take several blocks.
#[cfg(not(feature = "runtime-benchmarks"))]
pub type MultiBlock = ();
