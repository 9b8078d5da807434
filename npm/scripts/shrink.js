// Shrinks the module that was packed, and says how large it is.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { namedInOrder } from './order.js';

const file = fileURLToPath(new URL('../wasm/vaultmoat_bg.wasm', import.meta.url));
const optimizer = createRequire(import.meta.url).resolve('binaryen/bin/wasm-opt');
// Inlining makes fewer bytes of more different ones: a tenth more with gzip. So, by less, do these others.
const skipped = ['inlining', 'inlining-optimizing', 'local-cse', 'memory-packing'];
optimize('-Oz', ...skipped.map((pass) => `--skip-pass=${pass}`));
writeFileSync(file, namedInOrder(readFileSync(file)));
optimize('--reorder-functions-by-name', '--strip-debug');

/** @param {string[]} options */
function optimize(...options) {
  execFileSync(process.execPath, [optimizer, ...options, file, '-o', file], { stdio: 'inherit' });
}

const bytes = readFileSync(file);
/** @param {number} size */
const kilobytes = (size) => `${(size / 1024).toFixed(0)} KB`;
console.log(`vaultmoat_bg.wasm: ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} with gzip`);
