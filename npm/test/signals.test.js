import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { folder, run, start } from './command.js';
import { tree } from './tree.js';

const WORDS = ['check', '--unsafe-fixes', '--format', 'json', '--output', 'report.json', '--jobs', '2'];
const files = tree(160);
const unfixed = folder(files);

/** The files of a folder with their texts. @param {string} cwd */
function contents(cwd) {
  const found = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = found.map(({ name, parentPath }) => join(parentPath, name));
  return new Map(paths.map((path) => [path.slice(cwd.length + 1), readFileSync(path, 'utf8')]));
}

/** A folder with files to fix. */
function fresh() {
  const cwd = folder({});
  cpSync(unfixed, cwd, { recursive: true });
  return cwd;
}

const before = contents(unfixed);
const done = fresh();
assert.equal(run(done, WORDS).status, 1);
const after = contents(done);

/** Whether everything was written; otherwise nothing was. @param {string} cwd */
function isWritten(cwd) {
  const found = contents(cwd);
  const all = found.has('report.json') ? after : before;
  assert.deepEqual([...found.keys()].sort(), [...all.keys()].sort());
  for (const [name, text] of found) assert.ok(text === all.get(name), name);
  return all === after;
}

test('a signal in the middle of writing takes effect after it', () => {
  assert.ok([...before].filter(([name, text]) => text !== after.get(name)).length > 60);
  for (const [CALL, AT, SIGNAL] of /** @type {const} */ ([
    ['writeFileSync', '1', 'SIGTERM'],
    ['writeFileSync', '20', 'SIGINT'],
    ['renameSync', '1', 'SIGINT'],
    ['renameSync', '20', 'SIGTERM'],
    ['renameSync', '60', 'SIGHUP'],
  ])) {
    const cwd = fresh();
    const env = { NODE_OPTIONS: `--import ${new URL('interrupts.js', import.meta.url).href}`, CALL, AT, SIGNAL };
    const { signal, stdout } = run(cwd, WORDS, { env });
    assert.equal(signal, SIGNAL, CALL);
    assert.equal(stdout, '');
    assert.ok(isWritten(cwd));
    rmSync(cwd, { recursive: true });
  }
});

test('the shell sees the signal that ended a run', () => {
  const env = { NODE_OPTIONS: `--import ${new URL('interrupts.js', import.meta.url).href}`, CALL: 'renameSync' };
  for (const [SIGNAL, code] of /** @type {const} */ ([
    ['SIGINT', '130\n'],
    ['SIGTERM', '143\n'],
  ])) {
    const cwd = fresh();
    assert.equal(run(cwd, WORDS, { env: { ...env, SIGNAL }, shell: true }).stdout, code);
    rmSync(cwd, { recursive: true });
  }
});

test('a signal at any time leaves all files or none written', async () => {
  const started = performance.now();
  const whole = fresh();
  run(whole, WORDS);
  const time = performance.now() - started;
  for (let at = 1; at <= 8; at++) {
    const cwd = fresh();
    const child = start(cwd, WORDS);
    await setTimeout((time * at) / 8);
    child.kill(at % 2 === 0 ? 'SIGINT' : 'SIGTERM');
    const [code, signal] = await child.ended;
    assert.ok(code === 1 || signal === (at % 2 === 0 ? 'SIGINT' : 'SIGTERM'), `${code} ${signal}`);
    assert.ok(isWritten(cwd) || code === null);
    rmSync(cwd, { recursive: true });
  }
});
