//! Every call there is, from whoever may send it: decoded from bytes, and done over the real runtime.
//!
//! A task is a list of steps:
//!
//! ```text
//! step = what: u8 · who: u8 · count: u8                           `what` is a multiple of four
//!      | what: u8 · who: u8 · length: u16 · `length` bytes        all else
//! ```
//!
//! - The first lets `count` blocks pass, and one.
//! - The second sends a call, as SCALE. What does not decode is passed over. The call is sent: by governance if `who` says so and it is a call of ours, and otherwise in a
//!   transaction of one of the accounts, which pays for it.
//!
//! After each block every invariant is checked, and that no step of a block has failed.

mod script;
mod world;

pub use script::{Script, Step};
pub use world::{coldkey, hotkey};

use frame_support::traits::GetCallMetadata;
use sp_runtime::DispatchResult;
use world::World;

/// Reads steps from `bytes` and takes them, on a chain of some subnets.
///
/// # Panics
///
/// If the runtime does, or if an invariant does not hold.
pub fn check(bytes: &[u8]) {
	outcomes(bytes);
}

/// The same; answers with the calls that were in blocks, `Pallet.call`, and what each said.
///
/// # Panics
///
/// As [`check`](fn@check).
pub fn outcomes(bytes: &[u8]) -> Vec<(String, DispatchResult)> {
	World::with(|world| {
		let mut all = Vec::new();
		for step in Script::new(bytes) {
			let name = match &step {
				Step::Blocks(_) => String::new(),
				Step::Governance(call) | Step::Account(_, call) => {
					let names = call.get_call_metadata();
					format!("{}.{}", names.pallet_name, names.function_name)
				},
			};
			all.extend(world.take(step).map(|outcome| (name, outcome)));
		}
		world.look();
		all
	})
}
