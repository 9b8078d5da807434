// The package as it is published: packed, and installed in an empty folder.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { root, templates } from './templates.js';

/** A template to check. */
export const template = templates.find(([path]) => path.endsWith('/open-vault.json'))?.[1] ?? '';

export const folder = mkdtempSync(join(tmpdir(), 'vaultmoat-package-'));
export const tarball = join(folder, 'vaultmoat-0.1.0.tgz');
after(() => rmSync(folder, { recursive: true }));

execFileSync('npm', ['pack', '--loglevel=error', '--workspace', 'vaultmoat', '--pack-destination', folder], { cwd: root });
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
execFileSync('npm', ['install', '--loglevel=error', '--no-audit', '--no-fund', tarball], { cwd: folder });

/** Writes a file beside the package. @param {string} name @param {string} text */
export function write(name, text) {
  writeFileSync(join(folder, name), text);
}

/** Runs a command in that folder. @param {string} command @param {string[]} words */
export function run(command, ...words) {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
