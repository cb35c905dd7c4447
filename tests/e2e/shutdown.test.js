// Asked to stop, the node stops soon, says that all is well, and has lost nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chain } from './lib/chain.js';
import { startLoad } from './lib/load.js';
import { Node, removeFolder, temporaryFolder, until } from './lib/node.js';
import { runStep } from './lib/suite.js';

/** It takes a fraction of a second, and more on a machine that is busy. */
const MOST_SECONDS = 30;

test('a node that is asked to stop', async (t) => {
  const folder = temporaryFolder();
  let last;
  let node;

  /** Starts, checks that the chain is where it was left, makes blocks, and stops. */
  const live = async (inner, sealing, signal, work) => {
    node = await Node.start({ folder, sealing });
    const chain = await Chain.connect(node);
    if (last) {
      const hash = await chain.api.rpc.chain.getBlockHash(last.number);
      assert.equal(hash.toString(), last.hash, 'no block is lost');
    }
    await work(chain);
    const header = await chain.api.rpc.chain.getHeader();
    last = { number: header.number.toNumber(), hash: header.hash.toString() };
    await chain.close();

    const asked = Date.now();
    assert.deepEqual(await node.stop(signal), { code: 0, signal: null });
    const seconds = (Date.now() - asked) / 1000;
    inner.diagnostic(`block ${last.number}; ended after ${seconds.toFixed(1)} s`);
    assert.ok(seconds < MOST_SECONDS, `${seconds} s`);
    assert.deepEqual(node.all(/.*(panicked|ERROR).*/).map(String), []);
  };

  const busy = async (chain) => {
    const load = await startLoad(chain);
    const begin = await chain.number();
    await until('blocks are made', async () => (await chain.number()) > begin + 5);
    await load.stop();
  };

  const step = (title, sealing, signal, work) =>
    runStep(t, title, (inner) => live(inner, sealing, signal, work));
  try {
    await step('by SIGTERM', 'manual', 'SIGTERM', (chain) => chain.sealMany(20));
    await step('by SIGINT', 'manual', 'SIGINT', (chain) => chain.sealMany(20));
    await step('under load', 20, 'SIGTERM', busy);
    await step('and once more', 'manual', 'SIGTERM', (chain) => chain.sealMany(1));
  } catch (error) {
    node?.printTail();
    throw error;
  } finally {
    await node?.stop('SIGKILL');
    removeFolder(folder);
  }
});
