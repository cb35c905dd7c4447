//! The record of one subnet: all that a block reads or writes of it.

use super::{sound, MarketError, Pool, Trade};
use codec::{Decode, Encode, MaxEncodedLen};
use dtao_math::{ema, emission_curve, injection, participants, Rounding};
use dtao_primitives::{constants::MAX_SUPPLY, views::BlockEmission, Alpha, MarketParams, Tao};
use scale_info::TypeInfo;
use sp_runtime::FixedU128;

/// What a subnet's participants have earned and were not yet paid, in atoms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Buckets {
	/// All that the validators' bucket received since the epoch opened.
	pub validators: Alpha,
	/// The part of `validators` that has been credited to hotkeys' pools.
	pub settled: Alpha,
	/// Root's, before it is sold.
	pub root: Alpha,
	/// All that the miners' bucket received since the epoch opened.
	pub miners: Alpha,
	/// The part of `miners` that was paid to seats which were replaced since.
	pub miners_settled: Alpha,
	/// The owner's.
	pub owner: Alpha,
}

impl Buckets {
	/// What is owed and not yet in a hotkey's pool.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn unpaid(&self) -> Result<Alpha, MarketError> {
		let validators = sound(self.validators.checked_sub(self.settled))?;
		let miners = sound(self.miners.checked_sub(self.miners_settled))?;
		[self.root, miners, self.owner]
			.into_iter()
			.try_fold(validators, |sum, bucket| sound(sum.checked_add(bucket)))
	}
}

/// Where a subnet stands between two rounds of consensus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Epoch {
	/// Counts the epochs from 1; 0 before the start.
	pub index: u32,
	/// The block in which it opened.
	pub opened_at: u32,
	/// The block in which it closes, or later where too many close at once.
	pub closes_at: u32,
	/// Whether any seat has a part of the validators' bucket.
	pub validators_scored: bool,
	/// Whether any seat has a part of the miners' bucket.
	pub miners_scored: bool,
}

/// One subnet's market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Market {
	/// The reserves.
	pub pool: Pool,
	/// ALPHA held or owed outside the pool.
	pub outstanding: Alpha,
	/// ALPHA destroyed that the halving clock still counts.
	pub burnt: Alpha,
	/// The smoothed price, capped at 1, with 64 fractional bits.
	pub price_ema: u128,
	/// The block of the start; none while only registered.
	pub started_at: Option<u32>,
	/// The epoch that is open.
	pub epoch: Epoch,
	/// What is owed to participants.
	pub buckets: Buckets,
	/// All TAO that root's sales brought since the epoch opened.
	pub root_tao: Tao,
	/// The part of `root_tao` that was assigned to seats which were replaced since.
	pub root_paid: Tao,
	/// Time-weighted root TAO of the hotkeys that held a permit when the epoch opened.
	pub root_stake: Tao,
	/// Σ over the epoch's blocks of the subnet's share over its price, with 64 fractional bits:
	/// what one root TAO was worth here, in ALPHA, times blocks.
	pub root_factor: u128,
	/// The smoothed flow of users' TAO into the pool, in 2⁻³² rao a block.
	pub flow_ema: i128,
	/// TAO that users have paid in less what they were paid since the last step, in rao.
	pub flow: i64,
}

/// What a block gives to one subnet, and by what measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
	/// Its part of the block's TAO.
	pub tao: Tao,
	/// Its share of all subnets: `numerator / denominator`.
	pub numerator: u64,
	/// See `numerator`. Not 0.
	pub denominator: u64,
}

/// What one block did to one subnet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
	/// The amounts, by side.
	pub emission: BlockEmission,
	/// ALPHA that the chain bought, and recycled.
	pub bought: Alpha,
	/// ALPHA sold for root.
	pub root_sold: Alpha,
	/// TAO that root's sale brought.
	pub root_tao: Tao,
}

impl Step {
	/// ALPHA minted for the participants.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never: a block mints at most 10⁹ atoms.
	pub fn participants(&self) -> Result<Alpha, MarketError> {
		let BlockEmission { owner, miners, validators, root, .. } = self.emission;
		[miners, validators, root]
			.into_iter()
			.try_fold(owner, |sum, part| sound(sum.checked_add(part)))
	}
}

impl Market {
	/// ALPHA that exists or counts as if it did: reserve, outstanding and burnt.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state: the cap is below `u64::MAX`.
	pub fn issuance(&self) -> Result<Alpha, MarketError> {
		let held = sound(self.pool.alpha.checked_add(self.outstanding))?;
		sound(held.checked_add(self.burnt))
	}

	/// The smoothed price.
	pub fn ema(&self) -> FixedU128 {
		let inner = dtao_math::wide::mul_div(
			self.price_ema,
			FixedU128::from_u32(1).into_inner(),
			ema::ONE_Q64,
			Rounding::Down,
		);
		FixedU128::from_inner(inner.unwrap_or_default())
	}

	/// TAO from root's sales that waits for the epoch to close.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] never in a sound state.
	pub fn root_waiting(&self) -> Result<Tao, MarketError> {
		sound(self.root_tao.checked_sub(self.root_paid))
	}

	/// Make a purchase of a user's: its TAO counts as flow.
	///
	/// # Errors
	///
	/// As [`Self::buy`].
	pub fn user_buy(&mut self, trade: &Trade<Tao, Alpha>) -> Result<(), MarketError> {
		self.buy(trade)?;
		let paid = sound(i64::try_from(trade.amount_in.get()).ok())?;
		self.flow = sound(self.flow.checked_add(paid))?;
		Ok(())
	}

	/// Make a sale of a user's: its TAO counts as flow, outwards.
	///
	/// # Errors
	///
	/// As [`Self::sell`].
	pub fn user_sell(&mut self, trade: &Trade<Alpha, Tao>) -> Result<(), MarketError> {
		self.sell(trade)?;
		let paid = sound(i64::try_from(trade.amount_out.get()).ok())?;
		self.flow = sound(self.flow.checked_sub(paid))?;
		Ok(())
	}

	/// Make a purchase priced on this pool: the ALPHA is somebody's now.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the trade was priced on another state.
	pub fn buy(&mut self, trade: &Trade<Tao, Alpha>) -> Result<(), MarketError> {
		self.pool.apply_buy(trade)?;
		self.outstanding = sound(self.outstanding.checked_add(trade.amount_out))?;
		Ok(())
	}

	/// Make a sale priced on this pool: the ALPHA is the pool's again.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if the trade was priced on another state.
	pub fn sell(&mut self, trade: &Trade<Alpha, Tao>) -> Result<(), MarketError> {
		self.pool.apply_sell(trade)?;
		self.outstanding = sound(self.outstanding.checked_sub(trade.amount_in))?;
		Ok(())
	}

	/// Recycle `alpha` that somebody held: the halving clock goes back by it.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if nobody holds that much.
	pub fn recycle(&mut self, alpha: Alpha) -> Result<(), MarketError> {
		self.outstanding = sound(self.outstanding.checked_sub(alpha))?;
		Ok(())
	}

	/// Burn `alpha` that somebody held: the halving clock still counts it.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if nobody holds that much.
	pub fn burn(&mut self, alpha: Alpha) -> Result<(), MarketError> {
		self.outstanding = sound(self.outstanding.checked_sub(alpha))?;
		self.burnt = sound(self.burnt.checked_add(alpha))?;
		Ok(())
	}

	/// One block of this subnet, on this copy of its record: injection, chain buy, accrual, root's
	/// sale, averages. Its caller stores the record only if all of it succeeds.
	///
	/// Every average moves whichever rule is active, so that a switch finds it warm and lets no
	/// backlog through.
	///
	/// Source: economics § 3.3–3.7.
	///
	/// # Errors
	///
	/// [`MarketError::Arithmetic`] if a result does not fit; nothing a sound state leads to.
	pub fn step(
		&mut self,
		share: &Share,
		params: &MarketParams,
		now: u32,
	) -> Result<Step, MarketError> {
		let issuance = self.issuance()?;
		let base = emission_curve::block_emission(issuance.get());
		let cuts = self.participants_cuts(base, share, params)?;
		let room = sound(MAX_SUPPLY.checked_sub(issuance.get()))?;
		let cap = base.min(sound(room.checked_sub(base))?);

		self.count_root_factor(share)?;
		let mut step = self.inject(share.tao, cap, params)?;
		self.accrue(&cuts, &mut step)?;
		self.sell_for_root(params, &mut step)?;
		self.smooth_price(params, now)?;
		self.smooth_flow(params)?;
		Ok(step)
	}

	/// How `base`, the participants' ALPHA of this block, is split.
	fn participants_cuts(
		&self,
		base: u64,
		share: &Share,
		params: &MarketParams,
	) -> Result<participants::Cuts, MarketError> {
		let root = participants::root_as_alpha(
			params.tao_weight,
			self.root_stake.get(),
			share.numerator,
			share.denominator,
			self.pool.tao.get(),
			self.pool.alpha.get(),
		)?;
		Ok(participants::split(base, params.owner_cut, root, self.outstanding.get())?)
	}

	/// Count what one root TAO is worth here in this block.
	fn count_root_factor(&mut self, share: &Share) -> Result<(), MarketError> {
		let factor = participants::root_factor(
			share.numerator,
			share.denominator,
			self.pool.tao.get(),
			self.pool.alpha.get(),
		)?;
		self.root_factor = sound(self.root_factor.checked_add(factor))?;
		Ok(())
	}

	/// All of `tao` enters the reserve: with ALPHA up to `cap`, the rest buying ALPHA that is
	/// recycled.
	fn inject(&mut self, tao: Tao, cap: u64, params: &MarketParams) -> Result<Step, MarketError> {
		let plan = injection::inject(
			self.pool.tao.get(),
			self.pool.alpha.get(),
			tao.get(),
			cap,
			params.min_reserve,
		)?;
		self.pool.tao = sound(self.pool.tao.checked_add(tao))?;
		let with_injected = sound(self.pool.alpha.checked_add(Alpha(plan.alpha_in)))?;
		self.pool.alpha = sound(with_injected.checked_sub(Alpha(plan.alpha_bought)))?;
		Ok(Step {
			emission: BlockEmission {
				tao,
				chain_buy: Tao(plan.tao_buy),
				pool: Alpha(plan.alpha_in),
				..Default::default()
			},
			bought: Alpha(plan.alpha_bought),
			..Default::default()
		})
	}

	/// Put the participants' ALPHA into their buckets. While no miner has a part, theirs joins the
	/// validators', block by block, so that nobody can come late for it.
	fn accrue(&mut self, cuts: &participants::Cuts, step: &mut Step) -> Result<(), MarketError> {
		let to_validators = self.epoch.validators_scored && !self.epoch.miners_scored;
		let (validators, miners) = if to_validators {
			(sound(cuts.validators.checked_add(cuts.miners))?, 0)
		} else {
			(cuts.validators, cuts.miners)
		};
		let emission = &mut step.emission;
		emission.owner = Alpha(cuts.owner);
		emission.miners = Alpha(miners);
		emission.validators = Alpha(validators);
		emission.root = Alpha(cuts.root);

		let buckets = &mut self.buckets;
		for (bucket, amount) in [
			(&mut buckets.owner, emission.owner),
			(&mut buckets.miners, emission.miners),
			(&mut buckets.validators, emission.validators),
			(&mut buckets.root, emission.root),
		] {
			*bucket = sound(bucket.checked_add(amount))?;
			self.outstanding = sound(self.outstanding.checked_add(amount))?;
		}
		Ok(())
	}

	/// Sell this block's part of root's bucket. The TAO waits in the record for the epoch.
	fn sell_for_root(&mut self, params: &MarketParams, step: &mut Step) -> Result<(), MarketError> {
		let Some(sale) = self.pool.quote_root_sale(self.buckets.root, params)? else {
			return Ok(());
		};
		self.sell(&sale)?;
		self.buckets.root = sound(self.buckets.root.checked_sub(sale.amount_in))?;
		self.root_tao = sound(self.root_tao.checked_add(sale.amount_out))?;
		step.root_sold = sale.amount_in;
		step.root_tao = sale.amount_out;
		Ok(())
	}

	/// Move the price average towards this block's price, by its age.
	fn smooth_price(&mut self, params: &MarketParams, now: u32) -> Result<(), MarketError> {
		let age = now.saturating_sub(self.started_at.unwrap_or(now));
		let rate = ema::aged_rate(ema::rate(params.price_half_life)?, age, params.price_ramp)?;
		let price = ema::capped_price_q64(self.pool.tao.get(), self.pool.alpha.get())?;
		self.price_ema = ema::step(self.price_ema, price, rate)?;
		Ok(())
	}

	/// Move the average of the flow towards what flowed since the last step, and count anew.
	fn smooth_flow(&mut self, params: &MarketParams) -> Result<(), MarketError> {
		let rate = ema::rate(params.flow_half_life)?;
		let flow = core::mem::take(&mut self.flow);
		self.flow_ema = ema::flow_step(self.flow_ema, flow.into(), rate)?;
		Ok(())
	}
}
