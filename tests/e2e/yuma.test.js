// Yuma from weights to rewards: three validators commit to weights and reveal them, an epoch closes,
// and who was weighed earns what the reference model says.

import assert from 'node:assert/strict';
import { MOST, UNIT } from './lib/chain.js';
import { epoch } from './lib/model.js';
import { suite } from './lib/suite.js';

/** All parts of a bucket. */
const WHOLE = 2n ** 32n - 1n;
/** What a bucket carries over from the epoch before: less than an atom a seat. */
const DUST = 5n;
const LOCK = 10n * UNIT;
const SALT = '0x5eed5eed5eed5eed';

/**
 * By uid: who owns the seat, what is staked on it, in TAO, and how it weighs the miners. The price rises
 * with each stake: the last buys the least, and still as much as a validator needs, one ALPHA.
 */
const SEATS = [
  { owner: 'Ferdie', stake: 3n, weights: [60_000, 20_000] },
  { owner: 'Bob', stake: 4n, weights: [30_000, 30_000] },
  { owner: 'Dave', stake: 5n, weights: [0, 40_000] },
  { owner: 'Charlie' },
  { owner: 'Alice' },
];
const MINERS = [3, 4];

suite('weights, from a commitment to a reward', { sealing: 'instant' }, async ({ chain, step }) => {
  const { api, dtao } = chain;
  const { tx } = api;
  const seats = SEATS.map((seat, uid) => ({
    ...seat,
    uid,
    coldkey: chain.account(seat.owner),
    hotkey: chain.account(`Yuma${uid}`),
  }));
  const validators = seats.filter(({ weights }) => weights);
  const [first, second, third] = validators;
  const late = seats[MINERS[0]];
  const refusal = async (who, call) => (await chain.send(who, call)).error?.name;
  let netuid;

  /** Blocks without transactions until the open epoch has closed. Returns the block in which it did. */
  const closeEpoch = async () => {
    const { closesAt } = (await dtao.metagraph(netuid)).unwrap();
    await chain.sealMany(closesAt.toNumber() - (await chain.number()));
    return closesAt.toNumber();
  };

  const metagraph = async () => {
    const { epoch: open, seats: rows } = (await dtao.metagraph(netuid)).unwrap();
    return { open: open.toNumber(), rows };
  };

  /** What a call of a validator passes, and the hash of it. */
  const ballot = ({ hotkey, weights }) => {
    const parts = [hotkey.address, netuid, MINERS, weights, SALT, 0];
    const types = '(AccountId, u16, Vec<u16>, Vec<u16>, Bytes, u64)';
    const hash = api.registry.hash(api.createType(types, parts).toU8a());
    return { hash, args: [netuid, MINERS, weights, SALT, 0] };
  };

  const commit = (seat) => tx.yuma.commitWeights(netuid, ballot(seat).hash);
  const reveal = (seat) => tx.yuma.revealWeights(...ballot(seat).args);

  await step('a subnet has three validators and two miners', async () => {
    const registered = await chain.accept(first.coldkey, tx.subnets.registerSubnet(first.hotkey.address, LOCK));
    netuid = registered.event('subnets', 'SubnetRegistered').netuid.toNumber();
    await chain.accept(first.coldkey, tx.subnets.startCall(netuid));
    for (const { uid, coldkey, hotkey, stake } of seats) {
      const { address } = hotkey;
      const seated = await chain.accept(coldkey, tx.subnets.registerNeuron(netuid, address, MOST));
      assert.equal(seated.event('subnets', 'NeuronRegistered').uid.toNumber(), uid);
      if (stake) await chain.accept(coldkey, tx.dtao.addStake(netuid, address, stake * UNIT, 0n));
      // A hotkey signs its weights, and pays for that.
      await chain.accept(coldkey, tx.balances.transferKeepAlive(address, UNIT));
    }
    await closeEpoch();
    const { rows } = await metagraph();
    const may = rows.filter(({ permit }) => permit.isTrue).map(({ uid }) => uid.toNumber());
    assert.deepEqual(may, [0, 1, 2], 'those with stake may validate from the next epoch on');
  });

  const committed = {};

  await step('weights are committed to, and what does not fit is refused by name', async () => {
    const { open } = await metagraph();
    assert.equal(await refusal(first.hotkey, tx.yuma.setWeights(netuid, MINERS, first.weights, 0)), 'yuma.CommitRevealOn');
    assert.equal(await refusal(first.coldkey, commit(first)), 'yuma.NotRegistered');
    for (const seat of validators) {
      const done = await chain.accept(seat.hotkey, commit(seat));
      const event = done.event('yuma', 'WeightsCommitted');
      assert.equal(event.uid.toNumber(), seat.uid);
      assert.equal(event.epoch.toNumber(), open + 1);
      committed[seat.uid] = done.number;
    }
    assert.equal(await refusal(second.hotkey, commit(second)), 'yuma.WeightsTooSoon');
    assert.equal(await refusal(first.hotkey, reveal(first)), 'yuma.RevealTooEarly');
    // It needs a permit to reveal this, but none to commit to it.
    await chain.accept(late.hotkey, commit({ ...late, weights: [1, 1] }));
  });

  await step('they are revealed in the next epoch, once', async () => {
    await closeEpoch();
    for (const seat of validators) {
      const revealed = await chain.accept(seat.hotkey, reveal(seat));
      assert.equal(revealed.event('yuma', 'WeightsRevealed').uid.toNumber(), seat.uid);
    }
    assert.equal(await refusal(first.hotkey, reveal(first)), 'yuma.UnknownCommit');
    const other = reveal({ ...second, weights: [1, 2] });
    assert.equal(await refusal(second.hotkey, other), 'yuma.UnknownCommit');
    assert.equal(await refusal(second.hotkey, reveal(third)), 'yuma.UnknownCommit', 'a commitment is of its hotkey');
    const { rows } = await metagraph();
    for (const { uid } of validators) {
      assert.equal(rows[uid].lastUpdate.toNumber(), committed[uid], 'they count as of the commitment');
    }
  });

  let model;

  await step('the close decides what the model says', async () => {
    const before = await dtao.metagraph(netuid);
    const at = await closeEpoch();
    const { rows } = await metagraph();
    const held = await api.query.subnets.seats(netuid);
    model = epoch({
      at,
      last_epoch_at: before.unwrap().openedAt.toNumber(),
      owner: first.uid,
      params: { stake_threshold: Number(UNIT) },
      // By uid: stake, whether its weights are recent, since when it is seated.
      seats: rows.map(({ stake, active }, uid) => [Number(stake), active.isTrue, held[uid].registeredAt.toNumber()]),
      weights: validators.map(({ uid, weights }) => [
        uid,
        committed[uid],
        MINERS.map((miner, n) => [miner, weights[n]]).filter(([, weight]) => weight > 0),
      ]),
    });
    assert.ok(validators.every(({ uid }) => rows[uid].active.isTrue), 'who has just weighed is active');
    const parts = (field) => rows.map((row) => row[field].toNumber());
    assert.deepEqual(parts('incentive'), model.incentives);
    assert.deepEqual(parts('dividend'), model.dividends);
    assert.deepEqual(parts('consensus'), model.consensus);
    assert.deepEqual(parts('trust'), model.trust);
    assert.deepEqual(parts('validatorTrust'), model.validator_trust);
    const may = rows.filter(({ permit }) => permit.isTrue).map(({ uid }) => uid.toNumber());
    assert.deepEqual(may, model.permits);
    assert.ok(MINERS.every((uid) => model.incentives[uid] > 0), 'both miners earn');
    const [mine, theirs] = [model.validator_trust[third.uid], model.validator_trust[first.uid]];
    assert.ok(mine < theirs, 'who weighs as nobody else does is trusted less');
  });

  await step('miners and validators are paid by it', async () => {
    const worth = async ({ coldkey, hotkey }) =>
      (await chain.position(coldkey, netuid, hotkey.address))?.alpha ?? 0n;
    const all = () => Promise.all(seats.map(worth));
    const before = await all();
    const { closesAt } = (await dtao.metagraph(netuid)).unwrap();
    let [miners, stakers] = [0n, 0n];
    const credited = () => before.map((_, uid) => (stakers * BigInt(model.dividends[uid])) / WHOLE);
    const near = (found, expected, what) => {
      const off = found - expected;
      assert.ok(off >= -DUST && off <= DUST, `${what}: ${found}, and not ${expected}`);
    };
    while ((await chain.number()) < closesAt.toNumber()) {
      const { nextBlock } = (await dtao.emissionBreakdown(netuid)).unwrap();
      miners += nextBlock.miners.toBigInt();
      stakers += nextBlock.validators.toBigInt();
      await chain.seal();
      if ((await chain.number()) === closesAt.toNumber() - 1) {
        // Validators' stakers have theirs in every block, and the metagraph says so.
        const now = await all();
        const { rows } = await metagraph();
        for (const { uid } of validators) {
          near(now[uid] - before[uid], credited()[uid], `the stake on validator ${uid}`);
          near(rows[uid].emission.toBigInt(), credited()[uid], `the emission of validator ${uid}`);
        }
      }
    }
    const after = await all();
    for (const uid of MINERS) {
      const part = (miners * BigInt(model.incentives[uid])) / WHOLE;
      near(after[uid] - before[uid], part, `what miner ${uid} is paid`);
    }
  });

  await step('a reveal that comes too late is refused by name', async () => {
    assert.equal(await refusal(late.hotkey, reveal({ ...late, weights: [1, 1] })), 'yuma.RevealTooLate');
  });

  await step('the books are in order', () => chain.ensureSound());
});
