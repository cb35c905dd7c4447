"""What a subnet's owner sets: hyperparameters, and what the subnet says of itself (pallets/subnets/README.md)."""

from .common import Vectors, rao, simple
from .keys import announce, enter, swap
from .stakes import two

VECTORS = vector = Vectors()
SOURCE = "pallets/subnets/README.md, E31"
RULES = {"hyperparams_interval": 90, "hyperparams_freeze": 10, "coldkey_swap_delay": 20}


def change(s, who, expect="ok", netuid=1, **params):
    """`set_subnet_params`."""
    return s.call("set_subnet_params", who, expect, netuid=netuid, **params)


@vector("owner-changes-tempo", SOURCE, "An owner's tempo counts from the next epoch on; the owner sets once in the interval, governance at any time.")
def changes_tempo(new):
    s = new(two(rules=RULES))
    s.blocks(1)
    change(s, "alice", "NotSubnetOwner", tempo=100)
    change(s, "dave", "UnknownSubnet", netuid=9, tempo=100)
    change(s, "dave", "UnknownSubnet", netuid=0, tempo=100)
    change(s, "dave", tempo=100).state("seats")
    change(s, "dave", "HyperparamsTooSoon", tempo=200).to_block(59).state()
    change(s, "sudo", tempo=80).to_block(90)
    change(s, "dave", "HyperparamsTooSoon", tempo=70).to_block(91)
    change(s, "dave", tempo=70).state().to_block(159).state()
    return s.to_block(229).state()


@vector("owner-frozen-before-the-close", SOURCE, "In the last blocks of an epoch the owner sets nothing, to the block; governance does.")
def frozen(new):
    s = new(two(rules={**RULES, "hyperparams_interval": 1}))
    s.to_block(48)
    change(s, "dave", tempo=61).to_block(49)
    change(s, "dave", "HyperparamsFrozen", tempo=62)
    change(s, "eve", "HyperparamsFrozen", netuid=2, tempo=62).to_block(58)
    change(s, "eve", netuid=2, tempo=62)
    change(s, "dave", "HyperparamsFrozen", tempo=62)
    change(s, "sudo", tempo=63).state("seats").to_block(59)
    change(s, "dave", tempo=64).state()
    return s.to_block(122).state("seats").to_block(186).state()


@vector("owner-out-of-bounds", SOURCE, "What is out of its bounds is refused by name, whoever sets it; the bounds themselves are taken.")
def bounds(new):
    s = new(two(rules={**RULES, "hyperparams_interval": 0, "hyperparams_freeze": 0}))
    s.blocks(1)
    for who in ("dave", "sudo"):
        for tempo in (0, 59, 50_401):
            change(s, who, "TempoOutOfBounds", tempo=tempo)
        for seats in (0, 257):
            change(s, who, "MaxSeatsOutOfBounds", max_seats=seats)
        change(s, who, "NeuronImmunityOutOfBounds", neuron_immunity=50_401)
        change(s, who, "MaxSeatsBelowHeld", max_seats=4)
    change(s, "dave", tempo=1_600, max_seats=5, neuron_immunity=50_400)
    change(s, "dave", tempo=60, max_seats=256, neuron_immunity=0).state()
    return s.to_block(120).state()


@vector("owner-closes-registration", SOURCE, "An owner lets nobody in, then opens again; who is seated earns on.")
def closes(new):
    s = new(simple(root=100, rules=RULES))
    s.blocks(5)
    change(s, "dave", registration_open=False)
    enter(s, "eve", "n1", expect="RegistrationClosed").state()
    s.to_block(95)
    enter(s, "eve", "n1", expect="RegistrationClosed")
    change(s, "dave", registration_open=True)
    return enter(s, "eve", "n1").state().to_block(120).state()


@vector("owner-sets-seats-and-immunity", SOURCE, "Fewer seats make the next registration replace; with immunity gone the youngest may go, with a longer one nobody does.")
def seats(new):
    s = new(two(rules={**RULES, "hyperparams_interval": 20, "neuron_immunity": 1_000}))
    s.blocks(2)
    change(s, "dave", max_seats=5)
    enter(s, "eve", "n1", expect="SubnetFull").to_block(30)
    change(s, "dave", neuron_immunity=0)
    enter(s, "eve", "n1").state()
    enter(s, "eve", "n2").to_block(70)
    change(s, "dave", neuron_immunity=69)
    enter(s, "eve", "n3").state().to_block(95)
    change(s, "dave", neuron_immunity=500)
    enter(s, "eve", "n4", expect="SubnetFull")
    change(s, "sudo", max_seats=6)
    return enter(s, "eve", "n4").state().to_block(120).state()


@vector("owner-before-the-start", SOURCE, "An owner sets hyperparameters of a subnet that did not start: nothing is frozen, and its first epoch has their tempo.")
def before_start(new):
    genesis = two(rules=RULES)
    genesis["subnets"].append({"owner": "bob", "hotkey": "own3", "lock": rao(100), "started": False, "neurons": ["m3"]})
    s = new(genesis)
    s.blocks(7)
    change(s, "bob", netuid=3, tempo=77)
    s.call("start_call", "bob", netuid=3).state("seats")
    change(s, "bob", "HyperparamsTooSoon", netuid=3, tempo=99)
    return s.to_block(151).state("seats", "pools")


@vector("owner-is-swapped", SOURCE, "A subnet's hyperparameters and its interval stay with the subnet when its owner's coldkey is swapped.")
def swapped(new):
    s = new(two(rules=RULES))
    announce(s, "dave", "heir").to_block(20)
    change(s, "dave", tempo=90).state("seats")
    swap(s, "dave")
    change(s, "dave", "NotSubnetOwner", tempo=80)
    change(s, "heir", "HyperparamsTooSoon", tempo=80).to_block(110)
    change(s, "heir", tempo=80).state()
    return s.to_block(229).state()


@vector("owner-identity", SOURCE, "What a subnet says of itself changes no money: the states around it are the same.")
def identity(new):
    s = new(two(rules=RULES))
    s.to_block(30).state()
    s.call("set_subnet_identity", "alice", "NotSubnetOwner", netuid=1, name="Mine")
    s.call("set_subnet_identity", "dave", "UnknownSubnet", netuid=9, name="Nobody's")
    s.call("set_subnet_identity", "dave", netuid=1, name="First", symbol="α", description="One of two.", url="https://example.org", contact="dave@example.org")
    s.call("set_subnet_identity", "eve", netuid=2, name="Second").state()
    s.call("set_subnet_identity", "dave", netuid=1).state()
    return s.to_block(60).state("seats")
