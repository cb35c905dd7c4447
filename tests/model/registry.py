"""The calls of the registry: subnets, neurons, takes; and dissolving."""

from . import epochs, maths
from .params import GOVERNED, MAX_NEURON_IMMUNITY, MAX_SEATS, MAX_SUBNETS, MAX_TEMPO, MIN_TEMPO, ROOT, consensus_holds
from .records import Refused


class Registry:
    """Mixed into the chain. Each call raises `Refused` or takes effect."""

    def registration_cost(self) -> int:
        """The next subnet's lock."""
        rules = self.rules
        if self.last_lock is None:
            return rules.min_lock
        last, when = self.last_lock
        return maths.lock_cost(last, self.block - when, rules.lock_interval, rules.min_lock)

    def register_subnet(self, who, hotkey, max_lock=2**64 - 1):
        """A subnet of one's own, for a lock."""
        if self.last_lock and self.block - self.last_lock[1] < self.rules.registration_interval:
            raise Refused("RegistrationTooSoon")
        self.may_own(hotkey, who)
        lock = self.registration_cost()
        if lock > max_lock:
            raise Refused("CostAboveMaximum")
        if len(self.subnets) >= min(self.rules.max_subnets, MAX_SUBNETS):
            self.dissolve(self.to_prune())
        self.pay(who, lock)
        self.own_hotkey(hotkey, who)
        self.last_lock = (lock, self.block)
        self.create_subnet(who, hotkey, lock)

    def to_prune(self) -> int:
        """The subnet past its immunity with the lowest average price; the oldest of equals."""
        old = [
            (self.markets[n].price_ema, subnet.registered_at, n)
            for n, subnet in self.subnets.items()
            if self.block >= subnet.registered_at + self.rules.subnet_immunity
        ]
        if not old:
            raise Refused("TooManySubnets")
        return min(old)[2]

    def _owned(self, who, netuid):
        if netuid not in self.subnets:
            raise Refused("UnknownSubnet")
        subnet = self.subnets[netuid]
        if subnet.owner != who:
            raise Refused("NotSubnetOwner")
        return subnet

    def start_call(self, who, netuid):
        """Open a subnet's market."""
        subnet = self._owned(who, netuid)
        if self.markets[netuid].started_at is not None:
            raise Refused("AlreadyStarted")
        if self.block < subnet.registered_at + self.rules.start_delay:
            raise Refused("*")
        self.start(netuid)

    def neuron_cost(self, netuid: int) -> int:
        """The next seat's cost."""
        rules, last = self.rules, self.subnets[netuid].last_cost
        if last is None:
            return rules.neuron_cost
        cost, when = last
        return maths.neuron_cost(
            cost, self.block - when, rules.neuron_half_life, rules.min_neuron_cost, rules.max_neuron_cost
        )

    def register_neuron(self, who, netuid, hotkey, max_cost):
        """A seat, for a cost that is recycled."""
        if netuid == ROOT:
            raise Refused("RootHasNoSeats")
        if netuid not in self.subnets:
            raise Refused("UnknownSubnet")
        subnet = self.subnets[netuid]
        if not subnet.registration_open:
            raise Refused("RegistrationClosed")
        self.may_own(hotkey, who)
        if hotkey in subnet.seats:
            raise Refused("AlreadyRegistered")
        cost = self.neuron_cost(netuid)
        if cost > max_cost:
            raise Refused("CostAboveMaximum")
        uid = self._to_replace(netuid) if len(subnet.seats) >= subnet.max_seats else None
        self.pay(who, cost)
        self.own_hotkey(hotkey, who)
        self.recycle(cost)
        rules = self.rules
        after = maths.neuron_cost_after(cost, rules.neuron_cost_rise, rules.min_neuron_cost, rules.max_neuron_cost)
        subnet.last_cost = (after, self.block)
        if uid is None:
            self.seat(netuid, hotkey)
        else:
            self._replace(netuid, uid, hotkey)

    def _to_replace(self, netuid: int) -> int:
        """The lowest score among seats past their immunity; the one seated first of equals."""
        subnet, market = self.subnets[netuid], self.markets[netuid]
        old = []
        for uid, score in enumerate(market.scores):
            if self.block >= subnet.seated_at[uid] + subnet.neuron_immunity:
                earns = score.incentive + self.pool(netuid, score.hotkey).weight + score.root_dividend
                old.append((earns, subnet.seated_at[uid], uid))
        if not old:
            raise Refused("SubnetFull")
        return min(old)[2]

    def _replace(self, netuid: int, uid: int, hotkey: str) -> None:
        """Pay the leaving seat what it earned, and give its place away."""
        subnet, market = self.subnets[netuid], self.markets[netuid]
        score = market.scores[uid]
        self.tell("replaced", netuid=netuid, uid=uid)
        pool = self.touch(netuid, score.hotkey)
        epochs.pay_miner(self, netuid, score)
        epochs.assign_root_seat(self, netuid, score)
        pool.weight = pool.credited = 0
        subnet.seats[uid] = hotkey
        subnet.seated_at[uid] = self.block
        market.scores[uid] = self.fresh_score(netuid, hotkey)
        self.on_seat(netuid, uid)

    def set_take(self, who, hotkey, take):
        """Lower at once; higher after a delay."""
        if hotkey not in self.hotkeys:
            raise Refused("UnknownHotkey")
        owned, rules = self.hotkeys[hotkey], self.rules
        if owned.coldkey != who:
            raise Refused("NotHotkeyOwner")
        if take > rules.max_take:
            raise Refused("TakeTooHigh")
        current = owned.take_at(self.block)
        if take <= current:
            owned.take, owned.pending = take, None
            return
        if owned.announced is not None and self.block - owned.announced < rules.take_delay:
            raise Refused("TakeRaisedTooSoon")
        owned.take = current
        owned.pending = (take, self.block + rules.take_delay)
        owned.announced = self.block

    # Governance.

    def set_params(self, who, market=None, subnets=None):
        """Replace parameters."""
        self.market = self.market.changed(market or {})
        self.rules = self.rules.changed(subnets or {})

    # What a subnet's owner, or governance, sets.

    def set_subnet_params(self, who, netuid, **changes):
        """A subnet's hyperparameters. Governance: no delay. The open epoch keeps its length."""
        if netuid not in self.subnets:
            raise Refused("UnknownSubnet")
        subnet = self.subnets[netuid]
        if who != "sudo":
            self._may_set(who, netuid)
        changes = {**changes, "consensus": subnet.consensus.changed(changes.get("consensus", {}))}
        self._within_bounds(subnet, changes)
        if who != "sudo" and any(getattr(changes["consensus"], f) != getattr(subnet.consensus, f) for f in GOVERNED):
            raise Refused("*")
        for name, value in changes.items():
            setattr(subnet, name, value)
        if who != "sudo":
            subnet.hyperparams_set_at = self.block

    def _may_set(self, who, netuid) -> None:
        """Its owner, once in a while, and not shortly before an epoch closes."""
        subnet, market, rules = self._owned(who, netuid), self.markets[netuid], self.rules
        if subnet.hyperparams_set_at is not None:
            if self.block - subnet.hyperparams_set_at < rules.hyperparams_interval:
                raise Refused("HyperparamsTooSoon")
        if market.trades and market.closes_at - self.block <= rules.hyperparams_freeze:
            raise Refused("HyperparamsFrozen")

    @staticmethod
    def _within_bounds(subnet, changes: dict) -> None:
        unknown = set(changes) - {"tempo", "neuron_immunity", "max_seats", "registration_open", "consensus"}
        if unknown:
            raise ValueError(f"unknown hyperparameters: {sorted(unknown)}")
        if not MIN_TEMPO <= changes.get("tempo", MIN_TEMPO) <= MAX_TEMPO:
            raise Refused("TempoOutOfBounds")
        if not 1 <= changes.get("max_seats", 1) <= MAX_SEATS:
            raise Refused("MaxSeatsOutOfBounds")
        if changes.get("neuron_immunity", 0) > MAX_NEURON_IMMUNITY:
            raise Refused("NeuronImmunityOutOfBounds")
        if changes.get("max_seats", MAX_SEATS) < len(subnet.seats):
            raise Refused("MaxSeatsBelowHeld")
        if not consensus_holds(changes["consensus"], changes.get("tempo", subnet.tempo)):
            raise Refused("*")

    def set_subnet_identity(self, who, netuid, **texts):
        """What a subnet says of itself: nothing depends on it."""
        self._owned(who, netuid)

    # Dissolving.

    def dissolve_subnet(self, who, netuid):
        """Governance: at once. The owner: announced, then within a window."""
        if netuid not in self.subnets:
            raise Refused("UnknownSubnet")
        if who == "sudo":
            self.dissolve(netuid)
            return
        subnet, delay = self._owned(who, netuid), self.rules.dissolve_delay
        begins = subnet.dissolve_from
        if begins is None or self.block >= begins + delay:
            subnet.dissolve_from = self.block + delay
        elif self.block < begins:
            raise Refused("DissolveTooSoon")
        else:
            self.dissolve(netuid)

    def cancel_dissolve(self, who, netuid):
        """Withdraw an announcement."""
        subnet = self._owned(who, netuid)
        if subnet.dissolve_from is None:
            raise Refused("*")
        subnet.dissolve_from = None

    def dissolve(self, netuid: int) -> None:
        """Close trading; what holders would get if all sold together is the fund. The owner has its last cut first."""
        market = self.markets[netuid]
        self.tell("dissolving", netuid=netuid)
        if market.owner:
            epochs.pay_owner(self, netuid)
        market.fund = market.tao * market.outstanding // (market.alpha + market.outstanding)
        self.recycle(market.tao - market.fund)
        market.alpha_left = market.outstanding
        market.dissolved = True
        market.tao = 0
        del self.subnets[netuid]
        self._finish(market, netuid)

    def redeem(self, who, netuid, coldkey, hotkey):
        """Pay a holder of a dissolved subnet; anyone may ask."""
        market = self.markets.get(netuid)
        if market is None or not market.dissolved:
            raise Refused("*")
        pool = self.touch(netuid, hotkey)
        shares = self.positions.get((coldkey, netuid, hotkey))
        if not shares:
            raise Refused("NoPosition")
        alpha = pool.value(shares)
        paid = market.fund * alpha // market.alpha_left
        self.take_out(netuid, hotkey, coldkey, alpha, True)
        market.fund -= paid
        market.alpha_left -= alpha
        self.credit(coldkey, paid)
        self._finish(market, netuid)

    def _finish(self, market, netuid: int) -> None:
        """When the last position and credit is gone, recycle the dust left."""
        owed = market.owner + market.root + market.root_tao - market.root_paid
        for score in market.scores:
            pool = self.pool(netuid, score.hotkey)
            owed += maths.accrued(market.validators, pool.weight) - pool.credited
            owed += maths.accrued(market.miners, score.incentive) - score.miner_paid
        if owed or any(place == netuid for _, place, _ in self.positions):
            return
        self.recycle(market.fund)
        market.fund = market.alpha_left = 0
