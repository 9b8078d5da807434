// A report must not look complete by mistake: files that were not read are listed, and a run without files is an error.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { command, folder, run } from './command.js';
import { COMMANDS } from './questions.js';

const vault = `resource "azurerm_key_vault" "main" {
  name                = var.name
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"
}
variable "name" {
  default = "kv-contoso-01"
}
`;
const terragrunt = `terraform {
  source = "../../modules/vault"
}
inputs = { name = "kv-contoso-02" }
`;
const others = {
  'live/terragrunt.hcl': terragrunt,
  'stack/vault.tfcomponent.hcl': 'component "vault" { source = "../modules/vault" }',
  'stack/main.tfdeploy.hcl': 'deployment "prod" { inputs = { name = "kv-contoso-03" } }',
  'deploy.sh': '#!/bin/sh\naz keyvault update --name kv-contoso-01 --default-action Allow\n',
  'deploy.ps1': 'Update-AzKeyVaultNetworkRuleSet -VaultName kv-contoso-01 -DefaultAction Allow',
  'index.ts': "new azure_native.keyvault.Vault('main', {});",
  'Pulumi.yaml': 'resources:\n  main:\n    type: azure-native:keyvault:Vault\n',
  'secrets.yaml': 'kind: SecretProviderClass\nspec:\n  parameters:\n    keyvaultName: kv-contoso-01\n',
  'app.nomad': 'env { URI = "https://kv-contoso-01.vault.azure.net/" }',
  'policy.json': '{ "if": { "field": "type", "equals": "Microsoft.KeyVault/vaults" } }',
};
const silent = {
  'root.hcl': 'remote_state { backend = "azurerm" }',
  'package.json': '{ "dependencies": { "@azure/keyvault-secrets": "4.9.0" } }',
  'policies/app.hcl': 'path "secret/data/app" { capabilities = ["read"] }',
  'logo.png': 'az keyvault',
};
const names = Object.keys(others).sort();
const report = (/** @type {string} */ cwd, /** @type {string[]} */ ...words) =>
  JSON.parse(run(cwd, ['check', '--format', 'json', ...words]).stdout);

test('files that mention a vault and are not read are listed in JSON, others are not', () => {
  const cwd = folder({ ...others, ...silent, 'main.tf': vault });
  const skipped = report(cwd, '.').skipped;
  assert.deepEqual(
    skipped,
    names.map((path) => ({ path, reason: 'unsupported-language' })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
  assert.deepEqual(report(folder({ ...silent, 'main.tf': vault }), '.').skipped, []);
});

test('output files of the command are not listed', () => {
  const cwd = folder({ 'main.tf': vault });
  for (const words of [
    ['check', '--write-baseline', 'known.json'],
    ['check', '--format', 'json', '-o', 'report.json'],
    ['model', '--format', 'json', '-o', 'model.json'],
    ['check', '--format', 'sarif', '-o', 'report.sarif'],
  ]) {
    run(cwd, [...words, 'main.tf']);
  }
  assert.deepEqual(report(cwd, '.').skipped, []);
});

test('every format lists files that were not read', () => {
  const cwd = folder({ 'live/terragrunt.hcl': terragrunt, 'main.tf': vault });
  const inFormat = (/** @type {string} */ format) => run(cwd, ['check', '--format', format, '.']).stdout;
  assert.match(
    inFormat('text'),
    /\n1 file mentions a vault and was not read: live\/terragrunt\.hcl; of Terragrunt, check the plans[^\n]*\n$/,
  );
  assert.match(inFormat('markdown'), /1 file mentions a vault and was not read: live\/terragrunt\.hcl/);
  assert.match(
    inFormat('github'),
    /^::notice title=[^:]*::1 file mentions a vault and was not read: live\/terragrunt\.hcl; of Terragrunt, /m,
  );
  assert.match(inFormat('azure-pipelines'), /^1 file mentions a vault and was not read: live\/terragrunt\.hcl; of Terragrunt, /m);
  assert.match(inFormat('junit'), /<system-out>live\/terragrunt\.hcl: mentions a vault and was not read: unsupported-language</);
  const [run0] = JSON.parse(inFormat('sarif')).runs;
  const said = run0.invocations[0].toolExecutionNotifications.filter(
    (/** @type {any} */ one) => one.descriptor.id === 'skipped-file',
  );
  assert.equal(said.length, 1);
  assert.equal(said[0].locations[0].physicalLocation.artifactLocation.uri, 'live/terragrunt.hcl');
  assert.doesNotMatch(run(cwd, ['check', '-q', '.']).stdout, /not read/);
  assert.match(
    run(cwd, ['model', '.']).stderr,
    /^1 file mentions a vault and was not read: live\/terragrunt\.hcl; of Terragrunt, /m,
  );
});

test('the state of Terraform is read when its file is named', () => {
  const id = '/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-contoso-01';
  const attributes = {
    id,
    name: 'kv-contoso-01',
    resource_group_name: 'rg',
    public_network_access_enabled: true,
    network_acls: [],
  };
  const kept = { mode: 'managed', type: 'azurerm_key_vault', name: 'main', instances: [{ attributes }] };
  const state = JSON.stringify({ version: 4, terraform_version: '1.9.0', resources: [kept] });
  const cwd = folder({ 'terraform.tfstate': state, 'main.tf': vault });
  assert.match(run(cwd, ['check', '.']).stdout, /not read: terraform\.tfstate; a state is read when its file is named\n$/);
  const { diagnostics, skipped } = report(cwd, 'terraform.tfstate');
  assert.ok(diagnostics.some((/** @type {any} */ { rule }) => rule === 'public-vault'));
  assert.deepEqual(skipped, []);
});

test('paths without a supported file are an error, in every command that reads', () => {
  const cwd = folder({ ...others, 'empty/notes.txt': 'nothing', 'main.tf': vault });
  for (const words of [['check'], ['check', '--format', 'json'], ['graph'], ...COMMANDS.map(({ words }) => words)]) {
    for (const path of ['live', 'empty']) {
      const { status, stdout, stderr } = run(cwd, [...words, path]);
      assert.deepEqual([status, stdout], [2, ''], `${words} ${path}`);
      assert.match(stderr, new RegExp(`^vaultmoat: nothing to read in \`${path}\`: [^\\n]*\\n$`));
      if (path === 'live') assert.match(stderr, /1 file mentions a vault and was not read: live\/terragrunt\.hcl/);
    }
  }
  const both = run(cwd, ['diff', 'main.tf', 'empty']);
  assert.deepEqual([both.status, both.stdout], [2, '']);
  const allowed = run(cwd, ['check', '--no-errors-on-unmatched', 'live']);
  assert.equal(allowed.status, 0);
  assert.match(allowed.stdout, /^0 vaults in 0 files: nothing was read\n1 file mentions a vault and was not read/);
  assert.equal(run(cwd, ['model', '--no-errors-on-unmatched', 'empty']).status, 0);
});

test('a configuration that excludes every file is named in the error', () => {
  const cwd = folder({ 'main.tf': vault, 'vaultmoat.toml': 'exclude = ["*.tf"]\n' });
  const { status, stderr } = run(cwd, ['check', '.']);
  assert.equal(status, 2);
  assert.match(stderr, /leave out 1 file/);
});

test('a value for an undeclared parameter is an error that suggests a similar name', () => {
  const bicep = "param vaultName string\nresource kv 'Microsoft.KeyVault/vaults@2026-02-01' existing = { name: vaultName }\n";
  const cwd = folder({
    'main.tf': vault,
    'main.bicep': bicep,
    'main.json': '{"contentVersion": "1.0.0.0", "parameters": {"place": {"type": "string"}}, "resources": []}',
  });
  for (const [given, meant] of [
    ['nmae', 'name'],
    ['vaultNam', 'vaultName'],
    ['plaice', 'place'],
    ['wholly-other', undefined],
  ]) {
    const { status, stdout, stderr } = run(cwd, ['check', '--parameter', `${given}=x`, '.']);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, new RegExp(`^vaultmoat: --parameter \`${given}\`: no template [^\\n]*\\n$`));
    assert.equal(/did you mean `(\w+)`/.exec(stderr)?.[1], meant);
  }
  // One template that declares it is enough, in any case of letters.
  for (const given of ['name', 'VAULTNAME', 'place'])
    assert.notEqual(run(cwd, ['check', '--parameter', `${given}=x`, '.']).status, 2);
  assert.equal(run(cwd, ['model', '--parameter', 'nmae=x', 'main.tf']).status, 2);
  const sides = folder({ 'a/main.tf': vault, 'b/main.tf': vault.replaceAll('name"', 'label"').replace('var.name', 'var.label') });
  assert.equal(run(sides, ['diff', '--parameter', 'label=x', 'a', 'b']).status, 0);
  assert.equal(run(sides, ['diff', '--parameter', 'other=x', 'a', 'b']).status, 2);
});

test('text in UTF-16 without a byte order mark is listed, and with one it is read', () => {
  const text = "resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {\n  name: 'kv-contoso-01'\n  properties: {}\n}\n";
  const little = Buffer.from(text, 'utf16le');
  const marked = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  const wide = Buffer.alloc(text.length * 4 + 4);
  wide.writeUInt32LE(0xfeff, 0);
  [...text].forEach((letter, at) => wide.writeUInt32LE(letter.charCodeAt(0), at * 4 + 4));
  const cwd = folder({
    'big.bicep': marked,
    'little.bicep': little,
    'wide.bicep': wide,
    'program.json': Buffer.from([0, 1, 2, 3]),
  });
  const { files, skipped } = report(cwd, '.');
  assert.deepEqual(
    files.map((/** @type {any} */ { path, resources }) => [path, resources]),
    [['big.bicep', 1]],
  );
  assert.deepEqual(skipped, [
    { path: 'little.bicep', reason: 'not-text' },
    { path: 'wide.bicep', reason: 'not-text' },
  ]);
  for (const name of ['little.bicep', 'wide.bicep']) {
    const { status, stderr } = run(cwd, ['check', name]);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^vaultmoat: ${name}: not [^\\n]*\\n$`));
  }
});

test('an invalid pattern, and keys that are nested too deeply, print one line with their position', () => {
  const refused = (/** @type {string} */ toml) => run(folder({ 'main.tf': vault, 'vaultmoat.toml': toml }), ['check', '.']);
  for (const pattern of ['**/[a-', '[z-a]*', '#main.tf', '/', '!']) {
    const { status, stdout, stderr } = refused(`include = ["${pattern}"]\n`);
    assert.deepEqual([status, stdout], [2, ''], pattern);
    assert.ok(
      stderr.startsWith(`vaultmoat: vaultmoat.toml:1: \`include\`: \`${pattern}\` is not a pattern of .gitignore: `),
      stderr,
    );
    assert.equal(stderr.split('\n').length, 2);
  }
  for (const pattern of ['**/[a-z]*.tf', '[!x]*', '[]m]*', 'main.*']) {
    assert.notEqual(refused(`include = ["${pattern}"]\n`).status, 2, pattern);
  }
  const deep = refused(`${Array(100_000).fill('a').join('.')} = 1\n`);
  assert.equal(deep.status, 2);
  assert.match(deep.stderr, /^vaultmoat: vaultmoat\.toml:1: [^\n]*\n$/);
});

test(
  'a full disk behind standard output is exit 2 and one line, a closed pipe is neither',
  { skip: process.platform !== 'linux' },
  () => {
    const cwd = folder({ 'main.tf': vault });
    const shell = (/** @type {string} */ line) => spawnSync('sh', ['-c', line], { cwd, encoding: 'utf8' });
    const words = `${process.execPath} ${command} check --format json main.tf`;
    const full = shell(`${words} > /dev/full`);
    assert.equal(full.status, 2);
    assert.match(full.stderr, /^vaultmoat: standard output cannot be written: [^\n]*\n$/);
    const closed = shell(`${words} | head -c 1`);
    assert.deepEqual([closed.stdout, closed.stderr], ['{', '']);
  },
);

test('in text, notes about how a vault is governed are one line, and --notes shows them', () => {
  const cwd = folder({ 'main.tf': vault });
  const folded = run(cwd, ['check', 'main.tf']).stdout;
  assert.match(folded, /^info: kv-contoso-01, also: [a-z-]+(, [a-z-]+)+; --notes shows them {2}main\.tf:\d+:\d+$/m);
  assert.doesNotMatch(folded, /info\[no-audit-log\]|info\[no-purge-protection\]/);
  const shown = run(cwd, ['check', '--notes', 'main.tf']).stdout;
  assert.match(shown, /info\[no-purge-protection\]/);
  assert.doesNotMatch(shown, /also:/);
  // Findings that fail the run are shown, and the counts are the same.
  assert.match(run(cwd, ['check', '--fail-on', 'info', 'main.tf']).stdout, /info\[no-purge-protection\]/);
  const counts = (/** @type {string} */ text) => /\d+ infos?/.exec(text)?.[0];
  assert.equal(counts(folded), counts(shown));
  const rules = report(cwd, 'main.tf').diagnostics.map((/** @type {any} */ { rule }) => rule);
  assert.ok(rules.includes('no-purge-protection'));
  assert.equal(run(cwd, ['check', '--notes', '--format', 'json', 'main.tf']).status, 2);
});

test('in text, --undecided lists undecided questions, each cause once', () => {
  const text = `param access string
param action string
resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-contoso-01'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: access
    networkAcls: { bypass: 'None', defaultAction: action }
  }
}
`;
  const cwd = folder({ 'main.bicep': text });
  const { undecided } = report(cwd, 'main.bicep');
  const causes = new Set(
    undecided.map((/** @type {any} */ { resource, dependsOn }) => JSON.stringify([resource, [...dependsOn].sort()])),
  );
  assert.ok(causes.size < undecided.length);
  const plain = run(cwd, ['check', 'main.bicep']).stdout;
  assert.match(
    plain,
    new RegExp(`; ${causes.size} undecided \\(${causes.size} of kv-contoso-01\\), because .* \\(--undecided lists them\\)\n$`),
  );
  const listed = run(cwd, ['check', '--undecided', 'main.bicep']).stdout;
  assert.match(listed, /^undecided: kv\n( {2}[a-z-]+(, [a-z-]+)*: .*which depends on `.*`\n)+/m);
  for (const { rule } of undecided) assert.ok(listed.includes(rule), rule);

  const long = folder({ 'main.bicep': text.replace("'kv-contoso-01'", `uniqueString('${'seed'.repeat(50)}', access)`) });
  const summary = run(long, ['check', 'main.bicep']).stdout.trimEnd().split('\n').at(-1) ?? '';
  assert.match(summary, /; \d+ undecided \(\d+ of uniqueString\(.*…\), because /);
  assert.ok(summary.length < 250, summary);
});

test('the two sides of one what-if are compared', () => {
  const id =
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-contoso-01';
  const state = (/** @type {string} */ defaultAction) => ({
    id,
    name: 'kv-contoso-01',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    properties: {
      tenantId: 't',
      sku: {},
      publicNetworkAccess: 'Enabled',
      networkAcls: { bypass: 'None', defaultAction, ipRules: [] },
    },
  });
  const change = { changeType: 'Modify', resourceId: id, before: state('Deny'), after: state('Allow') };
  const cwd = folder({ 'what-if.json': JSON.stringify({ status: 'Succeeded', changes: [change] }), 'main.tf': vault });
  const { status, stdout } = run(cwd, ['diff', 'what-if.json']);
  assert.equal(status, 0);
  assert.match(stdout, /^newly allowed\n/);
  assert.match(run(cwd, ['diff', 'main.tf']).stderr, /takes two paths/);
});
