"""What a block does (economics 2, 3)."""

from .common import Vectors, rao, simple, subnet, world

VECTORS = vector = Vectors()


@vector("base-no-subnets", "economics 3", "Without a subnet nothing is minted.")
def nothing(new):
    return new(world()).state().blocks(3).state()


@vector("base-not-started", "economics 3", "A subnet that is not started emits nothing, and delays nobody.")
def not_started(new):
    s = new(world(subnets=[subnet("alice", "a", started=False), subnet("bob", "b")]))
    return s.blocks(2).state()


@vector("base-injection-below-cap", "economics 3.3", "Above a price of 1 a subnet's TAO enters with ALPHA, and buys nothing.")
def below_cap(new):
    return new(simple(stake=200, root=0)).state("pools").blocks(1).state("pools").blocks(30).state()


@vector("base-injection-above-cap", "economics 3.3", "Below a price of 1 the cap binds, and the chain buys ALPHA.")
def above_cap(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 100, ("val", "min"))],
            hotkeys=[("val", "alice"), ("min", "charlie")],
            stakes=[("alice", 1, "val", 30)],
            market={"price_ramp": 100, "price_half_life": 100},
        )
    )
    for epoch in range(3):
        s.to_block(59 + 60 * epoch)
        s.call("remove_stake", "charlie", netuid=1, hotkey="min", amount="All", min_received=0)
        s.call("remove_stake", "dave", netuid=1, hotkey="own", amount="All", min_received=0)
        s.state("pools").blocks(1).state("pools")
    return s


@vector("base-small-pools", "economics 3.2, 3.3", "Pools of one TAO, as small as the least reserve: a block's TAO is much of them.")
def small(new):
    market = {"min_reserve": 1_000_000_000}
    s = new(world(subnets=[subnet("alice", "a", 1), subnet("bob", "b", 1)], market=market))
    return s.blocks(1).state().blocks(20).state()


@vector("base-owner-cut-zero", "economics 3.4, E10", "The owner's cut at 0, and root far above the subnet's own stake.")
def cuts(new):
    s = new(simple(stake=10, root=20_000, market={"owner_cut": 0, "tao_weight": 1_000_000_000}))
    return s.blocks(1).state().blocks(60).state()


for _percent, _root in ((25, 80), (50, 240)):
    vector(f"base-root-part-{_percent}", "economics 3.4, E10", f"Root's part is about {_percent} % of the validators'.")(
        lambda new, root=_root: new(simple(root=root, market={"tao_weight": 10**9})).blocks(1).state().blocks(60).state()
    )


@vector("base-root-part-100", "economics 3.4, E10", "Nobody holds ALPHA: in the first block all of the validators' part is root's.")
def all_root(new):
    genesis = simple(root=100)
    genesis["stakes"] = genesis["stakes"][2:]
    return new(genesis).blocks(1).state().blocks(1).state().to_block(61).state().to_block(121).state()


@vector("base-root-without-a-seat", "economics 3.4, E24", "TAO on root under a hotkey without a seat neither earns nor counts.")
def seatless(new):
    genesis = simple(root=100)
    genesis["stakes"].append({"coldkey": "eve", "netuid": 0, "hotkey": "own", "tao": rao(50_000)})
    return new(genesis).blocks(1).state().to_block(130).state()


@vector("base-tao-weight-zero", "economics 3.4", "With a TAO weight of 0 root earns nothing.")
def weightless(new):
    return new(simple(root=20_000, market={"tao_weight": 0})).blocks(130).state()


@vector("base-root-sale", "economics 3.6", "Root's bucket is sold from the least sale on, a small part of the reserve a block.")
def root_sale(new):
    s = new(simple(root=5_000, market={"min_root_sale": 500_000_000}))
    for block in (1, 2, 3, 4, 10, 59, 60, 61, 119):
        s.to_block(block).state("pools")
    return s


@vector("base-price-average", "economics 3.7", "The price average from the first block on, across purchases and sales.")
def average(new):
    s = new(simple(root=0, market={"price_half_life": 60, "price_ramp": 20}))
    for block in (1, 2, 3):
        s.to_block(block).state(only=())
    s.call("add_stake", "eve", netuid=1, hotkey="val", tao=rao(300), min_received=0).blocks(40).state(only=())
    s.call("remove_stake", "eve", netuid=1, hotkey="val", amount="All", min_received=0)
    s.call("remove_stake", "bob", netuid=1, hotkey="val", amount="All", min_received=0)
    return s.blocks(40).state()


@vector("base-staggered-epochs", "economics 3.8, 6", "Four subnets whose epochs have different lengths and ends.")
def staggered(new):
    tempos = (60, 61, 70, 90)
    s = new(
        world(
            subnets=[subnet("dave", f"own{n}", 200, ("val", f"min{n}"), tempo=t) for n, t in enumerate(tempos, 1)],
            hotkeys=[("val", "alice")] + [(f"min{n}", "charlie") for n in range(1, 5)],
            stakes=[("alice", n, "val", 20) for n in range(1, 5)] + [("ferdie", 0, "val", 500)],
        )
    )
    for block in (60, 90, 121, 200):
        s.to_block(block).state()
    return s
