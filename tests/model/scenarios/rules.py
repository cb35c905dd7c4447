"""Emission rules (economics 3.2, math 8)."""

from .base_calls import add, remove
from .common import Vectors, rao, subnet, world

VECTORS = vector = Vectors()
QUICK = {"price_half_life": 60, "price_ramp": 20, "flow_half_life": 60}


def three(**market) -> dict:
    """Three subnets of different sizes, with stakers to come."""
    return world(
        subnets=[
            subnet("alice", "own1", 1_000, ("val", "m1")),
            subnet("bob", "own2", 500, ("val", "m2")),
            subnet("charlie", "own3", 2_000, ("val", "m3")),
        ],
        hotkeys=[("val", "dave"), ("m1", "eve"), ("m2", "eve"), ("m3", "eve")],
        stakes=[("dave", 1, "val", 100), ("dave", 2, "val", 50), ("ferdie", 3, "val", 10), ("ferdie", 0, "val", 300)],
        market={**QUICK, **market},
    )


def trade(s):
    """A day of purchases and sales, the same under every rule."""
    s.blocks(1).state("pools").blocks(1).state("pools").blocks(8)
    add(s, "eve", rao(100), netuid=2)
    remove(s, "dave", rao(40), netuid=1)
    s.blocks(1).state("pools").blocks(1).state("pools").blocks(20)
    add(s, "bob", rao(300), netuid=3)
    add(s, "bob", rao(20), netuid=1)
    s.blocks(1)
    remove(s, "eve", "All", netuid=2)
    remove(s, "bob", "All", netuid=3)
    s.blocks(30).state("pools")
    remove(s, "ferdie", "All", netuid=3)
    remove(s, "dave", "All", netuid=2)
    return s.blocks(2).state("pools").blocks(60).state()


for _name, _what, _market in (
    ("tao-reserve", "By the pools' TAO.", {}),
    ("price-ema", "By the averages of the prices.", {"rule": "PriceEma"}),
    ("flow-ema", "By the averages of what users stake less what they unstake.", {"rule": "FlowEma"}),
    ("flow-ema-power-2", "Flows squared.", {"rule": "FlowEma", "flow_power": 2}),
    ("flow-ema-power-4", "Flows to the fourth.", {"rule": "FlowEma", "flow_power": 4}),
    ("flow-ema-cutoff", "Flows at or below a cutoff weigh nothing.", {"rule": "FlowEma", "flow_cutoff": 50_000_000}),
    ("flow-ema-cutoff-above-all", "No flow reaches the cutoff: the pools' TAO decides.", {"rule": "FlowEma", "flow_cutoff": 10**15}),
    ("flow-ema-negative-cutoff", "A cutoff below 0.", {"rule": "FlowEma", "flow_cutoff": -50_000_000}),
):
    vector(f"rule-{_name}", "economics 3.2, math 8", _what)(lambda new, market=_market: trade(new(three(**market))))


@vector("rule-switches", "economics 3.2, E14", "Rules switched one after the other: no average waits, and no backlog comes through.")
def switches(new):
    s = new(three())
    for rule in ("PriceEma", "FlowEma", "TaoReserve", "FlowEma", "PriceEma"):
        s.blocks(15)
        add(s, "eve", rao(30), netuid=2)
        remove(s, "dave", rao(5), netuid=1)
        s.state("pools").call("set_params", "sudo", market={"rule": rule}).blocks(1).state("pools")
    return s.blocks(30).state()


@vector("rule-flow-negative-everywhere", "economics 3.2", "Everyone sells: the least negative flow weighs most.")
def negative(new):
    s = new(three(rule="FlowEma"))
    s.blocks(200)
    for block in range(10):
        for netuid, part in ((1, rao(5)), (2, rao(2))):
            remove(s, "dave", part, netuid=netuid)
        remove(s, "ferdie", rao(0.5), netuid=3)
        s.blocks(1)
    return s.state("pools").blocks(60).state()


@vector("rule-round-trip-in-a-block", "economics 3.2, E19", "Bought and sold within a block: only the fees stay, and move hardly any share.")
def round_trip(new):
    s = new(three(rule="FlowEma"))
    s.blocks(10)
    add(s, "eve", rao(150), netuid=2)
    remove(s, "eve", "All", netuid=2)
    s.state("pools").blocks(1).state("pools")
    s.call("set_params", "sudo", market={"rule": "PriceEma"})
    add(s, "eve", rao(200), netuid=1)
    remove(s, "eve", "All", netuid=1)
    return s.blocks(2).state()


@vector("rule-price-capped-at-one", "economics 3.7, E18", "A price above 1 enters the average as 1.")
def capped(new):
    s = new(three(rule="PriceEma"))
    add(s, "bob", rao(300), netuid=1)
    add(s, "bob", rao(300), netuid=1)
    return s.blocks(1).state(only=()).blocks(300).state()


@vector("rule-young-subnet", "economics 3.7, E18", "Under PriceEma a subnet just started weighs nothing at first.")
def young(new):
    s = new(world(subnets=[subnet("alice", "a", 1_000), subnet("bob", "b", 1_000, started=False)],
                  market={**QUICK, "rule": "PriceEma"}))
    s.blocks(100).call("start_call", "bob", netuid=2)
    for _ in range(3):
        s.state(only=()).blocks(1)
    return s.blocks(100).state()
