// Calls that cost nothing: whoever redeems for a holder of a dissolved subnet pays no fee.

import { sleep } from './network.js';
import { nextNonce, signed, submit } from './signing.js';
import { Tally, reasonOf } from './tally.js';

/** One account that redeems for all holders at once, again and again. */
export class Redeemer {
  accepted = 0;
  refused = new Tally();

  constructor(api, provider, pair, { crowd, hotkeys, netuid }) {
    Object.assign(this, { api, provider, pair, crowd, hotkeys, netuid });
  }

  start() {
    this.running = true;
    this.done = this.#run();
  }

  async stop() {
    this.running = false;
    await this.done;
  }

  async #run() {
    const claims = this.crowd.flatMap(({ address }) => this.hotkeys.map((hotkey) => [address, hotkey]));
    let nonce = await nextNonce(this.provider, this.pair);
    for (let n = 0; this.running; n = (n + 1) % claims.length) {
      const [coldkey, hotkey] = claims[n];
      try {
        await submit(this.provider, signed(this.api, this.pair, nonce, this.api.tx.dtao.redeem(this.netuid, coldkey, hotkey)));
        nonce += 1;
        this.accepted += 1;
      } catch (error) {
        this.refused.add(reasonOf(error));
        await sleep(1);
        nonce = await nextNonce(this.provider, this.pair).catch(() => nonce);
      }
    }
  }
}
