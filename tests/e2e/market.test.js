// The rest of what a holder of stake can do: limits, moves, transfers, batches and proxies, leaving
// without free TAO, and what is left of a subnet that is dissolved.

import assert from 'node:assert/strict';
import { PAR, UNIT } from './lib/chain.js';
import { suite } from './lib/suite.js';

const STAKE = 10n * UNIT;
const ALL = 'All';
const exact = (amount) => ({ Exact: amount });

suite('the whole of the market', { sealing: 'instant' }, async ({ chain, step }) => {
  const { api } = chain;
  const { dtao: market, subnets, utility, proxy, sudo, balances } = api.tx;
  const [alice, dave, ferdie] = ['Alice', 'Dave', 'Ferdie'].map(chain.account);
  const poor = chain.account('Poor');
  const { started } = await chain.places();
  const [{ hotkey }] = await chain.seated(started);
  const own = chain.account('Own').address;
  let netuid;

  await step('a second subnet to move to', async () => {
    const registered = await chain.accept(dave, subnets.registerSubnet(own, 20n * UNIT));
    netuid = registered.event('subnets', 'SubnetRegistered').netuid.toNumber();
    await chain.accept(dave, subnets.startCall(netuid));
    await chain.accept(dave, market.addStake(netuid, own, 2n * UNIT, 0n));
  });

  await step('a limit fills up to its price and leaves the rest', async () => {
    const { price } = await chain.subnet(netuid);
    const limit = (price.toBigInt() * 11n) / 10n;
    const quote = await chain.quote(
      chain.dtao.quoteAddStakeLimit(ferdie.address, netuid, own, STAKE, limit, 'Partial'));
    const killed = await chain.send(ferdie, market.addStakeLimit(netuid, own, STAKE, limit, 'FillOrKill'));
    assert.equal(killed.error.name, 'dtao.LimitNotMet');
    const event = (await chain.accept(ferdie, market.addStakeLimit(netuid, own, STAKE, limit, 'Partial')))
      .event('dtao', 'StakeAdded');
    assert.ok(event.tao.toBigInt() < STAKE, 'the price stopped it');
    assert.ok(event.priceAfter.toBigInt() <= limit, 'and was not passed');
    // The block in between has changed the pool: the quote answered for the one that refused.
    assert.ok(quote.priceAfter <= limit);
    const low = PAR / 1_000n;
    const none = await chain.send(ferdie, market.addStakeLimit(netuid, own, STAKE, low, 'Partial'));
    assert.equal(none.error.name, 'dtao.NothingFilled');
  });

  await step('a move across subnets is what its quote says, to the atom', async () => {
    await chain.accept(ferdie, market.addStake(started, hotkey, STAKE, 0n));
    const amount = exact(UNIT);
    const answer = await chain.dtao.quoteMoveStake(ferdie.address, started, hotkey, netuid, own, amount);
    const quote = answer.asOk;
    const before = await chain.balance(ferdie);
    const from = { netuid: started, hotkey };
    const to = { netuid, hotkey: own };
    const moved = await chain.accept(ferdie, market.moveStake(from, to, amount, quote.amountOut));
    const event = moved.event('dtao', 'StakeMoved');
    assert.equal(event.received.toBigInt(), quote.amountOut.toBigInt());
    assert.equal(event.tao.toBigInt(), quote.tao.toBigInt());
    assert.equal(event.fee.toBigInt(), quote.fee.toBigInt());
    assert.equal(await chain.balance(ferdie), before - moved.fee, 'no TAO passed through the account');
  });

  await step('several calls at once, all or none', async () => {
    const calls = [market.addStake(started, hotkey, UNIT, 0n), market.addStake(999, hotkey, UNIT, 0n)];
    const before = await chain.balance(ferdie);
    const refused = await chain.send(ferdie, utility.batchAll(calls));
    assert.equal(refused.error.name, 'dtao.UnknownSubnet');
    assert.equal(await chain.balance(ferdie), before - refused.fee);
    await chain.accept(ferdie, utility.batchAll([calls[0], market.addStake(0, hotkey, UNIT, 0n)]));
  });

  await step('a trading proxy trades and does not give stake away; a staking proxy does both', async () => {
    for (const type of ['Trading', 'Staking']) {
      await chain.accept(ferdie, proxy.addProxy(alice.address, type, 0));
    }
    const by = (type, call) => chain.accept(alice, proxy.proxy(ferdie.address, type, call));
    const result = (outcome) => outcome.event('proxy', 'ProxyExecuted').result;
    assert.ok(result(await by('Trading', market.addStake(started, hotkey, UNIT, 0n))).isOk);
    const give = market.transferStake(alice.address, started, hotkey, exact(UNIT / 10n));
    assert.ok(result(await by('Trading', give)).isErr);
    assert.ok(result(await by('Staking', give)).isOk);
    const pay = balances.transferKeepAlive(alice.address, UNIT);
    assert.ok(result(await by('Staking', pay)).isErr);
  });

  await step('a holder of ALPHA without any TAO can leave', async () => {
    const given = 5n * UNIT;
    await chain.accept(ferdie, market.transferStake(poor.address, started, hotkey, exact(given)));
    assert.equal(await chain.balance(poor), 0n);
    await assert.rejects(chain.send(poor, market.setRewardDestination(started, null)), /1010|payment/i);

    const out = await chain.accept(poor, market.removeStake(started, hotkey, ALL, 0n));
    const proceeds = out.event('dtao', 'StakeRemoved').tao.toBigInt();
    assert.equal(await chain.balance(poor), proceeds - out.fee, 'the fee came out of the proceeds');
    await chain.ensureSound();
  });

  await step('a dissolved subnet pays all its holders what its pool was worth to them together', async () => {
    const { tao, alpha, outstanding } = await chain.subnet(netuid);
    assert.ok(tao.toBigInt() > 0n && alpha.toBigInt() > 0n && outstanding.toBigInt() > 0n);
    const before = await chain.balance(ferdie);
    const dissolved = await chain.accept(alice, sudo.sudo(subnets.dissolveSubnet(netuid)));
    assert.ok(dissolved.event('sudo', 'Sudid').sudoResult.isOk);
    const { fund } = dissolved.event('dtao', 'MarketDissolved');
    const late = await chain.addStake(ferdie, netuid, own, UNIT);
    assert.equal(late.error.name, 'dtao.SubnetDissolved');

    // Idle weight redeems everybody; whoever does not wait asks for it.
    await chain.sealMany(5);
    const payments = await balanceChange(chain, ferdie, before, late.fee);
    assert.ok(payments > 0n && payments <= fund.toBigInt(), `${payments} of ${fund}`);
    assert.equal((await chain.dtao.claimable(ferdie.address)).length, 0);
    await chain.ensureSound();
  });
});

/** What an account received since it had `before`, fees left out. */
async function balanceChange(chain, who, before, fees) {
  return (await chain.balance(who)) - before + fees;
}
