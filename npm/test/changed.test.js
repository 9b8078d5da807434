// `--changed-since`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run } from './command.js';
import { openBicep, openVault, parameters } from './templates.js';

const uses = "module vault '../shared/vault.bicep' = { name: 'vault' }\n";
const MEANT = '[[ignore]]\nrule = "public-vault"\nresource = "kv-gone"\nreason = "a demo"\n';

const FILES = {
  'a/main.bicep': uses,
  'b/main.bicep': uses.replace('../shared/vault', '../shared/other'),
  'shared/vault.bicep': openBicep,
  'shared/other.bicep': openBicep,
  'plain/main.json': openVault,
  'plain/main.parameters.json': parameters,
  'tf/main.tf': 'resource "azurerm_key_vault" "kv" {\n  name = "kv"\n}\n',
  'tf/more.tf': 'variable "x" {}\n',
  'azure/one.json': '{ "type": "Microsoft.KeyVault/vaults", "id": "/x/kv1", "name": "kv1", "properties": {} }',
  'azure/two.json': '{ "type": "Microsoft.KeyVault/vaults", "id": "/x/kv2", "name": "kv2", "properties": {} }',
  'own/main.json': openVault,
  'own/vaultmoat.toml': MEANT,
};

/** A repository with one commit. @param {Record<string, string>} files */
function repository(files) {
  const cwd = folder(files);
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'commit.gpgsign=false'];
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    [...identity, 'commit', '-qm', 'x'],
  ]) {
    const { status, stderr } = spawnSync('git', words, { cwd, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
  return cwd;
}

/** The files that are checked since the commit. @param {string} cwd @param {string[]} words */
function read(cwd, ...words) {
  const { stdout, stderr } = run(cwd, ['check', '--format', 'json', '--changed-since', 'HEAD', ...words]);
  assert.equal(stderr, '');
  const { files, diagnostics } = JSON.parse(stdout);
  assert.ok(!diagnostics.some((/** @type {{ rule: string }} */ { rule }) => rule === 'unused-suppression'));
  return files.map((/** @type {{ path: string }} */ { path }) => path);
}

test('a file is checked if it, a file beside it or a reference of it changed', () => {
  const cwd = repository(FILES);
  assert.deepEqual(read(cwd), []);
  const after = (/** @type {string} */ file, /** @type {string | undefined} */ text) => {
    if (text === undefined) rmSync(join(cwd, file));
    else writeFileSync(join(cwd, file), text);
    const found = read(cwd);
    const fromBelow = read(join(cwd, 'a'), '..');
    assert.deepEqual(
      fromBelow.map((/** @type {string} */ path) => path.replace('../', '')).sort(),
      found.map((/** @type {string} */ path) => path.replace('a/', '')).sort(),
    );
    spawnSync('git', ['checkout', '-q', '.'], { cwd });
    spawnSync('git', ['clean', '-qfd'], { cwd });
    return found;
  };
  const module = ['a/main.bicep', 'shared/vault.bicep'];
  assert.deepEqual(after('shared/vault.bicep', `${openBicep}\n`), module);
  assert.deepEqual(after('shared/vault.bicep', undefined), ['a/main.bicep']);
  assert.deepEqual(after('a/main.bicep', `${uses}\n`), module);
  const plain = ['plain/main.json', 'plain/main.parameters.json'];
  assert.deepEqual(after('plain/main.parameters.json', `${parameters}\n`), plain);
  assert.deepEqual(after('plain/main.parameters.json', undefined), ['plain/main.json']);
  assert.deepEqual(after('tf/more.tf', undefined), ['tf/main.tf']);
  assert.deepEqual(after('tf/new.tf', 'variable "y" {}\n'), ['tf/main.tf', 'tf/more.tf', 'tf/new.tf']);
  assert.deepEqual(after('azure/two.json', `${FILES['azure/two.json']}\n`), ['azure/one.json', 'azure/two.json']);
  assert.deepEqual(after('own/vaultmoat.toml', `${MEANT}\n`), ['own/main.json']);
  assert.deepEqual(after('new.json', openVault), ['new.json']);
});

test('an error of git is one line', () => {
  const cwd = repository({ 'main.json': openVault });
  for (const reference of ['no-such-branch', '--output=x', '']) {
    const { status, stdout, stderr } = run(cwd, ['check', `--changed-since=${reference}`]);
    assert.deepEqual([status, stdout], [2, ''], reference);
    assert.match(stderr, /^vaultmoat: --changed-since .*: git: .*\n$/);
  }
  assert.match(
    run(folder({ 'main.bicep': '' }), ['check', '--changed-since', 'HEAD']).stderr,
    /--changed-since HEAD: git: not a git repository/,
  );
  assert.match(run(cwd, ['check', '--changed-since', 'HEAD', '-']).stderr, /cannot be combined with standard input/);
});
