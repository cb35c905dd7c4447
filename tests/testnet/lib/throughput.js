// What blocks under load were like.

import { missedSlots, slotOf } from './blocks.js';
import { Tally } from './tally.js';

/** One block: when, how full, what became of its transactions. */
async function digest(api, chain, number) {
  const hash = await api.rpc.chain.getBlockHash(number);
  const { block } = await api.rpc.chain.getBlock(hash);
  const state = await api.at(hash);
  const [events, weight] = await Promise.all([state.query.system.events(), state.query.system.blockWeight()]);
  const failures = new Tally();
  const happened = new Tally();
  for (const { phase, event } of events) {
    if (event.method === 'ExtrinsicFailed') failures.add(chain.named(event.data.dispatchError).name);
    else if (event.section === 'dtao') happened.add(event.method);
    if (phase.isApplyExtrinsic && event.method === 'TransactionFeePaid') happened.add('paid');
  }
  return {
    number,
    slot: slotOf(block.header),
    // The first extrinsic of each block is the inherent that sets the time.
    transactions: block.extrinsics.length - 1,
    bytes: block.encodedLength,
    refTime: weight.normal.refTime.toNumber(),
    failures,
    happened,
  };
}

/** Sums over the blocks from one number to another. */
export async function throughput(chain, first, last, slotSeconds) {
  const { api } = chain;
  const blocks = [];
  for (let number = first; number <= last; number += 1) blocks.push(await digest(api, chain, number));
  const failures = new Tally();
  const happened = new Tally();
  for (const block of blocks) {
    for (const [name, count] of block.failures.rows) failures.add(name, count);
    for (const [name, count] of block.happened.rows) happened.add(name, count);
  }
  const gaps = blocks.slice(1).map((block, n) => (block.slot - blocks[n].slot) * slotSeconds);
  const sum = (of) => blocks.reduce((total, block) => total + of(block), 0);
  const seconds = gaps.reduce((total, gap) => total + gap, 0);
  const limit = api.consts.system.blockWeights.perClass.normal.maxTotal.unwrap().refTime.toNumber();
  const transactions = sum((block) => block.transactions);
  return {
    blocks: blocks.length,
    seconds,
    transactions,
    perSecond: transactions / seconds,
    perBlock: transactions / blocks.length,
    mostInBlock: Math.max(...blocks.map((block) => block.transactions)),
    fullest: Math.max(...blocks.map((block) => block.refTime / limit)),
    fullness: sum((block) => block.refTime / limit) / blocks.length,
    largest: Math.max(...blocks.map((block) => block.bytes)),
    meanGap: seconds / gaps.length,
    longestGap: Math.max(...gaps),
    missed: missedSlots(blocks),
    failures,
    happened,
  };
}
