"""Rewards, epochs and their degenerate cases, by calls of the first slice (economics 5, 6)."""

from ..maths import BILLION, CAP
from ..state import settled
from .base_calls import add, remove
from .common import ENDOWMENT, PEOPLE, Vectors, rao, simple, subnet, world

VECTORS = vector = Vectors()


@vector("base-one-block-of-stake", "economics 5, E23", "A stake of one block earns one block, wherever in the epoch.")
def one_block(new):
    s = new(simple(root=0))
    for block in (1, 30, 57, 58, 59, 60):
        s.to_block(block)
        add(s, "eve", rao(100)).blocks(1).state("positions")
        remove(s, "eve")
    return s.state()


@vector("base-stake-before-the-close", "E23", "Who stakes just before the close, and leaves after it, earns a block.")
def before_the_close(new):
    s = new(simple(root=100))
    s.to_block(58)
    add(s, "eve", rao(300))
    add(s, "eve", rao(3_000), netuid=0)
    s.blocks(1).state()
    remove(s, "eve")
    remove(s, "eve", netuid=0)
    return s.state().blocks(61).state()


@vector("base-time-weighted", "economics 6", "Two validators with the same stake for a whole epoch and for a part of it.")
def time_weighted(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 1_000, ("v1", "v2", "m1", "m2", "m3"))],
            hotkeys=[("v1", "alice"), ("v2", "bob"), ("m1", "charlie"), ("m2", "charlie"), ("m3", "charlie")],
            stakes=[("alice", 1, "v1", 100)],
        )
    )
    s.to_block(29)
    add(s, "bob", rao(100), hotkey="v2")
    s.to_block(59).state("seats", "positions")
    s.to_block(119).state("seats", "positions").to_block(178)
    remove(s, "alice", hotkey="v1")
    return s.blocks(1).state()


@vector("base-one-block-weighs-one-block", "economics 6", "A large stake of the last block of an epoch weighs a sixtieth.")
def weighs_one_block(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 10_000, ("v1", "v2", "m1", "m2", "m3"))],
            hotkeys=[("v1", "alice"), ("v2", "bob"), ("m1", "charlie"), ("m2", "charlie"), ("m3", "charlie")],
            stakes=[("alice", 1, "v1", 50)],
        )
    )
    s.to_block(58)
    add(s, "bob", rao(2_999), hotkey="v2")
    s.blocks(1)
    remove(s, "bob", hotkey="v2")
    return s.state().to_block(119).state()


@vector("base-permits", "ADR 0008", "Nine seats, three permits: the most stake, the lower uid of equals, none without stake.")
def permits(new):
    hot = [f"s{n}" for n in range(9)]
    s = new(
        world(
            subnets=[subnet("dave", "own", 1_000, hot)],
            hotkeys=[(h, "alice") for h in hot],
            stakes=[("ferdie", 0, "s8", 500), ("ferdie", 0, "s3", 500), ("ferdie", 0, "s6", 500), ("bob", 1, "s5", 10)],
        )
    )
    s.state("seats").to_block(59).state("seats", "pools")
    remove(s, "bob", hotkey="s5")
    remove(s, "ferdie", netuid=0, hotkey="s8")
    return s.to_block(119).state("seats").to_block(179).state()


@vector("base-full-subnet", "economics 6, ADR 0008", "256 seats, of which 64 hold a permit; an epoch of all of them.")
def full(new):
    hot = [f"s{n:03}" for n in range(256)]
    stakes = [("alice", 1, h, 1 + (7 * n) % 100 / 10) for n, h in enumerate(hot[:100])]
    s = new(world([subnet("dave", "own", 10_000, hot)], [(h, "alice") for h in hot], stakes))
    return s.state("seats").to_block(59).state(only=()).to_block(119).state("seats", "pools")


@vector("base-no-seats", "economics 5", "Nobody holds a seat: the owner is paid, the rest is recycled at each close.")
def no_seats(new):
    return new(world(subnets=[subnet("alice", "a", 500)])).to_block(58).state().blocks(1).state().to_block(119).state()


@vector("base-nobody-scored", "economics 5", "Seats without stake are miners; validators' and root's ALPHA is recycled.")
def no_validators(new):
    genesis = simple(root=0)
    genesis["stakes"] = []
    return new(genesis).to_block(59).state().to_block(119).state()


@vector("base-no-miners", "economics 5, ADR 0004", "A validator alone: the miners' ALPHA streams to it.")
def no_miners(new):
    s = new(world(subnets=[subnet("dave", "own", 1_000, ("val",))], hotkeys=[("val", "alice")],
                  stakes=[("alice", 1, "val", 100), ("ferdie", 0, "val", 100)]))
    s.blocks(1).state().to_block(59).state()
    s.call("register_neuron", "charlie", netuid=1, hotkey="min", max_cost=rao(1))
    return s.to_block(60).state().to_block(119).state().to_block(130).state().to_block(179).state()


@vector("base-first-epoch", "economics 5, 7", "A subnet's life from its registration: its first epoch pays its owner only.")
def first_epoch(new):
    s = new(world(rules={"min_lock": rao(100), "registration_interval": 10}))
    s.call("register_subnet", "dave", hotkey="own").blocks(3)
    for who, hot in (("alice", "val"), ("charlie", "min")):
        s.call("register_neuron", who, netuid=1, hotkey=hot, max_cost=rao(1))
    s.call("start_call", "dave", netuid=1)
    add(s, "alice", rao(20))
    add(s, "bob", rao(10))
    add(s, "ferdie", rao(500), netuid=0)
    s.state().blocks(1).state().to_block(59).state().to_block(60).state().to_block(119).state()
    return s.to_block(179).state()


@vector("base-dust", "economics 5", "Seven miners and three validators: what a close cannot divide opens the next bucket.")
def dust(new):
    vals, mins = [f"v{n}" for n in range(3)], [f"m{n}" for n in range(7)]
    s = new(
        world(
            subnets=[subnet("dave", "own", 777, vals + mins)],
            hotkeys=[(h, "alice") for h in vals] + [(h, "charlie") for h in mins],
            stakes=[("alice", 1, "v0", 31), ("bob", 1, "v1", 17.123456789), ("bob", 1, "v2", 5), ("ferdie", 0, "v1", 333)],
        )
    )
    for block in (59, 60, 119, 179):
        s.to_block(block).state()
    return s


@vector("base-pool-without-shares", "economics 5", "Everyone leaves a validator within an epoch: what it then earns is its owner's.")
def without_shares(new):
    s = new(simple(root=100))
    s.blocks(10)
    remove(s, "alice")
    remove(s, "bob")
    s.state().blocks(10).state()
    add(s, "eve", rao(10)).state()
    return s.to_block(59).state().to_block(119).state()


@vector("base-root-pool-without-shares", "economics 5", "Everyone leaves a validator on root while TAO still drips to it.")
def root_without_shares(new):
    s = new(simple(root=2_000))
    s.to_block(119)
    remove(s, "ferdie", netuid=0)
    remove(s, "alice", netuid=0)
    s.state().blocks(10)
    add(s, "eve", rao(50), netuid=0).state()
    return s.to_block(179).state().to_block(240).state()


@vector("base-root-left", "economics 5, ADR 0003", "Root leaves a subnet: what is unsold is recycled at the next close, with the TAO that waits.")
def root_left(new):
    s = new(simple(root=5_000))
    s.to_block(59).state("pools")
    remove(s, "ferdie", netuid=0)
    remove(s, "alice", netuid=0)
    for block in (60, 119, 120, 179, 180, 239):
        s.to_block(block).state("seats", "pools")
    return s.state()


@vector("base-root-drip", "economics 5, math 13", "A drip settled often, and one settled once.")
def drip(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 1_000, ("v1", "v2", "m1", "m2", "m3"))],
            hotkeys=[("v1", "alice"), ("v2", "bob"), ("m1", "charlie"), ("m2", "charlie"), ("m3", "charlie")],
            stakes=[("alice", 1, "v1", 50), ("bob", 1, "v2", 50), ("ferdie", 0, "v1", 1_000), ("ferdie", 0, "v2", 1_000)],
        )
    )
    s.to_block(60)
    for _ in range(60):
        add(s, "eve", 2_000_000, netuid=0, hotkey="v1").blocks(1)
    s.state()
    add(s, "eve", 2_000_000, netuid=0, hotkey="v2")
    return s.state()


@vector("base-root-hop", "economics 5", "Hopping into root for one block earns one block of what drips.")
def hop(new):
    s = new(simple(root=1_000))
    s.to_block(70)
    add(s, "eve", rao(1_000), netuid=0).blocks(1).state("positions")
    remove(s, "eve", netuid=0)
    return s.state()


@vector("base-drip-of-two-subnets", "pallet-dtao README", "A close spreads anew what still drips from another subnet.")
def two_drips(new):
    s = new(
        world(
            subnets=[subnet("dave", "own1", 500, ("val", "m1")), subnet("eve", "own2", 800, ("val", "m2"), tempo=90)],
            hotkeys=[("val", "alice"), ("m1", "charlie"), ("m2", "charlie")],
            stakes=[("alice", 1, "val", 50), ("bob", 2, "val", 50), ("ferdie", 0, "val", 2_000)],
        )
    )
    for block in (59, 88, 89, 119, 178, 179, 180):
        s.to_block(block).state("pools", "positions")
    return s


@vector("base-take-lowered", "economics 4, ADR 0012", "A take lowered within an epoch counts for what is settled from then on.")
def take_lowered(new):
    s = new(simple(root=500))
    s.to_block(70)
    add(s, "eve", rao(1))
    s.blocks(10).call("set_take", "alice", hotkey="val", take=2_000).blocks(10)
    add(s, "eve", rao(1)).state()
    return s.to_block(119).state().to_block(150).state()


@vector("base-all-leave", "economics 4", "Every staker leaves: what stays is the virtual shares' part and the floors' dust.")
def all_leave(new):
    s = new(simple(root=1_000))
    s.to_block(130)
    for who, netuid, hotkey in sorted(s.chain.positions):
        if netuid == 1 and s.chain.positions.get((who, netuid, hotkey)):
            remove(s, who, netuid=netuid, hotkey=hotkey)
    s.state()
    for who, netuid, hotkey in sorted(s.chain.positions):
        remove(s, who, netuid=netuid, hotkey=hotkey)
    s.state()
    add(s, "eve", rao(10))
    return s.blocks(60).state()


@vector("base-many-stakers", "economics 4, 5", "Sixty stakers of different sizes on one validator, some of whom come and go.")
def many(new):
    people = {f"staker{n:02}": 10 * 10**9 * (n + 1) for n in range(60)}
    genesis = simple(root=100, balances={**{who: ENDOWMENT for who in PEOPLE}, **people})
    s = new(genesis)
    for n, who in enumerate(people):
        add(s, who, people[who] // 3)
        if n % 5 == 0:
            s.blocks(1)
    s.to_block(61)
    for who in list(people)[::3]:
        remove(s, who, rao(1))
    s.to_block(100)
    for who in list(people)[1::3]:
        remove(s, who)
    return s.to_block(130).state()


@vector("base-hotkeys-on-two-subnets", "economics 4, 5", "One hotkey validates on two subnets: each has its own pool, root counts on both.")
def two_subnets(new):
    s = new(
        world(
            subnets=[subnet("dave", "own1", 300, ("val", "m1")), subnet("eve", "own2", 900, ("m1", "val"))],
            hotkeys=[("val", "alice"), ("m1", "charlie")],
            stakes=[("alice", 1, "val", 50), ("bob", 2, "val", 50), ("ferdie", 0, "val", 1_000), ("ferdie", 0, "m1", 100)],
        )
    )
    s.to_block(59).state()
    add(s, "bob", rao(40), netuid=2, hotkey="m1")
    for block in (60, 118, 119, 178, 179):
        s.to_block(block).state()
    return s


@vector("base-root-at-a-low-price", "economics 6, math 10", "The price falls until root's stake on a seat is more ALPHA than a word holds; on another it is not.")
def low_price(new):
    hotkeys = ("own", "v1", "v2", "m1", "m2", "m3")
    s = new(
        world(
            subnets=[subnet("dave", "own", 1, hotkeys[1:])],
            hotkeys=[(h, "dave") for h in hotkeys[1:]],
            stakes=[("alice", 0, "v1", 2_000_000), ("bob", 0, "v2", 8_000_000)],
            # All TAO exists: none enters the pool, and the price is what the sales make it.
            balances={"dave": rao(2), "alice": rao(2_000_001), "bob": rao(8_000_001), "whale": CAP - 500 - rao(10_000_004)},
            market={"max_trade_ratio": 500_000_000, "min_reserve": 100_000, "tao_weight": BILLION},
            rules={"min_lock": rao(1)},
        )
    )
    for close in (59, 119, 179):
        s.to_block(close).state("seats")
        sell_rewards(s, hotkeys)
    return s.to_block(239).state()


def sell_rewards(s, hotkeys) -> None:
    """Dave sells all that he has, each time as much as one trade may."""
    for hotkey in hotkeys:
        while (held := worth(s.chain, "dave", hotkey)) > 0:
            most = s.chain.markets[1].alpha * 2 // 5
            remove(s, "dave", "All" if held <= most else most, hotkey=hotkey)


def worth(chain, coldkey: str, hotkey: str) -> int:
    """A position on subnet 1, rewards up to now included."""
    now = settled(chain)
    return now.pools[(1, hotkey)].value(now.positions.get((coldkey, 1, hotkey), 0))
