"""The vectors are what the scenarios say, and the two models agree on each."""

import io
import json
import unittest
from contextlib import redirect_stdout
from unittest import mock

from . import __main__ as command
from . import chain, keys, maths, records, scenarios
from .scenario import Brute, Scenario, jsonable, integers


def scenario(name: str) -> Scenario:
    """Build one by its name."""
    return next(built for entry in scenarios.ALL if entry[0] == name for built in scenarios.built(entry, name))


def states(name: str) -> list[dict]:
    """The states that a scenario says, with integers."""
    return [integers(json.loads(json.dumps(step["state"]))) for step in scenario(name).steps if "state" in step]


class Files(unittest.TestCase):
    """tests/vectors."""

    def test_check_passes(self):
        with redirect_stdout(io.StringIO()) as said:
            self.assertEqual(command.check(""), 0, said.getvalue()[-2_000:])

    def test_names_are_unique_and_base_vectors_use_calls_of_the_first_slice(self):
        names = [entry[0] for entry in scenarios.ALL]
        self.assertEqual(len(names), len(set(names)))
        allowed = "add_stake remove_stake register_subnet start_call register_neuron set_take".split()
        for path in command.VECTORS.glob("base-*.json"):
            calls = {step["call"] for step in json.loads(path.read_text())["steps"] if "call" in step}
            self.assertLessEqual(calls, set(allowed), path.name)

    def test_numbers_survive_json(self):
        for value in (0, -1, 2**53, 2**53 + 1, 2**127, -(2**63)):
            self.assertEqual(integers(json.loads(json.dumps(jsonable(value)))), value)


class Walkthrough(unittest.TestCase):
    """docs/walkthrough.md."""

    def test_its_numbers(self):
        first, staked, epoch, last = states("base-walkthrough")
        self.assertEqual(first["subnets"]["1"]["price"], 1_439_874_548_179_253_545)
        self.assertEqual(first["subnets"]["1"]["closes_at"], 59)
        value = {p["coldkey"]: p["settled_value"] for p in staked["positions"]}
        self.assertEqual(value["ferdie"], 6_884_754_827)
        value = {p["coldkey"]: p["settled_value"] for p in epoch["positions"] if p["netuid"] == 1}
        self.assertEqual(value["ferdie"], 7_635_836_553)
        self.assertEqual(last["tao_issuance"], 600_070_900_000_500)


class Promises(unittest.TestCase):
    """Economics 8."""

    def test_thirty_percent_of_the_tao_earns_thirty_percent(self):
        after = states("base-thirty-percent")[0]["subnets"]
        self.assertEqual(after["1"]["tao"] - 300 * maths.UNIT, 300_000_000)
        self.assertEqual(after["2"]["tao"] - 700 * maths.UNIT, 700_000_000)

    def test_prices(self):
        first, later, *_ = states("base-price-without-sellers")
        self.assertEqual(first["subnets"]["1"]["price"], maths.PRICE_ONE)
        self.assertGreaterEqual(later["subnets"]["1"]["price"], maths.PRICE_ONE)
        sold = [state["subnets"]["1"]["price"] for state in states("base-price-falls-when-sold")]
        self.assertEqual(sold[:4], sorted(sold[:4], reverse=True))

    def test_root_earns_less_than_direct_stake(self):
        for count in (1, 12):
            *_, before, after = states(f"base-root-yield-{count}")
            worth = {}
            for state in (before, after):
                for row in state["positions"]:
                    worth.setdefault((row["coldkey"], row["netuid"]), []).append(row["settled_value"])
            root = worth[("ferdie", 0)]
            self.assertGreater(root[1], root[0])
            for netuid in range(1, count + 1):
                direct = worth[("alice", netuid)]
                self.assertGreater((direct[1] - direct[0]) * root[0], (root[1] - root[0]) * direct[0])

    def test_earlier_stakers_hold_more(self):
        value = {row["coldkey"]: row["value"] for row in states("base-early-stakers")[0]["positions"]}
        self.assertGreater(value["eve"], value["ferdie"])
        self.assertGreater(value["ferdie"], value["dave"])

    def test_a_dissolve_pays_out_its_fund(self):
        for count in (1, 2, 1_000):
            first, *_, last = states(f"dissolve-{count}-holders")
            self.assertEqual((last["subnets"]["1"]["fund"], last["subnets"]["1"]["alpha_left"]), (0, 0))
            pool = first["subnets"]["1"]
            fund = pool["tao"] * pool["outstanding"] // (pool["alpha"] + pool["outstanding"])
            holders = [who for who in first["balances"] if who.startswith("holder")]
            paid = sum(last["balances"][who] - first["balances"][who] for who in holders)
            self.assertLessEqual(paid, fund)
            self.assertLess(fund - paid, 1 + count)


class Keys(unittest.TestCase):
    """Whatever key changes hands, every claim is somebody's afterwards."""

    def claims(self, name: str) -> list[dict]:
        """Of each state: what each place's positions are worth together, and what each was worth."""
        said = []
        for state in states(name):
            worth = {}
            for row in state.get("positions", []):
                place = (row["netuid"], row["hotkey"])
                worth[place] = worth.get(place, 0) + row["settled_value"]
            said.append(worth)
        return said

    def test_a_hotkey_swapped_keeps_all_but_its_name(self):
        before, after = self.claims("keys-swap-validator")[:2]
        self.assertEqual(after, {(n, "v9" if hotkey == "v1" else hotkey): v for (n, hotkey), v in before.items()})
        first, second = states("keys-swap-validator")[:2]
        self.assertEqual(first["subnets"], second["subnets"])
        self.assertEqual(json.dumps(first).replace('"v1"', '"v9"').count('"v9"'), json.dumps(second).count('"v9"'))

    def test_a_coldkey_swapped_leaves_nothing_and_loses_nothing(self):
        for name, old, index in (("keys-swap-staker", "ferdie", 0), ("keys-swap-owner", "bob", 0)):
            before, after = self.claims(name)[index : index + 2]
            self.assertEqual(before, after, name)
            first, second = states(name)[index : index + 2]
            self.assertTrue(any(row["coldkey"] == old for row in first["positions"]))
            self.assertFalse(any(row["coldkey"] == old for row in second["positions"]))
            for part in ("pools", "subnets", "balances", "seats"):
                self.assertEqual(first[part], second[part], (name, part))

    def test_what_an_heir_had_is_added_to_but_for_an_atom(self):
        before, after, later = self.claims("keys-swap-to-one-that-has-some")[:3]
        for place, worth in before.items():
            for then in (after, later):
                self.assertTrue(worth <= then[place] <= worth + 2, place)

    def test_an_identity_changes_nothing(self):
        first, second, third = states("owner-identity")[:3]
        self.assertEqual(first, second)
        self.assertEqual(second, third)

    def test_a_swap_that_forgets_a_claim_is_found_out(self):
        honest = keys.Keys.swap_coldkey

        def forgetful(self, who, coldkey):
            honest(self, who, coldkey)
            self.positions.pop(next(key for key in self.positions if key[0] == "heir"))

        with mock.patch.object(keys.Keys, "swap_coldkey", forgetful), self.assertRaises(AssertionError):
            scenario("keys-swap-staker")


class Mutations(unittest.TestCase):
    """A wrong twin is found out."""

    def disagrees(self, name: str) -> bool:
        try:
            return scenario(name).distance.outside > 0
        except AssertionError:
            return True

    def test_as_it_is_the_twin_agrees(self):
        for name in ("base-everyone-earns", "base-root-drip", "base-take-lowered", "seat-replaced"):
            self.assertFalse(self.disagrees(name), name)

    def test_a_take_too_large(self):
        reward = chain.Chain._reward

        def more(self, netuid, hotkey, pool, amount, take):
            reward(self, netuid, hotkey, pool, amount, take + 1)

        with mock.patch.object(chain.Chain, "_reward", more):
            self.assertTrue(self.disagrees("base-everyone-earns"))

    def test_a_take_that_reaches_back_into_the_epoch(self):
        now = lambda self, hotkey, pool: self.hotkeys[hotkey].take_at(self.block)  # noqa: E731
        with mock.patch.object(chain.Chain, "charged_take", now):
            self.assertTrue(self.disagrees("stake-take-raised"))

    def test_a_stream_paid_twice(self):
        def settle(self, netuid, hotkey, pool):
            market = self.markets[netuid]
            owed = maths.accrued(market.validators, pool.weight) - pool.credited
            if owed > 0:
                market.settled += owed
                self._reward(netuid, hotkey, pool, owed, self.charged_take(hotkey, pool))

        with mock.patch.object(chain.Chain, "_settle", settle):
            self.assertTrue(self.disagrees("base-one-block-of-stake"))

    def test_a_take_that_shares_in_its_own_reward(self):
        def reward(self, netuid, hotkey, pool, amount, take):
            part = take * amount // maths.TAKE_WHOLE if pool.shares else amount
            self.deposit(netuid, hotkey, self.hotkeys[hotkey].coldkey, part)
            pool.amount += amount - part

        with mock.patch.object(chain.Chain, "_reward", reward):
            self.assertTrue(self.disagrees("base-everyone-earns"))

    def test_a_touch_after_its_effect(self):
        touch = chain.Chain.touch

        def late(self, netuid, hotkey):
            return self.pool(netuid, hotkey) if self.block == 59 else touch(self, netuid, hotkey)

        with mock.patch.object(chain.Chain, "touch", late):
            self.assertTrue(self.disagrees("base-stake-before-the-close"))

    def test_a_stake_that_counts_for_the_whole_epoch(self):
        def advance(self, now):
            self.stake_blocks, self.since = self.amount * now, now

        with mock.patch.object(records.StakePool, "advance", advance):
            self.assertTrue(self.disagrees("base-one-block-weighs-one-block"))

    def test_a_stake_counted_a_block_early(self):
        honest = records.StakePool.advance

        def advance(self, now):
            self.stake_blocks += self.amount if now > self.since else 0
            honest(self, now)

        with mock.patch.object(records.StakePool, "advance", advance):
            self.assertTrue(self.disagrees("base-time-weighted"))

    def test_root_counted_whole_on_each_subnet(self):
        honest = chain.Chain.root_as_alpha
        whole = lambda self, root, rate, per: 12 * honest(self, root, rate, per)  # noqa: E731
        with mock.patch.object(chain.Chain, "root_as_alpha", whole):
            self.assertTrue(self.disagrees("base-root-yield-12"))

    def test_a_drip_too_fast(self):
        slow = maths.released
        with mock.patch.object(maths, "released", lambda left, t, n: slow(left, min(2 * t, n), n)):
            self.assertTrue(self.disagrees("base-root-drip"))


if __name__ == "__main__":
    unittest.main()
