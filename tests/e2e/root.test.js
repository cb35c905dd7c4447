// Root: TAO staked as TAO, one to one, and its dividends.

import assert from 'node:assert/strict';
import { PAR, UNIT } from './lib/chain.js';
import { suite } from './lib/suite.js';

const AMOUNT = 123_456_789_012n;

suite('root stake is TAO, one to one', { sealing: 'instant' }, async ({ chain, step }) => {
  const { api } = chain;
  const ferdie = chain.account('Ferdie');
  const { started } = await chain.places();
  const [{ hotkey }] = await chain.seated(started);
  const idle = chain.account('Idle').address;

  const stakeAndBack = async (on) => {
    const staked = (await chain.subnet(0)).tao.toBigInt();
    const before = await chain.balance(ferdie);

    const quoted = await chain.quoteAdd(ferdie, 0, on, AMOUNT);
    assert.deepEqual(quoted, { amountIn: AMOUNT, fee: 0n, amountOut: AMOUNT, priceBefore: PAR, priceAfter: PAR, priceImpact: 0n });
    const added = await chain.addStake(ferdie, 0, on, AMOUNT, AMOUNT);
    assert.equal(added.event('dtao', 'StakeAdded').alpha.toBigInt(), AMOUNT);
    assert.equal((await chain.position(ferdie, 0, on)).alpha, AMOUNT);
    const middle = await chain.balance(ferdie);
    assert.equal(middle, before - AMOUNT - added.fee);

    const removed = await chain.removeStake(ferdie, 0, on, { Exact: AMOUNT }, AMOUNT);
    assert.equal(removed.event('dtao', 'StakeRemoved').tao.toBigInt(), AMOUNT);
    assert.equal(await chain.balance(ferdie), middle + AMOUNT - removed.fee);
    return { staked, removed };
  };

  await step('a hotkey without a seat is a place to wait: what goes in comes out', async () => {
    // Registered in one's own subnet as its owner's: a hotkey that holds no seat earns nothing.
    await chain.accept(ferdie, api.tx.subnets.registerSubnet(idle, 10n * UNIT));
    const { removed } = await stakeAndBack(idle);
    assert.ok(removed.event('dtao', 'StakeRemoved').all.isTrue);
    assert.equal(await chain.position(ferdie, 0, idle), undefined, 'nothing is left');
  });

  await step('at a validator as well', async () => {
    await stakeAndBack(hotkey);
    await chain.ensureSound();
  });

  await step('root’s stakers earn: the stake grows, and comes out with what it earned', async () => {
    await chain.accept(ferdie, api.tx.dtao.addStake(0, hotkey, 1_000n * UNIT, 0n));
    const { tempo } = await chain.subnet(started);
    // An epoch to be counted in, one to earn in, one in which it is released.
    await chain.sealMany(3 * tempo.toNumber());
    const { alpha, taoValue, exit } = await chain.position(ferdie, 0, hotkey);
    assert.ok(alpha > 1_000n * UNIT, `${alpha} rao`);
    assert.deepEqual([taoValue, exit], [alpha, alpha], 'it is worth what it is');

    const quoted = await chain.quoteRemove(ferdie, 0, hotkey, 'All');
    assert.ok(quoted.amountOut >= alpha, 'the next block’s part comes with it');
    const before = await chain.balance(ferdie);
    const removed = await chain.removeStake(ferdie, 0, hotkey, 'All', quoted.amountOut);
    assert.equal(removed.error, undefined);
    assert.equal(await chain.balance(ferdie), before + quoted.amountOut - removed.fee);
    await chain.ensureSound();
  });
});
