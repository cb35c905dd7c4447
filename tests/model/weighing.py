"""Weights on the chain: setting, committing to and revealing them; and the consensus that reads them."""

from dataclasses import dataclass

from . import yuma
from .records import Refused

MAX_COMMITS = 10


@dataclass
class Neuron:
    """What Yuma keeps of a seat. The last three in 1/65 535."""

    last_update: int  # the block of its last weights, of their commitment if they were revealed
    permit: bool = False
    consensus: int = 0
    trust: int = 0
    validator_trust: int = 0
    spoke_at: int | None = None  # when it last set or committed to weights


@dataclass
class Commit:
    """Weights that will be revealed."""

    content: tuple
    at: int
    epoch: int


class Weighing:
    """Mixed into the chain. Each call is signed by a hotkey, and raises `Refused` or takes effect."""

    # Calls.

    def set_weights(self, who, netuid, uids, weights, version_key=0):
        """A row, at once."""
        uid, params = self._speaker(who, netuid)
        if params.commit_reveal:
            raise Refused("*")
        self._sound(netuid, uid, uids, weights, version_key)
        self._not_too_soon(netuid, uid)
        self._store(netuid, uid, uids, weights, self.block)
        self.neurons[netuid][uid].spoke_at = self.block

    def commit_weights(self, who, netuid, uids, weights, salt, version_key=0):
        """A row that nobody sees yet. The chain is given its hash."""
        uid, params = self._speaker(who, netuid)
        if not params.commit_reveal:
            raise Refused("*")
        self._not_too_soon(netuid, uid)
        epoch = self.markets[netuid].epoch
        waiting = [c for c in self.commits.get((netuid, uid), []) if c.epoch + params.reveal_period >= epoch]
        if len(waiting) >= MAX_COMMITS:
            raise Refused("*")
        waiting.append(Commit((who, netuid, uids, weights, salt, version_key), self.block, epoch))
        self.commits[(netuid, uid)] = waiting
        self.neurons[netuid][uid].spoke_at = self.block

    def reveal_weights(self, who, netuid, uids, weights, salt, version_key=0):
        """The row that was committed to, in its epoch."""
        uid, params = self._speaker(who, netuid)
        waiting = self.commits.get((netuid, uid), [])
        commit = next((c for c in waiting if c.content == (who, netuid, uids, weights, salt, version_key)), None)
        if commit is None or self.markets[netuid].epoch != commit.epoch + params.reveal_period:
            raise Refused("*")
        self._sound(netuid, uid, uids, weights, version_key)
        waiting.remove(commit)
        self._store(netuid, uid, uids, weights, commit.at)

    # Checks.

    def _speaker(self, who, netuid):
        """The caller's uid, and the subnet's parameters."""
        if netuid not in self.subnets:
            raise Refused("*")
        subnet = self.subnets[netuid]
        if who not in subnet.seats:
            raise Refused("*")
        return subnet.seats.index(who), subnet.consensus

    def _not_too_soon(self, netuid, uid) -> None:
        spoke, limit = self.neurons[netuid][uid].spoke_at, self.subnets[netuid].consensus.weights_rate_limit
        if spoke is not None and self.block - spoke < limit:
            raise Refused("*")

    def _sound(self, netuid, uid, uids, weights, version_key) -> None:
        """The row may be set by this seat."""
        subnet = self.subnets[netuid]
        params, total = subnet.consensus, sum(weights)
        itself = uids == [uid]
        if version_key < params.version_key:
            raise Refused("*")
        if len(uids) != len(weights) or len(set(uids)) != len(uids) or any(j >= len(subnet.seats) for j in uids):
            raise Refused("*")
        if not itself and not self.neurons[netuid][uid].permit:
            raise Refused("*")
        if sum(1 for w in weights if w) < min(params.min_allowed_weights, len(subnet.seats)):
            raise Refused("*")
        if any(w * yuma.PARTS > params.max_weight_limit * total for w in weights):
            raise Refused("*")

    def _store(self, netuid, uid, uids, weights, at) -> None:
        self.weights[netuid][uid] = (at, {j: w for j, w in zip(uids, weights) if w})
        self.neurons[netuid][uid].last_update = at

    # Seats.

    def on_seat(self, netuid: int, uid: int) -> None:
        """A seat has a new holder, who begins with nothing."""
        neurons = self.neurons.setdefault(netuid, [])
        neurons[uid : uid + 1] = [Neuron(self.block)]
        self.weights.setdefault(netuid, {}).pop(uid, None)
        self.commits.pop((netuid, uid), None)

    # Epochs.

    def decide(self, netuid: int, stakes: list[int]) -> yuma.Outcome:
        """The consensus of an epoch that opens."""
        subnet, neurons, rows = self.subnets[netuid], self.neurons.get(netuid, []), self.weights.get(netuid, {})
        params = subnet.consensus
        seats = [
            yuma.Seat(stake, neuron.last_update + params.activity_cutoff >= self.block, since)
            for stake, neuron, since in zip(stakes, neurons, subnet.seated_at, strict=True)
        ]
        owner = subnet.seats.index(subnet.hotkey) if subnet.hotkey in subnet.seats else None
        bonds, last = self.bonds.get(netuid, ({}, 0))
        given = yuma.Given(seats, dict(rows), owner, bonds, last, params)
        outcome = yuma.epoch(given)
        self.tell("decided", netuid=netuid, given=given, outcome=outcome)
        self.bonds[netuid] = (outcome.bonds, self.block)
        for uid, neuron in enumerate(neurons):
            neuron.permit = outcome.permits[uid]
            neuron.consensus = outcome.consensus[uid]
            neuron.trust, neuron.validator_trust = outcome.trust[uid], outcome.validator_trust[uid]
            if not neuron.permit:
                rows.pop(uid, None)
        return outcome
