// A market to put a load on: the testnet's preset, with subnets that trade and a crowd that has TAO.

import { Keyring } from '../../e2e/node_modules/@polkadot/api/index.js';
import { cryptoWaitReady } from '../../e2e/node_modules/@polkadot/util-crypto/index.js';
import { UNIT } from '../../e2e/lib/chain.js';
import { withSessionKeys } from './network.js';

/** Subnets that trade from the first block. The last is the one that governance dissolves. */
export const SUBNETS = 4;

/** What each account of the crowd begins with, in TAO. */
const PURSE = 1_000n;

/** What lies in each subnet's pool at first, in TAO: so much that a crowd does not move its price far. */
const LOCK = 50_000n;

/** Blocks of an epoch: the fewest, so that some close while the load lasts. */
const TEMPO = 60;

const rao = (tao) => Number(tao * UNIT);

/** `count` accounts with secrets that everybody can derive, as all accounts of such a network. */
export async function accounts(name, count) {
  await cryptoWaitReady();
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  return Array.from({ length: count }, (_, n) => keyring.addFromUri(`//${name}//${n}`));
}

/** One subnet of Alice's, with two seats. */
const subnet = ([one, other]) => ({
  owner: one.coldkey, hotkey: one.hotkey, lock: rao(LOCK), tempo: TEMPO, started: true,
  neurons: [one.hotkey, other.hotkey],
});

/**
 * Puts a market into a plain chain specification: Eve's and Ferdie's keys are the hotkeys, both
 * Alice's, and both validate in each subnet. `pairs` have TAO.
 */
export function withMarket(pairs) {
  return (plain, keys) => {
    const spec = withSessionKeys(plain, keys);
    const { patch } = spec.genesis.runtimeGenesis;
    const [alice, , , , eve, ferdie] = patch.balances.balances.map(([address]) => address);
    const hotkeys = [eve, ferdie].map((hotkey) => ({ coldkey: alice, hotkey, take: null }));
    patch.balances.balances = patch.balances.balances.map(([address, amount]) =>
      [address, amount + (address === alice ? rao(LOCK * BigInt(SUBNETS)) : 0)]);
    patch.balances.balances.push(...pairs.map(({ address }) => [address, rao(PURSE)]));
    patch.subnets = { hotkeys, subnets: Array.from({ length: SUBNETS }, () => subnet(hotkeys)) };
    patch.dtao = {
      stakes: [0, ...patch.subnets.subnets.map((_, n) => n + 1)].flatMap((netuid) =>
        hotkeys.map(({ hotkey }) => ({ coldkey: alice, hotkey, netuid, tao: rao(100n) }))),
    };
    return { ...spec, name: 'Dynamic TAO Load', id: 'load' };
  };
}

/** The hotkeys of `withMarket`. */
export const hotkeysOf = (chain) => ['Eve', 'Ferdie'].map((name) => chain.account(name).address);
