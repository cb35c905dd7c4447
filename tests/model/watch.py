"""What the brute model checks of the parts and the splits that it hears of.

It counts every seat's stake in every block, where the twin keeps sums that it brings up to date when
a stake is touched; and it computes splits and parts as rationals, with no rounding between.
"""

from fractions import Fraction

from . import maths, yuma_exact
from .params import MAX_VALIDATORS

GRID = 2**128


class Watch:
    """Counts stakes block by block, and writes down what it finds wrong."""

    def __init__(self, brute):
        self.brute = brute
        self.sums: dict[tuple[int, int], list[int]] = {}
        self.rates: dict[int, int] = {}
        self.reserves: dict[int, tuple[int, int]] = {}
        self.decisions: dict[int, tuple] = {}
        self.wrong: list[str] = []

    def count(self, chain) -> None:
        """The reserves and each seat's stake, as the block before left it: what streams or drips and is not settled is left out."""
        for netuid, market in chain.markets.items():
            if not market.trades:
                continue
            self.reserves[netuid] = (market.tao, market.alpha)
            for uid, score in enumerate(market.scores):
                both = self.sums.setdefault((netuid, uid), [0, 0])
                both[0] += self.brute.place(netuid, score.hotkey).total
                both[1] += self.brute.place(0, score.hotkey).total

    def forget(self, netuid: int, uid: int) -> None:
        """A seat begins anew."""
        self.sums.pop((netuid, uid), None)

    def split(self, chain, netuid, base, share, sides) -> None:
        """The participants' split is the exact one, to an atom or two."""
        market, params = chain.markets[netuid], chain.market
        tao, alpha = self.reserves[netuid]
        self.rates[netuid] = self.rates.get(netuid, 0) + share[0] * alpha * GRID // (share[1] * tao)
        cut, weight = Fraction(params.owner_cut, maths.BILLION), Fraction(params.tao_weight, maths.BILLION)
        seen = weight * market.root_stake * share[0] * alpha / (share[1] * tao)
        half = base * (1 - cut) / 2
        root = half * seen / (seen + market.outstanding) if seen else Fraction(0)
        for side, exact in zip(sides, (base * cut, half, half - root, root)):
            if abs(side - exact) > 2:
                self.wrong.append(f"block {chain.block}: split of subnet {netuid}")
        if sum(sides) != base:
            self.wrong.append(f"block {chain.block}: split of subnet {netuid} loses an atom")

    def decided(self, chain, netuid: int, given, outcome) -> None:
        """Yuma's decision is that of the rationals, as near as its roundings are."""
        exact = yuma_exact.epoch(given, self.decisions[netuid][1] if netuid in self.decisions else None)
        self.decisions[netuid] = (given, exact)
        if yuma_exact.distance(outcome, exact) > yuma_exact.BOUND:
            self._say(chain, netuid, "Yuma's parts")

    def parts(self, chain, netuid: int) -> None:
        """The parts of an epoch that opens are those of the stakes, counted block by block."""
        market = chain.markets[netuid]
        blocks = chain.block - market.opened_at
        seats = range(len(market.scores))
        sums = [self.sums.pop((netuid, uid), [0, 0]) for uid in seats]
        rate = self.rates.pop(netuid, 0)
        if not blocks or not sums:
            return
        alphas = [Fraction(alpha, GRID * blocks) for alpha, _ in sums]
        roots = [Fraction(root, GRID * blocks) for _, root in sums]
        weight = Fraction(chain.market.tao_weight, maths.BILLION)
        seen = [min(maths.WORD - a, root * weight * rate / (GRID * blocks)) for a, root in zip(alphas, roots)]
        if chain.yuma:
            self._compare_yuma(chain, netuid, alphas, roots, seen)
        else:
            self._compare(chain, netuid, alphas, roots, seen)

    def _error(self, chain, netuid: int) -> int:
        """How far the twin's stakes may be from these, all together."""
        market, brute = chain.markets[netuid], self.brute
        places = [(place, score.hotkey) for score in market.scores for place in (netuid, 0)]
        return sum(brute.bound(chain, *place) + 2 for place in places)

    def _compare(self, chain, netuid, alphas, roots, seen) -> None:
        market, error = chain.markets[netuid], self._error(chain, netuid)
        weights = [chain.pool(netuid, score.hotkey).weight for score in market.scores]
        root_weights = [score.root_dividend for score in market.scores]
        permits = [bool(w or r) for w, r in zip(weights, root_weights)]
        stakes = [a + s for a, s in zip(alphas, seen)]
        chosen = [s for s, permit in zip(stakes, permits) if permit]
        others = [s for s, permit in zip(stakes, permits) if not permit]
        most = min(-(-len(stakes) // 4), MAX_VALIDATORS)
        if len(chosen) > most or (chosen and others and max(others) > min(chosen) + error):
            self._say(chain, netuid, "permits")
        if len(chosen) < most and any(s > error for s in others):
            self._say(chain, netuid, "permits missing")
        total = sum(chosen)
        for side, said, name in ((alphas, weights, "dividends"), (seen, root_weights, "root dividends")):
            whole = sum(s for s, permit in zip(side, permits) if permit)
            if whole <= 10 * error:
                continue
            slack = Fraction(4 * len(stakes) + 8, maths.WHOLE) * total / whole + Fraction(4 * error) / whole
            for stake, part, permit in zip(side, said, permits):
                exact = stake / whole if permit else 0
                if abs(Fraction(part, maths.WHOLE) - exact) > slack:
                    self._say(chain, netuid, name)
        counted = sum(r for r, permit in zip(roots, permits) if permit)
        if market.root_stake and abs(market.root_stake - counted) > error:
            self._say(chain, netuid, "root's stake")
        miners = [score.incentive for score, permit in zip(market.scores, permits) if not permit]
        if miners and (max(miners) - min(miners) > 1 or sum(miners) != maths.WHOLE):
            self._say(chain, netuid, "incentives")

    def _compare_yuma(self, chain, netuid, alphas, roots, seen) -> None:
        """Yuma was told of the stakes that were, and each dividend is split by its seat's stake."""
        market, error = chain.markets[netuid], self._error(chain, netuid)
        given, exact = self.decisions[netuid]
        stakes = [a + s for a, s in zip(alphas, seen)]
        if any(abs(seat.stake - stake) > error for seat, stake in zip(given.seats, stakes)):
            self._say(chain, netuid, "stakes")
        paid = [(d, a, g, s) for d, a, g, s in zip(exact.dividends, alphas, seen, stakes)]
        moved = sum((2 * error * d / s for d, _, _, s in paid if d and s), Fraction(0))
        scores = [(chain.pool(netuid, score.hotkey).weight, score.root_dividend) for score in market.scores]
        for side, name in enumerate(("dividends", "root dividends")):
            wanted = [row[0] * row[1 + side] / row[3] if row[3] else Fraction(0) for row in paid]
            whole = sum(wanted)
            if whole <= 10 * moved:
                continue
            slack = (Fraction(4 * len(stakes) + 8, maths.WHOLE) + 2 * moved) / whole
            if any(abs(Fraction(s[side], maths.WHOLE) - w / whole) > slack for s, w in zip(scores, wanted)):
                self._say(chain, netuid, name)
        counted = sum(root for root, permit in zip(roots, exact.permits) if permit)
        if market.root_stake and abs(market.root_stake - counted) > error:
            self._say(chain, netuid, "root's stake")

    def _say(self, chain, netuid: int, what: str) -> None:
        self.wrong.append(f"block {chain.block}: {what} of subnet {netuid}")
