// The same bytes in, the same report out: native, Node, browser, worker, command line.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEngine } from 'vaultmoat';
import { withPage } from './chromium.js';
import { root, templates as all } from './templates.js';

const engine = await createEngine();
const templates = all.filter(([path, text]) => engine.identify(path, text) !== undefined);

const native = execFileSync(
  join(root, 'target/debug/report'),
  templates.map(([path]) => path),
  { cwd: root, encoding: 'utf8' },
);
/** @param {unknown} report */
const printed = (report) => `${JSON.stringify(report, undefined, 2)}\n`;

test('the templates give something to compare', () => {
  assert.ok(templates.length >= 6);
  assert.ok(JSON.parse(native).diagnostics.length > 0);
});

test('Node reports what the native engine reports', () => {
  const project = engine.project();
  for (const [path, text] of templates) project.set(path, text);
  assert.equal(printed(project.check()), native);
});

test('the command line reports what the native engine reports', () => {
  const command = join(root, 'node_modules/.bin/vaultmoat');
  const { stdout } = spawnSync(command, ['check', '--format', 'json', 'examples/templates'], { cwd: root, encoding: 'utf8' });
  assert.equal(stdout, native);
});

test('a page and its worker report what the native engine reports', () =>
  withPage(async (page) => {
    await page.goto('/');
    const reports = await page.evaluate(async (files) => {
      // @ts-ignore served by the playground
      const { createEngine, createWorkerEngine } = await import('/vaultmoat/dist/browser.js');
      const here = (await createEngine()).project();
      const worker = await createWorkerEngine();
      const there = await worker.project();
      for (const [path, text] of files) {
        here.set(path, text);
        void there.set(path, text);
      }
      const reports = [here.check(), await there.check()];
      worker.dispose();
      return reports;
    }, templates);
    for (const report of reports) assert.equal(printed(report), native);
  }));
