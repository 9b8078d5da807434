// A house rule on top of the checks, for a pipeline: no vault of ours has a public endpoint.
// `node policy.js FILE…` exits with 1 when one has, and with 0 when all are known to have none.

import { readFile } from 'node:fs/promises';
import { createEngine } from 'vaultmoat';

const engine = await createEngine();
const project = engine.project({ profile: 'strict' });
for (const path of process.argv.slice(2)) project.set(path, await readFile(path, 'utf8'));

const { vaults } = project.model();
if (vaults.length === 0) {
  console.log('no vault found');
  process.exitCode = 1;
}
for (const { address, file, range, publicNetworkAccess } of vaults) {
  const closed = publicNetworkAccess === 'Disabled' || publicNetworkAccess === 'SecuredByPerimeter';
  console.log(`${file}:${range.start.line + 1}: ${address}: ${closed ? 'closed' : 'not known to be closed'}`);
  if (!closed) process.exitCode = 1;
}
