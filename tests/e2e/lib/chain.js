// What the tests do on a chain: read, send, seal. Amounts are BigInts in base units: rao and atoms.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { within } from './node.js';

/** Base units in one TAO, and in one ALPHA. */
export const UNIT = 10n ** 9n;

/** The price of one TAO per ALPHA: `FixedU128` has 18 decimals. */
export const PAR = 10n ** 18n;

/** The most that a `u64` holds. */
export const MOST = 2n ** 64n - 1n;

/** How long a transaction may take to be final, in seconds: a limit, beyond what a busy machine takes. */
const SEND_SECONDS = 180;

/** The numbers of a struct of the chain. */
export function numbers(struct) {
  return Object.fromEntries([...struct].map(([name, value]) => [name, value.toBigInt()]));
}

/** What became of a transaction. */
class Outcome {
  constructor(block, number, events, error) {
    Object.assign(this, { block, number, events, error });
  }

  /** The fields of the one event of this name, or undefined. */
  find(section, method) {
    const found = this.events.find(({ event }) => event.section === section && event.method === method);
    return found?.event.data;
  }

  /** The fields of the one event of this name. */
  event(section, method) {
    const data = this.find(section, method);
    if (!data) throw new Error(`no event ${section}.${method} but ${this.eventNames().join(', ')}`);
    return data;
  }

  eventNames() {
    return this.events.map(({ event }) => `${event.section}.${event.method}`);
  }

  /** What the transaction cost. */
  get fee() {
    return this.event('transactionPayment', 'TransactionFeePaid').actualFee.toBigInt();
  }
}

/** A connection to a node. */
export class Chain {
  static async connect(node) {
    // No types, no definitions: what the chain says of itself is all there is.
    const provider = new WsProvider(node.url, false);
    await provider.connect();
    const api = await within(SEND_SECONDS, 'the API is ready', ApiPromise.create({ provider, noInitWarn: true }));
    return new Chain(provider, api);
  }

  constructor(provider, api) {
    this.provider = provider;
    this.api = api;
    this.dtao = api.call.dtaoApi;
    const keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 });
    this.account = (name) => keyring.addFromUri(`//${name}`, { name });
  }

  async close() {
    // Its answer comes after those that nobody waits for any more, to unsubscribe.
    if (this.provider.isConnected) await this.provider.send('system_health', []).catch(() => {});
    await this.api.disconnect();
  }

  /** A new block on top, whatever else makes blocks. Answers with its hash. */
  async seal({ empty = true, finalize = true } = {}) {
    return (await this.api.rpc.engine.createBlock(empty, finalize)).blockHash;
  }

  /** `count` new blocks, one after the other. */
  async sealMany(count) {
    for (let left = count; left > 0; left -= 1) await this.seal();
  }

  /** The height of the best block, or of another. */
  async number(hash) {
    // polkadot.js answers from its cache as soon as it is given an argument, be it undefined.
    const { getHeader } = this.api.rpc.chain;
    return (await (hash ? getHeader(hash) : getHeader())).number.toNumber();
  }

  /** What an account may spend. */
  async balance({ address }, hash) {
    const state = hash ? await this.api.at(hash) : this.api;
    return (await state.query.system.account(address)).data.free.toBigInt();
  }

  /** All TAO that exists, or did after a block. */
  async issuance(hash) {
    const state = hash ? await this.api.at(hash) : this.api;
    return (await state.query.balances.totalIssuance()).toBigInt();
  }

  /** The fields of the one event of this name outside of any transaction, or undefined. */
  async blockEvent(hash, section, method) {
    const events = await (await this.api.at(hash)).query.system.events();
    const found = events.find(({ phase, event }) =>
      !phase.isApplyExtrinsic && event.section === section && event.method === method);
    return found?.event.data;
  }

  /** Sends a call and waits until it is final. A refused call is an outcome too. */
  async send(who, call) {
    let subscription;
    const final = new Promise((resolve, reject) => {
      const follow = (result) => {
        if (result.isFinalized) resolve(result);
        else if (result.isError) reject(new Error(`not included: ${result.status}`));
      };
      subscription = call.signAndSend(who, follow);
      subscription.catch(reject);
    });
    try {
      const { method, section } = call.method;
      const what = `${section}.${method} is final`;
      const { status, events, dispatchError } = await within(SEND_SECONDS, what, final);
      const hash = status.asFinalized;
      const error = dispatchError && this.named(dispatchError);
      return new Outcome(hash, await this.number(hash), events, error);
    } finally {
      subscription.then((unsubscribe) => unsubscribe(), () => {});
    }
  }

  /** Sends a call that must succeed. */
  async accept(who, call) {
    const outcome = await this.send(who, call);
    if (outcome.error) throw new Error(`refused: ${outcome.error.name}: ${outcome.error.docs}`);
    return outcome;
  }

  /** An error's name and what its documentation says. */
  named(error) {
    if (!error.isModule) return { name: error.toString(), docs: '' };
    const { section, name, docs } = this.api.registry.findMetaError(error.asModule);
    return { name: `${section}.${name}`, docs: docs.join(' ') };
  }

  /** A quote's numbers, or `{ error }`. */
  async quote(answer) {
    const quote = await answer;
    return quote.isOk ? numbers(quote.asOk) : { error: this.named(quote.asErr) };
  }

  quoteAdd({ address }, netuid, hotkey, tao) {
    return this.quote(this.dtao.quoteAddStake(address, netuid, hotkey, tao));
  }

  quoteRemove({ address }, netuid, hotkey, amount) {
    return this.quote(this.dtao.quoteRemoveStake(address, netuid, hotkey, amount));
  }

  addStake(who, netuid, hotkey, tao, minReceived = 0n) {
    return this.send(who, this.api.tx.dtao.addStake(netuid, hotkey, tao, minReceived));
  }

  removeStake(who, netuid, hotkey, amount, minReceived = 0n) {
    return this.send(who, this.api.tx.dtao.removeStake(netuid, hotkey, amount, minReceived));
  }

  async subnet(netuid) {
    return (await this.dtao.subnet(netuid)).unwrap();
  }

  /** One subnet of a state, as that state's runtime sees it. */
  async subnetAt(hash, netuid) {
    return (await (await this.api.at(hash)).call.dtaoApi.subnet(netuid)).unwrap();
  }

  /** A position, or undefined. `exit` is undefined if the chain would refuse to sell it. */
  async position({ address }, netuid, hotkey) {
    const all = await this.dtao.positions(address);
    const found = all.find((one) => one.netuid.eq(netuid) && one.hotkey.eq(hotkey));
    return found && {
      alpha: found.alpha.toBigInt(),
      taoValue: found.taoValue.toBigInt(),
      exit: found.exit.isSome ? found.exit.unwrap().toBigInt() : undefined,
    };
  }

  /** The hotkeys that are seated in a subnet, by uid, each with its owner. */
  async seated(netuid) {
    const seats = await this.api.query.subnets.seats(netuid);
    const rows = await this.api.query.subnets.hotkeys.multi(seats.map(({ hotkey }) => hotkey));
    return rows.map((row) => {
      const { account, owner } = row.unwrap();
      return { hotkey: account.toString(), owner: owner.toString() };
    });
  }

  /** Where the chain starts: the first subnet that trades, and the first that does not yet. */
  async places() {
    const subnets = (await this.dtao.subnets()).filter(({ netuid }) => !netuid.eqn(0));
    const first = (state) => subnets.find((one) => one.state.type === state)?.netuid.toNumber();
    return { started: first('Started'), registered: first('Registered') };
  }

  /** Fails if the two sides of an invariant differ. */
  async ensureSound(hash) {
    const state = hash ? await this.api.at(hash) : this.api;
    const lines = await state.call.dtaoApi.audit();
    const broken = lines.filter(({ holds }) => !holds.isTrue).map((line) => JSON.stringify(line.toHuman()));
    if (broken.length > 0 || lines.length === 0) throw new Error(`audit: ${broken.join('\n')}`);
    return lines;
  }
}
