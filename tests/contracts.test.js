// Public contracts break only with a new version; additions are recorded with `make contracts`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { format, resolveConfig } from 'prettier';
import { createEngine } from 'vaultmoat';
import { CHECKED, OPTIONS } from '../npm/dist/cli/arguments.js';
import { PRINTED } from '../npm/dist/cli/questions.js';
import { breaks, mayBreak, shapes } from './contracts.js';
import { root } from './templates.js';

/** @typedef {import('./contracts.js').Shapes} Shapes */
/** @typedef {{ version: number | string, shapes: Shapes }} Contract */

const moat = await createEngine();
const project = moat.project();
const manifest = JSON.parse(readFileSync(join(root, 'npm/package.json'), 'utf8'));
/** @param {string} name */
const schema = (name) => shapes(JSON.parse(readFileSync(join(root, `npm/schema/${name}.json`), 'utf8')));

/** @param {string} name @param {Contract} now @param {'output' | 'input'} direction */
async function hold(name, now, direction) {
  const path = join(root, 'tests/contracts', `${name}.json`);
  const isUpdate = process.env['UPDATE_CONTRACTS'] !== undefined;
  const text = await format(JSON.stringify(now), { ...(await resolveConfig(path)), parser: 'json' });
  if (existsSync(path)) {
    const before = /** @type {Contract} */ (JSON.parse(readFileSync(path, 'utf8')));
    const broken = breaks(before.shapes, now.shapes, direction);
    const { version: from } = before;
    const { version: to } = now;
    const isSaid = typeof from === 'number' ? Number(to) > from : mayBreak(from, String(to));
    assert.ok(isSaid || broken.length === 0, `without a new version (it is ${to}):\n${broken.join('\n')}`);
    if (!isUpdate) assert.deepEqual(now, before, 'nothing is broken, but `make contracts` has to write down what is new');
  } else assert.ok(isUpdate, `${name} is new: \`make contracts\` writes it down`);
  if (isUpdate) writeFileSync(path, text);
}

for (const name of Object.keys(PRINTED)) {
  test(`the JSON of ${name} keeps what it has while its version stays`, () =>
    hold(name, { version: project.check().version, shapes: schema(name) }, 'output'));
}

test('a valid vaultmoat.toml stays valid', () =>
  hold('config', { version: manifest.version, shapes: schema('config') }, 'input'));

/** Asserts that no name is removed. @param {Iterable<string>} names */
const names = (names) => ({ '|': [...new Set(names)].sort().map((name) => `'${name}'`) });

/** Whether settings and suppressions know a rule by this name. @param {string} slug */
function isRule(slug) {
  try {
    const own = moat.project({ rules: { [slug]: 'info' } });
    own.set('main.bicep', `// vaultmoat-ignore ${slug}: because\noutput nothing string = ''\n`);
    return !own.check().diagnostics.some(({ rule }) => rule === 'invalid-suppression');
  } catch {
    return false;
  }
}

test('a rule is found by every name that it ever had', () => {
  assert.ok(!isRule('no-such-rule'));
  const path = join(root, 'tests/contracts/rules.json');
  /** @type {string[]} */
  const before = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).shapes['#']['|'] : [];
  const known = before.map((name) => name.slice(1, -1)).filter(isRule);
  const slugs = moat.rules().map(({ slug }) => slug);
  assert.ok(slugs.every(isRule));
  return hold('rules', { version: manifest.version, shapes: { '#': names([...slugs, ...known]) } }, 'output');
});

test('a valid command line stays valid', () => {
  /** @type {Record<string, Record<string, { type: string, short?: string, multiple?: boolean }>>} */
  const options = OPTIONS;
  /** @type {Record<string, Record<string, string | string[]>>} */
  const commands = {};
  for (const [command, own] of Object.entries(options)) {
    commands[command] = {};
    for (const [name, { type, short, multiple }] of Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))) {
      commands[command][short === undefined ? name : `${name}, -${short}`] = multiple ? [type] : type;
    }
  }
  return hold('commands', { version: manifest.version, shapes: { '#': { ...commands, formats: names(CHECKED) } } }, 'output');
});

test('exit codes keep their meaning', () => {
  /** @param {string[]} words */
  const code = (...words) =>
    `'${spawnSync(process.execPath, ['npm/bin/vaultmoat.js', ...words], { cwd: root, encoding: 'utf8' }).status}'`;
  const codes = {
    clean: code('check', '--fail-on', 'error', 'examples/templates/open-vault.json'),
    findings: code('check', 'examples/templates/open-vault.json'),
    'wrong input': code('check', 'nowhere.json'),
    'wrong usage': code('check', '--surprise'),
  };
  return hold('exit-codes', { version: manifest.version, shapes: { '#': codes } }, 'output');
});

test('exports of the package stay', async () => {
  /** @type {Record<string, import('./contracts.js').Shape>} */
  const modules = {};
  const schemas = readdirSync(join(root, 'npm/schema')).map((file) => `./schema/${file}`);
  const entries = Object.keys(manifest.exports)
    .flatMap((entry) => (entry === './schema/*.json' ? schemas : [entry]))
    // With null, a file is not an entry.
    .filter((entry) => manifest.exports[entry] !== null);
  for (const entry of entries) {
    const name = entry.replace('.', 'vaultmoat');
    // A worker is started, not imported; other exports are not scripts.
    const isScript = entry !== './worker' && !/\.json$|wasm$/.test(entry);
    modules[name] = isScript ? names(Object.keys(await import(name))) : 'file';
  }
  // With the condition `browser`.
  modules['vaultmoat in a browser'] = names(Object.keys(await import('../npm/dist/browser.js')));
  const members = (/** @type {object} */ prototype) => names(Object.getOwnPropertyNames(prototype));
  const classes = { Engine: members(Object.getPrototypeOf(moat)), Project: members(Object.getPrototypeOf(project)) };
  const commands = names(Object.keys(manifest.bin));
  return hold('library', { version: manifest.version, shapes: { '#': { ...modules, ...classes, bin: commands } } }, 'output');
});

// Tests of the comparison.

const report = {
  '#': '#Report',
  Report: { version: 'number', 'note?': 'string', kind: { '|': ["'a'", "'b'"] }, list: ['#Item'] },
  Item: { name: 'string', 'value?': { '|': ['null', 'string'] } },
};
/** @param {(shapes: any) => void} change */
const changed = (change) => {
  const copy = structuredClone(report);
  change(copy);
  return copy;
};

test('no field of the output is removed, renamed or changes its type', () => {
  const output = (/** @type {(shapes: any) => void} */ change) => breaks(report, changed(change), 'output');
  assert.deepEqual(
    output(() => {}),
    [],
  );
  assert.deepEqual(
    output((to) => delete to.Item.name),
    ['list[].name is gone'],
  );
  assert.deepEqual(
    output((to) => delete to.Report['note?']),
    ['note is gone'],
  );
  assert.deepEqual(
    output(({ Item }) => ((Item.title = Item.name), delete Item.name)),
    ['list[].name is gone'],
  );
  assert.deepEqual(
    output((to) => (to.Item.name = 'number')),
    ['list[].name was string, is number'],
  );
  assert.deepEqual(
    output((to) => (to.Report.list = '#Item')),
    ['list was ["#Item"], is {"name":"string","value?":{"|":["null","string"]}}'],
  );
  assert.deepEqual(
    output((to) => to.Report.kind['|'].shift()),
    [`kind may no longer be 'a'`],
  );
  assert.deepEqual(
    output((to) => to.Item['value?']['|'].push('number')),
    ['list[].value may now be number'],
  );
  assert.deepEqual(
    output(({ Item }) => ((Item['name?'] = Item.name), delete Item.name)),
    ['list[].name is no longer always there'],
  );
});

test('the output may grow, and definitions may be renamed', () => {
  const output = (/** @type {(shapes: any) => void} */ change) => breaks(report, changed(change), 'output');
  assert.deepEqual(
    output((to) => (to.Item['more?'] = 'string')),
    [],
  );
  assert.deepEqual(
    output((to) => (to.Item.always = 'string')),
    [],
  );
  assert.deepEqual(
    output((to) => to.Report.kind['|'].push(`'c'`)),
    [],
  );
  assert.deepEqual(
    output((to) => ((to.Report.list = ['#Thing']), (to.Thing = to.Item), delete to.Item)),
    [],
  );
});

test('input that was valid stays valid', () => {
  const input = (/** @type {(shapes: any) => void} */ change) => breaks(report, changed(change), 'input');
  assert.deepEqual(
    input((to) => (to.Item['more?'] = 'string')),
    [],
  );
  assert.deepEqual(
    input((to) => to.Item['value?']['|'].push('number')),
    [],
  );
  assert.deepEqual(
    input((to) => (to.Item.more = 'string')),
    ['list[].more is needed now'],
  );
  assert.deepEqual(
    input(({ Report }) => ((Report.note = Report['note?']), delete Report['note?'])),
    ['note is needed now'],
  );
  assert.deepEqual(
    input((to) => delete to.Report['note?']),
    ['note is gone'],
  );
  assert.deepEqual(
    input((to) => to.Report.kind['|'].pop()),
    [`kind may no longer be 'b'`],
  );
});

test('a recursive shape is compared once', () => {
  const tree = { '#': '#Tree', Tree: { name: 'string', children: ['#Tree'] } };
  assert.deepEqual(breaks(tree, structuredClone(tree), 'output'), []);
  assert.deepEqual(breaks(tree, { ...tree, Tree: { name: 'string', children: 'any' } }, 'output'), [
    'children was ["#Tree"], is any',
  ]);
});

test('a breaking change needs a new version', () => {
  assert.ok(mayBreak('0.1.0', '0.2.0') && mayBreak('1.4.0', '2.0.0') && mayBreak('0.9.3', '1.0.0'));
  assert.ok(!mayBreak('0.1.0', '0.1.9') && !mayBreak('1.4.0', '1.5.0') && !mayBreak('2.0.0', '1.0.0'));
});
