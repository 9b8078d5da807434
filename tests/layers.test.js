// Which folder of `npm/src` may import which, and which part of it knows Node. Read from the sources.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { root } from './templates.js';

/**
 * The folders that each one imports besides itself and the library, which is the files beside the folders.
 * @type {Record<string, string[]>}
 */
const MAY = {
  library: ['wasm', 'reports'],
  reports: [],
  graph: [],
  config: [],
  files: ['config'],
  lsp: ['config', 'files', 'graph', 'reports'],
  cli: ['config', 'files', 'graph', 'reports'],
};

/** A page or an editor runs the rest, where there is no disk and no process. */
const KNOWS_NODE = /^(cli\/|files\/|lsp\/node\.ts$|node\.ts$)/;

/** `vaultmoat lsp`: loaded on request, so that no other command loads the server. */
const STARTS_THE_SERVER = 'cli/main.ts: lsp/node.js';

/** @param {string} path */
const folderOf = (path) =>
  path.startsWith('../wasm/') ? 'wasm' : path.includes('/') ? path.slice(0, path.indexOf('/')) : 'library';

const sources = readdirSync(join(root, 'npm/src'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(root, 'npm/src', path), 'utf8');
    return { path, text, imports: ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName) };
  });

test('each folder imports only those below it', () => {
  assert.deepEqual([...new Set(sources.map(({ path }) => folderOf(path)))].sort(), Object.keys(MAY).sort());
  const refused = sources.flatMap(({ path, imports }) =>
    imports
      .filter((name) => name.startsWith('.'))
      .map((name) => posix.join(posix.dirname(path), name))
      .filter((name) => ![folderOf(path), 'library', ...(MAY[folderOf(path)] ?? [])].includes(folderOf(name)))
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(refused, [STARTS_THE_SERVER]);
  const main = sources.find(({ path }) => path === 'cli/main.ts')?.text;
  assert.match(main ?? '', /await import\('\.\.\/lsp\/node\.js'\)/);
});

test('only the command line, the files and the entries for Node import what Node alone has', () => {
  const importing = sources.filter(({ imports }) => imports.some((name) => /^node:|\/node$/.test(name)));
  assert.ok(importing.length > 20);
  assert.deepEqual(
    importing.map(({ path }) => path).filter((path) => !KNOWS_NODE.test(path)),
    [],
  );
  const reading = sources.filter(
    ({ path, imports }) => !KNOWS_NODE.test(path) && imports.some((name) => name.includes('/files/')),
  );
  assert.deepEqual(reading, []);
});
