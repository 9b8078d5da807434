// What `make bench-lsp` prints: how long an editor waits for an answer about what was just typed, and whether the
// server's memory stays flat. Times depend on the machine.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoverRequest } from 'vscode-languageserver-protocol/node';
import { editor } from '../npm/test/editor.js';

const EDITS = 200;
const MANY = Number(process.env['EDITS'] ?? 10_000);

/** @param {number} lines */
function bicep(lines) {
  const vault = (/** @type {number} */ number) => `resource vault${number} 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-${number}'
  location: resourceGroup().location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: { defaultAction: 'Deny', bypass: 'None', ipRules: [{ value: '8.8.${number % 256}.0/24' }] }
  }
}
`;
  return Array.from({ length: Math.ceil(lines / 9) }, (_, at) => vault(at)).join('');
}

/** @param {number} size */
function arm(size) {
  const resource = (/** @type {number} */ number) => ({
    type: number % 20 === 0 ? 'Microsoft.KeyVault/vaults' : 'Microsoft.Storage/storageAccounts',
    apiVersion: '2023-07-01',
    name: `[concat('r${number}', parameters('suffix'))]`,
    location: '[resourceGroup().location]',
    properties: { tenantId: '[subscription().tenantId]', networkAcls: { defaultAction: 'Deny', bypass: 'None' } },
  });
  const resources = [];
  for (let length = 0; length < size; length += JSON.stringify(resources.at(-1), undefined, 2).length) {
    resources.push(resource(resources.length));
  }
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  const parameters = { suffix: { type: 'string' } };
  return JSON.stringify({ $schema, contentVersion: '1.0.0.0', parameters, resources }, undefined, 2);
}

const folder = mkdtempSync(join(tmpdir(), 'vaultmoat-'));
const one = await editor([folder]);

/** Milliseconds from a key to an answer that includes it. @param {string} uri @param {number} round */
async function keystroke(uri, round) {
  const [before, after] = round % 2 === 0 ? ['Deny', 'Allow'] : ['Allow', 'Deny'];
  const started = performance.now();
  await one.replace(uri, before, after);
  await one.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position: { line: 1, character: 3 } });
  return performance.now() - started;
}

/** @param {string} name @param {string} path @param {string} text */
async function latency(name, path, text) {
  const uri = await one.open(path, { text });
  await one.diagnostics(uri);
  const times = /** @type {number[]} */ ([]);
  for (let round = 0; round < EDITS; round++) times.push(await keystroke(uri, round));
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => `${times[Math.floor(times.length * part)]?.toFixed(0)} ms`;
  console.log(`${name.padEnd(24)} p50 ${at(0.5).padStart(8)}   p95 ${at(0.95).padStart(8)}`);
  await one.close(uri);
}

await latency('Bicep, 2,000 lines', 'main.bicep', bicep(2000));
await latency('ARM template, 1 MB', 'main.json', arm(1 << 20));

const memory = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${one.pid}/status`, 'utf8'))?.[1]) / 1024;
const uri = await one.open('small.bicep', { text: bicep(100) });
const measured = [];
for (let edit = 0; edit < MANY; edit++) {
  await keystroke(uri, edit);
  if ((edit + 1) % (MANY / 10) === 0) measured.push(memory());
}
console.log(`memory over ${MANY} edits     ${measured.map((size) => size.toFixed(0)).join(' ')} MB`);
await one.stop();
rmSync(folder, { recursive: true });
