// Runs the command in temporary folders.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The path of the command. */
export const command = fileURLToPath(new URL('../bin/vaultmoat.js', import.meta.url));
const folders = /** @type {string[]} */ ([]);
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

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

/**
 * Runs the command in a folder; with `shell`, its exit code is on standard output.
 * @param {string} cwd @param {string[]} words @param {{ input?: string, env?: Record<string, string>, shell?: boolean }} [how]
 */
export function run(cwd, words, { input = '', env = {}, shell = false } = {}) {
  const all = [process.execPath, command, ...words];
  const [program = '', ...rest] = shell ? ['sh', '-c', '"$@"; echo $?', 'sh', ...all] : all;
  const { status, signal, stdout, stderr } = spawnSync(program, rest, {
    cwd,
    input,
    env: { ...plain(), ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr, ...(signal === null ? {} : { signal }) };
}

/** Starts the command in a folder. @param {string} cwd @param {string[]} words @param {Record<string, string>} [env] */
export function start(cwd, words, env = {}) {
  const child = spawn(process.execPath, [command, ...words], { cwd, env: { ...plain(), ...env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  const ended = /** @type {Promise<[number | null, string | null]>} */ (
    new Promise((resolve) => child.on('close', (code, signal) => resolve([code, signal])))
  );
  after(() => child.kill('SIGKILL'));
  return { output, ended, kill: (/** @type {NodeJS.Signals} */ signal) => child.kill(signal) };
}

/** The environment without settings for colours. */
function plain() {
  const { FORCE_COLOR, NO_COLOR, ...rest } = process.env;
  return rest;
}
