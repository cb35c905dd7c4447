// Accounts that stake and unstake without a pause, each one transaction after the other.

import { PATIENCE } from './network.js';

/** What one account does until it is told to stop. */
class Staker {
  accepted = 0;
  refused = [];
  retried = 0;

  constructor(api, pair, { netuid, hotkey, tao }) {
    Object.assign(this, { api, pair, netuid, hotkey, tao });
  }

  start() {
    this.running = true;
    this.done = this.run();
  }

  async stop() {
    this.running = false;
    await this.done;
  }

  async run() {
    for (let turn = 0; this.running; turn += 1) {
      const { dtao } = this.api.tx;
      const call = turn % 3 === 2
        ? dtao.removeStake(this.netuid, this.hotkey, { Exact: this.tao / 2n }, 0n)
        : dtao.addStake(this.netuid, this.hotkey, this.tao, 0n);
      await this.send(call);
    }
  }

  /** Sends until a block has it. A transaction that was signed for another runtime is signed anew. */
  async send(call) {
    while (this.running) {
      try {
        const error = await included(call, this.pair);
        if (error) this.refused.push(error.toString());
        else this.accepted += 1;
        return;
      } catch {
        this.retried += 1;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }
}

/** Waits until a block has the transaction; answers with its error, if it has one. */
export function included(call, pair, options = {}) {
  return new Promise((resolve, reject) => {
    let unsubscribe;
    const late = setTimeout(() => finish(reject, new Error('not included in time')), PATIENCE * 1000);
    const finish = (settle, value) => {
      clearTimeout(late);
      unsubscribe?.();
      settle(value);
    };
    call.signAndSend(pair, options, ({ status, dispatchError, isError }) => {
      if (status.isInBlock) finish(resolve, dispatchError);
      else if (isError) finish(reject, new Error(status.type));
    }).then((stop) => { unsubscribe = stop; }, (error) => finish(reject, error));
  });
}

/** Stakers for each of the pairs. */
export function stakersFor(api, pairs, options) {
  return pairs.map((pair) => new Staker(api, pair, options));
}
