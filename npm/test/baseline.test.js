// `--baseline` and `--write-baseline`: known findings do not count, new ones do.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run } from './command.js';
import { hostileName, hostileVault, openBicep, openVault } from './templates.js';

const BASELINE = 'known.json';

/** A folder with these files and a baseline of their findings. @param {Record<string, string>} files @param {string[]} words */
function known(files, ...words) {
  const cwd = folder(files);
  const { status, stderr } = run(cwd, ['check', '--write-baseline', BASELINE, ...words]);
  assert.deepEqual([status, stderr], [0, '']);
  return cwd;
}

/** The new findings. @param {string} cwd @param {string[]} words */
function check(cwd, ...words) {
  const { status, stdout, stderr } = run(cwd, ['check', '--format', 'json', '--baseline', BASELINE, ...words]);
  const { diagnostics, summary } = JSON.parse(stdout);
  assert.equal(summary.errors + summary.warnings + summary.infos, diagnostics.length);
  const sarif = JSON.parse(run(cwd, ['check', '--format', 'sarif', '--quiet', '--baseline', BASELINE, ...words]).stdout);
  assert.equal(
    summary.known,
    sarif.runs[0].results.filter((/** @type {import('sarif').Result} */ { baselineState }) => baselineState === 'unchanged')
      .length,
  );
  const rules = diagnostics.map((/** @type {{ rule: string }} */ { rule }) => rule);
  return { status, stderr, rules };
}

/** @param {string} cwd */
const entries = (cwd) => JSON.parse(readFileSync(join(cwd, BASELINE), 'utf8')).findings;

/** @param {string} text @param {string} rule */
const withRule = (text, rule) => text.replace('{ "value": "203.0.113.7" }', `{ "value": "203.0.113.7" }, { "value": "${rule}" }`);

test('findings in the baseline are counted, but not shown, and do not fail', () => {
  const cwd = known({ 'main.json': openVault });
  assert.deepEqual(check(cwd, '--fail-on', 'info'), { status: 0, stderr: '', rules: [] });
  const count = entries(cwd).length;
  assert.ok(count > 0);
  const summary = (/** @type {string[]} */ ...words) =>
    JSON.parse(run(cwd, ['check', '--format', 'json', ...words]).stdout).summary;
  assert.deepEqual([summary('--baseline', BASELINE).known, summary().known], [count, undefined]);
  const text = run(cwd, ['check', '--baseline', BASELINE]).stdout;
  assert.equal(text, `1 vault in 1 file: nothing new found; ${count} known from the baseline\n`);
  const markdown = run(cwd, ['check', '--baseline', BASELINE, '--format', 'markdown']).stdout;
  assert.match(markdown, /^### vaultmoat: nothing new found\n\n.* Known .*\n/);
  assert.ok(markdown.includes(`| ${count} |`));
  for (const format of ['github', 'azure-pipelines']) {
    assert.equal(run(cwd, ['check', '--baseline', BASELINE, '--format', format]).stdout, '');
  }
});

test('suppressed findings are not in the baseline, and do not become new or gone', () => {
  const suppressed = openVault.replace('"Allow",', '"Allow", // vaultmoat-ignore public-vault: a demo\n');
  const cwd = known({ 'main.json': suppressed });
  assert.ok(!entries(cwd).some((/** @type {{ rule: string }} */ { rule }) => rule === 'public-vault'));
  assert.deepEqual(check(cwd, '--fail-on', 'info'), { status: 0, stderr: '', rules: [] });
  const words = ['check', '--format', 'sarif', '--suppressed', '--baseline', BASELINE];
  /** @type {import('sarif').Result[]} */
  const results = JSON.parse(run(cwd, words).stdout).runs[0].results;
  for (const { suppressions, baselineState } of results) assert.equal(baselineState, suppressions ? undefined : 'unchanged');
  writeFileSync(join(cwd, 'main.json'), openVault);
  assert.deepEqual(check(cwd, '--fail-on', 'info').rules, ['public-vault']);
});

test('new findings are shown and fail', () => {
  const cwd = known({ 'main.json': openVault });
  writeFileSync(join(cwd, 'main.json'), withRule(openVault, '10.0.0.1'));
  const { status, rules } = check(cwd);
  assert.deepEqual([status, rules], [1, ['private-ip-rule']]);
  assert.equal(check(cwd, '--fail-on', 'never').status, 0);
  // A second finding like a known one is new.
  writeFileSync(join(cwd, 'main.json'), withRule(openVault, '203.0.113.7'));
  assert.ok(check(cwd).rules.includes('unroutable-ip-rule'));
});

test('a finding stays known when lines, line ends, case of names or the path of the file change', () => {
  const cwd = known({ 'main.json': openVault, 'main.bicep': openBicep });
  writeFileSync(join(cwd, 'main.json'), `\r\n\r\n${openVault.replaceAll('\n', '\r\n\r\n').replace('"kv-open"', '"KV-open"')}`);
  assert.deepEqual(check(cwd, '--fail-on', 'info').rules, []);
  mkdirSync(join(cwd, 'infra'));
  renameSync(join(cwd, 'main.json'), join(cwd, 'infra/vault.json'));
  renameSync(join(cwd, 'main.bicep'), join(cwd, 'infra/vault.bicep'));
  assert.deepEqual(check(cwd, '--fail-on', 'info'), { status: 0, stderr: '', rules: [] });
});

test('findings of a copied file are new while the original exists', () => {
  const cwd = known({ 'main.json': openVault });
  copyFileSync(join(cwd, 'main.json'), join(cwd, 'other.json'));
  assert.equal(check(cwd, '--fail-on', 'info').rules.length, entries(cwd).length);
  writeFileSync(join(cwd, 'main.json'), openVault.replace('"Allow"', '"Deny"'));
  assert.ok(check(cwd).rules.includes('public-vault'));
});

test('entries that no longer occur are listed on standard error, with the command that updates them', () => {
  const cwd = known({ 'main.json': openVault, 'other.bicep': openBicep });
  writeFileSync(join(cwd, 'main.json'), openVault.replace('"Allow"', '"Deny"'));
  const { status, stderr } = check(cwd);
  assert.equal(status, 0);
  assert.match(stderr, /^known\.json: 1 finding of the baseline no longer occurs; `--write-baseline known\.json` updates it\n/);
  assert.match(stderr, /^ {2}public-vault in main\.json: Microsoft\.KeyVault\/vaults\/kv-open$/m);
  assert.equal(check(cwd, '--quiet').stderr, '');
  // A file that was not read may still have its findings.
  assert.equal(check(cwd, 'other.bicep').stderr, '');
  rmSync(join(cwd, 'main.json'));
  assert.match(check(cwd, 'other.bicep').stderr, /^known\.json: \d+ findings of the baseline no longer occur/);
  assert.equal(run(cwd, ['check', '--write-baseline', BASELINE]).status, 0);
  assert.equal(check(cwd).stderr, '');
});

test('entries of other rules are not listed as gone with a smaller profile', () => {
  const cwd = known({ 'main.json': openVault }, '--profile', 'strict');
  assert.ok(entries(cwd).length > entries(known({ 'main.json': openVault })).length);
  assert.deepEqual(check(cwd, '--fail-on', 'info'), { status: 0, stderr: '', rules: [] });
});

test('a baseline is sorted, has one finding per line, and does not depend on the current folder', () => {
  const files = { '.git/HEAD': '', 'b/main.json': openVault, 'a/main.bicep': openBicep };
  const text = readFileSync(join(known(files), BASELINE), 'utf8');
  assert.match(
    text,
    /^\{\n {2}"version": 1,\n {2}"profile": "recommended",\n {2}"findings": \[\n( {4}\{"file":.*\},?\n)+ {2}\]\n\}\n$/,
  );
  const found = JSON.parse(text).findings;
  assert.deepEqual(Object.keys(found[0]), ['file', 'rule', 'resource', 'fingerprint']);
  const lines = text
    .split('\n')
    .slice(4, -3)
    .map((line) => line.replace(/,$/, ''));
  assert.deepEqual(lines, [...lines].sort());
  const cwd = folder(files);
  run(join(cwd, 'a'), ['check', '--write-baseline', `../${BASELINE}`, '..']);
  assert.equal(readFileSync(join(cwd, BASELINE), 'utf8'), text);
  assert.equal(run(join(cwd, 'b'), ['check', '--baseline', `../${BASELINE}`, '--fail-on', 'info']).status, 0);

  writeFileSync(join(cwd, 'b/main.json'), withRule(openVault, '10.0.0.1'));
  run(cwd, ['check', '--write-baseline', BASELINE]);
  const after = readFileSync(join(cwd, BASELINE), 'utf8').split('\n');
  assert.equal(after.filter((line) => !text.includes(line.replace(/,$/, ''))).length, 1);
  assert.match(
    readFileSync(join(known({ 'main.bicep': '' }), BASELINE), 'utf8'),
    /^\{\n {2}"version": 1,\n {2}"profile": "recommended",\n {2}"findings": \[\]\n\}\n$/,
  );
});

test('a file outside of the repository matches from any folder in it', () => {
  const place = folder({ 'main.json': openVault, 'repository/.git/HEAD': '', 'repository/a/b/.keep': '' });
  const repository = join(place, 'repository');
  assert.equal(run(repository, ['check', '--write-baseline', BASELINE, '../main.json']).status, 0);
  assert.equal(entries(repository)[0].file, '../main.json');
  const words = ['check', '--quiet', '--fail-on', 'info', '--baseline', `../../${BASELINE}`];
  for (const path of ['../../../main.json', join(place, 'main.json')]) {
    assert.deepEqual(run(join(repository, 'a/b'), [...words, path]), { status: 0, stdout: '', stderr: '' });
  }
});

test('SARIF has the same fingerprints and marks new findings', () => {
  const cwd = known({ 'main.json': openVault });
  const before = entries(cwd).map((/** @type {{ fingerprint: string }} */ { fingerprint }) => fingerprint);
  writeFileSync(join(cwd, 'main.json'), withRule(openVault, '10.0.0.1'));
  const results = (/** @type {string[]} */ ...words) =>
    /** @type {import('sarif').Result[]} */ (
      JSON.parse(run(cwd, ['check', '--format', 'sarif', ...words]).stdout).runs[0].results
    );
  for (const { ruleId, baselineState, partialFingerprints = {} } of results('--baseline', BASELINE)) {
    assert.equal(baselineState, ruleId === 'private-ip-rule' ? 'new' : 'unchanged');
    assert.equal(before.includes(partialFingerprints['vaultmoat/v1']), baselineState === 'unchanged');
  }
  assert.ok(results().every((result) => !('baselineState' in result)));
});

test('an invalid baseline prints one line and exits with 2, and nothing is written', () => {
  const entry = { file: 'main.json', rule: 'public-vault', resource: null, fingerprint: 'a' };
  for (const [text, why] of /** @type {[string | Buffer, RegExp][]} */ ([
    ['', /not JSON/],
    ['{"version": 1, "findings": [', /not JSON/],
    ['null', /`version` is not 1/],
    ['[]', /`version` is not 1/],
    ['{"findings": []}', /`version` is not 1/],
    ['{"version": 2, "findings": []}', /version 2 is newer than this vaultmoat/],
    ['{"version": 1, "profile": "lax"}', /`profile` is not one of recommended, strict/],
    ['{"version": 1, "profile": "strict"}', /`findings` is not a list/],
    ['{"version": 1, "profile": "strict", "findings": [7]}', /finding 1 does not have/],
    [
      JSON.stringify({ version: 1, profile: 'recommended', findings: [entry, { ...entry, fingerprint: undefined }] }),
      /finding 2 does not have/,
    ],
    [JSON.stringify({ version: 1, profile: 'recommended', findings: [{ ...entry, resource: 7 }] }), /finding 1 does not have/],
    [Buffer.from([0x7b, 0xff, 0x7d]), /not UTF-8 text/],
    ['"\x1b[31m', /not JSON/],
  ])) {
    const cwd = folder({ 'main.json': openVault, [BASELINE]: text });
    const { status, stdout, stderr } = run(cwd, ['check', '--unsafe-fixes', '--baseline', BASELINE, '--output', 'out.txt']);
    assert.deepEqual([status, stdout], [2, ''], String(text));
    assert.match(stderr, /^vaultmoat: known\.json: not a baseline: .*; --write-baseline writes one\n$/);
    assert.match(stderr, why);
    assert.doesNotMatch(stderr, /\x1b/);
    assert.deepEqual(readdirSync(cwd).sort(), [BASELINE, 'main.json']);
    assert.equal(readFileSync(join(cwd, 'main.json'), 'utf8'), openVault);
  }
  const { status, stderr } = run(folder({}), ['check', '--baseline', 'absent.json']);
  assert.deepEqual([status, stderr], [2, 'vaultmoat: absent.json: there is no such file or folder\n']);
});

test('duplicate entries of a baseline are one', () => {
  const cwd = known({ 'main.json': openVault });
  const findings = entries(cwd);
  writeFileSync(
    join(cwd, BASELINE),
    JSON.stringify({ version: 1, profile: 'recommended', findings: [...findings, ...findings] }),
  );
  assert.deepEqual(check(cwd, '--fail-on', 'info'), { status: 0, stderr: '', rules: [] });
});

test('names in a baseline and on standard error are text', () => {
  const cwd = known({ 'main.json': hostileVault(hostileName) });
  const harmful = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]|##(vso)?\[|^\s*::/mu;
  assert.doesNotMatch(readFileSync(join(cwd, BASELINE), 'utf8'), harmful);
  assert.equal(entries(cwd)[0].resource, `Microsoft.KeyVault/vaults/${hostileName}`);
  assert.equal(check(cwd, '--fail-on', 'info').status, 0);
  writeFileSync(join(cwd, 'main.json'), openVault);
  const { stderr } = check(cwd);
  assert.match(stderr, /no longer occur/);
  assert.doesNotMatch(stderr, harmful);
});
