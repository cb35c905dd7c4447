"""Moves, transfers, limits, destinations, delayed takes, seats (economics 4)."""

from ..maths import PRICE_ONE
from ..state import settled
from .base_calls import add
from .common import Vectors, rao, simple, subnet, world

VECTORS = vector = Vectors()


def two(**more) -> dict:
    """Two subnets, two validators, stakers on both and on root."""
    return world(
        subnets=[subnet("dave", "own1", 1_000, ("v1", "v2", "m1", "m2", "m3")), subnet("eve", "own2", 600, ("v2", "m1"))],
        hotkeys=[("v1", "alice"), ("v2", "bob"), ("m1", "charlie"), ("m2", "charlie"), ("m3", "charlie")],
        stakes=[("alice", 1, "v1", 50), ("bob", 1, "v2", 40), ("bob", 2, "v2", 40), ("ferdie", 1, "v1", 30),
                ("ferdie", 0, "v1", 500), ("ferdie", 2, "v2", 25)],
        **more,
    )


def limit(s, side, who, amount, price, fill, expect="ok", netuid=1, hotkey="v1"):
    """A limit order; `price` in 10⁻¹⁸ TAO per ALPHA."""
    call, name = ("add_stake_limit", "tao") if side == "buy" else ("remove_stake_limit", "amount")
    args = {"netuid": netuid, "hotkey": hotkey, name: amount, "limit_price": price, "fill": fill}
    return s.call(call, who, expect, **args)


def held(s, who, netuid, hotkey) -> int:
    """What a position is worth, rewards up to now included."""
    chain = settled(s.chain)
    return chain.pools[(netuid, hotkey)].value(chain.positions[(who, netuid, hotkey)])


def spot(s, netuid=1) -> int:
    """The price."""
    market = s.chain.markets[netuid]
    return market.tao * PRICE_ONE // market.alpha


@vector("stake-limit-buy", "economics 2, 4; docs/math.md", "Purchases up to a price: all, part, nothing.")
def limit_buy(new):
    s = new(two())
    s.blocks(1)
    price = spot(s)
    limit(s, "buy", "eve", rao(100), price * 101 // 100, "FillOrKill", "LimitNotMet")
    limit(s, "buy", "eve", rao(100), price * 101 // 100, "Partial").state()
    limit(s, "buy", "eve", rao(100), price, "Partial", "NothingFilled")
    limit(s, "buy", "eve", rao(1), price * 105 // 100, "FillOrKill").state("pools", "positions", "balances")
    limit(s, "buy", "eve", rao(100), spot(s) + 10**12, "Partial", "AmountTooSmall")
    limit(s, "buy", "eve", rao(5_000), price * 10, "Partial", "TradeTooLarge")
    for step in range(1, 9):
        limit(s, "buy", "bob", rao(200), spot(s) + step * 3_333_333_333_333_333, "Partial")
    return s.state()


@vector("stake-limit-sell", "economics 2, 4; docs/math.md", "Sales down to a price: all, part, nothing.")
def limit_sell(new):
    s = new(two())
    add(s, "eve", rao(300), hotkey="v1").blocks(1)
    price = spot(s)
    limit(s, "sell", "eve", "All", price * 99 // 100, "FillOrKill", "LimitNotMet")
    limit(s, "sell", "eve", "All", price * 99 // 100, "Partial").state()
    limit(s, "sell", "eve", "All", spot(s) + 10**9, "Partial", "NothingFilled")
    limit(s, "sell", "eve", rao(1), price * 9 // 10, "FillOrKill").state("pools", "positions", "balances")
    for step in range(1, 9):
        limit(s, "sell", "eve", rao(50), spot(s) - step * 1_111_111_111_111_111, "Partial")
    limit(s, "sell", "eve", "All", 1, "FillOrKill")
    return s.state()


@vector("stake-limit-on-root", "docs/math.md", "Root's price is 1: within the limit all is filled, beyond it nothing.")
def limit_root(new):
    s = new(two())
    for fill, name in (("FillOrKill", "LimitNotMet"), ("Partial", "NothingFilled")):
        limit(s, "buy", "eve", rao(5), PRICE_ONE - 1, fill, name, 0)
        limit(s, "buy", "eve", rao(5), PRICE_ONE, fill, "ok", 0)
        limit(s, "sell", "eve", rao(1), PRICE_ONE + 1, fill, name, 0)
        limit(s, "sell", "eve", rao(1), PRICE_ONE, fill, "ok", 0)
    return s.state()


@vector("stake-limit-remainder", "docs/math.md", "A limited sale may not leave less than the least stake.")
def limit_remainder(new):
    s = new(two())
    add(s, "eve", rao(10), netuid=0, hotkey="v1")
    limit(s, "sell", "eve", rao(10) - 1_999_999, PRICE_ONE, "FillOrKill", "RemainderTooSmall", 0)
    return limit(s, "sell", "eve", rao(10) - 2_000_000, PRICE_ONE, "FillOrKill", "ok", 0).state()


def move(s, who, source, to, amount, expect="ok", least=0):
    """`move_stake` between `(netuid, hotkey)` pairs."""
    return s.call("move_stake", who, expect, from_netuid=source[0], from_hotkey=source[1], to_netuid=to[0],
                  to_hotkey=to[1], amount=amount, min_received=least)


@vector("stake-move-within", "economics 4, docs/math.md", "From one hotkey to another of the same subnet: no trade, no fee.")
def move_within(new):
    s = new(two())
    s.blocks(20)
    move(s, "ferdie", (1, "v1"), (1, "v2"), rao(10)).state()
    move(s, "ferdie", (0, "v1"), (0, "v2"), rao(100))
    move(s, "ferdie", (1, "v1"), (1, "v2"), "All").state()
    move(s, "ferdie", (1, "v1"), (1, "v2"), "All", "NoPosition")
    move(s, "ferdie", (1, "v2"), (1, "nobody"), "All", "UnknownHotkey")
    move(s, "ferdie", (1, "v2"), (1, "v1"), rao(1), "SlippageExceeded", rao(1) + 1)
    move(s, "ferdie", (1, "v2"), (1, "v1"), 1_000_000, "AmountTooSmall")
    return s.blocks(60).state()


@vector("stake-move-across", "economics 4, docs/math.md", "From subnet to subnet: a sale that pays a fee, a purchase that does not.")
def move_across(new):
    s = new(two())
    s.blocks(20)
    move(s, "ferdie", (1, "v1"), (2, "v2"), rao(10)).state()
    move(s, "alice", (1, "v1"), (2, "v2"), "All").state()
    move(s, "ferdie", (2, "v2"), (1, "v1"), rao(1), "SlippageExceeded", rao(2))
    return s.blocks(60).state()


@vector("stake-move-root", "economics 4, docs/math.md", "Between root and a subnet: one fee each way.")
def move_root(new):
    s = new(two())
    s.blocks(20)
    move(s, "ferdie", (0, "v1"), (1, "v1"), rao(100)).state()
    move(s, "ferdie", (1, "v1"), (0, "v2"), rao(50)).state()
    move(s, "ferdie", (0, "v1"), (2, "v2"), "All", "TradeTooLarge")
    move(s, "ferdie", (0, "v2"), (0, "v1"), "All")
    return s.blocks(60).state()


@vector("stake-move-counts-as-flow", "docs/math.md", "A move across subnets is flow on both sides, one within is none.")
def move_flow(new):
    s = new(two(market={"rule": "FlowEma", "flow_half_life": 60}))
    s.blocks(20)
    move(s, "ferdie", (1, "v1"), (2, "v2"), rao(15))
    move(s, "bob", (1, "v2"), (1, "v1"), rao(10))
    return s.state("pools").blocks(1).state("pools").blocks(1).state()


@vector("stake-move-remainder", "docs/math.md", "What a move leaves and what arrives are worth the least stake, or all is moved.")
def move_remainder(new):
    s = new(two())
    add(s, "eve", rao(1), netuid=0, hotkey="v1")
    move(s, "eve", (0, "v1"), (0, "v2"), rao(1) - 1_999_999, "RemainderTooSmall")
    move(s, "eve", (0, "v1"), (0, "v2"), 1_999_999, "AmountTooSmall")
    move(s, "eve", (0, "v1"), (0, "v2"), rao(1) - 2_000_000)
    return move(s, "eve", (0, "v1"), (0, "v2"), "All").state()


@vector("stake-transfer", "economics 4", "Stake changes its coldkey; a small position can leave as a whole.")
def transfer(new):
    s = new(two())
    s.blocks(20)
    args = {"netuid": 1, "hotkey": "v1"}
    s.call("transfer_stake", "ferdie", to_coldkey="eve", amount=rao(10), **args).state()
    s.call("transfer_stake", "ferdie", "InsufficientStake", to_coldkey="eve", amount=rao(1_000), **args)
    s.call("transfer_stake", "ferdie", "AmountTooSmall", to_coldkey="eve", amount=1_000_000, **args)
    s.call("transfer_stake", "ferdie", to_coldkey="alice", amount="All", **args)
    s.call("transfer_stake", "ferdie", "NoPosition", to_coldkey="alice", amount="All", **args)
    s.call("transfer_stake", "ferdie", to_coldkey="dave", netuid=0, hotkey="v1", amount=rao(7))
    return s.state().blocks(60).state()


@vector("stake-remove-all", "economics 4", "Several positions in one call, each with its own bound; one refused refuses all.")
def remove_all(new):
    s = new(two())
    s.blocks(20)
    stakes = [[1, "v1", 0], [2, "v2", rao(1)], [0, "v1", rao(500)]]
    s.call("remove_all_stake", "ferdie", "SlippageExceeded", stakes=[*stakes[:2], [0, "v1", rao(501)]])
    return s.call("remove_all_stake", "ferdie", stakes=stakes).state()


@vector("stake-recycle-and-burn", "economics 1, 4", "Recycled ALPHA leaves its issuance; burnt ALPHA stays counted.")
def recycle_burn(new):
    s = new(two())
    s.blocks(20)
    s.call("recycle_alpha", "ferdie", netuid=1, hotkey="v1", amount=rao(5)).state()
    s.call("burn_alpha", "ferdie", netuid=1, hotkey="v1", amount=rao(5)).state()
    s.call("burn_alpha", "ferdie", "InsufficientStake", netuid=1, hotkey="v1", amount=rao(50))
    rest = held(s, "ferdie", 2, "v2") - 1_000_000
    s.call("burn_alpha", "ferdie", "RemainderTooSmall", netuid=2, hotkey="v2", amount=rest)
    return s.call("burn_alpha", "ferdie", netuid=2, hotkey="v2", amount="All").state()


@vector("stake-recycle-turns-alpha-clock-back", "economics 1, E11", "Recycled ALPHA turns its halving clock back; burnt ALPHA does not.")
def alpha_clock(new):
    boundary = 21 * 10**15 // 2
    lock = {"owner": "whale", "hotkey": "own", "lock": boundary - rao(1), "started": True, "neurons": []}
    s = new(world(subnets=[lock], balances={"whale": boundary + rao(10_000)}))
    s.blocks(1).state(only=())
    add(s, "whale", rao(50), hotkey="own").blocks(1).state(only=())
    s.call("burn_alpha", "whale", netuid=1, hotkey="own", amount=rao(10)).blocks(1).state(only=())
    s.call("recycle_alpha", "whale", netuid=1, hotkey="own", amount=rao(10)).blocks(1).state(only=())
    return s.blocks(5).state()


@vector("stake-reward-destination", "economics 5", "A miner's rewards are staked where its owner said; the default is itself.")
def destination(new):
    s = new(two())
    s.call("set_reward_destination", "charlie", netuid=1, hotkey="v1").to_block(59).state("pools", "positions")
    s.call("set_reward_destination", "charlie", netuid=1, hotkey="v2").to_block(119).state("pools", "positions")
    s.call("set_reward_destination", "charlie", netuid=1, hotkey=None).to_block(179)
    return s.state()


@vector("stake-take-raised", "economics 4, ADR 0012", "A raise is announced, counts after its delay, and never for what accrued before its epoch.")
def take_raised(new):
    genesis = simple(root=500, rules={"take_delay": 90})
    genesis["hotkeys"][0]["take"] = 3_000
    s = new(genesis)
    s.blocks(5).call("set_take", "alice", hotkey="val", take=9_000)
    s.call("set_take", "alice", "TakeRaisedTooSoon", hotkey="val", take=9_500)
    s.to_block(94).state()
    add(s, "eve", rao(1)).blocks(1)
    add(s, "eve", rao(1)).state("pools", "positions").blocks(5)
    add(s, "eve", rao(1)).state("pools", "positions").to_block(119).state().blocks(10)
    add(s, "eve", rao(1)).state("pools", "positions")
    s.call("set_take", "alice", hotkey="val", take=1_000)
    add(s, "eve", rao(1)).state("pools", "positions")
    return s.to_block(179).state()


@vector("stake-take-raise-cancelled", "ADR 0012", "Lowering a take cancels the raise that waits, and another waits its turn.")
def take_cancelled(new):
    genesis = simple(root=0, rules={"take_delay": 50})
    genesis["hotkeys"][0]["take"] = 3_000
    s = new(genesis)
    s.call("set_take", "alice", hotkey="val", take=9_000).blocks(20)
    s.call("set_take", "alice", hotkey="val", take=2_000)
    s.call("set_take", "alice", "TakeRaisedTooSoon", hotkey="val", take=9_000).blocks(30)
    s.call("set_take", "alice", hotkey="val", take=9_000)
    return s.to_block(119).state().to_block(179).state()


def crowded(max_seats: int) -> dict:
    """A subnet that is full once governance has set its most seats."""
    return world(
        subnets=[subnet("dave", "own", 1_000, ("val", "m1", "m2", "m3")[:max_seats])],
        hotkeys=[("val", "alice"), ("m1", "charlie"), ("m2", "charlie"), ("m3", "charlie")],
        stakes=[("alice", 1, "val", 50), ("bob", 1, "val", 20), ("ferdie", 0, "val", 300)],
        rules={"neuron_immunity": 20},
    )


def enter(s, who, hotkey, expect="ok"):
    """`register_neuron` on subnet 1 at any cost."""
    return s.call("register_neuron", who, expect, netuid=1, hotkey=hotkey, max_cost=rao(100))


@vector("seat-replaced", "economics 5, 7, pallets/subnets/README.md", "In a full subnet the lowest score past its immunity goes, and is paid what it earned.")
def replaced(new):
    s = new(crowded(4))
    s.call("set_subnet_params", "sudo", netuid=1, max_seats=4)
    enter(s, "eve", "n1", "SubnetFull").to_block(30)
    enter(s, "eve", "n1").state()
    enter(s, "eve", "n2").to_block(59).state()
    enter(s, "charlie", "m1").to_block(60).state().to_block(119).state()
    return s


@vector("seat-validator-replaced", "economics 5, pallets/subnets/README.md", "A validator's seat is replaced within an epoch: the rest of its stream opens the next bucket.")
def validator_replaced(new):
    genesis = crowded(4)
    genesis["stakes"] = [{"coldkey": "bob", "netuid": 1, "hotkey": h, "tao": rao(t)} for h, t in (("m1", 1), ("val", 50))]
    genesis["subnets"][0]["neurons"] = ["m1", "val", "m2", "m3", "m4"]
    genesis["hotkeys"].append({"hotkey": "m4", "coldkey": "charlie"})
    s = new(genesis)
    s.call("set_subnet_params", "sudo", netuid=1, max_seats=5).to_block(30)
    for n in range(3):
        enter(s, "eve", f"n{n}")
    enter(s, "eve", "n4").state().to_block(59).state().to_block(60).state()
    return s.to_block(119).state()


@vector("subnet-tempo-changed", "pallets/subnets/README.md", "The epoch that is open keeps its length; the next has the new one.")
def tempo(new):
    s = new(two())
    s.blocks(10).call("set_subnet_params", "sudo", netuid=1, tempo=80).to_block(59).state().to_block(139)
    return s.state().to_block(230).state()


@vector("epochs-deferred", "economics 3.8", "Six epochs due in one block: four close, two wait for the next.")
def deferred(new):
    tempos = {1: 60, 11: 70, 21: 80, 31: 90, 41: 100, 61: 120}
    subnets = [subnet("dave", f"own{n}", 20, ("val",), started=n in tempos, tempo=tempos.get(n)) for n in range(1, 62)]
    s = new(world(subnets, [("val", "alice")], [("alice", n, "val", 5) for n in tempos]))
    s.to_block(58).state("seats").blocks(1).state("seats").blocks(1).state("seats")
    return s.to_block(131).state("seats", "pools")


