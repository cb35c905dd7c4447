"""Long runs with pseudo-random calls, the same on each run."""

import copy

from ..records import Refused
from .common import Vectors, rao, subnet, world

VECTORS = vector = Vectors()
FRACTIONS = (1, 2, 3, 5, 10, 25)


class Dice:
    """A linear congruential generator."""

    def __init__(self, seed: int):
        self.state = seed

    def roll(self, sides: int) -> int:
        """0 up to `sides − 1`."""
        self.state = (self.state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return (self.state >> 33) % sides

    def pick(self, things):
        """One of a sequence."""
        return things[self.roll(len(things))]


def three() -> dict:
    """Three subnets with validators, miners, delegators and root."""
    vals, mins = ("v1", "v2"), [f"m{n}" for n in range(6)]
    return world(
        subnets=[
            subnet("alice", "own1", 1_000, ("v1", "v2", *mins), tempo=360),
            subnet("bob", "own2", 300, ("v2", "v1", *mins[:3]), tempo=100),
            subnet("charlie", "own3", 5_000, ("v1", "m5"), tempo=777),
        ],
        hotkeys=[("v1", "alice", 5_000), ("v2", "bob")] + [(m, "dave") for m in mins],
        stakes=[("alice", 1, "v1", 50), ("bob", 2, "v2", 20), ("ferdie", 0, "v1", 2_000), ("ferdie", 3, "v1", 100),
                ("eve", 0, "v2", 500), ("eve", 1, "v2", 25)],
    )


def attempt(s, call: str, who: str, **args) -> None:
    """Make a call if it would not be refused."""
    trial = copy.deepcopy(s.chain, {id(s.chain.listener): None})
    try:
        getattr(trial, call)(who, **args)
    except Refused:
        return
    s.call(call, who, **args)


def base_call(s, dice: Dice) -> None:
    """A stake or an unstake."""
    who, hotkey, netuid = dice.pick(("alice", "bob", "eve", "ferdie")), dice.pick(("v1", "v2")), dice.roll(4)
    if dice.roll(2):
        tao = rao(1 + dice.roll(40)) + dice.roll(10**9)
        attempt(s, "add_stake", who, netuid=netuid, hotkey=hotkey, tao=tao, min_received=0)
        return
    held = sorted(key for key in s.chain.positions)
    who, netuid, hotkey = dice.pick(held)
    amount = s.chain.pools[(netuid, hotkey)].value(s.chain.positions[(who, netuid, hotkey)]) // dice.pick(FRACTIONS)
    attempt(s, "remove_stake", who, netuid=netuid, hotkey=hotkey, amount=amount, min_received=0)


@vector("base-long-three-subnets", "economics, all of it", "Three subnets over 20 000 blocks; the state at each thousandth.")
def long(new):
    s, dice = new(three()), Dice(1)
    for block in range(1, 20_001):
        if block % 125 == 0 and block % 1_000:
            s.to_block(block)
            base_call(s, dice)
        if block % 1_000 == 0:
            s.to_block(block)
            s.state("pools") if block % 5_000 else s.state()
    return s


def any_call(s, dice: Dice) -> None:
    """Any call of the market."""
    kind = dice.roll(9)
    held = sorted(s.chain.positions)
    who, netuid, hotkey = dice.pick(held)
    value = s.chain.pools[(netuid, hotkey)].value(s.chain.positions[(who, netuid, hotkey)])
    amount = value // dice.pick(FRACTIONS) if dice.roll(4) else "All"
    place = {"netuid": netuid, "hotkey": hotkey}
    market = s.chain.markets.get(netuid)
    price = market.tao * 10**18 // market.alpha if market else 10**18
    if kind < 2:
        base_call(s, dice)
    elif kind == 2:
        limit = price * (1_000 + dice.roll(30)) // 1_000
        attempt(s, "add_stake_limit", who, tao=rao(1 + dice.roll(30)), limit_price=limit, fill="Partial", **place)
    elif kind == 3:
        limit = price * (1_000 - dice.roll(30)) // 1_000
        attempt(s, "remove_stake_limit", who, amount=amount, limit_price=limit, fill="Partial", **place)
    elif kind < 6:
        to = {"to_netuid": dice.roll(4), "to_hotkey": dice.pick(("v1", "v2", "m1"))}
        attempt(s, "move_stake", who, from_netuid=netuid, from_hotkey=hotkey, amount=amount, min_received=0, **to)
    elif kind == 6:
        attempt(s, "transfer_stake", who, to_coldkey=dice.pick(("eve", "bob", "dave")), amount=amount, **place)
    elif kind == 7:
        attempt(s, dice.pick(("burn_alpha", "recycle_alpha")), who, amount=amount, **place)
    else:
        rule = dice.pick(("TaoReserve", "PriceEma", "FlowEma"))
        attempt(s, "set_params", "sudo", market={"rule": rule})


@vector("long-mixed-calls", "economics", "Calls of every kind, rules that change, over 3 000 blocks.")
def mixed(new):
    s, dice = new(three()), Dice(2)
    for block in range(10, 3_001, 10):
        s.to_block(block)
        any_call(s, dice)
        if block % 500 == 0:
            s.state()
    return s


@vector("long-rule-toggled", "E14", "Ten thousand blocks of flow under another rule: a switch to FlowEma lets no backlog through.")
def toggled(new):
    s, dice = new(three()), Dice(3)
    for block in range(50, 10_001, 50):
        s.to_block(block)
        attempt(s, "add_stake", "bob", netuid=2, hotkey="v2", tao=rao(2 + dice.roll(5)), min_received=0)
    s.state("pools").blocks(1).state("pools").call("set_params", "sudo", market={"rule": "FlowEma"})
    s.blocks(1).state("pools").blocks(1).state("pools").call("set_params", "sudo", market={"rule": "TaoReserve"})
    return s.blocks(1).state()
