#!/usr/bin/env node
// What an operator and governance send to a chain, from the command line: a validator's keys, the
// list of validators, a new runtime, safe mode. polkadot.js Apps can do all of it too. Needs the
// packages of tests/e2e (`npm ci` there, which `make test` does).
//
// A SECRET is a phrase or a derivation such as //Alice; or a file that holds one, so that no list of
// processes shows it.

import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApiPromise, Keyring, WsProvider } from '../tests/e2e/node_modules/@polkadot/api/index.js';

const USAGE = `usage: govern.mjs COMMAND [--node ws://127.0.0.1:9950]
  keys SECRET              let the node make session keys, and set them for this account
  status                   who makes blocks, and who will
  add ADDRESS SECRET       governance adds a validator
  remove ADDRESS SECRET    governance removes a validator
  upgrade WASM SECRET      governance upgrades the runtime to the one in this file
  safe-mode enter|exit SECRET
                           governance stops all that does not repair, or ends that
The last SECRET is the one of sudo.`;

/** How long a transaction may take to become final, in seconds: a dozen blocks of twelve seconds. */
const SECONDS = 150;

function account(secret) {
  const text = existsSync(secret) ? readFileSync(secret, 'utf8').trim() : secret;
  return new Keyring({ type: 'sr25519' }).addFromUri(text);
}

/** The name of what was refused. */
function named(api, error) {
  if (!error.isModule) return error.toString();
  const { section, name, docs } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}: ${docs.join(' ')}`;
}

/** Sends a call and waits until it is final. Answers with its events and its block's number. */
async function send(api, pair, call) {
  const final = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not final within ${SECONDS} s`)), SECONDS * 1000);
    const settle = (how, value) => { clearTimeout(late); how(value); };
    call.signAndSend(pair, (result) => {
      if (result.isFinalized) settle(resolve, result);
      else if (result.isError) settle(reject, new Error(`not included: ${result.status.type}`));
    }).catch((error) => settle(reject, error));
  });
  if (final.dispatchError) throw new Error(`refused: ${named(api, final.dispatchError)}`);
  const header = await api.rpc.chain.getHeader(final.status.asFinalized);
  return { events: final.events, number: header.number.toNumber() };
}

/** Sends a call as root. What the call itself answers is in an event of sudo. */
async function asRoot(api, secret, call) {
  const { events, number } = await send(api, account(secret), api.tx.sudo.sudo(call));
  const { event } = events.find((record) => api.events.sudo.Sudid.is(record.event));
  const [result] = event.data;
  if (result.isErr) throw new Error(`refused: ${named(api, result.asErr)}`);
  console.log(`${call.method.section}.${call.method.method}: final in block ${number}`);
}

const commands = {
  async keys(api, secret, provider) {
    const pair = account(secret);
    const owner = `0x${Buffer.from(pair.publicKey).toString('hex')}`;
    // polkadot.js has no name for this one yet.
    const made = await provider.send('author_rotateKeysWithOwner', [owner]);
    const { number } = await send(api, pair, api.tx.session.setKeys(made.keys, made.proof));
    console.log(`${pair.address} has set its keys, final in block ${number}: ${made.keys}`);
  },

  async status(api) {
    const { session, validators } = api.query;
    const [index, now, queued, listed, blocks, header] = await Promise.all([
      session.currentIndex(), session.validators(), session.queuedKeys(), validators.validators(),
      validators.sessionBlocks(), api.rpc.chain.getHeader(),
    ]);
    console.log(`session ${index}, of ${blocks} blocks; block ${header.number}`);
    console.log(`this session:\n  ${now.join('\n  ')}`);
    console.log(`the next:\n  ${queued.map(([who]) => who.toString()).join('\n  ')}`);
    console.log(`governance's list:\n  ${listed.join('\n  ')}`);
  },

  add: (api, who, secret) => asRoot(api, secret, api.tx.validators.addValidator(who)),

  remove: (api, who, secret) => asRoot(api, secret, api.tx.validators.removeValidator(who)),

  async upgrade(api, file, secret) {
    const wasm = readFileSync(file);
    await asRoot(api, secret, api.tx.system.authorizeUpgrade(api.registry.hash(wasm).toHex()));
    const apply = api.tx.system.applyAuthorizedUpgrade(`0x${wasm.toString('hex')}`);
    const { number } = await send(api, account(secret), apply);
    console.log(`${wasm.length} bytes applied, final in block ${number}`);
  },

  async 'safe-mode'(api, what, secret) {
    const { forceEnter, forceExit } = api.tx.safeMode;
    if (what !== 'enter' && what !== 'exit') throw new Error(USAGE);
    await asRoot(api, secret, what === 'exit' ? forceExit() : forceEnter());
  },
};

const ARGUMENTS = { keys: 1, status: 0, add: 2, remove: 2, upgrade: 2, 'safe-mode': 2 };

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { node: { type: 'string', default: 'ws://127.0.0.1:9950' } },
  });
  const [name, ...rest] = positionals;
  if (!commands[name] || rest.length !== ARGUMENTS[name]) throw new Error(USAGE);
  const provider = new WsProvider(values.node);
  const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
  try {
    await commands[name](api, ...rest, provider);
  } finally {
    await api.disconnect();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
