"""The calls by which keys change hands: a hotkey's account, its owner, all that a coldkey has."""

from .records import Refused


class Keys:
    """Mixed into the chain. Each call raises `Refused` or takes effect."""

    def may_own(self, hotkey, who):
        """Refuse a hotkey of another's, and an account that a hotkey of another's had."""
        owned = self.hotkeys.get(hotkey)
        if owned is not None and owned.coldkey != who:
            raise Refused("NotHotkeyOwner")
        if owned is None and hotkey in self.former and self.hotkeys[self.former[hotkey]].coldkey != who:
            raise Refused("FormerHotkey")

    # A hotkey's account for another.

    def swap_hotkey(self, who, hotkey, new_hotkey):
        """All that hangs on the hotkey stays as it is, under another name. The old one is nobody else's."""
        owned = self.hotkeys.get(hotkey)
        if owned is None:
            raise Refused("UnknownHotkey")
        if owned.coldkey != who:
            raise Refused("NotHotkeyOwner")
        if new_hotkey in self.hotkeys:
            raise Refused("HotkeyTaken")
        self.may_own(new_hotkey, who)
        if owned.swapped_at is not None and self.block - owned.swapped_at < self.rules.hotkey_swap_interval:
            raise Refused("HotkeySwapTooSoon")
        self.pay(who, self.rules.min_neuron_cost)
        self.recycle(self.rules.min_neuron_cost)
        self._rename(hotkey, new_hotkey)
        owned.swapped_at, owned.rebinding = self.block, None
        self.former[hotkey] = new_hotkey
        self.former.pop(new_hotkey, None)

    def _rename(self, old: str, new: str) -> None:
        """Write the new name wherever the old one is."""

        def name(hotkey):
            return new if hotkey == old else hotkey

        self.hotkeys = {name(h): owned for h, owned in self.hotkeys.items()}
        self.former = {account: name(h) for account, h in self.former.items()}
        self.pools = {(n, name(h)): pool for (n, h), pool in self.pools.items()}
        self.positions = {(c, n, name(h)): shares for (c, n, h), shares in self.positions.items()}
        self.destinations = {key: name(h) for key, h in self.destinations.items()}
        for subnet in self.subnets.values():
            subnet.hotkey = name(subnet.hotkey)
            subnet.seats = [name(h) for h in subnet.seats]
        for market in self.markets.values():
            for score in market.scores:
                score.hotkey = name(score.hotkey)
        self.tell("renamed", old=old, new=new)

    # A hotkey's owner.

    def rebind_hotkey(self, who, coldkey):
        """The hotkey `who` chooses another owner: at once, or after a notice if somebody has stake on it."""
        if who not in self.hotkeys:
            raise Refused("UnknownHotkey")
        if any(who in subnet.seats for subnet in self.subnets.values()):
            raise Refused("HotkeySeated")
        if any(who == subnet.hotkey for subnet in self.subnets.values()):
            raise Refused("HotkeyNamed")
        owned, delay = self.hotkeys[who], self.rules.take_delay
        if any(hotkey == who and (pool.shares or pool.left) for (_, hotkey), pool in self.pools.items()):
            to, begins = owned.rebinding or (None, 0)
            if to != coldkey or self.block >= begins + max(delay, 1):
                owned.rebinding = coldkey, self.block + delay
                return
            if self.block < begins:
                raise Refused("RebindTooSoon")
        owned.coldkey, owned.take, owned.pending = coldkey, self.rules.default_take, None
        owned.announced = owned.rebinding = None

    # All that a coldkey has.

    def announce_coldkey_swap(self, who, new_coldkey):
        """Say to whom all goes, and wait."""
        if new_coldkey == who:
            raise Refused("SameColdkey")
        if who in self.coldkey_swaps:
            raise Refused("ColdkeySwapPending")
        self.coldkey_swaps[who] = (new_coldkey, self.block + self.rules.coldkey_swap_delay)

    def cancel_coldkey_swap(self, who):
        """Withdraw what was announced."""
        if self.coldkey_swaps.pop(who, None) is None:
            raise Refused("NothingAnnounced")

    def swap_coldkey(self, who, coldkey):
        """Give all that `coldkey` has to whom it announced; anyone may ask. Nothing is settled."""
        if coldkey not in self.coldkey_swaps:
            raise Refused("NothingAnnounced")
        heir, since = self.coldkey_swaps[coldkey]
        if self.block < since:
            raise Refused("ColdkeySwapTooSoon")
        for key in [key for key in self.positions if key[0] == coldkey]:
            to = (heir, *key[1:])
            self.positions[to] = self.positions.get(to, 0) + self.positions.pop(key)
        for key in [key for key in self.destinations if key[0] == coldkey]:
            self.destinations.setdefault((heir, key[1]), self.destinations.pop(key))
        for owned in self.hotkeys.values():
            owned.coldkey = heir if owned.coldkey == coldkey else owned.coldkey
        for subnet in self.subnets.values():
            subnet.owner = heir if subnet.owner == coldkey else subnet.owner
        del self.coldkey_swaps[coldkey]
        self.tell("inherited", old=coldkey, new=heir)
