// The last release, with whose runtime a chain begins that is then upgraded.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Refusal } from './network.js';

/** The folder of the release. */
export const HERE = fileURLToPath(new URL('../../upgrade/', import.meta.url));

/** What it is. */
export const OLD = JSON.parse(readFileSync(`${HERE}release.json`, 'utf8'));

const hex = (bytes) => `0x${bytes.toString('hex')}`;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Its runtime, byte for byte what was built of its commit. */
function oldRuntime() {
  const wasm = readFileSync(HERE + OLD.wasm);
  if (sha256(wasm) !== OLD.sha256) throw new Refusal(`${OLD.wasm} is not the release: its hash differs`);
  return wasm;
}

/** The genesis of its development market, with so many subnets: but for the first, nobody has started them. */
export function oldGenesis({ subnets }) {
  const patch = JSON.parse(readFileSync(`${HERE}genesis.json`, 'utf8'));
  const list = patch.subnets.subnets;
  const [, pattern] = list;
  while (list.length < subnets) list.push({ ...pattern });
  return { code: hex(oldRuntime()), patch };
}
