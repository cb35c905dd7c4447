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
    """Weights that will be revealed: in that epoch, and in no other."""

    content: tuple
    at: int
    epoch: int


class Weighing:
    """Mixed into the chain. Each call is signed by a hotkey, and raises `Refused` or takes effect."""

    # Calls.

    def set_weights(self, who, netuid, uids, weights, version_key=0):
        """A row, at once. What was committed to is dropped."""
        uid, params = self._speaker(who, netuid)
        if params.commit_reveal:
            raise Refused("CommitRevealOn")
        self._not_too_soon(netuid, uid)
        self._sound(netuid, uid, uids, weights, version_key)
        self._store(netuid, uid, uids, weights, self.block)
        self.neurons[netuid][uid].spoke_at = self.block
        self.commits.pop((netuid, uid), None)

    def commit_weights(self, who, netuid, uids, weights, salt, version_key=0):
        """A row that nobody sees yet. The chain is given its hash."""
        uid, params = self._speaker(who, netuid)
        if not params.commit_reveal:
            raise Refused("CommitRevealOff")
        self._not_too_soon(netuid, uid)
        now, content = self._open_epoch(netuid), (who, netuid, uids, weights, salt, version_key)
        waiting = [commit for commit in self.commits.get((netuid, uid), []) if commit.epoch >= now]
        if any(commit.content == content for commit in waiting):
            raise Refused("AlreadyCommitted")
        if len(waiting) >= MAX_COMMITS:
            raise Refused("TooManyCommits")
        self.commits[(netuid, uid)] = [*waiting, Commit(content, self.block, now + params.reveal_period)]
        self.neurons[netuid][uid].spoke_at = self.block

    def reveal_weights(self, who, netuid, uids, weights, salt, version_key=0):
        """The row that was committed to, as of then. What was committed to before is dropped."""
        uid, _ = self._speaker(who, netuid)
        now, content = self._open_epoch(netuid), (who, netuid, uids, weights, salt, version_key)
        waiting = self.commits.get((netuid, uid), [])
        place = next((k for k, commit in enumerate(waiting) if commit.content == content), None)
        if place is None:
            raise Refused("UnknownCommit")
        commit = waiting[place]
        if now != commit.epoch:
            raise Refused("RevealTooEarly" if now < commit.epoch else "RevealTooLate")
        self._sound(netuid, uid, uids, weights, version_key)
        self._store(netuid, uid, uids, weights, commit.at)
        self.commits[(netuid, uid)] = waiting[place + 1 :]

    # Checks.

    def _speaker(self, who, netuid):
        """The caller's uid, and the subnet's parameters."""
        if netuid not in self.subnets:
            raise Refused("UnknownSubnet")
        subnet = self.subnets[netuid]
        if who not in subnet.seats:
            raise Refused("NotRegistered")
        return subnet.seats.index(who), subnet.consensus

    def _open_epoch(self, netuid) -> int:
        if not self.markets[netuid].trades:
            raise Refused("NotStarted")
        return self.markets[netuid].epoch

    def _not_too_soon(self, netuid, uid) -> None:
        spoke, limit = self.neurons[netuid][uid].spoke_at, self.subnets[netuid].consensus.weights_rate_limit
        if spoke is not None and self.block - spoke < limit:
            raise Refused("WeightsTooSoon")

    def _sound(self, netuid, uid, uids, weights, version_key) -> None:
        """The row may be set by this seat."""
        seats, params = len(self.subnets[netuid].seats), self.subnets[netuid].consensus
        if version_key < params.version_key:
            raise Refused("VersionKeyTooLow")
        if len(uids) != len(weights):
            raise Refused("LengthsDiffer")
        if len(set(uids)) != len(uids):
            raise Refused("DuplicateUid")
        if any(j >= seats for j in uids):
            raise Refused("UnknownUid")
        others = any(weight and j != uid for j, weight in zip(uids, weights))
        if others and not self.neurons[netuid][uid].permit:
            raise Refused("NoPermit")
        if sum(1 for weight in weights if weight) < min(params.min_allowed_weights, seats):
            raise Refused("TooFewWeights")
        if any(weight * yuma.PARTS > params.max_weight_limit * sum(weights) for weight in weights):
            raise Refused("WeightAboveLimit")

    def _store(self, netuid, uid, uids, weights, at) -> None:
        """Replace a seat's row; weights of 0 are not stored, and a row of nothing is none."""
        entries = {j: weight for j, weight in zip(uids, weights) if weight}
        self.weights[netuid].pop(uid, None)
        if entries:
            self.weights[netuid][uid] = (at, entries)
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
            neuron.consensus = outcome.consensus[uid] * yuma.PARTS // yuma.ONE
            neuron.trust, neuron.validator_trust = outcome.trust[uid], outcome.validator_trust[uid]
            if not neuron.permit:
                rows.pop(uid, None)
        return outcome
