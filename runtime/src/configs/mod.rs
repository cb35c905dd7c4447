//! What each pallet is configured with, by concern.

#![deny(missing_docs)]

mod brakes;
mod consensus;
mod currency;
mod dtao;
mod exit_fee;
mod governance;
mod system;

pub use brakes::{EnterSafeMode, Halted, Repairs};
pub use currency::{ToAuthor, LENGTH_FEE_PER_BYTE, WEIGHT_FEE_PER_BASE_EXTRINSIC};
pub use governance::ProxyType;
pub use system::{MigrationWeight, Weights, BLOCK_WEIGHT_REF_TIME, SS58_PREFIX};
