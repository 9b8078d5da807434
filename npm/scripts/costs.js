// What each question costs that can be asked: the size of the module with gzip, and what less it is without. Code that
// several share is counted for none, so they do not add up.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { without } from './module.js';

/** @type {Record<string, RegExp>} */
const parts = {
  'streams (`check --stream`)': /estate/,
  fixes: /^project_fix$/,
  model: /^project_model$/,
  graph: /^project_graph$/,
  'explain, access and resolve': /^project_(explain|access|resolve)$/,
  plan: /^project_plan$/,
  diff: /^project_diff$/,
  monitor: /^project_monitor$/,
  controls: /^project_controls$/,
  'all of these': /stream|^project_(fix|model|graph|explain|access|resolve|plan|diff|monitor|controls)$/,
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
