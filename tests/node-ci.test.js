// The pipeline example does what it says.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './templates.js';

/** @param {string[]} words */
const policy = (...words) =>
  spawnSync(process.execPath, ['policy.js', ...words], { cwd: join(root, 'examples/node-ci'), encoding: 'utf8' });

test('a closed vault passes the house rule', () => {
  const { status, stdout } = policy('../templates/private-endpoint.json');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /private-endpoint\.json:\d+: .*: closed/);
});

test('an open vault, and no vault at all, do not', () => {
  assert.equal(policy('../templates/open-vault.json').status, 1);
  assert.equal(policy().status, 1);
});

test('the checks of the example run as its script says', () => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'check'], {
    cwd: join(root, 'examples/node-ci'),
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stdout, /vaults in \d+ files/);
});
