// Your own rule in addition to the checks, for a pipeline: no vault has a public endpoint.
// `node policy.js FILE…` exits with 0 if public access is known to be closed for all vaults, and with 1 otherwise.

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
