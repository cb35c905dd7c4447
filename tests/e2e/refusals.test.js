// Bad input: each kind has its own error, which a client can name; quotes answer with the same; and
// nothing changes but the fee.

import assert from 'node:assert/strict';
import { MOST, UNIT } from './lib/chain.js';
import { suite } from './lib/suite.js';

const EXISTENTIAL_DEPOSIT = 500n;
const MIN_STAKE = 2_000_000n;
const ALL = 'All';
const exact = (amount) => ({ Exact: amount });

suite('a refused call says why', { sealing: 'instant' }, async ({ chain, step }) => {
  const { dtao: market, subnets } = chain.api.tx;
  const ferdie = chain.account('Ferdie');
  const stranger = chain.account('Stranger').address;
  const { started, registered } = await chain.places();
  const [{ hotkey }] = await chain.seated(started);
  const nowhere = 999;

  /** What must not change, but for the fee. */
  const possessions = async () => [
    await chain.balance(ferdie),
    (await chain.dtao.positions(ferdie.address)).map(({ netuid, hotkey: on }) => `${netuid} ${on}`),
  ];

  const refuse = async (name, call) => {
    const [balance, positions] = await possessions();
    const outcome = await chain.send(ferdie, call);
    assert.equal(outcome.error?.name, `dtao.${name}`);
    assert.ok(outcome.error.docs, 'the error says what was found');
    assert.deepEqual(await possessions(), [balance - outcome.fee, positions], 'nothing else changed');
  };

  /** A refused stake. `quoted` is what the quote is asked for, if not the same. */
  const refuseAdd = async (name, netuid, on, tao, quoted = tao) => {
    assert.equal((await chain.quoteAdd(ferdie, netuid, on, quoted)).error?.name, `dtao.${name}`);
    await refuse(name, market.addStake(netuid, on, tao, 0n));
  };

  const refuseRemove = async (name, netuid, on, amount) => {
    assert.equal((await chain.quoteRemove(ferdie, netuid, on, amount)).error?.name, `dtao.${name}`);
    await refuse(name, market.removeStake(netuid, on, amount, 0n));
  };

  await step('where: no such subnet, not started, nobody’s hotkey', async () => {
    await refuseAdd('UnknownSubnet', nowhere, hotkey, UNIT);
    await refuseAdd('NotStarted', registered, hotkey, UNIT);
    await refuseAdd('UnknownHotkey', started, stranger, UNIT);
    await refuseAdd('UnknownHotkey', 0, stranger, UNIT);
  });

  await step('how much: nothing, too little', async () => {
    for (const netuid of [0, started]) {
      await refuseAdd('ZeroAmount', netuid, hotkey, 0n);
      await refuseAdd('AmountTooSmall', netuid, hotkey, MIN_STAKE - 1n);
    }
  });

  await step('how much: more than there is, all but the existential deposit', async () => {
    for (const netuid of [0, started]) {
      await refuseAdd('InsufficientBalance', netuid, hotkey, MOST);
      const free = await chain.balance(ferdie);
      await refuseAdd('InsufficientBalance', netuid, hotkey, free + 1n);
      // The fee is taken before the call runs, and of a refused call all of it.
      const call = market.addStake(netuid, hotkey, free, 0n);
      const fee = (await call.paymentInfo(ferdie)).partialFee.toBigInt();
      const short = EXISTENTIAL_DEPOSIT - 1n;
      const left = await chain.balance(ferdie);
      await refuseAdd('BelowExistentialDeposit', netuid, hotkey, left - fee - short, left - short);
    }
  });

  await step('how much: more than one trade may be', async () => {
    const most = (await chain.subnet(started)).maxBuy.toBigInt();
    await refuseAdd('TradeTooLarge', started, hotkey, most * 2n);
  });

  await step('at what price: a bound that is not met, by one atom', async () => {
    const { amountOut } = await chain.quoteAdd(ferdie, started, hotkey, UNIT);
    await refuse('SlippageExceeded', market.addStake(started, hotkey, UNIT, amountOut + 1n));
    await refuse('SlippageExceeded', market.addStake(0, hotkey, UNIT, UNIT + 1n));
  });

  await step('unstaking: no position, nothing', async () => {
    for (const netuid of [0, started]) {
      await refuseRemove('NoPosition', netuid, hotkey, ALL);
      await refuseRemove('NoPosition', netuid, hotkey, exact(1n));
      await refuseRemove('ZeroAmount', netuid, hotkey, exact(0n));
      await refuseRemove('UnknownHotkey', netuid, stranger, ALL);
    }
    await refuseRemove('UnknownSubnet', nowhere, hotkey, ALL);
    await refuseRemove('NotStarted', registered, hotkey, ALL);
  });

  await step('unstaking: more than the position', async () => {
    for (const netuid of [0, started]) {
      assert.equal((await chain.addStake(ferdie, netuid, hotkey, UNIT)).error, undefined);
      const { alpha } = await chain.position(ferdie, netuid, hotkey);
      await refuseRemove('InsufficientStake', netuid, hotkey, exact(alpha * 2n));
      await refuseRemove('InsufficientStake', netuid, hotkey, exact(MOST));
    }
  });

  await step('unstaking: a bound that is not met', async () => {
    for (const netuid of [0, started]) {
      const { amountOut } = await chain.quoteRemove(ferdie, netuid, hotkey, ALL);
      await refuse('SlippageExceeded', market.removeStake(netuid, hotkey, ALL, amountOut + 1n));
    }
  });

  await step('a registration: who may, and what it may cost', async () => {
    const cases = [
      ['RootHasNoSeats', subnets.registerNeuron(0, stranger, MOST)],
      ['UnknownSubnet', subnets.registerNeuron(nowhere, stranger, MOST)],
      ['AlreadyRegistered|NotHotkeyOwner', subnets.registerNeuron(started, hotkey, MOST)],
      ['CostAboveMaximum', subnets.registerNeuron(started, stranger, 1n)],
      ['NotSubnetOwner', subnets.startCall(registered)],
      ['UnknownSubnet', subnets.startCall(nowhere)],
      ['UnknownHotkey', subnets.setTake(stranger, 0)],
      ['NotHotkeyOwner', subnets.setTake(hotkey, 0)],
    ];
    for (const [names, call] of cases) {
      const { error } = await chain.send(ferdie, call);
      assert.ok(names.split('|').some((name) => error?.name === `subnets.${name}`), `${names}: ${error?.name}`);
    }
  });

  await step('the books are in order', () => chain.ensureSound());
});
