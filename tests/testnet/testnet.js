// `make testnet`: starts, stops and shows a network on this machine.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Network, Refusal } from './lib/network.js';

const USAGE = `usage: testnet.js start|stop|status [--folder FOLDER] [--ports N] [--fresh]
  start    four validators and a full node; those that run already are left alone
  stop     end just those; their chain stays, and \`start\` goes on with it
  status   what each of them says
  --folder where keys, chains and logs are kept (default: .testnet in the project)
  --ports  the first port of RPC; p2p and metrics follow (default: 9950, 30400, 9650)
  --fresh  with start: forget the chain and its keys first`;

const DEFAULT_RPC = 9950;

function open({ folder, ports }) {
  const rpc = Number(ports ?? DEFAULT_RPC);
  if (!Number.isInteger(rpc) || rpc < 1024 || rpc > 40_000) throw new Refusal(`no port: ${ports}`);
  const shift = rpc - DEFAULT_RPC;
  return new Network(folder ?? fileURLToPath(new URL('../../.testnet', import.meta.url)), {
    ports: { rpc, p2p: 30_400 + shift, metrics: 9650 + shift },
  });
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) {
    console.log(row.map((cell, column) => String(cell).padEnd(widths[column])).join('  ').trimEnd());
  }
}

async function show(network) {
  const rows = [['node', 'pid', 'peers', 'best', 'final', 'RPC', 'metrics', 'p2p']];
  for (const member of network.members) {
    const now = member.pid && (await member.status());
    const { peers = '-', best = '-', finalised = '-' } = now || {};
    rows.push([member.name, member.pid ?? 'stopped', peers, best, finalised, member.url,
      member.metrics, member.port]);
  }
  table(rows);
  console.log(`\nhealth: the RPC port with http and /health. Logs: ${join(network.folder, '*', 'node.log')}`);
}

async function start(network, { fresh }) {
  if (fresh) {
    await network.stop();
    network.remove();
  }
  if (!network.exists) console.log('making keys and a chain specification');
  network.create();
  await network.start();
  console.log('waiting until all are connected and blocks are final');
  await network.ready();
  await show(network);
  console.log(`\npolkadot.js Apps: https://polkadot.js.org/apps/?rpc=${network.members[0].url}`);
  console.log('Alice holds sudo. `make testnet-stop` ends just these nodes.');
}

async function stop(network) {
  const { running } = network;
  await network.stop();
  console.log(running.length ? `stopped ${running.map(({ name }) => name).join(', ')}` : 'none runs');
}

const COMMANDS = { start, stop, status: show };

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { folder: { type: 'string' }, ports: { type: 'string' }, fresh: { type: 'boolean' } },
  });
  const command = COMMANDS[positionals[0]];
  if (!command || positionals.length > 1) throw new Refusal(USAGE);
  await command(open(values), values);
} catch (error) {
  const known = error instanceof Refusal || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(known ? error.message : error);
  process.exitCode = 1;
}
