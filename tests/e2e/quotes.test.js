// A quote is what the call does if it comes first in the next block: to the atom, in the middle of
// an epoch and in the block that closes one, when rewards are paid and root's dividends released.

import assert from 'node:assert/strict';
import { PAR, UNIT } from './lib/chain.js';
import { suite } from './lib/suite.js';

const exact = (amount) => ({ Exact: amount });

suite('a quote is what the call does', { sealing: 'instant' }, async ({ chain, step }) => {
  const bob = chain.account('Bob');
  const { started } = await chain.places();
  const [{ hotkey }] = await chain.seated(started);

  const add = (netuid, tao) => async () => {
    const quote = await chain.quoteAdd(bob, netuid, hotkey, tao);
    const outcome = await chain.addStake(bob, netuid, hotkey, tao, quote.amountOut);
    const { tao: paid, fee, alpha, priceAfter } = outcome.event('dtao', 'StakeAdded');
    return [outcome.block, quote, paid, fee, alpha, priceAfter];
  };

  const remove = (netuid, amount) => async () => {
    const quote = await chain.quoteRemove(bob, netuid, hotkey, amount);
    const outcome = await chain.removeStake(bob, netuid, hotkey, amount, quote.amountOut);
    const { alpha, fee, tao, priceAfter } = outcome.event('dtao', 'StakeRemoved');
    return [outcome.block, quote, alpha, fee, tao, priceAfter];
  };

  const TRADES = [
    ['stake', add(started, 7n * UNIT + 1n)],
    ['stake on root', add(0, 7n * UNIT + 1n)],
    ['unstake a part', remove(started, exact(3n * UNIT + 1n))],
    ['unstake a part from root', remove(0, exact(3n * UNIT + 1n))],
    ['unstake all', remove(started, 'All')],
    ['unstake all from root', remove(0, 'All')],
  ];

  /** Makes blocks until the next one closes an epoch, or is so many blocks away from that. */
  const approach = async (distance) => {
    const { nextEpoch, tempo } = await chain.subnet(started);
    const away = nextEpoch.toNumber() - 1 + distance - (await chain.number());
    await chain.sealMany(away < 0 ? away + tempo.toNumber() : away);
  };

  /** Stakes anew what an earlier step has taken out. */
  const prepare = async () => {
    for (const netuid of [started, 0]) {
      const outcome = await chain.addStake(bob, netuid, hotkey, 50n * UNIT);
      assert.equal(outcome.error, undefined);
    }
  };

  for (const [when, distance] of [
    ['before an epoch closes', -3],
    ['in the block that closes an epoch', 0],
    ['after an epoch has closed', 1],
  ]) {
    await step(when, async () => {
      for (const [what, trade] of TRADES) {
        await prepare();
        await approach(distance);
        const [block, quote, ...did] = await trade();
        const closed = await chain.blockEvent(block, 'dtao', 'EpochClosed');
        assert.equal(closed !== undefined, distance === 0, 'the block is the one that was meant');
        const { amountIn, fee, amountOut, priceBefore, priceAfter, priceImpact } = quote;
        const done = did.map((value) => value.toBigInt());
        assert.deepEqual(done, [amountIn, fee, amountOut, priceAfter], what);
        const moved = priceAfter > priceBefore ? priceAfter - priceBefore : priceBefore - priceAfter;
        assert.equal(priceImpact, (moved * PAR) / priceBefore, 'the part by which the price moved');
      }
    });
  }

  await step('the books are in order', () => chain.ensureSound());
});
