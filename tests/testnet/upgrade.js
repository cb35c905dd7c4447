// The upgrade from the last release to this one, for real: four validators and a full node run the
// old runtime, people stake, governance upgrades, a migration takes some blocks, people go on.
//
// Prints a report and ends with 1 if anything in it does not hold. Arguments: --folder FOLDER keeps
// the network's folder there; --keep leaves the network running.

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { Chain, UNIT } from '../e2e/lib/chain.js';
import { blocksBetween, missedSlots, pairsOf } from './lib/blocks.js';
import { EXECUTABLE, Network, Refusal, until } from './lib/network.js';
import { readAsBefore, versionOf } from './lib/readers.js';
import { OLD, oldGenesis } from './lib/release.js';
import { conclude, holds, note, section, table } from './lib/report.js';
import { included, stakersFor } from './lib/stakers.js';

/** Where the runtime is that this checkout builds. */
const NEW_RUNTIME = join(EXECUTABLE, '../wbuild/dtao-runtime/dtao_runtime.compact.compressed.wasm');

/** So many subnets take more than one block to migrate. */
const SUBNETS = 40;

/** Seconds of a slot, unless it is told otherwise. Four validators on two cores miss some of so short ones. */
const SLOT_SECONDS = '3';

/** Blocks of staking before the upgrade, and after it. */
const BLOCKS_BEFORE = 8;
const BLOCKS_AFTER = 12;

/**
 * Reads of the runtime API that show more than the last release's, a quote unless it is an error. The API's version has
 * to say so.
 */
const CHANGED_READS = [
  'subnets', 'subnet', 'positions', 'quoteAddStake', 'quoteRemoveStake', 'quoteAddStakeLimit',
  'quoteRemoveStakeLimit', 'quoteMoveStake', 'metagraph', 'hotkey',
];

/** What must be the same before the first step and after the last, to the atom. */
const UNTOUCHED = [
  ['Dtao', 'Emitting'], ['Dtao', 'Root'], ['Dtao', 'Positions'], ['Dtao', 'Scores'], ['Balances', 'TotalIssuance'],
  ['System', 'Account'], ['Subnets', 'Seats'], ['Subnets', 'HotkeyIds'],
];

const hex = (bytes) => `0x${bytes.toString('hex')}`;

/** The old release's development market, with more subnets, four authorities and such slots. */
const oldChain = (seconds) => (spec, keys) => {
  const genesis = oldGenesis({ subnets: SUBNETS });
  const { patch } = genesis;
  const authorities = [...keys.values()];
  patch.aura.authorities = authorities.map(({ aura }) => aura);
  patch.grandpa.authorities = authorities.map(({ grandpa }) => [grandpa, 1]);
  patch.blockTime.millis = seconds * 1000;
  spec.genesis.runtimeGenesis = genesis;
  return { ...spec, name: 'Dynamic TAO Upgrade', id: 'upgrade' };
};

/** Blocks until the network has finalised so many more. */
async function finalise(member, blocks) {
  const target = (await member.answer()).finalised + blocks;
  await until(`block ${target} is final`, async () => (await member.finalised()) >= target);
  return target;
}

/** Each subnet's record at a block, by netuid: under its own key in the old release, in a page since. */
async function recordsAt(api, hash) {
  const { dtao } = (await api.at(hash)).query;
  if (dtao.markets) {
    const entries = await dtao.markets.entries();
    return new Map(entries.map(([key, record]) => [key.args[0].toNumber(), record.unwrap().toHex()]));
  }
  const pages = await dtao.marketPages.entries();
  const slots = pages.flatMap(([, page]) => [...page]);
  return new Map(slots.map((slot) => [slot.netuid.toNumber(), slot.record.toHex()]));
}

/** Whether two blocks have the same records, but for the zeros that fill a slot; and how many they are. */
async function sameRecords(api, before, after) {
  const [one, other] = [await recordsAt(api, before), await recordsAt(api, after)];
  const bare = (record) => record?.replace(/(00)*$/, '');
  const equal = [...one].every(([netuid, record]) => bare(record) === bare(other.get(netuid)));
  return [one.size, equal && one.size === other.size];
}

/** Hotkeys' pools on subnets and on root at a block: under their own keys in the old release, in pages since. */
async function poolsAt(api, hash) {
  const { dtao } = (await api.at(hash)).query;
  if (dtao.hotkeyPools) {
    const entries = [...await dtao.hotkeyPools.entries(), ...await dtao.rootPools.entries()];
    return new Map(entries.map(([key, pool]) => [key.args.join('/'), pool.toJSON()]));
  }
  const pages = [...await dtao.poolPages.entries(), ...await dtao.rootPages.entries()];
  const pools = pages.flatMap(([key, page]) =>
    [...page].map(([hotkey, pool]) => [[...key.args.slice(0, -1), hotkey].join('/'), pool.toJSON()]));
  return new Map(pools);
}

/** Whether two blocks have the same pools, the later ones owing nobody anything; and how many they are. */
async function samePools(api, before, after) {
  const [one, other] = [await poolsAt(api, before), await poolsAt(api, after)];
  const now = ({ stake, ...rest }) => ({ stake: { ...stake, owed: 0, ownerHolds: false }, ...rest });
  const equal = [...one].every(([place, pool]) => isDeepStrictEqual(now(pool), other.get(place)));
  return [one.size, equal && one.size > 0 && one.size === other.size];
}

/** The same records and pools, and the same keys with the same values, at two blocks. */
async function unchanged(api, before, after) {
  const rows = [['what', 'pairs', 'same']];
  let same = true;
  for (const [what, compare] of [['Dtao.Markets, in pages', sameRecords], ['Dtao.*Pools, in pages', samePools]]) {
    const [count, equal] = await compare(api, before, after);
    same &&= equal;
    rows.push([what, count, equal ? 'yes' : 'NO']);
  }
  for (const [pallet, item] of UNTOUCHED) {
    const prefix = api.query[pallet.toLowerCase()][item[0].toLowerCase() + item.slice(1)].keyPrefix();
    const [one, other] = [await pairsOf(api, before, prefix), await pairsOf(api, after, prefix)];
    const equal = one.join() === other.join();
    same &&= equal;
    rows.push([`${pallet}.${item}`, one.length, equal ? 'yes' : 'NO']);
  }
  table(rows);
  return same;
}

/** What an account holds, rewards included, as the runtime of that block says: ALPHA by subnet and hotkey. */
async function holdings(api, hash, { address }) {
  const state = await api.at(hash);
  const positions = await state.call.dtaoApi.positions(address);
  return new Map(positions.map(({ netuid, hotkey, alpha }) => [`${netuid} ${hotkey}`, alpha.toBigInt()]));
}

/** Whether the same positions are held, and each has grown by no more than a block can mint. */
function grewByABlock(before, after) {
  const grew = ([position, alpha]) => {
    const growth = (after.get(position) ?? -1n) - alpha;
    return growth >= 0n && growth <= UNIT;
  };
  return before.size > 0 && before.size === after.size && [...before].every(grew);
}

function startWith(network, seconds) {
  section('The release that runs');
  const { members } = network;
  note(`runtime dtao-${OLD.specVersion}, built of ${OLD.commit}: ${OLD.bytes} bytes, sha256 ${OLD.sha256}`);
  note(`${network.validators.length} validators and ${members.length - network.validators.length} full node; `
    + `slots of ${seconds} s; ${SUBNETS} subnets`);
}

async function upgrade(chain, sudo, wasm) {
  section('Governance upgrades');
  const { api } = chain;
  const call = api.tx.system.authorizeUpgrade(api.registry.hash(wasm).toHex());
  const authorised = await chain.accept(sudo, api.tx.sudo.sudo(call));
  note(`block ${authorised.number}: system.authorize_upgrade through sudo`);
  const error = await included(api.tx.system.applyAuthorizedUpgrade(hex(wasm)), sudo);
  holds(!error, `system.apply_authorized_upgrade with ${wasm.length} bytes is in a block`);
}

/** The last block of the old runtime, and the last that migrates. */
async function migration(api, from) {
  const seen = { first: undefined, last: undefined };
  let number = from;
  await until('the migration is complete', async () => {
    const final = await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead());
    for (; number <= final.number.toNumber() && seen.last === undefined; number += 1) {
      const [block] = await blocksBetween(api, number, number);
      if (block.named('migrations').length > 0) {
        seen.first ??= number;
        const names = block.named('migrations').map(({ method }) => method);
        if (names.includes('UpgradeCompleted') || names.includes('UpgradeFailed')) seen.last = number;
      }
    }
    return seen.last !== undefined;
  });
  return seen;
}

/** Whether the node gets the same block as another, and runs the new runtime. */
async function syncs(member, other, number) {
  if (await member.finalHash(number) !== await other.finalHash(number)) return false;
  // Its state comes after the block.
  return until(`${member.name} runs the new runtime`, async () => {
    const version = await member.rpc('state_getRuntimeVersion').catch(() => undefined);
    return version?.specVersion > OLD.specVersion;
  });
}

/** Nodes that come after the upgrade, with nothing. */
async function newcomers(network, last) {
  section('Nodes that come later');
  const [one] = network.members;
  for (const mode of ['full', 'warp']) {
    const member = network.add(`late-${mode}`);
    member.prepare();
    const from = Date.now();
    await member.start({ more: ['--sync', mode] });
    const synced = await syncs(member, one, last).catch(() => false);
    const took = ((Date.now() - from) / 1000).toFixed(0);
    holds(synced, `--sync ${mode}, from nothing and across the upgrade: ${took} s to block ${last}`);
  }
}

async function main({ keep, folder, slots = SLOT_SECONDS }) {
  const seconds = Number(slots);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 60) throw new Refusal(`no slot: ${slots} s`);
  const network = new Network(folder ?? mkdtempSync(join(tmpdir(), 'dtao-upgrade-')), {
    ports: { p2p: 30_500, rpc: 10_050, metrics: 9750 },
  });
  const wasm = readFileSync(NEW_RUNTIME);
  let chain;
  let reader;
  try {
    network.create(oldChain(seconds));
    await network.start();
    startWith(network, seconds);
    await network.ready();
    chain = await Chain.connect(network.members.at(-1));
    const { api } = chain;
    const genesisVersion = api.runtimeVersion.specVersion.toNumber();
    holds(genesisVersion === OLD.specVersion, `the chain runs dtao-${genesisVersion}`);

    section('People stake');
    const alice = chain.account('Alice');
    const names = ['Bob', 'Charlie', 'Ferdie'];
    const pairs = names.map((name) => chain.account(name));
    const hotkey = chain.account('Eve').address;
    const first = await chain.number();
    const stakers = stakersFor(api, pairs, { netuid: 1, hotkey, tao: UNIT });
    for (const staker of stakers) staker.start();
    await finalise(network.members[0], BLOCKS_BEFORE);
    const accepted = () => stakers.reduce((sum, staker) => sum + staker.accepted, 0);
    const before = accepted();
    holds(before > 0, `${before} stakes and unstakes of ${names.length} accounts in ${BLOCKS_BEFORE} blocks`);

    await upgrade(chain, alice, wasm);
    await until('polkadot.js has the new runtime', () =>
      api.runtimeVersion.specVersion.toNumber() > OLD.specVersion);
    note(`polkadot.js has dtao-${api.runtimeVersion.specVersion}, and signs for it`);
    const waits = included(api.tx.dtao.addStake(1, hotkey, UNIT, 0n), chain.account('Dave'));

    // A client that has lived through the upgrade may read blocks with the types of the old runtime.
    reader = await Chain.connect(network.members.at(-1));
    const read = reader.api;

    section('The migration');
    const { first: begins, last: ends } = await migration(read, first);
    const waited = await waits.then((error) => error ?? 'entered', (error) => error.message);
    const migrating = await blocksBetween(read, begins, ends);
    table([['block', 'runtime', 'transactions', 'what happened'], ...migrating.map((block) => [
      block.number, block.specVersion, block.transactions,
      [...block.named('migrations'), ...block.named('dtao')].map(({ method }) => method).join(', '),
    ])]);
    holds(migrating.length > 1, `it took ${migrating.length} blocks`);
    holds(migrating.at(-1).named('migrations', 'UpgradeCompleted').length === 1, 'it is complete');
    holds(migrating.every(({ transactions }) => transactions === 0), 'no transaction entered any of them');
    holds(waited === 'entered', 'a stake that was sent meanwhile waited, and entered afterwards');
    holds(migrating.every((block) => block.named('dtao', 'BlockHalted').length === 1
      && block.named('dtao').length === 1), 'the market only counted: nothing was minted, no epoch closed');

    section('Before the first step, and after the last');
    const old = await read.rpc.chain.getBlockHash(begins - 1);
    const { hash: migrated } = migrating.at(-1);
    holds(await unchanged(read, old, migrated), 'reserves, positions, accruals and issuance are the same, to the atom');
    // The last block before the migration has the new code in its state. The old one can be asked
    // of the block before it, and of somebody who did not trade in between.
    const asked = await read.rpc.chain.getBlockHash(begins - 2);
    const [said, says] = [await holdings(read, asked, alice), await holdings(read, migrated, alice)];
    holds(grewByABlock(said, says),
      `what the old runtime said of ${said.size} positions the new one says, and the rewards of the one block between`);

    section('Life goes on');
    const middle = accepted();
    const last = await finalise(network.members[0], BLOCKS_AFTER);
    for (const staker of stakers) await staker.stop();
    const refused = stakers.flatMap((staker) => staker.refused);
    holds(accepted() > middle, `${accepted() - middle} more stakes and unstakes`);
    holds(refused.length === 0, `none was refused${refused.length ? `: ${refused[0]}` : ''}`);
    note(`${stakers.reduce((sum, { retried }) => sum + retried, 0)} were signed for the old runtime and had to be signed anew`);
    await reader.ensureSound();
    holds(true, "the market's audit holds");
    const validators = await read.query.session.validators();
    holds(validators.length === 4, `sessions have started, with ${validators.length} validators`);

    section('Clients of the old release');
    const now = await read.rpc.chain.getBlockHash(last);
    const reads = await readAsBefore(read, chain.provider, 'DtaoApi', {
      before: read.genesisHash, now, known: { who: pairs[0].address, coldkey: pairs[0].address, hotkey, netuid: 1 },
    });
    table([['read', 'bytes', 'the old types read all of it'],
      ...reads.map(({ method, bytes, says }) => [method, bytes, says])]);
    const changed = reads.filter(({ says }) => says !== 'yes').map(({ method }) => method);
    holds(reads.length > CHANGED_READS.length && changed.every((method) => CHANGED_READS.includes(method)),
      `${reads.length - changed.length} reads decode with the last release's types, all but those that show more: ${changed.join(', ')}`);
    // Not of the last block before the migration: its state has the new runtime already.
    const versions = await Promise.all([read.genesisHash, now].map((hash) => versionOf(read, 'DtaoApi', hash)));
    holds(versions[1] > versions[0] || changed.length === 0, `and the API says so: version ${versions.join(' became ')}`);

    await newcomers(network, last);

    section('The network');
    const blocks = await blocksBetween(read, first, last);
    const missed = missedSlots(blocks);
    note(`blocks ${first} to ${last}: ${missed} of ${blocks.length + missed - 1} slots of ${seconds} s passed without a block`);
    const heads = await Promise.all(network.members.map((member) => member.finalHash(last)));
    holds(new Set(heads).size === 1, `all ${heads.length} nodes have the same block ${last}`);
    holds(network.running.length === network.members.length, 'none of them has stopped');
  } finally {
    await chain?.close();
    await reader?.close();
    if (!keep) {
      await network.stop();
      if (!folder) network.remove();
    }
  }
  return conclude('the upgrade');
}

try {
  const { values } = parseArgs({
    options: { keep: { type: 'boolean' }, folder: { type: 'string' }, slots: { type: 'string' } },
  });
  process.exitCode = await main(values);
} catch (error) {
  console.error(error instanceof Refusal ? `error: ${error.message}` : error);
  process.exitCode = 1;
}
