// What is done to a module that the compiler made: optimizing it for size with gzip, and leaving parts out.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { namedInOrder } from './order.js';

const tools = dirname(createRequire(import.meta.url).resolve('binaryen/bin/wasm-opt'));
// Inlining makes fewer bytes of more different ones: a tenth more with gzip. So, by less, do these others.
const SKIPPED = ['inlining', 'inlining-optimizing', 'local-cse', 'memory-packing'];
// What the compiler's target has; a module that is stripped no longer says so itself.
const FEATURES = ['bulk-memory', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'sign-ext'];

/** @param {string} tool @param {string[]} options */
function run(tool, ...options) {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  execFileSync(process.execPath, [join(tools, tool), ...features, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Makes the module in a file as small with gzip as it gets. @param {string} file */
export function shrink(file) {
  run('wasm-opt', '-Oz', ...SKIPPED.map((pass) => `--skip-pass=${pass}`), file, '-o', file);
  writeFileSync(file, namedInOrder(readFileSync(file)));
  run('wasm-opt', '--reorder-functions-by-name', '--strip-debug', file, '-o', file);
}

/**
 * A module without some of its exports, and without all that only they need.
 *
 * @param {Buffer<ArrayBuffer>} module One that was shrunk.
 * @param {RegExp} unused The names of the exports that nobody calls.
 */
export function without(module, unused) {
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(module)).map(({ name }) => name);
  const used = exported.filter((name) => !unused.test(name)).map((name) => ({ name, export: name, root: true }));
  const folder = mkdtempSync(join(tmpdir(), 'vaultmoat-'));
  const [whole, graph, part] = ['whole.wasm', 'used.json', 'part.wasm'].map((name) => join(folder, name));
  try {
    writeFileSync(whole, module);
    writeFileSync(graph, JSON.stringify(used));
    run('wasm-metadce', whole, '--graph-file', graph, '-o', part);
    shrink(part);
    return readFileSync(part);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
