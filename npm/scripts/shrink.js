// Shrinks the module that was packed, and says how large it is.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { shrink } from './module.js';

const file = fileURLToPath(new URL('../wasm/vaultmoat_bg.wasm', import.meta.url));
shrink(file);
const bytes = readFileSync(file);
/** @param {number} size */
const kilobytes = (size) => `${(size / 1024).toFixed(0)} KB`;
console.log(`vaultmoat_bg.wasm: ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} with gzip`);
