"""The calls of the market: stake, unstake, limits, moves, transfers, recycling and burning."""

from . import maths
from .params import ROOT
from .records import Refused

ALL = "All"


class Staking:
    """Mixed into the chain. Each call raises `Refused` or takes effect."""

    # Checks.

    def known(self, netuid: int, hotkey: str) -> None:
        """The subnet trades and the hotkey is somebody's."""
        if netuid != ROOT:
            if netuid not in self.markets:
                raise Refused("UnknownSubnet")
            if self.markets[netuid].dissolved:
                raise Refused("*")
            if not self.markets[netuid].trades:
                raise Refused("NotStarted")
        if hotkey not in self.hotkeys:
            raise Refused("UnknownHotkey")

    def stake_of(self, who: str, netuid: int, hotkey: str, amount) -> tuple[int, bool]:
        """`(amount, whether all)` of a touched position."""
        if amount != ALL and int(amount) == 0:
            raise Refused("ZeroAmount")
        shares = self.positions.get((who, netuid, hotkey))
        if not shares:
            raise Refused("NoPosition")
        value = self.pool(netuid, hotkey).value(shares)
        if amount == ALL:
            if value == 0:
                raise Refused("ZeroAmount")
            return value, True
        if int(amount) > value:
            raise Refused("InsufficientStake")
        return int(amount), int(amount) == value

    def worth(self, netuid: int, alpha: int) -> int:
        """ALPHA at the spot price, rounded down; root's TAO itself."""
        if netuid == ROOT:
            return alpha
        market = self.markets[netuid]
        return alpha * market.tao // market.alpha

    def guard(self, reserve_in: int, reserve_out: int, net: int, out: int) -> None:
        """The guards on a trade."""
        ratio = self.market.max_trade_ratio
        if net > reserve_in * ratio // maths.BILLION or out > reserve_out * ratio // maths.BILLION:
            raise Refused("TradeTooLarge")
        if reserve_out - out < self.market.min_reserve:
            raise Refused("ReserveTooLow")
        if out == 0:
            raise Refused("*")

    # Trades, on reserves alone.

    def buy(self, netuid: int, tao: int, fee: int) -> int:
        """ALPHA for TAO; it is outstanding from then on."""
        if netuid == ROOT:
            return tao
        market = self.markets[netuid]
        out, part = maths.exact_in(market.tao, market.alpha, tao, fee)
        self.guard(market.tao, market.alpha, tao - part, out)
        market.tao += tao
        market.alpha -= out
        market.outstanding += out
        market.flow_block += tao
        return out

    def sell(self, netuid: int, alpha: int, fee: int) -> int:
        """TAO for ALPHA, which is no longer outstanding."""
        if netuid == ROOT:
            return alpha
        market = self.markets[netuid]
        out, part = maths.exact_in(market.alpha, market.tao, alpha, fee)
        self.guard(market.alpha, market.tao, alpha - part, out)
        market.alpha += alpha
        market.tao -= out
        market.outstanding -= alpha
        market.flow_block -= out
        return out

    def put(self, netuid: int, hotkey: str, who: str, amount: int) -> None:
        """Open or raise a position of a touched pool."""
        if netuid == ROOT:
            self.root_staked += amount
        self.deposit(netuid, hotkey, who, amount)
        self.tell("put", netuid=netuid, hotkey=hotkey, coldkey=who, amount=amount)

    def take_out(self, netuid: int, hotkey: str, who: str, amount: int, everything: bool) -> None:
        """Lower or close a position of a touched pool."""
        self.withdraw(netuid, hotkey, who, amount, everything)
        if netuid == ROOT:
            self.root_staked -= amount
        closed = (who, netuid, hotkey) not in self.positions
        self.tell("taken", netuid=netuid, hotkey=hotkey, coldkey=who, amount=amount, closed=closed)

    # Calls.

    def add_stake(self, who, netuid, hotkey, tao, min_received=0):
        """TAO into a position."""
        self.known(netuid, hotkey)
        self._enough(tao)
        if self.balances.get(who, 0) < tao:
            raise Refused("InsufficientBalance")
        self.touch(netuid, hotkey)
        alpha = self.buy(netuid, tao, self.market.swap_fee)
        if alpha < min_received:
            raise Refused("SlippageExceeded")
        self.pay(who, tao)
        self.put(netuid, hotkey, who, alpha)

    def _enough(self, tao: int) -> None:
        if tao == 0:
            raise Refused("ZeroAmount")
        if tao < self.market.min_stake:
            raise Refused("AmountTooSmall")

    def remove_stake(self, who, netuid, hotkey, amount, min_received=0):
        """A position into TAO. Takes all if the rest would be worth less than the least stake."""
        self.known(netuid, hotkey)
        self.touch(netuid, hotkey)
        alpha, everything = self.stake_of(who, netuid, hotkey, amount)
        if not everything and self._rest_after_sale(who, netuid, hotkey, alpha) < self.market.min_stake:
            alpha, everything = self.stake_of(who, netuid, hotkey, ALL)
        tao = self.sell(netuid, alpha, self.market.swap_fee)
        if tao < min_received:
            raise Refused("SlippageExceeded")
        self.take_out(netuid, hotkey, who, alpha, everything)
        self.credit(who, tao)

    def _rest_after_sale(self, who, netuid, hotkey, alpha) -> int:
        """What would be left, at the spot price after the sale of `alpha`."""
        value = self.pool(netuid, hotkey).value(self.positions[(who, netuid, hotkey)])
        if netuid == ROOT:
            return value - alpha
        market = self.markets[netuid]
        out, _ = maths.exact_in(market.alpha, market.tao, alpha, self.market.swap_fee)
        return (value - alpha) * (market.tao - out) // (market.alpha + alpha)

    def _filled(self, asked: int, most: int, fill: str) -> int:
        if fill == "FillOrKill":
            if most < asked:
                raise Refused("LimitNotMet")
            return asked
        if most == 0:
            raise Refused("NothingFilled")
        return min(asked, most)

    def add_stake_limit(self, who, netuid, hotkey, tao, limit_price, fill):
        """Buy while the marginal price stays at or below the limit, in 10⁻¹⁸ TAO per ALPHA."""
        self.known(netuid, hotkey)
        self._enough(tao)
        if self.balances.get(who, 0) < tao:
            raise Refused("InsufficientBalance")
        self.touch(netuid, hotkey)
        if netuid == ROOT:
            most = tao if limit_price >= maths.PRICE_ONE else 0
        else:
            market = self.markets[netuid]
            within = lambda x, y: x * maths.PRICE_ONE <= limit_price * y  # noqa: E731
            most = maths.most_in(market.tao, market.alpha, self.market.swap_fee, within)
        tao = self._filled(tao, most, fill)
        self._enough(tao)
        alpha = self.buy(netuid, tao, self.market.swap_fee)
        self.pay(who, tao)
        self.put(netuid, hotkey, who, alpha)

    def remove_stake_limit(self, who, netuid, hotkey, amount, limit_price, fill):
        """Sell while the marginal price stays at or above the limit."""
        self.known(netuid, hotkey)
        self.touch(netuid, hotkey)
        asked, everything = self.stake_of(who, netuid, hotkey, amount)
        if netuid == ROOT:
            most = asked if limit_price <= maths.PRICE_ONE else 0
        else:
            market = self.markets[netuid]
            within = lambda x, y: y * maths.PRICE_ONE >= limit_price * x  # noqa: E731
            most = maths.most_in(market.alpha, market.tao, self.market.swap_fee, within)
        alpha = self._filled(asked, most, fill)
        tao = self.sell(netuid, alpha, self.market.swap_fee)
        self.take_out(netuid, hotkey, who, alpha, everything and alpha == asked)
        self._remainder(who, netuid, hotkey)
        self.credit(who, tao)

    def _remainder(self, who, netuid, hotkey) -> None:
        shares = self.positions.get((who, netuid, hotkey))
        if shares and self.worth(netuid, self.pool(netuid, hotkey).value(shares)) < self.market.min_stake:
            raise Refused("RemainderTooSmall")

    def move_stake(self, who, from_netuid, from_hotkey, to_netuid, to_hotkey, amount, min_received=0):
        """From one hotkey and subnet to another, at most one fee."""
        self.known(from_netuid, from_hotkey)
        self.known(to_netuid, to_hotkey)
        if (from_netuid, from_hotkey) == (to_netuid, to_hotkey):
            raise Refused("*")
        self.touch(from_netuid, from_hotkey)
        self.touch(to_netuid, to_hotkey)
        moved, everything = self.stake_of(who, from_netuid, from_hotkey, amount)
        arrives = moved
        if from_netuid != to_netuid:
            fee = self.market.swap_fee
            tao = self.sell(from_netuid, moved, fee)
            arrives = self.buy(to_netuid, tao, fee if from_netuid == ROOT else 0)
        if arrives < min_received:
            raise Refused("SlippageExceeded")
        self.take_out(from_netuid, from_hotkey, who, moved, everything)
        self._remainder(who, from_netuid, from_hotkey)
        if amount != ALL and self.worth(to_netuid, arrives) < self.market.min_stake:
            raise Refused("AmountTooSmall")
        self.put(to_netuid, to_hotkey, who, arrives)

    def transfer_stake(self, who, to_coldkey, netuid, hotkey, amount):
        """To another coldkey, on the same hotkey and subnet."""
        self.known(netuid, hotkey)
        if to_coldkey == who:
            raise Refused("*")
        self.touch(netuid, hotkey)
        moved, everything = self.stake_of(who, netuid, hotkey, amount)
        self._hand_over(netuid, hotkey, who, to_coldkey, moved, everything)
        self._remainder(who, netuid, hotkey)
        if amount != ALL and self.worth(netuid, moved) < self.market.min_stake:
            raise Refused("AmountTooSmall")

    def _hand_over(self, netuid, hotkey, who, to_coldkey, amount, everything) -> None:
        """Shares change hands; the pool stays as it is."""
        pool, key, to = self.pool(netuid, hotkey), (who, netuid, hotkey), (to_coldkey, netuid, hotkey)
        held = self.positions.pop(key)
        shares = held if everything else maths.shares_for(amount, pool.shares, pool.amount)
        if held > shares:
            self.positions[key] = held - shares
        self.positions[to] = self.positions.get(to, 0) + shares
        closed = key not in self.positions
        self.tell("taken", netuid=netuid, hotkey=hotkey, coldkey=who, amount=amount, closed=closed)
        self.tell("put", netuid=netuid, hotkey=hotkey, coldkey=to_coldkey, amount=amount)

    def remove_all_stake(self, who, stakes):
        """All of each position in a list of `[netuid, hotkey, min_received]`."""
        for netuid, hotkey, least in stakes:
            self.remove_stake(who, netuid, hotkey, ALL, int(least))

    def _destroy(self, who, netuid, hotkey, amount) -> int:
        if netuid == ROOT:
            raise Refused("*")
        self.known(netuid, hotkey)
        self.touch(netuid, hotkey)
        alpha, everything = self.stake_of(who, netuid, hotkey, amount)
        self.take_out(netuid, hotkey, who, alpha, everything)
        self._remainder(who, netuid, hotkey)
        self.markets[netuid].outstanding -= alpha
        return alpha

    def recycle_alpha(self, who, netuid, hotkey, amount):
        """ALPHA out of existence."""
        self._destroy(who, netuid, hotkey, amount)

    def burn_alpha(self, who, netuid, hotkey, amount):
        """ALPHA destroyed and still counted by the halving clock."""
        alpha = self._destroy(who, netuid, hotkey, amount)
        self.markets[netuid].burnt += alpha

    def set_reward_destination(self, who, netuid, hotkey):
        """Where the caller's miners' incentive is staked; none resets."""
        if hotkey is None:
            self.destinations.pop((who, netuid), None)
            return
        self.known(netuid, hotkey)
        self.destinations[(who, netuid)] = hotkey
