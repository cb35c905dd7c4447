"""Calls of the first slice: trades, guards, refusals, costs (economics 2, 4, 7)."""

from .. import maths
from .common import Vectors, rao, simple, subnet, world

VECTORS = vector = Vectors()
MOST = 2**64 - 1


def add(s, who, tao, netuid=1, hotkey="val", expect="ok", least=0):
    """`add_stake`."""
    return s.call("add_stake", who, expect, netuid=netuid, hotkey=hotkey, tao=tao, min_received=least)


def remove(s, who, amount="All", netuid=1, hotkey="val", expect="ok", least=0):
    """`remove_stake`."""
    return s.call("remove_stake", who, expect, netuid=netuid, hotkey=hotkey, amount=amount, min_received=least)


@vector("base-refused-stakes", "interfaces, calls", "add_stake and remove_stake refused, each for its own reason; nothing changes.")
def refused(new):
    genesis = simple(root=100)
    genesis["subnets"].append(subnet("eve", "later", 10, started=False))
    s = new(genesis)
    s.blocks(1).state()
    add(s, "eve", rao(1), netuid=9, expect="UnknownSubnet")
    add(s, "eve", rao(1), netuid=2, expect="NotStarted")
    add(s, "eve", rao(1), hotkey="nobody", expect="UnknownHotkey")
    add(s, "eve", rao(1), netuid=0, hotkey="nobody", expect="UnknownHotkey")
    for netuid in (0, 1):
        add(s, "eve", 0, netuid, expect="ZeroAmount")
        add(s, "eve", 1_999_999, netuid, expect="AmountTooSmall")
        add(s, "bob", s.free("bob") + 1, netuid, expect="InsufficientBalance")
        remove(s, "eve", "All", netuid, expect="NoPosition")
        remove(s, "eve", 1, netuid, expect="NoPosition")
        remove(s, "eve", 0, netuid, expect="ZeroAmount")
        remove(s, "eve", "All", netuid, "nobody", expect="UnknownHotkey")
    add(s, "ferdie", s.free("ferdie") - 499, 0, expect="BelowExistentialDeposit")
    remove(s, "bob", rao(1_000), expect="InsufficientStake")
    remove(s, "ferdie", rao(1_000), netuid=0, expect="InsufficientStake")
    remove(s, "ferdie", "All", netuid=0, expect="SlippageExceeded", least=rao(101))
    remove(s, "eve", "All", netuid=9, expect="UnknownSubnet")
    remove(s, "eve", "All", netuid=2, expect="NotStarted")
    add(s, "eve", rao(5_000), expect="TradeTooLarge")
    return s.state()


@vector("base-slippage-by-one", "economics 4, E8", "The bound is met to the atom, and refused one atom above.")
def slippage(new):
    s = new(simple(root=0))
    s.blocks(1)
    market = s.chain.markets[1]
    out, _ = maths.exact_in(market.tao, market.alpha, rao(10), 500_000)
    add(s, "eve", rao(10), expect="SlippageExceeded", least=out + 1)
    add(s, "eve", rao(10), least=out)
    paid, _ = maths.exact_in(market.alpha, market.tao, out, 500_000)
    remove(s, "eve", "All", expect="SlippageExceeded", least=paid + 1)
    return remove(s, "eve", "All", least=paid).state()


@vector("base-trade-limit-by-one", "economics 2, E7", "The largest trade passes; one rao more does not.")
def trade_limit(new):
    s = new(simple(root=0))
    s.blocks(1)
    market = s.chain.markets[1]
    most = market.tao * 333_333_333 // maths.BILLION
    gross = most * maths.BILLION // (maths.BILLION - 500_000)
    while gross - maths.fee_of(gross, 500_000) <= most:
        gross += 1
    while gross - maths.fee_of(gross, 500_000) > most:
        gross -= 1
    add(s, "eve", gross + 1, expect="TradeTooLarge")
    return add(s, "eve", gross).state()


@vector("base-least-reserve", "economics 2", "A purchase may not leave less ALPHA than the least reserve.")
def least_reserve(new):
    market = {"min_reserve": rao(1)}
    s = new(world(subnets=[subnet("dave", "own", 1.2, ("val",))], hotkeys=[("val", "alice")], market=market))
    add(s, "alice", rao(0.3), expect="ReserveTooLow")
    return add(s, "alice", rao(0.2)).state()


@vector("base-fees", "economics 2", "Round trips at no fee, the default and the most.")
def fees(new):
    genesis = simple(root=0, market={"swap_fee": 10_000_000})
    s = new(genesis)
    for n in range(5):
        add(s, "eve", rao(50) + 7 * n)
        remove(s, "eve", "All")
    return s.state()


@vector("base-no-fee", "economics 2, E1", "Without a fee a round trip never profits.")
def no_fee(new):
    s = new(simple(root=0, market={"swap_fee": 0}))
    for n in range(5):
        add(s, "eve", rao(50) + 7 * n)
        remove(s, "eve", "All")
    return s.state()


@vector("base-tiny-trades", "E1", "A hundred small round trips in one block never profit.")
def tiny(new):
    s = new(simple(root=0))
    for n in range(100):
        add(s, "eve", 2_000_003 + 13 * n)
        remove(s, "eve", "All")
    return s.state()


@vector("base-sandwich", "E27", "Two trades around a victim's: it bites on a large order without a bound, and a bound stops it.")
def sandwich(new):
    s = new(world(subnets=[subnet("dave", "own", 10_000, ("val",))], hotkeys=[("val", "alice")],
                  stakes=[("alice", 1, "val", 100)]))
    s.blocks(1)
    market = s.chain.markets[1]
    expected, _ = maths.exact_in(market.tao, market.alpha, rao(500), 500_000)
    add(s, "eve", rao(500))
    add(s, "bob", rao(500), expect="SlippageExceeded", least=expected * 995 // 1_000)
    add(s, "bob", rao(500))
    return remove(s, "eve", "All").state()


@vector("base-remainder", "economics 4, N10", "Who would leave less than the least stake takes all of it.")
def remainder(new):
    s = new(simple(root=100))
    add(s, "eve", rao(10))
    add(s, "eve", rao(10), netuid=0)
    s.state("positions")
    value = s.chain.pool(1, "val").value(s.chain.positions[("eve", 1, "val")])
    remove(s, "eve", value - rao(1)).state("positions", "balances")
    remove(s, "eve", rao(1) - 1_500_000).state("positions", "balances")
    remove(s, "eve", rao(10) - 2_000_000, netuid=0).state("positions", "balances")
    return remove(s, "eve", 1, netuid=0).state()


@vector("base-remainder-by-one", "economics 4", "On root a remainder of the least stake stays, one rao less does not.")
def remainder_by_one(new):
    s = new(simple(root=100))
    for who, left in (("eve", 2_000_000), ("bob", 1_999_999)):
        add(s, who, rao(1), netuid=0)
        remove(s, who, rao(1) - left, netuid=0)
    return s.state()


@vector("base-inflating-an-empty-pool", "economics 4, E3", "The first stake on a hotkey is rewarded; the next staker is whole.")
def inflating(new):
    s = new(world(subnets=[subnet("dave", "own", 1_000, ("val", "min"))], hotkeys=[("val", "alice"), ("min", "charlie")],
                  stakes=[("alice", 1, "val", 0.003)], tempo=60))
    s.blocks(10)
    add(s, "eve", rao(20)).state()
    return s.blocks(60).state()


@vector("base-subnet-costs", "economics 7", "Locks double and fall back; the interval between registrations.")
def subnet_costs(new):
    s = new(world(rules={"min_lock": rao(10), "registration_interval": 10, "lock_interval": 100}))
    s.call("register_subnet", "alice", hotkey="a").state(only=())
    s.call("register_subnet", "bob", "RegistrationTooSoon", hotkey="b").blocks(9)
    s.call("register_subnet", "bob", "RegistrationTooSoon", hotkey="b").blocks(1)
    s.call("register_subnet", "bob", "NotHotkeyOwner", hotkey="a")
    s.call("register_subnet", "bob", hotkey="b").state(only=())
    s.blocks(33).call("register_subnet", "alice", hotkey="a").state(only=())
    s.blocks(150).call("register_subnet", "charlie", hotkey="c").state(only=())
    s.call("start_call", "bob", "NotSubnetOwner", netuid=1).call("start_call", "bob", "UnknownSubnet", netuid=7)
    s.call("start_call", "alice", netuid=1).call("start_call", "alice", "AlreadyStarted", netuid=1)
    return s.blocks(1).state()


@vector("base-start-delay", "economics 7, N22", "A start waits for its delay; trading opens in its block, emission in the next.")
def start_delay(new):
    s = new(world(rules={"min_lock": rao(10), "start_delay": 5}, hotkeys=[("val", "bob")]))
    s.call("register_subnet", "alice", hotkey="a").blocks(4)
    s.call("start_call", "alice", "*", netuid=1).blocks(1)
    s.call("start_call", "alice", netuid=1)
    add(s, "bob", rao(1)).state()
    return s.blocks(1).state()


@vector("base-neuron-costs", "economics 7", "A seat's cost rises with each registration, halves in quiet, stays within its bounds.")
def neuron_costs(new):
    rules = {"min_neuron_cost": 30_000_000, "max_neuron_cost": 150_000_000, "neuron_half_life": 20}
    s = new(world(subnets=[subnet("dave", "own", 100)], rules=rules))
    for n in range(5):
        s.call("register_neuron", "alice", netuid=1, hotkey=f"n{n}", max_cost=rao(1)).state(only=())
    for n, quiet in enumerate((1, 7, 20, 33, 400), 5):
        s.blocks(quiet).call("register_neuron", "alice", netuid=1, hotkey=f"n{n}", max_cost=rao(1)).state(only=())
    s.call("register_neuron", "bob", "NotHotkeyOwner", netuid=1, hotkey="n0", max_cost=rao(1))
    s.call("register_neuron", "alice", "AlreadyRegistered", netuid=1, hotkey="n0", max_cost=rao(1))
    s.call("register_neuron", "alice", "CostAboveMaximum", netuid=1, hotkey="n99", max_cost=1)
    s.call("register_neuron", "alice", "RootHasNoSeats", netuid=0, hotkey="n99", max_cost=MOST)
    s.call("register_neuron", "alice", "UnknownSubnet", netuid=5, hotkey="n99", max_cost=MOST)
    return s.state()


@vector("base-neuron-cost-within-a-block-of-its-bound", "economics 7", "A bound of exactly the cost is enough.")
def neuron_bound(new):
    s = new(world(subnets=[subnet("dave", "own", 100)]))
    s.call("register_neuron", "alice", netuid=1, hotkey="a", max_cost=100_000_000)
    s.call("register_neuron", "alice", "CostAboveMaximum", netuid=1, hotkey="b", max_cost=125_999_999)
    return s.call("register_neuron", "alice", netuid=1, hotkey="b", max_cost=126_000_000).state()


@vector("base-takes", "economics 4", "A take is its owner's to lower, never above 18 %.")
def takes(new):
    s = new(simple(root=100))
    s.call("set_take", "bob", "NotHotkeyOwner", hotkey="val", take=0)
    s.call("set_take", "bob", "UnknownHotkey", hotkey="nobody", take=0)
    s.call("set_take", "alice", "TakeTooHigh", hotkey="val", take=11_797)
    s.call("set_take", "alice", hotkey="val", take=11_796)
    s.blocks(10).call("set_take", "alice", hotkey="val", take=1_000)
    s.blocks(10).state().blocks(60)
    s.call("set_take", "alice", hotkey="val", take=0)
    return s.blocks(60).state()
