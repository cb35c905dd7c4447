"""Yuma consensus without roundings: dense matrices of rationals, the logistic from long decimals.

Written from the rules (docs/math.md 17) as they are before any integer is made of them. Which weight
wins is a comparison, and exact. Bonds and what is made of them are kept on a grid of 2⁻¹²⁸ once an
epoch, which is as good as exact: otherwise their denominators would be multiplied with every epoch.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from . import maths, yuma
from .yuma import PARTS, Given, Outcome

GRID = 2**128
LONG = Context(prec=40)
NONE = Fraction(0)
BOUND = 1  # in units of 2⁻³², before the apportionment; tests/model/README.md says why


@dataclass
class Exact:
    """What an epoch decides, in rationals: parts of wholes."""

    permits: list[bool]
    incentives: list[Fraction]
    dividends: list[Fraction]
    consensus: list[Fraction]
    trust: list[Fraction]
    validator_trust: list[Fraction]
    bonds: list[list[Fraction]]


def near(x: Fraction) -> Fraction:
    """The same on the grid."""
    return Fraction(x.numerator * GRID // x.denominator, GRID)


def shares(values: list[Fraction]) -> list[Fraction]:
    """Each as a part of their sum; nothing if that is nothing."""
    total = sum(values)
    return [near(value / total) if total else NONE for value in values]


def epoch(given: Given, last: Exact | None) -> Exact:
    """Decide an epoch, after the last one, whose bonds are the old ones."""
    n, params = given.n, given.params
    seats = range(n)
    stakes = [Fraction(0 if s.stake < params.stake_threshold and i != given.owner else s.stake) for i, s in enumerate(given.seats)]
    permits = _permits(given, stakes)
    votes = [i for i in seats if permits[i] and given.seats[i].active and stakes[i]]
    total = sum(stakes[i] for i in votes)
    stake = [stakes[i] / total if i in votes else NONE for i in seats]
    weights = [_row(given, i) if i in votes else [NONE] * n for i in seats]
    agreed = [_median(stake, [weights[i][j] for i in seats], Fraction(params.kappa, PARTS)) for j in seats]
    clipped = [[min(w, agreed[j]) if w else NONE for j, w in enumerate(row)] for row in weights]
    ranks = [sum((stake[i] * clipped[i][j] for i in votes if clipped[i][j]), NONE) for j in seats]
    asked = [sum((stake[i] * weights[i][j] for i in votes if weights[i][j]), NONE) for j in seats]
    incentives = shares(ranks)
    bonds = _bonds(given, permits, stake, weights, clipped, agreed, last.bonds if last else [])
    return Exact(
        permits=permits,
        incentives=incentives,
        dividends=_dividends(params, votes, stake, incentives, bonds),
        consensus=agreed,
        trust=[near(r / a) if a else NONE for r, a in zip(ranks, asked)],
        validator_trust=[sum(row) for row in clipped],
        bonds=bonds,
    )


def _permits(given: Given, stakes: list[Fraction]) -> list[bool]:
    """One seat after the other: the owner's, then again and again the richest that is left."""
    permits = [uid == given.owner for uid in range(given.n)]
    while sum(permits) < given.params.max_validators:
        left = [uid for uid in range(given.n) if not permits[uid] and stakes[uid]]
        if not left:
            break
        permits[max(left, key=lambda uid: (stakes[uid], -uid))] = True
    return permits


def _row(given: Given, i: int) -> list[Fraction]:
    """A validator's weights as parts of their sum."""
    at, entries = given.rows.get(i, (0, {}))
    row = []
    for j, seat in enumerate(given.seats):
        own = i == j and i != given.owner
        known = seat.registered_at < at and given.seats[i].registered_at < at
        row.append(Fraction(entries.get(j, 0)) if known and not own else NONE)
    total = sum(row)
    return [w / total if total else NONE for w in row]


def _median(stake: list[Fraction], column: list[Fraction], majority: Fraction) -> Fraction:
    """Walk from the greatest weight down until a majority of stake is behind it."""
    behind, votes = NONE, sorted(((w, s) for w, s in zip(column, stake) if w), reverse=True)
    for k, (weight, s) in enumerate(votes):
        behind += s
        last = k + 1 == len(votes) or votes[k + 1][0] < weight
        if last and behind >= majority:
            return weight
    return NONE


def _columns(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """Each entry as a part of its column."""
    columns = [shares(list(column)) for column in zip(*matrix)]
    return [list(row) for row in zip(*columns)]


def _bonds(given, permits, stake, weights, clipped, agreed, old) -> list[list[Fraction]]:
    n, params = given.n, given.params
    penalty = Fraction(params.bonds_penalty, PARTS)
    old = [[_before(given, permits, i, j, old) for j in range(n)] for i in range(n)]
    target = [[w + penalty * (k - w) if w else NONE for w, k in zip(*rows)] for rows in zip(weights, clipped)]
    if params.bonds_version == "Yuma1":
        old = _columns(old)
        target = _columns([[stake[i] * w for w in row] for i, row in enumerate(target)])
    bonds = [[NONE] * n for _ in range(n)]
    for i in range(n):
        for j in range(n) if permits[i] else ():
            if target[i][j] or old[i][j]:
                alpha = rate(params, weights[i][j], agreed[j], old[i][j])
                bonds[i][j] = near(alpha * target[i][j] + (1 - alpha) * old[i][j])
    return bonds


def _before(given, permits, i, j, old) -> Fraction:
    """An old bond, if it still counts."""
    if not permits[i] or i >= len(old) or j >= len(old):
        return NONE
    return old[i][j] if max(given.seats[i].registered_at, given.seats[j].registered_at) < given.last_epoch_at else NONE


def rate(params, weight: Fraction, agreed: Fraction, bond: Fraction) -> Fraction:
    """How far a bond moves towards its target: whole parts, rounded down.

    The integers' logistic is off by less than 2⁻²⁴. Where that may tip the rounding, either is right,
    and theirs is taken.
    """
    if params.liquid_alpha is None:
        return 1 - Fraction(params.bonds_moving_average, PARTS)
    low, high, steepness = (params.liquid_alpha[name] for name in ("low", "high", "steepness"))
    apart = max(weight - agreed, NONE) if weight >= bond else bond - weight
    exact, slack = low + (high - low) * logistic(steepness, apart), Fraction(high - low, 2**24)
    parts = int(exact)
    if int(exact - slack) != int(exact + slack):
        parts = low + ((high - low) * yuma.logistic(steepness, int(apart * yuma.ONE)) >> 30)
    return Fraction(parts, PARTS)


def logistic(steepness: int, apart: Fraction) -> Fraction:
    """`1/(1 + e^(−steepness·(apart − ½)))`, to forty digits."""
    power = -steepness * (apart - Fraction(1, 2))
    power = LONG.divide(Decimal(power.numerator), Decimal(power.denominator))
    return Fraction(LONG.divide(Decimal(1), LONG.add(Decimal(1), LONG.exp(power))))


def _dividends(params, votes, stake, incentives, bonds) -> list[Fraction]:
    n = len(bonds)
    held = [sum(bonds[i][j] for i in votes) for j in range(n)]
    unit = [near(part / total) if total else NONE for part, total in zip(incentives, held)]
    earned = [NONE] * n
    for i in votes:
        earned[i] = sum((b * u for b, u in zip(bonds[i], unit) if b), NONE)
        if params.bonds_version == "Yuma3":
            earned[i] *= stake[i]
    return shares(earned if any(earned) else stake)


def distance(said: Outcome, exact: Exact) -> Fraction:
    """How far apart incentives and dividends are before they are apportioned, in units of 2⁻³².

    Permits and consensus have to be the same, and what is shown the exact one, to a part.
    """
    assert said.permits == exact.permits, "permits"
    assert said.consensus == [int(weight * yuma.ONE) for weight in exact.consensus], "consensus"
    for shown, trust in ((said.trust, exact.trust), (said.validator_trust, exact.validator_trust)):
        assert all(abs(part - PARTS * whole) <= 1 for part, whole in zip(shown, trust)), "trust"
    most = NONE
    for weights, parts in ((said.ranks, exact.incentives), (said.earned, exact.dividends)):
        total = sum(weights)
        assert bool(total) == any(parts), "whether there are any"
        most = max([most] + [abs(Fraction(w, total) - p) * maths.WHOLE for w, p in zip(weights, parts) if total])
    return most
