import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { createEngine } from 'vaultmoat';
import { readConfig } from '../dist/config/config.js';
import { configSchema, fault } from '../dist/config/settings.js';
import { folder, run } from './command.js';
import { openBicep, openVault } from './templates.js';

const ADDRESS = 'Microsoft.KeyVault/vaults/kv-open';
const MEANT = `[[ignore]]
rule = "public-vault"
resource = "${ADDRESS}"
reason = "public by design"
`;

/** The findings of a check, as `file:line rule`. @param {string} cwd @param {string[]} words */
function found(cwd, ...words) {
  const { status, stdout, stderr } = run(cwd, ['check', '--format', 'json', '--fail-on', 'never', ...words]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout).diagnostics.map(
    (/** @type {import('vaultmoat').Diagnostic} */ { file, rule, range }) => `${file}:${range.start.line + 1} ${rule}`,
  );
}

/** @param {string[]} found */
const rules = (found) => found.map((line) => line.split(' ')[1]);

test('the address in these tests is the one that is reported', async () => {
  const project = (await createEngine()).project();
  project.set('main.json', openVault);
  const finding = project.check().diagnostics.find(({ rule }) => rule === 'public-vault');
  assert.equal(finding?.resource?.address, ADDRESS);
});

test('a finding that the configuration ignores is not reported', () => {
  const cwd = folder({ 'main.json': openVault, 'vaultmoat.toml': MEANT });
  assert.ok(!rules(found(cwd)).includes('public-vault'));
  assert.ok(!rules(found(cwd, 'main.json')).includes('public-vault'));
  assert.ok(rules(found(folder({ 'main.json': openVault }))).includes('public-vault'));
});

test('the nearest configuration above counts, within the repository', () => {
  const cwd = folder({ 'vaultmoat.toml': MEANT, 'near/main.json': openVault, 'other/main.json': openVault });
  mkdirSync(join(cwd, 'other/.git'));
  assert.ok(!rules(found(join(cwd, 'near'))).includes('public-vault'));
  assert.ok(rules(found(join(cwd, 'other'))).includes('public-vault'));
});

test('a configuration that is named is taken instead', () => {
  const cwd = folder({ 'main.json': openVault, 'vaultmoat.toml': MEANT, 'ci/strict.toml': '' });
  assert.ok(rules(found(cwd, '--config', 'ci/strict.toml')).includes('public-vault'));
});

test('an unused entry is reported at its line, if all files that it could match were checked', () => {
  const text = `# why\n\n${MEANT}\n${MEANT.replace('kv-open', 'kv-gone')}`;
  const cwd = folder({ 'main.json': openVault, 'vaultmoat.toml': text, 'sub/main.json': openVault });
  const unused = (/** @type {string[]} */ found) => found.filter((line) => line.endsWith('unused-suppression'));
  assert.deepEqual(unused(found(cwd)), ['vaultmoat.toml:8 unused-suppression']);
  assert.deepEqual(unused(found(cwd, 'main.json')), []);
  assert.deepEqual(unused(found(join(cwd, 'sub'))), []);
  const { stdout } = run(cwd, ['check']);
  assert.match(
    stdout,
    /`public-vault` finds nothing in `Microsoft.KeyVault\/vaults\/kv-gone`\n.*vaultmoat.toml:8:1\n(.*\n)*8 │ \[\[ignore\]\]/,
  );
});

test('a broken configuration is one clear line with the file and the line, and exit 2', () => {
  for (const [text, message] of /** @type {[string, RegExp][]} */ ([
    ['[[ignore]\n', /^vaultmoat: vaultmoat\.toml:1:\d+: /],
    ['\nignores = []\n', /^vaultmoat: vaultmoat\.toml:2: unknown key `ignores`; did you mean `ignore`\?$/],
    ['zzz = 1\n', /^vaultmoat: vaultmoat\.toml:1: unknown key `zzz`: the keys are `profile`, `cloud`, .*`ignore`$/],
    ['ignore = "all"\n', /^vaultmoat: vaultmoat\.toml:1: `ignore` must be a list of tables, written `\[\[…\]\]`, not a string$/],
    [`${MEANT}reson = "x"\n`, /^vaultmoat: vaultmoat\.toml:5: unknown key `reson` in `ignore`; did you mean `reason`\?$/],
    [`${MEANT}place = "x"\n`, /^vaultmoat: vaultmoat\.toml:5: unknown key `place` in `ignore`: the keys are `rule`, /],
    [
      'profile = "stict"\n',
      /^vaultmoat: vaultmoat\.toml:1: `profile` must be one of `recommended`, `strict`, not `stict`; did you mean `strict`\?$/,
    ],
    [
      '[rules]\npublic-vault = "on"\n',
      /^vaultmoat: vaultmoat\.toml:2: `public-vault` of `rules` must be one of `off`, `info`, `warning`, `error`, not `on`/,
    ],
    [
      '[rules]\nsyntax = "off"\npublic-valt = "off"\n',
      /^vaultmoat: vaultmoat\.toml:3: unknown key `public-valt` in `rules`; did you mean `public-vault`\?$/,
    ],
    ['[rules]\nzzz = "off"\n', /:2: unknown key `zzz` in `rules`: `vaultmoat rules` lists the rules$/],
    [
      '[rules]\nbroad-ip-rule = { prefix = 40 }\n',
      /:2: `prefix` of `broad-ip-rule` of `rules` must be a number from 0 to 32, not 40$/,
    ],
    ['[rules]\npublic-vault = { prefix = 8 }\n', /:2: `public-vault` of `rules` must be one of .*, not a table$/],
    ['[rules]\nbroad-ip-rule = 7\n', /:2: `broad-ip-rule` of `rules` must be a string or a table, not 7$/],
    [
      '[environment]\n\npolicy-managed-dns = "yes"\n',
      /:3: `policy-managed-dns` of `environment` must be true or false, not a string$/,
    ],
    ['environment.on-premise = []\n', /:1: unknown key `on-premise` in `environment`; did you mean `on-premises`\?$/],
    ['[environment]\non-premises = ["10.0.0.0/33"]\n', /:2: `on-premises` of `environment`: `10\.0\.0\.0\/33` /],
    ['[environment]\ndns-forwarders = ["10.0.0.4", "dns"]\n', /:2: `dns-forwarders` of `environment`: `dns` is/],
    ['include = "*.json"\n', /:1: `include` must be a list of strings, not a string$/],
    ['complete = 1\n', /:1: `complete` must be true or false, not 1$/],
    [
      `${MEANT}until = 2027-01-31T00:00:00Z\n`,
      /:5: `until` of `ignore` must be a date such as 2027-01-31, not `2027-01-31T00:00:00\.000Z`$/,
    ],
    [`${MEANT}until = "2027-02-30"\n`, /:5: `until` of `ignore` must be a date such as 2027-01-31/],
    [`${MEANT}file = "!x"\n`, /:5: `file` of `ignore`: a pattern for paths is needed/],
    [MEANT.replace(/^resource.*\n/m, ''), /:1: `resource` of `ignore`: the address of a resource is needed/],
    [
      `${MEANT}${MEANT.replace('public-vault', 'public-valut')}`,
      /^vaultmoat: vaultmoat\.toml:6: `rule` of `ignore` must be the name of a rule, not `public-valut`; did you mean `public-vault`\?$/,
    ],
    [MEANT.replace(/^reason.*\n/m, ''), /^vaultmoat: vaultmoat\.toml:1: `reason` of `ignore` is missing$/],
    [MEANT.replace(/"public by design"/, '7'), /^vaultmoat: vaultmoat\.toml:4: `reason` of `ignore` must be a string, not 7$/],
  ])) {
    const { status, stdout, stderr } = run(folder({ 'main.json': openVault, 'vaultmoat.toml': text }), ['check']);
    assert.equal(status, 2, text);
    assert.equal(stdout, '');
    assert.match(stderr.trimEnd(), message);
  }
  const { status, stderr } = run(folder({}), ['check', '--config', 'nowhere.toml']);
  assert.equal(status, 2);
  assert.match(stderr, /^vaultmoat: nowhere\.toml: there is no such file or folder$/m);
});

/** Severities of the findings of a rule. @param {string} cwd @param {string} rule @param {string[]} words */
function severities(cwd, rule, ...words) {
  const { status, stdout, stderr } = run(cwd, ['check', '--format', 'json', '--fail-on', 'never', ...words]);
  assert.equal(status, 0, stderr);
  const { diagnostics } = JSON.parse(stdout);
  return diagnostics
    .filter((/** @type {import('vaultmoat').Diagnostic} */ found) => found.rule === rule)
    .map((/** @type {import('vaultmoat').Diagnostic} */ { severity }) => severity);
}

test('the configuration sets the severity of a rule, or disables it', () => {
  const of = (/** @type {string} */ level) =>
    severities(folder({ 'main.json': openVault, 'vaultmoat.toml': `[rules]\npublic-vault = "${level}"\n` }), 'public-vault');
  assert.deepEqual(of('error'), ['error']);
  assert.deepEqual(of('info'), ['info']);
  assert.deepEqual(of('off'), []);
});

test('a rule with an option takes a table', () => {
  const text = openVault.replace('203.0.113.7', '20.1.0.0/18').replace('"Allow"', '"Deny"');
  const of = (/** @type {string} */ table) =>
    severities(folder({ 'main.json': text, 'vaultmoat.toml': `[rules]\nbroad-ip-rule = ${table}\n` }), 'broad-ip-rule');
  assert.deepEqual(of('"warning"'), []);
  assert.deepEqual(of('{ severity = "warning", prefix = 20 }'), ['warning']);
});

test('the command line overrides the configuration', () => {
  const cwd = folder({
    'main.json': openVault,
    'broad.json': openVault.replace('203.0.113.7', '20.0.0.0/8').replace('"Allow"', '"Deny"'),
    'vaultmoat.toml': 'profile = "strict"\nfail-on = "never"\ncomplete = true\ncloud = "usgov"\n',
  });
  const count = (/** @type {string[]} */ ...words) => found(cwd, ...words).length;
  assert.ok(count() > count('--profile', 'recommended'));
  assert.equal(run(cwd, ['check']).status, 0);
  assert.equal(run(cwd, ['check', '--fail-on', 'warning']).status, 1);
  // Without `complete`, other files may declare an endpoint of the vault.
  const closed = openVault.replace('"Allow"', '"Deny"').replace('203.0.113.7', '20.50.1.7');
  const unlinked = folder({ 'main.json': closed, 'vaultmoat.toml': 'complete = true\n' });
  const undecided = (/** @type {string[]} */ ...words) =>
    JSON.parse(run(unlinked, ['check', '--format', 'json', '--profile', 'strict', ...words]).stdout);
  assert.notDeepEqual(undecided(), undecided('--no-complete'));
  const plain = folder({ 'main.json': closed });
  assert.deepEqual(
    undecided('--no-complete'),
    JSON.parse(run(plain, ['check', '--format', 'json', '--profile', 'strict']).stdout),
  );
});

test('each file has the nearest configuration above it, in one report', () => {
  const off = '[rules]\npublic-vault = "off"\n';
  const cwd = folder({
    'vaultmoat.toml': '[rules]\npublic-vault = "error"\n',
    'a/vaultmoat.toml': off,
    'a/deep/main.json': openVault,
    'b/main.json': openVault,
    'c/package.json': JSON.stringify({ name: 'c', vaultmoat: { rules: { 'public-vault': 'info' } } }, undefined, 2),
    'c/main.json': openVault,
    'd/package.json': '{ "name": "d" }',
    'd/main.json': openVault,
  });
  const all = JSON.parse(run(cwd, ['check', '--format', 'json']).stdout);
  const open = all.diagnostics.filter((/** @type {{ rule: string }} */ { rule }) => rule === 'public-vault');
  assert.deepEqual(
    open.map((/** @type {{ file: string, severity: string }} */ { file, severity }) => `${file} ${severity}`),
    ['b/main.json error', 'c/main.json info', 'd/main.json error'],
  );
  assert.equal(all.summary.files, 4);
  assert.equal(all.summary.vaults, 4);
  assert.equal(
    all.summary.errors,
    all.diagnostics.filter((/** @type {{ severity: string }} */ found) => found.severity === 'error').length,
  );
  // From any folder.
  assert.deepEqual(severities(join(cwd, 'b'), 'public-vault', '../a', '../c'), ['info']);
  assert.deepEqual(severities(cwd, 'public-vault', '--config', 'a/vaultmoat.toml'), []);
});

test('empty configurations do not change the report', () => {
  const open = openBicep.replace("'Allow'", 'action').replace(/^/, 'param action string\nparam more array\n');
  const files = {
    'a/main.json': openVault,
    'a/z.bicep': open,
    'b/main.bicep': openBicep,
    'b/x.bicep': open.replace("'203.0.113.7'", 'more[0]'),
    'b/broken.bicep': 'param x string =\n',
    'é/main.json': openVault,
    'é/main.tf': 'variable "x" {}\nresource "azurerm_key_vault" "kv" {\n  name = var.x\n}\n',
    '\u{10000}/main.json': openVault,
    '\uffee/main.json': openVault,
  };
  const report = (/** @type {object} */ more) => run(folder({ ...files, ...more }), ['check', '--format', 'json']).stdout;
  const plain = report({});
  assert.ok(JSON.parse(plain).undecided.length > 3);
  const each = ['a', 'é', '\u{10000}', '\uffee'].map((name) => [`${name}/vaultmoat.toml`, '']);
  assert.equal(report(Object.fromEntries(each)), plain);
});

test('a module is checked with the template that uses it', () => {
  const files = {
    'apps/main.bicep': "module vault '../shared/vault.bicep' = { name: 'vault' }\n",
    'shared/vault.bicep': openBicep,
  };
  const plain = run(folder(files), ['check', '--format', 'json']).stdout;
  assert.equal(run(folder({ ...files, 'apps/vaultmoat.toml': '' }), ['check', '--format', 'json']).stdout, plain);
  const off = folder({ ...files, 'apps/vaultmoat.toml': '[rules]\npublic-vault = "off"\n', 'shared/vaultmoat.toml': '' });
  assert.deepEqual(severities(off, 'public-vault'), []);
  assert.deepEqual(severities(off, 'public-vault', 'shared'), ['warning']);
});

test('each finding fails by the `fail-on` of its configuration', () => {
  const files = {
    'a/main.json': openVault,
    'a/vaultmoat.toml': 'fail-on = "never"\n',
    'b/vaultmoat.toml': 'fail-on = "error"\n',
  };
  assert.equal(run(folder(files), ['check']).status, 0);
  assert.equal(run(folder({ ...files, 'c/main.json': openVault }), ['check']).status, 1);
});

test('fixes reach the files of every configuration', () => {
  const cwd = folder({ 'a/main.json': openVault, 'a/vaultmoat.toml': '', 'main.json': openVault });
  run(cwd, ['check', '--unsafe-fixes', '--fail-on', 'never']);
  assert.deepEqual(severities(cwd, 'public-vault'), []);
});

test('include and exclude select files of a folder, and a named file is always checked', () => {
  const cwd = folder({
    '.git/HEAD': '',
    '.gitignore': 'built/\n',
    'vaultmoat.toml': 'include = ["infra/", "built/", "*.bicep"]\nexclude = ["legacy/**", "*.generated.json"]\n',
    'infra/main.json': openVault,
    'infra/legacy/main.json': openVault,
    'legacy/main.json': openVault,
    'legacy/main.bicep': openBicep,
    'infra/x.generated.json': openVault,
    'built/main.json': openVault,
    'main.json': openVault,
    'deep/er/main.bicep': openBicep,
  });
  const files = (/** @type {string} */ at, /** @type {string[]} */ ...words) =>
    JSON.parse(run(join(cwd, at), ['check', '--format', 'json', ...words]).stdout).files.map(
      (/** @type {{ path: string }} */ { path }) => path,
    );
  assert.deepEqual(files('.'), ['deep/er/main.bicep', 'infra/legacy/main.json', 'infra/main.json']);
  assert.deepEqual(files('infra'), ['legacy/main.json', 'main.json']);
  assert.deepEqual(files('.', 'legacy/main.json'), ['legacy/main.json']);
});

test('an entry can match files, from any folder', () => {
  const entry = `[[ignore]]\nrule = "public-vault"\nfile = "apps/*.json"\nreason = "a demo"\n`;
  const files = { 'apps/main.json': openVault, 'other/main.json': openVault };
  const cwd = folder({ ...files, 'vaultmoat.toml': entry });
  assert.equal(severities(cwd, 'public-vault').length, 1);
  assert.equal(severities(join(cwd, 'apps'), 'public-vault').length, 0);
  assert.equal(severities(join(cwd, 'other'), 'public-vault').length, 1);
  assert.equal(severities(cwd, 'public-vault', 'apps').length, 0);
  const below = folder({ 'in/apps/main.json': openVault, 'in/x/main.json': openVault, 'in/vaultmoat.toml': entry });
  assert.equal(severities(below, 'public-vault').length, 1);
  assert.equal(severities(below, 'public-vault', 'in/apps').length, 0);
  const anywhere = folder({ 'in/x/main.json': openVault, 'in/vaultmoat.toml': entry.replace('apps/*.json', 'main.json') });
  assert.equal(severities(anywhere, 'public-vault').length, 0);
});

test('an entry applies until the end of its day, and is then reported', () => {
  const cwd = (/** @type {string} */ until) => folder({ 'main.json': openVault, 'vaultmoat.toml': `${MEANT}until = ${until}\n` });
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  for (const until of ['2999-12-31', '"2999-12-31"', today]) {
    assert.deepEqual(severities(cwd(until), 'public-vault'), [], until);
    assert.equal(run(cwd(until), ['check']).stderr, '');
  }
  const { status, stderr } = run(cwd('2020-02-29'), ['check']);
  assert.equal(status, 1);
  assert.equal(stderr, 'vaultmoat: vaultmoat.toml:1: the entry for `public-vault` expired after 2020-02-29 (public by design)\n');
});

test('settings of the environment decide questions', () => {
  const endpoint = `resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe'
  location: 'westeurope'
  properties: {
    subnet: { id: resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'pe') }
    privateLinkServiceConnections: [
      { name: 'one', properties: { groupIds: ['vault'], privateLinkServiceId: resourceId('Microsoft.KeyVault/vaults', 'kv') } }
    ]
  }
}
`;
  const of = (/** @type {string} */ config) =>
    severities(folder({ 'main.bicep': endpoint, 'vaultmoat.toml': config }), 'no-dns-registration').length;
  assert.equal(of(''), 1);
  assert.equal(of('[environment]\npolicy-managed-dns = true\n'), 0);
  const every = `[environment]\npolicy-managed-dns = true\ndns-forwarders = ["10.0.0.4"]\non-premises = ["10.0.0.0/8"]
runner-addresses = ["20.1.2.3"]\nrunner-subnets = ["agents"]\n`;
  assert.equal(of(every), 0);
});

test('the other commands use the configuration too', () => {
  const cwd = folder({ 'a/main.json': openVault, 'a/vaultmoat.toml': 'profil = 1\n' });
  for (const words of [
    ['model', 'a'],
    ['explain', 'a/main.json'],
    ['plan', 'a'],
  ]) {
    const { status, stderr } = run(cwd, words);
    assert.equal(status, 2);
    assert.match(stderr, /^vaultmoat: a\/vaultmoat\.toml:1: unknown key `profil`; did you mean `profile`\?$/m);
  }
});

test('an error in a package.json is reported with its line', () => {
  const text = JSON.stringify({ name: 'x', profile: 1, vaultmoat: { profile: 'lax' } }, undefined, 2);
  const { status, stderr } = run(folder({ 'main.json': openVault, 'package.json': text }), ['check']);
  assert.equal(status, 2);
  assert.match(stderr, /^vaultmoat: package\.json:5: `profile` must be one of `recommended`, `strict`, not `lax`$/m);
});

test('init writes every setting with its default, which does not change the report', async () => {
  // A region that only one cloud has determines the cloud.
  const government = `resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-gov'
  location: 'usgovvirginia'
  properties: { tenantId: tenant().tenantId, sku: { family: 'A', name: 'standard' } }
}
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}
`;
  const files = { 'main.json': openVault, 'government.bicep': government };
  const cwd = folder(files);
  assert.equal(run(cwd, ['init']).status, 0);
  const text = readFileSync(join(cwd, 'vaultmoat.toml'), 'utf8');
  const said = run(cwd, ['check', '--format', 'json']);
  assert.deepEqual(said, run(folder(files), ['check', '--format', 'json']));
  assert.match(said.stdout, /dns-zone-cloud-mismatch/);
  const { status, stderr } = run(cwd, ['init']);
  assert.equal(status, 2);
  assert.match(stderr, /^vaultmoat: vaultmoat\.toml: already exists$/m);
  assert.equal(readFileSync(join(cwd, 'vaultmoat.toml'), 'utf8'), text);
  const properties = configSchema((await createEngine()).rules()).properties ?? {};
  const keys = Object.entries({ ...properties, ...properties['environment']?.properties });
  for (const [key, { type, items, default: value }] of keys) {
    if (key === 'cloud') assert.match(text, /\n# cloud = "public"\n/);
    else if (items?.type === 'object') assert.ok(text.includes(`# [[${key}]]\n`), key);
    else if (type === 'object') assert.ok(text.includes(`\n[${key}]\n`), key);
    else assert.ok(text.includes(`\n${key} = ${JSON.stringify(value)}\n`), key);
  }
  // The examples in comments are valid too.
  const shown = folder({ 'vaultmoat.toml': text.replace(/^# (?=\[\[|[a-z-]+ = )/gm, '').replace('2027', '2999') });
  const { stdout, stderr: wrong } = run(shown, ['check', '--format', 'json', '--no-errors-on-unmatched']);
  assert.equal(wrong, '');
  assert.deepEqual(rules(JSON.parse(stdout).diagnostics.map((/** @type {{ rule: string }} */ { rule }) => ` ${rule}`)), [
    'unused-suppression',
  ]);
});

test('the schema in the package is the one that validates configurations', async () => {
  const schema = configSchema((await createEngine()).rules());
  const shipped = JSON.parse(readFileSync(new URL('../schema/config.json', import.meta.url), 'utf8'));
  assert.deepEqual(shipped, JSON.parse(JSON.stringify(schema)));
  const validate = new Ajv({ allErrors: true }).compile(shipped);
  for (const [value, isRight] of /** @type {[object, boolean][]} */ ([
    [{}, true],
    [{ profile: 'strict', include: ['*.json'], rules: { 'broad-ip-rule': { prefix: 20 }, 'public-vault': 'off' } }, true],
    [{ environment: { 'dns-forwarders': true }, ignore: [{ rule: 'public-vault', reason: 'x', until: '2027-01-31' }] }, true],
    [{ environment: { 'dns-forwarders': ['10.0.0.4'] } }, true],
    [{ profil: 'strict' }, false],
    [{ profile: 'lax' }, false],
    [{ complete: 'yes' }, false],
    [{ include: '*.json' }, false],
    [{ include: [7] }, false],
    [{ rules: { 'public-valt': 'off' } }, false],
    [{ rules: { 'public-vault': { severity: 'off' } } }, false],
    [{ rules: { 'broad-ip-rule': { prefix: 20.5 } } }, false],
    [{ rules: { 'broad-ip-rule': { prefix: 33 } } }, false],
    [{ environment: { 'dns-forwarders': 'yes' } }, false],
    [{ ignore: [{ rule: 'public-vault' }] }, false],
    [{ ignore: [{ rule: 'public-vault', reason: 'x', until: 'soon' }] }, false],
    [{ ignore: {} }, false],
  ])) {
    assert.equal(validate(value), isRight, JSON.stringify(value));
    assert.equal(fault(schema, value) === undefined, isRight, JSON.stringify(value));
  }
});

test('the library names the invalid property of an entry', async () => {
  const moat = await createEngine();
  const refused = (/** @type {object} */ entry, /** @type {RegExp} */ message) =>
    // @ts-expect-error the entry is wrong
    assert.throws(() => moat.project({ ignore: [entry] }), { name: 'TypeError', message });
  refused({ rule: 'public-valut', resource: '*', reason: 'x' }, /^option `ignore\[0\]\.rule`: there is no rule `public-valut`/);
  refused({ rule: 'public-vault', resource: '*' }, /^option `ignore\[0\]\.reason`: a reason is needed/);
  refused({ rul: 'public-vault' }, /^unknown option `ignore\[0\]\.rul`/);
  const project = moat.project({ ignore: [{ rule: 'public-vault', resource: '*', reason: 'a demo' }] });
  project.set('main.json', openVault);
  assert.ok(!project.check().diagnostics.some(({ rule }) => rule === 'public-vault'));
});

test('tens of thousands of entries are read, and thousands of findings compared with them, in a moment', async () => {
  const entry = (/** @type {number} */ at) =>
    `[[ignore]]\nrule = "public-vault"\nresource = "kv${at}"\nfile = "**/a*b*c*${at}"\nreason = "x"\n`;
  const entries = Array.from({ length: 20_000 }, (_, at) => entry(at)).join('');
  const vault = (/** @type {number} */ at) => openBicep.replace('vault ', `vault${at} `).replace('kv-open', `kv-open${at}`);
  const moat = await createEngine();
  const before = process.cpuUsage();
  const config = await readConfig({
    path: 'vaultmoat.toml',
    text: `${entries}${MEANT.replace(ADDRESS, 'VAULT7')}`,
    home: '/home/x',
    base: '/home/x',
    isWhole: true,
    rules: moat.rules(),
  });
  const project = moat.project(config.project);
  project.set('main.bicep', Array.from({ length: 1000 }, (_, at) => vault(at)).join(''));
  const { diagnostics } = project.check();
  const { user, system } = process.cpuUsage(before);
  assert.equal(diagnostics.filter(({ rule }) => rule === 'public-vault').length, 999);
  const unused = diagnostics.find(({ rule, message }) => rule === 'unused-suppression' && message.includes('`kv1`'));
  assert.equal(unused?.range.start.line, 5);
  // Where each entry looks at all lines for itself, this takes minutes.
  assert.ok(user + system < 30e6, `${(user + system) / 1e6} s`);
});
