"""Yuma on the chain: weights set and revealed in blocks, and what they bring each side, to the atom."""

from ..maths import UNIT
from .base_calls import add, remove
from .common import ENDOWMENT, PEOPLE, Vectors, rao, subnet, world
from .keys import enter, swap_hotkey
from .long_runs import Dice, attempt
from .owners import change

VECTORS = vector = Vectors("yuma-chain-")
OPEN = {"commit_reveal": False, "weights_rate_limit": 10}
VALIDATORS = {"v1": "alice", "v2": "bob", "v3": "ferdie"}
MINERS = ("m1", "m2", "m3")


def panel(stakes=(400, 350, 250), neurons=(*VALIDATORS, *MINERS), root=(), rules=None, **consensus) -> dict:
    """Three validators with so much TAO staked, uids 0 to 2, and three miners; dave owns the subnet."""
    genesis = world(
        subnets=[subnet("dave", "own", 1_000_000, neurons)],
        hotkeys=[(hotkey, owner) for hotkey, owner in VALIDATORS.items()] + [(m, "charlie") for m in MINERS],
        stakes=[(owner, 1, hotkey, tao) for (hotkey, owner), tao in zip(VALIDATORS.items(), stakes) if tao],
        balances={who: ENDOWMENT + (1_000_000 * UNIT if who == "dave" else 0) for who in PEOPLE},
        rules=rules,
    )
    genesis["consensus"] = "yuma"
    genesis["stakes"] += [{"coldkey": "eve", "netuid": 0, "hotkey": hotkey, "tao": rao(tao)} for hotkey, tao in root]
    genesis["subnets"][0]["hyperparams"] = {"consensus": {**OPEN, **consensus}}
    return genesis


def weigh(s, hotkey: str, entries: dict, expect="ok", netuid=1, version_key=0):
    """`set_weights`; entries `{uid: weight}`."""
    row = {"uids": list(entries), "weights": list(entries.values())}
    return s.call("set_weights", hotkey, expect, netuid=netuid, **row, version_key=version_key)


def commit(s, hotkey: str, entries: dict, salt: int, expect="ok", call="commit_weights", version_key=0):
    """`commit_weights`."""
    row = {"uids": list(entries), "weights": list(entries.values()), "salt": [salt, 0, 255]}
    return s.call(call, hotkey, expect, netuid=1, **row, version_key=version_key)


def reveal(s, hotkey: str, entries: dict, salt: int, expect="ok", **more):
    """`reveal_weights`."""
    return commit(s, hotkey, entries, salt, expect, call="reveal_weights", **more)


def epochs(s, *blocks: int):
    """Go to each block, and say the state."""
    for block in blocks:
        s.to_block(block).state()
    return s


def agree(s, at: int = 10):
    """The three validators weigh the miners, each as it sees them."""
    s.to_block(at)
    weigh(s, "v1", {3: 50, 4: 30, 5: 20})
    weigh(s, "v2", {3: 40, 4: 40, 5: 20})
    return weigh(s, "v3", {5: 100})


@vector("worked-example", "yuma; docs/yuma.md", "Three validators and three miners: two nearly agree, the third weighs one miner only, then comes round.")
def worked(new):
    s = new(panel())
    agree(s)
    epochs(s, 59, 119, 179, 180)
    weigh(s, "v3", {3: 40, 4: 30, 5: 30})
    return epochs(s, 239, 299, 359)


@vector("commit-reveal", "yuma, setting weights", "Weights are committed to in one epoch and revealed in the next, never earlier and never later; they count as of the commitment.")
def commit_reveal(new):
    s = new(panel(commit_reveal=True, weights_rate_limit=30))
    one, two, three = {3: 50, 4: 30, 5: 20}, {3: 40, 4: 40, 5: 20}, {5: 100}
    s.to_block(10)
    weigh(s, "v1", one, "CommitRevealOn")
    reveal(s, "v1", one, 1, "UnknownCommit")
    commit(s, "v1", one, 1)
    commit(s, "v2", two, 2)
    commit(s, "v1", two, 1, "WeightsTooSoon").to_block(39)
    commit(s, "v1", three, 3, "WeightsTooSoon").to_block(40)
    commit(s, "v1", one, 1, "AlreadyCommitted")
    commit(s, "v1", three, 3)
    reveal(s, "v1", one, 1, "RevealTooEarly").to_block(58)
    commit(s, "v3", three, 4)
    reveal(s, "v2", two, 2, "RevealTooEarly").to_block(59)
    reveal(s, "v1", one, 1)
    reveal(s, "v1", one, 1, "UnknownCommit")
    reveal(s, "v2", two, 9, "UnknownCommit")
    reveal(s, "v2", three, 2, "UnknownCommit")
    reveal(s, "v3", two, 2, "UnknownCommit").state().to_block(118)
    reveal(s, "v1", three, 3)
    reveal(s, "v2", two, 2).state().to_block(119).state()
    reveal(s, "v3", three, 4, "RevealTooLate")
    commit(s, "v3", three, 5).to_block(150)
    commit(s, "v1", two, 6)
    commit(s, "v2", one, 7)
    s.call("set_subnet_params", "sudo", netuid=1, consensus={"commit_reveal": False, "weights_rate_limit": 0})
    weigh(s, "v2", one).to_block(179)
    commit(s, "v3", one, 8, "CommitRevealOff")
    reveal(s, "v2", one, 7, "UnknownCommit")
    reveal(s, "v1", two, 6)
    reveal(s, "v3", three, 5)
    return epochs(s, 180, 239, 299)


@vector("commit-reveal-two-epochs", "yuma, setting weights", "A reveal two epochs later; a miner that is replaced in between is not weighed by it.")
def commit_long(new):
    s = new(panel(commit_reveal=True, reveal_period=2, activity_cutoff=5_000, rules={"neuron_immunity": 20}))
    s.call("set_subnet_params", "sudo", netuid=1, max_seats=6)
    rows = {hotkey: {3: 1, 4: 2, 5: 3} for hotkey in VALIDATORS}
    s.to_block(20)
    for salt, (hotkey, row) in enumerate(rows.items()):
        commit(s, hotkey, row, salt)
    s.to_block(59)
    reveal(s, "v1", rows["v1"], 0, "RevealTooEarly").to_block(100)
    enter(s, "eve", "n1").state("seats").to_block(119)
    for salt, (hotkey, row) in enumerate(rows.items()):
        reveal(s, hotkey, row, salt)
    return epochs(s, 120, 179, 239, 299)


@vector("inactive", "yuma 1", "A validator that has said nothing for too long loses its vote and its dividends, keeps its permit, and gets all back when it speaks.")
def inactive(new):
    s = new(panel(activity_cutoff=190))
    agree(s)
    s.to_block(100)
    weigh(s, "v1", {3: 50, 4: 30, 5: 20})
    weigh(s, "v2", {3: 1, 4: 1, 5: 1})
    epochs(s, 179, 239, 299)
    weigh(s, "v3", {4: 1})
    return epochs(s, 359, 419)


@vector("miner-replaced", "yuma 3, 6", "A miner is replaced: the old weights do not reach the new one, nor do the bonds; new weights do.")
def miner_replaced(new):
    s = new(panel(rules={"neuron_immunity": 20}))
    s.call("set_subnet_params", "sudo", netuid=1, max_seats=6)
    s.to_block(10)
    for hotkey in VALIDATORS:
        weigh(s, hotkey, {3: 50, 4: 49, 5: 1})
    epochs(s, 59, 119)
    s.to_block(130)
    enter(s, "eve", "n1").state()
    weigh(s, "v1", {3: 50, 4: 30, 5: 20}).to_block(131)
    weigh(s, "v2", {3: 50, 4: 30, 5: 20})
    epochs(s, 179, 185)
    weigh(s, "v1", {3: 50, 4: 30, 5: 20})
    weigh(s, "v3", {3: 50, 4: 30, 5: 20})
    return epochs(s, 239, 299)


@vector("validator-replaced", "yuma 3, 6", "A validator is replaced: its weights and bonds go with it, and who comes begins without a permit.")
def validator_replaced(new):
    s = new(panel(stakes=(400, 350, 2), rules={"neuron_immunity": 20}))
    s.call("set_subnet_params", "sudo", netuid=1, max_seats=6)
    s.to_block(10)
    for hotkey in VALIDATORS:
        weigh(s, hotkey, {3: 30, 4: 30, 5: 40})
    epochs(s, 59, 119)
    enter(s, "eve", "n1")
    add(s, "eve", rao(300), hotkey="n1").state()
    weigh(s, "n1", {3: 1}, "NoPermit")
    epochs(s, 179, 180)
    weigh(s, "n1", {3: 1})
    return epochs(s, 239, 299)


@vector("root-stake", "yuma 1; economics 5, 6", "Root's stake counts as ALPHA: it moves the consensus, and has its part of the dividends.")
def root_stake(new):
    s = new(panel(stakes=(400, 350, 0), root=(("v1", 500), ("v3", 4_000))))
    agree(s)
    epochs(s, 59, 119)
    remove(s, "eve", rao(3_000), netuid=0, hotkey="v3")
    add(s, "eve", rao(3_000), netuid=0, hotkey="v2")
    return epochs(s, 179, 239, 299)


@vector("no-weights", "yuma 9; economics 5", "Nobody weighs anybody: dividends by stake, and the miners' part joins the validators'; then weights come, and go stale.")
def no_weights(new):
    s = new(panel(root=(("v2", 100),), activity_cutoff=190))
    epochs(s, 1, 59, 119)
    agree(s, 150)
    return epochs(s, 179, 180, 239, 299, 359, 419, 479)


@vector("liquid-alpha", "yuma 7", "Bonds move at the rate of the difference; the owner turns it on.")
def liquid(new):
    s = new(panel())
    agree(s)
    epochs(s, 59, 119)
    change(s, "dave", consensus={"liquid_alpha": {"low": 45_874, "high": 58_981, "steepness": 10}})
    epochs(s, 179, 239)
    weigh(s, "v3", {3: 40, 4: 30, 5: 30})
    return epochs(s, 299, 359)


@vector("owner-changes", "yuma; pallets/subnets/README.md", "The owner sets what is the owner's: the version of bonds, their penalty and average, rates of weights. κ, the most validators and the threshold are governance's.")
def owner_changes(new):
    s = new(panel(rules={"hyperparams_interval": 60}))
    agree(s)
    epochs(s, 59, 119)
    for governed in ({"kappa": 40_000}, {"max_validators": 2}, {"stake_threshold": 0}):
        change(s, "dave", "*", consensus=governed)
    change(s, "dave", consensus={"bonds_version": "Yuma1", "bonds_penalty": 32_768, "bonds_moving_average": 32_768})
    epochs(s, 179)
    change(s, "sudo", consensus={"kappa": 40_000, "max_validators": 2, "stake_threshold": 300 * UNIT})
    epochs(s, 239)
    change(s, "dave", consensus={"bonds_version": "Yuma3", "weights_rate_limit": 0, "version_key": 7})
    weigh(s, "v1", {3: 1, 4: 1}, "VersionKeyTooLow")
    weigh(s, "v1", {3: 1, 4: 1}, version_key=7)
    weigh(s, "v1", {3: 2, 4: 1}, version_key=8)
    change(s, "sudo", consensus={"max_validators": 64})
    return epochs(s, 299, 359)


@vector("owner-bounds", "yuma; E31", "Consensus parameters out of their bounds are refused, whoever sets them.")
def owner_bounds(new):
    s = new(panel(rules={"hyperparams_interval": 0, "hyperparams_freeze": 0}))
    s.blocks(1)
    bad = (
        {"bonds_moving_average": 63_898},
        {"liquid_alpha": {"low": 0, "high": 1, "steepness": 1}},
        {"liquid_alpha": {"low": 2, "high": 1, "steepness": 1}},
        {"liquid_alpha": {"low": 1, "high": 2, "steepness": 0}},
        {"liquid_alpha": {"low": 1, "high": 2, "steepness": 101}},
        {"weights_rate_limit": 7_201},
        {"reveal_period": 0},
        {"reveal_period": 11},
        {"activity_cutoff": 189},
        {"activity_cutoff": 1_000_001},
        {"min_allowed_weights": 257},
        {"max_weight_limit": 6_552},
    )
    for who in ("dave", "sudo"):
        for consensus in bad:
            change(s, who, "*", consensus=consensus)
        change(s, who, "*", tempo=50_400)
        change(s, who, tempo=50_400, consensus={"activity_cutoff": 151_210})
        change(s, who, tempo=60, consensus={"activity_cutoff": 190})
    for consensus in ({"kappa": 0}, {"max_validators": 0}, {"max_validators": 65}, {"stake_threshold": 21 * 10**15 + 1}):
        change(s, "sudo", "*", consensus=consensus)
    change(s, "sudo", consensus={"kappa": 1, "max_validators": 1, "stake_threshold": 21 * 10**15})
    return epochs(s, 59, 119)


@vector("owner-validates", "yuma 1, 3", "The hotkey that the owner's cut is staked on has a seat: it always has a permit, needs no stake for it, and may weigh itself.")
def owner_validates(new):
    s = new(panel(neurons=(*VALIDATORS, "m1", "m2", "own"), max_validators=3))
    s.state().to_block(10)
    weigh(s, "v1", {3: 50, 4: 30, 5: 20})
    weigh(s, "v2", {1: 5, 3: 40, 4: 40, 5: 20})
    weigh(s, "own", {5: 70, 3: 30})
    epochs(s, 59, 119, 179)
    weigh(s, "v3", {3: 1}, "NoPermit")
    add(s, "dave", rao(600), hotkey="own")
    return epochs(s, 239, 299)


@vector("stakes-move", "yuma 1", "Permits are gained and lost as stakes move; who loses one loses bonds and weights, and has to weigh anew.")
def stakes_move(new):
    s = new(panel(max_validators=2))
    agree(s)
    epochs(s, 59, 60)
    weigh(s, "v3", {5: 100}, "NoPermit")
    add(s, "ferdie", rao(150), hotkey="v3")
    epochs(s, 119, 179)
    weigh(s, "v3", {5: 90, 4: 10})
    remove(s, "alice", rao(200), hotkey="v1")
    epochs(s, 239)
    add(s, "alice", rao(300), hotkey="v1")
    return epochs(s, 299, 359, 419)


@vector("two-subnets", "yuma", "The same validators on two subnets and on root: each has its own weights, bonds and version.")
def two_subnets(new):
    genesis = panel(root=(("v1", 1_000),))
    second = subnet("eve", "own2", 20_000, ("m1", "v1", "v2", "m3"))
    second["hyperparams"] = {"consensus": {**OPEN, "bonds_version": "Yuma1", "bonds_penalty": 0}}
    genesis["subnets"].append(second)
    genesis["stakes"] += [{"coldkey": "alice", "netuid": 2, "hotkey": "v1", "tao": rao(30)}, {"coldkey": "bob", "netuid": 2, "hotkey": "v2", "tao": rao(40)}]
    s = new(genesis)
    agree(s)
    weigh(s, "v1", {0: 2, 3: 1}, netuid=2)
    weigh(s, "v2", {0: 1, 3: 1}, netuid=2)
    epochs(s, 58, 59, 118)
    weigh(s, "v1", {0: 1, 3: 3}, netuid=2)
    return epochs(s, 178, 238, 298)


@vector("started-later", "yuma; economics 7", "A subnet that is registered, seated and started by calls: nobody weighs before the first close gave permits.")
def started_later(new):
    genesis = panel()
    genesis["subnets"], genesis["stakes"] = [], []
    s = new(genesis)
    s.blocks(1).call("register_subnet", "dave", hotkey="own").blocks(1)
    for hotkey, who in (*VALIDATORS.items(), *((m, "charlie") for m in MINERS)):
        enter(s, who, hotkey)
    s.call("set_subnet_params", "sudo", netuid=1, consensus=OPEN).blocks(3)
    weigh(s, "v1", {3: 1}, "NoPermit")
    weigh(s, "v1", {0: 1})
    s.call("start_call", "dave", netuid=1)
    for (hotkey, who), tao in zip(VALIDATORS.items(), (40, 35, 25)):
        add(s, who, rao(tao), hotkey=hotkey)
    s.state().to_block(30)
    weigh(s, "v1", {3: 1}, "NoPermit")
    epochs(s, 59)
    agree(s, 80)
    return epochs(s, 119, 179, 239, 299, 359)


@vector("hotkey-swapped", "yuma; pallets/subnets/README.md", "A validator's account is exchanged: its weights, bonds and permit stay with the seat; a commitment of the old account cannot be revealed by the new.")
def swapped(new):
    s = new(panel())
    agree(s)
    epochs(s, 59)
    swap_hotkey(s, "alice", "v1", "v9").state()
    weigh(s, "v1", {3: 1}, "NotRegistered")
    weigh(s, "v9", {3: 60, 4: 20, 5: 20})
    epochs(s, 119)
    s.call("set_subnet_params", "sudo", netuid=1, consensus={"commit_reveal": True})
    commit(s, "v2", {3: 1, 5: 1}, 1)
    commit(s, "v9", {3: 1, 4: 1}, 2)
    swap_hotkey(s, "bob", "v2", "v8").to_block(179)
    reveal(s, "v8", {3: 1, 5: 1}, 1, "UnknownCommit")
    reveal(s, "v2", {3: 1, 5: 1}, 1, "NotRegistered")
    reveal(s, "v9", {3: 1, 4: 1}, 2)
    return epochs(s, 180, 239, 299)


@vector("ten-commitments", "yuma, setting weights", "Ten commitments of a seat are open at most; those past their epoch do not count; a reveal drops those before it.")
def ten(new):
    s = new(panel(commit_reveal=True, weights_rate_limit=0))
    for block in range(1, 11):
        s.to_block(block)
        commit(s, "v1", {3: block, 4: 1}, block)
    commit(s, "v1", {3: 11, 4: 1}, 11, "TooManyCommits")
    commit(s, "v2", {5: 1}, 1).to_block(59)
    commit(s, "v1", {3: 11, 4: 1}, 11, "TooManyCommits")
    reveal(s, "v1", {3: 4, 4: 1}, 4)
    for before in (3, 4):
        reveal(s, "v1", {3: before, 4: 1}, before, "UnknownCommit")
    reveal(s, "v1", {3: 9, 4: 1}, 9)
    reveal(s, "v2", {5: 1}, 1)
    for salt in range(20, 29):
        commit(s, "v1", {3: salt, 5: 1}, salt)
    commit(s, "v1", {3: 1}, 1, "TooManyCommits").state("neurons").to_block(119)
    commit(s, "v1", {3: 1}, 1).state()
    reveal(s, "v1", {3: 28, 5: 1}, 28)
    return epochs(s, 179, 239, 299)


@vector("refused", "yuma, setting weights", "Weights refused, each for its own reason; nothing changes.")
def refused(new):
    s = new(panel(min_allowed_weights=2, max_weight_limit=40_000, version_key=5, weights_rate_limit=100))
    good = {3: 50, 4: 30, 5: 20}
    s.to_block(100)
    weigh(s, "v1", good, "UnknownSubnet", netuid=9, version_key=5)
    weigh(s, "v1", good, "UnknownSubnet", netuid=0, version_key=5)
    weigh(s, "nobody", good, "NotRegistered", version_key=5)
    weigh(s, "own", good, "NotRegistered", version_key=5)
    weigh(s, "m1", good, "NoPermit", version_key=5)
    weigh(s, "m1", {3: 1, 4: 0}, "TooFewWeights", version_key=5)
    weigh(s, "v1", good, "VersionKeyTooLow", version_key=4)
    weigh(s, "v1", {3: 1, 6: 1}, "UnknownUid", version_key=5)
    for few in ({3: 1}, {3: 1, 4: 0}, {3: 0, 4: 0}, {}):
        weigh(s, "v1", few, "TooFewWeights", version_key=5)
    weigh(s, "v1", {3: 62, 4: 38}, "WeightAboveLimit", version_key=5)
    row = {"netuid": 1, "version_key": 5}
    s.call("set_weights", "v1", "DuplicateUid", **row, uids=[3, 4, 3], weights=[1, 1, 1])
    s.call("set_weights", "v1", "LengthsDiffer", **row, uids=[3, 4], weights=[1, 1, 1])
    commit(s, "v1", good, 1, "CommitRevealOff", version_key=5)
    reveal(s, "v1", good, 1, "UnknownCommit", version_key=5).state()
    weigh(s, "v1", {3: 61, 4: 39}, version_key=5)
    weigh(s, "v1", good, "WeightsTooSoon", version_key=5).to_block(199)
    weigh(s, "v1", good, "WeightsTooSoon", version_key=5).to_block(200)
    weigh(s, "v1", good, version_key=5)
    weigh(s, "v2", {5: 20, 3: 40, 4: 40}, version_key=6)
    return epochs(s, 239, 299)


@vector("dissolved", "yuma; economics 7", "A subnet with weights, bonds and commitments is dissolved; what was earned is redeemed, and the other subnet goes on.")
def dissolved(new):
    genesis = panel()
    genesis["subnets"].append(subnet("eve", "own2", 20_000, ("v1", "m1")))
    genesis["stakes"].append({"coldkey": "alice", "netuid": 2, "hotkey": "v1", "tao": rao(30)})
    s = new(genesis)
    agree(s)
    epochs(s, 59, 119)
    s.call("dissolve_subnet", "sudo", netuid=1).state()
    weigh(s, "v1", {3: 1}, "UnknownSubnet")
    for hotkey, who in VALIDATORS.items():
        s.call("redeem", "eve", netuid=1, coldkey=who, hotkey=hotkey)
    return s.state().to_block(178).state()


def any_call(s, dice: Dice, block: int) -> None:
    """Weights, stakes, seats, keys or parameters."""
    subnet_, kind = s.chain.subnets[1], dice.roll(10)
    hotkey = dice.pick(subnet_.seats)
    if kind < 4:
        row = {uid: 1 + dice.roll(100) for uid in range(len(subnet_.seats)) if dice.roll(3)}
        attempt(s, "set_weights", hotkey, netuid=1, uids=list(row), weights=list(row.values()), version_key=0)
    elif kind < 6:
        tao = rao(20 + dice.roll(200))
        attempt(s, "add_stake", dice.pick(PEOPLE), netuid=dice.roll(2), hotkey=hotkey, tao=tao, min_received=0)
    elif kind == 6:
        who, netuid, held = dice.pick(sorted(s.chain.positions))
        attempt(s, "remove_stake", who, netuid=netuid, hotkey=held, amount="All", min_received=0)
    elif kind == 7:
        attempt(s, "register_neuron", dice.pick(PEOPLE), netuid=1, hotkey=f"n{block}", max_cost=rao(100))
    elif kind == 8:
        owner = s.chain.hotkeys[hotkey].coldkey
        attempt(s, "swap_hotkey", owner, hotkey=hotkey, new_hotkey=f"{hotkey[:2]}s{block}")
    else:
        consensus = dice.pick(({"bonds_penalty": dice.roll(65_536)}, {"bonds_version": dice.pick(("Yuma1", "Yuma3"))},
                               {"bonds_moving_average": dice.roll(63_898)}, {"max_validators": 2 + dice.roll(4)}))
        attempt(s, "set_subnet_params", "sudo", netuid=1, consensus=consensus)


@vector("long", "yuma", "Weights, stakes, seats, hotkeys and parameters change at random over 3 000 blocks; coldkeys are swapped on the way.")
def long(new):
    rules = {"neuron_immunity": 100, "hotkey_swap_interval": 50, "coldkey_swap_delay": 30}
    s, dice = new(panel(root=(("v1", 300),), rules=rules)), Dice(11)
    s.call("set_subnet_params", "sudo", netuid=1, max_seats=9)
    agree(s)
    for block in range(15, 3_001, 15):
        s.to_block(block)
        any_call(s, dice, block)
        if block % 750 == 0:
            attempt(s, "announce_coldkey_swap", dice.pick(("alice", "bob")), new_coldkey=dice.pick(("eve", "heir")))
            s.to_block(block + 2)
        if block % 750 == 45:
            for coldkey in sorted(s.chain.coldkey_swaps):
                attempt(s, "swap_coldkey", "eve", coldkey=coldkey)
        if block % 300 == 0:
            s.state("seats", "pools") if block % 1_500 else s.state()
    return s
