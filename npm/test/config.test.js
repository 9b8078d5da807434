import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEngine } from 'vaultmoat';
import { folder, run } from './command.js';
import { openVault } from './templates.js';

const ADDRESS = 'Microsoft.KeyVault/vaults/kv-open';
const MEANT = `[[ignore]]
rule = "public-vault"
resource = "${ADDRESS}"
reason = "public by design"
`;

/** What a check finds, as `file:line rule`. @param {string} cwd @param {string[]} words */
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

test('a finding that the configuration answers is silent', () => {
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

test('an entry that suppresses nothing is reported at its place, where all it is about was checked', () => {
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
    ['\nignores = []\n', /^vaultmoat: vaultmoat\.toml:2: unknown key `ignores`: the keys are `ignore`$/],
    ['ignore = "all"\n', /^vaultmoat: vaultmoat\.toml:1: `ignore` is a list of tables, written `\[\[ignore\]\]`$/],
    [`${MEANT}reson = "x"\n`, /^vaultmoat: vaultmoat\.toml:5: unknown key `reson`: the keys are `rule`, `resource`, `reason`$/],
    [`${MEANT}place = "x"\n`, /^vaultmoat: vaultmoat\.toml:5: unknown key `place`/],
    [
      `${MEANT}${MEANT.replace('public-vault', 'public-valut')}`,
      /^vaultmoat: vaultmoat\.toml:6: `rule` of `ignore`: there is no rule `public-valut`; did you mean `public-vault`\?$/,
    ],
    [MEANT.replace(/^reason.*\n/m, ''), /^vaultmoat: vaultmoat\.toml:1: `reason` of `ignore`: a reason is needed$/],
    [
      MEANT.replace(/"public by design"/, '7'),
      /^vaultmoat: vaultmoat\.toml:4: `reason` of `ignore`: takes a string, not number$/,
    ],
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

test('in the library an entry is refused by the name of what is wrong in it', async () => {
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
