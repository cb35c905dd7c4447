"""What the seed promises (economics 8)."""

from .common import ENDOWMENT, Vectors, rao, simple, subnet, world

VECTORS = vector = Vectors()


@vector("base-walkthrough", "docs/walkthrough.md", "The walkthrough's chain, call by call; its numbers are that page's.")
def walkthrough(new):
    s = new(
        world(
            subnets=[
                subnet("alice", "eve-hot", neurons=("eve-hot", "charlie-stash")),
                subnet("dave", "dave-stash", 10, started=False),
            ],
            hotkeys=[("eve-hot", "alice"), ("charlie-stash", "charlie")],
            stakes=[("alice", 1, "eve-hot", 100), ("bob", 1, "eve-hot", 100), ("bob", 0, "eve-hot", 100)],
            rules={"min_lock": rao(10), "registration_interval": 10},
        )
    )
    s.state().blocks(1)
    s.call("add_stake", "ferdie", netuid=1, hotkey="eve-hot", tao=rao(10), min_received=6_884_754_827)
    s.state().blocks(60).state().blocks(1)
    s.call("remove_stake", "ferdie", netuid=1, hotkey="eve-hot", amount="All", min_received=11_054_411_240)
    s.blocks(1).call("add_stake", "ferdie", "NotStarted", netuid=2, hotkey="eve-hot", tao=rao(10), min_received=0)
    s.blocks(1)
    s.call("add_stake", "ferdie", "SlippageExceeded", netuid=1, hotkey="eve-hot", tao=rao(10), min_received=rao(1000))
    s.blocks(1).call("add_stake", "ferdie", netuid=0, hotkey="eve-hot", tao=rao(5), min_received=rao(5))
    s.blocks(1).call("remove_stake", "ferdie", netuid=0, hotkey="eve-hot", amount="All", min_received=5_001_325_930)
    s.blocks(1).call("register_subnet", "ferdie", hotkey="bob-stash")
    s.blocks(1).call("start_call", "ferdie", netuid=3)
    s.blocks(1).call("register_neuron", "ferdie", netuid=3, hotkey="bob-stash", max_cost=rao(1))
    s.blocks(1).call("set_take", "ferdie", hotkey="bob-stash", take=5_898)
    s.blocks(1).call("add_stake", "ferdie", netuid=3, hotkey="bob-stash", tao=rao(1), min_received=0)
    return s.state()


@vector("base-thirty-percent", "economics 8.1", "A subnet with 30 % of all pool TAO gets 30 % of a block's TAO.")
def thirty_percent(new):
    s = new(world(subnets=[subnet("alice", "a", 300), subnet("bob", "b", 700)]))
    return s.blocks(1).state().blocks(9).state()


@vector("base-more-stake-more-share", "economics 8.2", "TAO staked into a subnet raises its share of the next block.")
def more_stake(new):
    s = new(
        world(
            subnets=[subnet(who, f"hot{n}", 1_000) for n, who in enumerate(("alice", "bob", "charlie"), 1)],
        )
    )
    s.blocks(1).state("pools")
    s.call("add_stake", "dave", netuid=2, hotkey="hot2", tao=rao(250), min_received=0)
    return s.blocks(1).state()


@vector("base-price-without-sellers", "economics 8.3", "A subnet starts at 1.0; chain buys lift a price that nobody sells.")
def price_without_sellers(new):
    s = new(world(subnets=[subnet("alice", "a", 100), subnet("bob", "b", 1_000, started=False)]))
    s.state().blocks(120).state()
    s.call("start_call", "bob", netuid=2)
    return s.state().blocks(60).state()


@vector("base-price-falls-when-sold", "economics 8.3, 8.6", "Rewards that are sold every epoch lower the price and the share.")
def price_falls(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 1_000, ("val", "min")), subnet("eve", "other", 10_000)],
            hotkeys=[("val", "alice"), ("min", "charlie")],
            stakes=[("alice", 1, "val", 50)],
        )
    )
    for epoch in range(4):
        s.to_block(60 * (epoch + 1))
        s.call("remove_stake", "charlie", netuid=1, hotkey="min", amount="All", min_received=0)
        s.call("remove_stake", "dave", netuid=1, hotkey="own", amount="All", min_received=0)
        s.state("pools")
    return s.blocks(1).state()


def root_yield(count: int, epochs: int):
    """Root's yield against direct stake's, on `count` subnets."""

    def build(new):
        subnets = [subnet("dave", f"own{n}", 500 + 10 * n, ("val",)) for n in range(1, count + 1)]
        stakes = [("alice", n, "val", 50 + n) for n in range(1, count + 1)] + [("ferdie", 0, "val", 5_000)]
        balances = {"alice": 10 * ENDOWMENT, "dave": 10 * ENDOWMENT, "ferdie": ENDOWMENT}
        s = new(world(subnets, [("val", "alice", 0)], stakes, balances))
        for epoch in range(1, epochs + 1):
            s.to_block(60 * epoch)
            s.state("positions") if count < 20 else s.state(only=())
        return s

    return build


vector("base-root-yield-1", "economics 8.4", "Root's yield beside one subnet's stakers.")(root_yield(1, 4))
vector("base-root-yield-12", "economics 8.4", "Root's stake is spread over twelve subnets, not repeated.")(root_yield(12, 3))
vector("base-root-yield-128", "economics 8.4", "The same on as many subnets as there may be.")(root_yield(128, 3))


@vector("base-early-stakers", "economics 8.5", "For the same TAO the earlier of two stakers holds more ALPHA.")
def early(new):
    s = new(simple(root=0))
    for who in ("eve", "ferdie", "dave"):
        s.call("add_stake", who, netuid=1, hotkey="val", tao=rao(100), min_received=0).blocks(5)
    return s.state()


@vector("base-selling-lowers-share", "economics 8.6", "Who sells ALPHA lowers the price, and the share of the next block.")
def selling(new):
    s = new(
        world(
            subnets=[subnet("dave", "own", 1_000, ("val",)), subnet("eve", "other", 1_000)],
            hotkeys=[("val", "alice")],
            stakes=[("alice", 1, "val", 300), ("bob", 1, "val", 100)],
        )
    )
    s.blocks(1).state("pools")
    s.call("remove_stake", "alice", netuid=1, hotkey="val", amount=rao(100), min_received=0)
    return s.blocks(1).state()


@vector("base-everyone-earns", "economics 8.7", "Validator, delegator, miners, owner and root over four epochs.")
def everyone(new):
    genesis = simple(root=1_000)
    genesis["hotkeys"] += [{"hotkey": f"min{n}", "coldkey": "eve"} for n in range(2, 5)]
    genesis["subnets"][0]["neurons"] += ["min2", "min3", "min4"]
    s = new(genesis)
    for block in (1, 58, 59, 60, 119, 179, 239):
        s.to_block(block).state()
    return s


