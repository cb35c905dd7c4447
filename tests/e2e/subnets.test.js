// A subnet from its registration on: its price, its start, its emission, its neurons.

import assert from 'node:assert/strict';
import { MOST, PAR, UNIT } from './lib/chain.js';
import { suite } from './lib/suite.js';

const MIN_LOCK = 10n * UNIT;
const INTERVAL = 10;
const LOCK_INTERVAL = 100_800n;
const FIRST_NEURON = UNIT / 10n;
const RISE_PERCENT = 126n;

/** A take: 65 535 is all. */
const percent = (part) => Math.floor((part * 65_535) / 100);

suite('a subnet of one’s own', { sealing: 'instant' }, async ({ chain, step }) => {
  const { tx } = chain.api;
  const [dave, ferdie] = ['Dave', 'Ferdie'].map(chain.account);
  const [first, second, neuron, other] = ['A', 'B', 'C', 'D'].map((name) => chain.account(`Hotkey${name}`).address);
  const names = (outcome) => outcome.error?.name;
  let registered;
  let netuid;

  await step('its lock is its pool, at a price of exactly one', async () => {
    const refused = await chain.send(dave, tx.subnets.registerSubnet(first, MIN_LOCK - 1n));
    assert.equal(names(refused), 'subnets.CostAboveMaximum');
    const before = await chain.balance(dave);
    registered = await chain.accept(dave, tx.subnets.registerSubnet(first, MIN_LOCK));
    const event = registered.event('subnets', 'SubnetRegistered');
    netuid = event.netuid.toNumber();
    assert.equal(event.lock.toBigInt(), MIN_LOCK);
    assert.equal(await chain.balance(dave), before - MIN_LOCK - registered.fee);

    const subnet = await chain.subnet(netuid);
    assert.equal(subnet.price.toBigInt(), PAR);
    assert.equal(subnet.tao.toBigInt(), MIN_LOCK);
    assert.equal(subnet.alpha.toBigInt(), MIN_LOCK);
    assert.equal(subnet.owner.unwrap().toString(), dave.address);
    assert.equal(subnet.state.type, 'Registered');
  });

  await step('the next one has to wait, and costs twice as much, less what time took off', async () => {
    assert.equal(names(await chain.send(ferdie, tx.subnets.registerSubnet(second, 2n * MIN_LOCK))), 'subnets.RegistrationTooSoon');
    // The block of the call is the last to wait for.
    await chain.sealMany(registered.number + INTERVAL - 1 - (await chain.number()));
    const next = await chain.accept(ferdie, tx.subnets.registerSubnet(second, 2n * MIN_LOCK));
    assert.equal(next.number, registered.number + INTERVAL);
    const lock = next.event('subnets', 'SubnetRegistered').lock.toBigInt();
    assert.equal(lock, 2n * MIN_LOCK - (MIN_LOCK * BigInt(INTERVAL)) / LOCK_INTERVAL);
  });

  await step('until it is started it neither trades nor emits', async () => {
    assert.equal(names(await chain.addStake(dave, netuid, first, UNIT)), 'dtao.NotStarted');
    const subnet = await chain.subnet(netuid);
    assert.equal(subnet.emission.tao.toBigInt(), 0n);
    assert.equal(subnet.price.toBigInt(), PAR);
    assert.equal(names(await chain.send(ferdie, tx.subnets.startCall(netuid))), 'subnets.NotSubnetOwner');
  });

  await step('its owner starts it, once', async () => {
    const started = await chain.accept(dave, tx.subnets.startCall(netuid));
    assert.equal(started.event('subnets', 'SubnetStarted').netuid.toNumber(), netuid);
    const subnet = await chain.subnet(netuid);
    assert.equal(subnet.state.type, 'Started');
    assert.equal(subnet.price.toBigInt(), PAR, 'the first price is exactly one');
    assert.equal(names(await chain.send(dave, tx.subnets.startCall(netuid))), 'subnets.AlreadyStarted');
  });

  await step('a block’s TAO is divided by the pools’ TAO, to the rao', async () => {
    const emitting = (await chain.dtao.subnets()).filter(({ netuid: id, state }) => !id.eqn(0) && state.isStarted);
    const supply = await chain.dtao.supply();
    let left = supply.blockEmission.toBigInt();
    let weight = emitting.reduce((sum, { tao }) => sum + tao.toBigInt(), 0n);
    const block = await chain.seal();
    for (const { netuid: id, tao, emission } of emitting) {
      const part = (left * tao.toBigInt()) / weight;
      left -= part;
      weight -= tao.toBigInt();
      assert.equal(emission.tao.toBigInt(), part, `subnet ${id}`);
      const after = await chain.subnetAt(block, id);
      // Root's sale takes TAO out of the pool; it waits for root's stakers.
      assert.ok(after.tao.toBigInt() <= tao.toBigInt() + part);
    }
    assert.equal(left, 0n);
    const { minted } = await chain.blockEvent(block, 'dtao', 'EmissionDistributed');
    assert.equal(minted.toBigInt(), supply.blockEmission.toBigInt());
  });

  await step('more stake, more emission', async () => {
    const before = (await chain.subnet(netuid)).emission.tao.toBigInt();
    await chain.accept(ferdie, tx.dtao.addStake(netuid, first, 3n * UNIT, 0n));
    assert.ok((await chain.subnet(netuid)).emission.tao.toBigInt() > before);
  });

  await step('a neuron’s cost is recycled, and the next one’s is higher', async () => {
    for (const [hotkey, uid, cost] of [
      [neuron, 0, FIRST_NEURON],
      [other, 1, undefined],
    ]) {
      const seated = await chain.accept(dave, tx.subnets.registerNeuron(netuid, hotkey, MOST));
      const event = seated.event('subnets', 'NeuronRegistered');
      const paid = event.cost.toBigInt();
      assert.equal(event.uid.toNumber(), uid);
      if (cost === undefined) {
        const most = (FIRST_NEURON * RISE_PERCENT) / 100n;
        assert.ok(paid <= most && paid > (most * 99n) / 100n, `${paid} of ${most}: a block's quiet takes little off`);
      } else {
        assert.equal(paid, cost);
      }
      const parent = (await chain.api.rpc.chain.getHeader(seated.block)).parentHash;
      const grown = (await chain.issuance(seated.block)) - (await chain.issuance(parent));
      const { minted } = await chain.blockEvent(seated.block, 'dtao', 'EmissionDistributed');
      assert.equal(grown, minted.toBigInt() - paid);
    }
    assert.deepEqual((await chain.seated(netuid)).map(({ hotkey }) => hotkey), [neuron, other]);
  });

  await step('its take is its owner’s to set, up to 18 %', async () => {
    const set = await chain.accept(dave, tx.subnets.setTake(neuron, percent(9)));
    assert.equal(set.event('subnets', 'TakeSet').take.toNumber(), percent(9));
    assert.equal(names(await chain.send(dave, tx.subnets.setTake(neuron, percent(19)))), 'subnets.TakeTooHigh');
    assert.equal(names(await chain.send(ferdie, tx.subnets.setTake(neuron, 0))), 'subnets.NotHotkeyOwner');
  });

  await step('an epoch pays its owner and its validator', async () => {
    // A validator needs one ALPHA, which is more than one TAO by now.
    await chain.accept(dave, tx.dtao.addStake(netuid, neuron, 3n * UNIT, 0n));
    const { tempo } = await chain.subnet(netuid);
    const before = await chain.position(dave, netuid, neuron);
    await chain.sealMany(2 * tempo.toNumber());
    assert.ok((await chain.position(dave, netuid, neuron)).alpha > before.alpha, 'the validator earns');
    assert.ok((await chain.position(dave, netuid, first)).alpha > 0n, 'the owner’s cut is staked');
  });

  await step('the books are in order', () => chain.ensureSound());
});
