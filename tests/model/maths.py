"""The formulas of docs/math.md, each with its section. Integers only; each function rounds once."""

CAP = 21 * 10**15
UNIT = 10**9
VIRTUAL_SHARES = 2**64
WHOLE = 2**32 - 1
Q64 = 2**64
WORD = 2**64 - 1
LN2_Q64 = 12_786_308_645_202_655_659
BILLION = 10**9
TAKE_WHOLE = 65_535
PRICE_ONE = 10**18


def div_up(a: int, b: int) -> int:
    """`⌈a/b⌉`."""
    return -(-a // b)


# 3. The constant-product pool.


def amount_out(x: int, y: int, dx: int) -> int:
    """3.1: what a net input `dx` is paid."""
    return y * dx // (x + dx)


def amount_in(x: int, y: int, dy: int) -> int:
    """3.2: the least net input that is paid `dy < y`."""
    return div_up(x * dy, y - dy)


def fee_of(gross: int, fee: int) -> int:
    """3.3: the fee on a gross input, `fee` in billionths, rounded up."""
    return div_up(fee * gross, BILLION)


def exact_in(x: int, y: int, gross: int, fee: int) -> tuple[int, int]:
    """3.3: `(payment, fee)` for a gross input."""
    part = fee_of(gross, fee)
    return amount_out(x, y, gross - part), part


def exact_out(x: int, y: int, dy: int, fee: int) -> int:
    """3.4: the least gross input that is paid `dy`."""
    return div_up(amount_in(x, y, dy) * BILLION, BILLION - fee)


def most_in(x: int, y: int, fee: int, within) -> int:
    """3.5: the largest gross input after which `within(x, y)` still holds of the reserves.

    `within` must hold up to some input and not beyond. Found by bisection, not by the closed form.
    """

    def after(gross: int) -> bool:
        paid, _ = exact_in(x, y, gross, fee)
        return within(x + gross, y - paid)

    if not after(0):
        return 0
    high = 1
    while after(high) and high < 2**128:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if after(middle) else (low, middle)
    return low if low and after(low) else 0


# 4. The share pool.


def share_value(shares: int, total: int, amount: int) -> int:
    """What `shares` of a pool of `amount` in `total` shares are worth, rounded down."""
    return shares * (amount + 1) // (total + VIRTUAL_SHARES)


def shares_for(a: int, total: int, amount: int) -> int:
    """Shares minted for a deposit of `a`, or burnt for a withdrawal of `a`, rounded up."""
    return div_up(a * (total + VIRTUAL_SHARES), amount + 1)


# 5. The emission curve.


def halvings(issuance: int) -> int:
    """The largest `n` with `I·2ⁿ ≥ C·(2ⁿ − 1)`; for `I < C`."""
    n = 0
    while issuance * 2 ** (n + 1) >= CAP * (2 ** (n + 1) - 1):
        n += 1
    return n


def block_emission(issuance: int) -> int:
    """What a block makes at an issuance."""
    if issuance >= CAP:
        return 0
    return min(UNIT >> halvings(issuance), CAP - issuance)


# 6. Splits.


def apportion(whole: int, weights: list[int]) -> list[int]:
    """Split `whole` by `weights`, so that the parts sum to it; nothing if no weight is positive."""
    left, weight_left = whole, sum(weights)
    parts = []
    for weight in weights:
        part = left * weight // weight_left if weight_left else 0
        left, weight_left = left - part, weight_left - weight
        parts.append(part)
    return parts


# 7. Moving averages.


def ema_step(ema: int, target: int, rate: int) -> int:
    """An average's next value; towards the old one."""
    step = abs(target - ema) * rate // Q64
    return ema + step if target >= ema else ema - step


def price_rate(half_life: int, age: int, ramp: int) -> int:
    """The rate of a price average at an age, in 2⁻⁶⁴."""
    rate = LN2_Q64 // half_life
    return rate * age // (age + ramp) if ramp else rate


def capped_price(tao: int, alpha: int) -> int:
    """`min(p, 1)` in 2⁻⁶⁴."""
    return min(tao * Q64 // alpha, Q64)


def flow_step(average: int, flow: int, half_life: int) -> int:
    """The next average of a flow; `average` in 2⁻³² rao, `flow` in rao; towards zero."""
    move = (flow * 2**32 - average) * (LN2_Q64 // half_life)
    return average + (abs(move) // Q64 if move >= 0 else -(abs(move) // Q64))


# 8. The emission rule.


def flow_weights(flows: list[int], cutoff: int, power: int) -> list[int]:
    """`FlowEma`; flows in 2⁻³² rao a block, the cutoff in rao."""
    level = max(cutoff * 2**32, min(0, min(flows)))
    above = [max(flow - level, 0) for flow in flows]
    most = max(above)
    if most == 0:
        return [0] * len(flows)
    return [(z * (2**28 - 1) // most) ** power for z in above]


# 9. Injection.


def inject(e: int, tao: int, alpha: int, cap: int, min_reserve: int) -> tuple[int, int, int]:
    """`(ALPHA made, TAO that buys, ALPHA bought)` of a subnet's part `e` of a block's TAO."""
    made = e * alpha // tao
    if made <= cap:
        return made, 0, 0
    beside = div_up(cap * tao, alpha)
    x, y, rest = tao + beside, alpha + cap, e - beside
    bought, spent = amount_out(x, y, rest), rest
    most = max(y - min_reserve, 0)
    if bought > most:
        bought, spent = most, amount_in(x, y, most)
    return (cap, spent, bought) if bought else (cap, 0, 0)


# 10. The participants' ALPHA.


def split(o: int, cut: int, root: int, outstanding: int) -> tuple[int, int, int, int]:
    """`(owner, miners, validators, root)` of the participants' ALPHA; `root` is seen as ALPHA."""
    owner = cut * o // BILLION
    miners = (o - owner) // 2
    rest = o - owner - miners
    part = rest * root // (root + outstanding) if root else 0
    return owner, miners, rest - part, part


# 11. Costs.


def lock_cost(last: int, elapsed: int, interval: int, least: int) -> int:
    """A subnet's lock."""
    return max(least, 2 * last - last * elapsed // interval)


def neuron_cost(last: int, elapsed: int, half_life: int, least: int, most: int) -> int:
    """A seat's cost, `elapsed` blocks after the last one was sold."""
    n, r = divmod(elapsed, half_life)
    high, low = last >> n, last >> (n + 1)
    return min(max(high - (high - low) * r // half_life, least), most)


def neuron_cost_after(paid: int, rise: int, least: int, most: int) -> int:
    """What the next seat costs at once after one was sold for `paid`."""
    return min(max(div_up(paid * (BILLION + rise), BILLION), least), most)


# 12. Rewards, 13. drips.


def accrued(bucket: int, weight: int) -> int:
    """What a weight out of `WHOLE` has earned of a bucket."""
    return bucket * weight // WHOLE


def released(left: int, elapsed: int, remaining: int) -> int:
    """What a drip releases after `elapsed` of `remaining` blocks."""
    return left if elapsed >= remaining else left * elapsed // remaining
