// docs/walkthrough.md, as the test reads it: numbered headings, what the reader sees (blocks of
// JSON, which may leave fields out), and what the reader runs (blocks of JavaScript).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const FILE = new URL('../../../docs/walkthrough.md', import.meta.url);
const HEADING = /^## (\d+\. .+)$/m;
const BLOCK = /^```(json|js)\n([^]*?)^```$/gm;

/** What of `actual` has a place in `shown`. */
function project(actual, shown) {
  if (Array.isArray(shown) && Array.isArray(actual)) {
    return actual.map((one, index) => (index in shown ? project(one, shown[index]) : one));
  }
  if (shown === null || actual === null || typeof shown !== 'object' || typeof actual !== 'object') {
    return actual;
  }
  return Object.fromEntries(Object.keys(shown).map((name) => [name, project(actual[name], shown[name])]));
}

/** A step of the document. */
class Step {
  constructor(title, text) {
    this.title = title;
    this.blocks = [...text.matchAll(BLOCK)].map(([, kind, body]) => ({ kind, body }));
  }

  #next(kind) {
    const block = this.blocks.shift();
    assert.equal(block?.kind, kind, `the next block of “${this.title}”`);
    return block.body;
  }

  /** The next block of JSON is what polkadot.js shows of `value`. */
  shows(value) {
    const shown = JSON.parse(this.#next('json'));
    assert.deepEqual(project(value.toHuman(), shown), shown, `what “${this.title}” shows`);
  }

  /** Runs the next block of JavaScript, as the page Developer > JavaScript does. */
  async runs(api) {
    const run = Object.getPrototypeOf(async () => {}).constructor;
    await run('api', this.#next('js'))(api);
  }

  finish() {
    assert.deepEqual(this.blocks, [], `all that “${this.title}” shows is tested`);
  }
}

/** The document's steps, to be taken in order. */
export class Walkthrough {
  constructor() {
    const [, ...parts] = readFileSync(FILE, 'utf8').split(HEADING);
    this.steps = [];
    for (let at = 0; at < parts.length; at += 2) this.steps.push(new Step(parts[at], parts[at + 1]));
  }

  /** The next step, which has to have this title. */
  take(title) {
    const step = this.steps.shift();
    assert.equal(title, step?.title, 'the test and the document have the same steps');
    return step;
  }

  finish() {
    assert.deepEqual(this.steps.map(({ title }) => title), [], 'every step of the document is tested');
  }
}
