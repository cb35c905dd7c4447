"""What a vector says of a chain's state, and what must always be true of it."""

import copy

from . import maths
from .params import EXISTENTIAL_DEPOSIT

EXACT_IN_A_FLOAT = 2**53


def number(value: int):
    """An integer for JSON: a decimal string beyond 2⁵³."""
    return value if abs(value) <= EXACT_IN_A_FLOAT else str(value)


def settled(chain):
    """A copy in which every stake is credited what it has earned up to now."""
    twin = copy.deepcopy(chain, {id(chain.listener): None})
    for netuid, hotkey in list(twin.pools):
        twin.touch(netuid, hotkey)
    return twin


def subnet_state(chain, netuid: int) -> dict:
    """A subnet's row."""
    market = chain.markets[netuid]
    names = (
        "tao alpha outstanding burnt issuance price_ema flow_ema owner miners validators settled root root_tao "
        "root_stake epoch closes_at"
    ).split()
    row = {name: number(getattr(market, name)) for name in names}
    row["root_tao"] = number(market.root_tao - market.root_paid)
    if market.dissolved:
        return {"dissolved": True, "fund": number(market.fund), "alpha_left": number(market.alpha_left)}
    row["miners"] = number(market.miners - market.miners_settled)
    row["price"] = number(market.tao * maths.PRICE_ONE // market.alpha)
    row["neuron_cost"] = number(chain.neuron_cost(netuid))
    return row


def seat_rows(chain, netuid: int) -> list:
    """`[hotkey, incentive, dividend, root dividend]` by uid, in parts of 2³² − 1."""
    rows = []
    for score in chain.markets[netuid].scores:
        rows.append([score.hotkey, score.incentive, chain.pool(netuid, score.hotkey).weight, score.root_dividend])
    return rows


def neuron_rows(chain, netuid: int) -> list:
    """`[permit, last update, consensus, trust, validator trust]` by uid."""
    neurons = chain.neurons.get(netuid, [])
    return [[n.permit, n.last_update, n.consensus, n.trust, n.validator_trust] for n in neurons]


def pool_rows(chain) -> list:
    """Pools that were ever staked on."""
    rows = []
    for (netuid, hotkey), pool in sorted(chain.pools.items()):
        if pool.amount or pool.shares or pool.left:
            row = {"netuid": netuid, "hotkey": hotkey, "amount": number(pool.amount), "shares": number(pool.shares)}
            if pool.left:
                row["drip"] = {"left": number(pool.left), "last": pool.last, "until": pool.until}
            rows.append(row)
    return rows


def position_rows(chain) -> list:
    """Positions: as stored, and with what they have earned up to now (all that a settlement adds)."""
    after = settled(chain)
    rows = []
    for key in sorted(set(chain.positions) | set(after.positions), key=lambda k: (k[1], k[2], k[0])):
        coldkey, netuid, hotkey = key
        shares = chain.positions.get(key, 0)
        rows.append(
            {
                "netuid": netuid,
                "hotkey": hotkey,
                "coldkey": coldkey,
                "shares": number(shares),
                "value": number(chain.pools[(netuid, hotkey)].value(shares)),
                "settled_value": number(after.pools[(netuid, hotkey)].value(after.positions.get(key, 0))),
            }
        )
    return rows


def state(chain, parts: tuple = ("seats", "pools", "positions", "balances")) -> dict:
    """The state, with the parts that are asked for; totals always."""
    audit(chain)
    said = {
        "block": chain.block,
        "tao_issuance": number(chain.issuance),
        "registration_cost": number(chain.registration_cost()),
        "root": {"staked": number(chain.root_staked), "dripping": number(chain.root_dripping)},
        "subnets": {str(n): subnet_state(chain, n) for n in sorted(chain.markets)},
    }
    if "seats" in parts:
        said["seats"] = {str(n): seat_rows(chain, n) for n in sorted(chain.markets) if not chain.markets[n].dissolved}
    if "neurons" in parts:
        said["neurons"] = {str(n): neuron_rows(chain, n) for n in sorted(chain.subnets)}
    if "pools" in parts:
        said["pools"] = pool_rows(chain)
    if "positions" in parts:
        said["positions"] = position_rows(chain)
    if "balances" in parts:
        said["balances"] = {who: number(free) for who, free in sorted(chain.balances.items())}
    return said


def audit(chain) -> None:
    """What must always be true."""
    total = sum(chain.balances.values()) + chain.held() + EXISTENTIAL_DEPOSIT
    assert total == chain.issuance, ("issuance", total, chain.issuance)
    assert chain.issuance <= maths.CAP, "TAO's cap"
    root = [pool for (netuid, _), pool in chain.pools.items() if netuid == 0]
    assert sum(pool.amount for pool in root) == chain.root_staked, "root's pools"
    assert sum(pool.left for pool in root) == chain.root_dripping, "root's drips"
    for netuid, market in chain.markets.items():
        if market.dissolved:
            continue
        pools = sum(pool.amount for (n, _), pool in chain.pools.items() if n == netuid)
        unpaid = market.owner + market.miners - market.miners_settled + market.validators - market.settled
        assert pools + unpaid + market.root == market.outstanding, ("outstanding", netuid)
        assert market.issuance <= maths.CAP, ("ALPHA's cap", netuid)
        assert min(market.tao, market.alpha) > 0
    _audit_shares(chain)


def _audit_shares(chain) -> None:
    values: dict = {}
    for (_, netuid, hotkey), shares in chain.positions.items():
        held, worth, holders = values.get((netuid, hotkey), (0, 0, 0))
        worth += chain.pools[(netuid, hotkey)].value(shares)
        values[(netuid, hotkey)] = (held + shares, worth, holders + 1)
    for key, pool in chain.pools.items():
        held, worth, holders = values.get(key, (0, 0, 0))
        assert held == pool.shares, ("shares", key)
        virtual = maths.div_up((pool.amount + 1) * maths.VIRTUAL_SHARES, pool.shares + maths.VIRTUAL_SHARES)
        assert 0 <= pool.amount - worth <= holders + virtual, ("values", key)
