// What each question costs that can be asked: the size of the module with gzip, and what less it is without. Code that
// several share is counted for none, so they do not add up.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { TAKES } from '../dist/questions.js';
import { without } from './module.js';

/** Questions that share most of their code. */
const ALIKE = ['explain', 'access', 'resolve'];
/** Without `check`, which every host asks. */
const names = Object.keys(TAKES).filter((name) => name !== 'check');
const only = (/** @type {string[]} */ names) => `^project_(${names.join('|')})$`;
/** @type {Record<string, RegExp>} */
const parts = {
  'streams (`check --stream`)': /stream/,
  ...Object.fromEntries(names.filter((name) => !ALIKE.includes(name)).map((name) => [name, new RegExp(only([name]))])),
  [ALIKE.join(', ')]: new RegExp(only(ALIKE)),
  'all of these': new RegExp(`stream|${only(names)}`),
};

/** @param {Uint8Array} bytes */
const size = (bytes) => gzipSync(bytes, { level: 9 }).length;
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1).padStart(7)} KB`;
const module = readFileSync(new URL('../wasm/vaultmoat_bg.wasm', import.meta.url));
const whole = size(module);
console.log(`${kilobytes(whole)}  everything`);
for (const [name, exports] of Object.entries(parts)) {
  console.log(`${kilobytes(whole - size(without(module, exports)))}  ${name}`);
}
