//! Who pays a transaction's fee: its signer, from its free TAO; or, where it has none and leaves the
//! market, from what its stake brings.

use super::currency::ToAuthor;
use crate::{AccountId, Balance, Balances, Dtao, Runtime, RuntimeCall, RuntimeOrigin};
use dtao_primitives::Tao;
use frame_support::dispatch::{DispatchInfo, PostDispatchInfo};
use pallet_dtao::MAX_EXITS;
use pallet_transaction_payment::{FungibleAdapter, OnChargeTransaction, TxCreditHold};
use sp_runtime::{
	traits::Dispatchable,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// The ordinary way.
type Ordinary = FungibleAdapter<Balances, ToAuthor>;

/// Charges as [`FungibleAdapter`] does, and lets a holder of stake without free TAO leave.
///
/// A call that does nothing but remove stake is tried first, in a layer that is undone. If it would
/// succeed and its proceeds would pay, the pot advances the fee, and keeps it back from them. Tips
/// are not advanced.
pub struct FeeOrProceeds;

impl TxCreditHold<Runtime> for FeeOrProceeds {
	type Credit = <Ordinary as TxCreditHold<Runtime>>::Credit;
}

impl OnChargeTransaction<Runtime> for FeeOrProceeds {
	type Balance = Balance;
	type LiquidityInfo = <Ordinary as OnChargeTransaction<Runtime>>::LiquidityInfo;

	fn withdraw_fee(
		who: &AccountId,
		call: &RuntimeCall,
		info: &DispatchInfo,
		fee: Balance,
		tip: Balance,
	) -> Result<Self::LiquidityInfo, TransactionValidityError> {
		if can_pay(who, call, info, fee, tip).is_err() && is_exit(call) {
			// It was tried when the transaction was validated, a moment ago and in this state: the
			// block has to account for that, too.
			frame_system::Pallet::<Runtime>::register_extra_weight_unchecked(
				info.call_weight,
				info.class,
			);
			Dtao::advance_fee(who, Tao(fee)).map_err(|_| InvalidTransaction::Payment)?;
		}
		<Ordinary as OnChargeTransaction<Runtime>>::withdraw_fee(who, call, info, fee, tip)
	}

	fn can_withdraw_fee(
		who: &AccountId,
		call: &RuntimeCall,
		info: &DispatchInfo,
		fee: Balance,
		tip: Balance,
	) -> Result<(), TransactionValidityError> {
		can_pay(who, call, info, fee, tip).or_else(|refused| {
			let exit = || {
				let origin = RuntimeOrigin::signed(who.clone());
				call.clone().dispatch(origin).map(|_| ()).map_err(|failed| failed.error)
			};
			let repays = tip == 0 && is_exit(call) && Dtao::can_repay(who, Tao(fee), exit);
			if repays {
				Ok(())
			} else {
				Err(refused)
			}
		})
	}

	fn correct_and_deposit_fee(
		who: &AccountId,
		info: &DispatchInfo,
		post_info: &PostDispatchInfo,
		corrected_fee: Balance,
		tip: Balance,
		liquidity: Self::LiquidityInfo,
	) -> Result<(), TransactionValidityError> {
		// A call that was tried and then failed after all pays no fee, and the pot gets its own back.
		let failed = Dtao::is_advanced();
		let fee = if failed { 0 } else { corrected_fee };
		<Ordinary as OnChargeTransaction<Runtime>>::correct_and_deposit_fee(
			who, info, post_info, fee, tip, liquidity,
		)?;
		if failed {
			Dtao::recall_advance();
		}
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_account(who: &AccountId, amount: Balance) {
		<Ordinary as OnChargeTransaction<Runtime>>::endow_account(who, amount);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn minimum_balance() -> Balance {
		<Ordinary as OnChargeTransaction<Runtime>>::minimum_balance()
	}
}

fn can_pay(
	who: &AccountId,
	call: &RuntimeCall,
	info: &DispatchInfo,
	fee: Balance,
	tip: Balance,
) -> Result<(), TransactionValidityError> {
	<Ordinary as OnChargeTransaction<Runtime>>::can_withdraw_fee(who, call, info, fee, tip)
}

/// Whether `call` removes stake and does nothing else; a batch of such calls does, too. A batch in a
/// batch does not count, so that this looks at no call twice.
///
/// It leaves no more positions than one `remove_all_stake` may: a transaction that fails when it is
/// tried costs its sender nothing, so the trial may cost no more than that.
fn is_exit(call: &RuntimeCall) -> bool {
	use pallet_utility::Call::{batch, batch_all, force_batch};
	let positions = match call {
		RuntimeCall::Utility(batch { calls } | batch_all { calls } | force_batch { calls }) => {
			calls.iter().try_fold(0usize, |sum, call| sum.checked_add(positions_left(call)?))
		},
		call => positions_left(call),
	};
	let most = usize::try_from(MAX_EXITS).unwrap_or(usize::MAX);
	positions.is_some_and(|positions| (1..=most).contains(&positions))
}

/// How many positions `call` takes stake out of, at least one; none if it is another call.
fn positions_left(call: &RuntimeCall) -> Option<usize> {
	use pallet_dtao::Call;
	match call {
		RuntimeCall::Dtao(Call::remove_stake { .. } | Call::remove_stake_limit { .. }) => Some(1),
		RuntimeCall::Dtao(Call::remove_all_stake { positions }) => Some(positions.len().max(1)),
		_ => None,
	}
}
