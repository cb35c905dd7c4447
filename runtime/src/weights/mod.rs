//! What our pallets' calls and hooks weigh, measured in WASM by `make weights`. The SDK's pallets
//! come with their own measurements.

pub mod pallet_dtao;
pub mod pallet_subnets;
pub mod pallet_validators;
pub mod pallet_yuma;
