// What a chain's blocks say of themselves.

/** The slot in which a block was made. */
export function slotOf(header) {
  const log = header.digest.logs.find((one) => one.isPreRuntime && one.asPreRuntime[0].isAura);
  const bytes = Buffer.from(log.asPreRuntime[1].toU8a(true));
  return Number(bytes.readBigUInt64LE(0));
}

/** One block, as the runtime that made it describes it. */
export async function blockAt(api, number) {
  const hash = await api.rpc.chain.getBlockHash(number);
  const { block } = await api.rpc.chain.getBlock(hash);
  const state = await api.at(hash);
  const events = await state.query.system.events();
  const named = (section, method) => events
    .filter(({ event }) => event.section === section && (!method || event.method === method))
    .map(({ event }) => event);
  return {
    number,
    hash,
    slot: slotOf(block.header),
    specVersion: (await api.rpc.state.getRuntimeVersion(hash)).specVersion.toNumber(),
    // The first extrinsic of each block is the inherent that sets the time.
    transactions: block.extrinsics.length - 1,
    named,
  };
}

/** The blocks from one number to another. */
export async function blocksBetween(api, first, last) {
  const blocks = [];
  for (let number = first; number <= last; number += 1) blocks.push(await blockAt(api, number));
  return blocks;
}

/** How many slots passed without a block. */
export function missedSlots(blocks) {
  const { slot: first } = blocks[0];
  const { slot: last } = blocks.at(-1);
  return last - first - (blocks.length - 1);
}

/** All pairs of a state whose key begins so, as one text. */
export async function pairsOf(api, hash, prefix) {
  const pairs = [];
  let last;
  for (;;) {
    const keys = await api.rpc.state.getKeysPaged(prefix, 500, last, hash);
    if (keys.length === 0) break;
    const values = await api.rpc.state.queryStorageAt(keys, hash);
    keys.forEach((key, n) => pairs.push(`${key.toHex()}=${values[n].toHex()}`));
    last = keys.at(-1);
  }
  return pairs;
}
