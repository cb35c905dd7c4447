//! What every measurement here shares. It knows nothing of the chain.
//!
//! - [`counting`]: the storage that a piece of code touches, at the level of host calls;
//! - [`clock`]: how long it takes, by the clock and in CPU time of the thread;
//! - [`statistics`]: medians, and how straight a line is;
//! - [`report`]: on which machine, at which commit, and tables in Markdown;
//! - [`chart`]: lines, as SVG.

pub mod chart;
pub mod clock;
pub mod counting;
pub mod report;
pub mod statistics;
