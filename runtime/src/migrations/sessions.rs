//! The first release has no sessions: its authorities are those of genesis. They become the first
//! validators.

use crate::{configs::Weights, AccountId, Runtime, Session, SessionKeys, Validators};
use alloc::vec::Vec;
use frame_support::{
	storage::with_storage_layer, traits::OnRuntimeUpgrade, weights::Weight, BoundedVec,
};
use pallet_session::{historical::NoteHistoricalRoot, SessionInterface, SessionManager};
use pallet_validators::WeightInfo as _;
use sp_core::sr25519;
use sp_runtime::DispatchError;

/// Makes the authorities of a chain without sessions the validators of its first two sessions, with
/// the keys that they have.
///
/// The account of an authority is the one that its Aura key can sign for: so the first release paid
/// its fees. Its keys are in the same place of Aura's and of GRANDPA's list, since genesis wrote
/// both in one go and no call changed them.
///
/// No version says whether it has run: pallets that are new to a chain begin with the version of
/// their code. It runs where there are authorities and no validators, and so not twice.
pub struct StartSessions;

impl OnRuntimeUpgrade for StartSessions {
	fn on_runtime_upgrade() -> Weight {
		let read = <Runtime as frame_system::Config>::DbWeight::get().reads(3);
		let authorities = authorities();
		if authorities.is_empty() || has_validators() {
			return read;
		}
		if let Err(error) = with_storage_layer(|| start(&authorities)) {
			// Blocks go on with the authorities that there are, and the sessions wait.
			log::error!(target: "runtime::migrations", "sessions did not start: {error:?}");
		}
		// It writes what the end of a session does, and the keys beside.
		let keys = <Session as SessionInterface>::set_keys_weight();
		let count = u32::try_from(authorities.len()).unwrap_or(u32::MAX);
		<Runtime as pallet_validators::Config>::WeightInfo::session_ends(count)
			.saturating_add(keys.saturating_mul(count.into()))
			.saturating_add(read)
			.min(Weights::get().max_block)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, sp_runtime::TryRuntimeError> {
		use codec::Encode;
		use frame_support::ensure;
		ensure!(
			pallet_aura::Authorities::<Runtime>::decode_len()
				== Some(crate::Grandpa::grandpa_authorities().len()),
			"as many make blocks as vote on finality"
		);
		Ok((authorities(), pallet_grandpa::CurrentSetId::<Runtime>::get()).encode())
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(before: Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
		use codec::Decode;
		use frame_support::ensure;
		let (before, set) = <(Vec<(AccountId, SessionKeys)>, u64)>::decode(&mut &before[..])
			.map_err(|_| "what was noted before the upgrade is gone")?;
		ensure!(authorities() == before, "the upgrade itself changes no authority");
		ensure!(
			pallet_grandpa::CurrentSetId::<Runtime>::get() == set,
			"the upgrade itself begins no set"
		);
		ensure!(
			Session::validators().len() == before.len() && !before.is_empty(),
			"each authority is a validator of the session"
		);
		ensure!(has_validators(), "governance has a list to change");
		Validators::do_try_state()
	}
}

fn has_validators() -> bool {
	pallet_validators::Validators::<Runtime>::decode_len().is_some_and(|count| count > 0)
}

/// Who makes blocks and votes on finality, with both keys.
fn authorities() -> Vec<(AccountId, SessionKeys)> {
	let grandpa = crate::Grandpa::grandpa_authorities().into_iter().map(|(key, _)| key);
	let aura = pallet_aura::Authorities::<Runtime>::get();
	let account = |key: &_| AccountId::from(sr25519::Public::from(Clone::clone(key)));
	aura.into_iter()
		.zip(grandpa)
		.map(|(aura, grandpa)| (account(&aura), SessionKeys { aura, grandpa }))
		.collect()
}

/// Write what genesis writes on a chain that has sessions from the start.
fn start(authorities: &[(AccountId, SessionKeys)]) -> Result<(), DispatchError> {
	for (account, keys) in authorities {
		<Session as SessionInterface>::set_keys(account, keys.clone())?;
	}
	let accounts: Vec<_> = authorities.iter().map(|(account, _)| account.clone()).collect();
	let list = BoundedVec::try_from(accounts.clone())
		.map_err(|_| DispatchError::Other("more authorities than validators"))?;
	pallet_validators::Validators::<Runtime>::put(list);

	// The two sessions that are known from the start: this one and the next.
	type Manager = NoteHistoricalRoot<Runtime, Validators>;
	for session in 0..2 {
		<Manager as SessionManager<AccountId>>::new_session(session);
	}
	pallet_session::Validators::<Runtime>::put(accounts);
	pallet_session::QueuedKeys::<Runtime>::put(authorities.to_vec());
	Ok(())
}
