// What a node's RPC has to bear: garbage, and many who listen.

import { randomBytes } from 'node:crypto';
import WebSocket from '../../e2e/node_modules/ws/wrapper.mjs';
import { sleep } from './network.js';
import { Tally } from './tally.js';

/** How long a node may take to answer nonsense, in seconds, while it is busy with everything else. */
const PATIENCE = 120;

const call = (method, params) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** What is sent over a WebSocket, as it is. */
const NONSENSE = {
  'half of a JSON text': () => '{"jsonrpc":"2.0","id":1,"method":"chain_getHea',
  'no JSON at all': () => randomBytes(500).toString('latin1'),
  'bytes': () => randomBytes(500),
  'an empty batch': () => '[]',
  'a batch of 1 000': () => `[${Array(1_000).fill(call('system_health', [])).join()}]`,
  'lists 20 000 deep': () => `{"jsonrpc":"2.0","id":1,"method":"chain_getBlock","params":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  'a method that does not exist': () => call('dtao_mint', [1]),
  'a method name of 1 MB': () => call('m'.repeat(1_000_000), []),
  'parameters of another type': () => call('state_getStorage', [{ key: true }, -1]),
  '200 000 parameters': () => call('state_getStorage', Array(200_000).fill(7)),
  'a parameter of 10 MB': () => call('state_getStorage', [`0x${'00'.repeat(5_000_000)}`]),
  'a message of 20 MB': () => call('state_getStorage', [`0x${'00'.repeat(10_000_000)}`]),
  'a million keys at once': () => call('state_getKeysPaged', ['0x', 1_000_000]),
  'a runtime call that does not exist': () => call('state_call', ['DtaoApi_mint', '0x']),
  'a runtime call with garbage': () => call('state_call', ['DtaoApi_quote_add_stake', `0x${randomBytes(7).toString('hex')}`]),
  'a block that does not exist': () => call('state_call', ['DtaoApi_audit', '0x', `0x${'22'.repeat(32)}`]),
  'a dry run of garbage': () => call('system_dryRun', [`0x${randomBytes(90).toString('hex')}`]),
};

/** Requests over HTTP that are no calls. */
const REQUESTS = {
  'GET': { method: 'GET' },
  'PUT': { method: 'PUT', body: 'x' },
  'no JSON over HTTP': { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{{{{' },
  'a text over HTTP': { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' },
};

/** Sends one message over a connection of its own. Answers with what became of it. */
function ask(url, message) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const late = setTimeout(() => finish('NO ANSWER'), PATIENCE * 1000);
    function finish(what) {
      clearTimeout(late);
      socket.terminate();
      resolve(what);
    }
    socket.on('open', () => socket.send(message));
    socket.on('message', (data) => {
      const text = data.toString();
      const code = text.match(/"code":(-?\d+)/);
      finish(code ? `error ${code[1]}` : 'answered');
    });
    socket.on('close', () => finish('hung up'));
    socket.on('error', () => finish('hung up'));
  });
}

async function request(url, options) {
  try {
    const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE * 1000) });
    await answer.text();
    return `HTTP ${answer.status}`;
  } catch (error) {
    return error.name === 'TimeoutError' ? 'NO ANSWER' : 'hung up';
  }
}

/** Sends nonsense, one kind after the other. */
export class Nonsense {
  tallies = new Map();

  constructor(url) {
    this.url = url;
  }

  start() {
    this.running = true;
    this.done = this.#run();
  }

  async stop() {
    this.running = false;
    await this.done;
  }

  get unanswered() {
    return [...this.tallies].filter(([, tally]) => tally.of('NO ANSWER') > 0).map(([kind]) => kind);
  }

  async #run() {
    while (this.running) {
      for (const [kind, make] of Object.entries(NONSENSE)) await this.#try(kind, () => ask(this.url, make()));
      const http = this.url.replace(/^ws/, 'http');
      for (const [kind, options] of Object.entries(REQUESTS)) await this.#try(kind, () => request(http, options));
    }
  }

  async #try(kind, attempt) {
    if (!this.running) return;
    if (!this.tallies.has(kind)) this.tallies.set(kind, new Tally());
    this.tallies.get(kind).add(await attempt());
    await sleep(0.2);
  }
}

/** The events of each block: where most of what a block changes is told. */
const EVENTS = '0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7';

/** What each connection listens to. */
const SUBSCRIPTIONS = [
  ['chain_subscribeNewHeads', []], ['chain_subscribeNewHeads', []], ['chain_subscribeNewHeads', []],
  ['chain_subscribeAllHeads', []], ['chain_subscribeAllHeads', []], ['chain_subscribeFinalizedHeads', []],
  ['chain_subscribeFinalizedHeads', []], ['state_subscribeStorage', [[EVENTS]]],
  ['state_subscribeStorage', [[EVENTS]]], ['state_subscribeRuntimeVersion', []],
];

/** Those that say something with each block. */
const LIVELY = SUBSCRIPTIONS.filter(([method]) => method !== 'state_subscribeRuntimeVersion').length;

/** Many who listen, ten subscriptions a connection. One more connection in ten never reads. */
export class Listeners {
  subscribed = 0;
  messages = 0;
  bytes = 0;
  lost = 0;
  sockets = [];

  constructor(url, count) {
    Object.assign(this, { url, connections: Math.ceil(count / SUBSCRIPTIONS.length) });
    this.deaf = Math.ceil(this.connections / 10);
  }

  get count() {
    return this.connections * SUBSCRIPTIONS.length;
  }

  async start() {
    const all = Array.from({ length: this.connections + this.deaf }, (_, n) => this.#listen(n >= this.connections));
    await Promise.all(all);
  }

  /** How many of those that speak with each block were heard since this was asked last. */
  heard() {
    const heard = this.sockets.reduce((sum, { last }) => sum + last.size, 0);
    for (const socket of this.sockets) socket.last.clear();
    return heard;
  }

  get lively() {
    return this.connections * LIVELY;
  }

  stop() {
    this.stopped = true;
    for (const { socket } of this.sockets) socket.terminate();
  }

  #listen(deaf) {
    const socket = new WebSocket(this.url, { maxPayload: 0 });
    const state = { socket, last: new Set() };
    this.sockets.push(state);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => { if (!this.stopped && !deaf) this.lost += 1; });
      socket.on('open', () => {
        SUBSCRIPTIONS.forEach(([method, params], id) =>
          socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params })));
        if (deaf) {
          socket.pause();
          resolve();
        }
      });
      socket.on('message', (data) => {
        this.messages += 1;
        this.bytes += data.length;
        const subscription = data.subarray(-400).toString().match(/"subscription":"?([^",}]+)/)
          ?? data.subarray(0, 400).toString().match(/"subscription":"?([^",}]+)/);
        if (subscription) {
          state.last.add(subscription[1]);
        } else {
          this.subscribed += 1;
          state.answers = (state.answers ?? 0) + 1;
          if (state.answers === SUBSCRIPTIONS.length) resolve();
        }
      });
    });
  }
}
