"""Scenarios: written in Python, kept as JSON, replayed from JSON."""

import copy
import json
from dataclasses import dataclass, field
from fractions import Fraction

from .brute import Brute
from .records import Refused
from .state import audit, number, settled, state
from .twin import Twin

ALL_PARTS = ("seats", "pools", "positions", "balances")
PARTS = (*ALL_PARTS, "neurons")


def jsonable(value):
    """The same with large integers as strings."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return number(value)
    if isinstance(value, dict):
        return {key: jsonable(one) for key, one in value.items()}
    return [jsonable(one) for one in value]


def integers(value, keep=("hotkey", "who", "coldkey", "to_coldkey", "fill", "rule", "bonds_version")):
    """The same with decimal strings as integers."""
    if isinstance(value, str):
        digits = value.lstrip("-")
        return int(value) if digits.isdigit() else value
    if isinstance(value, dict):
        return {key: one if key in keep else integers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [integers(one) for one in value]
    return value


@dataclass
class Distance:
    """How far the twin is from the brute model."""

    positions: int = 0
    most: Fraction = Fraction(0)
    bound: int = 0
    outside: int = 0
    wrong: list = field(default_factory=list)

    def measure(self, chain, brute: Brute) -> None:
        """Compare every position, and count what was wrong with splits and parts."""
        self.outside += len(brute.watch.wrong)
        self.wrong += brute.watch.wrong
        brute.watch.wrong = []
        after = settled(chain)
        for (coldkey, netuid, hotkey), shares in after.positions.items():
            value = after.pools[(netuid, hotkey)].value(shares)
            wanted, bound = brute.value(chain, netuid, hotkey, coldkey), brute.bound(chain, netuid, hotkey)
            distance = abs(value - wanted)
            self.positions += 1
            self.outside += distance > bound
            if distance >= self.most:
                self.most, self.bound = distance, bound


class Scenario:
    """A scenario that is run while it is written."""

    def __init__(self, name: str, what: str, source: str, genesis: dict):
        self.name, self.what, self.source, self.genesis = name, what, source, genesis
        self.steps: list[dict] = []
        self.brute = Brute()
        self.chain = Twin(copy.deepcopy(genesis), self.brute)
        self.distance = Distance()

    def call(self, call: str, who: str, expect: str = "ok", **args) -> "Scenario":
        """A call in the current block; `expect` is `ok`, an error's name, or `*` for any error."""
        perform(self.chain, call, who, args, expect)
        step = {"call": call, "who": who, "args": jsonable(args), "expect": expect}
        self.steps.append(step)
        return self

    def blocks(self, n: int = 1) -> "Scenario":
        """So many blocks."""
        for _ in range(n):
            self.chain.next_block()
        self.steps.append({"blocks": n})
        return self

    def to_block(self, number_: int) -> "Scenario":
        """Blocks until that one is the current."""
        return self.blocks(number_ - self.chain.block)

    def state(self, *parts: str, only: tuple | None = None) -> "Scenario":
        """Say the state. No parts: all of them; `only=()`: totals."""
        chosen = ALL_PARTS if only is None and not parts else (only if only is not None else parts)
        if self.chain.yuma and "seats" in chosen:
            chosen = (*chosen, "neurons")
        self.steps.append({"state": state(self.chain, tuple(chosen))})
        self.distance.measure(self.chain, self.brute)
        return self

    def free(self, who: str) -> int:
        """An account's free TAO."""
        return self.chain.balances.get(who, 0)

    def replay(self, text: str) -> list[str]:
        """Replay what the file says; the differences found."""
        return replay(text)

    def report(self) -> str:
        """For the table of `check`: blocks, positions compared, the farthest and its bound."""
        far = self.distance
        return f"{self.chain.block:6} {far.positions:8} {float(far.most):10.2f} {far.bound:8}"

    def wrong(self) -> list[str]:
        """What was beyond its bound."""
        far = self.distance
        return [f"{far.outside} numbers beyond the bound", *far.wrong] if far.outside else []

    def json(self) -> str:
        """The file's text: a step a line."""
        head = {"name": self.name, "what": self.what, "source": self.source}
        lines = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in head.items()]
        lines.append(f'"genesis": {pretty(jsonable(self.genesis))}')
        steps = ",\n".join(pretty(step) for step in self.steps)
        lines.append(f'"steps": [\n{steps}\n]')
        return "{\n" + ",\n".join(lines) + "\n}\n"


def pretty(value) -> str:
    """Dense JSON, with a line for each member of a genesis or a state, and for each row in them."""
    if not isinstance(value, dict) or not any(isinstance(one, (dict, list)) for one in value.values()):
        return json.dumps(value, ensure_ascii=False)
    if "call" in value:
        return json.dumps(value, ensure_ascii=False)
    if set(value) == {"state"}:
        return '{"state": ' + pretty(value["state"]) + "}"
    lines = []
    for key, one in value.items():
        text = json.dumps(one, ensure_ascii=False)
        if isinstance(one, list) and one and isinstance(one[0], dict):
            text = "[\n  " + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in one) + "]"
        elif isinstance(one, dict) and one and isinstance(next(iter(one.values())), dict):
            rows = (f"{json.dumps(k)}: {json.dumps(row, ensure_ascii=False)}" for k, row in one.items())
            text = "{\n  " + ",\n  ".join(rows) + "}"
        lines.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "}"


def perform(chain: Twin, call: str, who: str, args: dict, expect: str) -> None:
    """Make a call on a twin and compare its outcome. A refused call leaves no trace."""
    if expect == "ok":
        getattr(chain, call)(who, **args)
        return
    trial = copy.deepcopy(chain, {id(chain.listener): None})
    try:
        getattr(trial, call)(who, **args)
    except Refused as refused:
        if expect not in ("*", str(refused)) and str(refused) != "*":
            raise AssertionError(f"{call}: {refused}, not {expect}") from refused
        return
    raise AssertionError(f"{call} was not refused: {expect}")


def replay(text: str) -> list[str]:
    """Replay a vector from its JSON; the differences found."""
    vector = json.loads(text)
    chain = Twin(integers(vector["genesis"]))
    found = []
    for step in vector["steps"]:
        if "blocks" in step:
            for _ in range(step["blocks"]):
                chain.next_block()
        elif "call" in step:
            perform(chain, step["call"], step["who"], integers(step["args"]), step["expect"])
        else:
            said = step["state"]
            now = state(chain, tuple(part for part in PARTS if part in said))
            found += [f"{vector['name']} block {chain.block}: {key}" for key in said if said[key] != now[key]]
    audit(chain)
    return found
