// What a client reads that knows the old runtime's types only, as one does that was built against the
// last release.

import { blake2AsHex } from '../../e2e/node_modules/@polkadot/util-crypto/index.js';

const toHex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;

/** `quoteAddStake` as the runtime names it. */
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** An argument by its name, where the caller knows one; what the type is by default, else. */
function encoded(registry, { name, type }, known) {
  const key = name.toString();
  return registry.createType(type.toString(), known[key]).toU8a();
}

/** Whether a type reads all of some bytes, and writes them as they were. */
function reads(registry, type, raw) {
  try {
    // As bytes: of a text polkadot.js would make a number where the type is one.
    const bytes = Uint8Array.from(Buffer.from(raw.slice(2), 'hex'));
    return toHex(registry.createType(type, bytes).toU8a()) === raw ? 'yes' : 'NO: it writes something else';
  } catch (error) {
    return `NO: ${error.message.slice(0, 60)}`;
  }
}

/**
 * Calls each method of an API that the runtime of `before` has, in the state of `now`, whose runtime is
 * another one. Answers with a row for each: its name, how many bytes came, and whether the old type
 * reads them.
 *
 * - `api`: connected to a node that has both blocks, as `provider` is.
 * - `known`: arguments by name.
 */
export async function readAsBefore(api, provider, name, { before, now, known }) {
  const { registry, call } = await api.at(before);
  const rows = [];
  const camel = name[0].toLowerCase() + name.slice(1);
  for (const { meta: { method, params, type } } of Object.values(call[camel])) {
    const args = toHex(Buffer.concat(params.map((param) => encoded(registry, param, known))));
    const raw = await provider.send('state_call', [`${name}_${snake(method)}`, args, now.toString()]);
    rows.push({ method, bytes: (raw.length - 2) / 2, says: reads(registry, type.toString(), raw) });
  }
  return rows;
}

/** The version of an API that the runtime of a block says it has. */
export async function versionOf(api, name, hash) {
  const { apis } = await api.rpc.state.getRuntimeVersion(hash);
  const found = apis.find(([id]) => id.toHex() === blake2AsHex(name, 64));
  return found?.[1].toNumber();
}
