// The language server in a real editor: Debian's Neovim, without a screen.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder } from '../npm/test/command.js';
import { openBicep } from '../npm/test/templates.js';
import { root } from './templates.js';

test('Neovim shows a finding at its position, hovers, and applies its fix', () => {
  const template = join(folder({ 'main.bicep': openBicep }), 'main.bicep');
  const words = ['--headless', '--clean', '-n', '-c', `luafile ${join(root, 'tests/neovim.lua')}`];
  const env = { ...process.env, NODE: process.execPath, SERVER: join(root, 'npm/bin/vaultmoat.js'), TEMPLATE: template };
  const { stdout, stderr } = spawnSync('nvim', words, { env, encoding: 'utf8', timeout: 90_000 });
  const line = stdout.split('\n').find((line) => line.startsWith('{'));
  assert.ok(line, stdout + stderr);
  const result = JSON.parse(line);
  assert.equal(result.error, undefined);
  const lines = openBicep.split('\n');
  assert.equal(lines[result.line].slice(result.column).startsWith(`'Allow'`), true);
  assert.match(result.finding, /open to the internet/);
  assert.match(result.hover, /default action: `Allow`/);
  assert.equal(`${result.text}\n`, openBicep.replace(`'Allow'`, `'Deny'`));
});
