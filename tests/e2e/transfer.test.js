// A plain transfer, under each way to make blocks.

import assert from 'node:assert/strict';
import { UNIT } from './lib/chain.js';
import { until } from './lib/node.js';
import { suite } from './lib/suite.js';

/** Sends a TAO to an account that is new, and checks every balance that it moves. */
async function transfer(chain, receiver) {
  const { api } = chain;
  const [alice, bob] = ['Alice', 'Bob'].map(chain.account);
  const to = chain.account(receiver);

  const outcome = await chain.accept(bob, api.tx.balances.transferKeepAlive(to.address, UNIT));

  const after = outcome.block;
  const before = (await api.rpc.chain.getHeader(after)).parentHash;
  const gained = async (who) => (await chain.balance(who, after)) - (await chain.balance(who, before));
  assert.equal(await gained(to), UNIT, 'what was sent arrives');
  assert.equal(await gained(bob), -UNIT - outcome.fee, 'the sender pays it, and the fee');
  assert.equal(await gained(alice), outcome.fee, 'the author of the block receives the fee');

  const emission = await chain.blockEvent(after, 'dtao', 'EmissionDistributed');
  const minted = emission.minted.toBigInt();
  assert.ok(minted > 0n, 'the block emits');
  const grown = (await chain.issuance(after)) - (await chain.issuance(before));
  assert.equal(grown, minted, 'what exists grows by the emission, and by nothing else');
  return outcome;
}

suite('a transfer becomes final, blocks by slots', {}, async ({ chain, step }) => {
  await step('the author has the fee, and no TAO is made or lost', () => transfer(chain, 'Nobody'));

  await step('the validators vote it final', async () => {
    const hash = await chain.api.rpc.chain.getFinalizedHead();
    assert.ok((await chain.number(hash)) > 0);
  });

  await step('blocks are a second apart', async () => {
    assert.equal(chain.api.consts.timestamp.minimumPeriod.toNumber(), 500);
  });
});

for (const sealing of ['instant', 20]) {
  suite(`a transfer becomes final, --sealing ${sealing}`, { sealing }, async ({ chain, step }) => {
    await step('the author has the fee, and no TAO is made or lost', () => transfer(chain, 'Nobody'));
  });
}

suite('blocks are made when asked, --sealing manual', { sealing: 'manual' }, async ({ chain, step }) => {
  const { api } = chain;
  const bob = chain.account('Bob');
  const pending = async () => (await api.rpc.author.pendingExtrinsics()).length;

  await step('a transfer waits for a block', async () => {
    await api.tx.balances.transferKeepAlive(bob.address, UNIT).signAndSend(chain.account('Charlie'));
    await until('the transfer is in the pool', async () => (await pending()) === 1);
    assert.equal(await chain.number(), 0);
  });

  await step('a block that is not finalised takes it', async () => {
    const hash = await chain.seal({ empty: false, finalize: false });
    assert.equal(await chain.number(), 1);
    const { block } = await api.rpc.chain.getBlock(hash);
    assert.ok(block.extrinsics.some(({ method }) => method.section === 'balances'));
    assert.equal(await chain.number(await api.rpc.chain.getFinalizedHead()), 0);
  });

  await step('the next one, finalised, finalises both', async () => {
    const hash = await chain.seal();
    assert.ok((await api.rpc.chain.getFinalizedHead()).eq(hash));
    assert.equal(await chain.number(), 2);
    await until('the pool is empty', async () => (await pending()) === 0);
  });
});
