// What a network bears: for some minutes a crowd stakes, moves and unstakes as fast as the pool takes
// it, while others send what no block may take, calls that are refused in blocks, calls that are free,
// and nonsense to the RPC, and many listen. All of it goes to one node, the full node.
//
// Prints a report and ends with 1 if anything in it does not hold. Arguments: --minutes N (10),
// --accounts N (1000), --subscriptions N (200); --short for CI: half a minute, 100, 40.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Chain, UNIT } from '../e2e/lib/chain.js';
import { Abuse, Flood } from './lib/abuse.js';
import { Listeners, Nonsense } from './lib/callers.js';
import { Crowd } from './lib/crowd.js';
import { SUBNETS, accounts, hotkeysOf, withMarket } from './lib/market.js';
import { Network, Refusal, sleep, until } from './lib/network.js';
import { Processes } from './lib/processes.js';
import { Redeemer } from './lib/redeemer.js';
import { conclude, holds, note, section, table } from './lib/report.js';
import { connect, nextNonce, signed, submit } from './lib/signing.js';
import { throughput } from './lib/throughput.js';

const SLOT_SECONDS = 3;

/** Connections that the crowd sends over. */
const CONNECTIONS = 8;

/** Accounts that send in vain. */
const VAIN = 20;

/** What a mortal transaction lives for, in blocks: the shortest. */
const PERIOD = 4;

/** A node that holds more, in MiB, has a leak or a queue without a bound. */
const MOST_MEMORY = 3_000;

const number = (figure, digits = 0) => figure.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** A mortal transaction's terms that were right once, and are not any more. */
async function oldTerms(api) {
  const current = 1;
  await until('a mortal transaction has expired', async () =>
    (await api.rpc.chain.getHeader()).number.toNumber() > current + PERIOD);
  return {
    era: api.registry.createType('ExtrinsicEra', { current, period: PERIOD }),
    blockHash: await api.rpc.chain.getBlockHash(current),
  };
}

/** Everything that goes on at the same time. */
class Siege {
  static async prepare(chain, full, { crowd, vain, stranger, redeemer, subscriptions }) {
    const siege = new Siege();
    const { api } = chain;
    const hotkeys = hotkeysOf(chain);
    siege.provider = await connect(full.url);
    siege.crowd = new Crowd(api, crowd, hotkeys, { url: full.url, connections: CONNECTIONS });
    const sent = await firstBlocks(chain, siege.provider, stranger);
    siege.abuse = new Abuse(api, siege.provider, {
      pair: stranger, hotkey: hotkeys[0], sent, old: await oldTerms(api),
    });
    siege.flood = new Flood(api, siege.provider, vain, hotkeys[0]);
    siege.redeemer = new Redeemer(api, siege.provider, redeemer, { crowd, hotkeys, netuid: SUBNETS });
    siege.nonsense = new Nonsense(full.url);
    siege.listeners = new Listeners(full.url, subscriptions);
    return siege;
  }

  async start() {
    await this.listeners.start();
    await this.crowd.start();
    for (const one of [this.abuse, this.flood, this.nonsense]) one.start();
  }

  /** The crowd is told last: until then the others have somebody to disturb. */
  async stop() {
    await Promise.all([this.nonsense, this.abuse, this.flood, this.redeemer].map((one) => one.stop()));
    await this.crowd.stop();
    this.listeners.stop();
  }

  async close() {
    await this.provider.disconnect();
  }
}

/** Some transactions that are in blocks: what is sent again later. */
async function firstBlocks(chain, provider, pair) {
  const { api } = chain;
  const sent = [];
  for (let nonce = 0; nonce < 5; nonce += 1) {
    sent.push(signed(api, pair, nonce, api.tx.system.remark('0x')));
    await submit(provider, sent.at(-1));
  }
  await until('they are in a block', async () =>
    (await api.query.system.account(pair.address)).nonce.toNumber() === sent.length);
  return sent;
}

/** The minutes themselves: an audit after each, and half way governance dissolves a subnet. */
async function endure(chain, siege, full, minutes) {
  section(`${minutes} minutes of it`);
  const end = Date.now() + minutes * 60_000;
  const each = Math.min(60_000, (minutes * 60_000) / 2);
  const count = Math.round((minutes * 60_000) / each);
  const rows = [['after', 'best', 'final', 'taken', 'in the pool', 'heard', 'audit']];
  let sound = true;
  for (let n = 1; n <= count; n += 1) {
    if (n === Math.ceil(count / 2) + 1) await dissolve(chain, siege);
    siege.listeners.heard();
    await sleep(Math.max(0, (end - (count - n) * each - Date.now()) / 1000));
    const audit = await chain.ensureSound().then((lines) => `${lines.length} lines hold`, (error) => error.message);
    sound &&= / lines hold$/.test(audit);
    const { best, finalised } = (await full.status()) ?? {};
    rows.push([`${number((n * each) / 1000)} s`, best ?? '-', finalised ?? '-', number(siege.crowd.accepted),
      await ready(full), `${siege.listeners.heard()} of ${siege.listeners.lively}`, audit]);
  }
  table(rows);
  return sound;
}

/** Transactions that wait in a node's pool and can enter the next block. */
async function ready(member) {
  const text = await fetch(member.metrics).then((answer) => answer.text()).catch(() => '');
  return Number(text.match(/^substrate_ready_transactions_number\S* (\d+)/m)?.[1] ?? NaN);
}

/** In the middle of it all governance dissolves a subnet, and somebody redeems for its holders. */
async function dissolve(chain, siege) {
  const { api } = chain;
  const alice = chain.account('Alice');
  // A tip, so that it does not wait behind the crowd.
  const call = api.tx.sudo.sudo(api.tx.subnets.dissolveSubnet(SUBNETS));
  await submit(siege.provider, signed(api, alice, Number(await nextNonce(siege.provider, alice)), call, { tip: UNIT }));
  await until('the subnet is dissolved', async () => {
    const subnet = await chain.dtao.subnet(SUBNETS);
    // If all were paid already, it is gone.
    return subnet.isNone || subnet.unwrap().state.type === 'Dissolved';
  });
  siege.redeemer.start();
}

/** Blocks until all that waits is in one, or nothing more of it can be. */
async function drain(full) {
  let last = Infinity;
  await until('the pool has drained', async () => {
    const now = await ready(full);
    const still = now === last && now < 50;
    last = now;
    await sleep(2 * SLOT_SECONDS);
    return now === 0 || still;
  }, 600);
}

function reportBlocks(figures, minutes) {
  section('Throughput');
  table([
    ['what', 'figure'],
    ['blocks', `${figures.blocks} in ${number(figures.seconds)} s`],
    ['transactions in blocks', number(figures.transactions)],
    ['a second', number(figures.perSecond, 1)],
    ['a block', `${number(figures.perBlock, 0)} on average, ${number(figures.mostInBlock)} at most`],
    ['how full blocks were', `${number(100 * figures.fullness)} % of what they may compute on average, ${number(100 * figures.fullest)} % at most`],
    ['the largest block', `${number(figures.largest / 1024)} KiB`],
    ['block time', `${number(figures.meanGap, 2)} s on average, ${figures.longestGap} s at most, of ${SLOT_SECONDS} s`],
    ['slots without a block', `${figures.missed} of ${figures.blocks + figures.missed - 1}`],
  ]);
  const names = ['StakeAdded', 'StakeMoved', 'StakeRemoved', 'Redeemed', 'EpochClosed'];
  note(`of the market: ${names.map((name) => `${number(figures.happened.of(name))} ${name}`).join(', ')}`);
  note(`refused in blocks: ${figures.failures}`);
  const traded = figures.happened.of('StakeAdded') + figures.happened.of('StakeMoved') + figures.happened.of('StakeRemoved');
  holds(traded > minutes * 60, 'stakes, moves and unstakes entered blocks all the while');
  // In half a minute a few seconds in which the machine does something else weigh more.
  const [most, least] = minutes < 1 ? [4, 'fifth'] : [1, 'second'];
  holds(figures.missed <= most * figures.blocks, `at least every ${least} slot had its block`);
  holds(figures.happened.of('EmissionStepFailed') + figures.happened.of('BlockStepFailed')
    + figures.happened.of('EpochFailed') + figures.happened.of('RedemptionStepFailed') === 0,
  'no step of a block and no epoch failed');
}

function reportRefusals({ crowd, abuse, flood, redeemer }) {
  section('What the pool refused');
  note(`of the crowd: ${number(crowd.accepted)} taken; refused: ${crowd.refused}`);
  note(`of calls in vain: ${number(flood.accepted)} taken; refused: ${flood.refused}`);
  note(`of free calls: ${number(redeemer.accepted)} taken; refused: ${redeemer.refused}`);
  note(`of nonces that leave a gap: ${flood.ahead}`);
  table([['what no block may take', 'sent', 'refused with'],
    ...[...abuse.tallies].map(([kind, tally]) => [kind, number(tally.total), String(tally)])]);
  holds(abuse.taken.total === 0, `none of it was taken${abuse.taken.total ? `: ${abuse.taken}` : ''}`);
  holds([...abuse.tallies.values()].every(({ total }) => total > 0), 'and each kind was tried');
}

function reportCallers({ nonsense, listeners }) {
  section('Nonsense to the RPC, and those who listen');
  table([['what was sent', 'times', 'what came of it'],
    ...[...nonsense.tallies].map(([kind, tally]) => [kind, tally.total, String(tally)])]);
  holds(nonsense.unanswered.length === 0, `each was answered or hung up on${nonsense.unanswered.map((kind) => `; not ${kind}`).join('')}`);
  note(`${listeners.count} subscriptions over ${listeners.connections} connections, and ${listeners.deaf} connections that never read: `
    + `${number(listeners.messages)} messages, ${number(listeners.bytes / (1 << 20))} MiB`);
  holds(listeners.subscribed >= listeners.count && listeners.lost === 0, 'all of them were served, and none was cut off');
}

function reportProcesses(network, processes) {
  section('The nodes');
  table([['node', 'MiB at first', 'at most', 'at the end'],
    ...processes.rows.map(({ member, first, most, last }) => [member.name, number(first), number(most), number(last)])]);
  holds(processes.gone.length === 0, `none of them has ended${processes.gone.map((name) => `: ${name}`).join('')}`);
  const bad = network.members.flatMap((member) => member.said(/This is a bug|thread '.*' panicked|equivocat|Corruption|Essential task/i));
  holds(bad.length === 0, `no node speaks of a panic, an equivocation or a corrupt database${bad[0] ? `: ${bad[0]}` : ''}`);
  holds(processes.rows.every(({ most }) => most < MOST_MEMORY), `none held more than ${number(MOST_MEMORY)} MiB`);
}

/** What has to work as ever when all is over. */
async function aftermath(network, chain, full) {
  section('Afterwards');
  const from = Date.now();
  await drain(full);
  note(`the pool has drained after ${number((Date.now() - from) / 1000)} s`);
  const bob = chain.account('Bob');
  await chain.accept(bob, chain.api.tx.dtao.addStake(1, hotkeysOf(chain)[0], UNIT, 0n));
  holds(true, 'a stake is final as ever');
  await chain.ensureSound();
  holds(true, "the market's audit holds");
  const last = (await full.answer()).finalised;
  const hashes = await Promise.all(network.members.map((member) => member.finalHash(last)));
  holds(new Set(hashes).size === 1, `all ${hashes.length} nodes have finalised the same block ${last}`);
}

async function main({ minutes, accounts: count, subscriptions }) {
  const folder = mkdtempSync(join(tmpdir(), 'dtao-load-'));
  const network = new Network(folder, { ports: { p2p: 30_700, rpc: 10_250, metrics: 9_050 } });
  let chain;
  let siege;
  let processes;
  try {
    section('The network and the crowd');
    const crowd = await accounts('Crowd', count);
    const vain = await accounts('Vain', VAIN);
    const [stranger, redeemer] = await accounts('Single', 2);
    network.create(withMarket([...crowd, ...vain, stranger, redeemer]));
    await network.start();
    await network.ready();
    const full = network.members.at(-1);
    chain = await Chain.connect(full);
    note(`four validators and a full node on ${cpus().length} cores (${cpus()[0].model.trim()}); slots of ${SLOT_SECONDS} s`);
    note(`${number(count)} accounts that stake, ${VAIN} that send in vain; ${SUBNETS} subnets and root; all of it to the full node`);
    siege = await Siege.prepare(chain, full, { crowd, vain, stranger, redeemer, subscriptions });
    processes = new Processes(network.members);
    processes.start();
    const first = await chain.number();
    const multiplier = async () => (await chain.api.query.transactionPayment.nextFeeMultiplier()).toBigInt();
    const before = await multiplier();
    await siege.start();
    const sound = await endure(chain, siege, full, minutes);
    note(`load average of the machine: ${loadavg().map((load) => load.toFixed(1)).join(', ')}`);
    const last = await chain.number();
    const after = await multiplier();
    await siege.stop();
    holds(sound, "the market's audit held each time");
    const { best, finalised } = await full.answer();
    const went = await until(`block ${best} is final`, async () => (await full.finalised()) >= best).catch(() => false);
    holds(went, `finality went on: ${best - finalised} blocks behind the best at the end, and then it had them`);
    note(`the price of weight rose by a factor of ${number(Number((after * 1_000n) / before) / 1_000, 3)}`);
    await aftermath(network, chain, full);
    processes.stop();
    reportBlocks(await throughput(chain, first + 1, last, SLOT_SECONDS), minutes);
    reportRefusals(siege);
    reportCallers(siege);
    reportProcesses(network, processes);
    await siege.close();
  } catch (error) {
    for (const member of network.members) writeFileSync(join(tmpdir(), `${member.name}.log`), member.tail(200));
    throw error;
  } finally {
    processes?.stop();
    siege?.listeners.stop();
    await chain?.close();
    await network.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return conclude('the load');
}

const FORMS = {
  long: { minutes: 10, accounts: 1_000, subscriptions: 200 },
  short: { minutes: 0.5, accounts: 100, subscriptions: 40 },
};

/** A form, with what was asked for instead. */
function chosen({ short, ...asked }) {
  const form = { ...FORMS[short ? 'short' : 'long'] };
  for (const [name, text] of Object.entries(asked)) {
    form[name] = Number(text);
    if (!(form[name] > 0)) throw new Refusal(`no number: --${name} ${text}`);
  }
  return form;
}

try {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean' }, minutes: { type: 'string' }, accounts: { type: 'string' },
      subscriptions: { type: 'string' },
    },
  });
  process.exitCode = await main(chosen(values));
} catch (error) {
  console.error(error instanceof Refusal ? `error: ${error.message}` : error);
  process.exitCode = 1;
}
// Connections that were cut off may still hold timers; all that counts is printed.
process.exit();
