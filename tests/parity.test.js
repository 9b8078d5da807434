// All hosts give the same report: native, Node, browser, worker, command line.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createEngine } from 'vaultmoat';
import { closeBrowser, withPage } from './pages.js';
import { root, templates as all } from './templates.js';

after(closeBrowser);

const engine = await createEngine();
const templates = all.filter(([path, text]) => engine.identify(path, text) !== undefined);

const native = ['check', 'model'].map((command) =>
  execFileSync(join(root, 'target/debug/report'), [command, ...templates.map(([path]) => path)], { cwd: root, encoding: 'utf8' }),
);
/** @param {unknown} report */
const printed = (report) => `${JSON.stringify(report, undefined, 2)}\n`;

test('the templates have findings to compare', () => {
  assert.ok(templates.length >= 6);
  assert.ok(JSON.parse(native[0]).diagnostics.length > 0);
});

test('Node reports what the native engine reports', () => {
  const project = engine.project();
  for (const [path, text] of templates) project.set(path, text);
  assert.deepEqual([project.check(), project.model()].map(printed), native);
});

test('the command line reports what the native engine reports', () => {
  const command = join(root, 'node_modules/.bin/vaultmoat');
  const printed = ['check', 'model'].map((word) => {
    return spawnSync(command, [word, '--format', 'json', 'examples/templates'], { cwd: root, encoding: 'utf8' }).stdout;
  });
  assert.deepEqual(printed, native);
});

test('a page and its worker report what the native engine reports', () =>
  withPage(async (page) => {
    await page.goto('/');
    const reports = await page.evaluate(async (files) => {
      // @ts-expect-error served by the playground
      const { createEngine, createWorkerEngine } = await import('/vaultmoat/dist/browser.js');
      const here = (await createEngine()).project();
      const worker = await createWorkerEngine();
      const there = await worker.project();
      for (const [path, text] of files) {
        here.set(path, text);
        void there.set(path, text);
      }
      const reports = [
        [here.check(), here.model()],
        [await there.check(), await there.model()],
      ];
      worker.dispose();
      return reports;
    }, templates);
    for (const host of reports) assert.deepEqual(host.map(printed), native);
  }));
