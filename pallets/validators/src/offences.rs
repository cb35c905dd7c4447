//! What becomes of a validator that broke a rule of consensus.

use crate::{Config, Event, Pallet};
use frame_support::{traits::Get, weights::Weight};
use pallet_session::historical::IdentificationTuple;
use sp_runtime::Perbill;
use sp_staking::{
	offence::{OffenceDetails, OffenceSeverity, OnOffenceHandler},
	SessionIndex,
};

impl<T: Config> OnOffenceHandler<T::AccountId, IdentificationTuple<T>, Weight> for Pallet<T> {
	/// Say it, and let `pallet_session` disable the offender, within the bound that its strategy
	/// sets. A former validator is only named.
	///
	/// The weight of the report that led here was charged by `pallet_grandpa`; what is returned is
	/// for who charges afterwards.
	fn on_offence(
		offenders: &[OffenceDetails<T::AccountId, IdentificationTuple<T>>],
		severities: &[Perbill],
		_: SessionIndex,
	) -> Weight {
		let mut weight = Weight::zero();
		for (OffenceDetails { offender: (who, ()), .. }, severity) in
			offenders.iter().zip(severities)
		{
			pallet_session::Pallet::<T>::report_offence(who.clone(), OffenceSeverity(*severity));
			Self::deposit_event(Event::OffenceProved { who: who.clone(), severity: *severity });
			weight.saturating_accrue(T::DbWeight::get().reads_writes(2, 1));
		}
		weight
	}
}
