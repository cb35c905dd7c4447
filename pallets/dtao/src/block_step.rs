//! What happens in every block before any extrinsic.

use crate::{
	pages::{self, OpenPages},
	types::{sound, Market, MarketError, Share, Step},
	weights::WeightInfo,
	Config, Emitting, Error, Event, HaltedBlocks, Pallet,
};
use alloc::{vec, vec::Vec};
use dtao_math::{
	apportion::apportion,
	ema, emission_curve,
	emission_rule::{self, EmissionRule, Signal},
};
use dtao_primitives::{Alpha, EmissionRule as Rule, MarketParams, NetUid, Tao};
use frame_support::{
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult};

/// The sums of a block, over all subnets.
#[derive(Default)]
struct Totals {
	minted: Tao,
	chain_bought: Tao,
	alpha_recycled: Alpha,
	alpha_to_pools: Alpha,
	alpha_to_participants: Alpha,
	root_sold: Alpha,
	root_tao: Tao,
}

impl Totals {
	fn add(&mut self, step: &Step) -> Result<(), MarketError> {
		let emission = &step.emission;
		for (sum, tao) in [
			(&mut self.minted, emission.tao),
			(&mut self.chain_bought, emission.chain_buy),
			(&mut self.root_tao, step.root_tao),
		] {
			*sum = sound(sum.checked_add(tao))?;
		}
		for (sum, alpha) in [
			(&mut self.alpha_recycled, step.bought),
			(&mut self.alpha_to_pools, emission.pool),
			(&mut self.alpha_to_participants, step.participants()?),
			(&mut self.root_sold, step.root_sold),
		] {
			// Over 4 096 subnets of 10⁹ atoms a block this stays below 2⁴³.
			*sum = sound(sum.checked_add(alpha))?;
		}
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	/// Everything that happens to the subnets in one block, in order:
	///
	/// 1. split the block's TAO among the subnets, as the previous block closed them;
	/// 2. each subnet's step, on a copy of its record: injection, chain buy, accrual to the
	///    buckets, root's sale, price average;
	/// 3. mint exactly what the steps that succeeded were given;
	/// 4. close the epochs that are due.
	///
	/// Nothing loops over stakers. Returns the weight that its meter consumed.
	///
	/// While the market is halted, of all this nothing: the block is counted.
	pub(crate) fn do_block_step(now: u32) -> Weight {
		if T::Halted::get() {
			return Self::count_halted_block();
		}
		let mut meter = WeightMeter::new();
		let subnets = Emitting::<T>::get().into_inner();
		meter.consume(Self::step_weight(&subnets));
		if subnets.is_empty() {
			return meter.consumed();
		}
		let params = T::Params::get();
		match with_storage_layer(|| Self::emit(&subnets, &params, now)) {
			Ok(shares) => Self::close_due_epochs(&shares, &params, now, &mut meter),
			Err(error) => Self::deposit_event(Event::BlockStepFailed { error }),
		}
		meter.consumed()
	}

	/// Count a block in which the market stands still. It reads nothing of the market's, which a
	/// migration may be moving.
	fn count_halted_block() -> Weight {
		let blocks = HaltedBlocks::<T>::mutate(|blocks| {
			*blocks = blocks.saturating_add(1);
			*blocks
		});
		Self::deposit_event(Event::BlockHalted { blocks });
		// Why it is halted takes at most two reads.
		T::DbWeight::get().reads_writes(3, 1)
	}

	/// What a block over `subnets` weighs, by how many pages they lie on: those that dissolutions have
	/// left far apart share none.
	fn step_weight(subnets: &[NetUid]) -> Weight {
		let pages = pages::count(subnets);
		let further = subnets.len().saturating_sub(pages);
		let [further, pages] = [further, pages].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
		T::WeightInfo::block_step(further, pages)
	}

	/// The emission of one block. Returns each subnet's record and share, for the epochs.
	fn emit(
		subnets: &[NetUid],
		params: &MarketParams,
		now: u32,
	) -> Result<Vec<(NetUid, Market, Share)>, DispatchError> {
		let mut pages = OpenPages::of::<T>(subnets);
		let mut markets = Self::markets_on(&pages, subnets, params)?;
		let mut totals = Totals::default();
		for (netuid, market, share) in &mut markets {
			let mut after = *market;
			match after.step(share, params, now) {
				Ok(step) => {
					totals.add(&step).map_err(Error::<T>::from)?;
					pages.set(*netuid, &after);
					*market = after;
				},
				Err(error) => Self::deposit_event(Event::EmissionStepFailed {
					netuid: *netuid,
					error: Error::<T>::from(error).into(),
				}),
			}
		}
		pages.store::<T>();
		Self::mint(totals)?;
		Ok(markets)
	}

	/// Mint what was injected, in one credit, and say so.
	fn mint(totals: Totals) -> DispatchResult {
		if !totals.minted.is_zero() {
			Self::mint_to_pot(totals.minted)?;
		}
		let Totals {
			minted,
			chain_bought,
			alpha_recycled,
			alpha_to_pools,
			alpha_to_participants,
			root_sold,
			root_tao,
		} = totals;
		Self::deposit_event(Event::EmissionDistributed {
			minted,
			chain_bought,
			alpha_recycled,
			alpha_to_pools,
			alpha_to_participants,
			root_sold,
			root_tao,
		});
		Ok(())
	}

	/// The records of `subnets`, each with its share of the next block.
	pub(crate) fn markets_of(
		subnets: &[NetUid],
		params: &MarketParams,
	) -> Result<Vec<(NetUid, Market, Share)>, DispatchError> {
		Self::markets_on(&OpenPages::of::<T>(subnets), subnets, params)
	}

	/// The same, of `pages` that are open.
	fn markets_on(
		pages: &OpenPages,
		subnets: &[NetUid],
		params: &MarketParams,
	) -> Result<Vec<(NetUid, Market, Share)>, DispatchError> {
		let mut markets = Vec::with_capacity(subnets.len());
		for netuid in subnets {
			let market = pages.get(*netuid).ok_or(Error::<T>::UnknownSubnet)?;
			markets.push((*netuid, market, Share::default()));
		}
		share_out(&mut markets, Self::next_block_emission(), params).map_err(Error::<T>::from)?;
		Ok(markets)
	}

	/// TAO that the next block mints: the curve at today's issuance.
	pub(crate) fn next_block_emission() -> Tao {
		Tao(emission_curve::block_emission(Self::tao_issuance().get()))
	}

	/// Close the epochs that are due: the longest overdue first, then by netuid, at most
	/// [`Config::MaxEpochsPerBlock`]. The rest wait.
	fn close_due_epochs(
		markets: &[(NetUid, Market, Share)],
		params: &MarketParams,
		now: u32,
		meter: &mut WeightMeter,
	) {
		let mut due: Vec<_> =
			markets.iter().filter(|(_, market, _)| market.epoch.closes_at <= now).collect();
		due.sort_by_key(|(netuid, market, _)| (market.epoch.closes_at, *netuid));
		let most = usize::try_from(T::MaxEpochsPerBlock::get()).unwrap_or(usize::MAX);
		for (netuid, _, share) in due.into_iter().take(most) {
			Self::close_epoch_or_defer(*netuid, share, params, now, meter);
		}
	}
}

/// Split `emission` over `markets`, exactly: the parts sum to it.
fn share_out(
	markets: &mut [(NetUid, Market, Share)],
	emission: Tao,
	params: &MarketParams,
) -> Result<(), MarketError> {
	if markets.is_empty() {
		return Ok(());
	}
	let mut signals = Vec::with_capacity(markets.len());
	let mut all_tao = 0u64;
	for (_, market, _) in markets.iter() {
		let tao = market.pool.tao.get();
		signals.push(Signal { tao, price_ema: market.price_ema, flow: market.flow_ema });
		all_tao = sound(all_tao.checked_add(tao))?;
	}
	let mut weights = vec![0u128; signals.len()];
	emission_rule::weights(rule(params)?, &signals, &mut weights)?;
	let mut parts = vec![0u64; weights.len()];
	apportion(emission.get(), &weights, &mut parts)?;

	for ((_, market, share), part) in markets.iter_mut().zip(parts) {
		// Once nothing is minted any more, root's stake is spread by the reserves.
		let (numerator, denominator) = match emission.is_zero() {
			true => (market.pool.tao.get(), all_tao),
			false => (part, emission.get()),
		};
		*share = Share { tao: Tao(part), numerator, denominator };
	}
	Ok(())
}

/// The rule that governance has set, in the formula's units.
fn rule(params: &MarketParams) -> Result<EmissionRule, MarketError> {
	Ok(match params.rule {
		Rule::TaoReserve => EmissionRule::TaoReserve,
		Rule::PriceEma => EmissionRule::PriceEma,
		Rule::FlowEma => EmissionRule::FlowEma {
			cutoff: sound(i128::from(params.flow_cutoff).checked_mul(ema::ONE_FLOW))?,
			power: params.flow_power,
		},
	})
}
