import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { folder, run, start } from './command.js';
import { linksTo, openBicep, openVault } from './templates.js';

const preload = (/** @type {string} */ name) => `--import ${new URL(name, import.meta.url).href}`;
const READY = 'watching for changes; press Ctrl-C to stop\n';

/** Watches a folder. @param {Record<string, string>} files @param {string[]} [words] @param {Record<string, string>} [env] */
function watched(files, words = [], env = {}) {
  const cwd = folder({ '.git/HEAD': '', ...files });
  const child = start(cwd, ['check', '--watch', ...words], env);
  const seen = { stdout: 0, stderr: 0 };
  /** The next report, from both streams. */
  const next = async () => {
    for (let at = 0; !child.output.stderr.slice(seen.stderr).includes(READY); at++) {
      assert.ok(at < 600, `no report: ${child.output.stderr}`);
      await setTimeout(50);
    }
    const { stdout, stderr } = child.output;
    const text = stdout.slice(seen.stdout) + stderr.slice(seen.stderr);
    Object.assign(seen, { stdout: stdout.length, stderr: stderr.length });
    return text;
  };
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(cwd, name), text);
  return { cwd, child, next, write };
}

const closed = openVault.replace('"Allow"', '"Deny"');

test('a change, a new file, a deleted one and a folder each give a new report', async () => {
  const { cwd, child, next, write } = watched({ 'main.json': openVault, 'other.bicep': openBicep });
  assert.match(await next(), /main\.json[^]*2 vaults in 2 files/);
  write('main.json', closed);
  assert.doesNotMatch(await next(), /public-vault[^]*→ main\.json/);
  write('new.json', openVault);
  assert.match(await next(), /3 vaults in 3 files/);
  rmSync(join(cwd, 'new.json'));
  assert.match(await next(), /2 vaults in 2 files/);
  mkdirSync(join(cwd, 'apps/one'), { recursive: true });
  write('apps/one/main.json', openVault);
  assert.match(await next(), /3 vaults in 3 files/);
  // Editors save by renaming.
  write('apps/one/main.tmp', openVault.replaceAll('kv-open', 'kv-renamed'));
  renameSync(join(cwd, 'apps/one/main.tmp'), join(cwd, 'apps/one/main.json'));
  assert.match(await next(), /kv-renamed/);
  rmSync(join(cwd, 'apps'), { recursive: true });
  assert.match(await next(), /2 vaults in 2 files/);
  mkdirSync(join(cwd, 'apps/one'), { recursive: true });
  write('apps/one/main.json', openVault.replaceAll('kv-open', 'kv-again'));
  assert.match(await next(), /kv-again/);
  child.kill('SIGINT');
  assert.deepEqual(await child.ended, [0, null]);
});

test('references of a template are watched, in other folders too, and before they exist', async () => {
  const { child, next, write } = watched({ 'apps/main.json': linksTo('../shared/kv.json'), 'shared/.keep': '' }, ['apps']);
  assert.match(await next(), /0 vaults/);
  write('shared/kv.json', openVault);
  assert.match(await next(), /1 vault in/);
  write('shared/kv.json', openVault.replaceAll('kv-open', 'kv-shared'));
  assert.match(await next(), /kv-shared/);
  child.kill('SIGINT');
  assert.deepEqual(await child.ended, [0, null]);
});

test('an invalid configuration is reported, until it is fixed', async () => {
  const { cwd, child, next, write } = watched({ 'apps/main.json': openVault });
  assert.match(await next(), /\[public-vault\]/);
  write('apps/vaultmoat.toml', 'profile = "lax"\n');
  assert.match(await next(), /^vaultmoat: apps\/vaultmoat\.toml:1: .*\n/);
  write('apps/vaultmoat.toml', '[rules]\npublic-vault = "off"\n');
  assert.doesNotMatch(await next(), /\[public-vault\]/);
  rmSync(join(cwd, 'apps/vaultmoat.toml'));
  assert.match(await next(), /\[public-vault\]/);
  write('.gitignore', 'apps/\n');
  assert.match(await next(), /nothing to read in/);
  child.kill('SIGTERM');
  assert.deepEqual(await child.ended, [null, 'SIGTERM']);
});

test('only units that a change affects are checked again, and several changes at once give one report', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}/main.json`, openVault]));
  const env = { NODE_OPTIONS: preload('reads.js') };
  const { child, next, write } = watched({ ...files, 'node_modules/x/main.json': openVault }, ['--jobs', '1'], env);
  const read = (/** @type {string} */ text) => [...text.matchAll(/^read (.*)$/gm)].map(([, path]) => path).sort();
  assert.equal(read(await next()).length, 30);
  write('7/main.json', closed);
  write('8/main.json', closed);
  const text = await next();
  assert.deepEqual(read(text), ['7/main.json', '8/main.json']);
  assert.match(text, /30 vaults in 30 files/);
  // Files that do not matter.
  write('7/notes.txt', '');
  write('node_modules/x/main.json', closed);
  await setTimeout(500);
  write('9/main.json', closed);
  assert.deepEqual(read(await next()), ['9/main.json']);
  child.kill('SIGINT');
  await child.ended;
});

test('options that cannot be combined with --watch are refused', () => {
  const cwd = folder({ 'main.json': openVault });
  for (const words of [
    ['-'],
    ['--fix'],
    ['--unsafe-fixes'],
    ['--diff'],
    ['--write-baseline', 'b.json'],
    ['--changed-since', 'HEAD'],
    ['--output', 'out.txt'],
    ['--format', 'json'],
  ]) {
    const { status, stdout, stderr } = run(cwd, ['check', '--watch', ...words]);
    assert.equal(status, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^vaultmoat: --watch cannot be combined with /);
  }
});
