// `explain`, `resolve`, `plan` and `diff`: their output, in which text from files is escaped.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEngine } from 'vaultmoat';
import { fileURLToPath } from 'node:url';
import { folder, run as runIn } from './command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** @param {string[]} words */
const run = (...words) => runIn(root, words);

const PRIVATE = 'examples/templates/private-endpoint.json';
const OPEN = 'examples/templates/open-vault.json';

/** A vault with an endpoint in the network `spoke`, whose zone is linked to that one only. */
const HUB_AND_SPOKE = `
resource networks 'Microsoft.Network/virtualNetworks@2024-05-01' = [for (name, i) in ['hub', 'spoke']: {
  name: name
  location: 'westeurope'
  properties: {
    addressSpace: { addressPrefixes: ['10.\${i}.0.0/16'] }
    subnets: [{ name: 'one', properties: { addressPrefix: '10.\${i}.0.0/24' } }]
  }
}]
resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-contoso'
  location: 'westeurope'
  properties: { tenantId: tenant().tenantId, sku: { family: 'A', name: 'standard' }, publicNetworkAccess: 'Disabled' }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
  resource link 'virtualNetworkLinks' = {
    name: 'spoke'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: networks[1].id } }
  }
}
resource pe 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: resourceId('Microsoft.Network/virtualNetworks/subnets', 'spoke', 'one') }
    privateLinkServiceConnections: [{ name: 'kv', properties: { privateLinkServiceId: kv.id, groupIds: ['vault'] } }]
  }
  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: 'kv', properties: { privateDnsZoneId: zone.id } }] }
  }
}
`;

test('explain lists the outcome for every caller in the files', () => {
  const { stdout, status } = run('explain', PRIVATE);
  assert.equal(status, 0);
  assert.match(stdout, /anyone on the internet +denied \(ForbiddenByConnection\)/);
  assert.match(stdout, /subnet `vnet-payments\/workers` +allowed \(private-endpoint\)/);
});

test('explain says for every caller that no zone is linked to its network', () => {
  const path = join(folder({ 'main.bicep': HUB_AND_SPOKE }), 'main.bicep');
  const { stdout } = run('explain', path);
  const unlinked = 'no zone `privatelink.vaultcore.azure.net` in the files is linked to `hub`';
  assert.match(stdout, /subnet `spoke\/one` +allowed \(private-endpoint\) +`pe` is an approved/);
  assert.match(stdout, /subnet `hub\/one` +denied \(ForbiddenByConnection\) +no zone .*; public network access is disabled/);
  assert.ok(stdout.includes(unlinked) || stdout.includes(unlinked.replace(' in the files', '')), stdout);
  // On the internet there is no network to link.
  assert.match(stdout, /anyone on the internet +denied \(ForbiddenByConnection\) +public network access is disabled/);
});

test('explain lists every gate for one caller, with the line that decides', () => {
  const { stdout } = run('explain', '--from', 'internet', PRIVATE);
  assert.match(stdout, /✗ public-network-access .*private-endpoint\.json:\d+/);
  const json = JSON.parse(run('explain', '--from', 'internet', '--format', 'json', PRIVATE).stdout);
  assert.equal(json.outcome, 'denied');
  assert.equal(
    json.steps.find((/** @type {{ verdict: string }} */ { verdict }) => verdict === 'denies').gate,
    'public-network-access',
  );
});

test('numbers of facts are printed with --facts, and always in JSON', () => {
  const number = /\bF\d+\.\d+/;
  for (const words of [['explain', '--from', 'internet'], ['resolve', '--from', 'internet'], ['plan']]) {
    for (const format of ['text', 'markdown']) {
      const of = (/** @type {string[]} */ ...more) => run(...words, ...more, '--format', format, PRIVATE).stdout;
      assert.doesNotMatch(of(), number);
      assert.match(of('--facts'), number);
      assert.doesNotMatch(of(), / $/m);
      if (format === 'markdown') assert.match(of('--facts'), /\[F\d+\.\d+\]\(https:\/\/\S+#f\d+\)/);
    }
    const json = run(...words, '--format', 'json', PRIVATE).stdout;
    assert.match(json, number);
    assert.equal(run(...words, '--format', 'json', '--facts', PRIVATE).stdout, json);
  }
});

test('an unknown vault or caller prints one line and exits with 2', () => {
  for (const from of ['subnet:nowhere', 'ip:1.2.3', 'nonsense', 'service:']) {
    const { stderr, stdout, status } = run('explain', '--from', from, PRIVATE);
    assert.equal(status, 2, from);
    assert.equal(stdout, '');
    assert.match(stderr, /^vaultmoat: .+\n/);
  }
  assert.equal(run('explain', '--vault', 'other', PRIVATE).status, 2);
  assert.equal(run('resolve', PRIVATE).status, 2);
  assert.equal(run('diff', PRIVATE).status, 2);
  assert.equal(run('plan', '--target', 'public', PRIVATE).status, 2);
});

test('resolve shows the chain of names', () => {
  const { stdout } = run('resolve', '--from', 'vnet:vnet-payments', PRIVATE);
  assert.match(stdout, /CNAME +kv-payments-private\.privatelink\.vaultcore\.azure\.net/);
  assert.match(stdout, /: private/);
});

test('plan lists the steps, and diff whose access changes', () => {
  assert.match(run('plan', OPEN).stdout, /6\. Close the public endpoint: blocked/);
  assert.match(run('diff', OPEN, PRIVATE).stdout, /newly denied\n +anyone on the internet/);
  assert.match(run('diff', OPEN, OPEN).stdout, /^no caller's access changes/);
});

test('`diff --fail-on` chooses which changes exit with 1', () => {
  const status = (/** @type {string[]} */ ...words) => run('diff', ...words).status;
  assert.equal(status(OPEN, PRIVATE), 0);
  assert.equal(status('--fail-on', 'never', OPEN, PRIVATE), 0);
  assert.equal(status('--fail-on', 'lost-access', OPEN, PRIVATE), 1);
  assert.equal(status('--fail-on', 'new-access', PRIVATE, OPEN), 1);
  for (const changes of ['new-access', 'lost-access', 'any']) assert.equal(status('--fail-on', changes, OPEN, OPEN), 0);
  assert.equal(status('--fail-on', 'any', PRIVATE, OPEN), 1);
  assert.equal(status('--fail-on', 'warning', OPEN, OPEN), 2);
});

test('parameter files are compared with their common template', () => {
  const values = (/** @type {string} */ action) =>
    JSON.stringify({
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: { action: { value: action } },
    });
  const files = folder({
    'main.bicep': `param action string
resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-two'
  location: 'westeurope'
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: tenant().tenantId
    networkAcls: { bypass: 'AzureServices', defaultAction: action }
  }
}
`,
    'dev.parameters.json': values('Allow'),
    'prod.parameters.json': values('Deny'),
  });
  const words = ['diff', 'dev.parameters.json', 'prod.parameters.json', '--with', 'main.bicep'];
  const { stdout, stderr } = runIn(files, words);
  assert.match(stdout, /newly denied\n +anyone on the internet/, stderr);
});

test('names from files never become Markdown or HTML', async () => {
  const hostile = 'kv`|<img src=x>|[x](y)';
  const project = (await createEngine()).project();
  project.set('main.json', template(hostile));
  assert.equal(project.explain({ from: 'internet' }).outcome, 'allowed');
  const path = join(folder({ 'main.json': template(hostile) }), 'main.json');
  for (const words of [
    ['explain'],
    ['explain', '--from', 'internet'],
    ['resolve', '--from', 'internet'],
    ['plan'],
    ['diff', OPEN],
  ]) {
    const { stdout, stderr } = run(...words, '--format', 'markdown', path);
    assert.ok(stdout.length > 0, stderr);
    // Outside of code, every character that begins markup is escaped.
    const prose = stdout.replace(/(?<!\\)`[^`\n]*(?<!\\)`/g, '');
    assert.doesNotMatch(prose, /(?<!\\)<img|(?<!\\)\[x/, words.join(' '));
  }
});

test('a project is not compared with itself, and unknown words are refused', async () => {
  const project = (await createEngine()).project();
  assert.throws(() => project.diff(project), TypeError);
  // @ts-expect-error: it is refused in JavaScript too
  assert.throws(() => project.explain({ from: 'internet', to: 'x' }), /unknown option `to`/);
  // @ts-expect-error: it is refused in JavaScript too
  assert.throws(() => project.explain({}), TypeError);
  assert.throws(() => project.explain({ from: 'internet' }), /no vault/);
});

/** @param {string} name */
function template(name) {
  return JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.KeyVault/vaults',
        apiVersion: '2026-02-01',
        name,
        location: 'westeurope',
        properties: { tenantId: '[subscription().tenantId]', sku: { family: 'A', name: 'standard' } },
      },
    ],
  });
}
