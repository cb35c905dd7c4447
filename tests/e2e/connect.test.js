// polkadot.js connects with nothing pasted: what it needs to know, the chain says.

import assert from 'node:assert/strict';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { suite } from './lib/suite.js';

/** The extensions of a transaction, in the order that deployed clients hard-code. */
const EXTENSIONS = [
  'CheckNonZeroSender',
  'CheckSpecVersion',
  'CheckTxVersion',
  'CheckGenesis',
  'CheckMortality',
  'CheckNonce',
  'CheckWeight',
  'ChargeTransactionPayment',
  'CheckMetadataHash',
  'WeightReclaim',
];

/** What clients call, of the legacy methods and of the new ones. */
const METHODS = [
  'archive_v1_body',
  'author_submitAndWatchExtrinsic',
  'chainHead_v1_follow',
  'chainSpec_v1_properties',
  'chain_getBlock',
  'engine_createBlock',
  'grandpa_roundState',
  'payment_queryFeeDetails',
  'payment_queryInfo',
  'state_call',
  'system_accountNextIndex',
  'transaction_v1_broadcast',
];

const DTAO_API = [
  'audit',
  'claimable',
  'emissionBreakdown',
  'hotkey',
  'metagraph',
  'neuronCost',
  'positions',
  'quoteAddStake',
  'quoteAddStakeLimit',
  'quoteMoveStake',
  'quoteRemoveStake',
  'quoteRemoveStakeLimit',
  'registrationCost',
  'root',
  'subnet',
  'subnets',
  'supply',
];

/** The new methods that polkadot.js has no calls for: it names them, whatever the chain. */
const NOT_DECORATED = /API\/INIT: RPC methods not decorated: /;

/** What is complained of while `run` runs. */
async function complaints(run) {
  const heard = [];
  const { warn, error } = console;
  console.warn = console.error = (...words) => heard.push(words.join(' '));
  try {
    await run();
  } finally {
    Object.assign(console, { warn, error });
  }
  return heard;
}

suite('polkadot.js connects with nothing pasted', { sealing: 'manual' }, async ({ node, chain, step }) => {
  const { api } = chain;

  await step('nothing is unknown to it', async () => {
    const heard = await complaints(async () => {
      const unprepared = new ApiPromise({ provider: new WsProvider(node.url) });
      await unprepared.isReady;
      await unprepared.disconnect();
    });
    assert.deepEqual(heard.filter((line) => !NOT_DECORATED.test(line)), []);
  });

  await step('the chain has a token with 9 decimals, and addresses with prefix 42', async () => {
    const { chainTokens, chainDecimals, chainSS58 } = api.registry;
    assert.deepEqual([chainTokens, chainDecimals, chainSS58], [['TAO'], [9], 42]);
    assert.equal(api.consts.system.ss58Prefix.toNumber(), 42);
    assert.equal((await api.rpc.system.chainType()).type, 'Development');
  });

  await step('the runtime API of the market is there, each answer typed', async () => {
    assert.deepEqual(Object.keys(api.call.dtaoApi).sort(), DTAO_API);
    for (const name of DTAO_API) {
      const { type } = api.call.dtaoApi[name].meta;
      assert.notEqual(type, 'Bytes', `${name} answers with bytes`);
    }
    const [root] = await api.call.dtaoApi.subnets();
    assert.equal(root.netuid.toNumber(), 0);
    assert.equal(root.state.type, 'Started');
  });

  await step('metadata comes in all versions, transactions in version 4', async () => {
    const versions = await api.call.metadata.metadataVersions();
    for (const version of [14, 15, 16]) {
      assert.ok(versions.some((one) => one.eqn(version)), `no metadata V${version}`);
      assert.ok((await api.call.metadata.metadataAtVersion(version)).isSome);
    }
    assert.equal(api.extrinsicVersion, 4);
    assert.deepEqual(api.registry.signedExtensions, EXTENSIONS);
  });

  await step('the methods that clients call are served', async () => {
    const { methods } = await api.rpc.rpc.methods();
    const served = new Set(methods.map(String));
    assert.deepEqual(METHODS.filter((method) => !served.has(method)), []);
  });

  await step('every call, event and error is documented', async () => {
    for (const pallet of ['dtao', 'subnets']) {
      const all = [api.tx[pallet], api.events[pallet], api.errors[pallet]].flatMap(Object.values);
      const bare = all.filter(({ meta }) => meta.docs.join('').trim() === '');
      assert.deepEqual(bare.map(({ meta }) => `${pallet}.${meta.name}`), []);
    }
  });
});
