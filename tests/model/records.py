"""The twin's records. All numbers are integers in base units."""

from dataclasses import dataclass, field

from . import maths
from .params import CONSENSUS, Params


class Refused(Exception):
    """A call's error, by the name that the chain gives it. `*`: any error, the name is not documented."""


@dataclass
class Hotkey:
    """Who owns a hotkey, and its take in 1/65 535."""

    coldkey: str
    take: int
    pending: tuple[int, int] | None = None  # a higher take, and the block from which it counts
    announced: int | None = None  # when the last higher take was announced
    swapped_at: int | None = None  # when its account was last exchanged
    rebinding: tuple[str, int] | None = None  # the owner it announced it chooses, and the block from which it may

    def take_at(self, now: int) -> int:
        """The take in block `now`."""
        return self.pending[0] if self.pending and now >= self.pending[1] else self.take


@dataclass
class StakePool:
    """A hotkey's stake on a subnet or on root."""

    amount: int = 0
    shares: int = 0
    stake_blocks: int = 0  # Σ amount·blocks up to `since`
    since: int = 0
    # A subnet's: the part of the validators' bucket in the open epoch.
    weight: int = 0
    credited: int = 0
    take: int = 0  # as it was when the epoch opened
    # Root's: the drip.
    left: int = 0
    last: int = 0
    until: int = 0

    def advance(self, now: int) -> None:
        """Count the stake up to `now`."""
        self.stake_blocks += self.amount * (now - self.since)
        self.since = now

    def value(self, shares: int) -> int:
        """What shares are worth."""
        return maths.share_value(shares, self.shares, self.amount)


@dataclass
class Score:
    """A seat, as the market knows it."""

    hotkey: str
    incentive: int = 0
    root_dividend: int = 0
    alpha_seen: int = 0  # stake·blocks from which the epoch's stake is counted
    root_seen: int = 0
    miner_paid: int = 0


@dataclass
class Market:
    """A subnet's record."""

    tao: int
    alpha: int
    outstanding: int = 0
    burnt: int = 0
    price_ema: int = 0
    flow_ema: int = 0
    flow_block: int = 0
    started_at: int | None = None
    owner: int = 0
    miners: int = 0
    miners_settled: int = 0
    validators: int = 0
    settled: int = 0
    root: int = 0
    root_tao: int = 0
    root_paid: int = 0  # of root_tao, assigned to seats that were replaced
    root_stake: int = 0  # R: time-weighted root TAO of the last epoch's permits
    epoch: int = 0
    opened_at: int = 0
    closes_at: int = 0
    validators_scored: bool = False
    miners_scored: bool = False
    root_scored: bool = False
    root_rate: int = 0  # Σ over the epoch's blocks of share/price, in 2⁻⁶⁴
    scores: list[Score] = field(default_factory=list)
    dissolved: bool = False
    fund: int = 0
    alpha_left: int = 0

    @property
    def issuance(self) -> int:
        """ALPHA that exists."""
        return self.alpha + self.outstanding + self.burnt

    @property
    def trades(self) -> bool:
        """Whether it is started and not dissolved."""
        return self.started_at is not None and not self.dissolved


@dataclass
class Subnet:
    """A subnet, as the registry knows it."""

    owner: str
    hotkey: str
    registered_at: int
    tempo: int
    neuron_immunity: int
    max_seats: int = 256
    registration_open: bool = True
    consensus: Params = field(default_factory=lambda: Params(CONSENSUS, {}))
    hyperparams_set_at: int | None = None  # by its owner
    seats: list[str] = field(default_factory=list)
    seated_at: list[int] = field(default_factory=list)
    last_cost: tuple[int, int] | None = None  # what the next seat cost at once, and when that was
    dissolve_from: int | None = None
