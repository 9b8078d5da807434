// The command line, run in folders that are made for a test.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The file of the command. */
export const command = fileURLToPath(new URL('../bin/vaultmoat.js', import.meta.url));
const folders = /** @type {string[]} */ ([]);
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder with these files. @param {Record<string, string | Buffer>} files */
export function folder(files) {
  const folder = mkdtempSync(join(tmpdir(), 'vaultmoat-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The command in a folder. @param {string} cwd @param {string[]} words @param {{ input?: string, env?: Record<string, string> }} [how] */
export function run(cwd, words, { input = '', env = {} } = {}) {
  const { FORCE_COLOR, NO_COLOR, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], {
    cwd,
    input,
    env: { ...rest, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}
