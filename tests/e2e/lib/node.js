// Starts and stops the node under test. Each has its own folder and its own ports, which the system
// chooses, so that any number run side by side.

import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_SECONDS = 180;
const STOP_SECONDS = 60;
const TAIL_LINES = 60;

const { DTAO_NODE, CARGO_TARGET_DIR, XDG_CACHE_HOME } = process.env;
const cache = XDG_CACHE_HOME || join(homedir(), '.cache');
const target = CARGO_TARGET_DIR || join(cache, 'dtao', 'target');

/** The node's executable. */
export const EXECUTABLE = DTAO_NODE || join(target, 'release', 'dtao-node');

/** What has to be gone when this process ends, however it ends. */
const running = new Set();
const folders = new Set();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** Fails with a clear message if there is no node to test. */
function ensureExecutable() {
  try {
    accessSync(EXECUTABLE, constants.X_OK);
  } catch {
    throw new Error(`there is no node at ${EXECUTABLE}: run \`make build\`, or set DTAO_NODE`);
  }
}

/** A folder that is removed when this process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'dtao-e2e-'));
  folders.add(folder);
  return folder;
}

/** Removes a folder of `temporaryFolder`. */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}

/** Asks again and again until `condition` answers with something true; returns that. */
export async function until(what, condition, seconds = 180) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `promise`, or an error if it takes too long. */
export async function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${seconds} s: ${what}`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A running node. */
export class Node {
  #child;
  #lines = [];
  #watchers = new Set();
  #ended;
  #ownFolder;

  /**
   * Starts a development chain and waits until it answers.
   *
   * `sealing`: `manual`, `instant` or milliseconds; by slots if absent. `folder`: where the chain
   * is kept; if absent, it is gone with the node.
   */
  static async start({ sealing, folder } = {}) {
    ensureExecutable();
    const node = new Node(sealing, folder);
    try {
      // The node takes another port than it was given if that one is in use. So it is the node who
      // knows the port, and nobody else.
      const found = () => node.all(/Running JSON-RPC server: addr=127\.0\.0\.1:(\d+)/)[0];
      const [, port] = await until('the node listens', () => node.ended || found(), START_SECONDS);
      node.url = `ws://127.0.0.1:${port}`;
      return node;
    } catch (error) {
      node.printTail();
      await node.stop('SIGKILL');
      throw error;
    }
  }

  constructor(sealing, folder) {
    this.#ownFolder = folder ? undefined : temporaryFolder();
    this.folder = folder ?? this.#ownFolder;
    const flags = ['--dev', '--base-path', this.folder, '--rpc-port', '0', '--port', '0'];
    flags.push('--no-prometheus', '--no-telemetry');
    if (sealing !== undefined) flags.push('--sealing', String(sealing));
    this.#child = spawn(EXECUTABLE, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
    running.add(this.#child);
    createInterface({ input: this.#child.stderr }).on('line', (line) => this.#hear(line));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ error }));
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    }).then((end) => {
      running.delete(this.#child);
      this.end = end;
      return end;
    });
  }

  /** Fails if the node has ended, which no test expects while it waits for it. */
  get ended() {
    if (this.end) throw new Error(`the node ended: ${JSON.stringify(this.end)}`);
    return false;
  }

  #hear(line) {
    this.#lines.push(line);
    for (const watcher of this.#watchers) watcher(line);
  }

  /** Runs `action` with the first line that is logged from now on and matches, without delay. */
  onLine(pattern, action) {
    const watcher = (line) => {
      if (!pattern.test(line)) return;
      this.#watchers.delete(watcher);
      action(line);
    };
    this.#watchers.add(watcher);
  }

  /** The lines of the log that match, as `match` gives them. */
  all(pattern) {
    return this.#lines.map((line) => line.match(pattern)).filter(Boolean);
  }

  /** Shows the end of the log: what a failed test needs. */
  printTail() {
    const tail = this.#lines.slice(-TAIL_LINES).map((line) => `  | ${line}`);
    console.error([`the node's last ${tail.length} lines:`, ...tail].join('\n'));
  }

  /** Sends `signal`, and waits until the node has ended. Answers with its code and signal. */
  async stop(signal = 'SIGTERM') {
    if (!this.end) this.#child.kill(signal);
    try {
      return await within(STOP_SECONDS, `the node ends on ${signal}`, this.#ended);
    } finally {
      if (!this.end) this.#child.kill('SIGKILL');
      if (this.#ownFolder) removeFolder(this.#ownFolder);
    }
  }
}
