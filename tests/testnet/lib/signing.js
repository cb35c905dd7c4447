// Signs without asking a node: whoever submits thousands knows their nonces.

import { WsProvider } from '../../e2e/node_modules/@polkadot/api/index.js';

/** What a transaction signs for beside its call. `changes`: what shall differ from what is right. */
function terms(api, nonce, changes) {
  return {
    blockHash: api.genesisHash,
    genesisHash: api.genesisHash,
    runtimeVersion: api.runtimeVersion,
    signedExtensions: api.registry.signedExtensions,
    version: api.extrinsicVersion,
    nonce,
    ...changes,
  };
}

/** A signed transaction as bytes. It never expires, unless `changes` says so. */
export function signed(api, pair, nonce, call, changes = {}) {
  return call.sign(pair, terms(api, nonce, changes)).toU8a();
}

/** A connection of its own, without what polkadot.js makes of it. */
export async function connect(url) {
  const provider = new WsProvider(url, false);
  await provider.connect();
  await provider.isReady;
  return provider;
}

export const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;

/** Hands a transaction to a node. Not through `api.rpc`, which reports each refusal on the console. */
export const submit = (provider, bytes) =>
  provider.send('author_submitExtrinsic', [typeof bytes === 'string' ? bytes : hex(bytes)]);

/** The nonce that an account signs next with, as the node's pool sees it. */
export const nextNonce = (provider, { address }) => provider.send('system_accountNextIndex', [address]);
