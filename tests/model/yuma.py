"""Yuma consensus as the chain computes it: docs/math.md 17, with its roundings, over dense matrices.

Written to be read: loops over all seats, no sparse rows, nothing shared with the chain's way of doing
it but the numbers that come out. `yuma_exact` is the same once more, without roundings.
"""

from dataclasses import dataclass, field

from . import maths
from .params import CONSENSUS, Params

ONE = 2**48 - 1  # a whole weight, consensus or bond
PARTS = 65_535  # `PerU16`
Q63 = 2**63
LOG2_E = 12_102_203  # of a half, in 2⁻²⁴
POWERS = (  # (ln 2)ᵏ/k!, in 2⁻³²
    4_294_967_296, 2_977_044_472, 1_031_764_991, 238_388_332, 41_309_550, 5_726_720, 661_577, 65_510, 5_676,
)


@dataclass
class Seat:
    """A seat, as the consensus is told of it."""

    stake: int
    active: bool = True
    registered_at: int = 0


@dataclass
class Given:
    """What an epoch is decided by. Rows: `{uid: (at, {uid: weight})}`; bonds: `{uid: {uid: bond}}`."""

    seats: list[Seat]
    rows: dict[int, tuple[int, dict[int, int]]]
    owner: int | None = None
    bonds: dict[int, dict[int, int]] = field(default_factory=dict)
    last_epoch_at: int = 0
    params: Params = field(default_factory=lambda: Params(CONSENSUS, {}))

    @property
    def n(self) -> int:
        """How many seats."""
        return len(self.seats)


@dataclass
class Outcome:
    """What an epoch decides, by uid."""

    permits: list[bool]
    incentives: list[int]
    dividends: list[int]
    consensus: list[int]
    trust: list[int]
    validator_trust: list[int]
    bonds: dict[int, dict[int, int]]
    ranks: list[int]  # what incentives are apportioned by
    earned: list[int]  # and dividends


def epoch(given: Given) -> Outcome:
    """Decide an epoch."""
    stakes, permits = permitted(given)
    voters = [p and seat.active and s > 0 for p, seat, s in zip(permits, given.seats, stakes)]
    held = [s if v else 0 for s, v in zip(stakes, voters)]
    total = sum(held)
    parts = [s * Q63 // total if total else 0 for s in held]
    weights = normalised(given, voters)
    agreed = [consensus(given, held, [row[j] for row in weights]) for j in range(given.n)]
    clipped = [[min(w, c) for w, c in zip(row, agreed)] for row in weights]
    ranks = [sum(part * row[j] for part, row in zip(parts, clipped)) for j in range(given.n)]
    ranked = scaled(ranks, 92)
    given_to = [sum(part * row[j] for part, row in zip(parts, weights)) for j in range(given.n)]
    bonds = bonds_after(given, permits, parts, weights, clipped, agreed)
    earned = scaled(earnings(given, voters, parts, ranked, bonds), 92)
    return Outcome(
        permits=permits,
        incentives=maths.apportion(maths.WHOLE, ranked),
        dividends=maths.apportion(maths.WHOLE, earned),
        consensus=agreed,
        trust=[r * PARTS // g if g else 0 for r, g in zip(ranks, given_to)],
        validator_trust=[sum(row) * PARTS // ONE for row in clipped],
        bonds={i: {j: b for j, b in enumerate(row) if b} for i, row in enumerate(bonds) if any(row)},
        ranks=ranked,
        earned=earned,
    )


def scaled(values: list[int], bits: int) -> list[int]:
    """The same in proportion, so that they sum to a number of so many bits."""
    shift = bits - sum(values).bit_length()
    return [value << shift if shift >= 0 else value >> -shift for value in values]


# Who validates.


def permitted(given: Given) -> tuple[list[int], list[bool]]:
    """Stakes that count, and permits: the owner's seat, and the greatest of the others."""
    least = given.params.stake_threshold
    stakes = [s.stake if s.stake >= least or uid == given.owner else 0 for uid, s in enumerate(given.seats)]
    others = sorted((uid for uid, s in enumerate(stakes) if s and uid != given.owner), key=lambda uid: (-stakes[uid], uid))
    chosen = [] if given.owner is None else [given.owner]
    chosen += others[: given.params.max_validators - len(chosen)]
    return stakes, [uid in chosen for uid in range(given.n)]


# Weights.


def counted(given: Given, i: int) -> dict[int, int]:
    """A validator's row, without what does not count."""
    if i not in given.rows:
        return {}
    at, entries = given.rows[i]
    if at <= given.seats[i].registered_at:
        return {}  # an earlier holder's
    return {
        j: weight
        for j, weight in entries.items()
        if (j != i or i == given.owner) and given.seats[j].registered_at < at
    }


def normalised(given: Given, voters: list[bool]) -> list[list[int]]:
    """Weights in parts of `ONE`: each validator's row is a whole."""
    matrix = []
    for i in range(given.n):
        row = counted(given, i) if voters[i] else {}
        total = sum(row.values())
        matrix.append([row.get(j, 0) * ONE // total if total else 0 for j in range(given.n)])
    return matrix


# Consensus.


def consensus(given: Given, held: list[int], column: list[int]) -> int:
    """The greatest weight that validators with κ of the stake give, or more."""
    needed = given.params.kappa * sum(held)
    for weight in sorted(set(column), reverse=True):
        behind = sum(stake for stake, w in zip(held, column) if w >= weight)
        if weight and PARTS * behind >= needed:
            return weight
    return 0


# Bonds.


def bonds_after(given, permits, parts, weights, clipped, agreed) -> list[list[int]]:
    """Bonds after the epoch."""
    n, params = given.n, given.params
    old = bonds_before(given, permits)
    target = [
        [w - params.bonds_penalty * (w - k) // PARTS for w, k in zip(row, kept)] for row, kept in zip(weights, clipped)
    ]
    if params.bonds_version == "Yuma1":
        old = by_columns(old)
        target = by_columns([[part * w for w in row] for part, row in zip(parts, target)])
    after = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n) if permits[i] else ():
            alpha = rate(params, weights[i][j], agreed[j], old[i][j])
            after[i][j] = (alpha * target[i][j] + (PARTS - alpha) * old[i][j]) // PARTS
    return after


def bonds_before(given: Given, permits: list[bool]) -> list[list[int]]:
    """Old bonds of those who have a permit, on and of seats that are older than the last epoch."""
    since = [seat.registered_at < given.last_epoch_at for seat in given.seats]
    rows = []
    for i in range(given.n):
        row = given.bonds.get(i, {}) if permits[i] and since[i] else {}
        rows.append([row.get(j, 0) if since[j] else 0 for j in range(given.n)])
    return rows


def by_columns(matrix: list[list[int]]) -> list[list[int]]:
    """Each entry as a part of its column."""
    return [list(row) for row in zip(*(norm(list(column)) for column in zip(*matrix)))]


def norm(column: list[int]) -> list[int]:
    """Parts of `ONE`: elements and their sum with 64 bits, and one division a column."""
    total = sum(column)
    if not total:
        return column
    shift = 64 - total.bit_length()
    *column, total = (x << shift if shift >= 0 else x >> -shift for x in (*column, total))
    unit = ONE * 2**78 // total
    return [x * unit >> 78 for x in column]


def rate(params, weight: int, agreed: int, bond: int) -> int:
    """How far a bond moves towards its target, in 1/65 535."""
    if params.liquid_alpha is None:
        return PARTS - params.bonds_moving_average
    low, high, steepness = (params.liquid_alpha[name] for name in ("low", "high", "steepness"))
    apart = max(weight - agreed, 0) if weight >= bond else bond - weight
    return low + ((high - low) * logistic(steepness, apart) >> 30)


def logistic(steepness: int, apart: int) -> int:
    """`1/(1 + e^(−steepness·(apart/ONE − ½)))` in Q30; off by less than 2⁻²⁴."""
    power = (abs(2 * apart - ONE) >> 16) * steepness * LOG2_E >> 24
    halvings, rest = power >> 32, power % 2**32
    power = 0
    for factor in reversed(POWERS):
        power = factor - (rest * power >> 32)
    above = 2**62 // (2**32 + (power >> halvings))
    return above if 2 * apart >= ONE else 2**30 - above


# Dividends.


def earnings(given, voters, parts, ranks, bonds) -> list[int]:
    """Validators' parts: what their bonds hold of each miner's rank; by stake where that is nothing."""
    each = []
    for j, rank in enumerate(ranks):
        column = sum(bonds[i][j] for i in range(given.n) if voters[i])
        each.append(rank * 2**32 // column if column else 0)
    earned = []
    for i in range(given.n):
        held = sum(bond * unit for bond, unit in zip(bonds[i], each)) >> 64 if voters[i] else 0
        earned.append(held if given.params.bonds_version == "Yuma1" else parts[i] * held)
    return earned if any(earned) else parts
