// Prints what a runtime has promised its clients: each pallet, call, event and error with its index,
// one a line. `node metadata.js ws://127.0.0.1:9944 > metadata-100.txt`, of a node that runs the
// release.

import { ApiPromise, WsProvider } from '../e2e/node_modules/@polkadot/api/index.js';

const provider = new WsProvider(process.argv[2]);
const api = await ApiPromise.create({ provider, noInitWarn: true });

function variants(kind, pallet, type) {
  const { variants: all } = api.registry.lookup.getSiType(type).def.asVariant;
  return all.map(({ index, name, fields }) => {
    const shape = fields.map((field) =>
      `${field.name.isSome ? `${field.name.unwrap()}: ` : ''}${field.typeName.unwrapOr('')}`);
    const list = shape.length ? `(${shape.join(', ')})` : '';
    return `${kind} ${pallet.index}.${index} ${pallet.name}.${name}${list}`;
  });
}

const lines = [];
for (const pallet of api.registry.metadata.pallets) {
  lines.push(`pallet ${pallet.index} ${pallet.name}`);
  for (const [kind, part] of [['call', pallet.calls], ['event', pallet.events], ['error', pallet.errors]]) {
    if (part.isSome) lines.push(...variants(kind, pallet, part.unwrap().type));
  }
}
console.log(lines.join('\n'));
await api.disconnect();
