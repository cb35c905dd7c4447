//! Blocks on a broken state.
