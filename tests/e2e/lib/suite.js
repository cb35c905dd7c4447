// A test of several steps on one chain.

import { test } from 'node:test';
import { Chain } from './chain.js';
import { Node } from './node.js';

/**
 * Starts a node, and runs `body` with it: `{ node, chain, step }`. A step is a test of its own. As
 * each builds on those before, the first that fails ends the suite. A failure prints the end of the
 * node's log.
 */
export function suite(name, options, body) {
  test(name, async (t) => {
    const node = await Node.start(options);
    let chain;
    try {
      chain = await Chain.connect(node);
      await body({ node, chain, step: (title, run) => runStep(t, title, run) });
    } catch (error) {
      node.printTail();
      throw error;
    } finally {
      await chain?.close();
      await node.stop();
    }
  });
}

/** A step of the test `t`. Fails if it fails. */
export async function runStep(t, title, run) {
  let failed = false;
  await t.test(title, async (inner) => {
    try {
      await run(inner);
    } catch (error) {
      failed = true;
      throw error;
    }
  });
  if (failed) throw new Error(`what follows builds on the step that failed: ${title}`);
}
