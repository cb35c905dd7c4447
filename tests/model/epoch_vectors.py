"""Vectors of Yuma's epochs, one after the other on one subnet: written, kept as JSON, replayed.

`tests/model/README.md`, "Epochs of Yuma", says what the JSON means.
"""

import copy
import json
from fractions import Fraction

from . import yuma, yuma_exact
from .params import CONSENSUS, Params

GIVEN = ("at", "last_epoch_at", "owner", "params", "seats", "weights")
COUNTED = (
    "kappa max_validators stake_threshold bonds_version bonds_moving_average bonds_penalty liquid_alpha".split()
)
MULTIPLIER, INCREMENT, WORD = 6_364_136_223_846_793_005, 1_442_695_040_888_963_407, 2**64
LISTED = 2_000  # bonds; more are digested


def step(x: int) -> int:
    """The next number of the generator of large weights."""
    return (x * MULTIPLIER + INCREMENT) % WORD


def generated(seed: int, rows: list, n: int) -> dict:
    """The rows that a seed stands for."""
    x, made = seed, {}
    for uid, at in rows:
        entries = {}
        for j in range(n):
            if j != uid:
                x = step(x)
                entries[j] = x >> 48
        made[uid] = (at, {j: w for j, w in entries.items() if w})
    return made


def digest(bonds: dict) -> int:
    """A number that another matrix would hardly have."""
    d = 0
    for i, row in sorted(bonds.items()):
        for j, bond in sorted(row.items()):
            for x in (i, j, bond):
                d = (step(d) + x) % WORD
    return d


def given_of(row: dict, bonds: dict) -> yuma.Given:
    """What an epoch's row, complete, says it is decided by."""
    weights = row["weights"]
    if isinstance(weights, dict):
        rows = generated(int(weights["seed"]), weights["rows"], len(row["seats"]))
    else:
        rows = {uid: (at, dict(entries)) for uid, at, entries in weights}
    return yuma.Given(
        seats=[yuma.Seat(int(stake), active, since) for stake, active, since in row["seats"]],
        rows=rows,
        owner=row["owner"],
        bonds=bonds,
        last_epoch_at=row["last_epoch_at"],
        params=Params(CONSENSUS, {**row["params"], "stake_threshold": int(row["params"]["stake_threshold"])}),
    )


def answer(outcome: yuma.Outcome) -> dict:
    """What a vector says of an outcome. All numbers are below 2⁵³."""
    said = {
        "permits": [uid for uid, permit in enumerate(outcome.permits) if permit],
        "incentives": outcome.incentives,
        "dividends": outcome.dividends,
        "consensus": [weight * yuma.PARTS // yuma.ONE for weight in outcome.consensus],
        "trust": outcome.trust,
        "validator_trust": outcome.validator_trust,
    }
    if sum(len(row) for row in outcome.bonds.values()) > LISTED:
        said["bonds_digest"] = str(digest(outcome.bonds))
    else:
        said["bonds"] = [[i, [list(entry) for entry in sorted(row.items())]] for i, row in sorted(outcome.bonds.items())]
    return said


class Epochs:
    """A vector that is computed while it is written; the rational twin goes along."""

    def __init__(self, name: str, what: str, source: str, n: int, tempo: int = 360):
        self.name, self.what, self.source, self.tempo = name, what, source, tempo
        self.rows: list[dict] = []
        self.now: dict = {
            "at": 0,
            "last_epoch_at": 0,
            "owner": None,
            "params": {key: CONSENSUS[key] for key in COUNTED},
            "seats": [[0, True, 0] for _ in range(n)],
            "weights": [],
        }
        self.bonds: dict = {}
        self.exact: yuma_exact.Exact | None = None
        self.distances: list[Fraction] = []

    # What changes between epochs.

    def params(self, **changes) -> "Epochs":
        """Other parameters from now on."""
        self.now["params"].update(changes)
        return self

    def stakes(self, stakes) -> "Epochs":
        """Stakes in atoms, by uid."""
        for seat, stake in zip(self.now["seats"], stakes, strict=True):
            seat[0] = int(stake)
        return self

    def seat(self, uid: int, stake=None, active=None, since=None) -> "Epochs":
        """Change a seat, or append one."""
        seats = self.now["seats"]
        if uid == len(seats):
            seats.append([0, True, self.now["at"]])
        for place, value in enumerate((stake, active, since)):
            if value is not None:
                seats[uid][place] = value
        return self

    def owner(self, uid: int | None) -> "Epochs":
        """The owner's seat."""
        self.now["owner"] = uid
        return self

    def weigh(self, uid: int, entries: dict, at: int | None = None) -> "Epochs":
        """A row, set a block after the last epoch unless it says otherwise; an empty one is removed."""
        rows = {row[0]: row for row in self.now["weights"]}
        rows[uid] = [uid, self.now["at"] + 1 if at is None else at, [[j, w] for j, w in sorted(entries.items()) if w]]
        self.now["weights"] = [row for _, row in sorted(rows.items()) if row[2]]
        return self

    def generate(self, seed: int, rows: list) -> "Epochs":
        """Rows that a seed stands for."""
        self.now["weights"] = {"seed": str(seed), "rows": rows}
        return self

    def epoch(self, count: int = 1) -> "Epochs":
        """Decide so many epochs, a tempo apart."""
        for _ in range(count):
            self.now["last_epoch_at"], self.now["at"] = self.now["at"], self.now["at"] + self.tempo
            given = given_of(self.now, self.bonds)
            outcome = yuma.epoch(given)
            self.exact = yuma_exact.epoch(given, self.exact)
            self.distances.append(yuma_exact.distance(outcome, self.exact))
            self.bonds = outcome.bonds
            self.rows.append({**copy.deepcopy(self.now), **answer(outcome)})
        return self

    def replay(self, text: str) -> list[str]:
        """Replay what the file says; the differences found."""
        return replay(text)

    def report(self) -> str:
        """For the table of `check`: epochs, seats compared, the farthest part and its bound."""
        seats = sum(len(row["seats"]) for row in self.rows)
        return f"{len(self.rows):6} {seats:8} {float(max(self.distances)):10.6f} {yuma_exact.BOUND:8}"

    def wrong(self) -> list[str]:
        """What was beyond its bound."""
        far = [(number, float(d)) for number, d in enumerate(self.distances, 1) if d > yuma_exact.BOUND]
        return [f"epoch {number} is {d} off" for number, d in far]

    # The file.

    def json(self) -> str:
        """The file's text: what is given only where it differs from the epoch before."""
        lines, before = [], {}
        for row in self.rows:
            said = {key: value for key, value in row.items() if key not in GIVEN or before.get(key, ...) != value}
            lines.append("{" + ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in said.items()) + "}")
            before = row
        head = {"name": self.name, "what": self.what, "source": self.source}
        text = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in head.items()]
        text.append('"epochs": [\n' + ",\n".join(lines) + "\n]")
        return "{\n" + ",\n".join(text) + "\n}\n"


def replay(text: str) -> list[str]:
    """Replay a vector from its JSON; the differences found."""
    vector = json.loads(text)
    row, bonds, found = {}, {}, []
    for number, said in enumerate(vector["epochs"], 1):
        row = {**{key: row[key] for key in GIVEN if key in row}, **said}
        outcome = yuma.epoch(given_of(row, bonds))
        bonds = outcome.bonds
        found += [f"{vector['name']} epoch {number}: {key}" for key, value in answer(outcome).items() if said[key] != value]
    return found
