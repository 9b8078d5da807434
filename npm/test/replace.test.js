// All files are replaced or none, and changes by other programs are kept.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, linkSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run } from './command.js';

const NODE_OPTIONS = `--import ${new URL('fails.js', import.meta.url).href}`;
const open = `resource kv 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-contoso-01'
  location: 'westeurope'
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow' }
  }
}
`;
const NAMES = ['f1.bicep', 'f2.bicep', 'f3.bicep'];

for (const CALL of [
  'writeFileSync',
  'linkSync',
  'copyFileSync',
  'chmodSync',
  'readFileSync',
  'renameSync',
  'rmSync',
  'statSync',
]) {
  test(`when a call of ${CALL} fails, every file is fixed or none is`, () => {
    let failures = 0;
    for (let AT = 1; AT < 40; AT++) {
      const cwd = folder(Object.fromEntries(NAMES.map((name) => [name, open])));
      const { status, stderr } = run(cwd, ['check', '--unsafe-fixes', '-q', '.'], {
        env: { NODE_OPTIONS, CALL, AT: String(AT) },
      });
      const changed = NAMES.filter((name) => readFileSync(join(cwd, name), 'utf8') !== open);
      if (!stderr.includes('failed one')) break;
      failures += 1;
      if (status === 2) {
        assert.deepEqual(changed, [], `${CALL} ${AT}`);
        assert.match(
          stderr,
          /^failed one\nvaultmoat: f\d\.bicep: cannot be (written|read before it is replaced): EBUSY[^\n]*\n$/,
        );
      } else {
        assert.deepEqual(changed, NAMES, `${CALL} ${AT}`);
      }
      // Only files that could not be removed are left.
      if (CALL !== 'rmSync') assert.deepEqual(readdirSync(cwd).sort(), NAMES);
    }
    assert.ok(failures > 0 || CALL === 'copyFileSync');
  });
}

test('a change by another program while a file is fixed is kept, and the file is named', () => {
  const cwd = folder({ 'f1.bicep': open, 'f2.bicep': open });
  const SAVES = join(cwd, 'f2.bicep');
  const { status, stderr } = run(cwd, ['check', '--unsafe-fixes', '-q', '.'], { env: { NODE_OPTIONS, SAVES } });
  assert.equal(status, 2);
  assert.match(stderr, /^vaultmoat: f2\.bicep: was changed by another program[^\n]*\n$/);
  assert.equal(readFileSync(join(cwd, 'f1.bicep'), 'utf8'), open);
  assert.equal(readFileSync(SAVES, 'utf8'), `${open}// saved meanwhile\n`);
});

test('a file in UTF-16 with a byte order mark is fixed in its encoding', () => {
  const cwd = folder({});
  const little = Buffer.from(`\ufeff${open}`, 'utf16le');
  const big = Buffer.from(little).swap16();
  writeFileSync(join(cwd, 'little.bicep'), little);
  writeFileSync(join(cwd, 'big.bicep'), big);
  assert.notEqual(run(cwd, ['check', '--unsafe-fixes', '-q', '.']).status, 2);
  const read = (/** @type {string} */ name) => readFileSync(join(cwd, name));
  assert.match(read('little.bicep').toString('utf16le'), /^\ufeff[^]*'Deny'/);
  assert.deepEqual(read('big.bicep').swap16(), read('little.bicep'));
});

const fix = ['check', '--unsafe-fixes', '-q'];

test('an output never replaces a file that is checked, whatever name leads to it', () => {
  const cwd = folder({ 'f1.bicep': open, 'vaultmoat.toml': 'profile = "strict"\n' });
  symlinkSync('f1.bicep', join(cwd, 'link.json'));
  for (const [command, output] of /** @type {[string[], string][]} */ ([
    [['check', 'f1.bicep', '--format', 'json'], 'f1.bicep'],
    [['check', '.', '--format', 'sarif'], 'link.json'],
    [['check', '.'], 'vaultmoat.toml'],
    [['model', '.', '--format', 'json'], './f1.bicep'],
  ])) {
    const { status, stdout, stderr } = run(cwd, [...command, '--output', output]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(stderr, `vaultmoat: ${output}: cannot be written: it is one of the files that are checked\n`);
    assert.equal(readFileSync(join(cwd, 'f1.bicep'), 'utf8'), open);
  }
});

test('a report in the folder that is checked is written again', () => {
  const cwd = folder({ 'f1.bicep': open });
  for (const format of ['json', 'sarif', 'json']) {
    assert.equal(run(cwd, ['check', '.', '--format', format, '--output', 'report.json']).status, 1);
  }
});

test('a file with several names is not fixed, since a rename would part them', () => {
  const cwd = folder({ 'f1.bicep': open, 'f2.bicep': open });
  linkSync(join(cwd, 'f1.bicep'), join(cwd, 'other.txt'));
  const { status, stderr } = run(cwd, [...fix, '.']);
  assert.equal(status, 2);
  assert.equal(stderr, 'vaultmoat: f1.bicep: cannot be written: it has 2 names (hard links): replace it with a copy first\n');
  for (const name of ['f1.bicep', 'f2.bicep', 'other.txt']) assert.equal(readFileSync(join(cwd, name), 'utf8'), open);
});

test('a fixed file keeps its owner and its mode', { skip: process.getuid?.() !== 0 && 'only root can give a file away' }, () => {
  const cwd = folder({ 'f1.bicep': open });
  const path = join(cwd, 'f1.bicep');
  chownSync(path, 1234, 2345);
  chmodSync(path, 0o640);
  assert.equal(run(cwd, [...fix, '.']).status, 0);
  const { uid, gid, mode } = statSync(path);
  assert.deepEqual([uid, gid, mode & 0o7777], [1234, 2345, 0o640]);
  assert.notEqual(readFileSync(path, 'utf8'), open);
});

test('what a killed run left is removed by the next, but not the only copy of an original', () => {
  const cwd = folder({ 'f1.bicep': open });
  // No process has a number above the limit of the system.
  const left = (/** @type {string} */ id, /** @type {string} */ ending) => `.vaultmoat-${id}-0123456789ab.${ending}`;
  const [dead, live] = ['4999999', String(process.pid)];
  writeFileSync(join(cwd, left(dead, 'tmp')), 'half');
  linkSync(join(cwd, 'f1.bicep'), join(cwd, left(dead, 'old')));
  writeFileSync(join(cwd, left('4999998', 'old')), 'the original of a file that was replaced');
  writeFileSync(join(cwd, left(live, 'tmp')), 'of a run that goes on');
  assert.equal(run(cwd, [...fix, '.']).status, 0);
  assert.deepEqual(readdirSync(cwd).sort(), [left('4999998', 'old'), left(live, 'tmp'), 'f1.bicep'].sort());
});

test('what a killed run left beside the target of a link is removed too', () => {
  const cwd = folder({ 'f1.bicep': open, 'reports/old.json': '{}' });
  symlinkSync('reports/old.json', join(cwd, 'report.json'));
  writeFileSync(join(cwd, 'reports/.vaultmoat-4999999-0123456789ab.tmp'), 'half');
  assert.equal(run(cwd, ['check', 'f1.bicep', '--format', 'json', '--output', 'report.json']).status, 1);
  assert.deepEqual(readdirSync(join(cwd, 'reports')), ['old.json']);
});
