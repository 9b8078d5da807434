// Crashes of the engine: a special build panics in the middle of a check if a text has the word TRAP. Every host reports
// that, and continues.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { editor } from '../npm/test/editor.js';
import { openBicep, openVault } from '../npm/test/templates.js';
import { serve } from '../examples/playground/serve.js';
import { closeBrowser, withPage } from './pages.js';
import { root } from './templates.js';

const library = join(root, 'target/trap/package');
const page = join(root, 'target/trap/playground');
const command = join(library, 'bin/vaultmoat.js');
const cursed = openBicep.replace('kv-open', 'TRAP');

const folder = mkdtempSync(join(tmpdir(), 'vaultmoat-trap-'));
after(async () => {
  await closeBrowser();
  rmSync(folder, { recursive: true });
});

/** @type {typeof import('vaultmoat')} */
const { createEngine, EngineCrash } = await import(pathToFileURL(join(library, 'dist/node.js')).href);
const moat = await createEngine();

test('in Node, the crash is an error, and every project goes on, old and new, with the files it has', () => {
  const [crashed, other] = [moat.project(), moat.project({ profile: 'strict' })];
  for (const project of [crashed, other]) project.set('main.json', openVault);
  const expected = JSON.stringify(other.check());
  crashed.set('main.bicep', cursed);
  assert.throws(
    () => crashed.check(),
    (error) => error instanceof EngineCrash && /the engine crashed: unreachable/.test(error.message),
  );
  assert.equal(JSON.stringify(other.check()), expected);
  assert.throws(() => crashed.check(), EngineCrash);
  const fresh = moat.project();
  fresh.set('main.json', openVault);
  assert.equal(fresh.check().summary.vaults, 1);
  // The file that crashed it is gone.
  crashed.set('main.bicep', openBicep);
  assert.equal(crashed.check().summary.vaults, 2);
  assert.ok(moat.rules().length > 0);
  assert.equal(moat.identify('main.json', openVault), 'arm');
  for (const project of [crashed, other, fresh]) project.dispose();
});

test('in Node, two projects are compared after a crash of one of them', () => {
  const [one, other] = [moat.project(), moat.project()];
  one.set('main.json', openVault);
  other.set('main.bicep', cursed);
  assert.throws(() => other.check(), EngineCrash);
  assert.ok(one.diff(other).version > 0);
});

test('in Node, repeated crashes are survived, also with projects that were not disposed of', async () => {
  for (let round = 0; round < 50; round += 1) {
    const project = moat.project();
    project.set('main.bicep', cursed);
    assert.throws(() => project.check(), EngineCrash);
    moat.project().set('main.json', openVault);
    if (round % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const project = moat.project();
  project.set('main.json', openVault);
  assert.equal(project.check().summary.vaults, 1);
});

test('the command line reports a crash, exits with 2 and leaves no partial output', () => {
  writeFileSync(join(folder, 'main.bicep'), cursed);
  const words = ['check', 'main.bicep', '--output', 'report.txt'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^vaultmoat: main\.bicep: the engine crashed: unreachable, which is a bug in vaultmoat$/m);
  assert.deepEqual(readdirSync(folder), ['main.bicep']);
});

test('the language server says so once, and everything else goes on', async () => {
  writeFileSync(join(folder, 'main.bicep'), openBicep);
  const one = await editor([folder], { words: [command, 'lsp'] });
  const isOpen = (/** @type {import('vscode-languageserver-protocol').Diagnostic[]} */ found) =>
    found.some(({ code }) => code === 'public-vault');
  const uri = await one.open('main.bicep');
  await one.diagnostics(uri, isOpen);
  await one.replace(uri, 'kv-open', 'TRAP');
  await one.until(() => one.messages.length > 0);
  assert.match(one.messages[0], /the engine crashed at .*main\.bicep/);
  await one.replace(uri, `'Allow'`, `'Deny'`);
  await one.replace(uri, 'TRAP', 'kv-closed');
  await one.diagnostics(uri, (found) => !isOpen(found));
  assert.equal(one.messages.length, 1);
  assert.equal(await one.stop(), 0);
});

before(async () => {
  const alias = { vaultmoat: join(library, 'dist/browser.js') };
  await build({
    configFile: join(root, 'examples/playground/vite.config.js'),
    root: join(root, 'examples/playground'),
    logLevel: 'warn',
    resolve: { alias: [{ find: /^vaultmoat$/, replacement: alias.vaultmoat }] },
    build: { outDir: page, emptyOutDir: true },
  });
  assert.ok(existsSync(join(page, 'index.html')));
});

test('in a worker, the crash is an error, and every project goes on', async () => {
  await withPage(
    async (page) => {
      await page.goto('/');
      const outcome = await page.evaluate(`(async () => {
        const { createWorkerEngine, EngineCrash } = await import('/vaultmoat/dist/browser.js');
        const engine = await createWorkerEngine();
        const [crashed, other] = [await engine.project(), await engine.project()];
        for (const project of [crashed, other]) await project.set('main.json', ${JSON.stringify(openVault)});
        await crashed.set('main.bicep', ${JSON.stringify(cursed)});
        const first = crashed.check().catch((error) => [error instanceof EngineCrash, error.message]);
        const waiting = other.check();
        const [error, meanwhile] = [await first, (await waiting).summary.vaults];
        await crashed.set('main.bicep', ${JSON.stringify(openBicep)});
        return [error, meanwhile, (await crashed.check()).summary.vaults, (await other.check()).summary.vaults];
      })()`);
      assert.deepEqual(outcome, [[true, 'the engine crashed: unreachable'], 1, 2, 1]);
    },
    (port) => serve(port, { page, library }),
  );
});

test('the playground says so, and shows findings again with the next text', async () => {
  await withPage(
    async (page) => {
      page.setDefaultTimeout(20_000);
      await page.goto('/');
      const status = (/** @type {RegExp} */ text) => page.locator('#status', { hasText: text }).waitFor();
      await status(/\d+ vaults?, /);
      await page.locator('.cm-content').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('// TRAP');
      await status(/the engine crashed/);
      for (let letter = 0; letter < 'TRAP'.length; letter += 1) await page.keyboard.press('Backspace');
      await status(/^\d+ vaults?, /);
      await page.getByRole('tab', { name: 'Access' }).click();
      await page.locator('#callers [data-from="internet"]').waitFor();
    },
    (port) => serve(port, { page, library }),
  );
});
