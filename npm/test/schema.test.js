// What the commands print is what the schemas in the package say.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';

const root = fileURLToPath(new URL('../..', import.meta.url));

for (const command of ['check', 'model', 'graph', 'monitor']) {
  const schema = JSON.parse(readFileSync(new URL(`../schema/${command}.json`, import.meta.url), 'utf8'));
  const validate = new Ajv({ allErrors: true }).compile(schema);

  test(`${command} --format json of the example templates fits its schema`, () => {
    const { stdout } = spawnSync(process.execPath, ['npm/bin/vaultmoat.js', command, '--format', 'json', 'examples/templates'], {
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
