//! The chain that is measured: a genesis of any number of subnets, seats, validators and accounts.
//!
//! The binary beside this measures it natively; `dtao-bench-block` does in WASM, over a database.

mod failures;
mod scene;

pub use failures::ensure_nothing_failed;
pub use scene::{seat, Capped, Scene};
