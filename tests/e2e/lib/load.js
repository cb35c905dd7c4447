// Stakes and unstakes without pause.

import { UNIT } from './chain.js';

const SENDERS = ['Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];

/** Calls that follow each other: what is staked is taken out again, now and then. */
function* calls(api, netuid, hotkey) {
  for (let turn = 1n; ; turn += 1n) {
    yield api.tx.dtao.addStake(netuid, hotkey, (UNIT * (turn % 7n + 1n)) / 100n, 0n);
    yield api.tx.dtao.addStake(0, hotkey, UNIT / 100n, 0n);
    if (turn % 3n === 0n) yield api.tx.dtao.removeStake(netuid, hotkey, { Exact: UNIT / 100n }, 0n);
    if (turn % 5n === 0n) yield api.tx.dtao.removeStake(0, hotkey, 'All', 0n);
  }
}

/** Sends transactions until it is stopped. `stop()` answers with how many were taken. */
export async function startLoad(chain) {
  const { api } = chain;
  const { started } = await chain.places();
  const [{ hotkey }] = await chain.seated(started);
  let running = true;
  let sent = 0;

  const send = async (name) => {
    const who = chain.account(name);
    let nonce = (await api.rpc.system.accountNextIndex(who.address)).toNumber();
    for (const call of calls(api, started, hotkey)) {
      if (!running) return;
      try {
        const signed = await call.signAsync(who, { nonce, era: 0 });
        // Not through `api.rpc`, which reports on its own that the node is gone.
        await chain.provider.send('author_submitExtrinsic', [signed.toHex()]);
        nonce += 1;
        sent += 1;
      } catch {
        // The node is gone, or full.
        if (!chain.provider.isConnected) return;
        nonce = (await api.rpc.system.accountNextIndex(who.address)).toNumber();
      }
    }
  };

  const senders = Promise.allSettled(SENDERS.map(send));
  return {
    get sent() {
      return sent;
    },
    async stop() {
      running = false;
      await senders;
      return sent;
    },
  };
}
