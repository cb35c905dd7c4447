"""The second model: every staker is paid in every block, one by one.

It has no bucket, no index, no share pool and settles nothing. It hears from the twin what is shared
between the two: which trades users made (integers), how much ALPHA each side of a subnet received in
a block, what root's sales brought, and which parts the consensus gave. From these it says what each
position is worth. Amounts are rationals on a grid of 2⁻¹²⁸ base units, which is as good as exact.

A position has a base, which counts when a block's reward is divided, and a gain, which does not yet:
what it was paid since its hotkey's stake last changed hands. Then a take is charged on the gains.
"""

from fractions import Fraction

from . import maths
from .watch import Watch

GRID = 2**128


class Place:
    """A hotkey's stakers on one subnet or on root."""

    def __init__(self):
        self.base: dict[str, int] = {}
        self.gain: dict[str, int] = {}
        self.orphan = 0  # rewards of blocks without stakers: their hotkey's owner's
        self.total = 0
        self.gained = 0
        self.left = 0  # root's drip
        self.until = 0
        self.roundings = 0
        self.growth = Fraction(1)

    def pay(self, amount: int) -> None:
        """Divide `amount` among the stakers."""
        if not amount:
            return
        if not self.total:
            self.orphan += amount
            return
        for who, base in self.base.items():
            self.gain[who] = self.gain.get(who, 0) + amount * base // self.total
        self.gained += amount

    def join(self, owner: str, take: Fraction) -> None:
        """Let the gains count, after the owner's take of them."""
        if not self.gained and not self.orphan:
            return
        self.roundings += 3
        if self.total:
            self.growth *= Fraction(self.total + self.gained, self.total)
            self.growth = Fraction(-(-self.growth * 2**64 // 1), 2**64)
        taken = self.orphan
        for who, gain in self.gain.items():
            part = int(gain * take)
            taken += part
            self.base[who] += gain - part
        self.gain, self.gained, self.orphan = {}, 0, 0
        if taken:
            self.base[owner] = self.base.get(owner, 0) + taken
        self.total = sum(self.base.values())

    def add(self, who: str, amount: int) -> None:
        """A deposit."""
        self.roundings += 1
        self.base[who] = self.base.get(who, 0) + amount
        self.total += amount

    def remove(self, who: str, amount: int, closed: bool) -> None:
        """A withdrawal."""
        self.roundings += 1
        if closed:
            amount = self.base.pop(who)
        else:
            self.base[who] -= amount
        self.total -= amount
        if not self.base:
            self.growth, self.roundings = Fraction(1), 1


class Brute:
    """The second model; call it with the twin's events."""

    def __init__(self):
        self.watch = Watch(self)
        self.places: dict[tuple[int, str], Place] = {}
        self.parts: dict[int, list] = {}
        self.scored: dict[int, tuple[bool, bool, bool]] = {}
        self.miners: dict[tuple[int, str], int] = {}
        self.owners: dict[int, int] = {}
        self.carry: dict[int, list[int]] = {}
        self.root_sold: dict[int, int] = {}
        self.takes: dict[tuple[int, str], int] = {}  # of each hotkey's rewards, as its epoch opened

    def __call__(self, chain, event: str, what: dict) -> None:
        getattr(self, f"on_{event}")(chain, **what)

    def place(self, netuid: int, hotkey: str) -> Place:
        """A hotkey's stakers."""
        return self.places.setdefault((netuid, hotkey), Place())

    def join(self, chain, netuid: int, hotkey: str) -> Place:
        """Let a place's gains count."""
        place = self.place(netuid, hotkey)
        take = self.take(chain, netuid, hotkey)
        place.join(chain.hotkeys[hotkey].coldkey, Fraction(take, maths.TAKE_WHOLE))
        return place

    def take(self, chain, netuid: int, hotkey: str) -> int:
        """The lower of the take now and that of when the epoch opened (ADR 0012); none on root."""
        if netuid == 0:
            return 0
        return min(self.takes.get((netuid, hotkey), 0), chain.hotkeys[hotkey].take_at(chain.block))

    # What users do.

    def on_put(self, chain, netuid, hotkey, coldkey, amount):
        """A deposit of a user."""
        self.join(chain, netuid, hotkey).add(coldkey, amount * GRID)

    def on_taken(self, chain, netuid, hotkey, coldkey, amount, closed):
        """A withdrawal of a user."""
        self.join(chain, netuid, hotkey).remove(coldkey, amount * GRID, closed)

    # What blocks do.

    def on_block(self, chain):
        """Root's drips release a block's part; stakes are counted as the last block left them."""
        self.watch.count(chain)
        for (netuid, _), place in self.places.items():
            if netuid == 0 and place.left:
                remaining = place.until - (chain.block - 1)
                amount = place.left if remaining <= 1 else place.left // remaining
                place.left -= amount
                place.pay(amount)

    def on_accrued(self, chain, netuid, base, share, sides):
        """A block's ALPHA of a subnet."""
        self.watch.split(chain, netuid, base, share, sides)
        owner, miners, validators, _ = (side * GRID for side in sides)
        self.owners[netuid] = self.owners.get(netuid, 0) + owner
        if netuid not in self.parts:
            return
        for_validators, for_miners, _ = self.scored[netuid]
        if for_validators and not for_miners:
            miners, validators = 0, miners + validators
        self._stream(netuid, miners if for_miners else 0, validators if for_validators else 0)

    def _stream(self, netuid: int, miners: int, validators: int) -> None:
        carry = self.carry.setdefault(netuid, [0, 0])
        carry[0] += miners
        carry[1] += validators
        for hotkey, weight, incentive, _ in self.parts[netuid]:
            if weight:
                part = validators * weight // maths.WHOLE
                self.place(netuid, hotkey).pay(part)
                carry[1] -= part
            if incentive:
                part = miners * incentive // maths.WHOLE
                self.miners[(netuid, hotkey)] = self.miners.get((netuid, hotkey), 0) + part
                carry[0] -= part

    def on_root_sold(self, chain, netuid, tao):
        """What root's sale brought."""
        self.root_sold[netuid] = self.root_sold.get(netuid, 0) + tao * GRID

    def _pay_miner(self, chain, netuid: int, hotkey: str) -> None:
        amount = self.miners.pop((netuid, hotkey), 0)
        if amount:
            coldkey = chain.hotkeys[hotkey].coldkey
            to = chain.destinations.get((coldkey, netuid), hotkey)
            place = self.join(chain, netuid, to)
            place.add(coldkey, amount)
            place.roundings += len(chain.markets[netuid].scores)

    def on_replaced(self, chain, netuid, uid):
        """A seat is taken by another; the twin's seat still names the old one."""
        self.watch.forget(netuid, uid)
        seats = self.parts.get(netuid, [])
        if uid < len(seats):
            hotkey = seats[uid][0]
            self.join(chain, netuid, hotkey)
            self._pay_miner(chain, netuid, hotkey)
            seats[uid] = (hotkey, 0, 0, 0)

    def on_dissolving(self, chain, netuid):
        """A subnet is dissolved: the owner is paid, as when an epoch closes."""
        subnet, amount = chain.subnets[netuid], self.owners.pop(netuid, 0)
        if amount:
            self.join(chain, netuid, subnet.hotkey).add(subnet.owner, amount)

    def on_closing(self, chain, netuid):
        """An epoch closes: gains count, miners, the owner and root's drips are paid."""
        for seat in chain.markets[netuid].scores:
            self.join(chain, netuid, seat.hotkey)
        for hotkey, _, _, _ in self.parts.get(netuid, []):
            self._pay_miner(chain, netuid, hotkey)
        subnet = chain.subnets[netuid]
        self.join(chain, netuid, subnet.hotkey).add(subnet.owner, self.owners.pop(netuid, 0))
        sold = self.root_sold.pop(netuid, 0)
        if self.scored.get(netuid, (False,) * 3)[2]:
            self._assign(chain, netuid, sold)

    def _assign(self, chain, netuid: int, sold: int) -> None:
        left = sold
        for hotkey, _, _, weight in self.parts[netuid]:
            amount = sold * weight // maths.WHOLE
            if not amount:
                continue
            left -= amount
            place = self.join(chain, 0, hotkey)
            take = self.take(chain, netuid, hotkey)
            part = amount * take // maths.TAKE_WHOLE
            place.add(chain.hotkeys[hotkey].coldkey, part)
            place.left += amount - part
            place.until = max(place.until, chain.block + chain.subnets[netuid].tempo)
        self.root_sold[netuid] = left

    def on_scored(self, chain, netuid):
        """New parts. What nobody had a part of is gone, what is left of streams opens the next."""
        self.watch.parts(chain, netuid)
        market = chain.markets[netuid]
        seats = market.scores
        self.parts[netuid] = [
            (s.hotkey, chain.pool(netuid, s.hotkey).weight, s.incentive, s.root_dividend) for s in seats
        ]
        old = self.scored.get(netuid, (False, False, False))
        self.scored[netuid] = (market.validators_scored, market.miners_scored, market.root_scored)
        miners, validators = self.carry.pop(netuid, [0, 0])
        self._stream(netuid, miners if old[1] else 0, validators if old[0] else 0)
        for seat in seats:
            self.takes[(netuid, seat.hotkey)] = chain.hotkeys[seat.hotkey].take_at(chain.block)
            for place in (netuid, 0):
                self.place(place, seat.hotkey).roundings += len(seats) + 2

    # What keys do.

    def on_renamed(self, chain, old, new):
        """A hotkey has another name."""

        def name(hotkey):
            return new if hotkey == old else hotkey

        self.places = {(n, name(hotkey)): place for (n, hotkey), place in self.places.items()}
        self.miners = {(n, name(hotkey)): owed for (n, hotkey), owed in self.miners.items()}
        self.takes = {(n, name(hotkey)): take for (n, hotkey), take in self.takes.items()}
        self.parts = {n: [(name(hotkey), *rest) for hotkey, *rest in seats] for n, seats in self.parts.items()}

    def on_inherited(self, chain, old, new):
        """All that a coldkey has is another's."""
        for place in self.places.values():
            for held in (place.base, place.gain):
                if old in held:
                    held[new] = held.get(new, 0) + held.pop(old)

    # What the consensus decides.

    def on_decided(self, chain, netuid, given, outcome):
        """Yuma decided an epoch."""
        self.watch.decided(chain, netuid, given, outcome)

    def on_created(self, chain, netuid):
        """Nothing to do: nobody holds anything yet."""

    # What it says.

    def value(self, chain, netuid: int, hotkey: str, coldkey: str) -> Fraction:
        """What a position is worth, rewards up to now included."""
        place = self.place(netuid, hotkey)
        take = Fraction(self.take(chain, netuid, hotkey), maths.TAKE_WHOLE)
        gain = place.gain.get(coldkey, 0)
        value = place.base.get(coldkey, 0) + gain - int(gain * take)
        if chain.hotkeys[hotkey].coldkey == coldkey:
            value += int(place.gained * take) + place.orphan
        return Fraction(value, GRID)

    def bound(self, chain, netuid: int, hotkey: str) -> int:
        """How far the twin may be from `value`; tests/model/README.md derives it."""
        place, pool = self.place(netuid, hotkey), chain.pool(netuid, hotkey)
        virtual = maths.div_up((pool.amount + 1) * maths.VIRTUAL_SHARES, pool.shares + maths.VIRTUAL_SHARES)
        growth = place.growth
        if place.total:
            growth *= Fraction(place.total + place.gained, place.total)
        return int(2 * (place.roundings + 4) * growth) + virtual
