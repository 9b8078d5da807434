// `check --stream`: its findings are those of `check`.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { estate } from '../../tests/estate.js';
import { folder, run } from './command.js';

/** @param {number} vaults */
const rows = (vaults) => [...estate(vaults, 7)].map((row) => JSON.stringify(row));

/** @param {string} text @returns {any[]} */
const records = (text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** @param {{ file: string, line: number, start: number, end: number }} place */
const place = ({ file, line, start, end }) => [file, line, start, end];

/** @param {{ file: string, range: import('vaultmoat').Range }} found */
const placeOf = ({ file, range: { start, end } }) => [file, start.line + 1, start.character, end.character];

/** @param {unknown[]} things */
const sorted = (things) => [...new Set(things.map((thing) => JSON.stringify(thing)))].sort();

test('a stream reports what a check of everything reports', () => {
  const all = rows(130);
  const cwd = folder({ 'a.ndjson': `${all.slice(0, 200).join('\n')}\n`, 'b.ndjson': `${all.slice(200).join('\r\n')}` });
  const streamed = run(cwd, ['check', '--stream', 'b.ndjson', 'a.ndjson', '--profile', 'strict', '--quiet']);
  const whole = run(cwd, ['check', '.', '--profile', 'strict', '--format', 'json', '--quiet']);
  assert.deepEqual([streamed.stderr, streamed.status], ['', whole.status]);
  const found = records(streamed.stdout);
  const report = JSON.parse(whole.stdout);
  assert.deepEqual(
    sorted(
      found
        .filter(({ record }) => record === 'finding')
        .map(({ record, version, id, file, line, start, end, related, ...rest }) => ({
          ...rest,
          place: [file, line, start, end],
          related: related.map((/** @type {any} */ other) => [other.message, ...place(other)]),
        }))
        .map((finding) => Object.entries(finding).sort()),
    ),
    sorted(
      report.diagnostics
        .map((/** @type {any} */ { file, range, related, fixes, facts, url, ...rest }) => ({
          ...rest,
          place: placeOf({ file, range }),
          related: related.map((/** @type {any} */ other) => [other.message, ...placeOf(other)]),
        }))
        .map((/** @type {object} */ finding) => Object.entries(finding).sort()),
    ),
  );
  const open = (/** @type {any} */ { rule, resource, reason, dependsOn }) => [rule, resource, reason, dependsOn];
  const undecided = found.filter(({ record }) => record === 'undecided');
  assert.deepEqual(sorted(undecided.map(open)), sorted(report.undecided.map(open)));
  const { errors, warnings, infos, resources, vaults } = found.at(-1);
  assert.deepEqual(
    { errors, warnings, infos, resources, vaults },
    {
      errors: report.summary.errors,
      warnings: report.summary.warnings,
      infos: report.summary.infos,
      resources: report.summary.resources,
      vaults: report.summary.vaults,
    },
  );
  for (const record of [...found.filter(({ record }) => record === 'finding'), ...undecided]) {
    const text = readFileSync(join(cwd, record.file), 'utf8').split(/\r?\n/)[record.line - 1] ?? '';
    assert.ok(text.includes(`"${record.id.split('/subnets/')[0]}"`), `${record.id} is in line ${record.line}`);
  }
});

test('standard input gives the same output as a file, through a pipe too', () => {
  const text = rows(60).join('\n');
  const cwd = folder({ 'stdin.ndjson': text });
  const file = run(cwd, ['check', '--stream', 'stdin.ndjson']);
  const input = run(cwd, ['check', '--stream', '-'], { input: text });
  assert.equal(input.stdout, file.stdout);
  assert.equal(run(cwd, ['check', '--stream', 'stdin.ndjson']).stdout, file.stdout, 'and every time the same');
});

test('a line without a resource is a problem with its line, and the others are checked', () => {
  const [vault = '', ...others] = rows(1);
  const text = ['{ "id": ', '', vault, '{"id":"x"}', ...others].join('\n');
  const { stdout, status } = run(folder({ 'a.ndjson': text }), ['check', '--stream', 'a.ndjson', '--fail-on', 'error', '-q']);
  const found = records(stdout);
  const problems = found.filter(({ record }) => record === 'problem');
  assert.deepEqual([...new Set(problems.map(({ line }) => line))], [1, 4]);
  assert.deepEqual([status, found.at(-1).record, found.at(-1).vaults], [1, 'summary', 1]);
  assert.equal(run(folder({ 'a.ndjson': text }), ['check', '--stream', 'a.ndjson', '--fail-on', 'never']).status, 0);
});

test('a truncated line of a vault is read to its end', () => {
  const [vault = ''] = rows(1);
  const { stdout } = run(folder({ 'a.ndjson': `${vault.slice(0, -30)}\n` }), ['check', '--stream', 'a.ndjson', '-q']);
  const found = records(stdout);
  assert.ok(found.some(({ record, line, rule }) => record === 'problem' && line === 1 && rule === 'syntax'));
  assert.equal(found.at(-1).vaults, 1);
});

test('context rows have no findings of their own', () => {
  const [vault = '', ...others] = rows(1);
  const marked = [vault, ...others].map((row) =>
    JSON.stringify({ ...JSON.parse(row), metadata: { vaultmoat: { neighbour: true } } }),
  );
  const { stdout } = run(folder({ 'a.ndjson': [vault, ...marked.slice(1)].join('\n') }), ['check', '--stream', 'a.ndjson', '-q']);
  const found = records(stdout);
  assert.deepEqual([...new Set(found.map(({ line }) => line))], [1, undefined]);
  assert.equal(found.at(-1).resources, 1);
  const none = run(folder({ 'a.ndjson': marked.join('\n') }), ['check', '--stream', 'a.ndjson', '-q']);
  assert.deepEqual([none.status, records(none.stdout).length], [0, 1]);
});

test('too many rows that could be about any resource are refused', () => {
  const row = (/** @type {number} */ at) => {
    const id = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-${at}`;
    return JSON.stringify({ id, name: `pe-${at}`, type: 'microsoft.network/privateendpoints' });
  };
  const text = Array.from({ length: 201 }, (_, at) => row(at)).join('\n');
  const { status, stderr, stdout } = run(folder({ 'a.ndjson': text }), ['check', '--stream', 'a.ndjson']);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^vaultmoat: more than 200 rows .* the first in a\.ndjson, line 1: .*\n$/);
});

test('the output file exists only once it is complete', () => {
  const cwd = folder({ 'a.ndjson': rows(3).join('\n'), 'b.ndjson': Buffer.from([0xff, 0xfe, 0x41, 0]) });
  assert.equal(run(cwd, ['check', '--stream', 'a.ndjson', '-o', 'out.ndjson', '--fail-on', 'never']).status, 0);
  const { stdout } = run(cwd, ['check', '--stream', 'a.ndjson']);
  assert.equal(readFileSync(join(cwd, 'out.ndjson'), 'utf8'), stdout);
  const refused = run(cwd, ['check', '--stream', 'a.ndjson', 'b.ndjson', '-o', 'other.ndjson']);
  assert.deepEqual([refused.status, refused.stderr], [2, 'vaultmoat: b.ndjson: not UTF-8 text\n']);
  assert.deepEqual(readdirSync(cwd).sort(), ['a.ndjson', 'b.ndjson', 'out.ndjson']);
});

test('options that cannot be combined with --stream are refused', () => {
  const cwd = folder({ 'a.ndjson': '' });
  for (const [words, message] of /** @type {[string[], RegExp][]} */ ([
    [['a.ndjson', '--format', 'json'], /--stream cannot be combined with --format/],
    [['a.ndjson', '--fix'], /--stream cannot be combined with --fix/],
    [[], /--stream needs files with one resource per line/],
    [['.'], /\.: a folder|a folder, where --stream needs files/],
    [['gone.ndjson'], /gone\.ndjson: there is no such file/],
  ])) {
    const { status, stderr } = run(cwd, ['check', '--stream', ...words]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
  }
  const { status, stdout } = run(cwd, ['check', '--stream', 'a.ndjson']);
  assert.deepEqual([status, records(stdout).length], [0, 1]);
});
