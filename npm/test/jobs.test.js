import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEngine } from 'vaultmoat';
import { folder, run } from './command.js';
import { linksTo, openVault } from './templates.js';
import { tree } from './tree.js';

const preload = (/** @type {string} */ name) => `--import ${new URL(name, import.meta.url).href}`;
const large = folder(tree(2000));
const medium = folder(tree(800));

/** @param {string[]} words @param {Record<string, string>} [env] @param {string} [cwd] */
function timed(words, env = {}, cwd = large) {
  const started = performance.now();
  const result = run(cwd, ['check', '--fail-on', 'never', ...words], { env });
  return { ...result, time: performance.now() - started };
}

test('the output does not depend on the number of threads, in every format', (context) => {
  const [one, two] = ['1', '2'].map((jobs) => timed(['--jobs', jobs, '--format', 'json']));
  assert.equal(one?.status, 0, one?.stderr);
  assert.equal(two?.stderr, '');
  assert.ok(one?.stdout === two?.stdout);
  assert.ok(JSON.parse(one?.stdout ?? '').summary.vaults > 1500);
  context.diagnostic(`2,000 templates: ${one?.time.toFixed(0)} ms with one job, ${two?.time.toFixed(0)} ms with two`);
  for (const format of ['text', 'sarif', 'markdown']) {
    const [one, three] = ['1', '3'].map(
      (jobs) => timed(['--jobs', jobs, '--format', format, '--profile', 'strict'], {}, medium).stdout,
    );
    assert.ok(one === three, format);
  }
});

test('fixes, controls and baselines do not depend on threads', () => {
  for (const words of [
    ['--unsafe-fixes', '--diff'],
    ['--controls', '--format', 'json'],
  ]) {
    const [one, two] = ['1', '2'].map((jobs) => timed([...words, '--jobs', jobs], {}, medium));
    assert.equal(one?.stderr, two?.stderr);
    assert.ok((one?.stdout.length ?? 0) > 1000);
    assert.ok(one?.stdout === two?.stdout, words.join(' '));
  }
  const written = ['1', '2'].map((jobs) => {
    timed(['--quiet', '--jobs', jobs, '--write-baseline', `${jobs}.baseline`], {}, medium);
    return readFileSync(join(medium, `${jobs}.baseline`), 'utf8');
  });
  assert.ok(written[0] === written[1]);
  const { stdout } = timed(['--jobs', '2', '--baseline', '1.baseline'], {}, medium);
  assert.match(stdout, /nothing new found/);
});

test('the report of several units is that of one project with all files', async () => {
  const files = tree(40);
  // In one project, a cycle of modules beside another template is not checked.
  for (const name of Object.keys(files)) if (name.startsWith('circle/')) delete files[name];
  const project = (await createEngine()).project();
  const isRead = (/** @type {string} */ name) => !name.endsWith('rules.json');
  for (const [name, text] of Object.entries(files)) if (isRead(name)) project.set(name, text);
  const report = project.check();
  const { stdout } = run(folder(files), ['check', '--format', 'json']);
  const found = JSON.parse(stdout);
  assert.deepEqual(
    found.files.filter(({ path = '' }) => isRead(path)),
    report.files,
  );
  assert.deepEqual(found.diagnostics, report.diagnostics);
  assert.deepEqual(found.undecided, report.undecided);
  assert.deepEqual({ ...found.summary, files: 0 }, { ...report.summary, files: 0 });
});

test('templates that only deploy each other are checked', () => {
  const files = tree(3);
  const { stdout } = run(folder(files), ['check', '--format', 'json']);
  const found = JSON.parse(stdout).diagnostics.map((/** @type {{ file: string }} */ { file }) => file);
  assert.ok(found.includes('circle/b.bicep'));
  assert.ok(found.includes('comment/b.bicep'));
});

test('a suppression in a module is unused when no user of it needs it', () => {
  const { users, module } = { users: tree(40), module: 'shared/vault.bicep' };
  const unused = (/** @type {Record<string, string>} */ files) => {
    const { diagnostics } = JSON.parse(run(folder(files), ['check', '--format', 'json']).stdout);
    return diagnostics.filter(({ rule = '', file = '' }) => rule === 'unused-suppression' && file === module).length;
  };
  assert.equal(unused(users), 0);
  const denying = Object.entries(users).map(([name, text]) => [name, text.replace('isOpen: true', 'isOpen: false')]);
  assert.equal(unused(Object.fromEntries(denying)), 1);
});

test('of several broken files the first one is reported, whatever the order of threads', () => {
  const cwd = folder({
    ...tree(600),
    'apps/0300/main.json': openVault.replace('kv-open', 'TRAP'),
    'apps/0500/main.json': 'TRAP',
  });
  const env = { NODE_OPTIONS: preload('trap.js') };
  for (const jobs of ['1', '2']) {
    const { status, stdout, stderr } = run(cwd, ['check', '--jobs', jobs], { env });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, 'vaultmoat: apps/0300/main.json: the engine crashed: unreachable, which is a bug in vaultmoat\n');
  }
});

test('a thread that ends is replaced, and its unit tried once more', () => {
  const once = join(folder({}), 'died');
  const env = { NODE_OPTIONS: preload('dies.js'), DIES_ONCE: once };
  const whole = timed(['--jobs', '1', '--format', 'json']).stdout;
  const { status, stdout, stderr } = timed(['--jobs', '2', '--format', 'json'], env);
  assert.ok(existsSync(once), 'no thread was started');
  assert.equal(status, 0, stderr);
  assert.ok(stdout === whole);
});

test('a thread that ends again, or is out of memory, prints one line and exits with 2', () => {
  for (const [DIES, why] of /** @type {[string, RegExp][]} */ ([
    ['', /exit code 7/],
    ['hungry', /memory/],
  ])) {
    const NODE_OPTIONS = `${preload('dies.js')} ${DIES && '--max-old-space-size=128'}`;
    const { status, stdout, stderr } = timed(['--jobs', '2'], { NODE_OPTIONS, DIES });
    assert.equal(status, 2, stderr);
    assert.equal(stdout, '');
    const line = stderr.split('\n').filter((line) => line.startsWith('vaultmoat: '));
    assert.equal(line.length, 1);
    assert.match(line[0] ?? '', /^vaultmoat: [\w./]+: the thread that checks it ended: /);
    assert.match(line[0] ?? '', why);
  }
});

test('an output never replaces a file that only another thread has read', () => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`checked/${1000 + at}.json`, openVault]));
  // The main thread takes the first unit, and gives the next ones to the thread that it then starts.
  const cwd = folder({ ...files, 'checked/1001.json': linksTo('../beside/vault.json'), 'beside/vault.json': openVault });
  for (const jobs of ['1', '2']) {
    const output = 'beside/vault.json';
    const { status, stderr } = run(cwd, ['check', 'checked', '--jobs', jobs, '--format', 'json', '--output', output]);
    assert.equal(status, 2);
    assert.equal(stderr, `vaultmoat: ${output}: cannot be written: it is one of the files that are checked\n`);
    assert.equal(readFileSync(join(cwd, output), 'utf8'), openVault);
  }
});

test('--jobs needs a number', () => {
  for (const jobs of ['0', '-1', 'x', '1.5', '257', '']) {
    const { status, stderr } = run(large, ['check', `--jobs=${jobs}`]);
    assert.equal(status, 2);
    assert.match(stderr, /^vaultmoat: --jobs must be a number from 1 to 256, not `/);
  }
});
