// Shrinks the module that was packed, and says how large it is.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const file = fileURLToPath(new URL('../wasm/vaultmoat_bg.wasm', import.meta.url));
const optimizer = createRequire(import.meta.url).resolve('binaryen/bin/wasm-opt');
// Inlining makes fewer bytes of more different ones: a tenth more with gzip.
const options = ['-Oz', '--skip-pass=inlining', '--skip-pass=inlining-optimizing'];
execFileSync(process.execPath, [optimizer, ...options, file, '-o', file], { stdio: 'inherit' });

const bytes = readFileSync(file);
/** @param {number} size */
const kilobytes = (size) => `${(size / 1024).toFixed(0)} KB`;
console.log(`vaultmoat_bg.wasm: ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} with gzip`);
