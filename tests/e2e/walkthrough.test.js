// docs/walkthrough.md, step by step: the headings are the document's, and so are the numbers.

import assert from 'node:assert/strict';
import { PAR, UNIT } from './lib/chain.js';
import { suite } from './lib/suite.js';
import { Walkthrough } from './lib/walkthrough.js';

const SUBNET = 1;
const UNTOUCHED = 2;
const OWN = 3;
const EXISTENTIAL_DEPOSIT = 500n;
const STAKE = 10n * UNIT;
const ROOT_STAKE = 5n * UNIT;
const NINE_PERCENT = 5_898;

suite('the walkthrough', { sealing: 'instant' }, async ({ chain, step }) => {
  const { api, dtao } = chain;
  const { dtao: market, subnets } = api.tx;
  const document = new Walkthrough();
  const ferdie = chain.account('Ferdie');
  const own = chain.account('Bob//stash').address;
  let hotkey;
  let quote;
  let staked;

  const page = (title, run) => step(title, async () => {
    const shown = document.take(title);
    await run(shown);
    shown.finish();
  });

  await page('1. Start a chain', async () => {
    assert.equal(await chain.number(), 0, 'without a transaction there is no block');
  });

  await page('2. Connect polkadot.js Apps', async () => {
    assert.equal((await api.rpc.system.chainType()).type, 'Development');
    assert.deepEqual(api.registry.chainTokens, ['TAO']);
    assert.equal(await chain.balance(ferdie), 100_000n * UNIT);
  });

  await page('3. Look at the subnets', async (shown) => {
    const all = await dtao.subnets();
    shown.shows(all);
    const untouched = all.find(({ netuid }) => netuid.eqn(UNTOUCHED));
    assert.equal(untouched.state.type, 'Registered');
    assert.equal(untouched.price.toBigInt(), PAR, 'the first price is exactly one');
  });

  await page('4. Ask what a stake would buy', async (shown) => {
    [{ hotkey }] = await chain.seated(SUBNET);
    const answer = await dtao.quoteAddStake(ferdie.address, SUBNET, hotkey, STAKE);
    shown.shows(answer);
    quote = answer.asOk;
    assert.equal(quote.fee.toBigInt(), STAKE / 2_000n, 'the fee is 0.05 %');
  });

  await page('5. Stake', async (shown) => {
    const before = await chain.balance(ferdie);
    const call = market.addStake(SUBNET, hotkey, STAKE, quote.amountOut);
    const outcome = await chain.accept(ferdie, call);
    const event = outcome.event('dtao', 'StakeAdded');
    shown.shows(event);
    assert.equal(event.alpha.toBigInt(), quote.amountOut.toBigInt(), 'as quoted, to the atom');
    assert.equal(await chain.balance(ferdie), before - STAKE - outcome.fee);
  });

  await page('6. Find it in the wallet', async (shown) => {
    const wallet = await dtao.positions(ferdie.address);
    shown.shows(wallet);
    staked = wallet[0].alpha.toBigInt();
    assert.equal(staked, quote.amountOut.toBigInt(), 'the position is the quote, to the atom');
  });

  await page('7. Let an epoch pass', async (shown) => {
    const before = await chain.number();
    await shown.runs(api);
    const { tempo } = await chain.subnet(SUBNET);
    assert.equal(await chain.number(), before + tempo.toNumber());
    const wallet = await dtao.positions(ferdie.address);
    shown.shows(wallet);
    assert.ok(wallet[0].alpha.toBigInt() > staked, 'the position has grown');
  });

  await page('8. Unstake everything', async (shown) => {
    const answer = await dtao.quoteRemoveStake(ferdie.address, SUBNET, hotkey, 'All');
    shown.shows(answer);
    const quoted = answer.asOk.amountOut.toBigInt();
    const before = await chain.balance(ferdie);
    const outcome = await chain.accept(ferdie, market.removeStake(SUBNET, hotkey, 'All', quoted));
    const event = outcome.event('dtao', 'StakeRemoved');
    shown.shows(event);
    assert.equal(event.tao.toBigInt(), quoted, 'as quoted, to the rao');
    assert.equal(await chain.balance(ferdie), before + quoted - outcome.fee);
    assert.equal((await dtao.positions(ferdie.address)).length, 0);
  });

  await page('9. Read a refusal', async (shown) => {
    const refused = await chain.addStake(ferdie, UNTOUCHED, hotkey, STAKE);
    assert.equal(refused.error.name, 'dtao.NotStarted');
    assert.match(refused.error.docs, /Its owner starts it with `Subnets.start_call`/);
    const answer = await dtao.quoteAddStake(ferdie.address, UNTOUCHED, hotkey, STAKE);
    shown.shows(answer);
    assert.deepEqual(chain.named(answer.asErr), refused.error, 'the quote says the same');

    const greedy = await chain.addStake(ferdie, SUBNET, hotkey, STAKE, 100n * STAKE);
    assert.equal(greedy.error.name, 'dtao.SlippageExceeded');
  });

  await page('10. Stake on root, and take it back', async (shown) => {
    const outcome = await chain.accept(ferdie, market.addStake(0, hotkey, ROOT_STAKE, ROOT_STAKE));
    shown.shows(outcome.event('dtao', 'StakeAdded'));
    shown.shows(await dtao.positions(ferdie.address));
    const quoted = await chain.quoteRemove(ferdie, 0, hotkey, 'All');
    assert.ok(quoted.amountOut >= ROOT_STAKE, 'never less than was staked');
    assert.equal(quoted.amountIn, quoted.amountOut, 'one to one');
    const before = await chain.balance(ferdie);
    const call = market.removeStake(0, hotkey, 'All', ROOT_STAKE);
    const removed = await chain.accept(ferdie, call);
    shown.shows(removed.event('dtao', 'StakeRemoved'));
    assert.equal(await chain.balance(ferdie), before + quoted.amountOut - removed.fee);
  });

  await page('11. Open a subnet', async (shown) => {
    const registered = await chain.accept(ferdie, subnets.registerSubnet(own, 10n * UNIT));
    shown.shows(registered.event('subnets', 'SubnetRegistered'));
    shown.shows(await dtao.subnet(OWN));
    await chain.accept(ferdie, subnets.startCall(OWN));
    const seated = await chain.accept(ferdie, subnets.registerNeuron(OWN, own, UNIT));
    shown.shows(seated.event('subnets', 'NeuronRegistered'));
    const take = await chain.accept(ferdie, subnets.setTake(own, NINE_PERCENT));
    shown.shows(take.event('subnets', 'TakeSet'));
    await chain.accept(ferdie, market.addStake(OWN, own, UNIT, 0n));
  });

  await page('12. Check the books', async (shown) => {
    await chain.ensureSound();
    shown.shows(await dtao.supply());
    const blocks = BigInt(await chain.number());
    const recycled = UNIT / 10n;
    assert.equal(blocks, 71n);
    assert.equal(await chain.issuance(), (6n * 100_000n + blocks) * UNIT - recycled + EXISTENTIAL_DEPOSIT);
  });

  document.finish();
});
