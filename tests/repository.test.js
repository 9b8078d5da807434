// The files around the code agree with each other.

import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { root } from './templates.js';

/** @param {string} name */
const text = (name) => readFileSync(join(root, name), 'utf8');
const require = createRequire(import.meta.url);

/** Files for GitHub. */
const files = readdirSync(join(root, '.github'), { recursive: true, encoding: 'utf8' })
  .map((name) => `.github/${name}`)
  .filter((name) => /\.(yml|md)$/.test(name));

/** @param {string} name */
function schemaOf(name) {
  if (name.includes('/workflows/')) return 'github-workflow.json';
  if (name.endsWith('/dependabot.yml')) return 'dependabot-2.0.json';
  return name.endsWith('/config.yml') ? 'github-issue-config.json' : 'github-issue-forms.json';
}

for (const name of files.filter((name) => name.endsWith('.yml'))) {
  test(`${name} is valid by its schema`, () => {
    const { $schema, ...schema } = JSON.parse(
      readFileSync(require.resolve(`schemastore/schemas/json/${schemaOf(name)}`), 'utf8'),
    );
    const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    assert.ok(
      isValid(parse(text(name))),
      isValid.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`).join(),
    );
    assert.ok(!isValid({ jobs: 7, updates: 7, body: 7, contact_links: 7 }));
  });
}

test('every make target in files for GitHub exists', () => {
  const targets = new Set([...text('Makefile').matchAll(/^([\w-]+):/gm)].map(([, target]) => target));
  const named = files.flatMap((name) => [...text(name).matchAll(/\bmake ([\w-]+)/g)].map(([, target]) => ({ name, target })));
  assert.ok(named.length > 2);
  for (const { name, target } of named) assert.ok(targets.has(target), `${name}: make ${target}`);
});

test('all tests run before a release, and every night', () => {
  const { jobs } = parse(text('.github/workflows/ci.yml'));
  assert.match(jobs.test.if, /inputs\.everything \|\| github\.event_name == 'schedule'/);
  assert.equal(jobs.test.steps.at(-1).run, 'make test');
});

test('the oldest supported Node is the same everywhere', () => {
  const oldest = text('.nvmrc').trim();
  assert.match(oldest, /^\d+\.\d+$/);
  assert.ok(JSON.parse(text('package.json')).engines.node.startsWith(`^${oldest}.0 `));
  assert.ok(text('.devcontainer/devcontainer.json').includes(`features/node:1": { "version": "${oldest}" }`));
  for (const name of ['Makefile', 'README.md']) assert.ok(text(name).includes(`Node ${oldest}`), name);
});

test('the toolchain is the installed stable one', () => {
  // For a version, a target or a component rustup would download it, which fails without a network.
  assert.equal(text('rust-toolchain.toml'), '[toolchain]\nchannel = "stable"\n');
});
