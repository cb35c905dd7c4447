// Accounts that stake, move and unstake, as fast as a node's pool takes it.

import { UNIT } from '../../e2e/lib/chain.js';
import { SUBNETS } from './market.js';
import { sleep } from './network.js';
import { connect, nextNonce, signed, submit } from './signing.js';
import { Tally, reasonOf } from './tally.js';

/** Transactions that are signed and sent at once over one connection. */
const BATCH = 20;

/** How long a connection waits when the pool takes no more, in seconds. */
const PAUSE = 1;

const PART = { Exact: UNIT / 5n };

/** The calls of one account, one after the other: what it moves and takes out it has staked before. */
function call({ dtao }, n, turn, hotkeys) {
  const [hotkey, other] = n % 2 ? hotkeys : [...hotkeys].reverse();
  const one = 1 + (n % SUBNETS);
  const two = (one + 1 + (n % (SUBNETS - 1))) % (SUBNETS + 1);
  const at = (netuid, key) => ({ netuid, hotkey: key });
  switch (turn % 6) {
    case 0: return dtao.addStake(one, hotkey, UNIT, 0n);
    case 1: return dtao.moveStake(at(one, hotkey), at(two, hotkey), PART, 0n);
    case 2: return dtao.removeStake(one, hotkey, PART, 0n);
    case 3: return dtao.addStake(two, other, UNIT, 0n);
    case 4: return dtao.moveStake(at(two, other), at(two, hotkey), PART, 0n);
    default: return dtao.removeStake(two, hotkey, PART, 0n);
  }
}

/** All of them. */
export class Crowd {
  accepted = 0;
  refused = new Tally();

  /** Sends over `connections` connections to the node at `url`. */
  constructor(api, pairs, hotkeys, { url, connections }) {
    Object.assign(this, { api, hotkeys, url, connections });
    this.members = pairs.map((pair, n) => ({ pair, n, nonce: 0, turn: 0 }));
  }

  async start() {
    this.providers = await Promise.all(Array.from({ length: this.connections }, () => connect(this.url)));
    this.running = true;
    const every = this.providers.length;
    this.done = Promise.all(this.providers.map((provider, first) =>
      this.#run(provider, this.members.filter((_, n) => n % every === first))));
  }

  async stop() {
    this.running = false;
    await this.done;
    await Promise.all(this.providers.map((provider) => provider.disconnect()));
  }

  async #run(provider, members) {
    for (let from = 0; this.running; from = (from + BATCH) % Math.max(members.length, 1)) {
      const batch = members.slice(from, from + BATCH);
      const ready = batch.map((member) => this.#sign(member));
      const taken = await Promise.all(batch.map((member, n) => this.#submit(provider, member, ready[n])));
      if (!taken.some(Boolean)) await sleep(PAUSE);
    }
  }

  #sign({ pair, n, nonce, turn }) {
    return signed(this.api, pair, nonce, call(this.api.tx, n, turn, this.hotkeys));
  }

  /** Whether the pool took it. */
  async #submit(provider, member, bytes) {
    try {
      await submit(provider, bytes);
      this.accepted += 1;
      member.nonce += 1;
      member.turn += 1;
      return true;
    } catch (error) {
      this.refused.add(reasonOf(error));
      member.nonce = await nextNonce(provider, member.pair).catch(() => member.nonce);
      return false;
    }
  }
}
