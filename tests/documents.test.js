// Checks claims of the documents: the tests, numbers, files and commands that they name.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  const own = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`);
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'COMPATIBILITY.md', ...own];
  const targets = new Set([...text('Makefile').matchAll(/^([\w-]+):/gm)].map(([, target]) => target));
  for (const name of documents) {
    for (const [, link] of text(name).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g))
      assert.ok(existsSync(join(root, dirname(name), link)), `${name}: ${link}`);
    for (const [, target] of text(name).matchAll(/`make ([\w-]+)`/g)) assert.ok(targets.has(target), `${name}: make ${target}`);
  }
});

test('the pages about additions name files, tests and places that are there', () => {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.startsWith('adding-'));
  assert.ok(pages.length > 3);
  for (const name of pages) {
    const page = text(`docs/${name}`);
    assert.ok(text('CONTRIBUTING.md').includes(`(docs/${name})`), `CONTRIBUTING.md: ${name}`);
    const paths = [...page.matchAll(/(?<![\w/.])((?:core|npm|tests|examples|wasm|facts)\/[\w./-]+)(?![\w./<*-])/g)].map(
      ([, path]) => path,
    );
    assert.ok(paths.length > 5);
    for (const path of paths) assert.ok(existsSync(join(root, path)), `${name}: ${path}`);
    const suites = ['subjects', 'comparisons', 'guards'].map((kind) => text(`tests/tests/${kind}/main.rs`)).join('');
    for (const [, named] of page.matchAll(/cargo test -p vaultmoat-tests((?: (?!--)[\w:]+| --)+)/g))
      for (const [suite] of named.matchAll(/(?<= )\w+/g)) assert.ok(suites.includes(`mod ${suite};`), `${name}: ${suite}`);
    for (const [, target] of page.matchAll(/`make ([\w-]+)`/g)) assert.match(text('Makefile'), new RegExp(`^${target}:`, 'm'));
    // A file in a row of a table, and then names in it in parentheses.
    for (const [, path, names] of page.matchAll(/`([\w/.-]+\.(?:rs|ts|js))` \(((?:`\w+`(?:, )?)+)\)/g))
      for (const [, place] of names.matchAll(/`(\w+)`/g)) assert.ok(text(path).includes(place), `${name}: ${path} ${place}`);
  }
});
