//! What the calls do, in call order: read, check, price, settle, store, emit.

mod coldkeys;
mod hotkeys;
mod neurons;
mod subnets;
