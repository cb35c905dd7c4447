// What a network survives, over real processes: validators killed at any moment, one and two of four
// down, a clock that is wrong, a full disk, a network cut in two.
//
// Prints a report and ends with 1 if anything in it does not hold. Arguments: names of faults, or
// none for all of them; --seed N for other moments and victims; --short for CI.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Network, Refusal, sleep, until } from './lib/network.js';
import { PartedNetwork, whyNot } from './lib/namespaces.js';
import { conclude, holds, note, section, table } from './lib/report.js';

const BLOCK_SECONDS = 3;
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** Numbers that look random and come again with the same seed. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    // A 32-bit xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const rows = [['fault', 'blocks lost', 'seconds to recover', 'result']];

/** A row of the table at the end. */
function record(fault, lost, seconds, result) {
  rows.push([fault, lost, seconds, result]);
}

const seconds = (from) => (Date.now() - from) / 1000;
const best = async (member) => (await member.answer()).best;

/** Waits until a member has finalised what another has finalised now. Answers how long it took. */
async function catchUp(member, other) {
  const from = Date.now();
  const target = (await other.answer()).finalised;
  await until(`${member.name} finalises block ${target}`, async () => (await member.finalised()) >= target);
  return seconds(from);
}

/** Blocks that the network makes and finalises while some time passes, and what it had before. */
async function progress(member, blocks) {
  const before = await member.answer();
  await sleep(blocks * BLOCK_SECONDS);
  const after = await member.answer();
  return { before, made: after.best - before.best, finalised: after.finalised - before.finalised };
}

/** Whether the network finalises so many blocks more than it had, however slow the machine is. */
async function goesOn(member, before, blocks) {
  const target = before.finalised + blocks;
  return until(`block ${target} is final`, async () => (await member.finalised()) >= target).catch(() => false);
}

/** Waits until nothing has become final for some slots: votes that were under way have arrived. */
async function quiet(member, slots = 4) {
  let last = -1;
  await until('finality stalls', async () => {
    const before = last;
    last = (await member.answer()).finalised;
    if (last === before) return true;
    await sleep(slots * BLOCK_SECONDS);
    return false;
  });
}

/** What is final stays, on all nodes. */
async function ensureFinal(network, known) {
  for (const [number, hash] of known) {
    for (const member of network.running) {
      if ((await member.finalHash(number)) !== hash) return `${member.name} has another block ${number}`;
    }
  }
  return undefined;
}

/** SIGKILL of any validator at any moment, and it comes back. */
async function kill(network, { next, short }) {
  const times = short ? 2 : 10;
  section(`SIGKILL of a validator, ${times} times at random moments`);
  const known = new Map();
  const kills = [['who', 'after s', 'down s', 'behind', 's to catch up']];
  let [most, slowest] = [0, 0];
  for (let n = 0; n < times; n += 1) {
    const victim = network.validators[Math.floor(next() * 4)];
    const other = network.validators.find((member) => member !== victim);
    const [after, down] = [1 + 5 * next(), 1 + 5 * next()];
    await sleep(after);
    const { finalised: final } = await victim.answer();
    known.set(final, await victim.finalHash(final));
    process.kill(victim.pid, 'SIGKILL');
    await until('it is gone', () => !victim.pid);
    await sleep(down);
    await victim.start();
    await victim.answer();
    const behind = Math.max(0, (await best(other)) - (await best(victim)));
    const took = await catchUp(victim, other);
    [most, slowest] = [Math.max(most, behind), Math.max(slowest, took)];
    kills.push([victim.name, after.toFixed(1), down.toFixed(1), behind, took.toFixed(1)]);
  }
  table(kills);
  const broken = await ensureFinal(network, known);
  holds(!broken, `what was final before each kill is what all nodes have${broken ? `: ${broken}` : ''}`);
  const bad = network.members.flatMap((member) => member.said(/equivocat|panicked|Corruption/i));
  holds(bad.length === 0, `no node speaks of an equivocation, a panic or a corrupt database${bad[0] ? `: ${bad[0]}` : ''}`);
  record(`SIGKILL, ${times} times`, `${most} behind at most`, slowest.toFixed(1), bad.length || broken ? 'FAILED' : 'held');
}

/** One of four down: blocks and finality go on. */
async function one(network) {
  section('One of four down');
  const [victim, other] = [network.validators[3], network.validators[0]];
  await victim.stop();
  const blocks = 20;
  const { before, made, finalised } = await progress(other, blocks);
  note(`${blocks} slots: ${made} blocks made, ${finalised} finalised`);
  const held = holds(await goesOn(other, before, blocks / 2), 'blocks and finality go on');
  await victim.start();
  const took = await catchUp(victim, other);
  note(`it returns and has all that is final after ${took.toFixed(1)} s`);
  record('one of four down', `${blocks - made} of ${blocks} slots`, took.toFixed(1), held ? 'held' : 'FAILED');
}

/** Two of four down: blocks go on, finality waits for them. */
async function two(network) {
  section('Two of four down');
  const [other, , ...victims] = network.validators;
  for (const victim of victims) await victim.stop();
  await quiet(other);
  const blocks = 15;
  const { made, finalised } = await progress(other, blocks);
  note(`${blocks} slots: ${made} blocks made, ${finalised} finalised`);
  const went = holds(made > 0, 'blocks go on');
  const stalled = holds(finalised === 0, 'finality stalls: no half of a network decides');
  const target = await best(other);
  const from = Date.now();
  for (const victim of victims) await victim.start();
  await until(`block ${target} is final`, async () => (await other.finalised()) >= target);
  const took = seconds(from);
  note(`they return, and what was made meanwhile is final ${took.toFixed(1)} s later`);
  record('two of four down', `${blocks - made} of ${blocks} slots; finality waits`, took.toFixed(1), went && stalled ? 'held' : 'FAILED');
}

/** A clock that is a block time wrong. */
async function clock(network) {
  section('A validator whose clock is wrong by a block time');
  if (!existsSync(FAKETIME)) {
    note(`SKIPPED: there is no ${FAKETIME} (Debian: libfaketime)`);
    record('clock wrong by a block', '-', '-', 'skipped');
    return;
  }
  const [other, , , victim] = network.validators;
  for (const skew of ['+3s', '-3s']) {
    await victim.stop();
    await victim.start({ env: { LD_PRELOAD: FAKETIME, FAKETIME: skew, FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
    await victim.answer();
    await sleep(2 * BLOCK_SECONDS);
    const blocks = 16;
    const { before, made, finalised } = await progress(other, blocks);
    note(`clock ${skew}: ${blocks} slots: ${made} blocks made, ${finalised} finalised`);
    const held = holds(await goesOn(other, before, blocks / 2), 'blocks and finality go on');
    await victim.stop();
    await victim.start();
    const took = await catchUp(victim, other);
    record(`clock ${skew}`, `${Math.max(0, blocks - made)} of ${blocks} slots`, took.toFixed(1), held ? 'held' : 'FAILED');
  }
}

/** A node whose disk is full. */
async function disk(network) {
  section('A full disk');
  const member = network.add('small');
  const data = member.path('data');
  mkdirSync(data, { recursive: true });
  const mounted = process.getuid() === 0
    && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', data]).status === 0;
  if (!mounted) {
    note('SKIPPED: a small disk needs root and a machine that mounts');
    record('full disk', '-', '-', 'skipped');
    network.members.pop();
    return;
  }
  try {
    member.prepare();
    await member.start();
    const other = network.validators[0];
    await member.answer();
    await catchUp(member, other);
    const before = (await member.answer()).finalised;
    spawnSync('dd', ['if=/dev/zero', `of=${join(data, 'ballast')}`, 'bs=64k']);
    const ended = await until('the node notices', async () => {
      const said = member.said(/No space left|storage space|os error 28/i);
      return (!member.pid || said.length > 0) && { said };
    }).catch(() => undefined);
    holds(ended, `it notices: ${ended?.said[0]?.slice(0, 160) ?? 'it ended'}`);
    const clear = holds(ended?.said.length > 0, 'and says what is wrong');
    await member.stop();
    rmSync(join(data, 'ballast'));
    await member.start();
    await member.answer();
    const took = await catchUp(member, other);
    const held = holds((await member.finalised()) >= before, `with room again it goes on: ${took.toFixed(1)} s`);
    record('full disk', '0', took.toFixed(1), clear && held ? 'held' : 'FAILED');
  } finally {
    await member.stop('SIGKILL');
    spawnSync('umount', ['-l', data]);
    network.members.pop();
  }
}

/** The network is cut in two for a while: then it is one chain again. */
async function partition(_, { short, folder }) {
  const length = short ? 20 : 60;
  section(`A network cut in two for ${length} s`);
  const reason = whyNot();
  if (reason) {
    note(`SKIPPED: ${reason}`);
    record('cut in two', '-', '-', 'skipped');
    return;
  }
  const network = new PartedNetwork(join(folder, 'parted'), { full: 0 });
  const [a, b, c, d] = network.validators;
  try {
    network.create();
    network.connect([a, b]);
    await network.start();
    await network.ready();
    const before = await a.answer();
    network.part();
    await sleep(length);
    const during = await a.answer();
    note(`one half made ${during.best - before.best} blocks and finalised ${during.finalised - before.finalised}`);
    // A vote may have been under way when the cable was pulled.
    const stalled = holds(during.finalised - before.finalised <= 2, 'neither half finalises alone');
    const from = Date.now();
    network.join();
    const target = during.best;
    await until(`block ${target} is final`, async () => (await a.finalised()) >= target);
    const took = seconds(from);
    const { finalised: last } = await a.answer();
    const hashes = await Promise.all([a, b, c, d].map((member) => member.finalHash(last)));
    const whole = holds(new Set(hashes).size === 1, `one chain again, final up to block ${last}, after ${took.toFixed(1)} s`);
    const bad = network.members.flatMap((member) => member.said(/equivocat|panicked/i));
    holds(bad.length === 0, 'no node speaks of an equivocation or a panic');
    record(`cut in two for ${length} s`, 'one half\'s blocks', took.toFixed(1), stalled && whole ? 'held' : 'FAILED');
  } finally {
    await network.stop();
    network.disconnect();
  }
}

const FAULTS = { kill, one, two, clock, disk, partition };

async function main({ seed, short }, names) {
  const folder = mkdtempSync(join(tmpdir(), 'dtao-faults-'));
  const network = new Network(folder, { ports: { p2p: 30_600, rpc: 10_150, metrics: 9850 } });
  const chosen = names.length ? names : Object.keys(FAULTS);
  const unknown = chosen.find((name) => !FAULTS[name]);
  if (unknown) throw new Refusal(`no such fault: ${unknown}. There are: ${Object.keys(FAULTS).join(', ')}`);
  const options = { next: random(Number(seed ?? 1)), short, folder };
  note(`four validators and a full node, slots of ${BLOCK_SECONDS} s; seed ${seed ?? 1}`);
  try {
    if (chosen.some((name) => name !== 'partition')) {
      network.create();
      await network.start();
      await network.ready();
    }
    for (const name of chosen) {
      if (name === 'partition') await network.stop();
      await FAULTS[name](network, options);
    }
  } catch (error) {
    for (const member of network.members) writeFileSync(join(tmpdir(), `${member.name}.log`), member.tail(200));
    throw error;
  } finally {
    await network.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  section('All of it');
  table(rows);
  return conclude('the faults');
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, short: { type: 'boolean' } },
  });
  process.exitCode = await main(values, positionals);
} catch (error) {
  console.error(error instanceof Refusal ? `error: ${error.message}` : error);
  process.exitCode = 1;
}
