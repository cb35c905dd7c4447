"""What scenarios share."""

from ..maths import UNIT
from ..scenario import Scenario

PEOPLE = ("alice", "bob", "charlie", "dave", "eve", "ferdie")
ENDOWMENT = 100_000 * UNIT


class Vectors(list):
    """A module's scenarios; used as a decorator that names one, of a kind of vectors."""

    def __init__(self, prefix: str = "", kind=Scenario):
        super().__init__()
        self.prefix, self.kind = prefix, kind

    def __call__(self, name: str, source: str, what: str):
        def register(build):
            self.append((self.prefix + name, source, what, build, self.kind))
            return build

        return register


def built(entry, only: str):
    """Build a vector, if its name contains `only`."""
    name, source, what, build, kind = entry
    if only not in name:
        return

    def new(start, **more):
        return kind(name, what, source, start, **more)

    yield build(new)


def world(subnets=(), hotkeys=(), stakes=(), balances=None, market=None, rules=None, tempo=60) -> dict:
    """A genesis. `hotkeys`: `(hotkey, coldkey[, take])`; `stakes`: `(coldkey, netuid, hotkey, TAO)`."""
    params = {"tempo": tempo, **(rules or {})}
    genesis = {
        "market": market or {},
        "subnets_params": params,
        "balances": balances if balances is not None else {who: ENDOWMENT for who in PEOPLE},
        "hotkeys": [{"hotkey": h[0], "coldkey": h[1], **({"take": h[2]} if len(h) > 2 else {})} for h in hotkeys],
        "subnets": list(subnets),
        "stakes": [{"coldkey": c, "netuid": n, "hotkey": h, "tao": rao(t)} for c, n, h, t in stakes],
    }
    return genesis


def rao(tao) -> int:
    """TAO in rao."""
    return int(tao * UNIT)


def subnet(owner="alice", hotkey="owner1", lock=1_000, neurons=(), started=True, tempo=None) -> dict:
    """A subnet of genesis; `lock` in TAO."""
    row = {"owner": owner, "hotkey": hotkey, "lock": rao(lock), "started": started, "neurons": list(neurons)}
    if tempo:
        row["tempo"] = tempo
    return row


def simple(stake=100, root=100, **more) -> dict:
    """One subnet: dave owns it, `val` (alice's) validates, `min` (charlie's) mines, bob delegates, ferdie is on root."""
    stakes = [("alice", 1, "val", stake), ("bob", 1, "val", stake)]
    if root:
        stakes.append(("ferdie", 0, "val", root))
    return world(
        subnets=[subnet("dave", "own", neurons=("val", "min"))],
        hotkeys=[("val", "alice"), ("min", "charlie")],
        stakes=stakes,
        **more,
    )
