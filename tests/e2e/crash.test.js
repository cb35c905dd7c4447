// The node is killed, with no time to write anything, while it makes a block full of stakes. On the
// same folder it comes back with a chain that it had, whose books are in order, and goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chain } from './lib/chain.js';
import { startLoad } from './lib/load.js';
import { Node, removeFolder, temporaryFolder, until, within } from './lib/node.js';
import { runStep } from './lib/suite.js';

const STARTED = /Starting consensus session/;
const PREPARED = /Prepared block for proposing/;
const IMPORTED = /Imported #(\d+) \(\S+ → (\S+)\)/;

/** How blocks are made, how many under load, and at which line of the log the node is killed. */
const LIVES = [
  { sealing: undefined, blocks: 5, at: STARTED },
  { sealing: undefined, blocks: 5, at: IMPORTED },
  { sealing: 20, blocks: 50, at: PREPARED },
  { sealing: 20, blocks: 50, at: IMPORTED },
];

/** The most blocks that a kill may take back. */
const MOST_LOST = 10;

/** Nothing has been seen yet. */
const NOTHING = { blocks: new Map(), best: 0, finalised: 0 };

/** A hash as the log writes it. */
const short = (hash) => `${hash.toHex().slice(0, 6)}…${hash.toHex().slice(-4)}`;

/** The highest block that the chain still has of those seen. */
async function restored(chain, { blocks, best }) {
  for (let number = best; number > 0; number -= 1) {
    const hash = await chain.api.rpc.chain.getBlockHash(number);
    if (short(hash) === blocks.get(number)) return { number, hash };
  }
  throw new Error('the chain was begun anew');
}

/** What came back is a chain that there was, and it is sound. */
async function check(t, chain, seen) {
  const { number, hash } = await restored(chain, seen);
  const lost = seen.best - number;
  t.diagnostic(`back at block ${number} of ${seen.best}: ${lost} lost; ${seen.finalised} were final`);
  assert.ok(lost <= MOST_LOST, `${lost} blocks lost`);
  const lines = await chain.ensureSound(hash);
  await chain.ensureSound();
  const state = await chain.api.at(hash);
  const stakes = await state.call.dtaoApi.positions(chain.account('Ferdie').address);
  assert.ok(stakes.length > 0, 'what was staked is there');
  t.diagnostic(`${lines.length} invariants hold`);
}

/** One life of the node: what was there, that it goes on, and its violent end. */
async function live(t, folder, { sealing, blocks, at }, seen) {
  const node = await Node.start({ folder, sealing });
  let chain;
  try {
    chain = await Chain.connect(node);
    if (seen !== NOTHING) await check(t, chain, seen);

    const start = await chain.number();
    const load = await startLoad(chain);
    const enough = async () => !node.ended && (await chain.number()) >= start + blocks;
    await until('blocks continue under load', enough);
    const finalised = await until('they become final', async () => {
      const number = await chain.number(await chain.api.rpc.chain.getFinalizedHead());
      return !node.ended && number > seen.finalised && number;
    });

    const killed = new Promise((resolve) => {
      node.onLine(at, () => node.stop('SIGKILL').then(resolve));
    });
    assert.equal((await within(60, 'the node makes a block', killed)).signal, 'SIGKILL');
    const sent = await load.stop();

    const imported = node.all(IMPORTED).map(([, number, hash]) => [Number(number), hash]);
    const [best] = imported.at(-1);
    const [step] = node.all(/Starting consensus session|Prepared block|Imported/).at(-1);
    t.diagnostic(`killed after block ${best}, ${finalised} final, ${sent} transactions sent`);
    t.diagnostic(`the log ends with “${step}”`);
    return { blocks: new Map([...seen.blocks, ...imported]), best, finalised };
  } catch (error) {
    node.printTail();
    throw error;
  } finally {
    await chain?.close().catch(() => {});
    await node.stop('SIGKILL');
  }
}

/** The node's last life: nobody makes blocks but on request. */
async function rest(t, folder, seen) {
  const node = await Node.start({ folder, sealing: 'manual' });
  let chain;
  try {
    chain = await Chain.connect(node);
    await check(t, chain, seen);
    const before = await chain.number();
    await chain.seal();
    assert.equal(await chain.number(), before + 1);
  } catch (error) {
    node.printTail();
    throw error;
  } finally {
    await chain?.close();
    await node.stop();
  }
}

test('a chain survives SIGKILL', async (t) => {
  const folder = temporaryFolder();
  let seen = NOTHING;
  try {
    for (const life of LIVES) {
      const [line] = life.at.source.split('#');
      const how = life.sealing ? `a block every ${life.sealing} ms` : 'blocks by slots';
      await runStep(t, `${how}, killed at “${line.trim()}”`, async (inner) => {
        seen = await live(inner, folder, life, seen);
      });
    }
    await runStep(t, 'it comes back once more', (inner) => rest(inner, folder, seen));
  } finally {
    removeFolder(folder);
  }
});
