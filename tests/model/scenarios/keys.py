"""Keys that change hands: hotkeys swapped and rebound, coldkeys swapped (pallets/subnets/README.md)."""

from .base_calls import add, remove
from .common import Vectors, rao, simple, subnet
from .stakes import two

VECTORS = vector = Vectors()
SOON = {"hotkey_swap_interval": 50, "coldkey_swap_delay": 70, "take_delay": 40}
SOURCE = "pallets/subnets/README.md, E33"


def wallets(**more) -> dict:
    """`two`, where charlie's miners are staked on v1, and bob owns a subnet too."""
    genesis = two(rules={**SOON, **more})
    genesis["subnets"].append(subnet("bob", "own3", 400, ("m2", "v1")))
    genesis["stakes"].append({"coldkey": "bob", "netuid": 3, "hotkey": "v1", "tao": rao(10)})
    return genesis


def announce(s, who, heir, expect="ok"):
    """`announce_coldkey_swap`."""
    return s.call("announce_coldkey_swap", who, expect, new_coldkey=heir)


def swap(s, coldkey, expect="ok", who="eve"):
    """`swap_coldkey`, which anyone may call."""
    return s.call("swap_coldkey", who, expect, coldkey=coldkey)


def swap_hotkey(s, who, hotkey, new, expect="ok"):
    """`swap_hotkey`."""
    return s.call("swap_hotkey", who, expect, hotkey=hotkey, new_hotkey=new)


def rebind(s, hotkey, coldkey, expect="ok"):
    """`rebind_hotkey`, signed by the hotkey."""
    return s.call("rebind_hotkey", hotkey, expect, coldkey=coldkey)


def enter(s, who, hotkey, netuid=1, expect="ok"):
    """`register_neuron` at any cost."""
    return s.call("register_neuron", who, expect, netuid=netuid, hotkey=hotkey, max_cost=2**64 - 1)


@vector("keys-swap-validator", SOURCE, "A validator's account is exchanged within an epoch: stakers, seats, streams and drips stay as they were.")
def swap_validator(new):
    s = new(two(rules=SOON))
    s.to_block(75).state()
    swap_hotkey(s, "bob", "v1", "v9", "NotHotkeyOwner")
    swap_hotkey(s, "alice", "nobody", "v9", "UnknownHotkey")
    swap_hotkey(s, "alice", "v1", "v2", "HotkeyTaken")
    swap_hotkey(s, "alice", "v1", "v1", "HotkeyTaken")
    swap_hotkey(s, "alice", "v1", "v9").state()
    add(s, "eve", rao(1), hotkey="v1", expect="UnknownHotkey")
    add(s, "ferdie", rao(5), hotkey="v9").blocks(1).state()
    remove(s, "ferdie", rao(1), netuid=0, hotkey="v9").to_block(124)
    swap_hotkey(s, "alice", "v9", "v1", "HotkeySwapTooSoon").to_block(125)
    swap_hotkey(s, "alice", "v9", "v10").state().to_block(180)
    return remove(s, "alice", "All", hotkey="v10").state()


@vector("keys-swap-interval", SOURCE, "An account is exchanged once in the interval, to the block; the first time at once, and each hotkey for itself.")
def swap_interval(new):
    s = new(two(rules=SOON))
    s.blocks(10)
    swap_hotkey(s, "alice", "v1", "v8")
    swap_hotkey(s, "bob", "v2", "v9").to_block(59).state("seats", "pools")
    swap_hotkey(s, "alice", "v8", "v1", "HotkeySwapTooSoon").to_block(60)
    swap_hotkey(s, "alice", "v8", "v9", "HotkeyTaken")
    swap_hotkey(s, "alice", "v8", "v1")
    swap_hotkey(s, "bob", "v9", "v8", "FormerHotkey")
    swap_hotkey(s, "bob", "v9", "v2").blocks(1)
    swap_hotkey(s, "alice", "v1", "v7", "HotkeySwapTooSoon")
    return s.to_block(121).state()


@vector("keys-left-account", "ADR 0019", "The account that was left is nobody else's: its owner registers with it anew, and nothing of the former hotkey is the new one's.")
def left_account(new):
    s = new(two(rules=SOON))
    s.blocks(20)
    s.call("set_take", "alice", hotkey="v1", take=3_000)
    swap_hotkey(s, "alice", "v1", "v9")
    enter(s, "eve", "v1", expect="FormerHotkey")
    s.call("register_subnet", "eve", "FormerHotkey", hotkey="v1")
    swap_hotkey(s, "bob", "v2", "v1", "FormerHotkey")
    rebind(s, "v1", "eve", "UnknownHotkey").state()
    enter(s, "alice", "v1").state()
    add(s, "ferdie", rao(3), hotkey="v1")
    s.call("set_take", "alice", hotkey="v9", take=2_000)
    return s.to_block(59).state().to_block(120).state()


@vector("keys-left-account-inherited", "ADR 0019", "The account that was left is whose the hotkey is now.")
def left_account_inherited(new):
    s = new(two(rules=SOON))
    s.blocks(1)
    swap_hotkey(s, "alice", "v1", "v8")
    announce(s, "alice", "eve").to_block(71)
    swap(s, "alice")
    enter(s, "alice", "v1", expect="FormerHotkey")
    swap_hotkey(s, "eve", "v8", "v9")
    enter(s, "alice", "v8", expect="FormerHotkey")
    enter(s, "eve", "v1").state()
    return s.to_block(120).state()


@vector("keys-swap-miner", SOURCE, "A miner's account and the one it is staked on are exchanged, and so is the one that the owner's cut is staked on.")
def swap_miner(new):
    s = new(wallets())
    s.blocks(5)
    s.call("set_reward_destination", "charlie", netuid=1, hotkey="v2")
    s.call("set_reward_destination", "charlie", netuid=2, hotkey="v1")
    swap_hotkey(s, "charlie", "m1", "m9")
    swap_hotkey(s, "bob", "v2", "v9")
    swap_hotkey(s, "dave", "own1", "own9").state()
    s.to_block(59).state().to_block(120)
    return s.state()


@vector("keys-rebind", SOURCE, "A hotkey chooses another owner at once if it has no seat, no stake and no owner's cut. Its take is the default again.")
def rebind_when_free(new):
    genesis = simple(root=100, rules=SOON)
    genesis["hotkeys"] += [{"hotkey": "idle", "coldkey": "eve", "take": 1_000}]
    genesis["stakes"].append({"coldkey": "ferdie", "netuid": 1, "hotkey": "idle", "tao": rao(10)})
    s = new(genesis)
    s.blocks(1)
    rebind(s, "nobody", "bob", "UnknownHotkey")
    rebind(s, "val", "bob", "HotkeySeated")
    rebind(s, "own", "bob", "HotkeyNamed")
    rebind(s, "idle", "bob")
    s.call("set_take", "eve", hotkey="idle", take=900)
    remove(s, "ferdie", "All", hotkey="idle").state()
    rebind(s, "idle", "bob").state()
    s.call("set_take", "eve", "NotHotkeyOwner", hotkey="idle", take=0)
    enter(s, "eve", "idle", expect="NotHotkeyOwner")
    enter(s, "bob", "idle")
    add(s, "ferdie", rao(100), hotkey="idle").state()
    return s.to_block(60).state().to_block(120).state()


@vector("keys-rebind-announced", "ADR 0022", "Stake on a hotkey, or a drip, makes its choice wait as long as a higher take does; as long again, and it lapses. It is for one coldkey, and for one account.")
def rebind_announced(new):
    genesis = simple(root=1_000, rules=SOON)
    genesis["subnets"][0]["neurons"] = ["min"]
    genesis["hotkeys"] = [{"hotkey": "val", "coldkey": "alice", "take": 0}, {"hotkey": "min", "coldkey": "charlie"}]
    genesis["stakes"] = [{"coldkey": "ferdie", "netuid": 0, "hotkey": "val", "tao": rao(1_000)}]
    s = new(genesis)
    s.blocks(1)
    rebind(s, "val", "bob").to_block(40)
    rebind(s, "val", "bob", "HotkeyStaked")
    rebind(s, "val", "eve").to_block(79)
    rebind(s, "val", "eve", "HotkeyStaked").to_block(80)
    add(s, "alice", rao(1), netuid=0)
    s.call("set_take", "alice", hotkey="val", take=0)
    rebind(s, "val", "eve").state()
    s.call("set_take", "alice", "NotHotkeyOwner", hotkey="val", take=0)
    rebind(s, "val", "charlie").to_block(160)
    rebind(s, "val", "charlie")
    s.call("set_take", "eve", hotkey="val", take=100)
    swap_hotkey(s, "eve", "val", "v9").to_block(200)
    rebind(s, "val", "charlie", "UnknownHotkey")
    rebind(s, "v9", "charlie")
    s.call("set_take", "eve", hotkey="v9", take=50)
    remove(s, "ferdie", "All", netuid=0, hotkey="v9")
    remove(s, "alice", "All", netuid=0, hotkey="v9").state()
    rebind(s, "v9", "charlie")
    s.call("set_take", "eve", "NotHotkeyOwner", hotkey="v9", take=0)
    return s.to_block(240).state()


@vector("keys-swap-staker", SOURCE, "All positions of a staker go to a new coldkey, on every subnet and on root; nothing is settled, nothing lost.")
def swap_staker(new):
    s = new(wallets())
    s.blocks(3)
    swap(s, "ferdie", "NothingAnnounced")
    announce(s, "ferdie", "ferdie", "SameColdkey")
    announce(s, "ferdie", "heir")
    announce(s, "ferdie", "eve", "ColdkeySwapPending").to_block(72)
    swap(s, "ferdie", "ColdkeySwapTooSoon").to_block(73)
    add(s, "ferdie", rao(2), netuid=2, hotkey="v2").state()
    swap(s, "ferdie").state()
    swap(s, "ferdie", "NothingAnnounced")
    remove(s, "ferdie", "All", netuid=2, hotkey="v2", expect="NoPosition")
    s.to_block(120).state()
    remove(s, "heir", "All", netuid=0, hotkey="v1")
    return remove(s, "heir", rao(5), netuid=1, hotkey="v1").state()


@vector("keys-swap-owner", SOURCE, "A coldkey with hotkeys, miners' destinations, a subnet and stake gives all to a new one, which acts as its owner from then on.")
def swap_owner(new):
    genesis = wallets()
    genesis["balances"]["heir"] = rao(1)
    s = new(genesis)
    s.blocks(2)
    s.call("set_reward_destination", "bob", netuid=1, hotkey="v1")
    announce(s, "bob", "heir").to_block(72).state()
    swap(s, "bob").state()
    s.call("set_take", "bob", "NotHotkeyOwner", hotkey="v2", take=0)
    s.call("set_take", "heir", hotkey="v2", take=1_000)
    s.call("dissolve_subnet", "bob", "NotSubnetOwner", netuid=3)
    s.call("dissolve_subnet", "heir", netuid=3)
    swap_hotkey(s, "heir", "v2", "v9")
    return s.to_block(125).state().to_block(180).state()


@vector("keys-swap-to-one-that-has-some", SOURCE, "The heir has positions on the same hotkeys, hotkeys and destinations of its own: all of it adds up, and its own destinations stay.")
def swap_merges(new):
    s = new(wallets())
    add(s, "alice", rao(7), hotkey="v2").blocks(1)
    s.call("set_reward_destination", "charlie", netuid=1, hotkey="v1")
    s.call("set_reward_destination", "charlie", netuid=2, hotkey="v1")
    s.call("set_reward_destination", "alice", netuid=2, hotkey="v2")
    add(s, "charlie", rao(3), hotkey="v1")
    add(s, "charlie", rao(4), hotkey="v2")
    add(s, "charlie", rao(20), netuid=0, hotkey="v1")
    announce(s, "charlie", "alice")
    announce(s, "alice", "eve").to_block(71).state()
    swap(s, "charlie").state()
    swap(s, "alice").state()
    return s.to_block(121).state()


@vector("keys-swap-withdrawn", SOURCE, "A swap that was announced is withdrawn, and another announced waits from then; nothing is blocked meanwhile.")
def swap_withdrawn(new):
    s = new(wallets())
    s.blocks(1)
    s.call("cancel_coldkey_swap", "ferdie", "NothingAnnounced")
    announce(s, "ferdie", "eve").to_block(60)
    remove(s, "ferdie", rao(1), netuid=0, hotkey="v1")
    s.call("cancel_coldkey_swap", "ferdie").to_block(72)
    swap(s, "ferdie", "NothingAnnounced")
    announce(s, "ferdie", "heir").to_block(141).state("positions")
    swap(s, "ferdie", "ColdkeySwapTooSoon").to_block(142)
    return swap(s, "ferdie", who="heir").state()


@vector("keys-swap-and-raised-take", SOURCE, "A raise that was announced comes into force though the hotkey's account and its owner are exchanged.")
def swap_raise(new):
    genesis = simple(root=100, rules=SOON)
    genesis["hotkeys"][0]["take"] = 1_000
    s = new(genesis)
    announce(s, "alice", "heir").to_block(40)
    s.call("set_take", "alice", hotkey="val", take=9_000)
    swap_hotkey(s, "alice", "val", "v9").to_block(75)
    swap(s, "alice").state()
    s.call("set_take", "heir", "TakeRaisedTooSoon", hotkey="v9", take=10_000)
    return s.to_block(119).state().to_block(179).state().to_block(239).state()


@vector("keys-swap-then-redeem", SOURCE, "Who inherits a position of a dissolved subnet redeems it; who inherits a subnet inherits that its dissolution is announced.")
def swap_redeem(new):
    s = new(wallets(dissolve_delay=60))
    s.blocks(20)
    s.call("dissolve_subnet", "dave", netuid=1)
    announce(s, "dave", "heir")
    announce(s, "ferdie", "heir").to_block(90)
    swap(s, "dave")
    s.call("dissolve_subnet", "dave", "NotSubnetOwner", netuid=1).state()
    s.call("dissolve_subnet", "heir", netuid=1).state()
    swap(s, "ferdie").state("positions", "balances")
    s.call("redeem", "eve", "NoPosition", netuid=1, coldkey="ferdie", hotkey="v1")
    s.call("redeem", "eve", netuid=1, coldkey="heir", hotkey="v1")
    return s.call("redeem", "eve", netuid=1, coldkey="alice", hotkey="v1").state("positions", "balances")
