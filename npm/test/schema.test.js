// The output of the commands is valid by the schemas in the package.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { estate } from '../../tests/estate.js';
import { PRINTED } from '../dist/cli/questions.js';
import { COMMANDS } from './questions.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Of a question about one vault, a template with one. */
const one = 'examples/templates/private-endpoint.json';
const WORDS = {
  check: ['check', '--controls', 'examples/templates'],
  diff: ['diff', 'examples/templates/open-vault.json', one],
  graph: ['graph', 'examples/templates'],
  ...Object.fromEntries(COMMANDS.map(({ name, takes, words }) => [name, [...words, takes === '' ? 'examples/templates' : one]])),
};

test('every report that a command prints is compared with its schema', () =>
  assert.deepEqual(Object.keys(WORDS).sort(), Object.keys(PRINTED).sort()));

test('every record of check --stream fits the schema of stream', () => {
  const schema = JSON.parse(readFileSync(new URL('../schema/stream.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ allErrors: true }).compile(schema);
  const input = [...estate(60)]
    .map((row) => JSON.stringify(row))
    .concat('{ "id": 1 }', '{')
    .join('\n');
  const words = ['npm/bin/vaultmoat.js', 'check', '--stream', '-'];
  const { stdout } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', input });
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const kinds = ['finding', 'problem', 'summary', 'undecided'];
  assert.deepEqual([...new Set(records.map(({ record }) => record))].sort(), kinds);
  for (const record of records) assert.ok(validate(record), JSON.stringify([record, validate.errors?.slice(0, 3)]));
  assert.ok(!validate({ record: 'finding', version: 1 }));
  assert.ok(!validate({ ...records.at(-1), surprise: true }));
});

for (const [command, words] of Object.entries(WORDS)) {
  const schema = JSON.parse(readFileSync(new URL(`../schema/${command}.json`, import.meta.url), 'utf8'));
  const validate = new Ajv({ allErrors: true }).compile(schema);

  test(`${words[0]} --format json of the example templates fits the schema of ${command}`, () => {
    const { stdout } = spawnSync(process.execPath, ['npm/bin/vaultmoat.js', ...words, '--format', 'json'], {
      cwd: root,
      encoding: 'utf8',
    });
    const valid = validate(JSON.parse(stdout));
    assert.ok(valid, JSON.stringify(validate.errors?.slice(0, 3), undefined, 2));
  });

  test(`the schema of ${command} refuses what is not a report`, () => {
    assert.ok(!validate({}));
    assert.ok(!validate({ version: 1, surprise: true }));
  });
}
