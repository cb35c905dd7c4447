// Asks the reference model, tests/model.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const EPOCH = fileURLToPath(new URL('epoch.py', import.meta.url));

/** What an epoch of Yuma without earlier bonds decides. */
export function epoch(given) {
  return JSON.parse(execFileSync('python3', ['-B', EPOCH], { input: JSON.stringify(given), encoding: 'utf8' }));
}
