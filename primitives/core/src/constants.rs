//! Units, caps and times. Each is derived from the one before it.

use crate::Tao;

/// Rao in one TAO, and atoms in one ALPHA.
pub const UNIT: u64 = 1_000_000_000;

/// The most TAO, and the most ALPHA of one subnet, that may ever exist, in base units.
pub const MAX_SUPPLY: u64 = dtao_math::emission_curve::CAP;

/// What an account must hold to exist, in rao.
pub const EXISTENTIAL_DEPOSIT: u64 = 500;

/// The most subnets beside root.
pub const MAX_SUBNETS: u32 = 128;

/// The most seats of a subnet.
pub const MAX_SEATS: u32 = 256;

/// The most validators of a subnet: seats that hold a permit.
pub const MAX_VALIDATORS: u32 = 64;

/// The shortest epoch, in blocks.
pub const MIN_TEMPO: u32 = 60;

/// The longest epoch, in blocks.
pub const MAX_TEMPO: u32 = 50_400;

/// An epoch unless the subnet says otherwise, in blocks.
pub const DEFAULT_TEMPO: u32 = 360;

/// The longest that a subnet's owner may keep new neurons from being replaced, in blocks: a week of
/// twelve seconds each. A longer one could keep every seat for ever.
pub const MAX_NEURON_IMMUNITY: u32 = 50_400;

/// The longest delay, interval, immunity or half-life that governance may set, in blocks: a year of
/// one second each. A digit too many is refused.
pub const MAX_DELAY: u32 = 31_536_000;

/// The most that governance may make a lock or a neuron cost, in rao: a million TAO.
pub const MAX_COST: Tao = Tao(1_000_000 * UNIT);

/// Epochs closed in one block at most; those beyond wait for the next.
pub const MAX_EPOCHS_PER_BLOCK: u32 = 4;

/// Milliseconds between blocks unless genesis says otherwise.
pub const DEFAULT_BLOCK_TIME_MILLIS: u64 = 12_000;
