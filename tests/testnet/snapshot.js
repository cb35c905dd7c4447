// A chain that the last release's runtime made, with all that the migrations have to bring over, and
// its state as files: what the runtime's tests upgrade (runtime/src/tests/snapshot.rs).
//
// One node seals blocks by hand, so that two epochs of every subnet take seconds. Writes
// tests/upgrade/state.json, the state as `export-state` writes it but for the code, and
// tests/upgrade/said.json, what the old runtime says of it. Arguments: --folder FOLDER writes there.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Chain, UNIT } from '../e2e/lib/chain.js';
import { conclude, holds, note, section } from './lib/report.js';
import { EXECUTABLE, Network, Refusal } from './lib/network.js';
import { HERE, OLD, oldGenesis } from './lib/release.js';

/** Subnets 1 to so many. Their rows take more than one block to migrate. */
const SUBNETS = 12;

/** Those that trade. */
const STARTED = [1, 2, 3, 4, 5];

/** The subnet that is dissolved at last, while all of it is staked, earned and redirected. */
const DISSOLVED = 3;

/** Blocks of staking: more than two epochs of 60. */
const BLOCKS = 150;

const PEOPLE = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];

/** Weight that is left when the subnet is dissolved, in picoseconds: not enough for its seats. */
const LEFT = 500_000_000n;

/** The key under which a state has its runtime. */
const CODE = '0x3a636f6465';

/** One authority, as in the old release's development chain, and subnets that nobody has started. */
function oldChain(spec) {
  const genesis = oldGenesis({ subnets: SUBNETS });
  for (const subnet of genesis.patch.subnets.subnets) subnet.lock = 1_000 * Number(UNIT);
  spec.genesis.runtimeGenesis = genesis;
  return { ...spec, name: 'Dynamic TAO Snapshot', id: 'snapshot', chainType: 'Development' };
}

/** Sends what people want, and seals it into blocks. */
class Days {
  sent = 0;
  refused = [];
  nonces = new Map();

  constructor(chain) {
    this.chain = chain;
  }

  /** Hands a call to the node. The next block has it. */
  async send(name, call) {
    const who = this.chain.account(name);
    const nonce = this.nonces.get(name) ?? 0;
    const signed = await call.signAsync(who, { nonce, era: 0 });
    await this.chain.provider.send('author_submitExtrinsic', [signed.toHex()]);
    this.nonces.set(name, nonce + 1);
    this.sent += 1;
  }

  async seal() {
    const hash = await this.chain.seal();
    const state = await this.chain.api.at(hash);
    for (const { event } of await state.query.system.events()) {
      const failed = event.section === 'system' && event.method === 'ExtrinsicFailed';
      const sudo = event.section === 'sudo' && event.method === 'Sudid' && event.data[0].isErr;
      if (failed || sudo) this.refused.push(`${this.named(event.data[0])}`);
    }
    return hash;
  }

  named(error) {
    return this.chain.named(error.isErr ? error.asErr : error).name;
  }
}

/** The subnets start; people take seats, stake on all of them and on root, and redirect rewards. */
async function settleIn(days, { tx }, hot) {
  for (const netuid of STARTED.slice(1)) await days.send('Dave', tx.subnets.startCall(netuid));
  await days.seal();
  for (const netuid of STARTED) {
    for (const name of ['Bob', 'Charlie', 'Ferdie']) {
      await days.send(name, tx.subnets.registerNeuron(netuid, hot(name), 100n * UNIT));
    }
  }
  await days.seal();
  for (const [n, name] of PEOPLE.entries()) {
    for (const netuid of [0, ...STARTED]) {
      const on = hot(['Bob', 'Charlie', 'Ferdie'][(n + netuid) % 3]);
      await days.send(name, tx.dtao.addStake(netuid, on, UNIT * BigInt(20 + 7 * n + netuid), 0n));
    }
  }
  await days.seal();
  for (const netuid of [2, DISSOLVED]) {
    await days.send('Ferdie', tx.dtao.setRewardDestination(netuid, hot('Ferdie')));
  }
  await days.seal();
}

/** Epochs pass, and people buy, sell and move. */
async function trade(days, { tx }, hot) {
  const traders = ['Bob', 'Charlie', 'Ferdie'];
  for (let block = 0; block < BLOCKS; block += 1) {
    const name = traders[block % traders.length];
    const netuid = STARTED[block % STARTED.length];
    const to = STARTED[(block + 1) % STARTED.length];
    const hotkey = hot(name);
    await days.send(name, tx.dtao.addStake(netuid, hotkey, UNIT * BigInt(3 + (block % 5)), 0n));
    if (block % 3 === 0) await days.send(name, tx.dtao.addStake(0, hotkey, UNIT / 2n, 0n));
    if (block % 4 === 1) {
      await days.send(name, tx.dtao.moveStake({ netuid, hotkey }, { netuid: to, hotkey }, { Exact: UNIT / 2n }, 0n));
    }
    if (block % 5 === 2) await days.send(name, tx.dtao.removeStake(netuid, hotkey, { Exact: UNIT / 4n }, 0n));
    await days.seal();
  }
}

/**
 * Dissolves the subnet in a block that is full: on the weight that a block leaves, the old runtime would
 * pay out all of it. What fills it are calls of governance's that do nothing.
 */
async function dissolve(days, { consts, query, tx }) {
  await days.seal();
  const { blockWeights: { maxBlock, perClass } } = consts.system;
  const used = (await query.system.blockWeight()).mandatory.refTime.toBigInt();
  const call = tx.sudo.sudo(tx.subnets.dissolveSubnet(DISSOLVED));
  const { weight } = await call.paymentInfo(days.chain.account('Alice'));
  const base = 3n * perClass.operational.baseExtrinsic.refTime.toBigInt();
  const free = maxBlock.refTime.toBigInt() - used - weight.refTime.toBigInt() - base - LEFT;
  const half = { refTime: free / 2n, proofSize: 0 };
  await days.send('Alice', call);
  for (let n = 0; n < 2; n += 1) {
    await days.send('Alice', tx.sudo.sudoUncheckedWeight(tx.system.setStorage([]), half));
  }
  return days.seal();
}

/** What the runtime of that state says of it: in base units, and as texts, which hold any number. */
async function said(chain, hash) {
  const { call, query } = await chain.api.at(hash);
  const subnets = (await call.dtaoApi.subnets()).map(({ netuid, tao, alpha, outstanding, issuance }) => ({
    netuid: netuid.toNumber(), tao: `${tao}`, alpha: `${alpha}`, outstanding: `${outstanding}`, issuance: `${issuance}`,
  }));
  const positions = [];
  for (const coldkey of PEOPLE.map((name) => chain.account(name).address)) {
    for (const { netuid, hotkey, alpha } of await call.dtaoApi.positions(coldkey)) {
      positions.push({ coldkey, netuid: netuid.toNumber(), hotkey: `${hotkey}`, alpha: `${alpha}` });
    }
  }
  return { issuance: `${await query.balances.totalIssuance()}`, subnets, positions };
}

/** The state of a block, as the node writes it, without the code. */
function exported(network, hash) {
  const [member] = network.members;
  const args = ['export-state', '--chain', network.spec, '--base-path', member.path('data'), hash];
  const spec = JSON.parse(execFileSync(EXECUTABLE, args, {
    encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'],
  }));
  delete spec.genesis.raw.top[CODE];
  return { genesis: spec.genesis };
}

async function main({ folder = HERE }) {
  const network = new Network(mkdtempSync(join(tmpdir(), 'dtao-snapshot-')), {
    ports: { p2p: 30_800, rpc: 10_350, metrics: 9_150 }, full: 0,
  });
  network.members.splice(1);
  const [member] = network.members;
  let chain;
  try {
    section('A chain of the last release');
    network.create(oldChain);
    await member.start({ more: ['--sealing', 'manual', '--state-pruning', 'archive'] });
    await member.answer();
    chain = await Chain.connect(member);
    const { api } = chain;
    holds(api.runtimeVersion.specVersion.toNumber() === OLD.specVersion, `it runs dtao-${OLD.specVersion}`);
    const hot = (name) => chain.account(`${name}//hot`).address;
    const days = new Days(chain);
    await settleIn(days, api, hot);
    await trade(days, api, hot);
    const hash = await dissolve(days, api);
    const number = await chain.number(hash);
    holds(days.refused.length === 0, `${days.sent} calls in ${number} blocks, ${days.refused.length} refused ${days.refused.slice(0, 3)}`);
    const { dtao } = (await api.at(hash)).query;
    const row = (await dtao.redemptions(DISSOLVED)).unwrapOr(undefined);
    holds(row?.owner.isSome && !row.settled.isTrue, `subnet ${DISSOLVED} is dissolved, and neither its owner nor its seats are paid yet`);
    await chain.ensureSound(hash);
    holds(true, "the market's audit holds");

    const header = await api.rpc.chain.getHeader(hash);
    const facts = {
      specVersion: OLD.specVersion, block: number, hash: hash.toHex(), stateRoot: header.stateRoot.toHex(),
      ...await said(chain, hash),
    };
    await chain.close();
    chain = undefined;
    await network.stop();

    section('Its state');
    const state = exported(network, facts.hash);
    const lines = (value) => `${JSON.stringify(value, undefined, '\t')}\n`;
    writeFileSync(join(folder, 'state.json'), lines(state));
    writeFileSync(join(folder, 'said.json'), lines(facts));
    const size = readFileSync(join(folder, 'state.json')).length;
    note(`block ${facts.block}, ${facts.hash}`);
    note(`${Object.keys(state.genesis.raw.top).length} pairs in ${size} bytes; ${facts.positions.length} positions`);
  } finally {
    await chain?.close();
    await network.stop();
    network.remove();
  }
  return conclude('the snapshot');
}

try {
  const { values } = parseArgs({ options: { folder: { type: 'string' } } });
  process.exitCode = await main(values);
} catch (error) {
  console.error(error instanceof Refusal ? `error: ${error.message}` : error);
  process.exitCode = 1;
}
