// Checks claims of the documents: the tests, numbers, files and commands that they name.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './templates.js';

/** @param {string} name */
const text = (name) => readFileSync(join(root, name), 'utf8');
const security = text('SECURITY.md').replace(/\s+/g, ' ');

test('every test that SECURITY.md names is there', () => {
  const references = [...security.matchAll(/`([\w./-]+\.(?:js|rs))`: ((?:“[^”]+”[,.] ?)+)/g)];
  const named = references.flatMap(([, file, titles]) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title]) => ({ file, title })),
  );
  assert.equal(named.length, security.split('“').length - 1, 'a test without its file');
  assert.ok(named.length > 30);
  for (const { file, title } of named) {
    const source = text(file);
    const isThere = file.endsWith('.rs')
      ? source.includes(`fn ${title}(`)
      : [...source.matchAll(/\b(?:test|flow)\((['`])(.*?)\1,/g)].some(([, , name]) => name.includes(title));
    assert.ok(isThere, `${file} has no test “${title}”`);
  }
});

test('every budget that SECURITY.md gives is the one in the code', () => {
  const rows = [...text('SECURITY.md').matchAll(/^\| .* \| (\d+) \| `([^`]+)` `(\w+)` \|$/gm)];
  assert.ok(rows.length > 20);
  for (const [, number, file, name] of rows) {
    const [, value] =
      new RegExp(`const ${name}(?:: \\w+)? = ([\\d_ *<]+);`).exec(text(file)) ?? assert.fail(`${file} has no ${name}`);
    const factors = value
      .replaceAll('_', '')
      .split('*')
      .map((factor) => {
        const [base, shift = 0] = factor.split('<<').map(Number);
        return base * 2 ** shift;
      });
    assert.equal(
      factors.reduce((a, b) => a * b),
      Number(number),
      `${name} in ${file}`,
    );
  }
});

test('every file and command that the documents name is there', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'COMPATIBILITY.md'];
  const targets = new Set([...text('Makefile').matchAll(/^([\w-]+):/gm)].map(([, target]) => target));
  for (const name of documents) {
    for (const [, link] of text(name).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g))
      assert.ok(existsSync(join(root, link)), `${name}: ${link}`);
    for (const [, target] of text(name).matchAll(/`make ([\w-]+)`/g)) assert.ok(targets.has(target), `${name}: make ${target}`);
  }
});
