//! What a block's events say of it: a block in which something failed is not the block that was to be
//! measured.

use dtao_runtime::{Runtime, RuntimeEvent};

/// Refuse a block of these events in which a subnet's emission, an epoch, or a transaction failed:
/// what it took would be what refusals take.
///
/// # Errors
///
/// The first failure, and how many there are.
pub fn ensure_nothing_failed<'a>(
	events: impl IntoIterator<Item = &'a RuntimeEvent>,
) -> Result<(), String> {
	let failed: Vec<_> = events.into_iter().filter(has_failed).collect();
	match failed.first() {
		None => Ok(()),
		Some(first) => Err(format!("{} things failed in a block: {first:?}", failed.len())),
	}
}

fn has_failed(event: &&RuntimeEvent) -> bool {
	use frame_system::Event::ExtrinsicFailed;
	use pallet_dtao::Event::{BlockStepFailed, EmissionStepFailed, EpochFailed};
	matches!(
		event,
		RuntimeEvent::Dtao(
			EmissionStepFailed::<Runtime> { .. } | BlockStepFailed { .. } | EpochFailed { .. }
		) | RuntimeEvent::System(ExtrinsicFailed { .. })
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtao_primitives::NetUid;
	use sp_runtime::DispatchError;

	#[test]
	fn a_block_with_a_refused_step_is_refused() {
		let fine: RuntimeEvent =
			frame_system::Event::<Runtime>::CodeUpdated { hash: Default::default() }.into();
		assert_eq!(ensure_nothing_failed([&fine]), Ok(()));
		let error = DispatchError::Unavailable;
		let failed = pallet_dtao::Event::<Runtime>::EmissionStepFailed { netuid: NetUid(1), error };
		assert!(ensure_nothing_failed([&fine, &failed.into()]).is_err());
	}
}
