// A network of nodes on this machine: their keys, their chain specification, their processes. Needs
// nothing but Node.js and the node's executable.
//
// A network is a folder. What is in it:
//
//   chain-spec.json   the chain that all of them run, raw
//   NAME/node-key     the key by which the others know the node
//   NAME/keystore/    what a validator signs with
//   NAME/data/        the database
//   NAME/node.log     what the node says
//   NAME/node.pid     its process, while it should run

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

const { DTAO_NODE, CARGO_TARGET_DIR, XDG_CACHE_HOME } = process.env;
const cache = XDG_CACHE_HOME || join(homedir(), '.cache');
const target = CARGO_TARGET_DIR || join(cache, 'dtao', 'target');

/** The node's executable. */
export const EXECUTABLE = DTAO_NODE || join(target, 'release', 'dtao-node');

/** The accounts of the validators: those that the `testnet` preset names. */
export const VALIDATORS = ['Alice', 'Bob', 'Charlie', 'Dave'];

/** How long a node may take to write its database and end, in seconds. */
const STOP_SECONDS = 60;

/** How long one call of a node's RPC may take, in seconds. */
const RPC_SECONDS = 30;

/**
 * How long anything may take that will come, in seconds: no more than a limit, far beyond what it takes
 * on a machine that two cores keep busy with something else.
 */
export const PATIENCE = 300;

const LOOPBACK = '127.0.0.1';

/** What went wrong and what to do about it: no stack trace. */
export class Refusal extends Error {}

export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Asks again and again until `condition` answers with something true; returns that. */
export async function until(what, condition, seconds = PATIENCE) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Refusal(`not within ${seconds} s: ${what}`);
    await sleep(0.2);
  }
}

/** Runs a command of the node that ends by itself. Returns what it prints. */
function tool(...args) {
  const { status, stdout, stderr, error } = spawnSync(EXECUTABLE, args, {
    encoding: 'utf8', maxBuffer: 2 ** 28,
  });
  if (error?.code === 'ENOENT') throw new Refusal(`there is no node at ${EXECUTABLE}: run \`make build\``);
  if (status !== 0) {
    throw new Refusal(`${EXECUTABLE} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
  }
  return { stdout, stderr };
}

/** The command line of a process, or undefined if there is none. */
function commandOf(pid) {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

/** One node of a network. */
export class Member {
  /** `place`: its number, from which its ports follow. `account`: a validator's. */
  constructor(network, name, place, account) {
    Object.assign(this, { network, name, place, account });
    this.folder = join(network.folder, name);
    this.port = network.ports.p2p + place;
    this.rpcPort = network.ports.rpc + place;
    this.metricsPort = network.ports.metrics + place;
    this.url = `ws://${LOOPBACK}:${this.rpcPort}`;
    this.health = `http://${LOOPBACK}:${this.rpcPort}/health`;
    this.metrics = `http://${LOOPBACK}:${this.metricsPort}/metrics`;
    this.log = this.path('node.log');
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  get isValidator() {
    return this.account !== undefined;
  }

  /** Makes the key by which the others know it. */
  prepare() {
    mkdirSync(this.path('keystore'), { recursive: true, mode: 0o700 });
    if (!existsSync(this.path('node-key'))) {
      tool('key', 'generate-node-key', '--chain', 'testnet', '--file', this.path('node-key'));
      chmodSync(this.path('node-key'), 0o600);
    }
  }

  get peerId() {
    return tool('key', 'inspect-node-key', '--file', this.path('node-key')).stdout.trim();
  }

  get address() {
    this.id ??= this.peerId;
    return `/ip4/${this.network.host(this)}/tcp/${this.port}/p2p/${this.id}`;
  }

  /**
   * Makes the keys that a validator signs with. They go to the keystore, and the public ones are
   * returned. The phrase is handed over in a file, so that no list of processes shows it.
   */
  generateKeys() {
    const make = (scheme, type) => {
      const made = JSON.parse(tool('key', 'generate', '--scheme', scheme, '--output-type', 'json').stdout);
      const phrase = this.path('phrase');
      writeFileSync(phrase, made.secretPhrase, { mode: 0o600 });
      try {
        tool('key', 'insert', '--suri', phrase, '--key-type', type, '--scheme', scheme,
          '--keystore-path', this.path('keystore'), '--chain', this.network.plainSpec);
      } finally {
        rmSync(phrase);
      }
      return made.ss58PublicKey;
    };
    return { aura: make('sr25519', 'aura'), grandpa: make('ed25519', 'gran') };
  }

  /** Its process, if it runs. */
  get pid() {
    let pid;
    try {
      pid = Number(readFileSync(this.path('node.pid'), 'utf8'));
    } catch {
      return undefined;
    }
    // The system may have given the number to another process since.
    return commandOf(pid)?.includes(this.path('data')) ? pid : undefined;
  }

  /** The node's arguments. */
  flags(more = []) {
    const others = this.network.members.filter((other) => other !== this);
    return [
      '--chain', this.network.spec, '--base-path', this.path('data'), '--name', this.name,
      '--node-key-file', this.path('node-key'), '--keystore-path', this.path('keystore'),
      '--listen-addr', `/ip4/${this.network.host(this)}/tcp/${this.port}`,
      '--rpc-port', String(this.rpcPort), '--prometheus-port', String(this.metricsPort),
      '--no-telemetry', '--no-mdns', '--allow-private-ip',
      ...(this.isValidator ? ['--validator'] : []),
      ...others.flatMap((other) => ['--bootnodes', other.address]),
      ...more,
    ];
  }

  /**
   * Starts the process, which goes on when this one ends. `wrap`: a command that runs it, as `ip
   * netns exec` does; `more`: further arguments; `env`: further variables.
   */
  async start({ more = [], wrap = [], env = {} } = {}) {
    if (this.pid) return;
    if (wrap.length === 0) await this.ensureFreePorts();
    const [command, ...args] = [...wrap, EXECUTABLE, ...this.flags(more)];
    const log = openSync(this.log, 'a');
    try {
      const child = spawn(command, args, {
        detached: true, stdio: ['ignore', log, log], env: { ...process.env, ...env },
      });
      await new Promise((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (error) => reject(new Refusal(`cannot start ${command}: ${error.message}`)));
      });
      writeFileSync(this.path('node.pid'), String(child.pid));
      child.unref();
    } finally {
      closeSync(log);
    }
  }

  /** The node takes another port than the one it was given if that one is in use; nobody would find it. */
  async ensureFreePorts() {
    for (const port of [this.port, this.rpcPort, this.metricsPort]) {
      const used = await new Promise((resolve) => {
        const socket = createConnection({ host: LOOPBACK, port });
        socket.once('connect', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
      });
      if (used) throw new Refusal(`port ${port} is in use, which ${this.name} needs: see --ports`);
    }
  }

  /** Ends the process and waits for it. SIGKILL if it takes too long. */
  async stop(signal = 'SIGTERM') {
    const { pid } = this;
    if (pid) {
      process.kill(pid, signal);
      const gone = () => !this.pid;
      await until(`${this.name} ends`, gone, STOP_SECONDS).catch(async () => {
        process.kill(pid, 'SIGKILL');
        await until(`${this.name} is killed`, gone, STOP_SECONDS);
      });
    }
    rmSync(this.path('node.pid'), { force: true });
  }

  /** Calls the node's RPC. */
  async rpc(method, ...params) {
    const response = await fetch(`http://${this.network.rpcHost(this)}:${this.rpcPort}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(RPC_SECONDS * 1000),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${this.name}: ${method}: ${error.message}`);
    return result;
  }

  async headerNumber(hash) {
    const header = await this.rpc('chain_getHeader', ...(hash ? [hash] : []));
    return header ? Number(header.number) : undefined;
  }

  /** What the node says of itself, or undefined if it does not answer. */
  async status() {
    try {
      const { peers, isSyncing } = await this.rpc('system_health');
      const best = await this.headerNumber();
      const finalised = await this.headerNumber(await this.rpc('chain_getFinalizedHead'));
      return { peers, isSyncing, best, finalised };
    } catch {
      return undefined;
    }
  }

  async finalised() {
    return (await this.status())?.finalised ?? -1;
  }

  /** What it says of itself, once it answers. */
  async answer() {
    return until(`${this.name} answers`, () => this.status());
  }

  /**
   * The hash of a block, once the node has finalised it. A node that warps finalises a block first, and
   * gets those before it afterwards: it has to have this one, too.
   */
  async finalHash(number) {
    const known = async () => (await this.finalised()) >= number
      && this.rpc('chain_getBlockHash', number).catch(() => undefined);
    return until(`${this.name} has block ${number}, and it is final`, known);
  }

  /** The end of its log. */
  tail(lines = 15) {
    if (!existsSync(this.log)) return '';
    return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** The lines of its log that match. */
  said(pattern) {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8').split('\n').filter((line) => pattern.test(line));
  }
}

/** A network: four validators and a full node, unless it is told otherwise. */
export class Network {
  constructor(folder, { ports = { p2p: 30400, rpc: 9950, metrics: 9650 }, full = 1 } = {}) {
    this.folder = folder;
    this.ports = ports;
    this.spec = join(folder, 'chain-spec.json');
    this.plainSpec = join(folder, 'chain-spec.plain.json');
    this.members = VALIDATORS.map((account, place) =>
      new Member(this, `validator-${account.toLowerCase()}`, place, account));
    for (let n = 1; n <= full; n += 1) this.add(full === 1 ? 'full' : `full-${n}`);
  }

  /** One more node that makes no blocks. */
  add(name) {
    const member = new Member(this, name, this.members.length);
    this.members.push(member);
    return member;
  }

  /** Where a member listens. A partition needs each in a namespace of its own. */
  host() {
    return LOOPBACK;
  }

  rpcHost() {
    return LOOPBACK;
  }

  get validators() {
    return this.members.filter((member) => member.isValidator);
  }

  get exists() {
    return existsSync(this.spec);
  }

  get running() {
    return this.members.filter((member) => member.pid);
  }

  /**
   * Makes the keys of all members and the chain that knows them. `plain`: changes the specification
   * before it is made raw. Both may be called again: what is there stays.
   */
  create(plain = withSessionKeys) {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const member of this.members) member.prepare();
    if (this.exists) return;
    tool('chain-spec', 'export', '--chain', 'testnet', '--output', this.plainSpec);
    const keys = new Map(this.validators.map((member) => [member.account, member.generateKeys()]));
    const spec = plain(JSON.parse(readFileSync(this.plainSpec, 'utf8')), keys);
    writeFileSync(this.plainSpec, JSON.stringify(spec, undefined, 2));
    tool('chain-spec', 'export', '--chain', this.plainSpec, '--raw', '--output', this.spec);
  }

  /** Starts those that do not run. */
  async start(options) {
    for (const member of this.members) await member.start(options);
  }

  async stop(signal) {
    await Promise.all(this.members.map((member) => member.stop(signal)));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Waits until all know all others and each has finalised `blocks` more than it had. */
  async ready({ blocks = 2, seconds = PATIENCE } = {}) {
    const before = new Map();
    for (const member of this.members) {
      const answers = async () => {
        if (!member.pid) throw new Refusal(`${member.name} ended:\n${member.tail()}`);
        return member.status();
      };
      before.set(member, (await until(`${member.name} answers`, answers, seconds)).finalised);
    }
    for (const member of this.members) {
      const joined = async () => {
        if (!member.pid) throw new Refusal(`${member.name} ended:\n${member.tail()}`);
        const now = await member.status();
        return now && now.peers >= this.members.length - 1 && now.finalised >= before.get(member) + blocks;
      };
      await until(`${member.name} has all peers and finalises`, joined, seconds);
    }
  }
}

/** Genesis knows the keys that were made, and not those that everybody knows. */
export function withSessionKeys(spec, keys) {
  const { patch } = spec.genesis.runtimeGenesis;
  const accounts = patch.session.keys.map(([account]) => account);
  patch.session.keys = [...keys.values()].map((made, n) => [accounts[n], accounts[n], made]);
  return spec;
}
