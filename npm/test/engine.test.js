import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createEngine, EngineCrash } from 'vaultmoat';
import { checkWithReferences } from '../dist/gather.js';
import * as wasm from '../wasm/vaultmoat.js';
import { openBicep, openVault } from './templates.js';

const moat = await createEngine();

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal(moat.version, version);
});

test('an unknown option is refused with its name, by every function', async () => {
  // @ts-expect-error no option has that name
  assert.throws(() => moat.project({ clowd: 'public' }), { name: 'TypeError', message: /unknown option `clowd`/ });
  // @ts-expect-error no option has that name
  await assert.rejects(createEngine({ wsam: '' }), { name: 'TypeError', message: /unknown option `wsam`/ });
});

test('a file is in the report from `set` to `remove`', () => {
  const project = moat.project();
  project.set('main.json', openVault);
  assert.equal(project.check().summary.vaults, 1);
  assert.equal(project.model().vaults.length, 1);
  project.remove('main.json');
  assert.equal(project.check().summary.files, 0);
});

test('files that texts name are added before anything is checked', async () => {
  /** @param {number} at */
  const text = (at) => (at < 12 ? `module m 'm${at + 1}.bicep' = {\n  name: 'm'\n}\n` : openBicep);
  const project = moat.project();
  project.set('m0.bicep', text(0));
  let checks = 0;
  const counting = { references: () => project.references(), check: () => ((checks += 1), project.check()) };
  const files = {
    has: () => false,
    isFile: () => true,
    names: () => [],
    offer: () => {},
    hand: (/** @type {string} */ path) => project.set(path, text(Number(path.slice(1, -'.bicep'.length)))),
    restored: () => undefined,
    nearest: () => undefined,
  };
  const report = await checkWithReferences(/** @type {any} */ (counting), files);
  assert.equal(report.summary.vaults, 1);
  assert.equal(checks, 1);
});

test('checking twice gives the same report', () => {
  const project = moat.project();
  project.set('main.json', openVault);
  assert.deepEqual(project.check(), project.check());
});

test('repeated fixing ends, and the finding is gone', () => {
  const project = moat.project();
  project.set('main.json', openVault);
  assert.deepEqual(project.fix({ rules: ['public-vault'] }), []);
  let rounds = 0;
  for (let edits; (edits = project.fix({ rules: ['public-vault'], unsafe: true })).length > 0; rounds++) {
    assert.ok(rounds < 10);
    for (const { file, text } of edits) project.set(file, text);
  }
  assert.ok(rounds > 0);
  assert.ok(!project.check().diagnostics.some(({ rule }) => rule === 'public-vault'));
});

test('a text is identified by its content, not by its name', () => {
  assert.equal(moat.identify('whatever.txt', openVault), 'arm');
  assert.equal(moat.identify('main.json', '{"name": "a package"}'), undefined);
});

test('a value that is not a string is refused, and the project still works', () => {
  const project = moat.project();
  // @ts-expect-error a number
  assert.throws(() => project.set('main.json', 7), TypeError);
  assert.equal(project.check().summary.files, 0);
});

test('a project that was disposed of throws', () => {
  const project = moat.project();
  project.dispose();
  project.dispose();
  assert.throws(() => project.check(), /disposed of/);
});

test('after a crash every project keeps its files', (context) => {
  const crashed = moat.project();
  const other = moat.project();
  for (const project of [crashed, other]) project.set('main.json', openVault);
  const trap = context.mock.method(wasm.Project.prototype, 'check', () => {
    throw new WebAssembly.RuntimeError('unreachable');
  });
  assert.throws(() => crashed.check(), EngineCrash);
  trap.mock.restore();
  assert.equal(crashed.check().summary.vaults, 1);
  assert.equal(other.check().summary.vaults, 1);
  crashed.dispose();
});

test('the module can be given as bytes, compiled, or by its address', async () => {
  const address = new URL('../wasm/vaultmoat_bg.wasm', import.meta.url);
  const bytes = readFileSync(address);
  for (const source of [bytes, new WebAssembly.Module(bytes), address, address.href]) {
    assert.equal((await createEngine({ wasm: source })).version, moat.version);
  }
});

test('every rule has a name, a summary and an address', () => {
  const rules = moat.rules();
  assert.ok(rules.length > 0);
  for (const { slug, summary, url } of rules) assert.ok(slug && summary && url.includes(slug));
});

test('arguments of a wrong type are refused with their name, and the engine still works', async () => {
  const project = moat.project();
  project.set('main.json', openVault);
  const any = /** @type {any} */ (project);
  for (const wrong of [5, null, {}, true]) {
    const refused = { name: 'TypeError', message: /`vault`/ };
    assert.throws(() => any.explain({ from: 'internet', vault: wrong }), refused);
    assert.throws(() => any.resolve({ from: 'internet', vault: wrong }), refused);
    assert.throws(() => any.access({ vault: wrong }), refused);
    assert.throws(() => any.plan({ vault: wrong }), refused);
    assert.throws(() => any.explain({ from: wrong }), { name: 'TypeError', message: /`from`/ });
    assert.throws(() => any.resolve({ from: wrong }), { name: 'TypeError', message: /`from`/ });
    assert.throws(() => any.diff(wrong), { name: 'TypeError', message: /`after`/ });
    assert.throws(() => any.remove(wrong), { name: 'TypeError', message: /`path`/ });
    assert.throws(() => /** @type {any} */ (moat).identify(wrong, ''), { name: 'TypeError', message: /`path`/ });
    assert.throws(() => /** @type {any} */ (moat).identify('a', wrong), { name: 'TypeError', message: /`text`/ });
  }
  for (const wrong of [5, null, 'internet']) {
    assert.throws(() => any.explain(wrong), TypeError);
    assert.throws(() => any.access(wrong), TypeError);
    assert.throws(() => any.plan(wrong), TypeError);
    assert.throws(() => any.fix(wrong), TypeError);
    assert.throws(() => moat.project(/** @type {any} */ (wrong)), TypeError);
    await assert.rejects(createEngine(/** @type {any} */ (wrong)), TypeError);
  }
  await assert.rejects(createEngine(/** @type {any} */ ({ wasm: 5 })), { name: 'TypeError', message: /`wasm`/ });
  assert.equal(project.check().summary.vaults, 1);
  assert.equal(project.explain({ from: 'internet' }).outcome, 'allowed');
});

test('a report lists files in unsupported languages that mention a vault, and values for undeclared parameters', () => {
  const project = moat.project({ parameter: { nmae: 'kv-a' } });
  project.set('main.bicep', "param name string\nresource kv 'Microsoft.KeyVault/vaults@2026-02-01' existing = { name: name }");
  project.set('deploy.sh', 'az keyvault create --name kv-a');
  const { skipped, undeclared } = project.check();
  assert.deepEqual(skipped, [{ path: 'deploy.sh', reason: 'unsupported-language' }]);
  assert.deepEqual(undeclared, [{ name: 'nmae', suggestion: 'name' }]);
  assert.equal(moat.project().check().undeclared, undefined);
});
