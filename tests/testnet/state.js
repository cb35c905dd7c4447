// The state of a running chain, as a file: what `export-state` writes, without stopping a node.
//
// Arguments: URL FILE, the RPC of any node, over HTTP or WebSocket, and where to write. It takes the
// last final block, with calls that every node answers.

import { writeFileSync } from 'node:fs';

/** How many keys a call asks for: the most that a node answers with. */
const PAGE = 1_000;

const [url, file] = process.argv.slice(2);

/** Calls the RPC, which answers POSTs on the port of its WebSocket. */
async function rpc(method, ...params) {
  const response = await fetch(url.replace(/^ws/, 'http'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(60_000),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** All keys with their values. */
async function stateOf(hash) {
  const top = {};
  let last = null;
  for (;;) {
    const keys = await rpc('state_getKeysPaged', '0x', PAGE, last, hash);
    if (keys.length === 0) return top;
    const [{ changes }] = await rpc('state_queryStorageAt', keys, hash);
    for (const [key, value] of changes) top[key] = value;
    last = keys.at(-1);
  }
}

async function main() {
  if (!file) throw new Error('usage: state.js URL FILE');
  const block = await rpc('chain_getFinalizedHead');
  const { number, stateRoot } = await rpc('chain_getHeader', block);
  const top = await stateOf(block);
  writeFileSync(file, JSON.stringify({ block, stateRoot, genesis: { raw: { top, childrenDefault: {} } } }));
  console.log(`${url}: block ${Number(number)}, ${block}: ${Object.keys(top).length} pairs`);
}

try {
  await main();
} catch (error) {
  console.error(`error: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
