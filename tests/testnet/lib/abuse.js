// Transactions that no block may take, and transactions that a block takes and the market refuses.

import { randomBytes, randomInt } from 'node:crypto';
import { UNIT } from '../../e2e/lib/chain.js';
import { sleep } from './network.js';
import { nextNonce, signed, submit } from './signing.js';
import { Tally, reasonOf } from './tally.js';

const MEGABYTE = 1 << 20;

/** So many nested calls: the decoder stops at 256. */
const DEPTH = 300;

/** A compact number of SCALE, for lengths up to 2^30. */
function compact(length) {
  if (length < 64) return Buffer.from([length << 2]);
  const bytes = Buffer.alloc(length < 2 ** 14 ? 2 : 4);
  if (bytes.length === 2) bytes.writeUInt16LE((length << 2) | 1);
  else bytes.writeUInt32LE(length * 4 + 2);
  return bytes;
}

/** A call as an extrinsic without a signature. */
function bare(call) {
  const body = Buffer.concat([Buffer.from([4]), Buffer.from(call)]);
  return Buffer.concat([compact(body.length), body]);
}

/** `utility.batch` of one call, in one another, by hand: no client encodes so many. */
function nested(api) {
  const batch = Buffer.from(api.tx.utility.batch([]).method.toU8a().slice(0, 2));
  const one = Buffer.concat([batch, compact(1)]);
  const inner = Buffer.from(api.tx.system.remark('0x').method.toU8a());
  return bare(Buffer.concat([...Array(DEPTH).fill(one), inner]));
}

/** `remove_all_stake` of more positions than its bound. */
function unbounded(api, hotkey) {
  const one = Buffer.from(api.tx.dtao.removeAllStake([{ netuid: 1, hotkey, minReceived: 0n }]).method.toU8a());
  const entry = one.subarray(3);
  return bare(Buffer.concat([one.subarray(0, 2), compact(1_000), ...Array(1_000).fill(entry)]));
}

/** What one account signs to be refused: each name with the transaction that it stands for. */
function refusals({ api, pair, hotkey, sent, old, nonceOf }) {
  const stake = api.tx.dtao.addStake(1, hotkey, UNIT, 0n);
  const good = async (changes) => Buffer.from(signed(api, pair, await nonceOf(), stake, changes));
  const changed = (bytes) => {
    bytes[randomInt(bytes.length)] ^= 1 << randomInt(8);
    return bytes;
  };
  const future = { ...api.runtimeVersion.toJSON(), specVersion: 9_999 };
  return {
    'random bytes': () => randomBytes(randomInt(1, 2_000)),
    'random bytes with a good length': () => bareOf(randomBytes(randomInt(1, 2_000))),
    'cut short': async () => (await good()).subarray(0, randomInt(1, 130)),
    'one bit changed': async () => changed(await good()),
    'signed by somebody else': async () => {
      const bytes = await good();
      randomBytes(64).copy(bytes, bytes.indexOf(Buffer.from(pair.publicKey)) + 33);
      return bytes;
    },
    'a remark of 6 MiB': () => bare(api.tx.system.remark(`0x${'00'.repeat(6 * MEGABYTE)}`).method.toU8a()),
    'more positions than the bound': () => unbounded(api, hotkey),
    'calls 300 deep': () => nested(api),
    'a nonce that is used': async () => signed(api, pair, 0, stake),
    'sent before, in a block since': () => sent[randomInt(sent.length)],
    'expired': async () => good(old),
    'of another chain': () => good({ genesisHash: `0x${'11'.repeat(32)}`, blockHash: `0x${'11'.repeat(32)}` }),
    'of another runtime': () => good({ runtimeVersion: api.registry.createType('RuntimeVersion', future) }),
    'a call without a signature': () => bare(stake.method.toU8a()),
    'the time, set by a user': () => bare(api.tx.timestamp.set(0).method.toU8a()),
    'a runtime that nobody authorised': () =>
      bare(api.tx.system.applyAuthorizedUpgrade(hexOf(randomBytes(MEGABYTE / 4))).method.toU8a()),
  };
}

const hexOf = (bytes) => `0x${bytes.toString('hex')}`;
const bareOf = (bytes) => Buffer.concat([compact(bytes.length), bytes]);

/** How long between two of those that take a megabyte to send, in seconds; others come a hundredth as late. */
const SLOW = new Set(['a remark of 6 MiB', 'a runtime that nobody authorised']);

/** Sends what has to be refused, each kind in a loop of its own. */
export class Abuse {
  /** What came of each kind. */
  tallies = new Map();
  taken = new Tally();

  constructor(api, provider, { pair, hotkey, sent, old }) {
    let nonce;
    const nonceOf = async () => {
      nonce ??= await nextNonce(provider, pair);
      return nonce;
    };
    this.provider = provider;
    this.kinds = refusals({ api, pair, hotkey, sent, old, nonceOf });
  }

  start() {
    this.running = true;
    this.done = Promise.all(Object.entries(this.kinds).map(([kind, make]) => this.#run(kind, make)));
  }

  async stop() {
    this.running = false;
    await this.done;
  }

  async #run(kind, make) {
    const tally = new Tally();
    this.tallies.set(kind, tally);
    while (this.running) {
      const bytes = await make();
      try {
        await submit(this.provider, bytes);
        this.taken.add(kind);
        tally.add('TAKEN');
      } catch (error) {
        tally.add(reasonOf(error));
      }
      await sleep(SLOW.has(kind) ? 2 : 0.1);
    }
  }
}

/** The calls that a block takes and refuses, in turn. */
function vainCalls({ tx }, hotkey, address) {
  return [
    tx.dtao.redeem(1, address, hotkey),
    tx.dtao.addStake(1, hotkey, UNIT, 2n ** 64n - 1n),
    tx.dtao.addStake(999, hotkey, UNIT, 0n),
    tx.dtao.removeStake(1, hotkey, 'All', 0n),
    tx.sudo.sudo(tx.system.remark('0x')),
    tx.utility.batchAll([tx.dtao.addStake(1, hotkey, UNIT, 0n), tx.dtao.burnAlpha(1, hotkey, { Exact: 10n ** 18n })]),
  ];
}

/** Accounts that send in vain, and one whose nonces are far in the future. */
export class Flood {
  accepted = 0;
  refused = new Tally();
  ahead = new Tally();

  constructor(api, provider, pairs, hotkey) {
    Object.assign(this, { api, provider, pairs, hotkey });
  }

  start() {
    this.running = true;
    const [dreamer, ...others] = this.pairs;
    this.done = Promise.all([this.#dream(dreamer), ...others.map((pair) => this.#run(pair))]);
  }

  async stop() {
    this.running = false;
    await this.done;
  }

  async #run(pair) {
    const calls = vainCalls(this.api, this.hotkey, pair.address);
    let nonce = await nextNonce(this.provider, pair);
    for (let turn = 0; this.running; turn += 1) {
      try {
        await submit(this.provider, signed(this.api, pair, nonce, calls[turn % calls.length]));
        nonce += 1;
        this.accepted += 1;
      } catch (error) {
        this.refused.add(reasonOf(error));
        await sleep(1);
        nonce = await nextNonce(this.provider, pair).catch(() => nonce);
      }
      await sleep(0.1);
    }
  }

  /** Nonces that leave a gap: they wait in the pool and never enter a block. */
  async #dream(pair) {
    const remark = this.api.tx.system.remark('0x');
    for (let nonce = 1_000; this.running; nonce += 1) {
      try {
        await submit(this.provider, signed(this.api, pair, nonce, remark));
        this.ahead.add('wait in the pool');
      } catch (error) {
        this.ahead.add(reasonOf(error));
      }
      await sleep(0.05);
    }
  }
}
