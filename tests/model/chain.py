"""The twin's state, money, blocks and genesis."""

from . import epochs, maths
from .params import EXISTENTIAL_DEPOSIT, MARKET, MAX_EPOCHS_PER_BLOCK, SUBNETS, Params, new_consensus
from .records import Hotkey, Market, Refused, Score, StakePool, Subnet


class Chain:
    """All state, and what a block does. Calls are in `staking`, `registry` and `dissolving`."""

    def __init__(self, genesis: dict, listener=None):
        self.market = Params(MARKET, genesis.get("market", {}))
        self.rules = Params(SUBNETS, genesis.get("subnets_params", {}))
        self.block = 0
        self.balances: dict[str, int] = {}
        self.issuance = EXISTENTIAL_DEPOSIT  # the pot's
        self.recycled = 0
        self.hotkeys: dict[str, Hotkey] = {}
        self.subnets: dict[int, Subnet] = {}
        self.markets: dict[int, Market] = {}
        self.pools: dict[tuple[int, str], StakePool] = {}
        self.positions: dict[tuple[str, int, str], int] = {}
        self.destinations: dict[tuple[str, int], str] = {}
        self.root_staked = 0
        self.root_dripping = 0
        self.last_lock: tuple[int, int] | None = None
        self.next_netuid = 1
        self.yuma = genesis.get("consensus", "stake") == "yuma"
        self.neurons: dict[int, list] = {}
        self.weights: dict[int, dict] = {}
        self.bonds: dict[int, tuple[dict, int]] = {}  # and the block of the epoch that left them
        self.commits: dict[tuple[int, int], list] = {}
        self.coldkey_swaps: dict[str, tuple[str, int]] = {}  # to whom, and from when
        self.former: dict[str, str] = {}  # accounts that hotkeys had, and what those are called now
        self.listener = listener
        self._genesis(genesis)

    # Genesis.

    def _genesis(self, genesis: dict) -> None:
        for who, amount in genesis["balances"].items():
            self.balances[who] = int(amount)
            self.issuance += int(amount)
        for row in genesis.get("hotkeys", []):
            take = row.get("take")
            self.hotkeys[row["hotkey"]] = Hotkey(row["coldkey"], self.rules.default_take if take is None else take)
        for row in genesis.get("subnets", []):
            self._genesis_subnet(row)
        for row in genesis.get("stakes", []):
            self.add_stake(row["coldkey"], row["netuid"], row["hotkey"], int(row["tao"]), 0)
        for netuid, market in self.markets.items():
            if market.trades:
                epochs.open_first(self, netuid)
        for netuid, row in enumerate(genesis.get("subnets", []), 1):
            if "hyperparams" in row:
                self.set_subnet_params("sudo", netuid, **row["hyperparams"])

    def _genesis_subnet(self, row: dict) -> None:
        self.own_hotkey(row["hotkey"], row["owner"])
        self.pay(row["owner"], int(row["lock"]))
        netuid = self.create_subnet(row["owner"], row["hotkey"], int(row["lock"]))
        subnet = self.subnets[netuid]
        subnet.tempo = row.get("tempo") or self.rules.tempo
        subnet.consensus = new_consensus(subnet.tempo)
        for hotkey in row.get("neurons", []):
            self.seat(netuid, hotkey)
        if row.get("started", True):
            self.start(netuid)

    # Who exists.

    def own_hotkey(self, hotkey: str, coldkey: str) -> None:
        """Make `hotkey` the coldkey's, or check that it is."""
        self.may_own(hotkey, coldkey)
        if hotkey not in self.hotkeys:
            self.former.pop(hotkey, None)
            self.hotkeys[hotkey] = Hotkey(coldkey, self.rules.default_take)

    def create_subnet(self, owner: str, hotkey: str, lock: int) -> int:
        """A subnet and its pool; the lock is paid already."""
        netuid, self.next_netuid = self.next_netuid, self.next_netuid + 1
        self.subnets[netuid] = Subnet(owner, hotkey, self.block, self.rules.tempo, self.rules.neuron_immunity)
        self.subnets[netuid].consensus = new_consensus(self.rules.tempo)
        self.markets[netuid] = Market(lock, lock)
        self.tell("created", netuid=netuid)
        return netuid

    def seat(self, netuid: int, hotkey: str) -> int:
        """Append a seat; its stake is counted from now."""
        subnet = self.subnets[netuid]
        subnet.seats.append(hotkey)
        subnet.seated_at.append(self.block)
        self.markets[netuid].scores.append(self.fresh_score(netuid, hotkey))
        self.on_seat(netuid, len(subnet.seats) - 1)
        return len(subnet.seats) - 1

    def fresh_score(self, netuid: int, hotkey: str) -> Score:
        """A score without parts, whose stake is counted from now."""
        sums = []
        for place in (netuid, 0):
            pool = self.pool(place, hotkey)
            sums.append(pool.stake_blocks + pool.amount * (self.block - pool.since))
        return Score(hotkey, alpha_seen=sums[0], root_seen=sums[1])

    def start(self, netuid: int) -> None:
        """Open the market and its first epoch."""
        market = self.markets[netuid]
        market.started_at = market.opened_at = self.block
        market.epoch = 1
        tempo = self.subnets[netuid].tempo
        market.closes_at = self.block + tempo - (self.block + netuid) % tempo

    # Money.

    def pay(self, who: str, amount: int) -> None:
        """Take TAO from an account, which keeps its existential deposit."""
        free = self.balances.get(who, 0)
        if free < amount:
            raise Refused("InsufficientBalance")
        if free - amount < EXISTENTIAL_DEPOSIT:
            raise Refused("BelowExistentialDeposit")
        self.balances[who] = free - amount

    def credit(self, who: str, amount: int) -> None:
        """Give TAO to an account."""
        self.balances[who] = self.balances.get(who, 0) + amount

    def recycle(self, amount: int) -> None:
        """Take TAO out of existence."""
        self.issuance -= amount
        self.recycled += amount

    def held(self) -> int:
        """TAO in pools, root, records and funds: what the pot owes, its own deposit left out."""
        return (
            sum(0 if m.dissolved else m.tao for m in self.markets.values())
            + sum(m.root_tao - m.root_paid + m.fund for m in self.markets.values())
            + self.root_staked
            + self.root_dripping
        )

    # Stake.

    def pool(self, netuid: int, hotkey: str) -> StakePool:
        """A hotkey's pool on a subnet or on root (0)."""
        key = (netuid, hotkey)
        if key not in self.pools:
            self.pools[key] = StakePool(since=self.block)
        return self.pools[key]

    def touch(self, netuid: int, hotkey: str) -> StakePool:
        """Settle what a pool has earned up to now, and return it."""
        pool = self.pool(netuid, hotkey)
        pool.advance(self.block)
        if netuid == 0:
            self._release(hotkey, pool)
        else:
            self._settle(netuid, hotkey, pool)
        return pool

    def _settle(self, netuid: int, hotkey: str, pool: StakePool) -> None:
        market = self.markets[netuid]
        owed = maths.accrued(market.validators, pool.weight) - pool.credited
        if owed <= 0:
            return
        pool.credited += owed
        market.settled += owed
        self._reward(netuid, hotkey, pool, owed, self.charged_take(hotkey, pool))

    def _reward(self, netuid: int, hotkey: str, pool: StakePool, amount: int, take: int) -> None:
        """First the stakers' part raises the pool, then the owner's is deposited."""
        owner_part = take * amount // maths.TAKE_WHOLE if pool.shares else amount
        pool.amount += amount - owner_part
        self.deposit(netuid, hotkey, self.hotkeys[hotkey].coldkey, owner_part)

    def charged_take(self, hotkey: str, pool: StakePool) -> int:
        """The lower of the take now and that of when the seat's epoch opened."""
        return min(pool.take, self.hotkeys[hotkey].take_at(self.block))

    def _release(self, hotkey: str, pool: StakePool) -> None:
        """What drips into a root pool up to now; without shares it is its owner's deposit."""
        amount = maths.released(pool.left, self.block - pool.last, pool.until - pool.last) if pool.left else 0
        pool.last = self.block
        if amount == 0:
            return
        pool.left -= amount
        self.root_dripping -= amount
        self.root_staked += amount
        if pool.shares:
            pool.amount += amount
        else:
            self.deposit(0, hotkey, self.hotkeys[hotkey].coldkey, amount)

    def deposit(self, netuid: int, hotkey: str, coldkey: str, amount: int) -> None:
        """Mint shares of a touched pool for `amount`."""
        if amount == 0:
            return
        pool = self.pool(netuid, hotkey)
        shares = maths.shares_for(amount, pool.shares, pool.amount)
        pool.amount += amount
        pool.shares += shares
        key = (coldkey, netuid, hotkey)
        self.positions[key] = self.positions.get(key, 0) + shares

    def withdraw(self, netuid: int, hotkey: str, coldkey: str, amount: int, everything: bool) -> None:
        """Burn shares of a touched pool: those of `amount`, or all."""
        pool = self.pool(netuid, hotkey)
        key = (coldkey, netuid, hotkey)
        held = self.positions[key]
        shares = held if everything else maths.shares_for(amount, pool.shares, pool.amount)
        pool.amount -= amount
        pool.shares -= shares
        if held == shares:
            del self.positions[key]
        else:
            self.positions[key] = held - shares

    # Blocks.

    def next_block(self) -> None:
        """`on_initialize` of the next block."""
        self.block += 1
        self.tell("block")
        netuids = [netuid for netuid, market in sorted(self.markets.items()) if market.trades]
        self._emit()
        due = [n for n in netuids if self.markets[n].closes_at <= self.block]
        due.sort(key=lambda n: (self.markets[n].closes_at, n))
        for netuid in due[:MAX_EPOCHS_PER_BLOCK]:
            epochs.close(self, netuid)

    def _emit(self) -> None:
        netuids, parts, shares = self.shares()
        for netuid, e, share in zip(netuids, parts, shares):
            self._step(netuid, e, share)
        self.issuance += sum(parts)

    def shares(self) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        """The emitting subnets, each one's TAO of the next block, and its share, `part/whole`."""
        netuids = [netuid for netuid, market in sorted(self.markets.items()) if market.trades]
        if not netuids:
            return [], [], []
        emission = maths.block_emission(self.issuance)
        markets = [self.markets[n] for n in netuids]
        parts = maths.apportion(emission, self._weights(markets))
        reserves = sum(m.tao for m in markets)
        shares = [(e, emission) if emission else (m.tao, reserves) for e, m in zip(parts, markets)]
        return netuids, parts, shares

    def _weights(self, markets: list[Market]) -> list[int]:
        if self.market.rule == "PriceEma":
            weights = [m.price_ema for m in markets]
        elif self.market.rule == "FlowEma":
            flows = [m.flow_ema for m in markets]
            weights = maths.flow_weights(flows, self.market.flow_cutoff, self.market.flow_power)
        else:
            weights = [m.tao for m in markets]
        return weights if any(weights) else [m.tao for m in markets]

    def _step(self, netuid: int, e: int, share: tuple[int, int]) -> None:
        """One subnet's emission: injection, participants, accrual, root's sale, averages."""
        market, params = self.markets[netuid], self.market
        base = maths.block_emission(market.issuance)
        cap = min(base, maths.CAP - market.issuance - base)
        made, _, bought = maths.inject(e, market.tao, market.alpha, cap, params.min_reserve)
        rate, per = share[0] * market.alpha, share[1] * market.tao
        market.root_rate += rate * maths.Q64 // per
        seen = self.root_as_alpha(market.root_stake, rate, per)
        market.tao += e
        market.alpha += made - bought
        sides = maths.split(base, params.owner_cut, seen, market.outstanding)
        self.tell("accrued", netuid=netuid, base=base, share=share, sides=sides)
        self._accrue(market, sides)
        self._sell_root(netuid, market)
        age = self.block - market.started_at
        speed = maths.price_rate(params.price_half_life, age, params.price_ramp)
        price = maths.capped_price(market.tao, market.alpha)
        market.price_ema = maths.ema_step(market.price_ema, price, speed)
        market.flow_ema = maths.flow_step(market.flow_ema, market.flow_block, params.flow_half_life)
        market.flow_block = 0

    def root_as_alpha(self, root: int, rate: int, per: int) -> int:
        """`⌊w·R·rate/per⌋`."""
        return self.market.tao_weight * root * rate // (maths.BILLION * per)

    def _accrue(self, market: Market, sides: tuple[int, int, int, int]) -> None:
        owner, miners, validators, root = sides
        if market.validators_scored and not market.miners_scored:
            miners, validators = 0, validators + miners
        market.owner += owner
        market.miners += miners
        market.validators += validators
        market.root += root
        market.outstanding += sum(sides)

    def _sell_root(self, netuid: int, market: Market) -> None:
        """Sell a little of root's bucket, without a fee."""
        if market.root < self.market.min_root_sale:
            return
        sold = min(market.root, market.alpha * self.market.root_sale_rate // maths.BILLION)
        paid = maths.amount_out(market.alpha, market.tao, sold)
        if sold == 0 or paid == 0 or market.tao - paid < self.market.min_reserve:
            return
        market.root -= sold
        market.outstanding -= sold
        market.alpha += sold
        market.tao -= paid
        market.root_tao += paid
        self.tell("root_sold", netuid=netuid, tao=paid)

    def tell(self, event: str, **what) -> None:
        """Tell the listener, if there is one."""
        if self.listener is not None:
            self.listener(self, event, what)
