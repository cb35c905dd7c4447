//! Yuma: what validators' weights make of a subnet's seats, once an epoch.
//!
//! Validators weigh miners. What a majority of stake gives a miner, or more, is its *consensus*;
//! weights above it are clipped. The clipped weights rank the miners, and a validator earns by the
//! *bonds* it grew with those whom the others came to value too.
//!
//! All of it is integers, and sparse: the work is bounded by the weights, the bonds and the seats of
//! a row for each validator, and the allocations by a constant. Matrices come and go as packed [rows](Rows).
//!
//! Source: `docs/math.md` § 17.

mod bonds;
mod consensus;
mod dividends;
mod entry;
mod logistic;
mod matrix;
mod median;
mod product;
mod rate;
mod rows;
mod scale;
mod since;
mod table;
mod validators;
mod weights;

pub use logistic::{logistic, ONE_Q30};
pub use rows::{BondRows, Row, Rows, RowsIter, WeightRows};

use crate::MathError;
use alloc::vec::Vec;
use bonds::Step;
use consensus::Consensus;
use dividends::dividends;
use product::shown;
use since::Since;
use sp_arithmetic::PerU16;
use table::Table;
use validators::Validators;
use weights::weights;

/// The most seats of a subnet.
pub const MAX_SEATS: usize = 256;

/// One, of a weight in its row, of a consensus and of a bond: they count parts of this.
pub const ONE: u64 = (1 << 48) - 1;

/// The whole that incentives sum to, and dividends too.
pub const WHOLE: u32 = u32::MAX;

/// A seat, as an epoch finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
	/// Time-weighted ALPHA, root's stake as ALPHA included, in atoms.
	pub stake: u64,
	/// Whether it said anything of late: one that did not has no say.
	pub active: bool,
	/// The block at which its holder took it.
	pub registered_at: u32,
}

/// How bonds grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BondsVersion {
	/// Each miner's bonds are parts of one whole: one validator's rise is the others' fall.
	Yuma1,
	/// Each bond is a part of its own, whatever the others'.
	Yuma3,
}

/// The part of the way that a bond goes to its target in one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
	/// The same for each: one less the bonds' moving average.
	Fixed(PerU16),
	/// Faster for who departs further from the consensus, or from its bond:
	/// `low + (high − low) · logistic(steepness · (distance − ½))`.
	Liquid {
		/// The lower bound of the rate.
		low: PerU16,
		/// The upper bound of the rate, at least `low`.
		high: PerU16,
		/// How abruptly the rate rises around a distance of one half.
		steepness: u8,
	},
}

/// The rules of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Params {
	/// κ, the part of the validating stake that makes a majority; not zero.
	pub kappa: PerU16,
	/// How many seats may validate.
	pub max_validators: u16,
	/// The least stake that counts, in atoms. The owner's seat is exempt.
	pub stake_threshold: u64,
	/// How bonds grow.
	pub bonds_version: BondsVersion,
	/// β, how much of a weight above the consensus buys no bond.
	pub bonds_penalty: PerU16,
	/// How fast bonds follow.
	pub rate: Rate,
}

/// All that an epoch looks at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
	/// The seats, by uid; at most [`MAX_SEATS`].
	pub seats: &'a [Seat],
	/// The uid of the owner's seat, if it has one.
	pub owner: Option<u16>,
	/// The weights, each row with the block at which it was set or committed to.
	pub weights: WeightRows<'a>,
	/// The bonds that the last epoch left.
	pub bonds: BondRows<'a>,
	/// The block of this epoch.
	pub now: u32,
	/// The rules.
	pub params: Params,
}

/// What an epoch decides. Each list is by uid, and as long as the seats.
#[must_use = "a decision changes nothing until it is stored"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
	/// Who may validate until the next epoch.
	pub permits: Vec<bool>,
	/// The miners' parts: they sum to [`WHOLE`], or each is zero.
	pub incentives: Vec<u32>,
	/// The validators' parts: they sum to [`WHOLE`], or each is zero.
	pub dividends: Vec<u32>,
	/// What a majority gives each miner, in 1/65 535 of a validator's weight.
	pub consensus: Vec<u16>,
	/// The part of the weight given to each miner that was within the consensus, in 1/65 535.
	pub trust: Vec<u16>,
	/// The part of each validator's weight that was within the consensus, in 1/65 535.
	pub validator_trust: Vec<u16>,
	/// The bonds, packed: [`BondRows`] for the next epoch.
	pub bonds: Vec<u8>,
	/// How many bonds these are.
	pub bond_count: u32,
}

/// Decide an epoch.
///
/// Total: any seats, rows and rules within their documented ranges have an outcome. An entry about
/// a seat that does not exist, or that someone took since the row was set, counts for nothing, and
/// so does the row of an earlier holder.
///
/// # Errors
///
/// - [`MathError::InvalidParameter`] if there are more than [`MAX_SEATS`] seats, κ is zero, or
///   the rate's `low` exceeds its `high`.
///
/// # Example
///
/// ```
/// # use dtao_math::yuma::*;
/// # use sp_arithmetic::PerU16;
/// // Seat 0 has stake and gives seat 1 two thirds of its weight, and seat 2 the rest.
/// let seat = |stake| Seat { stake, active: true, registered_at: 0 };
/// let weights = WeightRows::default().put(0, 1, [(1, 20), (2, 10)]).unwrap();
/// let outcome = epoch(&Input {
///     seats: &[seat(5), seat(0), seat(0)],
///     owner: None,
///     weights: WeightRows::decode(&weights).unwrap(),
///     bonds: BondRows::default(),
///     now: 360,
///     params: Params {
///         kappa: PerU16::from_percent(50),
///         max_validators: 64,
///         stake_threshold: 0,
///         bonds_version: BondsVersion::Yuma3,
///         bonds_penalty: PerU16::from_percent(100),
///         rate: Rate::Fixed(PerU16::from_percent(10)),
///     },
/// });
/// let outcome = outcome.unwrap();
/// assert_eq!(outcome.permits, [true, false, false]);
/// assert_eq!(outcome.incentives, [0, WHOLE / 3 * 2, WHOLE / 3]);
/// assert_eq!(outcome.dividends, [WHOLE, 0, 0]);
/// ```
///
/// Source: `docs/math.md` § 17.
pub fn epoch(input: &Input<'_>) -> Result<Outcome, MathError> {
	check(input)?;
	let params = &input.params;
	let since = Since::of(input.seats);
	let validators = Validators::of(input);
	let weights = weights(input, &since, &validators);

	let mut consensus = Consensus::of(&weights, &validators, params.kappa);
	let bonds = Step {
		input,
		since: &since,
		weights: &weights,
		consensus: &consensus,
		validators: &validators,
	}
	.take();

	scale::scale(&mut consensus.ranks);
	let shown =
		|values: &Table<u64>| values.first(input.seats.len()).iter().copied().map(shown).collect();
	Ok(Outcome {
		incentives: scale::parts(&consensus.ranks)?,
		dividends: dividends(&bonds, &consensus.ranks, &validators, params.bonds_version)?,
		consensus: shown(&consensus.values),
		validator_trust: shown(&bonds.within),
		trust: consensus.trust,
		bonds: bonds.rows,
		bond_count: bonds.count,
		permits: validators.permits,
	})
}

/// Refuse what is outside its documented range.
fn check(input: &Input<'_>) -> Result<(), MathError> {
	let rate = match input.params.rate {
		Rate::Fixed(_) => true,
		Rate::Liquid { low, high, .. } => low <= high,
	};
	match input.seats.len() <= MAX_SEATS && input.params.kappa > PerU16::from_parts(0) && rate {
		true => Ok(()),
		false => Err(MathError::InvalidParameter),
	}
}
