// The language server, with the requests of an editor.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as lsp from 'vscode-languageserver-protocol/node';
import { createEngine } from 'vaultmoat';
import { describe, literalAt } from '../dist/lsp/addresses.js';
import { CLOUDS, describeZone, ZONES } from '../dist/lsp/zones.js';
import { folder } from './command.js';
import { editor } from './editor.js';
import { linksTo, openBicep, openVault } from './templates.js';

/** @import { CodeAction, Diagnostic } from 'vscode-languageserver-protocol' */

const vaultModule = `param action string
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-module'
  location: 'westeurope'
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: { defaultAction: action, bypass: 'None' }
  }
}
`;
const user = (/** @type {string} */ action) => `module vault 'vault.bicep' = {
  name: 'vault'
  params: { action: '${action}' }
}
`;
const privateVault = `resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-private'
  location: 'westeurope'
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    publicNetworkAccess: 'Disabled'
    networkAcls: { defaultAction: 'Deny', bypass: 'None' }
  }
}
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet'
  location: 'westeurope'
  properties: { addressSpace: { addressPrefixes: ['10.30.0.0/16'] } }
  resource endpoints 'subnets' = {
    name: 'endpoints'
    properties: { addressPrefix: '10.30.1.0/24' }
  }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
  resource link 'virtualNetworkLinks' = {
    name: 'link'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}
resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: network::endpoints.id }
    privateLinkServiceConnections: [
      {
        name: 'vault'
        properties: {
          privateLinkServiceId: vault.id
          groupIds: ['vault']
        }
      }
    ]
  }
  resource zones 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: zone.id } }] }
  }
}
`;
const terraform = `resource "azurerm_key_vault" "main" {
  name                = "kv-terraform"
  location            = "westeurope"
  resource_group_name = "rg"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  sku_name            = "standard"

  network_acls {
    default_action = var.action
    bypass         = "None"
  }
}
variable "action" {}
`;

const files = folder({
  'open.json': openVault,
  'open.bicep': openBicep,
  'crlf.bicep': openBicep.replaceAll('\n', '\r\n'),
  'private.bicep': privateVault,
  'modules/vault.bicep': vaultModule,
  'modules/main.bicep': user('Allow'),
  'linked/main.json': linksTo('nested/vault.json'),
  'linked/nested/vault.json': openVault,
  'tf/main.tf': terraform,
  'tf/terraform.tfvars': 'action = "Allow"\n',
  'called/main.tf': 'module "vault" {\n  source = "./module"\n  action = "Allow"\n}\n',
  'called/module/main.tf': terraform,
  'storage.bicep': `resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: \n`,
  'package.json': '{ "name": "x", "name": "y", }\n',
  'deploy.sh': 'az keyvault create --name kv-open\n',
  'excluded/deploy.sh': 'az keyvault create --name kv-open\n',
  'excluded/vaultmoat.toml': '# az keyvault\nexclude = ["*.sh"]\n',
  'excluded/main.bicep': openBicep,
});
const all = await editor([files]);
after(async () => assert.equal(await all.stop(), 0));

const isOpen = (/** @type {Diagnostic[]} */ found) => found.some(({ code }) => code === 'public-vault');
const isClosed = (/** @type {Diagnostic[]} */ found) => !isOpen(found);
const everything = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

/** @param {string} uri @param {string[]} [only] @param {lsp.Range} [range] */
const actionsIn = async (uri, only, range = everything) =>
  /** @type {CodeAction[]} */ (
    await all.connection.sendRequest(lsp.CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    })
  );

/** The text of a hover. @param {string} uri @param {string} text */
const hovered = async (uri, text, { connection, at } = all) => {
  const found = await connection.sendRequest(lsp.HoverRequest.type, { textDocument: { uri }, position: at(uri, text) });
  return found === null ? undefined : /** @type {lsp.MarkupContent} */ (found.contents).value;
};

test('a finding has its range, severity, code, page and fixes', async () => {
  const uri = await all.open('open.json');
  const found = (await all.diagnostics(uri)).find(({ code }) => code === 'public-vault');
  const start = all.at(uri, '"Allow"');
  assert.deepEqual(found?.range, { start, end: { line: start.line, character: start.character + '"Allow"'.length } });
  assert.equal(found.severity, lsp.DiagnosticSeverity.Warning);
  assert.equal(found.source, 'vaultmoat');
  assert.match(found.codeDescription?.href ?? '', /public-vault/);
  assert.ok(found.data.fixes.length > 0);
  assert.equal(all.published.get(uri)?.version, 1);
  await all.replace(uri, '"sku"', '"publicNetworkAccess": "Disabled", "sku"');
  const closed = await all.diagnostics(uri, isClosed);
  assert.deepEqual(closed.find(({ code }) => code === 'ineffective-firewall-rule')?.tags, [lsp.DiagnosticTag.Unnecessary]);
  await all.close(uri);
});

test('a quick fix removes the finding, and so does typing it', async () => {
  const uri = await all.open('open.bicep');
  await all.diagnostics(uri, isOpen);
  const at = all.at(uri, `'Allow'`);
  const actions = await actionsIn(uri, [lsp.CodeActionKind.QuickFix], { start: at, end: at });
  const fix = actions.find(
    ({ diagnostics, title }) => diagnostics?.some(({ code }) => code === 'public-vault') && !/suppress/.test(title),
  );
  assert.ok(fix);
  assert.notEqual(fix.isPreferred, true, 'it changes which requests are allowed');
  assert.equal(all.edited(uri, fix.edit), openBicep.replace(`'Allow'`, `'Deny'`));
  await all.replace(uri, `'Allow'`, `'Deny'`);
  await all.diagnostics(uri, isClosed);
  await all.replace(uri, `'Deny'`, `'Allow'`);
  await all.diagnostics(uri, isOpen);
});

test('a suppression is written in the form of the language, and works', async () => {
  for (const [path, language] of [
    ['open.bicep', 'bicep'],
    ['crlf.bicep', 'bicep'],
    ['open.json', 'json'],
    ['tf/main.tf', 'terraform'],
  ]) {
    const uri = await all.open(path, {
      language,
      ...(path.endsWith('.tf') ? { text: terraform.replace('var.action', '"Allow"') } : {}),
    });
    await all.diagnostics(uri, isOpen);
    const actions = await actionsIn(uri, [lsp.CodeActionKind.QuickFix]);
    const suppress = actions.find(({ title }) => /suppress `public-vault`/.test(title));
    assert.ok(suppress, path);
    const before = all.text(uri);
    const after = all.edited(uri, suppress.edit);
    assert.equal(after.includes('\r\n'), before.includes('\r\n'));
    const moat = await createEngine();
    const project = moat.project();
    project.set(path, after);
    project.set('tf/terraform.tfvars', 'action = "Allow"\n');
    const rules = project.check().diagnostics.map(({ rule }) => rule);
    assert.ok(!rules.some((rule) => /public-vault|suppression|syntax/.test(rule)), `${path}: ${rules}\n${after}`);
    await all.close(uri);
  }
});

test('a suppression is added to existing ones', async () => {
  const text = openVault.replace(
    '"name": "kv-open",',
    '"name": "kv-open",\n      "metadata": { "vaultmoat": { "ignore": [{ "rule": "no-audit-log", "reason": "a demo" }] } },',
  );
  const uri = await all.open('entries.json', { text });
  await all.diagnostics(uri, isOpen);
  const suppress = (await actionsIn(uri)).find(({ title }) => /suppress `public-vault`/.test(title));
  const { metadata } = JSON.parse(all.edited(uri, suppress?.edit)).resources[0];
  assert.deepEqual(
    metadata.vaultmoat.ignore.map((/** @type {{ rule: string }} */ { rule }) => rule),
    ['no-audit-log', 'public-vault'],
  );
  await all.close(uri);
});

test('fix all applies the safe fixes, and only on request', async () => {
  const text = openBicep.replace(`[{ value: '203.0.113.7' }]`, `[{ value: '8.8.8.7/24' }]`).replace(`'Allow'`, `'Deny'`);
  const uri = await all.open('host-bits.bicep', { text });
  await all.diagnostics(uri, (found) => found.some(({ code }) => code === 'ip-rule-host-bits'));
  const [action, ...others] = await actionsIn(uri, [lsp.CodeActionKind.SourceFixAll]);
  assert.equal(action?.kind, 'source.fixAll.vaultmoat');
  assert.deepEqual(others, []);
  const moat = await createEngine();
  const project = moat.project();
  project.set('host-bits.bicep', text);
  assert.equal(all.edited(uri, action.edit), project.fix()[0].text);
  assert.ok(!(await actionsIn(uri)).some(({ kind }) => kind?.startsWith('source')));
  const preferred = (await actionsIn(uri)).filter(({ isPreferred }) => isPreferred);
  assert.ok(preferred.length > 0);
  await all.close(uri);
});

test('unsupported files, and files without a vault, have no diagnostics', async () => {
  const foreign = await all.open('package.json');
  const storage = await all.open('storage.bicep');
  const last = await all.open('open.json');
  await all.diagnostics(last, isOpen);
  assert.equal(all.published.has(foreign), false);
  assert.equal(all.published.has(storage), false);
  assert.deepEqual(await actionsIn(foreign), []);
  assert.equal(await hovered(foreign, 'name'), undefined);
});

test('an unsaved module changes the findings of its user, and the other way round', async () => {
  const module = await all.open('modules/vault.bicep');
  // The user of the module is only on the disk; its arguments decide.
  const main = all.uriOf('modules/main.bicep');
  await all.diagnostics(main, isOpen);
  await all.replace(module, 'defaultAction: action', `defaultAction: 'Deny'`);
  await all.diagnostics(main, isClosed);
  await all.replace(module, `defaultAction: 'Deny'`, `defaultAction: 'Allow'`);
  await all.diagnostics(module, isOpen);
  await all.replace(module, `defaultAction: 'Allow'`, 'defaultAction: action');
  await all.diagnostics(main, isOpen);
  await all.open('modules/main.bicep');
  await all.replace(main, `'Allow'`, `'Deny'`);
  await all.diagnostics(main, isClosed);
  // Closing without saving restores the text on the disk.
  await all.close(main);
  await all.diagnostics(main, isOpen);
  await all.close(module);
  await all.diagnostics(main, ({ length }) => length === 0);
});

test('a Terraform module is checked with the arguments of its caller', async () => {
  const module = await all.open('called/module/main.tf', { language: 'terraform' });
  const main = all.uriOf('called/main.tf');
  await all.diagnostics(main, isOpen);
  await all.replace(module, 'var.action', '"Deny"');
  await all.diagnostics(main, isClosed);
  await all.close(module);
  await all.diagnostics(main, ({ length }) => length === 0);
});

test('linked templates are read from the disk, and their findings are shown there', async () => {
  const main = await all.open('linked/main.json');
  const nested = all.uriOf('linked/nested/vault.json');
  await all.diagnostics(nested, isOpen);
  await all.close(main);
  await all.diagnostics(nested, ({ length }) => length === 0);
});

test('variable files beside a Terraform module are read, saved or not', async () => {
  const main = await all.open('tf/main.tf', { language: 'terraform' });
  const values = all.uriOf('tf/terraform.tfvars');
  await all.diagnostics(main, isOpen);
  await all.open('tf/terraform.tfvars', { language: 'terraform-vars' });
  await all.replace(values, 'Allow', 'Deny');
  await all.diagnostics(main, isClosed);
  await all.close(values);
  await all.diagnostics(main, isOpen);
  await all.close(main);
});

test('changes on the disk are read when the editor reports them', async () => {
  const main = await all.open('tf/main.tf', { language: 'terraform' });
  const values = all.uriOf('tf/terraform.tfvars');
  const more = all.uriOf('tf/more.auto.tfvars');
  await all.diagnostics(main, isOpen);
  const said = (/** @type {string} */ uri, /** @type {lsp.FileChangeType} */ type) =>
    all.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, { changes: [{ uri, type }] });
  writeFileSync(join(files, 'tf/terraform.tfvars'), 'action = "Deny"\n');
  await said(values, lsp.FileChangeType.Changed);
  await all.diagnostics(main, isClosed);
  writeFileSync(join(files, 'tf/more.auto.tfvars'), 'action = "Allow"\n');
  await said(more, lsp.FileChangeType.Created);
  await all.diagnostics(main, isOpen);
  rmSync(join(files, 'tf/more.auto.tfvars'));
  await said(more, lsp.FileChangeType.Deleted);
  await all.diagnostics(main, isClosed);
  await all.close(main);
});

test('a document that was never saved is checked by its language', async () => {
  const uri = 'untitled:Untitled-1';
  await all.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'bicep', version: 1, text: openBicep },
  });
  await all.diagnostics(uri, isOpen);
  await all.connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  await all.diagnostics(uri, ({ length }) => length === 0);
});

test('hover: the facts that a finding rests on', async () => {
  const uri = await all.open('open.json');
  await all.diagnostics(uri, isOpen);
  assert.match(
    (await hovered(uri, '"Allow"')) ?? '',
    /`public-vault` rests on .*\[F3\.22\]\(https:\/\/github\.com\/\S+\/facts\/3-decision\.md#f322\)/,
  );
  assert.doesNotMatch((await hovered(uri, 'resources')) ?? '', /rests on/);
  await all.close(uri);
});

test('hover: the network position of a vault, an address, a zone', async () => {
  const uri = await all.open('private.bicep');
  const vault = (await hovered(uri, 'resource vault')) ?? '';
  assert.match(vault, /public network access: `Disabled`/);
  assert.match(vault, /private endpoints: 1/);
  assert.match((await hovered(uri, 'defaultAction')) ?? '', /default action: `Deny`/);
  assert.equal(await hovered(uri, 'tenantId'), undefined);
  const address = (await hovered(uri, '10.30.1.0/24')) ?? '';
  assert.match(address, /256 addresses/);
  assert.match(address, /10\.30\.1\.0.* to .*10\.30\.1\.255/);
  assert.match(address, /network.*10\.30\.0\.0\/16/s);
  assert.match((await hovered(uri, 'privatelink.')) ?? '', /the private zone in which private endpoints of vaults register/);
});

test('definitions and references: from endpoint to vault, zone and subnet, and back', async () => {
  const uri = await all.open('private.bicep');
  /** @param {string} text */
  const definitions = async (text) => {
    const found = await all.connection.sendRequest(lsp.DefinitionRequest.type, {
      textDocument: { uri },
      position: all.at(uri, text),
    });
    return /** @type {lsp.Location[]} */ (found).map(({ range }) => range.start.line);
  };
  const lineOf = (/** @type {string} */ text) => all.at(uri, text).line;
  assert.deepEqual(await definitions('privateLinkServiceId'), [lineOf('resource vault')]);
  assert.deepEqual(await definitions('subnet: {'), [lineOf('resource endpoints')]);
  assert.deepEqual(await definitions('privateDnsZoneId'), [lineOf('resource zone ')]);
  assert.deepEqual(await definitions('virtualNetwork: {'), [lineOf('resource network')]);
  const back = await all.connection.sendRequest(lsp.ReferencesRequest.type, {
    textDocument: { uri },
    position: all.at(uri, 'resource vault'),
    context: { includeDeclaration: false },
  });
  assert.deepEqual(
    back?.map(({ range }) => range.start.line),
    [lineOf('resource endpoint ')],
  );
});

test('the lens of a vault leads to who can reach it', async () => {
  const uri = await all.open('open.bicep');
  const [lens] = (await all.connection.sendRequest(lsp.CodeLensRequest.type, { textDocument: { uri } })) ?? [];
  assert.ok(lens.command);
  const { command, arguments: words } = lens.command;
  const all_ = await all.connection.sendRequest(lsp.ExecuteCommandRequest.type, { command, arguments: words });
  const internet = all_.report.decisions.find((/** @type {{ from: string }} */ { from }) => from === 'internet');
  assert.equal(internet.outcome, 'allowed');
  assert.match(all_.markdown, /### kv-open/);
  // An editor that ignores results of commands shows a summary.
  assert.match(await all.until(() => all.messages[0]), /callers allowed/);
  const one = await all.connection.sendRequest(lsp.ExecuteCommandRequest.type, {
    command,
    arguments: [{ ...words?.[0], from: 'ip:203.0.113.7' }],
  });
  assert.equal(one.report.outcome, 'allowed');
  const model = await all.connection.sendRequest(lsp.ExecuteCommandRequest.type, {
    command: 'vaultmoat.model',
    arguments: [{ uri }],
  });
  assert.equal(model.report.vaults.length, 1);
  const plan = await all.connection.sendRequest(lsp.ExecuteCommandRequest.type, {
    command: 'vaultmoat.plan',
    arguments: [{ uri }],
  });
  assert.match(plan.markdown, /to private access/);
  await assert.rejects(
    all.connection.sendRequest(lsp.ExecuteCommandRequest.type, { command, arguments: [{ uri, vault: 'kv-gone' }] }),
    /kv-gone/,
  );
});

test('rapid edits: versions only grow, and the last one is shown', async () => {
  const uri = await all.open('rapid.bicep', { text: openBicep });
  let last = 1;
  for (let round = 0; round < 50; round++) {
    const [before, after] = round % 2 === 0 ? [`'Allow'`, `'Deny'`] : [`'Deny'`, `'Allow'`];
    last = await all.replace(uri, before, after);
    if (round % 10 === 0) await hovered(uri, 'resource vault');
  }
  await all.until(() => all.published.get(uri)?.version === last);
  assert.ok(isOpen(all.published.get(uri)?.diagnostics ?? []));
  const versions = all.history.filter((params) => params.uri === uri).map(({ version }) => version ?? 0);
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
  );
  await all.close(uri);
});

test('a cancelled request is answered as cancelled', async () => {
  const uri = await all.open('open.bicep');
  const source = new lsp.CancellationTokenSource();
  const asked = all.connection.sendRequest(
    lsp.HoverRequest.type,
    { textDocument: { uri }, position: all.at(uri, 'resource') },
    source.token,
  );
  source.cancel();
  await assert.rejects(asked, { code: lsp.LSPErrorCodes.RequestCancelled });
});

test('settings and vaultmoat.toml apply, and an invalid one is reported with its line', async () => {
  const cwd = folder({ 'main.bicep': openBicep, 'more.bicep': openBicep.replace('open', 'more') });
  const one = await editor([cwd], { settings: { profile: 'strict', inlayHints: true }, snippets: true });
  const uri = await one.open('main.bicep');
  await one.diagnostics(uri, (found) => isOpen(found) && found.some(({ code }) => code === 'no-private-endpoint'));
  const said = (/** @type {string} */ text) => {
    writeFileSync(join(cwd, 'vaultmoat.toml'), text);
    return one.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: pathToFileURL(join(cwd, 'vaultmoat.toml')).href, type: lsp.FileChangeType.Changed }],
    });
  };
  await said('[[ignore]]\nrule = "public-vault"\nresource = "*"\nreason = "a demo"\n');
  await one.diagnostics(uri, isClosed);
  await said('[[ignore]]\nrule = "public-vault"\nresorce = "*"\n');
  const configuration = pathToFileURL(join(cwd, 'vaultmoat.toml')).href;
  const [problem] = await one.diagnostics(configuration);
  assert.deepEqual(
    [problem.message, problem.range.start],
    ['unknown key `resorce` in `ignore`; did you mean `resource`?', { line: 2, character: 0 }],
  );
  // The user's settings still apply.
  await one.diagnostics(uri, (found) => isOpen(found) && found.some(({ code }) => code === 'no-private-endpoint'));
  await said('[[ignore]]\nrule = "public-vault"\nresource = "*"\nreason = "a demo"\nuntil = 2020-01-31\n');
  await one.diagnostics(configuration, ([expired]) => /expired after/.test(JSON.stringify(expired?.message ?? '')));
  await said('');
  await one.diagnostics(uri, isOpen);
  await one.diagnostics(configuration, ({ length }) => length === 0);
  assert.deepEqual(one.messages, []);
  const hints = await one.connection.sendRequest(lsp.InlayHintRequest.type, { textDocument: { uri }, range: everything });
  assert.deepEqual(
    hints?.map(({ label, position }) => [label, position.line]),
    [['publicNetworkAccess: Enabled', 0]],
  );
  const actions = await one.connection.sendRequest(lsp.CodeActionRequest.type, {
    textDocument: { uri },
    range: everything,
    context: { diagnostics: [] },
  });
  const suppress = /** @type {CodeAction[]} */ (actions).find(({ title }) => /suppress `public-vault`/.test(title));
  assert.match(JSON.stringify(suppress?.edit), /vaultmoat-ignore public-vault: \$\{1:/);
  one.settings['profile'] = 'recommended';
  await one.connection.sendNotification(lsp.DidChangeConfigurationNotification.type, { settings: null });
  await one.diagnostics(uri, (found) => isOpen(found) && !found.some(({ code }) => code === 'no-private-endpoint'));
  assert.equal(await one.stop(), 0);
});

test('each template has the nearest configuration, with patterns from its own folder', async () => {
  const entry = '[[ignore]]\nrule = "public-vault"\nfile = "/main.bicep"\nreason = "a demo"\n';
  const cwd = folder({
    'infra/a/main.bicep': openBicep,
    'infra/a/vaultmoat.toml': entry,
    'infra/b/main.bicep': openBicep,
    'infra/b/sub/main.bicep': openBicep,
    'infra/c/main.bicep': openBicep,
    'vaultmoat.toml': 'exclude = ["/infra/c"]\n',
    'infra/vaultmoat.toml': entry.replace('/main', '/b/main'),
  });
  // In a folder below and in one above, whatever folder the server runs in.
  for (const open of ['infra', 'infra/b']) {
    const one = await editor([join(cwd, open)]);
    const show = async (/** @type {string} */ path) => {
      const uri = pathToFileURL(join(cwd, path)).href;
      const textDocument = { uri, languageId: 'bicep', version: 1, text: openBicep };
      await one.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument });
      return uri;
    };
    await one.diagnostics(await show('infra/b/sub/main.bicep'), isOpen);
    for (const path of ['infra/a/main.bicep', 'infra/b/main.bicep']) await one.diagnostics(await show(path), isClosed);
    await one.diagnostics(await show('infra/c/main.bicep'), isOpen);
    assert.equal(await one.stop(), 0);
  }
  writeFileSync(join(cwd, 'infra/vaultmoat.toml'), 'exclude = ["/c"]\n');
  const one = await editor([cwd]);
  const excluded = await one.open('infra/c/main.bicep');
  await one.diagnostics(await one.open('infra/b/main.bicep'), isOpen);
  assert.equal(one.published.get(excluded), undefined);
  assert.equal(await one.stop(), 0);
});

test('the cache of modules depends on the folder of the template, not on that of the server', async () => {
  const cwd = folder({
    'infra/main.bicep': "module vault 'br:contoso.azurecr.io/vault:v1' = {\n  name: 'vault'\n}\n",
    'infra/bicepconfig.json': '{\n  "cacheRootDirectory": "../cache"\n}\n',
    'cache/br/contoso.azurecr.io/vault/v1$/main.json': openVault,
  });
  const one = await editor([cwd]);
  await one.diagnostics(await one.open('infra/main.bicep'), isOpen);
  assert.equal(await one.stop(), 0);
});

test('a crash of the engine is reported once, and everything else continues', async () => {
  const cwd = folder({ 'main.bicep': openBicep, 'other.json': openVault });
  const trap = new URL('trap.js', import.meta.url).href;
  const one = await editor([cwd], { nodeOptions: ['--import', trap] });
  const uri = await one.open('main.bicep');
  await one.diagnostics(uri, isOpen);
  await one.replace(uri, 'kv-open', 'TRAP');
  await one.until(() => one.messages.length > 0);
  assert.match(one.messages[0], /the engine crashed at .*main\.bicep/);
  await one.replace(uri, `'Allow'`, `'Deny'`);
  const other = await one.open('other.json');
  await one.diagnostics(other, isOpen);
  await one.replace(uri, 'TRAP', 'kv-closed');
  await one.diagnostics(uri, isClosed);
  assert.equal(one.messages.length, 1);
  // The request that crashes it has no answer, the next one has.
  const lenses = (/** @type {string} */ uri) => one.connection.sendRequest(lsp.CodeLensRequest.type, { textDocument: { uri } });
  await one.replace(other, 'kv-open', 'SNARE');
  assert.deepEqual(await lenses(other), []);
  assert.match(one.messages[1], /the engine crashed at .*other\.json/);
  assert.equal((await lenses(uri))?.length, 1);
  await one.replace(other, '"Allow"', '"Deny"');
  await one.diagnostics(other, isClosed);
  await one.replace(other, 'SNARE', 'kv-open');
  assert.equal((await lenses(other))?.length, 1);
  assert.equal(await one.stop(), 0);
});

test('an open file that mentions a vault and is not read says so, until it mentions none', async () => {
  const uri = await all.open('deploy.sh');
  const [found, ...others] = await all.diagnostics(uri);
  assert.deepEqual([found.code, found.severity, others], ['not-read', lsp.DiagnosticSeverity.Information, []]);
  assert.deepEqual(found.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
  await all.replace(uri, 'keyvault', 'storage');
  await all.diagnostics(uri, ({ length }) => length === 0);
  // Excluded ones, the configuration, and other files stay silent.
  const silent = [];
  for (const path of ['excluded/deploy.sh', 'excluded/vaultmoat.toml', 'package.json']) silent.push(await all.open(path));
  await all.diagnostics(await all.open('excluded/main.bicep'), isOpen);
  for (const uri of silent) assert.deepEqual(all.published.get(uri)?.diagnostics ?? [], []);
});

test('several folders, and a document outside of them', async () => {
  const [a, b, c] = [1, 2, 3].map(() => folder({ 'main.bicep': openBicep }));
  writeFileSync(join(b, 'vaultmoat.toml'), '[[ignore]]\nrule = "public-vault"\nresource = "*"\nreason = "a demo"\n');
  const one = await editor([a, b]);
  for (const path of [a, b, c]) {
    const uri = pathToFileURL(join(path, 'main.bicep')).href;
    await one.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'bicep', version: 1, text: openBicep },
    });
    await one.diagnostics(uri, (found) => isOpen(found) === (path !== b));
  }
  const gone = { uri: pathToFileURL(b).href, name: 'b' };
  await one.connection.sendNotification(lsp.DidChangeWorkspaceFoldersNotification.type, {
    event: { added: [], removed: [gone] },
  });
  await one.diagnostics(pathToFileURL(join(a, 'main.bicep')).href, isOpen);
  assert.equal(await one.stop(), 0);
});

test('addresses are distinguished from versions, names and other numbers', () => {
  const at = (/** @type {string} */ line, /** @type {string} */ text) => literalAt(line, line.indexOf(text))?.text;
  assert.equal(at("value: '8.8.8.8/32'", '8.8.8.8'), '8.8.8.8/32');
  assert.equal(at('"2001:db8::/32"', '2001'), '2001:db8::/32');
  assert.equal(at('"contentVersion": "1.0.0.0"', '1.0.0.0'), undefined);
  assert.equal(at('"999.0.0.1"', '999'), undefined);
  assert.equal(at('1.2.3', '1.2.3'), undefined);
  assert.equal(at('a::b', 'a::b'), 'a::b');
  assert.equal(at('network::endpoints', 'network'), undefined);
});

test('a range is described by its size, ends and kind', async () => {
  const model = (await createEngine()).project().model();
  const of = (/** @type {string} */ text) => describe(text, model).join('\n');
  assert.match(of('10.0.0.0/8'), /16,777,216 addresses, private/);
  assert.match(of('8.8.8.8'), /one address, public/);
  assert.match(of('8.8.8.77/24'), /starts at `8\.8\.8\.0`/);
  assert.match(of('0.0.0.0/0'), /4,294,967,296 addresses, all of IPv4/);
  assert.match(of('9.0.0.0/7'), /`8\.0\.0\.0` to `9\.255\.255\.255`/);
  assert.match(of('203.0.113.7'), /reserved/);
  assert.match(of('2001:4860::/32'), /IPv4 only/);
});

test('the zones agree with those of the engine', async () => {
  const moat = await createEngine();
  for (const cloud of /** @type {(keyof typeof CLOUDS)[]} */ (Object.keys(CLOUDS))) {
    for (const { name, cloud: its, isPrivate } of ZONES) {
      const project = moat.project({ cloud });
      project.set('main.bicep', privateVault.replace('privatelink.vaultcore.azure.net', name));
      const rules = project.check().diagnostics.map(({ rule }) => rule);
      if (isPrivate) assert.equal(rules.includes('dns-zone-cloud-mismatch'), its !== cloud, `${name} in ${cloud}`);
      else
        assert.ok(
          rules.some((rule) => /overridden-public-zone|dns-zone|wrong-dns/.test(rule)),
          `${name} in ${cloud}: ${rules}`,
        );
      assert.equal(/wrong cloud/.test(describeZone(name, cloud).join('\n')), its !== cloud);
    }
  }
  assert.match(describeZone('privatelink.vault.azure.net', 'public').join('\n'), /do not resolve/);
});
