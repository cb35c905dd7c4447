"""One rao, one atom on each side of a halving (economics 3.1, E11, E13)."""

from ..maths import CAP, block_emission
from ..params import EXISTENTIAL_DEPOSIT
from .common import Vectors, subnet, world

VECTORS = vector = Vectors()
POT = 500


def crosses(issuance, n: int) -> bool:
    """Whether the first block begins before the n-th halving, and ends at it or after it."""
    boundary = -(-CAP * (2**n - 1) // 2**n)
    return issuance < boundary <= issuance + block_emission(issuance)


def tao(n: int, offset: int, only: tuple | None = None):
    """Issuance at the n-th halving's boundary and `offset` beside it."""

    def build(new):
        boundary = -(-CAP * (2**n - 1) // 2**n)
        rest = boundary + offset - POT - 2_000 * 10**9
        s = new(world(subnets=[subnet("alice", "a", 1_000)], balances={"alice": 2_000 * 10**9, "whale": rest}))
        assert crosses(s.chain.issuance, n) == (offset < 0)
        return s.state(only=only).blocks(1).state(only=only).blocks(2).state(only=only)

    return build


for _n in (1, 2, 29):
    for _offset, _name in ((-1, "before"), (0, "at"), (1, "after")):
        vector(
            f"base-tao-halving-{_n}-{_name}",
            "economics 3.1, E13",
            f"TAO's issuance one rao before, at, or after halving {_n}: here {_name}.",
        )(tao(_n, _offset))


# The others from the side before: a block's TAO carries each over its boundary. The thirtieth is the last.
for _n in range(3, 29):
    vector(
        f"base-tao-halving-{_n}-before",
        "economics 3.1, E13",
        f"TAO's issuance one rao before halving {_n}, which the first block crosses.",
    )(tao(_n, -1, ()))


@vector("base-tao-last-halving", "economics 3.1", "From the thirtieth halving on no TAO is made; participants' ALPHA is.")
def last(new):
    boundary = -(-CAP * (2**30 - 1) // 2**30)
    balances = {"alice": 2_000 * 10**9, "whale": boundary - 1 - POT - 2_000 * 10**9}
    s = new(world(subnets=[subnet("alice", "a", 1_000, ("val",))], balances=balances, hotkeys=[("val", "alice")],
                  stakes=[("alice", 1, "val", 100), ("alice", 0, "val", 100)]))
    return s.state().blocks(3).state().blocks(60).state()


@vector("base-tao-at-the-cap", "economics 3.1, 3.4", "All TAO exists: the shares of root are those of the TAO reserves.")
def at_the_cap(new):
    balances = {"alice": 5_000 * 10**9, "whale": CAP - POT - 5_000 * 10**9}
    s = new(world(subnets=[subnet("alice", "a", 1_000, ("val",)), subnet("alice", "b", 500, ("val",))],
                  balances=balances, hotkeys=[("val", "alice")],
                  stakes=[("alice", 1, "val", 100), ("alice", 2, "val", 100), ("alice", 0, "val", 100)]))
    s.state().blocks(2).state()
    s.call("register_neuron", "alice", netuid=1, hotkey="min", max_cost=10**9)
    return s.blocks(2).state()


def alpha(n: int, offset: int, left: int = 10**9, only: tuple | None = None):
    """A lock as large as the boundary: the pool's ALPHA is what exists. `left`: TAO that its owner keeps."""

    def build(new):
        boundary = -(-CAP * (2**n - 1) // 2**n) + offset
        lock = {"owner": "whale", "hotkey": "a", "lock": boundary, "started": True, "neurons": []}
        s = new(world(subnets=[lock], balances={"whale": boundary + left}))
        assert crosses(s.chain.markets[1].issuance, n) == (offset < 0)
        return s.state(only=only).blocks(1).state(only=only).blocks(2).state(only=only)

    return build


for _n in (1, 2):
    for _offset, _name in ((-1, "before"), (0, "at"), (1, "after")):
        vector(
            f"base-alpha-halving-{_n}-{_name}",
            "economics 3.1, 3.3, E11",
            f"ALPHA's issuance one atom before, at, or after halving {_n}: here {_name}. TAO is at its own boundary's side.",
        )(alpha(_n, _offset))


# The others from the side before. A lock of so much TAO makes as much ALPHA, and leaves its owner what an account must
# hold: even at the thirtieth that is below TAO's cap.
for _n in range(3, 31):
    vector(
        f"base-alpha-halving-{_n}-before",
        "economics 3.1, 3.3, E11",
        f"ALPHA's issuance one atom before halving {_n}, which the first block crosses.",
    )(alpha(_n, -1, EXISTENTIAL_DEPOSIT, ()))


@vector("base-halvings-differ-by-age", "E11", "An old subnet past two ALPHA halvings beside a young one.")
def ages(new):
    old = {"owner": "whale", "hotkey": "a", "lock": CAP * 3 // 4 + 5, "started": True, "neurons": []}
    young = {"owner": "whale", "hotkey": "b", "lock": 10**12, "started": True, "neurons": []}
    s = new(world(subnets=[old, young], balances={"whale": CAP * 4 // 5}))
    return s.blocks(1).state().blocks(60).state()


@vector("base-halving-crossed-back", "E11, ADR 0009", "Recycled TAO turns the halving clock back: a block makes more again.")
def back(new):
    boundary = CAP // 2
    balances = {"alice": 2_000 * 10**9, "whale": boundary + 1 - POT - 2_000 * 10**9}
    s = new(world(subnets=[subnet("alice", "a", 1_000)], balances=balances))
    s.blocks(1).state(only=())
    for n in range(8):
        s.call("register_neuron", "alice", netuid=1, hotkey=f"neuron{n}", max_cost=10**9)
    return s.state(only=()).blocks(1).state(only=()).blocks(3).state()
