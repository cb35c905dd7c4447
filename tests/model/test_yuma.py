"""Yuma: worked by hand, at its edges, and wrong on purpose."""

import json
import re
import unittest
from fractions import Fraction
from unittest import mock

from . import __main__ as command
from . import epoch_vectors, maths, scenarios, yuma, yuma_exact
from .params import CONSENSUS, Params
from .yuma import ONE, PARTS, Given, Seat

K = 10**12


def given(stakes, rows, **more) -> Given:
    """Seats with so many thousand ALPHA; rows set in block 1 of seats that came in block 0."""
    params = Params(CONSENSUS, more.pop("params", {}))
    rows = {uid: (1, entries) for uid, entries in rows.items()}
    return Given([Seat(stake * K) for stake in stakes], rows, params=params, **more)


def vector(name: str):
    """Build one by its name."""
    return next(built for entry in scenarios.ALL if entry[0] == name for built in scenarios.built(entry, name))


class ByHand(unittest.TestCase):
    """Three validators with 40, 35 and 25 thousand ALPHA, and three miners."""

    ROWS = {0: {3: 50, 4: 30, 5: 20}, 1: {3: 40, 4: 40, 5: 20}, 2: {5: 100}}

    def setUp(self):
        self.given = given((40, 35, 25, 0, 0, 0), self.ROWS)
        self.exact = yuma_exact.epoch(self.given, None)
        self.said = yuma.epoch(self.given)

    def test_the_median_is_what_half_of_the_stake_gives(self):
        wanted = [0, 0, 0, Fraction(2, 5), Fraction(3, 10), Fraction(1, 5)]
        self.assertEqual(self.exact.consensus, wanted)
        self.assertEqual(self.said.consensus, [int(w * ONE) for w in wanted])

    def test_incentives_are_the_clipped_ranks(self):
        # Ranks 0.4·0.75, 0.3·0.75 and 0.2·1: twelve, nine and eight of 29.
        wanted = [Fraction(part, 29) for part in (0, 0, 0, 12, 9, 8)]
        for said, exact, part in zip(self.said.incentives, self.exact.incentives, wanted):
            self.assertLess(abs(exact - part), Fraction(1, 2**120))
            self.assertLess(abs(said - part * maths.WHOLE), 2)

    def test_dividends_are_what_bonds_hold_of_them(self):
        # Bonds are a tenth of the clipped weights; the columns are halves, halves and thirds, so that the
        # validators hold 79, 79 and 16 of 174 of the incentives, and by stake 3 160, 2 765 and 400.
        wanted = [Fraction(part, 6_325) for part in (3_160, 2_765, 400, 0, 0, 0)]
        for said, exact, part in zip(self.said.dividends, self.exact.dividends, wanted):
            self.assertLess(abs(exact - part), Fraction(1, 2**100))
            self.assertLess(abs(said - part * maths.WHOLE), 2)

    def test_trust_is_what_was_not_clipped(self):
        for uid, part in enumerate((Fraction(9, 10), Fraction(9, 10), Fraction(1, 5))):
            self.assertEqual(self.exact.validator_trust[uid], part)
            self.assertLessEqual(abs(self.said.validator_trust[uid] - part * PARTS), 1)
        # 0.3 of 0.34, 0.225 of 0.26, and 0.2 of 0.4.
        for uid, part in ((3, Fraction(15, 17)), (4, Fraction(45, 52)), (5, Fraction(1, 2))):
            self.assertLess(abs(self.exact.trust[uid] - part), Fraction(1, 2**120))
            self.assertLessEqual(abs(self.said.trust[uid] - part * PARTS), 1)

    def test_bonds_grow_by_a_tenth_of_the_way(self):
        rate = Fraction(PARTS - CONSENSUS["bonds_moving_average"], PARTS)
        self.assertEqual(sorted(self.said.bonds), [0, 1, 2])
        self.assertEqual(sorted(self.said.bonds[2]), [5])
        self.assertLess(abs(self.said.bonds[0][3] - rate * Fraction(2, 5) * ONE), 2)

    def test_its_vector_says_the_same(self):
        row = vector("yuma-epochs-worked-example").rows[0]
        self.assertEqual((row["incentives"], row["dividends"]), (self.said.incentives, self.said.dividends))

    def test_yuma_1_divides_each_miner_among_its_validators(self):
        # By column: stake times clipped weight is 16 and 14 of 30, the same, and 8, 7 and 5 of 20.
        said = yuma.epoch(given((40, 35, 25, 0, 0, 0), self.ROWS, params={"bonds_version": "Yuma1"}))
        wanted = [21 * Fraction(16, 30) + 8 * Fraction(8, 20), 21 * Fraction(14, 30) + 8 * Fraction(7, 20), 8 * Fraction(5, 20)]
        for dividend, part in zip(said.dividends, wanted):
            self.assertLess(abs(dividend - part / 29 * maths.WHOLE), 2)


class Rules(unittest.TestCase):
    """What the vectors say of single rules."""

    def test_a_tie_at_kappa_is_reached_and_an_atom_less_is_not(self):
        reached, below, *_ = vector("yuma-epochs-a-tie-is-reached").rows
        self.assertGreater(reached["consensus"][2], below["consensus"][2])

    def test_equal_stakes_validate_from_the_lowest_uid(self):
        rows = vector("yuma-epochs-permits-at-equal-stake").rows
        self.assertEqual([row["permits"] for row in rows[1:4]], [[1, 2, 4], [0, 1, 2, 4], [1, 2, 4, 5]])

    def test_who_does_not_reach_the_threshold_has_no_permit(self):
        rows = vector("yuma-epochs-stake-threshold").rows
        self.assertEqual([row["permits"] for row in rows[1:4]], [[0, 2, 3], [0, 2, 3, 4], [4]])

    def test_a_replaced_seat_has_no_bonds_and_no_weights(self):
        row = vector("yuma-epochs-seats-replaced").rows[2]
        self.assertEqual((row["consensus"][5], row["incentives"][5]), (0, 0))
        self.assertFalse(any(j == 5 for _, entries in row["bonds"] for j, _ in entries))

    def test_bonds_fade_until_there_are_none(self):
        *_, before, last = vector("yuma-epochs-bonds-fade-to-nothing").rows
        self.assertEqual((before["bonds"], last["bonds"]), ([], []))
        self.assertEqual([round(part * 5 / maths.WHOLE) for part in last["dividends"]], [3, 2, 0, 0])

    def test_a_penalty_takes_bonds_from_who_is_beyond_the_consensus(self):
        earns = [
            vector(f"yuma-epochs-{name}").rows[3]["dividends"][2]
            for name in ("bonds-penalty-none", "bonds-penalty-half", "minority-collusion")
        ]
        self.assertEqual(earns, sorted(earns, reverse=True))
        self.assertGreater(earns[0], earns[2])

    def test_nobody_and_nothing(self):
        for row in vector("yuma-epochs-nobody").rows[:2]:
            self.assertEqual((sum(row["incentives"]), sum(row["dividends"])), (0, 0))
        for name in ("no-weights", "self-weights-only", "each-its-own-miner"):
            row = vector(f"yuma-epochs-{name}").rows[0]
            self.assertEqual((sum(row["incentives"]), sum(row["dividends"])), (0, maths.WHOLE), name)

    def test_a_subnet_with_twice_the_stakes_decides_the_same(self):
        rows = {0: {3: 5, 4: 3}, 1: {3: 1, 4: 9}, 2: {4: 1}}
        once, twice = (yuma.epoch(given([s * by for s in (40, 35, 25, 0, 0)], rows)) for by in (1, 2))
        self.assertEqual(once, twice)


class Formulas(unittest.TestCase):
    """The two that are not plain arithmetic."""

    def test_a_part_of_a_column_is_the_exact_one(self):
        for total in (1, 2, 3, 7, ONE, 2**64, 2**91 + 1, 2**92, 64 * 2**92 - 1):
            for x in {1, total // 3, total - 1, total} - {0}:
                for said, part in zip(yuma.norm([x, total - x]), (x, total - x)):
                    self.assertLessEqual(said, ONE)
                    self.assertLess(abs(Fraction(said, ONE) - Fraction(part, total)), Fraction(2, ONE), (part, total))
        self.assertEqual(yuma.norm([0, 0]), [0, 0])

    def test_the_logistic_is_near_the_exact_one(self):
        for steepness in (1, 2, 7, 10, 33, 100):
            last = 0
            for step in range(257):
                apart = ONE * step // 256
                said = yuma.logistic(steepness, apart)
                exact = yuma_exact.logistic(steepness, Fraction(apart, ONE))
                self.assertLess(abs(Fraction(said, 2**30) - exact), Fraction(1, 2**24), (steepness, step))
                self.assertGreaterEqual(said, last)
                last = said


class Vectors(unittest.TestCase):
    """tests/vectors/yuma-epochs-*.json."""

    def test_the_integers_are_near_the_rationals(self):
        for entry in scenarios.yuma_epochs.VECTORS:
            if "dense" in entry[0]:
                continue  # `check` compares them
            built = vector(entry[0])
            self.assertEqual(built.wrong(), [], entry[0])
            self.assertGreaterEqual(len(built.rows), 5, entry[0])
            for row in built.rows:
                for parts in (row["incentives"], row["dividends"]):
                    self.assertIn(sum(parts), (0, maths.WHOLE))

    def test_what_a_seed_stands_for(self):
        rows = epoch_vectors.generated(7, [[2, 50], [0, 51]], 3)
        x, wanted = 7, []
        for _ in range(4):
            x = (x * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
            wanted.append(x // 2**48)
        self.assertEqual(rows, {2: (50, {0: wanted[0], 1: wanted[1]}), 0: (51, {1: wanted[2], 2: wanted[3]})})

    def test_a_digest_is_of_every_number(self):
        bonds = {1: {2: 3, 4: 5}, 6: {7: 8}}
        for other in ({1: {2: 3, 4: 6}, 6: {7: 8}}, {1: {2: 3}, 6: {7: 8}}, {1: {2: 3, 4: 5}, 5: {7: 8}}):
            self.assertNotEqual(epoch_vectors.digest(bonds), epoch_vectors.digest(other))

    def test_the_example_of_the_readme_is_right(self):
        text = (command.VECTORS.parent / "model" / "README.md").read_text(encoding="utf-8")
        example = re.search(r'\{\n"name": "yuma-epochs-example".*?\n```', text, re.S)[0][:-3]
        vector = json.loads(example.replace(',\n{"at": 720, "last_epoch_at": 360, "...": "..."}', ""))
        self.assertEqual(epoch_vectors.replay(json.dumps(vector)), [])
        self.assertEqual(len(vector["epochs"]), 1)


class Chain(unittest.TestCase):
    """What weights bring in blocks."""

    def states(self, name: str) -> dict:
        """Seats, neurons and the subnet at each block of which the state is said, the last word of a block."""
        steps = vector(f"yuma-chain-{name}").steps
        said = [step["state"] for step in steps if "state" in step]
        return {s["block"]: (s["seats"]["1"], s["neurons"]["1"], s["subnets"]["1"]) for s in said}

    def test_the_worked_example_is_the_one_by_hand_but_for_what_trades_and_rewards_moved(self):
        seats, neurons, _ = self.states("worked-example")[59]
        for row, part in zip(seats[3:], (Fraction(12, 29), Fraction(9, 29), Fraction(8, 29))):
            self.assertLess(abs(row[1] - part * maths.WHOLE), maths.WHOLE // 1_000, row)
        for row, part in zip(seats[:3], (3_160, 2_765, 400)):
            self.assertLess(abs(row[2] - Fraction(part, 6_325) * maths.WHOLE), maths.WHOLE // 1_000, row)
        self.assertEqual([row[0] for row in neurons], [True] * 3 + [False] * 3)

    def test_a_silent_validator_keeps_its_permit_and_earns_nothing(self):
        states = self.states("inactive")
        self.assertGreater(states[179][0][2][2], 0)
        for block in (239, 299):
            seats, neurons, _ = states[block]
            self.assertEqual((seats[2][2], neurons[2][0]), (0, True))
        self.assertEqual(states[359][0][2][2], maths.WHOLE)

    def test_without_weights_validators_get_the_miners_part(self):
        states = self.states("no-weights")
        for block in (1, 59, 119):
            seats, _, subnet = states[block]
            self.assertEqual((sum(row[1] for row in seats), sum(row[2] for row in seats)), (0, maths.WHOLE))
            self.assertEqual(subnet["miners"], 0)
        self.assertEqual(sum(row[1] for row in states[179][0]), maths.WHOLE)

    def test_what_is_revealed_counts_as_of_its_commitment(self):
        self.assertEqual([row[1] for row in self.states("commit-reveal")[59][1][:3]], [10, 0, 0])
        seats, neurons, _ = self.states("commit-reveal-two-epochs")[179]
        self.assertEqual([row[1] for row in neurons[:3]], [20, 20, 20])
        replaced = next(uid for uid, row in enumerate(seats) if row[0] == "n1")
        self.assertEqual(seats[replaced][1], 0)
        self.assertTrue(all(row[1] for row in seats[3:] if row[0] != "n1"))

    def test_a_swapped_hotkey_keeps_its_row(self):
        states = self.states("hotkey-swapped")
        for block, last in ((59, 10), (119, 59)):
            seats, neurons, _ = states[block]
            self.assertEqual((seats[0][0], neurons[0][:2]), ("v9", [True, last]))
            self.assertGreater(neurons[0][4], 0)


class Mutations(unittest.TestCase):
    """A wrong twin is found out by the other."""

    def disagrees(self, name: str, owner, attribute: str, wrong) -> bool:
        self.assertEqual(vector(name).wrong(), [], name)
        with mock.patch.object(owner, attribute, wrong):
            try:
                return bool(vector(name).wrong())
            except AssertionError:
                return True

    def test_a_median_that_takes_the_next_weight(self):
        honest = yuma.consensus

        def beyond(given, held, column):
            return honest(given, [2 * stake - (stake > 0) for stake in held], column)

        self.assertTrue(self.disagrees("yuma-epochs-a-tie-is-reached", yuma, "consensus", beyond))

    def test_weights_to_seats_that_came_since(self):
        def counted(given, i):
            return {j: w for j, w in given.rows.get(i, (0, {}))[1].items() if j != i or i == given.owner}

        self.assertTrue(self.disagrees("yuma-epochs-commitments-count-from-then", yuma, "counted", counted))
        self.assertTrue(self.disagrees("yuma-epochs-seats-replaced", yuma, "counted", counted))

    def test_bonds_that_a_replaced_seat_keeps(self):
        def before(given, permits):
            return [[given.bonds.get(i, {}).get(j, 0) if permits[i] else 0 for j in range(given.n)] for i in range(given.n)]

        self.assertTrue(self.disagrees("yuma-epochs-seats-replaced", yuma, "bonds_before", before))

    def test_bonds_that_survive_a_permit_or_nothing(self):
        def before(given, permits):
            return [[given.bonds.get(i, {}).get(j, 0) for j in range(given.n)] for i in range(given.n)]

        def dropped(given, permits):
            return [[0] * given.n for _ in range(given.n)]

        self.assertTrue(self.disagrees("yuma-epochs-permits-gained-and-lost", yuma, "bonds_before", dropped))
        self.assertTrue(self.disagrees("yuma-epochs-permits-gained-and-lost-yuma1", yuma, "bonds_before", before))

    def test_dividends_without_stake(self):
        honest = yuma.earnings

        def blind(given, voters, parts, ranks, bonds):
            return honest(given, voters, [1 if part else 0 for part in parts], ranks, bonds)

        self.assertTrue(self.disagrees("yuma-epochs-worked-example", yuma, "earnings", blind))

    def test_a_chain_whose_yuma_is_wrong(self):
        greatest = lambda given, held, column: max(column)  # noqa: E731
        self.assertTrue(self.disagrees("yuma-chain-worked-example", yuma, "consensus", greatest))

    def test_a_chain_that_tells_yuma_other_stakes(self):
        honest = yuma_exact.epoch

        def doubled(given, last):
            for seat in given.seats:
                seat.stake *= 2
            return honest(given, last)

        self.assertEqual(vector("yuma-chain-root-stake").wrong(), [])
        with mock.patch.object(yuma_exact, "epoch", doubled):
            self.assertTrue(vector("yuma-chain-root-stake").wrong())


if __name__ == "__main__":
    unittest.main()
