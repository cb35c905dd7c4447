"""Epochs of Yuma one by one: what is decided by which weights, stakes, bonds and parameters."""

from ..epoch_vectors import Epochs
from ..maths import UNIT
from .common import Vectors
from .long_runs import Dice

VECTORS = vector = Vectors("yuma-epochs-", Epochs)
K = 1_000 * UNIT  # a thousand ALPHA
HALF, WHOLE = 32_768, 65_535
LIQUID = {"low": 45_874, "high": 58_981, "steepness": 10}


def panel(new, stakes, miners: int, **params) -> Epochs:
    """Validators with so many thousand ALPHA, then miners without stake."""
    s = new(len(stakes) + miners)
    return s.stakes([stake * K for stake in stakes] + [0] * miners).params(**params)


def weigh_all(s: Epochs, rows: dict, at: int | None = None) -> Epochs:
    """Rows `{validator: {miner: weight}}`."""
    for uid, entries in rows.items():
        s.weigh(uid, entries, at)
    return s


# The rules, one by one.


@vector("worked-example", "yuma 1-6", "Three validators and three miners: two nearly agree, the third weighs one miner only, then comes round.")
def worked(new):
    s = panel(new, (40, 35, 25), 3)
    weigh_all(s, {0: {3: 50, 4: 30, 5: 20}, 1: {3: 40, 4: 40, 5: 20}, 2: {5: 100}}).epoch(3)
    return s.weigh(2, {3: 40, 4: 30, 5: 30}).epoch(3)


def changing(new, **params) -> Epochs:
    """Weights that move from one miner to the next, each validator at its own time."""
    s = panel(new, (40, 30, 20, 10), 4, **params)
    for turn in range(8):
        for uid in range(4):
            if turn % (uid + 1) == 0:
                s.weigh(uid, {4 + (turn + step) % 4: weight for step, weight in enumerate((60, 25, 10, uid))})
        s.epoch()
    return s


@vector("weights-change", "yuma 3-6", "Weights move from miner to miner, some validators late: Yuma 3.")
def weights_change(new):
    return changing(new)


@vector("weights-change-yuma1", "yuma 6", "The same weights under Yuma 1.")
def weights_change_yuma1(new):
    return changing(new, bonds_version="Yuma1")


@vector("bonds-version-switched", "yuma 6", "Bonds of Yuma 3 go on as those of Yuma 1, and back.")
def switched(new):
    s = panel(new, (50, 30, 20), 3)
    weigh_all(s, {0: {3: 5, 4: 5}, 1: {3: 7, 5: 3}, 2: {4: 1}}).epoch(2)
    s.params(bonds_version="Yuma1").epoch(2)
    return s.params(bonds_version="Yuma3").weigh(2, {3: 1, 4: 1, 5: 1}).epoch(2)


@vector("seats-replaced", "yuma 3, 6", "Miners and validators are replaced: weights to them, their rows and bonds on and of them are gone; those set in the very block too.")
def replaced(new):
    s = panel(new, (40, 30, 20, 10), 4)
    weigh_all(s, {uid: {4: 10, 5: 20 + uid, 6: 30, 7: 40 - uid} for uid in range(4)}).epoch(2)
    s.seat(5, since=730).epoch()
    s.weigh(0, {4: 1, 5: 1}, at=1_090).weigh(1, {4: 1, 5: 1}, at=1_090).seat(4, since=1_090).epoch()
    s.seat(1, stake=35 * K, since=1_500).epoch()
    s.weigh(1, {5: 1, 6: 2}, at=1_500).epoch()
    s.weigh(1, {5: 1, 6: 2}, at=2_161).seat(2, since=2_160).weigh(2, {5: 1}, at=2_162).epoch()
    s.seat(7, since=2_520).epoch()
    return s.seat(6, since=2_879).epoch(2)


@vector("commitments-count-from-then", "yuma 3", "Rows revealed late count as of their commitment: what registered since is not weighed by them.")
def gaps(new):
    s = panel(new, (50, 30, 20), 4)
    weigh_all(s, {uid: {3: 1, 4: 2, 5: 3, 6: 4} for uid in range(3)}, at=10).epoch()
    s.seat(3, since=400).epoch()
    s.weigh(0, {3: 9, 4: 2, 5: 3, 6: 4}, at=399).weigh(1, {3: 9, 4: 2}, at=400).weigh(2, {3: 9, 4: 2}, at=401).epoch()
    s.seat(0, since=1_100).epoch()
    s.weigh(0, {3: 1, 4: 1}, at=1_101).weigh(1, {3: 1, 6: 1}, at=1_000).epoch()
    return s.weigh(2, {6: 1}, at=1_700).seat(6, since=1_701).epoch(2)


@vector("inactive-validators", "yuma 1, 2, 6", "Validators fall silent and come back: no vote meanwhile, and their bonds fade.")
def inactive(new):
    s = panel(new, (40, 30, 20, 10), 3)
    weigh_all(s, {0: {4: 6, 5: 4}, 1: {4: 5, 5: 5}, 2: {5: 5, 6: 5}, 3: {6: 1}}).epoch(2)
    s.seat(0, active=False).epoch(2)
    s.seat(1, active=False).seat(2, active=False).seat(3, active=False).epoch()
    s.seat(3, active=True).epoch()
    return s.seat(0, active=True).seat(1, active=True).epoch(2)


@vector("stake-threshold", "yuma 1", "Stakes at, below and above the least; the owner's seat needs none; nobody reaches it.")
def threshold(new):
    s = new(6).params(stake_threshold=K)
    s.stakes([K, K - 1, K + 1, 5 * K, 3, 0])
    weigh_all(s, {0: {4: 1, 5: 1}, 1: {4: 1}, 2: {5: 1}, 3: {4: 2, 5: 1}, 4: {5: 1}}).epoch(2)
    s.owner(4).epoch()
    s.params(stake_threshold=5 * K + 1).epoch()
    s.owner(None).epoch(2)
    s.params(stake_threshold=0).epoch()
    return s.owner(5).epoch()


@vector("owner-weighs-itself", "yuma 1, 3", "The owner's seat always has a permit, and may weigh itself; another's weight on itself is left out.")
def own_weight(new):
    s = panel(new, (40, 35, 25), 2, max_validators=3).owner(2)
    weigh_all(s, {0: {0: 50, 3: 30, 4: 20}, 1: {1: 90, 2: 5, 3: 5}, 2: {2: 70, 3: 30}}).epoch(2)
    s.weigh(0, {2: 50, 3: 50}).epoch()
    s.owner(4).seat(4, stake=2 * K).weigh(4, {4: 9, 3: 1}).epoch(2)
    s.params(max_validators=1).epoch()
    return s.seat(4, stake=0).epoch()


@vector("a-tie-is-reached", "yuma 4, 9", "Exactly κ of the stake stands behind a weight, then an atom less, then an atom more.")
def tie(new):
    s = new(4).params(stake_threshold=0)
    weigh_all(s, {0: {2: 60, 3: 40}, 1: {2: 30, 3: 70}}, at=1)
    for first in (32_767, 32_766, 32_768):
        s.stakes([first, 65_535 - first, 0, 0]).epoch()
    for kappa in (32_768, 1, 65_535):
        s.params(kappa=kappa).epoch()
    s.stakes([32_768 * 10**9, 32_767 * 10**9, 0, 0]).params(kappa=32_768).epoch()
    s.stakes([32_768 * 10**9 - 1, 32_767 * 10**9 + 1, 0, 0]).epoch()
    return s


@vector("permits-at-equal-stake", "yuma 1, 9", "Of equal stakes the lower uid validates; the owner's seat counts among the most that do.")
def equal(new):
    s = new(6).params(max_validators=3).stakes([5 * K, 7 * K, 7 * K, 5 * K, 7 * K, 5 * K])
    weigh_all(s, {uid: {(uid + 1) % 6: 2, (uid + 2) % 6: 1} for uid in range(6)}).epoch(2)
    s.params(max_validators=4).epoch()
    s.owner(5).epoch()
    s.params(max_validators=5).epoch()
    return s.params(max_validators=64).epoch()


@vector("permits-gained-and-lost", "yuma 1, 6", "Stakes change hands: who loses the permit loses the bonds, who gains one begins without.")
def permits(new, **params):
    s = panel(new, (40, 30, 20, 10), 3, max_validators=2, **params)
    weigh_all(s, {uid: {4: 5, 5: 3, 6: 1 + uid} for uid in range(4)}).epoch(2)
    s.seat(3, stake=35 * K).epoch(2)
    s.seat(1, stake=50 * K).epoch()
    return s.seat(0, stake=1 * K).seat(2, stake=60 * K).epoch(2)


@vector("permits-gained-and-lost-yuma1", "yuma 1, 6", "The same under Yuma 1, where what is left of a column is a whole again.")
def permits_yuma1(new):
    return permits(new, bonds_version="Yuma1")


def collusion(new, **params) -> Epochs:
    """A minority of 40 % weighs its own miner, against the others' judgement."""
    s = panel(new, (30, 30, 25, 15), 3, **params)
    weigh_all(s, {0: {4: 60, 5: 40}, 1: {4: 55, 5: 40, 6: 5}, 2: {6: 100}, 3: {6: 90, 4: 10}}).epoch(4)
    return s.weigh(3, {4: 50, 5: 50}).epoch(2)


@vector("minority-collusion", "yuma 4, 5", "40 % of the stake weighs its own miner: clipped to what the majority gives.")
def colludes(new):
    return collusion(new)


@vector("majority-collusion", "yuma 4, 5", "60 % of the stake weighs its own miner: its judgement is the consensus.")
def majority(new):
    s = panel(new, (35, 25, 25, 15), 3)
    weigh_all(s, {0: {6: 100}, 1: {6: 100}, 2: {4: 60, 5: 40}, 3: {4: 50, 5: 50}})
    return s.epoch(5)


for _penalty, _name in ((0, "none"), (HALF, "half")):

    @vector(f"bonds-penalty-{_name}", "yuma 6", "The same collusion where bonds are bought beyond the consensus too.")
    def penalty(new, part=_penalty):
        return collusion(new, bonds_penalty=part)

    @vector(f"bonds-penalty-{_name}-yuma1", "yuma 6", "The same under Yuma 1.")
    def penalty_yuma1(new, part=_penalty):
        return collusion(new, bonds_penalty=part, bonds_version="Yuma1")


@vector("minority-collusion-yuma1", "yuma 4-6", "The same collusion under Yuma 1, with the whole penalty.")
def colludes_yuma1(new):
    return collusion(new, bonds_version="Yuma1")


@vector("liquid-alpha", "yuma 7", "Bonds move the faster, the further weights are from the consensus, or bonds from weights.")
def liquid(new):
    return changing(new, liquid_alpha=LIQUID)


@vector("liquid-alpha-yuma1", "yuma 7", "The same under Yuma 1.")
def liquid_yuma1(new):
    return changing(new, liquid_alpha=LIQUID, bonds_version="Yuma1", bonds_penalty=HALF)


@vector("liquid-alpha-extremes", "yuma 7", "The flattest and the steepest rate, a rate without range, and one from nearly nothing to all.")
def liquid_extremes(new):
    s = panel(new, (40, 35, 25), 3)
    weigh_all(s, {0: {3: 50, 4: 30, 5: 20}, 1: {3: 40, 4: 40, 5: 20}, 2: {5: 100}})
    for low, high, steepness in ((1, WHOLE, 1), (1, WHOLE, 100), (HALF, HALF, 10), (1, 1, 7), (WHOLE, WHOLE, 100)):
        s.params(liquid_alpha={"low": low, "high": high, "steepness": steepness}).epoch()
        s.weigh(2, {3: 5 + steepness, 4: 100, 5: 30}).epoch()
    return s


@vector("slow-and-fast-bonds", "yuma 6", "Bonds that follow at once, and nearly never.")
def speeds(new):
    s = panel(new, (40, 35, 25), 3, bonds_moving_average=0)
    weigh_all(s, {0: {3: 50, 4: 30, 5: 20}, 1: {3: 40, 4: 40, 5: 20}, 2: {4: 1, 5: 1}}).epoch(2)
    s.params(bonds_moving_average=63_897).weigh(0, {3: 10, 4: 90}).epoch(2)
    return s.params(bonds_version="Yuma1").weigh(1, {5: 1}).epoch(2)


@vector("bonds-fade-to-nothing", "yuma 6", "Nobody weighs any more: bonds fade until they are 0, and dividends are by stake.")
def fade(new):
    s = panel(new, (60, 40), 2, bonds_moving_average=HALF)
    weigh_all(s, {0: {2: 1, 3: 2}, 1: {2: 3, 3: 1}}).epoch()
    return s.weigh(0, {}).epoch(2).weigh(1, {}).epoch(52)


# Degenerate cases.


@vector("nobody", "yuma 9", "No seat at all; then one, without stake; then more.")
def nobody(new):
    s = new(0).epoch()
    s.seat(0).epoch().seat(0, stake=K).epoch()
    s.seat(1, stake=0).weigh(0, {1: 1}).epoch()
    return s.weigh(0, {1: 1}).epoch(2)


@vector("one-seat", "yuma 9", "One seat alone: it cannot weigh itself, unless it is the owner's.")
def one(new):
    s = new(1).stakes([K]).weigh(0, {0: WHOLE}).epoch(2)
    s.owner(0).epoch(2)
    s.seat(0, stake=0).epoch()
    return s.seat(0, stake=1).epoch(2)


@vector("no-validators", "yuma 9", "Seats without stake: nobody validates, nothing is scored; then somebody does, then nobody again.")
def none(new):
    s = new(4)
    weigh_all(s, {uid: {3: 1} for uid in range(3)}).epoch(2)
    s.stakes([0, 2 * K, K, 0]).epoch(2)
    s.stakes([0, 0, 0, 0]).epoch()
    return s.stakes([0, 2 * K, K, 0]).seat(1, active=False).seat(2, active=False).epoch()


@vector("no-weights", "yuma 9", "Nobody weighs anybody: no incentive, dividends by stake; then one does, then nobody again.")
def no_weights(new):
    s = panel(new, (50, 30, 20), 2).epoch(2)
    s.weigh(2, {3: 1}).epoch()
    s.weigh(0, {3: 1, 4: 1}).weigh(1, {4: 1}).epoch(2)
    return weigh_all(s, {0: {}, 1: {}, 2: {}}).epoch(2)


@vector("all-stake-on-one", "yuma 9", "One validator has all the stake that counts: its judgement is the consensus.")
def all_on_one(new):
    s = panel(new, (100, 0, 0), 3)
    weigh_all(s, {0: {3: 1, 4: 2, 5: 3}, 1: {3: 1}, 2: {4: 1}}).epoch(3)
    s.weigh(0, {3: 65_535, 4: 1}).epoch()
    return s.seat(1, stake=1).params(stake_threshold=0).epoch(2)


@vector("self-weights-only", "yuma 9", "Everybody weighs itself only: none of it counts, but for the owner's.")
def selfish(new):
    s = panel(new, (40, 30, 20, 10), 0)
    weigh_all(s, {uid: {uid: WHOLE} for uid in range(4)}).epoch(3)
    return s.owner(1).epoch(2).owner(0).epoch()


@vector("each-its-own-miner", "yuma 4, 9", "No miner is weighed by κ of the stake: no consensus, no incentive, dividends by stake.")
def apart(new):
    s = panel(new, (25, 25, 25, 25), 4)
    weigh_all(s, {uid: {4 + uid: 1} for uid in range(4)}).epoch(2)
    s.params(kappa=16_384).epoch()
    return s.params(kappa=16_383).epoch(2)


@vector("greatest-weights", "yuma 3", "Every weight is 65 535.")
def greatest(new):
    s = new(24).params(max_validators=8).stakes([(24 - uid) * K for uid in range(24)])
    weigh_all(s, {uid: {j: WHOLE for j in range(24)} for uid in range(8)}).epoch(2)
    s.weigh(3, {j: WHOLE - j for j in range(24)}).weigh(4, {23: 1, 22: WHOLE}).epoch(2)
    return s.params(bonds_version="Yuma1").epoch()


@vector("greatest-and-smallest-stakes", "yuma 2, 6", "Stakes of 2⁶⁴ − 1 atoms beside stakes of one.")
def extremes(new):
    most = 2**64 - 1
    s = new(5).params(stake_threshold=0).stakes([most, most, 1, most, 0])
    weigh_all(s, {0: {4: 1, 2: 2}, 1: {4: 2, 0: 1}, 2: {1: 1}, 3: {4: 1, 0: 65_535}}).epoch(2)
    s.stakes([1, 1, 1, 2, 0]).epoch()
    s.stakes([10**15, 10**15, 10**9, 1, 0]).epoch()
    return s.stakes([0, 0, most, 1, 1]).weigh(4, {0: 1}).epoch(2)


@vector("kappa-extremes", "yuma 4", "κ of one part and of all.")
def kappas(new):
    s = panel(new, (40, 35, 25), 3, kappa=1)
    weigh_all(s, {0: {3: 50, 4: 30, 5: 20}, 1: {3: 40, 4: 40, 5: 20}, 2: {5: 100}}).epoch(2)
    s.params(kappa=WHOLE).epoch(2)
    s.weigh(2, {3: 1, 4: 1, 5: 98}).epoch()
    return s.seat(0, active=False).epoch()


@vector("seats-are-added", "yuma 3, 6", "A subnet grows while it runs: rows set before do not reach who came since.")
def grows(new):
    s = new(2).stakes([30 * K, 20 * K]).weigh(0, {1: 1}).weigh(1, {0: 1}).epoch()
    for uid in range(2, 8):
        s.seat(uid, stake=(uid % 3) * 10 * K)
        s.weigh(uid % 2, {j: 1 + j * uid for j in range(uid + 1)})
        if uid % 3:
            s.weigh(uid, {j: 7 + j for j in range(uid)})
        s.epoch()
    return s


# Large and random ones.


def dense(new, n: int, validators: int, **params) -> Epochs:
    """The first weigh everybody."""
    s = new(n).params(**params).stakes([(768 - uid * uid % 509) * K + uid if uid < validators else 0 for uid in range(n)])
    for turn in range(5):
        s.generate(1_000 + turn, [[uid, s.now["at"] + 1] for uid in range(validators)])
        s.epoch()
        s.seat(validators - 4 + turn, active=turn % 2 == 1).seat(n - 56 + turn, since=s.now["at"])
    return s


@vector("dense", "yuma, cost", "256 seats, of which 64 weigh all others.")
def dense_yuma3(new):
    return dense(new, 256, 64)


@vector("dense-yuma1", "yuma, cost", "128 seats, of which 32 weigh all others, under Yuma 1 with half the penalty and liquid alpha.")
def dense_yuma1(new):
    return dense(new, 128, 32, bonds_version="Yuma1", bonds_penalty=HALF, liquid_alpha=LIQUID)


def random(new, seed: int, n: int = 14, epochs: int = 12) -> Epochs:
    """Everything changes at random."""
    s, dice = new(n), Dice(seed)
    s.params(max_validators=4 + dice.roll(n - 4), kappa=15_000 + dice.roll(20_000), bonds_penalty=dice.pick((0, HALF, WHOLE)))
    s.stakes([dice.roll(100) * K + dice.roll(UNIT) for _ in range(n)])
    for uid in range(n):
        s.weigh(uid, {dice.roll(n): 1 + dice.roll(100) for _ in range(2 * n)})
    for turn in range(epochs):
        since = s.now["at"]
        for _ in range(1 + dice.roll(6)):
            uid = dice.roll(n)
            kind = dice.roll(8)
            if kind < 5:
                entries = {dice.roll(n): dice.pick((1, 7, 1 + dice.roll(WHOLE), WHOLE)) for _ in range(3 + dice.roll(2 * n))}
                s.weigh(uid, entries, at=max(1, since - 200 + dice.roll(561)))
            elif kind == 5:
                s.seat(uid, stake=dice.roll(100) * K, since=since + dice.roll(360))
            elif kind == 6:
                s.seat(uid, active=not s.now["seats"][uid][1])
            else:
                s.seat(uid, stake=dice.roll(150) * K)
        if turn % 4 == 3:
            s.owner(dice.pick((None, dice.roll(n))))
            s.params(bonds_moving_average=dice.roll(63_898), bonds_version=dice.pick(("Yuma1", "Yuma3")))
            s.params(liquid_alpha=dice.pick((None, {**LIQUID, "steepness": 1 + dice.roll(100)})))
        s.epoch()
    return s


for _seed in range(1, 7):

    @vector(f"random-{_seed}", "yuma", "Weights, stakes, seats and parameters change at random.")
    def any_change(new, seed=_seed):
        return random(new, seed)
