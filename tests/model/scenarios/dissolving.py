"""Dissolving, redeeming and pruning (economics 7, pallets/subnets/README.md)."""

from .base_calls import add
from .common import ENDOWMENT, PEOPLE, Vectors, rao, subnet, world
from .stakes import enter

VECTORS = vector = Vectors()


def redeem(s, coldkey, hotkey="val", expect="ok", netuid=1, who="eve"):
    """`redeem`, by anyone."""
    return s.call("redeem", who, expect, netuid=netuid, coldkey=coldkey, hotkey=hotkey)


def holders(amounts: dict) -> dict:
    """A subnet whose only ALPHA outside the pool is that of its stakers, on two hotkeys."""
    return world(
        subnets=[subnet("dave", "own", 1_000), subnet("eve", "other", 1_000)],
        hotkeys=[("val", "alice"), ("val2", "bob")],
        stakes=[(who, 1, ("val", "val2")[n % 2], tao) for n, (who, tao) in enumerate(amounts.items())],
        balances={**{who: ENDOWMENT for who in PEOPLE}, **{who: rao(tao) + 500 for who, tao in amounts.items()}},
    )


def dissolve_all(s, amounts: dict, *parts):
    """Dissolve subnet 1, then redeem every position."""
    s.state().call("dissolve_subnet", "sudo", netuid=1).state(only=("pools",)).blocks(3)
    add(s, "eve", rao(1), expect="*")
    for n, who in enumerate(amounts):
        redeem(s, who, ("val", "val2")[n % 2])
        if n in (0, 1, len(amounts) // 2):
            s.state(only=("balances",) if len(amounts) < 10 else ())
    redeem(s, next(iter(amounts)), "val", "*")
    return s.state(*parts)


def of_holders(count: int):
    """Dissolving among so many holders."""

    def build(new):
        amounts = {f"holder{n:04}": 0.5 + (n * 37 % 101) / 100 if count > 10 else 100 + n for n in range(count)}
        return dissolve_all(new(holders(amounts)), amounts)

    return build


for _count in (1, 2, 1_000):
    vector(
        f"dissolve-{_count}-holders", "economics 7, pallets/subnets/README.md", "All that a fund pays, and the dust, sum to the fund."
    )(of_holders(_count))


@vector("dissolve-nobody", "economics 7", "Nobody holds ALPHA: all of the pool is recycled at once.")
def nobody(new):
    s = new(holders({}))
    s.state().call("dissolve_subnet", "sudo", netuid=1).state()
    redeem(s, "alice", expect="*")
    return s.blocks(2).state()


@vector("dissolve-never-started", "economics 7", "A subnet that never started: its lock is recycled.")
def never_started(new):
    s = new(world(subnets=[subnet("dave", "own", 10, started=False)]))
    enter(s, "alice", "a")
    return s.call("dissolve_subnet", "sudo", netuid=1).state().blocks(1).state()


@vector("dissolve-frozen-buckets", "economics 7", "Redeeming settles a hotkey's stream, which the dissolve froze; what others are owed stays in the fund.")
def frozen(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 1_000, ("val",))],
            hotkeys=[("val", "alice")],
            stakes=[("alice", 1, "val", 100), ("bob", 1, "val", 60), ("charlie", 1, "val", 40)],
        )
    )
    s.to_block(75)
    s.state().call("dissolve_subnet", "sudo", netuid=1).blocks(100).state("pools", "balances")
    for who in ("bob", "charlie", "alice"):
        redeem(s, who).state("pools", "balances")
    return s


@vector("dissolve-buying-before-never-pays", "economics 7, E26", "Who buys just before a dissolve is paid less than it paid.")
def buying_before(new):
    s = new(holders({"early": 50, "late": 20}))
    add(s, "ferdie", rao(300))
    s.call("dissolve_subnet", "sudo", netuid=1)
    for who, hotkey in (("ferdie", "val"), ("early", "val"), ("late", "val2")):
        redeem(s, who, hotkey)
    return s.state()


@vector("dissolve-announced", "pallets/subnets/README.md", "An owner announces, waits, and has a window; a lapsed announcement is made anew.")
def announced(new):
    genesis = world(subnets=[subnet("dave", "own", 100), subnet("eve", "other", 100)], rules={"dissolve_delay": 20})
    s = new(genesis)
    call = "dissolve_subnet"
    s.call(call, "alice", "NotSubnetOwner", netuid=1).call(call, "alice", "UnknownSubnet", netuid=9)
    s.call(call, "dave", netuid=1).blocks(19).call(call, "dave", "DissolveTooSoon", netuid=1)
    s.call("cancel_dissolve", "alice", "NotSubnetOwner", netuid=1).call("cancel_dissolve", "dave", netuid=1)
    s.call("cancel_dissolve", "dave", "*", netuid=1)
    s.blocks(1).call(call, "dave", netuid=1).blocks(40).call(call, "dave", netuid=1).state(only=())
    s.blocks(19).call(call, "dave", "DissolveTooSoon", netuid=1)
    s.blocks(1).call(call, "dave", netuid=1).state(only=())
    return s.blocks(2).state()


def crowd(immunity: int) -> dict:
    """As many subnets as there may be: one in eight is started."""
    subnets = [subnet("dave", f"own{n}", 10 + n % 7, started=n % 8 == 5) for n in range(1, 129)]
    return world(subnets=subnets, rules={"subnet_immunity": immunity, "min_lock": rao(10)},
                 market={"price_ramp": 1, "price_half_life": 60})


@vector("prune-not-started", "economics 7, pallets/subnets/README.md", "A full chain prunes the lowest average price: the lowest netuid of those not started.")
def prune(new):
    s = new(crowd(50))
    s.to_block(49).call("register_subnet", "alice", "TooManySubnets", hotkey="new1")
    s.to_block(50).call("register_subnet", "alice", hotkey="new1")
    s.call("register_subnet", "alice", "RegistrationTooSoon", hotkey="new2")
    s.call("start_call", "dave", "UnknownSubnet", netuid=1)
    return s.state()


@vector("prune-started", "economics 7, pallets/subnets/README.md", "Of started subnets the one whose price was sold down goes; a young one is immune.")
def prune_started(new):
    subnets = [subnet("dave", f"own{n}", 500, ("val",) if n == 77 else ()) for n in range(1, 129)]
    genesis = world(subnets, [("val", "alice")], [("alice", 77, "val", 30)], market={"price_ramp": 1, "price_half_life": 60},
                    rules={"subnet_immunity": 20, "min_lock": rao(10)}, balances={"dave": ENDOWMENT, "alice": ENDOWMENT})
    s = new(genesis)
    s.blocks(10).call("remove_stake", "alice", netuid=77, hotkey="val", amount=rao(20), min_received=0)
    s.blocks(30).call("remove_stake", "alice", netuid=77, hotkey="val", amount="All", min_received=0)
    return s.blocks(1).call("register_subnet", "alice", hotkey="new1", max_lock=rao(10)).state(only=("balances",))


@vector("lock-bound", "pallets/subnets/README.md", "A registration's bound is met to the rao.")
def lock_bound(new):
    s = new(world(rules={"min_lock": rao(10)}))
    s.call("register_subnet", "alice", "CostAboveMaximum", hotkey="a", max_lock=rao(10) - 1)
    return s.call("register_subnet", "alice", hotkey="a", max_lock=rao(10)).state()
