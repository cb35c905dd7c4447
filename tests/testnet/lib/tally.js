// Counts of what was tried and what came of it.

/** How often each of some words was said. */
export class Tally {
  #counts = new Map();

  add(word, times = 1) {
    this.#counts.set(word, this.of(word) + times);
  }

  of(word) {
    return this.#counts.get(word) ?? 0;
  }

  get total() {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The words and how often, the most frequent first. */
  get rows() {
    return [...this.#counts].sort(([, one], [, other]) => other - one);
  }

  /** On one line. */
  toString() {
    return this.rows.map(([word, count]) => `${count} ${word}`).join(', ') || 'none';
  }
}

/** Why a node refused, in few words: its message without the code and without what differs each time. */
export function reasonOf(error) {
  const text = String(error?.message ?? error).replace(/\s+/g, ' ').replace(/^-?\d+: /, '')
    .replace(/^(Invalid Transaction|Verification Error|Unknown Transaction Validity): /, '');
  if (/^Client error: Could not decode/i.test(text)) return 'does not decode';
  // The runtime has no other way to say so: its entry points trap on what they cannot decode.
  if (/^Runtime error:.*trap/i.test(text)) return 'does not decode in the runtime';
  return text.replace(/0x[0-9a-f]+/gi, '…').replace(/\d{3,}/g, '…').slice(0, 70).toLowerCase();
}
