//! What has to hold of any input at all.
//!
//! Each module has one function, `check`, that reads whatever bytes it is given as a task, does it,
//! and panics if a rule is broken. `scripts/fuzz.sh` has libFuzzer look for such bytes; the inputs
//! that taught it something are kept in `corpus/`, and `tests/corpus.rs` checks them in every run of
//! the tests.

pub mod calls;
pub mod math;
mod reader;
pub mod shares;
pub mod yuma;

pub use reader::Reader;
