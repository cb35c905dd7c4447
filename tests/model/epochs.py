"""The close of an epoch; the stake-proportional consensus (ADR 0008), where it is not Yuma's."""

from . import maths
from .params import MAX_VALIDATORS


def open_first(chain, netuid: int) -> None:
    """The first epoch of a subnet that genesis starts: scored by the stakes as they are."""
    market = chain.markets[netuid]
    netuids, _, shares = chain.shares()
    part, whole = shares[netuids.index(netuid)]
    alphas, roots = [], []
    for score in market.scores:
        alphas.append(chain.pool(netuid, score.hotkey).amount)
        roots.append(chain.pool(0, score.hotkey).amount)
    _score(chain, netuid, alphas, roots, part * market.alpha, whole * market.tao)


def close(chain, netuid: int) -> None:
    """Pay what the epoch earned and open the next one."""
    market = chain.markets[netuid]
    chain.tell("closing", netuid=netuid)
    for score in market.scores:
        chain.touch(netuid, score.hotkey)
    _pay_miners(chain, netuid)
    pay_owner(chain, netuid)
    _assign_root(chain, netuid)
    _recycle(chain, market)
    blocks = chain.block - market.opened_at
    alphas, roots = [], []
    for score in market.scores:
        alpha, root = _sums(chain, netuid, score.hotkey)
        alphas.append((alpha - score.alpha_seen) // blocks)
        roots.append((root - score.root_seen) // blocks)
        score.alpha_seen, score.root_seen = alpha, root
    _score(chain, netuid, alphas, roots, market.root_rate, maths.Q64 * blocks)
    market.validators -= market.settled
    market.miners -= market.miners_settled
    market.settled = market.miners_settled = market.root_rate = 0
    market.epoch += 1
    market.opened_at = chain.block
    market.closes_at += chain.subnets[netuid].tempo


def _sums(chain, netuid: int, hotkey: str) -> list[int]:
    """Stake·blocks up to now, on the subnet and on root. Drips not settled do not count."""
    sums = []
    for place in (netuid, 0):
        pool = chain.pool(place, hotkey)
        pool.advance(chain.block)
        sums.append(pool.stake_blocks)
    return sums


def pay_miner(chain, netuid: int, score) -> None:
    """Deposit what a seat's incentive has earned up to now."""
    market = chain.markets[netuid]
    owed = maths.accrued(market.miners, score.incentive) - score.miner_paid
    if owed <= 0:
        return
    score.miner_paid += owed
    market.miners_settled += owed
    coldkey = chain.hotkeys[score.hotkey].coldkey
    hotkey = chain.destinations.get((coldkey, netuid), score.hotkey)
    chain.touch(netuid, hotkey)
    chain.deposit(netuid, hotkey, coldkey, owed)


def _pay_miners(chain, netuid: int) -> None:
    for score in chain.markets[netuid].scores:
        pay_miner(chain, netuid, score)


def pay_owner(chain, netuid: int) -> None:
    """Deposit the owner's bucket: when an epoch closes, and when the subnet is dissolved."""
    market, subnet = chain.markets[netuid], chain.subnets[netuid]
    amount, market.owner = market.owner, 0
    chain.touch(netuid, subnet.hotkey)
    chain.deposit(netuid, subnet.hotkey, subnet.owner, amount)


def _assign_root(chain, netuid: int) -> None:
    """Split root's TAO: the take at once, the rest as a drip over the tempo that follows."""
    market = chain.markets[netuid]
    for score in market.scores:
        assign_root_seat(chain, netuid, score)
    market.root_tao -= market.root_paid
    market.root_paid = 0


def assign_root_seat(chain, netuid: int, score) -> None:
    """A seat's part of the TAO that root's sales brought up to now."""
    market = chain.markets[netuid]
    amount = maths.accrued(market.root_tao, score.root_dividend)
    if amount == 0:
        return
    take = chain.charged_take(score.hotkey, chain.pool(netuid, score.hotkey))
    part = take * amount // maths.TAKE_WHOLE
    pool = chain.touch(0, score.hotkey)
    chain.deposit(0, score.hotkey, chain.hotkeys[score.hotkey].coldkey, part)
    chain.root_staked += part
    pool.left += amount - part
    pool.until = max(pool.until, chain.block + chain.subnets[netuid].tempo)
    chain.root_dripping += amount - part
    market.root_paid += amount


def _recycle(chain, market) -> None:
    """What nobody had a part of leaves."""
    if not market.validators_scored:
        market.outstanding -= market.validators
        market.validators = 0
    if not market.miners_scored:
        market.outstanding -= market.miners
        market.miners = 0
    if not market.root_scored:
        chain.recycle(market.root_tao)
        market.root_tao = 0


def _score(chain, netuid: int, alphas: list[int], roots: list[int], rate: int, per: int) -> None:
    """Decide the parts of the epoch that opens. `rate/per` is share over price."""
    market = chain.markets[netuid]
    seen = [min(maths.WORD - a, chain.root_as_alpha(root, rate, per)) for a, root in zip(alphas, roots)]
    stakes = [a + r for a, r in zip(alphas, seen)]
    permits, dividends, incentives = _decide(chain, netuid, stakes)
    root_parts = [d * r // s if s else 0 for d, r, s in zip(dividends, seen, stakes)]
    weights = maths.apportion(maths.WHOLE, [d - r for d, r in zip(dividends, root_parts)])
    root_weights = maths.apportion(maths.WHOLE, root_parts)
    for score, weight, incentive, root in zip(market.scores, weights, incentives, root_weights):
        pool = chain.pool(netuid, score.hotkey)
        pool.weight, pool.credited = weight, 0
        pool.take = chain.hotkeys[score.hotkey].take_at(chain.block)
        score.incentive, score.root_dividend, score.miner_paid = incentive, root, 0
    market.validators_scored = any(weights)
    market.miners_scored = any(incentives)
    market.root_scored = any(root_weights)
    permitted = sum(root for root, permit in zip(roots, permits) if permit)
    market.root_stake = permitted if market.root_scored else 0
    chain.tell("scored", netuid=netuid)


def _decide(chain, netuid: int, stakes: list[int]) -> tuple[list[bool], list[int], list[int]]:
    """`(permits, dividends, incentives)`, as the chain's consensus has it."""
    if not chain.yuma:
        return consensus(stakes)
    outcome = chain.decide(netuid, stakes)
    return outcome.permits, outcome.dividends, outcome.incentives


def consensus(stakes: list[int]) -> tuple[list[bool], list[int], list[int]]:
    """`(permits, dividends, incentives)` by stake alone; the last two in parts of `WHOLE`."""
    n = len(stakes)
    most = min((n + 3) // 4, MAX_VALIDATORS)
    order = sorted((uid for uid in range(n) if stakes[uid]), key=lambda uid: (-stakes[uid], uid))
    chosen = set(order[:most])
    permits = [uid in chosen for uid in range(n)]
    dividends = maths.apportion(maths.WHOLE, [s if p else 0 for s, p in zip(stakes, permits)])
    incentives = maths.apportion(maths.WHOLE, [0 if p else 1 for p in permits])
    return permits, dividends, incentives
