"""The formulas against hand-worked numbers and against rationals."""

import unittest
from fractions import Fraction

from . import maths
from .scenarios.long_runs import Dice


class Trades(unittest.TestCase):
    """Section 3."""

    def test_the_walkthroughs_first_purchases(self):
        alpha = tao = 1_000 * maths.UNIT
        for _ in range(2):
            out, fee = maths.exact_in(tao, alpha, 100 * maths.UNIT, 500_000)
            self.assertEqual(fee, 50_000_000)
            tao, alpha = tao + 100 * maths.UNIT, alpha - out
        self.assertEqual((tao, alpha), (1_200_000_000_000, 833_405_939_092))

    def test_k_never_falls_and_a_round_trip_never_profits(self):
        dice = Dice(3)
        for _ in range(2_000):
            x, y, gross = (1 + dice.roll(10**9) for _ in range(3))
            fee = dice.pick((0, 500_000, 10_000_000))
            out, _ = maths.exact_in(x, y, gross, fee)
            self.assertGreaterEqual((x + gross) * (y - out), x * y)
            back, _ = maths.exact_in(y - out, x + gross, out, fee) if out else (0, 0)
            self.assertLessEqual(back, gross)

    def test_amount_in_is_the_least_that_buys(self):
        dice = Dice(4)
        for _ in range(2_000):
            x, y = 1 + dice.roll(10**6), 2 + dice.roll(10**6)
            out = 1 + dice.roll(y - 1)
            least = maths.amount_in(x, y, out)
            self.assertGreaterEqual(maths.amount_out(x, y, least), out)
            self.assertLess(maths.amount_out(x, y, least - 1), out)

    def test_exact_out_is_the_least_that_buys(self):
        dice = Dice(8)
        for _ in range(2_000):
            x, y = 1 + dice.roll(10**6), 2 + dice.roll(10**6)
            out = 1 + dice.roll(y - 1)
            gross = maths.exact_out(x, y, out, 500_000)
            self.assertGreaterEqual(maths.exact_in(x, y, gross, 500_000)[0], out)
            self.assertLess(maths.exact_in(x, y, gross - 1, 500_000)[0], out)

    def test_the_limit_is_never_crossed_and_one_more_would(self):
        dice = Dice(5)
        for _ in range(300):
            x, y = 10**6 + dice.roll(10**9), 10**6 + dice.roll(10**9)
            limit = x * maths.PRICE_ONE // y * (1_001 + dice.roll(1_000)) // 1_000
            within = lambda a, b, limit=limit: a * maths.PRICE_ONE <= limit * b  # noqa: E731
            most = maths.most_in(x, y, 500_000, within)
            for gross, holds in ((most, True), (most + 1, False)):
                out, _ = maths.exact_in(x, y, gross, 500_000)
                self.assertEqual(within(x + gross, y - out), holds)


class Shares(unittest.TestCase):
    """Section 4."""

    def test_a_deposit_reads_back_and_a_withdrawal_lowers_nobody(self):
        dice = Dice(6)
        amount = shares = 0
        for _ in range(2_000):
            a = 1 + dice.roll(10**12)
            minted = maths.shares_for(a, shares, amount)
            amount, shares = amount + a, shares + minted
            self.assertEqual(maths.share_value(minted, shares, amount), a)
            if dice.roll(2):
                before = Fraction(amount + 1, shares + maths.VIRTUAL_SHARES)
                burnt = maths.shares_for(a, shares, amount)
                amount, shares = amount - a, shares - burnt
                self.assertGreaterEqual(Fraction(amount + 1, shares + maths.VIRTUAL_SHARES), before)
            amount += dice.roll(10**9)


class Curve(unittest.TestCase):
    """Section 5."""

    def test_every_halving_is_exact_to_the_unit(self):
        for n in range(1, 31):
            boundary = maths.div_up(maths.CAP * (2**n - 1), 2**n)
            self.assertEqual(maths.block_emission(boundary - 1), maths.UNIT >> (n - 1))
            self.assertEqual(maths.block_emission(boundary), maths.UNIT >> n)
        self.assertEqual(maths.block_emission(maths.CAP), 0)


class Splits(unittest.TestCase):
    """Sections 6, 8, 9, 10."""

    def test_the_parts_sum_to_the_whole_and_are_near_the_exact_ones(self):
        dice = Dice(7)
        for _ in range(500):
            weights = [dice.roll(10**6) for _ in range(1 + dice.roll(20))]
            whole = dice.roll(10**9)
            parts = maths.apportion(whole, weights)
            if any(weights):
                self.assertEqual(sum(parts), whole)
            for part, weight in zip(parts, weights):
                if any(weights):
                    self.assertLess(abs(part - Fraction(whole * weight, sum(weights))), len(weights))

    def test_participants(self):
        self.assertEqual(maths.split(10**9, 180_000_000, 0, 0), (180_000_000, 410_000_000, 410_000_000, 0))
        self.assertEqual(maths.split(10**9, 180_000_000, 5, 5), (180_000_000, 410_000_000, 205_000_000, 205_000_000))
        self.assertEqual(sum(maths.split(999_999_999, 123_456_789, 7, 12)), 999_999_999)

    def test_flow_weights(self):
        q32 = 2**32
        most = 2**28 - 1
        self.assertEqual(maths.flow_weights([0, 0], -(2**63), 1), [0, 0])
        self.assertEqual(maths.flow_weights([4 * q32, 2 * q32, 0], -(2**63), 1), [most, most // 2, 0])
        self.assertEqual(maths.flow_weights([-4 * q32, -2 * q32], -(2**63), 1), [0, most])
        self.assertEqual(maths.flow_weights([4 * q32, 2 * q32], 2, 2), [most**2, 0])

    def test_injection(self):
        self.assertEqual(maths.inject(100, 1_000, 1_000, 100, 1), (100, 0, 0))
        made, spent, bought = maths.inject(100, 1_000, 1_000, 50, 1)
        self.assertEqual((made, spent), (50, 50))
        self.assertEqual(bought, maths.amount_out(1_050, 1_050, 50))
        self.assertEqual(maths.inject(100, 1_000, 1_000, 50, 1_050), (50, 0, 0))


class Averages(unittest.TestCase):
    """Sections 7, 11, 13."""

    def test_half_of_a_step_is_followed_in_a_half_life(self):
        ema = 0
        for _ in range(1_000):
            ema = maths.ema_step(ema, maths.Q64, maths.LN2_Q64 // 1_000)
        self.assertAlmostEqual(ema / maths.Q64, 0.5, places=3)

    def test_flows_move_alike_in_both_directions(self):
        self.assertEqual(maths.flow_step(0, 1_000, 60), -maths.flow_step(0, -1_000, 60))

    def test_costs(self):
        self.assertEqual(maths.lock_cost(10, 25, 50, 3), 15)
        self.assertEqual(maths.lock_cost(10, 10**6, 50, 3), 3)
        self.assertEqual(maths.neuron_cost(100, 0, 10, 1, 1_000), 100)
        self.assertEqual(maths.neuron_cost(100, 10, 10, 1, 1_000), 50)
        self.assertEqual(maths.neuron_cost(100, 5, 10, 1, 1_000), 75)
        self.assertEqual(maths.neuron_cost_after(100, 260_000_000, 1, 1_000), 126)

    def test_a_drip_ends(self):
        left, released = 1_000, []
        for block in range(7):
            part = maths.released(left, 1, 7 - block)
            left -= part
            released.append(part)
        self.assertEqual(left, 0)
        self.assertLessEqual(max(released) - min(released), 1)


if __name__ == "__main__":
    unittest.main()
