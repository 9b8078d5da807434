// The package as it is published: packed, installed in an empty folder, imported, type-checked, run.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, run, tarball, template, write } from './packed.js';
import { root } from './templates.js';

test('the package has the needed files and no others', () => {
  const installed = join(folder, 'node_modules/vaultmoat');
  const files = readdirSync(installed).sort();
  const licenses = ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT'];
  const notices = 'LICENSE-THIRD-PARTY';
  const folders = ['rules', 'sbom.cdx.json', 'schema', 'wasm'];
  assert.deepEqual(files, [...licenses, notices, 'README.md', 'bin', 'dist', 'facts', 'package.json', ...folders]);
  for (const name of [...licenses, 'README.md']) {
    assert.equal(readFileSync(join(installed, name), 'utf8'), readFileSync(join(root, name), 'utf8'), name);
  }
  assert.deepEqual(readdirSync(join(installed, 'wasm')).sort(), [
    'vaultmoat.d.ts',
    'vaultmoat.js',
    'vaultmoat_bg.wasm',
    'vaultmoat_bg.wasm.d.ts',
  ]);
});

test('an installation brings what the bill of materials names and nothing else', () => {
  /** @type {{ components: { purl: string, name: string }[] }} */
  const { components } = JSON.parse(readFileSync(join(folder, 'node_modules/vaultmoat/sbom.cdx.json'), 'utf8'));
  const named = components.filter(({ purl }) => purl.startsWith('pkg:npm/')).map(({ name }) => name);
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  const installed = Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  assert.deepEqual(installed.filter((name) => name !== 'vaultmoat').sort(), named.sort());
});

test('the package does not contain paths of the build machine', () => {
  const module = readFileSync(join(folder, 'node_modules/vaultmoat/wasm/vaultmoat_bg.wasm'), 'latin1');
  assert.match(module, /core\/src\/text\.rs/, 'no paths at all: what would be found?');
  for (const place of [root, homedir(), tmpdir()]) assert.ok(!module.includes(place), place);
});

test('the command runs', () => {
  write('main.json', template);
  const { status, output } = run('node_modules/.bin/vaultmoat', 'check', '--fail-on', 'never', 'main.json');
  assert.equal(status, 0, output);
  assert.match(output, /1 vault in 1 file/);
});

test('the library is imported and checks', () => {
  write(
    'use.js',
    `import { createEngine } from 'vaultmoat';
     import { readFileSync } from 'node:fs';
     import manifest from 'vaultmoat/package.json' with { type: 'json' };
     import schema from 'vaultmoat/schema/check.json' with { type: 'json' };
     const project = (await createEngine()).project();
     project.set('main.json', readFileSync('main.json', 'utf8'));
     console.log(project.check().summary.vaults, manifest.name, schema.$ref, import.meta.resolve('vaultmoat/wasm'));`,
  );
  const { status, output } = run(process.execPath, '--no-warnings', 'use.js');
  assert.equal(status, 0, output);
  assert.match(output, /^1 vaultmoat #\/definitions\/CheckReport file:.*vaultmoat_bg\.wasm$/m);
});

test('a consumer type-checks, strictly, for Node and for a bundler', () => {
  write(
    'consumer.ts',
    `import { createEngine, type Diagnostic, type Report } from 'vaultmoat';
     const moat = await createEngine();
     const project = moat.project({ cloud: 'usgov', parameter: { count: 3 } });
     project.set('main.json', '{}');
     const report: Report = project.check();
     export const rules: string[] = report.diagnostics.map((diagnostic: Diagnostic) => diagnostic.rule);
     // @ts-expect-error there is no such option
     moat.project({ clowd: 'public' });`,
  );
  write(
    'page.ts',
    `import { createWorkerEngine } from 'vaultmoat';
     const engine = await createWorkerEngine({ workerUrl: '/worker.js' });
     const project = await engine.project({ profile: 'strict' });
     export const report = project.check({ signal: AbortSignal.timeout(1000) });`,
  );
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const common = ['--noEmit', '--strict', '--target', 'es2022'];
  const node = run(process.execPath, tsc, ...common, '--module', 'nodenext', '--lib', 'es2023,dom', 'consumer.ts');
  assert.equal(node.status, 0, node.output);
  const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2023,dom', 'consumer.ts', 'page.ts'];
  const page = run(process.execPath, tsc, ...common, ...bundler);
  assert.equal(page.status, 0, page.output);
});

test('publint finds nothing', () => {
  const { status, output } = spawnOf('publint', tarball, '--strict');
  assert.equal(status, 0, output);
});

test('attw finds nothing', () => {
  const { status, output } = spawnOf('attw', tarball, '--profile', 'esm-only', '--exclude-entrypoints', './wasm');
  assert.equal(status, 0, output);
});

/** @param {string} name @param {string[]} words */
function spawnOf(name, ...words) {
  return run(join(root, 'node_modules/.bin', name), ...words);
}
